"""Train the weights of rules/models/assertion-en.weights: how real, and when, an act is told to be.

    python training/assertion.py --eval DIR        (DIR: the evaluation data, TOCSIN_EVAL)

Labels come from events/train_sentences.jsonl, split 'train' (those of training/labels are of home affairs for
the most part, and time is told otherwise there). Every labelled event gives one
example: the candidate of the rules that stands at its trigger, else one made at the trigger's word.
A quarter of the training articles is held back to report on; the weights that are written learn from all.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from labels import labelled_before
from numpy.typing import NDArray
from sentences import LANGUAGE, read, triggered

from tocsin.bundle import load
from tocsin.interpret import attribution, degrees, roles, statements
from tocsin.interpret.clauses import Clauses, is_passive
from tocsin.interpret.events import Candidate, candidates
from tocsin.interpret.lexicon import Match, Term
from tocsin.interpret.reading import Reading
from tocsin.interpret.sight import sights
from tocsin.interpret.traits import traits
from tocsin.rules import Rules
from tocsin.rules.grammar import Act, Pattern
from tocsin.rules.models import pack

ROOT = Path(__file__).resolve().parent.parent
# A trait that fewer examples show says nothing; how hard weights are held back; steps of the descent.
FEWEST, RIDGE, STEPS, RATE = 4, 1e-3, 120, 0.15
HELD_BACK = 4
ANSWERS = {"modality": degrees.MODALITIES, "time": degrees.TIMES, "attribution": degrees.SAID}
NOBODY: frozenset[str] = frozenset()
# Whole numbers by which the weights are told: a lead of so many is one of log-odds 1.
UNIT = 60
LARGEST = 127


class Example(NamedTuple):
    """One labelled event: its row's number, its traits, whether anybody is found to tell it, its labels."""

    row: int
    traits: list[str]
    is_said: bool
    labels: dict[str, str]


class Labelled(NamedTuple):
    """A labelled event as the package meets it: the rules' candidate at its trigger, or one made there, and what the
    network sees of it."""

    reading: Reading
    clauses: Clauses
    event: dict[str, Any]
    candidate: Candidate
    view: roles.Roles | None


def labelled(row: dict[str, Any], rules: Rules) -> Iterator[Labelled]:
    frames = {act.type: act for act in reversed(rules.grammars[LANGUAGE].acts)}
    for reading, clauses in read(row, rules) if row["events"] else ():
        (seen,) = sights(rules, LANGUAGE, [(clauses, candidates(clauses, reading.lexicon.grammar))])
        for event, span in triggered(row, clauses):
            candidate = standing(clauses, reading, span, event["type"])
            candidate = candidate or made(clauses, reading, span, frames[event["type"]])
            if candidate is not None:
                view = roles.told(rules, LANGUAGE, seen, candidate.first, event["type"])
                yield Labelled(reading, clauses, event, candidate, view)


def examples(number: int, row: dict[str, Any], rules: Rules) -> Iterator[Example]:
    for reading, clauses, event, candidate, view in labelled(row, rules):
        labels = {name: event[name] for name in ("modality", "time")}
        labels["attribution"] = "none" if event["attribution"] is None else "said"
        yield Example(number, *shown(reading, clauses, candidate, view), labels)


def standing(clauses: Clauses, reading: Reading, span: list[int], kind: str) -> Candidate | None:
    """The rules' candidate at a trigger, of the same type if there is one."""
    near = [
        candidate
        for candidate in candidates(clauses, reading.lexicon.grammar)
        if clauses.tokens[candidate.first].start < span[1] and span[0] < clauses.tokens[candidate.last - 1].end
    ]
    return next((candidate for candidate in near if candidate.act.type == kind), near[0] if near else None)


def made(clauses: Clauses, reading: Reading, span: list[int], frame: Act) -> Candidate | None:
    """A candidate at a trigger that the lexicon does not know, at its verb or its first plain word."""
    places = [n for n, token in enumerate(clauses.tokens) if token.start < span[1] and span[0] < token.end]
    place = next((n for kind in "Vw" for n in places if clauses.classes[n] == kind), None)
    if place is None:
        return None
    word, grammar = clauses.words[place], reading.lexicon.grammar
    is_verb = clauses.classes[place] == "V"
    pattern = Pattern((word,), 1, NOBODY, NOBODY, NOBODY, is_verb)
    tags = ("G" if grammar.inflection.is_gerund(word) else "DN") if is_verb else "1"
    match = Match(place, place + 1, Term(pattern, frame, tags, (), NOBODY, NOBODY, NOBODY, NOBODY), None)
    passive = is_verb and is_passive(clauses, match, grammar.words["be"], grammar.words["agents"])
    return Candidate(match, frame, passive, not is_verb)


