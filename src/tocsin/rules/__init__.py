"""What we believe: frozen rules, parsed from bytes. Reading the files is an effect (`tocsin.bundle`).

    rules = parse(files)        files: path below rules/ -> bytes

Every rule file has one owner module here, which holds the dataclasses that its kind of rule becomes.
A fault anywhere makes `parse` raise `RulesError` with all faults at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.records import canonical, digest
from tocsin.rules import (
    bulletins,
    calendar,
    cap,
    centres,
    channels,
    counts,
    gazetteer,
    grouping,
    models,
    roles,
    sites,
    titles,
    world,
)
from tocsin.rules import furniture as furniture_rules
from tocsin.rules import wording as wording_rules
from tocsin.rules.furniture import Furniture
from tocsin.rules.gazetteer import Site, parse_places
from tocsin.rules.grammar import Grammar, parse_grammars
from tocsin.rules.reading import Examples, Fault, RulesError
from tocsin.rules.sources import Source, parse_sources
from tocsin.rules.warning import Area, Indicator, Levels, parse_areas, parse_indicators, parse_levels
from tocsin.rules.wording import Joining, Wording, parse_joining, parse_wording
from tocsin.rules.world import (
    Entity,
    Happening,
    MaterielType,
    State,
    parse_chronology,
    parse_entities,
    parse_materiel,
    parse_states,
)

__all__ = ["Examples", "Fault", "Rules", "RulesError", "parse"]


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Rules:
    """All rules, frozen. Hashed by identity, so that what is compiled from them can be cached by them."""

    digest: str
    bulletins: bulletins.BulletinRules | None
    cap: cap.CapRules
    channels: channels.ChannelRules
    counts: counts.Counts | None
    furniture: Furniture
    grouping: grouping.Grouping
    states: Mapping[str, State]
    entities: Mapping[str, Entity]
    materiel: Mapping[str, MaterielType]
    chronology: Mapping[str, Happening]
    calendars: Mapping[str, calendar.Calendar]
    grammars: Mapping[str, Grammar]
    models: Mapping[str, models.Weights]
    roles: Mapping[str, roles.Roles]
    centres: Mapping[str, centres.Centre]
    places: tuple[Site, ...]
    sources: Mapping[str, Source]
    sites: Mapping[str, sites.Site]
    titles: titles.Titles | None
    levels: Levels
    indicators: Mapping[str, Indicator]
    areas: Mapping[str, Area]
    joining: Joining
    wording: Wording


def parse(files: Mapping[str, bytes]) -> Rules:
    """Rules from files (path below rules/, '/'-separated, to bytes). Raises RulesError."""
    faults: list[Fault] = []
    states = parse_states(files, faults)
    entities = parse_entities(files, states, faults)
    materiel = parse_materiel(files, states, faults)
    chronology = parse_chronology(files, states, faults)
    calendars = calendar.parse(files, faults)
    grammars = parse_grammars(files, faults)
    found_models = models.parse(files, faults)
    found_roles = roles.parse(files, faults)
    found_centres = centres.parse(files, faults)
    found_grouping = grouping.parse(files, faults)
    furniture = furniture_rules.parse(files, faults)
    places = parse_places(files, faults)
    sources = parse_sources(files, faults)
    found_sites = sites.parse(files, faults)
    found_titles = titles.parse(files, faults)
    levels = parse_levels(files, faults)
    found_cap = cap.parse(files, faults)
    found_bulletins = bulletins.parse(files, faults)
    found_channels = channels.parse(files, faults)
    found_counts = counts.parse(files, faults)
    indicators = parse_indicators(files, faults)
    areas = parse_areas(files, faults, indicators)
    joining = parse_joining(files, faults)
    wording = parse_wording(files, faults)
    faults += [Fault(path, "", "unknown rule file; nothing reads it") for path in sorted(files) if not _read(path)]
    if faults or levels is None:
        raise RulesError(faults)
    return Rules(
        digest=digest_of(files),
        bulletins=found_bulletins,
        cap=found_cap,
        channels=found_channels,
        counts=found_counts,
        furniture=furniture,
        grouping=found_grouping,
        states=states,
        entities=entities,
        materiel=materiel,
        chronology=chronology,
        calendars=calendars,
        grammars=grammars,
        models=found_models,
        roles=found_roles,
        centres=found_centres,
        places=places,
        sources=sources,
        sites=found_sites,
        titles=found_titles,
        levels=levels,
        indicators=indicators,
        areas=areas,
        joining=joining,
        wording=wording,
    )


_FOLDERS = ("areas/", "indicators/", "languages/", "sources/")
_FILES = (
    world.PATHS
    | wording_rules.PATHS
    | {bulletins.FILE, cap.FILE, centres.FILE, channels.FILE, counts.FILE, gazetteer.FILE, grouping.FILE, titles.FILE}
    | {"furniture.toml", "levels.toml", "origins.toml", "repairs.toml", "repeated.tsv"}
)


def _read(path: str) -> bool:
    """Whether some module here reads this file; what stands in models/ is for `models` to judge."""
    if sites.claims(path):
        return True
    return path in _FILES or path.startswith(models.FOLDER) or (path.startswith(_FOLDERS) and path.endswith(".toml"))


def digest_of(files: Mapping[str, bytes]) -> str:
    """The digest of a rule folder: of the canonical JSON of path -> digest of the file."""
    return digest(canonical({path: digest(data) for path, data in sorted(files.items())}))
