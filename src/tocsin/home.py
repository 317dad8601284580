"""A kept home: one folder with the archive, the ledger, the state, the keys and the site.

home.toml     name, status (actual, exercise or test), address of the public site, ledger URL where not the default,
              a section for each channel over which news is sent
archive/      what we saw: irreplaceable
state.db      people, keys, subscribers, outbox: irreplaceable
ledger.db     what we conclude: derived, may be deleted
work.db       per-document work done before: may be deleted
site/         the public pages: written anew each time
"""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from tocsin.archive import Archive
from tocsin.bundle import pack, recipe, unpack
from tocsin.channels import Channel, Watch, open_channels
from tocsin.channels.links import load_links
from tocsin.channels.register import Register
from tocsin.channels.subscription import Subscriptions
from tocsin.derive import Conclusion, Outcome, Running, derive, work
from tocsin.extract import tally
from tocsin.judge import Step, Told
from tocsin.ledger import Ledger
from tocsin.publish import Seal, load_seal
from tocsin.publish.edition import LOCAL
from tocsin.records import Adopted, Answer, Assessment, Capture, Entry, Refusal, Tally, Tick, digest
from tocsin.rules import Rules, RulesError, parse
from tocsin.spread import Cache, spread
from tocsin.state import State, Subscriber

Status = Literal["actual", "exercise", "test"]
_BLOCK = 256  # captures whose work is looked up, computed and kept together


class HomeError(Exception):
    """The home can't be used as asked; the message says what was found and what to run."""


