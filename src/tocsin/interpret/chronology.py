"""Happenings of the chronology that a document tells of: what was over before it was written is past.

past_happenings(document, rules, today) -> their numbers; names_one(rules, them, text, start, end)
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick

from tocsin.interpret import assertion
from tocsin.records import Document
from tocsin.rules import Rules


@dataclass(frozen=True, eq=False)
class _Chronology:
    """Happenings by the words that tell of them: `finder` finds member numbers, `groups[n]` holds for
    happening n the members of each of its groups, `patterns[n]` the same as whole words, `begun_by` the
    happenings whose first group holds a member."""

    finder: AhoCorasick
    groups: tuple[tuple[frozenset[int], ...], ...]
    patterns: tuple[tuple[re.Pattern[str], ...], ...]
    last_days: tuple[str, ...]
    begun_by: dict[int, tuple[int, ...]]


@cache
def _chronology(rules: Rules) -> _Chronology:
    members: dict[str, int] = {}
    happenings = tuple(rules.chronology.values())
    groups = tuple(
        tuple(frozenset(members.setdefault(m.removesuffix("*"), len(members)) for m in group) for group in h.words)
        for h in happenings
    )
    patterns = tuple(tuple(_any_of(group) for group in h.words) for h in happenings)
    begun: dict[int, tuple[int, ...]] = {}
    for n, listed in enumerate(groups):
        for member in listed[0]:
            begun[member] = (*begun.get(member, ()), n)
    return _Chronology(AhoCorasick(list(members)), groups, patterns, tuple(h.date_end for h in happenings), begun)


def _any_of(group: tuple[str, ...]) -> re.Pattern[str]:
    members = (re.escape(m.removesuffix("*")) + (r"\w*" if m.endswith("*") else "") for m in group)
    return re.compile(r"\b(?:" + "|".join(members) + r")\b", re.IGNORECASE)


def past_happenings(document: Document, rules: Rules, today: datetime.date | None) -> tuple[int, ...]:
    """Happenings that the document may name and that were over before it was written."""
    known = _chronology(rules)
    limit = (today - datetime.timedelta(days=assertion.CURRENT_DAYS)).isoformat() if today else None
    found = _members(known, document.text)
    named = sorted({n for member in found for n in known.begun_by.get(member, ())})
    return tuple(
        n for n in named if (limit is None or known.last_days[n] < limit) and _may_be_told(known.groups[n], found)
    )


def names_one(rules: Rules, happenings: tuple[int, ...], text: str, start: int, end: int) -> bool:
    """Whether text[start:end] names one of these happenings."""
    if not happenings:
        return False
    known = _chronology(rules)
    found = _members(known, text[start:end])
    likely = (known.patterns[n] for n in happenings if _may_be_told(known.groups[n], found))
    return any(all(group.search(text, start, end) for group in groups) for groups in likely)


def _members(known: _Chronology, text: str) -> set[int]:
    return {index for index, _, _ in known.finder.find_matches_as_indexes(text.lower(), overlapping=True)}


def _may_be_told(groups: tuple[frozenset[int], ...], found: set[int]) -> bool:
    return all(not group.isdisjoint(found) for group in groups)
