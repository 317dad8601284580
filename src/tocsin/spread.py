"""The per-document steps over processes, with what was computed before kept by its recipe.

Only work that sees nothing but its document and the rules comes here, so it may run anywhere, in any
order; results are handed back in the order of the captures.
"""

from __future__ import annotations

import json
import multiprocessing
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from tocsin.records import Capture, Recipe, Refusal, Work, canonical, digest, plain, revive
from tocsin.rules import Rules

Outcomes: TypeAlias = tuple[Work | Refusal, ...]
T = TypeVar("T")
Step: TypeAlias = Callable[[Capture, bytes, Rules], tuple[T, ...]]
_AHEAD = 4  # captures under way for each process: enough to keep it busy, few enough to bound memory

_rules: Rules | None = None


def _take_rules(rules: Rules) -> None:
    global _rules
    _rules = rules


def _step_here(step: Step[Any], capture: Capture, body: bytes) -> tuple[Any, ...]:
    assert _rules is not None
    return _guarded(step, capture, body, _rules)


def _guarded(step: Step[T], capture: Capture, body: bytes, rules: Rules) -> tuple[T | Refusal, ...]:
    """One capture can't stop the others: a fault of ours becomes a refusal that names it."""
    try:
        return step(capture, body, rules)
    except RecursionError:
        return (Refusal(capture.input, "read", "nested too deeply to be read"),)
    except Exception as error:
        return (Refusal(capture.input, step.__name__, f"a fault in tocsin itself, please report it: {error!r}"),)


def spread(
    captures: Iterable[tuple[Capture, bytes]], rules: Rules, step: Step[T], jobs: int = 1
) -> Iterator[tuple[T | Refusal, ...]]:
    """What a per-document step makes of each capture, in order, over `jobs` processes.

    `step` is a function of a module (`tocsin.extract.read`, `tocsin.derive.work`): it travels by name.
    """
    if jobs <= 1:
        for capture, body in captures:
            yield _guarded(step, capture, body, rules)
        return
    # The workers inherit the parsed rules by fork, so that nobody parses them twice.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, context, _take_rules, (rules,)) as pool:
        waiting: deque[Future[tuple[T | Refusal, ...]]] = deque()
        for capture, body in captures:
            waiting.append(pool.submit(_step_here, step, capture, body))
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


def _revive(kind: str, value: Any) -> Work | Refusal:
    return revive(Refusal, value) if kind == "Refusal" else revive(Work, value)
