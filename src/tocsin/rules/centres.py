"""The middle of states, and of parts of states that news names: rules/centres.tsv."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tocsin.rules.reading import Fault, listed, tsv

FILE = "centres.tsv"
COLUMNS = ("id", "kind", "name", "country", "lat", "lon", "aliases")
KINDS = ("state", "division")


class Centre(NamedTuple):
    """About the middle of a state (its id and country are ISO 3166 alpha-3, its names stand in
    actors/states.tsv) or of a division such as a province; degrees, WGS 84."""

    id: str
    kind: str
    name: str
    country: str
    lat: float
    lon: float
    aliases: tuple[str, ...]


def parse(files: Mapping[str, bytes], faults: list[Fault]) -> dict[str, Centre]:
    """Centres by id. A division needs a name; numbers must be degrees."""
    found: dict[str, Centre] = {}
    if FILE not in files:
        return found
    for row in tsv(FILE, files[FILE], COLUMNS, faults):
        if row["kind"] not in KINDS or (row["kind"] == "division" and not row["name"]):
            faults.append(Fault(FILE, row["id"], f"expected a state, or a division with a name, found {row['kind']!r}"))
        if row["id"] in found:
            faults.append(Fault(FILE, row["id"], "this id stands twice"))
        lat, lon = _degrees(row, "lat", 90, faults), _degrees(row, "lon", 180, faults)
        found[row["id"]] = Centre(row["id"], row["kind"], row["name"], row["country"], lat, lon, listed(row["aliases"]))
    return found


def _degrees(row: Mapping[str, str], column: str, limit: float, faults: list[Fault]) -> float:
    try:
        value = float(row[column])
    except ValueError:
        value = limit + 1
    if abs(value) > limit:
        faults.append(
            Fault(FILE, f"{row['id']}.{column}", f"expected degrees within ±{limit:g}, found {row[column]!r}")
        )
    return value
