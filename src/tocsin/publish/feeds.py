"""The feeds: Atom 1.0 (RFC 4287), RSS 2.0 (the RSS Board's profile) and JSON Feed 1.1, from one `Feed`.

The W3C feed validator is the measure: every link absolute, a self link, no markup in plain text, no two
entries of one moment, dates as each format wants them, and one language said.
"""

from __future__ import annotations

import datetime
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any

from lxml import etree

from tocsin.publish.edition import AreaView, Edition
from tocsin.publish.notices import Notice, notices, urn
from tocsin.publish.plaintext import plain_text
from tocsin.records import Published

ATOM = "http://www.w3.org/2005/Atom"
LANGUAGE = "en"  # of the rules' words, and so of all that is told
ENTRIES = 50
TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}
CAP_TYPE = "application/cap+xml"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Link:
    rel: str
    type: str
    href: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; its first link is the entry's own page. `updated` is RFC 3339 with milliseconds.
    `extra` goes into JSON Feed as an extension for programs."""

    id: str
    title: str
    updated: str
    links: tuple[Link, ...]
    paragraphs: tuple[str, ...]
    tags: tuple[str, ...]
    extra: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed before it is written: `path` below the site without its ending, `page` what it tells of, `hubs`
    who spreads it by WebSub."""

    id: str
    path: str
    title: str
    subtitle: str
    author: str
    base: str
    page: str
    updated: str
    entries: tuple[Entry, ...]
    hubs: tuple[str, ...] = ()

    def address(self, ending: str) -> str:
        return f"{self.base}{self.path}.{ending}"


def feed_files(edition: Edition) -> dict[str, bytes]:
    """Three feeds of all areas and three of each."""
    feeds = [_bulletins(edition, None), *(_bulletins(edition, view) for view in edition.views)]
    writers = (("atom", atom), ("rss", rss), ("json", json_feed))
    return {f"{feed.path}.{ending}": write(feed) for feed in feeds for ending, write in writers}


def _bulletins(edition: Edition, area: AreaView | None) -> Feed:
    """The feed of the bulletins: of one area or of all."""
    about = edition.name if area is None else f"{edition.name}: {area.name}"
    path = "feed" if area is None else f"area/{area.area}"
    entries = tuple(_entry(edition, n) for n in notices(edition, area.area if area else None)[:ENTRIES])
    return Feed(
        id=urn(edition, path),
        path=path,
        title=plain_text(f"{edition.mark}{about}: bulletins"),
        subtitle=subtitle(edition),
        author=plain_text(edition.name),
        base=edition.base,
        page=edition.base if area is None else f"{edition.base}{path}.html",
        updated=entries[0].updated if entries else edition.now,
        entries=entries,
        hubs=edition.hubs,
    )


def subtitle(edition: Edition) -> str:
    levels = edition.rules.levels
    return plain_text(f"{levels.exercise_mark} {levels.disclaimer}" if edition.drill else levels.disclaimer)


def _entry(edition: Edition, notice: Notice) -> Entry:
    told = notice.issue.published
    links = [Link("alternate", "text/html", notice.page)]
    if "alert.xml" in notice.issue.files:
        links.append(Link("related", CAP_TYPE, f"{edition.base}{cap_path(told)}"))
    tags = (told.area, "unknown" if told.level is None else f"level-{told.level}", told.kind)
    extra = {
        "area": told.area,
        "level": told.level,
        "colour": told.colour,
        "kind": told.kind,
        "as_of": told.as_of,
        "expires": told.expires,
        "replaces": list(told.replaces),
    }
    return Entry(notice.id, notice.title, notice.at, tuple(links), notice.paragraphs, tags, extra)


def cap_path(published: Published) -> str:
    return f"cap/{published.id}.xml"


# ------------------------------------------------------------------ Atom


def atom(feed: Feed) -> bytes:
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=_default(ATOM))
    root.set(_XML_LANG, LANGUAGE)
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", feed.updated)
    _add(_add(root, "author"), "name", feed.author)
    _link(root, Link("self", TYPES["atom"], feed.address("atom")))
    for hub in feed.hubs:
        _link(root, Link("hub", "", hub))
    _link(root, Link("alternate", "text/html", feed.page))
    for entry in feed.entries:
        _atom_entry(_add(root, "entry"), entry)
    return _written(root)


def _atom_entry(element: etree._Element, entry: Entry) -> None:
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "updated", entry.updated)
    for link in entry.links:
        _link(element, link)
    for tag in entry.tags:
        _add(element, "category").set("term", tag)
    _add(element, "summary", " ".join(entry.paragraphs))


def _link(parent: etree._Element, link: Link) -> None:
    element = _add(parent, "link")
    for name, value in (("rel", link.rel), ("type", link.type), ("href", link.href)):
        if value:
            element.set(name, value)


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    child.text = text
    return child


# ------------------------------------------------------------------ RSS


def rss(feed: Feed) -> bytes:
    root = etree.Element("rss", version="2.0", nsmap={"atom": ATOM})
    channel = etree.SubElement(root, "channel")
    _rss_texts(
        channel,
        title=feed.title,
        link=feed.page,
        description=feed.subtitle,
        language=LANGUAGE,
        pubDate=_mail_date(feed.updated),
        lastBuildDate=_mail_date(feed.updated),
    )
    _link(channel, Link("self", TYPES["rss"], feed.address("rss")))
    for hub in feed.hubs:
        _link(channel, Link("hub", "", hub))
    for entry in feed.entries:
        _rss_item(etree.SubElement(channel, "item"), entry)
    return _written(root)


def _rss_item(item: etree._Element, entry: Entry) -> None:
    described = "".join(f"<p>{html.escape(paragraph, quote=False)}</p>" for paragraph in entry.paragraphs)
    _rss_texts(item, title=entry.title, link=entry.links[0].href, description=described)
    for tag in entry.tags:
        _rss_texts(item, category=tag)
    guid = etree.SubElement(item, "guid", isPermaLink="false")
    guid.text = entry.id
    _rss_texts(item, pubDate=_mail_date(entry.updated))


def _rss_texts(parent: etree._Element, **texts: str) -> None:
    for name, text in texts.items():
        etree.SubElement(parent, name).text = text


def _mail_date(time: str) -> str:
    """RFC 822 as RSS wants it, with a year of four digits."""
    return format_datetime(datetime.datetime.fromisoformat(time).replace(microsecond=0), usegmt=True)


# ------------------------------------------------------------------ JSON Feed


def json_feed(feed: Feed) -> bytes:
    hubs = {"hubs": [{"type": "WebSub", "url": hub} for hub in feed.hubs]} if feed.hubs else {}
    written = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.address("json"),
        "description": feed.subtitle,
        "language": LANGUAGE,
        "authors": [{"name": feed.author, "url": feed.base}],
        **hubs,
        "items": [_json_item(entry, feed.base) for entry in feed.entries],
    }
    return (json.dumps(written, ensure_ascii=False, indent=1) + "\n").encode()


def _json_item(entry: Entry, base: str) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": entry.links[0].href,
        "title": entry.title,
        "content_text": "\n\n".join(entry.paragraphs),
        "date_published": entry.updated,
        "tags": list(entry.tags),
        "_tocsin": {"about": f"{base}method.html", **entry.extra},
    }


# ------------------------------------------------------------------ XML


def _default(namespace: str) -> Any:
    return {None: namespace}  # the stubs know no default namespace


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
