"""The networks of tocsin.interpret in floating point, their training, and their rounding to whole numbers.

examples -> fitted(Events(…), examples, epochs) -> parameters -> quantised(…) -> arrays of a weights file

Needs torch beside the package, at training only.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from tocsin.interpret import model, network
from tocsin.rules.grammar import TYPES
from tocsin.rules.models import Weights

HIDDEN = 256
BATCH, RATE, LONGEST = 64, 2e-3, 72
# Shares dropped in training: whole words, and single numbers.
WORD_DROP, DROP = 0.08, 0.15
# How much the words' labels count beside the sentence's; how much slower given vectors move.
WORD_LOSS, VECTOR_RATE = 0.7, 0.3
# Numbers of a word by feature, apart from its vector; the classes and roots of the language-free features.
SIZES = {"beginning": 16, "class": 8, "actor": 8, "act": 16, "quoted": 2}

Parameters = dict[str, np.ndarray]
Batch = dict[str, Tensor]
Item = TypeVar("Item")


class Example(NamedTuple):
    """One sentence: `owner` is its row (-1 where nobody labelled it), `words[place, root]` and `sentence[root]` its
    labels or chances, `lexical[root]` what the lexicon has of it."""

    owner: int
    codes: np.ndarray
    triggers: list[int]
    words: np.ndarray
    sentence: np.ndarray
    lexical: np.ndarray


def start_of_words(vectors: np.ndarray) -> np.ndarray:
    """The words' table before training; rows 0 and 1 are 'none' and 'unknown'."""
    words = np.zeros((len(vectors) + 2, vectors.shape[1]), np.float32)
    words[2:] = vectors / np.abs(vectors).std() * 0.3
    return words


def counts(sectors: int) -> dict[str, int]:
    """How many values each feature of a word has, apart from the word itself."""
    told = {"beginning": network.BEGINNINGS, "class": len(network.CLASSES) + 1, "actor": 2 * sectors}
    return told | {"act": len(TYPES) + 1, "quoted": 2}


class Reader(nn.Module):
    """What the networks share: a word's numbers by feature, and two layers that see its neighbours."""

    def __init__(
        self, words: np.ndarray, tables: Mapping[str, tuple[int, int]], hidden: int, fixed: bool = False
    ) -> None:
        super().__init__()
        self.hidden = hidden
        self.names = ("word", *tables)
        self.tables = nn.ModuleDict({"word": nn.Embedding.from_pretrained(torch.tensor(words), freeze=fixed)})
        for name, (rows, columns) in tables.items():
            self.tables[name] = nn.Embedding(rows, columns)
            nn.init.normal_(self.tables[name].weight, std=min(1.0, 4 / rows**0.5))
        width = words.shape[1] + sum(columns for _, columns in tables.values())
        self.near = nn.Linear(len(network.NEAR) * width, hidden)
        self.far = nn.Linear(len(network.FAR) * hidden, hidden)

    def read(self, columns: Sequence[Tensor], mask: Tensor) -> Tensor:
        """What the two layers make of each word."""
        words = columns[0]
        if self.training:
            words = torch.where(torch.rand(words.shape) < WORD_DROP, torch.full_like(words, network.UNKNOWN), words)
        told = zip(self.names, (words, *columns[1:]), strict=True)
        rows = self.dropped(torch.cat([self.tables[name](column) for name, column in told], -1) * mask)
        near = self.dropped(functional.relu(self.near(_neighbours(rows, network.NEAR))) * mask)
        far = functional.relu(self.far(_neighbours(near, network.FAR))) * mask
        return torch.cat([near, far], -1)

    def dropped(self, rows: Tensor) -> Tensor:
        return functional.dropout(rows, DROP, self.training)


class Events(Reader):
    """The event model; the same sums as `model.scores`."""

    def __init__(self, vectors: np.ndarray, sectors: int) -> None:
        sizes = {name: (rows, SIZES[name]) for name, rows in counts(sectors).items()}
        super().__init__(start_of_words(vectors), sizes, HIDDEN)
        self.word, self.root = nn.Linear(3 * HIDDEN, HIDDEN), nn.Linear(HIDDEN, len(TYPES))
        self.sentence, self.mix = nn.Linear(2 * HIDDEN, len(TYPES)), nn.Parameter(torch.ones(len(TYPES)))
        nn.init.constant_(self.root.bias, -4.0)
        nn.init.constant_(self.sentence.bias, -2.5)

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """(log-odds of words, of sentences)."""
        both = self.read(list(batch["codes"].unbind(-1)), batch["mask"][..., None])
        top = self.dropped(both.amax(1))
        context = top[:, HIDDEN:][:, None].expand(-1, both.shape[1], -1)
        words = self.root(functional.relu(self.word(torch.cat([both, context], -1))))
        most = words.masked_fill((batch["triggers"] == 0)[..., None], -15.0).amax(1).float()
        return words, self.sentence(top).float() + self.mix * most

    def loss(self, batch: Batch) -> Tensor:
        words, sentence = self(batch)
        by_word = _entropy(words, batch["words"]) * batch["triggers"]
        return WORD_LOSS * by_word.sum(1).mean() + _entropy(sentence, batch["sentence"]).mean()


