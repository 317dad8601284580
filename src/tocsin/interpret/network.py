"""Sentences as numbers, and the sums of the small networks that read them.

    coded(coding, clauses, candidates) -> rows of numbers; neighbours, applied, whole -> layers

All products are of whole numbers below 2^24, which float32 holds exactly, so that every machine gives
the same scores (docs/decisions/0006-engine.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tocsin.interpret.clauses import Clauses
from tocsin.interpret.events import Candidate
from tocsin.interpret.pieces import MOST, cut
from tocsin.rules.models import Weights

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]

# What a word has beside its pieces: the first columns of `coded`.
FEATURES: Final = ("class", "actor", "act", "quoted")
CLASSES: Final = 'VXTNADPSRCOGH,."(w'
OTHER_SECTOR: Final = "?"
LONGEST: Final = 160
# The greatest whole number of a weight and of what a layer of answers gives; of what the encoder gives.
TOP: Final = 127
SEEN: Final = 255
# float32 holds every whole number up to here, so that sums below it are the same in any order.
EXACT: Final = 1 << 24


@dataclass(frozen=True, eq=False)
class Coding:
    """What turns words into numbers, and the roots in the order of the network's answers."""

    roots: tuple[str, ...]
    vocabulary: dict[str, int]
    sectors: dict[str, int]


class Layer(NamedTuple):
    """Weights (whole numbers, inputs x outputs), and a scale and an offset for each output."""

    weights: Floats
    scale: Floats
    offset: Floats


def layers(weights: Weights, largest: Mapping[str, int]) -> dict[str, Layer]:
    """The layers of a weights file by name, each with the greatest number of its input. ValueError where a sum could
    become greater than EXACT."""
    found = {n: Layer(*(weights.arrays[f"{n}.{part}"].astype(np.float32) for part in Layer._fields)) for n in largest}
    for name, layer in found.items():
        if float(np.abs(layer.weights).sum(axis=0).max()) * largest[name] >= EXACT:
            raise ValueError(f"{weights.name}: sums of layer {name} may not be exact: train it with smaller weights")
    return found


def coding_of(roots: tuple[str, ...], pieces: list[str], sectors: tuple[str, ...]) -> Coding:
    """The coding of pieces in their order; the first number of `sectors` means no actor, the second any other."""
    return Coding(
        roots,
        {piece: number for number, piece in enumerate(pieces)},
        {sector: number for number, sector in enumerate(sectors)},
    )


def coded(coding: Coding, clauses: Clauses, candidates: list[Candidate]) -> Integers:
    """The words of a sentence as numbers: one row a word, one column for each of FEATURES and of its pieces."""
    acts = [0] * len(clauses.words)
    for candidate in candidates:
        number = 1 + coding.roots.index(candidate.act.type)
        acts[candidate.first : candidate.last] = [number] * (candidate.last - candidate.first)
    quotes = clauses.sentence.quotes
    actors = [_actor_code(coding, clauses, number) for number in range(len(clauses.actors))]
    rows = [
        (
            CLASSES.find(clauses.classes[place]) + 1,
            actors[actor] if actor >= 0 else 0,
            acts[place],
            int(any(start <= token.start < end for start, end in quotes)),
            *_pieces(coding, token.text),
        )
        for place, (token, actor) in enumerate(zip(clauses.tokens[:LONGEST], clauses.actor_at, strict=False))
    ]
    return np.array(rows, dtype=np.int32).reshape(-1, len(FEATURES) + MOST)


@lru_cache(maxsize=1 << 16)
def _pieces(coding: Coding, word: str) -> tuple[int, ...]:
    found = cut(coding.vocabulary, word)
    return (*found, *[0] * (MOST - len(found)))


def _actor_code(coding: Coding, clauses: Clauses, number: int) -> int:
    actor = clauses.actors[number]
    code = coding.sectors.get(actor.sector or OTHER_SECTOR, coding.sectors[OTHER_SECTOR])
    return code + (len(coding.sectors) if actor.country else 0)


def neighbours(rows: Floats, offsets: tuple[int, ...]) -> Floats:
    """Each word's row beside those of its neighbours, nothing beyond the sentence."""
    reach = max(offsets)
    padded = np.zeros((len(rows) + 2 * reach, rows.shape[1]), rows.dtype)
    padded[reach : reach + len(rows)] = rows
    return np.concatenate([padded[reach + o : reach + o + len(rows)] for o in offsets], axis=1)


def applied(layer: Layer, rows: Floats) -> Floats:
    return (rows @ layer.weights) * layer.scale + layer.offset


def whole(layer: Layer, rows: Floats) -> Floats:
    """A layer's output as whole numbers from 0 to TOP."""
    return rounded(applied(layer, rows))


def rounded(outputs: Floats) -> Floats:
    """The nearest whole numbers from 0 to TOP; what is given is written over."""
    np.rint(outputs, out=outputs)
    return np.clip(outputs, 0, TOP, out=outputs)
