"""Trained weights, each with a card: rules/models/NAME.weights and rules/models/NAME.card.md.

A weights file is a line that names the format, a line of JSON (`about`: what the training wrote down,
`arrays`: name, type and shape of each, in order) and the arrays' bytes one after the other, deflated.
Nothing in it depends on when or where it was written, so that one training gives one digest.
A card is prose under fixed headings; weights without one do not load.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tocsin.records import canonical
from tocsin.rules.reading import Fault

FOLDER: Final = "models/"
WEIGHTS: Final = ".weights"
CARD: Final = ".card.md"
HEADINGS: Final = ("Data", "Licence", "Training", "Scores", "Retraining")
FORMAT: Final = b"tocsin weights 1"
TYPES: Final = ("int8", "int32", "float32", "uint8")
# A model is small enough to be read by every worker at its start.
LARGEST: Final = 32_000_000

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Weights:
    """One model's arrays by name, read-only, little-endian; `about` is what its training wrote down."""

    name: str
    about: Mapping[str, Any]
    arrays: Mapping[str, Array]

    def traits(self) -> dict[str, int]:
        """The number of each trait, of a model that adds up the weights of traits."""
        listed = self.arrays["traits"].tobytes().decode("utf-8").split("\n")
        return {trait: number for number, trait in enumerate(listed)}


def parse(files: Mapping[str, bytes], faults: list[Fault]) -> dict[str, Weights]:
    """Models by name. A card without weights, weights without a card, and any other file are faults."""
    found: dict[str, Weights] = {}
    for path, data in sorted(files.items()):
        if not path.startswith(FOLDER):
            continue
        if path.endswith(CARD):
            _check_card(path, data, files, faults)
        elif path.endswith(WEIGHTS):
            name = path.removeprefix(FOLDER).removesuffix(WEIGHTS)
            if f"{FOLDER}{name}{CARD}" not in files:
                faults.append(Fault(path, "", f"expected a card beside it, {name}{CARD}, found none"))
            weights = _read(path, name, data, faults)
            if weights is not None:
                found[name] = weights
        else:
            faults.append(Fault(path, "", f"expected NAME{WEIGHTS} or NAME{CARD}"))
    return found


def pack(about: Mapping[str, Any], arrays: Mapping[str, Array]) -> bytes:
    """The bytes of a weights file; the same for equal arguments."""
    listed = [[name, str(array.dtype), list(array.shape)] for name, array in arrays.items()]
    body = b"".join(array.astype(array.dtype.newbyteorder("<")).tobytes() for array in arrays.values())
    return b"\n".join([FORMAT, canonical({"about": dict(about), "arrays": listed}), zlib.compress(body, 9)])


def _check_card(path: str, data: bytes, files: Mapping[str, bytes], faults: list[Fault]) -> None:
    weights = path.removesuffix(CARD) + WEIGHTS
    if weights not in files:
        faults.append(Fault(path, "", f"expected the weights it speaks of, {weights}, found none"))
    try:
        lines = data.decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        faults.append(Fault(path, "", f"expected UTF-8: {error}"))
        return
    missing = [heading for heading in HEADINGS if f"## {heading}" not in lines]
    if missing:
        faults.append(Fault(path, "", f"expected the headings {', '.join(HEADINGS)}; missing: {', '.join(missing)}"))


def _read(path: str, name: str, data: bytes, faults: list[Fault]) -> Weights | None:
    try:
        return _unpacked(name, data)
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        faults.append(Fault(path, "", f"expected weights as `pack` writes them: {error}"))
        return None


def _unpacked(name: str, data: bytes) -> Weights:
    """Raises ValueError, KeyError, TypeError or zlib.error where the bytes are none of `pack`'s."""
    if len(data) > LARGEST:
        raise ValueError(f"{len(data)} bytes, more than {LARGEST}")
    form, header, packed = data.split(b"\n", 2)
    if form != FORMAT:
        raise ValueError(f"the first line is {form[:40]!r}, not {FORMAT.decode()!r}")
    told = json.loads(header)
    body = zlib.decompress(packed)
    arrays: dict[str, Array] = {}
    at = 0
    for member, kind, shape in told["arrays"]:
        if kind not in TYPES:
            raise ValueError(f"{member}: the type {kind} is none of {', '.join(TYPES)}")
        count = math.prod(shape)
        arrays[member] = np.frombuffer(body, np.dtype(kind).newbyteorder("<"), count, at).reshape(shape)
        at += arrays[member].nbytes
    if at != len(body):
        raise ValueError(f"{len(body) - at} bytes are left over")
    return Weights(name, told["about"], arrays)
