"""The commands of a kept home."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from tocsin import archive as archives
from tocsin import bundle, live, replay
from tocsin.archive import ArchiveError
from tocsin.cli import terminal
from tocsin.cli.options import (
    Time,
    counted,
    fail,
    home_option,
    jobs_option,
    json_option,
    load_rules,
    now,
    print_row,
    rules_option,
    stdin_bytes,
    with_progress,
)
from tocsin.collect.inbox import captures
from tocsin.derive import NoRules
from tocsin.extract import marked_exercise
from tocsin.home import Home, HomeError, Status
from tocsin.http import Web
from tocsin.judge import assess_object
from tocsin.ledger import LedgerError
from tocsin.press import Press, Refused, write_site
from tocsin.publish import SealError
from tocsin.publish.bulletin import standing
from tocsin.publish.publiclog import PublicLogError
from tocsin.records import Capture, Published, Refusal, plain
from tocsin.rules import Rules, RulesError
from tocsin.state import StateError

F = TypeVar("F", bound=Callable[..., Any])


_FAULTS = (
    *(HomeError, ArchiveError, LedgerError, StateError, RulesError, NoRules, SealError),
    *(Refused, PublicLogError),
)


def clear_errors(command: F) -> F:
    """Faults that a user can mend end with one message and exit code 2, never with a traceback."""

    @wraps(command)
    def wrapped(*arguments: Any, **named: Any) -> Any:
        try:
            return command(*arguments, **named)
        except _FAULTS as error:
            fail(str(error))

    return wrapped  # type: ignore[return-value]


@click.command("init", epilog="tocsin init --home watch")
@home_option
@rules_option
@click.option("--name", help="What this watch is called (default: the folder's name).")
@click.option("--exercise", is_flag=True, help="An exercise: own keys, and a banner on everything it shows.")
@click.option("--address", default="", help="Where the public site will stand; feeds and CAP messages link to it.")
@clear_errors
def init_command(home: Path, rules_folder: Path | None, name: str | None, exercise: bool, address: str) -> None:
    """Make a new home: an empty archive with its key, and the shipped rules adopted."""
    status: Status = "exercise" if exercise else "actual"
    rule_files = bundle.read_folder(rules_folder)
    made = Home.create(home, name or home.resolve().name, status, rule_files, now(), address)
    click.echo(f"a new home at {home}: {made.status}, rules {made.adopted_digest()}")
    click.echo(f"next: tocsin ingest PATH… --home {home}, or tocsin collect --home {home}")


@click.command("adopt", epilog="tocsin adopt --home watch --rules my-rules")
@home_option
@rules_option
@clear_errors
def adopt_command(home: Path, rules_folder: Path | None) -> None:
    """Let the shipped rules, or those of --rules, decide from here on. The past keeps its own."""
    adopted = Home.open(home).adopt(bundle.read_folder(rules_folder), now())
    click.echo(f"adopted {adopted}; next: tocsin derive --home {home}" if adopted else "these rules already decide")


@click.command("ingest", epilog="tocsin ingest reports/ --home watch")
@home_option
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("--as-seen", is_flag=True, help="Keep the time at which each document says it was seen, a tick a day.")
@clear_errors
def ingest_command(home: Path, paths: tuple[str, ...], as_seen: bool) -> None:
    """Put documents into the archive, and a tick after them. What can't be read is told, the rest goes on."""
    opened = Home.open(home)
    refusals: list[Refusal] = []

    def taken() -> Iterator[tuple[Capture, bytes]]:
        for item in with_progress(captures(paths, stdin_bytes()), "ingest"):
            refusal = item if isinstance(item, Refusal) else _misplaced(opened, *item)
            if refusal is None:
                assert not isinstance(item, Refusal)
                yield item
            else:
                refusals.append(refusal)
                click.echo(f"refused: {refusal.input}: {refusal.reason}", err=True)

    readable = list(taken())
    if not readable:
        fail("nothing could be read, so nothing was written", 1)
    written = opened.append(live.as_seen(readable, now()) if as_seen else live.as_now(readable, now()))
    click.echo(f"{counted(len(written), 'entry', 'entries')} written, {counted(len(refusals), 'document')} refused")
    click.echo(f"next: tocsin derive --home {home}")


def _misplaced(home: Home, capture: Capture, body: bytes) -> Refusal | None:
    """What was made for an exercise has no place in a real home."""
    if home.exercise or not marked_exercise(capture, body):
        return None
    reason = "expected real reports, found one marked as an exercise; make a home for it with `tocsin init --exercise`"
    return Refusal(capture.input, "ingest", reason)


