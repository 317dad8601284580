"""A case told as a finding: one plain sentence, its parties and numbers, who asserts and who denies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from tocsin.judge.cases import Case, Voices, grades, witness_of
from tocsin.judge.days import day_text
from tocsin.judge.evidence import PRESENCE, Evidence
from tocsin.judge.grading import grade
from tocsin.judge.indicators import Bench
from tocsin.records import Actor, Finding, Modality, Place, Quantity, Span, TimeSense, Value, When
from tocsin.rules.warning import Area, parties_of, words_pattern

T = TypeVar("T")
COUNTED = ("person", "tonne")  # units of which the size of a force is told
SHOWN = 4  # names and numbers that a sentence bears
QUOTED = 200  # characters of a sentence that stands for a finding


def finding(case: Case, area: Area, bench: Bench, as_of: str) -> Finding:
    """The finding of a case: of its evidence that counts, in order of arrival. What nobody knows when it was got was
    got as of now."""
    now = as_of if any(one.page.seen is None for one in bench.telling(case)) else None
    return case.remembered("finding", now, lambda: _finding(case, area, bench, as_of))


def _finding(case: Case, area: Area, bench: Bench, as_of: str) -> Finding:
    evidence, found = bench.telling(case), bench.heard(case, area)
    values = _values(case, evidence, area, bench)
    everyone = found.asserting | found.denying | found.unverified
    return Finding(
        key=case.key,
        area=case.area,
        summary=summary(case, evidence, found, values, bench),
        type=_commonest(one.statement.type for one in evidence if one.statement.type),
        source=_actors(case.actor, evidence, bench),
        target=_actors(case.other, evidence, bench),
        place=_places(evidence),
        when=_when(evidence),
        time=_time(case, evidence),
        modality=_modality(evidence),
        asserted=tuple(e.statement.key for e in evidence if not e.denied and e.statement.stance == "asserted"),
        denied=tuple(e.statement.key for e in evidence if e.denied),
        unverified=tuple(e.statement.key for e in evidence if not e.denied and e.statement.stance == "unverified"),
        origins=len(everyone),
        witnesses=found.labels(bench.rules),
        grade=grade(grades(found.asserting), grades(found.denying)),
        values=values,
        first_seen=min((e.page.seen or as_of for e in evidence), default=as_of),
        last_seen=max((e.page.seen or as_of for e in evidence), default=as_of),
        weak=_weak(evidence, found, bench),
    )


def listed(items: tuple[str, ...], bench: Bench, most: int = SHOWN) -> str:
    """Some names, and how many more there are."""
    shown = ", ".join(items[:most])
    return shown if len(items) <= most else bench.rules.wording.say("and_more", shown=shown, more=len(items) - most)


def summary(case: Case, evidence: list[Evidence], found: Voices, values: tuple[Value, ...], bench: Bench) -> str:
    """One plain sentence without its full stop, made from the records alone."""
    say = bench.rules.wording.say
    parts = [_head(case, evidence, found, bench), _day_part(case, evidence, bench)]
    if found.unverified and not found.asserting:
        parts.append(say("unverified"))
    if case.kind == PRESENCE:
        parts.append(_size(values, evidence, bench))
    return "".join(parts)


def _head(case: Case, evidence: list[Evidence], found: Voices, bench: Bench) -> str:
    say, wording = bench.rules.wording.say, bench.rules.wording
    source = _side_name(case.actor, _first(e.statement.source for e in evidence), bench)
    target = _side_name(case.other, _first(e.statement.target for e in evidence), bench, "")
    if case.kind == PRESENCE:
        return say("presence_none" if only_denied(case, found) else "presence", source=source, place=target)
    kind = _commonest(one.statement.type for one in evidence if one.statement.type) or _type_of(case.kind, bench)
    if kind is None:
        return say("told_quote", words=_quote(evidence))
    act = wording.acts[kind]
    # What is told of a claim is how those tell it who stand by it, as long as there are any.
    modality = _modality([one for one in evidence if not one.denied] or evidence)
    towards = say("towards", target=target) if target else ""
    if only_denied(case, found):
        sentence = f"not_{modality}" if modality in wording.modality else "not_so"
        text = say(sentence, source=source, noun=act.noun, towards=towards)
    elif modality in wording.modality:
        text = wording.modality[modality].format(source=source, noun=act.noun, towards=towards)
    else:
        text = f"{source} {act.done.format(target=target) if target else act.alone}"
    spots = tuple(dict.fromkeys(spot.name for one in evidence for spot in one.spots))
    return text[:1].upper() + text[1:] + (say("in_place", place=spots[0]) if spots else "")


def only_denied(case: Case, found: Voices) -> bool:
    """Whether nobody stands by what a case tells, so that its summary says that it is not so."""
    if case.kind == PRESENCE:
        return bool(found.denied_by) and not found.asserted_by and not found.unverified
    return bool(found.denying) and not found.asserting and not found.unverified


def _type_of(kind: str, bench: Bench) -> str | None:
    """The PLOVER type of a family of acts, or None where what is told is no act."""
    return next((plover for plover, family in bench.rules.joining.families.items() if family == kind), None)


def _quote(evidence: list[Evidence]) -> str:
    """The shortest sentence that tells it, without its full stop."""
    telling = [one for one in evidence if not one.denied] or evidence
    return cut(min((one.statement.text for one in telling), key=len), QUOTED).strip('“”".')


def cut(text: str, most: int) -> str:
    """A text in one line, cut between words where it is longer."""
    words = " ".join(text.split())
    return words if len(words) <= most else words[: words.rfind(" ", 0, most)] + " …"


def _side_name(country: str | None, actors: tuple[Actor, ...], bench: Bench, nobody: str | None = None) -> str:
    """The state's name where the side is a state, else the actor as named."""
    if country in bench.rules.states and country is not None:
        return bench.rules.states[country].name
    named = [actor.name for actor in actors if actor.country == country and actor.name]
    if named:
        return named[0]
    return bench.rules.wording.say("somebody") if nobody is None else nobody


