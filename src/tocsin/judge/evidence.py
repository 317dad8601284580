"""One statement as evidence in one area: who stands behind it, what it tells, and why it may not count."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from tocsin.judge.conditions import told_by
from tocsin.judge.days import day_number
from tocsin.judge.witnesses import Witness, speaker
from tocsin.records import Actor, Document, Membership, Place, Span, Statement
from tocsin.rules import Rules
from tocsin.rules.warning import Area, areas_of, words_pattern

PRESENCE = "presence"
TOLD = "told"
REACH = 2  # sentences over which 'the soldiers' still means those told of before
ARMED = ("MIL", "UAF")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Page:
    """What the judge keeps of a document. `seen` is when it was got, None where as-of stands in; `day` is
    the day it tells from, None where it bears no date; `barred` says why its statements tell of no present
    event, `view` why what it tells sets no indicator; or None."""

    key: str
    family: str
    copy: bool
    seen: str | None
    day: int | None
    outlet: Witness
    barred: str | None
    view: str | None = None

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
    lasting: bool = False  # forces abroad that came so lately that they are taken to be there still
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
        """Told as past. Forces that came lately may still be there: `lasting`."""
        return self.statement.time == "past" and not self.lasting

    @property
    def counts(self) -> bool:
        """Whether it tells of something present or still to come, in a page that tells of the world."""
        return not self.past and self.page.barred is None


def page_of(document: Document, membership: Membership, outlet: Witness, rules: Rules) -> Page:
    barred = next((rules.joining.flags[flag] for flag in document.flags if flag in rules.joining.flags), None)
    view = next((rules.joining.views[flag] for flag in document.flags if flag in rules.joining.views), None)
    copy = membership.copy_of is not None
    # A date that we inferred does not tell when the page was got: as-of stands in.
    guessed = document.published_basis == "inferred" and day_number(document.seen) == day_number(document.published)
    seen = None if guessed else document.seen
    return Page(document.key, membership.family, copy, seen, day_number(document.published), outlet, barred, view)


def weigh(document: Document, page: Page, statements: tuple[Statement, ...], rules: Rules) -> list[Evidence]:
    """The statements of a document as evidence, each in the areas it belongs to; those of no area are left out."""
    placed = _placed(document, statements, rules)
    denials = frozenset((one.span, _who(one)) for one in statements if _denying(one))
    reader = _Reader(page, _countries_named(statements), denials, rules)
    found: list[Evidence] = []
    for statement, areas in zip(statements, placed, strict=True):
        found += reader.read(statement, areas) if areas else reader.read_home(statement)
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
    if not actors and not countries:
        actors = set(named_states(statement.text, rules))
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


def _countries_named(statements: tuple[Statement, ...]) -> tuple[str, ...]:
    """The countries whose places a page names, most named first: where what names no place takes place."""
    named = Counter(place.country for statement in statements for place in statement.place if place.country)
    return tuple(sorted(named, key=lambda country: (-named[country], country)))


class _Reader:
    """Reads a page's statements in text order: a sentence that names no forces' owner means the one named
    just before, and 'denied this' means what was told just before. What a speaker says in the sentence in
    which he denies is part of his denial."""

    def __init__(
        self, page: Page, about: tuple[str, ...], denials: frozenset[tuple[Span, str | None]], rules: Rules
    ) -> None:
        self._page, self._about, self._denials, self._rules = page, about, denials, rules
        self._told: dict[str, Evidence] = {}
        self._sender: str | None = None
        self._sentence: Span | None = None
        self._since = 0

    def read(self, statement: Statement, areas: tuple[str, ...]) -> list[Evidence]:
        if statement.span != self._sentence:
            self._sentence, self._since = statement.span, self._since + 1
        found = [self._evidence(statement, self._rules.areas[area]) for area in areas]
        self._remember(statement, found)
        return found

    def read_home(self, statement: Statement) -> list[Evidence]:
        """What a state does alone and nowhere in particular belongs where that state is in the focus, if it
        is something to watch for (a state's alert, its mobilisation)."""
        acting = {actor.country for actor in statement.source if actor.country in self._rules.states}
        elsewhere = {place.country for place in statement.place if place.country} - acting
        if not acting or elsewhere:
            return []
        homes = tuple(area.id for area in self._rules.areas.values() if area.focus & acting)
        return [one for one in self.read(statement, homes) if one.watched]

    def _remember(self, statement: Statement, found: list[Evidence]) -> None:
        for one in found:
            if one.kind == PRESENCE:
                self._told[one.area] = one
        sender = next((one.actor for one in found if one.kind == PRESENCE), None) or self._armed(statement)
        if sender is not None:
            self._sender, self._since = sender, 0
        elif self._since > REACH:
            self._sender = None

    def _armed(self, statement: Statement) -> str | None:
        states = (actor.country for actor in statement.source if actor.sector in ARMED)
        return next((country for country in states if country in self._rules.states), None)

    def _evidence(self, statement: Statement, area: Area) -> Evidence:
        rules = self._rules
        actor, other = _sides(statement, rules)
        kind = rules.joining.family(statement.type)
        echo = not _denying(statement) and (statement.span, _who(statement)) in self._denials
        forces = None if echo else self._forces(statement, area)
        before = None if echo else self._told.get(area.id)
        if forces is not None:
            kind, actor, other = PRESENCE, *forces
        elif before is not None and statement.type in (None, "REJECT") and _points_back(statement, rules):
            kind, actor, other = PRESENCE, before.actor, before.other
        text = statement.text.casefold()
        day = _day(statement, self._page)
        return Evidence(
            statement=statement,
            page=self._page,
            area=area.id,
            kind=kind,
            actor=actor,
            other=other,
            day=day,
            speaker=speaker(statement, rules),
            marks=frozenset(m for m, words in rules.joining.evidence.items() if words_pattern(words).search(text)),
            lasting=kind == PRESENCE and self._lasting(day),
            spots=tuple(place for place in statement.place if not _whole_country(place, rules)),
            watched=() if self._page.view else told_by(statement, area, rules),
        )

    def _lasting(self, day: int | None) -> bool:
        told = self._page.day or self._page.seen_day
        return day is not None and told is not None and told - day <= self._rules.joining.presence_persists_days

    def _forces(self, statement: Statement, area: Area) -> tuple[str, str] | None:
        """(whose forces, in which country) where the statement tells of forces abroad, done or denied."""
        joining = self._rules.joining
        if statement.type is not None and statement.type not in joining.presence_types:
            return None
        if statement.modality in ("intended", "demanded", "possible"):
            return None
        noun = words_pattern(joining.presence_nouns).search(statement.text.casefold())
        if noun is None:
            return None
        hosts = [place.country for place in statement.place if place.country] + _countries(statement.target)
        for host in (*hosts, *self._about):
            if host in area.focus | area.countries | area.hosts:
                sender = self._whose(statement, host, noun.start())
                if sender is not None:
                    return sender, host
        return None

    def _whose(self, statement: Statement, host: str, noun: int) -> str | None:
        """Whose forces: the acting state's, else the state named nearest before the word, else that of who
        denies having them, else the one told just before."""
        acting = [country for country in _countries(statement.source) if country in self._rules.states]
        named = named_states(statement.text[:noun], self._rules)
        said = statement.attribution.country if statement.attribution and _denying(statement) else None
        for country in (*acting, *reversed(named), said, self._sender):
            if country is not None and country != host:
                return country
        return None


def _who(statement: Statement) -> str | None:
    return statement.attribution.id or statement.attribution.name if statement.attribution is not None else None


def _denying(statement: Statement) -> bool:
    return statement.stance == "denied" or statement.modality == "negated"


def named_states(text: str, rules: Rules) -> list[str]:
    """States named in a text by name, adjective or demonym of one word, in text order."""
    index = _state_words(rules)
    return [index[word] for word in _WORD.findall(text.casefold()) if word in index]


@cache
def _state_words(rules: Rules) -> dict[str, str]:
    """One-word forms of states that stand today, in lower case; a form of two states names neither."""
    found: dict[str, str | None] = {}
    for state in rules.states.values():
        for form in (*state.names, *state.adjectives, *state.demonyms):
            if form.isalpha() and not form.isupper() and state.until is None:
                word = form.casefold()
                found[word] = state.id if found.get(word, state.id) == state.id else None
    return {word: state for word, state in found.items() if state is not None}


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


def _sides(statement: Statement, rules: Rules) -> tuple[str | None, str | None]:
    """The acting country and the other side: the target's, else the place's country. Where the sentence is
    told without parties, the first two states that it names."""
    acting, targets = _countries(statement.source), _countries(statement.target)
    places = [place.country for place in statement.place if place.country]
    if not acting and not targets and not places:
        acting = named_states(statement.text, rules)
        targets = acting[1:]
    actor = acting[0] if acting else None
    other = next((country for country in (*targets, *places) if country != actor), None)
    return actor, other


def _points_back(statement: Statement, rules: Rules) -> bool:
    """Whether it confirms or denies what was told just before without saying it again."""
    return bool(words_pattern(rules.joining.presence_back).search(statement.text.casefold()))
