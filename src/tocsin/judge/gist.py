"""What the judge takes from a page itself, beside its statements: so little that it can be published in its stead.

`Gist` is that as a record; `Text` gives the same, computed from the text when it is first asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Protocol

from tocsin.judge.appraisal import Clause, deeds, marked
from tocsin.judge.states import dateline, elsewhere, named_states, states_meant
from tocsin.records import Document, Span
from tocsin.rules import Rules
from tocsin.rules.warning import areas_of, words_pattern
from tocsin.rules.wording import Told

LATELY = 1  # years back that a year named in a sentence still means these events
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_END = re.compile(r"(?<=[.!?…])[\"”»)]*\s+|\n+")


@dataclass(frozen=True, slots=True)
class Grade:
    """A tone of the rules, a grade of it, and the share in which a sentence counts there."""

    tone: str
    grade: str
    share: float


@dataclass(frozen=True, slots=True)
class Graded:
    """A sentence that has a tone: its place in the text, and its grades."""

    span: Span
    grades: tuple[Grade, ...]


class Gist(Protocol):
    """`home` is the country of the dateline, `named` the areas that the text names by states or keywords, `graded`
    the sentences that have a tone; `weighs`: it tells of several things that several states do, and weighs them;
    `clauses`: those of a text that does, marked up."""

    @property
    def home(self) -> str | None: ...
    @property
    def named(self) -> tuple[str, ...]: ...
    @property
    def graded(self) -> tuple[Graded, ...]: ...
    @property
    def weighs(self) -> bool: ...
    @property
    def clauses(self) -> tuple[Clause, ...]: ...


@dataclass(frozen=True, slots=True)
class Noted:
    """A gist without its page, as it is under the rules of this digest."""

    rules: str
    home: str | None
    named: tuple[str, ...]
    graded: tuple[Graded, ...]
    weighs: bool
    clauses: tuple[Clause, ...]


class Text:
    """The gist of a page that is at hand; each part is read when it is first asked for."""

    def __init__(self, document: Document, rules: Rules) -> None:
        self._document, self._rules = document, rules

    @cached_property
    def home(self) -> str | None:
        return dateline(self._document.text, self._rules)

    @cached_property
    def named(self) -> tuple[str, ...]:
        text, rules = self._document.text, self._rules
        states = set(named_states(text, rules))
        return tuple(areas_of(rules.areas.values(), states, text=text) or elsewhere(states, rules))

    @cached_property
    def graded(self) -> tuple[Graded, ...]:
        read = ((span, _graded(text, self._year, self._rules)) for span, text in sentences(self._document.text))
        return tuple(Graded(span, grades) for span, grades in read if grades)

    @cached_property
    def weighs(self) -> bool:
        rule = self._rules.joining.briefing
        if self._framed:
            return False
        present = [part for _, part in self._present]
        states = {state for part in present for state in states_meant(part, self._rules)}
        telling = sum(self._tells(part) for part in present)
        if telling >= rule.roundup_sentences and len(states) >= rule.roundup_states:
            return True
        weighing = words_pattern(rule.weighs).search(self._document.text.casefold()) is not None
        return weighing and telling >= rule.sentences and len(states) >= rule.states

    @property
    def _framed(self) -> bool:
        """Whether the whole is told in the frame of a tale, a game, a supposition or a memory."""
        rule = self._rules.joining.briefing
        frame = words_pattern(rule.framed)
        found = [frame.search(part.casefold()) is not None for _, part in _clauses(self._document.text)]
        return bool(found) and (found[0] or sum(found) >= rule.framed_share * len(found))

    def _tells(self, part: str) -> bool:
        """Whether a clause tells of a state, or of force."""
        return bool(
            states_meant(part, self._rules) or _graded(part, self._year, self._rules) or deeds(part, self._rules)
        )

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        return marked(self._present, self._rules) if self.weighs else ()

    @cached_property
    def _present(self) -> list[tuple[Span, str]]:
        """The clauses that tell of no year gone by."""
        return [(span, text) for span, text in _clauses(self._document.text) if _years_ago(text, self._year) <= LATELY]

    @property
    def _year(self) -> int | None:
        published = self._document.published
        return int(published[:4]) if published else None


def noted(document: Document, rules: Rules) -> Noted:
    read = Text(document, rules)
    return Noted(rules.digest, read.home, read.named, read.graded, read.weighs, read.clauses)


def sentences(text: str) -> Iterator[tuple[Span, str]]:
    """The sentences of a text with their places, near enough for counting words in them."""
    start = 0
    for end in _END.finditer(text):
        yield (start, end.start()), text[start : end.start()]
        start = end.end()
    yield (start, len(text)), text[start:]


def _clauses(text: str) -> Iterator[tuple[Span, str]]:
    """The parts of sentences between semicolons, with their places."""
    for (start, _), sentence in sentences(text):
        for part in sentence.split(";"):
            if part.strip():
                yield (start, start + len(part)), part
            start += len(part) + 1


def _graded(sentence: str, year: int | None, rules: Rules) -> tuple[Grade, ...]:
    """The grades of a sentence, each with its share: less where it is hedged, or where the years that it names are
    gone; none where they are long gone."""
    text = sentence.casefold()
    found = [(tone, grade) for tone, grade, words in _patterns(rules) if words.search(text)]
    if not found:
        return ()
    ago = _years_ago(text, year)
    hedged = words_pattern(rules.levels.hedges).search(text) is not None
    shares = {tone: _share(rules.joining.tones[tone], hedged, ago) for tone, _ in found}
    return tuple(Grade(tone, grade, shares[tone]) for tone, grade in found if shares[tone])


def _years_ago(sentence: str, year: int | None) -> int:
    """How many years ago the latest year is that a sentence names; 0 where it names none, or a later one."""
    years = [int(one) for one in _YEAR.findall(sentence)]
    return max(0, year - max(years)) if year is not None and years else 0


def _share(tone: Told, hedged: bool, ago: int) -> float:
    """What a sentence counts in a tone that tells of things so many years ago."""
    past = tone.past_share if ago <= tone.past_years else 0.0
    return (tone.hedged_share if hedged else 1.0) * (past if ago > LATELY else 1.0)


@cache
def _patterns(rules: Rules) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    return tuple(
        (name, grade, words_pattern(words))
        for name, tone in sorted(rules.joining.tones.items())
        for grade, (_, words) in sorted(tone.grades.items())
    )
