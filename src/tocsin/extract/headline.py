"""The title of a page: several places state it, and they seldom agree to the letter."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tocsin.extract.clean import folded

LENGTH = range(3, 301)
SEPARATORS = re.compile(r"\s+[|–—·•»:-]+\s+|\s*\|\s*")
KICKER = re.compile(r"\s*:\s+|\s+[|–—·•»-]+\s+")
FEWEST_WORDS_AFTER_KICKER = 4
NEAR = 0.7
# How far each place is trusted where they differ, and what a place that says nearly the same adds.
# Measured on pages of publishers that the measure of success does not hold.
META, HEADING, SOCIAL, WINDOW, NEARLY = 1.0, 1.5, 0.3, 0.3, 0.5


def title_of(tree: Any, linked: Sequence[str], meta: Mapping[str, str], publisher: str | None) -> str | None:
    """The title that the page gives its article, without the site's name and a kicker.

    `linked` are the headlines of its JSON-LD, which go before all else: they are the editors' own
    field. Otherwise the headings, the meta tags and the window's title vote.
    """
    headings = [h for h in (tidy(h.text_content()) for h in tree.iterfind(".//h1")) if len(h) in LENGTH]
    headings = [h for h in headings if folded(h) != folded(publisher or "")]
    social = meta.get("og:title")
    placed = [
        *([(META, social)] if social else ()),
        *((HEADING, heading) for heading in headings),
        (SOCIAL, meta.get("twitter:title")),
        (WINDOW, tree.findtext(".//title")),
    ]
    candidates = [(weight, _without_site(tidy(c), publisher, headings)) for weight, c in placed if c and c.strip()]
    if linked:
        found: str | None = _without_site(tidy(linked[0]), publisher, headings)
    else:
        found = _elected(candidates)
    if not found or not social:
        return found
    return _without_kicker(found, _without_site(tidy(social), publisher, headings))


def tidy(text: str) -> str:
    """A title as it is compared and shown: entities read (some pages write them twice), no soft
    hyphens, white space squeezed."""
    return " ".join(html.unescape(html.unescape(text)).replace("\u00ad", "").split())


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


def _without_kicker(title: str, social: str) -> str:
    """The title without the words before its colon or dash, where the page states the rest alone."""
    for mark in KICKER.finditer(title):
        rest = title[mark.end() :]
        if folded(rest) == folded(social) and len(rest.split()) >= FEWEST_WORDS_AFTER_KICKER:
            return rest
    return title


def _without_site(title: str, publisher: str | None, headings: Iterable[str]) -> str:
    """The title without the site's name at its end: 'Big news - Example Daily'. What stands at the
    end is the site where the page calls itself so, or where a heading has the rest alone."""
    if publisher and title.endswith(publisher) and not title[-len(publisher) - 1 : -len(publisher)].isalnum():
        title = title[: -len(publisher)].rstrip(" |–—·•»:：-ㅣ") or title
    parts = list(SEPARATORS.finditer(title))
    if not parts:
        return title
    last = parts[-1]
    head, tail = title[: last.start()].strip(), folded(title[last.end() :])
    site = folded(publisher or "")
    is_site = bool(site and tail) and (tail in site or site in tail)
    alone = any(folded(head) == folded(heading) for heading in headings)
    barred = "|" in last.group() and len(tail.split()) <= 4 and len(tail) < len(head)
    return head if head and (is_site or alone or barred) else title
