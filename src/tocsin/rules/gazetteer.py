"""Where things are: rules/places.tsv, sites by hand and world cities (GeoNames, CC BY 4.0)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tocsin.rules.reading import Fault

FILE = "places.tsv"
COLUMNS = ("id", "name", "kind", "country", "lat", "lon", "population", "aliases")


class Site(NamedTuple):
    """A place with a name. A tuple, because there are tens of thousands and a dataclass costs ten
    times as long to build. `country`: ISO 3166 alpha-3, '' where none (high seas) or several;
    `lat`, `lon` in degrees (WGS 84); `population` 0 where it says nothing."""

    id: str
    name: str
    kind: str
    country: str
    lat: float
    lon: float
    population: int
    aliases: tuple[str, ...]


def parse_places(files: Mapping[str, bytes], faults: list[Fault]) -> tuple[Site, ...]:
    """All sites in the order of the file: those by hand first, then cities, larger ones first."""
    if FILE not in files:
        return ()
    try:
        lines = files[FILE].decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        faults.append(Fault(FILE, "", f"expected UTF-8: {error}"))
        return ()
    sites: list[Site] = []
    header_seen = False
    for number, line in enumerate(lines, 1):
        if not line or line[0] == "#":
            continue
        if not header_seen:
            header_seen = True
            if tuple(line.split("\t")) != COLUMNS:
                faults.append(Fault(FILE, f"line {number}", f"expected columns {COLUMNS}, found {line!r}"))
                return ()
            continue
        try:
            id_, name, kind, country, lat, lon, population, aliases = line.split("\t")
            sites.append(
                Site(
                    id_,
                    name,
                    kind,
                    country,
                    float(lat),
                    float(lon),
                    int(population),
                    tuple(aliases.split("|")) if aliases else (),
                )
            )
        except ValueError as error:
            faults.append(Fault(FILE, f"line {number}", f"expected eight cells with numbers in place: {error}"))
    _check_ids(sites, faults)
    return tuple(sites)


def _check_ids(sites: list[Site], faults: list[Fault]) -> None:
    seen: set[str] = set()
    if len({site.id for site in sites}) == len(sites):
        return
    for site in sites:
        if site.id in seen:
            faults.append(Fault(FILE, site.id, "this id stands twice"))
        seen.add(site.id)
