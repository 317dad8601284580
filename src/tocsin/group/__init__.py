"""Step 3: copies, families and stories. A document is placed when it arrives and never moved.

grouping = Grouping(rules)
membership = grouping.add(document)      # in order of arrival
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterator

from tocsin.group.copies import Copies
from tocsin.group.features import Decision, Features, features, hour_of, lexicon
from tocsin.group.retold import Retold
from tocsin.group.review import Review
from tocsin.group.rows import row
from tocsin.group.stories import Stories
from tocsin.group.titles import story_title
from tocsin.records import Document, Membership, StoryLink
from tocsin.rules import Rules

__all__ = ["Families", "Grouping", "row", "story_title"]

_PAUSE_HOURS = 240.0  # between two times of letting go


class Families:
    """Finds whose text a document has, in order of arrival."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._copies = Copies(rules.grouping.copies)
        self._retold = Retold(rules.grouping.retold)
        self._families: list[str] = []

    def add(self, document: Document) -> str:
        """The family of a document: the key of the first one whose text it has, or its own."""
        return self.take(features(document, self._rules))[2]

    def take(self, new: Features) -> tuple[Decision | None, tuple[int, ...], str]:
        """Why a document is a copy, or None; the places (in order of arrival) of those that look alike and
        tell of something else; and its family."""
        decision, alike = self._copies.find(new)
        decision = decision or self._retold.find(new, alike)
        family = self._families[decision.parent] if decision else new.key
        self._copies.add(new, first=decision is None)
        self._retold.add(new)
        self._families.append(family)
        return decision, alike, family

    def forget(self, before: int) -> None:
        """Lets go what retellings of the documents before this place are known by; copies are known for ever."""
        self._retold.forget(before)


class Grouping:
    """Places documents in order of arrival. The same documents in the same order give the same answers."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._families = Families(rules)
        self._stories = Stories(rules.grouping.stories, lexicon(rules).familiar)
        self._review = Review(rules.grouping.review)
        self._placed: list[Membership] = []
        self._apart: list[tuple[str, str]] = []
        self._parted: set[frozenset[str]] = set()
        self._by_key: dict[str, Membership] = {}
        self._seen = array("d")  # the hour by which each document had been got
        self._forgotten = -math.inf

    def add(self, document: Document) -> Membership:
        """Where a document belongs. A key that came before gets its first answer again."""
        before = self._by_key.get(document.key)
        if before is not None:
            return before
        self._forget(document.seen)
        new = features(document, self._rules)
        decision, alike, family = self._families.take(new)
        parent = self._placed[decision.parent] if decision else None
        self._apart += [(new.key, self._placed[place].document) for place in alike]
        barred = frozenset(self._review.story(self._placed[place].document) for place in alike)
        story = self._stories.place(new, self._review.story(parent.document) if parent else None, barred)
        self._review.add(new, story)
        placed = Membership(
            document=new.key,
            copy_of=parent.document if parent else None,
            kind=decision.kind if decision else None,
            reason=decision.reason if decision else "no earlier document holds this text",
            family=family,
            story=story,
        )
        self._placed.append(placed)
        self._by_key[new.key] = placed
        return placed

    def _forget(self, seen: str | None) -> None:
        """About every ten days lets go what no report of these weeks can tell of. Only copies reach further back."""
        hour = max(hour_of(seen) or -math.inf, self._seen[-1] if self._seen else -math.inf)
        self._seen.append(hour)
        if hour <= self._forgotten + _PAUSE_HOURS:
            return
        self._forgotten = hour
        since = hour - 24 * self._rules.grouping.kept_days
        self._families.forget(bisect_left(self._seen, since))
        self._review.forget(since)
        self._stories.forget(since)
        self._apart = [pair for pair in self._apart if self._stories.told(self._review.story(pair[0]))]

    @property
    def review_due(self) -> bool:
        """Whether so much is new that `review` should be called at the next occasion."""
        return self._review.due

    def review(self, seen: str | None) -> tuple[StoryLink, ...]:
        """Which documents belong elsewhere, now that more is known; `seen` is the time of the review. No
        membership changes: `story` and what is added later follow the links."""
        links = self._review.links(seen)
        for link in links:
            for document in link.documents:
                self._stories.move(document, link.into)
        return (*links, *self._split(seen), *self._merged(seen))

    def _split(self, seen: str | None) -> Iterator[StoryLink]:
        """Stories of full texts that turn out to be two, each of several reports."""
        families = [placed.family for placed in self._placed]
        for story, places, similar in self._stories.partings(self._review.since, families):
            reason = f"these stand apart from the other members of the story, similarity {similar:.2f}"
            link = self._review.parted(story, [self._placed[n].document for n in places], reason, seen)
            if link is not None:
                self._stories.part(places, link.into)
                self._parted.add(frozenset((story, link.into)))
                yield link

    def _merged(self, seen: str | None) -> Iterator[StoryLink]:
        """Stories of full texts that split early and have grown together, unless look-alikes keep them apart."""
        apart = {frozenset(map(self._review.story, pair)) for pair in self._apart} | self._parted
        for story, into, similar in self._stories.merges(self._review.since):
            if frozenset((story, into)) not in apart:
                reason = f"the members of both stories are as close as those of one, similarity {similar:.2f}"
                link = self._review.merged(story, into, reason, seen)
                if link is not None:
                    self._stories.merge(story, into)
                    yield link

    def story(self, document: str) -> str:
        """The story of a document (by its key) after the links so far. Raises KeyError for one never added."""
        return self._review.story(document)
