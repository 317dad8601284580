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
from tocsin.rules import Rules

HEAD = 8
LONGEST_TITLE = 220
LONGEST_HEADING = 14
COPYRIGHT_NAME = re.compile(
    r"(?:©|\(c\)|copyright)[\s©]*(?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)\d\d)?,?"
    r"\s+(?:by\s+)?([^.|,©]{3,60})",
    re.IGNORECASE,
)
TRADEMARKED = re.compile(r"^(.{3,60}?)\s*[™®]$")


def drafted(text: str, rules: Rules) -> Draft | str:
    """The article of a page saved as text, or why there is none."""
    lines = split(text)
    if len(lines) > MOST_LINES:
        return too_many(len(lines))
    title = _title(lines, rules)
    result = cleaned(lines, rules, title=title)
    published, basis = _take_date(result.lines, rules)
    authors, byline_date = take_byline(result.lines, rules)
    _drop_caption_on_top(result.lines)
    drop_foot(result.lines, LONGEST_HEADING)
    body = paragraphs(kept(result.lines), rules)
    return Draft(
        text=body.text,
        title=title,
        published=published or byline_date,
        published_basis=basis if published else ("byline" if byline_date else None),
        authors=authors,
        publisher=_publisher(lines, result),
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


def _take_date(lines: Sequence[Line], rules: Rules) -> tuple[str | None, str | None]:
    """The date line at the head of the page, or at its foot; it is no part of the article."""
    candidates = [*lines[:HEAD], *lines[-3:]]
    for line in candidates:
        if not line.dropped and is_dateline(line.text, rules):
            line.dropped = "date-line"
            return in_words(line.text, rules), "text"
    return None, None


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


def _publisher(lines: Sequence[Line], result: Cleaned) -> str | None:
    """The site's name: known by its repeated lines, or told by a trade mark or a copyright line."""
    if result.publisher:
        return result.publisher
    for line in lines[:HEAD]:
        marked = TRADEMARKED.match(line.text)
        if marked:
            return marked.group(1)
    for line in lines[-12:]:
        owner = COPYRIGHT_NAME.search(line.text)
        if owner and folded(owner.group(1)):
            return owner.group(1).strip()
    return None