@click.command("collect", epilog="tocsin collect --home watch")
@home_option
@clear_errors
def collect_command(home: Path) -> None:
    """Fetch the feeds that the source rules name, and the pages that they link, into the archive."""
    counts = live.collect(Home.open(home), Web, now)
    click.echo(f"{counts.captured} captures, {counts.refused} refused")


@click.command("derive", epilog="tocsin derive --home watch")
@home_option
@jobs_option
@clear_errors
def derive_command(home: Path, jobs: int) -> None:
    """Derive the ledger from the archive: the same bytes each time."""
    opened = Home.open(home)
    click.echo(f"derived up to entry {opened.derive(jobs)}")
    latest = opened.ledger.latest_assessment()
    if latest is not None:
        terminal.levels(latest)


@click.command("live", epilog="tocsin live --once --home watch")
@home_option
@jobs_option
@click.option("--once", is_flag=True, help="One round, then end (for a timer).")
@click.option("--every", default=900, show_default=True, type=click.IntRange(60), help="Seconds between rounds.")
@clear_errors
def live_command(home: Path, jobs: int, once: bool, every: int) -> None:
    """Collect, derive and propose. The machine proposes; it never publishes a change of level."""
    for proposals in live.rounds(Home.open(home), Web, now, jobs=jobs, every=None if once else every):
        for bulletin in proposals:
            terminal.proposal(bulletin)
        if not proposals:
            click.echo("no change of level to propose")


@click.command("explain", epilog="tocsin explain venezuela --home watch")
@home_option
@json_option
@click.argument("identifier", metavar="ID")
@clear_errors
def explain_command(home: Path, as_json: bool, identifier: str) -> None:
    """Walk from an area, indicator, finding, statement or document down to the archived bytes."""
    opened = Home.open(home)
    tree = replay.explain(opened, identifier)
    if as_json:
        print_row(tree)
    else:
        terminal.tree(tree)


@click.command("timeline", epilog="tocsin timeline venezuela --home watch")
@home_option
@json_option
@click.argument("area")
@clear_errors
def timeline_command(home: Path, as_json: bool, area: str) -> None:
    """Print an area's judgements over time, and what people signed: when what changed, and what decided."""
    opened = Home.open(home)
    known = sorted(opened.rules().areas)
    if area not in known:
        fail(f"expected an area, one of {', '.join(known)}; found {area!r}")
    judgements = list(opened.ledger.judgements(area))
    if not judgements:
        fail(f"expected judgements of {area}, found none; run `tocsin derive --home {home}`", 1)
    told = [one for one in Press(opened).published() if one.area == area]
    if not as_json:
        terminal.timeline(judgements)
        terminal.signed(told)
    for judgement in judgements if as_json else ():
        print_row(plain(judgement) | signed_then(told, judgement.as_of))
    for published in told if as_json else ():
        print_row({"published": plain(published), **signed_row(published)})


def signed_then(told: list[Published], time: str) -> dict[str, Any]:
    """The level that people had signed and that stood at a time, beside the machine's."""
    issued = [one for one in told if one.issued <= time]
    stood = standing(issued, time).live
    return {"signed_level": stood[-1].level if stood else None, "signed_as": stood[-1].id if stood else None}


def signed_row(published: Published) -> dict[str, Any]:
    """A bulletin as a row of a timeline: what people signed, and what the machine had proposed."""
    return {
        "as_of": published.as_of,
        "level": published.machine_level,
        "signed_level": published.level,
        "signed_as": published.id,
        "decided_by": {"rule": f"people/{published.kind}", "text": published.title, "findings": []},
    }


_DAY = click.DateTime(["%Y-%m-%d"])


def _span_options(command: F) -> F:
    """What a replay over time needs: from which day to which, how many days a step, judged anew or as it stood."""
    for option in (
        click.option("--anew", is_flag=True, help="Judge at each step, as a home that ticks would have."),
        click.option("--step", type=click.IntRange(1, 3660), default=1, show_default=True, help="Days between rows."),
        click.option("--to", "last", type=_DAY, help="The last day (default: that of --from)."),
        click.option("--from", "first", type=_DAY, help="One row for each step and area, from this day on."),
    ):
        command = option(command)
    return command


