"""One-time codes: an invitation, or a recovery code, lets its holder enrol one passkey and do nothing else."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Literal

from sqlalchemy import text

from tocsin.desk.clock import after
from tocsin.state import State

Kind = Literal["invitation", "recovery"]
INVITATION_SECONDS = 48 * 3600
RECOVERY_CODES = 8
_BYTES = 20  # 160 random bits: guessing is hopeless, so a plain digest is enough to keep them by


class Codes:
    """Codes are kept as digests only, are used once, and all of one kind are replaced together."""

    def __init__(self, state: State) -> None:
        self._state = state

    def invite(self, person: str, now: str) -> str:
        """A code with which this person enrols a passkey within two days; earlier invitations lapse."""
        return self._replace(person, "invitation", 1, now, after(now, INVITATION_SECONDS))[0]

    def recovery(self, person: str, now: str) -> tuple[str, ...]:
        """New recovery codes, to be shown once; those made before lapse."""
        return self._replace(person, "recovery", RECOVERY_CODES, now, None)

    def holder(self, code: str, now: str) -> str | None:
        """The person whose unused code this is."""
        rows = self._state.rows(
            "SELECT person FROM code WHERE digest = :d AND used IS NULL AND (expires IS NULL OR expires > :t)",
            d=_digest(code),
            t=now,
        )
        return str(rows[0]["person"]) if rows else None

    def spend(self, code: str, now: str) -> bool:
        """Use the code up; False where that had been done before, or it lapsed."""
        statement = "UPDATE code SET used = :t WHERE digest = :d AND used IS NULL AND (expires IS NULL OR expires > :t)"
        return self._state.change(statement, d=_digest(code), t=now) == 1

    def left(self, person: str) -> int:
        """How many recovery codes this person has not used."""
        query = "SELECT count(*) AS n FROM code WHERE person = :p AND kind = 'recovery' AND used IS NULL"
        return int(self._state.rows(query, p=person)[0]["n"])

    def _replace(self, person: str, kind: Kind, count: int, now: str, expires: str | None) -> tuple[str, ...]:
        made = tuple(_new_code() for _ in range(count))
        with self._state.writing() as connection:
            old = {"p": person, "k": kind}
            connection.execute(text("DELETE FROM code WHERE person = :p AND kind = :k AND used IS NULL"), old)
            for code in made:
                values = {"d": _digest(code), "p": person, "k": kind, "t": now, "e": expires}
                connection.execute(text("INSERT INTO code VALUES (:d, :p, :k, :t, :e, NULL)"), values)
        return made


def _new_code() -> str:
    plain = base64.b32encode(secrets.token_bytes(_BYTES)).decode("ascii")
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def _digest(code: str) -> str:
    """The same for a code however it was typed: case, spaces and hyphens do not count."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
