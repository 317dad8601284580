"""The watch as it runs: collect, tick, derive, propose. The machine proposes and never publishes.

The same functions put imported history into the archive with the times at which it was seen.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterable, Iterator

from tocsin.collect.feeds import Memory
from tocsin.collect.feeds import collect as collect_feeds
from tocsin.extract import seen_of
from tocsin.home import Home, tick
from tocsin.http import Web
from tocsin.records import Bulletin, Capture, Entry, Refusal

Item = tuple[Entry, bytes | None]


@dataclasses.dataclass(frozen=True, slots=True)
class Counts:
    captured: int
    refused: int


def as_now(captures: Iterable[tuple[Capture, bytes]], now: str) -> Iterator[Item]:
    """Captures as seen now, with one tick after them."""
    for capture, body in captures:
        yield dataclasses.replace(capture, seen=now), body
    yield tick(now)


def as_seen(captures: Iterable[tuple[Capture, bytes]], now: str) -> Iterator[Item]:
    """Imported history: captures in the order in which they say they were seen, a tick at the end of each day.

    What says nothing of when it was seen counts as seen now.
    """
    dated = [(seen_of(capture, body) or now, capture, body) for capture, body in captures]
    dated.sort(key=lambda item: item[0])
    day = None
    for seen, capture, body in dated:
        if day is not None and seen[:10] != day:
            yield tick(f"{day}T23:59:59Z")
        day = seen[:10]
        yield dataclasses.replace(capture, seen=seen), body
    if day is not None:
        yield tick(min(now, f"{day}T23:59:59Z"))


def collect(home: Home, web: Callable[[], Web], now: Callable[[], str]) -> Counts:
    """One round of collecting: everything that the sources' feeds name, and a tick after it."""
    refused = 0
    memory = _Later(home.state.memory)

    def items(client: Web) -> Iterator[Item]:
        nonlocal refused
        for item in collect_feeds(home.rules(), client, memory, now):
            if isinstance(item, Refusal):
                refused += 1
            else:
                yield item
        yield tick(now())

    with web() as client:
        captured = len(home.append(items(client))) - 1
    memory.keep()
    return Counts(captured, refused)


class _Later:
    """A collector's memory that is kept only when the archive has acknowledged the captures: what a crash
    takes from the archive must not be remembered as fetched."""

    def __init__(self, kept: Memory) -> None:
        self._kept = kept
        self._pages: dict[str, str] = {}
        self._feeds: dict[str, tuple[str | None, str | None, str]] = {}

    def has(self, url: str) -> bool:
        return url in self._pages or self._kept.has(url)

    def remember(self, url: str, now: str) -> None:
        self._pages[url] = now

    def validators(self, feed: str) -> tuple[str | None, str | None]:
        return self._kept.validators(feed)

    def fetched(self, feed: str, etag: str | None, modified: str | None, now: str) -> None:
        self._feeds[feed] = (etag, modified, now)

    def keep(self) -> None:
        for url, now in self._pages.items():
            self._kept.remember(url, now)
        for feed, (etag, modified, now) in self._feeds.items():
            self._kept.fetched(feed, etag, modified, now)


def rounds(
    home: Home, web: Callable[[], Web], now: Callable[[], str], *, jobs: int, every: int | None
) -> Iterator[tuple[Bulletin, ...]]:
    """The proposals of each round; one round where `every` (seconds) is None."""
    while True:
        before = home.archive.size
        collect(home, web, now)
        home.derive(jobs)
        yield tuple(bulletin for position, bulletin in home.ledger.bulletins() if position >= before)
        if every is None:
            return
        time.sleep(every)
