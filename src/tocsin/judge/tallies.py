"""Coded events in the judge: what their counts add to W of the areas whose dyads they cover.

Each dyad has a course: the trailing week of its hostile share of the world's volume, against its ordinary days. A day
of surge, and the days after it, are not ordinary, so that a long war never becomes normal though nobody tells the
judge that one is open. What comes out is evidence of one kind, however many events were coded: its weight is capped,
and it moves no level by itself (`tocsin.judge.fold`).
"""

from __future__ import annotations

import datetime
import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tocsin.judge.days import day_number
from tocsin.records import Judgement, Reason, Tally
from tocsin.rules import Rules
from tocsin.rules.counts import Baseline, Counts, Dyad, Pooling, dyad
from tocsin.rules.warning import Area, log_odds

_WEEK, _BLOW = 7, 3  # days of the two trailing means
_TOLD = 0.2  # log-odds below which counts speak for nothing unusual


@dataclass(frozen=True, slots=True)
class Reading:
    """What a stream says of an area: the dyad that stands out most, its surge (log of 1 + spreads above ordinary, 0
    or more), the last day told, what it adds to the log-odds of W, and whether the stream has fallen behind."""

    stream: str
    dyad: Dyad
    surge: float
    day: int
    logit: float
    late: bool


class Course:
    """One dyad in one stream, day after day. A figure rests on days up to its own; a missing day is no day."""

    def __init__(self, baseline: Baseline, pooling: Pooling) -> None:
        self._rule, self._pooling = baseline, pooling
        self._recent: deque[float] = deque(maxlen=_WEEK)
        self._waiting: deque[tuple[float, bool]] = deque()
        self._ordinary: deque[float] = deque(maxlen=baseline.days)
        self._total = self._square = 0.0
        self._frozen_left = self._frozen_run = 0

    def add(self, negative: float) -> float:
        """Takes the hostile share of the next day in; the mean of the surges of three days and of the week."""
        self._recent.append(negative)
        week = sum(self._recent) / len(self._recent)
        last = list(self._recent)[-_BLOW:]
        found = (self._surge(sum(last) / len(last)) + self._surge(week)) / 2
        self._freeze(found)
        self._waiting.append((week, self._frozen_left > 0))
        if len(self._waiting) > self._rule.lag_days:
            self._release(*self._waiting.popleft())
        return found

    def _surge(self, value: float) -> float:
        number = len(self._ordinary)
        if number < self._rule.least_days:
            return 0.0
        mean = self._total / number
        spread = math.sqrt(max(self._square / number - mean * mean, 0.0))
        z = (value - mean) / (spread + self._rule.spread_floor)
        return math.copysign(math.log1p(abs(z)), z)

    def _freeze(self, surge: float) -> None:
        """A surge freezes the baseline until so many days have passed without one, up to `frozen_days` in a row."""
        if surge >= math.log1p(self._pooling.freeze_spreads) and self._frozen_run < self._rule.frozen_days:
            self._frozen_left = self._pooling.freeze_days
        elif self._frozen_left:
            self._frozen_left -= 1
        self._frozen_run = self._frozen_run + 1 if self._frozen_left else 0

    def _release(self, value: float, frozen: bool) -> None:
        if frozen:
            return
        if len(self._ordinary) == self._rule.days:
            gone = self._ordinary[0]
            self._total, self._square = self._total - gone, self._square - gone * gone
        self._ordinary.append(value)
        self._total, self._square = self._total + value, self._square + value * value


