"""What a reader keeps in mind from sentence to sentence: who spoke, who acted, what was told last.

Pronouns, 'the aircraft', 'this contingent', 'denied this information' point back at it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tocsin.interpret.attribution import Claim
from tocsin.interpret.clauses import Clauses, verb_group_start
from tocsin.interpret.events import Arguments, Candidate
from tocsin.interpret.tokens import Sentence
from tocsin.records import Actor, Span, Statement, When
from tocsin.rules import Rules
from tocsin.rules.grammar import Grammar

# A speaker is remembered over so many paragraphs.
SPEAKER_PARAGRAPHS = 2
FRAGMENT_WORDS = 6
FORCES = frozenset({"MOBILIZE", "AID", "RETREAT"})


@dataclass(slots=True)
class Memory:
    """`speaker` spoke last, `doer` acted last, `forces` moved last; `last` is the last act told, `told_in` the
    paragraph in which anything was told last."""

    speaker: Actor | None = None
    spoke_in: int = -9
    doer: tuple[Actor, ...] = ()
    forces: tuple[Actor, ...] = ()
    last: Statement | None = None
    last_in: int = -9
    told_in: int = -9
    when: When | None = None


def heard(memory: Memory, sentence: Sentence, span: Span) -> Actor | None:
    """The speaker of a quotation that goes on from the sentence before."""
    if sentence.paragraph != memory.spoke_in:
        return None
    return memory.speaker if any(q[0] <= span[0] and span[1] <= q[1] for q in sentence.quotes) else None


def named(memory: Memory, claim: Claim, sentence: Sentence, following: Clauses | None, grammar: Grammar) -> Claim:
    """The claim with its speaker known: 'he' is who spoke last; a name that a wrong full stop cut off
    ('the spokesman said. Russia, Maria Z.') belongs to the speaker."""
    speaker = claim.speaker
    if speaker is None:
        return claim
    words = (speaker.text or speaker.name).lower().split()
    cut_off = _cut_off(following) if (speaker.text or "A")[0].islower() else None
    if speaker.id is not None and cut_off is None:
        return claim
    known: Actor | None = None
    if cut_off is not None:
        known = cut_off
    elif (
        words[-1] in grammar.words.get("single_people", ())
        and sentence.paragraph - memory.spoke_in <= SPEAKER_PARAGRAPHS
    ):
        known = memory.speaker
    elif len(words) == 1 and words[0] in grammar.words.get("groups", ()):
        known = memory.speaker if sentence.paragraph == memory.spoke_in else None
    if known is None:
        return claim
    return replace(claim, speaker=replace(known, text=speaker.text, span=speaker.span))


def _cut_off(following: Clauses | None) -> Actor | None:
    """The last person of a fragment that has no verb."""
    if following is None or len(following.words) > FRAGMENT_WORDS or not following.actors:
        return None
    if any(kind in "VX" for kind in following.classes):
        return None
    return following.actors[-1]


def resolved(
    memory: Memory, clauses: Clauses, candidate: Candidate, found: Arguments, rules: Rules, grammar: Grammar
) -> Arguments:
    """Arguments with what points back filled in."""
    source = found.source
    if not source and not candidate.nominal and not candidate.passive:
        source = _pointed_at(memory, clauses, candidate, grammar)
    if source and candidate.act.type in FORCES:
        source = tuple(_whose_forces(memory, clauses, actor, rules, grammar) for actor in source)
    return Arguments(source, found.target)


def in_own_words(
    clauses: Clauses, candidate: Candidate, found: Arguments, over: tuple[Claim, ...], grammar: Grammar
) -> Arguments:
    """Arguments with 'we' and 'us' in what somebody says as the speaker."""
    speaker = over[-1].speaker if over else None
    if speaker is None or speaker.country is None or candidate.nominal:
        return found
    before, after = verb_group_start(clauses, candidate.first) - 1, candidate.last
    source, target = found.source, found.target
    if before >= 0 and clauses.words[before] in grammar.words.get("ourselves", ()):
        if candidate.passive:
            target = target or _as((speaker,), clauses, before)
        else:
            source = source or _as((speaker,), clauses, before)
    if not target and clauses.words[after : after + 1] and clauses.words[after] in grammar.words.get("to_us", ()):
        target = _as((speaker,), clauses, after)
    return Arguments(source, target)


def _pointed_at(memory: Memory, clauses: Clauses, candidate: Candidate, grammar: Grammar) -> tuple[Actor, ...]:
    n = verb_group_start(clauses, candidate.first) - 1
    if n < 0:
        return ()
    word, kind = clauses.words[n], clauses.classes[n]
    if kind == "R":
        told = any(kind in "VX" for kind in clauses.classes[:n])
        return () if told else _as(memory.forces or memory.doer, clauses, n)
    if candidate.act.type in FORCES and kind != "O":
        return _vehicles(memory, clauses, n, grammar)
    if kind != "O":
        return ()
    if word in grammar.words.get("single_people", ()):
        return _as((memory.speaker,) if memory.speaker is not None else memory.doer[:1], clauses, n)
    if word in grammar.words.get("groups", ()):
        return _as(memory.doer, clauses, n)
    return ()


def _vehicles(memory: Memory, clauses: Clauses, last: int, grammar: Grammar) -> tuple[Actor, ...]:
    """'The aircraft …' without a name: those whose forces moved last."""
    vehicles = grammar.words.get("vehicles", frozenset())
    for n in range(last, -1, -1):
        if clauses.classes[n] in "VXSR.":
            return ()
        if clauses.words[n] in vehicles:
            return _as(memory.forces, clauses, n)
    return ()


def _as(known: tuple[Actor, ...], clauses: Clauses, n: int) -> tuple[Actor, ...]:
    token = clauses.tokens[n]
    return tuple(replace(actor, text=token.text, span=(token.start, token.end)) for actor in known)


def _whose_forces(memory: Memory, clauses: Clauses, actor: Actor, rules: Rules, grammar: Grammar) -> Actor:
    """'The aircraft', 'this contingent', 'troops sent before': those of the state whose forces moved last."""
    if actor.country is not None or not memory.forces:
        return actor
    country = memory.forces[0].country
    state = rules.states.get(country or "")
    if state is None or actor.sector not in (None, "MIL", "UAF", "CIV"):
        return actor
    return replace(actor, id=f"{country}/MIL", name=f"{state.name} MIL", country=country, sector="MIL")


def remember(memory: Memory, sentence: Sentence, claims: list[Claim], told: list[Statement]) -> None:
    """Keep what the next sentences may point back at."""
    for claim in claims:
        if claim.speaker is not None and claim.speaker.id is not None:
            memory.speaker, memory.spoke_in = claim.speaker, sentence.paragraph
    memory.doer = next((s.source for s in told if s.type is not None and s.source), memory.doer)
    memory.told_in = sentence.paragraph if told else memory.told_in
    for statement in told:
        if statement.type is None:
            continue
        memory.last, memory.last_in = statement, sentence.paragraph
        if statement.source and statement.type in FORCES and statement.source[0].country is not None:
            memory.forces = statement.source
    if told and told[-1].when is not None:
        memory.when = told[-1].when
    elif claims or told:
        memory.when = None


def points_back(clauses: Clauses, claim: Claim, grammar: Grammar) -> bool:
    """Whether what is denied or confirmed is not told here but before: 'denied this information', 'confirmed to …'."""
    if claim.force not in ("deny", "confirm"):
        return False
    n = claim.words[1]
    if n >= len(clauses.words) or clauses.classes[n] in "P.,":
        return claim.force == "confirm" and not any(kind == "S" for kind in clauses.classes[n:])
    assertions = grammar.words.get("assertions", frozenset())
    if clauses.words[n] not in grammar.words.get("anaphors", frozenset()):
        return False
    return any(word in assertions for word in clauses.words[n + 1 : n + 4])
