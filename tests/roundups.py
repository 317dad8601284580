"""Round-ups, as a small service publishes them: terse, several theatres in one paragraph, (date, level, text) by name.
The events are public history, the words are ours; the level is what such a service makes of them: 3 where nuclear
forces are declared on alert, nuclear-armed states strike or are struck, or forces face each other and a misreading
would do; 4 where one theatre stands out by threats with a date, forces moved or blood; 5 for tests, treaties, budgets,
drills, harsh words and other people's wars. Rules were made while looking at those that `kept_aside` leaves out; of the
others the scores were seen, not the clauses."""

from hashlib import sha256


def kept_aside(name: str) -> bool:
    digest = sha256(name.encode()).digest()
    return digest[0] % 2 == 1 and digest[1] % 2 == 0


ROUNDUPS: dict[str, tuple[str, int, str]] = {
    "able-archer": (
        "1983-11-10",
        3,
        "A NATO command-post exercise rehearses the release of nuclear weapons with new codes and silences. Soviet "
        "aircraft in East Germany and Poland that carry nuclear bombs are reported fuelled and armed, flights are "
        "grounded, and Moscow speaks of an attack under the cover of drills. The airliner shot down in September and "
        "the Pershing missiles due this month have poisoned everything. Andropov is ill and unseen. Nobody in the "
        "West wants war, but the other side may not know it. Elsewhere: US marines mourn in Beirut; Grenada is nearly "
        "quiet.",
    ),
    "reactor-1994": (
        "1994-06-15",
        3,
        "North Korea took the fuel out of its reactor and leaves the Atomic Energy Agency; sanctions, it says, are "
        "war, and Seoul would become a sea of fire. Washington is deciding on more troops, Patriots and aircraft for "
        "the South, and its commanders put the dead of a war in the hundreds of thousands. South Koreans hoard rice; "
        "a civil defence drill is the largest in years. Former president Carter is in Pyongyang, perhaps the last way "
        "out. Russia and China would rather wait.",
    ),
    "bengal-1971": (
        "1971-12-14",
        3,
        "Indian columns are at the edge of Dacca and Pakistan's army in the east is about to give up. The US sends "
        "the nuclear carrier Enterprise with its group into the Bay of Bengal; Soviet ships from Vladivostok, some "
        "with nuclear missiles, follow it. Washington nudges China to move on the Himalayan border and Moscow has "
        "more than forty divisions on the Chinese one. In the west tanks fight in the Punjab. A cease-fire resolution "
        "was vetoed for the third time.",
    ),
    "rocket-units-2013": (
        "2013-03-30",
        3,
        "North Korea says the peninsula is in a state of war and that its strategic rocket units, with targets in the "
        "US and Guam, are on the highest combat readiness; Kim signed the plan at midnight. Two B-2 bombers had "
        "dropped dummies on a Korean range. The hotline is dead. The South has told its officers to strike back first "
        "and ask later. China wants calm. Most think this is theatre, but the theatre has run out of steps. Iran "
        "talks in Almaty next week; Syria's war goes on.",
    ),
    "oreshnik": (
        "2024-11-22",
        3,
        "Ukraine fired American ATACMS and British Storm Shadow missiles at targets inside Russia with permission "
        "from both capitals. Russia answered with a new intermediate-range missile with six warheads on Dnipro, "
        "warned by the nuclear channel half an hour before, and says it may strike bases of those who supply the "
        "weapons. Its doctrine now allows nuclear use against an attack by a state that a nuclear power supports. "
        "Embassies in Kyiv closed for a day. North Korean troops fight in Kursk. Cables were cut in the Baltic.",
    ),
    "al-asad": (
        "2020-01-08",
        3,
        "Iran fired more than a dozen ballistic missiles from its own soil at two Iraqi bases with US troops, in "
        "return for the killing of Soleimani, and says it does not seek war but will answer any reply. Tehran names "
        "Dubai and Haifa as next. US bombers are on their way to Diego Garcia. An airliner crashed at Tehran in the "
        "same hours. First word is of no American dead; the president speaks today. Oil jumped. North Korea had "
        "promised a new weapon.",
    ),
    "second-barrage": (
        "2024-10-02",
        3,
        "Iran launched about 180 missiles on Israel; some came through to air bases. US destroyers fired "
        "interceptors. Israel says Tehran made a big mistake and will pay, and oil or nuclear sites are talked of; "
        "Iran says any answer will bring a heavier blow. Israeli ground troops are inside Lebanon, where Hezbollah's "
        "leader was killed last week. Russia advances at Vuhledar. North Korea showed centrifuges last month. China "
        "flew an ICBM into the Pacific.",
    ),
    "midnight-hammer": (
        "2025-06-22",
        3,
        "US B-2s dropped the largest conventional bombs on Fordow and Natanz, and a submarine hit Isfahan. Iran says "
        "all Americans in the region are targets now, its parliament voted to close Hormuz, and missiles keep falling "
        "on Israel. US bases are at their highest guard, families leave Bahrain. Russia says some states are ready to "
        "give Iran warheads, then says it meant nothing. China condemns. Pakistan had just proposed the president for "
        "a peace prize.",
    ),
    "lop-nor-1969": (
        "1969-09-10",
        3,
        "After the clash in Xinjiang last month Moscow sounds out others on what they would say to a blow against "
        "China's nuclear sites; a Soviet writer asks the question in a London paper. Thirty Soviet divisions stand "
        "along the border, bombers have been moved to Central Asia, and Peking digs tunnels and scatters its "
        "officials. Chou and Kosygin are said to meet at an airport. The US says it would not stay indifferent. In "
        "Vietnam a lull follows the death of Ho.",
    ),
    "after-un-2017": (
        "2017-09-26",
        4,
        "North Korea's foreign minister calls the American president's words a declaration of war and claims the "
        "right to bring down US bombers even outside its skies; B-1s had flown farther north of the line than in any "
        "year of this century. A Pacific H-bomb test is hinted at. Washington denies it declared war. The South moved "
        "no troops, and Chinese firms must close. War is still not likely, a blunder is. Russia ends its Zapad drill "
        "on time. Iran showed a missile that may have been old film.",
    ),
    "submarines-2025": (
        "2025-08-02",
        4,
        "The US president says he has ordered two nuclear submarines to the appropriate regions after Medvedev wrote "
        "of the Dead Hand, and cut his deadline to Russia for a Ukraine truce to ten days. Moscow is silent so far. "
        "It is mostly talk, since such boats are always somewhere, but it is nuclear talk by name. Russian drones hit "
        "Kyiv again. Thailand and Cambodia hold their truce. Russia no longer feels bound by limits on medium "
        "missiles. North Korea brushes off the South.",
    ),
    "przewodow": (
        "2022-11-16",
        4,
        "A missile fell on a Polish village a few kilometres from Ukraine and killed two. Poland raised the readiness "
        "of some units and asked NATO to consult; first reports said Russian-made, now Warsaw and Brussels think it "
        "was a Ukrainian interceptor gone astray during a hundred-missile Russian raid. Moscow calls the charge a "
        "provocation. No article 5, but for a night it was thinkable. Kherson is free. At Bali the US and China spoke "
        "of guard rails. North Korea fired more than twenty missiles this month.",
    ),
    "khasham": (
        "2018-02-09",
        4,
        "In eastern Syria a few hundred men with tanks attacked a base of the Kurds where US advisers were; gunships "
        "and artillery killed scores. Russians in private pay were among them by many accounts; Moscow says they were "
        "not its soldiers and the line between commands was open all along. It is the bloodiest meeting of the two "
        "sides in decades and neither wants to name it. Turkey presses on Afrin and threatens Manbij, where Americans "
        "patrol. The Koreas march together at the Games.",
    ),
    "after-mumbai": (
        "2008-12-27",
        4,
        "Pakistan takes troops from the Afghan side and sends them to the Indian border, cancels leave, and its jets "
        "circle over Lahore. Delhi tells Indians not to travel there. It wants the men behind Mumbai and keeps every "
        "option, it says; no Indian corps has moved yet. A hoax call to Islamabad in the Indian minister's name "
        "nearly did the rest. Israel bombs Gaza. Russia and Ukraine quarrel about gas again. Not war, but two bombs "
        "and one border.",
    ),
    "kerch": (
        "2018-11-27",
        4,
        "Russian coast guards rammed and fired on three Ukrainian navy boats near Kerch and took them with 24 "
        "sailors, six of them hurt. A freighter bars the bridge. Kiev puts ten regions under martial law and says "
        "Russian tanks at the border have tripled. NATO met with Ukraine; the US may skip the talks in Argentina. "
        "More S-400s go to Crimea. A wider Russian attack isn't foreseen but can't be ruled out. INF is on its last "
        "legs. North Korea tested some tactical weapon.",
    ),
    "cheonan": (
        "2010-05-27",
        4,
        "South Korea's inquiry says a northern torpedo sank the Cheonan with 46 men, ends trade and turns its "
        "loudspeakers on. The North denies it, cuts all ties, tears up the pact on clashes at sea and threatens to "
        "shoot the loudspeakers. Four of its submarines are missing from their pier. The South drops depth charges in "
        "a drill; the US command watches one grade more closely. China won't say who did it. Both sides have more to "
        "lose than to win, which has not always been enough.",
    ),
    "adiz-2021": (
        "2021-10-08",
        4,
        "Almost 150 Chinese aircraft in four days in Taiwan's zone, H-6 bombers among them; the defence minister in "
        "Taipei sees the worst time in forty years and a full ability to invade by 2025. Three carriers, two American "
        "and one British, trained with Japan off Okinawa. US marines are said to have been on the island for a year. "
        "A US submarine hit something in the South China Sea. Nothing says an attack is near, yet a collision would "
        "be hard to contain. Russian gas, French submarines: noise.",
    ),
    "lincoln-2019": (
        "2019-05-14",
        4,
        "The US hurries a carrier, B-52s and a Patriot battery to the Gulf on word of Iranian plans; four ships, two "
        "of them Saudi, were holed off Fujairah and drones hit Saudi pipelines today. Staff who aren't needed leave "
        "Baghdad. A paper says plans for 120,000 troops were looked at; the president denies it. Tehran suspends "
        "parts of the deal and sets Europe sixty days. Both say no war. North Korea fired short missiles twice. US "
        "and China raise tariffs on each other.",
    ),
    "tests-1998": (
        "1998-05-30",
        4,
        "Pakistan has fired six devices after India's five. On the eve Islamabad claimed Indian or Israeli jets were "
        "coming for its sites and called in ambassadors at night; it was false, but they believed it. Shelling in "
        "Kashmir is heavier than last year and an Indian minister speaks of hot pursuit. Neither has put a warhead on "
        "anything that anyone can see. Sanctions follow. China is angry with Delhi for naming it. Indonesia has a new "
        "president; Kosovo gets worse.",
    ),
    "kashmir-1990": (
        "1990-05-20",
        4,
        "Gates is sent to Islamabad and Delhi as Kashmir burns. An Indian strike corps stayed in the desert after its "
        "winter games, Pakistan's armour came up opposite; Bhutto promised a thousand years' war and Singh told his "
        "people to be ready. Some in Washington think Pakistan is putting a bomb together. Both armies now are a "
        "little farther back than a month ago. In Moscow Lithuania's blockade goes on; the Germanys join their money "
        "in July.",
    ),
    "orbit-2012": (
        "2012-12-20",
        5,
        "North Korea put a satellite in orbit at last, on a rocket that might carry a warhead some day. Patriots from "
        "three allies go to Turkey against Syrian missiles; Russia calls it unhelpful. A Chinese plane flew over the "
        "islands which Japan calls Senkaku, Japanese jets went up. Iran says talks should resume and has a new site "
        "for a drone it caught. Russia will build a hundred-ton liquid missile. Nuclear cuts are unlikely soon. The "
        "world did not end by the Mayan count.",
    ),
    "open-skies-2020": (
        "2020-11-24",
        5,
        "The US is out of Open Skies; Russia wonders about its own stay. Russian peacekeepers hold the Lachin road "
        "and Armenians burn their houses before they go. Iran's stock of low-enriched uranium is twelve times the "
        "limit, and the president asked about a strike and was talked out of it, a paper says. A US warship shot down "
        "a test ICBM. China and India talk about a pull-back at Pangong. Washington's change of guard distracts all. "
        "No posture has changed anywhere.",
    ),
    "inf-end-2019": (
        "2019-11-30",
        5,
        "Since INF ended the US flew a land-based cruise missile and Russia proposes a freeze nobody believes. North "
        "Korea fired its big launcher again and gives Washington till the year's end for a new offer; talk of a "
        "Christmas gift. Russia let US inspectors see Avangard. Turkey tries its S-400s on its own F-16s. Kashmir is "
        "shut but the line is calmer than in summer. Iran feeds gas to Fordow. Hong Kong voted. China's parade in "
        "October had the DF-41 and DF-17.",
    ),
    "balloon-2023": (
        "2023-02-23",
        5,
        "Putin suspends New START: no inspections, but the limits will be kept, Moscow says. A Chinese balloon "
        "crossed America and an F-22 burst it off Carolina; three more things were shot down, probably hobby craft; "
        "Blinken stayed home. A Sarmat test seems to have failed. North Korea flew an ICBM high and wants the Pacific "
        "as a range. Bakhmut is being ground down. China offers a peace paper. Iran has particles near 84 percent. "
        "Words are colder, forces are where they were.",
    ),
    "h-bomb-claim-2016": (
        "2016-01-11",
        5,
        "North Korea's fourth test was called an H-bomb; the seismographs say six kilotons and hardly that. One B-52 "
        "with fighters flew low over Osan and went home, the South's loudspeakers are back on. Riyadh and Tehran "
        "broke relations over a cleric and a burnt embassy; oil doesn't care. Russia's new strategy paper names NATO "
        "a threat. China has landed planes on Fiery Cross. Pathankot air base was raided by gunmen, and Delhi's talks "
        "with Pakistan are put off, not off.",
    ),
    "mh17": (
        "2014-07-25",
        5,
        "The airliner over Donetsk was most likely hit by a Buk that rebels got from Russia. Europe finally has "
        "sanctions with teeth. The Pentagon says guns fire from Russian ground and heavier launchers are on their "
        "way; some 12,000 Russians are near the border, fewer than in spring. Kiev's army gains. NATO adds a few jets "
        "in the Baltics. INF: the US says Russia flew a forbidden cruise missile. Iran talks go on four months "
        "longer. Gaza is at war; North Korea fires short rockets.",
    ),
    "havana-2024": (
        "2024-06-13",
        5,
        "A Russian frigate and a nuclear-powered submarine without nuclear arms visit Havana; the US sent ships to "
        "look and calls it no threat, such calls are a habit. Russia and Belarus train with tactical weapons, second "
        "stage. Balloons with rubbish go south in Korea and loudspeakers came back for a day. Western arms may now be "
        "fired a little way into Russia. China's drills at Taiwan in May lasted two days. Biden and his arms "
        "officials hint at more warheads later. Putin may go to Pyongyang.",
    ),
    "kim-dies-2011": (
        "2011-12-20",
        5,
        "Kim Jong Il is dead and a son under thirty follows. The South put its soldiers on watch but sees nothing odd "
        "across the line; a short missile was launched the same day. US talks on food wait. Iran shows the drone it "
        "took and plans ten days of naval drills by Hormuz. The last US convoy left Iraq. Pakistan keeps the roads "
        "shut after 24 of its men died in a NATO raid. Russia sends its old carrier toward Syria, engine trouble "
        "included. Missile defence remains stuck.",
    ),
    "orchard-2007": (
        "2007-09-20",
        5,
        "Israeli jets hit something in Syria's east two weeks ago; nobody says what, and Damascus only complains. "
        "Perhaps it was North Korean. Six nuclear warheads flew across America by mistake under a B-52's wing, and "
        "heads will roll. Russian bombers are on long patrols again for the first time since the nineties. China's "
        "January satellite shot still makes for talk. Disabling Yongbyon is to start soon. France's minister says "
        "prepare for the worst with Iran, then explains himself.",
    ),
    "pangong-2021": (
        "2021-02-22",
        5,
        "New START got its five years. India and China have taken their tanks back from both sides of Pangong lake. A "
        "coup in Burma. B-1s go to Norway for the first time, Russia announces a missile test nearby and nothing "
        "comes of it. Iran limits inspectors from tomorrow but struck a three-month arrangement. Rockets hit Erbil. "
        "The North is shut against the virus. Pakistan and India will, three days from now it is said, renew their "
        "cease-fire. US admirals write that nuclear war with China is possible.",
    ),
    "kim-putin-2023": (
        "2023-09-18",
        5,
        "Kim went by train to the Far East, looked at rockets and bombers with Putin, and shells for satellites is "
        "the likely bargain. Bits of drones landed in Romania across the Danube, which Bucharest first denied. Sarmat "
        "is said to be on duty. Sevastopol's dry dock and a submarine were struck by British missiles. China's new "
        "map annoys six neighbours; a defence minister is missing. Five Americans left Iran for six billion. Armenia "
        "trains with US soldiers. Karabakh is hungry, and quiet for now.",
    ),
}
