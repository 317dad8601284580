"""Opening a database so that it keeps its word: SQLite by file, PostgreSQL by URL.

SQLite stands on its rollback journal with `synchronous=EXTRA`: a commit that returned survives a power
cut. Its write-ahead log is refused below 3.51.3, whose reset can corrupt the file (docs/decisions/0002).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, Text, TypeDecorator, create_engine, event, make_url
from sqlalchemy.pool import NullPool

WAL_SOUND_SINCE = (3, 51, 3)
_WAIT_MS = 10_000
_ESCAPE = "\ufdd0"  # a noncharacter: it stands in no text, and where it does it is escaped itself


class DatabaseError(Exception):
    """The database can't be used as asked; the message says what was found and what to do."""


class Words(TypeDecorator[str]):
    """Text of any kind. PostgreSQL can't hold U+0000, so it is written as an escape in both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        if value is None or ("\x00" not in value and _ESCAPE not in value):
            return value
        return value.replace(_ESCAPE, _ESCAPE + "e").replace("\x00", _ESCAPE + "0")

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        if value is None or _ESCAPE not in value:
            return value
        return value.replace(_ESCAPE + "0", "\x00").replace(_ESCAPE + "e", _ESCAPE)


def engine_for(url: str | URL, *, scratch: bool = False) -> Engine:
    """An engine that opens a connection for each use. `scratch`: a file that is thrown away on any failure."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise DatabaseError("a ledger or state needs a file: sqlite:///PATH")
        # A new connection each time: the file behind the name may have been swapped since.
        engine = create_engine(parsed, poolclass=NullPool)
        event.listen(engine, "connect", _scratch if scratch else _durable)
        return engine
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed, pool_pre_ping=True)
    raise DatabaseError(f"expected sqlite:///PATH or postgresql+pg8000://…, found {parsed.render_as_string()}")


def sqlite_path(engine: Engine) -> Path | None:
    """The file of an SQLite engine, else None."""
    return Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None


def check_journal(mode: str, version: tuple[int, ...] = sqlite3.sqlite_version_info) -> None:
    """Raise DatabaseError for a write-ahead log under an SQLite whose reset of it can corrupt the file."""
    if mode == "wal" and version < WAL_SOUND_SINCE:
        found = ".".join(map(str, version))
        raise DatabaseError(
            f"the database is in WAL mode and SQLite {found} has a corruption bug there, mended in 3.51.3; "
            "run `PRAGMA journal_mode=DELETE` on it with a sound SQLite"
        )


def _durable(connection: sqlite3.Connection, _record: object) -> None:
    check_journal(connection.execute("PRAGMA journal_mode").fetchone()[0])
    connection.execute(f"PRAGMA busy_timeout={_WAIT_MS}")
    connection.execute("PRAGMA synchronous=EXTRA")
    connection.execute("PRAGMA foreign_keys=ON")


def _scratch(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA synchronous=OFF")
