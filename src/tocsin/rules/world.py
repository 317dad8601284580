"""Who and what exists: states, people, bodies, armed groups, weapons, and what has happened already.

Every surface that may stand in a text is a `Form`. In the tables a form is written with marks:

    =US        exact case only ('us' is a pronoun)
    ?Bolton    weak: alone it proves nothing; it needs the full name, an office or the country nearby
    россий*    a stem: any letters may follow
    ?=MED      marks may be combined, '?' and '=' in any order

The plain tuples of a record (`State.names`, `Entity.aliases` …) hold the same texts without marks;
who matches text reads `forms`. Dates in the tables may be 'YYYY', 'YYYY-MM' or 'YYYY-MM-DD', as
exactly as we know; in records a start is the first day meant and an end the last.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tocsin.rules.reading import Fault, listed, tsv

STATES = "actors/states.tsv"
PEOPLE = "actors/people.tsv"
BODIES = "actors/bodies.tsv"
GROUPS = "actors/groups.tsv"
MATERIEL = "materiel.tsv"
CHRONOLOGY = "chronology.tsv"
PATHS = frozenset({STATES, PEOPLE, BODIES, GROUPS, MATERIEL, CHRONOLOGY})

SECTORS = frozenset(["GOV", "MIL", "PAR", "REB", "CIV", "COP", "LEG", "JUD", "MED", "IGO", "NGO", "BUS", "SPY", "UAF"])
NO_STATE = frozenset({"IGO", "XXX"})  # an organisation of states; somebody of no one state

_STATE_COLUMNS = (
    "id",
    "name",
    "names",
    "names_es",
    "names_fr",
    "names_ru",
    "adjectives",
    "adjectives_es",
    "adjectives_ru",
    "demonyms",
    "capital",
    "lat",
    "lon",
    "seats",
    "regime",
    "codes",
    "forces",
    "region",
    "nuclear_armed",
    "alliances",
    "from",
    "until",
    "successor",
)
_ENTITY_COLUMNS = ("id", "name", "aliases", "country", "sector", "role", "from", "until", "parent")
_MATERIEL_COLUMNS = ("id", "name", "aliases", "class", "maker", "topics", "context")
_HAPPENING_COLUMNS = ("id", "date_start", "date_end", "countries", "words", "name")


@dataclass(frozen=True, slots=True)
class Form:
    """One surface and how to match it. `use` names the column it came from (name, adjective, demonym,
    capital, seat, regime, code, force, alias); `language` is None where it serves every language.

    Not `exact`: the case of letters may differ, but where `text` has a capital the match must start
    with one or stand in all capitals. `weak`: see the module. `stem`: any letters may follow `text`.
    """

    text: str
    use: str
    language: str | None = None
    exact: bool = False
    weak: bool = False
    stem: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """A state, by ISO 3166 alpha-3. `lat`, `lon` in degrees are the capital's.

    `seats` are names that stand for its government (a palace, a street), `regime` are words for its
    rule, `forces` for its armed forces. A historic state has `until` and, mostly, a `successor`.
    """

    id: str
    name: str
    names: tuple[str, ...]
    adjectives: tuple[str, ...]
    demonyms: tuple[str, ...]
    capital: str
    lat: float
    lon: float
    seats: tuple[str, ...]
    regime: tuple[str, ...]
    codes: tuple[str, ...]
    forces: tuple[str, ...]
    region: str
    nuclear_armed: bool
    alliances: tuple[str, ...]
    from_: str | None
    until: str | None
    successor: str | None
    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """What somebody was, from and until (both days included; None is open).

    `parent` is the id of the body or group that the office belongs to, or None.
    """

    role: str
    country: str
    sector: str | None
    from_: str | None
    until: str | None
    parent: str | None

    def held_on(self, date: str) -> bool:
        return (self.from_ is None or self.from_ <= date) and (self.until is None or date <= self.until)


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, body or group. `country` to `parent` are those of its first row, by which it is best
    known; `offices` are all of its rows (one, for a body or group)."""

    id: str
    kind: str
    name: str
    aliases: tuple[str, ...]
    country: str
    sector: str | None
    role: str
    from_: str | None
    until: str | None
    parent: str | None
    offices: tuple[Office, ...]
    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class MaterielType:
    """A type of weapon, vehicle, vessel or aircraft. `maker` is a state's id or None.

    One of the `context` words must stand in the same sentence where a weak form is met.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    materiel_class: str
    maker: str | None
    topics: tuple[str, ...]
    context: tuple[str, ...]
    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """A well-known happening, on the days `date_start` to `date_end`.

    A text tells of it where each group of `words` has a member in it, as whole words in lower case.
    In the table groups are separated by '|' and members by ';'. One group alone is a name that means
    nothing else ('arab spring').
    """

    id: str
    date_start: str
    date_end: str
    countries: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    name: str


# ------------------------------------------------------------------ asking


def offices_on(entity: Entity, date: str) -> tuple[Office, ...]:
    """The offices that `entity` held on a date ('YYYY-MM-DD'), in the order of its rows."""
    return tuple(office for office in entity.offices if office.held_on(date))


def holders(entities: Mapping[str, Entity], role: str, country: str, date: str) -> tuple[Entity, ...]:
    """Who held `role` for `country` on a date: one, mostly; two where the office was disputed."""
    return tuple(
        entity
        for entity in entities.values()
        if any(o.role == role and o.country == country and o.held_on(date) for o in entity.offices)
    )


def exists_on(state: State, date: str) -> bool:
    """Whether the state existed on a date."""
    return (state.from_ is None or state.from_ <= date) and (state.until is None or date <= state.until)


# ------------------------------------------------------------------ reading cells


def form(cell: str, use: str, language: str | None = None) -> Form:
    """A form from a cell's part, with its marks taken off."""
    marks = cell[: len(cell) - len(cell.lstrip("=?"))]
    text = cell[len(marks) :]
    return Form(text.removesuffix("*"), use, language, "=" in marks, "?" in marks, text.endswith("*"))