def _first(groups: Iterable[tuple[Actor, ...]]) -> tuple[Actor, ...]:
    return next((group for group in groups if group), ())


def _day_part(case: Case, evidence: list[Evidence], bench: Bench) -> str:
    say = bench.rules.wording.say
    days = sorted(one.day for one in evidence if one.day is not None)
    if not days:
        return say("undated")
    if case.kind == PRESENCE:
        return ""
    told = any(one.statement.when is not None and one.statement.when.start for one in evidence)
    return say("on_day" if told else "told_day", day=day_text(days[0]))


def _size(values: tuple[Value, ...], evidence: list[Evidence], bench: Bench) -> str:
    """How many people are told of: one number, or the least and the most."""
    say = bench.rules.wording.say
    people = sorted((one for one in values if one.unit == "person" and one.value), key=lambda one: one.value)
    if not people:
        return ""
    low, high = _number(people[0], evidence, bench), _number(people[-1], evidence, bench)
    alike = people[0].value == people[-1].value
    return say("numbers", numbers=low if alike else say("numbers_range", low=low, high=high))


def numbers(finding: Finding, evidence: list[Evidence], bench: Bench) -> str:
    """Every number in the texts' own words, each with those who tell it; what is denied is none."""
    say = bench.rules.wording.say
    shown: dict[str, list[str]] = {}
    for value in finding.values:
        shown.setdefault(_number(value, evidence, bench), []).append(value.by)
    told = [say("number", value=text, by=", ".join(dict.fromkeys(by))) for text, by in shown.items()]
    return listed(tuple(told), bench, 2 * SHOWN)


def _number(value: Value, evidence: list[Evidence], bench: Bench) -> str:
    """A number in the words of its sentence, with what it counts."""
    say = bench.rules.wording.say
    if not value.value:
        return say("number_none")
    told = (q for e in evidence if e.statement.key == value.statement for q in e.statement.quantities)
    words = (" ".join(q.text.split()) for q in told if (q.value, q.of) == (value.value, value.of))
    text = next(words, f"{value.value:g}")
    counted = value.of is None or value.unit == "person" or value.of.casefold() in text.casefold()
    return text if counted else say("number_of", value=text, of=value.of)


