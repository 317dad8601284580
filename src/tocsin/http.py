"""The only socket out: polite, bounded, and deaf to private addresses.

A name is resolved once, every address that it has is checked, and the connection goes to a checked
address while `Host` and TLS keep the name: between check and connection nothing can be rebound. Every
redirect is checked anew. Whatever a peer does, `Web.get` and `Web.post` return a record or a refusal; they
never raise.
"""

from __future__ import annotations

import datetime
import email.utils
import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import SplitResult, urljoin, urlsplit

import httpcore
import httpx
from protego import Protego

from tocsin import __version__
from tocsin.records import Refusal

Resolve: TypeAlias = Callable[[str, int], Sequence[str]]
Origin: TypeAlias = tuple[str, int]
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

STEP = "fetch"
AGENT = "Tocsin"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 503})
_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a peer we bear. `body` and `robots` in bytes after unpacking, `ratio` unpacked to packed
    bytes once `ratio_free` bytes are out, times in seconds; `wait` is the longest that we wait for a turn."""

    body: int = 8 << 20
    robots: int = 512 << 10
    ratio: int = 200
    ratio_free: int = 1 << 20
    connect: float = 10.0
    seconds: float = 30.0
    redirects: int = 5
    delay: float = 2.0
    wait: float = 60.0
    robots_kept: float = 86400.0
    ports: frozenset[int] = frozenset({80, 443})


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `url` is where it came from after redirects; `body` is unpacked, empty for a 304."""

    asked: str
    url: str
    status: int
    body: bytes
    content_type: str | None
    etag: str | None
    modified: str | None
    retry_after: float | None


@dataclass(frozen=True, slots=True)
class _Sending:
    """The body of a message on its way out."""

    body: bytes


class _Denied(Exception):
    """Why a request was not made or its answer not taken: 'name: sentence'."""


def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a name, by the system's resolver."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """Whether an address lies in the open internet, whatever IPv6 form an IPv4 address hides in."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(one.is_global and not one.is_multicast and not one.is_reserved for one in _meant(found))


def _meant(address: Address) -> Iterable[Address]:
    """The address that packets would reach: the embedded one for mapped, 6to4, Teredo and NAT64 forms."""
    if isinstance(address, ipaddress.IPv4Address):
        return (address,)
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address.sixtofour:
        return (address, address.sixtofour)
    if address.teredo:
        return (address, *address.teredo)
    if address in _NAT64:
        return (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF),)
    return (address,)


class _Stream(httpcore.NetworkStream):
    """A connection that ends at its deadline, however slowly its peer speaks."""

    def __init__(self, stream: httpcore.NetworkStream, left: Callable[[], float]) -> None:
        self._stream, self._left = stream, left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._bounded(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._bounded(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._bounded(timeout)), self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _bounded(self, timeout: float | None) -> float:
        left = self._left()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for this answer is up")
        return left if timeout is None else min(left, timeout)


class _Pinned(httpcore.NetworkBackend):
    """Connects to checked addresses only. `private` are the origins that may be private in this request."""

    def __init__(self, look_up: Resolve, clock: Callable[[], float]) -> None:
        self._resolve, self._clock = look_up, clock
        self._sockets = httpcore.SyncBackend()
        self.private: frozenset[Origin] = frozenset()
        self.any_private = False
        self.deadline = 0.0

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._sockets.connect_tcp(
            self._address(host, port), port, timeout, local_address, list(socket_options or ())
        )
        return _Stream(stream, lambda: self.deadline - self._clock())

    def _address(self, host: str, port: int) -> str:
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise _Denied(f"name: {host} can't be resolved ({error})") from error
        if not found:
            raise _Denied(f"name: {host} has no address")
        if not (self.any_private or (host, port) in self.private):
            for address in found:
                if not is_public(address):
                    raise _Denied(f"private-address: {host} is {address}, which is not in the open internet")
        return found[0]


class _Transport(httpx.HTTPTransport):
    """httpx's transport over the pinned backend. No connection is kept: each request is checked afresh."""

    def __init__(self, backend: _Pinned, context: ssl.SSLContext) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, max_keepalive_connections=0, network_backend=backend, http1=True, http2=False
        )


@dataclass(slots=True)
class _Host:
    """What we owe one host: the earliest time of the next request, and what its robots.txt says."""

    next_turn: float = 0.0
    delay: float = 0.0
    robots: Protego | None = None
    robots_until: float = -1.0
    robots_denied: str | None = None


@dataclass(frozen=True, slots=True)
class _Target:
    """An address that may be asked."""

    url: str
    parts: SplitResult
    origin: Origin


