"""`tocsin score`: how good the chances and alerts were, beside climatology and a simple count baseline."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
import numpy as np

from tocsin import replay
from tocsin.archive import ArchiveError
from tocsin.cli.options import fail, load_rules, rules_option
from tocsin.collect import streams
from tocsin.home import Home, HomeError
from tocsin.judge.counts import Crisis, Series
from tocsin.judge.hazard import Forecast, forecast, simple_forecast, why
from tocsin.rules.counts import Counts, Dyad, dyad
from tocsin.scoring import areas, dyads
from tocsin.scoring import plot as plots

F = TypeVar("F", bound=Callable[..., Any])

_FILE = click.Path(path_type=Path, dir_okay=False)
_DAY = click.DateTime(["%Y-%m-%d"])
_SIMPLE_CUT = 3.0  # spreads of the simple baseline's alert
_HARD_YEARS = 5.0  # without a crisis, in the hard problem


@click.group("score", epilog="tocsin score dyads --events gdelt.csv.gz --crises crises.csv --out chances.csv")
def score_command() -> None:
    """Score the judgement over years: chances and alerts against what came."""


@score_command.command("dyads")
@click.option("--events", type=_FILE, required=True, help="Daily dyads: GDELT sums or ICEWS events, CSV or CSV.gz.")
@click.option("--crises", type=_FILE, required=True, help="Crises with their dyads, starts and ends, CSV.")
@click.option("--out", type=_FILE, required=True, help="Where to write date,a,b,p,alert.")
@click.option("--totals", type=_FILE, help=f"The days' world volumes (default: {streams.TOTALS} beside the events).")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Also print figures of the days from this one on.")
@click.option("--plot", type=_FILE, help="With --since: write the reliability plot here, SVG.")
@click.option("--why", "asked", multiple=True, metavar="A-B:DAY", help="Also tell what that chance and alert rest on.")
@rules_option
def dyads_command(
    events: Path,
    crises: Path,
    out: Path,
    totals: Path | None,
    since: datetime.datetime | None,
    plot: Path | None,
    asked: tuple[str, ...],
    rules_folder: Path | None,
) -> None:
    """For each dyad and day: the chance of an onset within 30 days, and whether one is under way.

    A day's row rests on the days up to it: rows dated later, and ends of crises later than it, change nothing.
    --why tells in log-odds, against the usual pair, what speaks for and against: `structure` (history, nearness,
    arms, pacts), `relative` (hostility, against what both states usually make) and `peak` (the worst day).
    """
    rules = load_rules(rules_folder)
    if rules.counts is None:
        fail("these rules hold no counts.toml, which says how dyads are counted; expected it beside levels.toml")
    if plot and not since:
        fail("--plot draws the figures of --since; give both")
    questions = [_question(one) for one in asked]
    try:
        series, told = streams.series(events, totals), streams.crises(crises)
    except streams.StreamError as error:
        fail(str(error))
    found = forecast(series, told, rules.states, rules.counts)
    write(found, out)
    for pair, day in questions:
        click.echo(_answer(found, pair, day, rules.counts))
    if since:
        figures = _figures(found, series, told, rules.counts, since.date().toordinal() - series.first)
        click.echo(json.dumps(figures, indent=1, default=dataclasses.asdict))
        if plot:
            bins = figures["tocsin"]["chances"]["all"]["reliability"]
            plot.write_text(plots.reliability_svg(bins, "An onset within 30 days, all dyads"), "utf-8")


def _question(text: str) -> tuple[Dyad, datetime.date]:
    pair, _, day = text.partition(":")
    a, _, b = pair.partition("-")
    try:
        return dyad(a, b), datetime.date.fromisoformat(day)
    except ValueError:
        fail(f"--why: expected two states and a day, such as ARM-AZE:2020-07-14; found {text!r}")


def _answer(found: Forecast, pair: Dyad, day: datetime.date, rules: Counts) -> str:
    """What a chance and an alert rest on: for and against, in log-odds, the strongest first."""
    told = why(found, pair, day.toordinal())
    if told is None:
        return f"{'-'.join(pair)}, {day}: not followed"
    parts = sorted(told.parts.items(), key=lambda item: -abs(item[1]))
    lines = [
        f"{'-'.join(pair)}, {day}: chance of an onset within {rules.opening.horizon_days} days {told.p:.2%}"
        + (", and one seems under way" if told.alert else ""),
        f"  the usual pair {1 / (1 + math.exp(-told.usual)):.3%}; in log-odds:",
        *(f"  {'for' if value > 0 else 'against':7}  {value:+.2f}  {name}" for name, value in parts),
        f"  the last {rules.hostility.surge_days} days: {told.spreads:+.1f} spreads from ordinary days",
    ]
    return "\n".join(lines)


def _area_options(command: F) -> F:
    """Whence the rows come (a home, replayed; or a file of rows), and what came."""
    for option in (
        rules_option,
        click.option("--plot", type=_FILE, help="Write the reliability plot of W here, SVG."),
        click.option("--step", type=click.IntRange(1, 3660), default=7, show_default=True, help="Days between rows."),
        click.option("--to", "last", type=_DAY, help="The last day."),
        click.option("--from", "first", type=_DAY, help="The first day that is scored."),
        click.option("--outcomes", type=_FILE, required=True, help="What came: crises with their dyads, CSV."),
        click.option("--replay", "file", type=_FILE, help="Rows of `tocsin replay --from … --json`, for a --home."),
        click.option("--home", type=click.Path(path_type=Path), help="The home to replay, judged anew at each step."),
    ):
        command = option(command)
    return command


@score_command.command("levels")
@_area_options
@click.option("--alert", type=click.IntRange(1, 5), default=4, show_default=True, help="A level this bad is an alert.")
def levels_command(alert: int, plot: Path | None, **sources: Any) -> None:
    """Score the levels of areas: order, delay of detection, false alerts and reversals per area-year."""
    if plot:
        fail("--plot draws the chances of W; use `tocsin score war`")
    scored = _Scored(**sources)
    opening, days = scored.counts.opening, scored.counts.alerting.onset_days
    base = areas.climatology(scored.course, scored.crises, scored.dyads)
    found = areas.levels(scored.course, scored.came, base, alert, days, opening.horizon_days)
    click.echo(json.dumps(found, indent=1, default=dataclasses.asdict))


@score_command.command("war")
@_area_options
def war_command(plot: Path | None, **sources: Any) -> None:
    """Score W of areas as the chance of a crisis within 30 days, beside climatology and a count of reports."""
    scored = _Scored(**sources)
    found = areas.war(scored.course, scored.came, scored.crises, scored.dyads)
    click.echo(json.dumps(found, indent=1, default=dataclasses.asdict))
    if plot:
        bins = found["tocsin"]["reliability"]
        plot.write_text(plots.reliability_svg(bins, "W: a crisis within 30 days, all areas"), "utf-8")


class _Scored:
    """The course of the areas and what came, from the options."""

    def __init__(
        self,
        home: Path | None,
        file: Path | None,
        outcomes: Path,
        first: datetime.datetime | None,
        last: datetime.datetime | None,
        step: int,
        rules_folder: Path | None,
    ) -> None:
        if (home is None) is (file is None):
            fail("expected --home with --from and --to, or --replay FILE")
        rules = load_rules(rules_folder)
        if rules.counts is None:
            fail("these rules hold no counts.toml, which says what a crisis is; expected it beside levels.toml")
        self.counts = rules.counts
        self.dyads = {one.id: frozenset(dyad(d.a, d.b) for d in one.dyads) for one in rules.areas.values()}
        rows = _rows_of(file) if file is not None else _replayed(home, first, last, step)
        since, until = (d.date().toordinal() if d else None for d in (first, last))
        kept = (r for r in rows if (since is None or r.day >= since) and (until is None or r.day <= until))
        try:
            self.crises = streams.crises(outcomes)
            self.course = areas.course(kept)
        except (streams.StreamError, ValueError) as error:
            fail(str(error))
        if not self.course.days:
            fail("expected rows of a replay, found none in these days", 1)
        self.came = areas.outcome(self.course, self.crises, self.dyads, self.counts)


def _replayed(
    home: Path | None, first: datetime.datetime | None, last: datetime.datetime | None, step: int
) -> Iterator[areas.Row]:
    if home is None or first is None or last is None:
        fail("expected --from and --to beside --home, to say which days are replayed")
    try:
        opened = Home.open(home)
        for time, found in replay.steps(opened, replay.days(first.date(), last.date(), step), anew=True):
            for judgement in found.judgements:
                yield _row(replay.step_row(time, found, judgement, False))
    except (HomeError, ArchiveError) as error:
        fail(str(error))


def _rows_of(file: Path) -> Iterator[areas.Row]:
    """The rows of a file that `tocsin replay --from … --json` printed; anything else is refused by its line."""
    try:
        with file.open(encoding="utf-8") as lines:
            for n, line in enumerate(lines, 1):
                try:
                    yield _row(json.loads(line))
                except (KeyError, TypeError, ValueError) as error:
                    fail(f"{file.name}, line {n}: expected a row of `tocsin replay --from … --json`: {error!r}")
    except OSError as error:
        fail(f"{file}: expected a readable file: {error.strerror}")


def _row(said: Mapping[str, Any]) -> areas.Row:
    return areas.Row(
        day=datetime.date.fromisoformat(said["as_of"][:10]).toordinal(),
        area=said["area"],
        level=said["level"],
        war=float(said["war"]["p"]),
        documents=int(said["coverage"]["documents"]),
    )


def write(found: Forecast, out: Path) -> None:
    """The forecast as CSV, a row for each day and dyad followed on it, in the order of days."""
    series = found.series
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(("date", "a", "b", "p", "alert"))
        for column in range(series.days):
            day = datetime.date.fromordinal(series.first + column).isoformat()
            rows = np.nonzero(found.followed[:, column])[0]
            chances, alerts = found.p[rows, column].tolist(), found.alert[rows, column].tolist()
            file.writelines(
                f"{day},{a},{b},{p:.7f},{alert:d}\r\n"
                for (a, b), p, alert in zip((series.dyads[r] for r in rows), chances, alerts, strict=True)
            )


def _figures(found: Forecast, series: Series, told: Sequence[Crisis], rules: Counts, since: int) -> dict[str, Any]:
    """Ours and the simple baseline's figures on the same cases; climatology is the rate of the years before,
    half a case added so that what never came is not impossible."""
    if not 0 < since < series.days:
        fail(f"--since: expected a day inside the events, found day {since} of {series.days}")
    simple = simple_forecast(series, told, rules, _SIMPLE_CUT)
    on = dyads.cases(found, told, rules, since, _HARD_YEARS)
    before = dyads.cases(found, told, rules, rules.baseline.followed_least_days, _HARD_YEARS)
    earlier = before.column < since - rules.opening.horizon_days
    base = {
        name: (float(before.y[mask & earlier].sum()) + 0.5) / (int((mask & earlier).sum()) + 1)
        for name, mask in before.groups.items()
    }
    return {
        name: {
            "chances": dyads.chances(which, on, base),
            "alerts": dyads.alerts(which, told, rules, since),
        }
        for name, which in (("tocsin", found), ("simple", simple))
    }
