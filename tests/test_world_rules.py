"""The world's tables hold what the chain needs, agree with each other, and say only what a form may prove."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise
from typing import TypeVar

import pytest

from tocsin.rules.reading import Fault
from tocsin.rules.world import (
    BODIES,
    CHRONOLOGY,
    GROUPS,
    MATERIEL,
    PEOPLE,
    SECTORS,
    STATES,
    Entity,
    Form,
    Happening,
    MaterielType,
    State,
    exists_on,
    first_day,
    form,
    holders,
    last_day,
    offices_on,
    parse_chronology,
    parse_entities,
    parse_materiel,
    parse_states,
)
from world import rule_files

T = TypeVar("T")

WATCHED = """
    USA RUS UKR GBR FRA DEU POL BLR LTU LVA EST FIN SWE NOR TUR PRK KOR JPN CHN TWN PHL IND PAK IRN ISR LBN PSE SYR
    IRQ SAU ARE QAT YEM OMN BHR KWT EGY ARM AZE GEO VEN CUB NIC COL BRA GUY TTO ESP
"""
# Words of everyday English that also name somebody or something: never a strong form by themselves.
EVERYDAY = """
    may bush rice powell brown price story hook power carter clinton kirby graham hunt baker gates truss bolton
    duque correa morales kennedy truman musk sharon mao xi kim moon wagner azov senate congress contra buk grad
    tor stinger javelin trident tomahawk jordan chad georgia guinea us who is eta mit sana rt it no
"""
CAST_OF_2019 = """
    maduro guaido cabello padrino arreaza rodriguez-delcy rodriguez-jorge lopez-leopoldo faurie duque abrams
    bolton pompeo pence rubio faller zaemsky zakharova peskov ryabkov lavrov shoigu tonkoshkurov putin trump
    sanchez-pedro borrell mogherini almagro guterres diaz-canel bolsonaro chabaev
