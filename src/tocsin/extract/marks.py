"""What a page's markup says about its lines: a line that is one link, a caption, a credit.

The engine gives lines without their markup. Here the texts of all links and captions are kept by
their words, so that a line of the engine can be asked what it was.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from tocsin.extract.clean import folded
from tocsin.rules import Rules

FEWEST_WORDS = 3
MOST_LENGTH = 600
CAPTIONS = ("figcaption", "div", "span", "p", "small", "cite", "figure")
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def marks_of(tree: Any, rules: Rules) -> dict[str, str]:
    """The words of each link and caption of a page -> 'link' or 'caption'."""
    found: dict[str, str] = {}
    for link in tree.iter("a"):
        if link.get("href") and not _alone_in_prose(link):
            words = _words(link)
            if len(words.split()) >= FEWEST_WORDS and not words.startswith(("http", "www")):
                found[words] = "link"
    is_caption = bears(rules.furniture.markup.caption_marks)
    for element in tree.iter(*CAPTIONS):
        words = _words(element) if element.tag == "figcaption" or is_caption(element.get("class") or "") else ""
        if words:
            found[words] = "caption"
    return found


@cache
def bears(marks: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether a name of the markup contains one of these parts: asked once of each name, for pages of one site
    share theirs."""

    @lru_cache(maxsize=1 << 16)
    def has_one(name: str) -> bool:
        return any(mark in name for mark in marks)

    return has_one


def _alone_in_prose(link: Any) -> bool:
    """Whether the link leads inside the page, or stands in a heading beside other words."""
    if (link.get("href") or "").startswith("#"):
        return True
    parent = link.getparent()
    return parent is not None and parent.tag in HEADINGS and len(parent) > 1


def _words(element: Any) -> str:
    """The folded words of an element; '' for one that is too long to be a link or a caption."""
    pieces: list[str] = []
    length = 0
    for text in element.itertext():
        length += len(text)
        if length > MOST_LENGTH:
            return ""
        pieces.append(text)
    return folded("".join(pieces))
