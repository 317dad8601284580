"""Dates in a text.

`find` gives every mention of a time that has an interval of days; `durations` the others ("six
years", "recently"). What the words leave open is resolved against an `Anchor`, the range of days on
which the document can have been written: it is told only where every day of that range gives the
same answer. `tocsin.interpret.anchor` finds that range.
"""

from __future__ import annotations

import calendar as month_lengths
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Literal, NamedTuple

from tocsin.interpret.forms import DIGIT, Screen
from tocsin.records import When
from tocsin.rules.calendar import Calendar

Basis = Literal["text", "relative", "inferred"]
Interval = tuple[date, date]

# How far ahead a date without a year may lie: by itself, and after a word of the future.
DAYS_AHEAD, DAYS_COMING = 65, 200
# How many letters before a date a word of the future may stand.
FUTURE_REACH = 70


class Anchor(NamedTuple):
    """The days between which the document was written, both included; None is open.
    `basis`: 'given', 'seen', 'inferred', or None where nothing is known."""

    earliest: date | None
    latest: date | None
    basis: str | None


class Partial(NamedTuple):
    """What the words of one date say; None is left open.

    `step` counts `unit`s from the document's day, `back` those that end there; `lean` is -1, 0, 1 for
    last, this, next; `coming` marks what words of the future put ahead; `months` is how long it is.
    """

    text: str
    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    until: int | None = None
    months: int = 1
    weekday: int | None = None
    unit: str | None = None
    step: int | None = None
    lean: int | None = None
    coming: bool = False
    back: int | None = None
    years: tuple[int, int] | None = None
    interval: tuple[str, str] | None = None

    @property
    def complete(self) -> bool:
        """Whether the words alone say the interval."""
        return self.interval is not None or self.years is not None or self.year is not None


# ------------------------------------------------------------------ the grammar


def _any(words: Iterable[str]) -> str:
    """An alternation of words, longest first; a space in a word stands for any white space."""
    ordered = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in ordered) + ")" if ordered else "(?!)"


def _named(words: Mapping[str, int]) -> str:
    """Names of months or weekdays; a name that shortens a longer one may end in a point."""
    longest_forms = {n: max((w for w in words if words[w] == n), key=len) for n in words.values()}
    short = [w for w, n in words.items() if longest_forms[n] != w]
    return rf"(?:{_any(w for w in words if w not in short)}\b|{_any(short)}\b\.?)"


