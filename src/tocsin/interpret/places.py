"""Where: states, their divisions, sites and cities, with coordinates, chosen by context.

A name of several places is the one that the text speaks of: in the country or division named right
behind it ('Moscow, Idaho'), else near what else is named, else the largest.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from tocsin.interpret.forms import Finder, Folded, Hit, fold
from tocsin.interpret.names import follows_given_name, surnames
from tocsin.records import Actor, Document, Place, Span
from tocsin.rules import Rules
from tocsin.rules.calendar import DEFAULT
from tocsin.rules.roles import Roles, roles_of
from tocsin.rules.world import Form

# How far, in km, a place may lie from another to be told as near it.
NEAR = 150.0
EARTH = 6371.0
# Places whose latitudes lie further apart are not so near.
NEAR_DEGREES = math.degrees(NEAR / EARTH) * 1.001
# How far, in km, from the middle of a division a place in it may lie.
DIVISION_WIDE = 900.0
# What a candidate gains: named with its country or division; near something else; in a country named.
WITH_COUNTRY, CLOSE, IN_COUNTRY = 9.0, 1.0, 0.5
# States and divisions before cities, sites by hand (which give no population) before towns.
# A state whose name is also another's ('Georgia') weighs little more than a division.
STATE, WEAK_STATE, DIVISION, BY_HAND = 12.0, 7.7, 7.5, 6.5
# How many words back a word of place may stand.
REACH = 3
_JOINED = re.compile(r",? (?:\w{1,3} )?")
_BEHIND = re.compile(r",\s+|\s?\(|,\s+in\s+")
_CAPITAL_BEFORE = re.compile(r"(?:^|\s)([^\W\d_a-z][\w’'-]*) $")
_CAPITAL_AFTER = re.compile(r" ([^\W\d_a-z][\w’'-]*)")


class Spot(NamedTuple):
    """A place that a name may mean. `rank` is what it weighs by itself: for a city the logarithm of
    its population, to base 10."""

    name: str
    country: str
    lat: float
    lon: float
    rank: float


@cache
def _finder(rules: Rules) -> Finder[Spot]:
    return Finder([*_states(rules), *_divisions(rules), *_sites(rules)])


def _states(rules: Rules) -> Iterator[tuple[Form, Spot]]:
    for state in rules.states.values():
        centre = rules.centres.get(state.id)
        lat, lon = (centre.lat, centre.lon) if centre else (state.lat, state.lon)
        spot = Spot(state.name, state.id, lat, lon, STATE)
        capital = Spot(state.capital, state.id, state.lat, state.lon, BY_HAND)
        for form in state.forms:
            if form.use in {"name", "code"}:
                yield form, spot._replace(rank=WEAK_STATE) if form.weak else spot
            elif form.use == "capital":
                yield form, capital


def _divisions(rules: Rules) -> Iterator[tuple[Form, Spot]]:
    for centre in rules.centres.values():
        if centre.kind == "division":
            spot = Spot(centre.name, centre.country, centre.lat, centre.lon, DIVISION)
            for name in (centre.name, *centre.aliases):
                yield Form(name, "name"), spot


def _sites(rules: Rules) -> Iterator[tuple[Form, Spot]]:
    for site in rules.places:
        rank = math.log10(site.population) if site.population else BY_HAND
        spot = Spot(site.name, site.country, site.lat, site.lon, rank)
        for name in (site.name, *site.aliases):
            yield Form(name, "name", exact=name.isupper()), spot


def hits(document: Document, folded: Folded, rules: Rules) -> list[Hit[Spot]]:
    """Names of places, whatever they mean there; not those inside longer names ('Washington Square')."""
    roles = roles_of(rules, document.language or DEFAULT)
    found = _finder(rules).hits(folded)
    starts, ends = {h.start for h in found}, {h.end for h in found}
    kept = [h for h in found if _stands_alone(document.text, h, starts, ends, roles)]
    return [h for h in kept if not _is_surname(document.text, h, starts, rules, roles)]


def _is_surname(text: str, hit: Hit[Spot], starts: set[int], rules: Rules, roles: Roles) -> bool:
    """Whether a name is rather somebody's: behind a given name, or a town's that somebody known is called by, where
    no word of place stands before it and no state behind."""
    if follows_given_name(text, hit.start, hit.end, rules):
        return True
    if max(spot.rank for _, spot in hit.meanings) >= BY_HAND or fold(text[hit.start : hit.end]) not in surnames(rules):
        return False
    behind = _BEHIND.match(text, hit.end)
    before = fold(text[max(0, hit.start - 40) : hit.start]).split()[-REACH:]
    return not (behind and behind.end() in starts) and roles.words["locative"].isdisjoint(before)


def _stands_alone(text: str, hit: Hit[Spot], starts: set[int], ends: set[int], roles: Roles) -> bool:
    """Whether no capitalised neighbour makes the name a part of another, and it is no common word."""
    if fold(text[hit.start : hit.end]) in roles.words["never_places"]:
        return False
    if max(spot.rank for _, spot in hit.meanings) >= STATE:
        return True
    after = _CAPITAL_AFTER.match(text, hit.end)
    if after and after.start(1) not in starts and fold(after[1]) in roles.words["local_heads"]:
        return False
    before = _CAPITAL_BEFORE.search(text, max(0, hit.start - 24), hit.start)
    if before is None or before.end(1) in ends:
        return True
    word = fold(before[1])
    return word in roles.words["never_names"] or word in roles.words["place_heads"] or word in roles.titles


def find(document: Document, found: Iterable[Hit[Spot]], actors: Iterable[Actor], rules: Rules) -> tuple[Place, ...]:
    """Mentions of places in text order, out of `hits`. A name inside a person's or a body's is none,
    nor is a capital that acts for its government."""
    listed = [(a, a.span) for a in actors if a.span is not None]
    named = sorted(span for actor, span in listed if not _is_state(actor, rules))
    acting = {span for actor, span in listed if actor.id not in rules.states}
    free = [h for h in found if not _inside(h, named) and (h.start, h.end) not in acting]
    fixed = list(dict.fromkeys(best for hit in free if (best := _certain(hit)) is not None))
    countries = {spot.country for spot in fixed}
    chosen = [
        hit.meanings[0][1]
        if len(hit.meanings) == 1
        else max((spot for _, spot in hit.meanings), key=_Context(document.text, free, n, fixed, countries).weight)
        for n, hit in enumerate(free)
    ]
    return tuple(
        Place(document.text[h.start : h.end], (h.start, h.end), s.name, s.country or None, s.lat, s.lon)
        for h, s in zip(free, chosen, strict=True)
    )


def located(text: str, places: Iterable[Place], rules: Rules, language: str | None) -> tuple[Place, ...]:
    """Those places where something happens: every site and city, but a state only after a word of
    place ('in northern Syria', 'sent to Venezuela'), or after another that is so told."""
    words = roles_of(rules, language or DEFAULT).words["locative"]
    kept: list[Place] = []
    for place in places:
        state = rules.states.get(place.country or "")
        before = fold(text[max(0, place.span[0] - 40) : place.span[0]]).split()[-REACH:]
        joined = bool(kept) and _JOINED.fullmatch(text[kept[-1].span[1] : place.span[0]]) is not None
        if state is None or state.name != place.name or joined or words & set(before):
            kept.append(place)
    return tuple(kept)


@cache
def _within(roles: Roles) -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, roles.words["within"]), key=len, reverse=True))
    return re.compile(rf" (?:{words}) " if words else r"(?!)")


def local(
    text: str, actors: Iterable[Actor], found: Iterable[Hit[Spot]], rules: Rules, language: str | None
) -> list[Actor]:
    """The actors with the country of those that only a place tells: 'Shanghai police', 'police in Lagos'."""
    roles = roles_of(rules, language or DEFAULT)
    known = list(found)
    ends, starts = {h.end: h for h in known}, {h.start: h for h in known}
    return [_of_its_place(text, actor, ends, starts, rules, roles) for actor in actors]


def _of_its_place(
    text: str, actor: Actor, ends: dict[int, Hit[Spot]], starts: dict[int, Hit[Spot]], rules: Rules, roles: Roles
) -> Actor:
    """A body without a state as that of the place named right before it, which its name then holds, or behind it."""
    if actor.span is None or actor.sector is None or actor.country is not None or actor.id is not None:
        return actor
    if fold(actor.name).split()[-1] in roles.words["guests"]:
        return actor
    start, end = actor.span
    before = ends.get(start - 1) if text[start - 1 : start] == " " else None
    link = _within(roles).match(text, end)
    hit = before or (starts.get(link.end()) if link else None)
    country = max((spot for _, spot in hit.meanings), key=lambda spot: spot.rank).country if hit else None
    if country not in rules.states:
        return actor
    span = (before.start if before else start, end)
    told, id_ = text[slice(*span)], f"{country}/{actor.sector}"
    return replace(actor, text=told, span=span, id=id_, name=" ".join(told.split()), country=country)


def ashore(actors: Iterable[Actor], found: Iterable[Hit[Spot]]) -> Iterator[Actor]:
    """The actors without states that are only part of the name of what is no state's: 'the South China Sea'."""
    free = [h for h in found if not any(spot.country for _, spot in h.meanings)]
    for actor in actors:
        span = actor.span
        if span is None or not any(
            h.start <= span[0] and span[1] <= h.end and h.end - h.start > span[1] - span[0] for h in free
        ):
            yield actor


