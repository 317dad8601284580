"""What a briefing says of each area, clause by clause, as an officer on watch marks it up.

An analyst's report tells of several theatres in one paragraph, and of most of them nothing that would wake anybody.
Its clauses are read one by one. Each is about the areas whose states or places it names, else about those of the clause
before; a state is named by its own name, by where its government sits, by its forces or by who governs it. Its *signs*
are kinds of what raises or eases concern there: fire, forces moved, forces made ready, demands and threats of force,
nuclear arms, the author's own alarm; against them calm, and the everyday of arms programmes. Their weights are
fitted on reports with a level (training/briefings.py). An area's strain is

    clauses about the area / all clauses * sum over signs of weight * ln(1 + clauses that bear it)

for what a report dwells on is what its author thinks grave. A hedge weakens what is told, not what its author thinks.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from tocsin.judge.days import drop_days
from tocsin.judge.states import elsewhere, loosely_named, states_meant
from tocsin.records import Span
from tocsin.rules import Rules
from tocsin.rules.warning import areas_of, parties_of, words_pattern
from tocsin.rules.wording import Briefing

LEAD = 2  # clauses at the head of a text that may wait for the name of what they are about


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a briefing: its place in the text, the areas that it is about, and its signs, each with the share in
    which it counts."""

    span: Span
    areas: tuple[str, ...]
    signs: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Emphasis:
    """What a briefing says of an area: the share of its clauses that are about it, and in how many each sign stands."""

    share: float
    counts: Mapping[str, float]

    def reach(self, sign: str) -> float:
        """What a sign of weight 1 would strain the area: share * ln(1 + clauses that bear it)."""
        return self.share * math.log1p(self.counts.get(sign, 0.0))


@dataclass(frozen=True, slots=True)
class Strain:
    """How strained a briefing says that an area is; `deeds`: it tells of deeds there, and not of words alone. `signs`
    are what it is made of: each sign with what it adds (below 0: what it eases), the heaviest first."""

    value: float = 0.0
    deeds: bool = False
    signs: tuple[tuple[str, float], ...] = ()

    def faded(self, share: float) -> Strain:
        """What is left of it when so much has faded."""
        return Strain(self.value * share, self.deeds, tuple((sign, value * share) for sign, value in self.signs))


def marked(parts: Iterable[tuple[Span, str]], rules: Rules) -> tuple[Clause, ...]:
    """The clauses of a text marked up, in text order. A lead that names nobody is about what comes right after it."""
    found: list[Clause] = []
    before: tuple[str, ...] = ()
    for span, text in parts:
        before = _about(text, before, rules) or before
        found.append(Clause(span, before, _signs(text, rules)))
    first = next((one.areas for one in found[: LEAD + 1] if one.areas), ())
    return tuple(one if one.areas else Clause(one.span, first, one.signs) for one in found)


def _about(clause: str, before: tuple[str, ...], rules: Rules) -> tuple[str, ...]:
    """The areas that a clause is about: those that it names; else those of the clause `before` it, where it names
    nobody but who has a part there; else the one area where all whom it names have a part."""
    states = frozenset(states_meant(clause, rules))
    named = tuple(areas_of(rules.areas.values(), states, text=clause))
    meant = states or frozenset(loosely_named(clause, rules))
    if named or (before and meant <= _parts(before, rules)):
        return named or before
    shared = tuple(area for area in rules.areas if meant and meant <= _parts((area,), rules))
    return shared if len(shared) == 1 else tuple(elsewhere(set(states), rules))


@cache
def _parts(areas: tuple[str, ...], rules: Rules) -> frozenset[str]:
    """The states that have a part in one of these areas; in the rest of the world, none has."""
    among = [rules.areas[name] for name in areas if not rules.areas[name].rest]
    return frozenset().union(*(parties_of(area, rules) | area.countries for area in among))


def _signs(clause: str, rules: Rules) -> tuple[tuple[str, float], ...]:
    text, rule = clause.casefold(), rules.joining.briefing
    if words_pattern(rule.framed).search(text):
        return ()
    hedged = words_pattern(rules.levels.hedges).search(text) is not None
    rehearsed = rule.rehearsed_share if words_pattern(rule.rehearsed).search(text) else 1.0
    return tuple(
        (name, (sign.hedged_share if hedged else 1.0) * (rehearsed if sign.told else 1.0))
        for name, sign in sorted(rule.signs.items())
        if words_pattern(sign.words).search(text)
    )


def deeds(clause: str, rules: Rules) -> bool:
    """Whether a clause bears a sign of what is done, not said."""
    return any(rules.joining.briefing.signs[name].deed for name, _ in _signs(clause, rules))


def strains(clauses: tuple[Clause, ...], rule: Briefing) -> dict[str, Strain]:
    """How strained a briefing says that each area is of which it tells."""
    return {area: _strain(one, rule) for area, one in emphases(clauses).items()}


def emphases(clauses: tuple[Clause, ...]) -> dict[str, Emphasis]:
    """What a briefing says of each area of which it tells, before it is weighed."""
    parts: dict[str, float] = defaultdict(float)
    counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for clause in clauses:
        for area in clause.areas:
            parts[area] += 1.0 / len(clause.areas)
            for sign, share in clause.signs:
                counts[area][sign] += share
    return {area: Emphasis(part / len(clauses), counts[area]) for area, part in sorted(parts.items())}


def _strain(told: Emphasis, rule: Briefing) -> Strain:
    added = [(sign, rule.signs[sign].weight * told.reach(sign)) for sign in sorted(told.counts)]
    signs = tuple(sorted(added, key=lambda one: -abs(one[1])))
    return Strain(sum(value for _, value in added), any(rule.signs[sign].deed for sign in told.counts), signs)


@dataclass(slots=True)
class Strained:
    """What briefings said of areas by day, the gravest of each day, as they come in."""

    half_life_days: float
    _days: dict[str, dict[int, Strain]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, day: int, found: Mapping[str, Strain]) -> None:
        for area, strain in found.items():
            days = self._days[area]
            days[day] = max(strain, days.get(day, strain), key=lambda one: one.value)

    def forget(self, before: int) -> None:
        """Lets go the days before this one."""
        drop_days(self._days, before)

    def at(self, area: str, today: int) -> Strain:
        """The gravest of what was said so far, each fading with its days."""
        faded = (
            one.faded(0.5 ** ((today - day) / self.half_life_days))
            for day, one in sorted(self._days[area].items())
            if day <= today
        )
        return max(faded, key=lambda one: one.value, default=Strain())
