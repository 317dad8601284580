"""`tocsin study`: labelled sentences beside what is read in them, with the rule that decided."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from tocsin.cli import terminal
from tocsin.cli.options import fail, json_option, load_rules, print_row, rules_option
from tocsin.interpret.comparison import Pair

MOST_CLASSES = 20


@click.command("study", epilog="tocsin study labelled.jsonl --class target")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@rules_option
@click.option("--split", help="Only sentences of this split.")
@click.option("--class", "kind", help="Only errors whose class begins so: 'missed ASSAULT', 'target', 'time past'.")
@click.option("--limit", type=int, default=None, help="At most so many sentences.")
@click.option("--all", "everything", is_flag=True, help="Also sentences that are read as labelled.")
def study_command(
    file: Path,
    as_json: bool,
    rules_folder: Path | None,
    split: str | None,
    kind: str | None,
    limit: int | None,
    everything: bool,
) -> None:
    """Browse errors: each labelled sentence of FILE beside the statements read in it and the rules that decided.

    FILE holds one JSON object a line: id, date, text, and events as the evaluation data label them.
    """
    counted: Counter[str] = Counter()
    shown = 0
    for row, pairs in _read(file, split, rules_folder):
        found = [name for pair in pairs for name in pair.classes()]
        counted.update(found)
        wanted = any(name.startswith(kind) for name in found) if kind else everything or bool(found)
        if not wanted or (limit is not None and shown >= limit):
            continue
        shown += 1
        if as_json:
            print_row(_row(row, pairs))
        else:
            _print(row, pairs)
    if not as_json:
        _summary(counted)


def _read(file: Path, split: str | None, rules_folder: Path | None) -> Iterator[tuple[dict[str, Any], list[Pair]]]:
    from tocsin.extract import read
    from tocsin.interpret import interpret
    from tocsin.interpret.comparison import compared
    from tocsin.records import Capture, Document, digest

    rules = load_rules(rules_folder)
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        row = _labelled(line, number)
        if row is None or (split and row.get("split") != split):
            continue
        told = {"id": row["id"], "text": row["text"]} | ({"published": row["date"]} if row.get("date") else {})
        body = json.dumps(told).encode()
        capture = Capture(seen=None, source="", url="", status=200, body=digest(body), form="json", input=row["id"])
        found = next(iter(read(capture, body, rules)), None)
        if isinstance(found, Document):
            yield row, list(compared(row["events"], interpret(found, rules)))


def _labelled(line: str, number: int) -> dict[str, Any] | None:
    if not line.strip():
        return None
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict) or not {"id", "text", "events"} <= row.keys():
        fail(f"line {number}: expected a JSON object with id, text and events, as in events/train_sentences.jsonl")
    return row


def _row(row: dict[str, Any], pairs: list[Pair]) -> dict[str, Any]:
    from tocsin.interpret.rows import actor_row
    from tocsin.records import plain

    def told(pair: Pair) -> dict[str, Any] | None:
        s = pair.statement
        if s is None:
            return None
        parties = {"source": [actor_row(a) for a in s.source], "target": [actor_row(a) for a in s.target]}
        said = {"attribution": actor_row(s.attribution) if s.attribution else None, "rule": s.rule}
        head = {"type": s.type, "trigger": plain(s.trigger)}
        return head | parties | {"modality": s.modality, "stance": s.stance, "time": s.time} | said

    listed = [{"gold": p.event, "statement": told(p), "errors": p.classes()} for p in pairs]
    return {"input": row["id"], "date": row.get("date"), "text": row["text"], "pairs": listed}


def _print(row: dict[str, Any], pairs: list[Pair]) -> None:
    terminal.console.rule(f"[bold]{escape(row['id'])}[/] {row.get('date') or ''}", align="left")
    terminal.console.print(escape(row["text"]))
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    for heading in ("labelled", "read", "errors", "decided by"):
        table.add_column(heading, overflow="fold")
    for pair in pairs:
        rule = pair.statement.rule if pair.statement is not None else ""
        errors = ", ".join(pair.classes()) or "none"
        table.add_row(escape(_labelled_as(pair)), escape(_read_as(pair)), escape(errors), escape(rule))
    terminal.console.print(table)
    terminal.console.print()


def _labelled_as(pair: Pair) -> str:
    event = pair.event
    if event is None:
        return "–"
    parties = [_party(event.get(role)) for role in ("source", "target")]
    said = f" said by {_party(event['attribution'])}" if event.get("attribution") else ""
    trigger = (event.get("trigger") or {}).get("text")
    told = "/".join(event.get(name) or "?" for name in ("modality", "stance", "time"))
    return f"{event['type']} [{trigger}] {parties[0]} → {parties[1]} {told}{said}"


def _party(party: dict[str, Any] | None) -> str:
    return "–" if party is None else f"{party.get('text') or ''} {party.get('country')}/{party.get('sector')}".strip()


def _read_as(pair: Pair) -> str:
    s = pair.statement
    if s is None:
        return "–"
    sides = [", ".join(f"{a.text} {a.country}/{a.sector}" for a in side) or "–" for side in (s.source, s.target)]
    said = f" said by {s.attribution.name}" if s.attribution else ""
    return f"{s.type} [{s.trigger.text}] {sides[0]} → {sides[1]} {s.modality}/{s.stance}/{s.time}{said}"


def _summary(counted: Counter[str]) -> None:
    terminal.console.rule("errors by class", align="left")
    for name, count in counted.most_common(MOST_CLASSES):
        terminal.console.print(f"{count:>6}  {escape(name)}")
