"""One statement as evidence in one area: who stands behind it, what it tells, and why it may not count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tocsin.judge.conditions import told_by
from tocsin.judge.days import day_number
from tocsin.judge.witnesses import Witness, speaker
from tocsin.records import Actor, Document, Membership, Place, Statement
from tocsin.rules import Rules
from tocsin.rules.warning import Area, areas_of, words_pattern

PRESENCE = "presence"
TOLD = "told"


@dataclass(frozen=True, slots=True)
class Page:
    """What the judge keeps of a document. `day` is the day it tells from, None where it bears no date;
    `barred` says why its statements tell of no present event, or None."""

    key: str
    family: str
    copy: bool
    seen: str | None
    day: int | None
    outlet: Witness
    barred: str | None

    @property
    def seen_day(self) -> int | None:
        return day_number(self.seen)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A statement in an area. `kind` is the family of happening it may be joined to; `actor` and
    `other` are the countries of the two sides; `day` is the day of the happening, None if unknown."""

    statement: Statement
    page: Page
    area: str
    kind: str
    actor: str | None
    other: str | None
    day: int | None
    speaker: Witness | None
    marks: frozenset[str]
    spots: tuple[Place, ...] = ()
    watched: tuple[str, ...] = ()  # ids of the indicators of which it tells

    @property
    def denied(self) -> bool:
        return self.statement.stance == "denied" or self.statement.modality == "negated"

    @property
    def pending(self) -> bool:
        """Not told as done: wanted, planned or called possible."""
        return self.statement.modality in ("intended", "demanded", "possible")

    @property
    def past(self) -> bool:
        """Told as past. Forces that once came may still be there: their day decides, not the tense."""
        return self.statement.time == "past" and (self.kind != PRESENCE or self.day is None)

    @property
    def counts(self) -> bool:
        """Whether it tells of something present or still to come, in a page that tells of the world."""
        return not self.past and self.page.barred is None


def page_of(document: Document, membership: Membership, outlet: Witness, rules: Rules) -> Page:
    barred = next((rules.joining.flags[flag] for flag in document.flags if flag in rules.joining.flags), None)
    day = day_number(document.published) or day_number(document.seen)
    copy = membership.copy_of is not None
    return Page(document.key, membership.family, copy, document.seen, day, outlet, barred)


def weigh(document: Document, page: Page, statements: tuple[Statement, ...], rules: Rules) -> list[Evidence]:
    """The statements of a document as evidence, each in the areas it belongs to; those of no area are left out."""
    placed = _placed(document, statements, rules)
    main = _main_country(statements)
    found: list[Evidence] = []
    last: dict[str, Evidence] = {}
    for statement, areas in zip(statements, placed, strict=True):
        for area in areas:
            one = _evidence(statement, page, rules.areas[area], main, last.get(area), rules)
            found.append(one)
            if one.kind == PRESENCE:
                last[area] = one
    return found


def _placed(document: Document, statements: tuple[Statement, ...], rules: Rules) -> list[tuple[str, ...]]:
    """The areas of each statement. What names no place is read in the light of the page: it belongs to the
    area that most of the page is about, if its actors have a part there."""
    own = [_own_areas(statement, document, rules) for statement in statements]
    about = Counter(area for areas in own for area, reason in areas.items() if _by_place(reason))
    about.update(area for area in areas_of(rules.areas.values(), (), text=document.title or ""))
    main = min(about, key=lambda area: (-about[area], area)) if about else None
    return [_settled(statement, areas, main, rules) for statement, areas in zip(statements, own, strict=True)]


def _own_areas(statement: Statement, document: Document, rules: Rules) -> dict[str, str]:
    actors = {actor.country for actor in (*statement.source, *statement.target) if actor.country}
    countries = {place.country for place in statement.place if place.country}
    points = [(place.lat, place.lon) for place in statement.place if place.lat is not None and place.lon is not None]
    return areas_of(rules.areas.values(), actors, countries, points, statement.text)


def _by_place(reason: str) -> bool:
    """Whether a place or a keyword decided, not merely who meets whom."""
    return " with " not in reason


