"""Acts in a sentence: which terms stand, and who does it to whom.

    candidates(clauses) -> what could be an act                 (lexicon)
    arguments(clauses, candidate, grammar) -> source, target    (order of words)

Each is a plain function of the sentence, so that a trained model can take the place of either.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tocsin.interpret.clauses import (
    Clauses,
    antecedent,
    is_dissuaded,
    is_passive,
    main_verb,
    objects,
    previous_verb,
    relative_of,
    subject,
    verb_group_start,
)
from tocsin.interpret.lexicon import Match
from tocsin.records import Actor
from tocsin.rules.grammar import Act, Grammar

# A genitive or an adjective stands at most so many words before the noun that it belongs to.
POSSESSOR_WINDOW = 5
LIGHT_WINDOW = 8
NATURE_WINDOW = 7
# Acts of speech that are about another's deed.
CHARGES = frozenset({"ACCUSE", "REJECT", "THREATEN"})
# What is turned down has not been done again by who turns it down: 'rejected the demand'.
OFFERED = frozenset({"REQUEST", "AGREE", "CONSULT", "ACCUSE"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A term that may tell an act. `passive` and `nominal` say how to read its arguments; `by` names
    what decided where that was not the lexicon alone; `backed`: a model vouches for the act, so that it
    stands even where the order of words names nobody."""

    match: Match
    act: Act
    passive: bool
    nominal: bool
    by: str = ""
    backed: bool = False

    @property
    def first(self) -> int:
        return self.match.first

    @property
    def last(self) -> int:
        return self.match.last


@dataclass(frozen=True, slots=True)
class Arguments:
    source: tuple[Actor, ...] = ()
    target: tuple[Actor, ...] = ()


@dataclass(slots=True)
class _Found:
    """Arguments being gathered from the mentions around a candidate."""

    direct: tuple[Actor, ...] = ()
    by: dict[str, tuple[Actor, ...]] = field(default_factory=dict)

    def toward(self, prepositions: tuple[str, ...]) -> tuple[Actor, ...]:
        for preposition in prepositions:
            if preposition == "" and self.direct:
                return self.direct
            if preposition in self.by:
                return self.by[preposition]
        return ()


def candidates(clauses: Clauses, grammar: Grammar) -> list[Candidate]:
    """Every act that the lexicon finds in a sentence, in the order of the words."""
    be, by = grammar.words.get("be", frozenset()), grammar.words.get("agents", frozenset())
    found: list[Candidate] = []
    for match in clauses.acts:
        act = match.term.meaning
        assert isinstance(act, Act)
        nominal = not match.is_verb or clauses.classes[match.first] != "V"
        passive = not nominal and is_passive(clauses, match, be, by)
        candidate = Candidate(match, act, passive, nominal)
        if not is_barred(clauses, candidate):
            found.append(candidate)
    return found


def is_barred(clauses: Clauses, candidate: Candidate) -> bool:
    """Whether what is told is no act of anybody, whatever the word: a storm that kills, a demand turned down."""
    if candidate.nominal and candidate.act.type in OFFERED and _is_turned_down(clauses, candidate.match):
        return True
    return candidate.act.type == "ASSAULT" and _is_natural(clauses, candidate.match)


def _is_natural(clauses: Clauses, match: Match) -> bool:
    """Whether what kills is a storm, a virus, an accident, which attacks nobody: its subject, or what
    follows in '… were killed in a crash'."""
    if not match.is_verb:
        near = range(max(0, match.first - 1), match.last)  # 'The quake hit': a word that may be a noun as well
        return match.last == match.first + 1 and any(_strikes_blindly(clauses, n) for n in near)
    after = range(match.last, min(len(clauses.words), match.last + NATURE_WINDOW))
    stop = next((n for n in after if clauses.classes[n] in ".SV" or clauses.actor_at[n] >= 0), after.stop)
    if "N" in match.term.tags and any(_strikes_blindly(clauses, n) for n in range(match.last, stop)):
        return True
    before = verb_group_start(clauses, match.first) - 1
    if before >= 0 and clauses.classes[before] == ",":
        verb = main_verb(clauses, before)
        before = before - 1 if verb is None else verb_group_start(clauses, verb) - 1
    for n in range(before, -1, -1):
        if clauses.classes[n] in 'VXSRT."(,':
            return False
        if _strikes_blindly(clauses, n):
            return True
    return False