def _patterns(c: Calendar) -> dict[str, str]:
    """The patterns of all kinds of date by name, in no order: the longest match wins."""
    w = c.words
    day = rf"(?:0?[1-9]|[12]\d|3[01])(?:\s?{_any(w['day_suffixes'])}\b)?(?![\d%]|[.,:]\d)"
    year = r"(?:1[5-9]|20)\d\d(?![\d%]|[.,:]\d|-\w)"
    month, weekday = _named(c.months), _named(c.weekdays)
    of = rf"(?:\s+{_any(w['joiners'])})?" if w["joiners"] else ""
    the = rf"(?:{_any(w['articles'])}\s+)?"
    to = rf"\s?(?:-|–|—|\b{_any(w['to'])}\b)\s?"
    lean = rf"(?:(?P<last>{_any(w['last'])})|(?P<this>{_any(w['this'])})|(?P<next>{_any(w['next'])}))"
    before = rf"(?:(?:{lean}\s+)?(?P<weekday>{weekday})\s*,?\s+)?"
    number = rf"(?P<number>\d{{1,3}}|{_any(c.numbers)}|{_any(w['few'])})"
    unit = rf"(?P<unit>{_any(c.units)})\b"
    part = rf"(?:{_any(w['parts'])}[\s-]+)?"
    return {
        "iso": r"(?P<year>\d{4})-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?:T[\d:.]+Z?)?(?!\d)",
        "slashed": r"(?P<first>\d{1,2})[/.](?P<second>\d{1,2})[/.](?P<year>(?:19|20)\d\d|\d\d)(?![\d.])",
        "month day": rf"{before}(?P<month>{month})\s+(?P<day>{day})(?:{to}(?P<until>{day})(?!\s+{month}))?"
        rf"(?:,?\s+(?P<year>{year}))?",
        "day month": rf"{before}{the}(?P<day>{day})(?:{to}{the}(?P<until>{day}))?{of}\s+(?P<month>{month})"
        rf"(?:,?{of}\s+(?P<year>{year}))?",
        "day to month day": rf"{the}(?P<day>{day}){to}(?P<month>{month})\s+(?P<until>{day})(?:,?\s+(?P<year>{year}))?",
        "month year": rf"{part}(?P<month>{month}),?{of}\s+(?P<year>{year})",
        "month": rf"(?:{lean}\s+)?{part}(?P<month>{month})",
        "weekday": rf"(?:{lean}\s+)?(?P<weekday>{weekday})(?:\s+{_any(w['day_parts'])})?",
        "decade": rf"{the}{part}(?:{_any(w['decade_words'])}\s+)?(?P<decade>(?:1[5-9]|20)\d0)"
        rf"(?:{_any(w['decade_suffixes'])})",
        "years": rf"(?P<year>{year}){to}(?P<last_year>{year})",
        "year": rf"{part}(?P<year>{year})",
        "quarter": rf"{the}(?:(?P<before>{year})\s+)?(?:{_any(w['fiscal'])}[\s-])?"
        rf"(?P<ordinal>{_any(c.ordinals)})[\s-]{_any(w['quarter'])}"
        rf"(?:{of}\s+(?P<year>{year}))?",
        "season": rf"(?:{lean}\s+|{the})?{part}(?P<season>{_any(c.seasons)})(?:{of}\s+(?P<year>{year}))?",
        "phrase": rf"(?P<phrase>{_any(c.phrases)})",
        "period": rf"(?P<period>{_any(c.periods)})",
        "ago": rf"{number}\s+{unit}\s+{_any(w['ago'])}",
        "ago first": rf"{_any(w['ago_first'])}\s+{number}\s+{unit}",
        "lean unit": rf"{lean}\s+{unit}",
        "back": rf"{_any(w['spans'])}\s+(?:{number}\s+)?{unit}",
        "within": rf"{_any(w['within'])}\s+{number}\s+{unit}",
    }


# Of what kinds a text must hold words for a pattern to match in it.
_NEEDED: Mapping[str, frozenset[str]] = {
    name: frozenset(kinds.split())
    for names, kinds in (
        ("iso slashed decade years year", DIGIT),
        ("month_day day_month day_to_month_day month_year", f"{DIGIT} month"),
        ("ago ago_first lean_unit back within", "unit"),
        ("month", "month"),
        ("weekday", "weekday"),
        ("quarter", "ordinal"),
        ("season", "season"),
        ("phrase", "phrase"),
        ("period", "period"),
    )
    for name in (words.replace("_", " ") for words in names.split())
}


class _Grammar(NamedTuple):
    """`patterns` by name, each with the kinds of words that it needs, which `screen` finds."""

    patterns: tuple[tuple[str, re.Pattern[str], frozenset[str]], ...]
    durations: re.Pattern[str]
    screen: Screen
    future: re.Pattern[str]


@cache
def _grammar(c: Calendar) -> _Grammar:
    compiled = tuple(
        (name, re.compile(rf"(?<![\w$€£]){p}(?!\w)", re.I), _NEEDED[name]) for name, p in _patterns(c).items()
    )
    number = rf"(?:\d{{1,4}}(?:[.,]\d+)?|{_any(c.numbers)}|{_any(c.words['few'])})"
    unit = rf"{_any(c.units)}\b"
    durations = rf"(?<![\w$€£.,-])(?:{number}(?:[\s-]+|\s+{_any(c.words['few'])}\s+){unit}|{_any(c.vague)})(?!\w)"
    kinds = {"month": c.months, "weekday": c.weekdays, "unit": c.units, "season": c.seasons, "ordinal": c.ordinals}
    return _Grammar(
        compiled,
        re.compile(durations, re.I),
        Screen({**kinds, "phrase": c.phrases, "period": c.periods, "vague": c.vague}),
        re.compile(rf"\b{_any(c.words['future'])}\b", re.I),
    )


def partials(text: str, start: int, end: int, c: Calendar) -> list[Partial]:
    """The dates of text[start:end], longest first where they would overlap, in text order."""
    grammar = _grammar(c)
    kinds = grammar.screen.kinds(text[start:end])
    found: list[Partial] = []
    for name, pattern, needed in grammar.patterns:
        if not needed <= kinds:
            continue
        for match in pattern.finditer(text, start, end):
            read = _READ[name](match, c)
            if read is not None and _fits(name, match, text, c):
                found.append(_leaning(read, text, start, end, grammar))
    return longest(found)


