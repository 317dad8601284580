"""How a language writes a full date: the [furniture.dates] table of rules/languages/*.toml.

    forms = ['{day}\\.?\\s+{month}\\W{1,3}{year}']      regular expressions over lower case, with these three places

A language with a [calendar] has its months and weekdays there; others name them here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.rules.reading import Examples, Table

PLACES = {"day": r"\d{1,2}", "month": r"\d{1,2}", "year": r"(?:19|20)\d\d"}


@dataclass(frozen=True, eq=False, slots=True)
class Dates:
    """Months (lower case) by number, weekdays, and the forms of a date. Each of the examples that match is a line
    and its day: '25 mars 2019 -> 2019-03-25'."""

    months: Mapping[str, int]
    weekdays: frozenset[str]
    forms: tuple[str, ...]
    examples: Examples


def parse(table: Table) -> Dates:
    """The dates of one language; one cell a month or weekday, its forms parted by '|'."""
    found = Dates(
        months={name: n for n, cell in enumerate(table.texts("months", ()), 1) for name in cell.split("|")},
        weekdays=frozenset(name for cell in table.texts("weekdays", ()) for name in cell.split("|")),
        forms=table.texts("forms"),
        examples=table.examples(),
    )
    if len(set(found.months.values())) not in (0, 12):
        table.fault("months", f"expected 12 entries, found {len(set(found.months.values()))}")
    for form in found.forms:
        if not all(form.count(f"{{{place}}}") == 1 for place in PLACES):
            table.fault("forms", f"expected {{day}}, {{month}} and {{year}} once in each, found {form!r}")
        try:
            re.compile(filled(form, PLACES))
        except re.error as error:
            table.fault("forms", f"expected a regular expression, found {form!r}: {error}")
    table.done()
    return found


def filled(form: str, places: Mapping[str, str]) -> str:
    """A form with a pattern in each of its places."""
    for place, pattern in places.items():
        form = form.replace(f"{{{place}}}", pattern)
    return form
