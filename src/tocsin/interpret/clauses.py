"""The shallow structure of a sentence: word classes, verb groups, subjects and objects.

No parser: a word's class comes from closed lists, from the lexicon and from its neighbours. What is
given is what a reader would guess from the order of words; each function says what it looks for.

Classes: V verb, X auxiliary or modal, T infinitive marker, N negation, A adverb, D determiner,
P preposition, S subordinator, R relative, C coordinator, O pronoun, G genitive mark, H number,
',' comma, '.' end of a clause, '"' quotation mark, 'w' any other word.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from tocsin.interpret.lexicon import Lexicon, Match
from tocsin.interpret.tokens import HYPHENS, Sentence, Token
from tocsin.records import Actor, Span
from tocsin.rules.grammar import Act, Cue
from tocsin.rules.inflection import Inflection

# The trained models have learned from longer sentences; in one of up to so many words they are trusted less.
SHORT: Final = 14
BOUNDS: Final = frozenset('VXSRT."(')
# Verbs whose object is who acts next: 'urged X to go', 'accused X of going'.
DIRECTING: Final = frozenset({"REQUEST", "ACCUSE"})
# A comma closes a phrase; at most so many words stand between the commas of an apposition.
APPOSITION: Final = 14
# Brackets in a noun phrase hold at most so many words.
BRACKETED: Final = 8


@dataclass(eq=False)
class Clauses:
    """One sentence made ready. `actor_at[i]` is the index into `actors` of the mention that covers
    word i, or -1; `group_of[a]` the indices of the mentions coordinated with mention a. `adjectives` are mentions that
    are only an adjective ('Russian'); `directing` words are verbs whose object acts next;
    `listed` are the word classes of the grammar by name."""

    sentence: Sentence
    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    classes: list[str]
    actors: tuple[Actor, ...]
    actor_at: list[int]
    bounds: list[tuple[int, int]]
    group_of: list[tuple[int, ...]]
    inflection: Inflection
    acts: list[Match] = field(default_factory=list)
    cues: list[Match] = field(default_factory=list)
    governors: dict[int, Match] = field(default_factory=dict)
    directing: set[int] = field(default_factory=set)
    adjectives: frozenset[int] = frozenset()
    listed: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def group(self, actor: int) -> tuple[Actor, ...]:
        return tuple(self.actors[n] for n in self.group_of[actor])


def prepare(
    sentence: Sentence, actors: tuple[Actor, ...], lexicon: Lexicon, adjectives: frozenset[Span] = frozenset()
) -> Clauses | None:
    """The clauses of a sentence, or None where no word of it begins a term."""
    return classified(sentence, actors, lexicon, adjectives) if _has_term(sentence, lexicon) else None


def classified(
    sentence: Sentence, actors: tuple[Actor, ...], lexicon: Lexicon, adjectives: frozenset[Span] = frozenset()
) -> Clauses:
    """The clauses of a sentence, whether or not it holds a term."""
    words = tuple([token.lower for token in sentence.tokens])
    actor_at, bounds = _cover(sentence, actors)
    clauses = Clauses(
        sentence, sentence.tokens, words, ["w"] * len(words), actors, actor_at, bounds, [], lexicon.grammar.inflection
    )
    clauses.adjectives = frozenset(n for n, actor in enumerate(actors) if actor.span in adjectives)
    clauses.listed = lexicon.grammar.words
    _classify(clauses, lexicon)
    clauses.group_of.extend(_groups(clauses))
    return clauses


def word_before(clauses: Clauses, start: int, edge: str = "") -> str:
    """The last word that ends before an offset of the text, in lower case; `edge` where there is none."""
    return next((token.lower for token in reversed(clauses.tokens) if token.end <= start), edge)


def _has_term(sentence: Sentence, lexicon: Lexicon) -> bool:
    return bool(lexicon.stem_sizes) or any(token.lower in lexicon.openers for token in sentence.tokens)


def _cover(sentence: Sentence, actors: tuple[Actor, ...]) -> tuple[list[int], list[tuple[int, int]]]:
    covered = [-1] * len(sentence.tokens)
    bounds: list[tuple[int, int]] = []
    for number, actor in enumerate(actors):
        assert actor.span is not None
        first = bisect_right(sentence.tokens, actor.span[0], key=_end)
        last = bisect_left(sentence.tokens, actor.span[1], first, key=_start)
        covered[first:last] = [number] * (last - first)
        bounds.append((first, last) if first < last else (0, 0))
    return covered, bounds


def _start(token: Token) -> int:
    return token.start


def _end(token: Token) -> int:
    return token.end


# ------------------------------------------------------------------ word classes and terms


def _classify(clauses: Clauses, lexicon: Lexicon) -> None:
    """Give every word its class, left to right, and keep the terms that stand."""
    words, classes = clauses.words, clauses.classes
    for n, word in enumerate(words):
        classes[n] = "w" if clauses.actor_at[n] >= 0 else _closed_class(word, lexicon)
        if word in HYPHENS and _joins(clauses, n):
            classes[n] = "C"
    _settle(clauses, lexicon)
    place = 0
    while place < len(words):
        skip = lexicon.idiom_at(words, place) if words[place] in lexicon.idioms else 0
        if skip:
            place += skip
            continue
        if words[place] in lexicon.terms or lexicon.stems:
            _take_terms(clauses, lexicon, place)
        place += 1
    _relative_that(clauses)


def _joins(clauses: Clauses, n: int) -> bool:
    """Whether a hyphen stands between two mentions without space: 'U.S.-Russian'."""
    if not 0 < n < len(clauses.words) - 1 or clauses.actor_at[n - 1] < 0 or clauses.actor_at[n + 1] < 0:
        return False
    before, hyphen, after = clauses.tokens[n - 1 : n + 2]
    return before.end == hyphen.start and hyphen.end == after.start


@lru_cache(maxsize=1 << 15)
def _closed_class(word: str, lexicon: Lexicon) -> str:
    known = lexicon.classes.get(word)
    if known is not None:
        return known
    first = word[0]
    if first.isalpha():
        return "A" if lexicon.grammar.inflection.is_adverb(word) else "w"
    if first.isdigit():
        return "H"
    if word in ("'s", "’s"):
        return "G"
    if first in '"“”«»„' or word in ("''", "``"):
        return '"'
    if first in "(){}[]":
        return "("
    return "," if word == "," else "."


def _settle(clauses: Clauses, lexicon: Lexicon) -> None:
    """Tell the infinitive marker from the preposition, and take an unknown word after a modal for a verb."""
    classes, modals = clauses.classes, lexicon.grammar.words.get("modals", frozenset())
    for n in range(len(classes) - 1):
        following = clauses.tokens[n + 1].text
        if classes[n] == "T" and (
            classes[n + 1] in 'DHOP"' or following[0].isupper() or clauses.inflection.is_gerund(following)
        ):
            classes[n] = "P"
        before = n
        while before > 0 and classes[before] == "A":
            before -= 1
        governs = classes[before] == "T" or clauses.words[before] in modals
        if governs and classes[n + 1] == "w" and following.isalpha() and following.islower():
            classes[n + 1] = "V"


def _take_terms(clauses: Clauses, lexicon: Lexicon, place: int) -> None:
    if clauses.actor_at[place] >= 0 and clauses.classes[place] != "V" and _is_name(clauses, place):
        return
    act = None
    taken_as_verb = False
    for match in lexicon.at(clauses.words, place):
        if isinstance(match.term.meaning, str):
            clauses.governors.setdefault(place, match)
        if not _stands(clauses, match):
            continue
        if match.is_verb and not taken_as_verb:
            taken_as_verb = True
            if not _is_nominal(clauses, match):
                clauses.classes[place] = "V"
        meaning = match.term.meaning
        if isinstance(meaning, Act):
            act = act or match
            if match.is_verb and meaning.type in DIRECTING:
                clauses.directing.add(place)
        elif isinstance(meaning, Cue) and (not clauses.cues or clauses.cues[-1].first != place):
            clauses.cues.append(match)
    if act is not None and not _overlaps(clauses, act):
        clauses.acts.append(act)


def _is_name(clauses: Clauses, place: int) -> bool:
    """Whether this word is inside a mention and written as a name is, so that it tells no act."""
    return clauses.tokens[place].text[:1].isupper() and place > 0


def _overlaps(clauses: Clauses, match: Match) -> bool:
    """Whether a term found before already holds this word, or this act has said what that one needs."""
    for other in clauses.acts[-3:]:
        if match.first < other.last:
            return True
        if other.other == match.first and (
            not isinstance(match.term.meaning, Act)
            or not isinstance(other.term.meaning, Act)
            or match.term.meaning.type == other.term.meaning.type
            or other.term.needs
        ):
            return True
    return False


def _stands(clauses: Clauses, match: Match) -> bool:
    """Whether the form can be what the term says it is: a noun or a verb at this place."""
    tags = match.term.tags
    if not match.is_verb:
        return not _verbal_place(clauses, match.first) or len(match.term.pattern.words) > 1
    if "D" in tags or "N" in tags:
        return True
    if "G" in tags or _speaks(clauses, match):
        return True
    if "B" in tags:
        return _base_place(clauses, match)
    return _third_person_place(clauses, match)


def _speaks(clauses: Clauses, match: Match) -> bool:
    """Whether a verb of speech that is no noun too stands after what can be its subject: 'many lawmakers say
    other …', 'She adds, “…”', '“…,” the narrator says.'"""
    if match.term.pattern.words[0] not in clauses.listed.get("only_speech", ()):
        return False
    n = _before(clauses, match.first)
    if n < 0 or clauses.classes[n] in "DGPTXHSC":
        return False
    return clauses.classes[n] in "ORw"


