"""`tocsin score`: how good the chances and alerts were, beside climatology and a simple count baseline."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np

from tocsin.cli.options import fail, load_rules, rules_option
from tocsin.collect import streams
from tocsin.judge.counts import Crisis, Series
from tocsin.judge.hazard import Forecast, forecast, simple_forecast
from tocsin.rules.counts import Counts
from tocsin.scoring import dyads
from tocsin.scoring import plot as plots

_FILE = click.Path(path_type=Path, dir_okay=False)
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
@rules_option
def dyads_command(
    events: Path,
    crises: Path,
    out: Path,
    totals: Path | None,
    since: datetime.datetime | None,
    plot: Path | None,
    rules_folder: Path | None,
) -> None:
    """For each dyad and day: the chance of an onset within 30 days, and whether one is under way.

    A day's row rests on the days up to it: rows dated later, and ends of crises later than it, change nothing.
    """
    rules = load_rules(rules_folder)
    if rules.counts is None:
        fail("these rules hold no counts.toml, which says how dyads are counted; expected it beside levels.toml")
    if plot and not since:
        fail("--plot draws the figures of --since; give both")
    try:
        series, told = streams.series(events, totals), streams.crises(crises)
    except streams.StreamError as error:
        fail(str(error))
    found = forecast(series, told, rules.states, rules.counts)
    write(found, out)
    if since:
        figures = _figures(found, series, told, rules.counts, since.date().toordinal() - series.first)
        click.echo(json.dumps(figures, indent=1, default=dataclasses.asdict))
        if plot:
            bins = figures["tocsin"]["chances"]["all"]["reliability"]
            plot.write_text(plots.reliability_svg(bins, "An onset within 30 days, all dyads"), "utf-8")


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