def _print_steps(
    home: Home, first: datetime, last: datetime | None, step: int, anew: bool, as_json: bool, hindsight: Rules | None
) -> None:
    times = replay.days(first.date(), (last or first).date(), step)
    for time, found in replay.steps(home, times, hindsight=hindsight, anew=anew):
        if not as_json:
            terminal.step(time, found)
        for judgement in found.judgements if as_json else ():
            print_row(replay.step_row(time, found, judgement, hindsight is not None))


@click.command("replay", epilog="tocsin replay --as-of 2019-05-02 --home watch")
@home_option
@json_option
@click.option("--as-of", type=Time(), help="What was known by then, by the rules of that time.")
@_span_options
@clear_errors
def replay_command(
    home: Path, as_json: bool, as_of: str | None, first: datetime | None, last: datetime | None, step: int, anew: bool
) -> None:
    """Judge again as of a time: the same bytes as were concluded then. With --from, a row for each step and area:
    what stood in it then, as the archive stood then."""
    opened = Home.open(home)
    if (as_of is None) is (first is None):
        fail("expected --as-of TIME, or --from DAY with --to and --step; see `tocsin replay --help`")
    if first is not None:
        _print_steps(opened, first, last, step, anew, as_json, None)
        return
    assessment = replay.as_of(opened, as_of or "")
    if as_json:
        print_row(assess_object(assessment))
    else:
        terminal.assessment(assessment, opened.rules(), {})


@click.command("rejudge", epilog="tocsin rejudge --as-of 2019-05-02 --home watch")
@home_option
@json_option
@rules_option
@click.option("--as-of", type=Time(), help="What was known by then (default: now).")
@_span_options
@clear_errors
def rejudge_command(
    home: Path,
    as_json: bool,
    rules_folder: Path | None,
    as_of: str | None,
    first: datetime | None,
    last: datetime | None,
    step: int,
    anew: bool,
) -> None:
    """Judge past evidence by today's rules. Its output says hindsight and can't be signed."""
    opened, rules = Home.open(home), load_rules(rules_folder)
    if not as_json:
        click.echo("HINDSIGHT: today's rules on past evidence; not what was said then, and not to be signed")
    if first is not None:
        _print_steps(opened, first, last, step, anew, as_json, rules)
        return
    assessment = replay.as_of(opened, as_of or now(), hindsight=rules)
    if as_json:
        print_row({"hindsight": True} | assess_object(assessment))
    else:
        terminal.assessment(assessment, rules, {})


@click.command("check", epilog="tocsin check --home watch")
@home_option
@json_option
@clear_errors
def check_command(home: Path, as_json: bool) -> None:
    """Prove the archive: signature, tiles, entries and bodies, or say which byte is wrong."""
    opened = Home.open(home)
    faults = archives.check(opened.root)
    for fault in faults:
        if as_json:
            print_row(plain(fault))
        else:
            click.echo(f"fault: {fault}")
    if faults:
        sys.exit(1)
    if not as_json:
        click.echo(f"{opened.archive.size} entries, every byte as it was written")


@click.command("site", epilog="tocsin site --home watch --out public")
@home_option
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it (default: site/ in the home).")
@clear_errors
def site_command(home: Path, out: Path | None) -> None:
    """Write the public pages, feeds and status files: of what people signed, and nothing else."""
    opened = Home.open(home)
    target = out or opened.site
    written = write_site(Press(opened), opened.clock(now()), target)
    click.echo(f"{written} files written to {target}")


@click.command("serve", epilog="tocsin serve --home watch --port 8410")
@home_option
@click.option("--port", default=8410, show_default=True, type=click.IntRange(0, 65535))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--desk", metavar="ORIGIN", help="Where people reach the desk, https://… (default: http://localhost:PORT)."
)
@clear_errors
def serve_command(home: Path, port: int, host: str, desk: str | None) -> None:
    """Serve the public pages of what people signed, and the desk."""
    from tocsin.desk.serve import serve

    opened = Home.open(home)
    click.echo(f"serving http://{host}:{port}/, the desk at {desk or f'http://localhost:{port}'}/desk (Ctrl-C ends it)")
    serve(opened, host, port, origin=desk)


@click.command("lock", epilog="tocsin lock --rules rules")
@rules_option
def lock_command(rules_folder: Path | None) -> None:
    """Write rules.lock: the digest of every rule file, so that a review sees which rules changed."""
    folder = rules_folder or bundle.default_folder()
    load_rules(folder)
    bundle.write_lock(folder)
    click.echo(f"{folder}/rules.lock written")
