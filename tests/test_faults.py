"""Kill -9 at random instants while news goes out: nothing is lost, and nothing comes twice but the message on its way.

The sender is a process of its own, killed again and again; the receivers are processes that keep what they took
before they say so. After each kill a mark goes into their logs, so that each repetition can be laid to its kill.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from test_outgoing import bulletin, subscriber
from tocsin.channels import Channel, open_channels
from tocsin.channels.register import Register
from tocsin.delivery import Sender, sending
from tocsin.publish.outgoing import deliveries, message_id
from tocsin.records import Published
from tocsin.rules import Rules
from tocsin.state import State, Subscriber
from watches import MAIL, watch
from world import ROOT, rules

KILL = "killed"


def quick() -> Rules:
    """The rules as they ship, but for waits of a second."""
    by_name = {
        name: dataclasses.replace(rule, first_wait=1.0, factor=1.0, longest_wait=1.0, refusals=1000)
        for name, rule in rules().channels.by_name.items()
    }
    return dataclasses.replace(rules(), channels=dataclasses.replace(rules().channels, by_name=by_name))


def clock() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Run:
    """One run: so many bulletins to so many, killed so often, each time after another while of sending."""

    root: Path
    bulletins: int
    readers: int
    hooks: int
    kills: int
    seed: int
    issued: list[Published] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.state = State(f"sqlite:///{self.root / 'state.db'}")
        self.rules = quick()
        self.logs = {"mail": self.root / "mail.log", "hook": self.root / "hook.log"}

    # ------------------------------------------------------------ who takes part

    def subscribers(self, hook_port: int, closed_port: int) -> list[Subscriber]:
        names = ["slow0", "dead0", "lying0", *(f"reader{n}" for n in range(self.readers - 3))]
        mails = [subscriber(id=f"m-{name}", address=f"{name}@reader.example") for name in names]
        paths = ["slow0", "lying0", *(f"hook{n}" for n in range(self.hooks - 3))]
        addresses = {f"h-{name}": f"http://127.0.0.1:{hook_port}/{name}" for name in paths}
        addresses["h-dead0"] = f"http://127.0.0.1:{closed_port}/dead0"
        posts = [subscriber(id=name, channel="webhook", address=address) for name, address in addresses.items()]
        return mails + posts

    def channels(self, smtp_port: int) -> dict[str, Channel]:
        found = dataclasses.replace(watch(self.root, status="exercise"), rules=self.rules)
        return open_channels({"mail": {**MAIL, "port": smtp_port}, "webhook": {"allow_private": True}}, found)

    def publish(self) -> None:
        """The transaction that queues a bulletin, killed at a random instant, and done again as `publish` does."""
        one = bulletin(id=f"p{len(self.issued):03}", issued=clock(), expires=None)
        self.issued.append(one)
        rows = deliveries(one, self.state.confirmed(), self.rules)
        child = forked(lambda: self.state.outbox.put(rows, clock()))
        time.sleep(self.random.uniform(0, 0.05))
        killed(child)
        self.state.outbox.put(rows, clock())

    def send(self, smtp_port: int, until: Callable[[], bool] | None = None, now: Callable[[], str] = clock) -> None:
        """What `tocsin deliver` does, until it is killed or `until` holds."""
        register = Register(self.state)
        sender = Sender(self.state.outbox, register, self.channels(smtp_port), self.rules, lambda: self.issued, now)
        with sending(self.root, self.state.outbox):
            while until is None or not until():
                asyncio.run(sender.drain())
                time.sleep(0.05)

    # ------------------------------------------------------------ the run

    def go(self) -> None:
        with (
            receiver("smtp", self.logs["mail"]) as smtp,
            receiver("hooks", self.logs["hook"]) as hooks,
            closed() as dead,
        ):
            for one in self.subscribers(hooks, dead):
                assert self.state.subscribe(one)
                if one.channel == "webhook":
                    Register(self.state).add_secret(one.id, "whsec_a2V5", clock(), clock())
            for kill in range(self.kills):
                while len(self.issued) * self.kills <= kill * self.bulletins:
                    self.publish()
                child = forked(lambda: self.send(smtp))
                self._wait()
                killed(child)
                self._mark()
            while len(self.issued) < self.bulletins:
                self.publish()
            self.send(smtp, until=lambda: self._waiting() == {"h-dead0"})
            day_after = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=2)).strftime(
                "%Y-%m-%dT%H:%M:%SZ"
            )
            self.send(smtp, until=lambda: not self._waiting(), now=lambda: day_after)

    def _wait(self) -> None:
        """Until so many more messages were taken that the kills lie all over the run, and a random while longer."""
        share = 2 * self.bulletins * self.readers * len(f"mail {'0' * 32} reader100@reader.example\n") // self.kills
        log, standing = self.logs["mail"], 0.0
        target, size = log.stat().st_size + self.random.uniform(0, share), -1
        while size < target and standing < 0.6:
            time.sleep(0.005)
            standing = standing + 0.005 if log.stat().st_size == size else 0.0
            size = log.stat().st_size
        time.sleep(self.random.uniform(0, 0.03))

    def _waiting(self) -> set[str]:
        return {
            row["recipient"] for row in self.state.rows("SELECT DISTINCT recipient FROM outbox WHERE outcome IS NULL")
        }

    def _mark(self) -> None:
        time.sleep(0.3)  # what the dead sender had put on its way arrives, at the slow ones too
        for path in self.logs.values():
            with path.open("a") as log:
                log.write(f"{KILL} - -\n")

    # ------------------------------------------------------------ what must hold

    def taken(self, kind: str) -> list[tuple[str, str, str]]:
        lines = self.logs[kind].read_text().splitlines()
        return [(parts[0], parts[1], parts[2]) for parts in (line.split(" ") for line in lines)]

    def wanted(self, prefix: str, channel: str) -> set[str]:
        ids = [one.id for one in self.state.confirmed() if one.id.startswith(prefix) and "dead" not in one.id]
        return {message_id(one.id, channel, who) for one in self.issued for who in ids}

    def check(self) -> dict[str, int]:
        """Raises AssertionError where something was lost, repeated without a kill, or out of order."""
        found: dict[str, int] = {}
        for kind, channel, prefix in (("mail", "mail", "m-"), ("hook", "webhook", "h-")):
            taken = self.taken(kind)
            counts = Counter(name for what, name, _ in taken if what == kind)
            assert set(counts) == self.wanted(prefix, channel), "lost, or sent to somebody else"
            found[f"{kind}s"] = len(counts)
            found[f"{kind}s in the window of a kill"] = self._repeated(kind, taken)
        totals = Counter[str]()
        for one in self.issued:
            totals.update(self.state.outbox.counts(one.id))
        assert totals["sent"] == found["mails"] + found["hooks"]
        assert totals["lapsed"] == self.bulletins  # the dead hook's
        assert 1 <= totals["refused"] <= self.bulletins  # the dead reader's, until we knew
        assert "waiting" not in totals
        return found | {"kills": self.kills}

    def _repeated(self, kind: str, taken: list[tuple[str, str, str]]) -> int:
        """How many came twice: each must have been the last that its receiver took before a kill, or have been
        taken by a liar. Each receiver gets its news in order."""
        order: dict[str, list[str]] = defaultdict(list)
        last: dict[str, str] = {}  # by mail the last of all, by hook the last of each
        open_to_repeat: Counter[str] = Counter()
        seen: Counter[str] = Counter()
        repeated = 0
        for what, name, recipient in taken:
            if what == KILL:
                open_to_repeat.update(last.values())
                last.clear()
                continue
            seen[name] += 1
            if seen[name] > 1 and "lying" not in recipient:
                repeated += 1
                assert open_to_repeat[name] > 0, f"{name} came again without a kill while it was on its way"
                open_to_repeat[name] -= 1
            last["smtp" if kind == "mail" else recipient] = name
            if seen[name] == 1:
                order[recipient].append(name)
        channel, prefix = ("mail", "m-") if kind == "mail" else ("webhook", "h-")
        for recipient, names in order.items():
            who = prefix + recipient.strip("/").partition("@")[0]
            assert names == [message_id(one.id, channel, who) for one in self.issued], f"{who}: out of order"
        return repeated


@contextlib.contextmanager
def receiver(kind: str, log: Path) -> Iterator[int]:
    log.touch()
    command = [sys.executable, str(ROOT / "tests" / "receivers.py"), kind, str(log)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextlib.contextmanager
def closed() -> Iterator[int]:
    """A port that is ours and on which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield int(bound.getsockname()[1])


def forked(work: Callable[[], object]) -> int:
    """A process that does this work; its number."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


def killed(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_no_kill_loses_or_repeats_anything(tmp_path: Path) -> None:
    run = Run(tmp_path, bulletins=3, readers=12, hooks=5, kills=10, seed=6)
    run.go()
    found = run.check()
    assert found["mails"] == 3 * 11
    assert found["mails in the window of a kill"] <= 10


@pytest.mark.prove
def test_200_kills_over_50_bulletins_to_1000_readers_and_20_hooks(tmp_path: Path) -> None:
    run = Run(tmp_path, bulletins=50, readers=1000, hooks=20, kills=200, seed=2026)
    run.go()
    found = run.check()
    print(found)
    assert found["mails"] == 50 * 999
    assert found["hooks"] == 50 * 19
    assert found["mails in the window of a kill"] <= 200
