"""What we conclude, in tables made from the records: SQLite by default, PostgreSQL by URL.

Everything here can be derived again, so nothing here is precious: a full derive builds a new ledger
beside the old one and swaps them at once; an increment commits in short transactions. Within a ledger
rows are only ever added, so a reader that goes page by page up to the last row it found when it began
sees one state, and no reader ever waits for a derive.

Each record is one row: scalars in columns of their own, nested values as canonical JSON. An assessment
is taken apart: its judgements are rows, its findings are rows stored once per version.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import os
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Double,
    Engine,
    Index,
    MetaData,
    Select,
    Table,
    Text,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import TypeEngine

from tocsin.database import DatabaseError, Words, engine_for, sqlite_path
from tocsin.records import (
    Assessment,
    Bulletin,
    Document,
    Finding,
    Judgement,
    Membership,
    Recipe,
    Refusal,
    Statement,
    StoryLink,
    canonical,
    digest,
    revive,
)

Record: TypeAlias = (
    Document | Refusal | Membership | StoryLink | Statement | Finding | Judgement | Assessment | Bulletin
)
R = TypeVar("R")

_KINDS: tuple[Any, ...] = (
    Document,
    Refusal,
    Membership,
    StoryLink,
    Statement,
    Finding,
    Judgement,
    Assessment,
    Bulletin,
)
_FLUSH_ROWS = 2_000
_PAGE_ROWS = 1_000
_INDEXED = {
    "document": ("key",),
    "membership": ("document", "family", "story"),
    "statement": ("key", "document"),
    "finding": ("key", "version"),
    "judgement": ("area", "assessment"),
    "bulletin": ("key", "area"),
}


class LedgerError(Exception):
    """The ledger can't do this; the message says what was found and what to run."""


# ------------------------------------------------------------------ tables from records

_SCALARS: dict[Any, type[TypeEngine[Any]]] = {str: Words, int: BigInteger, float: Double, bool: Boolean}


@cache
def _scalar(hint: Any) -> type[TypeEngine[Any]] | None:
    """The column type of a field that is one value, or None where it is nested."""
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        present = [a for a in typing.get_args(hint) if a is not type(None)]
        return _scalar(present[0]) if len(present) == 1 else None
    if typing.get_origin(hint) is Literal:
        return Words
    return _SCALARS.get(hint)


@cache
def _fields(kind: Any) -> tuple[tuple[str, type[TypeEngine[Any]] | None], ...]:
    """(name, column type or None where nested) of each field that has a column of its own."""
    hints = typing.get_type_hints(kind)
    apart = {"judgements"} if kind is Assessment else set()
    return tuple((f.name, _scalar(hints[f.name])) for f in dataclasses.fields(kind) if f.name not in apart)


def _table(metadata: MetaData, kind: Any) -> Table:
    name = kind.__name__.lower()
    columns: list[Any] = [
        Column("ordinal", BigInteger, primary_key=True, autoincrement=False),
        Column("position", BigInteger, nullable=False),
        *(Column(field, scalar or Text) for field, scalar in _fields(kind)),
    ]
    if kind is Finding:
        columns.append(Column("version", Text, nullable=False))
    if kind is Judgement:
        columns.append(Column("assessment", BigInteger))
    indexes = [Index(f"{name}_{column}", column) for column in _INDEXED.get(name, ())]
    return Table(name, metadata, *columns, *indexes)


_METADATA = MetaData()
TABLES: Mapping[Any, Table] = {kind: _table(_METADATA, kind) for kind in _KINDS}
_HEAD = Table(
    "head",
    _METADATA,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("ordinal", BigInteger, nullable=False),
    Column("recipe", Text),
)


def _row(kind: Any, record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) if scalar else _json(getattr(record, name)) for name, scalar in _fields(kind)}


def _json(value: Any) -> str | None:
    return None if value is None else canonical(value).decode()


def _plain_row(kind: Any, row: Mapping[Any, Any]) -> dict[str, Any]:
    """The JSON values of a row's own fields."""
    return {name: row[name] if scalar or row[name] is None else json.loads(row[name]) for name, scalar in _fields(kind)}


def _version(finding: Finding) -> str:
    """The name of one version of a finding: it has one row, however many assessments rest on it."""
    return digest(canonical(finding)).removeprefix("sha256:")[:32]


# ------------------------------------------------------------------ writing


