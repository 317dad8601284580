"""What was done at the desk, and by whom: rows that are only ever added.

Each row's `chain` is the digest of the row before it and of its own words, so that a row which is changed, taken
out or put in breaks every chain after it. Cutting off the end breaks nothing, so the head of the chain is written
into the archive now and then: that log is signed, and what it says of row n must be what stands in row n.
No network address and no name of a person is kept here: people stand under their pseudonyms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import text

from tocsin.records import Answer, Entry, canonical
from tocsin.state import State

ANCHOR = "audit"
_GENESIS = "0" * 64
_LONGEST = 2_000
_STANDS = (
    "CREATE TRIGGER IF NOT EXISTS audit_{what} BEFORE {what} ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END"
)


@dataclass(frozen=True, slots=True)
class Act:
    """One row: `act` names what was done ('log in', 'sign'), `about` what it was done to, or why it was refused."""

    number: int
    at: str
    person: str
    act: str
    about: str
    chain: str


class Audit:
    """The audit log in the state database. SQLite itself refuses to change or delete its rows."""

    def __init__(self, state: State) -> None:
        self._state = state
        with state.writing() as connection:
            if connection.dialect.name == "sqlite":
                for what in ("UPDATE", "DELETE"):
                    connection.execute(text(_STANDS.format(what=what)))

    def note(self, at: str, person: str, act: str, about: str = "") -> None:
        """Add a row. Control characters are written out, so that no row can be made to look like two."""
        said = (at, _printable(person), _printable(act), _printable(about))
        with self._state.writing() as connection:
            last = connection.execute(text("SELECT number, chain FROM audit ORDER BY number DESC LIMIT 1")).first()
            number, before = (int(last[0]) + 1, str(last[1])) if last else (1, _GENESIS)
            values = {"n": number, "c": _chain(before, number, *said)} | dict(zip("tpax", said, strict=True))
            connection.execute(text("INSERT INTO audit VALUES (:n, :t, :p, :a, :x, :c)"), values)

    def latest(self, limit: int, below: int | None = None) -> tuple[Act, ...]:
        """The newest rows first; only those numbered under `below`, where it is given."""
        query = "SELECT * FROM audit WHERE number < :b ORDER BY number DESC LIMIT :l"
        return tuple(Act(**row) for row in self._state.rows(query, b=below or 2**62, l=limit))

    def head(self) -> Act | None:
        return next(iter(self.latest(1)), None)

    def anchor(self, at: str) -> Answer | None:
        """The head of the chain as an entry for the archive."""
        head = self.head()
        return Answer(at, ANCHOR, "desk", f"{head.number} {head.chain}") if head else None

    def faults(self, entries: Iterable[tuple[int, Entry]] = ()) -> Iterator[str]:
        """What is wrong with the log, by itself and against what the archive says of it."""
        chains: dict[int, str] = {}
        before = _GENESIS
        for row in self._state.rows("SELECT * FROM audit ORDER BY number"):
            act = Act(**row)
            if act.number != len(chains) + 1:
                yield f"expected row {len(chains) + 1}, found row {act.number}"
                return
            if act.chain != _chain(before, act.number, act.at, act.person, act.act, act.about):
                yield f"row {act.number} is not what was written: its chain does not fit"
                return
            before = chains[act.number] = act.chain
        for position, entry in entries:
            if isinstance(entry, Answer) and entry.question == ANCHOR:
                number, _, chain = entry.text.partition(" ")
                if chains.get(int(number)) != chain:
                    yield f"row {number} is missing or changed: entry {position} of the archive names another chain"


def _chain(before: str, number: int, *said: str) -> str:
    return hashlib.sha256(canonical([before, number, *said])).hexdigest()


def _printable(words: str) -> str:
    """Anything that would end a line or hide a word, written out as it is escaped in Python."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in words)
    return shown[:_LONGEST]
