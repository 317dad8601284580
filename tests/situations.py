"""Reports on a situation, as an analyst hands them in: (date, level, text) by name. Each tells several happenings of
several states in the writer's words and bears no outlet's name. The events are public history; the level is what the
definitions make of them: 3 where a state attacks or fights the forces of a nuclear-armed one, declares a nuclear
alert, or stands on the brink of war beside the bomb; 4 where a clash with a nuclear-armed or allied party is possible
or a crisis is open; 5 otherwise. Rules were made while looking at those that `kept_aside` leaves out."""

from hashlib import sha256


def kept_aside(name: str) -> bool:
    return sha256(name.encode()).digest()[0] % 2 == 1


SITUATIONS: dict[str, tuple[str, int, str]] = {
    "cuba-quarantine": (
        "1962-10-24",
        3,
        "American destroyers took up the quarantine line around Cuba this morning and several Soviet freighters "
        "have slowed or turned. The Strategic Air Command went to its highest state of alert short of war and keeps "
        "bombers in the air. Work on the missile sites in Cuba goes on. Khrushchev calls the blockade an act of "
        "aggression and says that Soviet ships will not obey. Cuba has mobilised. An exchange of letters is the "
        "only sign of talks.",
    ),
    "october-alert": (
        "1973-10-25",
        3,
        "The Soviet Union told Washington that it might send troops to Egypt alone, and airborne divisions were "
        "made ready. The United States raised the alert of its forces worldwide, nuclear forces among them, and "
        "ordered a carrier and paratroopers to stand by. Israeli forces hold the Egyptian Third Army encircled in "
        "spite of the cease-fire. The Security Council is to vote on a force of observers.",
    ),
    "kargil": (
        "1999-06-02",
        3,
        "Indian aircraft bomb the heights above Kargil daily; Pakistan shot down two Indian jets last week and a "
        "helicopter was lost. Indian infantry is fighting regulars from Pakistan who hold the ridges, and artillery "
        "duels go on along the Line of Control. Islamabad says that it would use any weapon in its arsenal to "
        "defend itself. India has moved its navy into the Arabian Sea. Both tested nuclear weapons a year ago.",
    ),
    "standoff-2002": (
        "2002-05-28",
        3,
        "Close to a million Indian and Pakistani soldiers face each other. Vajpayee told troops in Kashmir to "
        "prepare for a decisive battle after gunmen killed soldiers' families at Kaluchak, and India expelled "
        "Pakistan's envoy. Pakistan test-fired three missiles in four days and refuses to rule out first use of "
        "nuclear arms. Shelling across the Line of Control has driven thousands from their homes. Western embassies "
        "tell their citizens to leave both countries.",
    ),
    "georgia": (
        "2008-08-10",
        3,
        "Russian troops and tanks drove the Georgian army out of Tskhinvali and Russian aircraft bombed Gori and "
        "airfields near Tbilisi. A Georgian missile boat was sunk off Abkhazia. Georgia declared a state of war and "
        "asks for a truce; its brigade in Iraq is being flown home in American aircraft. NATO calls the force "
        "disproportionate. Moscow says that its aim is to force Georgia to peace.",
    ),
    "yeonpyeong": (
        "2010-11-24",
        3,
        "North Korean artillery shelled the island of Yeonpyeong and killed two marines and two civilians; South "
        "Korean guns fired back and jets were scrambled. Seoul went to its highest alert short of war and threatens "
        "to strike missile bases if it happens again. The carrier George Washington sails for the Yellow Sea. "
        "Pyongyang says that it will attack without hesitation if its waters are entered by a millimetre.",
    ),
    "ilovaisk": (
        "2014-08-29",
        3,
        "Regular Russian units with tanks crossed into south-eastern Ukraine, took Novoazovsk and surround "
        "Ukrainian battalions at Ilovaisk, where heavy fighting goes on. NATO released satellite images of Russian "
        "guns firing from inside Ukraine. Kyiv brings back conscription. Putin reminds his listeners that Russia is "
        "one of the strongest nuclear powers. The European Union prepares further sanctions.",
    ),
    "su-24": (
        "2015-11-25",
        3,
        "Turkish fighters shot down a Russian bomber near the Syrian border; one of the pilots was killed by rebels "
        "and a marine died in the rescue. Putin calls it a stab in the back. Russia sends S-400 missiles to "
        "Hmeimim, moves a cruiser to the coast, breaks off military contacts and says that anything which threatens "
        "its aircraft will be destroyed. NATO met in Brussels and stands by Turkey but urges calm.",
    ),
    "balakot": (
        "2019-02-27",
        3,
        "A day after Indian jets bombed a camp at Balakot, Pakistani aircraft struck across the Line of Control and "
        "shot down at least one Indian fighter; its pilot is held. India says that it downed a Pakistani F-16. "
        "Pakistan closed its airspace and called a meeting of the authority that commands its nuclear weapons. "
        "Artillery fire along the border killed civilians on both sides. Washington and Beijing urge restraint.",
    ),
    "galwan": (
        "2020-06-17",
        3,
        "Twenty Indian soldiers died in a brawl with Chinese troops in the Galwan valley, the first deaths on that "
        "border in 45 years; China tells of no losses of its own. Both sides accuse each other of having crossed "
        "the line. India moves more battalions and fighters to Ladakh and China practises with artillery in Tibet. "
        "The foreign ministers agreed by telephone to cool matters.",
    ),
    "deterrence-alert": (
        "2022-02-27",
        3,
        "On the fourth day of the invasion Putin ordered Russia's deterrence forces, nuclear weapons among them, to "
        "a special regime of combat duty. Russian columns fight in Kharkiv and north of Kyiv. Ukraine distributes "
        "rifles to civilians. Germany will send weapons, the European Union closes its airspace to Russian "
        "aircraft, and NATO deploys parts of its response force for the first time. Delegations are to meet at the "
        "Belarusian border.",
    ),
    "autumn-2022": (
        "2022-10-11",
        3,
        "Russia fired more than 80 missiles at Ukrainian cities after the bridge to Crimea was blown up. It has "
        "called up 300,000 reservists and declared four occupied regions its own; Putin says that he is not "
        "bluffing about the use of all means. Ukrainian forces keep advancing in Kherson. Biden speaks of the "
        "greatest danger of nuclear war since 1962. NATO holds its yearly nuclear exercise as planned.",
    ),
    "april-barrage": (
        "2024-04-14",
        3,
        "Iran launched more than 300 drones and missiles at Israel in the night, its first direct attack from its "
        "own soil, in return for the strike on its consulate in Damascus. American, British, French and Jordanian "
        "aircraft helped Israel to shoot nearly all of them down; an air base was hit. Tehran says that the matter "
        "is closed unless Israel responds. Israel's war cabinet meets. Airlines avoid the region.",
    ),
    "kursk": (
        "2024-08-12",
        3,
        "Ukrainian brigades crossed into Russia's Kursk region and hold some 1,000 square kilometres and the town "
        "of Sudzha, the first invasion of Russian soil since the Second World War. Russia evacuates more than "
        "120,000 people and moves reserves. Fighting is reported near the gas station and within 60 km of a nuclear "
        "plant. Moscow promises a tough response. Western capitals say that they had not been told.",
    ),
    "sindoor": (
        "2025-05-09",
        3,
        "India and Pakistan struck each other with missiles and drones for a third night. Indian missiles hit camps "
        "and air defences as far as Lahore; Pakistan says that it shot down five Indian aircraft and its guns "
        "killed civilians in Poonch. Blackouts are ordered in Indian cities, schools and airports are closed. "
        "Pakistan's prime minister called the body that controls nuclear arms. American and Saudi envoys try to "
        "mediate.",
    ),
    "rising-lion": (
        "2025-06-14",
        3,
        "Israeli aircraft bombed Natanz, missile bases and the homes of commanders across Iran, killing the head of "
        "the Revolutionary Guards. Iran answered with salvoes of ballistic missiles that hit Tel Aviv and Haifa. "
        "The United States helps to intercept them and moves tankers and a carrier. Iran calls off the nuclear "
        "talks and speaks of leaving the non-proliferation treaty. Oil rose by a tenth.",
    ),
    "damansky": (
        "1969-03-16",
        3,
        "Soviet and Chinese border troops fought again on the Ussuri island that Moscow calls Damansky, with tanks "
        "and rocket artillery; scores are dead on either side. Both governments accuse the other of invasion and "
        "hold mass rallies. Soviet divisions in the Far East are being reinforced and Chinese cities dig shelters. "
        "A telephone call from Moscow was refused by the Chinese operator.",
    ),
    "strait-missiles": (
        "1996-03-11",
        4,
        "China fired three missiles into the sea off Keelung and Kaohsiung and has begun live-fire exercises in the "
        "Taiwan Strait days before the island's first presidential vote. The United States is sending a second "
        "carrier group. Beijing warns foreign forces to stay away. Taiwan's troops on the outer islands are on "
        "alert and its stock market is falling, but no landing craft have been seen to gather.",
    ),
    "pristina": (
        "1999-06-13",
        4,
        "Two hundred Russian soldiers drove from Bosnia to Pristina and occupied its airport before NATO could; "
        "British troops block the road to them. The American commander wanted helicopters to bar the runway, and "
        "the British general refused. Russia asks Hungary and Romania to let aircraft with more paratroopers "
        "through; both said no. Yugoslav forces go on leaving Kosovo. Generals of both sides are talking.",
    ),
    "parliament-attack": (
        "2001-12-21",
        4,
        "After the attack on the parliament in Delhi India recalled its envoy from Islamabad, stops trains and "
        "buses to Pakistan and is moving troops and missiles to the border. Pakistan denies any part, puts its army "
        "on alert and sends reinforcements. Mortar fire has grown on the Line of Control. Washington presses "
        "Musharraf to arrest the leaders of two militant groups.",
    ),
    "first-test": (
        "2006-10-10",
        4,
        "North Korea says that it has exploded a nuclear device; seismic stations saw a small event. Japan and "
        "South Korea put forces on a higher watch and Washington moves aircraft that sniff for debris. Pyongyang "
        "warns that sanctions would be an act of war. The Security Council debates the inspection of ships. China "
        "calls the test brazen. There is no sign of troops moving near the demilitarised zone.",
    ),
    "spring-2013": (
        "2013-04-05",
        4,
        "North Korea, which has declared the armistice void, moved two medium-range missiles to its east coast and "
        "told embassies in Pyongyang that it could not answer for their safety. It bars South Korean managers from "
        "Kaesong and has cut the military hotline. American stealth bombers flew over the South and a missile "
        "defence battery goes to Guam. The Pentagon sees more words than movements of troops.",
    ),
    "crimea": (
        "2014-03-02",
        4,
        "Soldiers without badges, who arrived in Russian lorries, surround Ukrainian bases across Crimea and hold "
        "the parliament and airports. The upper house in Moscow allowed Putin to use troops in Ukraine. Kyiv calls "
        "up reservists and asks for help under the Budapest memorandum. Western states prepare sanctions and leave "
        "the talks on the Sochi summit. No shots have been exchanged so far.",
    ),
    "after-uri": (
        "2016-09-21",
        4,
        "Gunmen killed 18 Indian soldiers in their camp at Uri; Delhi blames a group based in Pakistan and its "
        "generals say that they will answer at a time and place of their choosing. Pakistan's air force practised "
        "landing on motorways and flights over Kashmir were rerouted. Islamabad denies a part in it. India seeks to "
        "isolate Pakistan at the United Nations and reviews the treaty on the Indus.",
    ),
    "guam": (
        "2017-08-10",
        4,
        "Trump promised fire and fury if North Korea goes on with its threats, and Pyongyang says that it is "
        "working on a plan to fire four missiles into the sea near Guam by the middle of the month. American "
        "intelligence believes that it can now fit a warhead on a missile. Bombers from Guam flew over the "
        "peninsula. Seoul and Beijing call for talks; no dependants are being evacuated.",
    ),
    "douma": (
        "2018-04-12",
        4,
        "The United States, Britain and France weigh a strike on Syria over the gas at Douma; Trump told Russia to "
        "get ready for missiles. Moscow warns that it will shoot them down and fire at whatever launched them if "
        "its men are hurt. Submarines and a destroyer are within range and airlines were told of possible missiles. "
        "Syrian aircraft have moved to the Russian base. The hotline between the commands is open.",
    ),
    "drone-hormuz": (
        "2019-06-21",
        4,
        "Iran shot down an American surveillance drone near Hormuz, and Trump called back aircraft that were about "
        "to bomb radars and missile batteries in return. Two tankers burned in the Gulf of Oman last week. A "
        "thousand more American soldiers are on their way to the region. Tehran says that it will exceed the limit "
        "on enriched uranium within days. Airlines avoid the strait.",
    ),
    "soleimani": (
        "2020-01-04",
        4,
        "An American drone killed General Soleimani at Baghdad airport. Khamenei promises harsh revenge and a red "
        "flag was raised over a mosque in Qom. The United States sends 3,500 paratroopers to Kuwait, tells its "
        "citizens to leave Iraq and threatens 52 targets if Americans are attacked. Rockets fell near the embassy "
        "in Baghdad. Iraq's parliament is to vote on sending the Americans home.",
    ),
    "ladakh-shots": (
        "2020-09-08",
        4,
        "Shots were fired at the line in Ladakh for the first time in decades as Chinese soldiers came close to an "
        "Indian post near Pangong lake; each says that the other fired. Both armies hold tens of thousands of men, "
        "tanks and missiles at the height. India has occupied hills above Spanggur. The foreign ministers will meet "
        "in Moscow on Thursday, and commanders on the spot talk daily.",
    ),
    "spring-build-up": (
        "2021-04-13",
        4,
        "Russia has more troops at Ukraine's border than at any time since 2014; trains with armour from Siberia "
        "were filmed and ships are moving from the Caspian to the Black Sea. Moscow speaks of exercises and warns "
        "that a war would be the end of Ukraine. Fighting in Donbas has killed more than twenty Ukrainian soldiers "
        "this year. American forces in Europe are on a higher watch. Biden offered Putin a summit.",
    ),
    "winter-build-up": (
        "2022-01-24",
        4,
        "Russia keeps more than 100,000 troops near Ukraine and now sends men and jets to Belarus for an exercise. "
        "The United States ordered the families of its diplomats to leave Kyiv and put 8,500 soldiers on heightened "
        "alert. NATO ships and fighters go east; Britain flies in anti-tank missiles. Moscow demands that NATO "
        "withdraw to its lines of 1997 and waits for a written answer. Talks in the Normandy format are set for "
        "Wednesday.",
    ),
    "pelosi": (
        "2022-08-05",
        4,
        "China fired eleven ballistic missiles around Taiwan, some over the island and five into waters that Japan "
        "claims, and dozens of its aircraft and warships crossed the median line after the visit of the American "
        "speaker. Beijing cut military talks with Washington. A carrier was told to stay near. Taiwan says that the "
        "drills amount to a blockade, keeps its forces on alert and does not seek escalation.",
    ),
    "october-2023": (
        "2023-10-17",
        4,
        "Israel masses troops at Gaza after the massacre of 7 October and evacuates villages in the north, where "
        "Hezbollah and the army exchange fire daily. The United States has sent two carriers and warns Iran to stay "
        "out; Iran says that preemptive action by its allies is possible within hours. Rockets and drones were "
        "aimed at American bases in Iraq and Syria. Biden flies to Tel Aviv.",
    ),
    "second-thomas": (
        "2024-06-19",
        4,
        "Chinese coast guards with axes and knives boarded Philippine navy boats at Second Thomas Shoal, punctured "
        "them and towed them away; a sailor lost a thumb. Manila calls it piracy. Washington repeats that its "
        "treaty covers attacks on Philippine vessels, and Marcos has said that a death would be close to an act of "
        "war. China tells of a lawful boarding. Both coast guards keep more ships there than before.",
    ),
    "berlin-checkpoint": (
        "1961-10-28",
        4,
        "Soviet and American tanks stood muzzle to muzzle at Checkpoint Charlie for sixteen hours over the right of "
        "Western officials to enter East Berlin, then drew back one after another. The wall between the sectors is "
        "being made higher. The Soviet Union is about to test its largest bomb. American reservists have been "
        "called up and a battle group drove to Berlin. Both sides say that they do not want a war.",
    ),
    "founding-act": (
        "1997-05-28",
        5,
        "Russia and NATO signed their founding act in Paris and Yeltsin said, to general surprise, that warheads "
        "would no longer be aimed at its members. Poland, Hungary and the Czechs expect to be invited in July. "
        "Russia and Ukraine have agreed how to divide the Black Sea Fleet. India's and Pakistan's prime ministers "
        "met in the Maldives and will set up a hotline. Korea's four-party talks have stalled over food aid.",
    ),
    "korean-summit": (
        "2000-06-16",
        5,
        "The leaders of both Koreas met for the first time and agreed on family visits and a railway; loudspeakers "
        "at the line have fallen silent. The United States eases sanctions on the North. China protests against "
        "plans for missile defence. Putin offers a joint system in Madrid and Rome. Israeli forces have finished "
        "their withdrawal from Lebanon and the border is quiet.",
    ),
    "cricket": (
        "2004-03-17",
        5,
        "India's cricketers play in Pakistan for the first time in years and the truce on the Line of Control "
        "holds. The six-party talks on North Korea ended without a result but will go on before July. Libya hands "
        "over parts of its weapons programme. Taiwan votes on Saturday; Beijing repeats its warnings in familiar "
        "words. NATO will take in seven members at the end of the month, which Moscow regrets.",
    ),
    "joint-statement": (
        "2005-09-20",
        5,
        "North Korea promised in Beijing to give up its weapons in return for aid and assurances, then said that it "
        "wants a reactor first. China and Russia have finished their first joint manoeuvres. Iran resumes "
        "conversion of uranium and the agency's board is to meet. Indian and Pakistani leaders spoke in New York of "
        "slow progress. American and Russian experts go on counting warheads under the treaty.",
    ),
    "missile-shield": (
        "2007-05-30",
        5,
        "Russia tested a missile with several warheads and says that American interceptors in Poland would start an "
        "arms race; Putin wants to suspend the treaty on conventional forces. Rice calls the fears ludicrous. North "
        "Korea waits for its money from Macau before it closes the reactor. The United States and Iran held talks "
        "about Iraq in Baghdad. No forces have been moved over any of this.",
    ),
    "prague": (
        "2009-04-08",
        5,
        "Obama spoke in Prague of a world without nuclear weapons and will negotiate a new treaty with Medvedev by "
        "the end of the year. North Korea launched a rocket over Japan that failed to reach orbit; the Security "
        "Council discusses a statement. Iran says that it will answer to talks if respect is shown. Russian bombers "
        "flew along Norway's coast as they often do. No alert has changed.",
    ),
    "new-start": (
        "2010-04-09",
        5,
        "The presidents of Russia and the United States signed a new arms treaty in Prague which cuts deployed "
        "warheads by about a third. Nearly fifty leaders meet in Washington next week on the safety of nuclear "
        "material. Iran showed a new centrifuge. Tests of short-range missiles by North Korea are expected and "
        "routine. India and China agreed on a line between their prime ministers.",
    ),
    "satellite-plan": (
        "2012-03-23",
        5,
        "North Korea announced a satellite launch for April, which puts its deal with Washington on food in doubt. "
        "The summit on nuclear security opens in Seoul. American and South Korean troops end their yearly exercise. "
        "Iran and six powers will meet next month. China's defence budget grows by a tenth. Nothing points to a "
        "clash in any of these places.",
    ),
    "geneva-interim": (
        "2013-11-25",
        5,
        "Iran and six powers agreed in Geneva to halt the most worrying enrichment for six months in return for "
        "some relief; Israel calls it a mistake. China declared an air defence zone in the East China Sea, and "
        "Japan rejects it. Syria's stocks of chemical arms are being taken away. Russia and the United States hold "
        "their inspections as planned. The Koreas reopened the factories at Kaesong.",
    ),
    "freedom-of-navigation": (
        "2016-05-11",
        5,
        "An American destroyer passed near Fiery Cross reef on a patrol for free navigation and Chinese jets "
        "followed it; both called it routine for their side. Russian bombers were met over the Baltic. North "
        "Korea's party congress ended with a promise not to use the bomb first. NATO opens its missile defence site "
        "in Romania. The exercise in Georgia is planned and small.",
    ),
    "singapore": (
        "2018-06-13",
        5,
        "Trump and Kim signed a short text in Singapore and the United States will stop large exercises with the "
        "South. The Koreas' generals meet tomorrow. Iran stays in the nuclear deal for now though the Americans "
        "have left. Russia's football cup begins; NATO's exercise in the Baltics goes on as announced. India and "
        "China have agreed that their commanders should talk at the border.",
    ),
    "geneva-2021": (
        "2021-06-17",
        5,
        "Biden and Putin agreed in Geneva that ambassadors return and that experts will speak about strategic "
        "stability; both repeated that a nuclear war can't be won. Talks on the Iran deal in Vienna make some "
        "progress. Twenty-eight Chinese aircraft flew near Taiwan, the most so far, after a statement of the Group "
        "of Seven. India and China have pulled back from the lake. North Korea reports a shortage of food.",
    ),
    "woodside": (
        "2023-11-16",
        5,
        "Xi and Biden met near San Francisco and will let their soldiers talk to each other again. China's flights "
        "near Taiwan have become fewer this month. North Korea is about to try another satellite launch. Russia has "
        "withdrawn its ratification of the test ban but says that it won't test first. Australia complains about a "
        "sonar pulse that hurt a diver. India and China held another round of talks.",
    ),
    "iran-deal": (
        "2015-07-15",
        5,
        "Iran and six powers have signed their deal in Vienna: fewer centrifuges, inspections, and an end of "
        "sanctions. Saudi Arabia and Israel are wary. The truce in eastern Ukraine is broken now and then, with "
        "fewer shells than in winter. India's and Pakistan's leaders met in Ufa and will talk about terrorism. "
        "China builds on reefs, and the Philippines argue their case in The Hague.",
    ),
}
