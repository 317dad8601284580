"""The judgement does not get worse by accident: a small backtest against a floor that stands on its data's digest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import floors
from tocsin.cli import tocsin
from world import ROOT, rule_files, rules


def test_no_figure_is_below_its_floor() -> None:
    kept = floors.read()
    assert kept["data"] == floors.data_digest(), "the floor's data changed: measure anew, and say so in its own commit"
    now = floors.measured(rules(), rule_files())
    pairs = {name: (now.get(name), floor) for name, floor in kept["figures"].items()}
    fallen = {name: pair for name, pair in pairs.items() if floors.worse(name, *pair)}
    assert not fallen, f"(now, floor): {fallen}; see tests/floors.py for what to run"


def test_the_floor_is_raised_and_never_lowered_by_an_update() -> None:
    floor = {"levels_auc": 0.8, "delay_days": 2.0, "crises": 1.0}
    now = {"levels_auc": 0.7, "delay_days": 1.0, "crises": 1.0, "war_auc": 0.6}
    assert floors.raised(now, floor) == {"levels_auc": 0.8, "delay_days": 1.0, "crises": 1.0, "war_auc": 0.6}
    assert floors.worse("levels_auc", None, 0.8)
    assert floors.worse("crises", 2.0, 1.0)


def test_a_lowered_floor_says_why() -> None:
    for entry in floors.read()["lowered"]:
        assert entry["why"].strip()
        assert floors.worse(entry["figure"], entry["to"], entry["from"])


# ---- the command


def edited(folder: Path, name: str, old: str, new: str) -> Path:
    """The rules as they ship with one thing changed."""
    for path, data in rule_files().items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = data.replace(old.encode(), new.encode()) if path == name else data
        assert path != name or text != data
        target.write_bytes(text)
    return folder


def backtested(*words: str) -> str:
    done = CliRunner().invoke(tocsin, ["backtest", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_two_rule_sets_are_compared_on_the_same_reports(tmp_path: Path) -> None:
    other = edited(tmp_path / "other", "levels.toml", 'indicators = ["K4"]', 'indicators = ["N5"]')
    span = ["--from", "2019-02-10", "--to", "2019-03-10", "--step", "7"]
    evidence = [str(floors.FOLDER / "reports.jsonl"), "--outcomes", str(floors.FOLDER / "crises.csv"), *span]
    same = json.loads(backtested(str(ROOT / "rules"), str(ROOT / "rules"), *evidence, "--json"))
    assert same["differences"] == []
    assert same["a"] == same["b"]
    assert same["a"]["crises"] == 1
    told = json.loads(backtested(str(ROOT / "rules"), str(other), *evidence, "--json"))
    assert told["a"] == same["a"]
    plain = backtested(str(ROOT / "rules"), str(other), *evidence)
    assert f"{len(told['differences'])} steps of an area have another level" in plain


def test_evidence_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = CliRunner().invoke(tocsin, ["backtest", str(ROOT / "rules"), str(ROOT / "rules"), str(tmp_path / "empty")])
    assert done.exit_code == 1
    assert "expected reports or a home as evidence, found nothing" in done.output


@pytest.mark.parametrize("words", [["--lower"], ["--lower", "levels_auc"], ["--lower", "levels_auc", "--why", " "]])
def test_lowering_without_a_reason_is_refused(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floors, "measured", lambda rules, files: dict(floors.read()["figures"]))
    before = floors.FLOOR.read_bytes()
    assert floors.main(words) == 2
    assert floors.FLOOR.read_bytes() == before
