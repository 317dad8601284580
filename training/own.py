"""Sentences of our own with the acts that they tell, training/sentences/*.tsv: a style that labelled news lacks.

One sentence a line, a tab, and its events, separated by ' ;; ', each ROOT|trigger|source|target in words of the
sentence (source and target may be empty), or '-' where it tells none. `python training/own.py` names each line that
does not fit.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labels import TYPES, BadLabel

FOLDER = Path(__file__).resolve().parent / "sentences"


def rows(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The sentences as rows of labels.labelled_before are, each an article of its own; stance and time are not told.
    BadLabel at the first line that does not fit."""
    return [_row(name, line) for name, line in lines(folder)]


def lines(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            yield f"{path.name}:{number}", line


def _row(name: str, line: str) -> dict[str, Any]:
    text, tab, told = line.partition("\t")
    if not tab or not text.strip():
        raise BadLabel(f"{name}: expected a sentence, a tab, and its events or '-'")
    events = [] if told == "-" else [_event(name, text, part) for part in told.split(" ;; ")]
    return {"id": name, "article": name, "date": None, "split": "train", "text": text, "events": events}


def _event(name: str, text: str, told: str) -> dict[str, Any]:
    root, *phrases = told.split("|")
    if root not in TYPES or len(phrases) != 3 or not phrases[0]:
        raise BadLabel(f"{name}: expected ROOT|trigger|source|target, found {told}")
    trigger, source, target = (_span(name, text, phrase) if phrase else None for phrase in phrases)
    return {"type": root, "trigger": trigger, "source": source, "target": target, "attribution": None}


def _span(name: str, text: str, phrase: str) -> dict[str, list[int]]:
    start = text.find(phrase)
    if start < 0:
        raise BadLabel(f"{name}: expected words of the sentence, found {phrase!r}")
    return {"span": [start, start + len(phrase)]}


def main() -> None:
    faults = 0
    for name, line in lines(FOLDER):
        try:
            _row(name, line)
        except BadLabel as fault:
            faults += 1
            print(fault)
    print(f"{len(list(lines(FOLDER)))} sentences, {faults} faults")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
