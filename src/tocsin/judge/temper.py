"""What the pages of an area tell of, sentence by sentence: graded tones under the indicators, which no gate hears.

A sentence counts in every grade of whose words it has one: all, a share where it is hedged, nothing where the years
that it names are long gone. The mean over the pages of an area, each text once however often it is copied, moves the
log-odds within a cap:

    page = sum over grades of weight * ln(1 + sentences of that grade) * n / (n + half at)
    logit = cap * tanh(mean of pages, halved every half-life days / scale)

with n the sentences that have any grade: one with a word of war may be about locusts or football, a page full of them
seldom is.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tocsin.judge.days import drop_days
from tocsin.judge.evidence import Page, Weighed
from tocsin.judge.gist import Gist, Grade
from tocsin.rules import Rules
from tocsin.rules.wording import Told

FADED = 6  # half-lives after which a page has no weight


@dataclass(slots=True)
class Count:
    """The sentences of a page in one tone and area: how many have any grade, and how many have each."""

    sentences: float = 0.0
    grades: dict[str, float] = field(default_factory=dict)

    def add(self, graded: list[Grade]) -> None:
        for one in graded:
            self.grades[one.grade] = self.grades.get(one.grade, 0.0) + one.share
        self.sentences += max((one.share for one in graded), default=0.0)


Tones: TypeAlias = dict[str, dict[str, Count]]  # by tone and area


def told(gist: Gist, weighed: Weighed, rules: Rules) -> Tones:
    """What a page's sentences count: each in the areas of what was made out in it, else in that of the page. That two
    states meet in a sentence which no area watches takes it out of no watched area that the page is about."""
    placed = sorted(weighed.places.items())
    found: Tones = {name: {} for name in rules.joining.tones}
    at = 0
    watched = weighed.main is not None and not rules.areas[weighed.main].rest
    for sentence in gist.graded:
        while at < len(placed) and placed[at][0][1] <= sentence.span[0]:
            at += 1
        inside = {area for place, areas in placed[at:] if place[0] < sentence.span[1] for area in areas}
        if watched:
            inside = {area for area in inside if not rules.areas[area].rest}
        for area in sorted(inside) or ([weighed.main] if weighed.main else []):
            for tone, counts in found.items():
                counts.setdefault(area, Count()).add([one for one in sentence.grades if one.tone == tone])
    return found


class Temper:
    """The pages' scores by tone, area and day, as they come in."""

    def __init__(self, rules: Mapping[str, Told]) -> None:
        self._rules = rules
        self._seen: set[tuple[str, str]] = set()
        self._days: dict[str, dict[int, list[float]]] = defaultdict(dict)

    def add(self, page: Page, areas: Iterable[str], found: Tones) -> None:
        """Counts a page in the areas that it tells of; one that tells of nothing grave there calms the mean. A text
        counts once an area; what does not tell of the present, or is a mere view, not at all."""
        day = page.tells_from
        if page.barred is not None or page.view is not None or day is None:
            return
        for area in areas:
            if (area, page.family) not in self._seen:
                self._seen.add((area, page.family))
                total = self._days[area].setdefault(day, [0.0] * (len(self._rules) + 1))
                total[-1] += 1.0
                for n, name in enumerate(sorted(self._rules)):
                    total[n] += score(found[name].get(area, Count()), self._rules[name])

    def forget(self, before: int) -> None:
        """Lets go the days before this one; that a text was counted is remembered."""
        drop_days(self._days, before)

    def logits(self, area: str, today: int) -> tuple[float, float]:
        """By how much the tones move the log-odds of war and of nuclear danger; 0 where no page came lately. Tones
        are stages of one thing, so that the gravest stands for them and they are not added up."""
        found = [(rule, math.tanh(self._mean(n, area, today, rule) / rule.scale)) for n, rule in self._ranked()]
        war = max((rule.cap * tone for rule, tone in found), default=0.0)
        return war, max((rule.nuclear_cap * tone for rule, tone in found), default=0.0)

    def _ranked(self) -> Iterator[tuple[int, Told]]:
        return ((n, rule) for n, (_, rule) in enumerate(sorted(self._rules.items())))

    def _mean(self, n: int, area: str, today: int, rule: Told) -> float:
        total = pages = 0.0
        for day, sums in sorted(self._days[area].items()):
            age = today - day
            if 0 <= age <= FADED * rule.half_life_days:
                weight = 0.5 ** (age / rule.half_life_days)
                total, pages = total + weight * sums[n], pages + weight * sums[-1]
        return total / pages if pages else 0.0


def score(count: Count, rule: Told) -> float:
    """A page's score in one tone."""
    total = sum(rule.grades[grade][0] * math.log1p(count.grades[grade]) for grade in sorted(count.grades))
    return total * count.sentences / (count.sentences + rule.half_at) if count.sentences else 0.0