def _strikes_blindly(clauses: Clauses, n: int) -> bool:
    """Whether this word is a force of nature, or one that nobody is named as having let loose."""
    if clauses.words[n] in clauses.listed.get("natural", ()):
        return True
    owned = n > 0 and (clauses.actor_at[n - 1] >= 0 or clauses.classes[n - 1] == "G")
    return clauses.words[n] in clauses.listed.get("natural_unowned", ()) and not owned


def _is_turned_down(clauses: Clauses, match: Match) -> bool:
    """Whether a noun that is nobody's own is the object of a verb that turns it down."""
    carrier = _carrier(clauses, match.first)
    if carrier is None or _type_at(clauses, carrier) != "REJECT":
        return False
    return not _possessor(clauses, match.first) and clauses.words[match.last : match.last + 1] != ("by",)


def arguments(clauses: Clauses, candidate: Candidate, grammar: Grammar) -> Arguments:
    """Source and target of an act; () where the sentence names nobody in that place."""
    found = _nominal(clauses, candidate, grammar) if candidate.nominal else _verbal(clauses, candidate, grammar)
    if candidate.act.roles == "undergo":
        found = Arguments(found.target, found.source)
    source = found.source
    target = tuple(actor for actor in found.target if not _same(actor, source))
    if candidate.act.roles == "alone":
        target = ()
    if candidate.act.roles == "mutual" and len(source) > 1 and not target:
        source, target = source[:1], source[1:]
    return Arguments(source, target)


def around(clauses: Clauses, candidate: Candidate) -> Arguments:
    """The mentions nearest to an act on either side, for one that stands though its grammar names nobody."""
    before = next((a for a in reversed(clauses.actor_at[: candidate.first]) if a >= 0), -1)
    after = next((a for a in clauses.actor_at[candidate.last :] if a >= 0), -1)
    source = clauses.group(before) if before >= 0 else ()
    target = clauses.group(after) if after >= 0 and not _same(clauses.actors[after], source) else ()
    return Arguments(target, source) if candidate.passive else Arguments(source, target)


def _same(actor: Actor, others: tuple[Actor, ...]) -> bool:
    return any(actor.span == other.span for other in others)


def _verbal(clauses: Clauses, candidate: Candidate, grammar: Grammar) -> Arguments:
    match, act = candidate.match, candidate.act
    after = _gather(clauses, match.first + 1 if match.term.pattern.gap > 1 else match.last)
    agents = grammar.words.get("agents", frozenset())
    before = subject(clauses, match.first)
    if candidate.passive:
        source = next((after.by[word] for word in sorted(agents) if word in after.by), ())
        source = source or _late_agent(clauses, match, agents)
        if act.type == "MOBILIZE":
            return Arguments(source or before, after.toward(act.toward))
        if match.other is not None and match.other < match.first:
            between = _gather(clauses, match.other + 1, match.first)
            return Arguments(source, between.toward(act.toward) or after.toward(act.toward))
        if act.toward and act.toward[0] != "" and after.toward(act.toward):
            return Arguments(source, after.toward(act.toward))
        return Arguments(source, before)
    if not before and _is_inverted(clauses, match):
        return Arguments(after.direct, ())
    target = after.toward(act.toward or ("",)) or _related(clauses, match)
    if not target and "G" in match.term.tags and match.first > 0 and clauses.classes[match.first - 1] == "P":
        governor = previous_verb(clauses, match.first)
        target = _gather(clauses, governor + 1, match.first).direct if governor is not None else ()
    return Arguments(before, target)


def _late_agent(clauses: Clauses, match: Match, agents: frozenset[str]) -> tuple[Actor, ...]:
    """The agent behind a deed that a passive charges with: 'X was accused of spying by Y'."""
    for n in range(match.last, len(clauses.words) - 1):
        if clauses.classes[n] in '.SRX"' or (clauses.classes[n] == "V" and clauses.classes[n - 1] != "P"):
            return ()
        actor = clauses.actor_at[n + 1]
        if clauses.words[n] in agents and actor >= 0:
            return clauses.group(actor) if not _is_own_agent(clauses, n) else ()
    return ()


