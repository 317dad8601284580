"""Stories: which documents tell of one news event. Decided on arrival.

A document is one sparse vector of three parts, each of its own weight: its words, its names and figures,
and its title with its lead; words are weighted by how rare they have been so far. A story is the sum of
its members' vectors, so that one product gives the mean similarity to all of them (average link); the
nearest member has a say too. Time makes stories fade; names guard against look-alikes.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tocsin.group.features import Features
from tocsin.group.linking import average_link
from tocsin.rules.grouping import Stories as Settings

Numbers: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.int64]

_CLOSED = -1  # the story of a document whose story is closed
_STEPS = 1 << 16  # similarities in whole steps, so that every machine finds the same order
_NOTHING = 1e-9  # what rounding leaves of a weight that is taken away
_NAMES, _LEAD = 0x5BD1E9955BD1E995, 0x27D4EB2F165667C5  # keep the parts of a vector apart


@dataclass(slots=True)
class Story:
    """The sum of the members' vectors; its other sums are columns of `Stories`, at its place."""

    key: str
    place: int
    total: dict[int, float] = field(default_factory=dict)


@dataclass(slots=True)
class Postings:
    """Which documents hold a word, and with what weight."""

    documents: array[int] = field(default_factory=lambda: array("q"))
    values: array[float] = field(default_factory=lambda: array("d"))


