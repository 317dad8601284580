"""Judging one area again from what was told: the judge's part of the chain, without pages to read or group.

`derive` feeds the judge from the archive; a stranger feeds it from a published dossier. Both go through here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from tocsin.judge.evidence import bearing
from tocsin.judge.fold import Judge
from tocsin.judge.gist import Gist, Noted, Text, noted
from tocsin.judge.witnesses import outlet
from tocsin.records import Adopted, Answer, Document, Judgement, Membership, Recipe, Statement, Tally, Tick
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
    bench: _Bench | None = None
    for step in steps:
        if isinstance(step, Adopted):
            bench = _Bench(rules_of(step.rules), area, exercise, bench)
        elif bench is None:
            raise ValueError("expected the rules before anything that is judged by them")
        else:
            bench.take(step)
    if bench is None or bench.latest is None:
        raise ValueError(f"expected a tick at which {area} is judged, found none")
    return bench.latest


class _Bench:
    """A judge under one set of rules, with all that it was told, so that the next rules can hear it again."""

    def __init__(self, rules: Rules, area: str, exercise: bool, before: _Bench | None) -> None:
        self._judge, self._rules, self._area, self._exercise = Judge(rules), rules, area, exercise
        self._heard: list[Answer | Tally | Told] = []
        self.latest: Judgement | None = before.latest if before else None
        if before is not None:
            self._judge.resume(before._judge)
            for told in sorted(before._heard, key=lambda one: isinstance(one, Answer)):
                self.take(told)

    def take(self, step: Answer | Tally | Tick | Told) -> None:
        if isinstance(step, Tick):
            self.latest = self._judge.assess(step.seen, _NOBODY, self._exercise, [self._area]).judgements[0]
            self._judge.forget(step.seen)
            return
        self._heard.append(step)
        if isinstance(step, Answer):
            self._judge.answer(step)
        elif isinstance(step, Tally):
            self._judge.count(step)
        else:
            self._judge.add(
                as_judged(step.document, self._exercise), step.membership, step.statements, step.gist(self._rules)
            )


_NOBODY = Recipe("", "", "")  # a judgement does not name what computed it


def as_judged(document: Document, exercise: bool) -> Document:
    """In an exercise, reports made for it count as reports; anywhere else they are barred as what they are."""
    if not exercise or "exercise" not in document.flags:
        return document
    return dataclasses.replace(document, flags=tuple(flag for flag in document.flags if flag != "exercise"))