def _before(clauses: Clauses, place: int) -> int:
    """Index of the word before, adverbs skipped; -1 at the beginning."""
    n = place - 1
    while n >= 0 and clauses.classes[n] == "A":
        n -= 1
    return n


def _verbal_place(clauses: Clauses, place: int) -> bool:
    """Whether a word here can only be a verb: after an infinitive marker, a modal, a personal pronoun."""
    n = _before(clauses, place)
    if n < 0:
        return False
    if clauses.classes[n] == "T":
        return True
    return clauses.classes[n] == "O"


def _base_place(clauses: Clauses, match: Match) -> bool:
    n = _before(clauses, match.first)
    if n < 0:
        return len(clauses.words) > match.last and clauses.classes[match.last] in "DwHP"
    before = clauses.classes[n]
    if before in "TXONR":
        return True
    if before == "C":
        return any(clauses.classes[k] in "VT" for k in range(max(0, n - 12), n))
    if before in "DGPH":
        return False
    following = clauses.classes[match.last] if match.last < len(clauses.words) else "."
    takes_object = following in 'DHOPST"' or (match.last < len(clauses.words) and clauses.actor_at[match.last] >= 0)
    return (
        takes_object
        and before == "w"
        and clauses.inflection.is_plural(clauses.words[n])
        and not _is_adjective(clauses, n)
    )


