"""The study commands: each step over given paths, nothing kept. Rows as the contract says."""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from tocsin import extract, study
from tocsin import group as grouping
from tocsin.cli import terminal
from tocsin.cli.options import (
    Time,
    counted,
    fail,
    jobs_option,
    json_option,
    load_rules,
    now,
    paths_argument,
    print_row,
    rules_option,
    stdin_bytes,
    with_progress,
)
from tocsin.records import Document, Refusal, Tally, Work
from tocsin.rules import Rules


def refusal_row(refusal: Refusal) -> dict[str, Any]:
    return {"input": refusal.input, "refused": {"step": refusal.step, "reason": refusal.reason}}


class _Tally:
    """What came of the documents: a command fails only if nothing at all could be read."""

    def __init__(self) -> None:
        self.read = self.refused = 0

    def count(self, refused: bool) -> None:
        self.refused += refused
        self.read += not refused

    def end(self) -> None:
        sys.stdout.flush()
        if not self.read and not self.refused:
            fail("expected documents, found none under what was given; see `tocsin read --help` for what is read", 1)
        if not self.read:
            sys.exit(1)


def _print_all(rows: Iterable[dict[str, Any]], as_json: bool, people: Callable[[dict[str, Any]], None]) -> None:
    """Every row, refusals among them."""
    tally = _Tally()
    for row in rows:
        tally.count("refused" in row)
        _print(row, as_json, people)
    tally.end()


def _print(row: dict[str, Any], as_json: bool, people: Callable[[dict[str, Any]], None]) -> None:
    if as_json:
        print_row(row)
    elif "refused" in row:
        terminal.refusal(row)
    else:
        people(row)


_study_options: tuple[Callable[[Any], Any], ...] = (paths_argument, json_option, jobs_option, rules_option)


def _study(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_study_options):
        command = option(command)
    return command


@click.command("read", epilog="tocsin read page.html --json")
@_study
@click.option("--bulk", is_flag=True, help="Several times as fast, a little less exact; each document by itself.")
def read_command(paths: tuple[str, ...], as_json: bool, jobs: int, rules_folder: Path | None, bulk: bool) -> None:
    """Read documents: the article alone, its title, date, language, source and origin."""
    rules = load_rules(rules_folder)
    ignored: Counter[str] = Counter()
    found = study.documents(paths, rules, stdin=stdin_bytes(), jobs=jobs, ignored=ignored, bulk=bulk)
    found = found if bulk else study.with_origins(found, rules)
    rows = (refusal_row(d) if isinstance(d, Refusal) else extract.row(d) for d in with_progress(found, "read"))
    try:
        _print_all(rows, as_json, terminal.document)
    finally:
        for name, times in sorted(ignored.items()):
            click.echo(f"ignored: field {name!r}, {counted(times, 'time')}", err=True)


@click.command("group", epilog="tocsin group pages/ --json")
@_study
@click.option("--copies-only", is_flag=True, help="Find copies alone, among up to 16 million documents; no stories.")
def group_command(
    paths: tuple[str, ...], as_json: bool, jobs: int, rules_folder: Path | None, copies_only: bool
) -> None:
    """Find copies and stories: who copied whom, which texts are one family, which tell of one event."""
    rules = load_rules(rules_folder)
    found = with_progress(study.documents(paths, rules, stdin=stdin_bytes(), jobs=jobs), "group")
    find = _copies if copies_only else _memberships if as_json else _titled
    _print_all(find(found, rules), as_json, terminal.membership)


def _memberships(found: Iterable[Document | Refusal], rules: Rules) -> Iterator[dict[str, Any]]:
    for one in study.group(found, rules):
        yield refusal_row(one) if isinstance(one, Refusal) else grouping.row(one[0].input, one[1])


def _titled(found: Iterable[Document | Refusal], rules: Rules) -> Iterator[dict[str, Any]]:
    """For people: every row with the title of its story, which all of the story's reports decide."""
    placed = list(study.group(found, rules))
    titles: dict[str, list[str | None]] = {}
    for one in placed:
        if not isinstance(one, Refusal):
            titles.setdefault(one[1].story, []).append(one[0].title)
    named = {story: grouping.story_title(found, rules) for story, found in titles.items()}
    for one in placed:
        if isinstance(one, Refusal):
            yield refusal_row(one)
        else:
            yield {**grouping.row(one[0].input, one[1]), "story_title": named[one[1].story]}


