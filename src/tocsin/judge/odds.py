"""The two axes of an area, as formulated in `tocsin.rules.warning`.

W is the probability of a serious interstate clash within the horizon; N that of a nuclear alert, overt
preparation or use, which can't be calibrated and is structured judgement. The printed range is wide
where few independent origins speak, and its upper end takes in what is told but not confirmed.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tocsin.judge.indicators import Signal
from tocsin.records import Coverage, Probability
from tocsin.rules import Rules
from tocsin.rules.warning import Area, Indicator, Levels, log_odds

Weight = Callable[[Indicator], float]


@dataclass(frozen=True, slots=True)
class Axes:
    """W and N of an area, not rounded, with their printable forms. `raised`: by how much what reports tell there, coded
    streams aside, raises the log-odds of W above those of a quiet month."""

    war: float
    nuclear: float
    war_words: Probability
    nuclear_words: Probability
    raised: float = 0.0


def axes(
    area: Area,
    signals: list[Signal],
    tone: float,
    coverage: Coverage,
    rules: Rules,
    nuclear_tone: float = 0.0,
    counts: float = 0.0,
    told: frozenset[str] = frozenset(),
    tension: float = 0.0,
) -> Axes:
    """W and N from the indicators' values; what lacks its evidence adds little to W and nothing to N, unless it is in
    `told`, the ids of what a briefing tells of.
    `tone` and `nuclear_tone` are what the tone of pages adds to the log-odds of each, `tension` what that of acts adds
    to war; `counts` what coded events add to that of war, and to nothing else: log-odds are pooled by adding, each kind
    of evidence capped."""
    levels, joining = rules.levels, rules.joining

    def added(weight: Weight, unconfirmed: float, caps: Mapping[str, float]) -> Mapping[str, float]:
        share = joining.briefing.share
        shares = [1.0 if s.on else max(unconfirmed, share * (s.indicator.id in told)) for s in signals]
        return _capped(signals, weight, shares, caps)

    still_war = log_odds(area.prior_war) + tension
    war = still_war + with_tone(added(_war, joining.unconfirmed_share, levels.caps), tone, levels)
    war_if = still_war + with_tone(added(_war, 1.0, levels.caps), tone, levels)
    still = log_odds(area.prior_nuclear) + nuclear_tone
    nuclear = still + sum(added(_nuclear, 0.0, levels.nuclear_caps).values()) + _drag(area, war, levels)
    nuclear_if = still + sum(added(_nuclear, 1.0, levels.nuclear_caps).values()) + _drag(area, war_if, levels)
    width = levels.range_logits * _looseness(coverage, levels)
    raised, war, war_if = war - log_odds(area.prior_war), war + counts, war_if + counts
    return Axes(
        _p(war),
        _p(nuclear),
        _probability(war, war_if, width, levels, levels.probability_words),
        _probability(nuclear, nuclear_if, width, levels, levels.odds),
        raised,
    )


def _war(indicator: Indicator) -> float:
    return indicator.weight_war


def _nuclear(indicator: Indicator) -> float:
    return indicator.weight_nuclear


def _capped(
    signals: list[Signal], weight: Weight, shares: list[float], caps: Mapping[str, float]
) -> Mapping[str, float]:
    """By group, in their order, the capped sum of weight times value times share. A cap holds in both directions."""
    groups: dict[str, float] = defaultdict(float)
    for signal, share in zip(signals, shares, strict=True):
        if signal.best is not None:
            groups[signal.indicator.group] += weight(signal.indicator) * signal.observation.value * share
    return {group: max(-caps[group], min(caps[group], groups[group])) for group in sorted(groups)}


def with_tone(groups: Mapping[str, float], tone: float, levels: Levels) -> float:
    """The log-odds of groups and of the pages' tone. What comes before fighting is the same news as a grave tone told
    otherwise, and where fighting is told of it says nothing more: it adds what it exceeds the tone by."""
    before = sum(value for group, value in groups.items() if group in levels.before_groups)
    others = sum(value for group, value in groups.items() if group not in levels.before_groups)
    return tone + others + (max(0.0, before - max(0.0, tone)) if before > 0 else before)


def _drag(area: Area, war: float, levels: Levels) -> float:
    return levels.nuclear_per_war * (war - log_odds(area.prior_war))


def _looseness(coverage: Coverage, levels: Levels) -> float:
    """From 1 (as many origins as a watched area needs, or more) to 2 (none)."""
    return 2.0 - min(1.0, coverage.origins / max(1, levels.coverage.watched_origins))


def _p(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-logit))


def _probability(
    logit: float, logit_if: float, width: float, levels: Levels, words: Callable[[float], str]
) -> Probability:
    p, low, high = _p(logit), _p(min(logit, logit_if) - width), _p(max(logit, logit_if) + width)
    return Probability(round(p, 6), round(low, 6), round(high, 6), levels.horizon_days, words(p))


def talk_only(signals: list[Signal], levels: Levels, heard: frozenset[str]) -> bool:
    """Whether nothing but talk is among the indicators of these ids: rhetoric, diplomacy and the like never go past
    their level."""
    return all(signal.indicator.group in levels.talk_groups for signal in signals if signal.indicator.id in heard)
