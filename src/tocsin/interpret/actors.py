"""Who acts: states, governments, forces, bodies, groups and people that the rules know.

Known names and role words are found first; neighbours become one noun phrase ('Russian Deputy Foreign
Minister Sergey Ryabkov'), and the phrase one actor. `tocsin.interpret.strangers` finds who the rules
do not know, `tocsin.interpret.references` what shorter mentions stand for.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from tocsin.interpret.forms import Folded, Hit, fold
from tocsin.interpret.names import Kind, Meaning, finder, follows_given_name
from tocsin.interpret.tokens import HYPHENS
from tocsin.records import Actor, Document, Span
from tocsin.rules import Rules
from tocsin.rules.calendar import DEFAULT, calendar_of
from tocsin.rules.roles import Roles, roles_of
from tocsin.rules.world import Entity, Form, State, exists_on, holders, offices_on


@dataclass(frozen=True, slots=True)
class Part:
    """One member of a noun phrase: a hit with the meaning chosen for it."""

    start: int
    end: int
    kind: Kind
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Found:
    """Actors in text order; states that only an adjective names ('Russian assistance'), which act only
    where nobody else does; and the spans of all known names, whether they act or not."""

    actors: tuple[Actor, ...]
    adjectives: tuple[Actor, ...]
    known: tuple[Span, ...]


# Which meaning a form has where it has several: the more telling first.
_KINDS = "entity force name code adjective demonym seat regime capital region collective title head honorific modifier"
_RANK = {kind: rank for rank, kind in enumerate(_KINDS.split())}
_STATES = frozenset({"name", "code", "demonym", "seat", "regime", "force", "capital"})
# 'U.S.-Russian', 'Moon-Kim': what a hyphen makes a pair of.
_JOINED = _STATES | {"entity", "adjective"}
_SECTOR = {"seat": "GOV", "capital": "GOV", "regime": "GOV", "force": "MIL"}
# A surname alone still means who held an office so many years ago.
YEARS_AFTER_OFFICE: Final = 10
_GENITIVE = re.compile(r"['’][sS]?[\s-]+")
_WORD_BEFORE = re.compile(r"([^\W\d_][\w.’'-]*)\s+$")
_SPACE = re.compile(r"\s+")
_BETWEEN = re.compile(r"(?:['’][sS]?)?(?:\s+|-\s?|\s-(?=\S))")
_NAME_WORD = r"(?:[^\W\d_a-zа-яё]\.|[^\W\d_a-zа-яё][\w'’-]*[^\W_](?<!['’]s))"


def find(document: Document, folded: Folded, rules: Rules, today: str | None, without: tuple[Span, ...] = ()) -> Found:
    """Actors that the rules know or that a role word tells. `today` is the day of writing, where it
    is known: offices go by it. Nobody acts in the spans `without` (datelines)."""
    return _Reader(document, folded, rules, today, without).read()


class _Reader:
    """Reads one document."""

    def __init__(
        self, document: Document, folded: Folded, rules: Rules, today: str | None, without: tuple[Span, ...]
    ) -> None:
        language = (document.language or DEFAULT).split("-")[0].lower()
        self.text, self.rules, self.today = document.text, rules, today
        self.roles = roles_of(rules, language)
        self.words, self.calendar = self.roles.words, calendar_of(rules, language)
        found = finder(rules, language if language in rules.roles else DEFAULT).hits(folded)
        hits = [h for h in found if not any(start <= h.start < end for start, end in without)]
        self.bearers: dict[str, bool] = {}
        self.strong = _strong(hits)
        self.named = _named(hits, self.words["place_heads"])
        self.parts = [part for hit in hits if (part := self._part(hit)) is not None]
        self.starts = {p.start for p in self.parts if p.kind in _JOINED}
        self.taken = {p.start for p in self.parts if p.kind not in {"title", "head", "modifier", "honorific"}}
        self.adjectives: list[Actor] = []

    def read(self) -> Found:
        runs = list(self._with_owner(list(self._runs())))
        found = [actor for run in runs if (actor := self._actor_of(run)) is not None]
        found += self._sharing(runs)
        known = tuple((p.start, p.end) for p in self.parts if p.start in self.taken)
        found.sort(key=lambda actor: actor.span or (0, 0))
        return Found(tuple(found), tuple(self.adjectives), known)

    def _sharing(self, runs: list[list[Part]]) -> Iterator[Actor]:
        """'Sierra Leonean and Liberian refugees': adjectives that share the noun of the last."""
        for run, following in itertools.pairwise(runs):
            state, head = run[0].meaning.state, following[-1]
            if len(run) > 1 or run[0].kind != "adjective" or state is None:
                continue
            gap = self.text[run[0].end : following[0].start].strip(" ,")
            shares = following[0].kind == "adjective" and head.kind == "head"
            if shares and (gap == "" or gap in self.words["conjunctions"]):
                span = (run[0].start, run[0].end)
                self.adjectives = [a for a in self.adjectives if a.span != span]
                yield self._make(span, state.id, head.meaning.sector)

    # -------------------------------------------------------------- meanings

    def _part(self, hit: Hit[Meaning]) -> Part | None:
        is_state = any(meaning.state is not None for _, meaning in hit.meanings)
        if is_state and follows_given_name(self.text, hit.start, hit.end, self.rules):
            return None
        ranked: Sequence[tuple[Form, Meaning]] = hit.meanings
        if len(ranked) > 1:
            ranked = sorted(ranked, key=lambda m: (m[0].weak, not self._lives(m[1]), _RANK[m[1].kind]))
        for form, meaning in ranked:
            if not form.weak or self._supported(hit, meaning):
                return Part(hit.start, hit.end, meaning.kind, meaning)
        return None

    def _lives(self, meaning: Meaning) -> bool:
        """Whether the state existed, or the person held an office, when the document was written."""
        if self.today is None:
            return meaning.state is None or meaning.state.until is None
        if meaning.state is not None:
            return exists_on(meaning.state, self.today)
        return meaning.entity is None or bool(offices_on(meaning.entity, self.today))

    def _supported(self, hit: Hit[Meaning], meaning: Meaning) -> bool:
        """A weak form counts where the document names the same thing, or its country, in a strong one; a person's
        also who holds an office in these years, and half a state's name ('the North') beside its other half's. A
        surname must stand as a name does."""
        entity, state = meaning.entity, meaning.state
        if entity is not None:
            if entity.id in self.strong or entity.kind != "person":
                return entity.id in self.strong or entity.country in self.strong
            near = entity.country in self.strong or (self.today is not None and _in_public_life(entity, self.today))
            return near and self._is_surname(hit)
        if state is None:
            return False
        if fold(self.text[hit.start : hit.end]) in self.words["place_heads"]:
            return not self.named.isdisjoint(_halves(self.rules)[state.id]) and self._is_half(hit)
        return state.id in self.strong

    def _is_half(self, hit: Hit[Meaning]) -> bool:
        """Whether 'North' stands for a state: after 'the', and before no word that it would qualify."""
        following = re.match(r"-|\s+(?:[^\W\d_a-z]|(\w+))", self.text[hit.end : hit.end + 8])
        qualifies = following is not None and (following[1] is None or following[1] in self.words["of"])
        return not qualifies and self._is_definite(hit.start)

    def _is_surname(self, hit: Hit[Meaning]) -> bool:
        """Whether a word that may be a surname alone stands as one: with no part of another name beside it, of which
        the page names no other bearer, and, where a capital says nothing, before a verb, a genitive or a comma."""
        text, word = self.text, self.text[hit.start : hit.end]
        if re.match(r"\s+[^\W\d_a-zа-яё]|[-‑][^\W\d_a-z]*[a-z]", text[hit.end : hit.end + 3]):
            return False
        before = _WORD_BEFORE.search(text, max(0, hit.start - 24), hit.start)
        if self._has_bearer(word):
            return False
        month = fold(word) in self.calendar.doubtful
        if month and before is not None and fold(before[1]) in self.calendar.words["month_cues"]:
            return False
        opens = re.search(r"(?:^|[.!?:;\n])[\s\W]*$", text[max(0, hit.start - 8) : hit.start]) is not None
        return not (opens or month) or self._acts_on(hit.end)

    def _has_bearer(self, word: str) -> bool:
        """Whether somewhere on the page a capitalised word stands before a surname that is part of the name."""
        if word not in self.bearers:
            self.bearers[word] = self._is_borne(word)
        return self.bearers[word]

    def _is_borne(self, word: str) -> bool:
        at = self.text.find(word)
        while at >= 0:
            before = _WORD_BEFORE.search(self.text, max(0, at - 24), at)
            ends = not self.text[at + len(word) : at + len(word) + 1].isalnum()
            if ends and before is not None and before[1][0].isupper() and not self._leads_in(before[1]):
                return True
            at = self.text.find(word, at + 1)
        return False

    def _acts_on(self, end: int) -> bool:
        """Whether what follows is what follows a subject or an owner: a genitive, a comma, a verb."""
        following = re.match(r"['’][sS]\b|,|\s+([a-z]+)", self.text[end : end + 24])
        if following is None or following[1] is None:
            return following is not None
        word = following[1]
        return word in self.words["not_qualified"] or (word.endswith(("ed", "s")) and word not in self.roles.heads)

    def _leads_in(self, word: str) -> bool:
        """Whether a capitalised word before a name is no part of it: a role, 'Mr.', or what begins a sentence."""
        return fold(word) in _lead_ins(self.roles)

    # -------------------------------------------------------------- noun phrases

    def _runs(self) -> Iterator[list[Part]]:
        """Runs of neighbouring parts: only white space, a hyphen or a genitive between them."""
        run: list[Part] = []
        for part in self.parts:
            if run and not self._adjoins(run[-1], part):
                yield run
                run = []
            run.append(part)
        if run:
            yield run

    def _adjoins(self, left: Part, right: Part) -> bool:
        gap = self.text[left.end : right.start]
        if left.kind in _STATES | {"adjective"} and right.kind in {"head", "modifier", "title"} and self._owns(gap):
            return True
        if len(gap) > 6 or (gap in HYPHENS and {left.kind, right.kind} <= _JOINED):
            return False
        person = right.kind == "entity" and right.meaning.entity is not None and right.meaning.entity.kind == "person"
        if left.kind == "title" and person and gap.strip() in {"", ","}:
            return True
        if ("\n" in gap and gap.count("\n") > 1) or not _BETWEEN.fullmatch(gap):
            return False
        if right.kind in {"name", "code", "honorific", "region", "demonym"}:
            return left.kind in {"modifier", "collective"} and right.kind != "honorific"
        if right.kind == "adjective" and left.kind in {"head", "title", "modifier"} and self.roles.adjective_after:
            return not gap.strip()
        if left.kind in {"head", "force", "region"}:
            return right.kind in {"head", "entity"} or (right.kind == "title" and not _GENITIVE.fullmatch(gap))
        if left.kind in {"entity", "name"} and right.kind == "entity":
            owner = left.meaning.entity
            return person and owner is not None and owner.kind == "body" and gap.isspace()
        return True

    def _owns(self, gap: str) -> bool:
        """Whether 'Panama' owns 'vessel' by what stands between: '-flagged '."""
        return gap[:1] in HYPHENS and gap[-1:].isspace() and gap[1:].strip() in self.words["owned"]

    def _with_owner(self, runs: list[list[Part]]) -> Iterator[list[Part]]:
        """Joins 'government' and 'Venezuela' in 'the government of Venezuela': the owner goes before."""
        at = 0
        while at < len(runs):
            run = runs[at]
            following = runs[at + 1] if at + 1 < len(runs) else None
            if following is not None and self._is_of(run, following):
                yield [*following, *run]
                at += 2
            else:
                yield run
                at += 1

    def _is_of(self, run: list[Part], following: list[Part]) -> bool:
        if run[-1].kind not in {"title", "head"} or any(p.meaning.state or p.meaning.entity for p in run):
            return False
        gap = " ".join(self.text[run[-1].end : following[0].start].split())
        owner = len(following) == 1 and (following[0].meaning.state is not None or following[0].kind == "region")
        return (owner or following[-1].kind == "entity") and gap in self.words["of"]

    # -------------------------------------------------------------- actors

    def _actor_of(self, parts: list[Part]) -> Actor | None:
        """The actor that a noun phrase names, or None where it names none."""
        parts = self._unjoined(self._trimmed(_adjective_first(parts)))
        if not parts:
            return None
        span = (min(p.start for p in parts), max(p.end for p in parts))
        head = parts[-1]
        state = next((p.meaning.state for p in parts if p.meaning.state is not None), None)
        if head.kind == "entity" and head.meaning.entity is not None:
            return self._known(head.meaning.entity, span)
        if head.kind in {"title", "honorific"} or (head.kind == "modifier" and state):
            return self._titled(parts, span, state)
        if head.kind == "head":
            return None if self._names_a_text(span[1]) else self._headed(parts, span, state)
        if head.kind in _STATES and head.meaning.state is not None:
            return self._state(head, span)
        if head.kind == "region" and not re.match(r"[\s-]+[^\W\d_a-z]", self.text[head.end : head.end + 3]):
            return self._make(span, "XXX", None, f"XXX/{slug(self._plain(span))}", self._plain(span))
        if head.kind == "adjective" and state is not None and len(parts) == 1:
            self.adjectives.append(self._make(span, state.id, None))
        return None

    def _names_a_text(self, end: int) -> bool:
        """Whether the phrase only names a treaty or a building: 'the Nuclear Forces Treaty'."""
        after = re.match(r"[ -]([^\W\d_]+)", self.text[end : end + 24])
        return after is not None and fold(after[1]) in self.words["local_heads"]

    def _trimmed(self, parts: list[Part]) -> list[Part]:
        """The phrase without modifiers that modify nothing in it."""
        while parts and parts[-1].kind == "modifier" and self.name_after(parts[-1].end) is None:
            parts = parts[:-1]
        while len(parts) > 1 and parts[0].kind == "modifier" and parts[1].kind in {*_STATES, "region", "modifier"}:
            parts = parts[1:]
        if len(parts) > 1 and parts[0].kind == "modifier" and parts[-1].kind == "head":
            opener = fold(self.text[parts[0].start : parts[0].end])
            parts = parts[1:] if parts[1].kind == "adjective" or opener in self.words["former"] else parts
        return [] if all(p.kind in {"modifier", "collective"} for p in parts) else parts

    def _unjoined(self, parts: list[Part]) -> list[Part]:
        """The phrase without what a hyphen makes a mere quality ('Russian-made'), but of 'U.S.-Russian' each."""
        if not parts:
            return parts
        after = self.text[parts[-1].end : parts[-1].end + 2]
        if after[:1] in HYPHENS and after[1:].isalpha() and parts[-1].end + 1 not in self.starts:
            return []
        first = parts[0].start
        if not first or self.text[first - 1] not in {"-", "‑"}:
            return parts
        before = re.search(r"(\w+)[-‑]$", self.text[max(0, first - 12) : first])
        return parts[1:] if before and before[1].lower() in self.words["joined_before"] else parts

    def _plain(self, span: Span) -> str:
        return " ".join(self.text[span[0] : span[1]].split())

    def _make(
        self, span: Span, country: str | None, sector: str | None, id_: str | None = None, name: str | None = None
    ) -> Actor:
        """An actor; by default the state itself ('VEN') or its government, forces … ('VEN/GOV')."""
        state = self.rules.states.get(country) if country else None
        if id_ is None and state is not None:
            id_ = f"{country}/{sector}" if sector else country
        if name is None:
            name = state.name if state is not None and sector is None else self._plain(span)
        return Actor(self.text[span[0] : span[1]], span, id_, name, country or None, sector)

    def _known(self, entity: Entity, span: Span) -> Actor:
        """A person, body or group of the rules, with the country and sector of its office that day."""
        held = offices_on(entity, self.today) if self.today else ()
        country, sector = (held[0].country, held[0].sector) if held else (entity.country, entity.sector)
        return self._make(span, country, sector, entity.id, entity.name)

    def _state(self, part: Part, span: Span) -> Actor | None:
        if part.kind == "capital" and not self._acts(part):
            return None
        state = part.meaning.state
        if state is None:
            return None
        some = part.kind == "demonym" and not self._is_definite(span[0])
        return self._make(span, state.id, "CIV" if some else _SECTOR.get(part.kind))

    def _is_definite(self, start: int) -> bool:
        """Whether 'the' stands before: 'the Russians' may mean their state, 'two Russians' are people."""
        before = fold(self.text[max(0, start - 8) : start]).split()
        return bool(before) and before[-1] in self.words["definite"]

    def _acts(self, part: Part) -> bool:
        """Whether a capital stands for its government: not after 'in', not before ', Country', no dateline."""
        after = self.text[part.end : part.end + 8]
        if re.match(r",\s[^\W\d_a-z]|\s?\(|\s?\.?\s?[-–—]{1,2}\s|\.-", after):
            return False
        before = fold(self.text[max(0, part.start - 40) : part.start]).split()
        if not before:
            return not self.text[part.start : part.end].isupper()
        last, two = before[-1], " ".join(before[-2:])
        if last in self.words["place_prepositions"] or two in self.words["place_prepositions"]:
            return False
        if last in self.words["directions"]:
            return len(before) > 1 and before[-2] in self.words["dealings"]
        return True

    def _headed(self, parts: list[Part], span: Span, state: State | None) -> Actor | None:
        """'Russian troops', 'the Maduro regime', 'Western governments', 'soldiers'."""
        head = parts[-1]
        sector = head.meaning.sector
        owner = next((p.meaning.entity for p in parts if p.meaning.entity is not None), None)
        of_people = self._plain((head.start, head.end)).lower() in self.words["of_people"]
        if of_people and (owner is None or owner.kind != "person"):
            return None
        if state is not None:
            return self._make(span, state.id, sector)
        if owner is not None:
            is_group = owner.kind == "group" and sector in {"MIL", "GOV"}
            return self._make(span, owner.country, owner.sector if is_group else sector)
        group = next((p.meaning.country for p in parts if p.kind in {"collective", "region"}), None)
        if group is not None:
            if self.text[head.end - 1] != "s" and (sector is None or self._needs_owner(head)):
                return None
            span = self._with_count(span)
            return self._make(span, group, sector, f"{group}/{slug(self._plain(span))}", self._plain(span))
        if sector is None or (len(parts) == 1 and self._is_attribute(head)):
            return None
        return None if self._needs_owner(head) else self._make(span, None, sector)

    def _needs_owner(self, head: Part) -> bool:
        return self._plain((head.start, head.end)).lower() in self.words["needs_owner"]

    def _with_count(self, span: Span) -> Span:
        """The span with the number before it: '13 other European countries'."""
        count = re.search(r"\b\d[\d,]*\s+(?:[a-z]+\s+)?$", self.text[max(0, span[0] - 24) : span[0]])
        return (span[0] - len(count[0]), span[1]) if count else span

    def _is_attribute(self, part: Part) -> bool:
        """Whether the word only qualifies the next ('military aid', 'police car')."""
        if fold(self.text[part.start : part.end]) not in self.words["attributes"]:
            return False
        after = re.match(r"[\s-]+([a-zа-яё]+)", self.text[part.end : part.end + 24])
        return after is not None and after[1] not in self.words["not_qualified"] and not after[1].endswith("ed")

    def _titled(self, parts: list[Part], span: Span, state: State | None) -> Actor | None:
        """'Spanish Prime Minister Pedro Sanchez', 'the Russian president', 'Mr. Smith'."""
        title = next((p for p in reversed(parts) if p.kind == "title"), None)
        sector = title.meaning.sector if title is not None else None
        owner = next((p.meaning.entity for p in parts if p.meaning.entity is not None), None)
        country = state.id if state else owner.country if owner else None
        name = self.name_after(span[1])
        if name is not None:
            words = self._plain(name)
            end, realm = self._realm(name[1]) if country is None else (name[1], country)
            return self._make((span[0], end), realm, sector, f"name/{slug(words)}", words)
        if title is None:
            return None
        holder = self._holder(title, country)
        if holder is not None:
            return self._known(holder, span)
        if country is None and (self._is_attribute(title) or not self._is_determined(span[0])):
            return None
        words = self._plain(span)
        return self._make(span, country, sector, f"{country}/{slug(words)}" if country else None, words)

    def _realm(self, end: int) -> tuple[int, str | None]:
        """'King Hassan of Morocco': where the state behind a name ends, and its id."""
        link = re.compile(r"\s+(\w+)\s+").match(self.text, end)
        if link is None or link[1] not in self.words["of"]:
            return end, None
        state = next((p for p in self.parts if p.start == link.end() and p.kind in {"name", "code"}), None)
        return (state.end, state.meaning.state.id) if state and state.meaning.state else (end, None)

    def _is_determined(self, start: int) -> bool:
        """Whether a determiner stands before: 'the spokesman', not 'in general'."""
        before = fold(self.text[max(0, start - 12) : start]).split()
        return bool(before) and before[-1] in self.words["determiners"]

    def _holder(self, title: Part, country: str | None) -> Entity | None:
        """Who held the office on the day of writing, where the rules know exactly one."""
        if country is None or self.today is None:
            return None
        role = fold(self.text[title.start : title.end])
        found = holders(_ever_holders(self.rules).get((role, country), {}), role, country, self.today)
        return found[0] if len(found) == 1 else None

    def name_after(self, position: int) -> Span | None:
        """A name unknown to the rules that starts right after a position: 'Pedro Sanchez', 'von der Leyen'."""
        gap = _SPACE.match(self.text, position)
        match = name_pattern(self.roles).match(self.text, gap.end()) if gap else None
        if match is None or match.start("name") in self.taken:
            return None
        return None if fold(match["first"]) in self.words["never_names"] else match.span("name")


def _adjective_first(parts: list[Part]) -> list[Part]:
    """'tropas rusas': the noun acts, whatever stands last."""
    if len(parts) > 1 and parts[-1].kind == "adjective" and parts[-2].kind in {"head", "title"}:
        return [parts[-1], *parts[:-1]]
    return parts


def _strong(hits: list[Hit[Meaning]]) -> set[str]:
    """Ids of states and entities that some form names beyond doubt."""
    found: set[str] = set()
    for hit in hits:
        for form, meaning in hit.meanings:
            if not form.weak:
                found |= {thing.id for thing in (meaning.state, meaning.entity) if thing is not None}
    return found


def _named(hits: list[Hit[Meaning]], halves: frozenset[str]) -> set[str]:
    """Ids of states that some form may name, but for half a name ('North'), and of whom somebody strongly named is."""
    found: set[str] = set()
    for hit in hits:
        for form, meaning in hit.meanings:
            if meaning.state is not None:
                if not (form.weak and fold(form.text) in halves):
                    found.add(meaning.state.id)
            elif meaning.entity is not None and not form.weak:
                found.add(meaning.entity.country)
    return found


@cache
def _halves(rules: Rules) -> dict[str, frozenset[str]]:
    """For each state those whose names differ from its own by the compass alone, itself among them."""
    heads = roles_of(rules, DEFAULT).words["place_heads"]
    shared: dict[str, set[str]] = {}
    plain = {s.id: " ".join(w for w in fold(s.name).split() if w not in heads) for s in rules.states.values()}
    for state, name in plain.items():
        shared.setdefault(name, set()).add(state)
    return {state: frozenset(shared[name]) for state, name in plain.items()}


def _in_public_life(entity: Entity, today: str) -> bool:
    """Whether somebody holds an office on a day, or held one in the years before."""
    since = f"{int(today[:4]) - YEARS_AFTER_OFFICE:04}{today[4:]}"
    return any(
        o.from_ is not None and o.from_ <= today and (o.until is None or o.until >= since) for o in entity.offices
    )


@cache
def _ever_holders(rules: Rules) -> dict[tuple[str, str], dict[str, Entity]]:
    """Who held an office of a country at any time, by role and country, in the order of the rules."""
    found: dict[tuple[str, str], dict[str, Entity]] = {}
    for entity in rules.entities.values():
        for office in entity.offices:
            found.setdefault((office.role, office.country), {})[entity.id] = entity
    return found


@cache
def _lead_ins(roles: Roles) -> frozenset[str]:
    """Words that may stand before a surname with a capital and are no part of the name."""
    kinds = (roles.titles, roles.heads, *(roles.words[kind] for kind in ("honorifics", "never_names", "modifiers")))
    return frozenset(word.split()[-1] for words in kinds for word in words if word)


@cache
def name_pattern(roles: Roles) -> re.Pattern[str]:
    """One to four capitalised words with particles between; group `name`, its first word `first`."""
    particles = "|".join(sorted(map(re.escape, roles.words["particles"]), key=len, reverse=True))
    more = rf"(?:[ \t]+(?:(?:{particles})[ \t]+)?{_NAME_WORD}){{0,3}}"
    return re.compile(rf"(?<!\w)(?P<name>(?P<first>{_NAME_WORD}){more})")


def slug(name: str) -> str:
    """'Pedro Sánchez' -> 'sanchez-pedro': the last word first, plain letters."""
    plain = unicodedata.normalize("NFKD", name.lower())
    words = re.findall(r"[^\W_]+", "".join(ch for ch in plain if not unicodedata.combining(ch)))
    return "-".join([*words[-1:], *words[:-1]])
