"""Reading Common Alerting Protocol messages (CAP 1.2, OASIS 2010), strictly: what breaks a rule is refused.

Three layers of rules, each stricter than the one before:
1. the structure: names, order, counts and value types, as in the standard's schema;
2. the standard's text: what a schema can't say (references, times in order, closed polygons …);
3. `profile`: what a message for the public must have, after the Google Public Alerts profile.
And the signature: one that is there must hold, and be by the pinned certificate where one is given.
"""

from __future__ import annotations

import base64
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from tocsin.publish.cap import CAP
from tocsin.publish.capstructure import DSIG, CapFault, absolute, structure_faults, tag

_LIMIT = 1_000_000  # bytes; a CAP message is a few thousand
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&#?\w+;")


class CapError(Exception):
    """The message is refused. `faults` lists every broken rule that was found."""

    def __init__(self, faults: tuple[CapFault, ...]) -> None:
        self.faults = faults
        super().__init__("the CAP message is refused: " + "; ".join(map(str, faults[:10])))


@dataclass(frozen=True, slots=True)
class Alert:
    """What a reader of levels needs. Times keep the offset they came with; `signed` says that a
    signature is there and holds. `expires` is the last of its infos', '' where none is said."""

    identifier: str
    sender: str
    sent: str
    status: str
    kind: str
    references: tuple[str, ...]
    codes: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]
    expires: str
    signed: bool


def read(data: bytes, *, certificate: bytes | None = None, profile: bool = False) -> Alert:
    """The message, if it breaks no rule. `certificate` (PEM) must be the one that signed it. Raises CapError."""
    found = check(data, certificate=certificate, profile=profile)
    if found:
        raise CapError(found)
    root = _parsed(data)
    infos = list(root.iterfind(tag("info")))
    pairs = [pair for info in infos for pair in info.iterfind(tag("parameter"))]
    return Alert(
        identifier=_said(root, "identifier"),
        sender=_said(root, "sender"),
        sent=_said(root, "sent"),
        status=_said(root, "status"),
        kind=_said(root, "msgType"),
        references=tuple(_said(root, "references").split()),
        codes=tuple(code.text or "" for code in root.iterfind(tag("code"))),
        parameters=tuple((_said(pair, "valueName"), _said(pair, "value")) for pair in pairs),
        expires=max((_said(info, "expires") for info in infos), default="", key=_moment),
        signed=root.find(f"{{{DSIG}}}Signature") is not None,
    )


def check(data: bytes, *, certificate: bytes | None = None, profile: bool = False) -> tuple[CapFault, ...]:
    """Every broken rule; empty for a good message. What is no XML, or bears a DTD, is one fault."""
    try:
        root = _parsed(data)
    except (ValueError, etree.XMLSyntaxError) as error:
        return (CapFault("/", f"expected one XML document of at most {_LIMIT} bytes without a DTD: {error}"),)
    if root.tag != tag("alert"):
        return (CapFault("/", f"expected alert of {CAP}, found {root.tag}"),)
    found = tuple(structure_faults(root))
    if found:
        return found  # the later rules read what the structure promises
    rules = [_envelope, _infos] + ([_for_the_public] if profile else [])
    return tuple(fault for rule in rules for fault in rule(root)) + tuple(_signature(root, certificate))


