"""How an act is told, as a trained network sees it: which words name who acts, who is acted upon and who tells it,
whose they are, how real it is and when.

    told(rules, language, sight, place, root) -> Roles

The network asks of each word of a sentence (sight.py) how it goes with the act's, and with how far away that
stands. Its answers decide nothing: they are traits among others (parties, nationality, degrees).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from tocsin.interpret.network import Floats, Integers, applied, neighbours, rounded, whole
from tocsin.interpret.sight import NEAR, REACH, Network, Sight, network
from tocsin.rules import Rules

ROLES: Final = ("source", "target", "attribution")
# Whose a party is: nobody named, the United States, no state, another state, unknown.
OWNERS: Final = ("nobody", "USA", "XXX", "other", "unknown")
QUESTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "modality": ("actual", "intended", "possible", "negated", "demanded"),
    "stance": ("asserted", "denied", "unverified"),
    "time": ("current", "past", "future"),
    "source": OWNERS,
    "target": OWNERS,
    "attribution": OWNERS,
}
STEPS: Final = 6


@dataclass(frozen=True, slots=True)
class Roles:
    """`odds[role][place]`, log-odds that a word names who has the role; `answers`, for each of QUESTIONS, what each
    answer lacks to the likeliest, in log-odds."""

    odds: dict[str, list[float]]
    answers: dict[str, Floats]


def told(rules: Rules, language: str, sight: Sight | None, place: int, root: str) -> Roles | None:
    """What the network makes of the act at a word of a sentence; None where none is trained, or beyond its reach."""
    net = network(rules, language)
    if net is None or sight is None or place >= len(sight.codes):
        return None
    return asked(net, sight, place, net.coding.roots.index(root))


def step(odds: float) -> str:
    """Log-odds, or what an answer lacks to the likeliest, in whole steps up to six either way: the value of a trait."""
    return str(round(max(-STEPS, min(STEPS, odds))))


def distances(length: int, place: int) -> Integers:
    """How far each word of a sentence stands from one of them, up to REACH either way, as a row of Network.away."""
    return np.clip(np.arange(length, dtype=np.int32) - place, -REACH, REACH) + REACH


def asked(net: Network, sight: Sight, place: int, root: int) -> Roles:
    """What the network makes of an act: its word and the number of its root."""
    act = np.concatenate([sight.words[place], sight.top, net.rooted[root]])[None]
    away = net.away[distances(len(sight.words), place)]
    goes = applied(net.layers["token"], sight.words) + applied(net.layers["act"], act) + away
    near = rounded(goes)
    path = whole(net.layers["path"], neighbours(near, NEAR))
    words = applied(net.layers["role"], np.concatenate([near, path], axis=1))
    answer = whole(net.layers["answer"], np.concatenate([act, path.max(axis=0)[None]], axis=1))
    flat = applied(net.layers["answers"], answer)[0]
    ends = np.cumsum([len(answers) for answers in QUESTIONS.values()])
    parts = np.split(flat, ends[:-1])
    answers = {name: _chances(part) for name, part in zip(QUESTIONS, parts, strict=True)}
    return Roles(dict(zip(ROLES, words.T.tolist(), strict=True)), answers)


def _chances(scores: Floats) -> Floats:
    """Scores less the greatest of them: what an answer lacks to the likeliest."""
    return np.asarray(scores - scores.max(), np.float32)
