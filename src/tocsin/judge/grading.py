"""How far to believe a finding: NATO/Admiralty grade and claim belief.

Belief: logit p = logit prior + sum over independent witnesses, best first, of
discount^(k-1) * ln(ratio of the witness's grade); witnesses who deny subtract in the same way.
The credibility digit 1 to 6 (AJP-2.1) is an output and is never multiplied back in.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from tocsin.rules.warning import Levels, log_odds

RELIABILITIES = "ABCDEF"
Grades = Mapping[str, str]  # witness key -> reliability


def best(grades: Iterable[str]) -> str:
    """The best of some reliabilities; F where there are none."""
    return min(grades, default="F")


def support(grades: Iterable[str], levels: Levels) -> float:
    """The log of the likelihood ratio that independent witnesses of these grades give together.

    One more witness never lowers it: a grade whose ratio is below 1 counts only where no better one speaks.
    """
    logs = sorted((math.log(levels.likelihood_ratios[grade]) for grade in grades), reverse=True)
    if logs and logs[0] <= 0:
        return logs[0]
    return sum(max(0.0, log) * levels.cluster_discount**rank for rank, log in enumerate(logs))


def belief(asserting: Grades, denying: Grades, levels: Levels) -> float:
    """The probability that what is told took place, from 0 to 1."""
    logit = log_odds(levels.claim_prior)
    logit += support(asserting.values(), levels) - max(0.0, support(denying.values(), levels))
    return 1.0 / (1.0 + math.exp(-logit))


def credibility(asserting: Grades, denying: Grades) -> int:
    """1 confirmed by independent witnesses, 2 probably true, 3 possibly true, 4 doubtful, 5 improbable,
    6 can't be judged."""
    known = [g for g in asserting.values() if g != "F"]
    if not asserting:
        return 5 if denying else 6
    if denying:
        return 4 if len(denying) < len(asserting) else 5
    if len(known) >= 2:
        return 1
    if len(asserting) >= 2 or best(known) in "AB":
        return 2
    return 3 if known else 6


def grade(asserting: Grades, denying: Grades) -> str:
    """The Admiralty grade, e.g. 'B2': reliability of the best witness, credibility of the finding."""
    witnesses = asserting or denying
    return best(witnesses.values()) + str(credibility(asserting, denying))
