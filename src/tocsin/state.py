"""What can't be derived and is not evidence: people, keys, subscribers, the outbox, what collectors remember.

A database of its own, backed up, never part of the archive: personal data stays here and can be erased.
Times are given by the caller, as RFC 3339 strings in UTC; nothing here reads the clock.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from tocsin.database import DatabaseError, engine_for, sqlite_path

Role = Literal["reader", "analyst", "approver", "admin"]

_MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE epoch (number BIGINT NOT NULL)",
        "INSERT INTO epoch VALUES (1)",
        "CREATE TABLE page (url TEXT PRIMARY KEY, seen TEXT NOT NULL)",
        "CREATE TABLE feed (url TEXT PRIMARY KEY, etag TEXT, modified TEXT, fetched TEXT NOT NULL)",
        "CREATE TABLE person (id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, added TEXT NOT NULL)",
        "CREATE TABLE credential (id TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,"
        " public_key TEXT NOT NULL, uses BIGINT NOT NULL, label TEXT NOT NULL, added TEXT NOT NULL, revoked TEXT)",
        "CREATE TABLE subscriber (id TEXT PRIMARY KEY, channel TEXT NOT NULL, address TEXT NOT NULL,"
        " areas TEXT NOT NULL, added TEXT NOT NULL, confirmed TEXT, UNIQUE (channel, address))",
        "CREATE TABLE outbox (bulletin TEXT NOT NULL, recipient TEXT NOT NULL, channel TEXT NOT NULL,"
        " message_id TEXT NOT NULL, epoch BIGINT NOT NULL, attempts BIGINT NOT NULL, due TEXT NOT NULL,"
        " not_after TEXT NOT NULL, holder TEXT, held_until TEXT, outcome TEXT, ended TEXT,"
        " PRIMARY KEY (bulletin, channel, recipient))",
        "CREATE INDEX outbox_due ON outbox (outcome, due)",
    ),
    (
        "CREATE TABLE session (digest TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,"
        " made TEXT NOT NULL, used TEXT NOT NULL, confirmed TEXT NOT NULL)",
        "CREATE TABLE code (digest TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,"
        " kind TEXT NOT NULL, made TEXT NOT NULL, expires TEXT, used TEXT)",
        "CREATE TABLE looked (person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE, area TEXT NOT NULL,"
        " position BIGINT NOT NULL, PRIMARY KEY (person, area))",
        "CREATE TABLE audit (number BIGINT PRIMARY KEY, at TEXT NOT NULL, person TEXT NOT NULL, act TEXT NOT NULL,"
        " about TEXT NOT NULL, chain TEXT NOT NULL)",
    ),
    (
        "ALTER TABLE subscriber ADD COLUMN threshold BIGINT NOT NULL DEFAULT 5",
        "ALTER TABLE subscriber ADD COLUMN disabled TEXT",
        "ALTER TABLE subscriber ADD COLUMN refusals BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE outbox ADD COLUMN place BIGINT NOT NULL DEFAULT 0",
        "CREATE INDEX outbox_recipient ON outbox (channel, recipient, outcome, place)",
        "CREATE TABLE secret (subscriber TEXT NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,"
        " value TEXT NOT NULL, added TEXT NOT NULL, ends TEXT, PRIMARY KEY (subscriber, value))",
        "CREATE TABLE request (kind TEXT NOT NULL, origin TEXT NOT NULL, at TEXT NOT NULL)",
        "CREATE INDEX request_at ON request (kind, origin, at)",
        "CREATE TABLE receipt (bulletin TEXT NOT NULL, channel TEXT NOT NULL, since BIGINT NOT NULL, written TEXT,"
        " PRIMARY KEY (bulletin, channel))",
    ),
    (
        "CREATE TABLE draft (id TEXT PRIMARY KEY, area TEXT NOT NULL, made TEXT NOT NULL, record TEXT NOT NULL,"
        " body TEXT NOT NULL, files TEXT NOT NULL)",
        "CREATE TABLE challenge (challenge TEXT PRIMARY KEY, draft TEXT NOT NULL, person TEXT NOT NULL,"
        " made TEXT NOT NULL, used TEXT)",
        "CREATE TABLE logged (number BIGINT PRIMARY KEY, entry TEXT NOT NULL)",
        "CREATE TABLE published (id TEXT PRIMARY KEY, draft TEXT NOT NULL UNIQUE, area TEXT NOT NULL,"
        " at TEXT NOT NULL, number BIGINT NOT NULL UNIQUE REFERENCES logged (number), files TEXT NOT NULL,"
        " prepared TEXT NOT NULL)",
        "CREATE INDEX published_area ON published (area, number)",
    ),
    ("ALTER TABLE published ADD COLUMN text TEXT NOT NULL DEFAULT ''",),
)
"""Each migration once, in order; one that was released is never edited, the next is appended."""


class StateError(Exception):
    """The state can't do this; the message says what was found and what to do."""


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    role: Role
    added: str


