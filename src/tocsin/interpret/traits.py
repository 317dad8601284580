"""What a reader sees of how an act is told: the traits by which trained weights judge what is a matter
of degree (real or meant, asserted or doubted, now or then).

A trait is a short text, 'kind=value'. Names of people and places are no traits: the judgement must not
hang on whom a sentence is about.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tocsin.interpret.attribution import Claim
from tocsin.interpret.clauses import Clauses, previous_verb, verb_group_start
from tocsin.interpret.events import Candidate, carried_by
from tocsin.interpret.roles import OWNERS, QUESTIONS, Roles, step
from tocsin.records import Actor, Modality, Stance, TimeSense, When

NEAR = 4
WIDE = 9
TEMPORAL = frozenset("PSC")
YEAR, YEAR_DIGITS = re.compile(r"(?:19|20)\d\d"), 4
# Ages of a date against the document's, in days: up to so many is called so.
AGES = ((-1, "ahead"), (0, "today"), (7, "week"), (30, "month"), (90, "quarter"), (366, "year"))


@dataclass(frozen=True, slots=True)
class Telling:
    """An act with all that bears on how it is told: the claims over it, its date, all dates of its
    sentence, who acts and who is said to tell it, what the rules made of it, and what the network sees."""

    clauses: Clauses
    candidate: Candidate
    over: Sequence[Claim]
    when: When | None
    dates: Sequence[When]
    today: datetime.date | None
    modality: Modality
    stance: Stance
    time: TimeSense | None
    source: tuple[Actor, ...] = ()
    speaker: Actor | None = None
    view: Roles | None = None


def traits(telling: Telling) -> list[str]:
    """The traits of one telling, without repetition, in a fixed order."""
    found = ["always", f"modality={telling.modality}", f"stance={telling.stance}", f"time={telling.time}"]
    found += _of_act(telling)
    found += _of_dates(telling)
    found += _of_speech(telling)
    found += _of_speaker(telling)
    found += _of_words(telling.clauses, telling.candidate)
    found += _together(telling)
    if telling.view is not None:
        found += _viewed(telling, telling.view)
    return list(dict.fromkeys(found))


def _viewed(telling: Telling, view: Roles) -> Iterator[str]:
    """How likely the network finds each answer, alone and beside what the rules found."""
    ruled = {"modality": telling.modality, "stance": telling.stance, "time": telling.time}
    for question in ("modality", "stance", "time"):
        for answer, lack in zip(QUESTIONS[question], view.answers[question].tolist(), strict=True):
            yield f"view.{question}={answer}.{step(lack)}"
            if lack == 0:
                yield f"view.{question}={answer}.{ruled[question]}"
    nobody = float(view.answers["attribution"][OWNERS.index("nobody")])
    somebody = float(view.answers["attribution"][1:].max())
    yield f"view.said={step(somebody - nobody)}"
    yield f"view.said={step(somebody - nobody)}.{telling.speaker is not None}"


def is_dated(telling: Telling) -> bool:
    """Whether the act bears a date that lies behind the document's, which alone says when it was."""
    return _age(telling.when, telling.today) not in ("none", "absolute", "ahead")


def _together(telling: Telling) -> Iterator[str]:
    """Traits that say little alone: the tense with the date, with the report, with the kind of act."""
    clauses, candidate = telling.clauses, telling.candidate
    verb = carried_by(clauses, candidate) if candidate.nominal else candidate.first
    tense = _tense(clauses, verb) if verb is not None else "none"
    shape = "noun" if candidate.nominal else "verb"
    said = telling.over[-1].force if telling.over else "none"
    age = _age(telling.when, telling.today)
    yield f"tense={shape}.{tense}"
    yield f"tense.date={shape}.{tense}.{age}"
    yield f"tense.said={shape}.{tense}.{said}"
    yield f"tense.type={tense}.{candidate.act.type}"
    word = clauses.words[candidate.first]
    yield f"tense.word={tense}.{word}.{shape}"
    main = next((word for word, kind in zip(clauses.words, clauses.classes, strict=True) if kind in "VX"), None)
    if main is not None:
        yield f"main={main}.{shape}"
    for n in range(max(0, candidate.first - NEAR), candidate.first):
        if clauses.classes[n] in TEMPORAL:
            yield f"since={clauses.words[n]}.{shape}"
            yield f"since={clauses.words[n]}.{candidate.act.type}"
    first = next((n for n, kind in enumerate(clauses.classes) if kind in "VX"), None)
    main = _tense(clauses, first) if first is not None else "none"
    yield f"main={main}"
    yield f"main.tense={main}.{shape}.{tense}"
    clause = next((clauses.words[n] for n in range(candidate.first - 1, -1, -1) if clauses.classes[n] in "SRC,"), "")
    yield f"clause.tense={clause}.{shape}.{tense}"


