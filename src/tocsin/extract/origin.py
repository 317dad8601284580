"""Who wrote it first, where the page says so."""

from __future__ import annotations

import re
from functools import cache

from tocsin.extract.authors import split_names
from tocsin.rules import Rules
from tocsin.rules.furniture import Finder, Furniture, OriginRule, finder

ADDRESS = re.compile(r"[\s:(]*https?://\S+\s*$")  # behind a name: 'Read more at Example News: https://…'
LEAD = 200
LEADS = 3  # a teaser or a note may stand before the dateline
LONGEST_LINE = 200


def origin_of(text: str, notes: tuple[str, ...], rules: Rules) -> str | None:
    """The first writer that a dropped line, a line of the text or its start names; else None."""
    starts = [paragraph[:LEAD] for paragraph in text.split("\n\n", LEADS)[:LEADS]]
    short_lines = (line for line in text.split("\n") if 0 < len(line) <= LONGEST_LINE)
    lines = [ADDRESS.sub("", line) if "://" in line else line for line in (*notes, *short_lines)]
    for rule, finders in _finders(rules.furniture):
        for place in starts if rule.where == "lead" else lines:
            for find in finders:
                match = find(place)
                who = _named(match["who"], rule.agency, rules) if match else None
                if who:
                    return who
    return None


@cache
def _finders(furniture: Furniture) -> list[tuple[OriginRule, list[Finder]]]:
    return [(rule, list(map(finder, rule.patterns))) for rule in furniture.origins]


def _named(who: str, agency: bool, rules: Rules) -> str | None:
    squeezed = " ".join(who.split()).strip(" .,:;")
    agencies = rules.furniture.agencies
    known = agencies.get(squeezed.lower()) or next((agencies[n.lower()] for n in _several(squeezed, rules)), None)
    return known or (None if agency else squeezed or None)


def _several(who: str, rules: Rules) -> list[str]:
    """The agencies among several writers: 'Reuters and Example News'."""
    return [name for name in split_names(who, rules) if name.lower() in rules.furniture.agencies]
