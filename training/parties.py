"""Train the weights of rules/models/parties-en.weights, who acts and who is acted upon, and of
rules/models/nationality-en.weights, of which state those are whom no rule gives one.

    python training/parties.py --eval DIR        (DIR: the evaluation data, TOCSIN_EVAL)

Labels come from events/train_sentences.jsonl, split 'train' (those of training/labels are of home affairs for
the most part, and time is told otherwise there). Every labelled event gives
one choice for each role: the options that the package sees at its trigger, and which of them was meant. A
quarter of the training articles is held back to report on; the weights that are written learn from all.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from assertion import ROOT, made
from labels import labelled_before
from numpy.typing import NDArray
from sentences import LANGUAGE, read, triggered

from tocsin.bundle import load
from tocsin.interpret import attribution, context, model, nationality, parties, roles, statements
from tocsin.interpret.clauses import Clauses
from tocsin.interpret.events import Arguments, Candidate, candidates
from tocsin.interpret.reading import Reading
from tocsin.interpret.sight import sights
from tocsin.records import Actor, Span
from tocsin.rules import Rules
from tocsin.rules.models import pack

# A trait that fewer examples show says nothing; how hard weights are held back; steps of the descent.
FEWEST, RIDGE, STEPS, RATE = 4, 5e-4, 120, 0.2
FOLDS = 4
# Whole numbers by which the weights are told: a lead of so many is one of log-odds 1.
UNIT = 60
LARGEST = 127
STATE = "state"
POINTERS = frozenset(
    [
        "he",
        "she",
        "it",
        "they",
        "we",
        "i",
        "you",
        "his",
        "her",
        "its",
        "their",
        "our",
        "my",
        "your",
        "him",
        "them",
        "us",
        "who",
    ]
)


class Choice(NamedTuple):
    """One role of one event: its options' traits, which of them are right, and which the rules chose."""

    article: str
    role: str
    options: list[set[str]]
    right: list[bool]
    ruled: list[bool]


def choices(row: dict[str, Any], rules: Rules) -> Iterator[Choice]:
    frames = {act.type: act for act in reversed(rules.grammars[LANGUAGE].acts)}
    for reading, clauses in read(row, rules):
        grammar = reading.lexicon.grammar
        known = candidates(clauses, grammar)
        (seen,) = sights(rules, LANGUAGE, [(clauses, known)])
        told = model.weighed(rules, clauses, known, grammar, seen)
        for event, span in triggered(row, clauses):
            candidate = at(clauses, told, span, event["type"]) or made(clauses, reading, span, frames[event["type"]])
            if candidate is not None:
                view = roles.told(rules, LANGUAGE, seen, candidate.first, event["type"])
                yield from _choices(reading, clauses, candidate, event, row["article"], view)


def at(clauses: Clauses, told: list[Candidate], span: list[int], kind: str) -> Candidate | None:
    """The package's candidate of this type at a trigger."""
    same = [c for c in told if c.act.type == kind]
    return next(
        (c for c in same if clauses.tokens[c.first].start < span[1] and span[0] < clauses.tokens[c.last - 1].end), None
    )


def _choices(
    reading: Reading,
    clauses: Clauses,
    candidate: Candidate,
    event: dict[str, Any],
    article: str,
    view: roles.Roles | None,
) -> Iterator[Choice]:
    claims = attribution.claims(reading.document, clauses, reading.lexicon.grammar)
    setting = statements.parties_setting(reading, clauses, candidate, claims, view)
    listed = parties.options(setting)
    taken = setting.found.source
    for role in parties.ROLES:
        if role == "target" and candidate.act.roles == "alone":
            continue
        right = meant(reading.document.text, listed, event[role])
        if not any(right):
            continue
        told = setting.found.source if role == "source" else setting.found.target
        other = setting.found.target if role == "source" else taken
        yield from _nationality(reading, setting, listed, right, event, role, other, article)
        shown = [parties.traits(setting, option, listed, role, taken) for option in listed]
        if role == "source":
            taken = listed[right.index(True)].actors
        yield Choice(article, role, shown, right, [parties._is(option, told) for option in listed])


def _nationality(
    reading: Reading,
    setting: parties.Setting,
    listed: list[parties.Option],
    right: list[bool],
    event: dict[str, Any],
    role: str,
    other: tuple[Actor, ...],
    article: str,
) -> Iterator[Choice]:
    """The state of the party that was meant, where the rules give it none."""
    clauses, grammar, rules = setting.clauses, reading.lexicon.grammar, reading.rules
    actors = listed[right.index(True)].actors[:1]
    found = context.settled(clauses, Arguments(actors, ()), setting.located, reading.home, rules, grammar).source
    if not found or found[0].country is not None or event[role] is None:
        return
    bearer = nationality.Bearer(clauses, setting.located, found[0], event["type"], role, other, setting.view)
    default = reading.home or reading.spoken_of
    states = nationality.options(bearer, default, rules)
    own = [state == event[role]["country"] for state in states]
    own[0] = not any(own)
    shown = [nationality.traits(bearer, state, default) for state in states]
    yield Choice(article, STATE, shown, own, [state is None for state in states])


