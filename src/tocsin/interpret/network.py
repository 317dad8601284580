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
# Words on either side that the two layers see.
NEAR: Final = (-2, -1, 0, 1, 2)
FAR: Final = (-6, -3, 0, 3, 6)
LONGEST: Final = 160
TOP: Final = 127
# Inputs whose products with weights of one byte add up to less than 2^24.
EXACT: Final = (1 << 24) // (TOP * TOP)


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
    """The layers of a weights file, by name."""
    return {n: Layer(*(weights.arrays[f"{n}.{part}"].astype(np.float32) for part in Layer._fields)) for n in names}


def tables(weights: Weights, features: tuple[str, ...]) -> tuple[Floats, ...]:
    """The numbers of a word by feature."""
    return tuple(weights.arrays[f"table.{name}"].astype(np.float32) for name in features)


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


def seen(layers: dict[str, Layer], rows: Floats) -> Floats:
    """What the two layers that see a word's neighbours make of each word, side by side, in whole numbers."""
    near = whole(layers["near"], neighbours(rows, NEAR))
    return np.concatenate([near, whole(layers["far"], neighbours(near, FAR))], axis=1)


def neighbours(rows: Floats, offsets: tuple[int, ...]) -> Floats:
    """Each word's row beside those of its neighbours, nothing beyond the sentence."""
    reach = max(offsets)
    padded = np.zeros((len(rows) + 2 * reach, rows.shape[1]), rows.dtype)
    padded[reach : reach + len(rows)] = rows
    return np.concatenate([padded[reach + o : reach + o + len(rows)] for o in offsets], axis=1)


def applied(layer: Layer, rows: Floats) -> Floats:
    return summed(layer.weights, rows) * layer.scale + layer.offset


def summed(weights: Floats, rows: Floats) -> Floats:
    """rows @ weights in parts of so many inputs that each part's sum is exact; the parts are added in order."""
    total = rows[:, :EXACT] @ weights[:EXACT]
    for first in range(EXACT, len(weights), EXACT):
        total += rows[:, first : first + EXACT] @ weights[first : first + EXACT]
    return total


def whole(layer: Layer, rows: Floats) -> Floats:
    """A layer's output as whole numbers from 0 to TOP."""
    return rounded(applied(layer, rows))


def rounded(outputs: Floats) -> Floats:
    return np.clip(np.rint(outputs), 0, TOP).astype(np.float32, copy=False)