@dataclass(frozen=True, slots=True)
class Credential:
    """A public key with which a person signs; `uses` is its counter, which must only rise."""

    id: str
    person: str
    public_key: str
    uses: int
    label: str
    added: str
    revoked: str | None


@dataclass(frozen=True, slots=True)
class Subscriber:
    """`areas` is empty where all are wanted; nothing is sent before `confirmed`, nor after `disabled`.

    `threshold`: told of this level and worse; 5 is every change. `refusals`: how many in a row.
    """

    id: str
    channel: str
    address: str
    areas: tuple[str, ...]
    added: str
    confirmed: str | None
    threshold: int = 5
    disabled: str | None = None
    refusals: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one recipient. `message_id` is the same at every attempt."""

    bulletin: str
    channel: str
    recipient: str
    message_id: str
    attempts: int
    not_after: str


class State:
    """The state database by URL, brought to the current schema on opening."""

    def __init__(self, url: str) -> None:
        try:
            self._engine = engine_for(url)
            self._migrate()
            if path := sqlite_path(self._engine):
                with contextlib.suppress(PermissionError):  # another's file, which we may read
                    os.chmod(path, 0o600)
        except (DatabaseError, SQLAlchemyError) as error:
            raise StateError(f"the state can't be opened: {error}") from error
        self.memory = Memory(self)
        self.outbox = Outbox(self)

    @property
    def schema(self) -> int:
        """How many migrations this database has."""
        return int(self.rows("SELECT max(number) AS number FROM migration")[0]["number"] or 0)

    def _migrate(self) -> None:
        with self._engine.begin() as connection:
            connection.execute(text("CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY)"))
        done = self.schema
        if done > len(_MIGRATIONS):
            raise DatabaseError(f"its schema is number {done}, this program knows {len(_MIGRATIONS)}; update tocsin")
        for number, statements in enumerate(_MIGRATIONS[done:], done + 1):
            with self._engine.begin() as connection:
                _begin(connection)
                for statement in statements:
                    connection.execute(text(statement))
                connection.execute(text("INSERT INTO migration VALUES (:n)"), {"n": number})

    def rows(self, query: str, **values: Any) -> list[Mapping[Any, Any]]:
        with self._engine.connect() as connection:
            return list(connection.execute(text(query), values).mappings())

    def change(self, statement: str, **values: Any) -> int:
        """One statement in its own transaction; how many rows it changed."""
        with self._engine.begin() as connection:
            return connection.execute(text(statement), values).rowcount

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that nobody else writes into."""
        with self._engine.begin() as connection:
            _begin(connection)
            yield connection

    # -------------------------------------------------------------- people and their keys

    def add_person(self, person: Person) -> None:
        values = {"id": person.id, "name": person.name, "role": person.role, "added": person.added}
        self.change("INSERT INTO person VALUES (:id, :name, :role, :added)", **values)

    def people(self) -> tuple[Person, ...]:
        return tuple(Person(**row) for row in self.rows("SELECT * FROM person ORDER BY added, id"))

    def erase_person(self, person: str) -> bool:
        """The person and their keys are gone; what they signed stays in the archive under its pseudonym."""
        return self.change("DELETE FROM person WHERE id = :id", id=person) > 0

    def add_credential(self, credential: Credential) -> None:
        fields = ("id", "person", "public_key", "uses", "label", "added", "revoked")
        values = {name: getattr(credential, name) for name in fields}
        places = ", ".join(f":{name}" for name in fields)
        self.change(f"INSERT INTO credential ({', '.join(fields)}) VALUES ({places})", **values)

    def credentials(self, person: str) -> tuple[Credential, ...]:
        rows = self.rows("SELECT * FROM credential WHERE person = :p ORDER BY added, id", p=person)
        return tuple(Credential(**row) for row in rows)

    def used(self, credential: str, uses: int) -> bool:
        """Raise the counter. False where it would not rise or the key is revoked: a copy, and no signature."""
        statement = "UPDATE credential SET uses = :u WHERE id = :id AND revoked IS NULL AND (uses < :u OR :u = 0)"
        return self.change(statement, id=credential, u=uses) == 1

    def revoke(self, credential: str, now: str) -> bool:
        """The key counts no longer, and whoever is logged in as its owner is out; False where that was done before."""
        with self.writing() as connection:
            done = connection.execute(
                text("UPDATE credential SET revoked = :t WHERE id = :id AND revoked IS NULL"),
                {"id": credential, "t": now},
            )
            connection.execute(
                text("DELETE FROM session WHERE person IN (SELECT person FROM credential WHERE id = :id)"),
                {"id": credential},
            )
            return done.rowcount == 1

    # -------------------------------------------------------------- subscribers

    def subscribe(self, subscriber: Subscriber) -> bool:
        """Keep a wish to be told; False where this address has one on this channel already."""
        statement = (
            "INSERT INTO subscriber (id, channel, address, areas, added, confirmed, threshold)"
            " VALUES (:id, :channel, :address, :areas, :added, :confirmed, :threshold) ON CONFLICT DO NOTHING"
        )
        fields = ("id", "channel", "address", "added", "confirmed", "threshold")
        values = {name: getattr(subscriber, name) for name in fields}
        return self.change(statement, areas=json.dumps(subscriber.areas), **values) == 1

    def confirm(self, subscriber: str, now: str) -> bool:
        statement = "UPDATE subscriber SET confirmed = :t WHERE id = :id AND confirmed IS NULL"
        return self.change(statement, id=subscriber, t=now) == 1

    def subscribers(self, channel: str, area: str) -> tuple[Subscriber, ...]:
        """Who confirmed and wants this area on this channel."""
        return tuple(s for s in self.confirmed() if s.channel == channel and (not s.areas or area in s.areas))

    def confirmed(self) -> tuple[Subscriber, ...]:
        """Everybody who is to be told of something, on any channel."""
        rows = self.rows("SELECT * FROM subscriber WHERE confirmed IS NOT NULL AND disabled IS NULL ORDER BY id")
        return tuple(_subscriber(row) for row in rows)

    def subscriber(self, subscriber: str) -> Subscriber | None:
        rows = self.rows("SELECT * FROM subscriber WHERE id = :id", id=subscriber)
        return _subscriber(rows[0]) if rows else None

    def erase_subscriber(self, subscriber: str) -> bool:
        """The address is gone, and with it what waits for it."""
        with self.writing() as connection:
            connection.execute(text("DELETE FROM outbox WHERE recipient = :id AND outcome IS NULL"), {"id": subscriber})
            return connection.execute(text("DELETE FROM subscriber WHERE id = :id"), {"id": subscriber}).rowcount > 0

    # -------------------------------------------------------------- backup

    @property
    def epoch(self) -> int:
        """Rises with each restore: what an older backup still held for sending is not sent again."""
        return int(self.rows("SELECT number FROM epoch")[0]["number"])

    def backup(self, target: Path) -> None:
        """A whole, checked copy while everybody goes on working. Raises StateError where it is not whole."""
        path = sqlite_path(self._engine)
        if path is None:
            raise StateError("this state is on PostgreSQL; back it up with pg_dump")
        _copy(path, target)

    @classmethod
    def restore(cls, backup: Path, target: Path) -> State:
        """Make a state from a backup, in a new epoch. Refuses to replace one that stands."""
        if target.exists():
            raise StateError(f"{target} exists; move it away first")
        _copy(backup, target)
        state = cls(f"sqlite:///{target}")
        state.change("UPDATE epoch SET number = number + 1")
        return state


