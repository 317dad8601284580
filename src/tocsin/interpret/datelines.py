"""Datelines: where and for whom a report was written, before its first sentence.

    MOSCOW - …      CARACAS (Agency) - …      Vienna, 4 March (Agency) …      (Agency) …

A dateline is no part of a sentence: nobody in it acts, and nothing happens there for that alone. Its
place still tells whose 'Foreign Ministry' a report means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from tocsin.interpret.forms import Hit, fold
from tocsin.interpret.places import Spot
from tocsin.records import Document, Span
from tocsin.rules import Rules

# A word in capitals of at most so many letters is an abbreviation, not a town.
SHORTEST = 3
_WORD = r"[^\W\d_a-zа-яё][\w.'’]*"
_PLACE = rf"{_WORD}(?:[ -](?:(?:de|del|la|el|al|of) )?{_WORD}){{0,3}}(?:, {_WORD}(?: {_WORD})?){{0,2}}"
_DAY = r"(?:,? (?:\d{1,2} )?[^\W\d_]{3,9}\.?(?: \d{1,2})?(?:,? \d{4})?)?"
_CREDIT = r"\([^()\n]{2,40}\)"
_SHAPE = re.compile(
    rf"^[ \t]*(?:(?P<place>{_PLACE}){_DAY})?[ \t]*"
    rf"(?:(?P<before>{_CREDIT})?[ \t]*(?P<mark>[-–—]{{1,2}})|(?P<alone>{_CREDIT}))[ \t]+(?=\S)",
    re.MULTILINE,
)


class Dateline(NamedTuple):
    """`span` reaches to the first word of the report; `place` and `credit` lie in it."""

    span: Span
    place: Span | None
    credit: Span | None


def find(text: str, rules: Rules) -> tuple[Dateline, ...]:
    """The datelines of a text, each at the beginning of a line, in text order."""
    found: list[Dateline] = []
    for match in _SHAPE.finditer(text):
        credit = _inner(match, "before") or _inner(match, "alone")
        if _holds(match["place"], text[slice(*credit)] if credit else None, match["mark"] is not None, rules):
            found.append(Dateline(match.span(), match.span("place") if match["place"] else None, credit))
    return tuple(found)


def _inner(match: re.Match[str], group: str) -> Span | None:
    """The span within the brackets of a group."""
    return (match.start(group) + 1, match.end(group) - 1) if match[group] is not None else None


def _holds(place: str | None, credit: str | None, dashed: bool, rules: Rules) -> bool:
    """Whether this is a dateline: a dash after a place (in capitals, or known), with or without a
    credit, or a credit that names a publisher."""
    if credit is not None and fold(credit) in _publishers(rules):
        return True
    if place is None or not dashed:
        return False
    town = place.split(",")[0]
    return (town.isupper() and len(town) > SHORTEST) or fold(town) in _towns(rules)


@cache
def _towns(rules: Rules) -> frozenset[str]:
    capitals = {fold(state.capital) for state in rules.states.values()}
    return frozenset(capitals | {fold(name) for site in rules.places for name in (site.name, *site.aliases)})


@cache
def _publishers(rules: Rules) -> frozenset[str]:
    names = {fold(name) for source in rules.sources.values() for name in (source.name, *source.names)}
    return frozenset(names | {fold(name) for name in rules.furniture.credits})


def home(document: Document, lines: tuple[Dateline, ...], sites: Iterable[Hit[Spot]], rules: Rules) -> str | None:
    """The state where a report was written: that of its first dateline, else its publisher's."""
    first = next((line.place for line in lines if line.place is not None), None)
    if first is not None:
        spots = (spot for hit in sites if first[0] <= hit.start < first[1] for _, spot in hit.meanings)
        best = max(spots, key=lambda spot: spot.rank, default=None)
        return best.country if best is not None else None
    source = rules.sources.get(document.source_id or "")
    return source.country if source is not None and source.country in rules.states else None


def publishers(text: str, lines: tuple[Dateline, ...], told: tuple[str | None, ...]) -> tuple[Span, ...]:
    """Where publishers are named: those `told` of this page and those that its datelines credit, wherever
    they stand. Their names are no places ('Meridian' in 'Meridian Wire')."""
    names = {name for name in told if name} | {text[slice(*line.credit)] for line in lines if line.credit}
    named = sorted(name for name in names if name in text)
    return tuple(m.span() for name in named for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text))
