"""The date that a page shows beside its heading, for pages whose data state none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any

from lxml.etree import XPath

from tocsin.extract.dates import in_words, normal
from tocsin.rules import Rules

LENGTH = range(8, 46)  # characters of a dateline
MOST_WORDS = 4  # beside the numbers: a weekday, a month, 'Published on'
YEARS = XPath(".//text()[contains(., '19') or contains(., '20')]")
YEAR = re.compile(r"(?:19|20)\d\d")
WORD = re.compile(r"[^\W\d_]{3,}")
BESIDE = 150  # elements after the heading; what stands farther off is often another story's date
WORDS_OF_TITLE = 3  # a heading of fewer may be the site's name or a menu's
ABOVE = 3  # times as far counts what stands over the heading


def shown_date(tree: Any, rules: Rules, seen: str | None = None) -> tuple[str | None, bool]:
    """The day ('YYYY-MM-DD', with its time where the markup has it) of the line nearest to a heading (h1) of some
    words that is a date and hardly anything else, and whether it stands right under that heading. Without a
    heading it is the first such line. What stands over the element that holds the article, or over the heading and
    is the day on which the page was `seen`, is the site's clock."""
    body = tree.find(".//body")
    dates = [] if body is None else list(_dates(body, rules))
    if not dates:
        return None, False
    places = {element: n for n, element in enumerate(body.iter())}
    found = sorted(((places[element], day) for element, day in dates), key=itemgetter(0))
    headings = [
        (len(one.text_content().split()) < WORDS_OF_TITLE, places[one], _begin(one, places)) for one in body.iter("h1")
    ]
    if not headings:
        return found[0][1], False
    titles = [(at, begin) for brief, at, begin in headings if brief == min(headings)[0]]
    today = (seen or "")[:10]
    beside = [
        (_far(place - at), day)
        for place, day in found
        for at, begin in titles
        if place >= at or (place >= begin and day[:10] != today)
    ]
    far, day = min(beside, default=(0, None))
    return day, far <= BESIDE


def _begin(heading: Any, places: Mapping[Any, int]) -> int:
    """Where the element begins that markup says holds the article with this heading; 0 where none does."""
    return next((places[one] for one in heading.iterancestors("article", "main")), 0)


def _dates(body: Any, rules: Rules) -> Iterator[tuple[Any, str]]:
    """The elements whose markup has a day, and those that show one in themselves or right after them."""
    exact = {one: day for one in body.iter("time") if (day := normal(one.get("datetime")))}
    yield from ((one, day) for one, day in exact.items() if not _is_change(one))
    texts: Any = YEARS(body)
    for text in texts:
        element = text.getparent()
        day = in_words(line, rules) if element not in exact and (line := _line(text)) else None
        if day:
            yield element, day


def _is_change(element: Any) -> bool:
    """Whether a time is that of the last change (microdata, hAtom)."""
    names = (element.get("class") or "").split()
    return element.get("itemprop") == "dateModified" or ("updated" in names and "published" not in names)


def _line(text: str) -> str:
    """A text that may be a dateline, in one line; '' for any other."""
    line = " ".join(text.split())
    return line if len(line) in LENGTH and YEAR.search(line) and len(WORD.findall(line)) <= MOST_WORDS else ""


def _far(distance: int) -> int:
    return distance if distance >= 0 else -distance * ABOVE
