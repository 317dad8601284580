"""Who acts and who is acted upon where the order of words leaves it open: trained weights choose among the mentions.

    chosen(rules, setting) -> arguments

For each role the options are the mentions of the sentence (those coordinated count as one), places of
states, words that the network of roles takes for a party though no rule knows them ('the town'), what the rules
point back at, and nobody. What the rules read from the grammar is a trait of an
option, so that the weights say how far to trust it. Weights are whole numbers: every machine chooses alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from tocsin.interpret.actors import slug
from tocsin.interpret.attribution import Claim
from tocsin.interpret.clauses import Clauses, preposition_after, preposition_of, previous_verb, verb_group_start
from tocsin.interpret.events import Arguments, Candidate
from tocsin.interpret.nationality import THING, is_thing
from tocsin.interpret.roles import OWNERS, Roles, step
from tocsin.records import Actor, Place
from tocsin.rules import Rules

Role = Literal["source", "target"]
ROLES: Final[tuple[Role, ...]] = ("source", "target")
# A path between an act and a mention is told in full up to so many classes.
PATH: Final = 7
# How far ahead of what the rules chose another option must be.
CLEAR: Final = 40
# And how far, where the rules name a state and the weights nobody, a place, or whom the rules name for the other role.
CLEAR_OF_STATE: Final = 120
NEVER: Final = -math.inf
DISTANCES: Final = (0, 1, 2, 3, 5, 8, 12, 20)
# From these log-odds on words that no rule knows may be a party, in these classes of words.
SEEN: Final = -0.5
PHRASE: Final = frozenset("wDAHG")


@dataclass(frozen=True, slots=True)
class Setting:
    """An act in its sentence, of a document's `text`: what the rules made of its parties, the claims over it,
    the places of the sentence where something happens, and what the network of roles sees of it."""

    clauses: Clauses
    candidate: Candidate
    found: Arguments
    over: Sequence[Claim]
    located: Sequence[Place]
    text: str
    view: Roles | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: the actors, () for nobody; `first` and `last` are the words that they cover."""

    actors: tuple[Actor, ...]
    first: int
    last: int
    kind: Literal["mention", "place", "phrase", "pointer", "nobody"]


@dataclass(frozen=True, eq=False)
class Parties:
    """Weights by trait, for each role."""

    weights: dict[Role, dict[str, int]]


@cache
def parties(rules: Rules, language: str) -> Parties | None:
    """The weights of a language, or None where none are trained."""
    weights = rules.models.get(f"parties-{language}")
    if weights is None:
        return None
    return Parties({role: dict(zip(weights.traits(), weights.arrays[role].tolist(), strict=True)) for role in ROLES})


def chosen(rules: Rules, language: str, setting: Setting) -> Arguments:
    """Source and target of an act; what the rules found where no weights are trained, and where words that no rule
    knows would be the only party: a film that is shot, strikes that a pitcher throws."""
    known, told = parties(rules, language), setting.found
    if known is None or not (told.source or told.target or setting.candidate.backed) or _is_shared(setting):
        return told
    listed = options(setting)
    source = _best(known, setting, listed, "source")
    target = () if setting.candidate.act.roles == "alone" else _best(known, setting, listed, "target", source)
    if all(is_thing(actor) for actor in (*source, *target)):
        return told
    if not (source and target) and (
        setting.candidate.act.roles == "mutual" or _is_reciprocal(setting.clauses, setting.candidate)
    ):
        both = source or target
        source, target = (both[:1], both[1:]) if len(both) > 1 else (source, target)
    return Arguments(source, target)


def _is_reciprocal(clauses: Clauses, candidate: Candidate) -> bool:
    """Whether those who act do it to each other: 'their forces clashed', 'accused one another', 'a truce between …'."""
    told = clauses.words[candidate.first : candidate.last]
    after = clauses.words[candidate.last : candidate.last + 2]
    between = clauses.listed.get("between", frozenset())
    if after[:1] and candidate.nominal and after[0] in between:
        return True
    if not candidate.passive and not clauses.listed.get("clashing", frozenset()).isdisjoint(told):
        return True
    return " ".join(after) in clauses.listed.get("reciprocals", ())


