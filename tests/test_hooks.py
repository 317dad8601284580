"""Webhooks by the Standard Webhooks specification, and the ping to a WebSub hub."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from test_http import Peer, reply
from test_outgoing import bulletin, subscriber
from tocsin.channels import Channel, ChannelError, Later, Message, Outcome, Refused, Sent, Watch
from tocsin.channels.webhook import Webhook, fresh_secret, signature
from tocsin.http import Bounds, Web
from tocsin.records import plain
from tocsin.state import Subscriber
from watches import NOW, channel, message, watch
from world import EVAL, needs_eval

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
OTHER = "whsec_" + base64.b64encode(b"o" * 32).decode()


class Hook(Peer):
    """A peer that keeps the bodies of what it was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.bodies: list[bytes] = []
        handler: Any = self.server.RequestHandlerClass
        hook = self

        def take(self: Any) -> None:
            hook.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.do_GET()

        handler.do_POST = take


@pytest.fixture
def hook() -> Iterator[Hook]:
    found = Hook()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def found(tmp_path: Path) -> Watch:
    return watch(tmp_path, status="exercise")


def send(opened: Channel, one: Message) -> Outcome:
    return asyncio.run(opened.send(one))


def entered(found: Watch, address: str, *secrets: str) -> Subscriber:
    made = subscriber(id="hook", channel="webhook", address=address)
    assert found.register.add(made)
    for n, secret in enumerate(secrets or (SECRET,)):
        found.register.add_secret("hook", secret, f"2026-01-01T00:00:0{n}Z", "2026-01-03T00:00:00Z")
    return made