def _is_own_agent(clauses: Clauses, by: int) -> bool:
    """Whether 'by' belongs to a participle right before it: 'accused of being backed by Y'."""
    return clauses.classes[by - 1] == "V" and not clauses.inflection.is_gerund(clauses.words[by - 1])


def _related(clauses: Clauses, match: Match) -> tuple[Actor, ...]:
    """Whom a relative clause with a subject of its own is about: 'Iran, which Peru accused'."""
    relative = relative_of(clauses, match.first)
    if relative is None or not (clauses.actor_at[relative - 1] >= 0 or clauses.classes[relative - 1] in ",w"):
        return ()
    return antecedent(clauses, relative)


def _is_inverted(clauses: Clauses, match: Match) -> bool:
    """'…', warned the minister: the verb comes after the quotation and before its subject."""
    return match.first > 0 and clauses.classes[match.first - 1] in '",'


def _gather(clauses: Clauses, start: int, end: int | None = None) -> _Found:
    found = _Found()
    for preposition, actor in objects(clauses, start):
        if end is not None and clauses.bounds[actor][0] >= end:
            break
        if preposition == "":
            found.direct = found.direct or clauses.group(actor)
        else:
            found.by.setdefault(preposition, clauses.group(actor))
    return found


# ------------------------------------------------------------------ nouns


def _nominal(clauses: Clauses, candidate: Candidate, grammar: Grammar) -> Arguments:
    match, act = candidate.match, candidate.act
    agents = grammar.words.get("agents", frozenset())
    ends_with_preposition = not match.is_verb and clauses.classes[match.last - 1] in "PT"
    after = _gather(clauses, match.last - 1 if ends_with_preposition else match.last)
    source = next((after.by[word] for word in sorted(agents) if word in after.by), ())
    target = after.toward(act.toward if match.is_verb else tuple(word for word in act.toward if word))
    possessor = _possessor(clauses, match.first) or _relative_subject(clauses, match.last)
    between = next((after.by[word] for word in sorted(grammar.words.get("between", ())) if word in after.by), ())
    if len(between) > 1 or (between and act.roles == "mutual"):
        return Arguments(between[:1], between[1:])
    if act.roles == "mutual" and not target and len(possessor) > 1:
        return Arguments(possessor[:1], possessor[1:])
    if not source:
        source, target = _without_agent(clauses, match, grammar, possessor, target)
    if not source:
        origins = tuple(sorted(grammar.words.get("origins", ())))
        source = after.toward(tuple(word for word in origins if word not in act.toward))
        if not source and not target:
            source = after.toward(origins)
    if not source and act.roles in ("mutual", "speech") and target:
        source = _sentence_subject(clauses, match.first)
    return Arguments(source, target)


def _sentence_subject(clauses: Clauses, noun: int) -> tuple[Actor, ...]:
    """The subject of the nearest verb before a noun: 'X played golf ahead of talks with Y'."""
    verb = previous_verb(clauses, noun)
    return subject(clauses, verb) if verb is not None else ()


def _without_agent(
    clauses: Clauses, match: Match, grammar: Grammar, possessor: tuple[Actor, ...], target: tuple[Actor, ...]
) -> tuple[tuple[Actor, ...], tuple[Actor, ...]]:
    """The doer of a noun without 'by': its genitive, or the subject of the light verb that carries it."""
    carrier = _carrier(clauses, match.first)
    if carrier is not None and _is_aside(clauses, carrier, match):
        return possessor, target
    if carrier is not None and clauses.words[carrier] in _bearing(grammar):
        return possessor, target or subject(clauses, carrier)
    if possessor:
        return possessor, target
    if carrier is None or clauses.words[carrier] in grammar.words.get("saying", ()):
        return (), target
    excludes = carrier in clauses.governors and clauses.governors[carrier].term.meaning == "negated"
    if not excludes and _type_at(clauses, carrier) in CHARGES:
        return _charged(clauses, carrier, match, grammar), target
    return subject(clauses, carrier), target


