"""The title of a page: several places state it, and they seldom agree to the letter."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from tocsin.extract.clean import folded

LENGTH = range(3, 301)
SEPARATORS = re.compile(r"\s+[|–—·•»:-]+\s+|\s*\|\s*")
KICKER = re.compile(r"\s*:\s+|\s+[|–—·•»-]+\s+")
EDGES = " |–—·•»:：-ㅣ"
FEWEST_WORDS_AFTER_KICKER = 4
MOST_WORDS_OF_SECTION = 3
MOST_WORDS_OF_SITE = 4
NEAR = 0.7
# How far each place is trusted where they differ, and what a place that says nearly the same adds.
# Measured on pages of publishers that the measure of success does not hold.
META, HEADING, SOCIAL, WINDOW, NEARLY = 1.0, 1.5, 0.3, 0.3, 0.5


def title_of(
    tree: Any, linked: Sequence[str], meta: Mapping[str, str], publisher: str | None, host: str = ""
) -> str | None:
    """The title that the page gives its article, without the site's name and a kicker.

    `linked` are the headlines of its JSON-LD, which go before all else: they are the editors' own
    field. Only where heading and window repeat it, as what one field fills does, and the title for
    sharing was written apart, that one goes before. Without JSON-LD the headings, the meta tags and
    the window's title vote. `host` is that of the page's address, '' if unknown.
    """
    window = tidy(tree.findtext(".//title") or "")
    headings = [h for h in (tidy(h.text_content()) for h in tree.iterfind(".//h1")) if len(h) in LENGTH]
    headings = [h for h in headings if not _names_site(h, publisher, host, window)]
    placed = [
        (META, meta.get("og:title")),
        *((HEADING, heading) for heading in headings),
        (SOCIAL, meta.get("twitter:title")),
        (WINDOW, window),
    ]
    candidates = [(weight, _without_site(tidy(c), publisher, headings)) for weight, c in placed if c and c.strip()]
    others = [text for _, text in candidates]
    social = others[0] if meta.get("og:title") else ""
    if not linked:
        found = _elected(candidates)
    else:
        found = _without_site(tidy(linked[0]), publisher, headings)
        if social and _one_field(found, headings[:1], others[-1] if window else ""):
            found = social
    return _without_kicker(found, social, others) if found else found


def first_heading(tree: Any) -> Sequence[str]:
    """The text of the page's first heading, if it has one."""
    return [tidy(heading.text_content()) for heading in islice(tree.iterfind(".//h1"), 1)]


def tidy(text: str) -> str:
    """A title as it is compared and shown: entities read (some pages write them twice), no soft
    hyphens, white space squeezed."""
    return " ".join(html.unescape(html.unescape(text)).replace("\u00ad", "").split())


def _names_site(heading: str, publisher: str | None, host: str, window: str) -> bool:
    """Whether a heading names the site or a section: so the page calls itself, so its address does,
    or it is one of the last parts of the window's title."""
    words = folded(heading)
    squeezed = words.replace(" ", "")
    if words == folded(publisher or "") or (len(squeezed) > 3 and squeezed in re.sub(r"[\W_]", "", host)):
        return True
    parts = [folded(part) for part in SEPARATORS.split(window)]
    return len(words.split()) <= MOST_WORDS_OF_SECTION and words in parts[1:]


def _one_field(linked: str, headings: Sequence[str], window: str) -> bool:
    """Whether the heading and the window's title are the JSON-LD's headline again."""
    return bool(headings and window) and all(folded(other) == folded(linked) for other in (*headings, window))


def _elected(candidates: Sequence[tuple[float, str]]) -> str | None:
    """The candidate with the most weight behind it; of equals the first."""
    votes: dict[str, float] = {}
    for weight, text in dict.fromkeys(candidates):
        votes[folded(text)] = votes.get(folded(text), 0.0) + weight
    best, most = None, 0.0
    for _, text in candidates:
        own = folded(text)
        support = votes[own] + NEARLY * sum(folded(o) != own and _near(o, own) for _, o in candidates)
        if support > most:
            best, most = text, support
    return best


def _near(a: str, b: str) -> bool:
    x, y = set(folded(a).split()), set(folded(b).split())
    return bool(x and y) and 2 * len(x & y) / (len(x) + len(y)) >= NEAR


def _without_kicker(title: str, social: str, others: Sequence[str]) -> str:
    """The title without the words before its colon or dash, where the title for sharing is the rest
    alone, or another place sets other words before the same rest; and without what markup alone sets
    apart ('Budget talksMinister resigns over leak'), where another place has the rest."""
    marks = list(KICKER.finditer(title))
    for mark in marks:
        rest = title[mark.end() :]
        if len(rest.split()) < FEWEST_WORDS_AFTER_KICKER:
            return title
        if folded(rest) == folded(social) or any(_differs_before(title, rest, other) for other in others):
            return rest
    enough = (other for other in others if len(other.split()) >= FEWEST_WORDS_AFTER_KICKER and not marks)
    return next((other for other in enough if folded(title).endswith(" " + folded(other))), title)


def _differs_before(title: str, rest: str, other: str) -> bool:
    """Whether another place has the rest after quite other words."""
    before = set(folded(title).split()) - set(folded(rest).split())
    for mark in KICKER.finditer(other):
        if folded(other[mark.end() :]) == folded(rest):
            return before.isdisjoint(folded(other[: mark.start()]).split())
    return False


def _without_site(title: str, publisher: str | None, headings: Iterable[str]) -> str:
    """The title without the site's name at its end: 'Big news - Example Daily'. What stands at the
    end is the site where the page calls itself so, or where a heading has the rest alone."""
    if publisher and title.endswith(publisher):
        rest = title[: -len(publisher)]
        if rest.rstrip() != rest.rstrip(EDGES):
            title = rest.rstrip(EDGES) or title
    parts = list(SEPARATORS.finditer(title))
    if not parts:
        return title
    last = parts[-1]
    head, tail = title[: last.start()].strip(), folded(title[last.end() :])
    site = folded(publisher or "")
    is_site = bool(site and tail) and (tail in site or site in tail)
    alone = any(folded(head) == folded(heading) for heading in headings)
    barred = "|" in last.group() and len(tail.split()) <= MOST_WORDS_OF_SITE and len(tail) < len(head)
    return head if head and (is_site or alone or barred) else title