def _neighbours(rows: Tensor, offsets: tuple[int, ...]) -> Tensor:
    reach, length = max(offsets), rows.shape[1]
    padded = functional.pad(rows, (0, 0, reach, reach))
    return torch.cat([padded[:, reach + o : reach + o + length] for o in offsets], -1)


def _entropy(logits: Tensor, labels: Tensor) -> Tensor:
    return functional.binary_cross_entropy_with_logits(logits.float(), labels, reduction="none").sum(-1)


# ------------------------------------------------------------------ training


def packed(examples: Sequence[Example]) -> Batch:
    length, count = _length([e.codes for e in examples]), len(examples)
    told = {
        "codes": np.zeros((count, length, len(network.FEATURES)), np.int64),
        "mask": np.zeros((count, length), np.float32),
        "triggers": np.zeros((count, length), np.float32),
        "words": np.zeros((count, length, len(TYPES)), np.float32),
        "sentence": np.stack([e.sentence for e in examples]).astype(np.float32),
    }
    for n, example in enumerate(examples):
        here = min(length, len(example.codes))
        told["codes"][n, :here] = example.codes[:here]
        told["mask"][n, :here] = 1
        told["triggers"][n, [place for place in example.triggers if place < length]] = 1
        told["words"][n, :here] = example.words[:here]
    return {name: torch.from_numpy(value) for name, value in told.items()}


def _length(codes: Sequence[np.ndarray]) -> int:
    return min(LONGEST, max(len(rows) for rows in codes))