def _is_aside(clauses: Clauses, carrier: int, match: Match) -> bool:
    """Whether a noun only tells when or why another thing was done: 'formed a coalition following attacks on ships'.
    Talks are held by who travels for them, and a charge is about the deed that it names."""
    if _meant(match).roles in ("mutual", "speech") or _type_at(clauses, carrier) in CHARGES:
        return False
    return not clauses.listed.get("aside", frozenset()).isdisjoint(clauses.words[carrier + 1 : match.first])


def _type_at(clauses: Clauses, verb: int) -> str | None:
    """The type of the act that a verb tells."""
    return next((_meant(m).type for m in clauses.acts if m.first == verb), None)


def _meant(match: Match) -> Act:
    assert isinstance(match.term.meaning, Act)
    return match.term.meaning


def _charged(clauses: Clauses, verb: int, match: Match, grammar: Grammar) -> tuple[Actor, ...]:
    """Whose deed it is that a verb charges, warns of or turns down: 'X accused Y of an attack' tells of
    Y's, 'X warned Y against an attack' too; 'X condemned the attack' of nobody's in particular."""
    charge = next(m for m in clauses.acts if m.first == verb)
    if is_passive(clauses, charge, grammar.words.get("be", frozenset()), grammar.words.get("agents", frozenset())):
        return subject(clauses, verb)
    return _gather(clauses, verb + 1, match.first).direct


def _bearing(grammar: Grammar) -> frozenset[str]:
    """Verbs whose subject suffers what the noun says: 'face sanctions', 'suffer an attack'."""
    return grammar.words.get("bearing", frozenset())


def _carrier(clauses: Clauses, noun: int) -> int | None:
    """The verb whose object this noun is, if no other clause begins between them."""
    for n in range(noun - 1, max(-1, noun - 1 - LIGHT_WINDOW), -1):
        kind = clauses.classes[n]
        if kind == "V":
            return n
        if kind in '.SR"(,':
            return None
    return None


def _possessor(clauses: Clauses, noun: int) -> tuple[Actor, ...]:
    """'Russia's …', 'Russian …', 'US-led …': the mention just before a noun, through its adjectives."""
    for n in range(noun - 1, max(-1, noun - 1 - POSSESSOR_WINDOW), -1):
        actor = clauses.actor_at[n]
        if actor >= 0:
            return clauses.group(actor)
        if clauses.classes[n] not in "GwHAC" and clauses.words[n] not in ("-", "–"):
            return ()
    return ()


def _relative_subject(clauses: Clauses, after: int) -> tuple[Actor, ...]:
    """'the aid Japan has provided': a mention right after a noun, with its verb after it."""
    if after >= len(clauses.words) or clauses.actor_at[after] < 0:
        return ()
    actor = clauses.actor_at[after]
    last = clauses.bounds[actor][1]
    return clauses.group(actor) if last < len(clauses.words) and clauses.classes[last] in "VX" else ()


def is_anothers(clauses: Clauses, candidate: Candidate) -> bool:
    """Whether the verb before an act only reports it, charges somebody with it or warns against it, so
    that the subject of that verb is not known to do it."""
    verb = _carrier(clauses, candidate.first) if candidate.nominal else previous_verb(clauses, candidate.first)
    if verb is None:
        return candidate.nominal and _is_reported(clauses, candidate.first)
    if not candidate.nominal:
        return is_dissuaded(clauses, verb, candidate.first - 1)
    if verb in clauses.governors and clauses.governors[verb].term.meaning == "negated":
        return False
    return clauses.words[verb] in clauses.listed.get("saying", ()) or _type_at(clauses, verb) in CHARGES


def _is_reported(clauses: Clauses, noun: int) -> bool:
    """Whether a noun opens a clause that somebody reports: 'X said that an attack on Y …'."""
    for n in range(noun - 1, 0, -1):
        if clauses.classes[n] == "S":
            before = previous_verb(clauses, n)
            return before is not None and any(cue.first == before for cue in clauses.cues)
        if clauses.classes[n] in 'VXR.",':
            return False
    return False


def carried_by(clauses: Clauses, candidate: Candidate) -> int | None:
    """The verb that says how real an act is: the act's own, or the one that carries its noun."""
    return _carrier(clauses, candidate.first) if candidate.nominal else candidate.first
