"""One statement as evidence in one area: who stands behind it, what it tells, and why it may not count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from tocsin.judge.clauses import Around, around, clause, trigger_at
from tocsin.judge.conditions import leans, told_by
from tocsin.judge.days import day_number
from tocsin.judge.gist import Gist
from tocsin.judge.states import elsewhere, named_states, states_at
from tocsin.judge.witnesses import Witness, speaker
from tocsin.records import Actor, Document, Membership, Place, Span, Statement
from tocsin.rules import Rules
from tocsin.rules.warning import Area, areas_of, parties_of, words_pattern

PRESENCE = "presence"
TOLD = "told"
REACH = 2  # sentences over which 'the soldiers' still means those told of before
ARMED = ("MIL", "UAF")
HEADLINE = (0, 0)  # the span of what only the headline tells
BESIDE = 40  # characters before forces within which their owner is named


@dataclass(frozen=True, slots=True)
class Page:
    """What the judge keeps of a document. `seen` is when it was got, None where as-of stands in; `day` is
    the day it tells from, None where it bears no date; `barred` says why its statements tell of no present
    event, `view` why what it tells sets no indicator; `home` is the
    country of the dateline; or None. `briefing`: a report on a situation as its author hands it in."""

    key: str
    family: str
    copy: bool
    seen: str | None
    day: int | None
    outlet: Witness
    barred: str | None
    view: str | None = None
    home: str | None = None
    briefing: bool = False

    @property
    def seen_day(self) -> int | None:
        return day_number(self.seen)

    @property
    def tells_from(self) -> int | None:
        """The day of which it can tell: it can't be newer than its own date, nor than when it was got."""
        days = [day for day in (self.seen_day, self.day) if day is not None]
        return min(days, default=None)


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
    leaning: tuple[str, ...] = ()  # ids of those that it bears out where a fuller telling sets them
    contested: str | None = None  # the claim, in lower case, that somebody denies without saying it again

    @property
    def denied(self) -> bool:
        return self.statement.stance == "denied" or self.statement.modality == "negated"

    @property
    def pending(self) -> bool:
        """Not told as done: wanted, planned or called possible."""
        return self.statement.modality in ("intended", "demanded", "possible")

    @property
    def past(self) -> bool:
        """Told as past. Forces that came lately may still be there: `lasting`; what bears no day of its own may be
        what others date: `leaning`."""
        return self.statement.time == "past" and not self.lasting and not self.leaning

    @property
    def counts(self) -> bool:
        """Whether it tells of something present or still to come, in a page that tells of the world."""
        return not self.past and self.page.barred is None


