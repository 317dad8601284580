"""The line of an article that names who wrote it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from tocsin.extract.authors import like_a_person, split_names
from tocsin.extract.clean import Line
from tocsin.extract.dates import in_words
from tocsin.rules import Rules

HEAD = 8
LONGEST = 16
NAMES_HEAD = 4
MOST_NAME_WORDS = 8
LONGEST_SIGNATURE = 4  # words
NAME = r"((?:{word})(?: (?:{word}|{particles})){{1,4}})(?=$|\s*[,|•·–—-])"
NAME_WORD = r"[A-ZÀ-ÞА-ЯЁ][\w.’'-]+"


def take_byline(lines: Sequence[Line], rules: Rules) -> tuple[tuple[str, ...], str | None]:
    """Authors named in a line 'By Jane Roe' at the head, and the date where that line has one; the
    line is no part of the article."""
    for line in lines[:HEAD]:
        match = None if line.dropped or line.words > LONGEST else _pattern(rules).match(line.text)
        if match:
            line.dropped = "byline"
            return (match.group(1),), in_words(line.text, rules)
    return (), None


def take_names(lines: Sequence[Line], rules: Rules) -> tuple[str, ...]:
    """Authors named in a line of names alone at the head, or of one name under the text, for a page that names no
    person."""
    kept = [line for line in lines if not line.dropped]
    for line in kept[:NAMES_HEAD]:
        names = [] if line.closed or line.words > MOST_NAME_WORDS else split_names(line.text, rules)
        if names and all(map(like_a_person, names)):
            line.dropped = "byline"
            return tuple(names)
    return _signed(kept[-1], rules) if len(kept) > NAMES_HEAD else ()


def _signed(last: Line, rules: Rules) -> tuple[str, ...]:
    """The author who signs a text with a line of the name alone. What is all in capitals calls the reader."""
    if last.closed or last.words > LONGEST_SIGNATURE or last.text.isupper():
        return ()
    led = _pattern(rules).match(last.text)
    names = [led.group(1)] if led else split_names(last.text, rules)
    if len(names) != 1 or not like_a_person(names[0]):
        return ()
    last.dropped = "byline"
    return tuple(names)


@cache
def _pattern(rules: Rules) -> re.Pattern[str]:
    leads = [re.escape(lead) for wording in rules.furniture.wordings for lead in wording.bylines]
    particles = "|".join(map(re.escape, rules.furniture.markup.name_particles)) or "(?!)"
    name = NAME.format(word=NAME_WORD, particles=particles)
    return re.compile(rf"^(?i:{'|'.join(leads) or '(?!)'})\s*:?\s+{name}")
