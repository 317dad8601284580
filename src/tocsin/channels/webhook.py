"""Webhooks by the Standard Webhooks specification: signed, with an id that stays the same at every attempt.

    [channel.webhook]
    allow_private = false         true lets hooks lie on private addresses, and speak http: for tests alone

The receiver takes an id once. Where the connection breaks before its answer it gets the same id again.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import queue
import secrets
import time
from collections.abc import Callable, Sequence

from tocsin import __version__
from tocsin.channels import ChannelError, Later, Message, Outcome, Refused, Sent, Watch
from tocsin.channels.addresses import hook_address
from tocsin.http import Bounds, Fetched, Web
from tocsin.records import Refusal, canonical, plain
from tocsin.rules.reading import Table
from tocsin.state import Subscriber

PREFIX = "whsec_"
_AGENT = f"Tocsin/{__version__} (Standard Webhooks)"
_FOR_GOOD = ("address", "port")  # refusals of `Web` that no later attempt changes


def open_channel(section: Table, watch: Watch) -> Webhook:
    private = section.flag("allow_private")
    if private and watch.status == "actual":
        raise ChannelError("[channel.webhook]: allow_private is for exercises and tests; this home is actual")
    return Webhook(watch, private)


def fresh_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def signature(keys: Sequence[str], message_id: str, timestamp: int, body: bytes) -> str:
    """The header `webhook-signature`: one for each secret, so that a receiver may know either of two.
    Raises ValueError on a secret that is none."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join("v1," + base64.b64encode(hmac.digest(_raw(key), signed, hashlib.sha256)).decode() for key in keys)


def _raw(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError(f"expected {PREFIX} and base64, found another secret") from error


class Webhook:
    """Posts to several hooks at once, to each of them one message after the other."""

    window = 8
    seconds = 20.0  # the specification: 15 to 30 s, and 3xx is a failure
    standing: tuple[Subscriber, ...] = ()
    asks = True

    def __init__(
        self,
        watch: Watch,
        private: bool = False,
        web: Callable[[Bounds], Web] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._watch, self.private, self._clock = watch, private, clock
        self._made = web or (lambda bounds: Web(allow_private=private, bounds=bounds, contact=watch.address))
        self._webs: queue.SimpleQueue[Web] = queue.SimpleQueue()  # idle; as many come to be as were needed at once

    def address(self, text: str) -> str | None:
        return hook_address(text, insecure=self.private)

    async def send(self, message: Message) -> Outcome:
        if self.address(message.subscriber.address) is None:
            return Refused("the address can't be one of a hook", gone=True)
        body = canonical(self._payload(message))
        answer = await asyncio.to_thread(self._post, message.subscriber.address, body, self._headers(message, body))
        return judged(answer)

    async def close(self) -> None:
        """Each message has a connection of its own: there is nothing to end."""

    def _payload(self, message: Message) -> dict[str, object]:
        if message.bulletin is None:
            link = self._watch.links.subscription(message.subscriber.id)
            data: object = {"watch": self._watch.name, "status": self._watch.status, "confirm": link}
            return {"type": "subscription.asked", "timestamp": message.now, "data": data}
        bulletin = message.bulletin
        return {"type": f"bulletin.{bulletin.kind}", "timestamp": bulletin.issued, "data": plain(bulletin)}

    def _headers(self, message: Message, body: bytes) -> dict[str, str]:
        stamp = int(self._clock())  # the receiver's time, by which it refuses what is old; not that of an exercise
        keys = self._watch.register.secrets(message.subscriber.id, message.now)
        return {
            "Content-Type": "application/json",
            "User-Agent": _AGENT,
            "webhook-id": message.delivery.message_id,
            "webhook-timestamp": str(stamp),
            "webhook-signature": signature(keys, message.delivery.message_id, stamp, body),
        }

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> Fetched | Refusal:
        try:
            web = self._webs.get_nowait()
        except queue.Empty:
            web = self._made(Bounds(seconds=self.seconds, delay=0.0, ports=frozenset({443})))
        try:
            return web.post(url, body, headers)
        finally:
            self._webs.put(web)


def judged(answer: Fetched | Refusal) -> Outcome:
    """2xx is success, 410 the end, everything else a failure that may pass; Retry-After is kept."""
    if isinstance(answer, Refusal):
        for_good = answer.reason.partition(":")[0] in _FOR_GOOD
        return Refused(answer.reason) if for_good else Later(answer.reason)
    if 200 <= answer.status < 300:
        return Sent()
    if answer.status == 410:
        return Refused("410 Gone", gone=True)
    return Later(f"answered {answer.status}", after=answer.retry_after)