def _leaning(p: Partial, text: str, start: int, end: int, grammar: _Grammar) -> Partial:
    """A bare weekday or month after or before a word of the future ('will … on Monday') is the next one."""
    if p.lean is not None or p.year is not None or (p.weekday is None and p.month is None) or p.day is not None:
        return p
    near = max(start, p.start - FUTURE_REACH), min(end, p.end + FUTURE_REACH // 2)
    return p._replace(coming=True) if grammar.future.search(text, *near) else p


def durations(text: str, start: int, end: int, c: Calendar) -> list[Partial]:
    """Mentions of time that have no place in the calendar: 'six years', 'recently'."""
    grammar = _grammar(c)
    if grammar.screen.kinds(text[start:end]).isdisjoint({"unit", "vague"}):
        return []
    return [Partial(m[0], m.start(), m.end()) for m in grammar.durations.finditer(text, start, end)]


def longest(found: list[Partial]) -> list[Partial]:
    """Mentions that do not overlap: the longest wins, then the first."""
    kept: list[Partial] = []
    for mention in sorted(found, key=lambda p: (p.start - p.end, p.start)):
        if all(mention.end <= k.start or k.end <= mention.start for k in kept):
            kept.append(mention)
    return sorted(kept, key=lambda p: p.start)


# ------------------------------------------------------------------ reading matches


def _fits(name: str, match: re.Match[str], text: str, c: Calendar) -> bool:
    """Whether the match is a date where words are doubtful ('may', 'sun', a bare number like 1999)."""
    if name == "year":
        return _is_year(match, text, c)
    for group in ("month", "weekday"):
        word = match[group] if group in match.re.groupindex else None
        if not word or not word[0].isalpha():
            continue
        if c.capitals and not word[0].isupper():
            return False
        doubtful = name in {"month", "weekday"} and word.lower().rstrip(".") in c.doubtful
        if doubtful and match.start() == match.start(group):
            return _cued(match, text, c)
    return True


def _cued(match: re.Match[str], text: str, c: Calendar) -> bool:
    before = text[max(0, match.start() - 14) : match.start()].lower().split()
    return bool(before) and before[-1] in c.words["month_cues"]


def _is_year(match: re.Match[str], text: str, c: Calendar) -> bool:
    """A bare year: after a cue word, or not counting anything ('2000 soldiers', 'No. 1991')."""
    before = text[max(0, match.start() - 14) : match.start()].lower().split()
    if before and before[-1].strip("(,") in c.words["year_cues"]:
        return True
    if before and (before[-1] in c.currencies or before[-1] in c.counted["models_before"]):
        return False
    after = text[match.end() : match.end() + 24].split()
    counts = bool(after) and after[0].isalpha() and after[0].islower() and after[0] not in c.counted["stops"]
    return 1900 <= int(match["year"]) <= 2060 and not counts


def _span(match: re.Match[str], **fields: object) -> Partial:
    return Partial(match[0], match.start(), match.end(), **fields)  # type: ignore[arg-type]


def _lean(match: re.Match[str]) -> int | None:
    if match["last"]:
        return -1
    if match["next"]:
        return 1
    return 0 if match["this"] else None


def _figure(word: str) -> int:
    return int(re.match(r"\d+", word)[0])  # type: ignore[index]


def _month(match: re.Match[str], c: Calendar) -> int:
    return c.months[match["month"].lower().rstrip(".")]


def _weekday(match: re.Match[str], c: Calendar) -> int | None:
    return c.weekdays[match["weekday"].lower().rstrip(".")] if match["weekday"] else None


def _iso(match: re.Match[str], c: Calendar) -> Partial | None:
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    return _span(match, year=year, month=month, day=day) if _is_day(year, month, day) else None


def _slashed(match: re.Match[str], c: Calendar) -> Partial | None:
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if year < 100:
        if "/" not in match[0]:
            return None
        year += 2000 if year < 70 else 1900
    month, day = (first, second) if c.month_first and "/" in match[0] else (second, first)
    if not 1 <= month <= 12:
        month, day = day, month
    return _span(match, year=year, month=month, day=day) if _is_day(year, month, day) else None


def _day(match: re.Match[str], c: Calendar) -> Partial | None:
    month, day = _month(match, c), _figure(match["day"])
    year = int(match["year"]) if match["year"] else None
    if not _is_day(year or 2000, month, day):
        return None
    groups = match.re.groupindex
    until = _figure(match["until"]) if "until" in groups and match["until"] else None
    lean = _lean(match) if "last" in groups else None
    weekday = _weekday(match, c) if "weekday" in groups else None
    if until and until <= day:
        until = None
    return _span(match, year=year, month=month, day=day, until=until, lean=lean, weekday=weekday)


def _month_alone(match: re.Match[str], c: Calendar) -> Partial:
    groups = match.re.groupindex
    year = int(match["year"]) if "year" in groups else None
    return _span(match, year=year, month=_month(match, c), lean=_lean(match) if "last" in groups else None)


def _weekday_alone(match: re.Match[str], c: Calendar) -> Partial:
    return _span(match, weekday=_weekday(match, c), lean=_lean(match))


def _decade(match: re.Match[str], c: Calendar) -> Partial:
    first = int(match["decade"])
    return _span(match, years=(first, first + 9))


def _years(match: re.Match[str], c: Calendar) -> Partial | None:
    first, last = int(match["year"]), int(match["last_year"])
    return _span(match, years=(first, last)) if first < last else None


def _quarter(match: re.Match[str], c: Calendar) -> Partial | None:
    quarter, year = c.ordinals[match["ordinal"].lower()], match["year"] or match["before"]
    if quarter > 4:
        return None
    return _span(match, year=int(year) if year else None, month=3 * quarter - 2, months=3)


def _season(match: re.Match[str], c: Calendar) -> Partial | None:
    """'last summer', 'the spring of 2014'; a bare 'spring' or 'fall' is mostly no season."""
    if match["year"] is None and _lean(match) is None:
        return None
    return _span(
        match,
        year=int(match["year"]) if match["year"] else None,
        month=c.seasons[match["season"].lower()],
        months=3,
        lean=_lean(match),
    )


def _year(match: re.Match[str], c: Calendar) -> Partial:
    return _span(match, year=int(match["year"]))


def _phrase(match: re.Match[str], c: Calendar) -> Partial:
    unit, step = c.phrases[_plain(match[0])]
    return _span(match, unit=unit, step=step)


def _period(match: re.Match[str], c: Calendar) -> Partial:
    return _span(match, interval=c.periods[_plain(match[0])])


def _counted(match: re.Match[str], c: Calendar) -> tuple[str, int] | None:
    word = match["number"]
    count = float(word) if word and word.isdigit() else c.numbers.get(_plain(word or ""), None if word else 1)
    unit = c.units[_plain(match["unit"])]
    return None if count is None else (unit, int(count))


def _ago(match: re.Match[str], c: Calendar) -> Partial | None:
    counted = _counted(match, c)
    return _span(match, unit=counted[0], step=-counted[1]) if counted else None


def _within(match: re.Match[str], c: Calendar) -> Partial | None:
    counted = _counted(match, c)
    return _span(match, unit=counted[0], step=counted[1]) if counted else None


def _back(match: re.Match[str], c: Calendar) -> Partial | None:
    counted = _counted(match, c)
    return _span(match, unit=counted[0], back=counted[1]) if counted else None


def _lean_unit(match: re.Match[str], c: Calendar) -> Partial:
    return _span(match, unit=c.units[_plain(match["unit"])], step=_lean(match))


_READ = {
    "iso": _iso,
    "slashed": _slashed,
    "month day": _day,
    "day month": _day,
    "day to month day": _day,
    "month year": _month_alone,
    "month": _month_alone,
    "weekday": _weekday_alone,
    "decade": _decade,
    "years": _years,
    "year": _year,
    "quarter": _quarter,
    "season": _season,
    "phrase": _phrase,
    "period": _period,
    "ago": _ago,
    "ago first": _ago,
    "lean unit": _lean_unit,
    "back": _back,
    "within": _within,
}


def _plain(words: str) -> str:
    return " ".join(words.lower().split())


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= month_lengths.monthrange(year, month)[1]


# ------------------------------------------------------------------ resolving


def resolve(partial: Partial, anchor: Anchor) -> When:
    """The interval that the words mean, where the anchor settles it; else start, end, basis None."""
    text, span = partial.text, (partial.start, partial.end)
    if partial.complete:
        first, last = interval_on(partial, date.max)
        return When(text, span, first.isoformat(), last.isoformat(), "text")
    if anchor.earliest is None or anchor.latest is None:
        return When(text, span, None, None, None)
    early, late = interval_on(partial, anchor.earliest), interval_on(partial, anchor.latest)
    if early != late or (partial.month and (anchor.latest - anchor.earliest).days > 366):
        return When(text, span, None, None, None)
    basis: Basis = "inferred" if anchor.basis == "inferred" else "relative"
    return When(text, span, early[0].isoformat(), early[1].isoformat(), basis)


def interval_on(p: Partial, today: date) -> Interval:
    """The first and last day that the words mean in a document written on the day `today`."""
    if p.interval is not None:
        return date.fromisoformat(p.interval[0]), date.fromisoformat(p.interval[1])
    if p.years is not None:
        return date(p.years[0], 1, 1), date(p.years[1], 12, 31)
    if p.month is not None:
        return _month_or_day(p, today)
    if p.year is not None:
        return date(p.year, 1, 1), date(p.year, 12, 31)
    if p.weekday is not None:
        return _on_weekday(p, today)
    if p.back is not None:
        return shifted(today, p.unit or "day", -p.back), today
    return _stepped(p.unit or "day", p.step or 0, today)


def _month_or_day(p: Partial, today: date) -> Interval:
    month = p.month or 1
    year = p.year if p.year is not None else _year_of(p, today)
    length = month_lengths.monthrange(year, month)[1]
    if p.day is None:
        return date(year, month, 1), shifted(date(year, month, 1), "month", p.months) - timedelta(days=1)
    first = date(year, month, min(p.day, length))
    return (first, date(year, month, min(p.until, length))) if p.until else (first, first)


def _year_of(p: Partial, today: date) -> int:
    """The year of a day or month told without it: the nearest, rather past than ahead."""
    month, day = p.month or 1, p.day or 1
    if p.lean == 0:
        return today.year
    ahead = {-1: 0, 1: 366}.get(p.lean or 0, DAYS_COMING if p.coming else DAYS_AHEAD)
    there = date(today.year, month, min(day, month_lengths.monthrange(today.year, month)[1]))
    away = (there - today).days
    if away > ahead:
        return today.year - 1
    whole_month = 31 if p.day is None else 0
    if -away > 365 - ahead or (p.lean == 1 and away + whole_month < 0):
        return today.year + 1
    return today.year


def _on_weekday(p: Partial, today: date) -> Interval:
    back = (today.weekday() - (p.weekday or 0)) % 7
    if p.lean == 1 or (p.coming and back):
        day = today + timedelta(days=7 - back)
    else:
        day = today - timedelta(days=back or (7 if p.lean == -1 else 0))
    return day, day


def _stepped(unit: str, step: int, today: date) -> Interval:
    """The whole day, week (from Monday), month … that lies `step` units from today's."""
    day = shifted(today, unit, step)
    if unit in {"day", "hour"}:
        return day, day
    if unit in {"week", "weekend"}:
        monday = day - timedelta(days=day.weekday())
        return (
            (monday, monday + timedelta(days=6))
            if unit == "week"
            else (monday + timedelta(days=5), monday + timedelta(days=6))
        )
    if unit == "quarter":
        first = 3 * ((day.month - 1) // 3) + 1
        return date(day.year, first, 1), date(day.year, first + 2, month_lengths.monthrange(day.year, first + 2)[1])
    if unit == "month":
        return day.replace(day=1), day.replace(day=month_lengths.monthrange(day.year, day.month)[1])
    years = {"decade": 10, "century": 100}.get(unit, 1)
    first_year = day.year - day.year % years
    return date(first_year, 1, 1), date(first_year + years - 1, 12, 31)


def shifted(day: date, unit: str, count: int) -> date:
    """The day that lies `count` units away; the end of a shorter month where the day does not exist."""
    if unit == "hour":
        return day
    if unit in {"day", "week", "weekend"}:
        return day + timedelta(days=count * (1 if unit == "day" else 7))
    months = count * {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[unit]
    index = day.year * 12 + day.month - 1 + months
    year, month = min(max(index // 12, 1), 9998), index % 12 + 1
    return date(year, month, min(day.day, month_lengths.monthrange(year, month)[1]))