class Memory:
    """What collectors remember: pages seen, and each feed's validators for asking politely again."""

    def __init__(self, state: State) -> None:
        self._state = state

    def has(self, url: str) -> bool:
        return bool(self._state.rows("SELECT 1 AS found FROM page WHERE url = :u", u=url))

    def remember(self, url: str, now: str) -> None:
        self._state.change("INSERT INTO page VALUES (:u, :t) ON CONFLICT DO NOTHING", u=url, t=now)

    def validators(self, feed: str) -> tuple[str | None, str | None]:
        """(etag, last-modified) of the last answer."""
        rows = self._state.rows("SELECT etag, modified FROM feed WHERE url = :u", u=feed)
        return (rows[0]["etag"], rows[0]["modified"]) if rows else (None, None)

    def fetched(self, feed: str, etag: str | None, modified: str | None, now: str) -> None:
        self._state.change(
            "INSERT INTO feed VALUES (:u, :e, :m, :t)"
            " ON CONFLICT (url) DO UPDATE SET etag = :e, modified = :m, fetched = :t",
            u=feed,
            e=etag,
            m=modified,
            t=now,
        )

    def last_fetched(self, feed: str) -> str | None:
        rows = self._state.rows("SELECT fetched FROM feed WHERE url = :u", u=feed)
        return str(rows[0]["fetched"]) if rows else None


