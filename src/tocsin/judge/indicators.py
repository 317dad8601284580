"""Indicators: on, off or unknown.

a(t) = max over cases of belief * 2^(-age / half-life). An indicator is on where a reaches the rules'
threshold *and* one of its needs of evidence is met; told without that evidence it is off, and says so.
It is unknown where nobody reports from the area.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.judge.cases import Case, Voices, grades, voices, witness_of
from tocsin.judge.evidence import Evidence
from tocsin.judge.grading import belief
from tocsin.judge.witnesses import Witness
from tocsin.records import Coverage, Observation
from tocsin.rules import Rules
from tocsin.rules.warning import Area, Indicator, Need, parties_of


@dataclass(frozen=True, slots=True)
class Reading:
    """What cases that bear each other out say for one indicator. `unmet` is the evidence still missing, as
    a phrase, or None; `value` is the belief after decay, `fresh` the belief before it; `quote` is the best telling;
    `briefing`: a briefing tells it."""

    cases: tuple[Case, ...]
    value: float
    fresh: float
    unmet: str | None
    has: str
    quote: Evidence
    briefing: bool


@dataclass(frozen=True, slots=True)
class Signal:
    """An indicator in an area: its observation, and the best reading (None where nobody tells of it)."""

    indicator: Indicator
    observation: Observation
    best: Reading | None

    @property
    def on(self) -> bool:
        return self.observation.state == "on"


class Bench:
    """What is needed to read cases at one tick: the day, the voices of families, answers that set aside."""

    def __init__(self, rules: Rules, today: int, outlets: dict[str, Witness], barred: frozenset[str]) -> None:
        self.rules, self.today, self.outlets, self.barred = rules, today, outlets, barred

    def voices(self, evidence: list[Evidence], area: Area) -> Voices:
        return voices(evidence, parties_of(area, self.rules), self.outlets, self.rules)

    def telling(self, case: Case) -> list[Evidence]:
        """The evidence of a case that counts today."""
        return case.remembered("telling", None, lambda: case.telling(self.barred))

    def heard(self, case: Case, area: Area) -> Voices:
        """Who tells of a case."""
        return case.remembered("voices", None, lambda: self.voices(self.telling(case), area))


def observe(area: Area, cases: list[Case], coverage: Coverage, bench: Bench) -> list[Signal]:
    """All indicators of an area, in the order of the rules."""
    told: dict[str, list[Case]] = {}
    for case in cases:
        for indicator in case.remembered("indicators", None, lambda: _indicators(bench.telling(case))):  # noqa: B023
            told.setdefault(indicator, []).append(case)
    return [
        _signal(indicator, area, told.get(indicator.id, []), coverage, bench)
        for indicator in bench.rules.indicators.values()
    ]


def _indicators(telling: list[Evidence]) -> list[str]:
    return sorted({name for one in telling for name in (*one.watched, *one.leaning)})


def _signal(indicator: Indicator, area: Area, cases: list[Case], coverage: Coverage, bench: Bench) -> Signal:
    say = bench.rules.wording.say
    grouped = [group for group in _corroborating(cases, bench) if _told(indicator, group, bench)]
    readings = [read(indicator, area, together, bench) for together in grouped]
    met = sorted((r for r in readings if r.unmet is None), key=_strength)
    limit = bench.rules.levels.on_threshold
    if met and met[0].value >= limit:
        lit = _keys(r for r in met if r.value >= limit)
        reason = say("on_reason", belief=f"{met[0].value:.2f}", need=met[0].has)
        return Signal(indicator, _observation(indicator, area, "on", met[0].value, lit, reason), met[0])
    best = min(readings, key=_strength, default=None)
    if best is None:
        if coverage.status == "unwatched":
            return Signal(indicator, _observation(indicator, area, "unknown", 0.0, (), say("unknown_area")), None)
        if coverage.status == "thin":
            return Signal(indicator, _observation(indicator, area, "unknown", 0.0, (), say("unknown_kind")), None)
        return Signal(indicator, _observation(indicator, area, "off", 0.0, (), say("off_none")), None)
    reason = _why_off(best, limit, bench)
    keys = _keys(sorted(readings, key=_strength))
    return Signal(indicator, _observation(indicator, area, "off", best.value, keys, reason), best)


def _told(indicator: Indicator, cases: tuple[Case, ...], bench: Bench) -> bool:
    """Whether somebody tells of it in full; what only leans needs another's telling."""
    return any(indicator.id in one.watched for case in cases for one in bench.telling(case))


def _strength(reading: Reading) -> tuple[float, str]:
    return (-reading.value, reading.cases[0].key)


def _keys(readings: Iterable[Reading]) -> tuple[str, ...]:
    return tuple(case.key for reading in readings for case in reading.cases)


def _corroborating(cases: list[Case], bench: Bench) -> list[tuple[Case, ...]]:
    """Cases of one indicator that bear each other out: of about the same day, with a state in common."""
    groups: list[list[Case]] = []
    days = bench.rules.joining.corroborate_days
    for case in sorted(cases, key=lambda one: (one.anchor or bench.today, one.key)):
        for group in groups:
            near = abs((case.anchor or bench.today) - (group[0].anchor or bench.today)) <= days
            if near and (not case.sides or not group[0].sides or case.sides & group[0].sides):
                group.append(case)
                break
        else:
            groups.append([case])
    return [tuple(group) for group in groups]