def _is_adjective(clauses: Clauses, n: int) -> bool:
    """Whether this word is a state's adjective, so that a noun must follow."""
    return clauses.actor_at[n] in clauses.adjectives


def _third_person_place(clauses: Clauses, match: Match) -> bool:
    n = _before(clauses, match.first)
    if n < 0:
        return False
    before = clauses.classes[n]
    if before in "DGPXTHN":
        return False
    following = clauses.classes[match.last] if match.last < len(clauses.words) else "."
    actor_next = match.last < len(clauses.words) and clauses.actor_at[match.last] >= 0
    if _is_adjective(clauses, n):
        return False
    if clauses.actor_at[n] >= 0:
        return actor_next or following not in ".," or before == "O"
    return actor_next or following in 'DHOTS"A' or before in "RO"


def _is_nominal(clauses: Clauses, match: Match) -> bool:
    """Whether a verb's form is used as a noun or an adjective: 'the bombing of', 'a planned attack'."""
    n = _before(clauses, match.first)
    if n < 0:
        return False
    if "G" in match.term.tags:
        return clauses.classes[n] in "DG" or _is_adjective(clauses, n)
    if "N" not in match.term.tags or match.term.rest:
        return False
    following = clauses.classes[match.last] if match.last < len(clauses.words) else "."
    return clauses.classes[n] in "DG" or (clauses.classes[n] in "VHP" and following == "w")