def _tense(clauses: Clauses, verb: int) -> str:
    """The auxiliaries of a verb's group, else the end of its form."""
    start = verb_group_start(clauses, verb)
    group = [clauses.words[n] for n in range(start, verb) if clauses.classes[n] == "X"]
    if group:
        return group[0]
    if start > 0 and clauses.classes[start - 1] == "T":
        return "to"
    word = clauses.words[verb]
    rules = clauses.inflection
    return (
        "ing" if rules.is_gerund(word) else "ed" if rules.is_participle(word) else "s" if rules.is_plural(word) else "-"
    )


def _of_act(telling: Telling) -> Iterator[str]:
    clauses, candidate = telling.clauses, telling.candidate
    act, match = candidate.act, candidate.match
    shape = "noun" if candidate.nominal else "passive" if candidate.passive else "active"
    head = " ".join(match.term.pattern.words)
    yield f"type={act.type}"
    yield f"act={act.name}"
    yield f"type={act.type}.{shape}"
    yield f"head={head}"
    yield f"tags={shape}.{match.term.tags}"
    start = verb_group_start(clauses, candidate.first)
    if not candidate.nominal:
        yield from _of_group(clauses, start, candidate.first, "own")
        yield f"form={match.term.tags}.{act.type}.{' '.join(clauses.words[start : candidate.first])}"
    carrier = carried_by(clauses, candidate) if candidate.nominal else previous_verb(clauses, start)
    role = "carrier" if candidate.nominal else "governor"
    if carrier is None:
        yield f"{role}=none"
    else:
        yield f"{role}={clauses.words[carrier]}"
        yield from _of_group(clauses, verb_group_start(clauses, carrier), carrier, role)
    yield f"before={_class_at(clauses, start - 1)}"
    yield f"rules={telling.modality}.{telling.time}.{shape}"


def _of_group(clauses: Clauses, start: int, verb: int, role: str) -> Iterator[str]:
    group = [clauses.words[n] for n in range(start, verb) if clauses.classes[n] in "XN"]
    yield f"{role}.group={' '.join(group)}"
    for word in group:
        yield f"{role}.aux={word}"
    if start > 0 and clauses.classes[start - 1] == "T":
        yield f"{role}.to"


def _class_at(clauses: Clauses, n: int) -> str:
    if n < 0:
        return "start"
    return "actor" if clauses.actor_at[n] >= 0 else clauses.classes[n]


def _of_dates(telling: Telling) -> Iterator[str]:
    own = _age(telling.when, telling.today)
    yield f"date={own}"
    yield f"date={own}.{telling.candidate.act.type}"
    if telling.when is not None:
        yield f"date.basis={telling.when.basis}"
        yield f"date.word={telling.when.text.lower().split()[0]}"
    for date in telling.dates:
        yield f"dates={_age(date, telling.today)}"
    for age in _years(telling):
        yield f"years={age}"


def _age(when: When | None, today: datetime.date | None) -> str:
    told = (when.end or when.start) if when is not None else None
    if told is None:
        return "none"
    if today is None:
        return "absolute"
    days = (today - datetime.date.fromisoformat(told[:10])).days
    return next((name for limit, name in AGES if days <= limit), "older")


def _years(telling: Telling) -> Iterator[str]:
    """How many years before the document the years stand that its sentence names, 3 for 'more'."""
    if telling.today is None:
        return
    for word in telling.clauses.words:
        if len(word) == YEAR_DIGITS and YEAR.fullmatch(word):
            yield str(max(-1, min(3, telling.today.year - int(word))))


