"""Rows of the study commands: one per mention, for measuring parts alone."""

from __future__ import annotations

from typing import Any

from tocsin.interpret.mentions import Mentions, find
from tocsin.interpret.tokens import split
from tocsin.records import Document
from tocsin.rules import Rules

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
    """One row per mention of a time: input text span start end (null where they stay open)."""
    return [_row(document, w, start=w.start, end=w.end) for w in mentions_of(document, rules).dates]


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
