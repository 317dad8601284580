"""What a page's markup says about its lines: a line that is one link, a caption, a credit.

The engine gives lines without their markup. Here the texts of all links and captions are kept by
their words, so that a line of the engine can be asked what it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from lxml.etree import XPath

from tocsin.extract.clean import folded
from tocsin.rules import Rules

FEWEST_WORDS = 3
MOST_LENGTH = 600
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def marks_of(tree: Any, rules: Rules) -> dict[str, str]:
    """The words of each link and caption of a page -> 'link' or 'caption'."""
    found: dict[str, str] = {}
    for link in tree.iter("a"):
        if link.get("href") and not _alone_in_prose(link):
            words = _words(link)
            if len(words.split()) >= FEWEST_WORDS and not words.startswith(("http", "www")):
                found[words] = "link"
    captioned: Any = _captioned(rules)(tree)
    for element in captioned:
        words = _words(element)
        if words:
            found[words] = "caption"
    return found


def one_of(attribute: str, parts: Iterable[str]) -> str:
    """The XPath condition that an attribute contains one of these parts."""
    return " or ".join(f"contains(@{attribute}, '{part}')" for part in parts) or "false()"


@cache
def _captioned(rules: Rules) -> XPath:
    classed = one_of("class", rules.furniture.markup.caption_marks)
    kinds = " or ".join(f"self::{tag}" for tag in ("div", "span", "p", "small", "cite", "figure"))
    return XPath(f"//figcaption | //*[@class and ({classed}) and ({kinds})]")


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
