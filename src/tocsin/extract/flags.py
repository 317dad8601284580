"""What kind of page it is, by signs that the rules weigh."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from tocsin.rules import Rules
from tocsin.rules.furniture import FLAGS, FlagRule, finder
from tocsin.rules.needles import Asked

LEAD = 600
ENOUGH = 1.0  # weight from which a flag is set
ROUNDING = 1e-9
WITHIN = ("lead", "text", "line")  # places that are parts of one text, asked together what may be found there
Signs = Sequence[tuple[FlagRule, list[re.Pattern[str]]]]


def flags_of(title: str | None, url: str | None, text: str, dropped: tuple[str, ...], rules: Rules) -> tuple[str, ...]:
    """The flags whose signs together weigh at least 1, in the contract's order."""
    whole = "\n".join((text, *dropped))
    searched = {"title": title or "", "lead": text[:LEAD], "text": text, "url": url or "", "line": whole}
    promising = _promising({"title": searched["title"], "url": searched["url"], "line": whole}, rules)
    return tuple(flag for flag in FLAGS if flag in promising and _is_enough(promising[flag], searched))


def _promising(searched: Mapping[str, str], rules: Rules) -> dict[str, Signs]:
    """By flag: the rules that may find something, with those of their patterns that may."""
    patterns: dict[int, list[re.Pattern[str]]] = defaultdict(list)
    for where, text in searched.items():
        signs, asked = _signs(rules)[where]
        for n in asked.among(text):
            owner, pattern = signs[n]
            patterns[owner].append(pattern)
    found: dict[str, list[tuple[FlagRule, list[re.Pattern[str]]]]] = defaultdict(list)
    for owner in sorted(patterns):
        rule = rules.furniture.flags[owner]
        found[rule.flag].append((rule, patterns[owner]))
    return dict(found)


@cache
def _signs(rules: Rules) -> dict[str, tuple[list[tuple[int, re.Pattern[str]]], Asked]]:
    """By the text in which they are looked for: patterns with the place of their rule, and these to be asked."""
    grouped: dict[str, list[tuple[int, re.Pattern[str]]]] = {"title": [], "url": [], "line": []}
    for n, rule in enumerate(rules.furniture.flags):
        grouped["line" if rule.where in WITHIN else rule.where] += [(n, pattern) for pattern in rule.patterns]
    return {where: (signs, Asked([pattern for _, pattern in signs])) for where, signs in grouped.items()}


def _is_enough(signs: Signs, searched: Mapping[str, str]) -> bool:
    """Whether these signs weigh enough together; those that tell most are looked for first, and no more than needed."""
    open_ = [rule.weight * rule.most for rule, _ in signs]
    score = 0.0
    for n in sorted(range(len(signs)), key=open_.__getitem__, reverse=True):
        if not score < ENOUGH <= score + sum(open_) + ROUNDING:
            break
        rule, patterns = signs[n]
        open_[n] = 0.0
        score += rule.weight * min(_hits(patterns, rule.where, searched[rule.where]), rule.most)
    return score >= ENOUGH


def _hits(patterns: Sequence[re.Pattern[str]], where: str, searched: str) -> int:
    """How many lines have one of the patterns, or how often they are found elsewhere."""
    if where != "line":
        return sum(len(pattern.findall(searched)) for pattern in patterns)
    lines = searched.split("\n")
    without = lines
    for find in map(finder, patterns):
        without = [line for line in without if not find(line)]
    return len(lines) - len(without)
