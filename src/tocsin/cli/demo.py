"""`tocsin demo`: the bundled exercise through the whole chain, printed, written as a site and served."""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from tocsin import bundle, live
from tocsin.cli import terminal
from tocsin.cli.options import fail, jobs_option, now
from tocsin.collect.inbox import captures
from tocsin.home import Home
from tocsin.press import Press, write_site
from tocsin.press.people import signature
from tocsin.records import Entry, Refusal, Tick

_UNATTENDED_SECONDS = 600  # how long the demo serves where nobody sits at a terminal
_SIGNERS = ("ana", "ben", "cem")  # fictitious, as everything in the exercise
_SIGNING_DAYS = ("2019-03-08", "2019-03-25", "2019-03-27", "2019-05-02")  # on which they sit down and sign


@click.command("demo", epilog="tocsin demo")
@jobs_option
@click.option("--home", type=click.Path(path_type=Path), help="Keep the exercise's home here (default: a fresh one).")
@click.option("--port", default=8410, show_default=True, type=click.IntRange(0, 65535))
@click.option("--no-serve", is_flag=True, help="End after the site is written.")
def demo_command(jobs: int, home: Path | None, port: int, no_serve: bool) -> None:
    """Run the bundled exercise: reports of early 2019 become an assessment, and fictitious people sign it."""
    root = home or Path(tempfile.mkdtemp(prefix="tocsin-exercise-"))
    _clear(root)
    made = exercise_home(root, jobs, signed=True)
    latest = made.ledger.latest_assessment()
    assert latest is not None, "the exercise was derived"
    keys = {key for f in latest.findings for key in (*f.asserted, *f.denied)}
    statements = {key: found for key in sorted(keys) if (found := made.ledger.statement(key)) is not None}
    terminal.assessment(latest, made.rules(), statements)
    press = Press(made)
    written = write_site(press, made.clock(now()))
    click.echo(f"\n{len(press.published())} bulletins signed by fictitious people; {written} files in {made.site}")
    click.echo(f"open a level down to its sentences: tocsin explain venezuela --home {root}")
    if not no_serve:
        _serve(made, port)


def exercise_home(root: Path, jobs: int = 1, *, signed: bool = False) -> Home:
    """A new exercise home at `root`, with the bundled reports archived as they were seen, and derived; where it is
    to be `signed`, its fictitious people signed on some days what was judged by then."""
    folder = bundle.demo_folder()
    rules = bundle.read_folder()
    for path in sorted((folder / "sources").glob("*.toml")):
        rules[f"sources/{path.name}"] = path.read_bytes()
    reports = [item for item in captures([str(folder / "exercise.jsonl")], None) if not isinstance(item, Refusal)]
    made = Home.create(root, "Tocsin exercise", "exercise", rules, "2019-01-20T00:00:00Z")
    items = list(live.as_seen(reports, now()))
    for part, time in _days(items) if signed else [(items, "")]:
        made.append(part)
        made.derive(jobs)
        if signed:
            _sign(Press(made), time)
    return made


def _days(items: Sequence[live.Item]) -> Iterator[tuple[list[live.Item], str]]:
    """The exercise cut after the ticks of the signing days, each with the time of its last tick."""
    days, part = list(_SIGNING_DAYS), list[live.Item]()
    last = len(items) - 1
    for n, (entry, body) in enumerate(items):
        part.append((entry, body))
        if isinstance(entry, Tick) and (n == last or entry.seen[:10] >= days[0]):
            days = [day for day in days[:-1] if day > entry.seen[:10]] + days[-1:]
            yield part, _seen(entry)
            part = []


def _seen(entry: Entry) -> str:
    assert entry.seen is not None, "an entry of the archive says when it was seen"
    return entry.seen


def _sign(press: Press, here: str) -> None:
    """Everybody sits down at the tick: what is judged anew is drawn up, signed and published at once."""
    keys = press.home.root / "keys"
    if not press.home.state.people():
        for person in _SIGNERS:
            press.people.add(person, f"{person.title()}, fictitious", "approver", here)
            press.people.make_key(person, keys / f"{person}.key", here)
    assessment = press.home.ledger.latest_assessment()
    for judgement in assessment.judgements if assessment else ():
        if judgement.status == "assessed" and judgement.expires and judgement.expires > here:
            _publish(press, judgement.area, keys, here)


def _publish(press: Press, area: str, keys: Path, here: str) -> None:
    draft = press.propose(area, _SIGNERS[0], here)
    for person in _SIGNERS:
        if not any(reason.rule.startswith("sign/") for reason in press.missing(draft.id)):
            break
        asked = press.challenge(draft.id, person, here)
        signer = press.people.read_key(person, keys / f"{person}.key")
        press.sign(draft.id, signature(person, signer, asked, draft.digest, here), area, draft.level, here, waive=True)
    press.publish(draft.id, here)


def _clear(root: Path) -> None:
    """An earlier demo's home may be made anew; anything else that stands there is left alone."""
    if not root.exists() or not any(root.iterdir()):
        return
    if not (root / "home.toml").is_file() or Home.open(root).status != "exercise":
        fail(f"expected an empty folder or an earlier exercise at {root}; choose another --home")
    shutil.rmtree(root)


def _serve(made: Home, port: int) -> None:
    from tocsin.desk.serve import serve

    free = _free_port(port)
    seconds = None if sys.stdin.isatty() else _UNATTENDED_SECONDS
    ends = "Ctrl-C ends it" if seconds is None else f"ends by itself after {seconds} seconds"
    click.echo(f"serving the exercise at http://127.0.0.1:{free}/ ({ends})")
    sys.stdout.flush()
    serve(made, "127.0.0.1", free, seconds)


def _free_port(wanted: int) -> int:
    """The wanted port, or any free one where it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return _free_port(0)
        bound: int = probe.getsockname()[1]
        return bound