class Stories:
    """The stories so far, and which documents held each word. A column has one entry a story: `_square` is
    the squared length of its sum, `_members` their number, `_moment` the latest one's hour, or NaN."""

    def __init__(self, settings: Settings, familiar: frozenset[int]) -> None:
        self._settings = settings
        self._familiar = familiar
        self._seen: Counter[int] = Counter()
        self._postings: dict[int, Postings] = {}
        self._stories: list[Story] = []
        self._by_key: dict[str, Story] = {}
        self._story_of = array("q")
        self._square = array("d")
        self._members = array("d")
        self._moment = array("d")
        self._movable: dict[str, tuple[int, dict[int, float]]] = {}
        self._joined: set[int] = set()

    def place(self, new: Features, given: str | None, barred: frozenset[str] = frozenset()) -> str:
        """The story of a document: `given` where its text already has one, else the nearest that is not
        barred (a look-alike of the document is in it), else its own."""
        vector = self._vector(new)
        least = self._least(len(new.terms))
        found = self._by_key.get(given) if given else self._nearest(vector, new.moment, least, barred)
        story = found or self._opened(given or new.key)
        if len(new.terms) < self._settings.full_terms:
            self._movable[new.key] = (len(self._story_of), vector)
        self._join(story, vector, new.moment)
        return story.key

    def move(self, document: str, into: str) -> None:
        """Takes a brief document (by its key) out of its story and into another one, opened where need be."""
        place, vector = self._movable[document]
        story = self._by_key.get(into) or self._opened(into)
        before = self._stories[self._story_of[place]]
        self._weigh(before, vector, -1)
        self._weigh(story, vector, 1)
        self._story_of[place] = story.place
        self._moment[story.place] = np.fmax(self._moment[story.place], self._moment[before.place])

    def merges(self, since: float) -> list[tuple[str, str, float]]:
        """Stories (key, the earlier one that it should be told under, their similarity) that arrival kept apart
        and whose members now stand as close as `merged` asks; of those last told of at or after `since`. Each
        story is in one pair at most."""
        found: list[tuple[str, str, float]] = []
        taken: set[str] = set()
        late = np.frombuffer(self._moment) < since
        for place in np.flatnonzero((np.frombuffer(self._members) > 0) & ~late).tolist():
            story = self._stories[place]
            near = self._nearest_earlier(story)
            if near is not None and not {story.key, near[0].key} & taken:
                taken |= {story.key, near[0].key}
                found.append((story.key, near[0].key, near[1]))
        return found

    def partings(self, since: float, families: Sequence[str]) -> list[tuple[str, list[int], float]]:
        """What should be told apart: a story, the places of the documents that leave it, and how similar they are
        to those that stay. Of stories of full texts that a document has joined since the last call, and told of at
        or after `since`; `families` are those of all documents, which stay whole."""
        joined, self._joined = self._joined, set()
        found = []
        for place in sorted(joined):
            if self._members[place] >= 2 * self._settings.parted_least and not self._moment[place] < since:
                members = np.flatnonzero(np.frombuffer(self._story_of, dtype=np.int64) == place)
                whole = [families[n] for n in members.tolist()]
                for part, similar in parted(self._vectors(members), whole, self._settings):
                    found.append((self._stories[place].key, members[part].tolist(), similar))
        return found

    def _vectors(self, members: Places) -> Numbers:
        """The vectors of some documents (by their places, rising), as rows."""
        columns: list[Numbers] = []
        for term in self._stories[self._story_of[int(members[0])]].total:
            held = np.frombuffer(self._postings[term].documents, dtype=np.int64)
            at = np.minimum(np.searchsorted(held, members), len(held) - 1)
            columns.append(np.where(held[at] == members, np.frombuffer(self._postings[term].values)[at], 0.0))
        return np.array(columns).T

    def part(self, documents: Sequence[int], into: str) -> None:
        """Takes documents (by their places) out of their story into a new one."""
        members = np.array(documents)
        rows, terms = self._vectors(members), list(self._stories[self._story_of[documents[0]]].total)
        before, story = self._stories[self._story_of[documents[0]]], self._opened(into)
        for place, row in zip(documents, rows, strict=True):
            vector = {terms[n]: float(row[n]) for n in np.flatnonzero(row)}
            self._weigh(before, vector, -1)
            self._weigh(story, vector, 1)
            self._story_of[place] = story.place
        self._moment[story.place] = self._moment[before.place]

    def _nearest_earlier(self, story: Story) -> tuple[Story, float] | None:
        share, place = self._settings.average_share, story.place
        size = self._square[place] ** ((1 - share) / 2) * self._members[place] ** share
        centre = {term: value / max(size, 1e-12) for term, value in story.total.items()}
        moment = None if math.isnan(self._moment[place]) else self._moment[place]
        places, scores = self._scores(centre, moment)
        scores = scores[places < place]
        if not len(scores) or float(scores.max()) < self._settings.merged:
            return None
        best = int(scores.argmax())
        return self._stories[int(places[best])], float(scores[best])

    def merge(self, story: str, into: str) -> None:
        """Tells all members of a story under another one."""
        gone, stays = self._by_key[story], self._by_key[into]
        for term, value in gone.total.items():
            stays.total[term] = stays.total.get(term, 0.0) + value
        self._square[stays.place] = sum(value * value for value in stays.total.values())
        self._members[stays.place] += self._members[gone.place]
        self._moment[stays.place] = np.fmax(self._moment[stays.place], self._moment[gone.place])
        gone.total.clear()
        self._square[gone.place] = self._members[gone.place] = 0.0
        members = np.frombuffer(self._story_of, dtype=np.int64)
        self._story_of = array("q", np.where(members == gone.place, stays.place, members).tobytes())

    def forget(self, before: float) -> None:
        """Closes the stories last told of before this hour: nothing joins them any more by what it tells. A copy
        of one of their texts opens its story again, as if it were its first report."""
        gone = (np.frombuffer(self._members) > 0) & (np.frombuffer(self._moment) < before)
        for place in np.flatnonzero(gone).tolist():
            story = self._stories[place]
            story.total.clear()
            del self._by_key[story.key]
            self._members[place] = self._square[place] = 0.0
        members = np.frombuffer(self._story_of, dtype=np.int64)
        left = members < 0
        left[~left] = gone[members[~left]]
        self._story_of = array("q", np.where(left, _CLOSED, members).tobytes())
        for key in [key for key, (place, _) in self._movable.items() if left[place]]:
            del self._movable[key]
        for term, postings in list(self._postings.items()):
            held = np.frombuffer(postings.documents, dtype=np.int64)
            stays = ~left[held]
            if not stays.any():
                del self._postings[term]
            elif not stays.all():
                values = np.frombuffer(postings.values)[stays]
                self._postings[term] = Postings(array("q", held[stays].tobytes()), array("d", values.tobytes()))

    def told(self, story: str) -> bool:
        """Whether a story, by its key, is open still."""
        return story in self._by_key

    def _opened(self, key: str) -> Story:
        story = self._by_key[key] = Story(key, len(self._stories))
        self._stories.append(story)
        self._square.append(0.0)
        self._members.append(0.0)
        self._moment.append(math.nan)
        return story

    def _vector(self, new: Features) -> dict[int, float]:
        s, words = self._settings, zip(new.terms.tolist(), new.counts.tolist(), strict=True)
        parts = (
            (s.text_weight, self._part(((word, 1 + math.log(count)) for word, count in words), 0)),
            (s.name_weight, self._part(((n, 1.0) for n in (*new.names.tolist(), *new.numbers.tolist())), _NAMES)),
            (s.lead_weight, self._part(((word, 1.0) for word in new.lead.tolist()), _LEAD)),
        )
        share = sum(weight for weight, part in parts if part) or 1.0
        return {term: value * math.sqrt(weight / share) for weight, part in parts for term, value in part.items()}

    def _part(self, counted: Iterable[tuple[int, float]], mark: int) -> dict[int, float]:
        """One part of a vector, of length 1: the strongest entries, weighted by rarity."""
        most = len(self._story_of) + 1 + self._settings.prior_documents
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
            postings = self._postings.setdefault(term, Postings())
            postings.documents.append(len(self._story_of))
            postings.values.append(value)
        self._weigh(story, vector, 1)
        self._story_of.append(story.place)
        self._joined.add(story.place)
        if moment is not None:
            self._moment[story.place] = np.fmax(self._moment[story.place], moment)

    def _weigh(self, story: Story, vector: dict[int, float], sign: int) -> None:
        """Adds a vector to the story's sums, or takes it away."""
        square = 0.0
        for term, value in vector.items():
            before = story.total.get(term, 0.0)
            after = before + sign * value
            square += value * (value + 2 * sign * before)
            if sign > 0 or after > _NOTHING:
                story.total[term] = after
            else:
                del story.total[term]
        self._square[story.place] += square
        self._members[story.place] += sign
        if not self._members[story.place]:
            story.total.clear()
            self._square[story.place] = 0.0

    def _nearest(
        self, vector: dict[int, float], moment: float | None, least: float, barred: frozenset[str]
    ) -> Story | None:
        """The story with the highest score above `least`, if it shares words enough."""
        places, scores = self._scores(vector, moment)
        for at in np.argsort(-scores, kind="stable")[: self._settings.candidates].tolist():
            if float(scores[at]) <= least:
                break
            story: Story = self._stories[int(places[at])]
            if story.key not in barred and sum(term in story.total for term in vector) >= self._settings.shared_least:
                return story
        return None

    def _scores(self, vector: dict[int, float], moment: float | None) -> tuple[Places, Numbers]:
        """The stories that share a word, by place, and their similarities: to the nearest member, and to the sum over
        a size between the sum's length (cosine with the centroid) and the members (mean similarity); faded by the
        time between."""
        places, products, nearest = self._products(vector)
        if not len(places):
            return places, products
        near, share = self._settings.nearest_weight, self._settings.average_share
        square, members = np.frombuffer(self._square)[places], np.frombuffer(self._members)[places]
        size = np.power(square, (1 - share) / 2) * np.power(members, share)
        scores: Numbers = (1 - near) * products / np.maximum(size, 1e-12) + near * nearest
        if moment is not None:
            gap = np.abs(np.frombuffer(self._moment)[places] - moment)
            scores *= np.exp(-np.nan_to_num(gap) / self._settings.fade_hours)
        return places, scores

    def _products(self, vector: dict[int, float]) -> tuple[Places, Numbers, Numbers]:
        """The stories that share a word with the vector, the products with their sums, and the highest with one
        member, over words that are not in too many documents."""
        held = [
            (postings, value)
            for term, value in vector.items()
            if (postings := self._postings.get(term)) is not None and len(postings.documents) <= self._settings.crowded
        ]
        if not held:
            return np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0)
        documents = np.concatenate([np.frombuffer(postings.documents, dtype=np.int64) for postings, _ in held])
        weights = np.concatenate([np.frombuffer(postings.values) * value for postings, value in held])
        met, where = np.unique(documents, return_inverse=True)
        similar = np.bincount(where, weights)
        places, whose = np.unique(np.frombuffer(self._story_of, dtype=np.int64)[met], return_inverse=True)
        nearest = np.zeros(len(places))
        np.maximum.at(nearest, whose, similar)
        return places, np.bincount(whose, similar).astype(np.float64), nearest

    def _least(self, terms: int) -> float:
        """The similarity that is needed: a headline shares few words even with its own story."""
        s = self._settings
        return s.joined_short + (s.joined - s.joined_short) * min(1.0, terms / s.full_terms)


def parted(vectors: Numbers, families: Sequence[str], settings: Settings) -> Iterator[tuple[Places, float]]:
    """The parts of a story (places among its members) that stand apart from its largest, with their mean
    similarity to the rest: average link leaves them unjoined, and each holds families enough. `vectors` has a
    row for each member."""
    _, family = np.unique(families, return_inverse=True)
    count = np.bincount(family)
    centres = np.zeros((len(count), vectors.shape[1]))
    np.add.at(centres, family, vectors)
    centres /= count[:, None]
    similar = np.round(centres @ centres.T * _STEPS).astype(np.float32) / np.float32(_STEPS)
    np.fill_diagonal(similar, -1)
    groups = average_link(similar.copy(), settings.parted)
    sizes = np.bincount(groups, minlength=len(groups))
    largest = int(sizes.argmax())
    for group in np.flatnonzero(sizes >= settings.parted_least).tolist():
        if group != largest:
            inside = groups == group
            yield np.flatnonzero(inside[family]), float(similar[np.ix_(inside, ~inside)].mean())
