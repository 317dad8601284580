"""The date that a page shows beside its heading, for pages whose data state none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tocsin.extract.dates import in_words
from tocsin.rules import Rules

LENGTH = range(8, 46)  # characters of a dateline
MOST_WORDS = 4  # beside the numbers: a weekday, a month, 'Published on'
YEAR = re.compile(r"(?:19|20)\d\d")
WORD = re.compile(r"[^\W\d_]{3,}")
BESIDE = 50  # elements after the heading; what stands farther off is often another story's date
ABOVE = 3  # times as far counts what stands over the heading


def shown_date(tree: Any, rules: Rules) -> tuple[str | None, bool]:
    """The day ('YYYY-MM-DD') of the line nearest to the page's first heading that is a date and hardly
    anything else, and whether it stands right under that heading. Without a heading it is the first
    such line."""
    heading: int | None = None
    found: list[tuple[int, str]] = []
    body = tree.find(".//body")
    for place, element in enumerate(() if body is None else body.iter()):
        if heading is None and element.tag == "h1":
            heading = place
        found += [(place, day) for text in _lines(element) if (day := in_words(text, rules))]
    if not found:
        return None, False
    if heading is None:
        return found[0][1], False
    far, day = min((_far(place - heading), day) for place, day in found)
    return day, far <= BESIDE


def _lines(element: Any) -> Iterator[str]:
    """The texts of an element and after it that may be datelines."""
    for text in (element.text, element.tail):
        if text and YEAR.search(text):
            line = " ".join(text.split())
            if len(line) in LENGTH and len(WORD.findall(line)) <= MOST_WORDS:
                yield line


def _far(distance: int) -> int:
    return distance if distance >= 0 else -distance * ABOVE
