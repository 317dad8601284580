"""When a document was written, where the page does not say so: narrowed by what only some years allow."""

from __future__ import annotations

from datetime import date

from tocsin.interpret.dates import Anchor, Partial, partials, resolve
from tocsin.interpret.tokens import Sentence
from tocsin.records import Document, When
from tocsin.rules import Rules
from tocsin.rules.calendar import calendar_of


def anchor(document: Document, sentences: tuple[Sentence, ...], rules: Rules, found: list[Partial]) -> Anchor:
    """The range of days on which the document can have been written."""
    if document.published:
        day = date.fromisoformat(document.published[:10])
        return Anchor(day, day, "given")
    if document.seen:
        day = date.fromisoformat(document.seen[:10])
        return Anchor(day, day, "seen")
    return Anchor(None, None, None)


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
