"""The commands about the desk that are not run at it: proving its audit log."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tocsin.cli.home import clear_errors
from tocsin.cli.options import counted, home_option, json_option, print_row
from tocsin.desk.audit import Audit
from tocsin.home import Home
from tocsin.records import plain


@click.command("audit", epilog="tocsin audit --home watch")
@home_option
@json_option
@clear_errors
def audit_command(home: Path, as_json: bool) -> None:
    """Prove the desk's audit log: every row as it was written, none missing that the archive tells of."""
    opened = Home.open(home)
    audit = Audit(opened.state)
    faults = list(audit.faults(opened.archive.entries()))
    for fault in faults:
        click.echo(f"fault: {fault}", err=True)
    if faults:
        sys.exit(1)
    head = audit.head()
    if as_json:
        for act in reversed(audit.latest(head.number if head else 0)):
            print_row(plain(act))
    else:
        click.echo(f"{counted(head.number if head else 0, 'row')}, every one as it was written")
