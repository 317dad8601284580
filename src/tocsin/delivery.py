"""Sending: takes from the outbox what is due, tries it, and keeps what became of it before anything else.

What must hold, wherever the process is killed:
- a row is closed only after the other side took the message: nothing is lost;
- a row is open only as long as no answer was kept: what can come twice is the message on its way at that instant,
  one by mail, one for each webhook, with the same Message-ID or webhook-id;
- one sender lives at a time: it holds a lock that the kernel frees at its death, and what it had leased is free
  for the next;
- a recipient gets news in its order, and nothing that was taken back meanwhile;
- rows of an older epoch are never sent: a restored backup tells no old news.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import fcntl
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from tocsin.channels import ASKING, Channel, Later, Message, Outcome, Refused, Sent
from tocsin.channels.register import Register
from tocsin.records import Entry, Published, Receipt
from tocsin.rules import Rules
from tocsin.state import Delivery, Outbox, State, Subscriber

Now = Callable[[], str]
Issued = Callable[[], Iterable[Published]]
_LOT = 50  # messages leased at once by a channel that sends them one by one
_LEASE = 600.0  # seconds; longer than any lot takes, and a lot that takes longer is given back
_TAKEN_BACK = ("correction", "cancel")


class BusyError(Exception):
    """Another process is sending."""


@dataclass(slots=True)
class Counts:
    """What one run did."""

    sent: int = 0
    refused: int = 0
    later: int = 0
    superseded: int = 0


@dataclass(frozen=True, slots=True)
class _News:
    """What was issued, and what of it was taken back and must not go out any more."""

    by_id: Mapping[str, Published]
    taken_back: frozenset[str]

    @staticmethod
    def of(issued: Iterable[Published]) -> _News:
        by_id = {one.id: one for one in issued}
        return _News(by_id, frozenset(old for one in by_id.values() if one.kind in _TAKEN_BACK for old in one.replaces))


@dataclass
class Sender:
    """Sends over these channels. `issued` gives the bulletins that stand in the public log: nothing else is sent."""

    outbox: Outbox
    register: Register
    channels: Mapping[str, Channel]
    rules: Rules
    issued: Issued
    now: Now
    holder: str = field(default_factory=lambda: f"{os.uname().nodename}/{os.getpid()}")
    counts: Counts = field(default_factory=Counts)
    _news: _News = field(init=False)

    def __post_init__(self) -> None:
        self._news = _News({}, frozenset())

    async def drain(self) -> Counts:
        """Try everything that is due, once; what must wait is tried by a later call."""
        await asyncio.gather(*(self._drain(name) for name in self.channels))
        return self.counts

    async def watch(self, seconds: float, after: Callable[[], None]) -> None:
        """Drain each channel again and again, so that a slow one holds no other back, and do `after` between."""

        async def again(name: str) -> None:
            while True:
                await self._drain(name)
                await asyncio.sleep(seconds)

        async def told() -> None:
            while True:
                after()
                await asyncio.sleep(seconds)

        await asyncio.gather(told(), *(again(name) for name in self.channels))

    async def _drain(self, name: str) -> None:
        channel = self.channels[name]
        try:
            if channel.window == 1:
                while await self._lot(name, channel):
                    pass
            else:
                await self._at_once(name, channel)
        finally:
            await channel.close()

    async def _lot(self, name: str, channel: Channel) -> bool:
        """A lot, one message after the other; whether there may be more to send now."""
        ends = asyncio.get_running_loop().time() + _LEASE
        lot = self._take(name, _LOT)
        for n, delivery in enumerate(lot):
            in_time = asyncio.get_running_loop().time() + channel.seconds < ends
            outcome = await self._one(delivery, channel) if in_time else Later("the lot took too long", ours=True)
            if isinstance(outcome, Later) and outcome.ours:
                for left in lot[n if not in_time else n + 1 :]:
                    self._again(left, outcome)
                return False
        return bool(lot)

    async def _at_once(self, name: str, channel: Channel) -> None:
        """As many messages on their way as the channel bears; each that ends makes room for another."""
        going: set[asyncio.Task[Outcome | None]] = set()
        while True:
            room = channel.window - len(going)
            going |= {asyncio.create_task(self._one(one, channel)) for one in self._take(name, room)} if room else set()
            if not going:
                return
            done, going = await asyncio.wait(going, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()

    def _take(self, name: str, limit: int) -> tuple[Delivery, ...]:
        """Lease what is due, and look anew at what was issued: it may have been taken back meanwhile."""
        now = self.now()
        taken = self.outbox.take(self.holder, now, _later(now, _LEASE), limit, name)
        if taken:
            self._news = _News.of(self.issued())
        return taken

    async def _one(self, delivery: Delivery, channel: Channel) -> Outcome | None:
        """One attempt, kept at once; None where there is nothing to try."""
        now = self.now()
        message = self._message(delivery, channel, now)
        if message is None or delivery.not_after < now:
            return None
        outcome = await channel.send(message)
        self._keep(message, outcome)
        return outcome

    def _message(self, delivery: Delivery, channel: Channel, now: str) -> Message | None:
        """What to send, as things stand at this moment; None where nothing is to be sent, which is then kept."""
        subscriber = self._recipient(delivery, channel)
        if subscriber is None:
            self._close(delivery, "refused")
            return None
        if delivery.bulletin.startswith(ASKING):
            return Message(delivery, subscriber, None, now)
        if delivery.bulletin in self._news.taken_back:
            self._close(delivery, "superseded")
            return None
        bulletin = self._news.by_id.get(delivery.bulletin)
        if bulletin is None:
            self._again(delivery, Later("not in the public log yet"))
            return None
        return Message(delivery, subscriber, bulletin, now)

    def _recipient(self, delivery: Delivery, channel: Channel) -> Subscriber | None:
        """Who gets it, if they still want it."""
        found = next((s for s in channel.standing if s.id == delivery.recipient), None)
        found = found or self.register.get(delivery.recipient)
        asked = delivery.bulletin.startswith(ASKING)
        return found if found and (asked or (found.confirmed and not found.disabled)) else None

    def _keep(self, message: Message, outcome: Outcome) -> None:
        delivery, rule = message.delivery, self.rules.channels.by_name[message.delivery.channel]
        if isinstance(outcome, Sent):
            self._close(delivery, "sent")
            if message.subscriber.refusals:
                self.register.took(message.subscriber.id)
        elif isinstance(outcome, Refused):
            self._close(delivery, "refused")
            if outcome.gone:
                self.register.give_up(message.subscriber.id, message.now)
            else:
                self.register.refused(message.subscriber.id, message.now, rule.refusals)
        else:
            self._again(delivery, outcome)

    def _close(self, delivery: Delivery, outcome: Literal["sent", "refused", "superseded"]) -> None:
        self.outbox.end(delivery, outcome, self.now())
        setattr(self.counts, outcome, getattr(self.counts, outcome) + 1)

    def _again(self, delivery: Delivery, outcome: Later) -> None:
        """Back-off, or longer where the other side asked for it: then even news that is newer waits."""
        rule = self.rules.channels.by_name[delivery.channel]
        wait = rule.first_wait if outcome.ours else rule.wait(delivery.attempts)  # no recipient is to wait for us
        asked = outcome.after or 0.0
        self.outbox.retry(delivery, _later(self.now(), max(wait, asked)), kept=asked > 0)
        self.counts.later += 1


@contextlib.contextmanager
def sending(root: Path, outbox: Outbox) -> Iterator[None]:
    """Be the one sender of this home. Raises BusyError where another lives.

    The lock lies beside state.db, whose own locks are of the same kind: where they don't hold, it wouldn't either.
    """
    with (root / "deliver.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BusyError("another process is sending for this home; only one may") from error
        outbox.reclaim()  # nobody else lives, so what is leased was leased by the dead
        yield


def write_receipts(state: State, totals: Mapping[str, Mapping[str, Mapping[str, int]]], archive: Book, now: str) -> int:
    """One receipt in the archive for each bulletin and channel of which nothing waits any more; how many are new.

    Where the archive stood is kept before it is written to, so that after a crash only what came since must be
    looked through for a receipt that was written and not marked. Raises ArchiveError while another writes there.
    """
    marked = {
        (row["bulletin"], row["channel"]) for row in state.rows("SELECT * FROM receipt WHERE written IS NOT NULL")
    }
    ended = {
        (bulletin, channel): counts
        for bulletin, channels in totals.items()
        for channel, counts in channels.items()
        if not bulletin.startswith(ASKING) and "waiting" not in counts and (bulletin, channel) not in marked
    }
    for bulletin, channel in ended:
        begin = "INSERT INTO receipt (bulletin, channel, since) VALUES (:b, :c, :n) ON CONFLICT DO NOTHING"
        state.change(begin, b=bulletin, c=channel, n=archive.size())
    if not ended:
        return 0
    since = min(row["since"] for row in state.rows("SELECT since FROM receipt WHERE written IS NULL"))
    written = {(e.bulletin, e.channel) for e in archive.entries(since) if isinstance(e, Receipt)}
    fresh = [Receipt(now, b, c, counts) for (b, c), counts in sorted(ended.items()) if (b, c) not in written]
    archive.append(fresh)
    for bulletin, channel in ended:
        done = "UPDATE receipt SET written = :t WHERE bulletin = :b AND channel = :c"
        state.change(done, b=bulletin, c=channel, t=now)
    return len(fresh)


class Book(Protocol):
    """The archive as far as receipts need it."""

    def size(self) -> int: ...

    def entries(self, start: int) -> Iterable[Entry]: ...

    def append(self, receipts: Iterable[Receipt]) -> None: ...


def _later(now: str, seconds: float) -> str:
    then = datetime.datetime.fromisoformat(now) + datetime.timedelta(seconds=seconds)
    return then.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
