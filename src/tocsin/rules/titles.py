"""rules/titles.toml: which of the places that state a title is believed, and how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.rules.reading import Examples, Fault, toml

FILE = "titles.toml"


@dataclass(frozen=True, slots=True)
class Weights:
    """How much a place counts for the title that it states: the headline in the page's data, the titles for sharing
    and for a card, the window's, an `h1`, the first lower heading where no `h1` heads the page, any other heading
    shown before the text, and the last step of the path over the page."""

    data: int
    sharing: int
    card: int
    window: int
    heading: int
    alone: int
    lower: int
    path: int


@dataclass(frozen=True, slots=True)
class Titles:
    """The weights on a page `with_data` and `without`. Of its weight a place gives `nearly` per cent to a title that
    shares `alike` per cent of the words with its own, and `partly` per cent to one that is a part of its own, or the
    other way round. A heading that has no word in common with what the page states loses `stranger`."""

    with_data: Weights
    without: Weights
    alike: int
    nearly: int
    partly: int
    beyond: int
    stranger: int
    examples: Examples


def parse(files: Mapping[str, bytes], faults: list[Fault]) -> Titles | None:
    """The rules of titles; None in a folder without them, as homes adopted it before there were any."""
    if FILE not in files:
        return None
    table = toml(FILE, files[FILE], faults)
    found = Titles(
        with_data=table.table("with_data").record(Weights),
        without=table.table("without").record(Weights),
        alike=table.integer("alike"),
        nearly=table.integer("nearly"),
        partly=table.integer("partly"),
        beyond=table.integer("beyond"),
        stranger=table.integer("stranger"),
        examples=table.examples(),
    )
    table.done()
    return found