def page_of(document: Document, gist: Gist, membership: Membership, outlet: Witness, rules: Rules) -> Page:
    barred = next((rules.joining.flags[flag] for flag in document.flags if flag in rules.joining.flags), None)
    view = next((rules.joining.views[flag] for flag in document.flags if flag in rules.joining.views), None)
    copy = membership.copy_of is not None
    # A date that we inferred does not tell when the page was got: as-of stands in.
    guessed = document.published_basis == "inferred" and day_number(document.seen) == day_number(document.published)
    seen = None if guessed else document.seen
    day = day_number(document.published)
    printed = document.source or document.origin or document.url or document.title or document.authors or gist.home
    briefing = not printed and barred is None and view is None and gist.weighs
    return Page(document.key, membership.family, copy, seen, day, outlet, barred, view, gist.home, briefing)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A document as evidence, each statement in the areas it belongs to. `places` are the areas of its sentences;
    `main` is the area that most of it is about, or None."""

    evidence: tuple[Evidence, ...]
    places: Mapping[Span, tuple[str, ...]]
    main: str | None


def weigh(document: Document, gist: Gist, page: Page, statements: tuple[Statement, ...], rules: Rules) -> Weighed:
    """The statements of a document as evidence; those of no area are left out."""
    statements = tuple(_doubted(statement, rules) for statement in statements)
    placed, main = _placed(document, gist, statements, rules)
    reader = _Reader(page, statements, rules)
    found: list[Evidence] = []
    places: dict[Span, tuple[str, ...]] = {}
    for statement, areas in zip(statements, placed, strict=True):
        found += reader.read(statement, areas) if areas else reader.read_home(statement)
        places[statement.span] = tuple(dict.fromkeys((*places.get(statement.span, ()), *areas)))
    evidence = tuple(
        replace(one, contested=_claim(one)) if (one.area, one.statement.key) in reader.disputed else one
        for one in found
    )
    return Weighed(evidence, {span: areas for span, areas in places.items() if areas}, main)


def bearing(
    document: Document,
    gist: Gist,
    membership: Membership,
    statements: tuple[Statement, ...],
    outlet: Witness,
    rules: Rules,
) -> frozenset[str]:
    """The areas for which a document is evidence at all."""
    page = page_of(document, gist, membership, outlet, rules)
    weighed = weigh(document, gist, page, statements, rules)
    told = {one.area for one in weighed.evidence}.union(*weighed.places.values())
    if page.briefing:
        told.update(area for clause in gist.clauses for area in clause.areas)
    return frozenset(told | ({weighed.main} if weighed.main else set()))


def _doubted(statement: Statement, rules: Rules) -> Statement:
    """A report that its own sentence calls unconfirmed is not asserted by anybody; one that it takes back is denied."""
    text, joining = statement.text.casefold(), rules.joining
    if statement.stance != "asserted":
        return statement
    if joining.retracts and words_pattern(joining.retracts).search(text):
        return replace(statement, stance="denied")
    doubted = bool(joining.doubts) and words_pattern(joining.doubts).search(text)
    return replace(statement, stance="unverified") if doubted else statement


def _claim(one: Evidence) -> str:
    return " ".join(one.statement.text.casefold().split())


def _placed(
    document: Document, gist: Gist, statements: tuple[Statement, ...], rules: Rules
) -> tuple[list[tuple[str, ...]], str | None]:
    """The areas of each statement, and the area that most of the page is about. What names no place is read in the
    light of the page: it belongs to that area, if its actors have a part there; or to the rest of the world, if the
    page tells of states elsewhere."""
    own = [_own_areas(statement, document, rules) for statement in statements]
    about = Counter(area for areas in own for area, reason in areas.items() if _by_place(reason))
    about.update(area for area in areas_of(rules.areas.values(), (), text=document.title or ""))
    if not about:
        about.update(gist.named)
    order = sorted(about, key=lambda area: (-about[area], rules.areas[area].rest, area))
    mains = [rules.areas[area] for area in (*order[:1], *(one for one in order[1:] if rules.areas[one].rest))]
    placed = [_settled(statement, areas, mains, rules) for statement, areas in zip(statements, own, strict=True)]
    return placed, min(about, key=lambda area: (-about[area], rules.areas[area].rest, area), default=None)


def _own_areas(statement: Statement, document: Document, rules: Rules) -> dict[str, str]:
    actors = {actor.country for actor in (*statement.source, *statement.target) if actor.country}
    countries = {place.country for place in statement.place if place.country}
    if not actors and not countries:
        actors = set(named_states(statement.text, rules))
    points = [(place.lat, place.lon) for place in statement.place if place.lat is not None and place.lon is not None]
    if _mere_venue(statement, rules):
        countries, points = set(), []
    found = areas_of(rules.areas.values(), actors, countries, points, statement.text)
    return found or elsewhere(actors | countries, rules)


def _mere_venue(statement: Statement, rules: Rules) -> bool:
    """Whether the place is only where parties of two states met."""
    parties = {actor.country for actor in (*statement.source, *statement.target) if actor.country in rules.states}
    return statement.type in rules.joining.venue_types and len(parties) > 1


def _by_place(reason: str) -> bool:
    """Whether a place or a keyword decided, not merely who meets whom."""
    return " with " not in reason


def _settled(statement: Statement, own: dict[str, str], mains: list[Area], rules: Rules) -> tuple[str, ...]:
    """The areas of a statement: its own by place; else the first of the page's in which its actors have a part."""
    if any(_by_place(reason) for reason in own.values()):
        return tuple(sorted(own))
    actors = {actor.country for actor in _people(statement) if actor.country in rules.states}
    places = set() if _mere_venue(statement, rules) else {place.country for place in statement.place if place.country}
    for area in mains:
        part = _part(area, rules)
        if actors <= part and places <= part:
            return (area.id,)
    return tuple(sorted(own))


