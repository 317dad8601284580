"""An encoder of sentences: layers of attention (A. Vaswani et al., Attention Is All You Need, 2017; J. Devlin et al.,
BERT, 2019) in sums that are the same on every machine (docs/decisions/0006-engine.md).

    read(encoder, sentences in codes, which are read in any case)
    -> for each, what the layers make of its words, whole numbers up to SEEN; None where the first sees nothing told

Products of matrices are of whole numbers and below EXACT, which float32 holds in any order of adding; so are the sums
of a row. What is curved, the exponential of the attention and the gate of the middle layer, is looked up. All else are
single operations on float32 and float64, which IEEE 754 fixes to the last bit.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from tocsin.interpret.network import FEATURES, SEEN, Floats, Integers, Layer, applied, layers
from tocsin.rules.models import Array, Weights

# The greatest whole number of what goes from layer to layer; of queries, keys, values and what attention gives; of
# shares of attention; of the gate.
FLOW: Final = 511
ASKED: Final = 255
SHARES: Final = 1023
GATE: Final = 255
# Places of the gate's table on either side of nothing, and of the table of exponentials.
REACH: Final = 512
DEPTH: Final = 512
HEADS: Final = 12
LARGEST: Final = {"asked": FLOW, "joined": ASKED, "middle": FLOW, "out": GATE}


class Norm(NamedTuple):
    """What a row is stretched and moved by after its mean is taken away and its spread made one."""

    gain: Floats
    offset: Floats


@dataclass(frozen=True, eq=False)
class Block:
    """One layer: `layers` asked (queries, keys and values side by side), joined, middle and out; `sharp`, steps of the
    table of exponentials by head and score; `mixed`, what makes of shares of values the input of `joined`; `gate`, the
    table of what is let through."""

    layers: dict[str, Layer]
    first: Norm
    second: Norm
    sharp: Floats
    mixed: Floats
    gate: Floats


@dataclass(frozen=True, eq=False)
class Encoder:
    """`pieces` (int8) and how much a word of so many pieces has of each; the numbers of places and of features;
    `start`, the row before the first word; `early`, what the first layer says of any act, and `least`, from which score
    on a sentence is read further."""

    pieces: Array
    share: Floats
    places: Floats
    features: tuple[Floats, ...]
    start: Floats
    norm: Norm
    blocks: tuple[Block, ...]
    exponentials: Floats
    early: Layer
    least: float


def encoder_of(weights: Weights) -> Encoder:
    """ValueError where a sum could become greater than float32 holds exactly."""
    arrays = weights.arrays

    def norm(name: str) -> Norm:
        return Norm(*(arrays[f"{name}.{part}"].astype(np.float32) for part in Norm._fields))

    def block(name: str) -> Block:
        told = layers(weights, {f"{name}.{part}": largest for part, largest in LARGEST.items()})
        sharp, mixed = (arrays[f"{name}.{part}"].astype(np.float32)[:, None, None] for part in ("sharp", "mixed"))
        inner = {part: told[f"{name}.{part}"] for part in LARGEST}
        gate = arrays[f"{name}.gate"].astype(np.float32)
        return Block(inner, norm(f"{name}.first"), norm(f"{name}.second"), sharp, mixed, gate)

    count = sum(name.endswith(".sharp") for name in arrays)
    told = ("share", "places", "start", "exponentials")
    return Encoder(
        pieces=arrays["table.pieces"],
        features=tuple(arrays[f"table.{name}"].astype(np.float32) for name in FEATURES),
        norm=norm("norm"),
        blocks=tuple(block(f"block{number}") for number in range(count)),
        early=layers(weights, {"early": FLOW})["early"],
        least=float(arrays["least"][0]),
        **{name: arrays[name].astype(np.float32) for name in told},
    )


def read(encoder: Encoder, sentences: Sequence[Integers], in_any_case: Sequence[bool]) -> list[Floats | None]:
    begun = first(encoder, sentences)
    told = [known or early(encoder, one) >= encoder.least for known, one in zip(in_any_case, begun, strict=True)]
    kept = [one for one, further in zip(begun, told, strict=True) if further]
    if not kept:
        return [None] * len(told)
    spans, rows = _spans([len(one) for one in kept]), np.concatenate(kept)
    for block in encoder.blocks[1:]:
        rows = _passed(encoder, block, rows, spans)
    np.clip(rows, -SEEN, SEEN, out=rows)
    ends = iter(spans)
    return [rows[slice(*next(ends))][1:] if further else None for further in told]


def first(encoder: Encoder, sentences: Sequence[Integers]) -> list[Floats]:
    """What the first layer makes of sentences: of the row before the first word, and of each word."""
    spans = _spans([len(codes) + 1 for codes in sentences])
    rows = np.empty((spans[-1][1], len(encoder.start)), np.float32)
    for (start, end), codes in zip(spans, sentences, strict=True):
        rows[start] = encoder.start
        rows[start + 1 : end] = _words(encoder, codes)
    rows = _passed(encoder, encoder.blocks[0], _normed(encoder.norm, np.rint(rows, out=rows)), spans)
    return [rows[start:end] for start, end in spans]


def early(encoder: Encoder, begun: Floats) -> float:
    """Log-odds that a sentence tells any act, by what the first layer makes of it."""
    return float(applied(encoder.early, begun[1:].max(axis=0, initial=-FLOW)[None])[0, 0])


def _spans(lengths: Iterable[int]) -> list[tuple[int, int]]:
    return list(itertools.pairwise(itertools.accumulate(lengths, initial=0)))


def _words(encoder: Encoder, codes: Integers) -> Floats:
    """Rows of a sentence's words before any layer: their pieces, their places and their features added up."""
    pieces = codes[:, len(FEATURES) :]
    share = encoder.share[np.count_nonzero(pieces, axis=1)]
    rows: Floats = encoder.pieces[pieces].sum(axis=1, dtype=np.float32) * share[:, None]
    rows += encoder.places[1 : len(codes) + 1]
    for number, table in enumerate(encoder.features):
        rows += table[codes[:, number]]
    return rows