def _relative_that(clauses: Clauses) -> None:
    """A subordinator that is followed by a verb is the subject of it: a relative."""
    days = clauses.listed.get("days", ())
    for n in range(1, len(clauses.words) - 1):
        if clauses.classes[n] != "S" or clauses.classes[n - 1] != "w" or clauses.classes[n + 1] not in "XV":
            continue
        if clauses.words[n - 1] not in days and not clauses.inflection.is_gerund(clauses.words[n + 1]):
            clauses.classes[n] = "R"


def _groups(clauses: Clauses) -> list[tuple[int, ...]]:
    """Mentions that are coordinated: 'France, Germany and 13 others', 'Moscow and Washington'."""
    groups: list[list[int]] = []
    for number in range(len(clauses.actors)):
        if groups and _joined(clauses, groups[-1][-1], number):
            groups[-1].append(number)
        else:
            groups.append([number])
    grouped: list[tuple[int, ...]] = [()] * len(clauses.actors)
    for group in groups:
        for number in group:
            grouped[number] = tuple(group)
    return grouped


def _joined(clauses: Clauses, left: int, right: int) -> bool:
    between = range(clauses.bounds[left][1], clauses.bounds[right][0])
    if not between or len(between) > 4:
        return False
    kinds = [clauses.classes[n] for n in between]
    if "C" in kinds:
        new_clause = kinds[0] == "," and (left == 0 or not _joined(clauses, left - 1, left))
        if _acts_itself(clauses, left, right):
            return False
        return not new_clause and all(kind in "C,DAHw" for kind in kinds) and kinds[0] in "C,"
    return kinds in ([","], [",", "D"]) and _list_goes_on(clauses, right)


def _acts_itself(clauses: Clauses, left: int, right: int) -> bool:
    """Whether 'and' opens a clause: 'X bombed Y and Z condemned X'. What is said may have two subjects: 'X said Y and Z
    condemned W'."""
    before, after = clauses.bounds[left][0] - 1, clauses.bounds[right][1]
    if (
        before < 1
        or after >= len(clauses.words)
        or clauses.classes[before] != "V"
        or clauses.classes[after] not in "VX"
    ):
        return False
    return clauses.actor_at[before - 1] >= 0 and all(cue.first != before for cue in clauses.cues)


def _list_goes_on(clauses: Clauses, actor: int) -> bool:
    """Whether a coordinator still follows within a list of mentions."""
    n = clauses.bounds[actor][1]
    for place in range(n, min(n + 8, len(clauses.words))):
        if clauses.classes[place] == "C":
            return True
        if clauses.classes[place] not in ",DH" and clauses.actor_at[place] < 0:
            return False
    return False


# ------------------------------------------------------------------ subjects and objects