def shown(reading: Reading, clauses: Clauses, candidate: Candidate, view: roles.Roles | None) -> tuple[list[str], bool]:
    """The traits of an act, and whether the rules find somebody to tell it."""
    grammar = reading.lexicon.grammar
    claims = attribution.claims(reading.document, clauses, grammar)
    found = statements.parties_of(reading, clauses, candidate, claims, view)
    told = statements._told(reading, clauses, candidate, claims, found.source)
    when = statements._when(reading, clauses.sentence, clauses, candidate.first, candidate.act.roles != "speech")
    telling = statements._telling(reading, clauses, candidate, told, when, found.source, view)
    return traits(telling), told.speaker is not None


# ------------------------------------------------------------------ weights


def vocabulary(listed: list[Example]) -> list[str]:
    counted = Counter(trait for example in listed for trait in example.traits)
    return sorted(trait for trait, count in counted.items() if count >= FEWEST)


class Table(NamedTuple):
    """A sparse table: the row and the trait of each cell that is 1, and how many rows there are."""

    rows: NDArray[np.int64]
    traits: NDArray[np.int64]
    size: int


def table(listed: list[Example], known: list[str]) -> Table:
    numbers = {trait: number for number, trait in enumerate(known)}
    cells = [(n, numbers[t]) for n, example in enumerate(listed) for t in example.traits if t in numbers]
    rows, columns = np.array(cells, np.int64).T
    return Table(rows, columns, len(listed))


def sums(data: Table, weights: NDArray[Any]) -> NDArray[np.float64]:
    return np.stack([np.bincount(data.rows, w[data.traits], data.size) for w in weights.T], axis=1)


def fitted(data: Table, traits: int, labels: NDArray[np.int64], answers: int) -> NDArray[np.float64]:
    """Softmax regression with a ridge, by AdaGrad over all rows at once."""
    weights = np.zeros((traits, answers))
    seen = np.full_like(weights, 1e-8)
    wanted = np.eye(answers)[labels]
    for _ in range(STEPS):
        scores = sums(data, weights)
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        missed = (chances - wanted) / data.size
        slope = np.stack([np.bincount(data.traits, m[data.rows], traits) for m in missed.T], axis=1) + RIDGE * weights
        seen += slope * slope
        weights -= RATE * slope / np.sqrt(seen)
    return weights


def whole(weights: NDArray[np.float64]) -> NDArray[np.int8]:
    return np.clip(np.rint(weights * UNIT), -LARGEST, LARGEST).astype(np.int8)


def numbers(listed: list[Example], name: str) -> NDArray[np.int64]:
    return np.array([ANSWERS[name].index(example.labels[name]) for example in listed])  # type: ignore[arg-type]


def is_held_back(row: dict[str, Any]) -> bool:
    return int(hashlib.md5(row["article"].encode()).hexdigest(), 16) % HELD_BACK == 0


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval")
    ask.add_argument("--out", type=Path, default=ROOT / "rules" / "models" / f"assertion-{LANGUAGE}.weights")
    args = ask.parse_args()
    rules = load()
    listed = [row for row in labelled_before(args.eval) if row["split"] == "train"]
    found = [example for n, row in enumerate(listed) for example in examples(n, row, rules)]
    known = vocabulary(found)
    arrays: dict[str, NDArray[Any]] = {"traits": np.frombuffer("\n".join(known).encode(), np.uint8)}
    for name, answers in ANSWERS.items():
        asked = [example for example in found if example.is_said or name != "attribution"]
        seen = [example for example in asked if not is_held_back(listed[example.row])]
        held = [example for example in asked if is_held_back(listed[example.row])]
        part = vocabulary(seen)
        tried = whole(fitted(table(seen, part), len(part), numbers(seen, name), len(answers)))
        right = sums(table(held, part), tried).argmax(axis=1) == numbers(held, name)
        print(f"{name}: {right.mean():.3f} of {len(held)} held back", flush=True)
        arrays[name] = whole(fitted(table(asked, known), len(known), numbers(asked, name), len(answers)))
    about = {"answers": {name: list(answers) for name, answers in ANSWERS.items()}, "trained": "training/assertion.py"}
    args.out.write_bytes(pack(about, arrays))


if __name__ == "__main__":
    main()
