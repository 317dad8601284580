"""Damage that can be undone by what the rules and the page itself know. The original is kept."""

from __future__ import annotations

import re
from functools import cache

from tocsin.extract.mend import Edit, Mended
from tocsin.rules import Rules
from tocsin.rules.furniture import Censor

SMALL = r"[^\W\d_A-ZА-ЯЁ]"
# A capital letter that stands alone, then a small one, then whatever small letters stand there.
SPLIT_RUN = re.compile(rf"[A-ZА-ЯЁ](?<![\w’'].)(?= {SMALL}(?!{SMALL}))(?: {SMALL}+)+(?: ?[’']s)?(?!\w)")


def mended(text: Mended, rules: Rules) -> Mended:
    """The text with censored words restored and split words joined."""
    edits = [edit for censor in rules.furniture.censors for edit in censored(text.text, censor)]
    text = text.edited(edits) if edits else text
    split = split_words(text.text, rules)
    return text.edited(split) if split else text


def censored(text: str, censor: Censor) -> list[Edit]:
    """An edit for every word that the filter damaged: one that is no word, and is one when restored."""
    found: list[Edit] = []
    if censor.stand_in.lower() not in text.lower():
        return found
    for match in _damaged(censor).finditer(text):
        restored = restore(match.group(), censor)
        if restored is not None:
            found.append(Edit(match.span(), restored, censor.id))
    return found


def restore(word: str, censor: Censor) -> str | None:
    """The word as it was before the filter, or None: 'badistance' is 'assistance', 'badly' stays."""
    low = word.lower()
    if low in censor.keep or low in censor.words:
        return None
    for at in _places(low, censor.stand_in):
        for stood in censor.stands_for:
            end = at + len(censor.stand_in)
            if low[:at] + stood + low[end:] in censor.words:
                return word[:at] + _cased(stood, word[at:end]) + word[end:]
    return None


def split_words(text: str, rules: Rules) -> list[Edit]:
    """An edit for every name torn into letters ('R u ssia ’s'), where the page has it whole elsewhere
    or the rules know it."""
    found = []
    known: frozenset[str] = frozenset()
    for match in SPLIT_RUN.finditer(text):
        known = known or _names(rules) | frozenset(re.findall(r"\w{4,}", text))
        edit = _joined(match, known)
        if edit:
            found.append(edit)
    return found


def _joined(match: re.Match[str], known: frozenset[str]) -> Edit | None:
    """The longest run of pieces from the first that makes a known word, with a possessive after it."""
    pieces = re.split(r" ", match.group())
    for count in range(len(pieces), 2, -1):
        word = "".join(pieces[:count])
        bare = re.sub(r"[’']s$", "", word)
        if len(bare) >= 4 and bare in known:
            length = len(" ".join(pieces[:count]))
            return Edit((match.start(), match.start() + length), word, "split-letters")
    return None


@cache
def _names(rules: Rules) -> frozenset[str]:
    return frozenset(str(state.name) for state in rules.states.values())


@cache
def _damaged(censor: Censor) -> re.Pattern[str]:
    """A word with the stand-in in it; bounded, so that a page of one word costs no more than others."""
    return re.compile(rf"(?<!\w)\w{{0,30}}?{re.escape(censor.stand_in)}\w{{0,30}}(?!\w)", re.IGNORECASE)


def _places(word: str, part: str) -> list[int]:
    return [m.start() for m in re.finditer(re.escape(part), word)]


def _cased(new: str, old: str) -> str:
    if old.isupper():
        return new.upper()
    return new.capitalize() if old[:1].isupper() else new
