"""Subscribing: asked by anybody, begun by whoever has the address, ended by one click.

Nothing that is told to a stranger depends on who is subscribed already: every well-formed request gets the same
answer, and the address's owner alone gets a message.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tocsin.channels import ASKING, Channel, Watch
from tocsin.channels.links import fresh_id
from tocsin.channels.webhook import fresh_secret
from tocsin.publish.outgoing import message_id
from tocsin.state import Delivery, Outbox, Subscriber

_DAY, _HOUR = 24.0, 1.0


class SubscriptionError(Exception):
    """What was asked can't be done, and why; nothing in it tells who is subscribed. `status` as in HTTP."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be told. `areas` empty: of all."""

    channel: str
    address: str
    areas: tuple[str, ...]
    threshold: int


@dataclass(frozen=True)
class Subscriptions:
    """What the public may do with subscriptions: ask, confirm, change, end. Times are the caller's."""

    watch: Watch
    channels: Mapping[str, Channel]
    outbox: Outbox

    def wish(self, channel: str, address: str, areas: Iterable[str], threshold: int) -> Wish:
        """What was typed, as a wish. Raises SubscriptionError for what can't be one."""
        rules = self.watch.rules
        if channel not in self.channels:
            raise SubscriptionError(404, "This watch sends nothing on that channel.")
        clean = self.channels[channel].address(address)
        if clean is None:
            wanted = (
                "an address like name@example.org" if channel == "mail" else "an address like https://example.org/hook"
            )
            raise SubscriptionError(422, f"Expected {wanted}.")
        chosen = tuple(sorted(set(areas)))
        if not set(chosen) <= set(rules.areas):
            raise SubscriptionError(422, "Expected areas of the list.")
        if threshold not in rules.channels.subscription.thresholds:
            raise SubscriptionError(422, "Expected a level of the list.")
        return Wish(channel, clean, chosen, threshold)

    def ask(self, wish: Wish, client: str, now: str) -> None:
        """Let the address's owner be asked. Raises SubscriptionError where too many requests came from one client,
        or from everybody; too many for one address are counted and silently send nothing."""
        if not self.channels[wish.channel].asks:
            raise SubscriptionError(404, "This channel can't ask whether a subscription was meant.")
        self.forget(now)
        rule, register, links = self.watch.rules.channels.subscription, self.watch.register, self.watch.links
        hour, day = _before(now, _HOUR), _before(now, _DAY)
        within = register.within("client", links.blinded(client), now, hour, rule.per_client_hour)
        if not (within and register.within("all", "", now, hour, rule.all_hour)):
            raise SubscriptionError(429, "Too many requests; try again in an hour.")
        if register.within("address", links.blinded(wish.address), now, day, rule.per_address_day):
            self.outbox.put([self._question(self._entered(wish, now), now)], now)

    def _entered(self, wish: Wish, now: str) -> Subscriber:
        """The subscriber of this address, entered where there is none. A standing choice is not touched."""
        register = self.watch.register
        made = Subscriber(fresh_id(), wish.channel, wish.address, wish.areas, now, None, wish.threshold)
        if register.add(made):
            if wish.channel == "webhook":
                register.add_secret(made.id, fresh_secret(), now, now)
            return made
        found = register.find(wish.channel, wish.address)
        if found is None:
            return made  # erased just now: the question will find nobody
        if not found.confirmed or found.disabled:
            register.ask_again(found.id, wish.areas, wish.threshold, now)
        return found

    def _question(self, subscriber: Subscriber, now: str) -> Delivery:
        asking = f"{ASKING}{now}"
        rule = self.watch.rules.channels.by_name[subscriber.channel]
        return Delivery(
            bulletin=asking,
            channel=subscriber.channel,
            recipient=subscriber.id,
            message_id=message_id(asking, subscriber.channel, subscriber.id),
            attempts=0,
            not_after=rule.not_after(now, None),
        )

    def of(self, token: str) -> Subscriber | None:
        """The subscriber who has this link, or None for one that we never gave out or whose subscription ended."""
        found = self.watch.links.subscriber("subscription", token)
        return self.watch.register.get(found) if found else None

    def rotate(self, subscriber: Subscriber, now: str) -> str:
        """A new secret for a hook; the old one signs beside it for the hours that the rules give."""
        made = fresh_secret()
        overlap = self.watch.rules.channels.subscription.overlap_hours
        self.watch.register.add_secret(subscriber.id, made, now, _before(now, -overlap))
        return made

    def forget(self, now: str) -> None:
        """Addresses that nobody confirmed, and requests that no limit counts any more."""
        rule = self.watch.rules.channels.subscription
        self.watch.register.forget_unconfirmed(_before(now, rule.unconfirmed_hours))
        self.watch.register.forget_requests(_before(now, _DAY))


def _before(now: str, hours: float) -> str:
    then = datetime.datetime.fromisoformat(now) - datetime.timedelta(hours=hours)
    return then.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