def _is_shared(setting: Setting) -> bool:
    """Whether source and target are named together: 'talks between X and Y'."""
    told = setting.found
    if not told.source or not told.target:
        return False
    groups = [setting.clauses.group(number) for number in range(len(setting.clauses.actors))]
    return any(_is_in(told.source[0], group) and _is_in(told.target[0], group) for group in groups)


def _is_in(actor: Actor, group: tuple[Actor, ...]) -> bool:
    return any(_same(actor, other) for other in group)


def _best(
    known: Parties, setting: Setting, listed: list[Option], role: Role, taken: tuple[Actor, ...] = ()
) -> tuple[Actor, ...]:
    told = setting.found.source if role == "source" else setting.found.target
    weights = known.weights[role]
    best, standing, is_place = -(2**31), -(2**31), False
    answer: tuple[Actor, ...] = told
    is_state = bool(told) and told[0].country is not None
    for option in listed:
        if any(_same(actor, other) for actor in option.actors for other in taken):
            continue
        if is_state and option.kind == "phrase":
            continue  # words that no rule knows take no state's part
        score = sum(weights.get(trait, 0) for trait in traits(setting, option, listed, role, taken))
        if _is(option, told):
            standing = score
        if score > best:
            best, answer, is_place = score, option.actors, option.kind == "place"
    if any(_same(actor, other) for actor in told for other in taken):
        return answer
    other = setting.found.target if role == "source" else setting.found.source
    is_bold = is_state and (not answer or is_place or any(_same(actor, one) for actor in answer for one in other))
    return told if best - standing < (CLEAR_OF_STATE if is_bold else CLEAR) else answer


def _same(one: Actor, other: Actor) -> bool:
    return one.span == other.span


def _is(option: Option, told: tuple[Actor, ...]) -> bool:
    """Whether an option is what the rules chose."""
    if not told:
        return not option.actors
    return any(_same(actor, other) for actor in option.actors for other in told)


# ------------------------------------------------------------------ options


def options(setting: Setting) -> list[Option]:
    """All answers that there are, in the order of the words, nobody first."""
    clauses = setting.clauses
    found = [Option((), 0, 0, "nobody")]
    seen: set[int] = set()
    for number, actor in enumerate(clauses.actors):
        if number in seen or _is_own_word(setting, number):
            continue
        group = clauses.group_of[number]
        seen.update(group)
        actors = _as_found(setting.found, clauses.group(number))
        found.append(Option(actors, clauses.bounds[number][0], clauses.bounds[group[-1]][1], "mention"))
        assert actor.span is not None
    found += _places(setting)
    found += _phrases(setting, found)
    for told in (setting.found.source, setting.found.target):
        if told and not any(_is(option, told) for option in found):
            first, last = _words(clauses, told)
            found.append(Option(told, first, last, "pointer"))
    return sorted(found, key=lambda option: (option.first, option.last))


