"""What sort of assertion a statement is: modality, stance, and time against the document's date.

What must be certain (negation, denial, dates) is decided by rule; every function takes the sentence
and gives one answer.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import get_args

from tocsin.interpret.attribution import Claim
from tocsin.interpret.clauses import Clauses, verb_group_start
from tocsin.interpret.events import Candidate, carried_by
from tocsin.records import Modality, Span, Stance, TimeSense, When
from tocsin.rules.grammar import Grammar

# An act is current within so many days of the document's date (the contract).
CURRENT_DAYS = 30
GOVERNOR_WINDOW = 7
HEDGE_WINDOW = 6
SUBJECT_WINDOW = 9
NEAR_OBJECT = 5
SHARED_WINDOW, CONDITION_WINDOW = 8, 11
# What is denied is the deed, not that somebody charged or refused it.
SAID = frozenset({"ACCUSE", "REJECT"})
# Governors by this meaning make what they govern so; those of another say nothing of it.
MODALITIES: dict[str, Modality] = {modality: modality for modality in get_args(Modality)}


def modality(clauses: Clauses, candidate: Candidate, grammar: Grammar) -> Modality:
    """Whether the act is told as done, meant, asked for, thinkable, or not done."""
    if candidate.nominal:
        near = _noun_modality(clauses, candidate, grammar)
        if near is not None:
            return near
        verb = carried_by(clauses, candidate)
        if verb is None or clauses.words[verb] in grammar.words.get("saying", ()):
            return _head_verb_modality(clauses, candidate, grammar)
        if verb in clauses.governors and candidate.first - verb <= NEAR_OBJECT:
            governed = _governed(clauses, verb)
            if governed in ("intended", "possible", "negated"):
                return governed
        if any(m.first == verb for m in clauses.cues):
            return "actual"
        return _verb_modality(clauses, verb, grammar)
    before = verb_group_start(clauses, candidate.first) - 1
    if clauses.inflection.is_gerund(clauses.words[candidate.first]) and (before < 0 or clauses.classes[before] == "S"):
        return _head_verb_modality(clauses, candidate, grammar)
    return _verb_modality(clauses, candidate.first, grammar)


def _head_verb_modality(clauses: Clauses, candidate: Candidate, grammar: Grammar) -> Modality:
    """A noun that is the subject of a verb is as real as that verb: 'talks will begin', 'a strike could come'."""
    for n in range(candidate.last, min(len(clauses.words), candidate.last + SUBJECT_WINDOW)):
        kind = clauses.classes[n]
        if kind == "V":
            found = _group_modality(clauses, verb_group_start(clauses, n), n, grammar)
            governed = _governed(clauses, n) if n in clauses.governors else "actual"
            return found or (governed if governed in ("intended", "possible") else "actual")
        if kind == "X" and clauses.words[n] in grammar.words.get("be", ()):
            called = [_governed(clauses, k) for k in range(n + 1, n + 4) if k in clauses.governors]
            if any(modality in ("possible", "intended") for modality in called):
                return called[0]
        elif kind == "X":
            found = _group_modality(clauses, n, n + 1, grammar)
            if found is not None:
                return found
        if kind in '.SR",':
            break
    return _conditional(clauses, candidate.first, grammar) or "actual"


def _governed(clauses: Clauses, place: int) -> Modality:
    meaning = clauses.governors[place].term.meaning
    return MODALITIES.get(meaning, "actual") if isinstance(meaning, str) else "actual"


def _noun_modality(clauses: Clauses, candidate: Candidate, grammar: Grammar) -> Modality | None:
    """'no talks', 'a possible attack', 'a planned withdrawal', 'the threat of an invasion'."""
    first = candidate.first
    for n in range(first - 1, max(-1, first - 5), -1):
        if clauses.classes[n] in '."(,' and clauses.actor_at[n] < 0:
            return None
        if n in clauses.governors and (clauses.classes[n] != "V" or clauses.inflection.is_participle(clauses.words[n])):
            governed = _governed(clauses, n)
            if governed != "actual":
                return governed
        if clauses.words[n] in grammar.words.get("lacks", ()):
            return "negated"
        if clauses.classes[n] in "VXS":
            return None
    return None


def _verb_modality(clauses: Clauses, verb: int, grammar: Grammar) -> Modality:
    start = verb_group_start(clauses, verb)
    found = _group_modality(clauses, start, verb, grammar)
    if found is not None:
        return found
    before = start - 1
    word, inflection = clauses.words[verb], clauses.inflection
    if inflection.is_future(word):
        return "intended"
    unmarked = inflection.is_gerund(word) or inflection.is_infinitive(word)
    if before >= 0 and (clauses.classes[before] == "T" or unmarked):
        governed = _governor_modality(clauses, before, grammar)
        if governed is not None:
            return governed
    if before >= 0 and clauses.classes[before] == "C":
        shared = _shared_auxiliary(clauses, before, grammar)
        if shared is not None:
            return shared
    return _conditional(clauses, verb, grammar) or "actual"


def _group_modality(clauses: Clauses, start: int, verb: int, grammar: Grammar) -> Modality | None:
    group = clauses.words[start:verb]
    words = grammar.words
    empty: frozenset[str] = frozenset()
    if any(word in words.get("negators", empty) for word in group):
        return "negated"
    if any(word in words.get("potential", empty) for word in group):
        return "possible"
    if any(word in words.get("obligation", empty) for word in group):
        return "demanded"
    if any(word in words.get("future", empty) for word in group):
        return "intended"
    if any(word in words.get("hypothetical", empty) for word in group):
        return "possible" if _conditional(clauses, verb, grammar) else "intended"
    return None


def _governor_modality(clauses: Clauses, marker: int, grammar: Grammar) -> Modality | None:
    """The modality of the verb, adjective or noun that governs an infinitive or a gerund."""
    for n in range(marker, max(-1, marker - GOVERNOR_WINDOW), -1):
        if n in clauses.governors:
            found = _governed(clauses, n)
            start = verb_group_start(clauses, n)
            if found == "actual":
                return _verb_modality(clauses, n, grammar) if n < marker else None
            own = _group_modality(clauses, start, n, grammar)
            if own == "negated":
                return "actual" if found == "negated" else "negated"
            return "possible" if found == "demanded" and _is_unwanted(clauses, marker) else found
        if clauses.classes[n] == "V" and n < marker:
            act = next((m for m in clauses.acts if m.first == n), None)
            if act is not None and getattr(act.term.meaning, "type", "") == "REQUEST":
                return "possible" if _is_unwanted(clauses, marker) else "demanded"
            return None
        if clauses.classes[n] in '.S"':
            return None
    return None


def _is_unwanted(clauses: Clauses, marker: int) -> bool:
    """'urged Y not to attack': feared, not asked for."""
    return clauses.classes[marker - 1] == "N"


def _shared_auxiliary(clauses: Clauses, conjunction: int, grammar: Grammar) -> Modality | None:
    """'will attack and destroy': the second verb shares the first one's auxiliary; after 'no … or' its negation."""
    if clauses.words[conjunction] in grammar.words.get("disjunctions", ()):
        lacks = grammar.words.get("lacks", frozenset()) | grammar.words.get("negators", frozenset())
        if any(word in lacks for word in clauses.words[max(0, conjunction - GOVERNOR_WINDOW) : conjunction]):
            return "negated"
    for n in range(conjunction - 1, max(-1, conjunction - 1 - SHARED_WINDOW), -1):
        if clauses.classes[n] == "V":
            return _group_modality(clauses, verb_group_start(clauses, n), n, grammar)
        if clauses.classes[n] in ".S":
            return None
    return None


