"""Bulletins as Common Alerting Protocol messages (CAP 1.2, OASIS 2010), signed, and their feed.

Each area has a chain: an Alert tells a level where none is in force; an Update replaces it when people sign
another, or the same again before it runs out; a Cancel withdraws it. A message is drawn up before its bulletin is
signed, so that its bytes are among what people sign.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from lxml import etree

from tocsin.publish.bulletin import hours_later
from tocsin.publish.edition import Edition, Issue
from tocsin.publish.feeds import CAP_TYPE, ENTRIES, LANGUAGE, Entry, Feed, Link, atom, cap_path, subtitle
from tocsin.publish.notices import moment_of, urn
from tocsin.publish.plaintext import plain_text
from tocsin.records import Judgement, Published
from tocsin.rules.bulletins import PLACES
from tocsin.rules.cap import CapWords
from tocsin.rules.warning import Area, Box

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
ATTACHMENT = "alert.xml"
Kind = Literal["Alert", "Update", "Cancel"]
_KINDS: dict[str, Kind] = {"alert": "Alert", "update": "Update", "correction": "Update", "cancel": "Cancel"}
_STATUS = {"actual": "Actual", "exercise": "Exercise", "test": "Test"}
_HEADLINE = 140  # characters; the Google profile's limit
_WORLD = Box("the world", -90.0, -180.0, 90.0, 180.0)
_KEPT = 50  # messages of an area that an edition carries, the newest


@dataclass(frozen=True, slots=True)
class Message:
    """One message before it is written. `words` are the grounds as people signed them; `replaces` are the area's
    earlier bulletins that had not run out, oldest first."""

    published: Published
    judgement: Judgement
    words: str
    replaces: tuple[Published, ...]

    @property
    def kind(self) -> Kind:
        return _KINDS[self.published.kind]

    @property
    def level(self) -> int:
        """The level told, or for a Cancel the one withdrawn."""
        return self.published.level or self.published.previous or 5

    @property
    def expires(self) -> str:
        """When it runs out; a Cancel when the last that it withdraws would have."""
        told = [one.expires for one in self.replaces if one.expires]
        return self.published.expires or max(told, default=hours_later(self.published.issued, 24))


def cap_files(edition: Edition) -> dict[str, bytes]:
    """The newest messages of every area as they were signed, their feed, and the certificate that seals them."""
    told = [issue for issues in edition.issues.values() for issue in _with_message(issues)[-_KEPT:]]
    files = {cap_path(issue.published): issue.files[ATTACHMENT] for issue in told}
    feed = _feed(edition, told)
    files[f"{feed.path}.atom"] = atom(feed)
    if edition.seal is not None:
        files["cap/certificate.pem"] = edition.seal.certificate
    return files


def _with_message(issues: Sequence[Issue]) -> list[Issue]:
    """Bulletins of rules that knew no CAP have no message."""
    return [issue for issue in issues if ATTACHMENT in issue.files]


def feed_path(edition: Edition) -> str:
    """A drill has a feed of its own, so that nobody subscribes to both by mistake."""
    return f"cap/{edition.status}" if edition.drill else "cap/alerts"


def sender(edition: Edition) -> str:
    """Who sends, by our own domain; under '.invalid' (RFC 2606) where the home has none."""
    host = urlsplit(edition.base).hostname or ""
    named = "." in host and not _is_number(host)
    return f"{'bulletins' if edition.status == 'actual' else edition.status}@{host if named else _slug(edition)}" + (
        "" if named else ".invalid"
    )


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _slug(edition: Edition) -> str:
    return re.sub(r"[^a-z0-9]+", "-", edition.name.lower()).strip("-") or "watch"


# ------------------------------------------------------------------ writing one


def written(edition: Edition, message: Message) -> bytes:
    """The message's bytes, signed where the edition has a seal."""
    alert = _alert(edition, message)
    if edition.seal is not None:
        alert = edition.seal.sign(alert)
    return etree.tostring(alert, xml_declaration=True, encoding="UTF-8")


def _alert(edition: Edition, message: Message) -> etree._Element:
    cap, levels = edition.rules.cap, edition.rules.levels
    alert = etree.Element(f"{{{CAP}}}alert", nsmap={None: CAP})  # type: ignore[dict-item]
    _add(alert, "identifier", message.published.id)
    _add(alert, "sender", sender(edition))
    _add(alert, "sent", cap_time(message.published.issued))
    _add(alert, "status", _STATUS[message.published.status])
    _add(alert, "msgType", message.kind)
    _add(alert, "scope", "Public")
    _add(alert, "code", cap.code)
    _add(alert, "note", plain_text(subtitle(edition) if edition.drill else levels.disclaimer))
    if message.replaces:
        _add(alert, "references", " ".join(reference(edition, earlier) for earlier in message.replaces))
    _info(_add(alert, "info"), edition, message)
    return alert


def reference(edition: Edition, published: Published) -> str:
    """How a later message names this one."""
    return f"{sender(edition)},{published.id},{cap_time(published.issued)}"


def _info(info: etree._Element, edition: Edition, message: Message) -> None:
    cap = edition.rules.cap
    words = cap.cancel if message.kind == "Cancel" else cap.levels[message.level]
    _add(info, "language", LANGUAGE)
    _add(info, "category", cap.category)
    _add(info, "event", edition.mark + cap.event)
    _words(info, words)
    _pair(info, "eventCode", cap.event_name, cap.event_code)
    _add(info, "expires", cap_time(message.expires))
    _add(info, "senderName", plain_text(edition.mark + cap.sender_name.format(name=edition.name)))
    _add(info, "headline", _headline(edition, message.published))
    _add(info, "description", _description(edition, message))
    _add(info, "instruction", _instruction(edition, message.published))
    _add(info, "web", edition.page(message.published))
    _add(info, "contact", cap.contact.format(address=edition.base))
    for name, value in _parameters(edition, message):
        _pair(info, "parameter", f"tocsin:{name}", value)
    _area(_add(info, "area"), edition, message.published.area)


