"""More reports that must alarm: (area, indicator, texts of independent outlets) by name. The outlets are those of the
bundled exercise; what they tell is invented, in the words in which such things are reported."""

MORE: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "alert-pakistan": (
        "india-pakistan",
        "N1",
        (
            "ISLAMABAD - Pakistan placed its nuclear forces on high alert on Monday, the office of Prime Minister "
            "Imran Khan said.",
            "Pakistan's government said it had raised the alert level of its strategic forces after the strikes.",
        ),
    ),
    "invasion-taiwan": (
        "taiwan",
        "K6",
        (
            "Chinese troops landed on Taiwan's west coast early on Monday, and Taipei said the invasion had begun.",
            "China launched an amphibious invasion of Taiwan on Monday with hundreds of ships, the island's defence "
            "ministry said.",
        ),
    ),
    "invasion-elsewhere": (
        "elsewhere",
        "K6",
        (
            "Eritrean troops invaded Ethiopia on Monday, crossing the border at three places.",
            "Ethiopia said that Eritrea had launched an invasion with tanks and artillery on Monday.",
        ),
    ),
    "invasion-essequibo": (
        "venezuela",
        "K6",
        (
            "Venezuelan soldiers crossed the border into Guyana on Monday and invaded the Essequibo region.",
            "Venezuela invaded Guyana on Monday, Guyana's president said in an address to the nation.",
        ),
    ),
    "clash-korea": (
        "korea",
        "K1",
        (
            "North and South Korean troops exchanged fire across the demilitarised zone on Monday; two soldiers were "
            "killed.",
            "North Korean soldiers fired at a South Korean guard post in the demilitarized zone on Monday, killing two "
            "soldiers, the South's military said.",
        ),
    ),
    "clash-caucasus": (
        "caucasus",
        "K1",
        (
            "Armenian and Azerbaijani forces clashed on the border on Monday, and at least 49 soldiers were killed.",
            "Azerbaijan's army shelled Armenian positions on the border on Monday, Yerevan said.",
        ),
    ),
    "clash-elsewhere": (
        "elsewhere",
        "K1",
        (
            "Thai and Cambodian soldiers traded fire near a disputed temple on their border on Monday, killing three.",
            "At least three soldiers died in a clash between Thai and Cambodian troops on the disputed border.",
        ),
    ),
    "shootdown-bomber": (
        "nato-russia",
        "K2",
        (
            "Turkey shot down a Russian fighter jet near the Syrian border on Monday, the Turkish army said.",
            "A Russian warplane was shot down by Turkish F-16s on Monday, Moscow confirmed.",
        ),
    ),
    "ship-sunk": (
        "korea",
        "K2",
        (
            "A North Korean submarine torpedoed and sank a South Korean warship on Monday, Seoul said.",
            "South Korea said that a North Korean torpedo had sunk its corvette, killing 46 sailors.",
        ),
    ),
    "tanker-attacked": (
        "gulf-red-sea",
        "K2",
        (
            "Iran's Revolutionary Guards seized a British tanker in the Strait of Hormuz on Monday.",
            "Iranian commandos seized a British-flagged tanker in the Gulf on Monday, the Foreign Office said.",
        ),
    ),
    "strike-on-israel": (
        "iran-israel-us",
        "K3",
        (
            "Iran launched more than 100 ballistic missiles at Israel on Monday night, the Israeli army said.",
            "Iranian missiles struck Israel on Monday; explosions were heard over Tel Aviv.",
        ),
    ),
    "strike-on-russia": (
        "nato-russia",
        "K3",
        (
            "Ukrainian missiles struck an air base in Russia's Kursk region on Monday, the governor said.",
            "Ukraine attacked an airfield deep inside Russia with drones on Monday, the army in Kyiv said.",
        ),
    ),
    "combat-of-nuclear-powers": (
        "india-pakistan",
        "K4",
        (
            "Indian and Pakistani troops fought with artillery and tanks in Kashmir on Monday, the Indian army said.",
            "Pakistani forces fought Indian troops across the Line of Control on Monday, the Pakistani army said.",
        ),
    ),
    "blockade-taiwan": (
        "taiwan",
        "K5",
        (
            "China announced a naval blockade of Taiwan's ports on Monday, the defence ministry in Beijing said.",
            "Chinese warships began a blockade of Taiwan on Monday, turning back merchant ships.",
        ),
    ),
    "terror-blamed": (
        "india-pakistan",
        "K7",
        (
            "India blamed Pakistan on Monday for the terrorist attack in Kashmir that killed 26 tourists.",
            "India accused Pakistan of backing the gunmen behind the attack in Kashmir.",
        ),
    ),
    "plant-shelled": (
        "nato-russia",
        "N6",
        (
            "Shells hit the Zaporizhzhia nuclear power plant on Monday and damaged a cooling tower, Ukraine's operator "
            "said.",
            "Shells struck the Zaporizhzhia nuclear power plant on Monday, the atomic energy agency of the United "
            "Nations said.",
        ),
    ),
    "missile-test-korea": (
        "korea",
        "N3",
        (
            "North Korea test-fired an intercontinental ballistic missile on Monday that landed in the sea off Japan.",
            "South Korea's military said that the North had launched a long-range ballistic missile on Monday.",
        ),
    ),
    "leaders-moved": (
        "nato-russia",
        "N7",
        (
            "Russia's leadership was moved to bunkers in the Urals on Monday, the Pentagon said.",
            "The Russian government has been relocated to an underground command post, Britain's army said.",
        ),
    ),
    "submarines-out": (
        "nato-russia",
        "P6",
        (
            "Nearly all of Russia's ballistic missile submarines have put to sea from Kaliningrad and the Kola, the "
            "Norwegian navy said on Monday.",
            "Russian missile submarines left their bases on Monday, the British defence ministry said, as tension with "
            "NATO over Ukraine grew.",
        ),
    ),
    "mobilisation-israel": (
        "iran-israel-us",
        "P1",
        (
            "Israel called up 300,000 reservists on Monday, the army said, after rockets from Iran hit the north.",
            "The Israeli army said that it was mobilising 300,000 reservists for a war with Iran.",
        ),
    ),
    "mobilisation-armenia": (
        "caucasus",
        "P1",
        (
            "Armenia declared martial law and a general mobilisation on Monday, Prime Minister Nikol Pashinyan said.",
            "Armenia's government ordered a general mobilisation after Azerbaijani forces attacked on Monday.",
        ),
    ),
    "carrier-sent": (
        "gulf-red-sea",
        "P2",
        (
            "The United States sent a second aircraft carrier to the Persian Gulf on Monday, the Pentagon said.",
            "A second American carrier strike group has been deployed to the Gulf, the Navy said on Monday.",
        ),
    ),
    "belarus-build-up": (
        "nato-russia",
        "P2",
        (
            "Russia moved 30,000 troops and S-400 missiles to Belarus, NATO Secretary General Jens Stoltenberg said on "
            "Monday.",
            "About 30,000 Russian soldiers have been deployed to Belarus near the border with Ukraine, the alliance "
            "said.",
        ),
    ),
    "snap-drill": (
        "taiwan",
        "P3",
        (
            "China began live-fire drills around Taiwan on Monday without prior notice, the island's ministry said.",
            "The Chinese military launched large-scale surprise exercises surrounding Taiwan on Monday.",
        ),
    ),
    "airspace-closed": (
        "india-pakistan",
        "P4",
        (
            "Pakistan closed its airspace to all traffic on Monday, the aviation authority said in a notice to airmen.",
            "Pakistan's civil aviation authority said that the airspace had been closed until further notice.",
        ),
    ),
    "field-hospitals": (
        "nato-russia",
        "P5",
        (
            "Russia has moved field hospitals and blood supplies to the border with Ukraine, three Polish officials "
            "said.",
            "Satellite images show that the Russian army has set up field hospitals near the Ukrainian border, the "
            "Pentagon said on Monday.",
        ),
    ),
    "relations-broken": (
        "iran-israel-us",
        "D1",
        (
            "Iran severed diplomatic relations with the United States on Monday and expelled its envoy.",
            "Iran broke off diplomatic relations with Washington, the Foreign Ministry in Tehran said on Monday.",
        ),
    ),
    "talks-broken-off": (
        "korea",
        "D2",
        (
            "North Korea broke off talks with the South on Monday, state media said.",
            "North Korea cancelled the talks with South Korea at short notice on Monday.",
        ),
    ),
    "hotline-cut": (
        "korea",
        "D3",
        (
            "North Korea cut its military hotline with the South on Monday, the Unification Ministry in Seoul said.",
            "North Korea severed all communication lines with South Korea on Monday, state media said.",
        ),
    ),
    "leave-now": (
        "iran-israel-us",
        "D4",
        (
            "Britain urged its citizens to leave Iran immediately on Monday, the Foreign Office said.",
            "The United States ordered non-essential staff to depart its embassy in Iran and told its citizens "
            "to leave now, the State Department said.",
        ),
    ),
    "article-four": (
        "nato-russia",
        "D5",
        (
            "Poland invoked Article 4 of the NATO treaty on Monday after a Russian missile fell on its territory.",
            "The North Atlantic Council held an emergency meeting on Monday at Poland's request, after a Russian "
            "missile came down there.",
        ),
    ),
    "nuclear-threat": (
        "nato-russia",
        "R1",
        (
            "President Vladimir Putin threatened on Monday to use nuclear weapons against NATO countries that send "
            "troops to Ukraine.",
            "Putin warned the West that Russia was ready to use nuclear weapons and not bluffing, the Kremlin said.",
        ),
    ),
}
