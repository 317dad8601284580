"""Dates that a page states in words or digits; the month names come from the language rules."""

from __future__ import annotations

import datetime
import re
from functools import cache

from tocsin.rules import Rules

ISO = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?\s?(Z|[+-]\d\d:?\d\d)?)?")
SLASHED_ISO = re.compile(r"\b((?:19|20)\d\d)/(\d\d?)/(\d\d?)\b")
URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-](0?[1-9]|1[0-2])[/_-](0?[1-9]|[12]\d|3[01])(?!\d)")
COMPACT_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
DOTTED = re.compile(r"(?<![\d.])(\d\d?)\.\s?(\d\d?)\.\s?((?:19|20)\d\d)(?!\d)")  # the day stands first
EARLIEST = 1970
LATEST = 2100


def in_words(text: str, rules: Rules) -> str | None:
    """The first full date (day, month, year) in this text as 'YYYY-MM-DD', else None."""
    iso = normal(text)
    if iso:
        return iso[:10]
    slashed = SLASHED_ISO.search(text)
    if slashed:
        return _date(*slashed.groups())
    dotted = DOTTED.search(text)
    if dotted and (found := _date(*reversed(dotted.groups()))):
        return found
    pattern, months = _worded(rules)
    for match in pattern.finditer(text.lower()):
        month = months[match["m1"] or match["m2"]]
        found = _date(match["y1"] or match["y2"], str(month), match["d1"] or match["d2"])
        if found:
            return found
    return None


def is_dateline(text: str, rules: Rules) -> bool:
    """Whether a line holds a date and hardly anything else: a weekday, a time, 'Published:'."""
    if len(text) > 70 or in_words(text, rules) is None:
        return False
    weekdays, months = _weekdays(rules), _worded(rules)[1]
    words = re.findall(r"[^\W\d_]+", text.lower())
    other = [w for w in words if w not in weekdays and w not in months and len(w) > 2]
    return len(other) <= 2


def normal(text: str | None) -> str | None:
    """An ISO date or date-time as the contract writes it: 'YYYY-MM-DD', with time and offset where
    both are given; None if this is no valid date of our times."""
    match = ISO.search(text or "")
    if not match:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    date = _date(year, month, day)
    if date is None or hour is None or zone is None or int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
        return date
    offset = zone if zone == "Z" or ":" in zone else f"{zone[:3]}:{zone[3:]}"
    return f"{date}T{hour}:{minute}:{second or '00'}{'Z' if offset == '+00:00' else offset}"


def utc(text: str | None) -> str | None:
    """A date or date-time as a time in UTC ('…Z'); a bare date means its first second."""
    found = normal(text)
    if found is None:
        return None
    if len(found) == 10:
        return found + "T00:00:00Z"
    try:
        moment = datetime.datetime.fromisoformat(found.replace("Z", "+00:00")).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return found[:10] + "T00:00:00Z"
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def in_url(url: str) -> str | None:
    """The day that an address carries ('/2019/03/24/'), else None."""
    match = URL_DATE.search(url) or COMPACT_URL_DATE.search(url)
    return _date(*match.groups()) if match else None


def _date(year: str, month: str, day: str) -> str | None:
    try:
        found = datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found.isoformat() if EARLIEST <= found.year < LATEST else None


@cache
def _worded(rules: Rules) -> tuple[re.Pattern[str], dict[str, int]]:
    """'24 March 2019', 'March 24th, 2019', '24 de marzo de 2019', '24. März 2019'."""
    months = {name: number for calendar in rules.calendars.values() for name, number in calendar.months.items()}
    names = "|".join(sorted(map(re.escape, months), key=len, reverse=True)) or "(?!)"
    pattern = (
        rf"(?<!\w)(?:(?P<m1>{names})\.?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\W{{1,3}}(?P<y1>(?:19|20)\d\d)"
        rf"|(?P<d2>\d{{1,2}})(?:\.|st|nd|rd|th|º)?\s+(?:de\s+|of\s+)?(?P<m2>{names})\W{{1,3}}(?:de\s+|del\s+)?(?P<y2>(?:19|20)\d\d))(?!\d)"
    )
    return re.compile(pattern), months


@cache
def _weekdays(rules: Rules) -> frozenset[str]:
    return frozenset(name for calendar in rules.calendars.values() for name in calendar.weekdays)