def good(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """A receiver's check, written from the specification."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return wanted in headers["webhook-signature"].split(" ")


@needs_eval
def test_the_published_vector_comes_out() -> None:
    vector = json.loads((EVAL / "publish" / "webhooks" / "standard_webhooks_v1.json").read_text("utf-8"))
    made = signature([vector["secret"]], vector["msg_id"], vector["timestamp"], vector["payload"].encode())
    assert made == vector["signature"]


def test_a_message_is_signed_and_says_all_that_was_signed(hook: Hook, found: Watch) -> None:
    hook.answers["/in"] = reply(204)
    told = message(entered(found, f"{hook.address}/in"), bulletin(), "2026-01-01T00:00:05Z")
    assert send(channel(found, "webhook", allow_private=True), told) == Sent()
    ((_, headers),), (body,) = hook.asked, hook.bodies
    lower = {name.lower(): value for name, value in headers.items()}
    assert good(SECRET, lower, body)
    assert not good(OTHER, lower, body)
    assert not good(SECRET, lower, body.replace(b'"level":3', b'"level":5'))
    assert lower["webhook-id"] == told.delivery.message_id
    assert "." not in lower["webhook-id"]
    assert json.loads(body) == {"type": "bulletin.update", "timestamp": NOW, "data": plain(bulletin())}


def test_in_the_overlap_both_secrets_sign_and_after_it_the_new_one(hook: Hook, found: Watch) -> None:
    hook.answers["/in"] = reply(200)
    known = entered(found, f"{hook.address}/in", OTHER, SECRET)
    opened = channel(found, "webhook", allow_private=True)
    send(opened, message(known, bulletin(), "2026-01-02T23:59:59Z"))
    send(opened, message(known, bulletin(), "2026-01-03T00:00:00Z"))
    checks = [
        [good(secret, {name.lower(): value for name, value in headers.items()}, body) for secret in (SECRET, OTHER)]
        for (_, headers), body in zip(hook.asked, hook.bodies, strict=True)
    ]
    assert checks == [[True, True], [True, False]]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (reply(200), Sent()),
        (reply(202), Sent()),
        (reply(410), Refused("410 Gone", gone=True)),
        (reply(404), Later("answered 404")),
        (reply(500), Later("answered 500")),
        (reply(429, Retry_After="120"), Later("answered 429", after=120.0)),
        (reply(503, Retry_After="7200"), Later("answered 503", after=7200.0)),
        (reply(301, Location="http://127.0.0.1:9/"), Later("answered 301")),
        (reply(307, Location="http://169.254.169.254/"), Later("answered 307")),
    ],
)
def test_what_an_answer_means(hook: Hook, found: Watch, answer: Any, outcome: Outcome) -> None:
    hook.answers["/in"] = answer
    assert (
        send(channel(found, "webhook", allow_private=True), message(entered(found, f"{hook.address}/in"), bulletin()))
        == outcome
    )
    assert hook.paths() == ["/in"]  # a redirect is a failure by the specification: nothing else was asked


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1/", "https://hook.example:22/", "http://hook.example/", "file:///etc"]
)
def test_an_address_that_must_not_be_posted_to_is_refused_at_sending_too(found: Watch, address: str) -> None:
    outcome = send(channel(found, "webhook"), message(entered(found, address), bulletin()))
    assert isinstance(outcome, Refused)


def test_a_name_that_means_a_private_address_today_is_not_posted_to(hook: Hook, found: Watch) -> None:
    """DNS rebinding: the name was public when it was subscribed; what counts is where the connection goes."""
    opened = Webhook(found, web=lambda bounds: Web(bounds=bounds, resolve=lambda host, port: ["127.0.0.1"]))
    outcome = send(opened, message(entered(found, "https://hook.example/in"), bulletin()))
    assert isinstance(outcome, Later)
    assert outcome.reason.startswith("private-address")
    assert hook.asked == []


def test_a_hook_that_never_answers_is_given_up(found: Watch) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        opened = Webhook(found, True, web=lambda bounds: Web(allow_private=True, bounds=Bounds(seconds=0.2)))
        outcome = send(opened, message(entered(found, address), bulletin()))
    assert isinstance(outcome, Later)
    assert outcome.reason.startswith("too-slow")


def test_the_question_to_a_hook_has_the_link(hook: Hook, found: Watch) -> None:
    hook.answers["/in"] = reply(200)
    asked = entered(found, f"{hook.address}/in")
    send(channel(found, "webhook", allow_private=True), message(asked, None))
    told = json.loads(hook.bodies[0])
    assert told["type"] == "subscription.asked"
    assert told["data"]["confirm"] == found.links.subscription(asked.id)
    assert told["data"]["status"] == "exercise"


def test_private_addresses_are_for_tests(tmp_path: Path) -> None:
    with pytest.raises(ChannelError, match="actual"):
        channel(watch(tmp_path), "webhook", allow_private=True)


def test_fresh_secrets_are_long_and_differ() -> None:
    one, other = fresh_secret(), fresh_secret()
    assert one != other
    assert len(base64.b64decode(one.removeprefix("whsec_"), validate=True)) == 32


# ------------------------------------------------------------------ WebSub


def test_the_hub_is_told_which_feeds_changed(hook: Hook, found: Watch) -> None:
    hook.answers["/hub"] = reply(202)
    opened = channel(found, "websub", hub=f"{hook.address}/hub", allow_private=True)
    (hub,) = opened.standing
    assert send(opened, message(hub, bulletin())) == Sent()
    said = parse_qsl(hook.bodies[0].decode())
    assert said[0] == ("hub.mode", "publish")
    topics = {value for name, value in said if name == "hub.url"}
    assert {"https://watch.example/feed.atom", "https://watch.example/area/korea.rss"} <= topics
    assert topics == {value for name, value in said if name == "hub.topic"}


@pytest.mark.parametrize(("answer", "after"), [(reply(500), None), (reply(503, Retry_After="60"), 60.0)])
def test_a_hub_that_fails_is_asked_again(hook: Hook, found: Watch, answer: Any, after: float | None) -> None:
    hook.answers["/hub"] = answer
    opened = channel(found, "websub", hub=f"{hook.address}/hub", allow_private=True)
    outcome = send(opened, message(opened.standing[0], bulletin()))
    assert isinstance(outcome, Later)
    assert outcome.after == after


@pytest.mark.parametrize("said", [{"hub": "nowhere"}, {"hub": "http://hub.example/"}, {}])
def test_a_hub_that_is_none_is_refused(found: Watch, said: dict[str, Any]) -> None:
    with pytest.raises(ChannelError):
        channel(found, "websub", **said)