class Stream:
    """All areas' dyads in one stream. Days come in any order; a day told again is the later telling."""

    def __init__(self, name: str, dyads: Iterable[Dyad], counts: Counts, pooling: Pooling) -> None:
        self._name, self._dyads, self._counts, self._pooling = name, sorted(dyads), counts, pooling
        self._days: dict[int, dict[Dyad, float]] = {}
        self._done: list[int] = []
        self._courses: dict[Dyad, Course] = {}
        self._surge: dict[Dyad, float] = {}

    def add(self, day: int, tally: Tally) -> None:
        wanted, scale = set(self._dyads), self._counts.baseline.scale
        shares = {dyad(s.a, s.b): s.score / tally.volume * scale for s in tally.scores}
        self._days[day] = {pair: max(-share, 0.0) for pair, share in shares.items() if pair in wanted}
        if self._done and day <= self._done[-1]:
            self._done = []  # an earlier day: what followed is counted anew

    def reading(self, area: Area, today: int) -> Reading | None:
        """What the stream says of an area as of a day; None where it never named a dyad of it."""
        self._count(today)
        pairs = [p for p in (dyad(d.a, d.b) for d in area.dyads) if p in self._surge]
        if not pairs or not self._done:
            return None
        best = max(pairs, key=lambda pair: (self._surge[pair], pair))
        surge, last = max(0.0, self._surge[best]), self._done[-1]
        late = today - last > self._pooling.late_days
        logit = 0.0 if late else min(self._pooling.cap, self._pooling.weight * surge)
        return Reading(self._name, best, surge, last, logit, late)

    def _count(self, today: int) -> None:
        """Runs the courses up to and with the day; from the beginning where an earlier day came in or is asked for."""
        if self._done and today < self._done[-1]:
            self._done = []
        if not self._done:
            self._courses, self._surge = {}, {}
        since = self._done[-1] if self._done else -1
        for day in sorted(day for day in self._days if since < day <= today):
            told = self._days[day]
            for pair in self._dyads:
                if pair in told and pair not in self._courses:
                    self._courses[pair] = Course(self._counts.baseline, self._pooling)
                if pair in self._courses:
                    self._surge[pair] = self._courses[pair].add(told.get(pair, 0.0))
            self._done.append(day)


class Tallies:
    """The streams that the archive holds. Without rules for pooling, or without a stream, they say nothing."""

    def __init__(self, counts: Counts | None, areas: Iterable[Area]) -> None:
        self._counts = counts
        self._dyads = frozenset(dyad(d.a, d.b) for area in areas for d in area.dyads)
        self._streams: dict[str, Stream] = {}

    def add(self, tally: Tally) -> None:
        day = day_number(tally.day)
        if self._counts is None or self._counts.pooling is None or day is None or tally.volume <= 0:
            return
        if tally.stream not in self._streams:
            self._streams[tally.stream] = Stream(tally.stream, self._dyads, self._counts, self._counts.pooling)
        self._streams[tally.stream].add(day, tally)

    def reading(self, area: Area, today: int) -> Reading | None:
        """The stream that adds most; of those that add nothing, one that is up to date. Streams count the same news,
        so they are never added up."""
        found = [one for name in sorted(self._streams) if (one := self._streams[name].reading(area, today))]
        return max(found, key=lambda one: (one.logit, not one.late, one.day, one.stream), default=None)


def narrowed(tally: Tally, area: Area) -> Tally:
    """The tally with the dyads of one area alone; its volume stays that of the world."""
    pairs = {dyad(d.a, d.b) for d in area.dyads}
    kept = tuple(s for s in tally.scores if dyad(s.a, s.b) in pairs)
    return Tally(tally.input, tally.stream, tally.day, tally.volume, kept, tally.body)


def with_counts(judgement: Judgement, counted: Reading, war: float, told: float, area: Area, rules: Rules) -> Judgement:
    """The judgement with what coded events say: how much of W comes from counts and how much from what is reported,
    for or, where they show nothing unusual, against; missing, where the stream has fallen behind. `war`, `told`: W
    with and without the counts."""
    pooling = rules.counts.pooling if rules.counts is not None else None
    assert pooling is not None, "nothing is counted without rules for it"
    day = datetime.date.fromordinal(counted.day).isoformat()
    if counted.late:
        late = Reason("counts/late", pooling.late.format(stream=counted.stream, day=day))
        return replace(judgement, missing=(*judgement.missing, late))
    a, b = (rules.states[one].name if one in rules.states else one for one in counted.dyad)
    text = pooling.text.format(
        stream=counted.stream,
        a=a,
        b=b,
        day=day,
        spreads=f"{math.expm1(counted.surge):.1f}",
        counts=f"{log_odds(war) - log_odds(told):+.1f}",
        findings=f"{log_odds(told) - log_odds(area.prior_war):+.1f}",
    )
    reason = Reason("counts/surge", text)
    if counted.logit >= _TOLD:
        return replace(judgement, reasons_for=(*judgement.reasons_for, reason))
    return replace(judgement, reasons_against=(*judgement.reasons_against, reason))
