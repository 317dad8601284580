"""Where a text says that nobody could bear out what it has just told: 'The claim could not be independently verified.'

    find(clauses, grammar) -> Doubt or None

The words are the language's: `unproven` are phrases between whose words one other may stand, `retold` the nouns that
stand for what was told ('claim', 'figures'), `pointing` the pronouns that do, `vague` what makes a noun another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.interpret.clauses import Clauses
from tocsin.interpret.tokens import Sentence
from tocsin.records import Span
from tocsin.rules.grammar import Grammar

# So many words may stand between two of a phrase: 'could not be independently verified'.
GAP = 1
# What an active phrase says of a noun stands so near behind it: 'could not verify the ministry's latest figures'.
OBJECT = 5
# Where the clause of a phrase begins, and where what follows it ends.
OPENS, CLOSES = frozenset('.,"(C'), frozenset('.,"(CSR')


@dataclass(frozen=True, slots=True)
class Doubt:
    """`at` is where the phrase begins in the text, and `opens` where its clause does. `points_back`: it speaks of what
    was told before its clause; otherwise of what its own subject tells. `reach`: of so many sentences."""

    at: int
    opens: int
    points_back: bool
    reach: int = 1

    def covers(self, span: Span) -> bool:
        """Whether words of the same sentence are what it doubts."""
        return span[1] <= self.at and (self.points_back or self.opens <= span[0])


def may_doubt(sentence: Sentence, grammar: Grammar) -> bool:
    """Whether a sentence has a word with which such a phrase ends, so that it is worth a closer look."""
    last = grammar.words.get("proving", frozenset())
    return any(token.lower in last for token in sentence.tokens)


def find(clauses: Clauses, grammar: Grammar) -> Doubt | None:
    """The first doubt of a sentence; None where it has none, or one of something else than what was told."""
    phrases = [tuple(phrase.split()) for phrase in grammar.words.get("unproven", ())]
    for first in range(len(clauses.words)):
        last = max((_end(clauses.words, first, phrase) for phrase in phrases), default=0)
        if last:
            return _doubt(clauses, first, last, grammar)
    return None


def _end(words: Sequence[str], first: int, phrase: tuple[str, ...]) -> int:
    """Where a phrase that begins at a word ends; 0 where it does not stand there."""
    if words[first] != phrase[0]:
        return 0
    at = first
    for part in phrase[1:]:
        near = words[at + 1 : at + 2 + GAP]
        if part not in near:
            return 0
        at += 1 + near.index(part)
    return at + 1


def _doubt(clauses: Clauses, first: int, last: int, grammar: Grammar) -> Doubt | None:
    opens = next((n + 1 for n in range(first - 1, -1, -1) if clauses.classes[n] in OPENS), 0)
    at, clause = clauses.tokens[first].start, clauses.tokens[opens].start
    words = grammar.words
    reach = 1 if words.get("of_two", frozenset()).isdisjoint(clauses.words[opens:last]) else 2
    noun = next((n for n in range(first - 1, opens - 1, -1) if clauses.words[n] in words.get("retold", ())), None)
    if _has_object(clauses, last, noun is None, grammar):
        return Doubt(at, clause, True, reach) if _retells(clauses, last, grammar) else None
    if noun is not None:
        vague = not words.get("vague", frozenset()).isdisjoint(clauses.words[opens:noun])
        return None if vague else Doubt(at, clause, not _goes_on(clauses, range(noun + 1, first), grammar), reach)
    is_bare = clauses.words[first] in words.get("lacks", ()) and "X" in clauses.classes[opens:first]
    points = first > opens and clauses.words[first - 1] in words.get("pointing", ())
    return Doubt(at, clause, True, reach) if is_bare or points or reach > 1 else None


def _has_object(clauses: Clauses, last: int, wanting: bool, grammar: Grammar) -> bool:
    """Whether what is not borne out stands behind the phrase: 'could not verify the report', 'could not be verified
    whether …'; `wanting` if no noun before it can be that, then also 'could not verify Syrian claims', 'no confirmation
    of it'."""
    if last >= len(clauses.words):
        return False
    word, kind = clauses.words[last], clauses.classes[last]
    if kind in "DOHG" or word in grammar.words.get("complementisers", ()):
        return True
    named = kind == "w" and word not in grammar.words.get("days", ())
    return wanting and (named or word in grammar.words.get("of", ()))


def _retells(clauses: Clauses, last: int, grammar: Grammar) -> bool:
    """Whether the object behind a phrase is what was told before: a pronoun alone, or one of the nouns without what
    would tell it here ('the report that …', 'the number of dead')."""
    start = last + (clauses.words[last] in grammar.words.get("of", ()))
    after = range(start + 1, len(clauses.words))
    closes = next((n for n in after if clauses.classes[n] in CLOSES), len(clauses.words))
    alone = start + 1 == closes or (start + 1 < closes and clauses.classes[start + 1] == "P")
    if alone and clauses.words[start] in grammar.words.get("pointing", ()):
        return True
    near = range(start, min(closes, start + OBJECT))
    noun = next((n for n in near if clauses.words[n] in grammar.words.get("retold", ())), None)
    if noun is None or not grammar.words.get("vague", frozenset()).isdisjoint(clauses.words[start:noun]):
        return False
    return not _goes_on(clauses, range(noun + 1, min(noun + 2, len(clauses.words))), grammar)


def _goes_on(clauses: Clauses, between: range, grammar: Grammar) -> bool:
    """Whether words behind a noun tell what it stands for: 'the report that X fired', 'claims of an attack'."""
    return any(clauses.classes[n] in "SRV" or clauses.words[n] in grammar.words.get("of", ()) for n in between)