def verb_group_start(clauses: Clauses, verb: int) -> int:
    """Index of the first word of the verb group that ends at this verb (auxiliaries, negation, adverbs,
    'on Monday', 'Monday', what stands in brackets)."""
    n = verb
    days = clauses.listed.get("days", ())
    while n > 0:
        if clauses.classes[n - 1] in "XNA":
            n -= 1
        elif clauses.words[n - 1] == ")" and before_brackets(clauses, n) < n:
            n = before_brackets(clauses, n)
        elif n > 1 and clauses.words[n - 1] in days:
            n -= 2 if clauses.classes[n - 2] == "P" else 1
        else:
            break
    return n


def before_brackets(clauses: Clauses, end: int) -> int:
    """Where the brackets that close just before a word open: 'Senator X (R-Utah)'; the word itself
    where none close there, or what they hold is long."""
    if end < 1 or clauses.words[end - 1] != ")":
        return end
    return next((n for n in range(end - 2, max(0, end - 2 - BRACKETED), -1) if clauses.words[n] == "("), end)


def is_passive(clauses: Clauses, match: Match, be: frozenset[str], by: frozenset[str]) -> bool:
    """A participle after a form of 'be', or one followed by its agent ('troops attacked by rebels')."""
    if "N" not in match.term.tags:
        return False
    start = verb_group_start(clauses, match.first)
    group = clauses.words[start : match.first]
    if any(word in be for word in group):
        return True
    if any(clauses.classes[n] == "X" for n in range(start, match.first)):
        return False
    following = clauses.words[match.last : match.last + 1]
    return bool(following) and following[0] in by


def subject(clauses: Clauses, verb: int, depth: int = 0) -> tuple[Actor, ...]:
    """Who does what this verb tells, read from the words before it; () where nobody is named."""
    if depth > 4:
        return ()
    n = verb_group_start(clauses, verb) - 1
    if n < 0:
        return ()
    kind = clauses.classes[n]
    if kind == "T":
        return _controller(clauses, n, depth)
    if kind in "PS" and clauses.inflection.is_gerund(clauses.words[verb]):
        return _controller(clauses, n, depth)
    if kind == "R":
        return antecedent(clauses, n)
    if kind == "O":
        return _pronoun(clauses, n, depth)
    if kind == "C":
        previous = previous_verb(clauses, n)
        return subject(clauses, previous, depth + 1) if previous is not None else ()
    if kind == ",":
        return _before_comma(clauses, n, verb, depth)
    if clauses.inflection.is_gerund(clauses.words[verb]):
        main = _closing_participle(clauses, n)
        if main is not None:
            return subject(clauses, main, depth + 1)
    return _phrase_before(clauses, n, depth)


def _closing_participle(clauses: Clauses, n: int) -> int | None:
    """The verb whose subject acts on in 'X landed at Y carrying Z': only a mention that a preposition
    governs stands between."""
    actor = next((a for a in reversed(clauses.actor_at[: n + 1]) if a >= 0), -1)
    if actor < 0 or preposition_of(clauses, actor) is None:
        return None
    main = main_verb(clauses, n + 1)
    return main if main is not None and main < clauses.bounds[actor][0] else None


def previous_verb(clauses: Clauses, place: int) -> int | None:
    """The nearest verb to the left that is not beyond the end of a clause."""
    for n in range(place - 1, -1, -1):
        if clauses.classes[n] == "V":
            return n
        if clauses.classes[n] == ".":
            return None
    return None


def _controller(clauses: Clauses, marker: int, depth: int) -> tuple[Actor, ...]:
    """Who is meant to act in 'X plans to …', 'X urged Y to …', 'X accused Y of …-ing'."""
    governor = previous_verb(clauses, marker)
    if governor is None:
        return _phrase_before(clauses, marker - 1, depth)
    if clauses.classes[marker] != "T" or governor in clauses.directing:
        between = _heads(clauses, governor + 1, marker)
        if between and governor in clauses.directing:
            return clauses.group(between[-1])
        if is_dissuaded(clauses, governor, marker):
            return clauses.group(between[-1]) if between else ()
    return subject(clauses, governor, depth + 1)