class _Writer:
    """Rows on their way into one ledger, numbered in the order in which they were concluded."""

    def __init__(self, connect: Callable[[], contextlib.AbstractContextManager[Connection]]) -> None:
        self._connect = connect
        self._waiting: dict[Any, list[dict[str, Any]]] = {}
        self._recipe: Recipe | None = None
        self._count = 0
        with connect() as connection:
            head = connection.execute(select(_HEAD)).mappings().one()
            self.position, self._ordinal = int(head["position"]), int(head["ordinal"])
            self._versions = set(connection.execute(select(TABLES[Finding].c.version)).scalars())

    def write(self, records: Iterable[tuple[int, Record]], upto: int | None) -> None:
        """Write what was concluded at entries not yet covered; commit only between two entries."""
        last = self.position
        for position, group in groupby(records, key=lambda pair: pair[0]):
            if position < self.position:
                continue
            if position < last - 1:
                raise LedgerError(f"conclusions come in the order of entries; {position} came after {last - 1}")
            for _, record in group:
                self._take(position, record)
            last = position + 1
            if self._count >= _FLUSH_ROWS:
                self._commit(last)
        self._commit(last if upto is None else upto)

    def _take(self, position: int, record: Record) -> None:
        if isinstance(record, Assessment):
            self._take_assessment(position, record)
        elif isinstance(record, Finding):
            self._take_finding(position, record)
        else:
            self._put(position, type(record), record)

    def _take_assessment(self, position: int, record: Assessment) -> None:
        versions = [self._take_finding(position, finding) for finding in record.findings]
        ordinal = self._put(position, Assessment, record, findings=_json(versions))
        for judgement in record.judgements:
            self._put(position, Judgement, judgement, assessment=ordinal)
        self._recipe = record.recipe

    def _take_finding(self, position: int, finding: Finding) -> str:
        version = _version(finding)
        if version not in self._versions:
            self._put(position, Finding, finding, version=version)
            self._versions.add(version)
        return version

    def _put(self, position: int, kind: Any, record: Any, **more: Any) -> int:
        ordinal = self._ordinal
        row = {**_row(kind, record), "ordinal": ordinal, "position": position, **more}
        self._waiting.setdefault(kind, []).append(row)
        self._ordinal += 1
        self._count += 1
        return ordinal

    def _commit(self, position: int) -> None:
        """One short transaction: the waiting rows, and how far the ledger now goes."""
        head: dict[str, Any] = {"position": position, "ordinal": self._ordinal}
        if self._recipe:
            head["recipe"] = _json(self._recipe)
        with self._connect() as connection:
            for kind, rows in self._waiting.items():
                connection.execute(insert(TABLES[kind]), rows)
            connection.execute(update(_HEAD).values(head))
        self._waiting, self._count, self.position = {}, 0, position


def _make_tables(connection: Connection) -> None:
    _METADATA.create_all(connection)
    connection.execute(insert(_HEAD).values(id=1, position=0, ordinal=0))


# ------------------------------------------------------------------ the ledger


