"""Retellings: a text spun into other words, or put into another language, shares no shingles with its
original; it keeps the names and figures, and the order in which they come up. Two reporters at one event
name the same things too, but each in an order of his own.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

import numpy as np

from tocsin.group.features import Decision, Features, Hashes
from tocsin.records import CopyKind
from tocsin.rules.grouping import Retold as Settings


@dataclass(frozen=True, slots=True)
class Retelling:
    """Two documents by their facts. `order` is the share of common facts that come in the same order."""

    shared: int
    smaller: int
    order: float
    terms: float
    numbers_shared: int
    numbers: int

    @property
    def kept(self) -> float:
        return self.shared / max(1, self.smaller)


def common(left: Hashes, right: Hashes) -> int:
    return len(np.intersect1d(left, right, assume_unique=True))


def compare(new: Features, old: Features) -> Retelling:
    at = {fact: place for place, fact in enumerate(old.facts.tolist())}
    places = [at[fact] for fact in new.facts.tolist() if fact in at]
    return Retelling(
        shared=len(places),
        smaller=min(len(new.facts), len(old.facts)),
        order=longest_rise(places) / max(1, len(places)),
        terms=common(new.terms, old.terms) / max(1, min(len(new.terms), len(old.terms))),
        numbers_shared=common(new.numbers, old.numbers),
        numbers=min(len(new.numbers), len(old.numbers)),
    )


def longest_rise(places: list[int]) -> int:
    """The length of the longest increasing subsequence (patience sorting)."""
    piles: list[int] = []
    for place in places:
        at = bisect_left(piles, place)
        piles[at : at + 1] = [place]
    return len(piles)


def decide(new: Features, old: Features, settings: Settings) -> tuple[CopyKind, str] | None:
    """Whether `new` retells `old`, as what kind, and by which figures."""
    if new.moment is not None and old.moment is not None and abs(new.moment - old.moment) > settings.hours:
        return None
    foreign = new.language is not None and old.language is not None and new.language != old.language
    found = compare(new, old)
    if found.shared < settings.facts_least or found.order < settings.order:
        return None
    if found.numbers_shared < settings.numbers * found.numbers:
        return None
    figures = (
        f"{found.shared} of {found.smaller} names and figures, {found.order:.2f} of them in the same order, "
        f"{found.numbers_shared} of {found.numbers} numbers agree"
    )
    if foreign:
        return ("translation", figures) if found.kept >= settings.facts_foreign else None
    if found.kept >= settings.facts and found.terms >= settings.terms:
        return "spun", f"{figures}, {found.terms:.2f} of the content words"
    return None


class Retold:
    """The documents of late, looked up by their facts. Places are those of `tocsin.group.copies`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._documents: dict[int, Features] = {}
        self._next = 0
        self._holders: dict[int, list[int]] = {}

    def find(self, new: Features, alike: tuple[int, ...] = ()) -> Decision | None:
        """The earlier document that `new` retells, or None; none of those that only look `alike` (by their places)."""
        hits: Counter[int] = Counter()
        for fact in new.facts.tolist():
            holders = self._holders.get(fact, ())
            if len(holders) <= self._settings.postings:
                hits.update(holders)
        met = [
            (-count, place) for place, count in hits.items() if count >= self._settings.met_least and place not in alike
        ]
        for _, place in heapq.nsmallest(self._settings.candidates, met):
            decision = decide(new, self._documents[place], self._settings)
            if decision is not None:
                return Decision(place, *decision)
        return None

    def add(self, new: Features) -> None:
        self._documents[self._next] = new
        for fact in new.facts.tolist():
            self._holders.setdefault(fact, []).append(self._next)
        self._next += 1

    def forget(self, before: int) -> None:
        """Lets the documents go that came before this place: what is got so much later retells none of them."""
        for place in [place for place in self._documents if place < before]:
            del self._documents[place]
        for fact, holders in list(self._holders.items()):
            del holders[: bisect_left(holders, before)]
            if not holders:
                del self._holders[fact]
