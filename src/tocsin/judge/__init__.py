"""Step 5: findings -> indicators -> levels. `Judge` folds documents in and assesses at each tick."""

from __future__ import annotations

from tocsin.judge.contract import assess_object
from tocsin.judge.fold import Judge
from tocsin.judge.proposal import propose

__all__ = ["Judge", "assess_object", "propose"]
