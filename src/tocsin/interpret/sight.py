"""What the network makes of each word of a sentence: two layers see its neighbours (docs/decisions/0006-engine.md).
What is told, and who does it, is asked of this by model and roles.

    seen(net, sentences in codes) -> one Sight a sentence

Sentences are read together, which is quicker; what stands between them is nothing, so that each is read as if alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from tocsin.interpret.clauses import Clauses
from tocsin.interpret.events import Candidate
from tocsin.interpret.network import (
    FEATURES,
    Coding,
    Floats,
    Integers,
    Layer,
    coded,
    coding_of,
    layers,
    neighbours,
    whole,
)
from tocsin.rules import Rules
from tocsin.rules.models import Array, Weights

LAYERS: Final = ("near", "far")
TELLING: Final = ("word", "root", "sentence")
ACTING: Final = ("token", "act", "path", "role", "answer", "answers")
# Words on either side that the two layers see.
NEAR: Final = (-2, -1, 0, 1, 2)
FAR: Final = (-6, -3, 0, 3, 6)
GAP: Final = max(FAR)
# Words further away than this are told alike.
REACH: Final = 24


@dataclass(frozen=True, eq=False)
class Network:
    """The arrays of a weights file, ready to multiply: `tables` give a word's numbers by feature. `mix`, `firm`, `keep`
    and `add`, by root: see model; `away` and `rooted`, numbers of a distance and of a root: see roles."""

    coding: Coding
    tables: tuple[Array, ...]
    layers: dict[str, Layer]
    mix: Floats
    firm: Floats
    keep: Floats
    add: Floats
    away: Floats
    rooted: Floats


@dataclass(frozen=True, eq=False, slots=True)
class Sight:
    """A sentence as the network sees it: its words' codes, what the layers make of each word side by side
    (words x units, whole numbers), and the greatest of each unit."""

    codes: Integers
    words: Floats
    top: Floats


@cache
def network(rules: Rules, language: str) -> Network | None:
    """The network of a language, or None where none is trained."""
    weights = rules.models.get(f"events-{language}")
    return None if weights is None else ready(weights)


def ready(weights: Weights) -> Network:
    arrays = weights.arrays
    words = arrays["vocabulary"].tobytes().decode("utf-8").split("\n")
    return Network(
        coding=coding_of(tuple(weights.about["roots"]), words, tuple(weights.about["sectors"])),
        tables=tuple(arrays[f"table.{name}"] for name in FEATURES),
        layers=layers(weights, (*LAYERS, *TELLING, *ACTING)),
        **{n: arrays[n].astype(np.float32) for n in ("mix", "firm", "keep", "add", "away", "rooted")},
    )


def sights(rules: Rules, language: str, listed: Sequence[tuple[Clauses, list[Candidate]]]) -> list[Sight | None]:
    """Sentences, each with the lexicon's candidates, as the network of a language sees them; None where there is no
    network."""
    net = network(rules, language)
    if net is None:
        return [None] * len(listed)
    return list(seen(net, [coded(net.coding, clauses, candidates) for clauses, candidates in listed]))


def seen(net: Network, sentences: Sequence[Integers]) -> list[Sight]:
    if not sentences:
        return []
    starts = np.cumsum([GAP, *(len(codes) + GAP for codes in sentences)])
    codes = np.zeros((starts[-1], len(FEATURES)), np.int32)
    here = np.zeros((starts[-1], 1), np.float32)
    for start, sentence in zip(starts, sentences, strict=False):
        codes[start : start + len(sentence)], here[start : start + len(sentence)] = sentence, 1
    rows = np.concatenate([table[codes[:, n]] for n, table in enumerate(net.tables)], axis=1) * here
    near = whole(net.layers["near"], neighbours(rows, NEAR)) * here
    far = whole(net.layers["far"], neighbours(near, FAR))
    both = np.concatenate([near, far], axis=1)
    parts = [both[start : start + len(sentence)] for start, sentence in zip(starts, sentences, strict=False)]
    return [Sight(codes, part, part.max(axis=0, initial=0)) for codes, part in zip(sentences, parts, strict=True)]
