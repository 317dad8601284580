"""The five seed pages through the whole chain: what a newcomer must see. They are read where they lie
(beside TOCSIN_EVAL) and skipped, with the reason, where they are absent."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from tocsin import study
from tocsin.derive import work
from tocsin.interpret.study import actors_rows
from tocsin.judge import assess_object
from tocsin.records import Document, Membership, Statement, Work
from world import SEEDS, needs_seeds, rules

pytestmark = needs_seeds

WIRE, REPOST, BLOG, JULY, MANGLED = ("000", "001", "002", "003", "004")


@cache
def works() -> dict[str, Work]:
    found = [w for w in study.run([str(SEEDS)], rules(), work) if isinstance(w, Work)]
    return {w.document.input.rsplit("/", 1)[-1][:3]: w for w in found}


def told(page: str, *words: str) -> list[Statement]:
    """The statements of a page whose sentence holds all these words."""
    return [s for s in works()[page].statements if all(w.lower() in s.text.lower() for w in words)]


def numbers(found: list[Statement]) -> set[float]:
    return {q.value for s in found for q in s.quantities}


def said_by(found: list[Statement], name: str) -> bool:
    return any(s.attribution is not None and name in (s.attribution.name, s.attribution.id) for s in found)


def ids(page: str, *names: str) -> set[str | None]:
    """The ids under which mentions with one of these words in their text are known on a page."""
    rows = actors_rows(works()[page].document, rules())
    return {row["id"] for row in rows if any(name in row["text"] for name in names)}


def countries(actors: tuple[Any, ...]) -> set[str | None]:
    return {a.country for a in actors}


def russian_forces(page: str, *words: str) -> list[Statement]:
    return [s for s in told(page, *words) if "RUS" in countries(s.source) or s.type is None or s.quantities]


# ------------------------------------------------------------------ group


def memberships() -> dict[str, tuple[Document, Membership]]:
    found = study.group(study.documents([str(SEEDS)], rules()), rules())
    pairs = [item for item in found if isinstance(item, tuple)]
    return {d.input.rsplit("/", 1)[-1][:3]: (d, m) for d, m in pairs}


def test_the_repost_is_a_copy_of_the_first_and_the_five_are_not_one_story() -> None:
    found = memberships()
    assert found[REPOST][1].copy_of == found[WIRE][0].key
    assert found[REPOST][1].kind == "copy"
    assert len({m.family for _, m in found.values()}) == 4
    assert len({m.story for _, m in found.values()}) > 1


# ------------------------------------------------------------------ interpret


@pytest.mark.parametrize(
    ("page", "words", "number"),
    [
        (WIRE, ("contractors",), 400),
        (BLOG, ("Russian nationals",), 2000),
        (MANGLED, ("99 soldiers",), 99),
        (MANGLED, ("35 tons",), 35),
    ],
)
def test_russias_force_in_venezuela_is_told_with_its_number(page: str, words: tuple[str, ...], number: float) -> None:
    found = russian_forces(page, *words)
    assert number in numbers(found)


def test_the_two_thousand_are_reports_and_not_the_blogs_own_word() -> None:
    found = [s for s in told(BLOG, "2,000 Russian nationals") if 2000 in numbers([s])]
    assert any(s.stance == "unverified" or (s.attribution and "eport" in (s.attribution.text or "")) for s in found)


def test_the_planes_came_on_23_march_2019_though_the_page_leaves_out_the_year() -> None:
    dates = [s.when for s in told(MANGLED, "March 23") if s.when]
    assert ("2019-03-23", "inferred") in {(d.start, d.basis) for d in dates}


def test_the_troops_task_is_done_says_ryabkov() -> None:
    found = told(JULY, "tasks faced by the groups") + told(JULY, "completed their function")
    assert said_by(found, "ryabkov")


def test_zakharova_denies_any_contingent() -> None:
    found = [s for s in told(MANGLED, "no military contingent") if s.stance == "denied"]
    assert found
    assert said_by(told(MANGLED, "There is no military contingent"), "zakharova")


def test_peskov_confirms_specialists() -> None:
    found = told(MANGLED, "specialists", "Peskov confirmed")
    assert said_by(found, "peskov")
    assert all(s.stance == "asserted" for s in found if s.attribution)


def test_the_ambassador_calls_it_a_farce_and_chabaiev_confirms() -> None:
    assert any(s.stance == "denied" and s.attribution for s in told(MANGLED, "farce"))
    assert said_by([s for s in told(MANGLED, "farce") if s.stance == "denied"], "zaemsky")
    confirmed = told(MANGLED, "Chabaiev", "Le Monde")
    assert any(s.stance == "asserted" and s.attribution and "Chabaiev" in (s.attribution.text or "") for s in confirmed)


def test_readiness_to_send_more_is_not_a_deed() -> None:
    found = [s for s in told(JULY, "willing to send more troops") if s.type == "MOBILIZE"]
    assert found
    assert {s.modality for s in found} <= {"intended", "possible"}
    assert said_by(found, "ryabkov")
    headline = [s for s in told(JULY, "Open to Sending More Troops") if s.type == "MOBILIZE"]
    assert all(s.modality in ("intended", "possible") for s in headline)


def test_sixteen_european_countries_ask_for_elections() -> None:
    found = [s for s in told(WIRE, "13 other European countries") if s.type == "REQUEST"]
    assert found
    assert {"FRA", "DEU", "GBR"} <= countries(found[0].source)
    assert 13 in numbers(told(WIRE, "13 other European countries"))


def test_the_suggestion_of_us_military_action_and_moscows_anger() -> None:
    found = told(WIRE, "U.S. military action")
    anger = [s for s in found if s.type in ("ACCUSE", "REJECT", "PROTEST", "THREATEN") and "RUS" in countries(s.source)]
    assert anger
    suggested = [
        s for s in found if {"USA"} & countries(s.source) or (s.attribution and s.attribution.country == "USA")
    ]
    assert any(s.type in ("THREATEN", "ASSAULT", "COERCE", "MOBILIZE") for s in suggested)
    assert all(s.modality != "actual" for s in suggested if s.type in ("ASSAULT", "COERCE", "MOBILIZE"))


def test_pompeos_account_of_the_plane_to_havana() -> None:
    assert said_by(told(MANGLED, "plane ready to take off"), "pompeo")


def test_the_approach_of_friday_19_july_is_of_2019() -> None:
    found = told(JULY, "July 19")
    assert ("2019-07-19", "inferred") in {(s.when.start, s.when.basis) for s in found if s.when}
    assert any(s.type in ("COERCE", "THREATEN", "ASSAULT") and "VEN" in countries(s.source) for s in found)
    assert any(s.attribution or s.type == "ACCUSE" for s in found)


def test_nicaraguas_tanks_are_past() -> None:
    found = told(BLOG, "50 Russian battle tanks")
    assert {50.0, 80_000_000.0} <= numbers(found)
    assert {s.time for s in found} == {"past"}


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (BLOG, ("2014", "Ukraine")),
        (MANGLED, ("submarines in 1944",)),
        (BLOG, ("April 2016",)),
        (BLOG, ("March 26, 2012",)),
    ],
)
def test_history_is_never_current(page: str, words: tuple[str, ...]) -> None:
    assert {s.time for s in told(page, *words)} == {"past"}


def test_the_rocket_crisis_of_1962_is_no_present_act() -> None:
    found = told(MANGLED, "1962")
    assert found
    assert {s.time for s in found} == {"past"}


def test_one_person_is_one_person_however_spelt() -> None:
    assert ids(JULY, "Ryabkov", "Rybakov") == {"ryabkov"}
    assert ids(MANGLED, "Zajarova", "Zakharova") == {"zakharova"}


# ------------------------------------------------------------------ assess


@cache
def assessed(as_of: str, without: str = "") -> dict[str, Any]:
    paths = sorted(str(p) for p in SEEDS.glob("*.txt") if not without or not p.name.startswith(without))
    assessment, *_ = study.assess(paths, rules(), f"{as_of}T23:59:59Z")
    return assess_object(assessment)


VIEWS = [("2019-07-26", ""), ("2019-05-02", JULY)]


@pytest.mark.parametrize(("as_of", "without"), VIEWS)
def test_venezuela_is_watched_and_calm_or_nearly_so_with_the_reason_named(as_of: str, without: str) -> None:
    answer = assessed(as_of, without)
    area = next(a for a in answer["areas"] if a["id"] == "venezuela")
    assert area["coverage"]["status"] == "watched"
    assert area["level"] in (5, 4)
    assert answer["overall"]["level"] == area["level"]
    assert area["decided_by"]["rule"]
    assert area["for"]
    assert area["against"]


@pytest.mark.parametrize(("as_of", "without"), VIEWS)
def test_where_nobody_reports_from_there_is_no_level(as_of: str, without: str) -> None:
    others = [a for a in assessed(as_of, without)["areas"] if a["id"] != "venezuela"]
    assert len(others) >= 8
    assert {(a["coverage"]["status"], a["level"]) for a in others} == {("unwatched", None)}


def _presence(answer: dict[str, Any]) -> dict[str, Any]:
    disputed = [f for f in answer["findings"] if f["asserted"] and f["denied"]]
    return next(f for f in disputed if "Venezuela" in f["summary"] and "RUS" in {a["country"] for a in f["source"]})


@pytest.mark.parametrize(("as_of", "without"), VIEWS)
def test_the_forces_in_venezuela_are_disputed_with_the_numbers_side_by_side(as_of: str, without: str) -> None:
    finding = _presence(assessed(as_of, without))
    assert {99.0, 400.0, 2000.0, 0.0} <= {v["value"] for v in finding["values"]}
    assert all(v["by"] for v in finding["values"])


@pytest.mark.parametrize(("as_of", "without"), VIEWS)
def test_five_pages_are_four_witnesses_at_most(as_of: str, without: str) -> None:
    area = next(a for a in assessed(as_of, without)["areas"] if a["id"] == "venezuela")
    assert 3 <= area["coverage"]["origins"] <= 4
    assert area["coverage"]["origins"] < area["coverage"]["documents"]


@pytest.mark.parametrize(("as_of", "without"), VIEWS)
def test_nothing_of_2014_1962_or_1944_counts(as_of: str, without: str) -> None:
    answer = assessed(as_of, without)
    history: Callable[[Statement], bool] = lambda s: any(y in s.text for y in ("2014", "1962", "1944"))  # noqa: E731
    old = {s.key for w in works().values() for s in w.statements if history(s)}
    on = {key for a in answer["areas"] for i in a["indicators"] if i["state"] == "on" for key in i["findings"]}
    resting = {k for f in answer["findings"] if f["id"] in on for k in (*f["asserted"], *f["unverified"])}
    assert not old & resting
