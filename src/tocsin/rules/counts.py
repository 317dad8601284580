"""rules/counts.toml: how daily counts of dyads are read, and what the hazard of a crisis starts from.

The file is optional: rules adopted before it existed still load, and then `Rules.counts` is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from tocsin.rules.reading import Examples, Fault, Table, toml

FILE = "counts.toml"
Dyad = tuple[str, str]  # two states, ISO 3166 alpha-3, in alphabetical order


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a dyad's ordinary days are. Shares are parts of the day's world volume, times `scale`."""

    scale: float
    days: int
    lag_days: int
    least_days: int
    spread_floor: float
    frozen_days: int
    followed_share: float
    followed_least_days: int


@dataclass(frozen=True, slots=True)
class Opening:
    """Which rows of a crisis table are dated onsets, when one knows of them, and how long they stay open."""

    sources: frozenset[str]
    known_after_days: int
    horizon_days: int
    closing_days: int
    open_days: int
    war_kinds: frozenset[str]
    war_open_days: int


@dataclass(frozen=True, slots=True)
class Structure:
    """What makes two states' crises likely before any report: history, nearness, arms, alliances."""

    from_year: int
    half_life_years: float
    severity_scale: float
    floor: float
    ridge: float
    least_km: float
    pacts: frozenset[str]
    partners: Mapping[str, str]
    land: frozenset[Dyad]
    sea: frozenset[Dyad]


@dataclass(frozen=True, slots=True)
class Hostility:
    """How hostility is told: as the mean of its logs over several numbers of `days`, each with `floor` added; by its
    worst day of `peak_days`; and as a surge, the last `surge_days` against ordinary days."""

    days: tuple[int, ...]
    peak_days: int
    surge_days: int
    floor: float


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of a logistic model before any data, and how strongly the fit is held to them."""

    start: Mapping[str, float]
    intercept: float
    ridge: float
    ridge_intercept: float


@dataclass(frozen=True, slots=True)
class Alerting:
    """When an alert opens and closes. Its log-odds are `prior` times those of the hazard `before_days` ago, when the
    surge was no part of it yet, plus `surge` times the surge. Their `threshold` counts for as many dyad-years as
    `threshold_years`; false openings allowed in a year; the way down."""

    prior: float
    surge: float
    before_days: int
    threshold: float
    threshold_years: float
    false_per_dyad_year: float
    tuned_days: int
    onset_days: int
    close_factor: float
    close_days: int


@dataclass(frozen=True, slots=True)
class Pooling:
    """How coded events add to W: log-odds per unit of surge, at most `cap`. A surge of `freeze_spreads` freezes the
    baseline until `freeze_days` passed without one; a stream `late_days` behind says nothing. `text` and `late`
    tell it: {stream} {a} {b} {day} {spreads} {counts} {findings} and {stream} {day}."""

    weight: float
    cap: float
    freeze_spreads: float
    freeze_days: int
    late_days: int
    text: str
    late: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything that the reading of daily dyad counts believes."""

    baseline: Baseline
    opening: Opening
    structure: Structure
    hostility: Hostility
    hazard: Weights
    simple: Weights
    alerting: Alerting
    pooling: Pooling | None
    examples: Examples


def parse(files: Mapping[str, bytes], faults: list[Fault]) -> Counts | None:
    """The settings, or None where the file is absent or of a form before this one (histories apart, or an alert
    fitted for itself); an example that fails is a fault."""
    if FILE not in files:
        return None
    table = toml(FILE, files[FILE], faults)
    structure = table.table("structure")
    if structure.has("crisis_half_life_years") or table.has("alert"):
        return None  # a home that adopted these still loads, and counts no dyads
    found = Counts(
        baseline=table.table("baseline").record(Baseline),
        opening=table.table("opening").record(Opening),
        structure=_structure(structure),
        hostility=_hostility(table.table("hostility")),
        hazard=_weights(table.table("hazard")),
        simple=_weights(table.table("simple")),
        alerting=table.table("alerting").record(Alerting),
        pooling=_pooling(table.table("pooling")) if table.has("pooling") else None,
        examples=table.examples(),
    )
    table.done()
    near = found.structure.land | found.structure.sea
    for wanted, names in ((True, found.examples.match), (False, found.examples.not_match)):
        for name in names:
            if (dyad(*name.partition("-")[::2]) in near) is not wanted:
                faults.append(Fault(FILE, "examples", f"{name}: expected {'' if wanted else 'no '}neighbours"))
    return found


def dyad(a: str, b: str) -> Dyad:
    return (a, b) if a < b else (b, a)


def _structure(table: Table) -> Structure:
    found = Structure(
        from_year=table.integer("from_year"),
        half_life_years=table.number("half_life_years"),
        severity_scale=table.number("severity_scale"),
        floor=table.number("floor"),
        ridge=table.number("ridge"),
        least_km=table.number("least_km"),
        pacts=frozenset(table.texts("pacts")),
        partners=table.text_mapping("partners"),
        land=_neighbours(table, "land"),
        sea=_neighbours(table, "sea"),
    )
    table.done()
    return found


def _neighbours(table: Table, field: str) -> frozenset[Dyad]:
    """Dyads from lines of 'A: B C D'; one that stands twice is a fault, for then one of the two is a slip."""
    found: set[Dyad] = set()
    for state, others in table.text_mapping(field).items():
        for other in others.split():
            pair = dyad(state, other)
            if pair in found or state == other:
                table.fault(f"{field}.{state}", f"{other} stands twice")
            found.add(pair)
    return frozenset(found)


def _hostility(table: Table) -> Hostility:
    days = tuple(int(n) for n in table.numbers("days"))
    if not days or min(days) < 1:
        table.fault("days", f"expected at least one number of days, each 1 or more, found {days}")
    found = Hostility(days, table.integer("peak_days"), table.integer("surge_days"), table.number("floor"))
    table.done()
    return found


def _weights(table: Table) -> Weights:
    start = table.table("start")
    found = Weights(
        start={name: start.number(name) for name in start.names()},
        intercept=table.number("intercept"),
        ridge=table.number("ridge"),
        ridge_intercept=table.number("ridge_intercept"),
    )
    table.done()
    return found


def _pooling(table: Table) -> Pooling:
    found = table.record(Pooling)
    named = {"stream", "a", "b", "day", "spreads", "counts", "findings"}
    for name, text, allowed in (("text", found.text, named), ("late", found.late, {"stream", "day"})):
        if unknown := {field for _, field, _, _ in Formatter().parse(text) if field} - allowed:
            table.fault(name, f"expected fields among {', '.join(sorted(allowed))}, found {', '.join(sorted(unknown))}")
    return found
