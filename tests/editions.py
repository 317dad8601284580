"""Editions made in memory: areas with the levels they had, and nothing under them."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from tocsin.publish import Edition, Seal
from tocsin.publish.seal import make_seal
from tocsin.records import Assessment, Coverage, Judgement, Overall, Probability, Reason, Recipe
from world import rules

ADDRESS = "https://watch.example.org/"
Told = tuple[str, int | None, Literal["assessed", "stale", "unknown"]]


@cache
def seal() -> Seal:
    return make_seal("A watch (exercise)")


def judgement(area: str, as_of: str, level: int | None, status: Any = "assessed", **fields: Any) -> Judgement:
    """A judgement that holds for a week; any field of Judgement may be given."""
    chance = Probability(0.01, 0.005, 0.02, 30, "about 1 in 100")
    words = rules().levels.level(level) if level is not None else None
    day = int(as_of[8:10])
    values: dict[str, Any] = {
        "as_of": as_of,
        "area": area,
        "name": rules().areas[area].name,
        "status": status,
        "level": level,
        "colour": words.colour if words else None,
        "phrase": words.phrase if words else rules().levels.unknown_phrase,
        "previous": None,
        "war": chance,
        "nuclear": chance,
        "confidence": "moderate",
        "confidence_text": "Confidence is moderate.",
        "coverage": Coverage("watched", 5, 4),
        "observations": (),
        "decided_by": Reason("level/test", "A test decided."),
        "reasons_for": (Reason("r", "“Tanks were <b>seen</b> &amp; heard” (a report)."),),
        "reasons_against": (),
        "contradictions": (),
        "missing": (),
        "would_raise": (),
        "would_lower": (),
        "hypotheses": (),
        "expires": f"{as_of[:8]}{day + 7:02d}{as_of[10:]}" if level is not None else None,
    }
    return Judgement(**(values | fields))


def edition(timelines: dict[str, list[Told]], **fields: Any) -> Edition:
    """An exercise's edition from (as-of, level, status) rows of each area, oldest first."""
    told = {area: tuple(judgement(area, *row) for row in rows) for area, rows in timelines.items()}
    latest = tuple(rows[-1] for rows in told.values() if rows)
    overall = Overall("assessed", 4, "blue", "A phrase.", Reason("overall/worst", "The worst decides."), 1, 0)
    recipe = Recipe("sha256:" + "0" * 64, "sha256:" + "1" * 64, "sha256:" + "2" * 64)
    as_of = max(row.as_of for row in latest)
    values: dict[str, Any] = {
        "name": "A watch & more",
        "address": ADDRESS,
        "assessment": Assessment(as_of, recipe, overall, latest, (), fields.get("status") != "actual"),
        "statements": {},
        "documents": {},
        "memberships": {},
        "timelines": told,
        "rules": rules(),
        "seal": seal(),
    }
    return Edition(**(values | fields))


def crisis(**fields: Any) -> Edition:
    """Two areas change at one moment; one rises, stands, falls, is lost; one only runs out."""
    days = [f"2019-03-{day:02d}T23:59:59Z" for day in range(1, 21)]
    levels: list[int | None] = [5, 5, 4, 4, 4, 4, 4, 3, 3, 4, None]
    rising: list[Told] = [
        (day, level, "assessed" if level else "unknown") for day, level in zip(days, levels, strict=False)
    ]
    still: list[Told] = [(days[0], 5, "assessed"), (days[2], 4, "assessed"), (days[9], 4, "stale")]
    return edition({"korea": rising, "venezuela": still}, **fields)