def _passed(encoder: Encoder, block: Block, rows: Floats, spans: list[tuple[int, int]]) -> Floats:
    asked = _held(applied(block.layers["asked"], rows), ASKED)
    seen = np.empty_like(rows)
    for start, end in spans:
        seen[start:end] = _attended(encoder.exponentials, block, asked[start:end])
    rows = _normed(block.first, rows + np.rint(applied(block.layers["joined"], seen)))
    middle = _held(applied(block.layers["middle"], rows), REACH - 1)
    gated = block.gate[(middle + REACH).astype(np.intp)]
    return _normed(block.second, rows + np.rint(applied(block.layers["out"], gated)))


def _attended(exponentials: Floats, block: Block, asked: Floats) -> Floats:
    """What each word of a sentence takes from the others: the shares of their values."""
    parts = asked.reshape(len(asked), 3, HEADS, -1).transpose(1, 2, 0, 3)
    query, key, value = np.ascontiguousarray(parts)
    scores = np.rint((query @ key.transpose(0, 2, 1)) * block.sharp)
    below = np.minimum(scores.max(axis=2, keepdims=True) - scores, DEPTH - 1)
    weights = exponentials[below.astype(np.intp)]
    shares = np.rint(weights * (SHARES / weights.sum(axis=2, keepdims=True)))
    return _held((shares @ value) * block.mixed, ASKED).transpose(1, 0, 2).reshape(len(asked), -1)


def _normed(norm: Norm, rows: Floats) -> Floats:
    """Rows of whole numbers less their mean, over their spread (J. L. Ba et al., Layer Normalization, 2016)."""
    np.clip(rows, -2 * FLOW, 2 * FLOW, out=rows)
    units = rows.shape[1]
    mean = rows.sum(axis=1, dtype=np.float64) / units
    spread = np.sqrt(np.maximum((rows * rows).sum(axis=1, dtype=np.float64) / units - mean * mean, 1e-6))
    rows -= mean.astype(np.float32)[:, None]
    rows *= (1 / spread).astype(np.float32)[:, None]
    rows *= norm.gain
    rows += norm.offset
    return _held(rows, FLOW)


def _held(rows: Floats, most: int) -> Floats:
    """The nearest whole numbers up to `most` either way; what is given is written over."""
    np.rint(rows, out=rows)
    return np.clip(rows, -most, most, out=rows)
