"""Copies: hashing proposes, containment decides.

Every document leaves a sample of its shingles in an index (those whose hash is divisible by `sample`,
so that a part has the same sample as the whole: FracMinHash, Irber et al. 2022). A new document looks
its own sample up; the documents that share most of it are compared in full. The decision depends on the
two documents alone, never on the rest of the corpus.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from tocsin.group.features import Features, Hashes
from tocsin.records import CopyKind
from tocsin.rules.grouping import Copies as Settings


@dataclass(frozen=True, slots=True)
class Copied:
    """A decision: the parent (place in the index), the kind, and the figures that decided."""

    parent: int
    kind: CopyKind
    reason: str
    strength: float


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


def compare(new: Features, old: Features) -> Comparison:
    both = shared(new.shingles, old.shingles)
    gap = None if new.moment is None or old.moment is None else new.moment - old.moment
    return Comparison(
        shared=both,
        smaller=min(len(new.shingles), len(old.shingles)),
        of_new=both / len(new.shingles),
        of_old=both / len(old.shingles),
        numbers_shared=shared(new.numbers, old.numbers),
        numbers=min(len(new.numbers), len(old.numbers)),
        gap_hours=gap,
    )


def numbers_agree(found: Comparison, settings: Settings, share: float) -> bool:
    """The guard against templates: the same words with new figures are another report."""
    return found.numbers < settings.number_least or found.numbers_shared >= share * found.numbers


def decide(new: Features, old: Features, settings: Settings) -> tuple[CopyKind, str] | None:
    """Whether `new` carries the text of `old`, as what kind, and by which figures."""
    found = compare(new, old)
    late = found.gap_hours is not None and abs(found.gap_hours) > settings.late_hours
    strict = late or min(new.words, old.words) < settings.short_words
    least = settings.contained_late if strict else settings.contained
    share = settings.number_strict if strict else settings.number_share
    if found.shared < min(settings.shared_least, found.smaller) or found.contained < least:
        return None
    if not numbers_agree(found, settings, share):
        return None
    return kind_of(found, new, old, settings), reason_of(found)


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

    def find(self, new: Features) -> Copied | None:
        """The parent of a document among those that came before, or None."""
        best: Copied | None = None
        for place in self._proposed(new):
            old = self._documents[place]
            decision = decide(new, old, self._settings)
            if decision is None:
                continue
            strength = compare(new, old).contained + (0.05 if old.known else 0.0)
            if best is None or strength > best.strength + 1e-9:
                best = Copied(place, decision[0], decision[1], strength)
        return best

    def add(self, new: Features) -> int:
        """Takes a document into the index; returns its place."""
        place = len(self._documents)
        self._documents.append(new)
        for shingle in self._sample(new):
            self._holders.setdefault(shingle, []).append(place)
        return place

    def _sample(self, of: Features) -> list[int]:
        if len(of.shingles) < self._settings.sample_all_below:
            return of.shingles.tolist()  # type: ignore[no-any-return]
        kept = of.shingles[of.shingles % np.uint64(self._settings.sample) == 0]
        return kept.tolist()  # type: ignore[no-any-return]

    def _proposed(self, new: Features) -> list[int]:
        hits: Counter[int] = Counter()
        for shingle in self._sample(new):
            holders = self._holders.get(shingle)
            if holders is not None and len(holders) <= self._settings.crowded:
                hits.update(holders)
        ranked = sorted(hits.items(), key=lambda item: (-item[1], item[0]))
        return [place for place, _ in ranked[: self._settings.candidates]]