def _values(case: Case, evidence: list[Evidence], area: Area, bench: Bench) -> tuple[Value, ...]:
    """Every number once per voice, in order of size, a correction in the stead of what it corrects; a denial of the
    whole stands beside them as 0."""
    found: dict[tuple[str | None, float, float | None, str], Value] = {}
    wrong: dict[tuple[str, Span], set[float]] = {}
    corrects = bench.rules.joining.corrects
    for one in evidence:
        witness, _ = witness_of(one, parties_of(area, bench.rules), bench.outlets, bench.rules)
        sentence = (one.statement.document, one.statement.span)
        if sentence not in wrong and corrects and words_pattern(corrects).search(one.statement.text.casefold()):
            units = {q.unit for q in one.statement.quantities}
            gone = [key for key, v in found.items() if v.by == witness.name and v.unit in units]
            wrong[sentence] = {found.pop(key).value for key in gone}
        for q in one.statement.quantities:
            # A correction that repeats the earlier number names it as the wrong one.
            if q.value in wrong.get(sentence, ()) or (case.kind == PRESENCE and not _sizes(q, bench)):
                continue
            if not one.denied:
                value = Value(q.of, q.value, q.high, q.unit, witness.name, one.statement.key)
                found.setdefault((q.of, q.value, q.high, witness.name), value)
        if one.denied and case.kind == PRESENCE:
            of = bench.rules.wording.say("presence_of")
            found.setdefault(
                (of, 0.0, None, witness.name), Value(of, 0.0, None, "person", witness.name, one.statement.key)
            )
    return tuple(sorted(found.values(), key=lambda v: (v.unit or "", v.value, v.of or "", v.by)))


def _sizes(q: Quantity, bench: Bench) -> bool:
    """Whether a number may tell the size of a force: of what it brought, and not of anybody at all."""
    if q.of is not None and q.of.casefold() in bench.rules.joining.presence_anybody:
        return False
    return q.unit in COUNTED or q.of is not None


def _actors(country: str | None, evidence: list[Evidence], bench: Bench) -> tuple[Actor, ...]:
    """The side as the texts name it most often; the bare state where they don't."""
    if country is None:
        return ()
    sides = [a for one in evidence for a in (*one.statement.source, *one.statement.target) if a.country == country]
    if sides:
        common = _commonest((a.id or "", a.name) for a in sides)
        return (next(a for a in sides if (a.id or "", a.name) == common),)
    name = bench.rules.states[country].name if country in bench.rules.states else country
    return (Actor(None, None, None, name, country, None),)


def _commonest(items: Iterable[T]) -> T | None:
    """The commonest item; of equals the first by name."""
    counted = Counter(items)
    return min(counted, key=lambda item: (-counted[item], str(item))) if counted else None


def _places(evidence: list[Evidence]) -> tuple[Place, ...]:
    found: dict[str, Place] = {}
    for one in evidence:
        for place in one.statement.place:
            found.setdefault(place.name, place)
    return tuple(found.values())[:SHOWN]


def _when(evidence: list[Evidence]) -> When | None:
    told = [one.statement.when for one in evidence if one.statement.when is not None and one.statement.when.start]
    return min(told, key=lambda when: (when.start or "", when.end or ""), default=None)


def _time(case: Case, evidence: list[Evidence]) -> TimeSense | None:
    if case.pending:
        return "future"
    told = {one.statement.time for one in evidence}
    return "current" if "current" in told or case.kind == PRESENCE else next(iter(sorted(t for t in told if t)), None)


def _modality(evidence: list[Evidence]) -> Modality:
    return Counter(one.statement.modality for one in evidence).most_common(1)[0][0] if evidence else "actual"


def _weak(evidence: list[Evidence], found: Voices, bench: Bench) -> str | None:
    """Why a finding counts for little, or None."""
    say = bench.rules.wording.say
    if all(one.day is None for one in evidence):
        return say("weak_undated")
    if not found.asserting and found.unverified:
        return say("weak_unverified")
    if found.asserting and len(found.denying) >= len(found.asserting):
        return say("weak_denied")
    if all(witness.reliability == "F" for witness in found.asserting.values()):
        return say("weak_unknown")
    return say("weak_single") if len(found.asserting) == 1 else None
