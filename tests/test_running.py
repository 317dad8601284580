"""A fold that goes on gives the bytes of a whole one, and what the judge lets go of changes nothing that it says."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from tocsin import live
from tocsin.collect.inbox import captures
from tocsin.home import Home
from tocsin.interpret import interpret
from tocsin.judge import Judge
from tocsin.records import Answer, Assessment, Membership, Recipe, Refusal
from world import ROOT, document, rule_files, rules

RECIPE = Recipe("", "", "")


def made(root: Path) -> tuple[Home, list[live.Item]]:
    """An exercise home without reports, and its reports with their ticks, in order."""
    items = [item for item in captures([str(ROOT / "demo" / "exercise.jsonl")], None) if not isinstance(item, Refusal)]
    home = Home.create(root, "running", "exercise", rule_files(), "2019-01-01T00:00:00Z")
    return home, list(live.as_seen(items[:12], "2020-01-01T00:00:00Z"))


def bytes_of(home: Home) -> bytes:
    return b"".join(home.ledger.export())


def whole(home: Home) -> bytes:
    """The ledger of a home derived anew by nobody who remembers anything."""
    (home.root / "ledger.db").unlink()
    again = Home.open(home.root)
    again.derive()
    return bytes_of(again)


def test_days_added_one_after_another_give_the_bytes_of_a_whole_fold(tmp_path: Path) -> None:
    home, items = made(tmp_path / "home")
    third = len(items) // 3
    for part in (items[:third], items[third : 2 * third], items[2 * third :]):
        home.append(part)
        home.derive()
    found = bytes_of(home)
    assert found == whole(home)


def test_rules_adopted_between_two_days_hold_from_there_on(tmp_path: Path) -> None:
    home, items = made(tmp_path / "home")
    half = len(items) // 2
    home.append(items[:half])
    home.derive()
    text = rule_files()["levels.toml"].replace(b"on_threshold = 0.4", b"on_threshold = 0.6")
    assert home.adopt(rule_files() | {"levels.toml": text}, items[half - 1][0].seen or "")
    home.append(items[half:])
    home.derive()
    found = bytes_of(home)
    assert found == whole(home)


def test_a_derive_that_failed_half_way_is_thrown_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, items = made(tmp_path / "home")
    half = len(items) // 2
    home.append(items[:half])
    home.derive()
    home.append(items[half:])

    def failing(self: Judge, *_: object, **__: object) -> Assessment:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(Judge, "assess", failing)
        with pytest.raises(OSError, match="disk"):
            home.derive()
    home.derive()
    found = bytes_of(home)
    assert found == whole(home)


def test_another_process_that_derived_in_between_is_noticed(tmp_path: Path) -> None:
    home, items = made(tmp_path / "home")
    half = len(items) // 2
    home.append(items[:half])
    home.derive()
    home.append(items[half:])
    Home.open(home.root).derive()
    assert home.derive() == home.archive.size
    assert bytes_of(home) == whole(home)


# ---- letting go

TEXTS = (
    "ISLAMABAD - Pakistan shot down an Indian warplane over Kashmir on {day}, the military said. India confirmed it.",
    "NEW DELHI - Indian soldiers shelled posts of Pakistan along the Line of Control, officials on both sides said.",
    "LAHORE - India and Pakistan held talks at Wagah about trade, the foreign ministries said.",
    "ISLAMABAD - Pakistan denied that its forces had crossed the Line of Control into India.",
)


def years(forgets: bool, monkeypatch: pytest.MonkeyPatch) -> list[Assessment]:
    """Five years with a report every 40 days, judged each time; two reports bear no date, one is answered late."""
    if not forgets:
        monkeypatch.setattr(Judge, "forget", lambda self, as_of: None)
    judge, found, first = Judge(rules()), [], datetime.date(2015, 1, 1)
    for n in range(46):
        day = (first + datetime.timedelta(40 * n)).isoformat()
        text = TEXTS[n % len(TEXTS)].format(day=day)
        dated = None if n in (3, 40) else day
        page = document(text, published=dated, input=f"r{n}", source="Reuters", seen=f"{day}T12:00:00Z")
        told = interpret(page, rules())
        judge.add(page, Membership(page.key, None, None, "", page.key, page.key), told)
        if n == 45:
            judge.answer(Answer(f"{day}T13:00:00Z", f"{page.body}#{told[0].text}", "ana", "wrong"))
        found.append(judge.assess(f"{day}T23:00:00Z", RECIPE, areas=["india-pakistan"]))
        judge.forget(f"{day}T23:00:00Z")
    return found


def test_what_is_let_go_changes_no_judgement(monkeypatch: pytest.MonkeyPatch) -> None:
    forgetting = years(True, monkeypatch)
    keeping = years(False, monkeypatch)
    for mine, theirs in zip(forgetting, keeping, strict=True):
        assert mine.judgements == theirs.judgements, mine.as_of


def test_what_is_remembered_does_not_grow_with_the_years() -> None:
    judge, first, kept = Judge(rules()), datetime.date(2010, 1, 1), []
    for n in range(150):
        day = (first + datetime.timedelta(30 * n)).isoformat()
        page = document(TEXTS[1], published=day, input=f"r{n}", source="Reuters", seen=f"{day}T12:00:00Z")
        judge.add(page, Membership(page.key, None, None, "", page.key, page.key), interpret(page, rules()))
        judge.forget(f"{day}T23:00:00Z")
        kept.append(sum(len(cases) for cases in judge._book._buckets.values()))
    assert kept[-1] <= kept[60] + 2
    assert len(judge._pages["india-pakistan"]) < 10
