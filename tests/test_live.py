"""The watch as it runs, against a real server on loopback: collect, derive, propose."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tocsin import live
from tocsin.home import Home
from tocsin.http import Web
from tocsin.records import Capture, Tick
from world import rule_files

PAGE = """<html lang="en"><head><title>Troops land in Caracas</title>
<meta property="article:published_time" content="2019-03-24T18:00:00Z"></head><body><article>
<h1>Troops land in Caracas</h1><p>Two Russian air force planes landed in Venezuela on Saturday with 99 soldiers, a local
journalist said. An Antonov also brought 35 tons of equipment to the main airport near Caracas.</p>
<p>The Russian Foreign Ministry denied that Russia had sent troops to Venezuela.</p></article></body></html>"""


class Outlet(BaseHTTPRequestHandler):
    """A small outlet: robots, one feed with two entries, one of which is gone."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        address = f"http://127.0.0.1:{self.server.server_address[1]}"  # type: ignore[index]
        feed = f"""<rss version="2.0"><channel><title>Outlet</title><link>{address}/</link><description>d</description>
        <item><title>Troops land in Caracas</title><link>{address}/troops</link></item>
        <item><title>Gone</title><link>{address}/gone</link></item></channel></rss>"""
        answers = {"/feed": ("application/rss+xml", feed), "/troops": ("text/html; charset=utf-8", PAGE)}
        kind, text = answers.get(self.path, ("text/plain", ""))
        self.send_response(200 if self.path in answers else 410 if self.path == "/gone" else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def outlet() -> Iterator[str]:
    Outlet.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Outlet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def watch(root: Path, outlet: str, *, allow_private: bool) -> Home:
    """A test home whose only source with a feed is the outlet."""
    kept = {name: data for name, data in rule_files().items() if not name.startswith("sources/")}
    source = f"""id = "outlet"\nname = "The Outlet"\ndomains = ["outlet.example"]\ncountry = "NLD"\nlanguages = ["en"]
kind = "newspaper"\nowner = "Outlet"\nreliability = "C"\nreliability_why = "made for a test"\ncadence_hours = 24
allow_private = {str(allow_private).lower()}\n[[feeds]]\nurl = "{outlet}/feed"\n[examples]
match = ["https://outlet.example/1", "The Outlet"]\nnot = ["https://other.example/1", "Another"]\n"""
    return Home.create(root, "test", "test", kept | {"sources/outlet.toml": source.encode()}, "2019-03-24T19:00:00Z")


def clock() -> str:
    return "2019-03-24T20:00:00Z"


def polite() -> Web:
    return Web(sleep=lambda _: None)


def test_a_round_collects_derives_and_proposes(tmp_path: Path, outlet: str) -> None:
    home = watch(tmp_path / "home", outlet, allow_private=True)
    (proposals,) = live.rounds(home, polite, clock, jobs=1, every=None)
    entries = [entry for _, entry in home.archive.entries()]
    assert {e.url for e in entries if isinstance(e, Capture)} >= {f"{outlet}/feed", f"{outlet}/troops"}
    assert isinstance(entries[-1], Tick)
    assert [(b.area, b.status) for b in proposals if b.area == "venezuela"] == [("venezuela", "proposed")]
    told = b"".join(home.ledger.export())
    assert b"99 soldiers" in told


def test_a_page_is_fetched_once(tmp_path: Path, outlet: str) -> None:
    home = watch(tmp_path / "home", outlet, allow_private=True)
    live.collect(home, polite, clock)
    live.collect(home, polite, clock)
    assert Outlet.asked.count("/troops") == 1
    assert "/robots.txt" in Outlet.asked


def test_loopback_is_refused_unless_the_source_allows_it(tmp_path: Path, outlet: str) -> None:
    home = watch(tmp_path / "home", outlet, allow_private=False)
    counts = live.collect(home, polite, clock)
    assert (counts.captured, Outlet.asked) == (0, [])
    assert counts.refused == 1


def test_what_the_archive_did_not_acknowledge_is_fetched_again(
    tmp_path: Path, outlet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = watch(tmp_path / "home", outlet, allow_private=True)

    def lost(items: Any) -> range:
        list(items)
        raise OSError("the disk went away")

    monkeypatch.setattr(Home, "append", lambda self, items: lost(items))
    with pytest.raises(OSError, match="disk"):
        live.collect(home, polite, clock)
    monkeypatch.undo()
    live.collect(home, polite, clock)
    assert Outlet.asked.count("/troops") == 2
    assert any(isinstance(e, Capture) and e.url.endswith("/troops") for _, e in home.archive.entries())
