"""Judging again from what was told: the judge's part of the chain, without pages to read or group.

`derive` feeds the judge from the archive; a stranger feeds it from a published dossier. Both go through here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tocsin.judge.evidence import bearing
from tocsin.judge.fold import Judge
from tocsin.judge.gist import Gist, Noted, Text, noted
from tocsin.judge.witnesses import outlet
from tocsin.records import (
    Adopted,
    Answer,
    Assessment,
    Document,
    Judgement,
    Membership,
    Recipe,
    Statement,
    Tally,
    Tick,
)
from tocsin.rules import Rules


@dataclass(frozen=True, slots=True)
class Told:
    """One document as the judge hears of it: who tells it, of which family it is, and what it states. `gists`
    hold what stands for its text, under each of the rules, where it comes without."""

    document: Document
    membership: Membership
    statements: tuple[Statement, ...]
    gists: tuple[Noted, ...] = ()

    def gist(self, rules: Rules) -> Gist:
        return next((gist for gist in self.gists if gist.rules == rules.digest), None) or Text(self.document, rules)


Step: TypeAlias = Adopted | Answer | Tally | Tick | Told


def without_text(told: Told, rules: Iterable[Rules]) -> Told:
    """The same without the page: in its stead what the judge takes from it, under each of these rules."""
    gists = tuple(noted(told.document, one) for one in rules)
    return Told(dataclasses.replace(told.document, text="", repairs=()), told.membership, told.statements, gists)


def bears_on(told: Told, area: str, rules: Rules) -> bool:
    """Whether a document is evidence for an area at all: the others change nothing in its judgement."""
    author = outlet(told.document, told.membership, rules)
    gist = told.gist(rules)
    return area in bearing(told.document, gist, told.membership, told.statements, author, rules)


def judged_again(steps: Iterable[Step], area: str, rules_of: Callable[[str], Rules], exercise: bool) -> Judgement:
    """The judgement of an area at the last tick. Raises ValueError where there is nothing to judge by."""
    return assessed(steps, rules_of, exercise, [area]).judgements[0]


def assessed(
    steps: Iterable[Step], rules_of: Callable[[str], Rules], exercise: bool, areas: Sequence[str] | None = None
) -> Assessment:
    """The assessment of all areas, or of those named, at the last tick; each span by the rules adopted for it. Raises
    ValueError where there is nothing to judge by."""
    judge: Judge | None = None
    heard: list[Answer | Tally | Told] = []
    latest: Assessment | None = None
    for step in steps:
        if isinstance(step, Adopted):
            rules, before = rules_of(step.rules), judge
            judge = Judge(rules)
            if before is not None:
                judge.resume(before)
            for told in sorted(heard, key=lambda one: isinstance(one, Answer)):
                _hear(judge, told, rules, exercise)
        elif judge is None:
            raise ValueError("expected the rules before anything that is judged by them")
        elif isinstance(step, Tick):
            latest = judge.assess(step.seen, _NOBODY, exercise, areas)
            judge.forget(step.seen)
        else:
            heard.append(step)
            _hear(judge, step, rules, exercise)
    if latest is None:
        raise ValueError("expected a tick at which areas are judged, found none")
    return latest


def _hear(judge: Judge, told: Answer | Tally | Told, rules: Rules, exercise: bool) -> None:
    if isinstance(told, Answer):
        judge.answer(told)
    elif isinstance(told, Tally):
        judge.count(told)
    else:
        judge.add(as_judged(told.document, exercise), told.membership, told.statements, told.gist(rules))


_NOBODY = Recipe("", "", "")  # what is asked for a moment names nothing that computed it


def as_judged(document: Document, exercise: bool) -> Document:
    """In an exercise, reports made for it count as reports; anywhere else they are barred as what they are."""
    if not exercise or "exercise" not in document.flags:
        return document
    return dataclasses.replace(document, flags=tuple(flag for flag in document.flags if flag != "exercise"))
