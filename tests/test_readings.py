"""What a careful reader would not confuse: datelines and actors, warnings and attacks, storms and armies,
evacuations and expulsions. All sentences are ours."""

from __future__ import annotations

from collections import Counter

import pytest

import readings
from tocsin.interpret import interpret
from tocsin.records import Statement
from tocsin.rules.grammar import TYPES
from world import document, rules


def told(text: str) -> tuple[Statement, ...]:
    return interpret(document(text), rules())


def of(text: str, kind: str) -> Statement:
    found = [s for s in told(text) if s.type == kind]
    assert found, f"no {kind} in {text!r}: {[(s.type, s.trigger.text) for s in told(text)]}"
    return found[0]


def types(text: str) -> set[str | None]:
    return {s.type for s in told(text)}


DATELINES = [
    "LIMA - Peru sent troops to Chile on Monday.",
    "LIMA (Harbour Wire) - Peru sent troops to Chile on Monday.",
    "Lima, March 4 (Reuters) - Peru sent troops to Chile on Monday.",
    "PORT AU PRINCE, Haiti (AP) -- Peru sent troops to Chile on Monday.",
]


@pytest.mark.parametrize("text", DATELINES)
def test_a_dateline_is_no_part_of_its_sentence(text: str) -> None:
    statement = of(text, "MOBILIZE")
    assert [a.text for a in statement.source] == ["Peru"]
    assert statement.text.startswith("Peru sent")
    assert {p.country for p in statement.place} == {"CHL"}


def test_what_a_dash_parts_is_no_dateline() -> None:
    assert of("Israel - Egypt's neighbour - attacked Syria.", "ASSAULT").text.startswith("Israel")


def test_a_publishers_name_is_no_place() -> None:
    text = "LIMA (Cambridge Wire) - Peru attacked Chile, officials told Cambridge Wire."
    assert all(p.country != "GBR" and p.name != "Cambridge" for s in told(text) for p in s.place)


def test_bare_offices_are_of_the_state_where_the_report_is_written() -> None:
    text = "ANKARA - Turkey has no troops in Niger, the Defence Ministry said.\n\nThe army said it knew nothing."
    speakers = {s.attribution.id for s in told(text) if s.attribution is not None}
    assert speakers == {"TUR/GOV", "TUR/MIL"}


def test_a_foreign_dateline_lends_nobody_its_state() -> None:
    text = "GENEVA - Turkey has no troops in Niger, the Defence Ministry said."
    assert all(s.attribution is None or s.attribution.country != "CHE" for s in told(text))


@pytest.mark.parametrize(
    "text",
    [
        "The envoy of Poland for Belarus, Jan Nowak, on Friday accused Russia of an attack.",
        "Polish envoy Jan Nowak on Friday accused Russia of attacking a village.",
        "Polish envoy Jan Nowak on Friday accused Russia of an attack on a village.",
    ],
)
def test_a_day_accuses_nobody(text: str) -> None:
    accusation, attack = of(text, "ACCUSE"), of(text, "ASSAULT")
    assert "Nowak" in accusation.source[0].name
    assert [a.country for a in attack.source] == ["RUS"]


def test_who_denies_is_not_who_is_moved() -> None:
    statement = of("Jan Nowak on Friday denied that Spanish troops were being moved to Mali.", "MOBILIZE")
    assert [a.country for a in statement.source] == ["ESP"]
    assert statement.stance == "denied"


def test_a_participle_and_they_are_of_the_main_subject() -> None:
    text = "Chinese soldiers opened fire on men who tried to cross a river, killing two women. They wounded nine."
    sources = [[a.country for a in s.source] for s in told(text) if s.type == "ASSAULT"]
    assert len(sources) > 1
    assert all(source == ["CHN"] for source in sources)


def test_people_called_after_their_state_are_people() -> None:
    assert of("Libyan gunmen killed three Italians.", "ASSAULT").target[0].sector == "CIV"


@pytest.mark.parametrize(
    "text",
    [
        "A storm killed four people in Haiti.",
        "The quake hit Chile, killing ten people.",
        "Nine Poles were killed in a bus crash in Italy.",
        "A fire killed two workers in Lagos.",
        "Storm hits Trinidad",
        "Russia will stay unless the United States destroys its missiles.",
    ],
)
def test_nature_and_accidents_attack_nobody(text: str) -> None:
    assert "ASSAULT" not in types(text)


