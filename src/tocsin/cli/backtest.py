"""`tocsin backtest`: two rule sets on the same evidence, before one of them is adopted."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from tocsin import bundle, live, replay
from tocsin.archive import ArchiveError
from tocsin.cli.options import fail, json_option, load_rules, now, stdin_bytes
from tocsin.collect import streams
from tocsin.collect.inbox import captures
from tocsin.extract import marked_exercise
from tocsin.home import Home, HomeError, Status
from tocsin.records import Capture, Refusal
from tocsin.rules import Rules
from tocsin.rules.counts import dyad
from tocsin.scoring import areas, backtest

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
_DAY = click.DateTime(["%Y-%m-%d"])
_SHOWN = 40  # differences told to people; --json tells all


@click.command("backtest", epilog="tocsin backtest rules my-rules reports/ --outcomes crises.csv")
@click.argument("rules_a", metavar="RULES_A", type=_FOLDER)
@click.argument("rules_b", metavar="RULES_B", type=_FOLDER)
@click.argument("evidence", nargs=-1, required=True, metavar="EVIDENCE…")
@json_option
@click.option("--from", "first", type=_DAY, help="The first day judged (default: that of the first report).")
@click.option("--to", "last", type=_DAY, help="The last day judged (default: that of the last report).")
@click.option("--step", type=click.IntRange(1, 3660), default=7, show_default=True, help="Days between judgements.")
@click.option("--outcomes", type=click.Path(path_type=Path, dir_okay=False), help="What came: crises, CSV.")
def backtest_command(
    rules_a: Path,
    rules_b: Path,
    evidence: tuple[str, ...],
    as_json: bool,
    first: datetime.datetime | None,
    last: datetime.datetime | None,
    step: int,
    outcomes: Path | None,
) -> None:
    """Compare two rule sets on the same evidence: a home, or reports (files and folders, dated by themselves).

    Each judges all of it from the first day on, as seen by then; nothing is kept. With --outcomes, both are scored.
    """
    sets = {"a": load_rules(rules_a), "b": load_rules(rules_b)}
    try:
        told = streams.crises(outcomes) if outcomes else ()
        with _opened(evidence, rules_a) as home:
            times = replay.days(*_span(home, first, last), step)
            found = {name: tuple(steps(home, times, rules)) for name, rules in sets.items()}
    except (HomeError, ArchiveError, streams.StreamError) as error:
        fail(str(error))
    differing = backtest.differences(found["a"], found["b"])
    said: dict[str, Any] = {
        name: backtest.summary(rows) | (scored(rows, told, sets[name]) if outcomes else {})
        for name, rows in found.items()
    }
    if as_json:
        click.echo(json.dumps(said | {"differences": [_told(one) for one in differing]}))
    else:
        _print(said, differing)


def steps(home: Home, times: tuple[str, ...], rules: Rules) -> Iterator[backtest.Step]:
    """Every area at each time, by these rules, judged anew."""
    for time, found in replay.steps(home, times, hindsight=rules, anew=True):
        day = datetime.date.fromisoformat(time[:10]).toordinal()
        for one in found.judgements:
            row = areas.Row(day, one.area, one.level, one.war.p, one.coverage.documents)
            on = tuple(o.indicator for o in one.observations if o.state == "on")
            yield backtest.Step(row, one.decided_by.rule, on)


def scored(found: tuple[backtest.Step, ...], told: tuple[Any, ...], rules: Rules) -> dict[str, Any]:
    """Figures of one rule set against what came."""
    counts = rules.counts
    if counts is None:
        fail("--outcomes needs rules with a counts.toml, which says what a crisis is; expected it beside levels.toml")
    dyads = {one.id: frozenset(dyad(d.a, d.b) for d in one.dyads) for one in rules.areas.values()}
    of = areas.course(one.row for one in found)
    came = areas.outcome(of, told, dyads, counts)
    base = areas.climatology(of, told, dyads)
    levels = areas.levels(of, came, base, 4, counts.alerting.onset_days, counts.opening.horizon_days)
    return backtest.scored(areas.war(of, came, told, dyads), levels)


@contextlib.contextmanager
def _opened(evidence: tuple[str, ...], rules: Path) -> Iterator[Home]:
    """The home that is named, or a passing one that holds the reports as they were seen."""
    if len(evidence) == 1 and (Path(evidence[0]) / "home.toml").is_file():
        yield Home.open(Path(evidence[0]))
        return
    items = [item for item in captures(evidence, stdin_bytes()) if not isinstance(item, Refusal)]
    if not items:
        fail("expected reports or a home as evidence, found nothing that can be read", 1)
    status: Status = "exercise" if all(marked_exercise(*item) for item in items) else "test"
    with tempfile.TemporaryDirectory(prefix="tocsin-backtest-") as folder:
        entries = list(live.as_seen(items, now()))
        start = min(entry.seen or now() for entry, _ in entries)
        home = Home.create(Path(folder) / "home", "backtest", status, bundle.read_folder(rules), start)
        home.append(entries)
        yield home


def _span(
    home: Home, first: datetime.datetime | None, last: datetime.datetime | None
) -> tuple[datetime.date, datetime.date]:
    """The days given, else those of the first and the last report."""
    seen = sorted(entry.seen[:10] for _, entry in home.archive.entries() if isinstance(entry, Capture) and entry.seen)
    if not seen:
        fail("expected evidence with reports in it, found none", 1)
    start, end = (datetime.date.fromisoformat(text) for text in (seen[0], seen[-1]))
    return (first.date() if first else start, last.date() if last else end)


def _told(one: backtest.Difference) -> dict[str, Any]:
    return dataclasses.asdict(one) | {"day": datetime.date.fromordinal(one.day).isoformat()}


def _print(said: dict[str, Any], differing: tuple[backtest.Difference, ...]) -> None:
    for key in said["a"]:
        a, b = said["a"][key], said["b"][key]
        click.echo(f"{key}: {_shown(a)}" if a == b else f"{key}:\n  a {_shown(a)}\n  b {_shown(b)}")
    click.echo(f"{len(differing)} steps of an area have another level")
    for one in differing[:_SHOWN]:
        day = datetime.date.fromordinal(one.day)
        only = f" (on in a alone: {' '.join(one.only_a) or '–'}; in b alone: {' '.join(one.only_b) or '–'})"
        told = f"{one.level_a or '–'} by {one.decided_a}, {one.level_b or '–'} by {one.decided_b}"
        click.echo(f"  {day} {one.area}: {told}{only}")
    if len(differing) > _SHOWN:
        click.echo(f"  … and {len(differing) - _SHOWN} more; --json tells all")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items()) or "none"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
