"""Copies: hashing proposes, containment decides.

Every document leaves a sample of its shingles in an index (those whose hash is divisible by `sample`,
so that a part has the same sample as the whole: FracMinHash, Irber et al. 2022). A new document looks
its own sample up; the documents that share most of it are compared in full. The decision depends on the
two documents alone, never on the rest of the corpus.
"""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass

import numpy as np

from tocsin.group.features import Decision, Features, Hashes
from tocsin.records import CopyKind
from tocsin.rules.grouping import Copies as Settings


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two documents side by side. `of_new` and `of_old` are shares of each one's shingles."""

    shared: int
    smaller: int
    of_new: float
    of_old: float
    numbers_shared: int
    numbers: int
    gap_hours: float | None

    @property
    def contained(self) -> float:
        return max(self.of_new, self.of_old)


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


def compare(new: Features, old: Features, mine: Hashes, theirs: Hashes) -> Comparison:
    """Two documents by the telling part of their shingles, `mine` of the new one and `theirs` of the old."""
    both = shared(mine, theirs)
    gap = None if new.moment is None or old.moment is None else new.moment - old.moment
    return Comparison(
        shared=both,
        smaller=min(len(mine), len(theirs)),
        of_new=both / max(1, len(mine)),
        of_old=both / max(1, len(theirs)),
        numbers_shared=shared(new.numbers, old.numbers),
        numbers=min(len(new.numbers), len(old.numbers)),
        gap_hours=gap,
    )


def numbers_agree(found: Comparison, share: float) -> bool:
    """The guard against templates: the same words with new figures are another report. One more figure is
    counted as shared than is, so that a single stray one (a date of posting) does not decide alone."""
    return found.numbers_shared + 1 >= share * (found.numbers + 1)


def decide(
    new: Features, old: Features, mine: Hashes, theirs: Hashes, settings: Settings
) -> tuple[Comparison, CopyKind] | None:
    """Whether `new` carries the text of `old`: the figures that say so, and the kind."""
    found = compare(new, old, mine, theirs)
    short = min(new.words, old.words) < settings.short_words
    least = settings.contained_short if short else settings.contained
    share = settings.number_short if short else settings.number_share
    if found.gap_hours is not None and abs(found.gap_hours) > settings.late_hours:
        least, share = max(least, settings.contained_late), max(share, settings.number_late)
    if found.shared < settings.shared_least or found.contained < least or not numbers_agree(found, share):
        return None
    return found, kind_of(found, new, old, settings)


def kind_of(found: Comparison, new: Features, old: Features, settings: Settings) -> CopyKind:
    if new.words < settings.excerpt_size * old.words:
        return "excerpt"
    longer = old.words < settings.excerpt_size * new.words
    later = found.gap_hours is not None and found.gap_hours > 0
    if later and (longer or (found.numbers_shared < len(new.numbers) and found.of_new < settings.same)):
        return "update"
    return "copy"


def reason_of(found: Comparison) -> str:
    figures = f"{found.numbers_shared} of {found.numbers} numbers agree" if found.numbers else "no numbers"
    text = f"containment {found.contained:.2f} of {found.smaller} shingles, {figures}"
    return text if found.gap_hours is None else f"{text}, {abs(found.gap_hours):.0f} h apart"


class Copies:
    """All documents so far, with the index of their samples."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._documents: list[Features] = []
        self._holders: dict[int, list[int]] = {}
        self._crowd = Crowd(settings.crowded)

    def find(self, new: Features) -> Decision | None:
        """The parent of a document among those that came before, or None: the one that shares most
        text and names, and of nearly equal ones the one whose author is known, then the earliest."""
        best: Decision | None = None
        most = 0.0
        mine = self._crowd.telling(new.shingles)
        for place in self._proposed(new):
            old = self._documents[place]
            decision = decide(new, old, mine, self._crowd.telling(old.shingles), self._settings)
            if decision is None:
                continue
            found, kind = decision
            names = shared(new.names, old.names) / max(1, min(len(new.names), len(old.names)))
            strength = found.contained + names + (self._settings.known_margin if old.known else 0.0)
            if best is None or strength > most:
                best, most = Decision(place, kind, reason_of(found)), strength
        return best

    def add(self, new: Features, first: bool) -> int:
        """Takes a document into the index; returns its place. `first`: it opens a family."""
        place = len(self._documents)
        self._documents.append(new)
        if first:
            self._crowd.add(new.shingles)
        for shingle in self._sample(new):
            holders = self._holders.setdefault(shingle, [])
            if len(holders) < self._settings.postings:  # the earliest suffice: a thousandth copy meets the first
                holders.append(place)
        return place

    def _sample(self, of: Features) -> list[int]:
        if len(of.shingles) < self._settings.sample_all_below:
            return of.shingles.tolist()  # type: ignore[no-any-return]
        kept = of.shingles[of.shingles % np.uint64(self._settings.sample) == 0]
        return kept.tolist()  # type: ignore[no-any-return]

    def _proposed(self, new: Features) -> list[int]:
        hits: Counter[int] = Counter()
        sample = self._sample(new)
        for shingle in sample:
            hits.update(self._holders.get(shingle, ()))
        enough = 2 if len(sample) >= self._settings.sample_full else 1
        met = [(-count, place) for place, count in hits.items() if count >= enough]
        return [place for _, place in heapq.nsmallest(self._settings.candidates, met)]
