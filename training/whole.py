"""The trained network in whole numbers: tables and weights as int8, a scale and an offset for each output of a layer.

    quantised(net, words, examples) -> the arrays of a weights file

What a layer gives is scaled so that nearly all that the examples make it give lies between 0 and network.TOP.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from network import LONGEST, Acts, Example

from tocsin.interpret import model, network, roles, sight
from tocsin.rules.grammar import TYPES
from tocsin.rules.models import Weights

CALIBRATION = 300
PERCENTILE = 99.95

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

    def store(self, name: str, unit: np.ndarray, out: float = 1.0) -> None:
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


def quantised(net: Acts, words: list[str], examples: Sequence[Example]) -> Parameters:
    told = Rounding(parameters(net))
    units = np.concatenate([told.table(f"table.{name}") for name in network.FEATURES])
    told.arrays["vocabulary"] = np.frombuffer("\n".join(words).encode(), np.uint8)
    acting = [e for e in examples if e.acts]
    chosen = acting[:: max(1, len(acting) // CALIBRATION)]
    listed = [e.codes[:LONGEST] for e in chosen]
    tables = [told.arrays[f"table.{name}"] for name in network.FEATURES]
    rows = [np.concatenate([t[codes[:, n]] for n, t in enumerate(tables)], 1).astype(np.float32) for codes in listed]
    seen, unit = _seen(told, rows, units)
    _events(told, seen, unit)
    _acts(told, seen, unit, chosen)
    return told.arrays | {"mix": told.p["mix"].astype(np.float32)}


def _seen(told: Rounding, rows: Rows, unit: np.ndarray) -> tuple[Rows, np.ndarray]:
    """Store the layers of `sight`; what they give for the rows, and its units."""
    near_in = [network.neighbours(r, sight.NEAR) for r in rows]
    near, near_unit = told.layer("near", near_in, np.tile(unit, len(sight.NEAR)))
    far_in = [network.neighbours(r, sight.FAR) for r in near]
    far, far_unit = told.layer("far", far_in, np.tile(near_unit, len(sight.FAR)))
    return [np.concatenate(pair, 1) for pair in zip(near, far, strict=True)], np.concatenate([near_unit, far_unit])


def _events(told: Rounding, seen: Rows, unit: np.ndarray) -> None:
    units = len(told.p["far.b"])
    rows = [np.concatenate([s, np.broadcast_to(s.max(0)[-units:], (len(s), units))], 1) for s in seen]
    _, word_unit = told.layer("word", rows, np.concatenate([unit, unit[-units:]]))
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
            (seen,) = sight.seen(net, [e.codes[: network.LONGEST]])
            best[e.owner] = np.maximum(best[e.owner], model.scores(net, seen, e.triggers).sentence)
    return best


def ready(about: dict[str, Any], arrays: Parameters) -> sight.Network:
    zeros = {name: np.zeros(len(TYPES), np.float32) for name in ("firm", "keep", "add")}
    return sight.ready(Weights("trained", about, {**zeros, **arrays}))
