"""Copies: hashing proposes, containment decides.

Every document leaves a sample of its shingles in an index (those whose hash is divisible by `sample`,
so that a part has the same sample as the whole: FracMinHash, Irber et al. 2022). A new document looks
its own sample up; the documents that share most of it are compared in full. The decision depends on the
two documents alone, never on the rest of the corpus. Nothing of this is ever let go: a text that comes round
again after years is known by its words.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tocsin.group.features import Decision, Features, Flags, Hashes
from tocsin.group.index import Index
from tocsin.records import CopyKind
from tocsin.rules.grouping import Copies as Settings

Counts: TypeAlias = NDArray[np.int64]
Hours: TypeAlias = NDArray[np.float64]

_NONE, _NO_COUNTS = np.zeros(0, dtype=np.uint64), np.zeros(0)  # in the stead of what copies are not compared by


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of a new document with an old one, side by side; one entry a pair. `shared` counts the shingles
    in both, `numbers_shared` the figures, `slots` the slots of figures, and `filled` those filled alike; `gap` is
    the new one's hours after the old, or NaN."""

    shared: Counts
    shingles_new: Counts
    shingles_old: Counts
    numbers_shared: Counts
    numbers_new: Counts
    numbers_old: Counts
    slots: Counts
    filled: Counts
    words_new: Counts
    words_old: Counts
    gap: Hours

    @property
    def of_new(self) -> Hours:
        return self.shared / np.maximum(1, self.shingles_new)

    @property
    def contained(self) -> Hours:
        return self.shared / np.maximum(1, np.minimum(self.shingles_new, self.shingles_old))

    @property
    def numbers(self) -> Counts:
        return np.minimum(self.numbers_new, self.numbers_old)


def shared(left: Hashes, right: Hashes) -> int:
    """How many members two sorted sets have in common."""
    if len(left) > len(right):
        left, right = right, left
    if not len(left):
        return 0
    at = np.searchsorted(right, left)
    at[at == len(right)] = 0
    return int(np.count_nonzero(right[at] == left))


class Crowd:
    """How many families hold each shingle: one that many hold is page furniture or a formula of the trade,
    and proves nothing about where a text came from.

    A table of counts by hash, with one slot for more than two shingles of room, so that a chance meeting
    of several shingles in one slot is rare (a Poisson tail). It doubles as it fills.
    """

    def __init__(self, enough: int, room: int = 1 << 16) -> None:
        self._enough = enough
        self._counts = np.zeros(room, dtype=np.uint8)
        self._kept: list[Hashes] = []
        self._held = 0

    def add(self, shingles: Hashes) -> None:
        self._kept.append(shingles)
        self._held += len(shingles)
        if 2 * self._held <= len(self._counts):
            self._count(shingles)
            return
        self._counts = np.zeros(4 * len(self._counts), dtype=np.uint8)
        for earlier in self._kept:
            self._count(earlier)

    def telling(self, shingles: Hashes) -> Hashes:
        """The shingles that few families hold; all, where nearly all of the text is formula."""
        few = self._counts[self._slots(shingles)] < self._enough
        return shingles[few]

    def _slots(self, shingles: Hashes) -> Hashes:
        return shingles & np.uint64(len(self._counts) - 1)

    def _count(self, shingles: Hashes) -> None:
        slots = self._slots(shingles)
        self._counts[slots] = np.minimum(self._counts[slots], np.uint8(254)) + np.uint8(1)


def compare(new: Features, mine: Hashes, olds: Sequence[tuple[Features, Hashes]]) -> Pairs:
    """One document beside several, by the telling part of their shingles (`mine`, and with each old one)."""
    moments = np.array([np.nan if old.moment is None else old.moment for old, _ in olds])
    return Pairs(
        shared=np.array([shared(mine, theirs) for _, theirs in olds]),
        shingles_new=np.full(len(olds), len(mine)),
        shingles_old=np.array([len(theirs) for _, theirs in olds]),
        numbers_shared=np.array([shared(new.numbers, old.numbers) for old, _ in olds]),
        numbers_new=np.full(len(olds), len(new.numbers)),
        numbers_old=np.array([len(old.numbers) for old, _ in olds]),
        slots=np.array([shared(new.slots, old.slots) for old, _ in olds]),
        filled=np.array([shared(new.filled, old.filled) for old, _ in olds]),
        words_new=np.full(len(olds), new.words),
        words_old=np.array([old.words for old, _ in olds]),
        gap=(np.nan if new.moment is None else new.moment) - moments,
    )


