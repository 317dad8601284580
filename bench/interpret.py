"""How fast text becomes statements, and where the time goes: `TOCSIN_EVAL=… python bench/interpret.py [sentences]`.

Documents of twelve sentences, from the labelled news sentences of the evaluation data: all of them with an event ("read
in full"), and a mixed stream in which a fifth of the documents is. Beside them, in the same run, stands a loop that
splits the same text into words by a regular expression. Times are of one core; the share of a stage is its own
time, without that of the stages that it calls.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tocsin.threads import single

single()

from tocsin.bundle import load  # noqa: E402
from tocsin.interpret import attribution, degrees, discourse, model, parties, roles, statements  # noqa: E402
from tocsin.records import Document, digest, short_key  # noqa: E402
from tocsin.rules import Rules  # noqa: E402

EVAL = Path(os.environ.get("TOCSIN_EVAL", Path(__file__).resolve().parent.parent.parent / "shared" / "eval"))
OF_ONE, RELEVANT, REPEAT = 12, 5, 3
WORD = re.compile(r"\w+|[^\w\s]")
# What is timed alone: the stage's name, and the functions by which it is entered.
STAGES: dict[str, list[tuple[Any, str]]] = {
    "sentences, names, places, dates, numbers": [(statements, "open_document")],
    "word classes and terms": [(statements, "clauses_of")],
    "claims and who is meant": [(attribution, "claims"), (discourse, "named"), (discourse, "resolved")],
    "the network": [(statements, "sights"), (roles, "told")],
    "which acts stand": [(model, "weighed")],
    "source and target": [(parties, "chosen")],
    "how real and when": [(degrees, "judged")],
}


def documents(rows: list[dict[str, Any]]) -> list[Document]:
    groups = [rows[n : n + OF_ONE] for n in range(0, len(rows) - OF_ONE + 1, OF_ONE)]
    return [document(group[0], "\n\n".join(row["text"] for row in group)) for group in groups]


def document(row: dict[str, Any], text: str) -> Document:
    fields: dict[str, Any] = dict.fromkeys(Document.__dataclass_fields__)
    fields |= {"key": short_key("d", row["id"]), "input": row["id"], "text": text, "published": row["date"]}
    fields |= {"language": "en", "authors": (), "flags": (), "repairs": (), "body": digest(text.encode())}
    return Document(**fields)


class Clock:
    """The own time of each stage, in seconds of this process."""

    def __init__(self) -> None:
        self.own: defaultdict[str, float] = defaultdict(float)
        self._open: list[float] = []

    def timed(self, stage: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def inner(*args: Any, **named: Any) -> Any:
            began = time.process_time()
            self._open.append(0.0)
            try:
                return call(*args, **named)
            finally:
                took, within = time.process_time() - began, self._open.pop()
                self.own[stage] += took - within
                if self._open:
                    self._open[-1] += took

        return inner


def split(listed: list[Document], rules: Rules) -> Iterator[tuple[str, float]]:
    """Each stage's share of the time, the greatest first."""
    clock, before = Clock(), []
    for stage, entries in STAGES.items():
        for module, name in entries:
            before.append((module, name, getattr(module, name)))
            setattr(module, name, clock.timed(stage, getattr(module, name)))
    try:
        clock.timed("the rest", lambda: [statements.interpret(one, rules) for one in listed])()
    finally:
        for module, name, call in before:
            setattr(module, name, call)
    total = sum(clock.own.values())
    yield from ((stage, own / total) for stage, own in sorted(clock.own.items(), key=lambda told: -told[1]))


def rate(listed: list[Document], rules: Rules) -> float:
    """Sentences a second, the best of some runs."""
    return max(_rate(listed, lambda one: statements.interpret(one, rules)) for _ in range(REPEAT))


def _rate(listed: list[Document], call: Callable[[Document], object]) -> float:
    began = time.process_time()
    for one in listed:
        call(one)
    return len(listed) * OF_ONE / (time.process_time() - began)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1200
    path = EVAL / "events" / "train_sentences.jsonl"
    if not path.exists():
        sys.exit(f"no labelled sentences: expected {path.name} below TOCSIN_EVAL")
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    rules = load()
    told = documents([row for row in rows if row["events"]][:count])
    quiet = documents([row for row in rows if not row["events"]][: count - count // RELEVANT])
    mixed = told[: max(1, len(quiet) // (RELEVANT - 1))] + quiet
    rate(told[:5], rules)
    words = max(_rate(told, lambda one: WORD.findall(one.text)) for _ in range(REPEAT))
    for name, listed in (("every document read in full", told), ("a fifth relevant", mixed)):
        found = rate(listed, rules)
        print(f"{name}: {found:.0f} sentences a second, 1/{words / found:.0f} of splitting into words")
        for stage, share in split(listed, rules):
            print(f"  {share:5.1%}  {stage}")


if __name__ == "__main__":
    main()
