"""When a page was published: its data, the line beside its heading, its address, each judged by the others."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tocsin.extract.dateline import shown_date
from tocsin.extract.dates import in_url, in_words, normal, on_day, opening_date, utc
from tocsin.rules import Rules

FARTHEST = "2099-12-31"  # htmldate's own bound is today: a page would then read otherwise tomorrow
EARLIEST = "1990-01-01"
LONGEST_DELAY = 7  # days from an address to what its page states
OPENINGS = 3  # paragraphs: a teaser or a byline may stand first
JUST_SAVED = 10  # minutes between the two times of a page whose data tell when it was last saved


@dataclass(frozen=True, slots=True)
class Stated:
    """The dates in a page's data as they stand: of JSON-LD, and of meta tags, the most telling first."""

    published: tuple[str | None, ...]
    modified: tuple[str | None, ...]
    tagged: tuple[str | None, ...]


def published_of(
    tree: Any, stated: Stated, url: str, seen: str | None, rules: Rules, searched: bool
) -> tuple[str | None, str | None]:
    """When the page was published, and on what basis. Its data go first, unless what it shows and what else it
    states are against them. An address that carries an earlier day was made on that day: what the data state
    then is when the page was moved. No page is of a day after it was `seen`. Unless `searched`, what the page shows
    is not looked at beside its data, and the engine is not asked: both take long."""
    told = list(_in_data(stated, rules))
    places = [place for place in told if _was_before(place[0], seen)]
    shown, beside = (None, False) if places and not searched else shown_date(tree, rules, seen)
    shown, dated = (date if date and _was_before(date, seen) else None for date in (shown, in_url(url)))
    if places:
        if dated and _days(dated, places[0][0]) > LONGEST_DELAY:
            return dated, "url"
        return _weighed(places, stated, shown if beside else None, dated)
    marked = _marked(tree)
    if marked and _was_before(marked, seen):
        return marked, "meta"
    if shown and beside:
        return shown, "byline"
    found = _searched(tree, seen) if searched and not told else None  # the engine would take a month from what is told
    if found:
        return found, "byline"
    return (dated, "url") if dated else (shown, "text" if shown else None)


def _was_before(date: str, seen: str | None) -> bool:
    """Whether a page that was `seen` then can be of this date: a day's difference may be one of time zones."""
    return seen is None or _days(seen, date) <= 1


def modified_of(stated: Stated) -> str | None:
    """When the page says that it was last changed."""
    return next((found for found in map(normal, stated.modified) if found), None)


def opening_day(text: str, rules: Rules) -> str | None:
    """The day with which one of the first paragraphs dates itself."""
    openings = (opening_date(paragraph, rules) for paragraph in text.split("\n\n", OPENINGS)[:OPENINGS])
    return next((day for day in openings if day), None)


def first_date(*found: tuple[str | None, str | None]) -> tuple[str | None, str | None]:
    """The first of these that has a date, with its basis."""
    return next((one for one in found if one[0]), (None, None))


def _in_data(stated: Stated, rules: Rules) -> Iterator[tuple[str, str]]:
    """The dates in the data with their basis, those of JSON-LD first."""
    for basis, texts in (("json-ld", stated.published), ("meta", stated.tagged)):
        for text in texts:
            date = (normal(text) or in_words(text, rules)) if text else None
            if date:
                yield date, basis


def _weighed(places: list[tuple[str, str]], stated: Stated, shown: str | None, dated: str | None) -> tuple[str, str]:
    """The first of the dates in the data, unless the page shows another day beside its heading: then the one
    that has this day. By one day alone they differ where tomorrow's paper is out in the evening; but a meta tag
    in UTC is then told in the writer's zone, for that day is the one that 'today' means in the text."""
    first, basis = places[0]
    near = [day[:10] for day in (shown, dated) if day and abs(_days(day, first)) <= 1]
    if near:
        utc_tag = basis == "meta" and first.endswith("Z")
        return (on_day(first, near[0]) if utc_tag and near[0] != first[:10] else first), basis
    if shown is None:
        return first, basis
    second = next((place for place in places if place[0][:10] == shown[:10]), None)
    if second:
        return second
    return (shown, "byline") if shown < first and _just_saved(first, modified_of(stated)) else (first, basis)


def _just_saved(published: str, modified: str | None) -> bool:
    """Whether a page's day of publication is only when it was last saved."""
    if modified is None or len(published) == 10 or len(modified) == 10:
        return False
    first, last = (datetime.datetime.fromisoformat(str(utc(one))) for one in (published, modified))
    return (last - first).total_seconds() <= JUST_SAVED * 60


def _marked(tree: Any) -> str | None:
    """The first date that the markup itself calls the day of publication (microdata)."""
    for element in tree.iterfind(".//*[@itemprop]"):
        if "datePublished" in element.get("itemprop"):
            found = normal(element.get("datetime") or element.get("content") or element.text_content())
            if found:
                return found
    return None


def _searched(tree: Any, seen: str | None) -> str | None:
    """The date that the engine finds in the markup of dates and bylines."""
    from htmldate import find_date

    try:
        found = find_date(
            tree,
            original_date=True,
            extensive_search=False,
            url=None,
            min_date=EARLIEST,
            max_date=(seen or FARTHEST)[:10],
        )
    except Exception:  # the library must never break a page
        return None
    return normal(found)


def _days(first: str, last: str) -> int:
    return (datetime.date.fromisoformat(last[:10]) - datetime.date.fromisoformat(first[:10])).days
