"""How well pages are read, beside the engine on the same pages in one run: `python bench/read_quality.py [set…]`.

Needs TOCSIN_EVAL, a folder of evaluation sets with their scorer. Four readers: the engine with its own fields, the
general reader, the reader as it ships, with readers for single sites, and reading in bulk. Every figure is given for
all pages and for the publishers kept aside while the rules were made: those whose name's SHA-256 begins with a byte
divisible by three.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import json
import os
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import trafilatura

from tocsin.bundle import load
from tocsin.extract import read, skim
from tocsin.records import Capture, Document, digest
from tocsin.rules import Rules

Row = dict[str, Any]
FIELDS = (("text", "f1"), ("title", "exact"), ("title", "approximate"), ("date", "same_day"), ("authors", "f1"),
          ("language", "accuracy"))  # fmt: skip


def aside(gold: Row) -> bool:
    """Whether this page's publisher was kept aside."""
    publisher = gold.get("publisher") or (urlsplit(gold["url"]).hostname or "").removeprefix("www.")
    return hashlib.sha256(publisher.encode()).digest()[0] % 3 == 0


def by_engine(body: bytes) -> Row:
    found: Any = trafilatura.bare_extraction(body, include_comments=False, with_metadata=True)
    if found is None:
        return {}
    authors = [name for name in (found.author or "").split("; ") if name]
    return {"text": found.text, "title": found.title, "published": found.date, "authors": authors}


def by_us(body: bytes, rules: Rules, reader: Callable[..., Any] = read) -> Row:
    found = reader(Capture(None, "", "", 200, digest(body), "html", "page"), body, rules)[0]
    return dataclasses.asdict(found) if isinstance(found, Document) else {}


def pages(folder: Path, name: str) -> dict[str, bytes]:
    with tarfile.open(folder / "extract" / f"{name}.tar.xz") as packed:
        return {Path(m.name).name: packed.extractfile(m).read() for m in packed if m.isfile()}  # type: ignore[union-attr]


def figures(scorer: Any, measure: str, gold: list[Row], got: list[Row]) -> list[str]:
    """The figures of one reader, in the order of FIELDS; '' where the set states nothing."""
    found = {"text": scorer.text_figures(measure, gold, got)[0], **scorer.metadata(gold, got)[0]}
    return [f"{found[field][figure]:.3f}" if field in found else "" for field, figure in FIELDS]


def main(folder: Path, names: list[str]) -> None:
    sys.path.insert(0, str(folder))
    scorer = importlib.import_module("score_read")
    measures = json.loads((folder / "extract" / "sets.json").read_text("utf-8"))
    shipped = load()
    general = dataclasses.replace(shipped, sites={})
    readers: dict[str, Callable[[bytes], Row]] = {
        "engine": by_engine,
        "general reader": lambda body: by_us(body, general),
        "with site readers": lambda body: by_us(body, shipped),
        "in bulk, general": lambda body: by_us(body, general, skim),
    }
    print("set, pages".ljust(34), *(f"{field} {figure}"[:15].rjust(16) for field, figure in FIELDS))
    for name in names or list(measures):
        gold = [json.loads(line) for line in (folder / "extract" / f"{name}.jsonl").read_text("utf-8").splitlines()]
        bodies = pages(folder, name)
        for reader, step in readers.items():
            got = [step(bodies[one["file"]]) for one in gold]
            for part, kept in (("all", [True] * len(gold)), ("aside", [aside(one) for one in gold])):
                rows = [pair for pair, keep in zip(zip(gold, got, strict=True), kept, strict=True) if keep]
                told = figures(scorer, measures[name], [g for g, _ in rows], [r for _, r in rows])
                print(f"{name}, {reader}, {part} {len(rows)}".ljust(52)[:52], *(one.rjust(14) for one in told))


if __name__ == "__main__":
    if os.environ.get("TOCSIN_EVAL"):
        main(Path(os.environ["TOCSIN_EVAL"]), sys.argv[1:])
    else:
        print("nothing is measured: name the folder of the evaluation sets in TOCSIN_EVAL")
