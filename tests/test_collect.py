"""Feeds and the pages that they link: each once, and a broken source never stops the others."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Generator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tocsin.collect.feeds import ShortMemory, collect, form_of, links
from tocsin.http import Bounds, Web
from tocsin.records import Capture, Refusal, digest
from tocsin.rules import Rules
from tocsin.rules.sources import Feed
from world import rules

NOW = "2019-03-25T06:00:00Z"


class Site:
    """A publisher on loopback. `pages` maps paths to (status, content type, body)."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, str, bytes]] = {}
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                status, kind, body = site.pages.get(self.path, (404, "text/plain", b""))
                tag = '"' + digest(body)[7:15] + '"'
                if status == 200 and self.headers["If-None-Match"] == tag:
                    status, body = 304, b""
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("ETag", tag)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def feed(self, path: str, *links: str) -> None:
        items = "".join(f"<item><title>{link}</title><link>{link}</link></item>" for link in links)
        self.pages[path] = (200, "application/rss+xml", f"<rss><channel>{items}</channel></rss>".encode())

    def page(self, path: str, body: str = "a page") -> None:
        self.pages[path] = (200, "text/html; charset=utf-8", f"<p>{body} {path}</p>".encode())


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()
    yield found
    found.server.shutdown()
    found.server.server_close()


def sources(**feeds: str) -> Rules:
    """The rules with these sources alone, each with one feed, on loopback."""
    model = next(iter(rules().sources.values()))
    made = {
        name: dataclasses.replace(model, id=name, feeds=(Feed(url),), allow_private=True) for name, url in feeds.items()
    }
    return dataclasses.replace(rules(), sources=made)


def web() -> Web:
    return Web(bounds=Bounds(delay=0.0, seconds=2.0))


def run(given: Rules, memory: ShortMemory, most: int = 40) -> tuple[list[Capture], list[Refusal]]:
    found = list(collect(given, web(), memory, lambda: NOW, pages_per_feed=most))
    refusals = [one for one in found if isinstance(one, Refusal)]
    captures = [one for one in found if not isinstance(one, Refusal)]
    assert all(capture.body == digest(body) for capture, body in captures)
    return [capture for capture, _ in captures], refusals


def test_a_feed_and_its_pages_come_once(site: Site) -> None:
    site.feed("/feed", "/a", site.address + "/b#top", "/a")
    site.page("/a")
    site.page("/b")
    memory, given = ShortMemory(), sources(one=site.address + "/feed")
    captures, refusals = run(given, memory)
    assert [(c.form, c.url.removeprefix(site.address), c.source, c.seen) for c in captures] == [
        ("feed", "/feed", "one", NOW),
        ("html", "/a", "one", NOW),
        ("html", "/b", "one", NOW),
    ]
    assert refusals == []
    assert run(given, memory) == ([], [])
    site.feed("/feed", "/a", "/b", "/c")
    site.page("/c")
    captures, _ = run(given, memory)
    assert [c.url.removeprefix(site.address) for c in captures] == ["/feed", "/c"]


def test_a_broken_source_stops_no_other(site: Site) -> None:
    site.pages["/gone"] = (410, "text/plain", b"")
    site.pages["/none"] = (200, "text/html", b"<html>no feed</html>")
    site.feed("/feed", "/a", "/missing")
    site.page("/a")
    given = sources(
        a=site.address + "/gone",
        b=site.address + "/none",
        c="http://no-such-host.invalid/feed",
        d=site.address + "/feed",
    )
    captures, refusals = run(given, ShortMemory())
    assert [c.url.removeprefix(site.address) for c in captures] == ["/feed", "/a"]
    assert [r.reason.partition(":")[0] for r in refusals] == ["status", "feed", "name", "status"]
    assert all(r.step == "collect" for r in refusals)


def test_broken_entries_give_what_can_be_read(site: Site) -> None:
    body = (
        b"<rss><channel><item><title>no link</title></item><item><link>javascript:alert(1)</link></item>"
        b"<item><link>http://[broken</link></item><item><link>/a</link></item><item><link>/b & c</link></item>"
        b"<item><link>/cut"
    )
    assert links(body, "http://news.example/feed")[0] == "http://news.example/a"
    assert links(b"", "http://news.example/feed") == []
    assert links(b"\x00\xff\xfe", "http://news.example/feed") == []


def test_an_entity_bomb_is_no_feed() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "boom">{levels}]><rss><channel>&e11;</channel></rss>'
    assert links(bomb.encode(), "http://news.example/feed") == []


def test_what_one_run_leaves_the_next_one_fetches(site: Site) -> None:
    site.feed("/feed", "/a", "/b", "/c")
    for path in ("/a", "/b", "/c"):
        site.page(path)
    memory, given = ShortMemory(), sources(one=site.address + "/feed")
    first, _ = run(given, memory, most=2)
    second, _ = run(given, memory, most=2)
    assert [c.url[-2:] for c in first] == ["ed", "/a", "/b"]
    assert [c.url[-2:] for c in second] == ["ed", "/c"]


def test_a_page_that_fails_for_now_is_asked_for_again_and_one_that_is_gone_is_not(site: Site) -> None:
    site.feed("/feed", "/busy", "/gone")
    site.pages["/busy"] = (500, "text/plain", b"")
    site.pages["/gone"] = (410, "text/plain", b"")
    memory, given = ShortMemory(), sources(one=site.address + "/feed")
    assert len(run(given, memory)[1]) == 2
    site.page("/busy")
    captures, refusals = run(given, memory)
    assert [c.url[-5:] for c in captures] == ["/feed", "/busy"]
    assert refusals == []


def test_a_run_that_stops_remembers_nothing_that_was_not_handed_on(site: Site) -> None:
    site.feed("/feed", "/a", "/b")
    site.page("/a")
    site.page("/b")
    memory, given = ShortMemory(), sources(one=site.address + "/feed")
    stopped = collect(given, web(), memory, lambda: NOW)
    for _ in range(2):  # the feed and the first page, then the power goes
        next(stopped)
    assert isinstance(stopped, Generator)
    stopped.close()
    assert not memory.pages
    assert not memory.feeds
    captures, _ = run(given, memory)
    assert [c.url[-2:] for c in captures] == ["ed", "/a", "/b"]


def test_a_source_that_may_not_stays_outside(site: Site) -> None:
    site.feed("/feed", "/a")
    given = sources(one=site.address + "/feed")
    closed = {name: dataclasses.replace(one, allow_private=False) for name, one in given.sources.items()}
    captures, refusals = run(dataclasses.replace(given, sources=closed), ShortMemory())
    assert captures == []
    assert [r.reason.partition(":")[0] for r in refusals] == ["port"]
    assert site.asked == []


@pytest.mark.parametrize(
    ("content_type", "form"),
    [
        ("text/html; charset=utf-8", "html"),
        ("application/xhtml+xml", "html"),
        ("application/pdf", "pdf"),
        ("application/atom+xml", "feed"),
        ("text/plain", "text"),
        (None, "html"),
        ("application/json", "json"),
    ],
)
def test_a_content_type_tells_the_form(content_type: str | None, form: str) -> None:
    assert form_of(content_type) == form