"""


@cache
def states() -> Mapping[str, State]:
    faults: list[Fault] = []
    return _clean(parse_states(rule_files(), faults), faults)


@cache
def entities() -> Mapping[str, Entity]:
    faults: list[Fault] = []
    return _clean(parse_entities(rule_files(), states(), faults), faults)


@cache
def materiel() -> Mapping[str, MaterielType]:
    faults: list[Fault] = []
    return _clean(parse_materiel(rule_files(), states(), faults), faults)


@cache
def chronology() -> Mapping[str, Happening]:
    faults: list[Fault] = []
    return _clean(parse_chronology(rule_files(), states(), faults), faults)


def _clean(parsed: T, faults: list[Fault]) -> T:
    assert not faults, "\n".join(map(str, faults))
    return parsed


# ------------------------------------------------------------------ what is there


def test_the_tables_are_large_enough() -> None:
    kinds = Counter(entity.kind for entity in entities().values())
    present = [s for s in states().values() if s.until is None]
    assert len(present) >= 193 + 4
    assert kinds["person"] >= 450
    assert kinds["body"] >= 150
    assert kinds["group"] >= 80
    assert len(materiel()) >= 170
    assert len(chronology()) >= 220


@pytest.mark.parametrize("country", WATCHED.split())
def test_every_state_of_an_area_has_its_people_forms_and_places(country: str) -> None:
    state = states()[country]
    languages = {f.language for f in state.forms if f.use == "name"}
    assert {"en", "es", "fr", "ru"} <= languages
    assert state.adjectives
    assert state.capital
    assert any(e.country == country for e in entities().values()), f"nobody acts for {country}"


def test_nuclear_armed_states_are_the_nine_and_the_soviet_union() -> None:
    armed = {s.id for s in states().values() if s.nuclear_armed}
    assert armed == {"USA", "RUS", "GBR", "FRA", "CHN", "IND", "PAK", "ISR", "PRK", "SUN"}


def test_nato_has_its_thirty_two_members() -> None:
    assert sum("NATO" in s.alliances for s in states().values()) == 32
    assert sum("EU" in s.alliances for s in states().values()) == 27


def test_capitals_lie_in_the_right_quarter_of_the_world() -> None:
    quarters = {"VEN": (True, False), "RUS": (True, True), "ARG": (False, False), "AUS": (False, True)}
    for country, quarter in quarters.items():
        state = states()[country]
        assert (state.lat > 0, state.lon > 0) == quarter, country


# ------------------------------------------------------------------ what a form may prove


def test_country_codes_match_in_their_own_case_only() -> None:
    loose = [f.text for s in states().values() for f in s.forms if f.use == "code" and not f.exact]
    assert not loose


def test_acronyms_of_entities_match_in_their_own_case_only() -> None:
    loose = [f.text for e in entities().values() for f in e.forms if f.text.isascii() and _short(f) and not f.exact]
    assert not loose


def _every_form() -> Iterable[Form]:
    yield from (f for s in states().values() for f in s.forms)
    yield from (f for e in entities().values() for f in e.forms)
    yield from (f for m in materiel().values() for f in m.forms)


def _short(candidate: Form) -> bool:
    return len(candidate.text) <= 4 and candidate.text.isupper() and candidate.text.isalpha()


def test_everyday_words_are_weak_or_exact_forms() -> None:
    everyday = set(EVERYDAY.split())
    loose = {f.text for f in _every_form() if f.text.lower() in everyday and not (f.weak or f.exact)}
    assert not loose


def test_no_strong_form_names_two_things() -> None:
    owners: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    for state in states().values():
        for f in state.forms:
            if not f.weak:
                owners[f.text.lower(), f.language].add(state.id)
    for entity in entities().values():
        for f in entity.forms:
            if not f.weak:
                owners[f.text.lower(), None].add(entity.id)
    for kind in materiel().values():
        for f in kind.forms:
            if not f.weak:
                owners[f.text.lower(), None].add(kind.id)
    assert not {text: ids for text, ids in owners.items() if len(ids) > 1}


def test_a_state_s_stem_does_not_swallow_another_state_s_form() -> None:
    stems = [(f, s.id) for s in states().values() for f in s.forms if f.stem]
    others = [(f, s.id) for s in states().values() for f in s.forms]
    swallowed = [
        (stem.text, f.text)
        for stem, owner in stems
        for f, other in others
        if owner != other and f.language == stem.language and f.text.lower().startswith(stem.text.lower())
    ]
    assert not swallowed


def test_marks_are_taken_off_and_kept() -> None:
    assert form("=US", "code") == Form("US", "code", exact=True)
    assert form("?=MED*", "alias") == Form("MED", "alias", exact=True, weak=True, stem=True)
    for f in _every_form():
        assert f.text == f.text.strip()
        assert f.text
        assert not set(f.text) & set("=?*|"), f


# ------------------------------------------------------------------ who held what, when


@pytest.mark.parametrize(
    ("role", "country", "date", "expected"),
    [
        ("president", "VEN", "2019-03-25", {"maduro"}),
        ("interim president", "VEN", "2019-03-25", {"guaido"}),
        ("foreign minister", "VEN", "2019-03-25", {"arreaza"}),
        ("president", "RUS", "2019-03-25", {"putin"}),
        ("president", "RUS", "2012-03-26", {"medvedev"}),
        ("president", "USA", "2012-03-26", {"obama"}),
        ("secretary of state", "USA", "2019-05-02", {"pompeo"}),
        ("national security adviser", "USA", "2019-05-02", {"bolton"}),
        ("foreign minister", "RUS", "2019-07-23", {"lavrov"}),
        ("deputy foreign minister", "RUS", "2019-07-23", {"ryabkov", "grushko", "bogdanov"}),
        ("defence minister", "RUS", "2024-06-01", {"belousov"}),
        ("prime minister", "ESP", "2019-02-04", {"sanchez-pedro"}),
        ("prime minister", "GBR", "2022-10-01", {"truss"}),
        ("prime minister", "ISR", "2021-06-12", {"netanyahu"}),
        ("prime minister", "ISR", "2021-07-01", {"bennett"}),
        ("supreme leader", "IRN", "2019-06-20", {"khamenei"}),
        ("chancellor", "DEU", "2022-02-24", {"scholz"}),
        ("president", "KOR", "2025-05-01", set()),
    ],
)
def test_offices_are_held_by_the_right_people(role: str, country: str, date: str, expected: set[str]) -> None:
    assert {e.id for e in holders(entities(), role, country, date)} == expected


def test_an_office_ends() -> None:
    bolton = entities()["bolton"]
    assert [o.role for o in offices_on(bolton, "2019-09-10")] == ["national security adviser"]
    assert offices_on(bolton, "2019-09-11") == ()


def test_one_head_of_government_at_a_time() -> None:
    """No two people hold an office that only one can hold, for more than the day of the handover."""
    sole = {"president", "prime minister", "chancellor", "secretary of state", "supreme leader", "foreign minister"}
    spans: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for entity in entities().values():
        for office in entity.offices:
            if office.role in sole and office.country != "IGO":
                start, end = office.from_ or "0001-01-01", office.until or "9999-12-31"
                spans[office.role, office.country].append((start, end, entity.id))
    clashes = []
    for (role, country), held in spans.items():
        held.sort()
        for earlier, later in pairwise(held):
            if later[0] < earlier[1] and later[0][:7] != earlier[1][:7]:
                clashes.append((role, country, earlier, later))
    assert not clashes


def test_the_cast_of_venezuela_2019_is_complete() -> None:
    assert set(CAST_OF_2019.split()) <= set(entities())


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("Maria Zajarova", "zakharova"),
        ("Песков", "peskov"),
        ("Рябков", "ryabkov"),
        ("Vladimir Zaiemski", "zaemsky"),
        ("Netanyahou", "netanyahu"),
        ("Jamenei", "khamenei"),
        ("Choïgou", "shoigu"),
        ("Kim Jong Un", "kim-jong-un"),
        ("OTAN", "nato"),
        ("PDVSA", "pdvsa"),
    ],
)
def test_transliterations_lead_to_one_person(surface: str, expected: str) -> None:
    found = {e.id for e in entities().values() for f in e.forms if f.text == surface}
    assert found == {expected}


def test_everybody_s_sector_is_one_of_plover_s() -> None:
    assert {o.sector for e in entities().values() for o in e.offices if o.sector} <= SECTORS
    assert all(e.sector for e in entities().values())


# ------------------------------------------------------------------ materiel and the past


@pytest.mark.parametrize(
    ("surface", "materiel_class"),
    [
        ("S-300", "air-defence missile"),
        ("Antonov 124", "transport aircraft"),
        ("Il-62", "transport aircraft"),
        ("Ilyushin IL-62M", "transport aircraft"),
        ("Mi-17V-5", "transport helicopter"),
        ("EP-3", "reconnaissance aircraft"),
        ("Tu-160", "bomber"),
        ("battle tanks", "main battle tank"),
        ("nuclear submarines", "nuclear submarine"),
    ],
)
def test_materiel_has_the_right_class(surface: str, materiel_class: str) -> None:
    assert {m.materiel_class for m in materiel().values() for f in m.forms if f.text == surface} == {materiel_class}


def _tells(happening: Happening, text: str) -> bool:
    return all(any(f" {word} " in f" {text} " for word in group) for group in happening.words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the cuban missile crisis in 1962", "cuban-missile-crisis"),
        ("the blackout in venezuela", "ven-blackout-2019"),
        ("the september 11 attacks on new york", "sept-11"),
        ("survivors of 9/11 attacks", "sept-11"),
        ("russia annexed crimea", "crimea-annexed"),
        ("the hanoi summit between trump and kim jong un", "hanoi-2019"),
    ],
)
def test_a_happening_is_known_by_its_words(text: str, expected: str) -> None:
    assert expected in {h.id for h in chronology().values() if _tells(h, text)}


@pytest.mark.parametrize(
    "text", ["the president met his cabinet in caracas", "troops moved to the border on 11 september", "a power cut"]
)
def test_plain_news_tells_of_no_happening(text: str) -> None:
    assert not [h.id for h in chronology().values() if _tells(h, text)]


def test_happenings_stand_in_order_and_are_short_or_wars() -> None:
    starts = [h.date_start for h in chronology().values()]
    assert starts == sorted(starts)
    assert starts[0] >= "1944"
    areas = {c for h in chronology().values() for c in h.countries}
    assert {"USA", "RUS", "UKR", "PRK", "TWN", "IND", "PAK", "IRN", "ISR", "YEM", "ARM", "AZE", "VEN", "CUB"} <= areas


def test_the_soviet_union_has_ended() -> None:
    assert exists_on(states()["SUN"], "1962-10-20")
    assert not exists_on(states()["SUN"], "2019-01-01")
    assert states()["SUN"].successor == "RUS"


# ------------------------------------------------------------------ faults


def test_days_meant_by_partial_dates() -> None:
    assert (first_day("2019"), last_day("2019")) == ("2019-01-01", "2019-12-31")
    assert (first_day("2024-02"), last_day("2024-02")) == ("2024-02-01", "2024-02-29")
    for wrong in ("2019-13", "2019-02-30", "19", "2019-00", ""):
        with pytest.raises(ValueError, match="expected"):
            first_day(wrong)


def _with(file: str, row: str) -> list[str]:
    """The faults of the tables as they ship with one row more."""
    files = dict(rule_files())
    files[file] = files[file].rstrip(b"\n") + b"\n" + row.encode() + b"\n"
    faults: list[Fault] = []
    known = parse_states(files, faults)
    parse_entities(files, known, faults)
    parse_materiel(files, known, faults)
    parse_chronology(files, known, faults)
    return [str(f) for f in faults]


@pytest.mark.parametrize(
    ("file", "row", "expected"),
    [
        (PEOPLE, "made-up\tMade Up\t\tQQQ\tGOV\tpresident\t2019\t2020\t", "known country"),
        (PEOPLE, "made-up\tMade Up\t\tVEN\tGOV\tpresident\t2020\t2019\t", "before until"),
        (PEOPLE, "made-up\tMade Up\t\tVEN\tELI\tpresident\t2019\t2020\t", "expected one of"),
        (PEOPLE, "made-up\tMade Up\t\tVEN\tGOV\tpresident\t2019\t2020\tno-such-body", "known parent"),
        (BODIES, "nato\tAnother\t\tIGO\tIGO\torganisation\t\t\t", "twice"),
        (GROUPS, "hamas\tAnother\t\tPSE\tUAF\tgroup\t\t\t", "twice"),
        (MATERIEL, "thing\tThing\t?thing\ttank\t\tmilitary\t", "context"),
        (MATERIEL, "thing\tThing\tthing\ttank\tQQQ\tmilitary\t", "known maker"),
        (CHRONOLOGY, "x\t2019-01-01\t2018-01-01\tVEN\tone|two\tX", "before date_end"),
        (CHRONOLOGY, "x\t2019-01-01\t2019-01-01\tVEN\tOne|two\tX", "lower case"),
        (CHRONOLOGY, "x\t2019-01-01\tVEN", "cells"),
        (STATES, "VEN" + "\t" * 22, "twice"),
    ],
)
def test_a_wrong_row_is_a_fault(file: str, row: str, expected: str) -> None:
    assert any(expected in fault for fault in _with(file, row))
