"""Two rule sets on the same evidence: where they differ, and which does better. Everything here is pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tocsin.scoring import areas


@dataclass(frozen=True, slots=True)
class Step:
    """One area at one step under one rule set: its row, the rule that decided, and the indicators that were on."""

    row: areas.Row
    decided_by: str
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A step at which two rule sets give an area another level. None where it is unwatched."""

    day: int
    area: str
    level_a: int | None
    level_b: int | None
    decided_a: str
    decided_b: str
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]


def differences(a: Iterable[Step], b: Iterable[Step]) -> tuple[Difference, ...]:
    """Where the levels differ, by day and area; indicators are those that are on under one rule set alone. An area
    that one rule set lacks is unwatched there."""
    mine, theirs = ({(one.row.day, one.row.area): one for one in steps} for steps in (a, b))
    found = []
    for key in sorted(mine.keys() | theirs.keys()):
        one, other = mine.get(key, _absent(*key)), theirs.get(key, _absent(*key))
        if one.row.level != other.row.level:
            found.append(
                Difference(
                    *key,
                    one.row.level,
                    other.row.level,
                    one.decided_by,
                    other.decided_by,
                    tuple(i for i in one.indicators if i not in other.indicators),
                    tuple(i for i in other.indicators if i not in one.indicators),
                )
            )
    return tuple(found)


def _absent(day: int, area: str) -> Step:
    return Step(areas.Row(day, area, None, 0.0, 0), "area/absent", ())


def summary(steps: Iterable[Step]) -> dict[str, Any]:
    """What a rule set made of the evidence: steps by level, what decided, how often indicators were on, reversals."""
    held = list(steps)
    return {
        "steps_by_level": _counted(str(one.row.level) for one in held),
        "decided_by": _counted(one.decided_by for one in held),
        "indicators": _counted(i for one in held for i in one.indicators),
        "reversals_per_area_year": areas.reversals(areas.course(one.row for one in held)) if held else None,
    }


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))


def scored(war: dict[str, Any], levels: dict[str, Any]) -> dict[str, Any]:
    """The few figures that a comparison or a floor needs, flat: better is higher, but for the last three."""
    alerts = levels["alerts"]
    return {
        "levels_auc": levels["order"]["tocsin"]["auc"],
        "levels_average_precision": levels["order"]["tocsin"]["average_precision"],
        "war_auc": war["tocsin"]["auc"],
        "war_log_skill": war["tocsin"]["log_skill"],
        "war_brier_skill": war["tocsin"]["brier_skill"],
        "crises_seen": alerts.seen,
        "crises": alerts.onsets,
        "delay_days": alerts.delay,
        "false_alerts_per_area_year": alerts.false_per_year,
        "reversals_per_area_year": levels["reversals_per_area_year"],
    }
