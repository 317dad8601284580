"""The per-document steps over processes, with what was computed before kept by its recipe.

Only work that sees nothing but its document and the rules comes here, so it may run anywhere, in any
order; results are handed back in the order of the captures.

What a document may cost is bounded by what it is (its size, its tags, its lines) in `extract`, so that the
same bytes are refused everywhere. Below that hangs a net: bytes that look as if they might never end are
read in a process of their own, and a library that hangs, eats the memory or crashes costs that capture alone.
"""

from __future__ import annotations

import json
import multiprocessing
import pickle
import resource
import signal
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from tocsin.records import Capture, Recipe, Refusal, Tally, Work, canonical, digest, plain, revive
from tocsin.rules import Rules

Outcomes: TypeAlias = tuple[Work | Tally | Refusal, ...]
T = TypeVar("T")
Step: TypeAlias = Callable[[Capture, bytes, Rules], tuple[T, ...]]
_AHEAD = 4  # captures under way for each process: enough to keep it busy, few enough to bound memory

LONG = 60  # seconds of processor time; far beyond what any document takes, so that no slow machine decides otherwise
IDLE = 5  # times as much wall time, after which a process that computes nothing is ended
MEMORY = 1 << 30  # bytes that a process of its own may take beyond what it starts with
LARGE = 200_000  # bytes of a text
LARGE_MARKUP = 800_000  # bytes of a page, feed or mail
MANY_TAGS = 12_000

_rules: Rules | None = None


def _take_rules(rules: Rules) -> None:
    global _rules
    _rules = rules


def _step_here(step: Step[Any], capture: Capture, body: bytes, seconds: int) -> tuple[Any, ...]:
    assert _rules is not None
    return _one(step, capture, body, _rules, seconds)


def _one(step: Step[T], capture: Capture, body: bytes, rules: Rules, seconds: int) -> tuple[T | Refusal, ...]:
    if suspicious(capture, body):
        return isolated(step, capture, body, rules, seconds)
    return _guarded(step, capture, body, rules)


def _guarded(step: Step[T], capture: Capture, body: bytes, rules: Rules) -> tuple[T | Refusal, ...]:
    """One capture can't stop the others: a fault of ours becomes a refusal that names it."""
    try:
        return step(capture, body, rules)
    except RecursionError:
        return (Refusal(capture.input, "read", "nested too deeply to be read"),)
    except MemoryError:
        return (_refused(capture, "a document that can be read in the memory there is, found one that needs more"),)
    except Exception as error:
        return (Refusal(capture.input, step.__name__, f"a fault in tocsin itself, please report it: {error!r}"),)


def suspicious(capture: Capture, body: bytes) -> bool:
    """Whether a capture is read in a process of its own. Starting one costs as much as reading a page, so
    that ordinary ones are read where they are."""
    if capture.form in ("text", "json", "events"):
        return len(body) > LARGE
    return capture.form == "pdf" or len(body) > LARGE_MARKUP or body.count(b"<") > MANY_TAGS


def isolated(
    step: Step[T], capture: Capture, body: bytes, rules: Rules, seconds: int = LONG
) -> tuple[T | Refusal, ...]:
    """What a step makes of a capture in a process that ends after `seconds` of processor time and gets no
    more than MEMORY; a refusal where it was ended or crashed."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(step, capture, body, rules, theirs, seconds), daemon=True)
    process.start()
    theirs.close()
    try:
        found: tuple[T | Refusal, ...]
        if ours.poll(IDLE * seconds):
            found = pickle.loads(ours.recv_bytes())
            return found
        slow = True
    except EOFError:
        process.join()
        slow = process.exitcode in (-signal.SIGXCPU, -signal.SIGKILL)
    finally:
        process.kill()
        process.join()
        ours.close()
    if slow:
        return (_refused(capture, f"a document that is read within {seconds} s, found one that took longer"),)
    return (_refused(capture, "a document that can be read, found one that crashed its reader"),)


def _refused(capture: Capture, what: str) -> Refusal:
    return Refusal(capture.input, "read", f"expected {what}; leave it out or give its text alone")


def _answer(step: Step[Any], capture: Capture, body: bytes, rules: Rules, to: Connection, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    statm = Path("/proc/self/statm")
    if statm.exists():
        used = int(statm.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    to.send_bytes(pickle.dumps(_guarded(step, capture, body, rules)))
    to.close()


def spread(
    captures: Iterable[tuple[Capture, bytes]], rules: Rules, step: Step[T], jobs: int = 1, seconds: int = LONG
) -> Iterator[tuple[T | Refusal, ...]]:
    """What a per-document step makes of each capture, in order, over `jobs` processes.

    `step` is a function of a module (`tocsin.extract.read`, `tocsin.derive.work`): it travels by name.
    `seconds` bounds a suspicious capture; where conclusions are kept it must be far beyond what any takes.
    """
    if jobs <= 1:
        for capture, body in captures:
            yield _one(step, capture, body, rules, seconds)
        return
    # The workers inherit the parsed rules by fork, so that nobody parses them twice.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, context, _take_rules, (rules,)) as pool:
        waiting: deque[Future[tuple[T | Refusal, ...]]] = deque()
        for capture, body in captures:
            waiting.append(pool.submit(_step_here, step, capture, body, seconds))
            if len(waiting) >= jobs * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


class Cache:
    """Work done before, by (capture, recipe). Losing this file costs time only, so it is never synced."""

    def __init__(self, path: Path, recipe: Recipe) -> None:
        self._recipe = digest(canonical(recipe))
        self._database = sqlite3.connect(path)
        self._database.execute("PRAGMA synchronous=OFF")
        self._database.execute("CREATE TABLE IF NOT EXISTS work (key TEXT PRIMARY KEY, outcomes BLOB NOT NULL)")

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def _key(self, capture: Capture) -> str:
        return digest(canonical([plain(capture), self._recipe]))

    def get(self, captures: Iterable[Capture]) -> dict[Capture, Outcomes]:
        """What is known of these captures."""
        known = {}
        for capture in captures:
            query = "SELECT outcomes FROM work WHERE key = ?"
            row = self._database.execute(query, (self._key(capture),)).fetchone()
            if row is not None:
                known[capture] = tuple(_revive(kind, value) for kind, value in json.loads(row[0]))
        return known

    def put(self, fresh: Mapping[Capture, Outcomes]) -> None:
        rows = [
            (self._key(capture), canonical([[type(outcome).__name__, plain(outcome)] for outcome in outcomes]))
            for capture, outcomes in fresh.items()
        ]
        with self._database:
            self._database.executemany("INSERT OR REPLACE INTO work VALUES (?, ?)", rows)


def _revive(kind: str, value: Any) -> Work | Tally | Refusal:
    kinds: dict[str, Any] = {"Refusal": Refusal, "Tally": Tally, "Work": Work}
    found: Work | Tally | Refusal = revive(kinds[kind], value)
    return found
