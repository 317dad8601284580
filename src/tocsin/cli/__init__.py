"""The command line: `tocsin --help` lists every command with an example."""

from __future__ import annotations

import importlib
import sys
from typing import NamedTuple

import click

from tocsin.threads import single


class Command(NamedTuple):
    """Where a command stands, and what the list of commands says of it: the list is printed without importing it."""

    module: str
    summary: str
    example: str


# Each command's module is imported when it is called, so that `tocsin read` never waits for the desk.
_COMMANDS = {
    "read": Command(
        "study",
        "Read documents: the article alone, its title, date, language, source and origin.",
        "tocsin read page.html --json",
    ),
    "group": Command(
        "study",
        "Find copies and stories: who copied whom, which texts are one family, which tell of one event.",
        "tocsin group pages/ --json",
    ),
    "interpret": Command(
        "study",
        "Interpret documents: who did what to whom, where, when, and who says so.",
        "tocsin interpret page.html --json",
    ),
    "assess": Command(
        "study",
        "Run the whole chain over these documents, nothing kept, and print the assessment.",
        "tocsin assess pages/ --as-of 2019-05-02",
    ),
    "places": Command("study", "Print every mention of a place, with coordinates.", "tocsin places --json page.txt"),
    "dates": Command("study", "Print every mention of a date, as an interval.", "tocsin dates --json page.txt"),
    "quantities": Command("study", "Print every number with what it counts.", "tocsin quantities --json page.txt"),
    "actors": Command("study", "Print every mention of an actor.", "tocsin actors --json page.txt"),
    "claims": Command("study", "Print who says what: source, cue and content.", "tocsin claims --json page.txt"),
    "study": Command(
        "browse",
        "Browse errors: labelled sentences beside what is read in them, with the rule that decided.",
        "tocsin study labelled.jsonl --class target",
    ),
    "init": Command(
        "home",
        "Make a new home: an empty archive with its key, and the shipped rules adopted.",
        "tocsin init --home watch",
    ),
    "adopt": Command(
        "home",
        "Let the shipped rules, or those of --rules, decide from here on.",
        "tocsin adopt --home watch --rules my-rules",
    ),
    "ingest": Command(
        "home",
        "Put documents into the archive, and a tick after them.",
        "tocsin ingest reports/ --home watch",
    ),
    "count": Command(
        "coded",
        "Put daily dyads of coded events into the archive: they add to W of the areas that they cover.",
        "tocsin count gdelt.csv.gz --stream gdelt --as-seen --home watch",
    ),
    "collect": Command(
        "home",
        "Fetch the feeds that the source rules name, and the pages that they link, into the archive.",
        "tocsin collect --home watch",
    ),
    "derive": Command(
        "home",
        "Derive the ledger from the archive: the same bytes each time.",
        "tocsin derive --home watch",
    ),
    "live": Command("home", "Collect, derive and propose.", "tocsin live --once --home watch"),
    "explain": Command(
        "home",
        "Walk from an area, indicator, finding, statement or document down to the archived bytes.",
        "tocsin explain venezuela --home watch",
    ),
    "what-if": Command(
        "whatif",
        "Tell what would change without one witness or one finding.",
        'tocsin what-if --without "Meridian Wire" --home watch',
    ),
    "timeline": Command(
        "home",
        "Print an area's judgements over time, and what people signed: when what changed, and what decided.",
        "tocsin timeline venezuela --home watch",
    ),
    "replay": Command(
        "home",
        "Judge again as of a time: the same bytes as were concluded then.",
        "tocsin replay --as-of 2019-05-02 --home watch",
    ),
    "rejudge": Command(
        "home",
        "Judge past evidence by today's rules.",
        "tocsin rejudge --as-of 2019-05-02 --home watch",
    ),
    "check": Command(
        "home",
        "Prove the archive: signature, tiles, entries and bodies, or say which byte is wrong.",
        "tocsin check --home watch",
    ),
    "site": Command(
        "home",
        "Write the public pages, feeds and status files: of what people signed, and nothing else.",
        "tocsin site --home watch --out public",
    ),
    "serve": Command(
        "home",
        "Serve the public pages of what people signed, and the desk.",
        "tocsin serve --home watch --port 8410",
    ),
    "audit": Command(
        "desk",
        "Prove the desk's audit log: every row as it was written, none missing that the archive tells of.",
        "tocsin audit --home watch",
    ),
    "people": Command(
        "press",
        "People of this watch by pseudonym, what they may do, and the keys with which they sign.",
        "tocsin people add ana --role approver --home watch",
    ),
    "propose": Command(
        "press",
        "Draw up a bulletin from the latest judgement of an area.",
        "tocsin propose korea --as ana --home watch",
    ),
    "drafts": Command("press", "List open drafts, and what is missing to each.", "tocsin drafts --home watch"),
    "edit": Command(
        "press",
        "Change the grounds of a draft to those in a file (default: standard input).",
        "tocsin edit d1234567890abcdef words.txt --as ana --home watch",
    ),
    "approve": Command(
        "press",
        "Read the difference to what stands, type area and level, and sign the exact text.",
        "tocsin approve d1234567890abcdef --as ben --key ben.key --home watch",
    ),
    "undo": Command(
        "press",
        "Take a draft back before it went out.",
        "tocsin undo d1234567890abcdef --as ana --home watch",
    ),
    "publish": Command(
        "press",
        "Publish a draft that enough people signed, and write the site.",
        "tocsin publish d1234567890abcdef --home watch",
    ),
    "correct": Command(
        "press",
        "Publish the correction that was prepared with a bulletin.",
        'tocsin correct ID --as ana --key ana.key --reason "a copy was read as news"',
    ),
    "deliver": Command(
        "channels",
        "Send what was published to everybody who asked: once each, in order, and nothing that is not in the log.",
        "tocsin deliver --once --home watch",
    ),
    "subscribe": Command(
        "channels",
        "Ask an address whether it wants to be told, or enter it as confirmed.",
        "tocsin subscribe mail reader@example.org --area korea --level 3 --home watch",
    ),
    "unsubscribe": Command(
        "channels",
        "Erase an address, and what waits for it.",
        "tocsin unsubscribe mail reader@example.org --home watch",
    ),
    "bounce": Command(
        "channels",
        "Read a mail that came back (from standard input): what can't be delivered ends a subscription.",
        "tocsin bounce --home watch < mail",
    ),
    "channels": Command(
        "channels",
        "Show the channels of a home, how many are told on each, and the DNS record that mail needs.",
        "tocsin channels --home watch",
    ),
    "backup": Command(
        "backup",
        "Copy what can't be derived: archive, public log, state, dossiers; and prove the copy.",
        "tocsin backup saved --keys elsewhere/keys --home watch",
    ),
    "restore": Command(
        "backup",
        "Make a home from a backup.",
        "tocsin restore saved --keys elsewhere/keys --site public --home watch",
    ),
    "demo": Command(
        "demo",
        "Run the bundled exercise: reports of early 2019 become an assessment that can be opened.",
        "tocsin demo",
    ),
    "score": Command(
        "score",
        "Score the judgement over years: chances and alerts against what came.",
        "tocsin score dyads --events gdelt.csv.gz --crises crises.csv --out chances.csv",
    ),
    "sites": Command(
        "sites",
        "Read the captured page of every site reader, and tell where it is not read as it must be.",
        "tocsin sites --rules my-rules",
    ),
    "repeated": Command(
        "sites",
        "Propose rows of repeated.tsv: lines that repeat on one site in this home, and on no other.",
        "tocsin repeated --home watch >> my-rules/repeated.tsv",
    ),
    "verify": Command(
        "verify",
        "Check a published bulletin with nothing but the watch's public key, and judge it again.",
        "tocsin verify https://watch.example/bulletin/ID.json --key log.vkey",
    ),
    "backtest": Command(
        "backtest",
        "Compare two rule sets on the same evidence: a home, or reports.",
        "tocsin backtest rules my-rules reports/ --outcomes crises.csv",
    ),
    "lock": Command(
        "home",
        "Write rules.lock: the digest of every rule file, so that a review sees which rules changed.",
        "tocsin lock --rules rules",
    ),
}


class _Commands(click.Group):
    """The commands, in the order in which one meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"tocsin.cli.{_COMMANDS[cmd_name].module}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            rows = [(name, f"{one.summary}  Example: {one.example}") for name, one in _COMMANDS.items()]
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
