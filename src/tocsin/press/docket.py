"""The rows behind the press: drafts, challenges, what was published, and the list that the public log copies.

Everything here is in the state's database, so that a bulletin, its place in the log and the messages that tell of
it are one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, text

from tocsin.publish.bulletin import Draft, Refused
from tocsin.publish.manifest import published_from
from tocsin.records import Published, Signature, canonical, plain, revive
from tocsin.state import State


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft with what was drawn up from it: the manifest body that people sign, and the attachments by name."""

    draft: Draft
    body: bytes
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Issued:
    """A published bulletin as it is kept: its place in the public log, when it went out, the log's entry, the
    attachments, and the correction that was prepared before it went out."""

    published: Published
    number: int
    at: str
    entry: bytes
    files: Mapping[str, bytes]
    prepared: bytes


class Attachments(Mapping[str, bytes]):
    """The files of one bulletin by name, read together when the first is asked for: most questions need none."""

    def __init__(self, state: State, bulletin: str, names: tuple[str, ...]) -> None:
        self._state, self._bulletin, self._names = state, bulletin, names

    @cached_property
    def _files(self) -> dict[str, bytes]:
        return _files(self._state.rows("SELECT files FROM published WHERE id = :id", id=self._bulletin)[0]["files"])

    def __getitem__(self, name: str) -> bytes:
        return self._files[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Docket:
    """What the press keeps in one state. Methods with a connection are parts of the caller's transaction."""

    def __init__(self, state: State) -> None:
        self._state = state

    # -------------------------------------------------------------- drafts

    def draft(self, draft: str, connection: Connection | None = None) -> Kept:
        """Raises Refused where there is none."""
        rows = self._rows("SELECT * FROM draft WHERE id = :id", connection, id=draft)
        if not rows:
            raise Refused(f"expected the id of a draft, found {draft!r}; see `tocsin drafts`")
        return _kept(rows[0])

    def drafts(self) -> tuple[Kept, ...]:
        """All of them, oldest first."""
        return tuple(_kept(row) for row in self._rows("SELECT * FROM draft ORDER BY made, id"))

    def has(self, draft: str) -> bool:
        return bool(self._rows("SELECT 1 AS found FROM draft WHERE id = :id", id=draft))

    def put(self, connection: Connection, kept: Kept, made: str) -> None:
        """A new draft, or the present form of an old one."""
        connection.execute(
            text(
                "INSERT INTO draft (id, area, made, record, body, files)"
                " VALUES (:id, :area, :made, :record, :body, :files)"
                " ON CONFLICT (id) DO UPDATE SET record = :record, body = :body, files = :files"
            ),
            {
                "id": kept.draft.id,
                "area": kept.draft.area,
                "made": made,
                "record": canonical(kept.draft).decode(),
                "body": kept.body.decode(),
                "files": _files_text(kept.files),
            },
        )

    # -------------------------------------------------------------- challenges

    def ask(self, challenge: str, draft: str, person: str, now: str) -> None:
        self._state.change(
            "INSERT INTO challenge (challenge, draft, person, made) VALUES (:c, :d, :p, :t)",
            c=challenge,
            d=draft,
            p=person,
            t=now,
        )

    def answer(self, connection: Connection, challenge: str, draft: str, person: str, since: str, now: str) -> bool:
        """Use up a challenge: True once, for the draft and the person that it was made for, and not before `since`."""
        done = connection.execute(
            text(
                "UPDATE challenge SET used = :t WHERE challenge = :c AND draft = :d AND person = :p AND used IS NULL"
                " AND made >= :s"
            ),
            {"c": challenge, "d": draft, "p": person, "t": now, "s": since},
        )
        return done.rowcount == 1

    # -------------------------------------------------------------- published

    def issued(self) -> tuple[Issued, ...]:
        """Everything that was published, oldest first; attachments are read when they are asked for."""
        return tuple(self._issued(row) for row in self._rows(_ISSUED + " ORDER BY p.number"))

    def issued_as(self, bulletin: str) -> Issued | None:
        rows = self._rows(_ISSUED + " WHERE p.id = :id", id=bulletin)
        return self._issued(rows[0]) if rows else None

    def issued_from(self, draft: str, connection: Connection | None = None) -> Issued | None:
        rows = self._rows(_ISSUED + " WHERE p.draft = :id", connection, id=draft)
        return self._issued(rows[0]) if rows else None

    def in_area(self, area: str, connection: Connection | None = None) -> tuple[Issued, ...]:
        """An area's bulletins, oldest first."""
        rows = self._rows(_ISSUED + " WHERE p.area = :a ORDER BY p.number", connection, a=area)
        return tuple(self._issued(row) for row in rows)

    def _issued(self, row: Mapping[Any, Any]) -> Issued:
        entry, values = str(row["entry"]).encode(), json.loads(row["entry"])
        signatures = tuple(revive(Signature, one) for one in values["signatures"])
        published = published_from(values["body"], str(row["text"]), signatures)
        names = tuple(one["name"] for one in values["body"]["attachments"])
        files = Attachments(self._state, published.id, names)
        return Issued(published, int(row["number"]), str(row["at"]), entry, files, str(row["prepared"]).encode())

    def publish(self, connection: Connection, issued: Issued, draft: str) -> None:
        self.list_entry(connection, issued.number, issued.entry)
        connection.execute(
            text(
                "INSERT INTO published (id, draft, area, at, number, files, prepared, text)"
                " VALUES (:id, :draft, :area, :at, :number, :files, :prepared, :text)"
            ),
            {
                "id": issued.published.id,
                "draft": draft,
                "area": issued.published.area,
                "at": issued.at,
                "number": issued.number,
                "files": _files_text(issued.files),
                "prepared": issued.prepared.decode(),
                "text": issued.published.text,
            },
        )

    # -------------------------------------------------------------- the list that the log copies

    def next_number(self, connection: Connection) -> int:
        return int(connection.execute(text("SELECT count(*) FROM logged")).scalar_one())

    def list_entry(self, connection: Connection, number: int, entry: bytes) -> None:
        """The n-th entry, counted from 0; numbers have no gap, since the log has none."""
        connection.execute(text("INSERT INTO logged VALUES (:n, :e)"), {"n": number, "e": entry.decode()})

    def listed(self, start: int = 0, connection: Connection | None = None) -> tuple[bytes, ...]:
        rows = self._rows("SELECT entry FROM logged WHERE number >= :n ORDER BY number", connection, n=start)
        return tuple(str(row["entry"]).encode() for row in rows)

    def _rows(self, query: str, connection: Connection | None = None, **values: Any) -> list[Mapping[Any, Any]]:
        if connection is None:
            return self._state.rows(query, **values)
        return list(connection.execute(text(query), values).mappings())


_ISSUED = (
    "SELECT p.id, p.at, p.number, p.text, p.prepared, l.entry FROM published p JOIN logged l ON l.number = p.number"
)


def _kept(row: Mapping[Any, Any]) -> Kept:
    draft = revive(Draft, json.loads(row["record"]))
    return Kept(draft, str(row["body"]).encode(), _files(row["files"]))


def _files(text_: str) -> dict[str, bytes]:
    return {name: str(data).encode() for name, data in json.loads(text_).items()}


def _files_text(files: Mapping[str, bytes]) -> str:
    return canonical(plain({name: data.decode() for name, data in files.items()})).decode()
