"""Rows of the study commands: one per mention, for measuring parts alone."""

from __future__ import annotations

from typing import Any

from tocsin.interpret import anchor, dates
from tocsin.interpret.mentions import Mentions, find
from tocsin.interpret.tokens import split
from tocsin.records import Document
from tocsin.rules import Rules
from tocsin.rules.calendar import calendar_of

Row = dict[str, Any]


def mentions_of(document: Document, rules: Rules) -> Mentions:
    """Sentences and mentions in one call."""
    return find(document, split(document.text, rules, document.language), rules)


def places_rows(document: Document, rules: Rules) -> list[Row]:
    """One row per place: input text span name country lat lon."""
    return [
        _row(document, p, name=p.name, country=p.country, lat=p.lat, lon=p.lon)
        for p in mentions_of(document, rules).places
    ]


def dates_rows(document: Document, rules: Rules) -> list[Row]:
    """One row per mention of a time: input text span start end (null where they stay open, as those
    of durations are)."""
    sentences = split(document.text, rules, document.language)
    dated, _ = anchor.mentions(document, sentences, rules)
    rows = [_row(document, w, start=w.start, end=w.end) for w in dated]
    calendar = calendar_of(rules, document.language)
    for sentence in sentences:
        for p in dates.durations(document.text, sentence.start, sentence.end, calendar):
            if all(p.end <= w.span[0] or w.span[1] <= p.start for w in dated):
                rows.append(
                    {"input": document.input, "text": p.text, "span": [p.start, p.end], "start": None, "end": None}
                )
    return sorted(rows, key=lambda row: row["span"])


def quantities_rows(document: Document, rules: Rules) -> list[Row]:
    """One row per quantity: input text span value high unit of."""
    return [
        _row(document, q, value=q.value, high=q.high, unit=q.unit, of=q.of)
        for q in mentions_of(document, rules).quantities
    ]


def actors_rows(document: Document, rules: Rules) -> list[Row]:
    """One row per actor: input text span id name country sector."""
    return [
        _row(document, a, id=a.id, name=a.name, country=a.country, sector=a.sector)
        for a in mentions_of(document, rules).actors
        if a.span is not None
    ]


def _row(document: Document, mention: Any, **fields: object) -> Row:
    return {"input": document.input, "text": mention.text, "span": list(mention.span), **fields}
