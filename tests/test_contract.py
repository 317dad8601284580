"""The commands' rows as scripts outside rely on them: fields, values, spans, exit codes, nothing lost."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from world import ROOT

EXERCISE = str(ROOT / "demo" / "exercise.jsonl")
FLAGS = {
    "machine-translated",
    "censor-filtered",
    "truncated",
    "paywalled",
    "live-blog",
    "analysis",
    "opinion",
    "satire",
    "fiction",
    "retrospective",
    "press-release",
    "transcript",
    "recirculated",
    "exercise",
}
ROOTS = {
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
}
SECTORS = {"GOV", "MIL", "PAR", "REB", "CIV", "COP", "LEG", "JUD", "MED", "IGO", "NGO", "BUS", "SPY", "UAF"}
FIELDS = {
    "read": "input id url title published published_basis modified language authors source origin text flags",
    "group": "input document copy_of kind reason family story",
    "interpret": "input document span text type mode topics trigger source target place when quantities materiel "
    "modality stance time attribution rule",
    "places": "input text span name country lat lon",
    "dates": "input text span start end",
    "quantities": "input text span value high unit of",
    "actors": "input text span id name country sector",
    "claims": "input text span source content stance",
}


def run(*words: str, stdin: bytes = b"") -> tuple[int, list[dict[str, Any]], str]:
    done = subprocess.run([sys.executable, "-m", "tocsin", *words], input=stdin, capture_output=True, timeout=300)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


@cache
def rows(command: str) -> tuple[dict[str, Any], ...]:
    code, found, errors = run(command, EXERCISE, "--json")
    assert code == 0, errors
    return tuple(found)


@cache
def texts() -> dict[str, str]:
    return {row["input"]: row["text"] for row in rows("read")}


@pytest.mark.parametrize("command", FIELDS)
def test_rows_have_exactly_the_fields_of_the_contract(command: str) -> None:
    assert {tuple(row) for row in rows(command)} == {tuple(FIELDS[command].split())}


def test_every_document_comes_out_once() -> None:
    documents = len((ROOT / "demo" / "exercise.jsonl").read_text("utf-8").splitlines())
    assert len(rows("read")) == len(rows("group")) == documents == len(texts())


def test_flags_and_kinds_are_those_of_the_contract() -> None:
    assert {flag for row in rows("read") for flag in row["flags"]} <= FLAGS
    assert {row["kind"] for row in rows("group")} <= {"copy", "excerpt", "update", "translation", "spun", None}


@pytest.mark.parametrize("command", ["places", "dates", "quantities", "actors", "claims"])
def test_mentions_stand_where_their_spans_say(command: str) -> None:
    wrong = [r for r in rows(command) if r["text"] != texts()[r["input"]][slice(*r["span"])]]
    assert wrong == []


def test_sentences_and_triggers_stand_where_their_spans_say() -> None:
    """What was told in a title that the text does not repeat has the empty span; everything else its own."""
    inside = [r for r in rows("interpret") if r["span"] != [0, 0]]
    assert len(inside) > 100
    wrong = [r for r in inside if r["text"] != texts()[r["input"]][slice(*r["span"])]]
    wrong += [r for r in inside if r["trigger"]["text"] != texts()[r["input"]][slice(*r["trigger"]["span"])]]
    assert wrong == []


def test_values_of_statements_are_those_of_the_contract() -> None:
    found = rows("interpret")
    assert {r["type"] for r in found} <= ROOTS | {None}
    assert {r["modality"] for r in found} <= {"actual", "intended", "demanded", "possible", "negated"}
    assert {r["stance"] for r in found} <= {"asserted", "denied", "unverified"}
    assert {r["time"] for r in found} <= {"current", "past", "future", None}
    actors = [a for r in found for a in (*r["source"], *r["target"], *filter(None, [r["attribution"]]))]
    assert {tuple(a) for a in actors} == {("text", "span", "id", "name", "country", "sector")}
    assert {a["sector"] for a in actors} <= SECTORS | {None}


def test_an_assessment_has_the_fields_of_the_contract() -> None:
    code, (answer,), _ = run("assess", EXERCISE, "--as-of", "2019-03-30", "--json")
    assert code == 0
    assert {"as_of", "recipe", "overall", "areas", "findings"} <= set(answer)
    area = {
        "id",
        "name",
        "status",
        "level",
        "colour",
        "phrase",
        "war",
        "nuclear",
        "confidence",
        "coverage",
        "indicators",
        "for",
        "against",
    }
    area |= {"contradictions", "would_raise", "would_lower"}
    assert all(area <= set(a) for a in answer["areas"])
    finding = {
        "id",
        "summary",
        "type",
        "source",
        "target",
        "place",
        "when",
        "asserted",
        "denied",
        "origins",
        "grade",
        "values",
    }
    assert all(finding <= set(f) for f in answer["findings"])
    assert all(a["level"] is None for a in answer["areas"] if a["coverage"]["status"] == "unwatched")
    statements = {s for f in answer["findings"] for s in (*f["asserted"], *f["denied"])}
    assert statements


def test_one_broken_line_is_one_refusal_and_the_rest_goes_on() -> None:
    good = {"id": "a", "text": "Talks went on in Rome on Tuesday."}
    code, found, _ = run("read", "-", "--json", stdin=json.dumps(good).encode() + b"\n{broken\n")
    assert code == 0
    assert [row["input"] for row in found] == ["a", "-#1"]
    assert set(found[1]["refused"]) == {"step", "reason"}


@pytest.mark.parametrize("command", [*FIELDS, "assess"])
def test_a_command_fails_only_if_nothing_at_all_could_be_read(command: str, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    assert run(command, str(tmp_path / "empty.txt"), "--json")[0] == 1
    assert run(command, "--no-such-option")[0] == 2
