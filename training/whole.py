"""The trained network in whole numbers: tables and weights as int8, a scale and an offset for each output of a layer.

    quantised(net, vocabulary, examples) -> the arrays of a weights file

What a layer gives is scaled so that nearly all that the examples make it give lies within what the package lets
through.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from network import LONGEST, Acts, Example
from sentences import odds
from torch import nn

from tocsin.interpret import encoder, network, roles, sight
from tocsin.interpret.pieces import MOST
from tocsin.rules.grammar import TYPES
from tocsin.rules.models import Weights

CALIBRATION = 300
PERCENTILE = 99.95
# A step of the tables of exponentials (powers of e below the greatest score) and of the gate's argument.
STEP, GATE_STEP, UNITS = 1 / 32, 1 / 32, 4095

Parameters = dict[str, np.ndarray]
Rows = list[np.ndarray]


def parameters(net: Acts) -> Parameters:
    """A network's arrays: 'table.NAME', of each layer 'NAME.w' (inputs x outputs) and 'NAME.b', and the others."""
    found: Parameters = {}
    for name, value in net.named_parameters():
        array = value.detach().numpy()
        if name.startswith("tables."):
            found[f"table.{name.split('.')[1]}"] = array
        elif name in ("away.weight", "rooted.weight"):
            found[name.removesuffix(".weight")] = array
        elif name.endswith(".weight"):
            found[f"{name.removesuffix('.weight')}.w"] = array.T
        else:
            found[name.replace(".bias", ".b")] = array
    return found


class Rounding:
    """Layers of `p` stored as whole numbers in `arrays`, one after the other."""

    def __init__(self, p: Parameters) -> None:
        self.p, self.arrays = p, dict[str, np.ndarray]()

    def table(self, name: str) -> np.ndarray:
        """Store a table; the unit of each of its columns."""
        unit = float(np.abs(self.p[name]).max()) / network.TOP
        self.arrays[name] = np.rint(self.p[name] / unit).astype(np.int8)
        return np.full(self.p[name].shape[1], unit, np.float32)

    def rename(self, name: str, new: str) -> None:
        self.p[f"{new}.w"], self.p[f"{new}.b"] = self.p[f"{name}.w"], self.p[f"{name}.b"]

    def store(self, name: str, unit: np.ndarray, out: float | np.ndarray = 1.0) -> None:
        weights = self.p[f"{name}.w"] * unit[:, None]
        scale = np.abs(weights).max(0) / network.TOP
        self.arrays[f"{name}.weights"] = np.rint(weights / scale).astype(np.int8)
        self.arrays[f"{name}.scale"] = (scale / out).astype(np.float32)
        self.arrays[f"{name}.offset"] = (self.p[f"{name}.b"] / out).astype(np.float32)

    def raw(self, name: str, rows: Rows, unit: np.ndarray) -> Rows:
        return [(r * unit) @ self.p[f"{name}.w"] + self.p[f"{name}.b"] for r in rows]

    def layer(self, name: str, rows: Rows, unit: np.ndarray) -> tuple[Rows, np.ndarray]:
        """Store a layer; what it gives for the rows, in whole numbers, and the units of that."""
        raw = self.raw(name, rows, unit)
        out = _unit(raw)
        self.store(name, unit, out)
        return [_whole(r, out) for r in raw], np.full(raw[0].shape[1], out, np.float32)


def _unit(raw: Rows) -> float:
    return float(np.percentile(np.abs(np.concatenate(raw)), PERCENTILE)) / network.TOP


def _whole(raw: np.ndarray, unit: float) -> np.ndarray:
    return np.clip(np.rint(raw / unit), 0, network.TOP).astype(np.float32)


