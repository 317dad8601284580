"""Stories: which documents tell of one news event. Decided on arrival, by average link with a nearest
neighbour, over words, names and lead, fading with time."""

from __future__ import annotations

import math
from collections import Counter

from tocsin.group.features import Features, Hashes
from tocsin.rules.grouping import Stories as Settings


class Stories:
    """The stories so far, each with its members' vectors."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen: Counter[int] = Counter()
        self._documents = 0
        self._story_of: list[str] = []
        self._vectors: list[dict[int, float]] = []
        self._moments: list[float | None] = []
        self._members: dict[str, list[int]] = {}
        self._holders: dict[int, list[int]] = {}

    def place(self, new: Features, given: str | None) -> str:
        """The story of a document: `given` where its text already has one, else the nearest, else its own."""
        self._count(new)
        vector = self._vector(new)
        story = given or self._nearest(vector, new) or new.key
        self._keep(story, vector, new)
        return story

    def _count(self, new: Features) -> None:
        self._documents += 1
        self._seen.update(new.terms.tolist())

    def _weight(self, term: int) -> float:
        prior = self._settings.prior_documents
        return math.log((self._documents + prior + 1) / (self._seen[term] + 1))

    def _vector(self, new: Features) -> dict[int, float]:
        lead = set(new.lead.tolist())
        vector = {
            term: (1 + math.log(count)) * self._weight(term) * (2.0 if term in lead else 1.0)
            for term, count in zip(new.terms.tolist(), new.counts.tolist(), strict=True)
        }
        norm = math.sqrt(sum(v * v for v in vector.values())) or 1.0
        return {term: value / norm for term, value in vector.items()}

    def _keep(self, story: str, vector: dict[int, float], new: Features) -> None:
        place = len(self._story_of)
        self._story_of.append(story)
        self._vectors.append(vector)
        self._moments.append(new.moment)
        self._members.setdefault(story, []).append(place)
        for term in vector:
            self._holders.setdefault(term, []).append(place)

    def _nearest(self, vector: dict[int, float], new: Features) -> str | None:
        products: Counter[int] = Counter()
        for term, value in vector.items():
            for place in self._holders.get(term, ()):
                products[place] += value * self._vectors[place][term]  # type: ignore[assignment]
        by_story: dict[str, list[float]] = {}
        for place, product in products.items():
            by_story.setdefault(self._story_of[place], []).append(product * self._fade(new.moment, place))
        best, found = 0.0, None
        for story, values in by_story.items():
            near = self._settings.nearest_weight
            score = near * max(values) + (1 - near) * sum(values) / len(self._members[story])
            if score > best:
                best, found = score, story
        return found if best >= self._settings.joined else None

    def _fade(self, moment: float | None, place: int) -> float:
        other = self._moments[place]
        if moment is None or other is None:
            return 1.0
        return math.exp(-abs(moment - other) / self._settings.fade_hours)


__all__ = ["Hashes", "Stories"]
