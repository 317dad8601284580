"""Dates, numbers, units and abbreviations of a language: the [calendar] table of rules/languages/*.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tocsin.rules.reading import Examples, Fault, Table, toml

if TYPE_CHECKING:
    from tocsin.rules import Rules

FOLDER = "languages/"
DEFAULT = "en"


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Calendar:
    """The words of time and number in one language. All words are in lower case.

    `months` and `weekdays` give 1..12 and 0..6 (Monday is 0); `phrases` a unit and an offset from
    the document's day; `seasons` the month they
    begin in; `periods` an interval of days; `rough` the lowest and highest count that a
    rough number word stands for. `doubtful` words are dates only with a capital and a cue.
    """

    language: str
    abbreviations: frozenset[str]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    doubtful: frozenset[str]
    words: Mapping[str, tuple[str, ...]]
    capitals: bool
    month_first: bool
    units: Mapping[str, str]
    ordinals: Mapping[str, int]
    seasons: Mapping[str, int]
    phrases: Mapping[str, tuple[str, int]]
    periods: Mapping[str, tuple[str, str]]
    vague: tuple[str, ...]
    numbers: Mapping[str, float]
    scales: Mapping[str, float]
    rough: Mapping[str, tuple[float, float]]
    amounts: Mapping[str, tuple[str, ...]]
    currencies: Mapping[str, str]
    measures: Mapping[str, str]
    counted: Mapping[str, frozenset[str]]
    singular: Mapping[str, str]
    plural_endings: Mapping[str, str]
    examples: Examples


WORDS = (
    "day_suffixes",
    "joiners",
    "articles",
    "to",
    "parts",
    "month_cues",
    "year_cues",
    "last",
    "this",
    "next",
    "ago",
    "within",
    "spans",
    "day_parts",
    "few",
    "decade_words",
    "decade_suffixes",
    "ago_first",
    "not_past",
    "future",
    "fiscal",
    "quarter",
)
AMOUNTS = ("approx", "least", "most", "to", "between", "each", "of", "percent")
COUNTED = ("articles", "people", "never", "modifiers", "stops", "models_before")


def parse(files: Mapping[str, bytes], faults: list[Fault]) -> dict[str, Calendar]:
    """Calendars by two-letter language, from every languages/*.toml that has a [calendar] table."""
    calendars: dict[str, Calendar] = {}
    for path in sorted(files):
        if path.startswith(FOLDER) and path.endswith(".toml"):
            root = toml(path, files[path], faults)
            if root.has("calendar"):
                language = path.removeprefix(FOLDER).removesuffix(".toml")
                calendars[language] = _calendar(language, root.table("calendar"))
    return calendars


def calendar_of(rules: Rules, language: str | None) -> Calendar:
    """The calendar of a document's language (a tag such as 'es-VE'); English where there is none."""
    known = rules.calendars.get((language or DEFAULT).split("-")[0].lower())
    return known or rules.calendars[DEFAULT]


def _calendar(language: str, table: Table) -> Calendar:
    amounts, counted = table.table("amounts"), table.table("counted")
    vague = table.table("vague")
    calendar = Calendar(
        language=language,
        abbreviations=frozenset(table.texts("abbreviations")),
        months=_ranked(table, "months", 12, 1),
        weekdays=_ranked(table, "weekdays", 7, 0),
        doubtful=frozenset(table.texts("doubtful", ())),
        words={name: table.texts(name, ()) for name in WORDS},
        capitals=table.flag("capitals"),
        month_first=table.flag("month_first"),
        units=_inverted(table.mapping("units")),
        ordinals={word: int(n) for word, n in _figures(table, "ordinals").items()},
        seasons={word: int(month) for word, month in _figures(table, "seasons").items()},
        phrases={words: _offset(table, words, value) for words, value in table.text_mapping("phrases").items()},
        periods={words: _interval(table, words, value) for words, value in table.text_mapping("periods").items()},
        vague=vague.texts("words", ()),
        numbers=_figures(table, "numbers"),
        scales=_figures(table, "scales"),
        rough={words: _bounds(table, words, value) for words, value in table.text_mapping("rough").items()},
        amounts={name: amounts.texts(name, ()) for name in AMOUNTS},
        currencies=_inverted(table.mapping("currencies")),
        measures=_inverted(table.mapping("measures")),
        counted={name: frozenset(counted.texts(name, ())) for name in COUNTED},
        singular=table.text_mapping("singular"),
        plural_endings=table.text_mapping("plural_endings"),
        examples=table.examples(),
    )
    for part in (amounts, counted, vague, table):
        part.done()
    return calendar


def _ranked(table: Table, field: str, wanted: int, first: int) -> dict[str, int]:
    """Words of months or weekdays to their number; one cell a month, its forms parted by '|'."""
    cells = table.texts(field)
    if len(cells) != wanted:
        table.fault(field, f"expected {wanted} entries, found {len(cells)}")
    return {form: n for n, cell in enumerate(cells, first) for form in cell.split("|")}


def _inverted(forms: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {form: unit for unit, words in forms.items() for form in words}


def _figures(table: Table, field: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for word, value in table.text_mapping(field).items():
        try:
            found[word] = float(value)
        except ValueError:
            table.fault(f"{field}.{word}", f"expected a number, found {value!r}")
    return found


def _offset(table: Table, words: str, value: str) -> tuple[str, int]:
    unit, _, count = value.partition(" ")
    try:
        return unit, int(count)
    except ValueError:
        table.fault(f"phrases.{words}", f"expected a unit and a whole number, found {value!r}")
        return unit, 0


def _interval(table: Table, words: str, value: str) -> tuple[str, str]:
    start, _, end = value.partition("/")
    if len(start) != 10 or len(end) != 10:
        table.fault(f"periods.{words}", f"expected 'YYYY-MM-DD/YYYY-MM-DD', found {value!r}")
    return start, end


def _bounds(table: Table, words: str, value: str) -> tuple[float, float]:
    low, _, high = value.partition(" ")
    try:
        return float(low), float(high)
    except ValueError:
        table.fault(f"rough.{words}", f"expected two numbers, found {value!r}")
        return 0.0, 0.0
