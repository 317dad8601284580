"""`tocsin demo`: the bundled exercise through the whole chain, printed, written as a site and served."""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
from pathlib import Path

import click

from tocsin import bundle, live
from tocsin.cli import terminal
from tocsin.cli.options import fail, jobs_option, now
from tocsin.collect.inbox import captures
from tocsin.home import Home
from tocsin.publish import pages, write
from tocsin.records import Refusal

_UNATTENDED_SECONDS = 600  # how long the demo serves where nobody sits at a terminal


@click.command("demo", epilog="tocsin demo")
@jobs_option
@click.option("--home", type=click.Path(path_type=Path), help="Keep the exercise's home here (default: a fresh one).")
@click.option("--port", default=8410, show_default=True, type=click.IntRange(0, 65535))
@click.option("--no-serve", is_flag=True, help="End after the site is written.")
def demo_command(jobs: int, home: Path | None, port: int, no_serve: bool) -> None:
    """Run the bundled exercise: reports of early 2019 become an assessment that can be opened."""
    root = home or Path(tempfile.mkdtemp(prefix="tocsin-exercise-"))
    _clear(root)
    made = exercise_home(root, jobs)
    edition = made.edition()
    terminal.assessment(edition.assessment, edition.rules, edition.statements)
    written = write(pages(edition), made.site)
    click.echo(f"\n{written} files of the site written to {made.site}")
    click.echo(f"open a level down to its sentences: tocsin explain venezuela --home {root}")
    if not no_serve:
        _serve(made, port)


def exercise_home(root: Path, jobs: int = 1) -> Home:
    """A new exercise home at `root`, with the bundled reports archived as they were seen, and derived."""
    folder = bundle.demo_folder()
    rules = bundle.read_folder()
    for path in sorted((folder / "sources").glob("*.toml")):
        rules[f"sources/{path.name}"] = path.read_bytes()
    reports = [item for item in captures([str(folder / "exercise.jsonl")], None) if not isinstance(item, Refusal)]
    made = Home.create(root, "Tocsin exercise", "exercise", rules, "2019-01-20T00:00:00Z")
    made.append(live.as_seen(reports, now()))
    made.derive(jobs)
    return made


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
