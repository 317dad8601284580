"""Sentences as numbers, and the sums of the small networks that read them.

    coded(coding, clauses, candidates) -> rows of numbers; neighbours, applied, whole -> layers

All products are of whole numbers below 2^24, which float32 holds exactly, so that every machine gives
the same scores (docs/decisions/0006-engine.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tocsin.interpret.clauses import Clauses
from tocsin.interpret.events import Candidate
from tocsin.rules.models import Weights

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]

# What a word is made of: columns of `coded`.
FEATURES: Final = ("word", "beginning", "class", "actor", "act", "quoted")
CLASSES: Final = 'VXTNADPSRCOGH,."(w'
OTHER_SECTOR: Final = "?"
UNKNOWN, NUMBER, BEGINNING, BEGINNINGS = 1, "#", 5, 2048
LONGEST: Final = 160
TOP: Final = 127
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


def layers(weights: Weights, names: tuple[str, ...]) -> dict[str, Layer]:
    """The layers of a weights file, by name. ValueError where a sum could become greater than EXACT."""
    found = {n: Layer(*(weights.arrays[f"{n}.{part}"].astype(np.float32) for part in Layer._fields)) for n in names}
    for name, layer in found.items():
        if float(np.abs(layer.weights).sum(axis=0).max()) * TOP >= EXACT:
            raise ValueError(f"{weights.name}: sums of layer {name} may not be exact: train it with smaller weights")
    return found


def coding_of(roots: tuple[str, ...], words: list[str], sectors: tuple[str, ...]) -> Coding:
    """The coding of a vocabulary in its order; the first number of `sectors` means no actor, the second any other."""
    return Coding(
        roots,
        {word: number + UNKNOWN + 1 for number, word in enumerate(words)},
        {sector: number for number, sector in enumerate(sectors)},
    )


def coded(coding: Coding, clauses: Clauses, candidates: list[Candidate]) -> Integers:
    """The words of a sentence as numbers: one row a word, one column for each of FEATURES."""
    acts = [0] * len(clauses.words)
    for candidate in candidates:
        number = 1 + coding.roots.index(candidate.act.type)
        acts[candidate.first : candidate.last] = [number] * (candidate.last - candidate.first)
    quotes = clauses.sentence.quotes
    actors = [_actor_code(coding, clauses, number) for number in range(len(clauses.actors))]
    rows = [
        (
            coding.vocabulary.get(NUMBER if word[0].isdigit() else word, UNKNOWN),
            crc32((NUMBER if word[0].isdigit() else word[:BEGINNING]).encode()) % BEGINNINGS,
            CLASSES.find(clauses.classes[place]) + 1,
            actors[actor] if actor >= 0 else 0,
            acts[place],
            int(any(start <= clauses.tokens[place].start < end for start, end in quotes)),
        )
        for place, (word, actor) in enumerate(zip(clauses.words, clauses.actor_at, strict=True))
    ]
    return np.array(rows[:LONGEST], dtype=np.int32).reshape(-1, len(FEATURES))


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