def _parsed(data: bytes) -> etree._Element:
    if len(data) > _LIMIT:
        raise ValueError(f"found {len(data)} bytes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(data, parser)
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise ValueError("found a DTD")
    return root


def _said(parent: etree._Element, name: str) -> str:
    return (parent.findtext(tag(name)) or "").strip()


def _moment(time: str) -> float:
    return datetime.datetime.fromisoformat(time).timestamp() if time else 0.0


# ------------------------------------------------------------------ 2. the standard's text


def _envelope(root: etree._Element) -> Iterator[CapFault]:
    """Scope, and what other messages this one points at."""
    scope, sent = _said(root, "scope"), _moment(_said(root, "sent"))
    if _said(root, "restriction") and scope != "Restricted":
        yield CapFault("/alert/restriction", f"expected only where the scope is Restricted, found {scope}")
    if scope == "Restricted" and not _said(root, "restriction"):
        yield CapFault("/alert/restriction", "expected a rule where the scope is Restricted, found nothing")
    if scope == "Private" and not _said(root, "addresses"):
        yield CapFault("/alert/addresses", "expected who it is for where the scope is Private, found nothing")
    for reference in _said(root, "references").split():
        _, identifier, then = reference.split(",")
        if identifier == _said(root, "identifier"):
            yield CapFault("/alert/references", f"expected earlier messages, found itself: {reference}")
        if _moment(then) > sent:
            yield CapFault("/alert/references", f"expected messages sent before this one, found {reference}")


def _infos(root: etree._Element) -> Iterator[CapFault]:
    told: dict[tuple[str, str], str] = {}
    for n, info in enumerate(root.iterfind(tag("info")), 1):
        where = f"/alert/info[{n}]"
        yield from _times(root, info, where)
        yield from _one_language(info, where, told)
        for resource in info.iterfind(tag("resource")):
            if not _said(resource, "derefUri") and (problem := absolute(_said(resource, "uri") or "x:")):
                yield CapFault(f"{where}/resource/uri", problem)
        for area in info.iterfind(tag("area")):
            yield from _heights(area, f"{where}/area")


def _times(root: etree._Element, info: etree._Element, where: str) -> Iterator[CapFault]:
    """Nothing runs out before it begins, or before it is sent."""
    sent, expires = _said(root, "sent"), _said(info, "expires")
    if expires:
        for name, begin in (("sent", sent), ("effective", _said(info, "effective")), ("onset", _said(info, "onset"))):
            if begin and _moment(begin) > _moment(expires):
                yield CapFault(f"{where}/expires", f"expected a time after {name} ({begin}), found {expires}")


def _one_language(info: etree._Element, where: str, told: dict[tuple[str, str], str]) -> Iterator[CapFault]:
    """The same words can't be said in two languages."""
    language = (_said(info, "language") or "en-US").split("-")[0].lower()
    for name in ("event", "headline", "description", "instruction"):
        text = _said(info, name)
        if text and told.setdefault((name, text), language) != language:
            yield CapFault(f"{where}/{name}", f"expected words of {language}, found those of {told[name, text]}")


def _heights(area: etree._Element, where: str) -> Iterator[CapFault]:
    low, high = _said(area, "altitude"), _said(area, "ceiling")
    if high and not low:
        yield CapFault(f"{where}/ceiling", "expected an altitude with it, found none")
    elif high and float(high) < float(low):
        yield CapFault(f"{where}/ceiling", f"expected no less than the altitude {low}, found {high}")
    if low and float(low) < 0:
        yield CapFault(f"{where}/altitude", f"expected no less than 0, found {low}")


# ------------------------------------------------------------------ 3. messages for the public


def _for_the_public(root: etree._Element) -> Iterator[CapFault]:
    """After the Google Public Alerts profile: who reads it must be able to act and to ask back."""
    kind, infos = _said(root, "msgType"), list(root.iterfind(tag("info")))
    if kind in ("Update", "Cancel") and not _said(root, "references"):
        yield CapFault("/alert/references", f"expected the messages that this {kind} is about, found none")
    if not infos:
        yield CapFault("/alert/info", "expected at least one, found none")
    for n, info in enumerate(infos, 1):
        yield from _public_info(info, f"/alert/info[{n}]")
        yield from _agrees(infos[0], info, f"/alert/info[{n}]")
    for element in root.iter(tag("*")):
        if len(element) == 0 and _MARKUP.search(element.text or ""):
            yield CapFault(str(element.tag), f"expected plain text, found markup: {(element.text or '')[:60]!r}")


def _public_info(info: etree._Element, where: str) -> Iterator[CapFault]:
    for name in ("description", "expires", "web", "contact", "senderName", "instruction", "responseType"):
        if not _said(info, name):
            yield CapFault(f"{where}/{name}", "expected for a message to the public, found nothing")
    if len(_said(info, "headline")) > 140:
        yield CapFault(f"{where}/headline", "expected at most 140 characters")
    if _said(info, "description") in (_said(info, "headline"), _said(info, "instruction")):
        yield CapFault(f"{where}/description", "expected other words than those of the headline and the instruction")
    areas = list(info.iterfind(tag("area")))
    if not areas:
        yield CapFault(f"{where}/area", "expected at least one, found none")
    for area in areas:
        if all(area.find(tag(name)) is None for name in ("polygon", "circle", "geocode")):
            yield CapFault(f"{where}/area", "expected a polygon, a circle or a geocode, found none")


def _agrees(first: etree._Element, info: etree._Element, where: str) -> Iterator[CapFault]:
    """All infos are about one event."""
    for name in ("category", "eventCode"):
        if _texts(first, name) != _texts(info, name):
            yield CapFault(f"{where}/{name}", "expected the same in every info, found others")
    if _said(first, "language") == _said(info, "language") and _said(first, "event") != _said(info, "event"):
        yield CapFault(f"{where}/event", "expected the same in every info of one language, found another")


def _texts(info: etree._Element, name: str) -> set[tuple[str, ...]]:
    return {tuple(str(text).strip() for text in found.itertext()) for found in info.iterfind(tag(name))}


# ------------------------------------------------------------------ the signature


def _signature(root: etree._Element, certificate: bytes | None) -> Iterator[CapFault]:
    """One signature over the whole message, by the pinned certificate, which must have held when it was sent;
    else by the one it carries, whose dates mean nothing: that proves that nothing changed, not who signed."""
    where, found = "/alert/Signature", list(root.iter(f"{{{DSIG}}}Signature"))
    if not found:
        if certificate is not None:
            yield CapFault(where, "expected a signature by the pinned certificate, found none")
        return
    if len(found) > 1 or found[0].getparent() is not root:
        yield CapFault(where, f"expected one signature, a child of alert, found {len(found)}")
        return
    try:
        signer = x509.load_pem_x509_certificate(certificate) if certificate else _carried(found[0])
        sent = datetime.datetime.fromisoformat(_said(root, "sent"))
        then = sent if certificate else signer.not_valid_before_utc
        wanted = SignatureConfiguration(expect_references=1, verification_time=then)
        pem = signer.public_bytes(Encoding.PEM).decode("ascii")
        signed = XMLVerifier().verify(root, x509_cert=pem, expect_config=wanted)
    except (SignXMLException, ValueError, TypeError, etree.LxmlError) as error:
        yield CapFault(where, f"expected a signature that holds: {str(error) or type(error).__name__}")
        return
    over = signed[0].signed_xml if isinstance(signed, list) else signed.signed_xml
    if over is None or over.tag != root.tag:
        yield CapFault(where, "expected a signature over the whole message, found one over a part")


def _carried(signature: etree._Element) -> x509.Certificate:
    text = signature.findtext(f".//{{{DSIG}}}X509Certificate")
    if not text:
        raise ValueError("no certificate is pinned and the message carries none")
    return x509.load_der_x509_certificate(base64.b64decode(text))
