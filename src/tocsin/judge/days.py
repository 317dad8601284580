"""Days as numbers: all ages are counted in whole days, UTC."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any


def day_number(text: str | None) -> int | None:
    """The day of an ISO date or time, counted from 0001-01-01; None where there is none."""
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text[:10]).toordinal()
    except ValueError:
        return None


def day_text(day: int) -> str:
    """'YYYY-MM-DD' of a day number."""
    return datetime.date.fromordinal(day).isoformat()


def hours_later(moment: str, hours: int) -> str:
    """A time so many hours after another, in UTC with seconds."""
    start = datetime.datetime.fromisoformat(moment if len(moment) > 10 else moment + "T23:59:59+00:00")
    aware = start if start.tzinfo else start.replace(tzinfo=datetime.UTC)
    return (aware + datetime.timedelta(hours=hours)).astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def drop_days(kept: Mapping[str, dict[int, Any]], before: int) -> None:
    """Takes the days before this one out of what is kept by area and day."""
    for days in kept.values():
        for day in [day for day in days if day < before]:
            del days[day]
