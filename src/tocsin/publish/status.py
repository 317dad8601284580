"""The machine's view: status.json and the one-byte level files."""

from __future__ import annotations

import json
from typing import Any

from tocsin.publish.edition import Edition
from tocsin.records import Judgement, Overall, plain

UNKNOWN = b"?"  # a client that reads this byte must show 'unknown', never a level


def level_byte(standing: Judgement | Overall) -> bytes:
    """The level as one byte; what is stale is unknown to a client that shows nothing but the byte."""
    if standing.level is None or standing.status != "assessed":
        return UNKNOWN
    return str(standing.level).encode("ascii")


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
