"""Competing hypotheses (Heuer's ACH): the one that fewest findings speak against stands first."""

from __future__ import annotations

from tocsin.judge.indicators import Signal
from tocsin.records import Hypothesis
from tocsin.rules.warning import Area


def ranked(area: Area, signals: list[Signal]) -> tuple[Hypothesis, ...]:
    """The area's hypotheses: fewest inconsistent findings first, then most that fit. Evidence that is told
    but not confirmed is weighed too, for it is what the hypotheses must explain."""
    lit = {signal.indicator.id: signal for signal in signals if signal.best is not None}
    found = []
    for hypothesis in area.hypotheses:
        against = _findings(hypothesis.inconsistent, lit)
        fitting = _findings(hypothesis.consistent, lit)
        found.append(Hypothesis(hypothesis.id, hypothesis.text, against, fitting))
    return tuple(sorted(found, key=lambda h: (len(h.inconsistent), -len(h.consistent), h.id)))


def _findings(indicators: tuple[str, ...], lit: dict[str, Signal]) -> tuple[str, ...]:
    keys = (key for name in indicators if name in lit for key in lit[name].observation.findings)
    return tuple(dict.fromkeys(keys))
