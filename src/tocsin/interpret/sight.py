"""What the network makes of each word of a sentence, seen beside all others (docs/decisions/0006-engine.md).
What is told, and who does it, is asked of this by model and roles.

    seen(net, sentences in codes) -> one Sight a sentence

Sentences are read together, which is quicker, but each as if alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from tocsin.interpret.clauses import Clauses
from tocsin.interpret.encoder import Encoder, encoder_of, read
from tocsin.interpret.events import Candidate
from tocsin.interpret.network import SEEN, TOP, Coding, Floats, Integers, Layer, coded, coding_of, layers
from tocsin.rules import Rules
from tocsin.rules.models import Weights

# The layers behind the encoder, and the greatest number that each is given.
LAYERS: Final = {"word": SEEN, "root": TOP, "sentence": SEEN, "token": SEEN, "act": SEEN, "path": TOP, "role": TOP}
ANSWERING: Final = {"answer": SEEN, "answers": TOP}
# Words on either side of one that is asked about.
NEAR: Final = (-2, -1, 0, 1, 2)
# Words further away than this are told alike.
REACH: Final = 24


@dataclass(frozen=True, eq=False)
class Network:
    """The arrays of a weights file, ready to multiply. `mix`, `firm`, `keep` and `add`, by root: see model; `away` and
    `rooted`, numbers of a distance and of a root: see roles."""

    coding: Coding
    encoder: Encoder
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
    pieces = arrays["vocabulary"].tobytes().decode("utf-8").split("\n")
    return Network(
        coding=coding_of(tuple(weights.about["roots"]), pieces, tuple(weights.about["sectors"])),
        encoder=encoder_of(weights),
        layers=layers(weights, LAYERS | ANSWERING),
        **{n: arrays[n].astype(np.float32) for n in ("mix", "firm", "keep", "add", "away", "rooted")},
    )


def sights(rules: Rules, language: str, listed: Sequence[tuple[Clauses, list[Candidate]]]) -> list[Sight | None]:
    """Sentences, each with the lexicon's candidates, as the network of a language sees them; None where there is no
    network, and where neither the lexicon nor its first layer sees anything told."""
    net = network(rules, language)
    if net is None:
        return [None] * len(listed)
    codes = [coded(net.coding, clauses, candidates) for clauses, candidates in listed]
    return seen(net, codes, [bool(candidates) for _, candidates in listed])


def seen(net: Network, sentences: Sequence[Integers], in_any_case: Sequence[bool]) -> list[Sight | None]:
    if not sentences:
        return []
    told = zip(sentences, read(net.encoder, sentences, in_any_case), strict=True)
    return [None if rows is None else Sight(codes, rows, rows.max(axis=0, initial=-SEEN)) for codes, rows in told]
