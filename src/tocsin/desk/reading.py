"""What the desk shows of the archive and the ledger: kept in memory, and read on when they have grown."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from tocsin.archive import Archive
from tocsin.archive import Busy as ArchiveBusy
from tocsin.home import Home
from tocsin.judge.answers import anchor
from tocsin.records import Adopted, Answer, Assessment, Document, Entry, Finding, Membership, Recipe, Statement
from tocsin.rules import Rules

NOTE = "note/"
_BUSY_TRIES, _BUSY_SECONDS = 20, 0.25


@dataclass(frozen=True)
class Edition:
    """An assessment with its findings by key."""

    position: int
    assessment: Assessment
    findings: Mapping[str, Finding] = field(default_factory=dict)


@dataclass(frozen=True)
class Telling:
    """One document that prints a sentence: the statements read from it there, and what people answered."""

    statements: tuple[Statement, ...]
    document: Document
    membership: Membership | None
    answers: tuple[Answer, ...]


class Reading:
    """One home, read by many requests at once."""

    def __init__(self, home: Home) -> None:
        self._home, self._lock = home, threading.Lock()
        self._edition: tuple[tuple[int, Recipe | None], Edition | None] | None = None
        self._answers: list[tuple[int, Answer]] = []
        self._read, self._rules, self._stamp = 0, "", 0

    # ------------------------------------------------------------------ the ledger

    def edition(self) -> Edition | None:
        """The latest assessment, or None before the first `derive`."""
        ledger = self._home.ledger
        with self._lock:
            stand = (ledger.position(), ledger.recipe())
            if self._edition is None or self._edition[0] != stand:
                latest = ledger.latest_assessment()
                findings = {f.key: f for f in latest.findings} if latest else {}
                self._edition = (stand, Edition(stand[0], latest, findings) if latest else None)
            return self._edition[1]

    def sentences(self, keys: tuple[str, ...]) -> list[tuple[str, list[Telling]]]:
        """Each sentence once, with every document that prints it, in the order in which they came."""
        ledger, printed = self._home.ledger, dict[str, dict[str, list[Statement]]]()
        for key in keys:
            statement = ledger.statement(key)
            if statement is not None:
                printed.setdefault(statement.text, {}).setdefault(statement.document, []).append(statement)
        return [
            (text, [t for name, told in by_document.items() if (t := self._telling(name, text, told)) is not None])
            for text, by_document in printed.items()
        ]

    def _telling(self, name: str, text: str, told: list[Statement]) -> Telling | None:
        document = self._home.ledger.document(name)
        if document is None:
            return None
        membership = self._home.ledger.membership(name)
        return Telling(tuple(told), document, membership, self.answers_to(anchor(document.body, text)))

    # ------------------------------------------------------------------ the archive

    def rules(self) -> Rules:
        """The rules in force at the end of the archive."""
        self._read_on()
        return self._home.parsed(self._rules)

    def answers(self) -> tuple[tuple[int, Answer], ...]:
        """(position, answer) of all that people answered and noted, oldest first."""
        self._read_on()
        return tuple(self._answers)

    def answers_to(self, question: str) -> tuple[Answer, ...]:
        return tuple(answer for _, answer in self.answers() if answer.question == question)

    def notes(self, about: str | None = None) -> tuple[Answer, ...]:
        """The notes on one thing, or all, newest first."""
        noted = (a for _, a in self.answers() if a.question.startswith(NOTE))
        return tuple(reversed([a for a in noted if about is None or a.question == NOTE + about]))

    def _read_on(self) -> None:
        stamp = (self._home.root / "archive" / "checkpoint").stat().st_mtime_ns
        with self._lock:
            if stamp == self._stamp:
                return
            self._stamp = stamp
            archive = Archive.open(self._home.root, write=False)
            for position, entry in archive.entries(self._read):
                if isinstance(entry, Answer):
                    self._answers.append((position, entry))
                elif isinstance(entry, Adopted):
                    self._rules = entry.rules
                self._read = position + 1

    def keep(self, *entries: Entry) -> None:
        """Write entries into the archive, waiting a little for another writer. Raises Busy."""
        for attempt in range(_BUSY_TRIES):
            try:
                self._home.append((entry, None) for entry in entries)
            except ArchiveBusy:
                if attempt == _BUSY_TRIES - 1:
                    raise
                time.sleep(_BUSY_SECONDS)
            else:
                return
