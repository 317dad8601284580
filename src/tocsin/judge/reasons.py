"""Why this level: what speaks for and against, what is disputed or missing, what would raise or lower it."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.judge.cases import witness_of
from tocsin.judge.coverage import Watch
from tocsin.judge.evidence import PRESENCE
from tocsin.judge.indicators import Bench, Signal
from tocsin.judge.odds import Axes
from tocsin.judge.telling import cut, listed
from tocsin.records import Finding, Reason
from tocsin.rules.warning import Area, LevelRule, Tripwire, parties_of

MOST = 8  # reasons of one sort that are told
QUOTED = 240  # characters of a sentence that a reason quotes


@dataclass(frozen=True, slots=True)
class Ground:
    """What the reasons of an area are made from. `findings` are all that its cases tell, by key; `asserted_by` and
    `denied_by` their independent voices, `taken_back` those who told it and took it back, `numbers` what they tell of
    sizes. Summaries of the `only_denied` say themselves that it is not so."""

    area: Area
    signals: list[Signal]
    findings: dict[str, Finding]
    kinds: dict[str, str]
    asserted_by: dict[str, tuple[str, ...]]
    denied_by: dict[str, tuple[str, ...]]
    taken_back: dict[str, tuple[str, ...]]
    only_denied: frozenset[str]
    numbers: dict[str, str]
    axes: Axes
    watch: Watch
    past: int
    barred: int
    bench: Bench

    def say(self, name: str, /, **values: object) -> str:
        return self.bench.rules.wording.say(name, **values)

    def count(self, name: str, n: int) -> str:
        return self.bench.rules.wording.count(name, n)

    def voices(self, n: int) -> str:
        return self.say("voice_one" if n == 1 else "voice_many", n=n)

    def with_numbers(self, text: str, key: str) -> str:
        told = self.numbers[key]
        return self.say("told_numbers", text=text, numbers=told) if told else text

    @property
    def lit(self) -> list[Signal]:
        """Indicators that are on, heaviest first."""
        on = [signal for signal in self.signals if signal.on]
        return sorted(on, key=lambda s: (-abs(s.indicator.weight) * s.observation.value, s.indicator.id))


def reasons_for(ground: Ground) -> tuple[Reason, ...]:
    """What speaks for a worse level: indicators that are on, and forces told to be where they are not at home."""
    found = [
        Reason(f"indicator/{s.indicator.id}", _on(ground, s), s.observation.findings)
        for s in ground.lit
        if s.indicator.weight > 0
    ]
    told = {key for reason in found for key in reason.findings}
    for key, finding in ground.findings.items():
        if ground.kinds[key] == PRESENCE and finding.asserted and key not in told:
            found.append(Reason("finding/presence", ground.say("for_presence", summary=finding.summary), (key,)))
    for signal in _told_only(ground):
        if signal.indicator.weight > 0:
            found.append(_unconfirmed(ground, signal, "for_unconfirmed"))
    return tuple(found[:MOST])


def _on(ground: Ground, signal: Signal) -> str:
    return ground.say("for_level", name=signal.indicator.name, quote=_quoted(ground, signal))


def _quoted(ground: Ground, signal: Signal) -> str:
    """The best sentence under an indicator, who says it, and how many findings more there are."""
    if signal.best is None:
        return ""
    one = signal.best.quote
    witness, _ = witness_of(one, parties_of(ground.area, ground.bench.rules), ground.bench.outlets, ground.bench.rules)
    quote = cut(one.statement.text, QUOTED)
    more = len(signal.observation.findings) - 1
    rest = ground.say("and_findings", more=more) if more > 0 else ""
    return ground.say("quote", words=quote.strip('“”"'), by=witness.name, rest=rest)


def _told_only(ground: Ground) -> list[Signal]:
    """Indicators that somebody tells of without the evidence they need, until it has faded."""
    return told_only(ground.signals, ground.bench.rules.levels.quote_floor)


def told_only(signals: list[Signal], floor: float) -> list[Signal]:
    """Signals that lack the evidence they need and whose value has not decayed to the floor."""
    told = [s for s in signals if not s.on and s.best is not None and s.best.unmet is not None]
    return [s for s in told if s.observation.value > floor]


def _unconfirmed(ground: Ground, signal: Signal, sentence: str) -> Reason:
    text = ground.say(
        sentence,
        name=signal.indicator.name,
        why=_lack(ground, signal),
        quote=_quoted(ground, signal),
    )
    return Reason(f"indicator/{signal.indicator.id}/unconfirmed", text, signal.observation.findings)


def _lack(ground: Ground, signal: Signal) -> str:
    if signal.best is None:
        return signal.observation.reason
    return ground.say("lacks", need=signal.best.unmet, has=signal.best.has)


def reasons_against(ground: Ground) -> tuple[Reason, ...]:
    """What speaks against: counter-indicators, denials, what does not count, and what nobody tells."""
    found = [
        Reason(f"indicator/{s.indicator.id}", _on(ground, s), s.observation.findings)
        for s in ground.lit
        if s.indicator.weight < 0
    ]
    for key, finding in ground.findings.items():
        if ground.taken_back[key]:
            found.append(Reason("finding/taken-back", _denial(ground, key, "against_taken_back"), (key,)))
        elif finding.denied:
            found.append(Reason("finding/denied", _denial(ground, key, "against_denial"), (key,)))
    quiet = _quiet_groups(ground)
    if quiet and ground.watch.coverage.documents:
        n = ground.watch.coverage.origins
        word = ground.say("origin_one" if n == 1 else "origin_many")
        text = ground.say("against_quiet", origins=n, word=word, groups=", ".join(quiet))
        found.append(Reason("coverage/quiet", text))
    if ground.past:
        found.append(Reason("time/past", ground.count("against_past", ground.past)))
    if ground.barred:
        found.append(Reason("flag/barred", ground.count("against_flagged", ground.barred)))
    return tuple(found[:MOST])


def _denial(ground: Ground, key: str, sentence: str) -> str:
    """Who denies a finding. A summary that says itself that it is not so is not told as denied once more."""
    sentence = f"{sentence}_only" if key in ground.only_denied else sentence
    by = listed(ground.taken_back[key] or ground.denied_by[key], ground.bench)
    return ground.say(sentence, witnesses=by, summary=ground.findings[key].summary)


def _quiet_groups(ground: Ground) -> list[str]:
    """Groups of deeds of which nobody tells at all."""
    talk = ground.bench.rules.levels.talk_groups
    heard = {s.indicator.group for s in ground.signals if s.best is not None}
    groups = dict.fromkeys(s.indicator.group for s in ground.signals)
    return [ground.say("group_" + group) for group in groups if group not in heard and group not in talk]


def contradictions(ground: Ground) -> tuple[Reason, ...]:
    """Findings that some assert and others deny, and findings whose numbers differ."""
    found: list[Reason] = []
    for key, finding in ground.findings.items():
        if finding.denied and (finding.asserted or finding.unverified):
            denied, asserted = ground.denied_by[key], ground.asserted_by[key] or finding.witnesses
            text = ground.say(
                "contradiction_denied_only" if key in ground.only_denied else "contradiction_denied",
                summary=finding.summary,
                asserting=ground.voices(len(asserted)),
                asserted=listed(asserted, ground.bench),
                denying=ground.voices(len(denied)),
                denied=listed(denied, ground.bench),
            )
            found.append(Reason("finding/disputed", ground.with_numbers(text, key), (key,)))
        elif _numbers_differ(finding):
            text = ground.say("contradiction_numbers", summary=finding.summary)
            found.append(Reason("finding/numbers", ground.with_numbers(text, key), (key,)))
    return tuple(found[:MOST])


def _numbers_differ(finding: Finding) -> bool:
    """Whether different voices tell different numbers of one thing."""
    told: dict[str, set[float]] = {}
    for value in finding.values:
        if value.unit == "person":
            told.setdefault(value.by, set()).add(value.value)
    return len(told) > 1 and len({frozenset(numbers) for numbers in told.values()}) > 1


def missing(ground: Ground) -> tuple[Reason, ...]:
    """Evidence that is lacking: for what is told without it, and for gates of which nobody tells."""
    found = [_unconfirmed(ground, signal, "missing_need") for signal in _told_only(ground)]
    if ground.watch.coverage.status != "watched":
        found.append(Reason("coverage/thin", ground.say("missing_watch", n=ground.watch.coverage.documents)))
    if any(page.day is None for page in ground.watch.pages):
        n = sum(page.day is None for page in ground.watch.pages)
        found.append(Reason("coverage/undated", ground.count("missing_dates", n)))
    return tuple(found[:MOST])


def would_raise(ground: Ground, level: int) -> tuple[Reason, ...]:
    """The area's tripwires up, what only lacks evidence, and the open rules of worse levels."""
    found = [_tripwire("raise", wire) for wire in ground.area.raises if not _tripped(wire, ground)]
    found += [
        _unconfirmed(ground, signal, "raise_need") for signal in _told_only(ground) if signal.indicator.weight > 0
    ]
    for worse in sorted(ground.bench.rules.levels.levels, key=lambda one: -one.number):
        if worse.number < level:
            for rule in worse.rules:
                text = ground.say("raise_gate", level=worse.number, text=rule.text, now=_now(ground, rule))
                found.append(Reason(f"level/{worse.number}/{rule.id}", text))
            break
    return tuple(found[:MOST])