class Ledger:
    """One ledger by URL: 'sqlite:////path/ledger.db' or 'postgresql+pg8000://user@host/name'.

    A ledger that was never derived is empty: position 0, and every query finds nothing.
    """

    def __init__(self, url: str) -> None:
        try:
            self._engine = engine_for(url)
        except (DatabaseError, SQLAlchemyError) as error:
            raise LedgerError(str(error)) from error
        path = sqlite_path(self._engine)
        self._store: _SqliteStore | _PostgresStore = (
            _SqliteStore(self._engine, path) if path else _PostgresStore(self._engine)
        )

    # -------------------------------------------------------------- deriving

    def rebuild(self, records: Iterable[tuple[int, Record]], upto: int | None = None) -> None:
        """Build a new ledger from all conclusions beside this one, and put it in its place at once.

        `records` are (position, record) in the order of positions; `upto` is how many entries were
        folded (where None, one more than the last position). If anything fails the old one stands.
        """
        with _telling("written"), self._store.building() as connect:
            _Writer(connect).write(records, upto)

    def extend(self, records: Iterable[tuple[int, Record]], upto: int) -> None:
        """Add what was concluded since, in short transactions. Records before `position()` are passed over."""
        with _telling("written"), self._store.extending() as connect:
            _Writer(connect).write(records, upto)

    # -------------------------------------------------------------- how far, by what

    def position(self) -> int:
        """How many entries of the archive these conclusions cover."""
        rows = self._rows(select(_HEAD))
        return int(rows[0]["position"]) if rows else 0

    def recipe(self) -> Recipe | None:
        """What computed the latest assessment."""
        rows = self._rows(select(_HEAD))
        return revive(Recipe, json.loads(rows[0]["recipe"])) if rows and rows[0]["recipe"] else None

    def export(self) -> Iterator[bytes]:
        """Canonical JSON lines in a fixed order: the same bytes for the same archive and rules."""
        with self._reading() as connection:
            if connection is None:
                return
            head = connection.execute(select(_HEAD)).mappings().one()
            recipe = json.loads(head["recipe"]) if head["recipe"] else None
            yield canonical({"type": "Ledger", "position": head["position"], "recipe": recipe}) + b"\n"
            for kind in _KINDS:
                yield from _export(connection, kind, int(head["ordinal"]))

    # -------------------------------------------------------------- what is asked

    def document(self, key: str) -> Document | None:
        return self._last(Document, TABLES[Document].c.key == key)

    def documents_at(self, position: int) -> tuple[Document, ...]:
        """What one entry of the archive brought that was not known before."""
        return tuple(found for _, found in self._all(Document, TABLES[Document].c.position == position))

    def document_named(self, name: str) -> Document | None:
        """The latest document that came under this name: a path, an address or the sender's id."""
        return self._last(Document, TABLES[Document].c.input == name)

    def statement(self, key: str) -> Statement | None:
        return self._last(Statement, TABLES[Statement].c.key == key)

    def finding(self, key: str) -> Finding | None:
        """Its latest version."""
        return self._last(Finding, TABLES[Finding].c.key == key)

    def finding_history(self, key: str) -> tuple[tuple[int, Finding], ...]:
        """(position, version) of a finding, each where it first stood so."""
        return self._all(Finding, TABLES[Finding].c.key == key)

    def findings_since(self, position: int) -> tuple[tuple[int, int, Finding], ...]:
        """(position where it first stood, where its latest version did, that version) of each finding that is new
        or changed from a position on."""
        table = TABLES[Finding]
        changed = {finding.key: (at, finding) for at, finding in self._all(Finding, table.c.position >= position)}
        first = select(table.c.key, func.min(table.c.position).label("first")).group_by(table.c.key)
        rows = self._rows(first.where(table.c.key.in_(select(table.c.key).where(table.c.position >= position))))
        return tuple((int(row["first"]), *changed[row["key"]]) for row in rows if row["key"] in changed)

    def membership(self, document: str) -> Membership | None:
        return self._last(Membership, TABLES[Membership].c.document == document)

    def documents_of(self, family: str) -> tuple[Document, ...]:
        """The documents that share one text, in the order in which they came."""
        members = TABLES[Membership]
        return self._documents(select(members.c.document).where(members.c.family == family))

    def documents_of_story(self, story: str) -> tuple[Document, ...]:
        """The documents that tell of one event, as the latest links have it, in the order in which they came."""
        members = TABLES[Membership]
        stands = {document: link.into for _, link in self.story_links() for document in link.documents}
        keys = {one.document for _, one in self._all(Membership, members.c.story == story)} - set(stands)
        keys.update(document for document, into in stands.items() if into == story)
        return tuple(found for _, found in self._all(Document, TABLES[Document].c.key.in_(sorted(keys))))

    def story_links(self) -> tuple[tuple[int, StoryLink], ...]:
        """(position, link), oldest first: how stories have split and merged."""
        return self._all(StoryLink)

    def statements_in(self, document: str) -> tuple[Statement, ...]:
        """The statements of one document, in text order."""
        return tuple(s for _, s in self._all(Statement, TABLES[Statement].c.document == document))

    def statements_of(self, finding: Finding | str) -> tuple[Statement, ...]:
        """The statements that a finding joins: asserted, then denied, then unverified."""
        known = self.finding(finding) if isinstance(finding, str) else finding
        if known is None:
            return ()
        keys = [*known.asserted, *known.denied, *known.unverified]
        found = {s.key: s for _, s in self._all(Statement, TABLES[Statement].c.key.in_(keys))}
        return tuple(found[key] for key in keys if key in found)

    def refusals(self) -> tuple[tuple[int, Refusal], ...]:
        return self._all(Refusal)

    def bulletins(self) -> tuple[tuple[int, Bulletin], ...]:
        """(position, proposal), oldest first."""
        return self._all(Bulletin)

    def judgements(self, area: str) -> Iterator[Judgement]:
        """An area's judgements, oldest first."""
        return (judgement for _, judgement in self._all(Judgement, TABLES[Judgement].c.area == area))

    def latest_assessment(self) -> Assessment | None:
        return self.assessment()

    def assessment(self, as_of: str | None = None) -> Assessment | None:
        """The latest assessment, or the latest whose `as_of` is not after the given time."""
        table = TABLES[Assessment]
        query = select(table).order_by(table.c.ordinal.desc()).limit(1)
        if as_of is not None:
            query = query.where(table.c.as_of <= as_of)
        with self._reading() as connection:
            row = connection.execute(query).mappings().first() if connection is not None else None
            return _whole_assessment(connection, row) if connection is not None and row is not None else None

    # -------------------------------------------------------------- reading rows

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection | None]:
        with _telling("read"), self._store.reading() as connection:
            yield connection

    def _rows(self, query: Select[Any]) -> list[Mapping[Any, Any]]:
        with self._reading() as connection:
            return [] if connection is None else list(connection.execute(query).mappings())

    def _all(self, kind: type[R], *conditions: Any) -> tuple[tuple[int, R], ...]:
        table = TABLES[kind]
        rows = self._rows(select(table).where(*conditions).order_by(table.c.ordinal))
        return tuple((int(row["position"]), revive(kind, _plain_row(kind, row))) for row in rows)

    def _last(self, kind: type[R], condition: Any) -> R | None:
        table = TABLES[kind]
        rows = self._rows(select(table).where(condition).order_by(table.c.ordinal.desc()).limit(1))
        return revive(kind, _plain_row(kind, rows[0])) if rows else None

    def _documents(self, keys: Select[Any]) -> tuple[Document, ...]:
        return tuple(d for _, d in self._all(Document, TABLES[Document].c.key.in_(keys)))


