"""Whether two spellings are one name: romanisations of several languages, and their confusions.

A name is brought to a key of sounds by the rules' respellings ('Zajárova', 'Zakharova', 'Sacharowa'); two
keys are one name where what still differs costs little: a confusion that the rules list, a vowel, an h.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from tocsin.interpret.forms import fold
from tocsin.rules.roles import Roles

# What a difference costs: a listed confusion, an h or j too many, a vowel, any other letter; at the
# beginning of a name a vowel or letter costs twice. Keys of one name differ by at most LIMIT.
CONFUSED, BREATHED, VOWEL, OTHER, FIRST, LIMIT = 0.3, 0.3, 0.7, 2.0, 2.0, 0.6
# An inserted vowel at either end of a name costs so much more.
OUTER = 1.5
# Shorter names are too alike to be compared by sound.
SHORTEST = 5
_VOWELS, _BREATHS = frozenset("aeiou"), frozenset("hHj")
_FRENCH_END = re.compile(r"ine$")
_GLIDING_END = re.compile(r"(?:yy|iy|ii|yj|ij|yi|ie|y|i|j)$")
_GLIDES = re.compile(r"(?<=[aeiou])[yi](?=[aeiou])|(?<=[^aeiou])[yij](?=[aeou])|[yi](?=[aeou])")
_DOUBLED = re.compile(r"(.)\1+")
_NO_LETTER = re.compile(r"[^a-z]")


class Sounds(NamedTuple):
    """The rules of one language made ready: respellings, longest first, and pairs of sounds that are confused."""

    respelt: tuple[tuple[str, str], ...]
    confused: frozenset[tuple[str, str]]
    consonants: dict[str, str]


@cache
def sounds(roles: Roles) -> Sounds:
    """The respellings and confusions of a language's [actors] table."""
    pairs = [tuple(words.split()) for words in roles.words["respelt"]]
    respelt = sorted(((old, new) for old, new in pairs), key=lambda pair: (-len(pair[0]), pair[0]))
    pairs_alike = sorted((pair[0], pair[1]) for pair in roles.words["alike"])
    classes: dict[str, str] = {}
    for left, right in pairs_alike:
        old, new = classes.get(right, right), classes.get(left, left)
        classes |= {sound: new for sound in [*classes, left, right] if classes.get(sound, sound) in (old, new)}
    both = {(a, b) for a, b in pairs_alike} | {(b, a) for a, b in pairs_alike}
    return Sounds(tuple(respelt), frozenset(both), classes)


@lru_cache(maxsize=16384)
def key(name: str, rules: Roles) -> str:
    """How one word of a name sounds: small letters as written, capitals for sounds of several letters."""
    word = _NO_LETTER.sub("", fold(name))
    for old, new in sounds(rules).respelt:
        word = word.replace(old, new)
    word = _GLIDING_END.sub("i", _FRENCH_END.sub("in", word))
    word = _GLIDES.sub("", _GLIDES.sub("", word)).replace("y", "i")
    return _DOUBLED.sub(r"\1", word)


@lru_cache(maxsize=16384)
def frame(name: str, rules: Roles) -> str:
    """The consonants of a name by class: names that are one have the same. Breaths and vowels count for nothing."""
    classes = sounds(rules).consonants
    silent = {classes.get(breath, breath) for breath in _BREATHS}
    found = (classes.get(sound, sound) for sound in key(name, rules) if sound not in _VOWELS)
    return "".join(sound for sound in found if sound not in silent)


def alike(left: str, right: str, rules: Roles) -> bool:
    """Whether two words can be one name in two spellings."""
    if min(len(left), len(right)) < SHORTEST or frame(left, rules) != frame(right, rules):
        return False
    return difference(key(left, rules), key(right, rules), sounds(rules).confused) <= LIMIT


def difference(left: str, right: str, confused: frozenset[tuple[str, str]]) -> float:
    """The weighted edit distance of two keys (Wagner and Fischer, 1974)."""
    row = [0.0]
    for n in range(len(right)):
        row.append(row[-1] + _insertion(right, n))
    for n, sound in enumerate(left):
        above, row = row, [row[0] + _insertion(left, n)]
        for m, other in enumerate(right):
            replaced = above[m] + _replacement(sound, other, confused, n == 0 or m == 0)
            row.append(min(replaced, above[m + 1] + _insertion(left, n), row[m] + _insertion(right, m)))
    return row[-1]


def _replacement(left: str, right: str, confused: frozenset[tuple[str, str]], first: bool) -> float:
    if left == right:
        return 0.0
    if (left, right) in confused:
        return CONFUSED
    cost = VOWEL if left in _VOWELS and right in _VOWELS else OTHER
    return cost * FIRST if first else cost


def _insertion(word: str, n: int) -> float:
    if word[n] in _BREATHS:
        return BREATHED
    if word[n] in _VOWELS:
        return VOWEL if 0 < n < len(word) - 1 else VOWEL * OUTER
    return OTHER
