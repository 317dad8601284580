"""Which acts a sentence tells, weighed by a trained model: lexicon candidates kept or dropped, others added.

    weighed(rules, clauses, candidates) -> candidates

A small network (sight.py, docs/decisions/0006-engine.md) scores every word and the sentence for each
root. A root that the sentence does not carry loses its candidates; one that it carries without a
candidate gains one at the word that speaks for it most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np

from tocsin.interpret.clauses import SHORT, Clauses
from tocsin.interpret.events import Arguments, Candidate, arguments, is_barred
from tocsin.interpret.lexicon import Match, Term
from tocsin.interpret.network import LONGEST, TOP, Floats, applied, whole
from tocsin.interpret.sight import Network, Sight, network
from tocsin.rules import Rules
from tocsin.rules.grammar import Act, Grammar, Pattern

SHORTEST_TRIGGER: Final = 3
# In a longer sentence than SHORT, what is beyond doubt stands down to this score (log-odds).
FLOOR: Final = -2.0
FORCEFUL: Final = frozenset({"ASSAULT", "MOBILIZE", "RETREAT", "AID"})
MOVES: Final = "MOBILIZE"
WARNED: Final = FORCEFUL | {"THREATEN"}
# Sectors by which a state acts.
OF_STATES: Final = frozenset({None, "GOV", "MIL"})


@dataclass(frozen=True, slots=True)
class Scores:
    """`words[place, root]` and `sentence[root]`, log-odds."""

    words: Floats
    sentence: Floats


def places(clauses: Clauses, candidates: list[Candidate]) -> list[int]:
    """Words that may be triggers: the lexicon's, and any verb or noun that is no name."""
    firsts = {candidate.first for candidate in candidates}
    return [place for place in range(min(len(clauses.words), LONGEST)) if place in firsts or _may_tell(clauses, place)]


def _may_tell(clauses: Clauses, place: int) -> bool:
    text = clauses.tokens[place].text
    if clauses.classes[place] not in "Vw" or len(text) < SHORTEST_TRIGGER or not text[0].isalpha():
        return False
    return not text[0].isupper() or (place == 0 and clauses.actor_at[place] < 0)


# ------------------------------------------------------------------ the network


def scores(net: Network, sight: Sight, triggers: list[int]) -> Scores:
    """Log-odds of every root at each word and for the sentence; words that are no triggers get none."""
    context = np.broadcast_to(sight.top, (len(triggers), len(sight.top)))
    words = np.full((len(sight.codes), len(net.coding.roots)), -np.inf, dtype=np.float32)
    told = whole(net.layers["word"], np.concatenate([sight.words[triggers], context], axis=1))
    words[triggers] = applied(net.layers["root"], told)
    most = words.max(axis=0) if triggers else np.full(len(net.coding.roots), -TOP, dtype=np.float32)
    return Scores(words, applied(net.layers["sentence"], sight.top[None])[0] + net.mix * most)


# ------------------------------------------------------------------ what it decides


def weighed(
    rules: Rules, clauses: Clauses, candidates: list[Candidate], grammar: Grammar, sight: Sight | None
) -> list[Candidate]:
    """The acts of a sentence in the order of the words; without a model of the language, the lexicon's. `sight` is
    what `sight.sights` gives."""
    net = network(rules, grammar.language)
    if net is None or sight is None:
        return candidates
    triggers = places(clauses, candidates)
    if not triggers:
        return candidates
    told = scores(net, sight, triggers)
    standing = list(_standing(net, told, clauses, candidates, grammar))
    told_of = {c.act.type for c, found in standing if found.source or found.target}
    kept = [replace(c, backed=c.act.type not in told_of and _is_backed(net, told, c)) for c, _ in standing]
    types = {candidate.act.type for candidate in candidates}
    for number, root in enumerate(net.coding.roots):
        if root not in types and told.sentence[number] >= net.add[number]:
            frame = _frames(rules, grammar.language)[root]
            extra = _added(clauses, candidates, grammar, frame, int(told.words[:, number].argmax()))
            if not is_barred(clauses, extra):
                kept.append(extra)
    return sorted(kept, key=lambda candidate: candidate.first)


