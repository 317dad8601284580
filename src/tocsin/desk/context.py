"""What every page of the desk works with: one `Desk`, made when it is opened."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request

from tocsin.archive import Busy
from tocsin.desk import clock
from tocsin.desk.audit import Audit
from tocsin.desk.codes import Codes
from tocsin.desk.limits import Limits
from tocsin.desk.passkeys import Party, Passkeys
from tocsin.desk.reading import Reading
from tocsin.desk.sessions import Sessions, Visit
from tocsin.home import Home
from tocsin.press import Press, write_site
from tocsin.state import Person


class Refused(Exception):
    """An answer other than the page that was asked for; the message is for the reader of the page."""

    def __init__(self, status: int, message: str, *, confirm: bool = False, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.confirm, self.retry_after = status, message, confirm, retry_after


@dataclass(frozen=True)
class Desk:
    """The home with everything that the desk adds to it.

    `now` is the clock by which sessions end and the audit log is written; `here` is what time it is in the home: an
    exercise of long ago is signed as if it were of that day.
    """

    home: Home
    press: Press
    party: Party
    now: Callable[[], str]
    here: Callable[[], str]
    audit: Audit
    sessions: Sessions
    codes: Codes
    passkeys: Passkeys
    limits: Limits
    reading: Reading
    served_at: str

    def note(self, person: str, act: str, about: str = "") -> None:
        """One row in the audit log."""
        self.audit.note(self.now(), person, act, about)

    def anchor(self) -> None:
        """Write into the archive how far the audit log goes, so that it can't be cut short unseen. Another writer
        may hold the archive just now: the next time will do."""
        head = self.audit.anchor(self.here())
        if head is not None:
            with contextlib.suppress(Busy):
                self.reading.keep(head)

    def show_public(self) -> None:
        """Write the public pages anew: they tell what was published."""
        write_site(self.press, self.here(), served_at=self.served_at)

    def person(self, id: str) -> Person | None:
        return next((p for p in self.home.state.people() if p.id == id), None)


def open_desk(
    home: Home,
    origin: str,
    now: Callable[[], str] = clock.now,
    seconds: Callable[[], float] = time.monotonic,
    here: Callable[[], str] | None = None,
    served_at: str = "",
) -> Desk:
    """The desk of a home, as it is reached at `origin` ('https://desk.example', without a path)."""
    state, party = home.state, Party(f"{home.name} ({home.status})", origin)
    return Desk(
        home=home,
        press=Press(home),
        party=party,
        now=now,
        here=here or (lambda: home.clock(now())),
        audit=Audit(state),
        sessions=Sessions(state),
        codes=Codes(state),
        passkeys=Passkeys(state, party),
        limits=Limits(seconds),
        reading=Reading(home),
        served_at=served_at,
    )


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def visit_of(request: Request) -> Visit:
    """Who asks. The guard has put it there; a route that the table opens to anybody has none."""
    visit: Visit = request.state.visit
    return visit
