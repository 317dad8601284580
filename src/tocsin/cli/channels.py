"""The commands about who is told: sending, subscribers, what comes back, and what is configured."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from tocsin.archive import ArchiveError
from tocsin.channels import ChannelError, bounces
from tocsin.channels.links import fresh_id
from tocsin.channels.mail import Mail
from tocsin.channels.record import record_files
from tocsin.channels.subscription import SubscriptionError
from tocsin.channels.webhook import fresh_secret
from tocsin.cli.options import counted, fail, home_option, now, stdin_bytes
from tocsin.delivery import BusyError, Sender, sending, write_receipts
from tocsin.home import Home, HomeError
from tocsin.press import Press
from tocsin.publish import write
from tocsin.records import Entry, Published, Receipt
from tocsin.rules import RulesError
from tocsin.state import StateError, Subscriber

F = TypeVar("F", bound=Callable[..., Any])


def _clear_errors(command: F) -> F:
    """Faults that a user can mend end with one message and exit code 2, never with a traceback."""

    @wraps(command)
    def wrapped(*arguments: Any, **named: Any) -> Any:
        try:
            return command(*arguments, **named)
        except (HomeError, StateError, RulesError, ArchiveError, ChannelError, SubscriptionError, BusyError) as error:
            fail(str(error))

    return wrapped  # type: ignore[return-value]


class _Newsroom:
    """A home, its press and its sender, as the command joins them."""

    def __init__(self, home: Home) -> None:
        self.home, self.press = home, Press(home)
        self._told: object = None

    def issued(self) -> tuple[Published, ...]:
        """The bulletins that stand in the public log."""
        size = self.press.log.size
        return tuple(issued.published for issued in self.press.issued() if issued.number < size)

    def sender(self) -> Sender:
        home = self.home
        return Sender(home.state.outbox, home.watch.register, home.channels, home.rules(), self.issued, self.now)

    def now(self) -> str:
        """What time it is in the home, whoever wrote there since."""
        if self.home.exercise:
            self.home.__dict__.pop("archive", None)
        return self.home.clock(now())

    def settle(self) -> None:
        """What a crash cut short, the receipts of what is done, and the public record where it changed."""
        self.press.settle()
        totals = self.home.state.outbox.totals()
        if totals == self._told:
            return
        try:
            write_receipts(self.home.state, totals, self, self.now())
        except ArchiveError:
            return  # a round of collecting writes there; the next time will do
        write(record_files(self.home.watch, self.issued(), totals, self.now()), self.home.site)
        self._told = totals

    # ------------------------------------------------------------ the archive, as receipts need it

    def size(self) -> int:
        return self.home.archive.size

    def entries(self, start: int) -> Iterator[Entry]:
        return (entry for _, entry in self.home.archive.entries(start))

    def append(self, receipts: Iterable[Receipt]) -> None:
        self.home.append((receipt, None) for receipt in receipts)


@click.command("deliver", epilog="tocsin deliver --once --home watch")
@home_option
@click.option("--once", is_flag=True, help="Send what is due, then end (for a timer).")
@click.option("--every", default=5, show_default=True, type=click.IntRange(1), help="Seconds between two looks.")
@_clear_errors
def deliver_command(home: Path, once: bool, every: int) -> None:
    """Send what was published to everybody who asked: once each, in order, and nothing that is not in the log."""
    room = _Newsroom(Home.open(home))
    sender = room.sender()
    with sending(room.home.root, room.home.state.outbox):
        room.settle()
        if not once:
            asyncio.run(sender.watch(float(every), room.settle))
        counts = asyncio.run(sender.drain())
        room.settle()
    done = f"{counts.sent} sent, {counts.refused} refused, {counts.superseded} superseded"
    click.echo(f"{done}, {counts.later} to be tried again")


@click.command("subscribe", epilog="tocsin subscribe mail reader@example.org --area korea --level 3 --home watch")
@home_option
@click.argument("channel")
@click.argument("address")
@click.option(
    "--area", "areas", multiple=True, help="An area to be told of; more than one may be given (default: all)."
)
@click.option(
    "--level", "threshold", type=click.IntRange(1, 5), default=5, help="This level and worse (5: every change)."
)
@click.option("--confirmed", is_flag=True, help="Begin at once: whoever runs this vouches that it was asked for.")
@_clear_errors
def subscribe_command(
    home: Path, channel: str, address: str, areas: tuple[str, ...], threshold: int, confirmed: bool
) -> None:
    """Ask an address whether it wants to be told, or enter it as confirmed."""
    opened = Home.open(home)
    subscriptions, at = opened.subscriptions, opened.clock(now())
    wish = subscriptions.wish(channel, address, areas, threshold)
    if not confirmed:
        subscriptions.ask(wish, "command line", at)
        click.echo(f"a question is on its way; next: tocsin deliver --once --home {home}")
        return
    register = subscriptions.watch.register
    made = Subscriber(fresh_id(), wish.channel, wish.address, wish.areas, at, at, wish.threshold)
    if not register.add(made):
        fail("this address is entered already; `tocsin unsubscribe` erases it")
    click.echo(f"entered: {wish.address}")
    if channel == "webhook":
        secret = fresh_secret()
        register.add_secret(made.id, secret, at, at)
        click.echo(f"the secret that signs for it, not shown again: {secret}")


@click.command("unsubscribe", epilog="tocsin unsubscribe mail reader@example.org --home watch")
@home_option
@click.argument("channel")
@click.argument("address")
@_clear_errors
def unsubscribe_command(home: Path, channel: str, address: str) -> None:
    """Erase an address, and what waits for it."""
    register = Home.open(home).watch.register
    found = register.find(channel, address)
    if found is None or not register.erase(found.id):
        fail(f"expected a subscriber, found none of {channel} with {address!r}", 1)
    click.echo("erased")


@click.command("bounce", epilog="tocsin bounce --home watch < mail")
@home_option
@_clear_errors
def bounce_command(home: Path) -> None:
    """Read a mail that came back (from standard input): what can't be delivered ends a subscription."""
    opened = Home.open(home)
    watch = opened.watch
    found = bounces.read(stdin_bytes().read(), watch)
    if found is None:
        click.echo("no bounce of ours, or only a delay: nothing is changed")
        return
    click.echo(f"{found.status}: {bounces.take(found, watch, opened.clock(now()))}")


@click.command("channels", epilog="tocsin channels --home watch")
@home_option
@_clear_errors
def channels_command(home: Path) -> None:
    """Show the channels of a home, how many are told on each, and the DNS record that mail needs."""
    opened = Home.open(home)
    if not opened.channels:
        click.echo(f"no channel: {home}/home.toml has no section [channel.…] (see docs/operate.md)")
    recipients = opened.recipients()
    for name, channel in opened.channels.items():
        told = sum(one.channel == name for one in recipients)
        click.echo(f"{name}: {counted(told, 'recipient')}, at most {counted(channel.window, 'message')} on the way")
        if isinstance(channel, Mail) and channel.signer is not None:
            click.echo(channel.signer.record)
