"""How an act is told, as a trained network sees it: which words name who acts, who is acted upon and who tells it,
whose they are, how real it is and when.

    told(rules, language, clauses, codes, place, root) -> Roles

The network reads the sentence as the event model does, and of every word also how far from the act it
stands. Its answers decide nothing: they are traits among others (parties, nationality, degrees).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final
from zlib import crc32

import numpy as np

from tocsin.interpret.network import (
    FEATURES,
    Floats,
    Integers,
    Layer,
    applied,
    layers,
    rounded,
    seen,
    summed,
    tables,
    whole,
)
from tocsin.rules import Rules
from tocsin.rules.models import Weights

ROLES: Final = ("source", "target", "attribution")
# Whose a party is: nobody named, the United States, no state, another state, unknown.
OWNERS: Final = ("nobody", "USA", "XXX", "other", "unknown")
QUESTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "modality": ("actual", "intended", "possible", "negated", "demanded"),
    "stance": ("asserted", "denied", "unverified"),
    "time": ("current", "past", "future"),
    "source": OWNERS,
    "target": OWNERS,
    "attribution": OWNERS,
}
# Words further away than this from the act are told alike.
REACH: Final = 24
STEPS: Final = 6


@dataclass(frozen=True, eq=False)
class Network:
    """`tables` are the event model's words, then the numbers of a distance and of a root; `known` the events' roots."""

    tables: tuple[Floats, ...]
    layers: dict[str, Layer]
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Roles:
    """`odds[role][place]`, log-odds that a word names who has the role; `answers`, for each of QUESTIONS, what each
    answer lacks to the likeliest, in log-odds."""

    odds: dict[str, list[float]]
    answers: dict[str, Floats]


@cache
def network(rules: Rules, language: str) -> Network | None:
    """The network of a language, or None where none is trained. ValueError where it was trained beside another
    event model than the one at hand."""
    weights, events = rules.models.get(f"roles-{language}"), rules.models.get(f"events-{language}")
    return None if weights is None or events is None else _ready(weights, events)


def _ready(weights: Weights, events: Weights) -> Network:
    if weights.about["words"] != fingerprint(events):
        raise ValueError(f"{weights.name} was trained beside another {events.name}: train it again")
    shared = tables(events, ("word",))
    own = tables(weights, (*FEATURES[1:], "away", "root"))
    known = tuple(events.about["roots"])
    return Network((*shared, *own), layers(weights, ("near", "far", "word", "role", "answer", "answers")), known)


def fingerprint(events: Weights) -> int:
    """What tells one event model's words from another's."""
    return crc32(events.arrays["table.word"].tobytes(), crc32(events.arrays["vocabulary"].tobytes()))


def told(rules: Rules, language: str, codes: Integers | None, place: int, root: str) -> Roles | None:
    """What the network makes of the act at a word of a sentence; None where none is trained, or beyond its reach.
    `codes` are the sentence as `model.read` gives it."""
    net = network(rules, language)
    if net is None or codes is None or place >= len(codes):
        return None
    return scored(net, codes, place, net.known.index(root))


def step(odds: float) -> str:
    """Log-odds, or what an answer lacks to the likeliest, in whole steps up to six either way: the value of a trait."""
    return str(round(max(-STEPS, min(STEPS, odds))))


def scored(net: Network, codes: Integers, place: int, root: int) -> Roles:
    rows = np.concatenate([table[codes[:, n]] for n, table in enumerate(net.tables[: len(FEATURES)])], axis=1)
    away = np.clip(np.arange(len(codes)) - place, -REACH, REACH) + REACH
    rooted = np.broadcast_to(net.tables[-1][root], (len(codes), net.tables[-1].shape[1]))
    rows = np.concatenate([rows, net.tables[-2][away], rooted], axis=1)
    both = seen(net.layers, rows)
    about = np.concatenate([both[place], both.max(axis=0)])[None]
    words = applied(net.layers["role"], _hidden(net.layers["word"], both, about))
    flat = applied(net.layers["answers"], whole(net.layers["answer"], about))[0]
    ends = np.cumsum([len(answers) for answers in QUESTIONS.values()])
    parts = np.split(flat, ends[:-1])
    answers = {name: _chances(part) for name, part in zip(QUESTIONS, parts, strict=True)}
    return Roles(dict(zip(ROLES, words.T.tolist(), strict=True)), answers)


def _hidden(layer: Layer, rows: Floats, about: Floats) -> Floats:
    """The layer's outputs for each word beside what is the same for all of them, in whole numbers."""
    width = rows.shape[1]
    sums = summed(layer.weights[:width], rows) + summed(layer.weights[width:], about)
    return rounded(sums * layer.scale + layer.offset)


def _chances(scores: Floats) -> Floats:
    """Scores less the greatest of them: what an answer lacks to the likeliest."""
    return np.asarray(scores - scores.max(), np.float32)
