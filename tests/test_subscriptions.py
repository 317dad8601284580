"""Subscribing: nobody is told who did not confirm, no GET changes anything, nobody learns who is subscribed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import text

from tocsin.channels import Channel, Message, Outcome, Sent, open_channels
from tocsin.channels.subscribe import router
from tocsin.channels.subscription import Subscriptions
from tocsin.delivery import Sender
from tocsin.state import State, Subscriber
from watches import MAIL, NOW, watch
from world import rules


class Post:
    """A channel that delivers nothing and remembers what it was asked to."""

    window, seconds, asks = 1, 1.0, True
    standing: tuple[Subscriber, ...] = ()

    def __init__(self) -> None:
        self.got: list[Message] = []

    def address(self, text: str) -> str | None:
        return text

    async def send(self, message: Message) -> Outcome:
        self.got.append(message)
        return Sent()

    async def close(self) -> None:
        pass


class Place:
    """The public pages of a watch, with a clock that is moved by hand."""

    def __init__(self, root: Path, status: str = "actual") -> None:
        self.now = NOW
        self.watch = watch(root, status=status)
        self.state = State(f"sqlite:///{root / 'state.db'}")
        self.channels = open_channels({"mail": MAIL, "webhook": {}}, self.watch)
        app = FastAPI()
        app.include_router(router(Subscriptions(self.watch, self.channels, self.state.outbox), lambda: self.now))
        self.client = TestClient(app, base_url="https://watch.example")

    def ask(self, address: str = "a@example.org", channel: str = "mail", **more: object) -> Response:
        answer: Response = self.client.post("/subscribe", data={"channel": channel, "address": address, **more})
        return answer

    def questions(self) -> list[Message]:
        """What the senders of questions would send now."""
        posts: dict[str, Channel] = {"mail": Post(), "webhook": Post()}
        sender = Sender(self.state.outbox, self.watch.register, posts, rules(), list, lambda: self.now)
        asyncio.run(sender.drain())
        return [one for post in posts.values() for one in post.got]  # type: ignore[attr-defined]

    def link(self) -> str:
        (question,) = self.questions()
        return self.watch.links.subscription(question.subscriber.id).removeprefix("https://watch.example")

    def of(self, address: str, channel: str = "mail") -> Subscriber | None:
        return self.watch.register.find(channel, address)

    def everything(self) -> list[object]:
        tables = ("subscriber", "outbox", "secret", "request")
        return [[dict(row) for row in self.state.rows(f"SELECT * FROM {table}")] for table in tables]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_from_the_form_to_the_news_and_out_again(place: Place) -> None:
    assert place.ask(areas=["korea", "taiwan"], threshold="3").status_code == 202
    held = place.of("a@example.org")
    assert held is not None
    assert (held.areas, held.threshold, held.confirmed) == (("korea", "taiwan"), 3, None)
    assert place.state.confirmed() == ()
    link = place.link()
    assert "Is this meant?" in place.client.get(link).text
    assert place.state.confirmed() == ()
    assert "It is confirmed" in place.client.post(f"{link}/confirm").text
    assert [one.address for one in place.state.confirmed()] == ["a@example.org"]
    place.client.post(f"{link}/change", data={"areas": ["korea"], "threshold": "2"})
    changed = place.of("a@example.org")
    assert changed is not None
    assert (changed.areas, changed.threshold) == (("korea",), 2)
    ended = place.client.post(f"{link}/end", data={"List-Unsubscribe": "One-Click"})  # RFC 8058, 3.1
    assert ended.status_code == 200
    assert place.of("a@example.org") is None
    assert place.client.post(f"{link}/end").status_code == 200  # asked twice, ended once
    assert place.client.get(link).status_code == 404


def test_no_get_changes_anything(place: Place) -> None:
    place.ask()
    link = place.link()
    for state in ("unconfirmed", "confirmed"):
        before = place.everything()
        for path in ("/subscribe", "/subscribe.css", link):
            assert place.client.get(path).status_code == 200, (state, path)
            place.client.head(path)
        for action in ("confirm", "change", "rotate", "end"):
            assert place.client.get(f"{link}/{action}").status_code == 405
        assert place.everything() == before
        place.client.post(f"{link}/confirm")


def test_nobody_learns_who_is_subscribed(place: Place) -> None:
    fresh = place.ask()
    place.client.post(f"{place.link()}/confirm")
    again, other = place.ask(), place.ask("b@example.org")
    assert (fresh.status_code, fresh.text) == (again.status_code, again.text) == (other.status_code, other.text)
    for token in ("x", "a-b", f"{'a' * 26}-{'b' * 24}"):
        missing = place.client.get(f"/subscription/{token}")
        assert missing.status_code == 404
        assert place.client.post(f"/subscription/{token}/end").text == missing.text


@pytest.mark.parametrize("token", ["", "-", "a", "a-", "-a", "\udc80-\udc80", "ü-ü", "x" * 10000])
def test_what_we_never_gave_out_is_nobodys(place: Place, token: str) -> None:
    assert place.watch.links.subscriber("subscription", token) is None


def test_asking_for_somebody_elses_address_changes_nothing_of_theirs(place: Place) -> None:
    place.ask(threshold="3")
    place.client.post(f"{place.link()}/confirm")
    place.now = "2026-01-01T00:00:01Z"
    place.ask(threshold="2", areas=["korea"])
    held = place.of("a@example.org")
    assert held is not None
    assert (held.threshold, held.areas, held.confirmed) == (3, (), NOW)
    (question,) = place.questions()
    assert question.subscriber.confirmed  # the mail says that it is subscribed already


def test_a_link_of_one_purpose_serves_no_other(place: Place) -> None:
    place.ask()
    (question,) = place.questions()
    bounce = place.watch.links.token("bounce", question.subscriber.id)
    assert place.client.post(f"/subscription/{bounce}/confirm").status_code == 404
    assert place.state.confirmed() == ()


def test_requests_are_limited_for_an_address_silently_and_for_a_client_aloud(place: Place) -> None:
    for second in range(5):
        place.now = f"2026-01-01T00:00:0{second}Z"
        assert place.ask().status_code == 202
    assert len(place.questions()) == 3
    for n in range(5):
        assert place.ask(f"n{n}@example.org").status_code == 202
    assert place.ask("more@example.org").status_code == 429
    place.now = "2026-01-01T01:00:01Z"
    assert place.ask("more@example.org").status_code == 202


def test_everybody_together_is_limited(place: Place) -> None:
    with place.state.writing() as connection:
        row = text("INSERT INTO request VALUES ('all', '', :t)")
        connection.execute(row, [{"t": NOW}] * rules().channels.subscription.all_hour)
    assert place.ask().status_code == 429


def test_what_nobody_confirms_is_forgotten(place: Place) -> None:
    place.ask()
    place.now = "2026-01-04T00:00:01Z"
    place.ask("b@example.org")
    assert place.of("a@example.org") is None
    addresses = re.findall(r"[ab]@example", str(place.everything()))
    assert addresses == ["b@example"]


@pytest.mark.parametrize(
    "fields",
    [
        {"address": "nobody"},
        {"address": "a@example.org\r\nBcc: b@example.org"},
        {"address": "a@example.org%0d%0aBcc:b@example.org"},
        {"address": "https://10.0.0.1/", "channel": "webhook"},
        {"address": "http://hook.example/", "channel": "webhook"},
        {"address": "a@example.org", "channel": "pigeon"},
        {"address": "a@example.org", "areas": ["atlantis"]},
        {"address": "a@example.org", "threshold": "4"},
        {"address": "a@example.org", "threshold": "9"},
        {"address": "x" * 3000},
    ],
)
def test_what_can_not_be_meant_is_refused_and_sends_nothing(place: Place, fields: dict[str, object]) -> None:
    answer = place.ask(**fields)  # type: ignore[arg-type]
    assert 400 <= answer.status_code < 500
    assert place.questions() == []


def test_another_sites_form_is_refused(place: Place) -> None:
    data = {"channel": "mail", "address": "a@example.org"}
    answer = place.client.post("/subscribe", data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert place.questions() == []


def test_pages_run_no_script_and_are_kept_by_nobody(place: Place) -> None:
    place.ask("<script>alert(1)</script>@example.org")
    place.ask()
    link = place.link()
    pages: list[Callable[[], Response]] = [
        lambda: place.client.get("/subscribe"),
        place.ask,
        lambda: place.client.get(link),
        lambda: place.client.post(f"{link}/confirm"),
        lambda: place.client.get("/subscription/x"),
    ]
    for page in pages:
        answer = page()
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "<script" not in answer.text
        assert "style=" not in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in answer.headers


def test_the_page_does_not_show_the_whole_address(place: Place) -> None:
    place.ask("reader@example.org")
    assert "reader@example.org" not in place.client.get(place.link()).text


def test_a_drill_has_its_banner(tmp_path: Path) -> None:
    assert "EXERCISE – EXERCISE" in Place(tmp_path, "exercise").client.get("/subscribe").text


# ------------------------------------------------------------------ hooks


def test_a_hook_sees_its_secret_once_and_may_change_it(place: Place) -> None:
    assert place.ask("https://hook.example/in", "webhook").status_code == 202
    link = place.link()
    assert "whsec_" not in place.client.get(link).text
    held = place.of("https://hook.example/in", "webhook")
    assert held is not None
    (first,) = place.watch.register.secrets(held.id, NOW)
    assert first in place.client.post(f"{link}/confirm").text.replace("&#43;", "+")
    assert "whsec_" not in place.client.get(link).text
    place.now = "2026-01-02T00:00:00Z"
    rotated = place.client.post(f"{link}/rotate").text.replace("&#43;", "+")
    second, old = place.watch.register.secrets(held.id, place.now)
    assert old == first != second
    assert second in rotated
    assert first not in rotated
    assert place.watch.register.secrets(held.id, "2026-01-04T00:00:00Z") == (second,)


def test_a_mail_has_no_secret_to_change(place: Place) -> None:
    place.ask()
    link = place.link()
    place.client.post(f"{link}/confirm")
    assert place.client.post(f"{link}/rotate").status_code == 409


def test_who_was_given_up_can_begin_again(place: Place) -> None:
    place.ask()
    link = place.link()
    place.client.post(f"{link}/confirm")
    (held,) = place.state.confirmed()
    place.watch.register.give_up(held.id, NOW)
    assert place.state.confirmed() == ()
    place.now = "2026-01-01T00:10:00Z"
    place.ask(threshold="3")
    assert "Is this meant?" in place.client.get(link).text
    place.client.post(f"{link}/confirm")
    (again,) = place.state.confirmed()
    assert (again.id, again.threshold, again.disabled, again.refusals) == (held.id, 3, None, 0)
