"""The rules of the W3C feed validator that our feeds could break, written anew: `faults` names its messages.

`tests/test_feeds.py` holds them against the validator's own test cases where those are at hand.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from html.entities import name2codepoint

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
BASE = "{http://www.w3.org/XML/1998/namespace}base"
RELATIONS = {
    "alternate",
    "current",
    "describedby",
    "edit",
    "edit-media",
    "enclosure",
    "first",
    "hub",
    "last",
    "license",
}
RELATIONS |= {"next", "next-archive", "payment", "prev-archive", "previous", "related", "replies", "search", "self"}
RELATIONS |= {"service", "up", "via"}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)")
_MAIL = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d\d:\d\d(?::\d\d)? (?:GMT|UT|[ECMP][SD]T|[-+]\d{4})"
)
_MARKUP = re.compile(r"<[a-zA-Z!/][^>]*>|&#\d|&#?\w+;")
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{1,31}:[a-z0-9()+,.:=@;$_!*'%/?#-]+", re.IGNORECASE)


def faults(data: bytes) -> set[str]:
    """The messages, by the validator's names; empty for a feed with no error and no warning."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    return set(_atom(root) if root.tag == f"{ATOM}feed" else _rss(root))


def _atom(feed: etree._Element) -> Iterator[str]:
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            found = element.findall(ATOM + name)
            if len(found) != 1:
                yield "DuplicateElement" if found else "MissingElement"
        yield from _links(element)
        yield from _dates(element)
        identifier = element.findtext(f"{ATOM}id") or ""
        if identifier.startswith("urn:") and not _URN.fullmatch(identifier):
            yield "InvalidURN"
    for entry in entries:
        if entry.find(f"{ATOM}author") is None and feed.find(f"{ATOM}author") is None:
            yield "MissingElement"
    yield from _distinct(entries)
    for name in ("title", "subtitle", "summary", "name"):
        for text in feed.iter(ATOM + name):
            if text.get("type", "text") == "text" and _marked_up(text.text or ""):
                yield "ContainsHTML"
    if not any(link.get("rel") == "self" for link in feed.findall(f"{ATOM}link")):
        yield "MissingSelf"


def _distinct(entries: list[etree._Element]) -> Iterator[str]:
    identifiers = [entry.findtext(f"{ATOM}id") for entry in entries]
    updated = [entry.findtext(f"{ATOM}updated") for entry in entries]
    if len(set(identifiers)) < len(identifiers):
        yield "DuplicateEntries"
    if len(set(updated)) < len(updated):
        yield "DuplicateUpdated"


def _links(element: etree._Element) -> Iterator[str]:
    alternates = []
    for link in element.findall(f"{ATOM}link"):
        rel = link.get("rel", "alternate")
        if rel not in RELATIONS and not re.match(r"[a-z][a-z0-9+.-]*:", rel):
            yield "UnregisteredAtomLinkRel"
        if rel == "alternate":
            alternates.append((link.get("type"), link.get("hreflang")))
        if not _absolute(link.get("href", "")) and element.get(BASE) is None and rel == "self":
            yield "RelativeSelf"
    if len(set(alternates)) < len(alternates):
        yield "DuplicateAtomLink"


def _dates(element: etree._Element) -> Iterator[str]:
    for name in ("updated", "published"):
        for found in element.findall(ATOM + name):
            if not _real(found.text or ""):
                yield "InvalidRFC3339Date"


def _real(text: str) -> bool:
    try:
        return bool(_TIME.fullmatch(text)) and bool(datetime.datetime.fromisoformat(re.sub(r"\.\d+", "", text)))
    except ValueError:
        return False


def _rss(rss: etree._Element) -> Iterator[str]:
    channel = rss.find("channel")
    if channel is None:
        yield "MissingChannel"
        return
    for name in ("title", "link", "description"):
        if channel.find(name) is None:
            yield f"Missing{name.capitalize()}"
    if not any(link.get("rel") == "self" for link in channel.findall(f"{ATOM}link")):
        yield "MissingSelf"
    if not re.fullmatch(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*", channel.findtext("language", "en")):
        yield "InvalidLanguage"
    for link in channel.iter("link"):
        if not _absolute(link.text or ""):
            yield "InvalidFullLink"
    for date in (*channel.iter("pubDate"), *channel.iter("lastBuildDate")):
        if not _mail_date(date.text or ""):
            yield "InvalidRFC2822Date"
    for title in (*channel.findall("title"), *channel.findall("description"), *channel.iterfind("item/title")):
        if _marked_up(title.text or ""):
            yield "ContainsHTML"
    yield from _guids(channel)


def _guids(channel: etree._Element) -> Iterator[str]:
    found = channel.findall("item/guid")
    if len(found) < len(channel.findall("item")):
        yield "MissingGuid"
    if len({guid.text for guid in found}) < len(found):
        yield "DuplicateValue"
    for guid in found:
        if guid.get("isPermaLink", "true") == "true" and not _absolute(guid.text or ""):
            yield "InvalidHttpGUID"
        if re.fullmatch(r"\d{1,6}", guid.text or ""):
            yield "NotSufficientlyUnique"


def _marked_up(text: str) -> bool:
    return bool(_MARKUP.search(text)) or any(name in name2codepoint for name in re.findall(r"&(\w+)", text))


def _absolute(address: str) -> bool:
    return bool(re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:\S+$", address))


def _mail_date(text: str) -> bool:
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return False
    named = re.match(r"[A-Z][a-z]{2}(?=,)", text)
    return bool(_MAIL.fullmatch(text)) and (named is None or named[0] == when.strftime("%a"))
