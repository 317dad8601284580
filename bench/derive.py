"""The fold over years: `python bench/derive.py [statements] [years]` prints time and memory of `derive` into a ledger,
and of one more day on top of it, and keeps nothing.

Reports are made of a pool of sentences that the interpreter read once; their dates, their order and their figures
vary, so that the fold meets what an archive of ten years brings: copies, stories, quiet days and crises.
"""

from __future__ import annotations

import dataclasses
import datetime
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tocsin.threads import single

single()  # before anything imports numpy

from tocsin import bundle  # noqa: E402
from tocsin.derive import Running, derive  # noqa: E402
from tocsin.interpret import interpret  # noqa: E402
from tocsin.ledger import Ledger  # noqa: E402
from tocsin.records import (  # noqa: E402
    Adopted,
    Capture,
    Document,
    Entry,
    Refusal,
    Statement,
    Tick,
    Work,
    digest,
    short_key,
)
from tocsin.rules import Rules  # noqa: E402

FIRST = datetime.date(2010, 1, 1)
SENTENCES = 8  # of one report, about as many statements
OUTLETS = ("Reuters", "Associated Press", "TASS", "Xinhua", "Kyodo News", "Dawn", "Anadolu Agency", "The Daily Wire")
SIDES = (
    ("Russian", "Ukraine", "Kyiv"),
    ("Indian", "Pakistan", "Kashmir"),
    ("Chinese", "Taiwan", "Taipei"),
    ("North Korean", "South Korea", "Seoul"),
    ("Iranian", "Israel", "Haifa"),
    ("Azerbaijani", "Armenia", "Yerevan"),
    ("Turkish", "Syria", "Idlib"),
    ("American", "Venezuela", "Caracas"),
)
ACTS = (
    "{a} forces shelled positions of {b} near {c}, killing {n} soldiers, the defence ministry said.",
    "{a} officials met their counterparts from {b} in {c} to discuss the border.",
    "The {a} foreign ministry accused {b} of violating the ceasefire near {c}.",
    "{a} warships began an exercise off {c} with {n} sailors, the navy said.",
    "{b} denied that {a} aircraft had crossed the line near {c}.",
    "{a} authorities imposed sanctions on {n} companies of {b}.",
    "{a} troops withdrew from {c} after talks, residents said.",
    "Thousands marched in {c} against the {a} government.",
    "The {a} president threatened {b} with consequences over {c}.",
    "{a} doctors sent {n} tonnes of aid to {c}.",
)
FILLERS = [
    "harbour",
    "winter",
    "bridge",
    "market",
    "railway",
    "council",
    "school",
    "engine",
    "valley",
    "paper",
    "letter",
    "minister",
    "rain",
    "song",
    "field",
]


def pool(rules: Rules) -> list[tuple[str, tuple[Statement, ...]]]:
    """Sentences with their statements, spans counted from the sentence."""
    made = random.Random(1)
    found = []
    for a, b, c in SIDES:
        for act in ACTS:
            text = act.format(a=a, b=b, c=c, n=made.randint(3, 97))
            held = interpret(_document(text, "pool", FIRST, "Reuters"), rules)
            found.append((text, tuple(one for one in held if one.type is not None)))
    return [(text, held) for text, held in found if held]


def _document(text: str, name: str, day: datetime.date, source: str) -> Document:
    stamp = day.isoformat()
    return Document(
        key=short_key("d", name),
        input=name,
        id=None,
        url=None,
        title=text.split(".")[0][:80],
        published=stamp,
        published_basis="given",
        modified=None,
        language="en",
        authors=(),
        source=source,
        source_id=None,
        origin=None,
        origin_id=None,
        text=text,
        flags=(),
        repairs=(),
        seen=f"{stamp}T12:00:00Z",
        body=digest(name.encode()),
    )


def shifted(value: Any, by: int) -> Any:
    """A record with every span in it moved."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        moved = {
            name: (held[0] + by, held[1] + by) if name == "span" and held else shifted(held, by)
            for name, held in fields.items()
        }
        return type(value)(**moved)
    return tuple(shifted(one, by) for one in value) if isinstance(value, tuple) else value


def report(name: str, day: datetime.date, sentences: list[tuple[str, tuple[Statement, ...]]]) -> Work:
    """One made report: sentences of one quarrel, between fillers that no other report has."""
    made = random.Random(name)
    at = made.randrange(len(sentences) - SENTENCES)
    chosen = [sentences[(at + n) % len(sentences)] for n in range(SENTENCES)]
    text, placed = "", []
    for sentence, held in chosen:
        aside = " ".join(made.choices(FILLERS, k=6)) + f" {made.randrange(10**6)}."
        placed += [(one, len(text)) for one in held]
        text += f"{sentence} {aside} "
    document = _document(text.strip(), name, day, made.choice(OUTLETS))
    told = tuple(
        dataclasses.replace(shifted(one, by), key=f"{document.key}.{n}", document=document.key)
        for n, (one, by) in enumerate(placed)
    )
    return Work(document, told)


class Archive:
    """Entries of so many days with a tick each, and the work for each capture; both made anew when asked."""

    def __init__(self, rules: Rules, statements: int, days: int) -> None:
        self._sentences = pool(rules)
        per_report = sum(len(held) for _, held in self._sentences) / len(self._sentences) * SENTENCES
        self.daily = max(1, round(statements / days / per_report))
        self.statements = 0

    def entries(self, days: range) -> Iterator[tuple[int, Entry]]:
        """Position 0 is the adoption; each day has its captures and a tick."""
        for n in days:
            seen = (FIRST + datetime.timedelta(n)).isoformat()
            start = 1 + n * (self.daily + 1)
            for k in range(self.daily):
                name = f"{seen}/{k}"
                yield start + k, Capture(f"{seen}T12:00:00Z", "", "", 200, digest(name.encode()), "text", name)
            yield start + self.daily, Tick(f"{seen}T23:00:00Z")

    def work(self, position: int, capture: Capture, rules: Rules) -> tuple[Work | Refusal, ...]:
        found = report(capture.input, datetime.date.fromisoformat(capture.input[:10]), self._sentences)
        self.statements += len(found.statements)
        return (found,)


def memory() -> float:
    """The most that this process has held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def main() -> None:
    statements = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    days = 365 * (int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    rules = bundle.load()
    recipe = bundle.recipe(rules)
    archive = Archive(rules, statements, days)
    base = memory()
    print(f"rules and pool: {base:.2f} GB", flush=True)

    def entries(span: range, first: bool) -> Iterator[tuple[int, Entry]]:
        if first:
            yield 0, Adopted(f"{FIRST}T00:00:00Z", recipe, recipe.rules)
        yield from archive.entries(span)

    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(f"sqlite:///{folder}/ledger.db")
        running = Running()
        spans = ((range(days), ledger.rebuild), (range(days, days + 1), ledger.extend))
        for span, write in spans:
            before, wall, cpu = archive.statements, time.perf_counter(), time.process_time()
            found = derive(
                entries(span, not span.start), archive.work, lambda _: rules, lambda _: recipe, False, running
            )
            write(found, upto=1 + span.stop * (archive.daily + 1))
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            told = f"{archive.statements - before:,} statements, {len(span):,} ticks"
            print(f"derived {told} in {wall:.1f} s, {cpu:.1f} s of processor; {memory():.2f} GB at most", flush=True)
        size = Path(folder, "ledger.db").stat().st_size
        print(f"ledger: {size / 1e9:.2f} GB", flush=True)


if __name__ == "__main__":
    main()
