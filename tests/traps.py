"""More reports that must not alarm: (source, title, text) by name, told as outlets tell such things. The outlets are
those of the bundled exercise; '' is a page that bears no outlet's name."""

POST, RADIO, WIRE, STUDIES = "The Harbor Post", "Norden Radio", "Meridian Wire", "Atlantic Monitor"

MORE: dict[str, tuple[str, str, str]] = {
    "fiction-serial": (
        POST,
        "Short story: The last watch",
        "Chapter three. The radar went white. 'They have launched,' said Petrov, and the captain turned the key. "
        "Russian missiles rose over the Arctic and American bombers were already in the air. END OF PART ONE",
    ),
    "fiction-radio-play": (
        RADIO,
        "Tonight's radio play",
        "In tonight's radio play, Chinese marines have landed on Taiwan and the United States has put its nuclear "
        "forces on alert. All persons and events are invented.",
    ),
    "tv-series": (
        POST,
        "Season finale recap",
        "Spoilers ahead. In the season finale North Korea fires a nuclear missile at Guam and President Hale orders a "
        "counterstrike. The last scene shows the bunker door closing.",
    ),
    "board-game": (
        POST,
        "Board game of the month",
        "Players take the parts of NATO and the Warsaw Pact. On turn four Soviet tank divisions invade West Germany, "
        "and whoever holds the nuclear card may put his strategic forces on alert.",
    ),
    "game-esports": (
        WIRE,
        "Esports final",
        "Team Russia destroyed Team Ukraine in the final on Saturday. A late airstrike on the base killed five "
        "players, and the missile launch that ended the match had the crowd on its feet.",
    ),
    "satire-local": (
        "",
        "Satire: General declares war on pigeons",
        "This article is satire. The Pentagon declared war on pigeons on Tuesday and launched a nuclear strike on "
        "Trafalgar Square, killing one sandwich.",
    ),
    "april-fool": (
        POST,
        "April Fools' Day: what we made up",
        "For April Fools' Day we reported that Switzerland had invaded Liechtenstein with tanks. It was a joke; no "
        "border was crossed.",
    ),
    "anniversary-pearl-harbor": (
        WIRE,
        "Pearl Harbor remembered",
        "Veterans gathered in Hawaii on Tuesday to mark the 80th anniversary of the Japanese attack on Pearl Harbor. "
        "Japanese planes sank four battleships and killed more than 2,400 Americans.",
    ),
    "anniversary-korea": (
        RADIO,
        "Seventy years since the war began",
        "On this day in 1950 North Korean troops crossed the 38th parallel and invaded the South with tanks and "
        "artillery. Some two million people died before the armistice of 1953.",
    ),
    "anniversary-chernobyl-shelling": (
        POST,
        "From our archive: the Falklands",
        "From our archive, 5 May 1982: Argentine aircraft have sunk the British destroyer Sheffield with an Exocet "
        "missile. Twenty sailors died, the Ministry of Defence said.",
    ),
    "retrospective-cuba": (
        STUDIES,
        "What the tapes tell",
        "Newly released tapes show how near it came. American destroyers dropped depth charges on a Soviet submarine "
        "that carried a nuclear torpedo, and its captain wanted to fire. That was in October 1962.",
    ),
    "retrospective-gulf-war": (
        RADIO,
        "Thirty years after Desert Storm",
        "Thirty years ago coalition aircraft bombed Baghdad and Iraq fired Scud missiles at Israel. Our correspondent "
        "remembers the sirens of Tel Aviv.",
    ),
    "documentary": (
        POST,
        "On television tonight",
        "The documentary follows Indian pilots who bombed Pakistan in 1971 and Pakistani gunners who shot at them. "
        "Archive footage shows burning oil tanks in Karachi.",
    ),
    "memoir": (
        POST,
        "Book review: A general remembers",
        "In his memoir the general tells how he was ordered to move warheads out of storage in Turkey. The book is "
        "slow in the middle but ends with a bang.",
    ),
    "drill-with-notice": (
        WIRE,
        "Exercise begins in the Baltic",
        "Twelve nations began a scheduled naval exercise in the Baltic Sea on Monday. Warships will practise "
        "minesweeping and live firing until Friday; Russia was informed, the alliance said.",
    ),
    "drill-script": (
        "",
        "EXERCISE EXERCISE EXERCISE",
        "EXERCISE EXERCISE EXERCISE. Forces of Country Red have invaded Country Blue. Russia has put its nuclear "
        "forces on alert. All participants are to report to their posts. EXERCISE EXERCISE EXERCISE.",
    ),
    "drill-sirens": (
        RADIO,
        "Sirens at noon",
        "Sirens will be tested all over Finland on Monday at noon. There is no danger and nobody needs to take "
        "shelter, the rescue services said.",
    ),
    "drill-evacuation-embassy": (
        POST,
        "Embassy practises",
        "Staff of the American embassy in Seoul took part in an evacuation drill on Thursday. The embassy said the "
        "exercise is held twice a year.",
    ),
    "test-with-notice": (
        WIRE,
        "Trident test off Florida",
        "A submarine of the US Navy test-launched an unarmed missile off Florida on Sunday in a scheduled test. The "
        "test was planned long in advance and Russia was notified, the navy said.",
    ),
    "rumour-channel": (
        "",
        "What the channels say",
        "According to an unconfirmed post on a messaging channel, Belarus has closed its border and Russian columns "
        "are moving on Kyiv. We could not verify this.",
    ),
    "rumour-market": (
        WIRE,
        "Rouble falls on rumours",
        "The rouble fell on rumours that NATO troops had entered Ukraine. The alliance said that the rumours were "
        "false.",
    ),
    "hoax-exposed": (
        POST,
        "Fact check: no tanks on the bridge",
        "Fact check. A video that claims to show Chinese tanks landing in Taiwan was taken during a festival in 2016. "
        "The claim is false.",
    ),
    "one-anonymous-source": (
        "",
        "Insider speaks",
        "A source who did not want to be named told this site that Pakistan has mated warheads to its missiles and "
        "that India is about to strike.",
    ),
    "one-blog-invasion": (
        "Liberty Sentinel",
        "IT HAS BEGUN",
        "Russian troops have invaded Poland. Warsaw is burning and NATO has put its nuclear forces on the highest "
        "alert, our contacts say.",
    ),
    "one-party-claim": (
        "Moskva Line",
        "Kyiv shells border town",
        "Ukrainian forces shelled a Russian border town with American rockets on Monday, the Defence Ministry in "
        "Moscow said.",
    ),
    "opinion-column": (
        POST,
        "Opinion: We are already at war",
        "By our columnist. Make no mistake: Russia is at war with the West. Its troops attack us every day with lies "
        "and its missiles are pointed at our children.",
    ),
    "editorial": (
        POST,
        "Editorial: Time to blockade Iran",
        "The view of this newspaper is that the navy should blockade Iran's ports and bomb its nuclear plants, and "
        "that it should do so now.",
    ),
    "study-wargame": (
        STUDIES,
        "Two weeks over the strait",
        "Our report runs 24 iterations of a Chinese invasion of Taiwan. In most of them China sinks two American "
        "carriers, and American missiles strike Chinese ports.",
    ),
    "study-poll": (
        POST,
        "Poll",
        "One in three Germans believes that Russia will attack a NATO country within five years, and one in five that "
        "nuclear weapons will be used, a poll found.",
    ),
    "trial-war-crimes": (
        WIRE,
        "Tribunal hears of massacre",
        "The tribunal in The Hague heard on Wednesday how Serbian forces shelled the market in Sarajevo and killed 68 "
        "people. The former commander denied the charges.",
    ),
    "trial-spy": (
        WIRE,
        "Engineer jailed",
        "A court in Oslo jailed an engineer for passing plans of a NATO early warning radar to Russia. He had attacked "
        "the network in 2017, the prosecutor said.",
    ),
    "sport-war": (
        POST,
        "India crush Pakistan",
        "India crushed Pakistan by nine wickets in Dubai on Sunday. Their fast bowlers bombarded the Pakistani batsmen "
        "from the first over, and the counter-attack never came.",
    ),
    "sport-ice-hockey": (
        RADIO,
        "Americans sink Russians",
        "The United States shot down Russia 5-2 in the semi-final. Two late strikes killed the game and the Russian "
        "defence surrendered.",
    ),
    "market-price-war": (
        WIRE,
        "Oil price war",
        "Saudi Arabia launched an all-out price war against Russia on Monday, and shares in Moscow were bombed out. "
        "Traders fear mutual destruction.",
    ),
    "market-invasion": (
        WIRE,
        "Chinese cars invade Europe",
        "Chinese carmakers have launched an invasion of Europe. Their electric missiles hit German rivals where it "
        "hurts, and Brussels is preparing to strike back with tariffs.",
    ),
    "politics-ultimatum": (
        RADIO,
        "Coalition ultimatum",
        "The Liberals gave their partner an ultimatum of 48 hours to withdraw the budget or face the collapse of the "
        "government in The Hague.",
    ),
    "politics-bombshell": (
        POST,
        "Bombshell in Seoul",
        "The president dropped a bombshell on Tuesday: he will sack his defence minister. The opposition declared war "
        "on the plan and mobilised its supporters.",
    ),
    "denied-strike": (
        WIRE,
        "No strike, says Tehran",
        "Iran denied on Monday that it had fired missiles at Israel. Israel's army, too, said that no missile had been "
        "fired.",
    ),
    "denied-mobilisation": (
        RADIO,
        "No mobilisation planned",
        "The Kremlin rejected reports that a general mobilisation was being prepared. There are no such plans, its "
        "spokesman said.",
    ),
    "denied-evacuation": (
        POST,
        "Embassy stays open",
        "The American embassy in Kyiv is not being evacuated, the State Department said, and diplomats' families will "
        "stay.",
    ),
    "planned-exercise-next-year": (
        RADIO,
        "Large drill next spring",
        "Poland will hold its largest exercise in decades next spring, with 90,000 troops from 31 countries, the "
        "minister said. It has been planned since 2020.",
    ),
    "planned-missiles": (
        WIRE,
        "Missiles for the thirties",
        "The United States plans to deploy hypersonic missiles in Germany from 2026 on, a spokesman said. Russia could "
        "respond in kind, analysts believe.",
    ),
    "threatened-strike-if": (
        RADIO,
        "Warning from Pyongyang",
        "North Korea would strike American bases in the Pacific if it was attacked first, its state news agency said.",
    ),
    "hypothetical-explainer": (
        POST,
        "Explainer: What happens if a missile hits Poland?",
        "What would happen if a Russian missile hit Poland? Warsaw could invoke Article 4, and the allies would meet. "
        "Nothing of the kind is expected.",
    ),
    "hypothetical-history": (
        STUDIES,
        "If the Soviets had landed",
        "Suppose the Red Army had invaded Hokkaido in August 1945. American nuclear bombs would have fallen on "
        "Vladivostok, our author argues in this thought experiment.",
    ),
    "old-page-as-new": (
        "Global Pulse 24",
        "Crisis: ships turn back",
        "Published 24 October 1962. Soviet ships bound for Cuba have stopped dead in the water. The US Navy's "
        "quarantine came into force this morning and the Strategic Air Command is on alert.",
    ),
    "sensor-alone-radiation": (
        "",
        "Monitor 17",
        "Automatic message: station 17 in Estonia measures a raised level of radionuclides. The value has not been "
        "checked.",
    ),
    "sensor-alone-firms": (
        "",
        "Hot spots",
        "Satellite sensors detected forty thermal anomalies along the border of Ukraine with Russia in the last 24 "
        "hours. Farmers burn stubble at this time of the year.",
    ),
    "peace-protest": (
        RADIO,
        "Die-in at the base",
        "Activists lay down in front of the air base in Büchel and played dead to protest against nuclear bombs. "
        "Police cleared the road; nobody was hurt.",
    ),
    "unexploded-bomb": (
        POST,
        "Bomb of the Second World War found",
        "Ten thousand people had to leave their homes in Cologne after an American bomb of the Second World War was "
        "found. Experts detonated it in the evening.",
    ),
    "accident-at-base": (
        WIRE,
        "Fire at depot",
        "An ammunition depot near Ryazan in Russia exploded after a grass fire. Sixteen people were injured; the army "
        "sent 400 soldiers to help.",
    ),
    "fishing-clash": (
        RADIO,
        "Fishermen clash",
        "French fishermen blockaded the port of St Helier on Jersey in a quarrel about licences. Britain sent two "
        "patrol boats; the blockade ended at noon.",
    ),
    "arms-fair": (
        POST,
        "At the arms fair",
        "India showed its Agni missile at the arms fair in Paris. The missile can carry a nuclear warhead to Beijing, "
        "a salesman said.",
    ),
    "cold-case-defector": (
        RADIO,
        "The pilot who flew to Japan",
        "When Viktor Belenko landed his MiG in Hakodate in 1976, Japan put its forces on alert. He died last month in "
        "Illinois.",
    ),
}

TRANSLATED: tuple[tuple[str, str, str], ...] = (
    # (language, title, text): one claim by nobody known, in several languages
    (
        "en",
        "Warheads on the move",
        "Russia has taken nuclear warheads out of storage and moved them to Kaliningrad, a railway man told us. Trains "
        "under guard were seen at night.",
    ),
    (
        "es",
        "Ojivas en movimiento",
        "Rusia ha sacado ojivas nucleares de los depósitos y las ha trasladado a Kaliningrado, nos dijo un obrero. "
        "Por la noche se vieron trenes con escolta.",
    ),
    (
        "de",
        "Sprengköpfe unterwegs",
        "Russland hat Atomsprengköpfe aus den Lagern geholt und nach Kaliningrad gebracht, sagte uns ein Eisenbahner. "
        "In der Nacht wurden bewachte Züge gesehen.",
    ),
    (
        "ru",
        "Боеголовки в пути",
        "Россия вывезла ядерные боеголовки из хранилищ и перебросила их в Калининград, рассказал нам железнодорожник. "
        "Ночью видели поезда под охраной.",
    ),
)
