"""Who publishes: one file each in rules/sources/. `source_of` finds the source of an address or a name.

The grade is NATO's (AJP-2.1) reliability of the source, A to F; it is where belief starts, not where it
ends. `voice` tells who counts as one witness: all outlets that a state controls speak with its one voice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tocsin.rules.reading import Examples, Fault, Table, by_id, toml

if TYPE_CHECKING:
    from tocsin.rules import Rules

KINDS = ("newspaper", "agency", "broadcaster", "government", "igo", "think-tank", "blog", "aggregator", "sensor")
GRADES = tuple("ABCDEF")


@dataclass(frozen=True, slots=True)
class Feed:
    """An address that the source offers for machines."""

    url: str


@dataclass(frozen=True, slots=True)
class Source:
    """One publisher. `names` are forms in print besides `name`; `domains` hold their subdomains too
    (a domain may bear a path: 'un.org/press'). Countries are ISO 3166 alpha-3, 'IGO' or 'XXX'.
    `cadence_hours`: silent for longer than this, something is wrong. `areas`: it reports from there."""

    id: str
    name: str
    names: tuple[str, ...]
    domains: tuple[str, ...]
    country: str
    languages: tuple[str, ...]
    kind: str
    owner: str
    owner_country: str | None
    state_controlled: bool
    wire: bool
    reliability: str
    reliability_why: str
    cadence_hours: float
    feeds: tuple[Feed, ...]
    areas: tuple[str, ...]
    allow_private: bool
    examples: Examples

    @property
    def voice(self) -> str:
        """Who counts as one witness: the state behind it, else the source itself."""
        return f"state:{self.owner_country}" if self.state_controlled and self.owner_country else self.id


def parse_sources(files: Mapping[str, bytes], faults: list[Fault]) -> dict[str, Source]:
    """All sources, by id. Two sources with one domain or one printed name are a fault."""
    found, file_of = [], {}
    for name in sorted(files):
        if name.startswith("sources/") and name.endswith(".toml"):
            root = toml(name, files[name], faults)
            source = _source(root)
            root.done()
            if name != f"sources/{source.id}.toml":
                faults.append(Fault(name, "id", f"expected the file's own name, found {source.id!r}"))
            file_of[source.id] = name
            found.append(source)
    _check_shared(found, faults)
    return by_id(found, lambda one: one.id, lambda one: file_of[one.id], faults)


def _source(root: Table) -> Source:
    feeds = []
    for member in root.tables("feeds"):
        feeds.append(Feed(member.text("url")))
        member.done()
    source = Source(
        id=root.text("id"),
        name=root.text("name"),
        names=root.texts("names", ()),
        domains=root.texts("domains"),
        country=root.text("country"),
        languages=root.texts("languages"),
        kind=root.choice("kind", KINDS),
        owner=root.text("owner"),
        owner_country=root.optional_text("owner_country"),
        state_controlled=root.flag("state_controlled"),
        wire=root.flag("wire"),
        reliability=root.choice("reliability", GRADES),
        reliability_why=root.text("reliability_why"),
        cadence_hours=root.number("cadence_hours"),
        feeds=tuple(feeds),
        areas=root.texts("areas", ()),
        allow_private=root.flag("allow_private"),
        examples=root.examples(),
    )
    if source.state_controlled and source.owner_country is None:
        root.fault("owner_country", "expected the state that controls it, found nothing")
    return source


def _check_shared(sources: list[Source], faults: list[Fault]) -> None:
    seen: dict[str, str] = {}
    for source in sources:
        signs = {f"domain {domain}" for domain in source.domains}
        signs |= {f"name {_folded(name)}" for name in (source.name, *source.names)}
        for sign in sorted(signs):
            if seen.setdefault(sign, source.id) != source.id:
                faults.append(Fault(f"sources/{source.id}.toml", sign, f"this stands in {seen[sign]} too"))


def source_of(rules: Rules, url: str | None = None, name: str | None = None) -> Source | None:
    """The source of this address (by the longest domain it lies under), else of this printed name."""
    domains, names = _index(rules)
    if url:
        found = _by_address(domains, url)
        if found is not None:
            return found
    return names.get(_folded(name)) if name else None


@cache
def _index(rules: Rules) -> tuple[dict[str, Source], dict[str, Source]]:
    domains = {domain.casefold(): source for source in rules.sources.values() for domain in source.domains}
    names = {
        _folded(name): source for source in rules.sources.values() for name in (source.name, *source.names, source.id)
    }
    return domains, names


def _by_address(domains: Mapping[str, Source], url: str) -> Source | None:
    try:
        parts = urlsplit(url if "//" in url else "//" + url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    first_folder = parts.path.strip("/").split("/")[0].casefold()
    while "." in host:
        for candidate in (f"{host}/{first_folder}", host):
            if candidate in domains:
                return domains[candidate]
        host = host.partition(".")[2]
    return None


def _folded(name: str) -> str:
    """A printed name for comparison: no case, no outer punctuation, no leading article."""
    kept = "".join(letter if letter.isalnum() else " " for letter in name.casefold().replace("'", "").replace("’", ""))
    words = kept.split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)
