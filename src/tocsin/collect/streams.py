"""Daily dyad files of coded events: GDELT sums (`date a b score`, with day totals beside) and ICEWS events.

Reading is strict: a header, a date, a code or a number that is not what its column promises is refused, with the
file, the line and what was expected. Files may be gzipped; what they unpack to is bounded.
"""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TextIO, TypeVar

import numpy as np

from tocsin.extract.coded import GDELT, ICEWS
from tocsin.extract.coded import TOTALS as _COLUMNS
from tocsin.judge.counts import Crisis, Series
from tocsin.records import Capture, digest
from tocsin.rules.counts import Dyad, dyad

MOST_BYTES = 4_000_000_000  # of one file, unpacked
MOST_DAYS = 36_600  # between the first day and the last
LONGEST_LINE = 10_000
TOTALS = "gdelt_day_totals.csv"

_CRISES = (
    *("id", "source", "name", "start", "start_precision", "end", "dyads", "severity", "gravity"),
    *("nuclear_actors", "nuclear_dyad", "kind", "coding", "notes"),
)
_STATE = re.compile(r"[A-Z]{3}")
_ACTOR = re.compile(r"(?:N:)?[A-Z]{2,20}(?:-[A-Z]{2})?")  # 'N:PKK' and 'NATO' are no states, 'GEO-AB' no whole one
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


T = TypeVar("T")


class StreamError(Exception):
    """A file is not of its form: says which, on which line, what was expected and what was found."""