def _conditional(clauses: Clauses, place: int, grammar: Grammar) -> Modality | None:
    """'if', 'unless' before it in its own clause make an act possible."""
    conditions = grammar.words.get("conditions", frozenset())
    for n in range(place - 1, max(-1, place - 1 - CONDITION_WINDOW), -1):
        if clauses.classes[n] in '.,"':
            return None
        if clauses.words[n] in conditions:
            return "possible"
    return None


def stance(
    clauses: Clauses, candidate: Candidate | None, span: Span, over: Sequence[Claim], grammar: Grammar
) -> Stance:
    """asserted, denied (by whom the statement is attributed to) or unverified."""
    said = candidate is not None and candidate.act.type in SAID
    if not said and any(claim.force == "deny" and not claim.negated for claim in over):
        return "denied"
    if any(claim.force == "allege" for claim in over):
        return "unverified"
    if over and over[-1].force == "confirm" and over[-1].negated:
        return "unverified"
    if candidate is not None and _is_hedged(clauses, candidate, grammar):
        return "unverified"
    anonymous = grammar.words.get("anonymous", frozenset())
    for claim in over:
        if claim.speaker is not None and claim.speaker.id is None:
            words = claim.speaker.name.lower().split()
            if words and words[-1] in anonymous:
                return "unverified"
    return "asserted"


