"""The network of tocsin.interpret.model in floating point, its training, and its rounding to whole numbers.

examples -> fitted(initial(vectors, sectors), examples, epochs) -> quantised(…) -> arrays of a weights file
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from tocsin.interpret import model, network
from tocsin.rules.grammar import TYPES
from tocsin.rules.models import Weights

HIDDEN = 128
BATCH, RATE, LENGTHS = 32, 2e-3, (24, 40, 72)
# Shares dropped in training: whole words, and single numbers.
WORD_DROP, DROP = 0.08, 0.3
# How much the words' labels count beside the sentence's; how much slower given vectors move.
WORD_LOSS, VECTOR_RATE, DECAY = 0.7, 0.3, 1e-5
# Numbers of a word by feature, apart from its vector; the classes and roots of the language-free features.
SIZES = {"beginning": 16, "class": 8, "actor": 8, "act": 16, "quoted": 2}

Parameters = dict[str, Any]


class Example(NamedTuple):
    """One sentence: `owner` is its row, `words[place, root]` and `sentence[root]` its labels, `lexical[root]`
    what the lexicon has of it."""

    owner: int
    codes: np.ndarray
    triggers: list[int]
    words: np.ndarray
    sentence: np.ndarray
    lexical: np.ndarray


def initial(vectors: np.ndarray, sectors: int, seed: int = 0) -> Parameters:
    """Parameters before training; rows 0 and 1 of the words are 'none' and 'unknown'."""
    random = np.random.default_rng(seed)

    def drawn(rows: int, columns: int) -> np.ndarray:
        return (random.normal(size=(rows, columns)) / np.sqrt(rows)).astype(np.float32)

    words = np.zeros((len(vectors) + 2, vectors.shape[1]), np.float32)
    words[2:] = vectors / np.abs(vectors).std() * 0.3
    counts = {"beginning": network.BEGINNINGS, "class": len(network.CLASSES) + 1, "actor": 2 * sectors}
    counts |= {"act": len(TYPES) + 1, "quoted": 2}
    tables = {
        f"table.{name}": drawn(counts[name], size) * (2 if name == "beginning" else 1) for name, size in SIZES.items()
    }
    width, h, k = vectors.shape[1] + sum(SIZES.values()), HIDDEN, len(TYPES)
    shapes = {"near": (len(network.NEAR) * width, h), "far": (len(network.FAR) * h, h), "word": (3 * h, h)}
    layers = {f"{name}.w": drawn(*shape) for name, shape in shapes.items()}
    layers |= {f"{name}.b": np.zeros(h, np.float32) for name in shapes}
    layers |= {"root.w": drawn(h, k) * 0.3, "root.b": np.full(k, -4.0, np.float32)}
    layers |= {"sentence.w": drawn(2 * h, k) * 0.3, "sentence.b": np.full(k, -2.5, np.float32)}
    return {"table.word": words, **tables, **layers, "mix": np.ones(k, np.float32)}


# ------------------------------------------------------------------ forward, in batches


def _neighbours(rows: jax.Array, offsets: tuple[int, ...]) -> jax.Array:
    reach, length = max(offsets), rows.shape[1]
    padded = jnp.pad(rows, ((0, 0), (reach, reach), (0, 0)))
    return jnp.concatenate([padded[:, reach + o : reach + o + length] for o in offsets], -1)


def _dropped(key: jax.Array | None, rows: jax.Array) -> jax.Array:
    return rows if key is None else rows * jax.random.bernoulli(key, 1 - DROP, rows.shape) / (1 - DROP)


def forward(p: Parameters, batch: dict[str, jax.Array], key: jax.Array | None = None) -> tuple[jax.Array, jax.Array]:
    """(log-odds of words, of sentences); the same sums as `model.scores`."""
    codes, mask = batch["codes"], batch["mask"][..., None]
    keys = [None] * 4 if key is None else list(jax.random.split(key, 4))
    words = codes[..., 0]
    if key is not None:
        words = jnp.where(jax.random.bernoulli(keys[0], WORD_DROP, words.shape), network.UNKNOWN, words)
    columns = [words, *(codes[..., n] for n in range(1, len(network.FEATURES)))]
    rows = (
        jnp.concatenate([p[f"table.{name}"][c] for name, c in zip(network.FEATURES, columns, strict=True)], -1) * mask
    )
    near = jax.nn.relu(_neighbours(_dropped(keys[1], rows), network.NEAR) @ p["near.w"] + p["near.b"]) * mask
    near = _dropped(keys[2], near)
    far = jax.nn.relu(_neighbours(near, network.FAR) @ p["far.w"] + p["far.b"]) * mask
    both = jnp.concatenate([near, far], -1)
    top = _dropped(keys[3], both.max(1))
    split = 2 * HIDDEN
    context = (top[:, HIDDEN:] @ p["word.w"][split:])[:, None]
    logits = jax.nn.relu(both @ p["word.w"][:split] + context + p["word.b"]) @ p["root.w"] + p["root.b"]
    most = jnp.where(batch["triggers"][..., None] > 0, logits, -15.0).max(1)
    return logits, top @ p["sentence.w"] + p["sentence.b"] + p["mix"] * most


def _entropy(logits: jax.Array, labels: jax.Array) -> jax.Array:
    return jnp.maximum(logits, 0) - logits * labels + jnp.log1p(jnp.exp(-jnp.abs(logits)))


def _loss(p: Parameters, batch: dict[str, jax.Array], key: jax.Array) -> jax.Array:
    words, sentence = forward(p, batch, key)
    count = len(batch["codes"])
    small = sum((value**2).sum() for name, value in p.items() if name != "table.word")
    by_word = (_entropy(words, batch["words"]) * batch["triggers"][..., None]).sum() / count
    return WORD_LOSS * by_word + _entropy(sentence, batch["sentence"]).sum() / count + DECAY * small


# ------------------------------------------------------------------ training


def _packed(examples: list[Example]) -> dict[str, np.ndarray]:
    count, length, k = len(examples), LENGTHS[-1], len(TYPES)
    packed = {
        "codes": np.zeros((count, length, len(network.FEATURES)), np.int32),
        "mask": np.zeros((count, length), np.float32),
        "triggers": np.zeros((count, length), np.float32),
        "words": np.zeros((count, length, k), np.float32),
        "sentence": np.zeros((count, k), np.float32),
    }
    for n, example in enumerate(examples):
        here = min(length, len(example.codes))
        packed["codes"][n, :here] = example.codes[:here]
        packed["mask"][n, :here] = 1
        packed["triggers"][n, [place for place in example.triggers if place < length]] = 1
        packed["words"][n, :here] = example.words[:here]
        packed["sentence"][n] = example.sentence
    return packed


def _cut(packed: dict[str, np.ndarray], chosen: np.ndarray, length: int) -> dict[str, np.ndarray]:
    return {name: v[chosen] if name == "sentence" else v[chosen, :length] for name, v in packed.items()}


def fitted(start: Parameters, examples: list[Example], epochs: int, seed: int = 0) -> Parameters:
    """Parameters after so many passes of Adam, the rate falling to nothing."""
    packed = _packed(examples)
    lengths = packed["mask"].sum(1)
    random, key = np.random.default_rng(seed), jax.random.PRNGKey(seed)
    steps = epochs * (len(examples) // BATCH) + 1
    p = {name: jnp.asarray(value) for name, value in start.items()}
    state = (p, jax.tree.map(jnp.zeros_like, p), jax.tree.map(jnp.zeros_like, p))
    done = 0
    for epoch in range(epochs):
        began, total = time.time(), 0.0
        order = np.argsort(lengths + random.uniform(0, 12, len(examples)))
        batches = [order[n : n + BATCH] for n in range(0, len(order) - BATCH + 1, BATCH)]
        random.shuffle(batches)
        for chosen in batches:
            longest = lengths[chosen].max()
            length = next((n for n in LENGTHS if longest <= n), LENGTHS[-1])
            key, used = jax.random.split(key)
            done += 1
            state, loss = _step(state, _cut(packed, chosen, length), used, done, RATE * (1 - done / steps))
            total += loss
        print(f"pass {epoch}: loss {float(total) / len(batches):.3f}, {time.time() - began:.0f} s", flush=True)
    return {name: np.asarray(value) for name, value in state[0].items()}


@jax.jit
def _step(state: Any, batch: Any, key: Any, done: Any, rate: Any) -> Any:
    p, first, second = state
    loss, slope = jax.value_and_grad(_loss)(p, batch, key)
    first = jax.tree.map(lambda a, g: 0.9 * a + 0.1 * g, first, slope)
    second = jax.tree.map(lambda a, g: 0.99 * a + 0.01 * g * g, second, slope)
    moved = {}
    for name in p:
        pace = rate * (VECTOR_RATE if name == "table.word" else 1.0)
        step = (first[name] / (1 - 0.9**done)) / (jnp.sqrt(second[name] / (1 - 0.99**done)) + 1e-6)
        moved[name] = p[name] - pace * step
    return (moved, first, second), loss


# ------------------------------------------------------------------ whole numbers

CALIBRATION = 300
PERCENTILE = 99.95


def quantised(p: Parameters, words: list[str], examples: list[Example]) -> dict[str, np.ndarray]:
    """The arrays of a weights file: tables and weights as int8, a scale and an offset a column. Each
    layer's outputs are scaled so that nearly all that the examples give lies between 0 and network.TOP."""
    arrays: dict[str, np.ndarray] = {"vocabulary": np.frombuffer("\n".join(words).encode(), np.uint8)}
    sizes = []
    for name in network.FEATURES:
        table = p[f"table.{name}"]
        size = float(np.abs(table).max()) / network.TOP
        arrays[f"table.{name}"] = np.rint(table / size).astype(np.int8)
        sizes.append(np.full(table.shape[1], size, np.float32))
    unit = np.concatenate(sizes)
    calibration = examples[:: max(1, len(examples) // CALIBRATION)]
    rows = [
        np.concatenate([arrays[f"table.{name}"][e.codes[:, n]] for n, name in enumerate(network.FEATURES)], 1)
        for e in calibration
    ]
    seen = [network.neighbours(r.astype(np.float32), network.NEAR) for r in rows]
    near, near_unit = _layer(p, arrays, "near", seen, np.tile(unit, len(network.NEAR)))
    seen = [network.neighbours(r, network.FAR) for r in near]
    far, far_unit = _layer(p, arrays, "far", seen, np.full(len(network.FAR) * HIDDEN, near_unit))
    both = [np.concatenate([a, b], 1) for a, b in zip(near, far, strict=True)]
    pair = np.repeat([near_unit, far_unit], HIDDEN).astype(np.float32)
    told = [np.concatenate([b, np.broadcast_to(f.max(0), f.shape)], 1) for b, f in zip(both, far, strict=True)]
    _, word_unit = _layer(p, arrays, "word", told, np.concatenate([pair, np.full(HIDDEN, far_unit)]))
    _store(p, arrays, "root", np.full(HIDDEN, word_unit), 1.0)
    _store(p, arrays, "sentence", pair, 1.0)
    return arrays | {"mix": p["mix"].astype(np.float32)}


def _store(p: Parameters, arrays: dict[str, np.ndarray], layer: str, unit: np.ndarray, out: float) -> None:
    weights = p[f"{layer}.w"] * unit[:, None]
    scale = np.abs(weights).max(0) / network.TOP
    arrays[f"{layer}.weights"] = np.rint(weights / scale).astype(np.int8)
    arrays[f"{layer}.scale"] = (scale / out).astype(np.float32)
    arrays[f"{layer}.offset"] = (p[f"{layer}.b"] / out).astype(np.float32)


def _layer(
    p: Parameters, arrays: dict[str, np.ndarray], layer: str, rows: list[np.ndarray], unit: np.ndarray
) -> tuple[list[np.ndarray], float]:
    """Store a layer; give its outputs for the calibration rows, in whole numbers, and their unit."""
    _store(p, arrays, layer, unit, 1.0)
    raw = [
        (r @ arrays[f"{layer}.weights"].astype(np.float32)) * arrays[f"{layer}.scale"] + p[f"{layer}.b"] for r in rows
    ]
    out = float(np.percentile(np.concatenate(raw), PERCENTILE)) / network.TOP
    arrays[f"{layer}.scale"] = (arrays[f"{layer}.scale"] / out).astype(np.float32)
    arrays[f"{layer}.offset"] = (arrays[f"{layer}.offset"] / out).astype(np.float32)
    return [np.clip(np.rint(r / out), 0, network.TOP) for r in raw], out


def scored(arrays: dict[str, np.ndarray], sectors: tuple[str, ...], examples: list[Example], rows: int) -> np.ndarray:
    """Log-odds of each root for each row, as the package computes them: the best of its sentences."""
    zeros = np.zeros(len(TYPES), np.float32)
    about = {"roots": TYPES, "sectors": sectors}
    net = model._ready(Weights("trained", about, {"firm": zeros, "keep": zeros, "add": zeros, **arrays}))
    best = np.full((rows, len(TYPES)), -30.0, np.float32)
    for e in examples:
        if e.triggers:
            best[e.owner] = np.maximum(
                best[e.owner], model.scores(net, e.codes[: network.LONGEST], e.triggers).sentence
            )
    return best