def _standing(
    net: Network, told: Scores, clauses: Clauses, candidates: list[Candidate], grammar: Grammar
) -> Iterator[tuple[Candidate, Arguments]]:
    """The lexicon's candidates that the model leaves, with whom their grammar names."""
    for candidate in candidates:
        number = net.coding.roots.index(candidate.act.type)
        found = arguments(clauses, candidate, grammar)
        plain = is_plain(clauses, candidate, found, grammar)
        short = len(clauses.words) <= SHORT
        pointed = clauses.classes[candidate.first - 1 : candidate.first] == ["O"]  # a pronoun: who, was told before
        forced = candidate.act.type in FORCEFUL and not candidate.nominal and pointed
        least, score = (net.firm if plain else net.keep)[number], told.sentence[number]
        if plain and candidate.act.type == MOVES:
            score = told.sentence.max()  # forces sent may be aid as well: the network need only see an act
        if plain and _is_beyond_doubt(candidate, found):
            least = min(least, FLOOR)
        if (short and (plain or forced)) or score >= least:
            yield candidate, found


def _is_beyond_doubt(candidate: Candidate, found: Arguments) -> bool:
    """Whether a verb's subject and object both have a state, a verb of force has a state's own as its subject, or a
    state does what several words name ('general mobilisation'): what must not be missed for a rare word, or in text
    unlike the news that the network learned from."""
    if not found.source or found.source[0].country is None:
        return False
    if candidate.nominal:
        return len(candidate.match.term.pattern.words) > 1 and candidate.act.type in FORCEFUL
    if found.target and found.target[0].country is not None:
        return True
    return candidate.act.type in FORCEFUL and found.source[0].sector in OF_STATES


def is_plain(clauses: Clauses, candidate: Candidate, found: Arguments, grammar: Grammar) -> bool:
    """Whether the lexicon's word, for which the grammar has `found`, stands unless the model is sure of the contrary:
    source and target are named, a state is the verb's subject or the noun's agent, a state or its forces own a noun
    that is a subject, or the term has the object or the doer that it asks for, or is of several words and tells of what
    is warned of."""
    pattern = candidate.match.term.pattern
    if pattern.needs or pattern.doers or (len(pattern.words) > 1 and candidate.act.type in WARNED):
        return True
    if found.source and found.target:
        return True
    if not found.source or found.source[0].country is None:
        return False
    is_state = found.source[0].id == found.source[0].country
    following = clauses.words[candidate.last : candidate.last + 1]
    if not candidate.nominal or not following:
        return is_state and not candidate.nominal
    if following[0] in grammar.words.get("agents", ()):
        return is_state
    return clauses.classes[candidate.last] in "XV" and found.source[0].sector in OF_STATES


def _is_backed(net: Network, told: Scores, candidate: Candidate) -> bool:
    number = net.coding.roots.index(candidate.act.type)
    return bool(told.sentence[number] >= net.add[number])


def _added(clauses: Clauses, candidates: list[Candidate], grammar: Grammar, frame: Act, place: int) -> Candidate:
    """A candidate that the model gives: the lexicon's frame where it has one at this word, else the root's own."""
    by = f"model:events-{grammar.language}/{frame.type.lower()}:{clauses.words[place]}"
    standing = next((candidate for candidate in candidates if candidate.first <= place < candidate.last), None)
    if standing is not None:
        act = replace(standing.act, type=frame.type, mode=None, topics=frame.topics)
        return replace(standing, act=act, by=by, backed=True)
    is_verb = clauses.classes[place] == "V"
    pattern = Pattern((clauses.words[place],), 1, frozenset(), frozenset(), frozenset(), is_verb)
    empty: frozenset[str] = frozenset()
    term = Term(pattern, frame, _tags(clauses, grammar, place), (), empty, empty, empty, empty)
    match = Match(place, place + 1, term, None)
    return Candidate(match, frame, _is_passive(clauses, grammar, place), not is_verb, by, backed=True)


def _tags(clauses: Clauses, grammar: Grammar, place: int) -> str:
    return "G" if grammar.inflection.is_gerund(clauses.words[place]) else "DN"


def _is_passive(clauses: Clauses, grammar: Grammar, place: int) -> bool:
    if clauses.classes[place] != "V" or grammar.inflection.is_gerund(clauses.words[place]):
        return False
    start = place
    while start > 0 and clauses.classes[start - 1] in "XNA":
        start -= 1
    be = grammar.words.get("be", frozenset())
    return any(word in be for word in clauses.words[start:place])


@cache
def _frames(rules: Rules, language: str) -> dict[str, Act]:
    """For each root, how its widest act in the grammar reads its arguments."""
    frames: dict[str, Act] = {}
    grammar = rules.grammars[language]
    for act in sorted(grammar.acts, key=lambda act: -len(act.patterns)):
        frames.setdefault(act.type, replace(act, mode=None, told_late=False))
    return frames
