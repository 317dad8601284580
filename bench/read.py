"""How fast pages are read, beside the engine alone on the same pages in the same run: `python bench/read.py [pages]`.

The pages are made here; with TOCSIN_EVAL set to a folder of evaluation sets, pages of the press are read as well.
Both columns are CPU time of one process, so that their ratio holds on a busy machine too.
"""

from __future__ import annotations

import os
import random
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import trafilatura

from tocsin.bundle import load
from tocsin.extract import read
from tocsin.records import Capture, digest
from tocsin.rules import Rules

WORDS = ["the", "of", "and", "said", "forces", "border", "minister", "troops", "denied", "talks", "ship", "aircraft"]


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


def a_second(step: Callable[[bytes], object], bodies: list[bytes]) -> float:
    started = time.process_time()
    for body in bodies:
        step(body)
    return len(bodies) / (time.process_time() - started)


def measure(what: str, bodies: list[bytes], rules: Rules) -> None:

    def ours(body: bytes) -> object:
        return read(Capture(None, "", "https://example.org/1", 200, digest(body), "html", "page"), body, rules)

    def engine(body: bytes) -> object:
        return trafilatura.extract(body, include_comments=False)

    def engine_with_fields(body: bytes) -> object:
        return trafilatura.bare_extraction(body, include_comments=False, with_metadata=True)

    for step in (ours, engine):
        step(bodies[0])
    mine, text, fields = (a_second(step, bodies) for step in (ours, engine, engine_with_fields))
    print(f"{what}, {len(bodies)}: {mine:.1f} a second")
    print(f"  beside the engine's text alone   {text:6.1f} a second, ratio {mine / text:.2f}")
    print(f"  beside the engine with fields    {fields:6.1f} a second, ratio {mine / fields:.2f}")


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    rules = load()
    measure("pages made here", [page(n) for n in range(count)], rules)
    if os.environ.get("TOCSIN_EVAL"):
        measure("pages of the press", list(of_the_press(Path(os.environ["TOCSIN_EVAL"]), count)), rules)
