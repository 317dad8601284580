"""What the teacher made of unlabelled news, as training/events.py and training/roles.py learn from it."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tocsin.interpret import roles


class Act(NamedTuple):
    """An act that the teacher finds: its word, its root, chances that a word names who has a role
    (`words[place, role]`), and the chances of roles.QUESTIONS' answers, one after the other."""

    place: int
    root: int
    words: np.ndarray
    answers: np.ndarray


class Taught(NamedTuple):
    """A sentence: its codes, the words that may tell an act, what the lexicon has of each root, the chances of each
    root at those words and in the sentence, and its acts."""

    codes: np.ndarray
    triggers: list[int]
    lexical: np.ndarray
    words: np.ndarray
    sentence: np.ndarray
    acts: list[Act]


def owner(party: dict[str, Any] | None) -> str:
    """Whose a labelled party is, as one of roles.OWNERS."""
    if party is None:
        return "nobody"
    country = party.get("country")
    return "unknown" if country is None else country if country in roles.OWNERS else "other"


def taught(work: Path) -> list[Taught]:
    """The sentences of WORK/taught.pkl, [] where there is none."""
    path = work / "taught.pkl"
    return (
        [Taught(*row[:5], [Act(*act) for act in row[5]]) for row in pickle.loads(path.read_bytes())]
        if path.exists()
        else []
    )
