"""A record survives being written and read again, and its canonical form is stable."""

import json

from tocsin.records import Actor, Adopted, Quantity, Recipe, Statement, Trigger, canonical, plain, revive

STATEMENT = Statement(
    key="d1.0", document="d1", span=(0, 9), text="A struck.", type="ASSAULT", mode=None, topics=("military",),
    trigger=Trigger("struck", (2, 8)), source=(Actor("A", (0, 1), "A/GOV", "A", "VEN", "GOV"),), target=(), place=(),
    when=None, quantities=(Quantity("99 soldiers", (0, 11), 99.0, None, "person", "soldier", False),), materiel=(),
    modality="actual", stance="asserted", time="current", attribution=None, rule="r",
)  # fmt: skip


def test_a_statement_survives_json() -> None:
    assert revive(Statement, json.loads(canonical(STATEMENT))) == STATEMENT


def test_an_entry_survives_json() -> None:
    entry = Adopted("2019-01-01T00:00:00Z", Recipe("c", "r", "e"), "sha256:00")
    assert revive(Adopted, json.loads(canonical(entry))) == entry


def test_canonical_does_not_depend_on_field_order() -> None:
    value = plain(STATEMENT)
    assert canonical(value) == canonical(dict(reversed(value.items())))