def _forms(cell: str, use: str, language: str | None = None) -> tuple[Form, ...]:
    return tuple(form(part, use, language) for part in listed(cell))


def _texts(forms: tuple[Form, ...], use: str, language: str | None = None) -> tuple[str, ...]:
    return tuple(f.text for f in forms if f.use == use and f.language == language)


_ID = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def first_day(cell: str) -> str:
    """'2019' -> '2019-01-01'. Raises ValueError where it is no date."""
    year, month, day = _date_parts(cell)
    return f"{year:04}-{month or 1:02}-{day or 1:02}"


def last_day(cell: str) -> str:
    """'2019-02' -> '2019-02-28'. Raises ValueError where it is no date."""
    year, month, day = _date_parts(cell)
    month = month or 12
    return f"{year:04}-{month:02}-{day or calendar.monthrange(year, month)[1]:02}"


def _date_parts(cell: str) -> tuple[int, int, int]:
    match = _DATE.fullmatch(cell)
    if match is None:
        raise ValueError(f"expected YYYY, YYYY-MM or YYYY-MM-DD, found {cell!r}")
    year, month, day = (int(part or 0) for part in match.groups())
    if month > 12 or (match[2] and not month) or (day and day > calendar.monthrange(year, month)[1]):
        raise ValueError(f"expected a day of the calendar, found {cell!r}")
    return year, month, day


