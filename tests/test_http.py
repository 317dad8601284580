"""The one socket out: polite, bounded, no private addresses, and never an exception."""

from __future__ import annotations

import datetime
import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

import httpcore
import pytest

from tocsin.http import Bounds, Fetched, Web, is_public
from tocsin.records import Refusal

Answer: TypeAlias = Callable[[BaseHTTPRequestHandler], None]


class Peer:
    """A real server on loopback whose paths answer as the test says; it keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                peer.asked.append((self.path, dict(self.headers)))
                peer.answers.get(self.path, reply(404))(self)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.do_GET()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.port = self.server.server_address[1]
        self.address = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]


def reply(status: int = 200, body: bytes = b"", **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def endless(piece: bytes, pause: float = 0.0) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(20000):
                handler.wfile.write(piece)
                handler.wfile.flush()
                threading.Event().wait(pause)
        except OSError:
            pass

    return answer


class Clock:
    """Seconds that pass only by sleeping."""

    def __init__(self) -> None:
        self.now, self.slept = 1000.0, []

    now: float
    slept: list[float]

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def peer() -> Iterator[Peer]:
    found = Peer()
    yield found
    found.server.shutdown()
    found.server.server_close()


def web(**given: Any) -> Web:
    clock = given.pop("clock", None) or Clock()
    given.setdefault("bounds", Bounds(delay=0.0))
    return Web(clock=clock, sleep=clock.sleep, **given)


def refused(answer: Fetched | Refusal) -> str:
    assert isinstance(answer, Refusal), answer
    assert answer.step == "fetch"
    return answer.reason.partition(":")[0]


def fetched(answer: Fetched | Refusal) -> Fetched:
    assert isinstance(answer, Fetched), answer
    return answer


def test_a_page_comes_with_its_validators_and_we_say_who_we_are(peer: Peer) -> None:
    peer.answers["/a"] = reply(body=b"news", ETag='"1"', Last_Modified="Mon, 25 Mar 2019 00:00:00 GMT")
    answer = fetched(web(contact="watch@example.org").get(peer.address + "/a#part", allow_private=True))
    assert (answer.status, answer.body, answer.etag) == (200, b"news", '"1"')
    assert answer.url == peer.address + "/a"
    agent = peer.asked[-1][1]["User-Agent"]
    assert agent.startswith("Tocsin/")
    assert "watch@example.org" in agent


def test_an_unchanged_page_is_a_304_without_body(peer: Peer) -> None:
    peer.answers["/a"] = lambda h: reply(304 if h.headers["If-None-Match"] == '"1"' else 200)(h)
    answer = fetched(web().get(peer.address + "/a", etag='"1"', allow_private=True))
    assert (answer.status, answer.body) == (304, b"")


def test_loopback_is_refused_unless_this_source_may(peer: Peer) -> None:
    peer.answers["/a"] = reply(body=b"inside")
    ports = Bounds(delay=0.0, ports=frozenset({80, 443, peer.port}))
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"):
        assert refused(web(bounds=ports).get(f"http://{host}:{peer.port}/a")) == "private-address", host
    assert peer.asked == []
    assert fetched(web(allow_private=True).get(peer.address + "/a")).body == b"inside"


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "172.16.0.9",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "::",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "none",
    ],
)
def test_no_private_address_counts_as_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    answer = web(resolve=lambda host, port: ["93.184.216.34", "10.0.0.1"]).get("http://news.example/a")
    assert refused(answer) == "private-address"


def test_a_name_that_is_rebound_after_the_check_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is public when it is checked and loopback ever after: the connection goes to the address that
    was checked, and the next connection is checked anew."""
    connected: list[str] = []

    class Sockets(httpcore.SyncBackend):
        def connect_tcp(self, host: str, *_: Any, **__: Any) -> httpcore.NetworkStream:
            connected.append(host)
            raise httpcore.ConnectError("nothing is fetched from there in a test")

    monkeypatch.setattr(httpcore, "SyncBackend", Sockets)
    answers = [["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]]
    one = web(resolve=lambda host, port: answers.pop(0))
    assert refused(one.get("http://news.example/a")) == "network"
    assert refused(one.get("http://news.example/a")) == "private-address"
    assert connected == ["93.184.216.34"]


def test_the_connection_goes_to_the_address_that_was_checked_and_keeps_the_name(peer: Peer) -> None:
    peer.answers["/a"] = reply(body=b"inside")
    open_to_it = web(allow_private=True, resolve=lambda host, port: ["127.0.0.1"])
    assert fetched(open_to_it.get(f"http://news.example:{peer.port}/a")).body == b"inside"
    assert peer.asked[-1][1]["Host"] == f"news.example:{peer.port}"


def test_a_redirect_from_an_allowed_host_to_another_private_one_is_refused(peer: Peer) -> None:
    peer.answers["/a"] = reply(302, Location=f"http://127.0.0.1:{peer.port}/secret")
    peer.answers["/secret"] = reply(body=b"secret")
    bounds = Bounds(delay=0.0, ports=frozenset({peer.port}))
    answer = web(bounds=bounds).get(f"http://localhost:{peer.port}/a", allow_private=True)
    assert refused(answer) == "private-address"
    assert peer.paths() == ["/a"]


def test_a_redirect_is_followed_and_told(peer: Peer) -> None:
    peer.answers["/a"] = reply(301, Location="/b")
    peer.answers["/b"] = reply(body=b"here")
    answer = fetched(web().get(peer.address + "/a", allow_private=True))
    assert (answer.asked, answer.url, answer.body) == (peer.address + "/a", peer.address + "/b", b"here")


def test_a_redirect_loop_ends(peer: Peer) -> None:
    peer.answers["/a"] = reply(302, Location="/a")
    assert refused(web().get(peer.address + "/a", allow_private=True)) == "redirects"
    assert len(peer.paths()) == Bounds().redirects + 1


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://example.org/", "ftp://example.org/a"])
def test_a_redirect_out_of_the_web_is_refused(peer: Peer, target: str) -> None:
    peer.answers["/a"] = reply(302, Location=target)
    assert refused(web().get(peer.address + "/a", allow_private=True)) == "address"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("file:///etc/passwd", "address"),
        ("http://user:secret@example.org/", "address"),
        ("http:///a", "address"),
        ("http://[::1", "address"),
        ("http://example.org:99999/", "address"),
        ("not an address", "address"),
        ("http://example.org:22/", "port"),
        ("http://exa mple.org/", "network"),
        ("http://" + "a" * 300 + ".example/", "address"),
    ],
)
def test_addresses_that_are_none_are_refused(url: str, name: str) -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    assert refused(web(resolve=nowhere).get(url)) in (name, "name")


