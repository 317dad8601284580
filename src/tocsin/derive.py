"""The chain: ledger = derive(entries[:N], per_document, rules). One fold, short enough to read aloud.

Live, recovery and replay are this function. It sees neither clock nor files: the time of a judgement
is a Tick in the archive, the rules in force are the last Adopted before it, and what extract and
interpret make of a document comes from `per_document`, which may have been computed anywhere.
"""

from __future__ import annotations

import dataclasses
import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from tocsin.extract import read, tally
from tocsin.group import Grouping
from tocsin.interpret import interpret
from tocsin.judge import Judge, as_judged, propose
from tocsin.records import (
    Adopted,
    Answer,
    Assessment,
    Bulletin,
    Capture,
    Document,
    Entry,
    Membership,
    Recipe,
    Refusal,
    Statement,
    StoryLink,
    Tally,
    Tick,
    Work,
)
from tocsin.rules import Rules

Conclusion: TypeAlias = Document | Refusal | Membership | StoryLink | Statement | Assessment | Bulletin
Outcome: TypeAlias = Work | Tally | Refusal
PerDocument: TypeAlias = Callable[[int, Capture, Rules], tuple[Outcome, ...]]


class NoRules(Exception):
    """The archive tells of something before any rules were adopted, so nothing can decide."""


def work(capture: Capture, body: bytes, rules: Rules) -> tuple[Outcome, ...]:
    """Steps 2 and 4 for one capture: everything that needs no other document. A day of coded events is only counted."""
    if capture.form == "events":
        return (tally(capture, body),)
    return tuple(
        outcome if isinstance(outcome, Refusal) else Work(outcome, interpret(outcome, rules))
        for outcome in read(capture, body, rules)
    )


class Fold:
    """What the chain knows at one position: steps 3 and 5, under the rules in force."""

    def __init__(self, rules: Rules, recipe: Recipe, exercise: bool = False) -> None:
        self.rules, self.recipe, self.exercise = rules, recipe, exercise
        self._grouping = Grouping(rules)
        self._judge = Judge(rules)
        self._held: dict[str, _Packed] = {}
        self._answers: list[Answer] = []
        self._tallies: list[Tally] = []

    def adopt(self, rules: Rules, recipe: Recipe) -> Fold:
        """The same evidence under new rules: what was concluded stands, what comes is judged by these.

        Documents keep the membership and the statements that the old rules gave them; the new rules
        join and weigh them afresh, and the levels in force carry over.
        """
        after = Fold(rules, recipe, self.exercise)
        after._judge.resume(self._judge)
        for packed in self._held.values():
            held, membership = packed.unpacked()
            after._grouping.add(held.document)
            after._hold(held, membership)
            after._judge.forget(held.document.seen or "")
        for answer in self._answers:
            after.answer(answer)
        for day in self._tallies:
            after.count(day)
        return after

    def add(self, held: Work) -> Iterator[Conclusion]:
        """One document; nothing new where it was seen before."""
        if held.document.key in self._held:
            return
        membership = self._grouping.add(held.document)
        self._hold(held, membership)
        yield held.document
        yield membership
        yield from held.statements

    def _hold(self, held: Work, membership: Membership) -> None:
        self._held[held.document.key] = _Packed.of(held, membership)
        self._judge.add(as_judged(held.document, self.exercise), membership, held.statements)

    def count(self, day: Tally) -> None:
        """A day of coded events; it concludes nothing by itself."""
        self._tallies.append(day)
        self._judge.count(day)

    def answer(self, answer: Answer) -> None:
        self._answers.append(answer)
        self._judge.answer(answer)

    def review(self, seen: str) -> tuple[StoryLink, ...]:
        """Stories that split or merge, where enough has come since the last review."""
        return self._grouping.review(seen) if self._grouping.review_due else ()

    def assess(self, as_of: str) -> Assessment:
        assessment = self._judge.assess(as_of, self.recipe, self.exercise)
        self._judge.forget(as_of)
        return assessment


@dataclasses.dataclass(frozen=True, slots=True)
class _Packed:
    """A document as it was taken in, small: rules to come will hear it again, and until then nobody looks."""

    data: bytes

    @staticmethod
    def of(held: Work, membership: Membership) -> _Packed:
        return _Packed(zlib.compress(pickle.dumps((held, membership), 5), 1))

    def unpacked(self) -> tuple[Work, Membership]:
        found: tuple[Work, Membership] = pickle.loads(zlib.decompress(self.data))
        return found


@dataclasses.dataclass(slots=True)
class Running:
    """A fold that stands, with the position up to which it has folded: what comes after costs only itself."""

    fold: Fold | None = None
    position: int = 0


def derive(
    entries: Iterable[tuple[int, Entry]],
    per_document: PerDocument,
    rules_of: Callable[[str], Rules],
    recipe_of: Callable[[Rules], Recipe],
    exercise: bool = False,
    running: Running | None = None,
) -> Iterator[tuple[int, Conclusion]]:
    """Fold entries into conclusions, each with the position of the entry that brought it.

    `running` carries the fold on from where it stood, and is left where this ends: `entries` begin at its position.
    Where this does not come to its end, it has gone astray and must be thrown away.

    `rules_of` gives the rules for a bundle digest and raises where the bundle is missing; `recipe_of` names
    what computes now, which may be other code than at the adoption. Raises NoRules where evidence comes
    before the first Adopted.
    """
    running = running or Running()
    fold = running.fold
    for position, entry in entries:
        if isinstance(entry, Adopted):
            rules = rules_of(entry.rules)
            recipe = recipe_of(rules)
            fold = fold.adopt(rules, recipe) if fold else Fold(rules, recipe, exercise)
        elif fold is None:
            raise NoRules(f"entry {position} comes before any rules were adopted; run `tocsin adopt`")
        else:
            for conclusion in _conclude(fold, position, entry, per_document):
                yield position, conclusion
        running.fold, running.position = fold, position + 1


def _conclude(fold: Fold, position: int, entry: Entry, per_document: PerDocument) -> Iterator[Conclusion]:
    if isinstance(entry, Capture):
        for outcome in per_document(position, entry, fold.rules):
            if isinstance(outcome, Refusal):
                yield outcome
            elif isinstance(outcome, Tally):
                fold.count(outcome)
            else:
                yield from fold.add(outcome)
    elif isinstance(entry, Answer):
        fold.answer(entry)
    elif isinstance(entry, Tick):
        yield from fold.review(entry.seen)
        assessment = fold.assess(entry.seen)
        yield assessment
        yield from propose(assessment, fold.rules)
