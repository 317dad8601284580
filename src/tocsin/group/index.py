"""An index of hashes over years of documents: which ones hold a hash, the earliest first.

The newest entries lie in a dictionary; what has come before them in sorted runs, each at least twice as long as the
next, as in a log-structured merge tree (O'Neil et al. 1996). An entry then takes twelve bytes instead of some hundred.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Hashes: TypeAlias = NDArray[np.uint64]

FRESH = 1 << 16  # entries in the dictionary, at most


@dataclass(frozen=True, slots=True)
class Run:
    """Entries sorted by hash, those of one hash in order of arrival."""

    hashes: Hashes
    places: NDArray[np.uint32]

    def then(self, later: Run, most: int) -> Run:
        """This run and a later one in one; of each hash `most` entries, the earliest."""
        hashes = np.concatenate((self.hashes, later.hashes))
        order = np.argsort(hashes, kind="stable")
        hashes, places = hashes[order], np.concatenate((self.places, later.places))[order]
        opens = np.flatnonzero(np.append(True, hashes[1:] != hashes[:-1])[: len(hashes)])
        rank = np.arange(len(hashes)) - np.repeat(opens, np.diff(np.append(opens, len(hashes))))
        return Run(hashes[rank < most], places[rank < most])


class Index:
    """Which documents hold a hash. Documents are known by their place in order of arrival, and come in that order."""

    def __init__(self, most: int, fresh: int = FRESH) -> None:
        """Of each hash `most` holders are told, the earliest."""
        self._most, self._room = most, fresh
        self._fresh: dict[int, list[int]] = {}
        self._entries = 0
        self._runs: list[Run] = []

    def add(self, hashes: Iterable[int], place: int) -> None:
        """Takes in a document with its hashes, each once."""
        for value in hashes:
            held = self._fresh.setdefault(value, [])
            if len(held) < self._most:
                held.append(place)
                self._entries += 1
        if self._entries >= self._room:
            self._settle()

    def holders(self, hashes: Hashes) -> list[list[int]]:
        """For each hash the places of its holders, in order of arrival."""
        found: list[list[int]] = [[] for _ in hashes]
        for run in self._runs:
            starts = np.searchsorted(run.hashes, hashes, "left").tolist()
            ends = np.searchsorted(run.hashes, hashes, "right").tolist()
            for held, start, end in zip(found, starts, ends, strict=True):
                if start < end:
                    held += run.places[start:end].tolist()
        for held, value in zip(found, hashes.tolist(), strict=True):
            held += self._fresh.get(value, ())
            del held[self._most :]
        return found

    def _settle(self) -> None:
        """Turns the dictionary into a run, and joins runs until each is at least twice as long as the next."""
        values = np.fromiter(self._fresh, dtype=np.uint64, count=len(self._fresh))
        counts = [len(held) for held in self._fresh.values()]
        places = np.fromiter((place for held in self._fresh.values() for place in held), np.uint32, sum(counts))
        hashes = np.repeat(values, counts)
        order = np.argsort(hashes, kind="stable")
        self._runs.append(Run(hashes[order], places[order]))
        self._fresh, self._entries = {}, 0
        while len(self._runs) > 1 and len(self._runs[-2].hashes) < 2 * len(self._runs[-1].hashes):
            later = self._runs.pop()
            self._runs[-1] = self._runs[-1].then(later, self._most)
