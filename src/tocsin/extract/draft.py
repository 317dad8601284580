"""What a reader of one form hands on: the parts of a document before they are judged as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.records import Repair


@dataclass(frozen=True, slots=True)
class Draft:
    """One article as its form gives it. `text` is clean already, `repairs` lie in it.

    `notes` are the dropped lines that told something (an origin, a copyright line), where the first
    writer is looked for; `dropped` are all of them. `publisher` is the name that the page gives
    itself, `origin` who wrote it first. `part` tells the documents of one capture apart; `input`
    replaces the capture's where the object has a name of its own.
    """

    text: str
    title: str | None = None
    url: str | None = None
    published: str | None = None
    published_basis: str | None = None
    modified: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    origin: str | None = None
    seen: str | None = None
    id: str | None = None
    input: str | None = None
    part: str = ""
    repairs: tuple[Repair, ...] = ()
    notes: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
