"""What a briefing may do alone: a report on a situation that its author hands in is one witness whom nobody knows, but
he tells several things and weighs them. Where few others report, it may propose the milder levels, never the worst."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.judge.appraisal import Strain
from tocsin.judge.coverage import Watch
from tocsin.judge.indicators import Signal
from tocsin.rules import Rules


@dataclass(frozen=True, slots=True)
class Briefed:
    """The ids of the indicators that are on or that a briefing tells of, how strained it says the area is, and what
    that adds to the log-odds of war and of nuclear danger."""

    told: frozenset[str]
    strain: Strain
    war: float
    nuclear: float


def briefed(signals: list[Signal], seen: Watch, strain: Strain, rules: Rules) -> Briefed | None:
    """What briefings tell of an area; None where they count for nothing: none came, or so many known outlets report
    from there that they would tell it too."""
    known = sum(witness.reliability != "F" for witness in seen.outlets.values())
    if known >= rules.levels.coverage.watched_origins or not any(page.briefing for page in seen.pages):
        return None
    told = frozenset(signal.indicator.id for signal in signals if signal.on or _told(signal, rules))
    rule = rules.joining.briefing
    weight = max(0.0, min(rule.top, strain.value))
    return Briefed(told, strain, rule.war * weight, rule.nuclear * weight)


def _told(signal: Signal, rules: Rules) -> bool:
    best = signal.best
    return best is not None and best.briefing and best.value >= rules.levels.on_threshold
