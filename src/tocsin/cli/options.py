"""Options and arguments that several commands share, and how faults reach the user."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, TypeVar

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tocsin.bundle import load
from tocsin.records import moment
from tocsin.rules import Rules, RulesError

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

paths_argument = click.argument("paths", nargs=-1, required=True, metavar="PATH…")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON Lines (one object for `assess`).")
jobs_option = click.option("--jobs", type=click.IntRange(1, 256), default=1, help="Processes to use.")
rules_option = click.option(
    "--rules", "rules_folder", type=click.Path(path_type=Path), help="A folder of other rules than those shipped."
)
home_option = click.option(
    "--home",
    type=click.Path(path_type=Path),
    default=lambda: Path(os.environ.get("TOCSIN_HOME", "tocsin-home")),
    help="The kept home (default ./tocsin-home, or TOCSIN_HOME).",
)


class Time(click.ParamType[str]):
    """An ISO date or time; a bare date means the end of that day, UTC."""

    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return moment(str(value), end_of_day=True)
        except ValueError:
            self.fail(f"expected a date such as 2019-05-02 or a time such as 2019-05-02T12:00:00Z, found {value!r}")


def now() -> str:
    """The clock, read here and nowhere to the right of the command line."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def fail(message: str, code: int = 2) -> NoReturn:
    """End with one clear message: what was expected, what was found, what to run."""
    click.echo(f"tocsin: {message}", err=True)
    sys.exit(code)


def counted(n: int, one: str, many: str = "") -> str:
    """'1 entry', '2 entries'."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def load_rules(folder: Path | None) -> Rules:
    try:
        return load(folder)
    except RulesError as error:
        fail(str(error))


def stdin_bytes() -> BinaryIO:
    return sys.stdin.buffer


def print_row(row: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


def with_progress(items: Iterable[T], what: str) -> Iterator[T]:
    """The items, counted on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)
        for item in items:
            progress.advance(task)
            yield item
