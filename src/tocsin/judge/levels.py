"""The level of an area: gates and thresholds, then hysteresis. Every outcome has a named reason.

Up: a gate raises at once, a threshold after `up_runs` assessments in a row. Down: one step, after the
figures stayed below `down_factor` times the level's thresholds, and its gates closed, for its hold days.
Without a new report a level goes stale at its expiry; it never falls to 5 by silence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from tocsin.judge.appraisal import Strain
from tocsin.judge.briefings import Briefed
from tocsin.judge.coverage import Watch
from tocsin.judge.days import day_number, hours_later
from tocsin.judge.indicators import Signal
from tocsin.judge.odds import Axes, talk_only
from tocsin.records import Reason
from tocsin.rules import Rules
from tocsin.rules.warning import Level, LevelRule


@dataclass(frozen=True, slots=True)
class Standing:
    """What an area carries from one assessment to the next. `pending` counts assessments in a row that
    wanted a worse level; `quiet_since` is the day since which a better one would do, or None."""

    level: int
    expires: str
    pending: int = 0
    quiet_since: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The level decided, why, and what the area carries on. `level` is None where it is unknown."""

    status: Literal["assessed", "stale", "unknown"]
    level: int | None
    reason: Reason
    standing: Standing | None
    rule: LevelRule | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The worst level that something satisfies, and the rule that does (None at the calmest); `briefing`: by a briefing
    alone, so that it is never as good as a gate."""

    level: Level
    rule: LevelRule | None
    briefing: bool = False

    @property
    def gate(self) -> bool:
        return self.rule is not None and bool(self.rule.indicators) and not self.briefing


def decide(
    signals: list[Signal],
    axes: Axes,
    seen: Watch,
    before: Standing | None,
    as_of: str,
    rules: Rules,
    heard: Briefed | None = None,
) -> Verdict:
    """The verdict on one area at one tick, given what it carried from the tick before.

    An area from which nothing came for as long as its level lasts is not judged anew: the level that
    stands runs out and goes stale. `heard`: what briefings tell, None where none counts.
    """
    if seen.coverage.status == "unwatched" or (before is not None and _dried_up(seen, before, as_of, rules)):
        return _silent(before, as_of, rules)
    wanted = _wanted(signals, axes, _backing(signals, seen), heard, rules)
    why = _why(wanted, signals, axes, heard, rules)
    if before is None:
        first = Reason(why.rule, f"{why.text} {rules.wording.say('first')}", why.findings)
        return _at(wanted.level.number, first, as_of, rules, wanted.rule)
    if wanted.level.number < before.level:
        return _up(wanted, why, before, as_of, rules)
    if wanted.level.number > before.level:
        return _down(wanted.level, why, axes, signals, before, as_of, rules)
    return _at(wanted.level.number, why, as_of, rules, wanted.rule)


def _backing(signals: list[Signal], seen: Watch) -> int:
    """The independent witnesses of known reliability behind the figures: nobody where no indicator of danger is on,
    for then the figures rest on tone alone."""
    if not any(signal.on and signal.indicator.weight > 0 for signal in signals):
        return 0
    return sum(witness.reliability != "F" for witness in seen.outlets.values())


def _dried_up(seen: Watch, before: Standing, as_of: str, rules: Rules) -> bool:
    newest = max((page.seen for page in seen.pages if page.seen is not None), default=as_of)
    return hours_later(newest, rules.levels.level(before.level).expires_hours) < as_of


def _wanted(signals: list[Signal], axes: Axes, origins: int, heard: Briefed | None, rules: Rules) -> Wanted:
    """The worst level whose gate is open or whose threshold is met, by confirmed evidence or by a briefing. Talk alone
    stops early."""
    levels = rules.levels
    on = frozenset(signal.indicator.id for signal in signals if signal.on)
    found = Wanted(*levels.decide(axes.war, axes.nuclear, on, origins))
    if found.level.number < levels.talk_stops_at and talk_only(signals, levels, on):
        stop = levels.level(levels.talk_stops_at)
        found = Wanted(stop, next((r for r in stop.rules if r.holds(axes.war, axes.nuclear, on, origins)), None))
    if heard is None:
        return found
    talk = not heard.strain.deeds and talk_only(signals, levels, heard.told)
    best = levels.talk_stops_at if talk else 1
    strain = heard.strain.value + rules.joining.briefing.told * axes.raised
    by_briefing = levels.decide_by_briefing(axes.war, axes.nuclear, heard.told, strain, best)
    other = Wanted(*by_briefing, briefing=True)
    return other if other.level.number < found.level.number else found


def _why(wanted: Wanted, signals: list[Signal], axes: Axes, heard: Briefed | None, rules: Rules) -> Reason:
    say, level, rule = rules.wording.say, wanted.level, wanted.rule
    if rule is None:
        return Reason("level/none-met", say("none_met"), ())
    war, nuclear = axes.war_words.words, axes.nuclear_words.words
    text = say("threshold", level=level.number, text=rule.text, war=war, nuclear=nuclear)
    if rule.indicators:
        text = say("gate", level=level.number, text=rule.text)
    if wanted.briefing and heard is not None:
        keys = _keys(signals, frozenset(rule.indicators) or heard.told)
        told = f"{text} {say('by_briefing')}{_signs(heard.strain, rules)}"
        return Reason(f"level/{level.number}/{rule.id}/briefing", told, keys)
    lit = rule.indicators or tuple(signal.indicator.id for signal in signals if signal.on)
    return Reason(f"level/{level.number}/{rule.id}", text, _keys(signals, frozenset(lit)))


def _signs(strain: Strain, rules: Rules) -> str:
    """The signs of which a briefing's strain is made, each by its name, what strains before what eases."""
    names = rules.joining.briefing.signs
    up = ", ".join(names[sign].name for sign, value in strain.signs if value > 0)
    down = ", ".join(names[sign].name for sign, value in strain.signs if value < 0)
    say = rules.wording.say
    return (f" {say('briefing_signs', signs=up)}" if up else "") + (
        f" {say('briefing_eases', signs=down)}" if down else ""
    )


