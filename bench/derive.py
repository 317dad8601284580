"""The fold over years: `python bench/derive.py [statements] [years]` prints time and memory of `derive` into a ledger,
year by year, and of one more day on top of it, and keeps nothing.

The archive is made by rule from a seed, report by report and never held: quarrels between the states of every watched
area, told by many outlets in sentences that the interpreter read once, between words and names drawn as language draws
them (the n-th commonest 1/n as often). Each area has quiet months and crises; of the reports about one in five is
another's text, whole, cut or with a new lead, and a few come round again after years. A tick a day judges all areas.
"""

from __future__ import annotations

import dataclasses
import datetime
import math
import random
import resource
import sys
import tempfile
import time
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
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
SEED = "derive"
LENGTHS = (2, 4, 6, 8, 8, 10, 12, 16)  # telling sentences of a report; about one statement each
ASIDE = 24  # words between two of them
WORDS, NAMES = 60_000, 20_000  # the language has so many
EVENT_DAYS = 5  # for which one happening is reported
COPIED, CUT, LED, RETURNED = 0.10, 0.15, 0.20, 0.21  # shares of reports, each up to the next
ACTS = {  # what states do to each other, and how often
    "{a} officials met their counterparts from {b} in {c} to discuss the border.": 12,
    "The {a} foreign ministry accused {b} of violating the ceasefire near {c}.": 6,
    "{a} doctors sent {n} tonnes of aid to {c}.": 5,
    "{a} deputies will vote next week on a treaty with {b}.": 5,
    "Thousands marched in {c} against the {a} government.": 4,
    "{a} authorities imposed sanctions on {n} companies of {b}.": 4,
    "{b} denied that {a} aircraft had crossed the line near {c}.": 3,
    "The {a} president threatened {b} with consequences over {c}.": 3,
    "{a} warships began an exercise off {c} with {n} sailors, the navy said.": 2,
    "{n} {a} soldiers arrived in {c}, a spokesman for {b} said.": 2,
    "{a} troops withdrew from {c} after talks, residents said.": 2,
    "The {a} army moved tanks and artillery towards the border with {b}.": 2,
    "{a} forces shelled positions of {b} near {c}, killing {n} soldiers, the defence ministry said.": 2,
    "{a} aircraft reportedly bombed a depot in {b}, according to unconfirmed reports.": 1,
}

Told = tuple[str, tuple[Statement, ...]]
Quarrel = tuple[tuple[Told, ...], tuple[int, ...]]  # sentences, and how often each is told


