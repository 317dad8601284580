"""A watch with channels, as the tests of mail, hooks and subscriptions need it: a state, links, and the rules."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tocsin.channels import ASKING, Channel, Message, Watch, open_channels
from tocsin.channels.links import load_links
from tocsin.channels.register import Register
from tocsin.channels.subscription import Subscriptions
from tocsin.publish.outgoing import message_id
from tocsin.records import Published
from tocsin.state import Delivery, State, Subscriber
from world import rules

NOW = "2026-01-01T00:00:00Z"
ADDRESS = "https://watch.example/"
MAIL = {"host": "127.0.0.1", "port": 25, "tls": "none", "from": "Watch <news@watch.example>"}


def watch(root: Path, *, status: str = "actual", address: str = ADDRESS, name: str = "Watch") -> Watch:
    register = Register(State(f"sqlite:///{root / 'state.db'}"))
    return Watch(root, name, status, address, rules(), load_links(root / "keys", address), register)  # type: ignore[arg-type]


def channel(found: Watch, name: str, **said: object) -> Channel:
    return open_channels({name: said}, found)[name]


def subscriptions(found: Watch, channels: Mapping[str, Channel], state: State) -> Subscriptions:
    return Subscriptions(found, channels, state.outbox)


def message(to: Subscriber, bulletin: Published | None, now: str = NOW) -> Message:
    about = bulletin.id if bulletin else f"{ASKING}{now}"
    delivery = Delivery(about, to.channel, to.id, message_id(about, to.channel, to.id), 1, "2026-01-02T00:00:00Z")
    return Message(delivery, to, bulletin, now)
