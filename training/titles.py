"""Fit the weights of rules/titles.toml on pages whose titles are known, and score them.

    python training/titles.py --eval DIR        (DIR: the evaluation data, TOCSIN_EVAL)

It climbs from the weights as they are, one weight by one step at a time, on the publishers that were not kept aside
(those of bench/read_quality.py), prints every step that gains, and the figures before and after on both parts. For each
weight it tells between which values no page of the fitted part is lost. A person takes over what holds on the others.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tocsin.bundle import load
from tocsin.extract import metadata
from tocsin.extract.headline import Place, title_among
from tocsin.extract.tree import parsed, wordless_out
from tocsin.rules.titles import Titles

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))
bench: Any = importlib.import_module("read_quality")  # the sets, and which of their publishers are kept aside

SETS = ("fundus_news", "trafilatura990")
STEPS = (5, 1)
GAIN = 1e-3  # of the value, less than which is no gain
FARTHEST = 20  # from a weight, within which its neighbours are tried


@dataclasses.dataclass(frozen=True)
class Page:
    """A page as the choice sees it. `share` is its weight: all sets count alike."""

    gold: str
    places: list[Place]
    aside: bool
    share: float


def pages(folder: Path, name: str, rules: Any) -> Iterator[Page]:
    rows = [json.loads(line) for line in (folder / "extract" / f"{name}.jsonl").read_text("utf-8").splitlines()]
    rows = [row for row in rows if row["title"]]
    bodies = bench.pages(folder, name)
    for row in rows:
        tree = parsed(wordless_out(bodies[row["file"]]))
        places = [] if tree is None else metadata.title_places(tree, "", rules)
        yield Page(row["title"], places, bench.aside(row), 1 / len(rows))


def figures(scorer: Any, kept: Sequence[Page], titles: Titles) -> tuple[float, float]:
    """Shares of pages whose title is exact, and nearly so, each set counting alike."""
    gold = [{"title": page.gold, "date": None, "authors": None, "lang": None, "file": ""} for page in kept]
    total = sum(page.share for page in kept)
    exact = near = 0.0
    for page, row in zip(kept, gold, strict=True):
        found = scorer.metadata([row], [{"title": title_among(page.places, titles)}])[0]["title"]
        exact, near = exact + page.share * found["exact"], near + page.share * found["approximate"]
    return exact / total, near / total


def varied(titles: Titles, name: str, by: int) -> Titles:
    """The same rules with one weight changed: 'alike', or 'with_data.heading'."""
    table, _, field = name.rpartition(".")
    if not table:
        return dataclasses.replace(titles, **{field: getattr(titles, field) + by})
    weights = getattr(titles, table)
    changed = dataclasses.replace(weights, **{field: getattr(weights, field) + by})
    return dataclasses.replace(titles, **{table: changed})


def names() -> list[str]:
    tables = ("with_data", "without")
    own = [field.name for field in dataclasses.fields(Titles) if field.name not in (*tables, "examples")]
    places = [field.name for field in dataclasses.fields(load().titles.with_data)]  # type: ignore[union-attr]
    return own + [f"{table}.{place}" for table in tables for place in places]


def climbed(scorer: Any, kept: Sequence[Page], titles: Titles) -> Titles:
    def value(found: Titles) -> float:
        exact, near = figures(scorer, kept, found)
        return exact + 2 * near

    best = value(titles)
    for step in STEPS:
        for name in names():
            for by in (step, -step):
                while (new := value(varied(titles, name, by))) > best + GAIN:
                    titles, best = varied(titles, name, by), new
                    print(f"{name} {by:+d}: {best:.4f}", flush=True)
    return titles


def margins(scorer: Any, kept: Sequence[Page], titles: Titles) -> None:
    """How far each weight may move, alone, before a page is lost."""
    least = sum(figures(scorer, kept, titles)) - 1e-9
    for name in names():
        ways = []
        for sign in (-1, 1):
            far = (
                by
                for by in range(1, FARTHEST + 1)
                if sum(figures(scorer, kept, varied(titles, name, sign * by))) < least
            )
            ways.append(next(far, FARTHEST + 1) - 1)
        print(f"{name}: from {-ways[0]:+d} to {ways[1]:+d}", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--eval", type=Path, required=True, metavar="DIR")
    options.add_argument("--margins", action="store_true", help="tell how far each weight may move")
    given = options.parse_args()
    sys.path.insert(0, str(given.eval))
    scorer = importlib.import_module("score_read")
    rules = load()
    assert rules.titles is not None
    found = [page for name in SETS for page in pages(given.eval, name, rules)]
    parts = {"fitted": [p for p in found if not p.aside], "aside": [p for p in found if p.aside]}
    for when, titles in (("as shipped", rules.titles), ("climbed", climbed(scorer, parts["fitted"], rules.titles))):
        for part, kept in parts.items():
            print(f"{when}, {part} {len(kept)}: exact {{:.3f}}, nearly {{:.3f}}".format(*figures(scorer, kept, titles)))
    if given.margins:
        margins(scorer, parts["fitted"], rules.titles)


if __name__ == "__main__":
    main()