@cache
def language(size: int, capital: bool) -> tuple[str, ...]:
    """So many words that no language has, the commonest first."""
    made = random.Random(f"{SEED} {size}")
    parts = [first + vowel for first in "bcdfghklmnprstvz" for vowel in "aeiou"]
    words = dict.fromkeys("".join(made.choices(parts, k=2 + n * 3 // size)) + made.choice("nrstl") for n in range(size))
    return tuple(word.capitalize() for word in words) if capital else tuple(words)


def drawn(made: random.Random, words: tuple[str, ...]) -> str:
    """A word as Zipf has it: the n-th comes 1/n as often as the first."""
    return words[int(math.exp(made.random() * math.log(len(words)))) - 1]


def quarrels(rules: Rules) -> list[list[Quarrel]]:
    """By area and pair of its states: sentences with their statements, spans counted from the sentence."""
    made = random.Random(SEED)
    return [
        [_quarrel(rules, a, b, made) for a, b in pairs]
        for area in rules.areas.values()
        if (pairs := [(d.a, d.b) for d in area.dyads if d.a in rules.states and d.b in rules.states])
    ]


def _quarrel(rules: Rules, a: str, b: str, made: random.Random) -> Quarrel:
    """What may be told of two states; sentences in which the interpreter finds no act are left out."""
    found = []
    for one, other in ((rules.states[a], rules.states[b]), (rules.states[b], rules.states[a])):
        for act, often in ACTS.items():
            text = act.format(a=one.adjectives[0], b=other.name, c=other.capital, n=made.randint(3, 97))
            held = interpret(_document(text, "pool", FIRST, FIRST, "Reuters"), rules)
            found.append((text, tuple(statement for statement in held if statement.type is not None), often))
    kept = [(text, held, often) for text, held, often in found if held]
    return tuple((text, held) for text, held, _ in kept), tuple(often for _, _, often in kept)


def _document(text: str, name: str, published: datetime.date | None, seen: datetime.date, source: str) -> Document:
    stamp = published.isoformat() if published else None
    return Document(
        key=short_key("d", name),
        input=name,
        id=None,
        url=None,
        title=text.split(".")[0][:80],
        published=stamp,
        published_basis="given" if stamp else None,
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
        seen=f"{seen.isoformat()}T12:00:00Z",
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


class Archive:
    """Entries of so many days with a tick each, and the work for each capture; both made anew when asked."""

    def __init__(self, rules: Rules, statements: int, days: int) -> None:
        self._quarrels = quarrels(rules)
        self._outlets = [source.name for _, source in sorted(rules.sources.items())][:120]
        pairs = [pair for area in self._quarrels for pair in area]
        told = sum(len(held) * often for said, weights in pairs for (_, held), often in zip(said, weights, strict=True))
        length = sum(LENGTHS) / len(LENGTHS)
        self._daily = statements / days / (told / sum(sum(weights) for _, weights in pairs) * length)
        self._counts = [self._count(day) for day in range(days + 1)]
        self._starts = [0, *accumulate(self._counts)]
        self.statements = self.documents = 0

    def entries(self, days: range) -> Iterator[tuple[int, Entry]]:
        """Position 0 is the adoption; each day has its captures and a tick."""
        for day in days:
            seen = (FIRST + datetime.timedelta(day)).isoformat()
            start = 1 + self._starts[day] + day
            for n in range(self._counts[day]):
                name = str(self._starts[day] + n)
                yield start + n, Capture(f"{seen}T12:00:00Z", "", "", 200, digest(name.encode()), "text", name)
            yield start + self._counts[day], Tick(f"{seen}T23:00:00Z")

    def end(self, day: int) -> int:
        """The position after a day's tick."""
        return 1 + self._starts[day + 1] + day + 1

    def work(self, position: int, capture: Capture, rules: Rules) -> tuple[Work | Refusal, ...]:
        found = self._report(int(capture.input))
        self.documents += 1
        self.statements += len(found.statements)
        return (found,)

    def _count(self, day: int) -> int:
        """Fewer at the end of a week, and every day by chance."""
        made = random.Random(f"{SEED} count {day}")
        mean = self._daily * (0.6 if day % 7 > 4 else 1.16)
        return max(0, round(made.gauss(mean, math.sqrt(mean))))

    def _report(self, n: int) -> Work:
        """The n-th report: its own text, or that of another one."""
        made = random.Random(f"{SEED} report {n}")
        day = bisect_right(self._starts, n) - 1
        seen = FIRST + datetime.timedelta(day)
        share, back = made.random(), made.randrange(1, 60)
        if share > RETURNED or n < 60:
            parts, of = self._parts(n, day), n
        else:
            of = made.randrange(n) if share > LED else n - back
            parts = self._parts(of, bisect_right(self._starts, of) - 1)
            if COPIED < share <= CUT:
                parts = parts[: max(2, 2 * len(parts) // 3)]
            elif CUT < share <= LED:
                parts = [(self._aside(made, made), ()), *parts]
        published = None if made.random() < 0.02 else seen - datetime.timedelta(made.random() < 0.3)
        return self._work(str(n), parts, published, seen, made.choice(self._outlets))

    def _parts(self, n: int, day: int) -> list[Told]:
        """What the n-th report tells by itself: some sentences of a quarrel, with the words of what happened."""
        made = random.Random(f"{SEED} text {n}")
        weights = [self._heat(area, day) for area in range(len(self._quarrels))]
        area = made.choices(range(len(self._quarrels)), weights)[0]
        pair = made.randrange(len(self._quarrels[area]))
        told, often = self._quarrels[area][pair]
        event = f"{area} {pair} {day // EVENT_DAYS} {made.randrange(3)}"
        parts: list[Told] = []
        for _ in range(made.choice(LENGTHS)):
            parts += made.choices(told, often)
            parts.append((self._aside(made, random.Random(f"{SEED} event {event} {made.randrange(6)}")), ()))
        return parts

    def _heat(self, area: int, day: int) -> float:
        """How much is told of an area: three months alike, mostly little, now and then eight times that."""
        return random.Random(f"{SEED} heat {area} {day // 91}").choice((0.3, 0.5, 0.5, 1.0, 1.0, 4.0))

    def _aside(self, own: random.Random, event: random.Random) -> str:
        """Words, two names and a figure, half of them those of the happening."""
        words, names = language(WORDS, False), language(NAMES, True)
        said = [drawn(own if n % 2 else event, words) for n in range(ASIDE)]
        said[7], said[13] = drawn(event, names), f"{drawn(own, names)} {drawn(event, names)}"
        figure = own if own.random() < 0.5 else event
        return f"{said[0].capitalize()} {' '.join(said[1:])} {figure.randrange(2, 5000)}."

    def _work(
        self, name: str, parts: list[Told], published: datetime.date | None, seen: datetime.date, outlet: str
    ) -> Work:
        text, placed = "", []
        for said, held in parts:
            placed += [(one, len(text)) for one in held]
            text += f"{said} "
        document = _document(text.strip(), name, published, seen, outlet)
        told = tuple(
            dataclasses.replace(shifted(one, by), key=f"{document.key}.{n}", document=document.key)
            for n, (one, by) in enumerate(placed)
        )
        return Work(document, told)


def memory() -> float:
    """The most that this process has held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def main() -> None:
    statements = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    years = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    rules = bundle.load()
    recipe = bundle.recipe(rules)
    archive = Archive(rules, statements, 365 * years)
    print(f"rules and pool: {memory():.2f} GB", flush=True)

    def entries(span: range) -> Iterator[tuple[int, Entry]]:
        if not span.start:
            yield 0, Adopted(f"{FIRST}T00:00:00Z", recipe, recipe.rules)
        yield from archive.entries(span)

    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(f"sqlite:///{folder}/ledger.db")
        running = Running()
        for year in range(years + 1):
            span = range(365 * year, 365 * (year + 1) if year < years else 365 * years + 1)
            held, told, wall, cpu = archive.documents, archive.statements, time.perf_counter(), time.process_time()
            found = derive(entries(span), archive.work, lambda _: rules, lambda _: recipe, False, running)
            (ledger.extend if year else ledger.rebuild)(found, upto=archive.end(span.stop - 1))
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            what = (
                f"{archive.documents - held:,} reports, {archive.statements - told:,} statements, {len(span):,} ticks"
            )
            print(f"{what}: {wall:.1f} s, {cpu:.1f} s of processor; {memory():.2f} GB at most", flush=True)
        size = Path(folder, "ledger.db").stat().st_size
        print(f"in all {archive.statements:,} statements of {archive.documents:,} reports; ledger {size / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
