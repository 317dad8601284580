"""The commands that keep the readers of single sites true: captured pages, and lines that repeat."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from tocsin.cli.home import clear_errors
from tocsin.cli.options import counted, fail, home_option, load_rules, rules_option
from tocsin.extract import read
from tocsin.extract.repeated import repeated_lines
from tocsin.extract.site import differences, silent
from tocsin.extract.tree import parsed
from tocsin.home import Home
from tocsin.records import Capture, Document, digest
from tocsin.rules import Rules
from tocsin.rules.sites import Reader, reader_of, site_of

_ADVICE = (
    "if the site has changed, end its reader with `until` = the day of the change, add a [[reader]] with a captured "
    "page for the new form, and run `tocsin sites` again"
)


@click.command("sites", epilog="tocsin sites --rules my-rules")
@rules_option
@click.option("--home", type=click.Path(path_type=Path), help="Look also at the pages that this home has captured.")
@clear_errors
def sites_command(rules_folder: Path | None, home: Path | None) -> None:
    """Read the captured page of every site reader, and tell where it is not read as it must be."""
    rules = load_rules(rules_folder)
    wrong = 0
    for site in rules.sites.values():
        for reader in site.readers:
            problems = list(_problems(reader, rules))
            wrong += bool(problems)
            for problem in problems or ["as expected"]:
                click.echo(f"{site.id}, {reader.page}: {problem}")
    silences = list(_silences(Home.open(home), rules)) if home else []
    for line in silences:
        click.echo(line)
    if wrong:
        fail(f"{counted(wrong, 'captured page')} not read as it must be; {_ADVICE}", 1)
    if silences:
        click.echo(_ADVICE)


def _problems(reader: Reader, rules: Rules) -> Iterator[str]:
    capture = Capture(reader.seen, reader.page, reader.url, 200, digest(reader.captured), "html", reader.page)
    for found in read(capture, reader.captured, rules):
        if isinstance(found, Document):
            yield from differences(found, reader.gives)
        else:
            yield found.reason


def _silences(home: Home, rules: Rules) -> Iterator[str]:
    """For each selector that found nothing on captured pages: on how many, and since when."""
    pages: dict[str, int] = {}
    missed: dict[tuple[str, str], list[str]] = {}
    for _, entry in home.archive.entries():
        if not isinstance(entry, Capture) or entry.form != "html":
            continue
        reader, site = reader_of(rules, entry.url, entry.seen), site_of(rules, entry.url)
        tree = parsed(home.archive.body(entry.body)) if reader and site else None
        if tree is not None and reader and site:
            pages[site.id] = pages.get(site.id, 0) + 1
            for name in silent(tree, reader):
                missed.setdefault((site.id, name), []).append((entry.seen or "")[:10])
    for (site_id, name), days in missed.items():
        shown = f"{len(days)} of {counted(pages[site_id], 'captured page')}"
        yield f"{site_id}: {name} found nothing on {shown}, first on {min(days)}"


@click.command("repeated", epilog="tocsin repeated --home watch >> my-rules/repeated.tsv")
@home_option
@clear_errors
def repeated_command(home: Path) -> None:
    """Propose rows of repeated.tsv: lines that repeat on one site in this home, and on no other. Look, then adopt."""
    opened = Home.open(home)
    found = repeated_lines(_read(opened), opened.rules().furniture.repeated)
    for line, source in sorted(found.items(), key=lambda pair: (pair[1], pair[0])):
        click.echo(f"{source}\t{line}")
    told = f"{counted(len(found), 'line')} more than the rules know"
    click.echo(f"{told}; once they stand in a rules folder: tocsin adopt --home {home} --rules FOLDER", err=True)


def _read(home: Home) -> Iterator[tuple[Document, str]]:
    """The documents of the ledger with their families, in order."""
    for position, entry in home.archive.entries(0, home.ledger.position()):
        if isinstance(entry, Capture):
            for document in home.ledger.documents_at(position):
                membership = home.ledger.membership(document.key)
                yield document, membership.family if membership else document.key