def test_robots_txt_decides(peer: Peer) -> None:
    peer.answers["/robots.txt"] = reply(body=b"User-agent: *\nDisallow: /private\nAllow: /private/open\n")
    peer.answers["/private/open"] = reply(body=b"open")
    one = web()
    assert refused(one.get(peer.address + "/private/a", allow_private=True)) == "robots"
    assert fetched(one.get(peer.address + "/private/open", allow_private=True)).body == b"open"
    assert peer.paths() == ["/private/open"]
    assert [path for path, _ in peer.asked].count("/robots.txt") == 1


def test_a_robots_txt_that_fails_forbids(peer: Peer) -> None:
    peer.answers["/robots.txt"] = reply(503)
    peer.answers["/a"] = reply(body=b"a")
    assert refused(web().get(peer.address + "/a", allow_private=True)) == "robots"
    assert peer.paths() == []


def test_requests_to_one_host_keep_their_distance(peer: Peer) -> None:
    peer.answers["/robots.txt"] = reply(body=b"User-agent: *\nCrawl-delay: 7\n")
    peer.answers["/a"] = reply(body=b"a")
    clock = Clock()
    one = web(clock=clock, bounds=Bounds(delay=2.0))
    for _ in range(3):
        fetched(one.get(peer.address + "/a", allow_private=True))
    assert clock.slept == [2.0, 7.0, 7.0]


def test_a_busy_host_is_left_alone_for_as_long_as_it_says(peer: Peer) -> None:
    clock = Clock()
    peer.answers["/a"] = reply(429, Retry_After="600")
    one = web(clock=clock)
    assert fetched(one.get(peer.address + "/a", allow_private=True)).retry_after == 600.0
    assert refused(one.get(peer.address + "/b", allow_private=True)) == "busy"
    clock.now += 601
    assert fetched(one.get(peer.address + "/b", allow_private=True)).status == 404


def test_retry_after_may_be_a_date(peer: Peer) -> None:
    peer.answers["/a"] = reply(503, Retry_After="Mon, 25 Mar 2019 00:01:30 GMT")
    today = datetime.datetime(2019, 3, 25, tzinfo=datetime.UTC)
    answer = fetched(web(today=lambda: today).get(peer.address + "/a", allow_private=True))
    assert answer.retry_after == 90.0


