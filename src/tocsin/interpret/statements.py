"""Sentences to statements: the order in which the parts of interpret work."""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TypeVar

from tocsin.interpret import assertion, attribution, mentions, tokens
from tocsin.interpret.attribution import Claim
from tocsin.interpret.clauses import Clauses, prepare
from tocsin.interpret.events import Arguments, Candidate, arguments, candidates
from tocsin.interpret.lexicon import Lexicon, lexicon
from tocsin.interpret.mentions import Mentions
from tocsin.interpret.tokens import Sentence
from tocsin.records import (
    Actor,
    Document,
    Materiel,
    Modality,
    Place,
    Quantity,
    Span,
    Stance,
    Statement,
    Trigger,
    When,
)
from tocsin.rules import Rules

M = TypeVar("M", Place, When, Quantity, Materiel)
COUNTED_UNITS = frozenset({"person", "piece"})


@dataclass(eq=False)
class Reading:
    """One document being read: what does not change from sentence to sentence, and the speaker who
    was heard last (a quotation that goes on keeps him)."""

    document: Document
    rules: Rules
    lexicon: Lexicon
    mentions: Mentions
    actors: tuple[Actor, ...]
    starts: list[int]
    today: datetime.date | None
    past: list[tuple[re.Pattern[str], ...]]
    speaker: Actor | None = None
    paragraph: int = -1
    found: list[Statement] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Told:
    """How a statement is told: what assertion.py decides, and on which grounds."""

    modality: Modality
    stance: Stance
    over: tuple[Claim, ...]
    speaker: Actor | None


def interpret(document: Document, rules: Rules) -> tuple[Statement, ...]:
    """The statements of a document in text order. () where its language has no grammar."""
    opened = _open(document, rules)
    if opened is None:
        return ()
    reading, sentences = opened
    for sentence in sentences:
        for statement in _read(reading, sentence):
            reading.found.append(replace(statement, key=f"{document.key}.{len(reading.found)}"))
    return tuple(reading.found)


def attributions(document: Document, rules: Rules) -> tuple[Claim, ...]:
    """The attributions of a document in text order: who is reported to say what."""
    opened = _open(document, rules)
    if opened is None:
        return ()
    reading, sentences = opened
    found: list[Claim] = []
    for sentence in sentences:
        clauses = _clauses(reading, sentence)
        if clauses is not None:
            found += attribution.claims(document, clauses, reading.lexicon.grammar)
    return tuple(found)


def _open(document: Document, rules: Rules) -> tuple[Reading, tuple[Sentence, ...]] | None:
    words = lexicon(rules, document.language)
    if words is None or not document.text.strip():
        return None
    sentences = tokens.split(document.text, rules, document.language)
    found = mentions.find(document, sentences, rules)
    actors = _all_actors(found)
    starts = [actor.span[0] for actor in actors if actor.span is not None]
    today = _today(document, found)
    past = _past_happenings(document, rules, today)
    return Reading(document, rules, words, found, actors, starts, today, past), sentences


def _clauses(reading: Reading, sentence: Sentence) -> Clauses | None:
    first = bisect_left(reading.starts, sentence.start)
    last = bisect_left(reading.starts, sentence.end)
    return prepare(sentence, reading.actors[first:last], reading.lexicon)


def _all_actors(found: Mentions) -> tuple[Actor, ...]:
    """Actors and the adjectives of states outside them, in text order."""
    taken = [actor.span for actor in found.actors if actor.span is not None]
    free = [a for a in found.adjectives if a.span is not None and not any(_meets(a.span, span) for span in taken)]
    return tuple(sorted((a for a in (*found.actors, *free) if a.span is not None), key=lambda a: a.span or (0, 0)))


