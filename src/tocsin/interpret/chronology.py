"""Happenings of the chronology that a document tells of: what was over before it was written is past.

past_happenings(document, rules, today) -> their numbers; names_one(rules, them, text, start, end)
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import cache

from tocsin.interpret import assertion
from tocsin.records import Document
from tocsin.rules import Rules
from tocsin.rules.needles import Worded


@dataclass(frozen=True, eq=False)
class _Chronology:
    """Happenings by the words that tell of them: `patterns[n]` holds for happening n one for each group of its words,
    `worded` tells which may be told at all."""

    worded: Worded
    patterns: tuple[tuple[re.Pattern[str], ...], ...]
    last_days: tuple[str, ...]


@cache
def _chronology(rules: Rules) -> _Chronology:
    happenings = tuple(rules.chronology.values())
    worded = Worded([[word.removesuffix("*") for word in group] for group in h.words] for h in happenings)
    patterns = tuple(tuple(_any_of(group) for group in h.words) for h in happenings)
    return _Chronology(worded, patterns, tuple(h.date_end for h in happenings))


def _any_of(group: tuple[str, ...]) -> re.Pattern[str]:
    members = (re.escape(m.removesuffix("*")) + (r"\w*" if m.endswith("*") else "") for m in group)
    return re.compile(r"\b(?:" + "|".join(members) + r")\b", re.IGNORECASE)


def past_happenings(document: Document, rules: Rules, today: datetime.date | None) -> tuple[int, ...]:
    """Happenings that the document may name and that were over before it was written."""
    known = _chronology(rules)
    limit = (today - datetime.timedelta(days=assertion.CURRENT_DAYS)).isoformat() if today else None
    named = known.worded.among(document.text.lower())
    return tuple(n for n in named if limit is None or known.last_days[n] < limit)


def names_one(rules: Rules, happenings: tuple[int, ...], text: str, start: int, end: int) -> bool:
    """Whether text[start:end] names one of these happenings."""
    if not happenings:
        return False
    known = _chronology(rules)
    likely = (known.patterns[n] for n in known.worded.among(text[start:end].lower()) if n in happenings)
    return any(all(group.search(text, start, end) for group in groups) for groups in likely)