def _settled(statement: Statement, own: dict[str, str], main: str | None, rules: Rules) -> tuple[str, ...]:
    if any(_by_place(reason) for reason in own.values()) or main is None:
        return tuple(sorted(own))
    area = rules.areas[main]
    actors = {actor.country for actor in _people(statement) if actor.country in rules.states}
    elsewhere = {place.country for place in statement.place if place.country} - _part(area)
    if actors <= _part(area) and not elsewhere:
        return (main,)
    return tuple(sorted(own))


def _part(area: Area) -> frozenset[str]:
    return area.focus | area.parties | area.countries


def _people(statement: Statement) -> Iterable[Actor]:
    yield from statement.source
    yield from statement.target
    if statement.attribution is not None:
        yield statement.attribution


def _main_country(statements: tuple[Statement, ...]) -> str | None:
    """The country whose places and people the page names most, as the place of what names none."""
    named = Counter(place.country for statement in statements for place in statement.place if place.country)
    named.update(a.country for s in statements for a in (*s.source, *s.target) if a.country and a.country != "XXX")
    return min(named, key=lambda country: (-named[country], country)) if named else None


def _evidence(
    statement: Statement, page: Page, area: Area, main: str | None, before: Evidence | None, rules: Rules
) -> Evidence:
    actor, other = _sides(statement, main)
    kind = rules.joining.family(statement.type)
    presence = _presence(statement, area, main, rules)
    if presence is not None:
        kind, actor, other = PRESENCE, *presence
    elif before is not None and _points_back(statement, rules):
        kind, actor, other = PRESENCE, before.actor, before.other
    marks = frozenset(
        mark for mark, words in rules.joining.evidence.items() if words_pattern(words).search(statement.text.casefold())
    )
    one = Evidence(
        statement=statement,
        page=page,
        area=area.id,
        kind=kind,
        actor=actor,
        other=other,
        day=_day(statement, page),
        speaker=speaker(statement, rules),
        marks=marks,
        spots=tuple(place for place in statement.place if not _whole_country(place, rules)),
    )
    return replace(one, watched=told_by(statement, area, rules))


def _whole_country(place: Place, rules: Rules) -> bool:
    state = rules.states.get(place.country or "")
    return state is not None and place.name == state.name


def _day(statement: Statement, page: Page) -> int | None:
    """The day of the happening: as told, else the day of the page (of a past thing it is not known)."""
    told = day_number(statement.when.end or statement.when.start) if statement.when is not None else None
    if told is not None:
        return told if page.day is None else min(told, page.day) if not _future(statement) else told
    return None if statement.time == "past" else page.day


def _future(statement: Statement) -> bool:
    return statement.time == "future" or statement.modality in ("intended", "demanded", "possible")


def _countries(actors: tuple[Actor, ...]) -> list[str]:
    return [actor.country for actor in actors if actor.country and actor.country != "XXX"]


def _sides(statement: Statement, main: str | None) -> tuple[str | None, str | None]:
    """The acting country and the other side: the target's, else the place's country."""
    acting, targets = _countries(statement.source), _countries(statement.target)
    places = [place.country for place in statement.place if place.country]
    actor = acting[0] if acting else None
    other = next((country for country in (*targets, *places) if country != actor), None)
    return actor, other


def _presence(statement: Statement, area: Area, main: str | None, rules: Rules) -> tuple[str, str] | None:
    """(whose forces, in which country) where the statement tells of forces abroad, done or denied."""
    joining = rules.joining
    if statement.type is not None and statement.type not in joining.presence_types:
        return None
    if statement.modality in ("intended", "demanded", "possible"):
        return None
    if not words_pattern(joining.presence_nouns).search(statement.text.casefold()):
        return None
    hosts = [place.country for place in statement.place if place.country] + _countries(statement.target)
    said = [statement.attribution.country] if statement.attribution is not None else []
    senders = [c for c in (*_countries(statement.source), *_countries(statement.target), *said) if c in rules.states]
    for host in (*hosts, main):
        if host in area.focus | area.countries | area.hosts:
            sender = next((c for c in senders if c != host and c is not None), None)
            if sender is not None and host is not None:
                return sender, host
    return None


def _points_back(statement: Statement, rules: Rules) -> bool:
    """Whether it confirms or denies what was told just before without saying it again."""
    return bool(words_pattern(rules.joining.presence_back).search(statement.text.casefold()))
