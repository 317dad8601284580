"""Writes docs/records.md and docs/commands.md from the code; with --check, says whether they agree with it."""

from __future__ import annotations

import dataclasses
import inspect
import sys
from pathlib import Path

import click

from tocsin import records
from tocsin.cli import _COMMANDS, tocsin

HERE = Path(__file__).resolve().parent


def records_page() -> str:
    lines = [
        "# Records",
        "",
        "Made from `src/tocsin/records.py` by `make docs`.",
        "",
        inspect.getdoc(records) or "",
        "",
    ]
    for name, kind in vars(records).items():
        if dataclasses.is_dataclass(kind) and isinstance(kind, type):
            lines += [f"## {name}", "", inspect.getdoc(kind) or "", "", "| field | type |", "|---|---|"]
            lines += [f"| `{f.name}` | `{str(f.type).replace('|', chr(92) + '|')}` |" for f in dataclasses.fields(kind)]
            lines.append("")
    return "\n".join(lines)


def commands_page() -> str:
    lines = ["# Commands", "", "Made from the command line itself by `make docs`.", ""]
    context = click.Context(tocsin, info_name="tocsin", terminal_width=100, max_content_width=100)
    for name in _COMMANDS:
        command = tocsin.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context, terminal_width=100, max_content_width=100)
        lines += [
            f"## tocsin {name}",
            "",
            f"Example: `{command.epilog}`",
            "",
            "```text",
            command.get_help(inner),
            "```",
            "",
        ]
        for part in command.list_commands(inner) if isinstance(command, click.Group) else ():
            below = command.get_command(inner, part)
            assert below is not None
            told = click.Context(below, info_name=part, parent=inner, terminal_width=100, max_content_width=100)
            lines += [
                f"### tocsin {name} {part}",
                "",
                f"Example: `{below.epilog}`",
                "",
                "```text",
                below.get_help(told),
                "```",
                "",
            ]
    return "\n".join(lines)


def main() -> int:
    stale = 0
    for name, text in (("records.md", records_page()), ("commands.md", commands_page())):
        path = HERE / name
        if "--check" in sys.argv[1:]:
            if not path.is_file() or path.read_text("utf-8") != text:
                print(f"docs/{name} does not agree with the code; run `make docs`")
                stale = 1
        else:
            path.write_text(text, encoding="utf-8")
    return stale


if __name__ == "__main__":
    sys.exit(main())