def decide(pairs: Pairs, settings: Settings) -> tuple[Flags, Flags]:
    """Which pairs are copies, and which only look alike: the same words with new figures are another report."""
    short = np.minimum(pairs.words_new, pairs.words_old) < settings.short_words
    late = np.abs(pairs.gap) > settings.late_hours
    least = np.where(short, settings.contained_short, settings.contained)
    share = np.where(short, settings.number_short, settings.number_share)
    close = (pairs.shared >= settings.shared_least) & (pairs.contained >= least)
    firm = ~late | (pairs.contained >= settings.contained_late)
    share = np.where(late, np.maximum(share, settings.number_late), share)
    alike = (pairs.shared >= settings.shared_least) & (pairs.contained >= settings.alike)
    other = ~numbers_agree(pairs, settings.number_share) & (pairs.numbers >= settings.numbers_alike)
    refilled = filled_otherwise(pairs, settings)
    return close & firm & numbers_agree(pairs, share) & ~refilled, alike & (other | refilled)


def numbers_agree(pairs: Pairs, share: Hours | float) -> Flags:
    """The guard against templates. One more figure is counted as shared than is, so that a single stray one
    (a date of posting) does not decide alone."""
    agree: Flags = pairs.numbers_shared + 1 >= share * (pairs.numbers + 1)
    return agree


def filled_otherwise(pairs: Pairs, settings: Settings) -> Flags:
    """Whether one form holds other figures: two events of a day, whose date and standing figures agree."""
    other = pairs.slots - pairs.filled
    found: Flags = (other >= settings.slots_least) & (other >= settings.slots_share * pairs.slots)
    return found


def kinds(pairs: Pairs, settings: Settings) -> list[CopyKind]:
    """What kind of copy each pair is, given that it is one."""
    size = settings.excerpt_size
    longer = pairs.words_old < size * pairs.words_new
    other = (pairs.numbers_shared < pairs.numbers_new) & (pairs.of_new < settings.same)
    update = (pairs.gap > 0) & (longer | other | (pairs.slots > pairs.filled))
    codes = np.where(pairs.words_new < size * pairs.words_old, 1, np.where(update, 2, 0))
    names: tuple[CopyKind, ...] = ("copy", "excerpt", "update")
    return [names[code] for code in codes.tolist()]


def reason_of(pairs: Pairs, at: int) -> str:
    numbers = int(pairs.numbers[at])
    smaller = min(int(pairs.shingles_new[at]), int(pairs.shingles_old[at]))
    figures = f"{int(pairs.numbers_shared[at])} of {numbers} numbers agree" if numbers else "no numbers"
    text = f"containment {pairs.contained[at]:.2f} of {smaller} shingles, {figures}"
    return text if np.isnan(pairs.gap[at]) else f"{text}, {abs(pairs.gap[at]):.0f} h apart"


class Copies:
    """All documents so far, with the index of their samples."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._documents: list[Features] = []
        self._holders = Index(settings.postings)  # the earliest suffice: a thousandth copy meets the first
        self._crowd = Crowd(settings.crowded)

    def find(self, new: Features) -> tuple[Decision | None, tuple[int, ...]]:
        """The parent of a document among those that came before, or None: the one that shares most text and
        names, and of nearly equal ones the one whose author is known, then the earliest. With it the places
        of those that look alike and tell of something else."""
        places = self._proposed(new)
        if not places:
            return None, ()
        olds = [self._documents[place] for place in places]
        mine = self._crowd.telling(new.shingles)
        pairs = compare(new, mine, [(old, self._crowd.telling(old.shingles)) for old in olds])
        copies, alike = decide(pairs, self._settings)
        others = tuple(places[at] for at in np.flatnonzero(alike).tolist())
        if not copies.any():
            return None, others
        names = [shared(new.names, old.names) / max(1, min(len(new.names), len(old.names))) for old in olds]
        known = np.where([old.known for old in olds], self._settings.known_margin, 0.0)
        best = int(np.argmax(np.where(copies, pairs.contained + names + known, -1.0)))
        return Decision(places[best], kinds(pairs, self._settings)[best], reason_of(pairs, best)), others

    def add(self, new: Features, first: bool) -> int:
        """Takes a document into the index; returns its place. `first`: it opens a family."""
        place = len(self._documents)
        self._documents.append(replace(new, terms=_NONE, counts=_NO_COUNTS, lead=_NONE, facts=_NONE))
        if first:
            self._crowd.add(new.shingles)
        self._holders.add(self._sample(new).tolist(), place)
        return place

    def _sample(self, of: Features) -> Hashes:
        if len(of.shingles) < self._settings.sample_all_below:
            return of.shingles
        kept: Hashes = of.shingles[of.shingles % np.uint64(self._settings.sample) == 0]
        return kept

    def _proposed(self, new: Features) -> list[int]:
        hits: Counter[int] = Counter()
        sample = self._sample(new)
        for holders in self._holders.holders(sample):
            hits.update(holders)
        enough = 2 if len(sample) >= self._settings.sample_full else 1
        met = [(-count, place) for place, count in hits.items() if count >= enough]
        return [place for _, place in heapq.nsmallest(self._settings.candidates, met)]
