"""What bulletins say beside their grounds, and the advice of each level (rules/bulletins.toml)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.rules.reading import Examples, Fault, Table, toml

FILE = "bulletins.toml"
PLACES = ("near", "region", "elsewhere")
HEADINGS = ("decided", "why", "against", "disputed", "missing", "confidence", "raise", "lower")
_TEXTS = {
    "headline": ("area", "level", "colour"),
    "headline_unknown": ("area",),
    "withdrawn_phrase": (),
    "untold_phrase": (),
    "overall": ("area",),
    "overall_unknown": (),
    "correction": ("headline",),
    "head": ("area", "level", "colour", "phrase"),
    "head_unknown": ("area", "phrase"),
    "times": ("as_of", "issued", "expires"),
    "times_unknown": ("as_of", "issued"),
    "before": ("level", "colour"),
    "before_unknown": (),
    "replaces": ("ids",),
    "overruled": ("machine", "reason"),
    "advice": (),
    "unsigned_machine": (),
    "quorum_one": (),
    "quorum_many": ("n",),
    "corrected": ("issued", "wrong", "colour"),
    "corrected_to": ("level", "colour"),
    "corrected_unknown": (),
    "corrected_why": ("reason",),
    "corrected_default": (),
    "cancelled": (),
}


@dataclass(frozen=True, slots=True)
class BulletinRules:
    """`texts` by name, with the places for values that `_TEXTS` lists; `headings` and `places` by their ids;
    `advice` by (level, place)."""

    texts: Mapping[str, str]
    headings: Mapping[str, str]
    places: Mapping[str, str]
    advice: Mapping[tuple[int, str], str]
    examples: Examples

    def say(self, name: str, /, **values: object) -> str:
        return self.texts[name].format(**values)


def parse(files: Mapping[str, bytes], faults: list[Fault]) -> BulletinRules | None:
    """The rules of bulletins.toml; None under rules adopted before there was such a file: they can't be signed by."""
    if FILE not in files:
        return None
    root = toml(FILE, files[FILE], faults)
    rules = BulletinRules(
        texts=_texts(root.table("text")),
        headings=_named(root.table("headings"), HEADINGS),
        places=_named(root.table("places"), PLACES),
        advice=_advice(root),
        examples=root.examples(),
    )
    root.done()
    return rules


def _texts(table: Table) -> dict[str, str]:
    found = _named(table, tuple(_TEXTS))
    for name, text in found.items():
        unknown = set(re.findall(r"{(\w*)}", text)) - set(_TEXTS[name])
        if unknown:
            table.fault(name, f"expected no place for {', '.join(sorted(unknown))}; known are {_TEXTS[name]}")
    return found


def _named(table: Table, names: tuple[str, ...]) -> dict[str, str]:
    found = {name: table.text(name) for name in names}
    table.done()
    return found


def _advice(root: Table) -> dict[tuple[int, str], str]:
    found: dict[tuple[int, str], str] = {}
    for table in root.tables("advice"):
        level = table.integer("level")
        found |= {(level, place): table.text(place) for place in PLACES}
        table.done()
    levels = sorted({level for level, _ in found})
    if levels != [1, 2, 3, 4, 5]:
        root.fault("advice", f"expected advice for the levels 1 to 5, found {levels}")
    return found
