"""The part of a sentence that is about one act: other acts of the same sentence have words of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tocsin.records import Span, Statement
from tocsin.rules import Rules


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an act: `clause`, its own words; `onward`, those from its trigger on; `before`, all
    of the sentence up to the trigger. For an act that nobody could type all is the whole sentence."""

    clause: str
    onward: str
    before: str

    @classmethod
    def whole(cls, text: str) -> Around:
        return cls(text, text, "")


def trigger_at(statement: Statement) -> Span | None:
    """Where the trigger stands in the statement's own text, or None where it has none."""
    words = statement.trigger.text
    start = statement.trigger.span[0] - statement.span[0]
    if words and statement.text[max(0, start) : max(0, start) + len(words)] != words:
        start = statement.text.find(words)
    return (start, start + len(words)) if words and start >= 0 else None


def around(statement: Statement, rivals: tuple[int, ...], rules: Rules) -> Around:
    """The act's surroundings; `rivals` are where the sentence's other triggers stand in its text."""
    at = trigger_at(statement)
    if statement.type is None or at is None:
        return Around.whole(statement.text)
    start, end = clause(statement.text, at, rivals, rules)
    reach = rules.levels.reach
    start, end = max(start, at[0] - reach), min(end, at[1] + reach)
    text = statement.text
    return Around(text[start:end], text[at[0] : end], text[: at[0]])


def clause(text: str, at: Span, rivals: tuple[int, ...], rules: Rules) -> Span:
    """Where the clause around some words begins and ends.

    A semicolon, a dash or a comma before a conjunction always ends it; a bare comma or conjunction only
    where it is the nearest one to another act beyond it, so that lists hold together.
    """
    ends = [(m.start(), m.end(), _strong(m)) for m in _ends(rules.levels.clause_ends).finditer(text)]
    left = [e for _, e, strong in ends if strong and e <= at[0]]
    right = [s for s, _, strong in ends if strong and s >= at[1]]
    for rival in rivals:
        if rival < at[0]:
            left += [e for _, e, _ in ends if rival < e <= at[0]][:1]
        elif rival >= at[1]:
            right += [s for s, _, _ in ends if at[1] <= s <= rival][-1:]
    return max(left, default=0), min(right, default=len(text))


def _strong(found: re.Match[str]) -> bool:
    return found["strong"] is not None


@cache
def _ends(words: tuple[str, ...]) -> re.Pattern[str]:
    listed = "|".join(map(re.escape, words)) or r"(?!)"
    strong = rf"[;:]\s|\s[-–—]\s|,\s(?=(?:{listed})\b)"
    return re.compile(rf"(?P<strong>{strong})|,\s|\b(?:{listed})\b\s", re.IGNORECASE)
