"""WebSub: the hub is told which feeds have changed, and fetches and spreads them (W3C, section 7, 'publish').

[channel.websub]
hub = "https://hub.example/"  feeds name it with rel=hub; one ping for each bulletin
allow_private = false
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

from tocsin.channels import ChannelError, Later, Message, Outcome, Refused, Sent, Watch
from tocsin.channels.addresses import hook_address
from tocsin.http import Bounds, Fetched, Web
from tocsin.rules.reading import Table
from tocsin.state import Subscriber

ENDINGS = ("atom", "rss", "json")


def open_channel(section: Table, watch: Watch) -> WebSub:
    hub, private = section.text("hub"), section.flag("allow_private")
    if private and watch.status == "actual":
        raise ChannelError("[channel.websub]: allow_private is for exercises and tests; this home is actual")
    if hook_address(hub, insecure=private) is None:
        raise ChannelError(f'[channel.websub]: expected hub = "https://hub.example/", found {hub!r}')
    if not watch.address:
        raise ChannelError("[channel.websub]: a hub fetches feeds from where they stand; give home.toml an `address`")
    return WebSub(watch, hub, private)


class WebSub:
    """One hub, by configuration: a recipient who never subscribed."""

    window = 1
    seconds = 20.0
    asks = False

    def __init__(self, watch: Watch, hub: str, private: bool = False) -> None:
        self._watch, self.hub = watch, hub
        beginning = "0001-01-01T00:00:00Z"
        self.standing = (Subscriber("hub", "websub", hub, (), beginning, beginning),)
        bounds = Bounds(seconds=self.seconds, delay=0.0, ports=frozenset({443}))
        self._web = Web(allow_private=private, bounds=bounds, contact=watch.address)

    def address(self, text: str) -> str | None:
        """Nobody subscribes a hub."""

    async def send(self, message: Message) -> Outcome:
        if message.bulletin is None:
            return Refused("a hub is never asked")
        topics = self.topics(message.bulletin.area)
        body = urlencode(
            [("hub.mode", "publish"), *(("hub.url", t) for t in topics), *(("hub.topic", t) for t in topics)]
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await asyncio.to_thread(self._web.post, message.subscriber.address, body.encode(), headers)
        if isinstance(answer, Fetched) and 200 <= answer.status < 300:
            return Sent()
        if isinstance(answer, Fetched):
            return Later(f"the hub answered {answer.status}", after=answer.retry_after)
        return Later(answer.reason)

    def topics(self, area: str) -> tuple[str, ...]:
        """The feeds that tell of an area: its own, and those of all areas."""
        return tuple(f"{self._watch.address}{path}.{ending}" for path in ("feed", f"area/{area}") for ending in ENDINGS)

    async def close(self) -> None:
        """Each ping has a connection of its own: there is nothing to end."""
