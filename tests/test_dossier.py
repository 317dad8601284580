"""A stranger judges again from a dossier, without anybody's pages, and gets the same judgement."""

from __future__ import annotations

import dataclasses
import gzip
import json
from functools import cache

import pytest

from tocsin.cli.demo import exercise_home
from tocsin.derive import Fold
from tocsin.home import Home
from tocsin.interpret import interpret
from tocsin.judge import Step, Told, judged_again
from tocsin.publish.dossier import MOST_BYTES, DossierError, adopted, dossier, judged
from tocsin.records import Adopted, Answer, Judgement, Membership, Recipe, Tick, Work
from tocsin.rules import Rules
from world import document, rules


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    root = tmp_path_factory.mktemp("exercise") / "home"
    exercise_home(root)
    return Home.open(root)


def _steps(home: Home) -> list[Step]:
    return list(home.told(home.ledger.position()))


def test_each_area_is_judged_again_to_the_last_word(home: Home) -> None:
    latest = home.ledger.latest_assessment()
    assert latest is not None
    assert {judgement.level for judgement in latest.judgements} > {None}
    steps = _steps(home)
    for judgement in latest.judgements:
        data = dossier(steps, judgement.area, home.exercise, home.rules_of)
        assert judged(data, home.rules_of) == judgement


def test_a_dossier_holds_no_page_and_names_its_rules(home: Home) -> None:
    steps = _steps(home)
    data = dossier(steps, "venezuela", home.exercise, home.rules_of)
    assert data == dossier(steps, "venezuela", home.exercise, home.rules_of)
    assert adopted(data) == (home.adopted_digest(),)
    lines = [json.loads(line) for line in gzip.decompress(data).splitlines()]
    pages = [line["document"]["text"] for line in lines if line.get("type") == "Told"]
    assert pages
    assert max(map(len, pages)) < 80, "of a page its dateline stays at most"


def test_what_is_left_out_or_altered_changes_the_judgement(home: Home) -> None:
    data = dossier(_steps(home), "venezuela", home.exercise, home.rules_of)
    lines = gzip.decompress(data).split(b"\n")
    told = [number for number, line in enumerate(lines) if b'"type":"Told"' in line]
    fewer = [line for number, line in enumerate(lines) if number not in told[: len(told) // 2]]
    assert judged(gzip.compress(b"\n".join(fewer)), home.rules_of) != judged(data, home.rules_of)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no gzip", "gzipped JSON Lines"),
        (gzip.compress(b"{}\n"), "of the form tocsin-dossier@1"),
        (gzip.compress(b"[1]\n"), "expected an object"),
        (gzip.compress(b'{"form":"tocsin-dossier@1","area":"venezuela"}\n{"type":"Evil"}\n'), "line 2"),
        (gzip.compress(b'{"form":"tocsin-dossier@1","area":"venezuela"}\n{"type":"Tick"}\n'), "line 2"),
        (gzip.compress(b'{"form":"tocsin-dossier@1","area":"venezuela"}\n'), "can't be judged"),
        (gzip.compress(b'{"form":"tocsin-dossier@1","area":"x"}\n')[:-9], "cut short"),
    ],
    ids=["bytes", "empty", "list", "evil", "bare-tick", "no-tick", "cut"],
)
def test_what_is_no_dossier_is_refused_with_what_was_found(data: bytes, said: str, home: Home) -> None:
    with pytest.raises(DossierError, match=said):
        judged(data, home.rules_of)


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    assert MOST_BYTES >= 1 << 30
    monkeypatch.setattr("tocsin.publish.dossier.MOST_BYTES", 1 << 16)
    with pytest.raises(DossierError, match="cut short or larger"):
        judged(gzip.compress(b"\n" * (1 << 20)), home.rules_of)


@cache
def _stricter() -> Rules:
    """Rules under which no area is watched with less than a thousand documents."""
    levels = rules().levels
    coverage = dataclasses.replace(levels.coverage, watched_documents=1000, thin_documents=1000)
    return dataclasses.replace(rules(), levels=dataclasses.replace(levels, coverage=coverage))


def test_rules_that_change_midway_change_in_the_dossier_too() -> None:
    recipe = Recipe("", "", "")
    pages = [
        document(f"Troops of Russia landed at an air base in Venezuela, the {who} said on Monday.", source=who)
        for who in ("army", "ministry", "embassy", "port authority")
    ]
    fold = Fold(rules(), recipe)
    steps: list[Step] = [Adopted("2019-03-25T00:00:00Z", recipe, "a")]
    found: list[Judgement] = []
    for number, page in enumerate(pages):
        held = Work(page, interpret(page, rules()))
        membership = next(one for one in fold.add(held) if isinstance(one, Membership))
        steps.append(Told(page, membership, held.statements))
        if number == 1:
            answer = Answer("2019-03-25T12:00:00Z", held.statements[0].key, "old news", "an analyst")
            steps.append(answer)
            fold.answer(answer)
        tick = Tick(f"2019-03-26T0{number}:00:00Z")
        steps.append(tick)
        found.append(next(j for j in fold.assess(tick.seen).judgements if j.area == "venezuela"))
        if number == 2:
            steps.append(Adopted("2019-03-26T02:30:00Z", recipe, "b"))
            fold = fold.adopt(_stricter(), recipe)
    both = {"a": rules(), "b": _stricter()}
    assert judged_again(steps, "venezuela", both.__getitem__, exercise=False) == found[-1]
    assert judged_again(steps[:-3], "venezuela", both.__getitem__, exercise=False) == found[-2] != found[-1]
    assert judged(dossier(steps, "venezuela", False, both.__getitem__), both.__getitem__) == found[-1]