def _words(info: etree._Element, words: CapWords) -> None:
    _add(info, "responseType", words.response)
    _add(info, "urgency", words.urgency)
    _add(info, "severity", words.severity)
    _add(info, "certainty", words.certainty)


def _headline(edition: Edition, published: Published) -> str:
    """As the bulletin's title; one that withdraws a level says which."""
    if published.level is not None or published.previous is None:
        return plain_text(published.title)[:_HEADLINE]
    colour = edition.rules.levels.level(published.previous).colour
    told = edition.rules.cap.cancel_headline.format(area=published.area_name, level=published.previous, colour=colour)
    return plain_text(edition.mark + told)[:_HEADLINE]


def _description(edition: Edition, message: Message) -> str:
    levels = edition.rules.levels
    told = [levels.exercise_mark if edition.drill else "", message.published.phrase, message.words, levels.disclaimer]
    if message.kind == "Cancel":
        told.insert(0, edition.rules.cap.cancel_text)
    return "\n\n".join(plain_text(paragraph) for paragraph in told if paragraph)


def _instruction(edition: Edition, published: Published) -> str:
    """The advice of the level by the reader's place; without a level, that of a withdrawal."""
    levels, bulletins = edition.rules.levels, edition.rules.bulletins
    if published.level is None or bulletins is None:
        advice = edition.rules.cap.cancel_advice
    else:
        advice = "\n".join(f"{bulletins.places[p]}: {bulletins.advice[published.level, p]}" for p in PLACES)
    return plain_text(f"{levels.exercise_mark} {advice}" if edition.drill else advice)


def _parameters(edition: Edition, message: Message) -> Iterator[tuple[str, str]]:
    """The level for programs: CAP's own words can't carry it."""
    told = message.published
    yield "level", _or_unknown(told.level)
    yield "colour", told.colour or "unknown"
    yield "previous", _or_unknown(told.previous)
    yield "machine-level", _or_unknown(told.machine_level)
    yield "area", told.area
    yield "kind", told.kind
    yield "as-of", told.as_of
    yield "confidence", message.judgement.confidence
    yield "decided-by", plain_text(message.judgement.decided_by.rule)


def _or_unknown(level: int | None) -> str:
    return "unknown" if level is None else str(level)


def _area(element: etree._Element, edition: Edition, area: str) -> None:
    """The boxes of the area as polygons, its countries as codes; where it has neither, the world."""
    rule = edition.rules.areas[area]
    _add(element, "areaDesc", _described(edition, rule))
    for box in rule.boxes if rule.boxes or _countries(rule) else (_WORLD,):
        _add(element, "polygon", polygon(box))
    for country in sorted(_countries(rule)):
        _pair(element, "geocode", edition.rules.cap.area_code, country)


def _described(edition: Edition, rule: Area) -> str:
    states = edition.rules.states
    names = [states[country].name if country in states else country for country in sorted(_countries(rule))]
    parts = [box.name for box in rule.boxes] + names
    return plain_text(f"{rule.name} ({', '.join(parts)})" if parts else rule.name)


def _countries(rule: Area) -> frozenset[str]:
    return rule.countries or (frozenset() if rule.boxes else rule.focus)


def polygon(box: Box) -> str:
    """A box as a closed ring of 'latitude,longitude' points (WGS 84), counter-clockwise from its south-west."""
    south, west, north, east = box.south, box.west, box.north, box.east
    ring = ((south, west), (south, east), (north, east), (north, west), (south, west))
    return " ".join(f"{lat:g},{lon:g}" for lat, lon in ring)


def cap_time(time: str) -> str:
    """CAP allows no 'Z'; UTC is '-00:00' (CAP 1.2, 3.3.2)."""
    return time.removesuffix("Z") + "-00:00"


def _pair(parent: etree._Element, name: str, value_name: str, value: str) -> None:
    pair = _add(parent, name)
    _add(pair, "valueName", value_name)
    _add(pair, "value", value)


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{CAP}}}{name}")
    child.text = text
    return child


# ------------------------------------------------------------------ the feed of messages


def _feed(edition: Edition, told: Sequence[Issue]) -> Feed:
    """The newest messages, as an Atom feed whose entries link the messages (OASIS CAP feeds, 2014)."""
    path = feed_path(edition)
    found = sorted((_entry(edition, one.published) for one in told), key=lambda entry: entry.updated, reverse=True)
    entries = found[:ENTRIES]
    return Feed(
        id=urn(edition, path),
        path=path,
        title=plain_text(f"{edition.mark}{edition.name}: CAP messages"),
        subtitle=subtitle(edition),
        author=plain_text(edition.name),
        base=edition.base,
        page=edition.base,
        updated=entries[0].updated if entries else edition.now,
        entries=tuple(entries),
    )


def _entry(edition: Edition, published: Published) -> Entry:
    message, page = f"{edition.base}{cap_path(published)}", edition.page(published)
    return Entry(
        id=urn(edition, "cap", published.id),
        title=_headline(edition, published),
        updated=moment_of(edition, published),
        links=(Link("alternate", CAP_TYPE, message), Link("related", "text/html", page)),
        paragraphs=(_instruction(edition, published), plain_text(edition.rules.levels.disclaimer)),
        tags=(published.area, _KINDS[published.kind]),
        extra={},
    )
