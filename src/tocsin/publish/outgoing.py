"""Who is told of a bulletin: one delivery for each recipient who asked for its area and its level. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from tocsin.records import Published
from tocsin.rules import Rules
from tocsin.state import Delivery, Subscriber

_TAKEN_BACK = ("correction", "cancel")


def deliveries(published: Published, subscribers: Iterable[Subscriber], rules: Rules) -> tuple[Delivery, ...]:
    """One row for each confirmed subscriber whom it concerns, in the order of channel and id.

    The same arguments give the same rows, so that putting them twice into the outbox puts them once.
    A channel that no rule names (rules/channels.toml) sends nothing.
    """
    channels = rules.channels.by_name
    told = [s for s in subscribers if s.channel in channels and s.confirmed and concerns(published, s)]
    return tuple(
        Delivery(
            bulletin=published.id,
            channel=subscriber.channel,
            recipient=subscriber.id,
            message_id=message_id(published.id, subscriber.channel, subscriber.id),
            attempts=0,
            not_after=channels[subscriber.channel].not_after(published.issued, published.expires),
        )
        for subscriber in sorted(told, key=lambda s: (s.channel, s.id))
    )


def concerns(published: Published, subscriber: Subscriber) -> bool:
    """Whether a subscriber asked for this: the area, and a level that is or was at their threshold or worse.

    What is taken back is told to everybody of the area, since whoever heard the mistake must hear of it;
    that nothing is known any more, to everybody who would hear of each change.
    """
    if subscriber.disabled or (subscriber.areas and published.area not in subscriber.areas):
        return False
    if published.kind in _TAKEN_BACK or subscriber.threshold >= 5:
        return True
    return any(level is not None and level <= subscriber.threshold for level in (published.level, published.previous))


def message_id(bulletin: str, channel: str, recipient: str) -> str:
    """The name of one message, the same at every attempt: 32 hex digits that tell nothing of the recipient."""
    named = "\x1f".join(("tocsin", bulletin, channel, recipient))
    return hashlib.sha256(named.encode()).hexdigest()[:32]
