"""The levels as Common Alerting Protocol messages (CAP 1.2, OASIS 2010), signed, and their feed.

Each area has a chain: an Alert tells a level where none is in force; an Update replaces it when the level
changes, and renews it before it runs out; a Cancel withdraws it when the level becomes unknown. What is
out of date is not told: the message in force has run out by itself.
"""

from __future__ import annotations

import datetime
import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from lxml import etree

from tocsin.publish.edition import Edition
from tocsin.publish.feeds import CAP_TYPE, ENTRIES, LANGUAGE, Entry, Feed, Link, atom, subtitle
from tocsin.publish.notices import compact, long_text, moment_of, urn
from tocsin.publish.plaintext import plain_text
from tocsin.records import Judgement
from tocsin.rules.cap import CapWords
from tocsin.rules.warning import Area, Box

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
Kind = Literal["Alert", "Update", "Cancel"]
_STATUS = {"actual": "Actual", "exercise": "Exercise", "test": "Test"}
_HEADLINE = 140  # characters; the Google profile's limit
_KEPT = 50  # messages of an area that an edition carries, the newest


@dataclass(frozen=True, slots=True)
class Message:
    """One message before it is written. `level` is the level told, or for a Cancel the one withdrawn;
    `replaces` are the earlier messages of the area that have not run out."""

    kind: Kind
    judgement: Judgement
    level: int
    identifier: str
    sender: str
    expires: str
    replaces: tuple[Message, ...]

    @property
    def path(self) -> str:
        return f"cap/{self.identifier}.xml"

    @property
    def reference(self) -> str:
        return f"{self.sender},{self.identifier},{cap_time(self.judgement.as_of)}"


def cap_files(edition: Edition) -> dict[str, bytes]:
    """The newest messages of every area, their feed, and the certificate that signs them."""
    told = [message for area in edition.timelines for message in messages(edition, area)[-_KEPT:]]
    files = {message.path: written(edition, message) for message in told}
    feed = _feed(edition, told)
    files[f"{feed.path}.atom"] = atom(feed)
    if edition.seal is not None:
        files["cap/certificate.pem"] = edition.seal.certificate
    return files


def feed_path(edition: Edition) -> str:
    """A drill has a feed of its own, so that nobody subscribes to both by mistake."""
    return f"cap/{edition.told_as}" if edition.drill else "cap/alerts"


def cap_pages(edition: Edition) -> Mapping[tuple[str, str], str]:
    """(area, as-of) to the address of the message told then."""
    told = (message for area in edition.timelines for message in messages(edition, area)[-_KEPT:])
    return {(m.judgement.area, m.judgement.as_of): edition.base + m.path for m in told}


# ------------------------------------------------------------------ the chain of an area


def messages(edition: Edition, area: str) -> tuple[Message, ...]:
    """An area's messages, oldest first; none under rules that know no CAP."""
    if not edition.rules.cap.levels:
        return ()
    told: list[Message] = []
    changed = frozenset(judgement.as_of for judgement in edition.changes(area))
    for judgement in edition.timelines.get(area, ()):
        live = told[-1] if told and told[-1].kind != "Cancel" and told[-1].expires >= judgement.as_of else None
        kind = _kind(edition, judgement, live, judgement.as_of in changed)
        if kind is not None:
            told.append(_message(edition, judgement, kind, live, told))
    return tuple(told)


def _kind(edition: Edition, judgement: Judgement, live: Message | None, new: bool) -> Kind | None:
    """What this judgement asks to be told, given the message in force; None for nothing.

    A level that is not renewed is told only where it is `new`: calm doesn't begin again each week.
    """
    if judgement.level is None:
        return "Cancel" if live else None
    if judgement.status != "assessed":
        return None
    if live is None:
        return "Alert" if new or edition.rules.cap.levels[judgement.level].renew else None
    if live.level != judgement.level:
        return "Update"
    return "Update" if _runs_out(edition, judgement, live) else None


def _runs_out(edition: Edition, judgement: Judgement, live: Message) -> bool:
    cap = edition.rules.cap
    begun, ends, now = (_seconds(t) for t in (live.judgement.as_of, live.expires, judgement.as_of))
    return cap.levels[live.level].renew and now - begun >= cap.renew_share * (ends - begun)


def _message(edition: Edition, judgement: Judgement, kind: Kind, live: Message | None, told: list[Message]) -> Message:
    if judgement.level is None and live is not None:
        level, expires = live.level, live.expires
    else:
        level = judgement.level or 5
        expires = judgement.expires or _later(judgement.as_of, edition.rules.levels.level(level).expires_hours)
    return Message(
        kind=kind,
        judgement=judgement,
        level=level,
        identifier=f"{_slug(edition)}.{edition.told_as}.{judgement.area}.{compact(judgement.as_of)}",
        sender=sender(edition),
        expires=expires,
        replaces=tuple(m for m in told if m.expires >= judgement.as_of) if live else (),
    )


