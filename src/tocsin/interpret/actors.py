"""Who acts: states, governments, forces, bodies, groups and people, known by the rules or not.

Known names and role words are found first; neighbours become one noun phrase ('Russian Deputy Foreign
Minister Sergey Ryabkov'), and the phrase one actor. Names that the rules do not know come by their
title or their form. Then the document decides what shorter mentions stand for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from tocsin.interpret.forms import Folded, Hit, fold
from tocsin.interpret.names import Kind, Meaning, finder
from tocsin.interpret.tokens import Sentence
from tocsin.records import Actor, Document, Span
from tocsin.rules import Rules
from tocsin.rules.calendar import DEFAULT
from tocsin.rules.roles import Roles, roles_of
from tocsin.rules.world import Entity, State, exists_on, offices_on


@dataclass(frozen=True, slots=True)
class Part:
    """One member of a noun phrase: a hit with the meaning chosen for it."""

    start: int
    end: int
    kind: Kind
    meaning: Meaning
    weak: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What `find` gives: the actors in text order, and those states that only an adjective names
    ('Russian assistance'), which act only where nobody else does."""

    actors: tuple[Actor, ...]
    adjectives: tuple[Actor, ...]


# Which meaning a form has where it has several: the more telling first.
_RANK: dict[str, int] = {
    kind: rank
    for rank, kind in enumerate(
        ("entity", "force", "name", "code", "adjective", "demonym", "seat", "regime", "capital", "collective")
        + ("title", "head", "honorific", "pronoun", "modifier")
    )
}
_BETWEEN = re.compile(r"(?:['’][sS]?)?[\s-]+|['’][sS]\s*|[\s-]+\Z")
_NAME_WORD = r"[^\W\d_a-zа-яё][\w'’.-]*[^\W_](?<!['’]s)|[^\W\d_a-zа-яё]\."
_DIGITS = re.compile(r"\d")


def find(document: Document, folded: Folded, sentences: tuple[Sentence, ...], rules: Rules, today: str | None) -> Found:
    """Actors of a document. `today` is the day of writing where it is known: offices go by it."""
    reader = _Reader(document, folded, sentences, rules, today)
    return reader.read()


