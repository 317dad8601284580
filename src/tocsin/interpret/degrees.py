"""What is a matter of degree in how an act is told: trained weights over traits answer where rules only guess.

    judged(rules, language, telling) -> (modality, time, is_attributed)

A linear model for each question: the weights of the traits that a telling shows are added, and the
answer with the greatest sum wins if it is clearly ahead of what the rules say. Weights are whole
numbers, so that every machine gives the same answer. A date that the act itself bears decides alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from tocsin.interpret.clauses import SHORT
from tocsin.interpret.traits import Telling, is_dated, traits
from tocsin.records import Modality, TimeSense
from tocsin.rules import Rules
from tocsin.rules.models import Weights

MODALITIES: Final[tuple[Modality, ...]] = ("actual", "intended", "possible", "negated", "demanded")
TIMES: Final[tuple[TimeSense, ...]] = ("current", "past", "future")
SAID: Final = ("none", "said")
# How far ahead another answer must be: what stands in the words (a negation, a modal verb, a speaker) yields to more.
# Who is said to tell what is only possible or meant stays its witness.
# In a sentence of up to SHORT words, which say little of when, a time must be further ahead: the weights have learned
# from longer ones.
CLEAR, CLEAR_TIME, CLEAR_TIME_SHORT, PLAIN, WITNESS = 40, 80, 170, 120, 60


@dataclass(frozen=True, eq=False)
class Degrees:
    """Weights by trait number: one column for each answer of a question, those of MODALITIES, of TIMES and, where they
    are trained, of SAID."""

    numbers: dict[str, int]
    weights: NDArray[np.int32]

    def sums(self, shown: Iterable[str]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """What the weights of these traits add up to, for the answers of each question."""
        rows = [number for trait in shown if (number := self.numbers.get(trait)) is not None]
        total = self.weights[rows].sum(axis=0, dtype=np.int64)
        modality, time = len(MODALITIES), len(MODALITIES) + len(TIMES)
        return total[:modality], total[modality:time], total[time:]


@cache
def degrees(rules: Rules, language: str) -> Degrees | None:
    """The weights of a language, or None where none are trained."""
    weights = rules.models.get(f"assertion-{language}")
    return None if weights is None else _ready(weights)


def _ready(weights: Weights) -> Degrees:
    columns = [weights.arrays[name] for name in ("modality", "time", "attribution") if name in weights.arrays]
    return Degrees(weights.traits(), np.concatenate(columns, axis=1).astype(np.int32))


def judged(rules: Rules, language: str, telling: Telling) -> tuple[Modality, TimeSense | None, bool]:
    """Modality and time of a telling, and whether its speaker is a witness to it, not only the one who does
    it; what the rules made of it where no weights are trained."""
    known = degrees(rules, language)
    if known is None:
        return telling.modality, telling.time, telling.speaker is not None
    real, when, voice = known.sums(traits(telling))
    lead = CLEAR if telling.modality == "actual" else PLAIN
    modality = _best(real, MODALITIES, telling.modality, lead)
    said = telling.speaker is not None
    if said and telling.stance == "asserted" and modality == "actual" and len(voice):
        said = _best(voice, SAID, "said", WITNESS) == "said"
    if telling.time is None or is_dated(telling):
        return cast(Modality, modality), telling.time, said
    lead = CLEAR_TIME_SHORT if len(telling.clauses.words) <= SHORT else CLEAR_TIME
    time = _best(when, TIMES, telling.time, lead)
    return cast(Modality, modality), cast(TimeSense, time), said


def _best(sums: NDArray[np.int64], answers: tuple[str, ...], told: str, lead: int) -> str:
    best = int(sums.argmax())
    return answers[best] if sums[best] - sums[answers.index(told)] >= lead else told
