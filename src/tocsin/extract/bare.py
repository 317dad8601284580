"""A page saved as plain text: title, date, byline and publisher are found among its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from tocsin.extract.byline import take_byline
from tocsin.extract.clean import MOST_LINES, Cleaned, Line, cleaned, drop_foot, folded, kept, split, too_many
from tocsin.extract.dates import in_words, is_dateline
from tocsin.extract.draft import Draft
from tocsin.extract.paragraphs import paragraphs
from tocsin.extract.published import first_date, opening_day
from tocsin.rules import Rules

HEAD = 8
LONGEST_TITLE = 220
LONGEST_HEADING = 14
TRADEMARKED = re.compile(r"^(.{3,60}?)\s*[™®]$")


def drafted(text: str, rules: Rules) -> Draft | str:
    """The article of a page saved as text, or why there is none."""
    lines = split(text)
    if len(lines) > MOST_LINES:
        return too_many(len(lines))
    title = _title(lines, rules)
    result = cleaned(lines, rules, title=title)
    dated = _take_date(result.lines, rules)
    authors, byline_date = take_byline(result.lines, rules)
    _drop_caption_on_top(result.lines)
    drop_foot(result.lines, LONGEST_HEADING)
    body = paragraphs(kept(result.lines), rules)
    opening = opening_day(body.text, rules)
    published, basis = first_date((dated, "text"), (byline_date, "byline"), (opening, "text"))
    return Draft(
        text=body.text,
        title=title,
        published=published,
        published_basis=basis,
        authors=authors,
        publisher=_publisher(lines, result, rules),
        repairs=body.repairs,
        notes=tuple(result.notes),
        dropped=result.dropped,
    )


def _title(lines: Sequence[Line], rules: Rules) -> str | None:
    """The first line of the head that reads as a headline: no furniture, no date, no paragraph."""
    head = cleaned(lines, rules, title=None).lines[:HEAD]
    for n, line in enumerate(head):
        if line.dropped or is_dateline(line.text, rules) or len(line.text) > LONGEST_TITLE:
            if not line.dropped and len(line.text) > LONGEST_TITLE:
                return None
            continue
        follows = lines[n + 1 :]
        if line.words >= 3 and not line.text.endswith((".", ",", ";")) and _longest(follows) > len(line.text):
            return line.text
    return None


def _longest(lines: Sequence[Line]) -> int:
    return max((len(line.text) for line in lines), default=0)


def _take_date(lines: Sequence[Line], rules: Rules) -> str | None:
    """The date line at the head of the page, or at its foot; it is no part of the article."""
    candidates = [*lines[:HEAD], *lines[-3:]]
    for line in candidates:
        if not line.dropped and is_dateline(line.text, rules):
            line.dropped = "date-line"
            return in_words(line.text, rules)
    return None


def _drop_caption_on_top(lines: Sequence[Line]) -> None:
    """Where paragraphs are set apart by blank lines, a short sentence stuck on the first of them is
    the caption of the picture above it."""
    article = kept(lines)
    blank = sum(line.gap for line in article[1:])
    if blank < 0.7 * (len(article) - 1) or len(article) < 4:
        return
    for above, line in pairwise(lines):
        if above.dropped:
            continue
        stuck = not line.gap and not line.dropped
        if stuck and above.closed and above.words <= 18 and len(line.text) >= 1.5 * len(above.text):
            above.dropped = "caption-on-top"
        if above.words > 18 or above.dropped:
            return


def _publisher(lines: Sequence[Line], result: Cleaned, rules: Rules) -> str | None:
    """The site's name: known by its repeated lines, or told by a trade mark or a copyright line."""
    if result.publisher:
        return result.publisher
    for line in lines[:HEAD]:
        marked = TRADEMARKED.match(line.text)
        if marked:
            return marked.group(1)
    for line in lines[-12:]:
        owners = (pattern.search(line.text) for rule in rules.furniture.owners for pattern in rule.patterns)
        named = next((owner["who"].strip() for owner in owners if owner and folded(owner["who"])), None)
        if named:
            return named
    return None
