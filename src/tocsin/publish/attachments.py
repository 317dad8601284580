"""What goes out with a bulletin, each named by its digest in the manifest: text, status, evidence. Pure."""

from __future__ import annotations

import json
from typing import Any

from tocsin.publish.bulletin import Draft
from tocsin.publish.evidence import Evidence
from tocsin.records import plain
from tocsin.rules import Rules


def attachments(draft: Draft, evidence: Evidence, rules: Rules) -> dict[str, bytes]:
    """By name, as they will be served beside the bulletin: all of them text."""
    return {
        "text.txt": f"{draft.text}\n".encode(),
        "status.json": _json(status_of(draft, evidence, rules)),
        "evidence.json": evidence.data,
    }


def status_of(draft: Draft, evidence: Evidence, rules: Rules) -> dict[str, Any]:
    """The area's part of status.json as long as this bulletin stands."""
    judgement, known = evidence.judgement, draft.level is not None
    level = rules.levels.level(draft.level) if draft.level is not None else None
    return {
        "id": draft.area,
        "name": draft.area_name,
        "status": "assessed" if known else "unknown",
        "level": draft.level,
        "colour": level.colour if level else None,
        "phrase": level.phrase if level else rules.levels.unknown_phrase,
        "machine_level": draft.machine_level,
        "war": plain(judgement.war) if known else None,
        "nuclear": plain(judgement.nuclear) if known else None,
        "confidence": judgement.confidence,
        "coverage": plain(judgement.coverage),
        "as_of": draft.as_of,
        "issued": draft.issued,
        "expires": draft.expires,
        "bulletin": draft.bulletin,
    }


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