@dataclass(frozen=True)
class Home:
    """An opened home. What it opens is opened when first asked for."""

    root: Path
    name: str
    status: Status
    ledger_url: str
    address: str

    @staticmethod
    def create(
        root: Path, name: str, status: Status, rule_files: Mapping[str, bytes], now: str, address: str = ""
    ) -> Home:
        """A new home whose archive begins with the adoption of the rules. Raises HomeError where one stands."""
        _check_address(address)
        if (root / "home.toml").exists():
            raise HomeError(f"expected no home at {root}, found one; choose another --home")
        parse(rule_files)  # rules that can't be used leave no half-made home behind
        root.mkdir(parents=True, exist_ok=True)
        Archive.create(root, origin=f"tocsin.{status}/{_slug(name)}", now=now).close()
        said = f'name = {json.dumps(name, ensure_ascii=False)}\nstatus = "{status}"\n'
        if address:
            said += f"address = {json.dumps(address)}\n"
        (root / "home.toml").write_text(said, encoding="utf-8")
        home = Home.open(root)
        load_seal(root / "keys", home.seal_name)
        home.adopt(rule_files, now)
        return home

    @staticmethod
    def open(root: Path) -> Home:
        path = root / "home.toml"
        if not path.is_file():
            raise HomeError(f"expected a home at {root}, found none; run `tocsin init --home {root}`")
        said = tomllib.loads(path.read_text("utf-8"))
        status = said.get("status")
        if status not in ("actual", "exercise", "test"):
            raise HomeError(f"{path}: expected status actual, exercise or test, found {status!r}")
        url = str(said.get("ledger", f"sqlite:///{root / 'ledger.db'}"))
        address = str(said.get("address", ""))
        _check_address(address)
        return Home(root, str(said.get("name", root.name)), status, url, address and address.rstrip("/") + "/")

    @property
    def exercise(self) -> bool:
        return self.status != "actual"

    def clock(self, now: str) -> str:
        """What time it is here, given the time outside. Where nothing is real time goes on from the last entry, so
        that an exercise of long ago can be signed, and runs out, as if it were of that day."""
        if not self.exercise or not self.archive.last_seen:
            return now
        begun = datetime.datetime.fromtimestamp((self.root / "archive" / "checkpoint").stat().st_mtime, datetime.UTC)
        passed = max(datetime.datetime.fromisoformat(now) - begun, datetime.timedelta())
        here = datetime.datetime.fromisoformat(self.archive.last_seen) + passed
        return min(now, here.strftime("%Y-%m-%dT%H:%M:%SZ"))

    @cached_property
    def archive(self) -> Archive:
        """The archive, for reading."""
        return Archive.open(self.root, write=False)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.ledger_url)

    @cached_property
    def state(self) -> State:
        return State(f"sqlite:///{self.root / 'state.db'}")

    @cached_property
    def seal(self) -> Seal:
        """What signs the CAP messages; made at first use where the home has none. Raises SealError."""
        return load_seal(self.root / "keys", self.seal_name)

    @property
    def seal_name(self) -> str:
        """The name in the seal's certificate: it says what an exercise is."""
        return f"{self.name} ({self.status})"

    @property
    def log_origin(self) -> str:
        """The name of the public log, in its key: the status in it keeps an exercise's log apart from a real one."""
        return f"tocsin.{self.status}/{_slug(self.name)}/bulletins"

    def bulletin_id(self, area: str, issued: str) -> str:
        """A bulletin's name, good as a file name and as an identifier of CAP; an exercise's says so."""
        return f"{_slug(self.name)}.{self.status}.{area}.{re.sub('[-:]', '', issued)}"

    @property
    def base(self) -> str:
        """What every public link begins with: absolute, ending in '/'."""
        return self.address or LOCAL

    def bulletin_url(self, bulletin: str) -> str:
        return f"{self.base}bulletin/{bulletin}.html"

    @property
    def site(self) -> Path:
        return self.root / "site"

    # ------------------------------------------------------------------ who is told

    @cached_property
    def watch(self) -> Watch:
        """What the channels know of this home."""
        links, register = load_links(self.root / "keys", self.address), Register(self.state)
        return Watch(self.root, self.name, self.status, self.address, self.rules(), links, register)

    @cached_property
    def channels(self) -> Mapping[str, Channel]:
        """The channels for which home.toml has a section. Raises ChannelError."""
        said = tomllib.loads((self.root / "home.toml").read_text("utf-8")).get("channel", {})
        return open_channels(said, self.watch)

    def recipients(self) -> tuple[Subscriber, ...]:
        """Everybody who is to be told of something: confirmed subscribers, and whom home.toml names (a hub)."""
        standing = [subscriber for channel in self.channels.values() for subscriber in channel.standing]
        return (*self.state.confirmed(), *standing)

    @property
    def hubs(self) -> tuple[str, ...]:
        """The addresses of the hubs that spread the feeds."""
        standing = [subscriber for channel in self.channels.values() for subscriber in channel.standing]
        return tuple(one.address for one in standing if one.channel == "websub")

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """What the public may do: ask to be told, confirm, change, end."""
        return Subscriptions(self.watch, self.channels, self.state.outbox)

    # ------------------------------------------------------------------ what comes in

    def append(self, items: Iterable[tuple[Entry, bytes | None]]) -> range:
        """Write entries; acknowledged when this returns. Raises where another writer holds the archive."""
        archive = Archive.open(self.root, write=True)
        try:
            return archive.append(items)
        finally:
            archive.close()
            self.__dict__.pop("archive", None)

    def adopt(self, rule_files: Mapping[str, bytes], now: str) -> str | None:
        """Make these rules decide from here on; their digest, or None where they already do. Raises RulesError."""
        rules, body = parse(rule_files), pack(rule_files)
        if digest(body) == self.adopted_digest():
            return None
        self.append([(Adopted(now, recipe(rules), digest(body)), body)])
        return digest(body)

    def adopted_digest(self) -> str | None:
        """The digest of the rule bundle in force at the end of the archive. Each entry is looked at once."""
        archive = self.archive
        for position, entry in archive.entries(self._adoption.looked_at):
            if isinstance(entry, Adopted):
                self._adoption.latest = entry.rules
            self._adoption.looked_at = position + 1
        return self._adoption.latest

    @cached_property
    def _adoption(self) -> _Adoption:
        return _Adoption()

    def rules_of(self, bundle: str) -> Rules:
        """The rules of an adopted bundle, from the archive. Raises HomeError where it is missing."""
        try:
            body = self.archive.body(bundle)
        except KeyError as error:
            raise HomeError(f"the rule bundle {bundle} is missing from the archive: {error}") from error
        try:
            return parse(unpack(body))
        except RulesError as error:
            message = f"this version can't read the rule bundle {bundle} that this home adopted; {error}"
            raise HomeError(message) from error

    def rules(self) -> Rules:
        """The rules in force at the end of the archive."""
        latest = self.adopted_digest()
        if latest is None:
            raise HomeError("expected adopted rules, found none; run `tocsin adopt`")
        return self.parsed(latest)

    # ------------------------------------------------------------------ what we conclude

    def derive(self, jobs: int = 1) -> int:
        """Bring the ledger up to the archive's end; how many entries it then covers.

        What the same code concluded before is kept and the rest added; other code derives it whole, beside
        the ledger that stands, and swaps. Either way the fold is the same, and so are the bytes.
        """
        size = self.archive.size
        before, current = self.ledger.recipe(), recipe(self.rules())
        same = before is not None and (before.code, before.environment) == (current.code, current.environment)
        write = self.ledger.extend if same else self.ledger.rebuild
        # Where this process derived the ledger as it stands, its fold goes on; what fails half-way is thrown away.
        kept = self._standing.pop() if self._standing else Running()
        running = kept if same and kept.position == self.ledger.position() else Running()
        write(self.conclusions(size, jobs=jobs, running=running), upto=size)
        self._standing.append(running)
        return size

    @cached_property
    def _standing(self) -> list[Running]:
        """The fold of the ledger that this process derived, or none."""
        return []

    def conclusions(
        self,
        upto: int | None = None,
        *,
        jobs: int = 1,
        hindsight: Rules | None = None,
        ticks: Mapping[int, Sequence[str]] | None = None,
        running: Running | None = None,
    ) -> Iterator[tuple[int, Conclusion]]:
        """What follows from entries[:upto]. With `hindsight`, by these rules instead of those adopted; with `ticks`,
        judged also at these times, each after the entries before its position; with `running`, only what comes
        after its fold, which goes on."""
        running = running or Running()
        per_document = self._per_document(running, upto, jobs, hindsight)
        entries = _with_ticks(self.archive.entries(running.position, upto), ticks or {})
        rules_of = self.parsed if hindsight is None else lambda bundle: hindsight
        return derive(entries, per_document, rules_of, recipe, self.exercise, running)

    def assessments(self, upto: int | None = None, *, hindsight: Rules | None = None) -> list[Assessment]:
        """The assessments that stood at each tick up to a position, by the rules of their time."""
        found = self.conclusions(upto, hindsight=hindsight)
        return [conclusion for _, conclusion in found if isinstance(conclusion, Assessment)]

    def told(self, upto: int) -> Iterator[Step]:
        """What the judge heard of entries[:upto], in order, as the ledger keeps it. Raises HomeError where the
        ledger does not reach so far."""
        if self.ledger.position() < upto:
            raise HomeError(f"expected a ledger up to entry {upto}; run `tocsin derive --home {self.root}`")
        for position, entry in self.archive.entries(0, upto):
            if isinstance(entry, Adopted | Answer | Tick):
                yield entry
            elif isinstance(entry, Capture) and entry.form == "events":
                found = tally(entry, self.archive.body(entry.body))
                if isinstance(found, Tally):
                    yield found
            elif isinstance(entry, Capture):
                for document in self.ledger.documents_at(position):
                    membership = self.ledger.membership(document.key)
                    assert membership is not None, "a document and its membership are written together"
                    yield Told(document, membership, self.ledger.statements_in(document.key))

    @cached_property
    def _parsed_bundles(self) -> dict[str, Rules]:
        return {}

    def parsed(self, bundle: str) -> Rules:
        """The rules of an adopted bundle, parsed once. Raises HomeError where it is missing."""
        if bundle not in self._parsed_bundles:
            self._parsed_bundles[bundle] = self.rules_of(bundle)
        return self._parsed_bundles[bundle]

    def _per_document(self, running: Running, upto: int | None, jobs: int, hindsight: Rules | None) -> _Works:
        return _Works(self, self._captures_by_rules(running, upto, hindsight), jobs)

    def _captures_by_rules(
        self, running: Running, upto: int | None, hindsight: Rules | None
    ) -> list[tuple[Rules, list[Capture]]]:
        """The captures of each span that comes after the fold, with the rules that read them."""
        spans: list[tuple[Rules, list[Capture]]] = [(running.fold.rules, [])] if running.fold else []
        for _, entry in self.archive.entries(running.position, upto):
            if isinstance(entry, Adopted):
                spans.append((hindsight or self.parsed(entry.rules), []))
            elif isinstance(entry, Capture) and spans:
                spans[-1][1].append(entry)
        return spans


