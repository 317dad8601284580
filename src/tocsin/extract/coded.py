"""A day of coded events between states: the lines of one day of a stream, as they came, to sums by dyad.

The bytes are CSV in UTF-8: the stream's header and the day's rows, GDELT's sums (`date a b score`) or ICEWS's events;
where the source tells the day's volume over the whole world, a blank line and that table's header and row follow.
"""

from __future__ import annotations

import csv
import datetime
import math
import re
from collections import defaultdict

from tocsin.records import Capture, DyadScore, Refusal, Tally

GDELT = ("date", "a", "b", "score")
ICEWS = ("date", "src", "tgt", "cameo", "goldstein", "src_sector", "tgt_sector")
TOTALS = ("date", "abs_score_all_pairs", "n_pairs")
STEP = "extract"

_STATE = re.compile(r"[A-Z]{3}")
_MOST_ROWS = 2_000_000  # of one day


class _Unfit(Exception):
    """Says what was expected and what was found."""


def tally(capture: Capture, body: bytes) -> Tally | Refusal:
    """The sums of one day. Events inside one state, and of actors that are no state, are left; both directions of a
    dyad are one. Without a total, the day's volume is the sum of its own absolute scores."""
    try:
        parts = body.decode("utf-8").replace("\r\n", "\n").strip("\n").split("\n\n")
        if len(parts) > 2:
            raise _Unfit(f"expected the day's rows and its total, found {len(parts)} tables")
        day, scores = _scores(parts[0])
        volume = _total(parts[1], day) if len(parts) == 2 else math.fsum(abs(value) for value in scores.values())
    except (_Unfit, UnicodeDecodeError, csv.Error) as error:
        return Refusal(capture.input, STEP, f"coded events: {error}")
    found = tuple(DyadScore(a, b, scores[a, b]) for a, b in sorted(scores))
    return Tally(capture.input, capture.source, day, volume, found, capture.body)


def _scores(text: str) -> tuple[str, dict[tuple[str, str], float]]:
    rows = list(csv.reader(text.split("\n"), strict=True))
    header, rows = tuple(rows[0]) if rows else (), rows[1:]
    if header not in (GDELT, ICEWS) or not rows or len(rows) > _MOST_ROWS:
        raise _Unfit(f"expected {','.join(GDELT)} or {','.join(ICEWS)} and rows below it, found {','.join(header)!r}")
    held: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in rows:
        if len(row) != len(header) or row[0] != rows[0][0]:
            raise _Unfit(f"expected rows of {rows[0][0]} with {len(header)} cells, found {','.join(row)[:80]!r}")
        a, b = sorted(row[1:3])
        value = _number(row[3] if header == GDELT else row[4])
        if a != b and _STATE.fullmatch(a) and _STATE.fullmatch(b):
            held[a, b].append(value)
    return _day(rows[0][0]), {pair: round(math.fsum(values), 6) for pair, values in held.items()}


def _total(text: str, day: str) -> float:
    rows = list(csv.reader(text.split("\n"), strict=True))
    if len(rows) != 2 or tuple(rows[0]) != TOTALS or len(rows[1]) != len(TOTALS) or rows[1][0] != day:
        raise _Unfit(f"expected {','.join(TOTALS)} with one row of {day}, found {text[:80]!r}")
    found = _number(rows[1][1])
    if found <= 0:
        raise _Unfit(f"expected a volume above 0, found {rows[1][1]!r}")
    return found


def _day(text: str) -> str:
    try:
        return datetime.date.fromisoformat(text).isoformat() if len(text) == 10 else _refused(text)
    except ValueError:
        return _refused(text)


def _refused(text: str) -> str:
    raise _Unfit(f"expected a date such as 2019-02-26, found {text[:40]!r}")


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise _Unfit(f"expected a number, found {text[:40]!r}")
    return value