def _as_found(told: Arguments, group: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """A group as the rules completed it, with the country that they gave a bare office."""
    known = {actor.span: actor for actor in (*told.source, *told.target)}
    return tuple(known.get(actor.span, actor) for actor in group)


def _is_own_word(setting: Setting, number: int) -> bool:
    first, last = setting.clauses.bounds[number]
    return setting.candidate.first <= first and last <= setting.candidate.last


def _places(setting: Setting) -> Iterator[Option]:
    clauses = setting.clauses
    for place in setting.located:
        if place.country is None or any(a.span and _meets(a.span, place.span) for a in clauses.actors):
            continue
        actor = Actor(place.text, place.span, place.country, place.name, place.country, None)
        first, last = _words(clauses, (actor,))
        yield Option((actor,), first, last, "place")


def _phrases(setting: Setting, known: Sequence[Option]) -> Iterator[Option]:
    """Runs of words that the network takes for a party, in one clause and apart from every other option."""
    if setting.view is None:
        return
    clauses, candidate = setting.clauses, setting.candidate
    taken = {n for option in known if option.actors for n in range(option.first - 1, option.last + 1)}
    taken.update(range(candidate.first, candidate.last))
    seen: set[int] = set()
    for role in ROLES:
        odds = setting.view.odds[role]
        for first, last in _runs([odd >= SEEN and clauses.classes[n] in PHRASE for n, odd in enumerate(odds)]):
            inside = range(first, last)
            words = [n for n in inside if clauses.classes[n] == "w" and clauses.words[n][0].isalpha()]
            if words and taken.isdisjoint(inside) and seen.isdisjoint(inside):
                seen.update(inside)
                yield _phrase(setting, words[0], words[-1] + 1)


def _runs(marked: Sequence[bool]) -> Iterator[tuple[int, int]]:
    first = None
    for n, mark in enumerate([*marked, False]):
        if mark and first is None:
            first = n
        elif not mark and first is not None:
            yield first, n
            first = None


def _phrase(setting: Setting, first: int, last: int) -> Option:
    span = (setting.clauses.tokens[first].start, setting.clauses.tokens[last - 1].end)
    text = setting.text[span[0] : span[1]]
    return Option((Actor(text, span, f"{THING}{slug(text)}", text, None, None),), first, last, "phrase")


def _meets(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _words(clauses: Clauses, actors: tuple[Actor, ...]) -> tuple[int, int]:
    span = actors[0].span or (0, 0)
    inside = [n for n, token in enumerate(clauses.tokens) if token.start < span[1] and span[0] < token.end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


# ------------------------------------------------------------------ traits


def traits(
    setting: Setting, option: Option, listed: list[Option], role: Role, taken: tuple[Actor, ...] = ()
) -> set[str]:
    """What a reader sees of an option for a role. Names of people and places are no traits. `taken` are
    those who act, when it is asked who is acted upon."""
    act = setting.candidate.act
    shape = "noun" if setting.candidate.nominal else "passive" if setting.candidate.passive else "active"
    ruled = _ruled(setting, option)
    found = [f"rule={ruled}", f"rule={ruled}.{act.type}.{shape}", f"kind={option.kind}", f"rule={ruled}.{shape}"]
    found.append(f"rule={ruled}.{'model' if setting.candidate.by else 'lexicon'}.{shape}")
    if option.kind == "nobody":
        found += _of_nobody(setting, listed, shape, ruled)
    else:
        found += _of_option(setting, option, listed, shape, ruled)
    if role == "target":
        found += _beside(setting, option, taken, shape)
    if setting.view is not None:
        found += _viewed(setting.view, option, listed, role, ruled)
    return set(found)


def _viewed(view: Roles, option: Option, listed: list[Option], role: Role, ruled: str) -> Iterator[str]:
    """What the network of roles says for an option, alone and against the best of the others."""
    nobody = step(float(view.answers[role][OWNERS.index("nobody")]))
    if option.kind == "nobody":
        best = step(max((_odds(view, other, role) for other in listed), default=NEVER))
        yield f"none.view={nobody}"
        yield f"none.best={best}"
        yield f"none.view={nobody}.{best}"
        yield f"none.view={nobody}.{ruled}"
        return
    if option.kind == "pointer":
        return  # the network knows whom a pronoun stands for as little as the words of this sentence say
    own = _odds(view, option, role)
    others = [_odds(view, other, role) for other in listed if other is not option]
    lead = step(own - max(others, default=NEVER))
    yield f"view={step(own)}"
    yield f"view.lead={lead}"
    yield f"view.lead={lead}.{ruled}"
    yield f"view.nobody={nobody}"
    yield f"view.rank={min(4, sum(other > own for other in others))}.{option.kind}"
    yield f"view.other={step(_odds(view, option, 'target' if role == 'source' else 'source'))}"


def _odds(view: Roles, option: Option, role: Role) -> float:
    """The log-odds of the word of an option that speaks most for the role; of nobody, none."""
    if option.kind == "nobody":
        return NEVER
    return max(view.odds[role][option.first : max(option.last, option.first + 1)], default=NEVER)


def _beside(setting: Setting, option: Option, taken: tuple[Actor, ...], shape: str) -> Iterator[str]:
    """How a target goes with the source: of one country or two, on which side of it."""
    kind = setting.candidate.act.type
    if option.kind == "nobody" or not taken:
        yield f"pair={option.kind}.{bool(taken)}.{kind}"
        yield f"pair={option.kind}.{bool(taken)}.{shape}"
        return
    one, other = taken[0], option.actors[0]
    alike = "unknown" if None in (one.country, other.country) else str(one.country == other.country)
    order = "after" if (one.span or (0, 0)) < (other.span or (0, 0)) else "before"
    yield f"pair={alike}.{kind}"
    yield f"pair={alike}.{order}.{shape}"
    yield f"pair={order}.{kind}.{shape}"
    yield f"pair={one.sector}.{other.sector}.{kind}"


def _ruled(setting: Setting, option: Option) -> str:
    """What the rules say of an option; of nobody, whether they found nobody for either role."""
    source, target = _is(option, setting.found.source), _is(option, setting.found.target)
    if option.kind == "nobody":
        return f"nobody{'S' if source else ''}{'T' if target else ''}"
    return "source" if source else "target" if target else "neither"


def _of_nobody(setting: Setting, listed: list[Option], shape: str, ruled: str) -> Iterator[str]:
    clauses, candidate = setting.clauses, setting.candidate
    before = sum(option.kind != "nobody" and option.last <= candidate.first for option in listed)
    after = sum(option.kind != "nobody" and option.first >= candidate.last for option in listed)
    yield f"none.type={candidate.act.type}.{shape}"
    yield f"none.word={clauses.words[candidate.first]}"
    yield f"none.word={clauses.words[candidate.first]}.{shape}.{ruled}"
    yield f"none.count={min(3, before)}.{min(3, after)}.{shape}"
    yield f"none.before={min(3, before)}"
    yield f"none.after={min(3, after)}"
    start = verb_group_start(clauses, candidate.first)
    yield f"none.left={_seen(clauses, start - 1)}.{shape}"
    yield f"none.right={_seen(clauses, candidate.last)}.{shape}"
    yield f"none.right={_seen(clauses, candidate.last)}.{_seen(clauses, candidate.last + 1)}.{shape}"


def _of_option(setting: Setting, option: Option, listed: list[Option], shape: str, ruled: str) -> Iterator[str]:
    clauses, candidate = setting.clauses, setting.candidate
    kind, actor = candidate.act.type, option.actors[0]
    side = "before" if option.last <= candidate.first else "after" if option.first >= candidate.last else "inside"
    gap = (candidate.first - option.last) if side == "before" else option.first - candidate.last
    between = range(option.last, candidate.first) if side == "before" else range(candidate.last, option.first)
    rank = _rank(option, listed, candidate, side)
    path = _path(clauses, between)
    near = sum(gap > d for d in DISTANCES)
    ties = _tie(clauses, candidate, option, side)
    yield f"side={side}.{shape}"
    yield f"side={side}.{shape}.{kind}"
    yield f"near={side}.{near}.{shape}"
    yield f"rank={side}.{rank}.{shape}.{ruled}"
    yield f"rank={side}.{rank}.{kind}"
    yield f"path={side}.{path}.{shape}"
    yield f"path={side}.{path[:3]}-{path[-3:]}"
    yield f"path={side}.{path}.{shape}.{kind}"
    yield f"tie={side}.{ties}.{shape}.{kind}"
    yield f"tie={side}.{ties}.{shape}.{rank}"
    yield f"first={option.first == 0}.{side}.{rank}.{shape}"
    yield f"count={min(6, len(listed))}.{side}.{rank}"
    yield f"verb={'+'.join(_verbs(clauses, between))}.{side}"
    yield f"seen={_seen(clauses, option.first - 1)}.{side}.{kind}"
    yield f"form={setting.candidate.match.term.tags}.{side}.{rank}.{shape}"
    yield f"verbs={side}.{min(3, path.count('V'))}.{min(2, path.count('S') + path.count('R'))}.{path.count('.')}"
    yield f"tie={side}.{ties}.{shape}"
    yield f"tie={side}.{ties}.{kind}"
    yield f"tie={side}.{ties}.{ruled}"
    yield f"tie={side}.{ties}.{clauses.words[candidate.first]}"
    yield f"word={clauses.words[candidate.first]}.{side}.{rank == 1}"
    yield from _of_actor(actor, option, kind, side)
    yield f"next={_seen(clauses, option.last)}.{side}"
    yield f"next={_seen(clauses, option.last)}.{side}.{shape}.{near}"
    yield f"previous={_seen(clauses, option.first - 1)}.{side}"
    yield f"touch={side}.{_seen(clauses, candidate.first - 1)}.{shape}.{rank}"
    yield from _of_claims(setting, option, kind)
    verb = previous_verb(clauses, candidate.first)
    if verb is not None and side == "before":
        place = "left" if option.last <= verb else "right"
        yield f"over={place}.{clauses.words[verb]}"
        yield f"over={place}.{shape}.{rank}"


def _of_actor(actor: Actor, option: Option, kind: str, side: str) -> Iterator[str]:
    named = "state" if actor.id == actor.country and actor.country else "known" if actor.country else "unknown"
    yield f"sector={actor.sector}.{kind}"
    yield f"sector={actor.sector}.{side}"
    yield f"named={named}.{side}"
    yield f"named={named}.{kind}.{option.kind}"
    yield f"many={len(option.actors) > 1}.{kind}"
    word = (actor.text or "").split()[-1:]
    if word and word[0].islower():
        yield f"noun={word[0]}.{kind}"
        yield f"noun={word[0]}.{side}"


def _of_claims(setting: Setting, option: Option, kind: str) -> Iterator[str]:
    for claim in setting.over:
        if claim.speaker is not None and any(actor.span == claim.speaker.span for actor in option.actors):
            yield f"speaker.{claim.force}"
            yield f"speaker.{kind}"
    at = setting.clauses.tokens[setting.candidate.first].start
    span = option.actors[0].span or (0, 0)
    quoted = [any(q[0] <= place < q[1] for q in setting.clauses.sentence.quotes) for place in (at, span[0])]
    yield f"quoted={quoted[0]}.{quoted[1]}"


def _rank(option: Option, listed: list[Option], candidate: Candidate, side: str) -> int:
    """How many options stand between, this one counted, up to 4."""
    if side == "before":
        return min(4, sum(o.kind != "nobody" and option.first <= o.first and o.last <= candidate.first for o in listed))
    return min(4, sum(o.kind != "nobody" and candidate.last <= o.first and o.last <= option.last for o in listed))


def _path(clauses: Clauses, between: range) -> str:
    """The classes of the words between, plain words and mentions told once, up to PATH of them."""
    path = ""
    for n in between:
        kind = "m" if clauses.actor_at[n] >= 0 else clauses.classes[n]
        if kind in "DHAw" and path.endswith("w"):
            continue
        kind = "w" if kind in "DHA" else kind
        if not (kind == "m" and path.endswith("m")):
            path += kind
    return path if len(path) <= PATH else f"{path[:3]}~{path[-3:]}"


def _verbs(clauses: Clauses, between: range) -> list[str]:
    """The verb on either side of what stands between."""
    told = [clauses.words[n] for n in between if clauses.classes[n] == "V" and clauses.actor_at[n] < 0]
    return list(dict.fromkeys([*told[:1], *told[-1:]]))


def _tie(clauses: Clauses, candidate: Candidate, option: Option, side: str) -> str:
    """What ties a mention to the act: the preposition that governs it, a genitive, or nothing."""
    if option.last < len(clauses.words) and clauses.classes[option.last] == "G":
        return "genitive"
    number = clauses.actor_at[option.first] if option.first < len(clauses.actor_at) else -1
    if number < 0:
        return _seen(clauses, option.first - 1)
    if side == "after":
        return preposition_after(clauses, number, candidate.last) or "direct"
    adjective = "adjective" if number in clauses.adjectives else "subject"
    return preposition_of(clauses, number) or adjective


def _seen(clauses: Clauses, n: int) -> str:
    """A word of a closed class as itself, any other as its class."""
    if not 0 <= n < len(clauses.words):
        return "edge"
    if clauses.actor_at[n] >= 0:
        return "mention"
    return clauses.words[n] if clauses.classes[n] in "PTSRCONXG" else clauses.classes[n]
