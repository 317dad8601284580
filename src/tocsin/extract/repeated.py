"""Lines that repeat on one site, found among what was read: the proposal for rules/repeated.tsv.

Reading a page stays a function of the page and the rules: what an archive teaches becomes a rule only when
somebody has looked at it and adopted it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from tocsin.records import Document

FEWEST_FAMILIES = 4  # unrelated texts that hold the line; copies of one text count once
LEAST_SHARE = 0.02  # of the site's texts
FEWEST_WORDS, MOST_WORDS = 2, 30
EDGE = 4  # lines from the head or the foot within which furniture stands
MOST_INSIDE = 0.25  # of its places that may lie elsewhere


def repeated_lines(read: Iterable[tuple[Document, str]], known: Mapping[str, str]) -> dict[str, str]:
    """The lines (as first written) that repeat at the head or the foot of one source's texts and of no
    other's -> the source. `read` are documents with their families; `known` (lower case) are left out."""
    families: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    inside: dict[str, int] = defaultdict(int)
    places: dict[str, int] = defaultdict(int)
    written: dict[str, str] = {}
    texts: dict[str, set[str]] = defaultdict(set)
    for document, family in read:
        source = document.source or ""
        texts[source].add(family)
        lines = [line for line in document.text.split("\n") if line.strip()]
        for n, line in enumerate(lines):
            words = " ".join(line.split())
            low = words.lower()
            if low in known or not FEWEST_WORDS <= len(words.split()) <= MOST_WORDS:
                continue
            written.setdefault(low, words)
            families[low][source].add(family)
            places[low] += 1
            inside[low] += EDGE <= n < len(lines) - EDGE
    found: dict[str, str] = {}
    for low, holders in families.items():
        source, held = next(iter(holders.items()))
        enough = max(FEWEST_FAMILIES, LEAST_SHARE * len(texts[source]))
        if len(holders) == 1 and source and len(held) >= enough and inside[low] <= MOST_INSIDE * places[low]:
            found[written[low]] = source
    return found