def test_an_endless_body_is_cut(peer: Peer) -> None:
    peer.answers["/a"] = endless(b"x" * 65536)
    small = Bounds(delay=0.0, body=1 << 20)
    assert refused(web(bounds=small).get(peer.address + "/a", allow_private=True)) == "too-large"


def test_a_packed_page_is_unpacked_and_a_bomb_is_not(peer: Peer) -> None:
    peer.answers["/a"] = reply(body=gzip.compress(b"news " * 100), Content_Encoding="gzip")
    peer.answers["/bomb"] = reply(body=gzip.compress(bytes(200 << 20)), Content_Encoding="gzip")
    peer.answers["/br"] = reply(body=b"?", Content_Encoding="br")
    peer.answers["/broken"] = reply(body=b"\x1f\x8bnot so", Content_Encoding="gzip")
    one = web(bounds=Bounds(delay=0.0, body=64 << 20))
    assert fetched(one.get(peer.address + "/a", allow_private=True)).body == b"news " * 100
    assert refused(one.get(peer.address + "/bomb", allow_private=True)) == "bomb"
    assert refused(one.get(peer.address + "/br", allow_private=True)) == "encoding"
    assert refused(one.get(peer.address + "/broken", allow_private=True)) == "network"


def test_a_slow_peer_is_given_up(peer: Peer) -> None:
    """Each byte comes in time, the whole does not: only a deadline for all of it helps."""
    peer.answers["/robots.txt"] = reply(404)
    peer.answers["/body"] = endless(b"x", pause=0.02)
    quick = Web(bounds=Bounds(delay=0.0, seconds=0.3))
    assert refused(quick.get(peer.address + "/body", allow_private=True)) == "too-slow"


def test_a_peer_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        quick = Web(bounds=Bounds(delay=0.0, seconds=0.2))
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/a"
        assert refused(quick.get(address, allow_private=True)) in ("too-slow", "robots")


def test_a_peer_that_speaks_nonsense_is_a_refusal() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def babble() -> None:
            for _ in range(2):
                connection, _ = server.accept()
                connection.recv(4096)
                connection.sendall(b"\x00\xffHTTP? no.\r\n\r\n")
                connection.close()

        threading.Thread(target=babble, daemon=True).start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a"
        assert refused(Web(bounds=Bounds(delay=0.0, seconds=2)).get(address, allow_private=True)) == "network"


def test_a_peer_without_proper_tls_is_a_refusal(peer: Peer) -> None:
    answer = web().get(f"https://127.0.0.1:{peer.port}/a", allow_private=True)
    assert refused(answer) in ("tls", "network")
    assert issubclass(ssl.SSLError, OSError)
    assert peer.paths() == []


def test_a_closed_port_is_a_refusal() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert refused(web().get(f"http://127.0.0.1:{port}/a", allow_private=True)) == "network"


def test_gone_is_an_answer(peer: Peer) -> None:
    peer.answers["/a"] = reply(410)
    assert fetched(web().get(peer.address + "/a", allow_private=True)).status == 410


# ------------------------------------------------------------------ messages out


def test_a_message_is_sent_once_and_a_redirect_is_not_followed(peer: Peer) -> None:
    peer.answers["/hook"] = reply(302, Location=f"{peer.address}/secret")
    answer = web(allow_private=True).post(f"{peer.address}/hook", b"news", {"webhook-id": "m1"})
    assert isinstance(answer, Fetched)
    assert (answer.status, answer.body) == (302, b"")
    assert peer.paths() == ["/hook"]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "https://[::1]/", "http://169.254.169.254/latest", "https://user:word@hook.example/"]
)
def test_no_message_goes_to_a_private_address(url: str) -> None:
    assert isinstance(web().post(url, b"news", {}), Refusal)


def test_a_hook_whose_name_is_rebound_is_refused_at_the_connection(peer: Peer) -> None:
    answers = iter([["93.184.215.14"], ["127.0.0.1"]])
    rebound = web(
        resolve=lambda host, port: next(answers), bounds=Bounds(ports=frozenset({443, peer.port}), connect=0.01)
    )
    rebound.post(f"http://hook.example:{peer.port}/", b"one", {})  # a public address, which nobody here reaches
    second = rebound.post(f"http://hook.example:{peer.port}/", b"two", {})
    assert isinstance(second, Refusal)
    assert second.reason.startswith("private-address")
    assert peer.asked == []


def test_an_answer_to_a_message_is_not_read(peer: Peer) -> None:
    peer.answers["/hook"] = endless(b"x" * 65536)
    answer = web(allow_private=True).post(f"{peer.address}/hook", b"news", {})
    assert isinstance(answer, Fetched)
    assert (answer.status, answer.body) == (200, b"")