def _now(ground: Ground, rule: LevelRule) -> str:
    """Where the figures stand that a rule asks for."""
    war, nuclear = ground.axes.war_words.words, ground.axes.nuclear_words.words
    if rule.war is not None and rule.nuclear is not None:
        return ground.say("raise_both", war=war, nuclear=nuclear)
    if rule.war is None and rule.nuclear is None:
        return ""
    return ground.say("raise_now", p=war if rule.nuclear is None else nuclear)


def would_lower(ground: Ground, level: int) -> tuple[Reason, ...]:
    """The area's tripwires down, and the fading of what is on; nothing lies below the calmest level."""
    if level >= max(one.number for one in ground.bench.rules.levels.levels):
        return ()
    found = [_tripwire("lower", wire) for wire in ground.area.lowers if not _tripped(wire, ground)]
    for signal in ground.lit:
        if signal.indicator.weight > 0:
            text = ground.say("lower_fade", name=signal.indicator.name, days=f"{signal.indicator.half_life_days:g}")
            found.append(Reason(f"indicator/{signal.indicator.id}/fade", text, signal.observation.findings))
    return tuple(found[:MOST])


def _tripwire(way: str, wire: Tripwire) -> Reason:
    return Reason(f"tripwire/{way}/{'+'.join(wire.indicators)}", wire.text)


def _tripped(wire: Tripwire, ground: Ground) -> bool:
    on = {signal.indicator.id for signal in ground.signals if signal.on}
    return bool(wire.indicators) and on.issuperset(wire.indicators)
