"""The tone between the states of an area: all acts told of, each happening once, fading with time."""

from __future__ import annotations

import math
from collections import defaultdict

from tocsin.judge.cases import Case
from tocsin.judge.days import drop_days
from tocsin.judge.evidence import Evidence
from tocsin.rules.wording import Tension

FADED = 6  # half-lives after which an act has no tone


class Tone:
    """Weights of happenings by area and day, kept as they come in."""

    def __init__(self, rule: Tension, undated_share: float) -> None:
        self._rule, self._undated = rule, undated_share
        self._days: dict[str, dict[int, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))

    def add(self, case: Case, one: Evidence) -> None:
        """Counts a happening once, however many tell of it. What is denied, unverified or a mere view of the writer
        has no tone; what bears no date has a share of it, on the day on which it was got."""
        weight = self._rule.weights.get(one.statement.type or "", 0.0)
        day = case.anchor if case.anchor is not None else one.page.seen_day
        weight *= 1.0 if case.anchor is not None else self._undated
        told = one.statement.stance == "asserted" and not one.denied and one.page.view is None
        if weight and day is not None and told and case.sides:
            whole = len(case.sides) == 2 and not case.pending
            self._days[case.area][day][case.key] = weight if whole else weight / 2

    def forget(self, before: int) -> None:
        """Lets go the days before this one."""
        drop_days(self._days, before)

    def logit(self, area: str, today: int) -> float:
        """By how much the tone moves the log-odds of war, within the rule's cap."""
        rule, total = self._rule, 0.0
        days = self._days[area]
        for day in sorted(days):
            age = today - day
            if 0 <= age <= FADED * rule.half_life_days:
                total += sum(days[day].values()) * 0.5 ** (age / rule.half_life_days)
        return rule.cap * math.tanh(total / rule.scale)
