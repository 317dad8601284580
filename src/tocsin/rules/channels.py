"""How news is sent (rules/channels.toml): how long it is worth sending, how often it is tried, who may ask."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.rules.reading import Examples, Fault, Table, toml

FILE = "channels.toml"
_LEVELS = (5, 4, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """How one channel sends. Waits in seconds; `refusals` in a row end a subscription."""

    not_after_hours: float
    first_wait: float
    factor: float
    longest_wait: float
    refusals: int

    def wait(self, attempts: int) -> float:
        """Seconds until the next attempt after so many that failed (1 or more): exponential, bounded."""
        grown = self.first_wait
        for _ in range(attempts - 1):
            if grown >= self.longest_wait:
                break
            grown *= self.factor
        return min(grown, self.longest_wait)

    def not_after(self, issued: str, expires: str | None) -> str:
        """The last moment at which news of this age is worth sending: RFC 3339 in UTC, like the arguments."""
        last = datetime.datetime.fromisoformat(issued) + datetime.timedelta(hours=self.not_after_hours)
        latest = last.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return latest if expires is None else min(latest, expires)


@dataclass(frozen=True, slots=True)
class SubscriptionRule:
    """What a subscription may ask, and how many requests are borne."""

    thresholds: tuple[int, ...]
    overlap_hours: float
    unconfirmed_hours: float
    per_address_day: int
    per_client_hour: int
    all_hour: int


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """`by_name`: the channels that there are. Rules adopted before there was such a file send nothing."""

    by_name: Mapping[str, ChannelRule]
    subscription: SubscriptionRule
    examples: Examples


def parse(files: Mapping[str, bytes], faults: list[Fault]) -> ChannelRules:
    if FILE not in files:
        return ChannelRules({}, SubscriptionRule((5,), 0.0, 0.0, 0, 0, 0), Examples((), ()))
    root = toml(FILE, files[FILE], faults)
    tables = root.table("channel")
    by_name = {name: _channel(tables.table(name)) for name in tables.names()}
    rules = ChannelRules(by_name, _subscription(root.table("subscription")), root.examples())
    root.done()
    return rules


def _channel(table: Table) -> ChannelRule:
    rule = ChannelRule(
        not_after_hours=_positive(table, "not_after_hours"),
        first_wait=_positive(table, "first_wait_seconds"),
        factor=_positive(table, "factor"),
        longest_wait=_positive(table, "longest_wait_seconds"),
        refusals=int(_positive(table, "refusals")),
    )
    if rule.factor < 1:
        table.fault("factor", f"expected 1 or more, found {rule.factor}: attempts must not come ever faster")
    table.done()
    return rule


def _subscription(table: Table) -> SubscriptionRule:
    thresholds = tuple(int(level) for level in table.numbers("thresholds"))
    if not thresholds or not set(thresholds) <= set(_LEVELS):
        table.fault("thresholds", f"expected levels from 5 to 1, found {thresholds}")
    rule = SubscriptionRule(
        thresholds=thresholds,
        overlap_hours=_positive(table, "overlap_hours"),
        unconfirmed_hours=_positive(table, "unconfirmed_hours"),
        per_address_day=int(_positive(table, "requests_per_address_day")),
        per_client_hour=int(_positive(table, "requests_per_client_hour")),
        all_hour=int(_positive(table, "requests_all_hour")),
    )
    table.done()
    return rule


def _positive(table: Table, field: str) -> float:
    value = table.number(field)
    if value <= 0:
        table.fault(field, f"expected more than 0, found {value}")
    return value