def _with_ticks(
    entries: Iterable[tuple[int, Entry]], ticks: Mapping[int, Sequence[str]]
) -> Iterator[tuple[int, Entry]]:
    """The entries, with the ticks for position n right after entry n - 1, and under its position."""
    for position, entry in entries:
        yield position, entry
        for time in ticks.get(position + 1, ()):
            yield position, Tick(time)


@dataclass
class _Adoption:
    """The latest adoption among the first `looked_at` entries, which never change."""

    looked_at: int = 0
    latest: str | None = None


class _Works:
    """Per-document work in the order of the fold: from the cache, or computed a block ahead of it."""

    def __init__(self, home: Home, spans: list[tuple[Rules, list[Capture]]], jobs: int) -> None:
        self._home, self._jobs = home, jobs
        self._stream = (outcomes for rules, captures in spans for outcomes in self._span(rules, captures))

    def __call__(self, position: int, capture: Capture, rules: Rules) -> tuple[Outcome, ...]:
        return next(self._stream)

    def _span(self, rules: Rules, captures: list[Capture]) -> Iterator[tuple[Outcome, ...]]:
        with Cache(self._home.root / "work.db", recipe(rules)) as cache:
            for start in range(0, len(captures), _BLOCK):
                block = captures[start : start + _BLOCK]
                known = cache.get(block)
                missing = [capture for capture in block if capture not in known]
                fresh = dict(zip(missing, self._compute(missing, rules), strict=True))
                cache.put(fresh)
                for capture in block:
                    yield known[capture] if capture in known else fresh[capture]

    def _compute(self, captures: list[Capture], rules: Rules) -> Iterator[tuple[Outcome, ...]]:
        bodies = [self._body(capture) for capture in captures]
        readable = ((c, body) for c, body in zip(captures, bodies, strict=True) if isinstance(body, bytes))
        computed = spread(readable, rules, work, self._jobs)
        for body in bodies:
            yield next(computed) if isinstance(body, bytes) else (body,)

    def _body(self, capture: Capture) -> bytes | Refusal:
        try:
            return self._home.archive.body(capture.body)
        except KeyError as error:
            return Refusal(capture.input, "archive", f"the bytes are not kept: {error}")


def _check_address(address: str) -> None:
    """Feeds and CAP messages carry the address: it must be absolute, and bare enough to be a prefix."""
    parts = urlsplit(address)
    if address and not (parts.scheme in ("http", "https") and parts.hostname and not parts.query + parts.fragment):
        raise HomeError(f"expected an address like https://watch.example/, found {address!r}")


def _slug(name: str) -> str:
    """A name as the archive's key can bear it: the status in it keeps an exercise's keys apart from real ones."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "watch"


def tick(now: str) -> tuple[Entry, bytes | None]:
    """The clock as an entry."""
    return Tick(now), None
