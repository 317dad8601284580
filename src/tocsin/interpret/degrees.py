"""What is a matter of degree in how an act is told: trained weights over traits answer where rules only guess.

    judged(rules, language, telling) -> (modality, time, is_attributed)

A linear model for each question: the weights of the traits that a telling shows are added, and the
answer with the greatest sum wins if it is clearly ahead of what the rules say. Weights are whole
numbers, so that every machine gives the same answer. A date that the act itself bears decides alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from tocsin.interpret.traits import Telling, is_dated, traits
from tocsin.records import Modality, TimeSense
from tocsin.rules import Rules
from tocsin.rules.models import Weights

MODALITIES: Final[tuple[Modality, ...]] = ("actual", "intended", "possible", "negated", "demanded")
TIMES: Final[tuple[TimeSense, ...]] = ("current", "past", "future")
SAID: Final = ("none", "said")
# How far ahead another answer must be: what stands in the words (a negation, a modal verb, a speaker) yields to more.
# Who is said to tell what is only possible or meant stays its witness.
CLEAR, CLEAR_TIME, PLAIN, WITNESS = 40, 60, 90, 60


@dataclass(frozen=True, eq=False)
class Degrees:
    """Weights by trait number: one column for each answer of a question."""

    numbers: dict[str, int]
    modality: NDArray[np.int32]
    time: NDArray[np.int32]
    attribution: NDArray[np.int32] | None


@cache
def degrees(rules: Rules, language: str) -> Degrees | None:
    """The weights of a language, or None where none are trained."""
    weights = rules.models.get(f"assertion-{language}")
    return None if weights is None else _ready(weights)


def _ready(weights: Weights) -> Degrees:
    return Degrees(
        numbers=weights.traits(),
        modality=weights.arrays["modality"].astype(np.int32),
        time=weights.arrays["time"].astype(np.int32),
        attribution=weights.arrays["attribution"].astype(np.int32) if "attribution" in weights.arrays else None,
    )


def judged(rules: Rules, language: str, telling: Telling) -> tuple[Modality, TimeSense | None, bool]:
    """Modality and time of a telling, and whether its speaker is a witness to it, not only the one who does
    it; what the rules made of it where no weights are trained."""
    known = degrees(rules, language)
    if known is None:
        return telling.modality, telling.time, telling.speaker is not None
    shown = [known.numbers[trait] for trait in traits(telling) if trait in known.numbers]
    lead = CLEAR if telling.modality == "actual" else PLAIN
    modality = _best(known.modality[shown].sum(axis=0), MODALITIES, telling.modality, lead)
    said = telling.speaker is not None
    if said and telling.stance == "asserted" and modality == "actual" and known.attribution is not None:
        said = _best(known.attribution[shown].sum(axis=0), SAID, "said", WITNESS) == "said"
    if telling.time is None or is_dated(telling):
        return cast(Modality, modality), telling.time, said
    time = _best(known.time[shown].sum(axis=0), TIMES, telling.time, CLEAR_TIME)
    return cast(Modality, modality), cast(TimeSense, time), said


def _best(sums: NDArray[np.int32], answers: tuple[str, ...], told: str, lead: int) -> str:
    best = int(sums.argmax())
    return answers[best] if sums[best] - sums[answers.index(told)] >= lead else told
