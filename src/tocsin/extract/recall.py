"""Paragraphs that the engine passed over, though they stand where others stand that it took."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tocsin.extract.clean import Line, folded

FEWEST_WORDS = 15  # of a paragraph that may come back
FEWEST_TAKEN = 3  # paragraphs that show a place to be the article
FEWEST_MISSED = 3
LINKED = 0.3  # share of a paragraph's letters that lie in links
Place = tuple[tuple[str, str | None], ...]


def with_missed(lines: list[Line], tree: Any) -> list[Line]:
    """The lines with the paragraphs that stand in the same kind of place as those taken: an article
    cut into blocks, of which the engine took the largest."""
    taken = {folded(line.text): n for n, line in enumerate(lines)}
    found = [(p, folded(p.text_content())) for p in tree.iter("p")]
    places = Counter(_place(p) for p, words in found if words in taken)
    missed: dict[int, list[str]] = {}
    at, seen = -1, set(taken)
    for p, words in found:
        if words in taken:
            at = taken[words]
        elif at >= 0 and words not in seen and places[_place(p)] >= FEWEST_TAKEN and _is_prose(p, words):
            seen.add(words)
            missed.setdefault(at, []).append(" ".join(p.text_content().split()))
    if sum(map(len, missed.values())) < FEWEST_MISSED:
        return lines
    return [new for n, line in enumerate(lines) for new in (line, *(Line(text, True) for text in missed.get(n, ())))]


def _place(paragraph: Any) -> Place:
    """Tag and class of the elements around a paragraph, up to three."""
    above = [one for _, one in zip(range(3), paragraph.iterancestors(), strict=False)]
    return tuple((str(one.tag), one.get("class")) for one in above)


def _is_prose(paragraph: Any, words: str) -> bool:
    linked = sum(len(a.text_content()) for a in paragraph.iter("a"))
    return len(words.split()) >= FEWEST_WORDS and linked <= LINKED * len(words)
