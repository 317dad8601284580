"""The register of subscribers in the state: what they chose, what their receivers said, who asks how often."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tocsin.state import State, Subscriber


class Register:
    """Reads and changes single subscribers. Times are the caller's."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.add = state.subscribe
        self.get = state.subscriber
        self.confirmed = state.confirmed
        self.erase = state.erase_subscriber

    def find(self, channel: str, address: str) -> Subscriber | None:
        found = self._state.rows("SELECT id FROM subscriber WHERE channel = :c AND address = :a", c=channel, a=address)
        return self.get(found[0]["id"]) if found else None

    def confirm(self, subscriber: str, now: str) -> bool:
        """Somebody who has the address says that it was meant; also after it was given up."""
        return self._change("confirmed = coalesce(confirmed, :t), disabled = NULL, refusals = 0", subscriber, t=now)

    def choose(self, subscriber: str, areas: Sequence[str], threshold: int) -> bool:
        return self._change("areas = :a, threshold = :n", subscriber, a=json.dumps(tuple(areas)), n=threshold)

    def ask_again(self, subscriber: str, areas: Sequence[str], threshold: int, now: str) -> bool:
        """A new wish for an address that nobody confirmed or that was given up: unconfirmed, as if it were new."""
        change = "areas = :a, threshold = :n, added = :t, confirmed = NULL"
        return self._change(change, subscriber, a=json.dumps(tuple(areas)), n=threshold, t=now)

    def took(self, subscriber: str) -> None:
        """The receiver takes our messages."""
        self._state.change("UPDATE subscriber SET refusals = 0 WHERE id = :id AND refusals > 0", id=subscriber)

    def refused(self, subscriber: str, now: str, most: int) -> bool:
        """The receiver refused; after so many refusals in a row nothing more is sent. Whether that is so now."""
        self._change("refusals = refusals + 1", subscriber)
        statement = "UPDATE subscriber SET disabled = :t WHERE id = :id AND disabled IS NULL AND refusals >= :n"
        return self._state.change(statement, id=subscriber, t=now, n=most) == 1

    def give_up(self, subscriber: str, now: str) -> bool:
        """The receiver is gone: nothing more is sent until somebody there confirms anew."""
        statement = "UPDATE subscriber SET disabled = :t WHERE id = :id AND disabled IS NULL"
        return self._state.change(statement, id=subscriber, t=now) == 1

    def forget_unconfirmed(self, before: str) -> int:
        """Erase addresses that nobody confirmed: they may be other people's. How many."""
        rows = self._state.rows("SELECT id FROM subscriber WHERE confirmed IS NULL AND added < :t", t=before)
        return sum(self.erase(row["id"]) for row in rows)

    # -------------------------------------------------------------- secrets that sign

    def secrets(self, subscriber: str, now: str) -> tuple[str, ...]:
        """What signs for this subscriber at this time, the newest first: two while one takes over from the other."""
        rows = self._state.rows(
            "SELECT value FROM secret WHERE subscriber = :s AND (ends IS NULL OR ends > :t)"
            " ORDER BY ends IS NOT NULL, added DESC, value",
            s=subscriber,
            t=now,
        )
        return tuple(row["value"] for row in rows)

    def add_secret(self, subscriber: str, value: str, now: str, old_ends: str) -> None:
        """A new secret; those before it sign beside it until `old_ends`."""
        end = "UPDATE secret SET ends = :e WHERE subscriber = :s AND ends IS NULL"
        self._state.change(end, s=subscriber, e=old_ends)
        insert = "INSERT INTO secret (subscriber, value, added) VALUES (:s, :v, :t)"
        self._state.change(insert, s=subscriber, v=value, t=now)

    # -------------------------------------------------------------- who asks how often

    def within(self, kind: str, origin: str, now: str, since: str, most: int) -> bool:
        """Count a request; False where this origin had its share since then. Refused ones count, too."""
        self._state.change("INSERT INTO request VALUES (:k, :o, :t)", k=kind, o=origin, t=now)
        count = "SELECT count(*) AS n FROM request WHERE kind = :k AND origin = :o AND at > :t"
        return int(self._state.rows(count, k=kind, o=origin, t=since)[0]["n"]) <= most

    def forget_requests(self, before: str) -> None:
        self._state.change("DELETE FROM request WHERE at < :t", t=before)

    def _change(self, change: str, subscriber: str, **values: str | int) -> bool:
        return self._state.change(f"UPDATE subscriber SET {change} WHERE id = :id", id=subscriber, **values) == 1
