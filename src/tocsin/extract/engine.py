"""The article as the engine (trafilatura) sees it.

What the engine takes grows with the page, and most of a page is no article. So it is asked about the innermost
element that holds nearly all the long texts, in its quick way; about the whole page, with everything it can try,
only where what it gives is little beside what our own search found.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from lxml.etree import SubElement

from tocsin.extract.skim import long_texts, totals, widest
from tocsin.extract.tree import PARSER
from tocsin.rules import Rules

NEARLY_ALL = 0.97  # of the page's long texts
LEAST = 0.7  # of the letters that our search finds, below which the engine has missed the article
FEWEST = 250  # letters; the engine itself doubts shorter articles


def engine_text(tree: Any, rules: Rules) -> str:
    """The main text of a page, a line a block; '' where the engine sees none."""
    held = long_texts(tree, rules)
    if held:
        total = totals(held)
        text = _asked(_page_of(_part(tree, total)), quickly=True)
        if len(text) >= max(FEWEST, LEAST * total[widest(held, total)]):
            return text
    return _asked(tree, quickly=False)


def _part(tree: Any, total: Mapping[Any, int]) -> Any:
    """The innermost element that holds nearly all the long texts."""
    part = tree.find(".//body")
    inner: Any = part
    while inner is not None:
        part = inner
        inner = next((one for one in part if total.get(one, 0) >= NEARLY_ALL * total[part]), None)
    return part


def _page_of(part: Any) -> Any:
    """A page of this part alone. It stands in an `article`, where the engine looks first, unless it is one or
    holds those among which the engine is to choose."""
    page = PARSER.makeelement("html")
    around = SubElement(page, "body")
    if part.tag != "article" and part.find(".//article") is None:
        around = SubElement(around, "article")
    inner = copy(part)
    inner.tail = None
    if inner.tag == "body":
        inner.tag = "div"
    around.append(inner)
    return page


def _asked(tree: Any, quickly: bool) -> str:
    from trafilatura import bare_extraction  # loads longer than it takes to read a text

    try:
        found = bare_extraction(tree, include_comments=False, with_metadata=False, fast=quickly)
    except Exception:  # the library must never break a page
        return ""
    return str(getattr(found, "text", None) or "")
