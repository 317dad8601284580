"""Times as the desk counts with them: RFC 3339 strings in UTC, which compare as text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_FORM = "%Y-%m-%dT%H:%M:%SZ"


def now() -> str:
    return datetime.now(UTC).strftime(_FORM)


def after(time: str, seconds: int) -> str:
    """The time so many seconds later (or earlier, where negative)."""
    return (datetime.fromisoformat(time) + timedelta(seconds=seconds)).strftime(_FORM)
