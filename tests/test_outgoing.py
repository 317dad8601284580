"""Who is told: everybody who asked for the area and the level, once, and never too late."""

from __future__ import annotations

import pytest

from tocsin.publish.outgoing import concerns, deliveries, message_id
from tocsin.records import Published
from tocsin.rules import RulesError, parse
from tocsin.state import Subscriber
from world import rule_files, rules

NOW = "2026-01-01T00:00:00Z"


def bulletin(**fields: object) -> Published:
    values: dict[str, object] = {
        "id": "p1",
        "kind": "update",
        "status": "actual",
        "area": "korea",
        "area_name": "Korea",
        "level": 3,
        "previous": 4,
        "machine_level": 3,
        "colour": "yellow",
        "phrase": "Tension is high.",
        "as_of": "2025-12-31T00:00:00Z",
        "issued": NOW,
        "expires": "2026-01-08T00:00:00Z",
        "title": "Korea: level 3 yellow",
        "text": "Tension is high.",
        "replaces": (),
        "url": "https://watch.example/bulletin/p1.html",
        "signatures": (),
    }
    return Published(**(values | fields))  # type: ignore[arg-type]


def subscriber(**fields: object) -> Subscriber:
    values: dict[str, object] = {
        "id": "s1",
        "channel": "mail",
        "address": "a@example.org",
        "areas": (),
        "added": NOW,
        "confirmed": NOW,
    }
    return Subscriber(**(values | fields))  # type: ignore[arg-type]


def test_one_row_for_each_who_asked_and_the_same_rows_again() -> None:
    asked = [subscriber(id="b"), subscriber(id="a", areas=("korea",)), subscriber(id="c", channel="webhook")]
    others = [
        subscriber(id="d", areas=("taiwan",)),
        subscriber(id="e", confirmed=None),
        subscriber(id="f", disabled=NOW),
        subscriber(id="g", channel="pigeon"),
        subscriber(id="h", threshold=2),
    ]
    rows = deliveries(bulletin(), asked + others, rules())
    assert [(row.channel, row.recipient) for row in rows] == [("mail", "a"), ("mail", "b"), ("webhook", "c")]
    assert rows == deliveries(bulletin(), reversed(asked + others), rules())
    assert len({row.message_id for row in rows}) == 3
    assert message_id("p1", "mail", "a") == rows[0].message_id != message_id("p2", "mail", "a")


@pytest.mark.parametrize(
    ("threshold", "fields", "told"),
    [
        (3, {"level": 3, "previous": 4}, True),
        (3, {"level": 4, "previous": 3}, True),  # that it is over is told to whoever heard that it began
        (3, {"level": 4, "previous": 5}, False),
        (3, {"level": None, "previous": 2}, True),
        (3, {"level": None, "previous": 4}, False),
        (5, {"level": None, "previous": None}, True),
        (1, {"level": 4, "previous": 4, "kind": "correction"}, True),
        (1, {"level": None, "previous": 4, "kind": "cancel"}, True),
    ],
)
def test_the_level_that_was_asked_for(threshold: int, fields: dict[str, object], told: bool) -> None:
    assert concerns(bulletin(**fields), subscriber(threshold=threshold)) is told


def test_nothing_is_sent_after_it_expired_nor_when_it_is_old() -> None:
    (late,) = deliveries(bulletin(), [subscriber()], rules())
    assert late.not_after == "2026-01-02T00:00:00Z"
    (soon,) = deliveries(bulletin(expires="2026-01-01T06:00:00Z"), [subscriber()], rules())
    assert soon.not_after == "2026-01-01T06:00:00Z"


def test_the_examples_of_the_rules_hold() -> None:
    by_name, examples = rules().channels.by_name, rules().channels.examples
    told = {f"{name} after {n} -> {rule.wait(n):g}" for name, rule in by_name.items() for n in range(1, 60)}
    assert set(examples.match) <= told
    assert not set(examples.not_match) & told
    assert by_name["webhook"].wait(10**6) == by_name["webhook"].longest_wait


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("factor = 2.0", "factor = 0.5", "ever faster"),
        ("refusals = 3", "refusals = 0", "expected more than 0"),
        ("thresholds = [5, 3, 2]", "thresholds = [6]", "expected levels"),
        ("refusals = 3", "refusal = 3", "unknown field"),
    ],
)
def test_a_rule_with_a_fault_does_not_load(old: str, new: str, fault: str) -> None:
    text = rule_files()["channels.toml"].decode()
    with pytest.raises(RulesError, match=fault):
        parse(rule_files() | {"channels.toml": text.replace(old, new, 1).encode()})


def test_rules_of_before_there_were_channels_send_nothing() -> None:
    files = {name: data for name, data in rule_files().items() if name != "channels.toml"}
    assert deliveries(bulletin(), [subscriber()], parse(files)) == ()
