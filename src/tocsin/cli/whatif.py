"""`tocsin what-if`: the judgement again, without one witness or one finding."""

from __future__ import annotations

from pathlib import Path

import click

from tocsin import study
from tocsin.cli.options import Time, counted, fail, home_option, json_option, load_rules, now, print_row, rules_option
from tocsin.home import Home, HomeError
from tocsin.judge import Step
from tocsin.judge.whatif import Change, RulesOf, WhatIf, what_if
from tocsin.records import plain


@click.command("what-if", epilog='tocsin what-if --without "Meridian Wire" --home watch')
@click.argument("paths", nargs=-1, metavar="[PATH…]")
@click.option("--without", required=True, metavar="ORIGIN|FINDING", help="Who tells something, or a finding's key.")
@click.option("--as-of", type=Time(), help="For paths: what was seen by then counts (default: now).")
@home_option
@rules_option
@json_option
def what_if_command(
    paths: tuple[str, ...], without: str, as_of: str | None, home: Path, rules_folder: Path | None, as_json: bool
) -> None:
    """Tell what would change without one witness or one finding, in a home or over these documents.

    Leaving out a witness leaves out what he wrote, every copy of it, and what others quote of him.
    """
    try:
        steps, rules_of, exercise = _of_paths(paths, rules_folder, as_of) if paths else _of_home(home)
        found = what_if(steps, without, rules_of, exercise)
    except (HomeError, ValueError) as error:
        fail(str(error))
    if as_json:
        print_row(plain(found))
    else:
        _tell(found)


def _of_home(home: Path) -> tuple[list[Step], RulesOf, bool]:
    opened = Home.open(home)
    return list(opened.told(opened.ledger.position())), opened.parsed, opened.exercise


def _of_paths(paths: tuple[str, ...], folder: Path | None, as_of: str | None) -> tuple[list[Step], RulesOf, bool]:
    rules = load_rules(folder)
    steps, exercise = study.heard(paths, rules, as_of or now())
    return steps, lambda _: rules, exercise


def _tell(found: WhatIf) -> None:
    click.echo(f"without {found.subject}:")
    click.echo(f"  left out: {counted(found.documents, 'document')}, {counted(found.statements, 'statement')}")
    for summary in found.findings:
        click.echo(f"  gone: {summary}")
    for change in found.changes:
        _tell_change(change)
    if not any(change.moved for change in found.changes):
        click.echo("  no level and no indicator would change")


def _tell_change(change: Change) -> None:
    levels = " -> ".join("unknown" if level is None else str(level) for level in change.level)
    click.echo(f"  {change.name}: level {levels if change.level[0] != change.level[1] else f'{levels} (the same)'}")
    for what, (before, after) in (("serious clash", change.war), ("nuclear danger", change.nuclear)):
        if before != after:
            click.echo(f"    {what}: {before} -> {after}")
    for indicator, before, after in change.indicators:
        click.echo(f"    {indicator}: {before} -> {after}")
    if change.rule[0] != change.rule[1]:
        click.echo(f"    decided by {change.rule[1]} instead of {change.rule[0]}")
