"""Labelled sentences beside what is read in them: which events are missed, added, or told otherwise.

    compared(gold events, statements) -> Comparison

Events and statements of one type are paired, those first that share a trigger and countries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tocsin.records import Actor, Statement

Event = Mapping[str, Any]
ANSWERS: Final = ("modality", "stance", "time")
NOBODY: Final = "-"
UNKNOWN: Final = "XXX"


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that is told otherwise: 'source', 'target', 'attribution', 'modality', 'stance' or 'time'."""

    field: str
    wanted: str
    told: str


@dataclass(frozen=True, slots=True)
class Pair:
    """An event and its statement; either is None where the other has no partner."""

    event: Event | None
    statement: Statement | None
    differences: tuple[Difference, ...]

    @property
    def is_right(self) -> bool:
        return self.event is not None and self.statement is not None and not self.differences

    def classes(self) -> list[str]:
        """What went wrong, one word each: 'missed ASSAULT', 'added ACCUSE', 'target', 'time past for current'."""
        if self.event is None or self.statement is None:
            kind = self.statement.type if self.statement is not None else (self.event or {})["type"]
            return [f"{'added' if self.event is None else 'missed'} {kind}"]
        named = [d for d in self.differences if d.field in ANSWERS]
        return [d.field for d in self.differences if d.field not in ANSWERS] + [
            f"{d.field} {d.told} for {d.wanted}" for d in named
        ]


def compared(events: Sequence[Event], statements: Sequence[Statement]) -> tuple[Pair, ...]:
    """Pairs in the order of the events, then what is told without a label."""
    free = [statement for statement in statements if statement.type is not None]
    ranked = sorted(
        ((_likeness(event, s), -n, -m) for n, event in enumerate(events) for m, s in enumerate(free)), reverse=True
    )
    partner: dict[int, int] = {}
    for likeness, n, m in ranked:
        if likeness > 0 and -n not in partner and -m not in partner.values():
            partner[-n] = -m
    pairs = [_pair(event, free[partner[n]] if n in partner else None) for n, event in enumerate(events)]
    added = [statement for m, statement in enumerate(free) if m not in partner.values()]
    return (*pairs, *(Pair(None, statement, ()) for statement in added))


def _likeness(event: Event, statement: Statement) -> int:
    """0 for unlike types, else 1 and more for a shared trigger and shared countries."""
    if event["type"] != statement.type:
        return 0
    span = (event.get("trigger") or {}).get("span")
    shares = span is not None and span[0] < statement.trigger.span[1] and statement.trigger.span[0] < span[1]
    same = sum(wanted_country(event.get(role)) in countries(getattr(statement, role)) for role in ("source", "target"))
    return 1 + same + 2 * shares


def _pair(event: Event, statement: Statement | None) -> Pair:
    if statement is None:
        return Pair(event, None, ())
    found = [
        Difference(role, wanted_country(event.get(role)), "+".join(countries(getattr(statement, role))))
        for role in ("source", "target")
        if wanted_country(event.get(role)) not in countries(getattr(statement, role))
    ]
    if (event.get("attribution") is None) != (statement.attribution is None):
        who = statement.attribution
        found.append(Difference("attribution", wanted_country(event.get("attribution")), who.name if who else NOBODY))
    found += [
        Difference(name, event[name], str(getattr(statement, name)))
        for name in ANSWERS
        if name in event and event[name] != getattr(statement, name)
    ]
    return Pair(event, statement, tuple(found))


def wanted_country(party: Mapping[str, Any] | None) -> str:
    """The country of a label: '-' for nobody, XXX where it is unknown or no state."""
    return NOBODY if party is None else party.get("country") or UNKNOWN


def countries(actors: Sequence[Actor]) -> list[str]:
    return sorted({actor.country or UNKNOWN for actor in actors}) or [NOBODY]