def meant(text: str, listed: list[parties.Option], party: dict[str, Any] | None) -> list[bool]:
    """Which options a label means: nobody; those that share its words; of a pronoun or what is only
    implied, those of its country."""
    if party is None:
        return [not option.actors for option in listed]
    if party["span"]:
        shares = [max((_shared(text, actor.span, party["span"]) for actor in o.actors), default=0.0) for o in listed]
        whole = [_shared(text, _whole(o), party["span"]) for o in listed]
        best = max(max(pair) for pair in zip(shares, whole, strict=True))
        if best > 0:
            return [max(pair) == best for pair in zip(shares, whole, strict=True)]
    if party["country"] and (not party["span"] or (party["text"] or "").lower() in POINTERS):
        return [any(actor.country == party["country"] for actor in option.actors) for option in listed]
    return [False] * len(listed)


def _whole(option: parties.Option) -> Span | None:
    spans = [actor.span for actor in option.actors if actor.span]
    return (min(s for s, _ in spans), max(e for _, e in spans)) if spans else None


def _shared(text: str, one: Span | None, other: list[int]) -> float:
    """F1 of the letters that two spans share."""
    if one is None:
        return 0.0
    common = min(one[1], other[1]) - max(one[0], other[0])
    return 2 * common / (one[1] - one[0] + other[1] - other[0]) if common > 0 else 0.0


# ------------------------------------------------------------------ weights


class Table(NamedTuple):
    """All choices of a role as one sparse table: `cells` (option row, trait), the rows' choices, which are right."""

    rows: NDArray[np.int64]
    traits: NDArray[np.int64]
    choice: NDArray[np.int64]
    right: NDArray[np.bool_]
    choices: int


def table(listed: list[Choice], known: dict[str, int]) -> Table:
    rows, columns, choice, right = list[int](), list[int](), list[int](), list[bool]()
    for number, one in enumerate(listed):
        for shown, is_right in zip(one.options, one.right, strict=True):
            numbers = sorted({known[trait] for trait in shown if trait in known})
            rows += [len(choice)] * len(numbers)
            columns += numbers
            choice.append(number)
            right.append(is_right)
    return Table(np.array(rows), np.array(columns), np.array(choice), np.array(right, bool), len(listed))


def fitted(data: Table, size: int) -> NDArray[np.float64]:
    """Softmax over the options of each choice, all right ones counted together, with a ridge, by AdaGrad."""
    weights, seen = np.zeros(size), np.full(size, 1e-8)
    for _ in range(STEPS):
        scores = np.bincount(data.rows, weights[data.traits], len(data.choice))
        top = np.full(data.choices, -np.inf)
        np.maximum.at(top, data.choice, scores)
        odds = np.exp(scores - top[data.choice])
        chance = odds / np.bincount(data.choice, odds, data.choices)[data.choice]
        good = odds * data.right
        wanted = good / np.maximum(1e-12, np.bincount(data.choice, good, data.choices))[data.choice]
        slope = np.bincount(data.traits, (chance - wanted)[data.rows], size) / data.choices + RIDGE * weights
        seen += slope * slope
        weights -= RATE * slope / np.sqrt(seen)
    return weights


def whole(weights: NDArray[np.float64]) -> NDArray[np.int8]:
    return np.clip(np.rint(weights * UNIT), -LARGEST, LARGEST).astype(np.int8)


def vocabulary(listed: list[Choice]) -> dict[str, int]:
    counted = Counter(trait for one in listed for shown in one.options for trait in shown)
    return {trait: n for n, trait in enumerate(sorted(t for t, c in counted.items() if c >= FEWEST))}


def report(name: str, listed: list[Choice], known: dict[str, int], weights: NDArray[np.int8]) -> None:
    ruled = right = 0
    leads = np.arange(0, 121, 20)
    led = np.zeros(len(leads))
    for one in listed:
        scores = [int(weights[[known[t] for t in shown if t in known]].astype(int).sum()) for shown in one.options]
        best = int(np.argmax(scores))
        standing = next((n for n, r in enumerate(one.ruled) if r), best)
        ruled += one.right[standing]
        right += one.right[best]
        led += [one.right[best] if scores[best] - scores[standing] >= lead else one.right[standing] for lead in leads]
    n = len(listed)
    shown = " ".join(f"{lead}:{share:.3f}" for lead, share in zip(leads, led / n, strict=True))
    print(f"{name}: rules {ruled / n:.3f}, weights {right / n:.3f} of {n}; by lead {shown}", flush=True)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval")
    ask.add_argument("--out", type=Path, default=ROOT / "rules" / "models")
    args = ask.parse_args()
    rules = load()
    listed = [row for row in labelled_before(args.eval) if row["split"] == "train"]
    found = [choice for row in listed for choice in choices(row, rules)]
    for name, asked in (("parties", parties.ROLES), ("nationality", (STATE,))):
        own = [one for one in found if one.role in asked]
        for role in asked:
            part = [one for one in own if one.role == role]
            seen = [one for one in part if not is_held_back(one)]
            known = vocabulary(seen)
            held = [one for one in part if is_held_back(one)]
            report(f"{role}, held back", held, known, whole(fitted(table(seen, known), len(known))))
        (args.out / f"{name}-{LANGUAGE}.weights").write_bytes(packed(own, asked))


def is_held_back(one: Choice) -> bool:
    return int(hashlib.md5(one.article.encode()).hexdigest(), 16) % FOLDS == 0


def packed(listed: list[Choice], asked: Sequence[str]) -> bytes:
    """A weights file: one vocabulary of traits, and for each role a weight a trait."""
    known = vocabulary(listed)
    arrays: dict[str, NDArray[Any]] = {"traits": np.frombuffer("\n".join(known).encode(), np.uint8)}
    for role in asked:
        arrays[role] = whole(fitted(table([one for one in listed if one.role == role], known), len(known)))
    return pack({"trained": "training/parties.py"}, arrays)


if __name__ == "__main__":
    main()