def _observation(
    indicator: Indicator, area: Area, state: str, value: float, findings: tuple[str, ...], reason: str
) -> Observation:
    return Observation(indicator.id, area.id, state, round(value, 6), findings, reason)  # type: ignore[arg-type]


def _why_off(best: Reading, limit: float, bench: Bench) -> str:
    """Why the strongest reading does not light it: evidence lacking, faded, or never believed enough."""
    say = bench.rules.wording.say
    if best.unmet is not None:
        return say("off_need", need=best.unmet, has=best.has)
    name = "off_faded" if best.fresh >= limit else "off_belief"
    digits = next((n for n in range(2, 6) if f"{best.value:.{n}f}" != f"{limit:.{n}f}"), 6)
    return say(name, belief=f"{best.value:.{digits}f}", limit=f"{limit:.2f}")


@dataclass(frozen=True, slots=True)
class Told:
    """What cases tell of an indicator, whatever the day: see `Reading`. `dated`: on which day last, or None; `seen`:
    when it was last got."""

    fresh: float
    dated: int | None
    seen: int | None
    unmet: str | None
    has: str
    quote: Evidence
    briefing: bool


def read(indicator: Indicator, area: Area, cases: tuple[Case, ...], bench: Bench) -> Reading:
    """How strongly such cases speak for an indicator, and whether they have the evidence that is needed."""
    stand = tuple((case.key, case.version) for case in cases)
    told = cases[0].remembered(f"read {indicator.id}", stand, lambda: _heard(indicator, area, cases, bench))
    latest = told.dated if told.dated is not None else told.seen
    age = max(0, bench.today - (bench.today if latest is None else latest))
    value = told.fresh * 0.5 ** (age / indicator.half_life_days)
    return Reading(cases, value, told.fresh, told.unmet, told.has, told.quote, told.briefing)


def _heard(indicator: Indicator, area: Area, cases: tuple[Case, ...], bench: Bench) -> Told:
    telling = [one for case in cases for one in bench.telling(case)]
    fitting = [one for one in telling if indicator.id in (*one.watched, *one.leaning)]
    found = bench.voices(fitting + [one for one in telling if one.denied], area)
    fresh = belief(grades(found.asserting), grades(found.denying), bench.rules.levels) if found.asserting else 0.0
    dated = max((one.day for one in fitting if one.day is not None), default=None)
    seen = max((one.page.seen_day for one in fitting if one.page.seen_day is not None), default=None)
    has, unmet = _evidence(indicator, fitting, found, bench)
    if dated is None:
        fresh *= bench.rules.joining.undated_share
        unmet = unmet if unmet is not None else bench.rules.wording.say("need_date")
    briefing = any(one.page.briefing and not one.denied and indicator.id in one.watched for one in fitting)
    return Told(fresh, dated, seen, unmet, has, _best_telling(indicator.id, fitting, area, bench), briefing)


def _best_telling(indicator: str, fitting: list[Evidence], area: Area, bench: Bench) -> Evidence:
    """The telling by the most reliable witness, of the last day told of, the shortest of them: a reason quotes it."""
    parties = parties_of(area, bench.rules)

    def rank(one: Evidence) -> tuple[bool, str, int, int, str]:
        _, reliability = witness_of(one, parties, bench.outlets, bench.rules)
        return (indicator not in one.watched, reliability, -(one.day or 0), len(one.statement.text), one.statement.key)

    return min(fitting, key=rank)


def _evidence(indicator: Indicator, fitting: list[Evidence], found: Voices, bench: Bench) -> tuple[str, str | None]:
    """What evidence there is, and the nearest need that is not met (None where one is)."""
    say = bench.rules.wording.say
    count = len(grades(found.asserting))
    has = say("has_origins", n=count, origins=say("origin_one" if count == 1 else "origin_many"))
    if not any(w.reliability != "F" for w in found.asserting.values()):
        return has, say("need_known")
    missing = [_missing(need, fitting, found, bench) for need in indicator.needs]
    if not missing or None in missing:
        return has, None
    return has, min((m for m in missing if m is not None), key=len)


def _missing(need: Need, fitting: list[Evidence], found: Voices, bench: Bench) -> str | None:
    """What one need still lacks, as a phrase, or None where it is met."""
    say = bench.rules.wording.say
    good = {key: w for key, w in found.asserting.items() if not need.grade or w.reliability <= need.grade}
    lacks: list[str] = []
    if len(grades(good)) < need.origins:
        lacks.append(say("need_origins", n=need.origins) if need.origins > 1 else say("need_grade", grade=need.grade))
    governments = {w.state for w in good.values() if w.state is not None}
    if len(governments) < need.governments:
        lacks.append(say("need_governments", n=need.governments))
    if need.any_of and not _kinds(fitting, good) & set(need.any_of):
        lacks.append(say("or_list").join(say("need_" + kind) for kind in need.any_of))
    return say("and_list").join(lacks) or None


def _kinds(fitting: list[Evidence], good: dict[str, Witness]) -> set[str]:
    """The kinds of evidence at hand: named in a sentence, or given by who speaks."""
    kinds = {mark for one in fitting for mark in one.marks if not one.denied and one.statement.stance == "asserted"}
    for witness in good.values():
        kinds |= {"quote"} if witness.quoted else set()
        kinds |= {"official"} if witness.state is not None else set()
        kinds |= {"sensor"} if witness.sensor else set()
    return kinds