def _copies(found: Iterable[Document | Refusal], rules: Rules) -> Iterator[dict[str, Any]]:
    for one in study.copies(found, rules):
        yield refusal_row(one) if isinstance(one, Refusal) else grouping.row(*one)


@click.command("interpret", epilog="tocsin interpret page.html --json")
@_study
def interpret_command(paths: tuple[str, ...], as_json: bool, jobs: int, rules_folder: Path | None) -> None:
    """Interpret documents: who did what to whom, where, when, and who says so."""
    from tocsin.derive import work  # here and below: what interprets and judges loads longer than a page is read

    rules = load_rules(rules_folder)
    outcomes = with_progress(study.run(paths, rules, work, stdin=stdin_bytes(), jobs=jobs), "interpret")
    tally = _Tally()
    for outcome in outcomes:
        tally.count(isinstance(outcome, Refusal))
        for row in _statement_rows(outcome):
            _print(row, as_json, terminal.statement)
    tally.end()


def _statement_rows(outcome: Work | Tally | Refusal) -> Iterator[dict[str, Any]]:
    """One row a statement; a document without statements has none, nor have counts; a refusal has one."""
    from tocsin.interpret.rows import statement_row

    if isinstance(outcome, Refusal):
        yield refusal_row(outcome)
    elif isinstance(outcome, Work):
        for statement in outcome.statements:
            yield statement_row(outcome.document, statement)


@click.command("assess", epilog="tocsin assess pages/ --as-of 2019-05-02")
@_study
@click.option("--as-of", type=Time(), help="What was seen by then counts (default: now).")
@click.option("--area", "area_id", help="Print this area alone.")
def assess_command(
    paths: tuple[str, ...], as_json: bool, jobs: int, rules_folder: Path | None, as_of: str | None, area_id: str | None
) -> None:
    """Run the whole chain over these documents, nothing kept, and print the assessment."""
    from tocsin.judge import assess_object

    rules = load_rules(rules_folder)
    if area_id is not None and area_id not in rules.areas:
        fail(f"expected an area, one of {', '.join(sorted(rules.areas))}; found {area_id!r}")
    found = study.assess(paths, rules, as_of or now(), stdin=stdin_bytes(), jobs=jobs)
    assessment, works, refusals, left_out = found
    for refusal in refusals:
        click.echo(f"refused: {refusal.input}: {refusal.reason}", err=True)
    if left_out:
        click.echo(f"left out: {counted(left_out, 'document')} seen after {assessment.as_of}", err=True)
    answer = assess_object(assessment)
    if area_id is not None:
        answer["areas"] = [area for area in answer["areas"] if area["id"] == area_id]
    if as_json:
        print_row(answer)
    else:
        terminal.assessment(assessment, rules, {s.key: s for w in works for s in w.statements}, only=area_id)
    tally = _Tally()
    tally.read, tally.refused = len(works) + left_out, len(refusals)
    tally.end()


def _mention_command(name: str, what: str, module: str, function: str) -> click.Command:
    """One row for each mention of a kind: the commands for measuring parts alone. What finds them is a function
    of a document and the rules, named by its module."""

    @_study
    def command(paths: tuple[str, ...], as_json: bool, jobs: int, rules_folder: Path | None) -> None:
        find = getattr(importlib.import_module(module), function)
        rules = load_rules(rules_folder)
        tally = _Tally()
        for found in study.documents(paths, rules, stdin=stdin_bytes(), jobs=jobs):
            tally.count(isinstance(found, Refusal))
            rows = (refusal_row(found),) if isinstance(found, Refusal) else find(found, rules)
            for row in rows:
                print_row(row)
        tally.end()

    return click.command(name, help=what, epilog=f"tocsin {name} --json page.txt")(command)


_MENTIONS = "tocsin.interpret.study"
places_command = _mention_command(
    "places", "Print every mention of a place, with coordinates.", _MENTIONS, "places_rows"
)
dates_command = _mention_command("dates", "Print every mention of a date, as an interval.", _MENTIONS, "dates_rows")
quantities_command = _mention_command(
    "quantities", "Print every number with what it counts.", _MENTIONS, "quantities_rows"
)
actors_command = _mention_command("actors", "Print every mention of an actor.", _MENTIONS, "actors_rows")
claims_command = _mention_command(
    "claims", "Print who says what: source, cue and content.", "tocsin.interpret.rows", "claim_rows"
)
