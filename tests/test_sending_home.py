"""A kept exercise from two signatures to the readers: by the command, once, counted, and told in public."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest
from click.testing import CliRunner, Result

from pressroom import AREA, out, press_in
from test_faults import receiver
from tocsin.channels.webhook import PREFIX
from tocsin.cli import tocsin
from tocsin.cli.options import now
from tocsin.home import Home
from tocsin.press import Press, write_site
from tocsin.publish.outgoing import message_id
from tocsin.records import Published, Receipt
from tocsin.state import State


class Service:
    """A home with all three channels, whose receivers are processes of their own."""

    def __init__(self, root: Path, smtp: int, hooks: int) -> None:
        self.root, self.logs = root / "home", root
        before = press_in(root).home
        seen = self.root / "archive" / "checkpoint"
        os.utime(seen, (time.time() - 6 * 3600,) * 2)  # in the exercise it is six hours after the last report
        with (self.root / "home.toml").open("a") as said:
            said.write(f'address = "https://watch.example/"\n[channel.mail]\nhost = "127.0.0.1"\nport = {smtp}\n')
            said.write('tls = "none"\nfrom = "Watch <news@watch.example>"\nselector = "tocsin"\n')
            said.write(
                f'[channel.webhook]\nallow_private = true\n[channel.websub]\nhub = "http://127.0.0.1:{hooks}/hub"\n'
            )
            said.write("allow_private = true\n")
        self.hook = f"http://127.0.0.1:{hooks}/in"
        self.home = Home.open(self.root)
        self.home._parsed_bundles.update(before._parsed_bundles)  # parsed once for all tests
        self.press = Press(self.home)
        self.now = self.home.clock(now())

    def run(self, *words: str, code: int = 0) -> Result:
        done = CliRunner().invoke(tocsin, [*words, "--home", str(self.root)])
        assert done.exit_code == code, done.output
        return done

    def publish(self) -> Published:
        draft = self.press.propose(AREA, "ana", self.now)
        told = out(self.press, draft, "ana", "ben", now=self.now)
        write_site(self.press, self.now)
        return told

    def taken(self, kind: str) -> list[str]:
        return [line.split()[1] for line in (self.logs / f"{kind}.log").read_text().splitlines()]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with receiver("smtp", tmp_path / "mail.log") as smtp, receiver("hooks", tmp_path / "hook.log") as hooks:
        yield Service(tmp_path, smtp, hooks)


def test_what_two_people_signed_goes_out_once(service: Service) -> None:
    service.run("subscribe", "mail", "a@example.org", "--confirmed")
    service.run("subscribe", "mail", "b@example.org", "--area", "korea", "--confirmed")
    assert PREFIX in service.run("subscribe", "webhook", service.hook, "--confirmed").output
    told = service.publish()
    assert "3 sent, 0 refused" in service.run("deliver", "--once").output
    assert "0 sent" in service.run("deliver", "--once").output
    known = service.home.watch.register.find("mail", "a@example.org")
    assert known is not None
    assert service.taken("mail") == [message_id(told.id, "mail", known.id)]
    assert len(service.taken("hook")) == 2  # the hook and the hub
    receipts = [entry for _, entry in Home.open(service.root).archive.entries() if isinstance(entry, Receipt)]
    assert [(one.channel, dict(one.counts)) for one in receipts] == [
        ("mail", {"sent": 1}),
        ("webhook", {"sent": 1}),
        ("websub", {"sent": 1}),
    ]
    record = json.loads((service.root / "site" / "deliveries.json").read_bytes())
    assert record["bulletins"][0]["channels"]["mail"] == {"sent": 1}
    page = (service.root / "site" / "deliveries.html").read_text()
    assert told.title in page
    assert "example.org" not in page
    for ending in ("atom", "rss"):
        found = feedparser.parse((service.root / "site" / f"feed.{ending}").read_bytes())
        assert [link.href for link in found.feed.links if link.rel == "hub"] == list(service.home.hubs)
    feed = json.loads((service.root / "site" / "feed.json").read_bytes())
    assert feed["hubs"] == [{"type": "WebSub", "url": service.home.hubs[0]}]


def test_the_site_says_where_to_ask_to_be_told(service: Service) -> None:
    service.publish()
    assert 'href="https://watch.example/subscribe"' in (service.home.site / "index.html").read_text("utf-8")


def test_receipts_change_no_conclusion(service: Service) -> None:
    before, before_size = service.home.ledger.latest_assessment(), service.home.archive.size
    service.run("subscribe", "mail", "a@example.org", "--confirmed")
    service.publish()
    service.run("deliver", "--once")
    again = Home.open(service.root)
    assert again.archive.size > before_size
    again.derive()
    assert again.ledger.latest_assessment() == before


def test_a_restored_backup_tells_nothing_again(service: Service, tmp_path: Path) -> None:
    service.run("subscribe", "mail", "a@example.org", "--confirmed")
    told = service.publish()
    service.home.state.backup(tmp_path / "kept.db")
    service.run("deliver", "--once")
    (service.root / "state.db").unlink()
    State.restore(tmp_path / "kept.db", service.root / "state.db")
    assert "0 sent" in service.run("deliver", "--once").output
    assert len(service.taken("mail")) == 1
    assert told.id in {one.id for one in service.press.published()}


def test_the_command_tells_what_is_configured_and_what_is_wrong(service: Service) -> None:
    said = service.run("channels").output
    assert "tocsin._domainkey.watch.example. TXT" in said
    assert "websub: 1 recipient" in said
    assert "Expected an address" in service.run("subscribe", "mail", "nobody", code=2).output
    assert "expected a subscriber" in service.run("unsubscribe", "mail", "a@example.org", code=1).output
    with (service.root / "home.toml").open("a") as said_more:
        said_more.write("[channel.pigeon]\n")
    assert "add a table there" in service.run("channels", code=2).output