class _Rows:
    """The rows of one table being read; collects faults under the row's id."""

    def __init__(self, files: Mapping[str, bytes], file: str, columns: tuple[str, ...], faults: list[Fault]) -> None:
        self.file, self._faults = file, faults
        self._rows = tsv(file, files[file], columns, faults) if file in files else []

    def __iter__(self) -> Iterator[dict[str, str]]:
        for row in self._rows:
            if _ID.fullmatch(row["id"]):
                yield row
            else:
                self.fault(row, "id", f"expected an id of plain letters, digits and hyphens, found {row['id']!r}")

    def fault(self, row: Mapping[str, str], column: str, problem: str) -> None:
        self._faults.append(Fault(self.file, f"{row['id']}.{column}", problem))

    def number(self, row: Mapping[str, str], column: str, limit: float) -> float:
        """A number within ±limit; 0.0 and a fault where it is none."""
        try:
            value = float(row[column])
        except ValueError:
            self.fault(row, column, f"expected a number, found {row[column]!r}")
            return 0.0
        if abs(value) > limit:
            self.fault(row, column, f"expected a number within ±{limit:g}, found {value:g}")
        return value

    def flag(self, row: Mapping[str, str], column: str) -> bool:
        if row[column] not in {"yes", "no"}:
            self.fault(row, column, f"expected yes or no, found {row[column]!r}")
        return row[column] == "yes"

    def period(self, row: Mapping[str, str], start: str = "from", end: str = "until") -> tuple[str | None, str | None]:
        """First and last day; None where the cell is empty."""
        try:
            first = first_day(row[start]) if row[start] else None
            last = last_day(row[end]) if row[end] else None
        except ValueError as error:
            self.fault(row, start, str(error))
            return None, None
        if first and last and first > last:
            self.fault(row, start, f"expected {start} before {end}, found {first} after {last}")
        return first, last

    def known(self, row: Mapping[str, str], column: str, allowed: frozenset[str] | set[str]) -> None:
        """Every value of the cell must be allowed, if anything is known at all."""
        for value in listed(row[column]):
            if allowed and value not in allowed:
                self.fault(row, column, f"expected a known {column}, found {value!r}")


# ------------------------------------------------------------------ parsing


def parse_states(files: Mapping[str, bytes], faults: list[Fault]) -> dict[str, State]:
    """States by ISO 3166 alpha-3, from actors/states.tsv."""
    rows = _Rows(files, STATES, _STATE_COLUMNS, faults)
    found: dict[str, State] = {}
    for row in rows:
        if row["id"] in found:
            rows.fault(row, "id", "this id stands twice")
        found[row["id"]] = _state(row, rows)
    for row in rows:
        rows.known(row, "successor", set(found))
    return found


def _state(row: dict[str, str], rows: _Rows) -> State:
    if not re.fullmatch("[A-Z]{3}", row["id"]):
        rows.fault(row, "id", f"expected three capital letters, found {row['id']!r}")
    forms = _state_forms(row)
    start, end = rows.period(row)
    return State(
        id=row["id"],
        name=row["name"],
        names=tuple(f.text for f in forms if f.use == "name"),
        adjectives=_texts(forms, "adjective", "en"),
        demonyms=_texts(forms, "demonym", "en"),
        capital=next(iter(_texts(forms, "capital")), ""),
        lat=rows.number(row, "lat", 90),
        lon=rows.number(row, "lon", 180),
        seats=_texts(forms, "seat"),
        regime=_texts(forms, "regime"),
        codes=_texts(forms, "code"),
        forces=_texts(forms, "force"),
        region=row["region"],
        nuclear_armed=rows.flag(row, "nuclear_armed"),
        alliances=listed(row["alliances"]),
        from_=start,
        until=end,
        successor=row["successor"] or None,
        forms=forms,
    )


def _state_forms(row: dict[str, str]) -> tuple[Form, ...]:
    forms = (
        *_forms(row["names"], "name", "en"),
        *_forms(row["names_es"], "name", "es"),
        *_forms(row["names_fr"], "name", "fr"),
        *_forms(row["names_ru"], "name", "ru"),
        *_forms(row["adjectives"], "adjective", "en"),
        *_forms(row["adjectives_es"], "adjective", "es"),
        *_forms(row["adjectives_ru"], "adjective", "ru"),
        *_forms(row["demonyms"], "demonym", "en"),
        *_forms(row["capital"], "capital"),
        *_forms(row["seats"], "seat"),
        *_forms(row["regime"], "regime"),
        *_forms(row["codes"], "code"),
        *_forms(row["forces"], "force"),
    )
    named = any(f.use == "name" and f.text == row["name"] and f.language == "en" for f in forms)
    return forms if named else (Form(row["name"], "name", "en"), *forms)


