"""The error browser: labelled sentences beside what is read in them, each error named once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from tocsin.cli.browse import study_command
from tocsin.interpret import interpret
from tocsin.interpret.comparison import compared
from world import document, rules

TEXT = "Russia accused Ukraine of shelling a village."


def party(country: str) -> dict[str, Any]:
    return {"text": None, "span": None, "country": country, "sector": "GOV"}


def event(**fields: Any) -> dict[str, Any]:
    told = {"type": "ACCUSE", "trigger": {"text": "accused", "span": [7, 14]}, "attribution": None}
    told |= {"source": party("RUS"), "target": party("UKR")}
    return told | {"modality": "actual", "stance": "asserted", "time": "current"} | fields


def classes(*events: dict[str, Any]) -> list[str]:
    read = [s for s in interpret(document(TEXT), rules()) if s.type == "ACCUSE"]
    return [name for pair in compared(events, read) for name in pair.classes()]


def test_what_is_read_as_labelled_is_no_error() -> None:
    assert classes(event()) == []


def test_each_kind_of_error_is_named() -> None:
    assert classes(event(source=party("BLR"))) == ["source"]
    assert classes(event(time="past")) == ["time current for past"]
    assert classes(event(attribution=party("USA"))) == ["attribution"]
    assert classes(event(type="THREATEN")) == ["missed THREATEN", "added ACCUSE"]
    assert classes() == ["added ACCUSE"]


def test_of_two_statements_the_one_with_the_trigger_is_the_events(tmp_path: Path) -> None:
    text = "Russia accused Ukraine, and Ukraine accused Poland."
    read = interpret(document(text), rules())
    later = event(trigger={"text": "accused", "span": [36, 43]}, source=party("UKR"), target=party("POL"))
    pair = compared([later], read)[0]
    assert pair.statement is not None
    assert pair.statement.trigger.span[0] == 36


def test_the_command_prints_rows_and_classes(tmp_path: Path) -> None:
    path = tmp_path / "labelled.jsonl"
    path.write_text(json.dumps({"id": "x", "date": "2019-03-25", "text": TEXT, "events": [event(time="past")]}) + "\n")
    done = CliRunner().invoke(study_command, [str(path), "--json"])
    assert done.exit_code == 0, done.output
    row = json.loads(done.output.splitlines()[0])
    pair = next(p for p in row["pairs"] if p["gold"])
    assert pair["errors"] == ["time current for past"]
    assert pair["statement"]["rule"]
    people = CliRunner().invoke(study_command, [str(path)])
    assert "errors by class" in people.output
    path.write_text("no json\n")
    assert CliRunner().invoke(study_command, [str(path)]).exit_code != 0
