"""Stories: which documents tell of one news event. Decided on arrival.

A document is one sparse vector of three parts, each of its own weight: its words, its names and figures,
and its title with its lead; words are weighted by how rare they have been so far. A story is the sum of
its members' vectors, so that one product gives the mean similarity to all of them (average link). Time
makes stories fade; names guard against look-alikes.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tocsin.group.features import Features
from tocsin.rules.grouping import Stories as Settings

_NAMES, _LEAD = 0x5BD1E9955BD1E995, 0x27D4EB2F165667C5  # keep the parts of a vector apart


@dataclass(slots=True)
class Story:
    """The sum of the members' vectors; `moment` is the latest member's time in hours, if any has one."""

    key: str
    total: dict[int, float] = field(default_factory=dict)
    members: int = 0
    square: float = 0.0
    moment: float | None = None


class Stories:
    """The stories so far, and how many documents held each word."""

    def __init__(self, settings: Settings, familiar: frozenset[int]) -> None:
        self._settings = settings
        self._familiar = familiar
        self._seen: Counter[int] = Counter()
        self._documents = 0
        self._stories: dict[str, Story] = {}
        self._holders: dict[int, list[Story]] = {}

    def place(self, new: Features, given: str | None) -> str:
        """The story of a document: `given` where its text already has one, else the nearest, else its own."""
        vector = self._vector(new)
        found = self._stories[given] if given else self._nearest(vector, new.moment, self._least(len(new.terms)))
        story = found or self._stories.setdefault(new.key, Story(new.key))
        self._join(story, vector, new.moment)
        return story.key

    def _vector(self, new: Features) -> dict[int, float]:
        s, words = self._settings, zip(new.terms.tolist(), new.counts.tolist(), strict=True)
        self._documents += 1
        parts = (
            (s.text_weight, self._part(((word, 1 + math.log(count)) for word, count in words), 0)),
            (s.name_weight, self._part(((n, 1.0) for n in (*new.names.tolist(), *new.numbers.tolist())), _NAMES)),
            (s.lead_weight, self._part(((word, 1.0) for word in new.lead.tolist()), _LEAD)),
        )
        share = sum(weight for weight, part in parts if part) or 1.0
        return {term: value * math.sqrt(weight / share) for weight, part in parts for term, value in part.items()}

    def _part(self, counted: Iterable[tuple[int, float]], mark: int) -> dict[int, float]:
        """One part of a vector, of length 1: the strongest entries, weighted by rarity."""
        most = self._documents + self._settings.prior_documents
        weighted: list[tuple[float, int]] = []
        for term, count in counted:
            share = self._settings.familiar_weight if term in self._familiar else 1.0
            term ^= mark
            self._seen[term] += 1
            weighted.append((share * count * math.log(1 + most / (self._seen[term] + self._settings.rare)), term))
        weighted.sort(reverse=True)
        kept = weighted[: self._settings.terms_kept]
        norm = math.sqrt(sum(value * value for value, _ in kept)) or 1.0
        return {term: value / norm for value, term in kept}

    def _join(self, story: Story, vector: dict[int, float], moment: float | None) -> None:
        for term, value in vector.items():
            before = story.total.get(term)
            if before is None:
                self._holders.setdefault(term, []).append(story)
                before = 0.0
            story.total[term] = before + value
            story.square += value * (value + 2 * before)
        story.members += 1
        if moment is not None:
            story.moment = moment if story.moment is None else max(story.moment, moment)

    def _nearest(self, vector: dict[int, float], moment: float | None, least: float) -> Story | None:
        products: dict[str, float] = {}
        meetings: Counter[str] = Counter()
        for term, value in vector.items():
            holders = self._holders.get(term, ())
            if len(holders) > self._settings.crowded:
                continue
            for story in holders:
                products[story.key] = products.get(story.key, 0.0) + value * story.total[term]
                meetings[story.key] += 1
        best, found = least, None
        for key, product in products.items():
            if meetings[key] < self._settings.shared_least:
                continue
            story = self._stories[key]
            score = product / self._size(story) * self._fade(moment, story.moment)
            if score > best:
                best, found = score, story
        return found

    def _least(self, terms: int) -> float:
        """The similarity that is needed: a headline shares few words even with its own story."""
        s = self._settings
        return s.joined_short + (s.joined - s.joined_short) * min(1.0, terms / s.full_terms)

    def _size(self, story: Story) -> float:
        """Between the length of the sum (cosine with the centroid) and the members (mean similarity)."""
        share = self._settings.average_share
        return math.pow(story.square, (1 - share) / 2) * math.pow(story.members, share)

    def _fade(self, moment: float | None, other: float | None) -> float:
        if moment is None or other is None:
            return 1.0
        return math.exp(-abs(moment - other) / self._settings.fade_hours)
