"""The command line: `tocsin --help` lists every command with an example."""

from __future__ import annotations

import importlib
import sys

import click

from tocsin.threads import single

# Each command's module is imported when it is called, so that `tocsin read` never waits for the desk.
_COMMANDS = {
    "read": "study",
    "group": "study",
    "interpret": "study",
    "assess": "study",
    "places": "study",
    "dates": "study",
    "quantities": "study",
    "actors": "study",
    "claims": "study",
    "init": "home",
    "adopt": "home",
    "ingest": "home",
    "collect": "home",
    "derive": "home",
    "live": "home",
    "explain": "home",
    "timeline": "home",
    "replay": "home",
    "rejudge": "home",
    "check": "home",
    "site": "home",
    "serve": "home",
    "demo": "demo",
    "score": "score",
    "lock": "home",
}


class _Commands(click.Group):
    """The commands, in the order in which one meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"tocsin.cli.{_COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            rows = []
            for name in self.list_commands(ctx):
                command = self.get_command(ctx, name)
                assert command is not None
                rows.append((name, f"{command.get_short_help_str(200)}  Example: {command.epilog}"))
            formatter.write_dl(rows)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="tocsin")
def tocsin() -> None:
    """Read what the world reports about crises between states, and judge it on a five-level scale.

    Our levels are not any government's DEFCON. Every level can be opened down to the sentences under it.
    """


def main() -> None:
    """The entry point: a closed pipe ends the work quietly, as it does for any Unix tool."""
    single()
    try:
        tocsin(prog_name="tocsin")
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
