"""Review: what arrival could not know. A headline shares few words even with its own story, and the first
ones of a story meet nothing to join; so stories of brief reports split early and run into each other.

From time to time all recent brief reports are grouped once more, together: average link over words weighted
by the whole collection gives a start, and then each report moves to the story whose words explain its own
best, under a Dirichlet mixture of word counts (Yin & Wang 2014, "A Dirichlet multinomial mixture model-based
approach for short text clustering"), taken as a climb in place of their sampling. What changes is told as
`StoryLink` records; no membership is rewritten.

All sums are of whole numbers, so that every machine finds the same.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tocsin.group.features import Features, Hashes
from tocsin.group.linking import Labels, Similarities, average_link
from tocsin.records import StoryLink
from tocsin.rules.grouping import Review as Settings

Words: TypeAlias = NDArray[np.int64]

_STEPS = 1024  # a weight is a whole number of these: products of unit vectors stay below 2**24, exact in float32
_LOG_STEPS = 1 << 24


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief report: its key, the hashes of its content words, its hour or None, and its story now."""

    key: str
    words: Hashes
    moment: float | None


class Review:
    """The recent brief reports, and the story of every document as it stands after the links so far."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._briefs: list[Brief] = []
        self._story: dict[str, str] = {}
        self._opened: set[str] = set()
        self._full: Counter[str] = Counter()
        self._brief: Counter[str] = Counter()
        self._brief_keys: set[str] = set()
        self._new = 0
        self._new_full = 0
        self._latest = -math.inf

    def add(self, new: Features, story: str) -> None:
        """Takes a document with the story that it got on arrival."""
        self._story[new.key] = story
        if new.moment is not None:
            self._latest = max(self._latest, new.moment)
        self._opened.add(story)
        words = np.union1d(new.terms, new.lead)
        if 0 < len(words) <= self._settings.brief_words:
            self._briefs.append(Brief(new.key, words, new.moment))
            self._brief[story] += 1
            self._brief_keys.add(new.key)
            self._new += 1
        else:
            self._full[story] += 1
            self._new_full += 1

    def story(self, document: str) -> str:
        """Where the document stands now: as on arrival, or as the last link says that names it."""
        return self._story[document]

    @property
    def due(self) -> bool:
        """Whether enough is new: a share of what would be reviewed, so that the cost for each report is bounded."""
        if self._new_full >= self._settings.due_full:
            return True
        return self._new > self._settings.due_share * min(len(self._briefs), self._settings.most)

    def links(self, seen: str | None) -> tuple[StoryLink, ...]:
        """Groups the recent brief reports afresh; what changes, in order of the reports. `seen`: as of when."""
        self._forget()
        self._new = self._new_full = 0
        briefs = [brief for brief in self._briefs if self._told_in_brief(self._story[brief.key])]
        if len(briefs) < 2:
            return ()
        words = numbered([brief.words for brief in briefs])
        hours = np.array([np.nan if brief.moment is None else brief.moment for brief in briefs])
        start = average_link(similarities(words, hours, self._settings), self._settings.linked)
        found = climb(words, start, self._settings)
        moves: dict[tuple[str, str], list[str]] = defaultdict(list)
        for brief, after in zip(briefs, self._names(briefs, found), strict=True):
            before = self._story[brief.key]
            if before != after:
                moves[before, after].append(brief.key)
        figures = f"out of {len(briefs)} reviewed together"
        return tuple(self._link(*pair, keys, figures, seen) for pair, keys in moves.items())

    def merged(self, story: str, into: str, reason: str, seen: str | None) -> StoryLink | None:
        """The link that tells all of a story under another one; None where either is told in brief reports."""
        if self._told_in_brief(story) or self._told_in_brief(into):
            return None
        keys = tuple(key for key, stands in self._story.items() if stands == story)
        for key in keys:
            self._story[key] = into
        self._full[into] += self._full.pop(story, 0)
        self._brief[into] += self._brief.pop(story, 0)
        return StoryLink(story, into, keys, reason, seen)

    def parted(self, story: str, keys: Sequence[str], reason: str, seen: str | None) -> StoryLink | None:
        """The link that tells some full texts of a story under a new one, called after the first of them that names
        no story; None where the story is told in brief reports, which `links` groups, or all of them name one."""
        into = next((key for key in keys if key not in self._opened), None)
        if into is None or self._told_in_brief(story):
            return None
        self._opened.add(into)
        brief = sum(key in self._brief_keys for key in keys)
        for key in keys:
            self._story[key] = into
        for counted, count in ((self._brief, brief), (self._full, len(keys) - brief)):
            counted[story] -= count
            counted[into] += count
        return StoryLink(story, into, tuple(keys), reason, seen)

    @property
    def since(self) -> float:
        """The hour from which stories are reviewed: so many before the latest that any report tells."""
        return self._latest - self._settings.hours

    def _told_in_brief(self, story: str) -> bool:
        """Whether brief reports are the most of a story. Where full texts are, they have decided it better."""
        return self._brief[story] > self._full[story]

    def forget(self, before: float) -> None:
        """Lets the brief reports go that are of before this hour or of nobody knows when."""
        self._briefs = [brief for brief in self._briefs if brief.moment is not None and brief.moment >= before]

    def _forget(self) -> None:
        """Keeps the reports of the window, counted from the latest one; at most so many."""
        latest = max((brief.moment for brief in self._briefs if brief.moment is not None), default=None)
        if latest is not None:
            since = latest - self._settings.hours
            self._briefs = [brief for brief in self._briefs if brief.moment is None or brief.moment >= since]
        del self._briefs[: -self._settings.most]

    def _names(self, briefs: Sequence[Brief], found: Labels) -> Iterator[str]:
        """The key of each report's story: a group keeps the key that most of its reports have, if no group has
        more of them; otherwise it is called after its first report that names no story yet."""
        held: dict[int, Counter[str]] = defaultdict(Counter)
        members: dict[int, list[str]] = defaultdict(list)
        for brief, group in zip(briefs, found.tolist(), strict=True):
            held[group][self._story[brief.key]] += 1
            members[group].append(brief.key)
        claims = sorted((-count, place, key) for place, group in held.items() for key, count in group.items())
        names: dict[int, str] = {}
        taken: set[str] = set()
        for _, group, key in claims:
            if group not in names and key not in taken:
                names[group] = key
                taken.add(key)
        for group in sorted(set(members) - set(names)):
            names[group] = next((key for key in members[group] if key not in self._opened), members[group][0])
            self._opened.add(names[group])
        return (names[group] for group in found.tolist())

    def _link(self, before: str, after: str, keys: list[str], figures: str, seen: str | None) -> StoryLink:
        for key in keys:
            self._story[key] = after
        self._brief[before] -= len(keys)
        self._brief[after] += len(keys)
        return StoryLink(before, after, tuple(keys), f"{len(keys)} brief reports stand closer, {figures}", seen)


def numbered(reports: Sequence[Hashes]) -> list[Words]:
    """The reports with each word as its number; words that only one report holds are left out."""
    _, number, held = np.unique(np.concatenate(reports), return_inverse=True, return_counts=True)
    common = held > 1
    number = np.where(common, np.cumsum(common) - 1, -1)[number]
    parts = np.split(number, np.cumsum([len(words) for words in reports])[:-1])
    return [part[part >= 0] for part in parts]


def similarities(reports: Sequence[Words], hours: NDArray[np.float64], settings: Settings) -> Similarities:
    """The cosine of each two reports, words weighted by rarity, faded by the time between where both have
    one (`hours`, else NaN); in exact steps, and -1 on the diagonal. n x n."""
    held = np.bincount(np.concatenate(reports))
    weight = np.log(1 + len(reports) / (held + settings.rare))
    vectors = np.zeros((len(reports), len(held)), dtype=np.float32)
    for place, words in enumerate(reports):
        norm = np.sqrt((weight[words] ** 2).sum())
        vectors[place, words] = np.round(weight[words] / (norm or 1.0) * _STEPS)
    found: Similarities = vectors @ vectors.T / np.float32(_STEPS**2)
    for place, row in enumerate(found):
        row *= np.round(np.exp(-np.nan_to_num(np.abs(hours - hours[place])) / settings.fade_hours) * _STEPS) / _STEPS
    np.fill_diagonal(found, -1)
    return found


def climb(reports: Sequence[Words], start: Labels, settings: Settings) -> Labels:
    """Moves each report to the group whose words make its own most likely, or to a new one, until few move.

    A group of n reports with N words in all, m of them w, gives w the chance (m + b) / (N + V b), V words
    being known; a report's prior chance of a group grows with the power `crowd` of n.
    """
    return _Climb(reports, start, settings).run()


class _Climb:
    """Counts of words for each group, with one free row for the group that a report would open."""

    def __init__(self, reports: Sequence[Words], start: Labels, settings: Settings) -> None:
        _, self._group = np.unique(start, return_inverse=True)
        self._reports, self._rounds = reports, settings.rounds
        words = int(max((int(one.max()) for one in reports if len(one)), default=0)) + 1
        rows = int(self._group.max()) + 2
        self._held = np.zeros((rows, words), dtype=np.int32)
        self._total = np.zeros(rows, dtype=np.int64)
        self._size = np.zeros(rows, dtype=np.int64)
        for place, group in enumerate(self._group.tolist()):
            self._put(place, group, 1)
        most = int(self._total.sum()) + 1
        self._word = _logs(np.arange(len(reports) + 1) + settings.smoothing)
        self._words: Words = np.cumsum(np.append(0, _logs(np.arange(most) + settings.smoothing * words)))
        self._crowd = _logs(np.maximum(np.arange(len(reports) + 1), settings.fresh) ** settings.crowd)

    def run(self) -> Labels:
        for _ in range(self._rounds):
            moved = sum(self._move(place) for place in range(len(self._reports)) if len(self._reports[place]))
            if moved <= len(self._reports) // 1000:
                break
        return self._group

    def _put(self, place: int, group: int, sign: int) -> None:
        self._held[group, self._reports[place]] += sign
        self._total[group] += sign * len(self._reports[place])
        self._size[group] += sign

    def _free(self) -> int:
        """An empty row; where none is left, there are half as many rows more."""
        free = int(self._size.argmin())
        if self._size[free] == 0:
            return free
        more = len(self._size) // 2 + 1
        self._held = np.pad(self._held, ((0, more), (0, 0)))
        self._total, self._size = np.pad(self._total, (0, more)), np.pad(self._size, (0, more))
        return len(self._size) - more

    def _move(self, place: int) -> bool:
        words, before = self._reports[place], int(self._group[place])
        self._put(place, before, -1)
        open_ = np.append(np.flatnonzero(self._size), self._free())
        chance = self._word[self._held[open_[:, None], words]].sum(axis=1) + self._crowd[self._size[open_]]
        chance -= self._words[self._total[open_] + len(words)] - self._words[self._total[open_]]
        after = int(open_[chance.argmax()])
        if chance[-1] == chance.max() and self._size[before] == 0:
            after = before
        self._put(place, after, 1)
        self._group[place] = after
        return after != before


def _logs(values: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
    """Logarithms in whole steps, so that sums of them are exact."""
    found: NDArray[np.int64] = np.round(np.log(values) * _LOG_STEPS).astype(np.int64)
    return found