def is_dissuaded(clauses: Clauses, governor: int, marker: int) -> bool:
    """Whether a verb warns somebody against what follows: not who warns would do it."""
    warns = any(
        m.first == governor and isinstance(m.term.meaning, Act) and m.term.meaning.type == "THREATEN"
        for m in clauses.acts
    )
    return warns and clauses.words[marker] in clauses.listed.get("dissuading", ())


def _pronoun(clauses: Clauses, place: int, depth: int) -> tuple[Actor, ...]:
    """A pronoun that is a subject stands for the subject of the verb before it ('X said that they …');
    right after a noun ('the sanctions it imposed') for the mention nearest to it."""
    before = clauses.actor_at[place - 1] if place > 0 else -1
    if before < 0 and place > 1 and clauses.classes[place - 1] == "w":
        nearest = next((a for a in reversed(clauses.actor_at[:place]) if a >= 0 and a not in clauses.adjectives), -1)
        return clauses.group(nearest) if nearest >= 0 else ()
    previous = previous_verb(clauses, place)
    return () if previous is None else subject(clauses, previous, depth + 1)


def antecedent(clauses: Clauses, relative: int) -> tuple[Actor, ...]:
    """Whom a relative stands for: the mention that heads the phrase before it."""
    n = relative - 1
    if n >= 0 and clauses.classes[n] == ",":
        n -= 1
    start = n
    while start >= 0 and clauses.classes[start] not in BOUNDS:
        start -= 1
    heads = _heads(clauses, start + 1, relative)
    return clauses.group(heads[-1]) if heads else ()


def _before_comma(clauses: Clauses, comma: int, verb: int, depth: int) -> tuple[Actor, ...]:
    """'X, the leader of Y, attacked': the mention before the apposition, or the name that is the apposition
    ('the envoy to Y, X, attacked'); 'X came, attacking': the subject before."""
    last = clauses.actor_at[comma - 1] if comma > 0 else -1
    if last >= 0 and clauses.tokens[comma - 1].text[:1].isupper() and _stands_alone(clauses, last):
        return clauses.group(last)
    opener = comma
    for n in range(comma - 1, max(-1, comma - 1 - APPOSITION), -1):
        if opener <= n < comma:
            continue  # inside a relative clause: 'X, a state that Y warned, attacked'
        if clauses.classes[n] == "V":
            opener = relative_of(clauses, n) or comma
            if opener == comma:
                break
            continue
        edge = before_brackets(clauses, n)
        if clauses.classes[n] == "," and edge > 0 and clauses.actor_at[edge - 1] >= 0:
            before = clauses.actor_at[edge - 1]
            is_named = last >= 0 and clauses.bounds[last][0] == n + 1 and preposition_of(clauses, before) is not None
            return clauses.group(last if is_named else before)
    is_participle = clauses.inflection.is_gerund(clauses.words[verb])
    previous = main_verb(clauses, comma) if is_participle else previous_verb(clauses, comma)
    if previous is not None:
        return subject(clauses, previous, depth + 1)
    return _phrase_before(clauses, comma - 1, depth)


def main_verb(clauses: Clauses, place: int) -> int | None:
    """The nearest verb to the left that is in no relative clause and governed by no other:
    'X fired at those who tried to flee, killing two'."""
    verb = previous_verb(clauses, place)
    while verb is not None:
        opener = verb_group_start(clauses, verb) - 1
        if opener < 0 or clauses.classes[opener] not in "RT":
            return verb
        before = previous_verb(clauses, opener)
        if before is None:
            return verb
        verb = before
    return None