def parse_entities(files: Mapping[str, bytes], states: Mapping[str, State], faults: list[Fault]) -> dict[str, Entity]:
    """People, bodies and groups by id. A person may have several rows, one an office: the first gives
    name and aliases, the others leave both empty."""
    found: dict[str, Entity] = {}
    parents: list[tuple[_Rows, dict[str, str]]] = []
    for file, kind in ((BODIES, "body"), (GROUPS, "group"), (PEOPLE, "person")):
        rows = _Rows(files, file, _ENTITY_COLUMNS, faults)
        for same in _grouped(rows):
            head = same[0]
            if head["id"] in found or (len(same) > 1 and (kind != "person" or any(r["name"] for r in same[1:]))):
                rows.fault(head, "id", "this id stands twice")
            found[head["id"]] = _entity(same, kind, rows, states)
            parents += ((rows, row) for row in same)
    for rows, row in parents:
        rows.known(row, "parent", set(found))
    return found


def _grouped(rows: _Rows) -> list[list[dict[str, str]]]:
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        groups.setdefault(row["id"], []).append(row)
    return list(groups.values())


def _entity(same: list[dict[str, str]], kind: str, rows: _Rows, states: Mapping[str, State]) -> Entity:
    head = same[0]
    if not head["name"]:
        rows.fault(head, "name", "expected a name in its first row, found nothing")
    offices = tuple(_office(row, rows, states) for row in same)
    forms = (form(head["name"], "name"), *_forms(head["aliases"], "alias"))
    first = offices[0]
    return Entity(
        id=head["id"],
        kind=kind,
        name=forms[0].text,
        aliases=_texts(forms, "alias"),
        country=first.country,
        sector=first.sector,
        role=first.role,
        from_=first.from_,
        until=first.until,
        parent=first.parent,
        offices=offices,
        forms=forms,
    )


def _office(row: dict[str, str], rows: _Rows, states: Mapping[str, State]) -> Office:
    if row["sector"] and row["sector"] not in SECTORS:
        rows.fault(row, "sector", f"expected one of {', '.join(sorted(SECTORS))}, found {row['sector']!r}")
    if not row["country"]:
        rows.fault(row, "country", "expected a country, IGO or XXX, found nothing")
    rows.known(row, "country", set(states) | NO_STATE if states else set())
    start, end = rows.period(row)
    return Office(row["role"], row["country"], row["sector"] or None, start, end, row["parent"] or None)


def parse_materiel(
    files: Mapping[str, bytes], states: Mapping[str, State], faults: list[Fault]
) -> dict[str, MaterielType]:
    """Types of materiel by id, from materiel.tsv."""
    rows = _Rows(files, MATERIEL, _MATERIEL_COLUMNS, faults)
    found: dict[str, MaterielType] = {}
    for row in rows:
        if row["id"] in found:
            rows.fault(row, "id", "this id stands twice")
        rows.known(row, "maker", set(states))
        forms = _forms(row["aliases"], "alias")
        if not forms or not row["class"]:
            rows.fault(row, "aliases", "expected an alias and a class, found nothing")
        if any(f.weak for f in forms) and not row["context"]:
            rows.fault(row, "context", "expected context words for a weak alias, found nothing")
        found[row["id"]] = MaterielType(
            id=row["id"],
            name=row["name"],
            aliases=_texts(forms, "alias"),
            materiel_class=row["class"],
            maker=row["maker"] or None,
            topics=listed(row["topics"]),
            context=listed(row["context"]),
            forms=forms,
        )
    return found


def parse_chronology(
    files: Mapping[str, bytes], states: Mapping[str, State], faults: list[Fault]
) -> dict[str, Happening]:
    """Happenings by id, in the order of chronology.tsv."""
    rows = _Rows(files, CHRONOLOGY, _HAPPENING_COLUMNS, faults)
    found: dict[str, Happening] = {}
    for row in rows:
        if row["id"] in found:
            rows.fault(row, "id", "this id stands twice")
        rows.known(row, "countries", set(states) | NO_STATE if states else set())
        words = tuple(tuple(w.strip() for w in group.split(";") if w.strip()) for group in listed(row["words"]))
        if not words or row["words"] != row["words"].lower():
            rows.fault(row, "words", f"expected groups of words in lower case, found {row['words']!r}")
        start, end = rows.period(row, "date_start", "date_end")
        if start is None or end is None:
            rows.fault(row, "date_start", "expected a start and an end, found nothing")
            continue
        found[row["id"]] = Happening(row["id"], start, end, listed(row["countries"]), words, row["name"])
    return found