@dataclass(slots=True)
class _Unpacked:
    """A body as it comes in, unpacked and measured."""

    bounds: Bounds
    limit: int
    unpacker: Any
    raw: int = 0
    body: bytearray = field(default_factory=bytearray)

    def add(self, chunk: bytes) -> None:
        self.raw += len(chunk)
        if self.unpacker is None:
            self.body += chunk
        else:
            while chunk:
                self.body += self.unpacker.decompress(chunk, 1 << 16)
                self.check()
                chunk = self.unpacker.unconsumed_tail
        self.check()

    def check(self) -> None:
        size = len(self.body)
        if size > self.limit:
            raise _Denied(f"too-large: more than {self.limit} bytes")
        if size > self.bounds.ratio_free and size > self.bounds.ratio * self.raw:
            raise _Denied(f"bomb: {self.raw} packed bytes became {size}")


class Web:
    """Fetches pages, one at a time. `clock` counts seconds, `sleep` waits, `today` is the date for
    Retry-After; all are given so that tests need no waiting. `allow_private` opens private addresses for
    every request (a test home); `get` can open the one that its own URL names."""

    def __init__(
        self,
        allow_private: bool = False,
        *,
        bounds: Bounds | None = None,
        contact: str = "",
        resolve: Resolve = resolve,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        today: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC),
    ) -> None:
        self._bounds = bounds or Bounds()
        self._clock, self._sleep, self._today = clock, sleep, today
        self._backend = _Pinned(resolve, clock)
        self._backend.any_private = allow_private
        self._hosts: dict[Origin, _Host] = {}
        self._agent = f"{AGENT}/{__version__}" + (f" (+{contact})" if contact else "")
        context = httpx.create_ssl_context(trust_env=False)
        self._client = httpx.Client(
            transport=_Transport(self._backend, context),
            headers={"User-Agent": self._agent, "Accept-Encoding": "gzip, deflate"},
            timeout=httpx.Timeout(self._bounds.seconds, connect=self._bounds.connect),
            trust_env=False,
        )

    def __enter__(self) -> Web:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def get(
        self, url: str, *, etag: str | None = None, modified: str | None = None, allow_private: bool = False
    ) -> Fetched | Refusal:
        """The answer at an address, whatever its status, or a refusal whose reason starts with its name:
        address, port, private-address, name, robots, busy, redirects, too-large, too-slow, bomb, encoding,
        tls, network. With `etag` or `modified` of an earlier answer the status may be 304."""
        conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
        headers = {name: value for name, value in conditions.items() if value}
        try:
            first = _split(url)
            private = frozenset({first.origin}) if allow_private else frozenset()
            return self._follow(url, headers, private)
        except _Denied as denied:
            return Refusal(url, STEP, str(denied))

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool = False
    ) -> Fetched | Refusal:
        """What a peer answers to a message for it, without the answer's body; the refusals are those of `get`.

        A message is sent once, to the address that was given: a redirect is an answer like any other and is
        not followed. The address is checked at the connection, as for `get`; robots.txt is not asked, since
        nobody is sent a message who did not ask for it.
        """
        try:
            first = _split(url)
            private = frozenset({first.origin}) if allow_private else frozenset()
            target = self._checked(url, private)
            return self._once(target, dict(headers), private, _Sending(body))[0]
        except _Denied as denied:
            return Refusal(url, "post", str(denied))

    def _follow(self, asked: str, headers: dict[str, str], private: frozenset[Origin]) -> Fetched:
        """The answer after all redirects, each of which is checked like the first address."""
        url = asked
        for _ in range(self._bounds.redirects + 1):
            target = self._checked(url, private)
            self._ask_robots(target, private)
            self._take_turn(target.origin)
            answer, location = self._once(target, headers, private, self._bounds.body)
            if answer.status not in _REDIRECTS or not location:
                return Fetched(**{**_fields(answer), "asked": asked})
            url = _joined(target.url, location)
        raise _Denied(f"redirects: more than {self._bounds.redirects}, the last to {url}")

    def _checked(self, url: str, private: frozenset[Origin]) -> _Target:
        target = _split(url)
        open_to_all = self._backend.any_private or target.origin in private
        if target.origin[1] not in self._bounds.ports and not open_to_all:
            raise _Denied(f"port: {target.origin[1]} is none that pages are served on")
        return target

    def _once(
        self, target: _Target, headers: dict[str, str], private: frozenset[Origin], wanted: int | _Sending
    ) -> tuple[Fetched, str | None]:
        """One request without redirects, and where it points to: a message to send, or how much may come back."""
        self._backend.private = private
        self._backend.deadline = self._clock() + self._bounds.seconds
        method, content = ("POST", wanted.body) if isinstance(wanted, _Sending) else ("GET", None)
        try:
            with self._client.stream(method, target.url, headers=headers, content=content) as response:
                body = b"" if isinstance(wanted, _Sending) else self._read(response, wanted)
                answer = self._answer(target, response, body)
                return answer, response.headers.get("location")
        except (httpx.TimeoutException, httpcore.TimeoutException) as error:
            raise _Denied(f"too-slow: no whole answer within {self._bounds.seconds:g} s") from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, zlib.error) as error:
            raise _Denied(_named(error)) from error
        finally:
            self._client.cookies.clear()  # nobody is to recognise us
            self._host(target.origin).next_turn = max(
                self._host(target.origin).next_turn,
                self._clock() + max(self._bounds.delay, self._host(target.origin).delay),
            )

    def _read(self, response: httpx.Response, limit: int) -> bytes:
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise _Denied(f"encoding: {encoding[:40]!r} was not asked for")
        unpacker = None if encoding in ("", "identity") else zlib.decompressobj(47)
        incoming = _Unpacked(self._bounds, limit, unpacker)
        for chunk in response.iter_raw():
            incoming.add(chunk)
            if self._clock() > self._backend.deadline:
                raise _Denied(f"too-slow: no whole answer within {self._bounds.seconds:g} s")
        return bytes(incoming.body)

    def _answer(self, target: _Target, response: httpx.Response, body: bytes) -> Fetched:
        """The record of an answer; a host that is busy is left alone for as long as it says."""
        retry_after = _seconds(response.headers.get("retry-after"), self._today())
        if response.status_code in _BUSY:
            self._host(target.origin).next_turn = self._clock() + (retry_after or self._bounds.wait)
        return Fetched(
            asked=target.url,
            url=target.url,
            status=response.status_code,
            body=body,
            content_type=response.headers.get("content-type"),
            etag=response.headers.get("etag"),
            modified=response.headers.get("last-modified"),
            retry_after=retry_after,
        )

    def _host(self, origin: Origin) -> _Host:
        return self._hosts.setdefault(origin, _Host())

    def _take_turn(self, origin: Origin) -> None:
        wait = self._host(origin).next_turn - self._clock()
        if wait > self._bounds.wait:
            raise _Denied(f"busy: {origin[0]} asked to be left alone for another {wait:.0f} s")
        if wait > 0:
            self._sleep(wait)

    def _ask_robots(self, target: _Target, private: frozenset[Origin]) -> None:
        """RFC 9309: what is not there allows all, what can't be reached forbids all."""
        host = self._host(target.origin)
        if self._clock() >= host.robots_until:
            self._fetch_robots(target, host, private)
        if host.robots_denied:
            raise _Denied(f"robots: {host.robots_denied}")
        if host.robots is not None and not host.robots.can_fetch(target.url, AGENT):
            raise _Denied(f"robots: {target.origin[0]} does not want {target.parts.path or '/'} fetched")

    def _fetch_robots(self, target: _Target, host: _Host, private: frozenset[Origin]) -> None:
        host.robots, host.robots_denied = None, None
        url = f"{target.parts.scheme}://{target.parts.netloc}/robots.txt"
        try:
            for _ in range(self._bounds.redirects + 1):
                at = self._checked(url, private)
                self._take_turn(at.origin)
                answer, location = self._once(at, {}, private, self._bounds.robots)
                if answer.status not in _REDIRECTS or not location:
                    break
                url = _joined(at.url, location)
        except _Denied as denied:
            if str(denied).startswith(("private-address", "port", "name", "tls", "network")):
                raise
            host.robots_denied = f"{url} could not be read ({denied})"
            host.robots_until = self._clock() + self._bounds.robots_kept / 24
            return
        host.robots_until = self._clock() + self._bounds.robots_kept
        if answer.status >= 500 or answer.status == 429:
            host.robots_denied = f"{url} answers {answer.status}"
            host.robots_until = self._clock() + self._bounds.robots_kept / 24
        elif answer.status == 200:
            host.robots = Protego.parse(answer.body.decode("utf-8", "replace"))
            host.delay = min(float(host.robots.crawl_delay(AGENT) or 0.0), self._bounds.wait)


