"""The levels for programs: status.json and the one-byte level files, from bulletins in force alone."""

from __future__ import annotations

import json
from typing import Any

from tocsin.publish.edition import AreaView, Edition, OverallView
from tocsin.records import plain

UNKNOWN = b"?"  # a client that reads this byte must show 'unknown', never a level


def level_byte(view: AreaView | OverallView) -> bytes:
    """The level as one byte; what is stale is unknown to a client that shows nothing but the byte."""
    if view.level is None or view.status != "assessed":
        return UNKNOWN
    return str(view.level).encode("ascii")


def status_json(edition: Edition) -> bytes:
    """Everything a client needs to show the levels, with an explicit unknown."""
    overall, levels = edition.overall, edition.rules.levels
    status: dict[str, Any] = {
        "name": edition.name,
        "status": edition.status,
        "exercise": edition.drill,
        "generated": edition.now,
        "disclaimer": levels.disclaimer,
        "overall": {
            "status": overall.status,
            "level": overall.level,
            "colour": overall.colour,
            "phrase": overall.phrase,
            "area": overall.worst.area if overall.worst else None,
            "told": overall.told,
            "untold": overall.untold,
        },
        "areas": [area_status(edition, edition.view(area)) for area in sorted(edition.rules.areas)],
        "log": {"checkpoint": f"{edition.base}log/checkpoint", "key": edition.log_key} if edition.log_key else None,
    }
    return (json.dumps(status, ensure_ascii=False, indent=1) + "\n").encode()


def area_status(edition: Edition, view: AreaView) -> dict[str, Any]:
    """One area. Figures are the machine's, of the judgement that was signed on, and are told while it stands."""
    issue = view.issue
    judgement = issue.judgement if issue and view.status == "assessed" else None
    told = issue.published if issue else None
    return {
        "id": view.area,
        "name": view.name,
        "status": view.status,
        "level": view.level,
        "colour": view.colour,
        "phrase": view.phrase,
        "machine_level": told.machine_level if told else None,
        "war": plain(judgement.war) if judgement else None,
        "nuclear": plain(judgement.nuclear) if judgement else None,
        "confidence": judgement.confidence if judgement else None,
        "coverage": plain(judgement.coverage) if judgement else None,
        "as_of": told.as_of if told else None,
        "issued": told.issued if told else None,
        "expires": told.expires if told else None,
        "signers": [one.signer for one in told.signatures] if told else [],
        "bulletin": told.id if told else None,
        "page": f"{edition.base}area/{view.area}.html",
    }
