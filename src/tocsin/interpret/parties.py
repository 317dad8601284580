"""Who acts and who is acted upon where the order of words leaves it open: trained weights choose among the mentions.

    chosen(rules, setting) -> arguments

For each role the options are the mentions of the sentence (those coordinated count as one), places of
states, words that the network takes for a party though no rule knows them ('the town'), what the rules
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
CLEAR_OF_STATE: Final = 180
# What those do whom no rule knows.
CROWDS: Final = "PROTEST"
NEVER: Final = -math.inf
DISTANCES: Final = (0, 1, 2, 3, 5, 8, 12, 20)
# From these log-odds on words that no rule knows may be a party, in these classes of words.
SEEN: Final = -0.5
PHRASE: Final = frozenset("wDAHG")


@dataclass(frozen=True, slots=True)
class Setting:
    """An act in its sentence, of a document's `text`: what the rules made of its parties, the claims over it,
    the places of the sentence where something happens, and what the network sees of it."""

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
    """What each trait weighs for either role, in the order of ROLES."""

    weights: dict[str, tuple[int, int]]

    def sums(self, shown: set[str]) -> tuple[int, int]:
        """What traits weigh together."""
        source = target = 0
        for trait in shown:
            weight = self.weights.get(trait)
            if weight is not None:
                source += weight[0]
                target += weight[1]
        return source, target


@cache
def parties(rules: Rules, language: str) -> Parties | None:
    """The weights of a language, or None where none are trained."""
    weights = rules.models.get(f"parties-{language}")
    if weights is None:
        return None
    columns = zip(*(weights.arrays[role].tolist() for role in ROLES), strict=True)
    return Parties(dict(zip(weights.traits(), columns, strict=True)))


def chosen(rules: Rules, language: str, setting: Setting) -> Arguments:
    """Source and target of an act; what the rules found where no weights are trained, and where words that no rule
    knows would be the only party: a film that is shot, strikes that a pitcher throws; but a crowd may protest."""
    known, told = parties(rules, language), setting.found
    if known is None or not (told.source or told.target or setting.candidate.backed) or _is_shared(setting):
        return told
    eyes = _Eyes(setting, options(setting))
    common = [known.sums(eyes.common(number)) for number in range(len(eyes.listed))]
    source = _best(known, eyes, common, "source")
    target = () if setting.candidate.act.roles == "alone" else _best(known, eyes, common, "target", source)
    if all(is_thing(actor) for actor in (*source, *target)) and not (source and setting.candidate.act.type == CROWDS):
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
    return any(_meet(told.source[:1], group) and _meet(told.target[:1], group) for group in groups)


def _best(
    known: Parties, eyes: _Eyes, common: list[tuple[int, int]], role: Role, taken: tuple[Actor, ...] = ()
) -> tuple[Actor, ...]:
    """Who has a role; `common` is what the traits of each option weigh that it shows for either."""
    setting, column = eyes.setting, ROLES.index(role)
    told = setting.found.source if role == "source" else setting.found.target
    best, standing, is_place = -(2**31), -(2**31), False
    answer: tuple[Actor, ...] = told
    is_state = bool(told) and told[0].country is not None
    for number, option in enumerate(eyes.listed):
        if taken and _meet(option.actors, taken):
            continue
        if is_state and option.kind == "phrase":
            continue  # words that no rule knows take no state's part
        score = common[number][column] + known.sums(eyes.own(number, role, taken))[column]
        if eyes.told[role][number]:
            standing = score
        if score > best:
            best, answer, is_place = score, option.actors, option.kind == "place"
    if _meet(told, taken):
        return answer
    other = setting.found.target if role == "source" else setting.found.source
    is_bold = is_state and (not answer or is_place or _meet(answer, other))
    is_second = not told and bool(other or taken) and setting.candidate.act.roles == "mutual"
    clear = CLEAR_OF_STATE if is_bold else 0 if is_second else CLEAR
    return told if best - standing < clear else answer


def _meet(some: Sequence[Actor], others: Sequence[Actor]) -> bool:
    """Whether an actor of some is one of others: named by the same words."""
    spans = [other.span for other in others]
    return any(actor.span in spans for actor in some)


def _is(option: Option, told: tuple[Actor, ...]) -> bool:
    """Whether an option is what the rules chose."""
    return _meet(option.actors, told) if told else not option.actors


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
        if max(odds, default=NEVER) < SEEN:
            continue
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
    eyes, number = _Eyes(setting, listed), listed.index(option)
    return eyes.common(number) | eyes.own(number, role, taken)


class _Eyes:
    """What is seen of the options of one act, by their numbers: `common`, whatever the role, and `own`, of a role. No
    trait is both."""

    def __init__(self, setting: Setting, listed: list[Option]) -> None:
        clauses, candidate, view = setting.clauses, setting.candidate, setting.view
        self.setting, self.listed = setting, listed
        self.shape = "noun" if candidate.nominal else "passive" if candidate.passive else "active"
        self.told = {
            "source": [_is(option, setting.found.source) for option in listed],
            "target": [_is(option, setting.found.target) for option in listed],
        }
        self.ruled = [_ruled(*told) for told in zip(listed, *self.told.values(), strict=True)]
        self.odds = {role: [_odds(view, option, role) for option in listed] for role in ROLES} if view else {}
        self.steps = {role: [step(odds) for odds in self.odds[role]] for role in self.odds}
        self.nobody = {role: step(float(view.answers[role][OWNERS.index("nobody")])) for role in ROLES} if view else {}
        self.verb = previous_verb(clauses, candidate.first)
        self.touched = _seen(clauses, candidate.first - 1)
        self.quoted = _is_quoted(clauses, clauses.tokens[candidate.first].start)

    def common(self, number: int) -> set[str]:
        option, shape, ruled = self.listed[number], self.shape, self.ruled[number]
        candidate = self.setting.candidate
        found = [f"rule={ruled}", f"rule={ruled}.{candidate.act.type}.{shape}", f"kind={option.kind}"]
        found += [f"rule={ruled}.{shape}", f"rule={ruled}.{'model' if candidate.by else 'lexicon'}.{shape}"]
        found += self._of_nobody(ruled) if option.kind == "nobody" else self._of_option(option, ruled)
        return set(found)

    def own(self, number: int, role: Role, taken: tuple[Actor, ...]) -> set[str]:
        found = _beside(self.setting, self.listed[number], taken, self.shape) if role == "target" else []
        return set(found if self.setting.view is None else found + self._viewed(number, role))

    def _viewed(self, number: int, role: Role) -> list[str]:
        """What the network says for an option, alone and against the best of the others."""
        kind, odds, ruled = self.listed[number].kind, self.odds[role], self.ruled[number]
        nobody = self.nobody[role]
        if kind == "nobody":
            best = step(max(odds, default=NEVER))
            view_of = f"none.view={nobody}"
            return [view_of, f"none.best={best}", f"{view_of}.{best}", f"{view_of}.{ruled}"]
        if kind == "pointer":
            return []  # the network knows whom a pronoun stands for as little as the words of this sentence say
        own, others = odds[number], odds[:number] + odds[number + 1 :]
        lead = step(own - max(others, default=NEVER))
        return [
            f"view={self.steps[role][number]}",
            f"view.lead={lead}",
            f"view.lead={lead}.{ruled}",
            f"view.nobody={nobody}",
            f"view.rank={min(4, sum(other > own for other in others))}.{kind}",
            f"view.other={self.steps['target' if role == 'source' else 'source'][number]}",
        ]

    def _of_nobody(self, ruled: str) -> list[str]:
        clauses, candidate, shape = self.setting.clauses, self.setting.candidate, self.shape
        before = min(3, sum(o.kind != "nobody" and o.last <= candidate.first for o in self.listed))
        after = min(3, sum(o.kind != "nobody" and o.first >= candidate.last for o in self.listed))
        word, right = clauses.words[candidate.first], _seen(clauses, candidate.last)
        left = _seen(clauses, verb_group_start(clauses, candidate.first) - 1)
        return [
            f"none.type={candidate.act.type}.{shape}",
            f"none.word={word}",
            f"none.word={word}.{shape}.{ruled}",
            f"none.count={before}.{after}.{shape}",
            f"none.before={before}",
            f"none.after={after}",
            f"none.left={left}.{shape}",
            f"none.right={right}.{shape}",
            f"none.right={right}.{_seen(clauses, candidate.last + 1)}.{shape}",
        ]

    def _of_option(self, option: Option, ruled: str) -> list[str]:
        clauses, candidate, shape = self.setting.clauses, self.setting.candidate, self.shape
        kind, word = candidate.act.type, clauses.words[candidate.first]
        side = "before" if option.last <= candidate.first else "after" if option.first >= candidate.last else "inside"
        gap = (candidate.first - option.last) if side == "before" else option.first - candidate.last
        between = range(option.last, candidate.first) if side == "before" else range(candidate.last, option.first)
        rank, path, near = self._rank(option, side), _path(clauses, between), sum(gap > d for d in DISTANCES)
        ties, left, right = (
            _tie(clauses, candidate, option, side),
            _seen(clauses, option.first - 1),
            _seen(clauses, option.last),
        )
        found = [
            f"side={side}.{shape}",
            f"side={side}.{shape}.{kind}",
            f"near={side}.{near}.{shape}",
            f"rank={side}.{rank}.{shape}.{ruled}",
            f"rank={side}.{rank}.{kind}",
            f"path={side}.{path}.{shape}",
            f"path={side}.{path[:3]}-{path[-3:]}",
            f"path={side}.{path}.{shape}.{kind}",
            f"tie={side}.{ties}.{shape}.{kind}",
            f"tie={side}.{ties}.{shape}.{rank}",
            f"tie={side}.{ties}.{shape}",
            f"tie={side}.{ties}.{kind}",
            f"tie={side}.{ties}.{ruled}",
            f"tie={side}.{ties}.{word}",
            f"first={option.first == 0}.{side}.{rank}.{shape}",
            f"count={min(6, len(self.listed))}.{side}.{rank}",
            f"verb={_verbs(clauses, between)}.{side}",
            f"form={candidate.match.term.tags}.{side}.{rank}.{shape}",
            f"verbs={side}.{min(3, path.count('V'))}.{min(2, path.count('S') + path.count('R'))}.{path.count('.')}",
            f"word={word}.{side}.{rank == 1}",
            f"seen={left}.{side}.{kind}",
            f"previous={left}.{side}",
            f"next={right}.{side}",
            f"next={right}.{side}.{shape}.{near}",
            f"touch={side}.{self.touched}.{shape}.{rank}",
        ]
        found += _of_actor(option.actors[0], option, kind, side)
        found += self._of_claims(option, kind)
        if self.verb is not None and side == "before":
            place = "left" if option.last <= self.verb else "right"
            found += [f"over={place}.{clauses.words[self.verb]}", f"over={place}.{shape}.{rank}"]
        return found

    def _of_claims(self, option: Option, kind: str) -> list[str]:
        found = []
        for claim in self.setting.over:
            if claim.speaker is not None and any(actor.span == claim.speaker.span for actor in option.actors):
                found += [f"speaker.{claim.force}", f"speaker.{kind}"]
        start = (option.actors[0].span or (0, 0))[0]
        return [*found, f"quoted={self.quoted}.{_is_quoted(self.setting.clauses, start)}"]

    def _rank(self, option: Option, side: str) -> int:
        """How many options stand between, this one counted, up to 4."""
        named = [o for o in self.listed if o.kind != "nobody"]
        if side == "before":
            last = self.setting.candidate.first
            return min(4, sum(option.first <= o.first and o.last <= last for o in named))
        first = self.setting.candidate.last
        return min(4, sum(first <= o.first and o.last <= option.last for o in named))


def _odds(view: Roles, option: Option, role: Role) -> float:
    """The log-odds of the word of an option that speaks most for the role; of nobody, none."""
    if option.kind == "nobody":
        return NEVER
    return max(view.odds[role][option.first : max(option.last, option.first + 1)], default=NEVER)


def _beside(setting: Setting, option: Option, taken: tuple[Actor, ...], shape: str) -> list[str]:
    """How a target goes with the source: of one country or two, on which side of it."""
    kind = setting.candidate.act.type
    if option.kind == "nobody" or not taken:
        pair = f"pair={option.kind}.{bool(taken)}"
        return [f"{pair}.{kind}", f"{pair}.{shape}"]
    one, other = taken[0], option.actors[0]
    alike = "unknown" if None in (one.country, other.country) else str(one.country == other.country)
    order = "after" if (one.span or (0, 0)) < (other.span or (0, 0)) else "before"
    return [
        f"pair={alike}.{kind}",
        f"pair={alike}.{order}.{shape}",
        f"pair={order}.{kind}.{shape}",
        f"pair={one.sector}.{other.sector}.{kind}",
    ]


def _ruled(option: Option, source: bool, target: bool) -> str:
    """What the rules say of an option, as which they chose it; of nobody, whether they found nobody for either role."""
    if option.kind == "nobody":
        return f"nobody{'S' if source else ''}{'T' if target else ''}"
    return "source" if source else "target" if target else "neither"


def _of_actor(actor: Actor, option: Option, kind: str, side: str) -> list[str]:
    named = "state" if actor.id == actor.country and actor.country else "known" if actor.country else "unknown"
    found = [
        f"sector={actor.sector}.{kind}",
        f"sector={actor.sector}.{side}",
        f"named={named}.{side}",
        f"named={named}.{kind}.{option.kind}",
        f"many={len(option.actors) > 1}.{kind}",
    ]
    word = (actor.text or "").split()[-1:]
    if word and word[0].islower():
        found += [f"noun={word[0]}.{kind}", f"noun={word[0]}.{side}"]
    return found


def _is_quoted(clauses: Clauses, at: int) -> bool:
    return any(start <= at < end for start, end in clauses.sentence.quotes)


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


def _verbs(clauses: Clauses, between: range) -> str:
    """The verb on either side of what stands between."""
    told = [clauses.words[n] for n in between if clauses.classes[n] == "V" and clauses.actor_at[n] < 0]
    return "+".join(dict.fromkeys([*told[:1], *told[-1:]]))


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
