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
    """Authors named in a line of names alone at the head, for a page that names no person."""
    for line in [line for line in lines if not line.dropped][:NAMES_HEAD]:
        names = [] if line.closed or line.words > MOST_NAME_WORDS else split_names(line.text, rules)
        if names and all(map(like_a_person, names)):
            line.dropped = "byline"
            return tuple(names)
    return ()


@cache
def _pattern(rules: Rules) -> re.Pattern[str]:
    leads = [re.escape(lead) for wording in rules.furniture.wordings for lead in wording.bylines]
    particles = "|".join(map(re.escape, rules.furniture.markup.name_particles)) or "(?!)"
    name = NAME.format(word=NAME_WORD, particles=particles)
    return re.compile(rf"^(?i:{'|'.join(leads) or '(?!)'})\s*:?\s+{name}")
