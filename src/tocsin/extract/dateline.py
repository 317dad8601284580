"""The date that a page shows beside its heading, for pages whose data state none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tocsin.extract.dates import in_words, normal
from tocsin.rules import Rules

LENGTH = range(8, 46)  # characters of a dateline
MOST_WORDS = 4  # beside the numbers: a weekday, a month, 'Published on'
YEAR = re.compile(r"(?:19|20)\d\d")
WORD = re.compile(r"[^\W\d_]{3,}")
BESIDE = 150  # elements after the heading; what stands farther off is often another story's date
WORDS_OF_TITLE = 3  # a heading of fewer may be the site's name or a menu's
ABOVE = 3  # times as far counts what stands over the heading


def shown_date(tree: Any, rules: Rules) -> tuple[str | None, bool]:
    """The day ('YYYY-MM-DD', with its time where the markup has it) of the line nearest to a heading (h1) of some
    words that is a date and hardly anything else, and whether it stands right under that heading. Without a
    heading it is the first such line."""
    headings: list[tuple[bool, int]] = []
    found: list[tuple[int, str]] = []
    body = tree.find(".//body")
    for place, element in enumerate(() if body is None else body.iter()):
        if element.tag == "h1":
            headings.append((len(element.text_content().split()) < WORDS_OF_TITLE, place))
        exact = normal(element.get("datetime")) if element.tag == "time" else None
        if exact and not _is_change(element):
            found.append((place, exact))
        elif not exact:
            found += [(place, day) for text in _lines(element) if (day := in_words(text, rules))]
    if not found:
        return None, False
    if not headings:
        return found[0][1], False
    short = min(headings)[0]
    far, day = min((_far(place - at), day) for place, day in found for brief, at in headings if brief == short)
    return day, far <= BESIDE


def _is_change(element: Any) -> bool:
    """Whether a time is that of the last change (microdata, hAtom)."""
    names = (element.get("class") or "").split()
    return element.get("itemprop") == "dateModified" or ("updated" in names and "published" not in names)


def _lines(element: Any) -> Iterator[str]:
    """The texts of an element and after it that may be datelines."""
    for text in (element.text, element.tail):
        if text and YEAR.search(text):
            line = " ".join(text.split())
            if len(line) in LENGTH and len(WORD.findall(line)) <= MOST_WORDS:
                yield line


def _far(distance: int) -> int:
    return distance if distance >= 0 else -distance * ABOVE