def is_ahead(clauses: Clauses, candidate: Candidate, grammar: Grammar) -> bool:
    """Whether an act's verb is told of what is to come ('will not', 'would never')."""
    ahead = grammar.words.get("future", frozenset()) | grammar.words.get("hypothetical", frozenset())
    group = clauses.words[verb_group_start(clauses, candidate.first) : candidate.first]
    return any(word in ahead for word in group)


def _is_hedged(clauses: Clauses, candidate: Candidate, grammar: Grammar) -> bool:
    """'allegedly' in its clause, 'alleged' on its noun, 'allegations of' or 'rumours that' before it."""
    words = grammar.words
    empty: frozenset[str] = frozenset()
    hedges, rumours = words.get("hedges", empty), words.get("rumours", empty)
    if any(word in hedges for word in clauses.words[candidate.first : candidate.last + 1]):
        return True
    if candidate.nominal and _is_doubted(clauses, candidate.first, words.get("doubts", empty)):
        return True
    for n in range(candidate.first - 1, max(-1, candidate.first - HEDGE_WINDOW), -1):
        if clauses.words[n] in hedges or clauses.words[n] in rumours:
            return True
        if clauses.classes[n] == "." or (clauses.classes[n] == "S" and clauses.words[n - 1] not in rumours):
            return False
    return False


def _is_doubted(clauses: Clauses, noun: int, doubts: frozenset[str]) -> bool:
    """Whether a doubting adjective belongs to this noun: only adjectives and names stand between."""
    for n in range(noun - 1, max(-1, noun - NEAR_OBJECT), -1):
        if clauses.words[n] in doubts:
            return True
        if clauses.classes[n] not in "wHG" and clauses.actor_at[n] < 0:
            return False
    return False


# ------------------------------------------------------------------ time


def time_sense(
    clauses: Clauses | None,
    candidate: Candidate | None,
    told: Modality,
    when: When | None,
    today: datetime.date | None,
    grammar: Grammar,
    historical: bool,
    reported: bool = False,
) -> TimeSense | None:
    """current (within 30 days of the document's date), past or future. Under a report in the past the
    pluperfect stands for the simple past ('denied that it had sent troops')."""
    dated = _by_date(when, today, told, grammar)
    if dated is not None:
        return dated
    if historical:
        return "past"
    if told in ("intended", "possible", "demanded"):
        return "future"
    if clauses is not None and candidate is not None and not candidate.nominal:
        start = verb_group_start(clauses, candidate.first)
        group = clauses.words[start : candidate.first]
        if any(word in grammar.words.get("future", ()) for word in group):
            return "future"
        if not reported and any(word in grammar.words.get("pluperfect", ()) for word in group):
            return "past"
    if candidate is not None and candidate.act.told_late and told in ("actual", "negated"):
        return "past"
    return "current"


def _by_date(when: When | None, today: datetime.date | None, told: Modality, grammar: Grammar) -> TimeSense | None:
    if when is None or (when.start is None and when.end is None):
        return None
    first = datetime.date.fromisoformat((when.start or when.end or "")[:10])
    last = datetime.date.fromisoformat((when.end or when.start or "")[:10])
    if today is None:
        return "past" if when.basis == "text" else None
    if (today - last).days > CURRENT_DAYS:
        return "past"
    still = when.text.lower().split()[0] in grammar.words.get("open_intervals", ())
    if (today - first).days > CURRENT_DAYS and last <= today and told == "actual" and not still:
        return "past"
    if first > today:
        return "future"
    if told in ("intended", "possible", "demanded") and last >= today:
        return "future"
    return "current"
