"""Who is logged in: tokens that only the browser holds, and their digests in the state database."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from tocsin.desk.clock import after
from tocsin.state import Person, State

COOKIE = "__Host-desk"  # the prefix makes browsers refuse it from another host, another path, or without TLS
IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 12 * 3600
FRESH_SECONDS = 5 * 60  # how long after a passkey was shown keys and people may be changed
_TOUCH_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Visit:
    """One request's person. `form_token` is what this session's forms must carry; `fresh_until` is when the
    passkey must be shown again before keys or people are changed."""

    person: Person
    session: str
    form_token: str
    fresh_until: str


class Sessions:
    """Sessions end when idle, after a working day, at log-out, or when somebody revokes them."""

    def __init__(self, state: State) -> None:
        self._state = state

    def start(self, person: str, now: str, instead_of: str = "") -> str:
        """A new session; its token, which is never kept here. The session of the token that the browser held ends."""
        token = secrets.token_urlsafe(32)
        self.end(_digest(instead_of))
        self._state.change("DELETE FROM session WHERE made < :t", t=after(now, -LONGEST_SECONDS))
        self._state.change("INSERT INTO session VALUES (:d, :p, :t, :t, :t)", d=_digest(token), p=person, t=now)
        return token

    def visit(self, token: str, now: str) -> Visit | None:
        """The person behind a token, or None where it is unknown, idle too long or too old."""
        rows = self._state.rows(
            "SELECT p.id, p.name, p.role, p.added, s.digest, s.used, s.confirmed FROM session s"
            " JOIN person p ON p.id = s.person WHERE s.digest = :d AND s.used > :idle AND s.made > :old",
            d=_digest(token),
            idle=after(now, -IDLE_SECONDS),
            old=after(now, -LONGEST_SECONDS),
        )
        if not rows:
            return None
        row = rows[0]
        if row["used"] < after(now, -_TOUCH_SECONDS):
            self._state.change("UPDATE session SET used = :t WHERE digest = :d", t=now, d=row["digest"])
        person = Person(row["id"], row["name"], row["role"], row["added"])
        return Visit(person, row["digest"], _form_token(token), after(row["confirmed"], FRESH_SECONDS))

    def confirm(self, session: str, now: str) -> str:
        """The passkey was shown again: the session goes on under a new token, and the old one is worth nothing."""
        token = secrets.token_urlsafe(32)
        values = {"t": now, "n": _digest(token), "d": session}
        self._state.change("UPDATE session SET confirmed = :t, used = :t, digest = :n WHERE digest = :d", **values)
        return token

    def end(self, session: str) -> None:
        self._state.change("DELETE FROM session WHERE digest = :d", d=session)

    def end_all(self, person: str) -> int:
        """Every session of a person ends at once; how many."""
        return self._state.change("DELETE FROM session WHERE person = :p", p=person)

    def open(self, person: str, now: str) -> tuple[tuple[str, str], ...]:
        """(begun, last used) of each session of a person that has not run out, the latest first."""
        rows = self._state.rows(
            "SELECT made, used FROM session WHERE person = :p AND used > :idle AND made > :old ORDER BY used DESC",
            p=person,
            idle=after(now, -IDLE_SECONDS),
            old=after(now, -LONGEST_SECONDS),
        )
        return tuple((row["made"], row["used"]) for row in rows)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _form_token(token: str) -> str:
    """Follows from the session's token and can't be turned back into it."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()