def _fields(answer: Fetched) -> dict[str, Any]:
    return {name: getattr(answer, name) for name in Fetched.__slots__}


def _split(url: str) -> _Target:
    """An address in its parts. Denied: other schemes than http and https, names and passwords in it."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme.lower(), 0)
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
    except (ValueError, UnicodeError) as error:
        raise _Denied(f"address: {error}") from error
    if parts.scheme.lower() not in _PORTS:
        raise _Denied(f"address: expected http or https, found {parts.scheme[:20]!r}")
    if parts.username is not None or parts.password is not None:
        raise _Denied("address: it carries a name or password")
    if not host:
        raise _Denied("address: it names no host")
    clean = parts._replace(fragment="").geturl()
    return _Target(clean, parts, (host.lower(), port))


def _joined(base: str, location: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError as error:
        raise _Denied(f"address: {error}") from error


def _seconds(header: str | None, today: datetime.datetime) -> float | None:
    """Retry-After in seconds: a number or a date."""
    if not header:
        return None
    if header.strip().isdecimal():
        return float(min(int(header.strip()[:9]), 10**8))
    try:
        then = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=datetime.UTC)
    return max(0.0, (then - today).total_seconds())


def _named(error: BaseException) -> str:
    """An error of the network, with TLS told apart from the rest."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return f"tls: {cause.reason or cause}"
        cause = cause.__cause__ or cause.__context__
    return f"network: {type(error).__name__}: {error}"