def test_somebodys_fire_does() -> None:
    assert of("Israeli fire killed two Syrians.", "ASSAULT").source[0].country == "ISR"


@pytest.mark.parametrize("text", ["The armed forces stood by the king.", "An armed group met the mayor of Lagos."])
def test_armed_is_no_aid(text: str) -> None:
    assert "AID" not in types(text)


def test_who_rejects_a_demand_makes_none() -> None:
    assert types("Peru rejected the demand.") == {"REJECT"}


# (sentence, who would attack: countries, or none known)
WARNINGS = [
    ("Moscow warned Norway against an attack on Syria.", ["NOR"]),
    ("Moscow warned Norway against attacking Syria.", ["NOR"]),
    ("Moscow warns against an attack on Syria.", []),
    pytest.param(
        "Moscow warned countries outside the region against attacking Syria.",
        [],
        marks=pytest.mark.xfail(strict=True, reason="whoever warns nobody known is chosen as who would attack"),
    ),
    ("Poland called on Belarus not to attack Syria.", ["BLR"]),
]


@pytest.mark.parametrize(("text", "source"), WARNINGS)
def test_a_warning_is_no_attack_by_who_warns(text: str, source: list[str]) -> None:
    attack = of(text, "ASSAULT")
    assert [a.country for a in attack.source] == source
    assert attack.modality == "possible"


@pytest.mark.parametrize(
    ("text", "kind", "source", "target"),
    [
        ("Norway ordered its diplomats to leave Sudan.", "RETREAT", ["NOR"], []),
        ("Norway will withdraw all remaining staff from its embassy in Khartoum.", "RETREAT", ["NOR"], []),
        ("Norway closed its embassy in Sudan.", "RETREAT", ["NOR"], []),
        ("The last Norwegian diplomats left Sudan.", "RETREAT", ["NOR"], []),
        ("Sudan gave Norwegian diplomats 48 hours to leave.", "SANCTION", ["SDN"], ["NOR"]),
        ("Sudan ordered nine Norwegian diplomats to leave.", "SANCTION", ["SDN"], ["NOR"]),
        ("Norway suspended the treaty on Friday.", "REJECT", ["NOR"], []),
    ],
)
def test_leaving_and_being_sent_away(text: str, kind: str, source: list[str], target: list[str]) -> None:
    statement = of(text, kind)
    assert ([a.country for a in statement.source], [a.country for a in statement.target]) == (source, target)


@pytest.mark.parametrize(
    "text",
    [
        "Turkish mercenaries flew into Libya in the past few days.",
        "Turkish special forces had been flown to Libya.",
        "Turkish instructors arrived in Libya on Monday.",
        "An image shows S-400 missiles deployed at the base in Libya.",
    ],
)
def test_forces_that_come_are_mobilized(text: str) -> None:
    assert "MOBILIZE" in types(text)


def test_an_option_is_possible() -> None:
    assert of("Erdogan said that sending the army to Libya was an option.", "MOBILIZE").modality == "possible"
    assert of("The Kremlin said that all options were on the table.", "THREATEN").source[0].country == "RUS"


# ------------------------------------------------------------------ the table: tests/readings/*.tsv

ROWS = list(readings.rows())


def _marked(row: readings.Row) -> object:
    """A row that is known to be read wrongly must go on being so until its mark is taken away."""
    marks = [pytest.mark.xfail(strict=True, reason=row.misread)] if row.misread else []
    return pytest.param(row, marks=marks, id=f"{row.language}: {row.text} {row.type}")


@pytest.mark.parametrize("row", [_marked(row) for row in ROWS])
def test_a_sentence_is_read_as_a_careful_reader_reads_it(row: readings.Row) -> None:
    assert not readings.wrong(row, interpret(document(row.text, language=row.language), rules()))


def test_the_table_holds_every_root_in_every_language() -> None:
    sentences = Counter(language for language, _ in {(row.language, row.text) for row in ROWS})
    assert sentences["en"] >= 500
    assert min(sentences["es"], sentences["ru"]) >= 80
    for language in sentences:
        assert {row.type for row in ROWS if row.language == language} >= set(TYPES)


def test_few_rows_are_known_misreadings_and_each_says_why() -> None:
    assert sum(bool(row.misread) for row in ROWS) <= len(ROWS) // 12