def _part(area: Area, rules: Rules) -> frozenset[str]:
    return parties_of(area, rules) | area.countries


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
    which he denies is part of his denial. `disputed` are the claims, by area and statement, that the page itself
    denies so."""

    def __init__(self, page: Page, statements: tuple[Statement, ...], rules: Rules) -> None:
        self._page, self._rules = page, rules
        self._about = _countries_named(statements)
        self._denials = frozenset((one.span, _who(one)) for one in statements if _denying(one))
        self._triggers = _triggers(statements)
        self._accused = _accusations(statements)
        self._body = [one for one in statements if one.span != HEADLINE]
        self.disputed: set[tuple[str, str]] = set()
        self._told: dict[str, Evidence] = {}
        self._claims: dict[str, list[tuple[int, Evidence]]] = {}
        self._sender: str | None = None
        self._sentence: Span | None = None
        self._since = self._count = 0

    def read(self, statement: Statement, areas: tuple[str, ...]) -> list[Evidence]:
        if statement.span != self._sentence:
            self._sentence, self._since, self._count = statement.span, self._since + 1, self._count + 1
        found = [self._evidence(statement, self._rules.areas[area]) for area in areas]
        self._remember(statement, found)
        return found

    def read_home(self, statement: Statement) -> list[Evidence]:
        """What a state does alone and nowhere in particular belongs where that state is in the focus, if it
        is something to watch for (a state's alert, its mobilisation)."""
        acting: set[str | None] = {one.country for one in statement.source if one.country in self._rules.states}
        if not acting and statement.type is None:
            said_by = statement.attribution.country if statement.attribution is not None else None
            acting = {one for one in named_states(statement.text, self._rules) if one != said_by}
        abroad = {place.country for place in statement.place if place.country} - acting
        if not acting or abroad:
            return []
        homes = tuple(area.id for area in self._rules.areas.values() if area.focus & acting)
        return [one for one in self.read(statement, homes) if one.watched]

    def _remember(self, statement: Statement, found: list[Evidence]) -> None:
        for one in found:
            if one.kind == PRESENCE:
                self._told[one.area] = one
            if not one.denied:
                self._claims.setdefault(one.area, []).append((self._count, one))
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
        kind, actor, other, claim = self._meant(statement, area)
        text = statement.text.casefold()
        day = _day(statement, self._page)
        watched, leaning = ((), ()) if self._page.view else self._indicators(statement, area)
        return Evidence(
            statement=statement,
            page=self._page,
            area=area.id,
            kind=kind,
            actor=actor,
            other=other,
            day=day,
            speaker=speaker(self._spelt_out(statement), rules, self._page.home, self._page.tells_from),
            marks=frozenset(m for m, words in rules.joining.evidence.items() if words_pattern(words).search(text)),
            lasting=kind == PRESENCE and self._lasting(day),
            spots=tuple(place for place in statement.place if not _whole_country(place, rules)),
            watched=watched,
            leaning=leaning,
            contested=claim,
        )

    def _spelt_out(self, statement: Statement) -> Statement:
        """What tells a headline in full: a headline leaves out who says it, so where the text has the act only from
        those whom it names, the first of them says it in the headline too."""
        if statement.span != HEADLINE or statement.attribution is not None or statement.type is None:
            return statement
        told = [one for one in self._body if self._same_act(one, statement)]
        return told[0] if told and all(one.attribution is not None for one in told) else statement

    def _same_act(self, one: Statement, other: Statement) -> bool:
        """Whether two sentences of a page may tell one act: of one family, by the same state as far as they name it,
        and both told or both denied."""
        family = self._rules.joining.family
        here, there = set(_countries(one.source)), set(_countries(other.source))
        alike = family(one.type) == family(other.type) and _denying(one) == _denying(other)
        return alike and (not here or not there or bool(here & there))

    def _indicators(self, statement: Statement, area: Area) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The indicators that a statement tells of, and those that it bears out."""
        near = self._around(statement)
        watched = told_by(statement, area, near, self._rules)
        return watched, tuple(one for one in leans(statement, area, near, self._rules) if one not in watched)

    def _meant(self, statement: Statement, area: Area) -> tuple[str, str | None, str | None, str | None]:
        """(kind of happening, its two sides, the claim it denies without saying it again)."""
        rules = self._rules
        actor, other = self._parties(statement)
        if not _denying(statement) and (statement.span, _who(statement)) in self._denials:
            return rules.joining.family(statement.type), actor, other, None
        forces = self._forces(statement, area)
        if forces is not None:
            return (*forces, None)
        if statement.type in (None, "REJECT"):
            before = self._told.get(area.id)
            if before is not None and _points_back(statement, rules):
                return PRESENCE, before.actor, before.other, None
            claim = self._answered(statement, area) if _denying(statement) else None
            if claim is not None:
                self.disputed.add((area.id, claim.statement.key))
                return claim.kind, claim.actor, claim.other, _claim(claim)
        return rules.joining.family(statement.type), actor, other, None

    def _parties(self, statement: Statement) -> tuple[str | None, str | None]:
        """The two sides. What an accuser tells of in his accusation is done by the accused."""
        actor, other = _sides(statement, self._rules)
        accuser, accused = self._accused.get(statement.span, (None, None))
        if accused is not None and actor == accuser and statement.type in self._rules.joining.accusable:
            return accused, accuser
        return actor, other

    def _answered(self, statement: Statement, area: Area) -> Evidence | None:
        """The claim that a bare denial answers: told within the last sentences by another voice, of the state
        that denies; an act rather than the accusation itself."""
        who = statement.attribution
        if who is None or who.country is None or who.country not in self._rules.states:
            return None
        near = [one for count, one in self._claims.get(area.id, []) if self._count - count <= REACH]
        theirs = [one for one in near if self._of(who.country, one) and _who(one.statement) != _who(statement)]
        quarrel = self._rules.joining.family("ACCUSE")
        return min(reversed(theirs), key=lambda one: (one.kind == TOLD, one.kind == quarrel), default=None)

    def _of(self, country: str, one: Evidence) -> bool:
        """Whether a claim is about this state and was not made by it."""
        by = one.statement.attribution or next(iter(one.statement.source), None)
        named = {one.actor, one.other, *named_states(one.statement.text, self._rules)}
        people = {name for name, home in _leaders(self._rules).items() if home == country}
        words = set(one.statement.text.replace("'s", " ").replace(",", " ").split())
        return (by is None or by.country != country) and (country in named or not words.isdisjoint(people))

    def _around(self, statement: Statement) -> Around:
        return around(statement, self._rivals(statement), self._rules)

    def _rivals(self, statement: Statement) -> tuple[int, ...]:
        """Where the other triggers of the sentence stand in its text."""
        own = trigger_at(statement)
        return tuple(at for at in self._triggers[statement.span] if own is None or at != own[0])

    def _lasting(self, day: int | None) -> bool:
        told = self._page.day or self._page.seen_day
        return day is not None and told is not None and told - day <= self._rules.joining.presence_persists_days

    def _forces(self, statement: Statement, area: Area) -> tuple[str, str, str | None] | None:
        """(kind, whose forces, in which country) where the statement tells of forces abroad, done or denied.
        Forces whose whereabouts are not told were moved, no more; where they are denied, they are those told of."""
        joining, rules = self._rules.joining, self._rules
        if statement.type is not None and statement.type not in joining.presence_types:
            return None
        if statement.modality in ("intended", "demanded", "possible"):
            return None
        noun = words_pattern(joining.presence_nouns).search(statement.text.casefold())
        if noun is None:
            return None
        own = clause(statement.text, noun.span(), self._triggers[statement.span], rules)
        home = (parties_of(area, self._rules) if area.rest else area.focus) | area.countries | area.hosts
        host = self._host(statement, noun.span(), own)
        for country in (host, *_countries(statement.target), *(() if statement.place else self._about)):
            if country in home and country is not None:
                sender = self._whose(statement, country, noun.start(), own)
                if sender is not None:
                    return PRESENCE, sender, country
        if host is None and (statement.type is None or _denying(statement)):
            sender = self._whose(statement, None, noun.start(), own)
            if sender is not None:
                return joining.family("MOBILIZE"), sender, None
        return None

    def _host(self, statement: Statement, noun: Span, own: Span) -> str | None:
        """The country of the place where the forces are said to be: the first named after them in their clause
        and before any purpose, else the last one before them."""
        purpose = words_pattern(self._rules.joining.presence_purpose) if self._rules.joining.presence_purpose else None
        aim = purpose.search(statement.text.casefold(), noun[1]) if purpose else None
        end = min(own[1], aim.start()) if aim else own[1]
        spots = sorted((place.span[0] - statement.span[0], place.country) for place in statement.place)
        after = [country for at, country in spots if noun[1] <= at < end]
        before = [country for at, country in spots if at < noun[0]]
        return next((one for one in after if one), None) or next((one for one in reversed(before) if one), None)

    def _whose(self, statement: Statement, host: str | None, noun: int, own: Span) -> str | None:
        """Whose forces: the state named right before the word, else the acting state's, else the state named
        nearest before in the clause, else that of who denies or confirms having them, else the one told just before.
        Who merely says it is not the owner."""
        rules, speaking = self._rules, statement.attribution
        silent = _said_at(statement)
        named = [(one, at) for one, at in states_at(statement.text[:noun], rules) if not silent[0] <= at < silent[1]]
        close = [one for one, at in named if noun - at <= BESIDE and at >= own[0]]
        inside = [one for one, at in named if at >= own[0]]
        acting = [one for one in _countries(statement.source) if one in rules.states]
        admits = _denying(statement) or words_pattern(rules.joining.presence_confirms).search(statement.text.casefold())
        said = speaking.country if speaking and admits else None
        earlier = [one for one, _ in named] if statement.type is None else []
        for country in (*close[-1:], *acting, *reversed(inside), said, self._sender, *reversed(earlier)):
            if country is not None and country != host and country in rules.states:
                return country
        return None


def _said_at(statement: Statement) -> Span:
    """Where the speaker is named in the statement's text."""
    span = statement.attribution.span if statement.attribution is not None else None
    return (-1, -1) if span is None else (span[0] - statement.span[0], span[1] - statement.span[0])


def _accusations(statements: tuple[Statement, ...]) -> dict[Span, tuple[str, str]]:
    """(accuser, accused) by sentence, where one state accuses one other."""
    found: dict[Span, tuple[str, str]] = {}
    for one in statements:
        by, against = set(_countries(one.source)), set(_countries(one.target))
        if one.type == "ACCUSE" and len(by) == len(against) == 1 and by != against:
            found[one.span] = (by.pop(), against.pop())
    return found


def _triggers(statements: tuple[Statement, ...]) -> dict[Span, tuple[int, ...]]:
    """Where the triggers of each sentence stand in its text."""
    found: dict[Span, set[int]] = {}
    for one in statements:
        at = trigger_at(one)
        found.setdefault(one.span, set()).update(() if at is None else (at[0],))
    return {span: tuple(sorted(starts)) for span, starts in found.items()}


@cache
def _leaders(rules: Rules) -> dict[str, str]:
    """Family names of people who speak for a state, as written, and their state; one borne in two is nobody's."""
    found: dict[str, str] = {}
    for one in rules.entities.values():
        if one.kind == "person" and one.country in rules.states and one.sector in rules.joining.state_voices:
            name = one.name.split()[-1]
            found[name] = one.country if found.get(name, one.country) == one.country else ""
    return {name: country for name, country in found.items() if country}


def _who(statement: Statement) -> str | None:
    return statement.attribution.id or statement.attribution.name if statement.attribution is not None else None


def _denying(statement: Statement) -> bool:
    return statement.stance == "denied" or statement.modality == "negated"


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
