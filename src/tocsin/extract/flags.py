"""What kind of page it is, by signs that the rules weigh."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from tocsin.rules import Rules
from tocsin.rules.furniture import FLAGS, PLACES, FlagRule, found
from tocsin.rules.needles import Asked

LEAD = 600


def flags_of(title: str | None, url: str | None, text: str, dropped: tuple[str, ...], rules: Rules) -> tuple[str, ...]:
    """The flags whose signs together weigh at least 1, in the contract's order."""
    lines = "\n".join((text, *dropped))
    searched = {"title": title or "", "lead": text[:LEAD], "text": text, "url": url or "", "line": lines}
    scores: dict[str, float] = defaultdict(float)
    for where, (rules_there, signs, asked) in _signs(rules).items():
        promising: dict[int, list[re.Pattern[str]]] = defaultdict(list)
        for n in asked.among(searched[where]):
            owner, pattern = signs[n]
            promising[owner].append(pattern)
        for owner, patterns in promising.items():
            rule = rules_there[owner]
            scores[rule.flag] += rule.weight * min(_hits(patterns, where, searched[where]), rule.most)
    return tuple(flag for flag in FLAGS if scores[flag] >= 1.0)


@cache
def _signs(rules: Rules) -> dict[str, tuple[list[FlagRule], list[tuple[int, re.Pattern[str]]], Asked]]:
    """By the part of a page: the rules that search it, their patterns with the rule's place, and these to be asked."""
    grouped = {}
    for where in PLACES:
        there = [rule for rule in rules.furniture.flags if rule.where == where]
        signs = [(n, pattern) for n, rule in enumerate(there) for pattern in rule.patterns]
        grouped[where] = there, signs, Asked([pattern for _, pattern in signs])
    return grouped


def _hits(patterns: list[re.Pattern[str]], where: str, searched: str) -> int:
    """How many lines have one of the patterns, or how often they are found elsewhere."""
    if where == "line":
        return sum(any(found(pattern, line) for pattern in patterns) for line in searched.split("\n"))
    return sum(len(pattern.findall(searched)) for pattern in patterns)
