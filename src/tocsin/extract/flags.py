"""What kind of page it is, by signs that the rules weigh."""

from __future__ import annotations

from collections import defaultdict

from tocsin.rules import Rules
from tocsin.rules.furniture import FLAGS, FlagRule

LEAD = 600


def flags_of(title: str | None, url: str | None, text: str, dropped: tuple[str, ...], rules: Rules) -> tuple[str, ...]:
    """The flags whose signs together weigh at least 1, in the contract's order."""
    scores: dict[str, float] = defaultdict(float)
    searched = {"title": title or "", "lead": text[:LEAD], "text": text, "url": url or ""}
    lines = [*text.split("\n"), *dropped]
    for rule in rules.furniture.flags:
        scores[rule.flag] += rule.weight * _hits(rule, searched, lines)
    return tuple(flag for flag in FLAGS if scores[flag] >= 1.0)


def _hits(rule: FlagRule, searched: dict[str, str], lines: list[str]) -> int:
    if rule.where == "line":
        count = sum(map(rule.sieve.takes, lines))
    else:
        count = sum(len(pattern.findall(searched[rule.where])) for pattern in rule.patterns)
    return min(count, rule.most)
