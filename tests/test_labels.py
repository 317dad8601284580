"""Stand-off labels: a draft becomes offsets, a file is read as it was written, faults are named."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from world import ROOT

sys.path.insert(0, str(ROOT / "training"))

import labels

TEXT = "Ruritania said Freedonia's army shelled a village after Ruritania moved tanks."


def event(**fields: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"type": "ASSAULT", "trigger": "shelled", "target": None}
    told["source"] = {"text": "Freedonia's army", "country": "FRE", "sector": "MIL"}
    told["attribution"] = {"text": "Ruritania", "country": "RUR", "sector": "GOV"}
    return told | fields


def taken(tmp_path: Path, *events: dict[str, Any], labeller: str = "a") -> Path:
    draft, out = tmp_path / "draft.jsonl", tmp_path / f"{labeller}.tsv"
    draft.write_text(json.dumps({"article": "x", "start": 10, "end": 10 + len(TEXT), "text": TEXT, "events": events}))
    labels.take(argparse.Namespace(draft=draft, labeller=labeller, out=out))
    return out


def test_a_draft_is_read_back_as_offsets_and_keeps_no_text(tmp_path: Path) -> None:
    path = taken(tmp_path, event())
    assert "shelled" not in path.read_text("utf-8")
    (sentence,) = labels.read(path)
    (told,) = sentence.events
    assert sentence.span == (10, 10 + len(TEXT))
    assert TEXT[slice(*told["trigger"]["span"])] == "shelled"
    assert TEXT[slice(*told["source"]["span"])] == "Freedonia's army"
    assert (told["source"]["country"], told["target"], told["modality"]) == ("FRE", None, "actual")


def test_of_equal_phrases_the_one_nearest_to_the_trigger_is_meant(tmp_path: Path) -> None:
    mover = {"text": "Ruritania", "country": "RUR", "sector": "GOV"}
    told = labels.read(taken(tmp_path, event(type="MOBILIZE", trigger="moved", source=mover)))[0].events[0]
    assert told["source"]["span"] == [TEXT.rindex("Ruritania"), TEXT.rindex("Ruritania") + 9]


def test_a_sentence_without_an_event_is_kept(tmp_path: Path) -> None:
    assert labels.read(taken(tmp_path))[0].events == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "WAR"},
        {"trigger": "bombed"},
        {"modality": "maybe"},
        {"source": {"text": "Freedonia", "country": "Free", "sector": "MIL"}},
        {"source": {"text": "nobody here", "country": None, "sector": None}},
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(SystemExit):
        taken(tmp_path, event(**wrong))


def test_agreement_counts_roots_countries_and_answers(tmp_path: Path) -> None:
    one = labels.read(taken(tmp_path, event()))
    other = labels.read(taken(tmp_path, event(time="past", source=None), labeller="b"))
    told = labels.agreement([*one, *other])
    assert told["labelled twice"] == "1 sentences"
    assert told["root set F1"] == "1.000"
    assert told["root and dyad F1"] == "0.000"
    assert told["time"].startswith("0.000")
    assert told["modality"].startswith("1.000")


def test_the_label_files_that_ship_can_be_read() -> None:
    for path in sorted(labels.FOLDER.glob("*.tsv")):
        assert labels.read(path)
