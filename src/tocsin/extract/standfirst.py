"""The paragraph over an article that says what it is about: readers of main text tend to lose it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tocsin.extract.clean import folded

FEWEST_WORDS = 6
LONGEST = 1.6  # times the summary that the page states, which may be cut
BEGINS = 25  # characters
HOLDERS = ("p", "h2", "h3", "h4", "div", "span", "strong", "em", "b")


def standfirst_of(tree: Any, summaries: Sequence[str], text: str, marks: Mapping[str, str]) -> str | None:
    """The paragraph that a page shows and also states as its summary, where the `text` that was found
    does not have it; else None. What the markup calls a caption (`marks`) is none."""
    begins: list[tuple[Any, str]] | None = None
    known: str | None = None  # both are found where a summary asks for them, once
    for summary in summaries:
        words = folded(summary)
        if len(words.split()) < FEWEST_WORDS or summary[: 2 * BEGINS] in text:
            continue
        begins = _begins(tree) if begins is None else begins
        for element in (element for element, begin in begins if begin in summary):
            known = folded(text) if known is None else known
            shown = _shown(element, summary)
            if words[: 2 * BEGINS] in known:
                break
            if shown and folded(shown)[: 2 * BEGINS] not in known and not _in_picture(element, shown, marks):
                return shown
    return None


def _in_picture(element: Any, shown: str, marks: Mapping[str, str]) -> bool:
    above = (element, *element.iterancestors())
    return folded(shown) in marks or any(one.tag in ("figure", "figcaption") for one in above[:5])


def _begins(tree: Any) -> list[tuple[Any, str]]:
    """The elements that may hold a summary, with the first letters of each."""
    longer = ((one, text) for one in tree.iter(*HOLDERS) if (text := one.text) and len(text) >= BEGINS)
    begins = ((one, " ".join(text[: 8 * BEGINS].split())) for one, text in longer)
    return [(one, begin[: 2 * BEGINS]) for one, begin in begins if len(begin) >= BEGINS]


def _shown(element: Any, summary: str) -> str | None:
    """The text of an element that says what the summary says, with what stands before it on its line."""
    own = " ".join(element.text_content().split())
    if len(own) > LONGEST * len(summary):
        return None
    line = element.getparent()
    around = " ".join(line.text_content().split()) if line is not None else own
    return around if around.endswith(own) and len(around) <= len(own) + BEGINS else own
