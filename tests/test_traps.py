"""Reports that must not alarm, and reports that must.

A trap stands alone before the whole chain, from a good source where that makes it harder: afterwards every
area is at 5 or unwatched, and no indicator of posture, nuclear or kinetic danger is on.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

import alarms as more_alarms
import traps as more_traps
from telling import alarms, lit
from tocsin.records import Assessment
from tocsin.rules import Rules, parse
from tocsin.study import assess
from world import ROOT, rule_files

DATE = "2021-06-15"


@cache
def outlets() -> Rules:
    """The rules as they ship, and the outlets of the bundled exercise, which do not exist."""
    invented = {f"sources/{path.name}": path.read_bytes() for path in (ROOT / "demo" / "sources").glob("*.toml")}
    return parse({**rule_files(), **invented})


def judged(folder: Path, *pages: dict[str, str]) -> Assessment:
    """The assessment of pages given as JSON Lines, as of the end of the day of the last."""
    path = folder / "pages.jsonl"
    lines = [{"id": f"page-{n}", "published": DATE, "language": "en"} | page for n, page in enumerate(pages)]
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return assess([str(path)], outlets(), f"{lines[-1]['published'][:10]}T23:59:59Z")[0]


TRAPS: dict[str, tuple[str, str, str]] = {
    # name: (source, title, text)
    "rumour": (
        "",
        "Shock claim",
        "There are rumours that Russia has moved nuclear warheads to Belarus. The claim could not be verified.",
    ),
    "rumour-in-a-good-paper": (
        "Reuters",
        "Officials look into rumour",
        "Unconfirmed reports on social media claimed that China had fired missiles at Taiwan. Nobody has confirmed "
        "the reports.",
    ),
    "anonymous-alarm": (
        "",
        "It begins",
        "Russia has put its nuclear forces on the highest alert. NATO soldiers are fighting Russian soldiers.",
    ),
    "anniversary-hiroshima": (
        "BBC News",
        "Hiroshima remembers",
        "Hiroshima marked the anniversary of the atomic bombing on Sunday. In August 1945 the United States dropped "
        "a nuclear bomb on the city, killing 140,000 people.",
    ),
    "anniversary-invasion": (
        "The Guardian",
        "Fifty years on",
        "Fifty years ago Soviet tanks rolled into Czechoslovakia. The invasion in August 1968 ended the Prague Spring.",
    ),
    "anniversary-missile-crisis": (
        "Reuters",
        "Cuba, 1962",
        "In October 1962 the Soviet Union shipped nuclear missiles to Cuba and the United States declared a naval "
        "blockade. Kennedy put bombers on alert.",
    ),
    "able-archer": (
        "The Washington Post",
        "How close it was",
        "In November 1983 the Soviet Union put its nuclear forces in East Germany on alert during a NATO exercise, "
        "declassified papers show.",
    ),
    "video-game": (
        "The Guardian",
        "Review: Red Front 4",
        "In the new video game, Russian forces invade Poland and launch nuclear missiles at Warsaw. Players command "
        "a tank brigade and fight NATO troops.",
    ),
    "film": (
        "The New York Times",
        "Film review",
        "The film imagines a nuclear war between India and Pakistan. In the last act Pakistan launches a warhead at "
        "Delhi.",
    ),
    "novel": (
        "The Telegraph",
        "A thriller of the coming war",
        "In his new novel China invades Taiwan and sinks an American aircraft carrier. The story is gripping.",
    ),
    "satire": (
        "The Onion",
        "Putin declares war on Monday",
        "Russian President Vladimir Putin declared war on Monday mornings and put his nuclear forces on alert until "
        "the weekend.",
    ),
    "routine-exercise": (
        "Reuters",
        "Annual drill",
        "Russia began its annual military exercise in the western district on Monday. The drill was announced last "
        "year and observers were invited.",
    ),
    "nuclear-drill": (
        "Associated Press",
        "NATO holds yearly nuclear exercise",
        "NATO began its yearly nuclear deterrence exercise on Monday. No live weapons are used in the drill, the "
        "alliance said.",
    ),
    "civil-drill": (
        "BBC News",
        "Sirens in Taipei",
        "Sirens sounded in Taipei on Tuesday in an annual air raid drill that simulated a Chinese missile attack.",
    ),
    "false-alarm": (
        "Associated Press",
        "A mistake in Hawaii",
        "An alert warning of a ballistic missile headed for Hawaii was sent by mistake. There was no missile, the "
        "governor said.",
    ),
    "scheduled-test": (
        "Reuters",
        "Minuteman test",
        "The United States Air Force test-launched an unarmed missile on a schedule set years ago, and had told "
        "other states in advance.",
    ),
    "denial-alone": (
        "Reuters",
        "Kremlin denies",
        "The Kremlin denied that Russian troops have entered Ukraine.",
    ),
    "denial-of-alert": (
        "Reuters",
        "No change of alert",
        "Pakistan's army denied reports that it had raised the alert of its nuclear forces.",
    ),
    "no-plan": (
        "Reuters",
        "No plan to invade",
        "Russia has no plans to invade Ukraine, Foreign Minister Sergei Lavrov said.",
    ),
    "fear": (
        "BBC News",
        "Taiwan fears",
        "Taiwan fears that China could invade the island within six years.",
    ),
    "scenario": (
        "The Economist",
        "What if?",
        "If China invaded Taiwan, American forces would fight Chinese forces, a study by a think-tank found. Up to "
        "two aircraft carriers would be sunk.",
    ),
    "wargame": (
        "Reuters",
        "War game shows losses",
        "In a war game run by a think-tank in Washington, Chinese missiles struck American bases in Japan.",
    ),
    "nuclear-winter-study": (
        "The Guardian",
        "Study",
        "A nuclear war between India and Pakistan would kill 50 million people, scientists have calculated.",
    ),
    "trial": (
        "Associated Press",
        "Court hears plot",
        "A court in Germany heard on Tuesday how the accused had planned an attack on a nuclear plant in 2015.",
    ),
    "metaphor-nuclear-option": (
        "The Washington Post",
        "Senate showdown",
        "The Senate leader threatened to go nuclear over the judges. The nuclear option would end the filibuster.",
    ),
    "metaphor-sport": (
        "BBC Sport",
        "Russia bombed",
        "Spain destroyed Russia 4-0 in Moscow on Saturday. The Spanish attack hit the Russian defence from all sides.",
    ),
    "metaphor-trade": (
        "Bloomberg",
        "Trade war",
        "China fired back in the trade war with the United States on Monday, hitting soybeans with new tariffs.",
    ),
    "metaphor-words": (
        "Reuters",
        "War of words",
        "Turkey and Greece fought a war of words over gas. The Greek minister blasted Ankara.",
    ),
    "price-explosion": (
        "Bloomberg",
        "Markets",
        "Oil prices exploded on Monday and American shares were hammered. Iran strikes a deal with Iraq on gas.",
    ),
    "labour-strike": (
        "Reuters",
        "Strike at the port",
        "Workers at the port of Odessa went on strike and blockaded the gates. Dockers clashed with police.",
    ),
    "locusts": (
        "BBC News",
        "Locusts invade",
        "Swarms of locusts invaded Pakistan from India and destroyed crops. The army sent soldiers to help farmers.",
    ),
    "floods": (
        "Associated Press",
        "Flood relief",
        "China mobilised 100,000 soldiers against the floods on the Yangtze. The army sent boats and helicopters.",
    ),
    "peacekeepers": (
        "Reuters",
        "Peacekeepers rotate",
        "India sent 200 soldiers to the United Nations peacekeeping mission in South Sudan.",
    ),
    "parade": (
        "Reuters",
        "Parade in Pyongyang",
        "North Korea showed new missiles at a military parade on Thursday night to mark the founding of the party.",
    ),
    "reactor-accident": (
        "BBC News",
        "Chernobyl, 35 years after",
        "Thirty-five years after the explosion at the Chernobyl nuclear plant in Ukraine, wolves roam the zone.",
    ),
    "power-plant-outage": (
        "Reuters",
        "Reactor shut down",
        "A reactor at the Zaporizhzhia nuclear plant was disconnected for planned repairs on Friday.",
    ),
    "earthquake": (
        "Reuters",
        "Quake",
        "An earthquake of magnitude 5.6 shook the north of India on Monday. No damage was reported.",
    ),
    "one-sensor": (
        "",
        "Seismic station",
        "A seismic station recorded an event of magnitude 4.1 in North Korea on Monday. The agency said that it may "
        "have been a nuclear test.",
    ),
    "old-pact": (
        "Reuters",
        "Treaty anniversary",
        "NATO was founded in 1949. Since then an attack on one member has been regarded as an attack on all.",
    ),
    "arms-sale": (
        "Reuters",
        "India buys missiles",
        "India signed a contract to buy S-400 air defence missiles from Russia for 5 billion dollars in 2018.",
    ),
    "homecoming": (
        "Associated Press",
        "Troops come home",
        "The last American soldiers came home from Afghanistan on Monday.",
    ),
    "opinion": (
        "The Wall Street Journal",
        "Opinion: Strike Iran now",
        "Opinion. The United States should bomb Iran's nuclear plants before it is too late. Iran will use the bomb "
        "if it gets one.",
    ),
    "quiz": (
        "BBC News",
        "Quiz of the week",
        "Which country tested a nuclear bomb in 1998? Who invaded Kuwait? Take our quiz.",
    ),
    "obituary": (
        "The New York Times",
        "Obituary",
        "The general, who has died aged 94, led tanks across the Suez canal in 1973 when Egypt attacked Israel.",
    ),
    "museum": (
        "The Guardian",
        "A silo becomes a museum",
        "Visitors to the museum in Ukraine can press the button that would have launched nuclear missiles at America.",
    ),
    "summit": (
        "Reuters",
        "Presidents meet",
        "President Biden and President Putin met in Geneva on Wednesday and agreed to return their ambassadors.",
    ),
    "threat-alone": (
        "Reuters",
        "Harsh words",
        "Iran's foreign minister warned Israel on Monday that any attack would be met with a harsh response.",
    ),
    "cyber-crime": (
        "Reuters",
        "Hackers",
        "Hackers attacked a pipeline company in the United States and demanded a ransom of 5 million dollars.",
    ),
    "spacewalk": (
        "BBC News",
        "Rocket launch",
        "Russia launched a rocket with three astronauts to the space station on Friday.",
    ),
}


EVERY_TRAP = {**TRAPS, **more_traps.MORE}


def test_there_are_traps_and_alarms_enough() -> None:
    assert len(EVERY_TRAP) == len(TRAPS) + len(more_traps.MORE) >= 100
    assert len(EVERY_ALARM) == len(ALARMS) + len(more_alarms.MORE) >= 45


@pytest.mark.parametrize("name", sorted(EVERY_TRAP))
def test_a_trap_does_not_alarm(name: str, tmp_path: Path) -> None:
    source, title, text = EVERY_TRAP[name]
    assert alarms(judged(tmp_path, {"source": source, "title": title, "text": text})) == set()


def test_a_rumour_in_a_thousand_copies_is_one_origin(tmp_path: Path) -> None:
    text = (
        "Russia has moved nuclear warheads out of storage and towards the border with Poland, a source close to the "
        "matter told us. Trains with the weapons were seen in the night. The forces of the alliance have been put on "
        "alert and the ambassadors were told to leave, the source said."
    )
    sites = [{"url": f"https://site{n % 200}.example/{n}", "title": "It moves", "text": text} for n in range(1000)]
    assessment = judged(tmp_path, *sites)
    assert alarms(assessment) == set()
    assert all(j.coverage.origins <= 1 for j in assessment.judgements)
    assert all(f.origins <= 1 for f in assessment.findings)


def test_one_claim_in_four_languages_does_not_alarm(tmp_path: Path) -> None:
    pages = [
        {"url": f"https://site-{language}.example/1", "title": title, "text": text, "language": language}
        for language, title, text in more_traps.TRANSLATED
    ]
    assert alarms(judged(tmp_path, *pages)) == set()


def test_an_old_story_going_round_again_does_not_alarm(tmp_path: Path) -> None:
    text = (
        "Ukrainian soldiers and Russian-backed fighters exchanged fire at Donetsk airport on Monday. Four soldiers "
        "were killed when shells hit the terminal, the army said. Both sides accused each other."
    )
    old = {"source": "Reuters", "published": "2015-01-13", "title": "Airport", "text": text}
    again = {"source": "Daily Mail", "published": DATE, "title": "Shells hit airport", "text": text}
    assessment = judged(tmp_path, old, again)
    assert alarms(assessment) == set()


ALARMS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    # name: (area, indicator, texts of independent sources in order of SOURCES)
    "nuclear-alert": (
        "nato-russia",
        "N1",
        (
            "Russian President Vladimir Putin ordered the defence ministry to put Russia's nuclear deterrence forces "
            "on high alert on Monday.",
            "Putin put the nuclear forces of Russia on high alert, the Kremlin said on Monday.",
        ),
    ),
    "invasion": (
        "nato-russia",
        "K6",
        (
            "Russian forces invaded Ukraine on Monday, attacking from three sides.",
            "Russia launched an invasion of Ukraine. Russian tanks crossed the border on Monday.",
        ),
    ),
    "border-clash": (
        "india-china",
        "K1",
        (
            "Twenty Indian soldiers were killed in a clash with Chinese troops on the border in Ladakh on Monday.",
            "Chinese soldiers killed at least 20 Indian soldiers in a fight in the Galwan valley, the Indian army "
            "said.",
        ),
    ),
    "shoot-down": (
        "iran-israel-us",
        "K2",
        (
            "Iran shot down an American drone over the Strait of Hormuz on Monday, the Revolutionary Guards said.",
            "An Iranian missile shot down a United States military drone, the Pentagon said on Monday.",
        ),
    ),
    "build-up": (
        "nato-russia",
        "P2",
        (
            "Russia has massed more than 100,000 troops near the border with Ukraine.",
            "Russia sent more tanks and soldiers to the border with Ukraine, the Pentagon said on Monday.",
        ),
    ),
    "mobilisation": (
        "nato-russia",
        "P1",
        (
            "President Vladimir Putin announced a partial mobilisation and called up 300,000 reservists on Monday.",
            "Russia called up reservists on Monday after Putin ordered a partial mobilisation.",
        ),
    ),
    "strike-on-nuclear-state": (
        "india-pakistan",
        "K3",
        (
            "Indian warplanes bombed a camp in Balakot in Pakistan on Monday.",
            "India's air force struck targets in Pakistan on Monday, the Indian foreign ministry said.",
        ),
    ),
    "nuclear-test": (
        "korea",
        "N4",
        (
            "North Korea conducted a nuclear test on Monday, state media said.",
            "North Korea carried out an underground nuclear test on Monday, the South Korean military said.",
            "North Korea has detonated a nuclear device, the Japanese government confirmed on Monday.",
        ),
    ),
    "missile-test": (
        "korea",
        "N3",
        (
            "North Korea fired a ballistic missile over Japan on Monday, South Korea's military said.",
            "North Korea test-fired a ballistic missile on Monday, the Japanese government said.",
        ),
    ),
    "embassy-leaves": (
        "nato-russia",
        "D4",
        (
            "The United States ordered the families of its embassy staff to leave Ukraine on Monday.",
            "The State Department told the families of diplomats in Kyiv to leave Ukraine.",
        ),
    ),
    "ambassador-expelled": (
        "nato-russia",
        "D1",
        (
            "Russia expelled the American ambassador on Monday.",
            "The Russian foreign ministry said that it had expelled the ambassador of the United States.",
        ),
    ),
    "ultimatum": (
        "korea",
        "R3",
        (
            "North Korea gave South Korea 48 hours to stop the loudspeakers, an ultimatum by its army said.",
            "North Korea issued an ultimatum to South Korea and set a deadline of 48 hours.",
        ),
    ),
    "threat": (
        "taiwan",
        "R2",
        (
            "China threatened to take military action against Taiwan if the visit goes ahead.",
            "China's defence ministry threatened Taiwan with an attack on Monday.",
        ),
    ),
    "treaty-left": (
        "nato-russia",
        "R4",
        (
            "Russia withdrew from the arms control treaty with the United States on Monday.",
            "Russia said that it was leaving the nuclear arms treaty with the United States.",
        ),
    ),
    "ceasefire": (
        "caucasus",
        "Q1",
        (
            "Armenia and Azerbaijan agreed to a ceasefire, which took effect on Monday.",
            "A ceasefire between Armenia and Azerbaijan took effect on Monday, both armies said.",
        ),
    ),
    "summit-set": (
        "nato-russia",
        "Q2",
        (
            "President Biden and President Putin will meet at a summit in Geneva, the White House said.",
            "The Kremlin said that Putin would meet Biden at a summit in Geneva.",
        ),
    ),
}
SOURCES = ("Reuters", "BBC News", "Associated Press")
INVENTED = ("The Harbor Post", "Norden Radio", "Meridian Wire")
EVERY_ALARM = {**ALARMS, **more_alarms.MORE}
MISSES: dict[str, str] = {}


def _named(name: str) -> object:
    return pytest.param(name, marks=pytest.mark.xfail(reason=MISSES[name], strict=True)) if name in MISSES else name


@pytest.mark.parametrize("name", [_named(name) for name in sorted(EVERY_ALARM)])
def test_a_true_alarm_lights_its_indicator(name: str, tmp_path: Path) -> None:
    area, indicator, texts = EVERY_ALARM[name]
    outlets = INVENTED if name in more_alarms.MORE else SOURCES
    pages = [{"source": source, "title": "", "text": text} for source, text in zip(outlets, texts, strict=False)]
    assessment = judged(tmp_path, *pages)
    found = {j.area: lit(j) for j in assessment.judgements}
    assert indicator in found[area], {a: sorted(on) for a, on in found.items() if on}
