"""How news leaves: one file for each channel, opened by its section of home.toml.

    home.toml            [channel.mail] …          what this home needs to send there
    rules/channels.toml  [channel.mail] …          how long news is worth sending, how often it is tried
    tocsin/channels/mail.py                        open_channel(section, watch) -> Channel

A channel only sends: it never decides who is told, and keeps nothing. What is sent how often, and what became
of it, is `tocsin.delivery`'s. A section may name its own `module`, so that a channel can live elsewhere.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeAlias
from urllib.parse import urlsplit

from tocsin.channels.links import Links
from tocsin.channels.register import Register
from tocsin.records import Published
from tocsin.rules import Rules
from tocsin.rules.reading import Fault, Table
from tocsin.state import Delivery, Subscriber

ASKING = "asking/"  # in the place of a bulletin: the question whether a subscription was meant


class ChannelError(Exception):
    """A channel can't be used as home.toml says; the message tells what was expected and found."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side took it, and says so."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The other side will never take it. `gone`: nor anything else that is sent there."""

    reason: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """Not now. `after`: in how many seconds, where the other side said so. `ours`: nothing of this channel
    can be sent now, whoever it is for."""

    reason: str
    after: float | None = None
    ours: bool = False


Outcome: TypeAlias = Sent | Refused | Later


@dataclass(frozen=True, slots=True)
class Message:
    """One delivery with what is needed to write it. `bulletin` None: the question whether it was meant."""

    delivery: Delivery
    subscriber: Subscriber
    bulletin: Published | None
    now: str


@dataclass(frozen=True)
class Watch:
    """What a channel knows of its home. `address` is the site's, absolute and ending in '/', or ''."""

    root: Path
    name: str
    status: Literal["actual", "exercise", "test"]
    address: str
    rules: Rules
    links: Links
    register: Register

    @property
    def mark(self) -> str:
        """What every title begins with: '' only for what is real."""
        return "" if self.status == "actual" else f"{self.status.upper()}: "

    @property
    def base(self) -> str:
        """What a link within the site begins with: '/', or the folder in which the site stands."""
        return urlsplit(self.address).path or "/"


class Channel(Protocol):
    """`window`: how many messages may be on their way at once. `seconds`: when an attempt is given up.
    `standing`: recipients that it has by configuration. `asks`: whether it can ask if a subscription was meant."""

    window: int
    seconds: float
    standing: tuple[Subscriber, ...]
    asks: bool

    def address(self, text: str) -> str | None:
        """What somebody typed as an address of this channel, or None where it can't be one."""

    async def send(self, message: Message) -> Outcome:
        """Try once. Whatever the other side does, this returns an outcome."""

    async def close(self) -> None:
        """Nothing more to send for now."""


def open_channels(said: Mapping[str, object], watch: Watch) -> dict[str, Channel]:
    """Every channel for which home.toml has a section, in order of name. Raises ChannelError."""
    faults: list[Fault] = []
    root = Table("home.toml", "channel", dict(said), faults)
    opened = {name: _open(name, root.table(name), watch) for name in sorted(root.names())}
    if faults:
        raise ChannelError("\n".join(str(fault) for fault in faults))
    return opened


def _open(name: str, section: Table, watch: Watch) -> Channel:
    if name not in watch.rules.channels.by_name:
        known = ", ".join(sorted(watch.rules.channels.by_name)) or "none"
        raise ChannelError(f"[channel.{name}]: expected a channel of rules/channels.toml ({known}); add a table there")
    module = section.text("module", f"tocsin.channels.{name}")
    if not re.fullmatch(r"[A-Za-z_][\w.]*", module):
        raise ChannelError(f"[channel.{name}]: expected the name of a Python module, found {module!r}")
    try:
        opened: Channel = importlib.import_module(module).open_channel(section, watch)
    except (ImportError, AttributeError) as error:
        raise ChannelError(f"[channel.{name}]: {module} can't be used as a channel ({error})") from error
    section.done()
    return opened