def relative_of(clauses: Clauses, verb: int) -> int | None:
    """Index of the relative, or of a 'that' right behind a noun, whose clause has this verb and a subject of its own:
    'a state that Peru accused'."""
    n = verb_group_start(clauses, verb) - 1
    while n > 0 and (clauses.actor_at[n] >= 0 or clauses.classes[n] in "DwHGO"):
        n -= 1
    if not 0 < n < verb_group_start(clauses, verb) - 1 or clauses.words[n] == "whose":
        return None
    behind_noun = clauses.classes[n - 1] == "w" and clauses.words[n] in clauses.listed.get("that", ())
    return n if clauses.classes[n] == "R" or (clauses.classes[n] == "S" and behind_noun) else None


def _stands_alone(clauses: Clauses, actor: int) -> bool:
    """Whether a mention fills all between two commas and begins with an office, so that it is a name itself."""
    first, last = clauses.bounds[actor]
    before = first - 1
    while before >= 0 and clauses.classes[before] == "D":
        before -= 1
    return before >= 0 and clauses.classes[before] == "," and last - first > 2


def _phrase_before(clauses: Clauses, last: int, depth: int) -> tuple[Actor, ...]:
    """The mention that heads the noun phrase ending at `last`."""
    start = last
    while start >= 0 and not _closes(clauses, start):
        start -= 1
    heads = _heads(clauses, start + 1, last + 1)
    if heads:
        return clauses.group(heads[0])
    if start >= 0 and clauses.classes[start] == "V" and depth < 4:
        return subject(clauses, start, depth + 1)
    return ()


def _closes(clauses: Clauses, n: int) -> bool:
    if clauses.classes[n] in BOUNDS:
        return clauses.actor_at[n] < 0
    if clauses.classes[n] == ",":
        return not (clauses.actor_at[n] >= 0 or _inside_group(clauses, n))
    return False


def _inside_group(clauses: Clauses, n: int) -> bool:
    left = clauses.actor_at[n - 1] if n > 0 else -1
    return left >= 0 and clauses.group_of[left][-1] > left


def _heads(clauses: Clauses, start: int, end: int) -> list[int]:
    """Mentions between two words, those that a preposition governs last."""
    free: list[int] = []
    governed: list[int] = []
    for n in range(start, end):
        actor = clauses.actor_at[n]
        if actor < 0 or actor in free or actor in governed:
            continue
        (governed if preposition_of(clauses, actor) else free).append(actor)
    return free or governed


def preposition_of(clauses: Clauses, actor: int) -> str | None:
    """The preposition that governs a mention, through its determiner, adjectives and coordination."""
    first = clauses.bounds[clauses.group_of[actor][0] if clauses.group_of else actor][0]
    for n in range(first - 1, max(-1, first - 5), -1):
        kind = clauses.classes[n]
        if kind == "P" or (kind == "T" and n + 1 <= first):
            return clauses.words[n]
        if kind not in "DwHA" or clauses.actor_at[n] >= 0:
            return None
    return None


def objects(clauses: Clauses, start: int) -> Iterator[tuple[str, int]]:
    """(preposition or '', mention) for the mentions after a word, up to the end of its clause."""
    seen: set[int] = set()
    for n in range(start, len(clauses.words)):
        actor = clauses.actor_at[n]
        if actor >= 0:
            if actor not in seen:
                seen.update(clauses.group_of[actor])
                yield preposition_after(clauses, actor, start), actor
        elif _ends_clause(clauses, n, start):
            return


def preposition_after(clauses: Clauses, actor: int, start: int) -> str:
    """The nearest preposition between a verb and a mention ('' for the direct object)."""
    first = clauses.bounds[actor][0]
    for n in range(first - 1, start - 1, -1):
        if clauses.words[n] in clauses.listed.get("listing", ()):
            continue
        if clauses.classes[n] in "PT":
            return clauses.words[n]
        if clauses.classes[n] in "V":
            return ""
    return ""


def _ends_clause(clauses: Clauses, n: int, start: int) -> bool:
    kind = clauses.classes[n]
    if kind in ".SR":
        return True
    if kind == "X":
        return True
    if kind == "V":
        return n > start
    return kind == "," and not _inside_group(clauses, n)
