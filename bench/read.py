"""How fast pages are read, beside others on the same pages in the same run: `python bench/read.py [pages]`.

The pages are made here; with TOCSIN_EVAL set to a folder of evaluation sets, pages of the press are read as well.
All is CPU time of one process. Each step goes through all pages, as it would in use, and the steps take turns in
rounds, of which the best counts, so that ratios hold on a busy machine too: there every figure is lower.
"""

from __future__ import annotations

import os
import random
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import lxml.html
import trafilatura

from tocsin.bundle import load
from tocsin.extract import read, skim
from tocsin.records import Capture, digest
from tocsin.rules import Rules

ROUNDS = 3
WORDS = ["the", "of", "and", "said", "forces", "border", "minister", "troops", "denied", "talks", "ship", "aircraft"]

BRIEF = b"<html><body><p>Too little.</p></body></html>"  # for which the engine tries all that it has


def paragraph(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randrange(20, 70))).capitalize() + "."


def page(n: int) -> bytes:
    """A page of the size that pages of the press have: 1,500 tags, of which an article is the least part."""
    chance = random.Random(n)
    links = "".join(f"<li class='nav-item'><a href='/{k}'>Section number {k}</a></li>" for k in range(150))
    body = "".join(f"<p class='text'>{paragraph(chance)}</p>" for _ in range(18))
    teasers = "".join(
        f"<div class='teaser'><a href='/t/{k}'><h3>Other story {k}</h3></a><p>{paragraph(chance)[:80]}</p></div>"
        for k in range(40)
    )
    head = f"<title>Report {n} | Example Daily</title><meta property='og:title' content='Report {n}'>"
    scripts = "<script>var settings = {a: 1, b: [2, 3]};</script>" * 20
    return (
        f"<!doctype html><html lang='en'><head>{head}{scripts}</head><body><nav><ul>{links}</ul></nav><main><article>"
        f"<h1>Report {n}</h1><p class='byline'>By Jane Roe</p>{body}</article><aside>{teasers}</aside></main></body>"
    ).encode()


def of_the_press(folder: Path, most: int) -> Iterator[bytes]:
    """Pages of an evaluation set."""
    with tarfile.open(folder / "extract" / "fundus_news.tar.xz") as pages:
        for member in [m for m in pages if m.isfile()][:most]:
            file = pages.extractfile(member)
            if file is not None:
                yield file.read()


def measure(what: str, bodies: list[bytes], rules: Rules) -> None:
    """Prints what each step does in a second, and ratios to the engine with all fields and to the parser."""

    captures = {
        body: Capture(None, "", "https://example.org/1", 200, digest(body), "html", "page") for body in (BRIEF, *bodies)
    }

    def ours(body: bytes) -> object:
        return read(captures[body], body, rules)

    def bulk(body: bytes) -> object:
        return skim(captures[body], body, rules)

    def engine(body: bytes) -> object:
        return trafilatura.extract(body, include_comments=False)

    def engine_with_fields(body: bytes) -> object:
        return trafilatura.bare_extraction(body, include_comments=False, with_metadata=True)

    steps: dict[str, Callable[[bytes], object]] = {
        "read": ours,
        "read in bulk": bulk,
        "engine, text alone": engine,
        "engine, all fields": engine_with_fields,
        "parser alone": lxml.html.document_fromstring,
    }
    taken = dict.fromkeys(steps, float("inf"))
    for step in steps.values():  # what is loaded once, and word lists that the engine wants for hardly any page
        step(BRIEF)
        step(bodies[0])
    for _ in range(ROUNDS):
        for name, step in steps.items():
            started = time.process_time()
            for body in bodies:
                step(body)
            taken[name] = min(taken[name], time.process_time() - started)
    print(f"{what}, {len(bodies)}:")
    for name, seconds in taken.items():
        ratios = f"{taken['engine, all fields'] / seconds:5.2f} of the engine's, {taken['parser alone'] / seconds:5.2f}"
        print(f"  {name:20}{len(bodies) / seconds:7.1f} a second, {ratios} of the parser's")


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    rules = load()
    measure("pages made here", [page(n) for n in range(count)], rules)
    if os.environ.get("TOCSIN_EVAL"):
        measure("pages of the press", list(of_the_press(Path(os.environ["TOCSIN_EVAL"]), count)), rules)