class Outbox:
    """What waits to be sent: one row per bulletin, channel and recipient, whatever is tried how often."""

    def __init__(self, state: State) -> None:
        self._state = state

    def put(self, deliveries: Iterable[Delivery], now: str) -> int:
        """Queue deliveries, all or none; one that was queued before is not queued again. How many are new."""
        with self._state.writing() as connection:
            return self.add(connection, deliveries, now)

    @staticmethod
    def add(connection: Connection, deliveries: Iterable[Delivery], now: str) -> int:
        """As `put`, in a transaction of the caller's: a bulletin and what tells of it are kept as one."""
        place = connection.execute(text("SELECT coalesce(max(place), 0) + 1 FROM outbox")).scalar_one()
        statement = text(
            "INSERT INTO outbox (bulletin, recipient, channel, message_id, epoch, attempts, due, not_after, place)"
            " SELECT :b, :r, :c, :m, number, 0, :t, :n, :p FROM epoch WHERE 1 = 1 ON CONFLICT DO NOTHING"
        )
        common = {"t": now, "p": place}
        queued = sum(
            connection.execute(
                statement,
                {"b": d.bulletin, "r": d.recipient, "c": d.channel, "m": d.message_id, "n": d.not_after, **common},
            ).rowcount
            for d in deliveries
        )
        connection.execute(
            text(
                "UPDATE outbox SET due = :t WHERE outcome IS NULL AND due > :t AND EXISTS"
                " (SELECT 1 FROM outbox AS newer WHERE newer.place = :p"
                " AND newer.channel = outbox.channel AND newer.recipient = outbox.recipient)"
            ),
            common,
        )
        return queued

    def take(
        self, holder: str, now: str, until: str, limit: int = 100, channel: str | None = None
    ) -> tuple[Delivery, ...]:
        """Lease what is due to one sender until a time; nobody else gets it before. Past `not_after` it lapses.

        In order: nothing is taken for a recipient to whom something older is still to be sent, so that no
        correction arrives before what it corrects.
        """
        with self._state.writing() as connection:
            connection.execute(
                text("UPDATE outbox SET outcome = 'lapsed', ended = :t WHERE outcome IS NULL AND not_after < :t"),
                {"t": now},
            )
            rows = list(
                connection.execute(
                    text(
                        "SELECT bulletin, channel, recipient, message_id, attempts, not_after FROM outbox AS one"
                        " WHERE outcome IS NULL AND due <= :t AND (held_until IS NULL OR held_until < :t)"
                        " AND (:c = '' OR channel = :c) AND epoch = (SELECT number FROM epoch) AND NOT EXISTS"
                        " (SELECT 1 FROM outbox AS older WHERE older.channel = one.channel"
                        "  AND older.recipient = one.recipient AND older.outcome IS NULL"
                        "  AND older.epoch = one.epoch AND older.place < one.place)"
                        " ORDER BY place, due, bulletin, recipient LIMIT :l"
                    ),
                    {"t": now, "l": limit, "c": channel or ""},
                ).mappings()
            )
            for row in rows:
                connection.execute(
                    text(
                        "UPDATE outbox SET holder = :h, held_until = :until, attempts = attempts + 1"
                        " WHERE bulletin = :bulletin AND channel = :channel AND recipient = :recipient"
                    ),
                    {"h": holder, "until": until, **{k: row[k] for k in ("bulletin", "channel", "recipient")}},
                )
            return tuple(Delivery(**{**row, "attempts": row["attempts"] + 1}) for row in rows)

    def reclaim(self) -> int:
        """Free what dead senders held; how many rows. Only for who knows that no other sender lives."""
        return self._state.change(
            "UPDATE outbox SET holder = NULL, held_until = NULL WHERE outcome IS NULL AND holder IS NOT NULL"
        )

    def end(self, delivery: Delivery, outcome: Literal["sent", "refused", "superseded"], now: str) -> bool:
        """Close a delivery for good; False where it was closed before."""
        return self._set(delivery, "outcome = :x, ended = :t, holder = NULL, held_until = NULL", x=outcome, t=now)

    def retry(self, delivery: Delivery, due: str, *, kept: bool = False) -> bool:
        """Give it back, to be tried again at `due`; sooner only where newer news for the same recipient comes.
        `kept`: not even then, since the recipient asked for it."""
        return self._set(delivery, "due = :x, holder = NULL, held_until = " + (":x" if kept else "NULL"), x=due)

    def counts(self, bulletin: str) -> Mapping[str, int]:
        """How many were sent, refused, lapsed, or still wait: what may be told in public."""
        rows = self._state.rows(
            "SELECT coalesce(outcome, 'waiting') AS outcome, count(*) AS n FROM outbox"
            " WHERE bulletin = :b GROUP BY coalesce(outcome, 'waiting')",
            b=bulletin,
        )
        return {row["outcome"]: int(row["n"]) for row in sorted(rows, key=lambda row: str(row["outcome"]))}

    def totals(self) -> Mapping[str, Mapping[str, Mapping[str, int]]]:
        """Bulletin, channel, outcome to how many: the whole record of what was sent, without a recipient."""
        found: dict[str, dict[str, dict[str, int]]] = {}
        for row in self._state.rows(
            "SELECT bulletin, channel, coalesce(outcome, 'waiting') AS outcome, count(*) AS n FROM outbox"
            " GROUP BY bulletin, channel, coalesce(outcome, 'waiting') ORDER BY bulletin, channel, outcome"
        ):
            found.setdefault(row["bulletin"], {}).setdefault(row["channel"], {})[row["outcome"]] = int(row["n"])
        return found

    def _set(self, delivery: Delivery, change: str, **values: str) -> bool:
        statement = (
            f"UPDATE outbox SET {change} WHERE outcome IS NULL AND bulletin = :b AND channel = :c AND recipient = :r"
        )
        keys = {"b": delivery.bulletin, "c": delivery.channel, "r": delivery.recipient}
        return self._state.change(statement, **keys, **values) == 1


def _subscriber(row: Mapping[Any, Any]) -> Subscriber:
    return Subscriber(**{**row, "areas": tuple(json.loads(row["areas"]))})


def _begin(connection: Connection) -> None:
    """Take the write lock at once: two readers that both want to write would refuse each other."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _copy(source: Path, target: Path) -> None:
    """Copy an SQLite file by its own backup, prove the copy, and only then give it its name."""
    fresh = target.with_name(target.name + ".new")
    fresh.unlink(missing_ok=True)
    try:
        whole = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
        with contextlib.closing(whole) as old, contextlib.closing(sqlite3.connect(fresh)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
            found = new.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise StateError(f"the copy of {source} is not whole: {found}")
        os.chmod(fresh, 0o600)
        os.replace(fresh, target)
    except sqlite3.Error as error:
        raise StateError(f"{source} can't be copied: {error}") from error
    finally:
        fresh.unlink(missing_ok=True)
