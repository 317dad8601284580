"""The machine's view: status.json, the one-byte level files and the Atom feed."""

from __future__ import annotations

import json
import uuid
from typing import Any

from lxml import etree

from tocsin.publish.edition import Edition
from tocsin.records import Judgement, plain

UNKNOWN = b"?"  # a client that reads this byte must show 'unknown', never a level
_ATOM = "http://www.w3.org/2005/Atom"


def level_byte(level: int | None) -> bytes:
    return UNKNOWN if level is None else str(level).encode("ascii")


def status_json(edition: Edition) -> bytes:
    """Everything a client needs to show the levels, with an explicit unknown."""
    found, levels = edition.assessment, edition.rules.levels
    status: dict[str, Any] = {
        "name": edition.name,
        "exercise": found.exercise,
        "as_of": found.as_of,
        "disclaimer": levels.disclaimer,
        "overall": plain(found.overall),
        "areas": [_area(edition, judgement) for judgement in found.judgements],
        "recipe": plain(found.recipe),
    }
    return (json.dumps(status, ensure_ascii=False, indent=1) + "\n").encode()


def _area(edition: Edition, judgement: Judgement) -> dict[str, Any]:
    return {
        "id": judgement.area,
        "name": judgement.name,
        "status": judgement.status,
        "level": judgement.level,
        "colour": judgement.colour,
        "phrase": judgement.phrase,
        "war": plain(judgement.war) if judgement.level is not None else None,
        "nuclear": plain(judgement.nuclear) if judgement.level is not None else None,
        "confidence": judgement.confidence,
        "coverage": plain(judgement.coverage),
        "expires": judgement.expires,
        "page": f"{edition.address}area/{judgement.area}.html",
    }


def atom(edition: Edition) -> bytes:
    """One entry for each change of level of each area, newest first."""
    found = edition.assessment
    mark = "EXERCISE: " if found.exercise else ""
    default: Any = {None: _ATOM}  # the stubs know no default namespace
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap=default)
    _add(feed, "id", _urn(edition.name, "feed"))
    _add(feed, "title", f"{mark}{edition.name}: levels")
    _add(feed, "subtitle", edition.rules.levels.disclaimer)
    _add(feed, "updated", found.as_of)
    _add(_add(feed, "author", None), "name", edition.name)
    if edition.address:
        etree.SubElement(feed, f"{{{_ATOM}}}link", rel="self", href=f"{edition.address}feed.atom")
    changes = [j for area in edition.timelines for j in edition.changes(area) if j.level is not None]
    for judgement in sorted(changes, key=lambda j: (j.as_of, j.area), reverse=True)[:50]:
        _entry(feed, edition, judgement, mark)
    written: bytes = etree.tostring(feed, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _entry(feed: Any, edition: Edition, judgement: Judgement, mark: str) -> None:
    entry = _add(feed, "entry", None)
    _add(entry, "id", _urn(edition.name, judgement.area, judgement.as_of))
    _add(entry, "title", f"{mark}{judgement.name}: level {judgement.level} {judgement.colour}")
    _add(entry, "updated", judgement.as_of)
    etree.SubElement(
        entry,
        f"{{{_ATOM}}}link",
        rel="alternate",
        type="text/html",
        href=f"{edition.address}area/{judgement.area}.html",
    )
    _add(entry, "summary", f"{judgement.phrase} {judgement.decided_by.text}")


def _add(parent: Any, name: str, text: str | None) -> Any:
    child = etree.SubElement(parent, f"{{{_ATOM}}}{name}")
    child.text = text
    return child


def _urn(*parts: str) -> str:
    """A stable identifier that needs no domain name."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "tocsin:" + "/".join(parts)).urn