def fitted(net: Any, items: Sequence[Item], pack_up: Callable[[list[Item]], Batch], epochs: int, seed: int = 0) -> Any:
    """The network after so many passes of Adam over the items (each has `codes`), the rate falling to nothing."""
    torch.manual_seed(seed)
    random.seed(seed)
    free = [(name, value) for name, value in net.named_parameters() if value.requires_grad]
    words = [value for name, value in free if name == "tables.word.weight"]
    rest = [value for name, value in free if name != "tables.word.weight"]
    groups = [{"params": words, "lr": RATE * VECTOR_RATE}] if words else []
    adam = torch.optim.Adam([*groups, {"params": rest, "lr": RATE}], betas=(0.9, 0.99))
    steps = epochs * (len(items) // BATCH + 1)
    falling = torch.optim.lr_scheduler.LambdaLR(adam, lambda done: max(0.0, 1 - done / steps))
    net.train()
    for epoch in range(epochs):
        began, total = time.time(), 0.0
        order = sorted(range(len(items)), key=lambda n: len(items[n].codes) + random.uniform(0, 8))  # type: ignore[attr-defined]
        batches = [order[n : n + BATCH] for n in range(0, len(order), BATCH)]
        random.shuffle(batches)
        for chosen in batches:
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = net.loss(pack_up([items[n] for n in chosen]))
            adam.zero_grad()
            loss.backward()
            adam.step()
            falling.step()
            total += float(loss.detach())
        print(f"pass {epoch}: loss {total / len(batches):.3f}, {time.time() - began:.0f} s", flush=True)
    return net.eval()


# ------------------------------------------------------------------ whole numbers

CALIBRATION = 300
PERCENTILE = 99.95


def parameters(net: Reader) -> Parameters:
    """A network's arrays: 'table.NAME', and of each layer 'NAME.w' (inputs x outputs) and 'NAME.b'."""
    found: Parameters = {}
    for name, value in net.named_parameters():
        array = value.detach().numpy()
        if name.startswith("tables."):
            found[f"table.{name.split('.')[1]}"] = array
        elif name.endswith(".weight"):
            found[f"{name.removesuffix('.weight')}.w"] = array.T
        else:
            found[name.replace(".bias", ".b")] = array
    return found


def rounded(p: Parameters, names: Sequence[str]) -> tuple[Parameters, np.ndarray]:
    """The tables as int8, and the unit of each of a word's numbers."""
    arrays, units = {}, []
    for name in names:
        table = p[f"table.{name}"]
        size = float(np.abs(table).max()) / network.TOP
        arrays[f"table.{name}"] = np.rint(table / size).astype(np.int8)
        units.append(np.full(table.shape[1], size, np.float32))
    return arrays, np.concatenate(units)


def quantised(p: Parameters, words: list[str], examples: Sequence[Example]) -> Parameters:
    """The arrays of the event model's file: tables and weights as int8, a scale and an offset a column. Each
    layer's outputs are scaled so that nearly all that the examples give lies between 0 and network.TOP."""
    arrays, unit = rounded(p, network.FEATURES)
    arrays["vocabulary"] = np.frombuffer("\n".join(words).encode(), np.uint8)
    chosen = examples[:: max(1, len(examples) // CALIBRATION)]
    rows = [
        np.concatenate([arrays[f"table.{name}"][e.codes[:, n]] for n, name in enumerate(network.FEATURES)], 1)
        for e in chosen
    ]
    both, pair = read_in_whole(p, arrays, rows, unit)
    told = [np.concatenate([b, np.broadcast_to(b.max(0), b.shape)[:, HIDDEN:]], 1) for b in both]
    _, word_unit = layer(p, arrays, "word", told, np.concatenate([pair, pair[HIDDEN:]]))
    store(p, arrays, "root", np.full(HIDDEN, word_unit))
    store(p, arrays, "sentence", pair)
    return arrays | {"mix": p["mix"].astype(np.float32)}


def read_in_whole(
    p: Parameters, arrays: Parameters, rows: list[np.ndarray], unit: np.ndarray
) -> tuple[list[np.ndarray], np.ndarray]:
    """Store the two layers that see neighbours; what they give for the rows, side by side, and its units."""
    near_in = [network.neighbours(r.astype(np.float32), network.NEAR) for r in rows]
    near, near_unit = layer(p, arrays, "near", near_in, np.tile(unit, len(network.NEAR)))
    far_in = [network.neighbours(r, network.FAR) for r in near]
    hidden = len(p["near.b"])
    far, far_unit = layer(p, arrays, "far", far_in, np.full(len(network.FAR) * hidden, near_unit))
    both = [np.concatenate([a, b], 1) for a, b in zip(near, far, strict=True)]
    return both, np.repeat([near_unit, far_unit], hidden).astype(np.float32)


def store(p: Parameters, arrays: Parameters, name: str, unit: np.ndarray) -> None:
    weights = p[f"{name}.w"] * unit[:, None]
    scale = np.abs(weights).max(0) / network.TOP
    arrays[f"{name}.weights"] = np.rint(weights / scale).astype(np.int8)
    arrays[f"{name}.scale"] = scale.astype(np.float32)
    arrays[f"{name}.offset"] = p[f"{name}.b"].astype(np.float32)


def layer(
    p: Parameters, arrays: Parameters, name: str, rows: list[np.ndarray], unit: np.ndarray
) -> tuple[list[np.ndarray], float]:
    """Store a layer; give its outputs for the rows, in whole numbers, and their unit."""
    store(p, arrays, name, unit)
    weights, scale = arrays[f"{name}.weights"].astype(np.float32), arrays[f"{name}.scale"]
    raw = [(r @ weights) * scale + p[f"{name}.b"] for r in rows]
    out = float(np.percentile(np.concatenate(raw), PERCENTILE)) / network.TOP
    arrays[f"{name}.scale"] = (arrays[f"{name}.scale"] / out).astype(np.float32)
    arrays[f"{name}.offset"] = (arrays[f"{name}.offset"] / out).astype(np.float32)
    return [np.clip(np.rint(r / out), 0, network.TOP) for r in raw], out


def scored(arrays: Parameters, sectors: tuple[str, ...], examples: list[Example], rows: int) -> np.ndarray:
    """Log-odds of each root for each row, as the package computes them: the best of its sentences."""
    zeros = np.zeros(len(TYPES), np.float32)
    about = {"roots": TYPES, "sectors": sectors}
    net = model._ready(Weights("trained", about, {"firm": zeros, "keep": zeros, "add": zeros, **arrays}))
    best = np.full((rows, len(TYPES)), -30.0, np.float32)
    for e in examples:
        if e.triggers:
            told = model.scores(net, e.codes[: network.LONGEST], e.triggers)
            best[e.owner] = np.maximum(best[e.owner], told.sentence)
    return best