def _meets(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _today(document: Document, found: Mentions) -> datetime.date | None:
    for told in (document.published, document.seen):
        if told:
            return datetime.date.fromisoformat(told[:10])
    return found.written.latest


def _within(items: Iterable[M], span: Span) -> tuple[M, ...]:
    return tuple(item for item in items if span[0] <= item.span[0] and item.span[1] <= span[1])


def _read(reading: Reading, sentence: Sentence) -> Iterator[Statement]:
    clauses = _clauses(reading, sentence)
    claims: list[Claim] = []
    told: list[Statement] = []
    if clauses is not None:
        claims = attribution.claims(reading.document, clauses, reading.lexicon.grammar)
        told = list(_typed(reading, clauses, claims))
    yield from told
    yield from _untyped(reading, sentence, clauses, claims, told)
    _remember(reading, sentence, claims)


def _typed(reading: Reading, clauses: Clauses, claims: list[Claim]) -> Iterator[Statement]:
    grammar = reading.lexicon.grammar
    seen: set[tuple[object, ...]] = set()
    for candidate in candidates(clauses, grammar):
        found = arguments(clauses, candidate, grammar)
        if not found.source and not found.target:
            continue
        mark = (candidate.act.type, _ids(found.source), _ids(found.target))
        if mark in seen:
            continue
        seen.add(mark)
        yield _statement(reading, clauses, candidate, found, claims)


def _ids(actors: tuple[Actor, ...]) -> tuple[str, ...]:
    return tuple(actor.id or actor.name for actor in actors)


def _statement(
    reading: Reading, clauses: Clauses, candidate: Candidate, found: Arguments, claims: list[Claim]
) -> Statement:
    grammar = reading.lexicon.grammar
    span = _trigger_span(clauses, candidate)
    told = _told(reading, clauses, candidate, span, claims)
    when = _when(reading, clauses.sentence, span)
    act = candidate.act
    return Statement(
        key="",
        document=reading.document.key,
        span=(clauses.sentence.start, clauses.sentence.end),
        text=reading.document.text[clauses.sentence.start : clauses.sentence.end],
        type=act.type,
        mode=act.mode,
        topics=_topics(reading, clauses, act.topics),
        trigger=Trigger(reading.document.text[span[0] : span[1]], span),
        source=found.source,
        target=found.target,
        place=_within(reading.mentions.places, (clauses.sentence.start, clauses.sentence.end)),
        when=when,
        quantities=_within(reading.mentions.quantities, (clauses.sentence.start, clauses.sentence.end)),
        materiel=_within(reading.mentions.materiel, (clauses.sentence.start, clauses.sentence.end)),
        modality=told.modality,
        stance=told.stance,
        time=assertion.time_sense(
            clauses, candidate, told.modality, when, reading.today, grammar, _historical(reading, clauses.sentence)
        ),
        attribution=told.speaker,
        rule=f"{grammar.language}.{act.name}:{' '.join(candidate.match.term.pattern.words)}",
    )


def _trigger_span(clauses: Clauses, candidate: Candidate) -> Span:
    match = candidate.match
    first, last = match.first, match.last
    if match.other is not None and match.other >= last:
        last = match.other + 1
    return clauses.tokens[first].start, clauses.tokens[last - 1].end


def _told(reading: Reading, clauses: Clauses, candidate: Candidate, span: Span, claims: list[Claim]) -> Told:
    grammar = reading.lexicon.grammar
    over = tuple(claim for claim in claims if claim.covers(span) and not _is_cue(claim, candidate))
    how = assertion.modality(clauses, candidate, grammar)
    stance = assertion.stance(clauses, candidate, span, over, grammar)
    speaker = _nearest(over).speaker if over else _heard(reading, clauses.sentence, span)
    if any(claim.force == "deny" and not claim.negated for claim in over):
        speaker = next(claim.speaker for claim in over if claim.force == "deny")
        if how == "negated":
            how = "actual"
    return Told(how, stance, over, speaker)


def _is_cue(claim: Claim, candidate: Candidate) -> bool:
    """Whether a claim's cue is this very act ('accused', 'threatened'), which does not report itself."""
    return claim.words[0] < candidate.last and candidate.first < claim.words[1]


def _nearest(over: tuple[Claim, ...]) -> Claim:
    """Of the claims over a span, the innermost: the one whose cue stands last before it (else the first)."""
    return over[-1]


def _heard(reading: Reading, sentence: Sentence, span: Span) -> Actor | None:
    """The speaker of a quotation that goes on from the sentences before."""
    if sentence.paragraph != reading.paragraph:
        return None
    return reading.speaker if any(q[0] <= span[0] and span[1] <= q[1] for q in sentence.quotes) else None


def _remember(reading: Reading, sentence: Sentence, claims: list[Claim]) -> None:
    if claims:
        reading.speaker, reading.paragraph = claims[-1].speaker, sentence.paragraph
    elif sentence.paragraph != reading.paragraph:
        reading.speaker, reading.paragraph = None, sentence.paragraph


def _when(reading: Reading, sentence: Sentence, span: Span) -> When | None:
    """The date nearest to an act in its sentence."""
    dates = _within(reading.mentions.dates, (sentence.start, sentence.end))
    dated = [w for w in dates if w.start is not None or w.end is not None]
    return min(dated, key=lambda w: abs(w.span[0] - span[0]), default=None)


@cache
def _happenings(rules: Rules) -> tuple[tuple[str, tuple[re.Pattern[str], ...]], ...]:
    """(last day, one pattern per group of words) for every happening of rules/chronology.tsv."""
    return tuple((h.date_end, tuple(_any_of(group) for group in h.words)) for h in rules.chronology.values())


def _any_of(group: tuple[str, ...]) -> re.Pattern[str]:
    members = (re.escape(m.removesuffix("*")) + (r"\w*" if m.endswith("*") else "") for m in group)
    return re.compile(r"\b(?:" + "|".join(members) + r")\b", re.IGNORECASE)


def _past_happenings(
    document: Document, rules: Rules, today: datetime.date | None
) -> list[tuple[re.Pattern[str], ...]]:
    """Happenings that the document names and that were over before it was written."""
    limit = (today - datetime.timedelta(days=assertion.CURRENT_DAYS)).isoformat() if today else None
    return [
        groups
        for last, groups in _happenings(rules)
        if (limit is None or last < limit) and all(group.search(document.text) for group in groups)
    ]


def _historical(reading: Reading, sentence: Sentence) -> bool:
    if "retrospective" in reading.document.flags:
        return True
    text = reading.document.text
    return any(all(g.search(text, sentence.start, sentence.end) for g in groups) for groups in reading.past)


def _topics(reading: Reading, clauses: Clauses, given: tuple[str, ...]) -> tuple[str, ...]:
    words = set(clauses.words)
    told = [topic for topic, listed in reading.lexicon.grammar.topics.items() if not words.isdisjoint(listed)]
    return tuple(dict.fromkeys((*given, *told)))


# ------------------------------------------------------------------ reported speech and told facts


def _untyped(
    reading: Reading, sentence: Sentence, clauses: Clauses | None, claims: list[Claim], told: list[Statement]
) -> Iterator[Statement]:
    """Reported speech without an act in it, and told facts with a number of people or materiel."""
    spoken = False
    for claim in claims:
        if any(claim.covers(s.trigger.span) or _touches(claim.cue, s.trigger.span) for s in told):
            spoken = True
            continue
        spoken = True
        yield _bare(reading, sentence, clauses, claim)
    if not spoken and not told and _is_told_fact(reading, sentence):
        yield _bare(reading, sentence, clauses, None)


def _touches(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _is_told_fact(reading: Reading, sentence: Sentence) -> bool:
    span = (sentence.start, sentence.end)
    counted = [q for q in _within(reading.mentions.quantities, span) if q.unit in COUNTED_UNITS]
    return bool(counted or _within(reading.mentions.materiel, span))


def _bare(reading: Reading, sentence: Sentence, clauses: Clauses | None, claim: Claim | None) -> Statement:
    grammar = reading.lexicon.grammar
    span = (sentence.start, sentence.end)
    cue = claim.cue if claim is not None else (sentence.tokens[0].start, sentence.tokens[0].end)
    over = (claim,) if claim is not None else ()
    when = _when(reading, sentence, cue)
    stance: Stance = (
        assertion.stance(clauses, None, cue, over, grammar) if clauses is not None and claim is not None else "asserted"
    )
    return Statement(
        key="",
        document=reading.document.key,
        span=span,
        text=reading.document.text[span[0] : span[1]],
        type=None,
        mode=None,
        topics=_topics(reading, clauses, ()) if clauses is not None else (),
        trigger=Trigger(reading.document.text[cue[0] : cue[1]], cue),
        source=(),
        target=(),
        place=_within(reading.mentions.places, span),
        when=when,
        quantities=_within(reading.mentions.quantities, span),
        materiel=_within(reading.mentions.materiel, span),
        modality="actual",
        stance=stance,
        time=assertion.time_sense(
            clauses, None, "actual", when, reading.today, grammar, _historical(reading, sentence)
        ),
        attribution=claim.speaker if claim is not None else _heard(reading, sentence, cue),
        rule=f"{grammar.language}.{claim.force}" if claim is not None else f"{grammar.language}.told-fact",
    )
