"""When a document was written, where the page does not say so.

Every piece of evidence allows some days: an office held ('President X'), a weekday that fits its date,
a known happening told with its day, a year told as past. The answer is the range of those days on
which most of the evidence agrees; one that nothing narrows stays open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from tocsin.interpret.dates import Anchor, Partial, interval_on, partials, resolve
from tocsin.interpret.forms import Folded, fold
from tocsin.interpret.names import finder
from tocsin.interpret.tokens import Sentence
from tocsin.records import Document, When
from tocsin.rules import Rules
from tocsin.rules.calendar import DEFAULT, Calendar, calendar_of
from tocsin.rules.roles import Roles, roles_of
from tocsin.rules.world import Entity, Happening

# The days that can be inferred, and for how long news leaves the year of a day unsaid.
FIRST, LAST = date(1990, 1, 1), date(2040, 12, 31)
UNSAID = timedelta(days=180)
FORTNIGHT = timedelta(days=14)
# How many years after what the rules know a document may have been written.
YEARS_AHEAD = 2
# How heavily each kind of evidence weighs against the others.
TOLD_YEAR, HAPPENING, WEEKDAY, OFFICE, RECENT = 8, 4, 3, 2, 1
# The day when a page was seen is given up for one that so much more evidence allows.
AGAINST_SEEN = 3
# A paragraph that is a date and hardly more is the page's own date.
OWN_DATE, OWN_PARAGRAPHS = 12, 4


class Evidence(NamedTuple):
    """The document was written on one of the days of these intervals, both ends included."""

    weight: int
    intervals: tuple[tuple[date, date], ...]


def mentions(document: Document, sentences: tuple[Sentence, ...], rules: Rules) -> tuple[tuple[When, ...], Anchor]:
    """Every date of the document, resolved, and the anchor that resolved them."""
    calendar = calendar_of(rules, document.language)
    found = [p for s in sentences for p in partials(document.text, s.start, s.end, calendar)]
    written = anchor(document, sentences, rules, found)
    return tuple(resolve(p, written) for p in found), written


def document_date(
    document: Document, sentences: tuple[Sentence, ...], rules: Rules
) -> tuple[str | None, str | None, str | None]:
    """(earliest, latest, basis) of the day of writing: ISO dates, basis 'given', 'seen', 'inferred' or None."""
    written = mentions(document, sentences, rules)[1]
    return (
        written.earliest.isoformat() if written.earliest else None,
        written.latest.isoformat() if written.latest else None,
        written.basis,
    )


def anchor(document: Document, sentences: tuple[Sentence, ...], rules: Rules, found: list[Partial]) -> Anchor:
    """The range of days on which the document can have been written: its own date; else the day it
    was seen, where no evidence speaks against that day; else what the evidence allows."""
    if document.published:
        day = date.fromisoformat(document.published[:10])
        return Anchor(day, day, "given")
    seen = date.fromisoformat(document.seen[:10]) if document.seen else None
    score = _score([*_evidence(document, sentences, rules, found)], seen or _horizon(rules))
    best = int(score.max())
    if seen is not None and best - score[(seen - FIRST).days] < AGAINST_SEEN:
        return Anchor(seen, seen, "seen")
    if best == 0:
        return Anchor(None, None, None)
    days = np.flatnonzero(score == best)
    first, last = FIRST + timedelta(days=int(days[0])), FIRST + timedelta(days=int(days[-1]))
    return Anchor(first, None if last == _horizon(rules) else last, "inferred")


@cache
def _horizon(rules: Rules) -> date:
    """The last day that is inferred: some years after the latest that the rules know of."""
    terms = [day for e in rules.entities.values() for o in e.offices for day in (o.from_, o.until) if day]
    latest = max([*terms, *(h.date_end for h in rules.chronology.values())], default=FIRST.isoformat())
    return min(LAST, date(date.fromisoformat(latest).year + YEARS_AHEAD, 12, 31))


def _score(evidence: list[Evidence], until: date) -> np.ndarray[Any, np.dtype[np.int32]]:
    """How much evidence, by weight, allows each day from FIRST to LAST; -1 for days after `until`."""
    score = np.zeros((LAST - FIRST).days + 1, dtype=np.int32)
    for piece in evidence:
        allowed = np.zeros(len(score), dtype=np.bool_)
        for start, end in piece.intervals:
            if end >= FIRST and start <= LAST:
                allowed[(max(start, FIRST) - FIRST).days : (min(end, LAST) - FIRST).days + 1] = True
        score += allowed * np.int32(piece.weight)
    score[max(0, (until - FIRST).days + 1) :] = -1
    return score


def _evidence(
    document: Document, sentences: tuple[Sentence, ...], rules: Rules, found: list[Partial]
) -> Iterator[Evidence]:
    calendar = calendar_of(rules, document.language)
    yield from _own_date(sentences, found)
    for partial in found:
        yield from _told(partial, document.text, calendar)
    yield from _offices(document, rules)
    yield from _happenings(document.text, rules, found)


def _own_date(sentences: tuple[Sentence, ...], found: list[Partial]) -> Iterator[Evidence]:
    for sentence in sentences:
        if sentence.paragraph >= OWN_PARAGRAPHS:
            return
        for p in found:
            inside = sentence.start <= p.start and p.end <= sentence.end
            if inside and p.day and p.year and sentence.end - sentence.start - (p.end - p.start) < OWN_DATE:
                day = interval_on(p, date.max)[0]
                yield Evidence(2 * TOLD_YEAR, ((day, day),))
                return


def _told(p: Partial, text: str, calendar: Calendar) -> Iterator[Evidence]:
    """A complete date was past when it was told; a day without its year was not long ago."""
    if p.complete:
        before = fold(text[max(0, p.start - 16) : p.start]).split()
        if not before or before[-1] not in calendar.words["not_past"]:
            yield Evidence(TOLD_YEAR, ((interval_on(p, date.max)[0], LAST),))
        return
    if p.month is None or p.day is None:
        return
    days = [d for y in range(FIRST.year, LAST.year) if (d := _on(p, y)) is not None]
    if p.weekday is not None:
        fitting = [d for d in days if d.weekday() == p.weekday]
        near = FORTNIGHT if p.lean == -1 else UNSAID
        yield Evidence(WEEKDAY, tuple((d if p.lean == -1 else d - FORTNIGHT, d + near) for d in fitting))
    yield Evidence(RECENT, tuple((d, d + UNSAID) for d in days))


def _on(p: Partial, year: int) -> date | None:
    """The last day that the words mean, in a year."""
    try:
        return date(year, p.month or 1, p.until or p.day or 1)
    except ValueError:
        return None


# ------------------------------------------------------------------ offices


def _offices(document: Document, rules: Rules) -> Iterator[Evidence]:
    """'President X', 'the X administration': written while X held that office."""
    language = (document.language or DEFAULT).split("-")[0].lower()
    roles = roles_of(rules, language)
    known = language if language in rules.roles else DEFAULT
    told: set[tuple[str, str]] = set()
    for hit in finder(rules, known).hits(Folded(document.text)):
        before = fold(document.text[max(0, hit.start - 60) : hit.start])
        after = fold(document.text[hit.end : hit.end + 24])
        for form, meaning in hit.meanings:
            entity = meaning.entity
            if entity is None or form.weak:
                continue
            if entity.kind != "person":
                entity, after = _namesake(form.text, rules)
            role = _role(entity, before, after, roles) if entity is not None else None
            if entity is not None and role is not None and (entity.id, role) not in told:
                told.add((entity.id, role))
                yield Evidence(OFFICE, _terms(entity, role))


def _namesake(words: str, rules: Rules) -> tuple[Entity | None, str]:
    """The person after whom a body is called, and the rest: 'X administration' may be a name by itself."""
    name, _, rest = fold(words).rpartition(" ")
    return _people(rules).get(name.removesuffix("'s")), " " + rest


@cache
def _people(rules: Rules) -> dict[str, Entity]:
    people = [e for e in rules.entities.values() if e.kind == "person"]
    return {fold(form.text): e for e in people for form in e.forms if not form.weak}


def _role(entity: Entity, before: str, after: str, roles: Roles) -> str | None:
    """The office that the words around a name give its holder, unless they call it a former one."""
    words = " ".join(before.rstrip(" ,\n").split())
    for role in sorted({o.role for o in entity.offices}, key=len, reverse=True):
        if words.endswith(" " + role) or words == role:
            earlier = words.removesuffix(role).split()
            return None if earlier and earlier[-1].strip("-") in roles.words["former"] else role
    governs = re.match(r"(?:'s)?\s+(\w+)", after)
    if governs is None or governs[1] not in roles.words["rules_by"]:
        return None
    return next((o.role for o in entity.offices if o.role in roles.words["rulers"]), None)


def _terms(entity: Entity, role: str) -> tuple[tuple[date, date], ...]:
    return tuple(
        (date.fromisoformat(o.from_) if o.from_ else FIRST, date.fromisoformat(o.until) if o.until else LAST)
        for o in entity.offices
        if o.role == role
    )


# ------------------------------------------------------------------ happenings


@cache
def _patterns(rules: Rules) -> tuple[tuple[Happening, tuple[re.Pattern[str], ...]], ...]:
    return tuple(
        (happening, tuple(_group(words) for words in happening.words)) for happening in rules.chronology.values()
    )


def _group(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(
        "|".join(rf"\b{re.escape(fold(w.removesuffix('*')))}" + ("" if w.endswith("*") else r"\b") for w in words)
    )


def _happenings(text: str, rules: Rules, found: list[Partial]) -> Iterator[Evidence]:
    """A known happening told with its day but without its year was not long ago."""
    days = [p for p in found if p.month is not None and p.day is not None and p.year is None]
    if not days:
        return
    folded = fold(text)
    for happening, groups in _patterns(rules):
        start, end = date.fromisoformat(happening.date_start), date.fromisoformat(happening.date_end)
        if any(_meets(p, start, end) for p in days) and all(g.search(folded) for g in groups):
            yield Evidence(HAPPENING, ((start, end + UNSAID),))


def _meets(p: Partial, start: date, end: date) -> bool:
    last = _on(p, start.year)
    if last is None:
        return False
    first = last.replace(day=p.day or 1)
    return first <= end and start <= last
