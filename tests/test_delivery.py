"""Sending: nothing lost, nothing twice, nothing out of order, and nothing that was taken back."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from test_outgoing import bulletin, subscriber
from tocsin.channels import Channel, Later, Message, Outcome, Refused, Sent
from tocsin.channels.register import Register
from tocsin.delivery import BusyError, Counts, Sender, sending
from tocsin.publish.outgoing import deliveries
from tocsin.records import Published
from tocsin.state import State, Subscriber
from world import rules

NOW = "2026-01-01T00:00:00Z"


class Fake:
    """A channel that answers as the test says, and keeps what it was given."""

    def __init__(self, answer: Callable[[Message], Outcome] = lambda message: Sent(), window: int = 1) -> None:
        self.answer, self.window = answer, window
        self.seconds, self.asks = 1.0, True
        self.standing: tuple[Subscriber, ...] = ()
        self.got: list[tuple[str, str]] = []
        self.going = self.most = 0

    def address(self, text: str) -> str | None:
        return text

    async def send(self, message: Message) -> Outcome:
        self.going += 1
        self.most = max(self.most, self.going)
        await asyncio.sleep(0)
        self.going -= 1
        self.got.append((message.delivery.bulletin, message.subscriber.id))
        return self.answer(message)

    async def close(self) -> None:
        pass


class Office:
    """A state with subscribers, what was issued, and a clock that stands until it is moved."""

    def __init__(self, folder: Path) -> None:
        self.root, self.now = folder, NOW
        self.state = State(f"sqlite:///{folder / 'state.db'}")
        self.register = Register(self.state)
        self.issued: list[Published] = []

    def subscribe(self, *who: Subscriber) -> None:
        for one in who:
            assert self.state.subscribe(dataclasses.replace(one, address=f"{one.id}@example.org"))

    def publish(self, one: Published) -> None:
        self.issued.append(one)
        self.state.outbox.put(deliveries(one, self.state.confirmed(), rules()), self.now)

    def send(self, **channels: Fake) -> Counts:
        opened: dict[str, Channel] = {**channels}
        sender = Sender(self.state.outbox, self.register, opened, rules(), lambda: self.issued, lambda: self.now)
        return asyncio.run(sender.drain())

    def outcomes(self, name: str) -> dict[str, int]:
        return dict(self.state.outbox.counts(name))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def some(ids: Iterable[str], **fields: object) -> list[Subscriber]:
    return [subscriber(id=one, **fields) for one in ids]


def test_everybody_gets_it_once(office: Office) -> None:
    office.subscribe(*some("abc"), *some("de", channel="webhook"))
    office.publish(bulletin())
    mail, hooks = Fake(), Fake(window=8)
    assert office.send(mail=mail, webhook=hooks).sent == 5
    assert office.send(mail=mail, webhook=hooks).sent == 5 - 5
    assert sorted(mail.got) == [("p1", "a"), ("p1", "b"), ("p1", "c")]
    assert sorted(hooks.got) == [("p1", "d"), ("p1", "e")]
    assert office.outcomes("p1") == {"sent": 5}
    assert mail.most == 1  # the window in which a kill can repeat a mail is one mail wide


def test_what_is_not_in_the_public_log_is_not_sent(office: Office) -> None:
    office.subscribe(*some("a"))
    office.publish(bulletin())
    signed, office.issued = office.issued, []
    mail = Fake()
    office.send(mail=mail)
    assert mail.got == []
    office.issued, office.now = signed, "2026-01-01T00:05:00Z"
    office.send(mail=mail)
    assert mail.got == [("p1", "a")]


def test_a_failure_is_tried_again_with_back_off_and_not_too_late(office: Office) -> None:
    office.subscribe(*some("a"))
    office.publish(bulletin())
    mail = Fake(lambda message: Later("450 try later"))
    office.send(mail=mail)
    office.send(mail=mail)
    assert len(mail.got) == 1  # not due again yet
    for moment in ("2026-01-01T00:01:00Z", "2026-01-01T00:02:59Z", "2026-01-01T00:03:00Z", "2026-01-02T00:00:01Z"):
        office.now = moment
        office.send(mail=mail)
    assert len(mail.got) == 3
    assert office.outcomes("p1") == {"lapsed": 1}


def test_a_refusal_ends_one_delivery_and_many_in_a_row_a_subscription(office: Office) -> None:
    office.subscribe(*some("a"))
    for n in range(4):
        office.publish(bulletin(id=f"p{n}"))
    mail = Fake(lambda message: Refused("550 5.7.1 not from you"))
    office.send(mail=mail)
    assert [name for name, _ in mail.got] == ["p0", "p1", "p2"]
    held = office.register.get("a")
    assert held is not None
    assert held.disabled == NOW
    assert office.outcomes("p3") == {"refused": 1}


def test_who_is_gone_is_written_to_no_more_and_who_takes_news_is_forgiven(office: Office) -> None:
    office.subscribe(*some("ab"))
    office.publish(bulletin(id="p0"))
    office.publish(bulletin(id="p1"))
    answers = {
        ("p0", "a"): Refused("410 Gone", gone=True),
        ("p0", "b"): Refused("552 full"),
    }
    mail = Fake(lambda message: answers.get((message.delivery.bulletin, message.subscriber.id), Sent()))
    office.send(mail=mail)
    assert ("p1", "a") not in mail.got
    b = office.register.get("b")
    assert b is not None
    assert (b.refusals, b.disabled) == (0, None)


def test_a_correction_comes_after_what_it_corrects_or_alone(office: Office) -> None:
    office.subscribe(*some("ab"))
    office.publish(bulletin(id="wrong", level=2))
    mail = Fake(lambda message: Later("busy") if message.subscriber.id == "b" else Sent())
    office.send(mail=mail)
    office.publish(bulletin(id="right", kind="correction", replaces=("wrong",)))
    working = Fake()
    office.send(mail=working)
    assert working.got == [("right", "a"), ("right", "b")]
    assert office.outcomes("wrong") == {"sent": 1, "superseded": 1}


def test_news_in_a_row_keeps_its_order(office: Office) -> None:
    office.subscribe(*some("a", channel="webhook"))
    office.publish(bulletin(id="one"))
    office.publish(bulletin(id="two", level=2))
    failing = Fake(lambda message: Later("503"), window=8)
    office.send(webhook=failing)
    assert failing.got == [("one", "a")]
    office.now = "2026-01-01T00:01:00Z"
    working = Fake(window=8)
    office.send(webhook=working)
    assert working.got == [("one", "a"), ("two", "a")]


def test_a_receiver_that_asks_for_time_gets_it_even_when_there_is_news(office: Office) -> None:
    office.subscribe(*some("a", channel="webhook"))
    office.publish(bulletin(id="one"))
    office.send(webhook=Fake(lambda message: Later("429", after=7200.0), window=8))
    office.now = "2026-01-01T01:00:00Z"
    office.publish(bulletin(id="two"))
    hook = Fake(window=8)
    office.send(webhook=hook)
    assert hook.got == []
    office.now = "2026-01-01T02:00:01Z"
    office.send(webhook=hook)
    assert hook.got == [("one", "a"), ("two", "a")]


def test_where_our_own_server_is_down_the_rest_of_the_lot_is_not_tried(office: Office) -> None:
    office.subscribe(*some("abcdef"))
    office.publish(bulletin())
    mail = Fake(lambda message: Later("no connection", ours=True))
    assert office.send(mail=mail).later == 6
    assert len(mail.got) == 1
    office.now = "2026-01-01T00:02:00Z"
    assert office.send(mail=Fake()).sent == 6


def test_a_slow_hook_holds_no_other_back(office: Office) -> None:
    office.subscribe(*some("abcdefghijkl", channel="webhook"))
    office.publish(bulletin())
    hooks = Fake(window=8)
    office.send(webhook=hooks)
    assert hooks.most == 8
    assert len(hooks.got) == 12


def test_who_left_meanwhile_gets_nothing(office: Office) -> None:
    office.subscribe(*some("ab"))
    office.publish(bulletin())

    def leave(message: Message) -> Outcome:
        office.register.erase("b")
        return Sent()

    mail = Fake(leave)
    office.send(mail=mail)
    assert mail.got == [("p1", "a")]


def test_one_sender_lives_at_a_time_and_frees_what_the_dead_one_held(office: Office) -> None:
    office.subscribe(*some("a"))
    office.publish(bulletin())
    assert len(office.state.outbox.take("dead", NOW, "2026-01-01T12:00:00Z")) == 1
    with sending(office.root, office.state.outbox):
        with pytest.raises(BusyError), sending(office.root, office.state.outbox):
            pass
        assert office.send(mail=Fake()).sent == 1


def test_a_restored_backup_sends_no_old_news_again(office: Office, tmp_path: Path) -> None:
    office.subscribe(*some("a"))
    office.publish(bulletin())
    office.state.backup(tmp_path / "kept.db")
    office.send(mail=Fake())
    office.state = State.restore(tmp_path / "kept.db", tmp_path / "restored.db")
    office.register = Register(office.state)
    mail = Fake()
    office.send(mail=mail)
    assert mail.got == []
    office.publish(bulletin())  # the same bulletin, published again from the backup: its rows stand already
    office.send(mail=mail)
    assert mail.got == []
    office.publish(bulletin(id="p2"))
    office.send(mail=mail)
    assert mail.got == [("p2", "a")]
