"""Feeds and the pages that they link, as the source rules name them, through `tocsin.http`.

A page is remembered only after its capture was handed on, and a feed's validators only after all of its
pages were: whatever stops a run, the next one fetches again what might have been lost.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Generator, Iterator
from typing import Protocol, TypeAlias
from urllib.parse import urldefrag, urljoin

import feedparser

from tocsin.http import Fetched, Web
from tocsin.records import Capture, Form, Refusal, digest
from tocsin.rules import Rules
from tocsin.rules.sources import Source

Found: TypeAlias = tuple[Capture, bytes] | Refusal

STEP = "collect"
PAGES_PER_FEED = 40
GONE = frozenset({404, 410, 451})
_FORMS: tuple[tuple[str, Form], ...] = (
    ("html", "html"),
    ("pdf", "pdf"),
    ("rss", "feed"),
    ("atom", "feed"),
    ("xml", "feed"),
    ("json", "json"),
    ("text/plain", "text"),
)


class Memory(Protocol):
    """What a collector remembers between runs: pages seen, and each feed's validators."""

    def has(self, url: str) -> bool: ...
    def remember(self, url: str, now: str) -> None: ...
    def validators(self, feed: str) -> tuple[str | None, str | None]: ...
    def fetched(self, feed: str, etag: str | None, modified: str | None, now: str) -> None: ...


class ShortMemory:
    """A memory that lasts as long as the process."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.feeds: dict[str, tuple[str | None, str | None]] = {}

    def has(self, url: str) -> bool:
        return url in self.pages

    def remember(self, url: str, now: str) -> None:
        self.pages.setdefault(url, now)

    def validators(self, feed: str) -> tuple[str | None, str | None]:
        return self.feeds.get(feed, (None, None))

    def fetched(self, feed: str, etag: str | None, modified: str | None, now: str) -> None:
        self.feeds[feed] = (etag, modified)


def collect(
    rules: Rules, web: Web, memory: Memory, now: Callable[[], str], *, pages_per_feed: int = PAGES_PER_FEED
) -> Iterator[Found]:
    """Captures of every source's feeds and of the pages that they link and we have not seen, with their
    bytes, or refusals. Sources in the order of their ids; a broken one does not stop the others."""
    for source in sorted(rules.sources.values(), key=lambda one: one.id):
        for feed in source.feeds:
            yield from _feed(source, feed.url, web, memory, now, pages_per_feed)


def _feed(source: Source, url: str, web: Web, memory: Memory, now: Callable[[], str], most: int) -> Iterator[Found]:
    """One feed and its new pages."""
    etag, modified = memory.validators(url)
    answer = web.get(url, etag=etag, modified=modified, allow_private=source.allow_private)
    if isinstance(answer, Refusal):
        yield Refusal(url, STEP, answer.reason)
        return
    if answer.status == 304:
        return
    if answer.status != 200:
        yield Refusal(url, STEP, f"status: expected a feed, found status {answer.status}")
        return
    linked = links(answer.body, answer.url)
    if not linked:
        yield Refusal(url, STEP, f"feed: no entry with a link in {len(answer.body)} bytes")
        return
    yield _capture(source, answer, "feed", now())
    fresh = [page for page in linked if not memory.has(page)]
    settled = len(fresh) <= most
    for page in fresh[:most]:
        settled &= yield from _page(source, page, web, memory, now)
    kept = (answer.etag, answer.modified) if settled else (None, None)
    memory.fetched(url, *kept, now())


def _page(source: Source, url: str, web: Web, memory: Memory, now: Callable[[], str]) -> Generator[Found, None, bool]:
    """One page; returns whether it is settled, so that it need not be asked for again."""
    answer = web.get(url, allow_private=source.allow_private)
    if isinstance(answer, Refusal):
        yield Refusal(url, STEP, answer.reason)
        return _is_final(answer)
    if answer.status != 200:
        yield Refusal(url, STEP, f"status: expected a page, found status {answer.status}")
        if answer.status in GONE:
            memory.remember(url, now())
        return answer.status in GONE
    yield _capture(source, answer, form_of(answer.content_type), now())
    memory.remember(url, now())
    return True


def _is_final(refusal: Refusal) -> bool:
    """Whether asking again soon would be of no use."""
    return not refusal.reason.startswith(("busy", "too-slow", "network", "name", "tls", "robots"))


def _capture(source: Source, answer: Fetched, form: Form, now: str) -> tuple[Capture, bytes]:
    return (
        Capture(
            seen=now,
            source=source.id,
            url=answer.url,
            status=answer.status,
            body=digest(answer.body),
            form=form,
            input=answer.asked,
        ),
        answer.body,
    )


def links(body: bytes, base: str) -> list[str]:
    """The addresses of a feed's entries, absolute, each once, in the feed's order. A broken feed gives
    what can be read of it; what is no feed gives none."""
    try:
        entries = feedparser.parse(io.BytesIO(body), sanitize_html=False).entries
    except Exception:  # feedparser promises not to raise, and sometimes does on malformed input
        return []
    found: dict[str, None] = {}
    for entry in entries:
        link = entry.get("link")
        if isinstance(link, str) and link.strip():
            address = _absolute(base, link.strip())
            if address:
                found.setdefault(address)
    return list(found)


def _absolute(base: str, link: str) -> str | None:
    try:
        address = urldefrag(urljoin(base, link)).url
    except ValueError:
        return None
    return address if address.startswith(("http://", "https://")) else None


def form_of(content_type: str | None) -> Form:
    """The form that a content type tells; HTML where it tells none."""
    stated = (content_type or "").lower()
    return next((form for sign, form in _FORMS if sign in stated), "html")
