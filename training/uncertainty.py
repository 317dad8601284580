"""How sure the shipped event model is of sentences that nobody has labelled."""

from __future__ import annotations

import random
import re
from typing import Any

import numpy as np
from labels import TYPES
from numpy.typing import NDArray
from sentences import LANGUAGE, document, odds

from tocsin.bundle import load
from tocsin.interpret import model, network, sight
from tocsin.interpret.clauses import classified
from tocsin.interpret.events import candidates
from tocsin.interpret.reading import actors_in, open_document

# A sentence to label has so many words; of an article at most so many are taken.
WORDS = range(8, 61)
OF_ONE = 2
# Of an article, so many characters from the beginning of some paragraph on are read.
WINDOW = 1000
Scores = NDArray[np.float32]


def scored(
    articles: list[dict[str, Any]], seed: int, done: set[tuple[str, tuple[int, int]]]
) -> list[tuple[dict[str, Any], Scores, Scores]]:
    """(sentence to label, log-odds of the types, thresholds) in the order of labels.TYPES."""
    rules, dice = load(), random.Random(seed)
    net = sight.network(rules, LANGUAGE)
    assert net is not None
    order = [net.coding.roots.index(kind) for kind in TYPES]
    found = []
    for article in articles:
        first = dice.choice([0, *(m.end() for m in re.finditer(r"\n\n", article["text"][:-WINDOW]))])
        window = article["text"][first : first + WINDOW].rpartition("\n\n")[0]
        opened = open_document(document({"id": article["id"], "text": window, "date": article["published"]}), rules)
        if opened is None:
            continue
        reading, sentences = opened
        free = [s for s in sentences if not s.title and len(s.tokens) in WORDS]
        for sentence in dice.sample(free, min(OF_ONE, len(free))):
            span = (first + sentence.start, first + sentence.end)
            if (article["id"], span) in done:
                continue
            clauses = classified(sentence, actors_in(reading, sentence), reading.lexicon, reading.adjectives)
            told = candidates(clauses, reading.lexicon.grammar)
            places = model.places(clauses, told)
            if places:
                scores = odds(net, network.coded(net.coding, clauses, told), places)
                found.append((_row(article, *span), scores[order], net.add[order]))
    return found


def _row(article: dict[str, Any], start: int, end: int) -> dict[str, Any]:
    text = article["text"]
    row = {"article": article["id"], "start": start, "end": end, "date": article["published"]}
    row |= {"source": article["source"], "title": article["title"], "text": text[start:end]}
    return row | {"before": text[max(0, start - 300) : start], "events": []}
