"""Dates that a page states in words or digits; the forms and names come from the language rules."""

from __future__ import annotations

import datetime
import re
from functools import cache

from tocsin.rules import Rules
from tocsin.rules.dates import PLACES, filled

ISO = re.compile(
    r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?\s?(Z|[+-]\d\d:?\d\d)?)?"
)
YEAR_FIRST = re.compile(r"\b(?P<y>(?:19|20)\d\d)(?P<s>[/.])\s?(?P<m>\d\d?)(?P=s)\s?(?P<d>\d\d?)\b")
URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-](0?[1-9]|1[0-2])[/_-](0?[1-9]|[12]\d|3[01])(?!\d)")
COMPACT_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
DOTTED = re.compile(r"(?<![\d.])(?P<d>\d\d?)\.\s?(?P<m>\d\d?)\.\s?(?P<y>(?:19|20)\d\d)(?!\d)")  # the day stands first
OPENING = 80  # characters within which a paragraph's own date stands
STOP = re.compile(r"[.!?;]\s")
DASH = re.compile(r"[)\s]*[-–—:|/]")
FARTHEST_ZONE = 14  # hours from UTC
EARLIEST = datetime.date(1970, 1, 1)  # itself no date but the zero of clocks: what a program writes that knows none
LATEST = datetime.date(2100, 1, 1)


def in_words(text: str, rules: Rules) -> str | None:
    """The first full date (day, month, year) in this text as 'YYYY-MM-DD', else None."""
    found = place_of_date(text, rules)
    return found[0] if found else None


def place_of_date(text: str, rules: Rules) -> tuple[str, int, int] | None:
    """The first full date in this text as 'YYYY-MM-DD', with where it stands. Figures in a form that leaves no
    doubt (year first, or with dots) go before words."""
    if "19" not in text and "20" not in text:  # with which every year begins
        return None
    written, months = _written(rules)
    for pattern in (ISO, YEAR_FIRST, DOTTED, written):
        for match in pattern.finditer(text):
            part = {name[0]: value.lower() for name, value in match.groupdict().items() if value}
            day = _date(part["y"], str(months.get(part["m"], part["m"])), part["d"])
            if day:
                return day, *match.span()
    return None


def opening_date(text: str, rules: Rules) -> str | None:
    """The date that a paragraph opens with, after a place at most, as an agency or a ministry dates its own:
    'GENEVA, March 25, 2019 /Wire/ -- ', '25.3.2019 – '."""
    found = place_of_date(text[:OPENING], rules)
    if found is None:
        return None
    before, after = text[: found[1]], text[found[2] : OPENING + 10]
    names = all(word[:1].isupper() or len(word) <= 3 for word in re.findall(r"[^\W\d_]+", before))
    apart = not before.strip() or re.search(r"[,(]|[^\W\d_a-z]{3}", before)
    return found[0] if names and apart and not STOP.search(before) and DASH.match(after) else None


def on_day(moment: str, day: str) -> str:
    """The same moment, told in the nearest zone where it falls on this day: a moment in UTC of which the page
    shows the day that it was in the writer's town. As it came, where no zone has it on that day."""
    start = datetime.datetime.fromisoformat(moment.replace("Z", "+00:00"))
    step = 1 if day > moment[:10] else -1
    for hours in range(1, FARTHEST_ZONE + 1):
        local = start.astimezone(datetime.timezone(datetime.timedelta(hours=step * hours)))
        if local.date().isoformat() == day:
            return local.isoformat()
    return moment


def is_dateline(text: str, rules: Rules) -> bool:
    """Whether a line holds a date and hardly anything else: a weekday, a time, 'Published:'."""
    if len(text) > 70 or in_words(text, rules) is None:
        return False
    weekdays, months = _weekdays(rules), _written(rules)[1]
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
    return found.isoformat() if EARLIEST < found < LATEST else None


@cache
def _written(rules: Rules) -> tuple[re.Pattern[str], dict[str, int]]:
    """One pattern for all forms of all languages ('24 March 2019', '24 de marzo de 2019', '24. März 2019'), its
    groups named y, m and d with a number; and all months."""
    all_months: dict[str, int] = {}
    forms: list[str] = []
    for wording in rules.furniture.wordings:
        calendar = rules.calendars.get(wording.code)
        own = {**(calendar.months if calendar else {}), **(wording.dates.months if wording.dates else {})}
        all_months |= own
        month = "|".join(sorted(map(re.escape, own), key=len, reverse=True)) or r"\d{1,2}"
        for form in wording.dates.forms if wording.dates else ():
            places = {"day": PLACES["day"], "month": month, "year": PLACES["year"]}
            forms.append(filled(form, {name: f"(?P<{name[0]}{len(forms)}>{part})" for name, part in places.items()}))
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms) or '(?!)'})(?!\d)", re.IGNORECASE), all_months


@cache
def _weekdays(rules: Rules) -> frozenset[str]:
    listed = (wording.dates.weekdays for wording in rules.furniture.wordings if wording.dates)
    return frozenset().union(*listed, *(calendar.weekdays for calendar in rules.calendars.values()))