class _Rows:
    """The rows of one CSV file, each with where it stands; every reader below refuses through it."""

    def __init__(self, path: Path) -> None:
        self.path, self.line = path, 1
        self._bytes = 0

    def refuse(self, expected: str, found: object) -> StreamError:
        shown = str(found)[:80]
        return StreamError(f"{self.path.name}, line {self.line}: expected {expected}, found {shown!r}")

    def read(self, *forms: tuple[str, ...]) -> Iterator[list[str]]:
        """The header, which must be one of the forms, then every row with as many cells."""
        with self._open() as file:
            rows = csv.reader(self._bounded(file), strict=True)
            try:
                header = next(rows, [])
                if tuple(header) not in forms:
                    raise self.refuse("the columns " + " or ".join(",".join(f) for f in forms), ",".join(header))
                yield header
                for row in rows:
                    self.line = rows.line_num
                    if len(row) != len(header):
                        raise self.refuse(f"{len(header)} cells", f"{len(row)}")
                    yield row
            except (csv.Error, UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
                raise self.refuse("CSV in UTF-8", error) from error

    def _open(self) -> TextIO:
        try:
            if self.path.suffix == ".gz":
                return gzip.open(self.path, "rt", encoding="utf-8", newline="")
            return self.path.open(encoding="utf-8", newline="")
        except OSError as error:
            raise StreamError(f"{self.path}: expected a readable file: {error.strerror}") from error

    def _bounded(self, file: TextIO) -> Iterator[str]:
        while line := file.readline(LONGEST_LINE + 1):
            self._bytes += len(line)
            if len(line) > LONGEST_LINE or self._bytes > MOST_BYTES:
                raise self.refuse(f"lines of {LONGEST_LINE} and files of {MOST_BYTES} characters at most", "more")
            yield line

    def day(self, text: str) -> int:
        try:
            if len(text) == 10:
                return datetime.date.fromisoformat(text).toordinal()
        except ValueError:
            pass
        raise self.refuse("a date such as 2019-02-26", text)

    def number(self, text: str) -> float:
        try:
            value = float(text)
        except ValueError as error:
            raise self.refuse("a number", text) from error
        if not math.isfinite(value):
            raise self.refuse("a finite number", text)
        return value

    def state(self, text: str) -> str:
        if not _STATE.fullmatch(text):
            raise self.refuse("a state's code of three capitals", text)
        return text

    def actor(self, text: str) -> str | None:
        """A state's code; None for an actor that is no state."""
        if not _ACTOR.fullmatch(text):
            raise self.refuse("a state's code of three capitals, or an actor's such as N:PKK or NATO", text)
        return text if len(text) == 3 else None

    def last_day(self, text: str) -> int:
        """The last day that a date means which may stop at the month or the year."""
        if not _DATE.fullmatch(text):
            raise self.refuse("a date, a month or a year", text)
        if len(text) == 10:
            return self.day(text)
        year, month = int(text[:4]), int(text[5:7] or 12)
        if not 1 <= month <= 12:
            raise self.refuse("a month from 01 to 12", text)
        following = datetime.date(year + month // 12, month % 12 + 1, 1)
        return following.toordinal() - 1


def series(events: Path, totals: Path | None = None) -> Series:
    """The daily series of every dyad of an events file, GDELT's or ICEWS's form, told by its header.

    GDELT sums are divided by day totals, a file beside it unless named; without one, and for ICEWS, a day's
    volume is the sum of its own absolute scores. Raises StreamError."""
    rows = _Rows(events)
    found = rows.read(GDELT, ICEWS)
    gdelt = tuple(next(found)) == GDELT
    score = _gdelt(rows, found) if gdelt else _icews(rows, found)
    beside = totals or events.with_name(TOTALS)
    volume = _totals(beside) if gdelt and (totals or beside.exists()) else _own_volume(score)
    return _arranged(rows, score, volume)


_Scores = dict[Dyad, dict[int, float]]


def _gdelt(rows: _Rows, found: Iterator[list[str]]) -> _Scores:
    """Sums as given; a dyad's day told twice, in either order of its states, is refused."""
    score: _Scores = defaultdict(dict)
    state, day, number = _once(rows.state), _once(rows.day), rows.number
    for date, a, b, value in found:
        days, when = score[dyad(state(a), state(b))], day(date)
        if when in days or a == b:
            raise rows.refuse("one row for two states and a day", f"{date} {a} {b}")
        days[when] = number(value)
    return score


def _icews(rows: _Rows, found: Iterator[list[str]]) -> _Scores:
    """Goldstein values summed over the events between two states, in both directions; events inside one state, and
    of actors that are no state, are left."""
    score: _Scores = defaultdict(lambda: defaultdict(float))
    actor, day, number = _once(rows.actor), _once(rows.day), _once(rows.number)
    for date, source, target, _, value, *_ in found:
        a, b, when, goldstein = actor(source), actor(target), day(date), number(value)
        if a and b and a != b:
            score[dyad(a, b)][when] += goldstein
    return score


def _once(read: Callable[[str], T]) -> Callable[[str], T]:
    """The reader, asked once for each text: a stream says the same few codes and days a million times."""
    known: dict[str, T] = {}

    def reading(text: str) -> T:
        if text not in known:
            known[text] = read(text)
        return known[text]

    return reading


def _totals(path: Path) -> dict[int, float]:
    rows = _Rows(path)
    found = rows.read(_COLUMNS)
    next(found)
    return {rows.day(date): rows.number(total) for date, total, _ in found}


def _own_volume(score: _Scores) -> dict[int, float]:
    volume: dict[int, float] = defaultdict(float)
    for days in score.values():
        for when, value in days.items():
            volume[when] += abs(value)
    return volume


def _arranged(rows: _Rows, score: _Scores, volume: dict[int, float]) -> Series:
    """Columns from the first day to the last that has a volume; a day of no volume is one that the source lacks."""
    volume = {day: total for day, total in volume.items() if total > 0}
    if not volume:
        raise rows.refuse("at least one day", "none")
    first, last = min(volume), max(volume)
    if last - first >= MOST_DAYS:
        raise rows.refuse(f"at most {MOST_DAYS} days", last - first)
    dyads = tuple(sorted(score))
    found = np.zeros((len(dyads), last - first + 1))
    for row, pair in enumerate(dyads):
        for day, value in score[pair].items():
            if first <= day <= last:
                found[row, day - first] = value
    totals = np.full(last - first + 1, np.nan)
    for day, total in volume.items():
        totals[day - first] = total
    return Series(first, dyads, found, totals)


def captures(events: Path, stream: str, totals: Path | None = None) -> Iterator[tuple[Capture, bytes]]:
    """A day of the stream after another, each as one capture: its rows as they came, under the header, and the day's
    total where a table of them is named or lies beside. `seen` is the end of the day: who keeps another time replaces
    it. Raises StreamError."""
    rows = _Rows(events)
    found = rows.read(GDELT, ICEWS)
    header = next(found)
    lines: dict[str, list[str]] = defaultdict(list)
    day = _once(rows.day)
    for row in found:
        day(row[0])
        lines[row[0]].append(_line(row))
    beside = totals or events.with_name(TOTALS)
    volumes = _total_lines(beside) if header == list(GDELT) and (totals or beside.exists()) else {}
    for date in sorted(lines):
        parts = [_line(header), *lines[date], *(["", _line(_COLUMNS), volumes[date]] if date in volumes else [])]
        body = "\n".join([*parts, ""]).encode()
        name = f"{events.name}#{date}"
        yield Capture(f"{date}T23:59:59Z", stream, "", 200, digest(body), "events", name), body


def _line(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(cells)
    return written.getvalue()


def _total_lines(path: Path) -> dict[str, str]:
    rows = _Rows(path)
    found = rows.read(_COLUMNS)
    next(found)
    return {row[0]: _line(row) for row in found if rows.day(row[0]) and rows.number(row[1]) > 0}


def crises(path: Path) -> tuple[Crisis, ...]:
    """The rows of a crisis table that name a dyad. Raises StreamError."""
    rows = _Rows(path)
    found = rows.read(_CRISES)
    next(found)
    return tuple(_crisis(rows, dict(zip(_CRISES, row, strict=True))) for row in found if row[6])


def _crisis(rows: _Rows, row: dict[str, str]) -> Crisis:
    pairs = [tuple(rows.state(s) for s in text.split("-")) for text in row["dyads"].split(";")]
    if any(len(pair) != 2 or pair[0] == pair[1] for pair in pairs):
        raise rows.refuse("dyads such as ARM-AZE;IRN-USA", row["dyads"])
    if row["start_precision"] not in ("day", "month", "year"):
        raise rows.refuse("start_precision day, month or year", row["start_precision"])
    return Crisis(
        id=row["id"],
        source=row["source"],
        kind=row["kind"],
        start=rows.last_day(row["start"]),
        end=rows.last_day(row["end"]) if row["end"] else None,
        exact=row["start_precision"] == "day",
        severity=rows.number(row["severity"]) if row["severity"] else 1.0,
        dyads=tuple(sorted({dyad(a, b) for a, b in pairs})),
    )
