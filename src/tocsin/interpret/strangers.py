"""People and organisations that the rules do not know, by the form of their names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from tocsin.interpret.actors import name_pattern, slug
from tocsin.interpret.forms import fold, taken
from tocsin.interpret.tokens import Sentence
from tocsin.records import Actor, Span
from tocsin.rules.roles import Roles

# A heading in which more of the words than this have a capital tells nothing by capitals.
CAPITALS_IN_HEADING = 0.6
_WORDS = re.compile(r"[^\W\d_][\w'’.-]*")


def find(
    text: str, sentences: tuple[Sentence, ...], blocked: Iterable[Span], actors: tuple[Actor, ...], roles: Roles
) -> tuple[list[Actor], set[Span]]:
    """Names of at least two capitalised words that nothing in `blocked` overlaps, as actors; and the
    spans of those given actors that only describe one of them ('…, a Russian political scientist')."""
    covered = taken(text, blocked)
    starts = {a.span[0]: a for a in actors if a.span is not None}
    found: list[Actor] = []
    described = {d.span for a in actors if a.span and (d := description(text, a.span[1], starts, roles)) and d.span}
    for sentence in sentences:
        if _is_capitalised(sentence):
            continue
        for match in name_pattern(roles).finditer(text, sentence.start, sentence.end):
            span = _without_openers(text, match.span("name"), roles)
            if span is None or 1 in covered[span[0] : span[1]]:
                continue
            actor = _actor(text, span, starts, roles)
            if actor is not None:
                found.append(actor[0])
                described |= actor[1]
    return found, described


def _is_capitalised(sentence: Sentence) -> bool:
    if not sentence.title:
        return False
    words = [t.text for t in sentence.tokens if t.text[0].isalpha()]
    return sum(w[0].isupper() for w in words) > CAPITALS_IN_HEADING * len(words)


def _without_openers(text: str, span: Span, roles: Roles) -> Span | None:
    """The name without words that only begin a sentence ('But John Smith'); None where no name is left."""
    start, end = span
    words = list(_WORDS.finditer(text, start, end))
    folded, never = [fold(word[0]) for word in words], roles.words["never_names"]
    first, last = 0, len(words)
    while first < last and folded[first] in never:
        first += 1
    while first < last and folded[last - 1].rstrip(".") in never:
        last -= 1
    if last - first < 2 or not never.isdisjoint(folded[first:last]):
        return None
    return words[first].start(), words[last - 1].end()


def _actor(text: str, span: Span, starts: dict[int, Actor], roles: Roles) -> tuple[Actor, set[Span]] | None:
    words = fold(text[span[0] : span[1]]).split()
    name = " ".join(text[span[0] : span[1]].split())
    following = fold(text[span[1] : span[1] + 24]).split()[:2]
    if words[-1] in roles.words["place_heads"] or words[0] in roles.words["place_heads"]:
        return None
    if not (roles.words["place_heads"] | roles.words["local_heads"]).isdisjoint({*following[:1], " ".join(following)}):
        return None
    if words[-1] in roles.words["organisation_heads"]:
        return Actor(text[span[0] : span[1]], span, f"body/{slug(name)}", name, None, None), set()
    described = description(text, span[1], starts, roles)
    country, sector = (described.country, described.sector) if described else (None, None)
    spans = {described.span} if described and described.span else set()
    return Actor(text[span[0] : span[1]], span, f"name/{slug(name)}", name, country, sector), spans


def description(text: str, end: int, starts: dict[int, Actor], roles: Roles) -> Actor | None:
    """The actor right behind a name that only says what he is: 'Elliott Abrams, special envoy for …'."""
    gap = _apposition(roles).match(text, end)
    actor = starts.get(gap.end()) if gap else None
    if actor is None or (actor.id or "").startswith("name/"):
        return None
    return actor if fold(actor.name.split()[-1]) in roles.titles or _titled(actor, roles) else None


def _titled(actor: Actor, roles: Roles) -> bool:
    words = fold(actor.name).split()
    return any(" ".join(words[at:]) in roles.titles for at in range(len(words)))


@cache
def _apposition(roles: Roles) -> re.Pattern[str]:
    articles = "|".join(sorted(map(re.escape, roles.words["articles"]), key=len, reverse=True))
    return re.compile(rf"\s?,\s+(?:(?:{articles})\s+)?")