@contextlib.contextmanager
def _telling(what: str) -> Iterator[None]:
    """The database's own faults as ours, with what to run."""
    try:
        yield
    except DatabaseError as error:
        raise LedgerError(str(error)) from error
    except SQLAlchemyError as error:
        raise LedgerError(
            f"the ledger can't be {what}: {error}; it can be deleted and derived again: tocsin derive"
        ) from error


def _whole_assessment(connection: Connection, row: Mapping[Any, Any]) -> Assessment:
    """An assessment put together again from its own row, its judgements and its findings' versions."""
    judgements, findings = TABLES[Judgement], TABLES[Finding]
    query = select(judgements).where(judgements.c.assessment == row["ordinal"]).order_by(judgements.c.ordinal)
    judged = [_plain_row(Judgement, r) for r in connection.execute(query).mappings()]
    versions = json.loads(row["findings"])
    found: dict[str, Any] = {}
    for at in range(0, len(versions), _PAGE_ROWS):
        part = select(findings).where(findings.c.version.in_(versions[at : at + _PAGE_ROWS]))
        found.update((r["version"], _plain_row(Finding, r)) for r in connection.execute(part).mappings())
    whole = _plain_row(Assessment, row) | {"judgements": judged, "findings": [found[v] for v in versions]}
    return revive(Assessment, whole)


def _export(connection: Connection, kind: Any, below: int) -> Iterator[bytes]:
    """The rows of one table numbered under `below`, a page at a time: no transaction outlives its page."""
    table, at = TABLES[kind], -1
    more = [c.name for c in table.columns if c.name in ("position", "ordinal", "version", "assessment")]
    while True:
        query = select(table).where(table.c.ordinal > at, table.c.ordinal < below)
        rows = list(connection.execute(query.order_by(table.c.ordinal).limit(_PAGE_ROWS)).mappings())
        if not rows:
            return
        for row in rows:
            line = {"type": kind.__name__, **_plain_row(kind, row), **{name: row[name] for name in more}}
            yield canonical(line) + b"\n"
        at = rows[-1]["ordinal"]
        if connection.dialect.name == "sqlite":
            connection.commit()


# ------------------------------------------------------------------ SQLite: a file, swapped by name

Connect: TypeAlias = Callable[[], contextlib.AbstractContextManager[Connection]]