def sender(edition: Edition) -> str:
    """Who sends, by our own domain; under '.invalid' (RFC 2606) where the home has none."""
    host = urlsplit(edition.base).hostname or ""
    named = "." in host and not _is_number(host)
    return f"{'bulletins' if edition.told_as == 'actual' else edition.told_as}@{host if named else _slug(edition)}" + (
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
    _add(alert, "identifier", message.identifier)
    _add(alert, "sender", message.sender)
    _add(alert, "sent", cap_time(message.judgement.as_of))
    _add(alert, "status", _STATUS[edition.told_as])
    _add(alert, "msgType", message.kind)
    _add(alert, "scope", "Public")
    _add(alert, "code", cap.code)
    _add(alert, "note", plain_text(subtitle(edition) if edition.drill else levels.disclaimer))
    if message.replaces:
        _add(alert, "references", " ".join(earlier.reference for earlier in message.replaces))
    _info(_add(alert, "info"), edition, message)
    return alert


def _info(info: etree._Element, edition: Edition, message: Message) -> None:
    cap, judgement = edition.rules.cap, message.judgement
    words = cap.cancel if message.kind == "Cancel" else cap.levels[message.level]
    _add(info, "language", LANGUAGE)
    _add(info, "category", cap.category)
    _add(info, "event", edition.mark + cap.event)
    _words(info, words)
    _pair(info, "eventCode", cap.event_name, cap.event_code)
    _add(info, "expires", cap_time(message.expires))
    _add(info, "senderName", plain_text(edition.mark + cap.sender_name.format(name=edition.name)))
    _add(info, "headline", _headline(edition, message))
    _add(info, "description", _description(edition, message))
    _add(info, "instruction", _instruction(edition, message))
    _add(info, "web", f"{edition.base}area/{judgement.area}.html")
    _add(info, "contact", cap.contact.format(address=edition.base))
    for name, value in _parameters(edition, message):
        _pair(info, "parameter", f"tocsin:{name}", value)
    _area(_add(info, "area"), edition, judgement)


def _words(info: etree._Element, words: CapWords) -> None:
    _add(info, "responseType", words.response)
    _add(info, "urgency", words.urgency)
    _add(info, "severity", words.severity)
    _add(info, "certainty", words.certainty)


def _headline(edition: Edition, message: Message) -> str:
    cap = edition.rules.cap
    template = cap.cancel_headline if message.kind == "Cancel" else cap.headline
    colour = edition.rules.levels.level(message.level).colour
    told = edition.mark + template.format(area=message.judgement.name, level=message.level, colour=colour)
    return plain_text(told)[:_HEADLINE]


def _description(edition: Edition, message: Message) -> str:
    paragraphs = long_text(edition, message.judgement)
    if message.kind == "Cancel":
        paragraphs = (edition.rules.cap.cancel_text, *paragraphs)
    return "\n\n".join(paragraphs)


def _instruction(edition: Edition, message: Message) -> str:
    levels = edition.rules.levels
    advice = edition.rules.cap.cancel_advice if message.kind == "Cancel" else levels.level(message.level).advice
    return plain_text(f"{levels.exercise_mark} {advice}" if edition.drill else advice)


def _parameters(edition: Edition, message: Message) -> Iterator[tuple[str, str]]:
    """The level for programs: CAP's own words can't carry it."""
    judgement = message.judgement
    yield "level", "unknown" if judgement.level is None else str(judgement.level)
    yield "colour", judgement.colour or "unknown"
    yield "previous", "unknown" if judgement.previous is None else str(judgement.previous)
    yield "area", judgement.area
    yield "confidence", judgement.confidence
    yield "decided-by", plain_text(judgement.decided_by.rule)


def _area(element: etree._Element, edition: Edition, judgement: Judgement) -> None:
    """The boxes of the area as polygons, its countries as codes; where it has neither, who it is about."""
    rule = edition.rules.areas[judgement.area]
    _add(element, "areaDesc", _described(edition, rule))
    for box in rule.boxes:
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


def _later(time: str, hours: int) -> str:
    later = datetime.datetime.fromisoformat(time) + datetime.timedelta(hours=hours)
    return later.strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds(time: str) -> float:
    return datetime.datetime.fromisoformat(time).timestamp()


def _pair(parent: etree._Element, name: str, value_name: str, value: str) -> None:
    pair = _add(parent, name)
    _add(pair, "valueName", value_name)
    _add(pair, "value", value)


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{CAP}}}{name}")
    child.text = text
    return child


# ------------------------------------------------------------------ the feed of messages


def _feed(edition: Edition, told: list[Message]) -> Feed:
    """The newest messages, as an Atom feed whose entries link the messages (OASIS CAP feeds, 2014)."""
    path = feed_path(edition)
    entries = sorted((_entry(edition, m) for m in told), key=lambda entry: entry.updated, reverse=True)[:ENTRIES]
    return Feed(
        id=urn(edition, path),
        path=path,
        title=plain_text(f"{edition.mark}{edition.name}: CAP messages"),
        subtitle=subtitle(edition),
        author=plain_text(edition.name),
        base=edition.base,
        page=edition.base,
        updated=entries[0].updated if entries else edition.assessment.as_of,
        entries=tuple(entries),
    )


def _entry(edition: Edition, message: Message) -> Entry:
    judgement = message.judgement
    page = f"{edition.base}area/{judgement.area}.html"
    return Entry(
        id=urn(edition, "cap", message.identifier),
        title=_headline(edition, message),
        updated=moment_of(edition, judgement),
        links=(Link("alternate", CAP_TYPE, edition.base + message.path), Link("related", "text/html", page)),
        paragraphs=(_instruction(edition, message), plain_text(edition.rules.levels.disclaimer)),
        tags=(judgement.area, message.kind),
        extra={},
    )
