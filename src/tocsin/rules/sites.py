"""Readers for single sites, where the general reader falls short: rules/sites/<id>.toml.

A site has one reader for each form that its pages had, chosen by the day of capture: a reader holds for
captures before its `until`, the last one has none. Each names a captured page (`page`, beside it in the
folder), written in the site's markup with sentences of our own, and what must be read from it (`gives`);
`tocsin sites` reads them all. Selectors are XPath 1.0; what a selector does not find on a page, the
general reader finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml.etree import XPath, XPathSyntaxError

from tocsin.rules.reading import Examples, Fault, Table, by_id, toml

if TYPE_CHECKING:
    from tocsin.rules import Rules

FOLDER = "sites/"
SELECTORS = ("title", "published", "authors", "text", "drop")
DAY = 10


@dataclass(frozen=True, slots=True)
class Gives:
    """What must be read from the captured page; None where nothing is asked. `text` holds pieces that
    must stand in the article, `without` pieces that must not."""

    title: str | None
    published: str | None
    authors: tuple[str, ...] | None
    text: tuple[str, ...]
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """How pages captured before `until` ('YYYY-MM-DD'; None: to this day) are read. `drop` selects
    elements that are taken out before anything is read, `text` the paragraphs of the article."""

    until: str | None
    title: str | None
    published: str | None
    authors: str | None
    text: str | None
    drop: str | None
    page: str
    url: str
    seen: str | None
    gives: Gives
    captured: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Site:
    """One site: its domains hold their subdomains too; `why` says where the general reader falls short."""

    id: str
    domains: tuple[str, ...]
    why: str
    readers: tuple[Reader, ...]
    examples: Examples


def claims(path: str) -> bool:
    """Whether this module reads that file: it judges captured pages that nobody names itself."""
    return path.startswith(FOLDER) and path.endswith((".toml", ".html"))


def parse(files: Mapping[str, bytes], faults: list[Fault]) -> dict[str, Site]:
    """All site readers, by id; faults are added to `faults`."""
    found: list[Site] = []
    for path in sorted(files):
        if path.startswith(FOLDER) and path.endswith(".toml"):
            table = toml(path, files[path], faults)
            found.append(_site(table, files))
            if path != f"{FOLDER}{found[-1].id}.toml":
                table.fault("id", f"expected the file's own name, found {found[-1].id!r}")
            table.done()
    named = {FOLDER + reader.page for site in found for reader in site.readers}
    for path in sorted(files):
        if path.startswith(FOLDER) and path.endswith(".html") and path not in named:
            faults.append(Fault(path, "", "expected a reader that names this captured page, found none; remove it"))
    return by_id(found, lambda site: site.id, lambda site: f"{FOLDER}{site.id}.toml", faults)


def _site(table: Table, files: Mapping[str, bytes]) -> Site:
    site = Site(
        id=table.text("id"),
        domains=tuple(domain.lower() for domain in table.texts("domains")),
        why=table.text("why"),
        readers=tuple(_reader(member, files) for member in table.tables("reader")),
        examples=table.examples(),
    )
    ends = [reader.until for reader in site.readers]
    if not ends or ends[-1] is not None or None in ends[:-1] or ends[:-1] != sorted(filter(None, ends)):
        table.fault("reader", f"expected readers in order of `until`, the last one without, found {ends}")
    return site


def _reader(table: Table, files: Mapping[str, bytes]) -> Reader:
    selectors = {name: _selector(table, name) for name in SELECTORS}
    if not any(selectors.values()):
        table.fault("", f"expected at least one of {', '.join(SELECTORS)}, found none")
    page = table.text("page")
    if page and FOLDER + page not in files:
        where = f"expected a captured page {FOLDER}{page}, found none"
        table.fault("page", f"{where}; write one in the site's markup and run `tocsin sites`")
    reader = Reader(
        until=table.optional_text("until"),
        **selectors,
        page=page,
        url=table.text("url"),
        seen=table.optional_text("seen"),
        gives=_gives(table.table("gives")),
        captured=files.get(FOLDER + page, b""),
    )
    table.done()
    return reader


def _selector(table: Table, name: str) -> str | None:
    path = table.optional_text(name)
    try:
        XPath(path or "/")
    except XPathSyntaxError as error:
        table.fault(name, f"expected an XPath, found {path!r}: {error}")
        return None
    return path


def _gives(table: Table) -> Gives:
    found = Gives(
        title=table.optional_text("title"),
        published=table.optional_text("published"),
        authors=table.texts("authors") if table.has("authors") else None,
        text=table.texts("text", ()),
        without=table.texts("without", ()),
    )
    if found == Gives(None, None, None, (), ()):
        table.fault("", "expected what must be read from the captured page, found nothing")
    table.done()
    return found


def reader_of(rules: Rules, url: str, seen: str | None) -> Reader | None:
    """The reader for a page of this address captured at `seen` (ISO; None: now), or None."""
    if not rules.sites or not url:
        return None
    site = site_of(rules, url)
    if site is None:
        return None
    day = seen[:DAY] if seen else None
    return next(one for one in site.readers if one.until is None or (day is not None and day < one.until))


def site_of(rules: Rules, url: str) -> Site | None:
    """The site that has readers of its own for this address, or None."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    parts = host.lower().split(".")
    domains = _domains(rules)
    return next((site for n in range(len(parts)) if (site := domains.get(".".join(parts[n:])))), None)


@cache
def _domains(rules: Rules) -> dict[str, Site]:
    return {domain: site for site in rules.sites.values() for domain in site.domains}