class _Reader:
    """Reads one document; its state is what the document has said so far."""

    def __init__(
        self, document: Document, folded: Folded, sentences: tuple[Sentence, ...], rules: Rules, today: str | None
    ) -> None:
        language = (document.language or DEFAULT).split("-")[0].lower()
        self.text, self.sentences, self.rules, self.today = document.text, sentences, rules, today
        self.roles = roles_of(rules, language)
        self.words = self.roles.words
        hits = finder(rules, language if language in rules.roles else DEFAULT).hits(folded)
        self.strong = {
            (m.entity or m.state).id  # type: ignore[union-attr]
            for hit in hits
            for form, m in hit.meanings
            if not form.weak and (m.entity or m.state)
        }
        self.parts = [part for hit in hits if (part := self._part(hit)) is not None]
        self.actors: list[Actor] = []
        self.adjectives: list[Actor] = []

    def read(self) -> Found:
        for phrase in self._phrases():
            self._phrase(phrase)
        return Found(tuple(sorted(self.actors, key=_order)), tuple(self.adjectives))

    # -------------------------------------------------------------- phrases

    def _part(self, hit: Hit[Meaning]) -> Part | None:
        ranked = sorted(hit.meanings, key=lambda m: (m[0].weak, _RANK[m[1].kind], not self._lives(m[1])))
        for form, meaning in ranked:
            if form.weak and not self._supported(meaning):
                continue
            return Part(hit.start, hit.end, meaning.kind, meaning, form.weak)
        return None

    def _lives(self, meaning: Meaning) -> bool:
        """Whether the state existed, or the person held an office, when the document was written."""
        if self.today is None:
            return meaning.state is None or meaning.state.until is None
        if meaning.state is not None:
            return exists_on(meaning.state, self.today)
        return meaning.entity is None or bool(offices_on(meaning.entity, self.today))

    def _supported(self, meaning: Meaning) -> bool:
        """A weak form counts where the document names the same thing, or its country, in a strong one."""
        if meaning.entity is not None:
            return meaning.entity.id in self.strong or meaning.entity.country in self.strong
        return meaning.state is not None and meaning.state.id in self.strong

    def _phrases(self) -> Iterable[list[Part]]:
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
        if len(gap) > 8 or not _BETWEEN.fullmatch(gap) or "\n\n" in gap:
            return False
        ends = left.kind in {"head", "force", "pronoun"} or (left.kind == "entity" and right.kind == "entity")
        starts = right.kind in {"name", "code", "pronoun", "honorific"} and left.kind not in {"honorific", "title"}
        return not (ends and right.kind not in {"head", "entity"}) and not starts

    def _phrase(self, parts: list[Part]) -> None:
        """One run of parts to actors."""
        while parts and parts[-1].kind in {"modifier", "honorific"} and not self._name_after(parts[-1].end):
            parts = parts[:-1]
        while parts and parts[0].kind == "modifier" and len(parts) > 1 and parts[1].kind == "modifier":
            parts = parts[1:]
        if not parts or all(p.kind == "modifier" for p in parts):
            return
        if self._hyphenated(parts):
            return
        actor = self._compose(parts)
        if actor is not None:
            self.actors.append(actor)

    def _hyphenated(self, parts: list[Part]) -> bool:
        """'Russian-made', 'pro-Moscow': no actor."""
        first, last = parts[0], parts[-1]
        if self.text[last.end : last.end + 1] in {"-", "‑"} and last.kind not in {"title", "head"}:
            return self.text[last.end + 1 : last.end + 2].isalpha()
        if first.start and self.text[first.start - 1] in {"-", "‑"}:
            before = re.search(r"(\w+)[-‑]$", self.text[max(0, first.start - 12) : first.start])
            return before is not None and before[1].lower() in self.words["joined_before"] and len(parts) == 1
        return False

    # -------------------------------------------------------------- composing

    def _compose(self, parts: list[Part]) -> Actor | None:
        """The actor that a noun phrase names; its head decides what it is."""
        head = parts[-1]
        span = (parts[0].start, head.end)
        entities = [p for p in parts if p.kind == "entity"]
        state = self._state_of(parts)
        if head.kind == "entity":
            return self._entity_actor(head.meaning.entity, span)
        if head.kind in {"title", "honorific"} or (head.kind == "modifier" and self._name_after(head.end)):
            return self._titled(parts, state, entities)
        if head.kind == "head":
            return self._headed(parts, state, entities)
        if head.kind in {"name", "code", "demonym", "seat", "regime", "force", "capital"}:
            return self._state_actor(head, span)
        if head.kind == "adjective" and head.meaning.state is not None:
            if len(parts) == 1:
                self.adjectives.append(self._actor(span, head.meaning.state.id, None))
            return None
        if head.kind == "pronoun":
            return None
        return None

    def _state_of(self, parts: list[Part]) -> State | None:
        return next((p.meaning.state for p in parts if p.meaning.state is not None), None)

    def _actor(
        self, span: Span, country: str | None, sector: str | None, id_: str | None = None, name: str | None = None
    ) -> Actor:
        text = self.text[span[0] : span[1]]
        plain = " ".join(text.split())
        if country is not None and id_ is None:
            id_ = f"{country}/{sector}" if sector else country
        state = self.rules.states.get(country) if country else None
        if name is None:
            name = f"{state.name} {sector}" if state and sector else state.name if state else plain
        return Actor(text, span, id_, name, country, sector)

    def _entity_actor(self, entity: Entity | None, span: Span) -> Actor | None:
        if entity is None:
            return None
        country, sector = entity.country, entity.sector
        if self.today is not None and (held := offices_on(entity, self.today)):
            country, sector = held[0].country, held[0].sector
        return self._actor(span, country or None, sector, entity.id, entity.name)

    def _state_actor(self, part: Part, span: Span) -> Actor | None:
        state = part.meaning.state
        if state is None:
            return None
        if part.kind == "capital" and not self._acts(part):
            return None
        sector = {"seat": "GOV", "capital": "GOV", "regime": "GOV", "force": "MIL"}.get(part.kind)
        return self._actor(span, state.id, sector)

    def _acts(self, part: Part) -> bool:
        """Whether a capital stands for its government: not after 'in', not before ', Country', not a dateline."""
        if self.text[part.end : part.end + 2] in {", ", " ("} and self.text[part.end + 2 : part.end + 3].isupper():
            return False
        before = fold(self.text[max(0, part.start - 40) : part.start]).split()
        if not before:
            return True
        last, two = before[-1], " ".join(before[-2:])
        if last in self.words["place_prepositions"] or two in self.words["place_prepositions"]:
            return False
        if last in self.words["directions"]:
            return len(before) > 1 and before[-2] in self.words["dealings"]
        return True

    def _headed(self, parts: list[Part], state: State | None, entities: list[Part]) -> Actor | None:
        """'Russian troops', 'the Maduro regime', 'Western governments', 'soldiers'."""
        head = parts[-1]
        sector = head.meaning.sector
        span = (parts[0].start, head.end)
        if state is not None:
            return self._actor(span, state.id, sector)
        if entities:
            owner = entities[0].meaning.entity
            country = owner.country if owner else None
            return self._actor(span, country or None, sector)
        group = next((p.meaning.country for p in parts if p.kind == "collective"), None)
        text = " ".join(self.text[span[0] : span[1]].split())
        if group is not None:
            return self._actor(span, group, sector, f"{group}/{slug(text)}", text)
        return self._actor(span, None, sector, None, text) if sector else None

    def _titled(self, parts: list[Part], state: State | None, entities: list[Part]) -> Actor | None:
        """'Spanish Prime Minister Pedro Sanchez', 'the Russian president', 'Mr. Smith'."""
        head = parts[-1]
        sector = next((p.meaning.sector for p in reversed(parts) if p.kind == "title"), None)
        country = state.id if state else None
        name = self._name_after(head.end)
        if name is not None:
            span = (parts[0].start, name[1])
            words = " ".join(self.text[name[0] : name[1]].split())
            return self._actor(span, country, sector, f"name/{slug(words)}", words)
        if head.kind != "title":
            return None
        span = (parts[0].start, head.end)
        text = " ".join(self.text[span[0] : span[1]].split())
        if country is None:
            return self._actor(span, None, sector, None, text)
        return self._actor(span, country, sector, f"{country}/{slug(text)}", text)

    def _name_after(self, position: int) -> Span | None:
        """A name that starts right after a position: 'Pedro Sanchez', 'von der Leyen'."""
        match = _name_pattern(self.roles).match(self.text, position)
        if match is None or fold(match["first"]) in self.words["never_names"]:
            return None
        return match.span("name")


@cache
def _name_pattern(roles: Roles) -> re.Pattern[str]:
    particles = "|".join(sorted(map(re.escape, roles.words["particles"]), key=len, reverse=True))
    word = rf"(?:{_NAME_WORD})"
    return re.compile(rf",?\s+(?P<name>(?P<first>{word})(?:[ \t]+(?:(?:{particles})[ \t]+)?{word}){{0,3}})")


def _order(actor: Actor) -> tuple[int, int]:
    return actor.span or (0, 0)


def slug(name: str) -> str:
    """'Pedro Sánchez' -> 'sanchez-pedro': the last word first, plain letters."""
    plain = unicodedata.normalize("NFKD", name.lower())
    words = re.findall(r"[^\W_]+", "".join(ch for ch in plain if not unicodedata.combining(ch)))
    return "-".join([*words[-1:], *words[:-1]])


__all__ = ["Found", "find", "replace", "slug"]
