"""The commands that keep a home: backup and restore."""

from __future__ import annotations

from pathlib import Path

import click

from tocsin.cli.home import clear_errors
from tocsin.cli.options import counted, home_option
from tocsin.home import Home
from tocsin.press.backup import back_up, restore

_folder = click.Path(path_type=Path, file_okay=False)


@click.command("backup", epilog="tocsin backup saved --keys elsewhere/keys --home watch")
@home_option
@click.argument("target", type=_folder, metavar="DIR")
@click.option("--keys", type=_folder, help="The secret keys too, into this folder; keep it apart from the rest.")
@clear_errors
def backup_command(home: Path, target: Path, keys: Path | None) -> None:
    """Copy what can't be derived: archive, public log, state, dossiers; and prove the copy."""
    entries = back_up(Home.open(home), target, keys)
    click.echo(f"{counted(entries, 'entry', 'entries')} of the archive, every byte as it was written, in {target}")
    click.echo(f"the secret keys are in {keys}" if keys else "without the secret keys: --keys FOLDER copies them")


@click.command("restore", epilog="tocsin restore saved --keys elsewhere/keys --site public --home watch")
@home_option
@click.argument("backup", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="DIR")
@click.option("--keys", type=_folder, required=True, help="The folder of the secret keys.")
@click.option("--site", type=_folder, help="A copy of the public site: what was published since is taken over.")
@clear_errors
def restore_command(home: Path, backup: Path, keys: Path, site: Path | None) -> None:
    """Make a home from a backup. What was to be sent when it was made is not sent again."""
    made = restore(backup, home, keys, site)
    click.echo(f"a home at {home}: {counted(made.entries, 'entry', 'entries')} of the archive")
    click.echo(f"{made.logged} entries of the public log, {made.taken_over} of them taken over from the site")
    if made.archive_is_behind:
        click.echo("the archive is older than what was published from it: do not write to it; see docs/operate.md")
    click.echo(f"next: tocsin derive --home {home}")
