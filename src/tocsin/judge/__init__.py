"""Step 5: findings -> indicators -> levels. `Judge` folds documents in and assesses at each tick."""

from __future__ import annotations

from tocsin.judge.again import Step, Told, as_judged, bears_on, judged_again, without_text
from tocsin.judge.contract import assess_object
from tocsin.judge.fold import Judge
from tocsin.judge.proposal import propose
from tocsin.judge.tallies import narrowed

__all__ = [
    "Judge",
    "Step",
    "Told",
    "as_judged",
    "assess_object",
    "bears_on",
    "judged_again",
    "narrowed",
    "propose",
    "without_text",
]