def _keys(signals: list[Signal], ids: frozenset[str]) -> tuple[str, ...]:
    """The findings under these indicators, each once."""
    return tuple(dict.fromkeys(k for s in signals if s.indicator.id in ids for k in s.observation.findings))


def _at(number: int, reason: Reason, as_of: str, rules: Rules, rule: LevelRule | None = None) -> Verdict:
    expires = hours_later(as_of, rules.levels.level(number).expires_hours)
    return Verdict("assessed", number, reason, Standing(number, expires), rule)


def _silent(before: Standing | None, as_of: str, rules: Rules) -> Verdict:
    """Nobody reports: unknown, or the last level until it runs out, then that level marked stale."""
    say = rules.wording.say
    if before is None:
        return Verdict("unknown", None, Reason("coverage/unwatched", say("unwatched")), None)
    if as_of <= before.expires:
        return Verdict("assessed", before.level, Reason("coverage/kept", say("kept", day=before.expires)), before)
    return Verdict("stale", before.level, Reason("coverage/stale", say("stale", day=before.expires)), before)


def _up(wanted: Wanted, why: Reason, before: Standing, as_of: str, rules: Rules) -> Verdict:
    runs, number = before.pending + 1, wanted.level.number
    if wanted.gate or runs >= rules.levels.up_runs:
        return _at(number, why, as_of, rules, wanted.rule)
    text = rules.wording.say("held_up", level=before.level, wanted=number, runs=rules.levels.up_runs)
    kept = _at(before.level, Reason("hysteresis/up", f"{text} {why.text}", why.findings), as_of, rules)
    return replace(kept, standing=replace(_carried(kept), pending=runs))


def _down(
    wanted: Level, why: Reason, axes: Axes, signals: list[Signal], before: Standing, as_of: str, rules: Rules
) -> Verdict:
    """One step down after enough quiet days; any figure above the lower line starts the count anew."""
    say, level = rules.wording.say, rules.levels.level(before.level)
    quiet = _is_quiet(level, axes, signals, rules)
    since = (before.quiet_since or as_of) if quiet else None
    days = (day_number(as_of) or 0) - (day_number(since) or 0) if since else 0
    if since is not None and days >= level.hold_days:
        text = say("stepped_down", level=before.level + 1, days=level.hold_days)
        return _at(before.level + 1, Reason("hysteresis/down", f"{text} {why.text}", why.findings), as_of, rules)
    text = say("held_down", level=before.level, wanted=wanted.number, days=level.hold_days)
    kept = _at(before.level, Reason("hysteresis/hold", f"{text} {why.text}", why.findings), as_of, rules)
    return replace(kept, standing=replace(_carried(kept), quiet_since=since))


def _is_quiet(level: Level, axes: Axes, signals: list[Signal], rules: Rules) -> bool:
    """Below `down_factor` times every threshold of the level, with its gates closed."""
    factor = rules.levels.down_factor
    on = frozenset(signal.indicator.id for signal in signals if signal.on)
    return not any(rule.holds(axes.war / factor, axes.nuclear / factor, on) for rule in level.rules)


def _carried(verdict: Verdict) -> Standing:
    assert verdict.standing is not None, "an assessed level always carries its standing"
    return verdict.standing
