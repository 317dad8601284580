"""The structure of a CAP 1.2 message, as in the standard's schema: names, order, counts, types of values."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from tocsin.publish.cap import CAP
from tocsin.publish.capgeometry import circle_fault, crossing, points
from tocsin.rules.cap import CERTAINTY, RESPONSE, SEVERITY, URGENCY

DSIG = "http://www.w3.org/2000/09/xmldsig#"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
_TOKEN = re.compile(r"[^\s,&<]+")  # 3.2.1: no spaces, commas or restricted characters
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_MEDIA = re.compile(r"(application|audio|font|image|message|model|multipart|text|video)/\S.*")


def tag(name: str) -> str:
    return f"{{{CAP}}}{name}"


@dataclass(frozen=True, slots=True)
class CapFault:
    """One broken rule: where in the message, what was expected and what was found."""

    where: str
    problem: str

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}"


Check = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class _Part:
    """One element of a sequence: how often it may stand (`most` None: any number), and what it holds."""

    name: str
    least: int
    most: int | None
    holds: Check | tuple[_Part, ...]


def _text(value: str) -> str | None:
    return None


def _filled(value: str) -> str | None:
    return None if value.strip() else "expected text, found nothing"


def _token(value: str) -> str | None:
    return None if _TOKEN.fullmatch(value) else f"expected no space, comma, & or <, found {value!r}"


def _time(value: str) -> str | None:
    wanted = f"expected a time like 2002-05-24T16:49:00-07:00, found {value!r}"
    if not _TIME.fullmatch(value.strip()):
        return wanted
    try:
        datetime.datetime.fromisoformat(value.strip())
    except ValueError:
        return wanted
    return None


def _language(value: str) -> str | None:
    return None if _LANGUAGE.fullmatch(value.strip()) else f"expected a language tag (RFC 3066), found {value!r}"


def _number(value: str) -> str | None:
    return None if re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)", value.strip()) else f"expected a number, found {value!r}"


def _whole(value: str) -> str | None:
    return None if re.fullmatch(r"[-+]?\d+", value.strip()) else f"expected a whole number, found {value!r}"


def absolute(value: str) -> str | None:
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return f"expected a URI, found {value!r}"
    spaced = re.search(r"\s", value.strip())
    return None if parts.scheme and not spaced else f"expected an absolute URI, found {value!r}"


def _uri(value: str) -> str | None:
    return f"expected a URI, found {value!r}" if re.search(r"\s", value.strip()) else None


def _references(value: str) -> str | None:
    for one in value.split() or [""]:
        parts = one.split(",")
        if len(parts) != 3 or _token(parts[0]) or _token(parts[1]) or _time(parts[2]):
            return f"expected sender,identifier,sent separated by spaces, found {one!r}"
    return None


def _media_type(value: str) -> str | None:
    return None if _MEDIA.fullmatch(value.strip()) else f"expected a media type, found {value!r}"


def _polygon(value: str) -> str | None:
    try:
        ring = points(value)
    except ValueError as error:
        return str(error)
    if len(ring) < 4 or ring[0] != ring[-1]:
        return "expected at least four points, the last equal to the first"
    met = crossing(ring)
    return f"expected sides that do not cross, found that side {met[0]} meets side {met[1]}" if met else None


def _one_of(*words: str) -> Check:
    return lambda value: None if value in words else f"expected one of {', '.join(words)}, found {value!r}"


_PAIR = (_Part("valueName", 1, 1, _text), _Part("value", 1, 1, _text))
_RESOURCE = (
    _Part("resourceDesc", 1, 1, _text),
    _Part("mimeType", 1, 1, _media_type),
    _Part("size", 0, 1, _whole),
    _Part("uri", 0, 1, _uri),
    _Part("derefUri", 0, 1, _text),
    _Part("digest", 0, 1, _text),
)
_AREA = (
    _Part("areaDesc", 1, 1, _filled),
    _Part("polygon", 0, None, _polygon),
    _Part("circle", 0, None, circle_fault),
    _Part("geocode", 0, None, _PAIR),
    _Part("altitude", 0, 1, _number),
    _Part("ceiling", 0, 1, _number),
)
_CATEGORY = ("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE")
_INFO = (
    _Part("language", 0, 1, _language),
    _Part("category", 1, None, _one_of(*_CATEGORY, "Other")),
    _Part("event", 1, 1, _filled),
    _Part("responseType", 0, None, _one_of(*RESPONSE)),
    _Part("urgency", 1, 1, _one_of(*URGENCY)),
    _Part("severity", 1, 1, _one_of("Extreme", *SEVERITY)),
    _Part("certainty", 1, 1, _one_of(*CERTAINTY)),
    _Part("audience", 0, 1, _text),
    _Part("eventCode", 0, None, _PAIR),
    _Part("effective", 0, 1, _time),
    _Part("onset", 0, 1, _time),
    _Part("expires", 0, 1, _time),
    _Part("senderName", 0, 1, _text),
    _Part("headline", 0, 1, _text),
    _Part("description", 0, 1, _text),
    _Part("instruction", 0, 1, _text),
    _Part("web", 0, 1, absolute),
    _Part("contact", 0, 1, _text),
    _Part("parameter", 0, None, _PAIR),
    _Part("resource", 0, None, _RESOURCE),
    _Part("area", 0, None, _AREA),
)
_ALERT = (
    _Part("identifier", 1, 1, _token),
    _Part("sender", 1, 1, _token),
    _Part("sent", 1, 1, _time),
    _Part("status", 1, 1, _one_of("Actual", "Exercise", "System", "Test", "Draft")),
    _Part("msgType", 1, 1, _one_of("Alert", "Update", "Cancel", "Ack", "Error")),
    _Part("source", 0, 1, _text),
    _Part("scope", 1, 1, _one_of("Public", "Restricted", "Private")),
    _Part("restriction", 0, 1, _text),
    _Part("addresses", 0, 1, _text),
    _Part("code", 0, None, _text),
    _Part("note", 0, 1, _text),
    _Part("references", 0, 1, _references),
    _Part("incidents", 0, 1, _text),
    _Part("info", 0, None, _INFO),
)


def structure_faults(root: etree._Element) -> Iterator[CapFault]:
    """What is wrong with the structure of an alert; signatures may follow its last element."""
    return _sequence(root, _ALERT, "/alert")


def _sequence(parent: etree._Element, parts: tuple[_Part, ...], where: str) -> Iterator[CapFault]:
    """What is wrong with the children of an element, which must stand in this order."""
    yield from _bare(parent, where)
    left = [child for child in parent if isinstance(child.tag, str)]
    if any((text or "").strip() for text in (parent.text, *(child.tail for child in parent))):
        yield CapFault(where, "expected elements alone, found text between them")
    for part in parts:
        found = 0
        while left and left[0].tag == tag(part.name):
            found += 1
            yield from _part(left.pop(0), part, f"{where}/{part.name}[{found}]")
        if found < part.least or (part.most is not None and found > part.most):
            yield CapFault(
                f"{where}/{part.name}", f"expected {part.least} to {part.most or 'any number'}, found {found}"
            )
    if parts is _ALERT:
        left = [child for child in left if not str(child.tag).startswith(f"{{{DSIG}}}")]
    for child in left:
        yield CapFault(where, f"expected no {child.tag} here: unknown, or out of order")


def _part(element: etree._Element, part: _Part, where: str) -> Iterator[CapFault]:
    if isinstance(part.holds, tuple):
        yield from _sequence(element, part.holds, where)
        return
    yield from _bare(element, where)
    if any(isinstance(child.tag, str) for child in element):
        yield CapFault(where, "expected text alone, found elements in it")
    elif problem := part.holds("".join(str(text) for text in element.itertext(tag=element.tag))):
        yield CapFault(where, problem)


def _bare(element: etree._Element, where: str) -> Iterator[CapFault]:
    for name in element.attrib:
        if not str(name).startswith(_XSI):
            yield CapFault(where, f"expected no attribute, found {name!s}")