def quantised(net: Acts, vocabulary: list[str], examples: Sequence[Example]) -> Parameters:
    acting = [e for e in examples if e.acts]
    chosen = acting[:: max(1, len(acting) // CALIBRATION)]
    told = Rounding(parameters(net))
    told.arrays["vocabulary"] = np.frombuffer("\n".join(vocabulary).encode(), np.uint8)
    unit = _encoder(told, net, _greatest(net, chosen))
    ready = encoder.encoder_of(Weights("trained", {}, told.arrays))
    seen = _read(ready, chosen)
    _events(told, seen, unit)
    _acts(told, seen, unit, chosen)
    return told.arrays | {"mix": told.p["mix"].astype(np.float32)}


def _read(ready: encoder.Encoder, examples: Sequence[Example]) -> Rows:
    codes = [e.codes[:LONGEST].astype(np.int32) for e in examples]
    return [rows for rows in encoder.read(ready, codes, [True] * len(codes)) if rows is not None]


@torch.no_grad()
def _greatest(net: Acts, chosen: Sequence[Example]) -> dict[str, np.ndarray]:
    """The greatest size, over the examples, of what the encoder's modules give ('NAME') and are given ('NAME<'), by
    unit."""
    found: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(1, np.float32))

    def watch(name: str, module: nn.Module) -> None:
        def note(_: nn.Module, given: tuple[torch.Tensor, ...], gives: torch.Tensor) -> None:
            for at, value in ((name, gives), (f"{name}<", given[0])):
                found[at] = np.maximum(found[at], value[0].abs().amax(0).numpy())

        module.register_forward_hook(note)

    for name, module in net.encoder.named_modules():
        if isinstance(module, nn.Linear | nn.LayerNorm):
            watch(name, module)
    for example in chosen:
        codes = torch.from_numpy(example.codes[None, :LONGEST].astype(np.int64))
        net.seen(codes, torch.ones(codes.shape[:2]))
    return found


def _encoder(told: Rounding, net: Acts, greatest: dict[str, np.ndarray]) -> np.ndarray:
    """Store the encoder; the units of what it gives."""
    p, arrays, unit = told.p, told.arrays, float(greatest["embeddings.LayerNorm<"].max()) / encoder.FLOW
    inner = net.encoder.embeddings
    table = inner.word_embeddings.weight.detach().numpy()
    piece = float(np.abs(table).max()) / network.TOP
    arrays["table.pieces"] = np.rint(table[: net.start] / piece).astype(np.int8)
    arrays["table.pieces"][0] = 0
    arrays["share"] = (piece / unit / np.sqrt(np.maximum(1, np.arange(MOST + 1)))).astype(np.float32)
    places = (inner.position_embeddings.weight + inner.token_type_embeddings.weight[0]).detach().numpy()
    arrays["places"] = (places[: network.LONGEST + 1] / unit).astype(np.float32)
    arrays["start"] = ((table[net.start] + places[0]) / unit).astype(np.float32)
    for name in network.FEATURES:
        arrays[f"table.{name}"] = (p[f"table.{name}"] / unit).astype(np.float32)
    unit = _norm(told, "norm", "encoder.embeddings.LayerNorm", greatest)
    last = len(net.encoder.encoder.layer) - 1
    for number in range(last + 1):
        unit = _block(told, number, unit, greatest, network.SEEN if number == last else encoder.FLOW)
        if number == 0:
            told.store("early", _all(told, "early.w", unit))
    arrays["least"] = np.full(1, -np.inf, np.float32)
    arrays["exponentials"] = np.rint(UNITS * np.exp(-STEP * np.arange(encoder.DEPTH))).astype(np.float32)
    return np.full(len(arrays["norm.gain"]), unit, np.float32)


def _norm(told: Rounding, name: str, source: str, greatest: dict[str, np.ndarray], most: int = encoder.FLOW) -> float:
    """Store a layer of normalisation; the unit of what it gives."""
    unit = float(greatest[source.removeprefix("encoder.")].max()) / most
    told.arrays[f"{name}.gain"] = (told.p[f"{source}.w"] / unit).astype(np.float32)
    told.arrays[f"{name}.offset"] = (told.p[f"{source}.b"] / unit).astype(np.float32)
    return unit


def _block(told: Rounding, number: int, unit: float, greatest: dict[str, np.ndarray], most: int) -> float:
    """Store a layer of the encoder; the unit of what it gives."""
    source, name = f"encoder.encoder.layer.{number}", f"block{number}"
    parts = [f"{source}.attention.self.{part}" for part in ("query", "key", "value")]
    by_head = [greatest[part.removeprefix("encoder.")].reshape(encoder.HEADS, -1).max(1) for part in parts]
    units = [head / encoder.ASKED for head in by_head]
    wide = [np.repeat(u, told.p[parts[0] + ".b"].size // encoder.HEADS) for u in units]
    told.p[f"{name}.asked.w"] = np.concatenate([told.p[f"{part}.w"] for part in parts], 1)
    told.p[f"{name}.asked.b"] = np.concatenate([told.p[f"{part}.b"] for part in parts])
    told.store(f"{name}.asked", _all(told, f"{name}.asked.w", unit), np.concatenate(wide))
    width = wide[0].size // encoder.HEADS
    told.arrays[f"{name}.sharp"] = (units[0] * units[1] / np.sqrt(width) / STEP).astype(np.float32)
    joined = f"{source}.attention.output.dense"
    given = greatest[joined.removeprefix("encoder.") + "<"].reshape(encoder.HEADS, -1).max(1) / encoder.ASKED
    told.arrays[f"{name}.mixed"] = (units[2] / encoder.SHARES / given).astype(np.float32)
    told.rename(joined, f"{name}.joined")
    told.store(f"{name}.joined", np.repeat(given, width), unit)
    unit = _norm(told, f"{name}.first", f"{source}.attention.output.LayerNorm", greatest)
    told.rename(f"{source}.intermediate.dense", f"{name}.middle")
    told.store(f"{name}.middle", _all(told, f"{name}.middle.w", unit), GATE_STEP)
    gated = float(np.percentile(greatest[f"encoder.layer.{number}.output.dense<"], PERCENTILE)) / encoder.GATE
    argument = torch.arange(-encoder.REACH, encoder.REACH) * GATE_STEP
    gate = np.rint(nn.functional.gelu(argument.double()).numpy() / gated)
    told.arrays[f"{name}.gate"] = np.clip(gate, -encoder.GATE, encoder.GATE).astype(np.float32)
    told.rename(f"{source}.output.dense", f"{name}.out")
    told.store(f"{name}.out", _all(told, f"{name}.out.w", gated), unit)
    return _norm(told, f"{name}.second", f"{source}.output.LayerNorm", greatest, most)


def _all(told: Rounding, name: str, unit: float) -> np.ndarray:
    return np.full(len(told.p[name]), unit, np.float32)


def _events(told: Rounding, seen: Rows, unit: np.ndarray) -> None:
    rows = [np.concatenate([s, np.broadcast_to(s.max(0), s.shape)], 1) for s in seen]
    _, word_unit = told.layer("word", rows, np.concatenate([unit, unit]))
    told.store("root", word_unit)
    told.store("sentence", unit)


def _acts(told: Rounding, seen: Rows, unit: np.ndarray, chosen: Sequence[Example]) -> None:
    rooted_unit = told.table("rooted")
    firsts = [e.acts[0] for e in chosen]
    rooted = told.arrays["rooted"].astype(np.float32)
    acts = [np.concatenate([s[a.place], s.max(0), rooted[a.root]])[None] for s, a in zip(seen, firsts, strict=True)]
    act_unit = np.concatenate([unit, unit, rooted_unit])
    tokens, asked = told.raw("token", seen, unit), told.raw("act", acts, act_unit)
    away = [told.p["away"][roles.distances(len(t), f.place)] for t, f in zip(tokens, firsts, strict=True)]
    goes = [sum(parts) for parts in zip(tokens, asked, away, strict=True)]
    near = _unit(goes)
    told.store("token", unit, near)
    told.store("act", act_unit, near)
    told.arrays["away"] = (told.p["away"] / near).astype(np.float32)
    nears = [_whole(g, near) for g in goes]
    near_unit = np.full(len(told.p["act.b"]), near, np.float32)
    paths, path_unit = told.layer(
        "path", [network.neighbours(n, sight.NEAR) for n in nears], np.tile(near_unit, len(sight.NEAR))
    )
    told.store("role", np.concatenate([near_unit, path_unit]))
    answer_in = [np.concatenate([a, p.max(0)[None]], 1) for a, p in zip(acts, paths, strict=True)]
    _, answer_unit = told.layer("answer", answer_in, np.concatenate([act_unit, path_unit]))
    told.store("answers", answer_unit)


def scored(net: sight.Network, examples: list[Example], rows: int) -> np.ndarray:
    """Log-odds of each root for each row, as the package computes them: the best of its sentences."""
    best = np.full((rows, len(TYPES)), -30.0, np.float32)
    for e in examples:
        if e.triggers:
            best[e.owner] = np.maximum(best[e.owner], odds(net, e.codes[: network.LONGEST], e.triggers))
    return best


def early(net: sight.Network, examples: list[Example]) -> np.ndarray:
    """Log-odds of any act in each example, by the first layer."""
    begun = (encoder.first(net.encoder, [e.codes[: network.LONGEST].astype(np.int32)]) for e in examples)
    return np.array([encoder.early(net.encoder, one) for (one,) in begun])


def ready(about: dict[str, Any], arrays: Parameters) -> sight.Network:
    zeros = {name: np.zeros(len(TYPES), np.float32) for name in ("firm", "keep", "add")}
    return sight.ready(Weights("trained", about, {**zeros, **arrays}))