def _is_state(actor: Actor, rules: Rules) -> bool:
    """Whether a state, or one of its parts, acts: its name in there is a place all the same."""
    return actor.id is None or actor.id.split("/")[0] in rules.states


def _inside(hit: Hit[Spot], spans: list[Span]) -> bool:
    """Whether a hit lies in one of some spans, which stand in text order and do not overlap."""
    last = bisect_right(spans, hit.start, key=_start) - 1
    return last >= 0 and hit.end <= spans[last][1]


def _start(span: Span) -> int:
    return span[0]


def _certain(hit: Hit[Spot]) -> Spot | None:
    """What a name means without context: its only meaning, or a state."""
    best = max((spot for _, spot in hit.meanings), key=lambda s: s.rank)
    return best if len({(s.lat, s.lon) for _, s in hit.meanings}) == 1 or best.rank >= STATE else None


class _Context:
    """What surrounds one hit: who is named right behind it, and what else the text names."""

    def __init__(self, text: str, found: list[Hit[Spot]], at: int, fixed: list[Spot], countries: set[str]) -> None:
        self.fixed, self.countries = fixed, countries
        hit, following = found[at], found[at + 1] if at + 1 < len(found) else None
        behind = following and _BEHIND.fullmatch(text[hit.end : following.start])
        self.behind = [s for _, s in following.meanings if s.rank >= DIVISION] if following and behind else []

    def weight(self, spot: Spot) -> tuple[float, float]:
        """The sum of what speaks for this place; ties go to its rank."""
        gain = 0.0
        if any(_belongs(spot, whole) for whole in self.behind):
            gain += WITH_COUNTRY
        if spot.rank < STATE:
            others = (s for s in self.fixed if abs(s.lat - spot.lat) < NEAR_DEGREES and s.rank < STATE and s != spot)
            gain += CLOSE * (spot.rank < DIVISION and any(kilometres(spot, other) < NEAR for other in others))
            gain += IN_COUNTRY * (spot.country in self.countries)
        return spot.rank + gain, spot.rank


def _belongs(spot: Spot, whole: Spot) -> bool:
    """Whether a place lies in the state or division named behind it."""
    if spot == whole or spot.country != whole.country or spot.rank >= STATE:
        return False
    return whole.rank >= STATE or kilometres(spot, whole) < DIVISION_WIDE


def kilometres(left: Spot, right: Spot) -> float:
    """The great-circle distance, by the haversine formula."""
    a, b = math.radians(left.lat), math.radians(right.lat)
    wide = math.radians(right.lon - left.lon)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(wide / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(half))
