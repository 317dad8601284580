"""A record survives being written and read again, and its canonical form is stable."""

import json

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

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


_leaves = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
_texts = st.text(st.characters(exclude_categories=["Cs"]))
_values = st.recursive(
    _leaves | _texts, lambda inner: st.lists(inner) | st.dictionaries(_texts, inner) | st.tuples(inner, inner)
)


@given(_values)
@example({"small": 9.5e-05, "tiny": 5e-324, "whole": 3.0, "minus": -0.0, "large": 1e16, "edge": 1e-4})
@example({"\U0001f600": 1, "": 2, '\x7f\x1f"\\/': '\x7f\x1f\u2028"\\/'})
def test_canonical_is_rfc_8785_however_it_is_written(value: object) -> None:
    try:
        wanted = rfc8785.dumps(plain(value))
    except rfc8785.CanonicalizationError:
        with pytest.raises(rfc8785.CanonicalizationError):
            canonical(value)
    else:
        assert canonical(value) == wanted
