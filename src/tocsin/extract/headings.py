"""The headings that a page shows over its text, and what they are: a headline, the site's name, a step of a path.

Many sites give their `h1` to the last step of the path that leads to a page, written for search engines, and show
the headline in an `h2`. Others give it to their own name, as a link to their first page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Any
from urllib.parse import urlsplit

from tocsin.extract.marks import bears
from tocsin.extract.skim import Asked
from tocsin.rules import Rules

LENGTH = range(3, 301)
MOST = 20  # headings of a kind
LONG = 80  # letters of a paragraph with which the text has begun
STEPS = 4  # up from a heading, within which a path over the page is
AROUND = 120  # letters that a path has beside its last step
FIRST_PAGE = re.compile(r"\.?/?(index\.\w+|[a-z]{2}/?)?")
PATHS = frozenset(("nav", "li", "ol", "ul"))
BESIDE = frozenset(("aside", "footer", "nav", "li", "form", "a"))
WHOLES = frozenset(("article", "main", "body", "html"))
LEAST = 0.35  # of a heading's letters in what follows a part set apart …
FEWEST_WORDS = 3  # … and so many words
WORD = re.compile(r"\w{3,}")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it stands. `texts` are what it says: the whole, and without what its markup sets apart in
    front (a kicker, a date). `lower` is one below `h1`, `path` the last step of the path over the page."""

    texts: tuple[str, ...]
    lower: bool
    path: bool


def tidy(text: str) -> str:
    """A title as it is compared and shown: entities read (some pages write them twice), no soft
    hyphens, white space squeezed."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    return " ".join(text.replace("\u00ad", "").split())


def headings_of(elements: Iterable[Any], rules: Rules) -> list[Heading]:
    """Those of the page's `h1` (these are the `elements`) that may be its title. One that links to the first page of
    the site names the site, and is none."""
    is_path = bears(rules.furniture.markup.path_marks)
    return list(islice(_highest(elements, is_path), MOST))


def lower_headings_of(tree: Any, rules: Rules) -> list[Heading]:
    """The lower headings that may be the title: those outside of links, lists and margins that stand before the
    first long paragraph."""
    markup = rules.furniture.markup
    return list(islice(_lower(tree, bears((*markup.path_marks, *markup.elsewhere_marks))), MOST))


def _highest(elements: Iterable[Any], is_path: Asked) -> Iterator[Heading]:
    for element in elements:
        text = tidy(element.text_content())
        above = list(element.iterancestors())
        if len(text) in LENGTH and not _leads_home(element, text, above):
            yield Heading((text, *_without_front(element, text)), False, _is_path(element, text, above, is_path))


def _lower(tree: Any, is_elsewhere: Asked) -> Iterator[Heading]:
    for element in tree.iter("h2", "h3", "p"):
        content = element.text_content()
        above = list(element.iterancestors()) if element.tag != "p" or len(content) >= LONG else []
        if not above or any(one.tag in BESIDE for one in above):
            continue
        if element.tag == "p":
            return
        text = tidy(content)
        elsewhere = any(is_elsewhere(one.get("class") or "") for one in (element, *above[:STEPS]))
        if len(text) in LENGTH and not elsewhere and not _leads_home(element, text, above):
            yield Heading((text, *_without_front(element, text)), True, False)


def _is_path(element: Any, text: str, above: list[Any], is_path: Asked) -> bool:
    """Whether it is the last step of a path: in a list, named so, or after links of which the first leads home,
    with nothing else beside them."""
    near = above[:STEPS]
    if any(one.tag in PATHS or is_path(one.get("class") or "") for one in near) or is_path(element.get("class") or ""):
        return True
    for one in takewhile(lambda one: one.tag not in WHOLES, near):
        around = tidy(one.text_content())
        if len(around) > len(text) + AROUND:
            return False
        links = [link for link in one.iter("a") if link.get("href")]
        if len(links) > 1 and _is_first_page(links[0].get("href")):
            for known in (text, *(tidy(link.text_content()) for link in links)):
                around = around.replace(known, "", 1)
            if len(WORD.findall(around)) <= 1:
                return True
    return False


def _leads_home(element: Any, text: str, above: list[Any]) -> bool:
    """Whether a heading is a link to the first page of the site."""
    link = next(element.iter("a"), None)
    if link is not None and _is_first_page(link.get("href")) and tidy(link.text_content()) == text:
        return True
    return any(one.tag == "a" and _is_first_page(one.get("href")) for one in above[:STEPS])


def _is_first_page(address: str | None) -> bool:
    try:
        parts = urlsplit((address or "#").strip())
    except ValueError:
        return False
    here = not parts.netloc and not parts.path
    return not here and not parts.query and FIRST_PAGE.fullmatch(parts.path) is not None


def _without_front(element: Any, text: str) -> Iterator[str]:
    """What a heading says after what its markup sets apart, where that is most of it."""
    if not len(element):
        return
    pieces = {tidy(piece) for inner in element.iterdescendants() for piece in (inner.text_content(), inner.tail or "")}
    ends = [piece for piece in pieces if text.endswith(piece) and LEAST * len(text) < len(piece) < len(text)]
    yield from sorted((end for end in ends if len(end.split()) >= FEWEST_WORDS), key=len, reverse=True)
