"""`tocsin count`: a stream of coded events into the archive of a home."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import click

from tocsin.archive import ArchiveError
from tocsin.cli.options import counted, fail, home_option, now
from tocsin.collect import streams
from tocsin.home import Home, HomeError
from tocsin.records import Capture, Entry, Tick

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("count", epilog="tocsin count gdelt.csv.gz --stream gdelt --as-seen --home watch")
@click.argument("events", type=_FILE)
@home_option
@click.option("--stream", required=True, help="What the stream is called; a day told again replaces the earlier one.")
@click.option("--totals", type=_FILE, help=f"The days' world volumes (default: {streams.TOTALS} beside the events).")
@click.option("--as-seen", is_flag=True, help="Each day counts as seen at its end, with a tick: a past replayed.")
def count_command(events: Path, home: Path, stream: str, totals: Path | None, as_seen: bool) -> None:
    """Put daily dyads of coded events (GDELT sums, ICEWS events) into the archive, a day an entry, and a tick after.

    They add to W of the areas whose dyads they cover, and move no level by themselves.
    """
    try:
        found = list(streams.captures(events, stream, totals))
        if not found:
            fail(f"{events.name}: expected at least one day, found none", 1)
        written = Home.open(home).append(_seen(found) if as_seen else _now(found))
    except (streams.StreamError, HomeError, ArchiveError) as error:
        fail(str(error))
    click.echo(f"{counted(len(written), 'entry', 'entries')} written; next: tocsin derive --home {home}")


def _seen(found: list[tuple[Capture, bytes]]) -> Iterator[tuple[Entry, bytes | None]]:
    for capture, body in found:
        yield capture, body
        assert capture.seen is not None, "a day of a stream is seen at its end"
        yield Tick(capture.seen), None


def _now(found: list[tuple[Capture, bytes]]) -> Iterator[tuple[Entry, bytes | None]]:
    time = now()
    for capture, body in found:
        yield dataclasses.replace(capture, seen=time), body
    yield Tick(time), None