class _SqliteStore:
    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine, self._path = engine, path

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection | None]:
        if not self._path.is_file():
            yield None
            return
        with self._engine.connect() as connection:
            yield connection if inspect(connection).has_table("head") else None

    @contextlib.contextmanager
    def extending(self) -> Iterator[Connect]:
        with self._alone():
            if not self._path.is_file():
                with self._engine.begin() as connection:
                    _make_tables(connection)
            yield self._engine.begin

    @contextlib.contextmanager
    def building(self) -> Iterator[Connect]:
        """A new file beside the old one. It takes its place, whole and durable, or is thrown away."""
        fresh = self._path.with_name(self._path.name + ".new")
        with self._alone():
            fresh.unlink(missing_ok=True)
            engine = engine_for(f"sqlite:///{fresh}", scratch=True)
            try:
                with engine.begin() as connection:
                    _make_tables(connection)
                    yield lambda: contextlib.nullcontext(connection)
                _sync(fresh)
                self._retire()
                os.replace(fresh, self._path)
                _sync(self._path.parent)
            finally:
                fresh.unlink(missing_ok=True)

    def _retire(self) -> None:
        """A journal that a crash left would be played into the new file: let the old file take it first."""
        journal, *logs = (self._path.with_name(self._path.name + end) for end in ("-journal", "-wal", "-shm"))
        if journal.exists():
            try:
                with self._engine.connect() as connection:
                    connection.execute(text("SELECT count(*) FROM sqlite_master"))
            except (SQLAlchemyError, DatabaseError):
                self._path.unlink(missing_ok=True)
            journal.unlink(missing_ok=True)
        for log in logs:
            log.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One derive at a time."""
        with open(self._path.with_name(self._path.name + ".lock"), "a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LedgerError(f"{self._path}: another derive is running; wait for it") from None
            yield


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# ------------------------------------------------------------------ PostgreSQL: schemas, swapped by a row


class _PostgresStore:
    """Each full derive has a schema of its own; one row names the one that is read."""

    _LOCK = 0x746F6373696E

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="REPEATABLE READ")

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection | None]:
        with self._engine.connect() as connection:
            generation = self._current(connection)
            if generation is None:
                yield None
            else:
                yield self._inside(connection, generation)

    @contextlib.contextmanager
    def extending(self) -> Iterator[Connect]:
        with self._alone():
            with self._engine.connect() as connection:
                generation = self._current(connection)
            if generation is None:
                generation = self._make(1)
                self._point(generation)
            yield self._within(generation)

    @contextlib.contextmanager
    def building(self) -> Iterator[Connect]:
        with self._alone():
            with self._engine.connect() as connection:
                current = self._current(connection) or 0
            generation = self._make(current + 1)
            yield self._within(generation)
            self._point(generation)
            self._drop(keep=(current, generation))

    def _current(self, connection: Connection) -> int | None:
        if connection.execute(text("SELECT to_regclass('tocsin_ledger.current')")).scalar() is None:
            return None
        found = connection.execute(text("SELECT generation FROM tocsin_ledger.current")).scalar()
        return None if found is None else int(found)

    def _inside(self, connection: Connection, generation: int) -> Connection:
        return connection.execution_options(schema_translate_map={None: _schema(generation)})

    def _within(self, generation: int) -> Connect:
        @contextlib.contextmanager
        def connect() -> Iterator[Connection]:
            with self._engine.begin() as connection:
                yield self._inside(connection, generation)

        return connect

    def _make(self, generation: int) -> int:
        with self._engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA IF NOT EXISTS tocsin_ledger"))
            connection.execute(text("CREATE TABLE IF NOT EXISTS tocsin_ledger.current (generation bigint NOT NULL)"))
            connection.execute(text(f"DROP SCHEMA IF EXISTS {_schema(generation)} CASCADE"))
            connection.execute(text(f"CREATE SCHEMA {_schema(generation)}"))
            _make_tables(self._inside(connection, generation))
        return generation

    def _point(self, generation: int) -> None:
        with self._engine.begin() as connection:
            connection.execute(text("DELETE FROM tocsin_ledger.current"))
            connection.execute(text("INSERT INTO tocsin_ledger.current VALUES (:g)"), {"g": generation})

    def _drop(self, keep: tuple[int, ...]) -> None:
        """Older generations go. The one before stays, for readers that found it a moment ago."""
        with self._engine.begin() as connection:
            names = connection.execute(
                text("SELECT nspname FROM pg_namespace WHERE nspname ~ '^tocsin_ledger_[0-9]+$'")
            ).scalars()
            for name in [n for n in names if n not in {_schema(g) for g in keep}]:
                connection.execute(text(f"DROP SCHEMA {name} CASCADE"))

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with self._engine.connect() as connection:
            free = connection.execute(text("SELECT pg_try_advisory_lock(:k)"), {"k": self._LOCK}).scalar()
            connection.commit()
            if not free:
                raise LedgerError("another derive is running on this database; wait for it")
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:k)"), {"k": self._LOCK})
                connection.commit()


def _schema(generation: int) -> str:
    return f"tocsin_ledger_{generation}"
