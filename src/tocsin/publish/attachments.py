"""What goes out with a bulletin, each named by its digest in the manifest. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tocsin.publish import cap
from tocsin.publish.bulletin import Draft, Refused
from tocsin.publish.edition import Edition
from tocsin.publish.evidence import Evidence
from tocsin.publish.manifest import published_from, said_of
from tocsin.records import Published, plain
from tocsin.rules import Rules

_IN_FULL = ("text", "signatures")  # what stands elsewhere, or not yet


def attachments(edition: Edition, draft: Draft, evidence: Evidence, replaced: Sequence[Published]) -> dict[str, bytes]:
    """By name, as they will stand beside the bulletin; all of them text. `edition` says whose it is, and needs hold
    no other bulletin; `replaced` are the bulletins that the draft replaces.

    Raises Refused where number, colour and phrase do not agree in what would go out."""
    told = previewed(edition, draft)
    agree(told, edition.rules)
    files = {
        "text.txt": f"{draft.text}\n".encode(),
        "status.json": _json({name: value for name, value in plain(told).items() if name not in _IN_FULL}),
        "evidence.json": evidence.data,
    }
    if edition.rules.cap.levels:
        message = cap.Message(told, evidence.judgement, draft.words, tuple(replaced))
        files[cap.ATTACHMENT] = cap.written(edition, message)
    return files


def previewed(edition: Edition, draft: Draft) -> Published:
    """The draft as it would be published, without signatures."""
    url = f"{edition.base}bulletin/{draft.bulletin}.html"
    return published_from(said_of(draft, url, edition.rules), draft.text, ())


def agree(told: Published, rules: Rules) -> None:
    """Raises Refused unless level, colour and phrase are one level's, and title and text say them."""
    level = None if told.level is None else rules.levels.level(told.level)
    wanted = (level.colour, level.phrase) if level else (None, told.phrase)
    if (told.colour, told.phrase) != wanted:
        raise Refused(f"level {told.level} is {wanted}; the bulletin says {(told.colour, told.phrase)}")
    said = f"level {level.number} {level.colour}" if level else "level unknown"
    if told.phrase not in told.text or said not in told.text or said not in told.title:
        raise Refused(f"the text or the title does not say {said!r} with its phrase")
    if told.status != "actual" and rules.levels.exercise_mark not in told.text:
        raise Refused(f"a bulletin of status {told.status} must say so in its text")


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