def _of_speech(telling: Telling) -> Iterator[str]:
    clauses, candidate = telling.clauses, telling.candidate
    for claim in telling.over:
        yield f"said={claim.force}"
        yield f"cue={clauses.words[claim.words[0]]}"
        if claim.negated:
            yield "said.negated"
    if not telling.over:
        yield "said=none"
    at = clauses.tokens[candidate.first].start
    if any(quote[0] <= at < quote[1] for quote in clauses.sentence.quotes):
        yield "quoted"
    if clauses.words[-1] == "?" or "?" in clauses.words[-3:]:
        yield "asked"


def _of_speaker(telling: Telling) -> Iterator[str]:
    """Who is said to tell it, beside who does it: people who tell of their own acts are no witnesses."""
    clauses, candidate, speaker = telling.clauses, telling.candidate, telling.speaker
    kind, shape = candidate.act.type, "noun" if candidate.nominal else "verb"
    if speaker is None:
        yield f"speaker=none.{bool(telling.over)}"
        return
    self = _likeness(speaker, telling.source)
    cue = telling.over[-1] if telling.over else None
    yield f"speaker={self}"
    for beside in (kind, shape, speaker.sector, f"{kind}.{shape}", cue.force if cue is not None else "heard"):
        yield f"speaker={self}.{beside}"
    word = (speaker.text or "").lower().split()[-1:]
    if word and (speaker.id is None or speaker.id == speaker.country):
        yield f"speaker.word={word[0] if (speaker.text or 'A')[0].islower() else 'name'}.{shape}"
    if cue is None:
        return
    gap = candidate.first - cue.words[1]
    side = "after" if gap >= 0 else "before"
    verbs = sum(clauses.classes[n] == "V" for n in range(cue.words[1], candidate.first))
    opened = [clauses.words[n] for n in range(cue.words[1], candidate.first) if clauses.classes[n] in "SR"]
    yield f"cue.side={side}.{min(3, verbs)}.{shape}"
    yield f"cue.side={side}.{min(3, verbs)}.{self}"
    yield f"cue.word={clauses.words[cue.words[0]]}.{self}"
    yield f"cue.opens={opened[-1] if opened else '-'}.{len(opened)}.{side}"
    yield f"cue.count={len(telling.over)}.{self}"
    yield f"cue.pattern={side}.{min(2, verbs)}.{self}.{shape}.{'quoted' if _is_quoted(telling) else 'told'}"


def _likeness(speaker: Actor, source: tuple[Actor, ...]) -> str:
    if not source:
        return "nobody"
    if any(speaker.span == actor.span for actor in source):
        return "same"
    if any(speaker.id is not None and speaker.id == actor.id for actor in source):
        return "same"
    if speaker.country is None or source[0].country is None:
        return "unknown"
    return "own" if speaker.country == source[0].country else "other"


def _is_quoted(telling: Telling) -> bool:
    at = telling.clauses.tokens[telling.candidate.first].start
    return any(quote[0] <= at < quote[1] for quote in telling.clauses.sentence.quotes)


def _of_words(clauses: Clauses, candidate: Candidate) -> Iterator[str]:
    """Words about the act: near ones by side, all of the sentence by kind; no names."""
    words, first, last = clauses.words, candidate.first, candidate.last
    seen = zip(clauses.actor_at, clauses.tokens, strict=True)
    plain = [n for n, (actor, token) in enumerate(seen) if actor < 0 and (n == 0 or token.text[0].islower())]
    for n in plain:
        yield f"word={words[n]}"
        if first - WIDE <= n < last + WIDE:
            yield f"about={words[n]}"
        if first - NEAR <= n < last + NEAR:
            yield f"{'left' if n < first else 'right' if n >= last else 'in'}={words[n]}"
    for back in (1, 2):
        n = first - back
        yield f"left{back}={words[n] if n in plain else _class_at(clauses, n)}"
    clause = next((words[n] for n in range(first - 1, -1, -1) if clauses.classes[n] in "SRC"), None)
    if clause is not None:
        yield f"clause={clause}"
