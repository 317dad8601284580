"""More round-ups in several manners: a service's brief, a note for a parliament, a newspaper's summary, a think
tank's weekly. As in `roundups`: public history in our own words, (date, level, text) by name, and the level is what a
service of that kind makes of it. They were written before anybody who wrote them had seen the words of the signs, with
alarms that pass, drills and false alarms among the calm ones. Rules were made while looking at those that `kept_aside`
leaves out; of the others only the scores were seen."""

from situations import kept_aside

__all__ = ["MANNERS", "kept_aside"]

MANNERS: dict[str, tuple[str, int, str]] = {
    "inchon-bomb-1950": (
        "1950-12-01",
        3,
        "Truman told reporters yesterday that use of the atomic bomb in Korea has always been under active "
        "consideration and that the choice lies with the commander in the field; the White House spent the evening "
        "saying that nothing has been ordered. Chinese armies are driving the Eighth Army south and have cut off "
        "the marines at the reservoir. Attlee flies to Washington at once. Strategic bomber groups in the Pacific "
        "have been reinforced. Congress hears calls for a general mobilisation. In Moscow no comment. India begs "
        "for a halt at the parallel.",
    ),
    "suez-rockets-1956": (
        "1956-11-06",
        3,
        "Note for the committee. 1. Bulganin's letters to London, Paris and Tel Aviv ask what would become of "
        "these countries if they were attacked by rockets. We judge this a bluff, but our confidence is low. 2. "
        "British and French troops landed at Port Said this morning and are moving down the Canal. 3. The Sixth "
        "Fleet is at sea near them; American strategic bombers have been put on increased readiness and the "
        "President wants the fleets dispersed. 4. Unidentified aircraft over Turkey were reported and not "
        "confirmed. 5. Sterling will not last the week. A cease-fire at midnight is being considered.",
    ),
    "quemoy-1958": (
        "1958-08-30",
        3,
        "WEEK IN BRIEF. The shelling of Quemoy enters its second week, tens of thousands of rounds a day, and "
        "nothing has been landed there since Sunday. The Seventh Fleet now has six carriers nearby and will escort "
        "convoys up to three miles from the beach. Eight-inch howitzers that can fire atomic shells are on their "
        "way to the Nationalists. Peking's radio announces a landing and calls on the garrison to give up. "
        "Khrushchev says that an attack on China is an attack on the Soviet Union. Air Force planners assume that "
        "conventional means won't hold the islands. Elsewhere: US troops in Lebanon will begin to leave; Iceland "
        "quarrels about cod.",
    ),
    "six-days-1967": (
        "1967-06-10",
        3,
        "Kosygin used the teleprinter line this morning to say that if Israel does not stop its advance in Syria "
        "within hours, Moscow will take the necessary steps, military ones included. In answer the Sixth Fleet was "
        "turned toward the Syrian coast, in full view of the Soviet ships that shadow it. Soviet bloc states have "
        "broken off relations with Israel. Israeli armour holds the heights above Kuneitra; a cease-fire is "
        "promised for the evening. Egypt's army has ceased to exist. An American intelligence ship was shot up by "
        "Israeli planes and torpedo boats two days ago, by mistake as both say.",
    ),
    "himalaya-note-1965": (
        "1965-09-18",
        3,
        "China's ultimatum to India runs out tomorrow night: take down fifty-six posts on the Sikkim border or "
        "bear grave consequences. Its troops there have come forward and shots were heard. India and Pakistan are "
        "still locked in the largest tank fighting since 1945, round Sialkot, while their air forces bomb bases. "
        "China exploded its second atomic device in May. Washington and Moscow for once say the same thing to "
        "Peking, and to both belligerents. U Thant asks for a truce by Monday.",
    ),
    "axe-1976": (
        "1976-08-20",
        3,
        "Two American officers were killed with axes while a poplar was being trimmed at Panmunjom. US forces in "
        "Korea are at a raised state of alert, the third of five; B-52s fly up from Guam, F-111s have come from "
        "Idaho, and the carrier Midway leaves Yokosuka. The tree is to be felled at dawn tomorrow under the guns "
        "of both sides. The North has put its whole army, reserves and workers' guards, on a war footing. Should "
        "anyone shoot in the zone, the plans call for artillery on Kaesong. China and the Soviet Union say "
        "remarkably little.",
    ),
    "brasstacks-1987": (
        "1987-01-24",
        3,
        "What was announced as an Indian exercise now has a quarter of a million men and live ammunition trains in "
        "Rajasthan. Pakistan's two reserve corps have not gone home from theirs but crossed the Sutlej and lie "
        "opposite the Punjab. Yesterday Delhi told its forces to occupy their positions on the border, airfields "
        "are on alert and the road crossings are shut. Either army may take the other's next step for the opening "
        "of an attack. Islamabad is thought to have, or to be within weeks of having, a device. The two foreign "
        "secretaries may meet; the hot line between the operations rooms has been used.",
    ),
    "scuds-1991": (
        "1991-01-18",
        3,
        "Iraqi missiles fell on Tel Aviv and Haifa in the night, seven or eight of them with ordinary explosive; "
        "gas was feared and people sat in sealed rooms. Israel's aircraft were in the air and its cabinet is "
        "discussing retaliation; Washington implores it to wait and sends Patriots. It is assumed abroad that "
        "Jericho missiles have been rolled out. Baghdad has chemical shells and the Americans have told it, in "
        "words that leave nothing out, what their use would bring. The coalition flew more than two thousand "
        "sorties on the second day of the war. Moscow proposes a pause. Lithuania buries its dead.",
    ),
    "september-eleventh": (
        "2001-09-11",
        3,
        "EVENING SUMMARY. Airliners flown by hijackers destroyed the World Trade Center and hit the Pentagon; "
        "thousands are feared dead. All American forces went to DEFCON 3 and the President was flown to the bunker "
        "of Strategic Command in Nebraska. All civil flights are grounded. Russia stood down a strategic bomber "
        "exercise and told Washington so; Putin was the first to call. No state has claimed or been charged; "
        "suspicion falls on bin Ladin in Afghanistan. Air defence fighters patrol over cities with orders to "
        "shoot. NATO meets tonight on whether an attack on one is an attack on all.",
    ),
    "summer-2002": (
        "2002-06-05",
        3,
        "SOUTH ASIA: Americans, Britons and Germans are told to leave India and Pakistan. About a million soldiers "
        "have faced each other since winter, and shells fall on both banks of the line every night. Pakistan has "
        "test-fired three missiles in as many days and will not promise that it won't be the first to use the "
        "bomb; Vajpayee told his troops to prepare for a decisive battle. US estimates speak of twelve million "
        "dead. At Almaty the two leaders sat at one table and did not shake hands. Armitage arrives tomorrow. "
        "MIDDLE EAST: a bus bomb at Megiddo, tanks at Arafat's door. RUSSIA: Moscow treaty goes to the Duma.",
    ),
    "dmz-mines-2015": (
        "2015-08-21",
        3,
        "Kim Jong Un has declared a quasi-state of war for the front line from five this afternoon and gives the "
        "South until Saturday 17:00 to switch off its loudspeakers. Yesterday shells were fired across the line "
        "and the South answered with three dozen rounds of 155 mm. Residents near it are in shelters. Some fifty "
        "northern submarines are not in their ports, twice as many guns as usual are out. US and southern jets fly "
        "together; the exercise that runs anyway was paused and resumed. Nobody was hurt, but this is the first "
        "time that both sides have a clock. Elsewhere Syria, Yemen, Ukraine's truce: all bleeding slowly.",
    ),
    "invasion-2022": (
        "2022-02-24",
        3,
        "Russia attacked Ukraine at dawn from three sides with missiles, airborne troops and columns of armour. "
        "Putin warned that anyone who stands in the way will meet consequences never seen in their history, which "
        "is a nuclear threat in all but the word. NATO has activated its defence plans and moves the response "
        "force east; the President says that American soldiers will defend every inch of allied ground but not "
        "fight in Ukraine. Airspace is closed from the Baltic to the Black Sea. There is fighting at Chernobyl. "
        "Kyiv may fall within days according to some officials. China calls for restraint by all.",
    ),
    "not-bluffing-2022": (
        "2022-09-22",
        3,
        "Putin calls up three hundred thousand reservists and says of all the means that Russia has, including "
        "nuclear ones, that this is not a bluff. Votes on joining Russia begin tomorrow in four regions it only "
        "partly holds; after them it will call Ukrainian attacks there attacks on Russia itself. Washington has "
        "told Moscow privately what catastrophic consequences would mean. Kharkiv's counter-offensive goes on. No "
        "unusual movement of warheads has been seen. Men line up at the Georgian border. China and India voice "
        "concern.",
    ),
    "march-2022-plants": (
        "2022-03-10",
        3,
        "SITUATION AT 1800. Russian strategic forces remain in the special mode of duty ordered on 27 February. A "
        "NATO no-fly zone is refused since it would mean shooting at Russians; the Polish MiGs will not be handed "
        "over for the same reason. Mariupol is encircled, its maternity ward bombed. Western officials are afraid "
        "of a chemical provocation. Zaporizhzhia's reactors were shelled and are in Russian hands; Chernobyl is "
        "off the grid. Foreign ministers met in Antalya to no avail. The US put off a Minuteman test so as not to "
        "be misread. North Korea's recent tests were of a new ICBM.",
    ),
    "pakistan-iran-2024": (
        "2024-01-18",
        3,
        "Pakistan's air force struck camps in Iran's Sistan this morning, two days after Iranian missiles and "
        "drones hit Pakistani Baluchistan. It is the first attack by a nuclear-armed state on Iranian soil in this "
        "crisis; ambassadors have been called home and Pakistan's forces are on high alert. Both insist that they "
        "aimed at terrorists and not at each other. In the Red Sea the US bombed Houthi launchers for the fifth "
        "time. Israel and Hezbollah trade fire; Iran also hit Erbil. North Korea says it tried a nuclear drone "
        "under water. China offers to mediate.",
    ),
    "october-26-2024": (
        "2024-10-26",
        3,
        "Overnight some hundred Israeli aircraft attacked Iran in three waves: air defence at Tehran, missile "
        "plants at Parchin and Khojir. Nuclear and oil sites were left alone at Washington's request. Four Iranian "
        "soldiers died. Tehran plays down the damage yet says that it has the right and duty to respond; a "
        "commander hints at a change of nuclear doctrine. A US THAAD battery with its crew is in Israel. Iraqi, "
        "Syrian and Iranian airspace was closed for hours. In Europe, North Korean soldiers, up to ten thousand, "
        "are in Kursk. Taiwan counted 153 planes in a single day.",
    ),
    "sindoor-first-night": (
        "2025-05-07",
        3,
        "India hit nine places in Pakistan and its part of Kashmir in the night, among them Bahawalpur and Muridke "
        "in the Punjab, with missiles from the air, calling it measured and not aimed at the army. Pakistan says "
        "26 civilians died, that it shot down five Indian jets, Rafales included, and that its forces have a free "
        "hand to reply at a time of their choosing. Heavy guns along the line killed a dozen in Poonch. Blackout "
        "drills in Indian cities, schools shut, airports closed in the north. Both sides have the bomb and only "
        "one of them has said it won't use it first. The water treaty stays suspended.",
    ),
    "israel-strikes-2025": (
        "2025-06-13",
        3,
        "Israel attacked Iran before dawn with two hundred planes. Natanz is hit, the chief of staff, the head of "
        "the Guards and at least six nuclear scientists are dead. Israel has a state of emergency; Iran launched a "
        "hundred drones and, this evening, ballistic missiles that got through to Tel Aviv. Washington says that "
        "it took no part, but it helps to shoot them down; Trump tells Tehran to make a deal before there is "
        "nothing left. Talks in Oman on Sunday are off. The IAEA finds no leak outside Natanz. Iran threatens to "
        "leave the treaty and to close Hormuz.",
    ),
    "cuba-black-saturday": (
        "1962-10-27",
        3,
        "A U-2 was shot down over Cuba at noon and its pilot is dead; another strayed over Siberia and came home "
        "with MiGs behind it. The Joint Chiefs want to strike on Monday. Strategic bombers are loaded, one in "
        "eight airborne. Soviet ships are stopped by depth charges that are meant as signals to their submarines. "
        "Khrushchev has written two letters, one mild, one that asks for the Jupiters in Turkey; the first was "
        "answered. The missiles at San Cristobal could be fired. Castro expects to be invaded within three days.",
    ),
    "fighting-on-ussuri-talks": (
        "1969-08-20",
        3,
        "BULLETIN OF THE INSTITUTE. On the 13th a Chinese patrol of some thirty was wiped out by Soviet "
        "helicopters and armour near Zhalanashkol in Kazakhstan. At a lunch in Washington a Soviet embassy officer "
        "asked what America would do if his country took out Chinese nuclear plants; the State Department takes it "
        "as more than a trial balloon. Twenty-one divisions, bombers moved from the west to Mongolia, a stand-down "
        "of the Far Eastern air force that lets every plane be readied. Peking tells its people to dig tunnels and "
        "store grain. There is no contact between the two capitals. The rest of the world is calm: Belfast, a "
        "heatwave, men back from the moon.",
    ),
    "taiwan-1955": (
        "1955-03-17",
        3,
        "The President said yesterday that he sees no reason why atomic weapons should not be used just as you "
        "would use a bullet, and Dulles said the day before that they'd be used against military targets if war "
        "comes in the Strait. The Tachens have been given up under the cover of the Seventh Fleet. Chinese guns "
        "and airfields opposite Quemoy and Matsu grow week by week; the Admiral expects an assault by mid-April. "
        "Allies are appalled. Chou En-lai may say something at Bandung.",
    ),
    "chagai-answer": (
        "1998-05-28",
        3,
        "Pakistan set off five devices under a mountain in Baluchistan, two weeks after India's five, and "
        "proclaimed a state of emergency. In the night before, Islamabad told the world that Israeli or Indian "
        "aircraft were coming to bomb its sites, put its air force up and summoned envoys; Delhi called that "
        "rubbish. Missiles of the Ghauri type are being fitted with warheads, Sharif says. Shells are traded along "
        "the Kashmir line. Advani says India will deal firmly and in hot pursuit. Two nuclear states now face each "
        "other without a line they trust. Sanctions follow. Jakarta gets a new president.",
    ),
    "kursk-permission-2024": (
        "2024-11-19",
        3,
        "Ukraine used ATACMS on an arsenal in Bryansk for the first time, two days after Washington said yes. On "
        "the same day Putin signed the changed doctrine: aggression by a non-nuclear state with the help of a "
        "nuclear one is a joint attack and may be answered with nuclear arms. Lavrov speaks of a new phase of the "
        "Western war. The US embassy in Kyiv will close tomorrow on warning of a large air attack. Two cables in "
        "the Baltic were cut. Sweden posts a booklet on war to households. Ten thousand Koreans are in Kursk. No "
        "change in the posture of Russian nuclear forces has been observed.",
    ),
    "nadir-airlift-1973": (
        "1973-10-24",
        3,
        "NOON BRIEF. Seven Soviet airborne divisions are reported ready and transports have stopped flying "
        "supplies, as if kept for men. Sadat asks both great powers for troops; Brezhnev favours it, Nixon does "
        "not. The Third Army is cut off since the second cease-fire broke. The Soviet squadron in the "
        "Mediterranean passed eighty ships, more than ever. A freighter through the Bosporus may carry warheads, "
        "says one sensor. Israel's own ultimate weapons were made ready in the first week if rumour is right. An "
        "oil embargo is declared. Washington's other crisis, the tapes, doesn't help.",
    ),
    "u2-1960": (
        "1960-05-16",
        4,
        "The summit in Paris is dead before it began: Khrushchev wants an apology for the aeroplane downed at "
        "Sverdlovsk and punishment of those who sent it; Eisenhower offers only that the flights have ended. US "
        "commands around the world had a readiness test in the night that London found ill-timed. Marshal "
        "Malinovsky says that bases from which such planes start will be hit. Berlin might be next: a separate "
        "treaty is again spoken of. No forces have moved, so far as is known. Turkey's students riot.",
    ),
    "wall-1961": (
        "1961-08-18",
        4,
        "Note to members. Since Sunday the sector boundary is closed with wire and, since yesterday, with concrete "
        "blocks. Soviet divisions stand round the city without entering it. Access of the Allies has not been "
        "touched. A battle group of 1,500 Americans leaves Helmstedt tomorrow by autobahn and Vice-President "
        "Johnson will greet it. If the column should be stopped we would be in a different situation. The reserves "
        "called up in July report in October. Moscow's note calls the measures a matter of the GDR. East Germans "
        "still jump from windows.",
    ),
    "tonkin-1964": (
        "1964-08-06",
        4,
        "American carrier aircraft bombed torpedo-boat bases and an oil depot in North Vietnam after two attacks "
        "on destroyers were reported, the second one far from certain. China masses fighters at Mengtzu and "
        "declares that it won't sit idly by. More US bombers and jets are on the way to Thailand, Okinawa and the "
        "Philippines. Congress will give the President what he asks for. Hanoi hasn't many ways to answer. Cyprus: "
        "Turkish jets were over the island again. Congo: Stanleyville has fallen to rebels.",
    ),
    "pueblo-1968": (
        "1968-01-26",
        4,
        "North Korea holds the intelligence ship Pueblo and 82 men; it says they were in its waters. Washington "
        "calls fifteen thousand airmen to duty, the Enterprise turned round for the Sea of Japan with two more "
        "carriers to follow, and 250 planes go to Korea. Northern commandos had come within half a mile of the "
        "Blue House two days before. Kosygin was asked to help and refused. Seoul wants revenge, Washington wants "
        "its sailors. A B-52 with four hydrogen bombs crashed on the ice at Thule; nothing went off. Khe Sanh is "
        "besieged.",
    ),
    "jordan-1970": (
        "1970-09-21",
        4,
        "Syrian tanks with painted-over markings took Irbid, and King Hussein asks for air strikes from anyone. "
        "Israel has mobilised two brigades on the Golan; the Sixth Fleet gets a third carrier and the 82nd "
        "Airborne is at the runway. The Soviet chargé assures that Moscow is telling Damascus to halt. The odd "
        "thing is the submarine base that seems to be built in Cienfuegos. The airliners in the desert have been "
        "blown up; their hostages are mostly alive.",
    ),
    "vietnam-china-1979": (
        "1979-02-22",
        4,
        "Chinese infantry is ten miles inside Vietnam on a broad front: a lesson, Deng says, of limited time. The "
        "Soviet Union has a treaty with Hanoi and tells Peking to stop before it is too late; a cruiser and a "
        "destroyer go south, an airlift has begun, and there are reports of raised readiness in Mongolia. It has "
        "not moved a division so far. China evacuated villages along the Amur. Washington asks that China leave "
        "Vietnam and Vietnam leave Cambodia. In Tehran the Ayatollah's men hold the ministries; Kabul's American "
        "ambassador was shot.",
    ),
    "kal-1983": (
        "1983-09-03",
        4,
        "A Soviet fighter shot down a Korean jumbo jet off Sakhalin with 269 people on board, an American "
        "congressman among them. Moscow first knew nothing, then spoke of an intruder that flew on toward the sea. "
        "Reagan calls it a massacre; the tapes of the pilot will be played at the UN. US and Soviet ships get in "
        "each other's way while they look for the boxes. F-15s and AWACS go to the area. Trade is not touched, "
        "arms talks in Geneva will resume Tuesday. It comes in a year of bad feeling and missiles to be deployed. "
        "Beirut's hills are a front line now.",
    ),
    "moscow-coup-1991": (
        "1991-08-20",
        4,
        "Tanks are in Moscow and a committee of eight runs the Soviet Union while its president is said to be ill "
        "in the Crimea. Who holds the codes isn't known; nuclear forces show nothing unusual, and some mobile "
        "missiles are reported to have been taken back to their garages. Yeltsin is in the White House behind "
        "buses. NATO met and warned of consequences, carefully. Estonia and Latvia declare themselves independent. "
        "American forces haven't raised their alert. If troops fire at the crowd tonight this may become civil war "
        "in a country with thirty thousand warheads.",
    ),
    "npt-exit-1993": (
        "1993-03-20",
        4,
        "North Korea will leave the Non-Proliferation Treaty in June, the first ever to do so, rather than let "
        "inspectors into two sites. It has put itself on a semi-war footing for the length of Team Spirit, which "
        "ended two days ago, and foreigners there speak of blackouts. The South raised the alert of its front. "
        "China is against pressure. The reactor fuel that could be taken out would do for a bomb or more. "
        "Sanctions would be an act of war, Pyongyang says. Yeltsin has announced rule by decree.",
    ),
    "october-1993-moscow": (
        "1993-10-04",
        4,
        "Tanks shelled the Russian parliament this morning and floor after floor burns; Rutskoi and Khasbulatov "
        "gave up by evening. More than a hundred are dead. The army hesitated for a night before it obeyed. "
        "American officials saw no change at Russian nuclear sites and stood by Yeltsin. Would the provinces "
        "follow? So far they wait. Mogadishu: eighteen Americans dead after a raid, a body dragged through the "
        "streets. North Korea keeps the inspectors waiting. China is preparing a test.",
    ),
    "imia-1996": (
        "1996-01-31",
        4,
        "Greece and Turkey, allies both, had twenty warships round a rock with goats on it. Turkish commandos took "
        "the second islet in the night, a Greek helicopter crashed with three men and nobody says if it was fired "
        "upon. Clinton and Holbrooke were on the telephone until five. Ships, troops, flags are to go, and have "
        "begun to. Who owns the rocks is not settled. A Russian crew docked with Mir, the Chinese plan missile "
        "tests near Taiwan again before its March election, and Chechens still hold hostages.",
    ),
    "cyprus-s300": (
        "1997-01-15",
        5,
        "Cyprus has bought S-300 missiles from Russia and Turkey says that it may have to strike them, though they "
        "won't come for more than a year and London and Washington have time to talk everybody out of it. An "
        "Israeli-Palestinian paper on Hebron is to be signed at last. Yeltsin has pneumonia. Start II lies in the "
        "Duma where it has lain for years; NATO's offer of a charter might move it. Lima: the rebels still hold "
        "the ambassador's residence. China prepares for Hong Kong.",
    ),
    "hawaii-alert-2018": (
        "2018-01-15",
        5,
        "For thirty-eight minutes on Saturday everybody in Hawaii believed in a missile: an employee had pressed "
        "the wrong key during a drill at the change of shifts. No radar had shown a thing and no force was "
        "alerted. Lesson: states should have two people for such a message, and a way to call it back. Korea in "
        "the meantime talks about skis, a joint ice-hockey team and a song-and-dance troupe. Mattis meets allies "
        "in Vancouver on sanctions. Turkey threatens Afrin. The draft nuclear review, leaked last week, wants "
        "low-yield warheads.",
    ),
    "georgia-after": (
        "2008-08-22",
        4,
        "MEDVEDEV'S troops are leaving Gori, slowly, and will keep posts round Poti and on the main road. "
        "Cease-fire lines are those of Sarkozy's paper, read differently by each side. Poland signed for ten "
        "interceptors and a general in Moscow says that this makes it a target, a nuclear one by doctrine. "
        "American warships with aid are to enter the Black Sea, where Russia has its fleet; the two will be within "
        "sight of each other. NATO won't do business as usual. Shooting has ceased. The Kremlin will probably "
        "recognise both regions soon.",
    ),
    "island-drill-2010": (
        "2010-12-21",
        4,
        "The South fired its guns from Yeonpyeong for an hour and a half yesterday and the North, which had sworn "
        "a catastrophe, called it not worth a reaction. Governor Richardson comes home with an offer of "
        "inspectors. All the same the South's forces stay on the highest alert, a large live-fire exercise with "
        "tanks and jets starts on Thursday near the line, and another on the sea; a Christmas tree is lit on a "
        "hill under the protection of marines. Russia had called the Council together in alarm, China blocked the "
        "text. New START goes to the vote in the Senate today.",
    ),
    "second-minsk": (
        "2015-02-12",
        4,
        "Merkel, Hollande, Putin and Poroshenko talked sixteen hours in Minsk: a truce from midnight on Saturday, "
        "heavy weapons to be pulled back. Until then Debaltseve's six thousand are almost surrounded and everybody "
        "fires what he has. Fifty tanks crossed the border last night, Kiev says. The US Congress wants to send "
        "arms, which Moscow would take as joining the war. NATO doubles its response force and sets up staffs in "
        "six eastern states. Russian bombers came down the Channel last month with transponders off. If the truce "
        "fails, what is next will be larger.",
    ),
    "after-deal-2015": (
        "2015-08-26",
        5,
        "The two Koreas have agreed: the North regrets the mines, the South turned its loudspeakers off, and the "
        "quasi-state of war is lifted. Submarines are returning to their bases, guns to their sheds; families may "
        "meet in autumn. The summer exercise ends on Friday as planned. Shares in Shanghai fell again, which is "
        "what people talk about. Iran's deal has the votes it needs in the Senate, or will have. A convoy of "
        "Russian landing ships keeps going to Tartus. In Donbass the truce of September is being prepared.",
    ),
    "pilot-returned-2019": (
        "2019-03-02",
        4,
        "Pakistan handed over the Indian pilot at Wagah last night, a gesture that takes the heat out of the week "
        "without ending it. Guns on the Line of Control killed at least seven since. Pakistan's airspace is partly "
        "open again; India's forces stay on full alert and its navy has a submarine off the Makran coast, as "
        "Islamabad tells it. Khan spoke of miscalculation between two countries with these weapons. Modi has an "
        "election. Riyadh, Beijing and Washington all telephone. Hanoi: Kim and Trump left without lunch.",
    ),
    "abqaiq-2019": (
        "2019-09-16",
        4,
        "Half of Saudi Arabia's oil went out on Saturday. Houthis claim it; the wreckage says Iran and the holes "
        "came from the north. Trump is locked and loaded and waits for the Kingdom to say who it was. Tehran "
        "denies, and tells that American bases and carriers within two thousand kilometres are in range of its "
        "missiles. No US forces are ordered to move yet; options including strikes are on his desk. Oil jumped by "
        "fifteen percent, the largest leap ever. Israel votes tomorrow. Kim invites Trump to Pyongyang, says a "
        "paper.",
    ),
    "carrier-turns-2017": (
        "2017-04-15",
        4,
        "PYONGYANG paraded what looks like two new intercontinental missiles, and a test of either kind is "
        "expected this weekend. The Carl Vinson is said to be on its way to Korea, an armada as the President "
        "calls it, though photographs show it going the other way through Sunda. Tomahawks on Syria last week and "
        "the big bomb in Afghanistan give his words weight. China's foreign minister says that storm clouds gather "
        "and war could break out at any moment; its airline cancels flights. North Korea answers: total war if "
        "need be. Pence is on his way to Seoul.",
    ),
    "wagner-2023": (
        "2023-06-24",
        4,
        "Prigozhin's column took Rostov and its army headquarters without a shot and drove to within two hundred "
        "kilometres of Moscow; in the evening it turned round after a bargain brokered by Lukashenko. Half a dozen "
        "aircraft and their crews are lost. The FSB opened a case and may drop it. Washington saw no change in how "
        "nuclear weapons are handled and had none of its own to make; allies talked all day. Kazakh and Baltic "
        "borders are tightened. Who commands in Russia tonight is a fair question. Ukraine probes near Bakhmut.",
    ),
    "kremlin-drones-2023": (
        "2023-05-04",
        4,
        "Two small drones burst over the Kremlin's dome. Moscow says it was an attempt on Putin's life ordered in "
        "Washington and keeps the right to answer where and when it likes; Medvedev wants Zelensky gone. Kyiv and "
        "the US deny; a staged scene can't be excluded. Thirty drones and missiles hit Ukraine that night. The "
        "ninth of May is five days off, and parades in six cities are cancelled. Prigozhin says he will leave "
        "Bakhmut for lack of shells. Off Taiwan no more than the usual. Sudan's cease-fires don't hold.",
    ),
    "poland-drones-2025": (
        "2025-09-10",
        4,
        "Nineteen Russian drones flew into Poland in the night and Dutch F-35s with Polish F-16s shot down some: "
        "NATO planes firing on Russian machines over the alliance's own soil, for the first time in this war. "
        "Warsaw closed airports, calls for consultations under Article 4 and says that it's nearer to open "
        "conflict than at any time since 1945. Moscow says it aimed at nothing in Poland; Minsk even warned "
        "beforehand. Zapad, the Russian-Belarusian exercise, starts on Friday. Germany will lengthen its patrols. "
        "Israel bombed Hamas men in Doha.",
    ),
    "ceasefire-2025-south-asia": (
        "2025-05-12",
        4,
        "Two days after the truce the line in Kashmir had its first quiet night. Directors of operations talk by "
        "telephone this afternoon. Modi says that operations are only paused and that nuclear blackmail won't be "
        "put up with; Pakistan denies that its command authority was called, and that anything happened at Kirana "
        "hills. Airports open one after the other. Reserves have not gone home on either side. Trade, visas and "
        "the river treaty remain as they were on the worst day. Trump takes the credit and wants to speak of "
        "Kashmir.",
    ),
    "twelve-days-after": (
        "2025-06-25",
        4,
        "The cease-fire between Iran and Israel holds into its second day after each broke it once. Iran had fired "
        "fourteen missiles at al-Udeid, with notice, and nobody was hurt. How far Fordow was set back is in "
        "dispute: years says the White House, months says a leaked paper. Four hundred kilos at sixty percent are "
        "somewhere. Parliament in Tehran votes to stop working with inspectors. Some American reinforcements stay; "
        "flights resume. NATO at the Hague promises five percent. It could begin again if someone sees trucks at a "
        "tunnel.",
    ),
    "strait-drill-2024": (
        "2024-10-15",
        5,
        "China's one-day exercise Joint Sword B went round Taiwan with 125 planes and a carrier and ended at six "
        "p.m. as announced. Taipei protested and raised nothing. North Korea blew up a road that no one used, and "
        "says drones brought leaflets to Pyongyang. Steadfast Noon, NATO's yearly nuclear exercise with sixty "
        "aircraft and no live bombs, began yesterday; Russia will hold its own soon. Israel's answer to Iran is "
        "still being argued over in newspapers. The Nobel Peace Prize goes to those who survived Hiroshima and "
        "Nagasaki.",
    ),
    "grom-2019": (
        "2019-10-18",
        5,
        "Russia's Thunder exercise went through the usual sixteen launches with submarines, bombers and land "
        "missiles, Putin at the desk; one missile of a submarine stayed in its tube. US observers were notified "
        "under the treaty. Turkey paused in Syria for 120 hours. North Korea shot a Pukguksong from a barge at the "
        "start of the month, then walked out of talks in Stockholm after a day. A Russian reactor accident in "
        "August keeps experts busy. NATO's Steadfast Noon begins in its turn. Nothing in all this is new or near.",
    ),
    "norwegian-rocket": (
        "1995-01-27",
        5,
        "Russia's president told journalists that he used his black case for the first time on Wednesday, after "
        "radars picked up a rocket off Norway. It was a research rocket for the northern lights; Oslo had sent the "
        "notice weeks ago and it was mislaid. The whole thing lasted minutes and no order was given. It seems to "
        "be told now to draw eyes from Chechnya, where Grozny's palace fell. Peru and Ecuador shoot at each other "
        "in the jungle. Seoul and Washington work on light-water reactors for the North. The NPT's extension comes "
        "up in April.",
    ),
    "norad-tape-1979": (
        "1979-11-14",
        5,
        "The alarm of last Friday, when screens showed a mass attack for six minutes, came from a training tape in "
        "the wrong machine; satellites and radars saw nothing and forces were soon told to stand down. "
        "Interceptors from two bases had taken off. Moscow writes a stiff letter about it. Congress will ask. "
        "Tehran: the students keep some sixty hostages, Washington buys no more Iranian oil. SALT II is stuck in "
        "committee. Europe's missiles are to be decided on in December. Nothing suggests that anyone is preparing "
        "anything.",
    ),
    "chip-1980": (
        "1980-06-10",
        5,
        "A computer part worth less than a dollar twice reported Soviet missiles last week; bomber crews started "
        "engines, and that was all. A test line has been changed. Strategic forces are at their normal posture. "
        "Afghan columns are ambushed on the Salang road as every week. Iran's hostages are scattered over several "
        "towns since the failed rescue. The Olympics will be half empty. Talks about missiles in Europe may start "
        "in autumn. Venice's summit deals with oil.",
    ),
    "hotline-1963": (
        "1963-06-21",
        5,
        "The teletype between Washington and Moscow was agreed at Geneva yesterday and should be at work by "
        "September. Kennedy's speech at the American University was printed in full in Pravda; he suspends tests "
        "in the air as long as others do. Peking has sent Moscow a letter of twenty-five points, none of them "
        "kind. Britain has no minister of war after the Profumo affair. In Saigon a monk burnt himself. There is a "
        "little shooting along the 38th parallel, as there has been every summer.",
    ),
    "sputnik-1957": (
        "1957-10-11",
        5,
        "A week of beeping overhead. The rocket that put the Russian sphere in orbit can, in principle, carry a "
        "bomb to Kansas, and columnists have drawn the conclusion. The Defense Department sees no change in the "
        "balance for some years; bombers will be dispersed to more fields as already planned. Syria and Turkey "
        "accuse each other of massing troops, with Moscow loud and nothing moving but words. Windscale's fire is "
        "out and farmers pour away milk. Little Rock has soldiers at its school.",
    ),
    "salt-1972": (
        "1972-05-29",
        5,
        "Nixon and Brezhnev signed the treaty on anti-missile defence and a five-year limit on launchers, and "
        "parted with principles for good conduct. Haiphong stays mined, B-52s bomb daily, and Moscow drank the "
        "toast nonetheless. The number of missiles isn't reduced by one. Bonn's eastern treaties are ratified, "
        "Berlin's final protocol comes on Saturday. In Lod three Japanese gunmen may be the sort of danger one "
        "will read of. Strategic forces on both sides are in normal routine.",
    ),
    "helsinki-1975": (
        "1975-08-04",
        5,
        "Thirty-five heads of state signed in Helsinki that borders in Europe are inviolable. Critics say that "
        "this buries the Baltic states, supporters point at the third basket. Brezhnev and Ford made little "
        "headway on SALT: the Backfire bomber and cruise missiles. Portugal has a hot summer. Cyprus stays cut in "
        "two. American spies see a Soviet nuclear explosion in Semipalatinsk on schedule and a Chinese one due. "
        "Lebanon's last truce holds since July. Vietnam is out of the news at last.",
    ),
    "wall-falls-1989": (
        "1989-11-13",
        5,
        "Berliners have danced on the Wall since Thursday and border troops hand out stamps. Soviet forces in the "
        "GDR stay in their barracks by order. No army anywhere has increased its readiness; NATO's "
        "secretary-general says that caution is wise. Bulgaria's Zhivkov is gone. El Salvador's guerrillas attack "
        "the capital. India is about to vote, Kashmir is restless. Bush and Gorbachev meet off Malta in December. "
        "Few weeks since 1945 have been as good as this one, and few will be as hard to plan for.",
    ),
    "chernobyl-1986": (
        "1986-05-05",
        5,
        "PARLIAMENTARY NOTE. The burning reactor at Chernobyl is being smothered with sand from helicopters. Its "
        "cloud reached Scandinavia, Poland, Bavaria and, since Friday, these islands; rain brought iodine down on "
        "grazing land. It is an accident in a civil plant: no weapon was concerned, no military measure has been "
        "seen. Kiev held its May parade. The Soviet Union told nobody for two days. Iodine tablets aren't needed "
        "here. The American raid on Libya in April has had no sequel beyond a few shots and expelled students; the "
        "Sixth Fleet is back at its usual strength.",
    ),
    "inf-signed-1987": (
        "1987-12-11",
        5,
        "Medium missiles are to go within three years, with inspectors at factory gates for the first time. "
        "Gorbachev shook hands on Connecticut Avenue. In the Gulf escorts go on, a few tankers are hit each week "
        "by Iran and Iraq. India's troops hold Jaffna. In Gaza there has been rioting since Wednesday after a "
        "lorry ran into a car. South Koreans vote next week, and a Korean airliner that vanished near Burma was "
        "bombed by two agents of the North, one alive. None of it touches on strategic forces, which do what they "
        "always do.",
    ),
    "desert-storm-over": (
        "1991-04-15",
        5,
        "The Gulf war ended with Resolution 687, which Iraq accepted on the sixth. American divisions are going "
        "home as fast as ships can be found. Relief is dropped to the Kurds in the mountains, and the troops that "
        "will make camps for them have orders not to fight. Alerts in Israel were called off in March. Start is "
        "close to being finished and the Warsaw Pact has dissolved its military side. Georgia declares "
        "independence. India and Pakistan agreed on notice of manoeuvres and of flights near the border. Pyongyang "
        "is offered talks by Tokyo.",
    ),
    "eritrea-1998": (
        "1998-06-12",
        5,
        "Ethiopia and Eritrea, who were brothers until May, bomb each other's airfields over a stony triangle "
        "called Badme; thousands flee and Europeans were flown out of Asmara. It is a real war, but a far one, and "
        "no great power has a stake in it. NATO jets will fly over Albania on Monday to impress Milosevic. India "
        "and Pakistan each have said that no more tests are needed; both play down deployment. Clinton packs for "
        "Beijing. Guinea-Bissau has a mutiny. Iran beat nobody yet in the World Cup.",
    ),
    "cenepa-1995": (
        "1995-02-15",
        5,
        "Ecuador and Peru dispute an upper valley and about a hundred have died there since January; jets were "
        "shot down, the garrison towns are full of soldiers, and a truce declared in Brasilia on the fourteenth is "
        "not kept yet. The four guarantors send observers. Chechnya grinds on south of Grozny with a pause for the "
        "dead. North Korea doesn't like the word South in the reactor contract. China built shelters for fishermen "
        "on Mischief Reef, as it calls them. Strategic matters: the treaty conference, the British put their "
        "bombers' bombs away.",
    ),
    "essequibo-2023": (
        "2023-12-08",
        5,
        "Maduro had a map printed with two thirds of Guyana in it, created a zone of defence and appointed a "
        "general. Brazil sends armour to Boa Vista, US aircraft fly with Guyana's. A few thousand Venezuelan "
        "soldiers are what they were in November; there is no road there. Both presidents may meet on St Vincent. "
        "Gaza's south is now the battlefield. Houthis shoot at ships and a British destroyer shot back at drones. "
        "Putin visited Riyadh and will stand for election. Japan recovers the dead of an Osprey. No nuclear aspect "
        "anywhere.",
    ),
    "goma-2025": (
        "2025-01-28",
        5,
        "M23 rebels and, as the UN says, some thousands of Rwandan soldiers took Goma; hospitals are full, "
        "embassies in Kinshasa were set on fire, thirteen peacekeepers are dead. Trump's order for an iron dome "
        "over America is a budget line for now. The Gaza truce sees its second exchange. Belarus elected its "
        "president again. A Chinese start-up's chatbot took six hundred billion from one firm's shares. Ukraine "
        "gives up ground by Pokrovsk a field at a time. The Atomic Scientists moved their clock to 89 seconds, one "
        "second closer.",
    ),
    "karabakh-2020": (
        "2020-10-05",
        5,
        "Azerbaijan and Armenia fight with drones and rockets for a second week, Stepanakert and Ganja are "
        "shelled, three thousand may be dead. Turkey helps Baku, Russia with its treaty toward Armenia proper "
        "stays out. Trump has the virus and drives round the hospital; his forces report nothing out of the "
        "ordinary. New START negotiators meet in Helsinki. North Korea will parade on the tenth. India's and "
        "China's soldiers settle down for winter in Ladakh; the seventh talk of generals is on the calendar. "
        "Lukashenko and the West expel each other's envoys.",
    ),
    "red-sea-2023": (
        "2023-12-22",
        5,
        "Ten countries are in the new operation to guard ships off Yemen, a few more won't be named. The big lines "
        "sail round the Cape. Iran's spy ship is said to help the Houthis aim. Pyongyang's Hwasong-18 flew on "
        "Monday from the usual place and fell in the usual sea; it counts as a training launch. Russia said it "
        "broke up a plot. Argentina has a chain saw. In Gaza twenty thousand are dead. A gunman killed fourteen in "
        "Prague. The outlook for the holidays is bleak for many but not strategically so.",
    ),
    "testing-order-2025": (
        "2025-10-31",
        5,
        "Minutes before he met Xi, the President wrote that the Pentagon should test nuclear weapons on an equal "
        "basis, at once. What he means isn't known: the energy secretary says there'll be systems tests without "
        "explosions, and a hole in Nevada takes two or three years. Russia flew its Burevestnik fifteen hours and "
        "swam a Poseidon, neither with a blast. Xi and Trump got a truce on rare earths. A carrier sails toward "
        "Venezuela, where boats are blown up. Gaza's cease-fire cracked for a night and was glued. Nothing was "
        "moved, loaded or told to wait.",
    ),
    "pakistan-iran-mended": (
        "2024-01-24",
        5,
        "The ambassadors of Iran and Pakistan go back on Friday and both foreign ministers speak of brotherhood; "
        "the exchange of strikes a week ago is closed. Al-Asad in Iraq was hit by rockets and some Americans have "
        "headaches. Nauru left Taiwan for Beijing. A Russian Ilyushin fell from the sky near Belgorod, perhaps "
        "with prisoners inside. Steadfast Defender, the largest NATO exercise in decades, begins; it was planned "
        "for years. Kim says the South is an enemy and tears down an arch. The Turkish parliament lets Sweden in.",
    ),
    "india-withdraws-2002": (
        "2002-10-18",
        5,
        "After ten months India takes its soldiers back from the border; Pakistan says it will do likewise. No "
        "timetable, but trains are loaded. It ends the largest stand-off since 1971 with nobody having crossed. "
        "North Korea admitted to visitors that it enriches uranium, or so the visitors understood. The Congress "
        "gave Bush a free hand on Iraq, the Security Council is still at commas. Bali mourns two hundred. A sniper "
        "keeps Washington indoors. Moscow's arms control people have little to do since the May treaty.",
    ),
    "pelosi-aftermath-2022": (
        "2022-08-16",
        5,
        "The People's Liberation Army concluded its exercises round Taiwan last week; patrols beyond the middle "
        "line continue at ten to twenty a day, which seems to be the new ordinary. Another delegation from "
        "Congress came and went. The Minuteman test put off because of the Strait was flown today. At Zaporizhzhia "
        "both sides accuse each other of shelling beside the reactors, inspectors want to go. Explosions in "
        "Crimea. Ulchi Freedom Shield, the yearly exercise, begins on Monday in Korea. Iran answers Europe's last "
        "text. Kenya has a president.",
    ),
    "caribbean-2025": (
        "2025-09-05",
        4,
        "The US sank a speedboat off Venezuela with eleven on board and has eight warships, an attack submarine "
        "and ten F-35s round Puerto Rico. Two Venezuelan F-16s flew over a destroyer and Trump says the next may "
        "be shot down. Maduro speaks of the greatest threat in a hundred years and calls up the militia. Caracas "
        "has Russian missiles and friends who can do little. Beijing paraded new ICBMs and had Putin and Kim on "
        "the balcony. Twenty-six states say they'd send troops to Ukraine after a cease-fire; Putin calls them "
        "legitimate targets.",
    ),
}
