"""What people sign and what the public log keeps: a bulletin's manifest as canonical JSON (RFC 8785). Pure.

The *body* holds everything that the bulletin says and the digests of its attachments; people sign its SHA-256.
An *entry* is the body with the signatures and the time at which it went out. A signer's keys are entries too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tocsin.publish.bulletin import Draft, Refused, bulletin_rules
from tocsin.publish.signing import signature_fault
from tocsin.records import Published, Recipe, Signature, canonical, digest, plain, revive
from tocsin.rules import Rules
from tocsin.rules.bulletins import PLACES

LARGEST_ENTRY = 0xFFFF
ROOM_FOR_SIGNATURES = 8_192
BODY, ENTRY, KEY, BEGINNING = "tocsin/bulletin/1", "tocsin/published/1", "tocsin/signer/1", "tocsin/log/1"
_MEDIA = {
    "text.txt": "text/plain; charset=utf-8",
    "alert.xml": "application/cap+xml",
    "status.json": "application/json",
    "evidence.json": "application/json",
}


@dataclass(frozen=True, slots=True)
class Provenance:
    """From what a judgement was made: what computed it, the archive's signed checkpoint (a note), and the digests
    of the rule bundle and of the dossier, from which anybody can judge again."""

    recipe: Recipe
    archive: str
    bundle: str
    dossier: str


def body_of(
    draft: Draft,
    watch: str,
    url: str,
    attachments: Mapping[str, bytes],
    provenance: Provenance,
    rules: Rules,
    quorum: int,
) -> bytes:
    """The manifest body. `watch` names the home, `quorum` how many people must sign. Raises Refused where it would
    not fit into the log."""
    words = bulletin_rules(rules)
    body = {
        "type": BODY,
        "watch": watch,
        **said_of(draft, url, rules),
        "corrects": draft.corrects,
        "overruled": draft.overruled,
        "quorum": quorum,
        "sentences": [plain(sentence) for sentence in draft.sentences],
        "edits": [plain(edit) for edit in draft.edits],
        "advice": {place: words.advice[draft.level, place] for place in PLACES} if draft.level else {},
        "disclaimer": rules.levels.disclaimer,
        "judgement": draft.judgement,
        "provenance": plain(provenance),
        "attachments": [_attachment(name, data) for name, data in sorted(attachments.items())],
    }
    written = canonical(body)
    if len(written) > LARGEST_ENTRY - ROOM_FOR_SIGNATURES:
        raise Refused(f"the manifest has {len(written)} bytes, too many for the public log; shorten the words")
    return written


def said_of(draft: Draft, url: str, rules: Rules) -> dict[str, Any]:
    """What a bulletin says of itself, but for its text: the same in the manifest and in what goes out."""
    return {
        "id": draft.bulletin,
        "kind": draft.kind,
        "status": draft.status,
        "area": draft.area,
        "area_name": draft.area_name,
        "level": draft.level,
        "previous": draft.previous,
        "machine_level": draft.machine_level,
        "colour": None if draft.level is None else rules.levels.level(draft.level).colour,
        "phrase": draft.phrase,
        "as_of": draft.as_of,
        "issued": draft.issued,
        "expires": draft.expires,
        "title": draft.title,
        "url": url,
        "replaces": list(draft.replaces),
    }


def _attachment(name: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "type": _MEDIA[name], "size": len(data), "digest": digest(data)}


def provenance_of(body: bytes) -> Provenance:
    """From what the judgement of a body was made."""
    return revive(Provenance, json.loads(body)["provenance"])


def entry_of(body: bytes, signatures: tuple[Signature, ...], published: str) -> bytes:
    """The log's entry of a bulletin. Raises Refused where it is too long."""
    entry = canonical(
        {
            "type": ENTRY,
            "body": json.loads(body),
            "published": published,
            "signatures": [plain(one) for one in signatures],
        }
    )
    if len(entry) > LARGEST_ENTRY:
        raise Refused(f"the log's entry would have {len(entry)} bytes; at most {LARGEST_ENTRY} fit")
    return entry


def key_entry(signer: str, act: str, kind: str, key: str, at: str, why: str) -> bytes:
    """A signer's key as an entry of the log. `act`: 'added' or 'revoked'."""
    return canonical({"type": KEY, "act": act, "at": at, "key": key, "kind": kind, "signer": signer, "why": why})


def beginning(watch: str, status: str, archive: str, certificate: bytes, at: str) -> bytes:
    """The log's first entry: whose it is, the archive's public key, the certificate of the CAP messages."""
    return canonical(
        {
            "type": BEGINNING,
            "archive": archive,
            "at": at,
            "certificate": certificate.decode("ascii"),
            "status": status,
            "watch": watch,
        }
    )


# ------------------------------------------------------------------ reading


def kind_of_entry(entry: bytes) -> str:
    """The type of an entry of the log; '' for what is none of ours."""
    try:
        values = json.loads(entry)
    except ValueError:
        return ""
    return str(values.get("type", "")) if isinstance(values, dict) else ""


def published_of(entry: bytes) -> Published:
    """The bulletin that an entry of the log holds. Raises ValueError for anything else.

    Its text is not in the log, only its digest: `text` is made of the sentences here.
    """
    values = json.loads(entry)
    if values.get("type") != ENTRY:
        raise ValueError(f"expected an entry of the type {ENTRY}, found {values.get('type')!r}")
    body = values["body"]
    text = "\n\n".join(sentence["text"] for sentence in body["sentences"])
    return published_from(body, text, tuple(revive(Signature, one) for one in values["signatures"]))


def published_from(body: Mapping[str, Any], text: str, signatures: tuple[Signature, ...]) -> Published:
    """A body with its text and signatures as the record that the channels take."""
    same = ("kind", "status", "area", "area_name", "level", "previous", "machine_level", "colour", "phrase")
    more = ("id", "as_of", "issued", "expires", "title", "url")
    return Published(
        **{name: body[name] for name in (*same, *more)},
        text=text,
        replaces=tuple(body["replaces"]),
        signatures=signatures,
    )


def entry_faults(entry: bytes) -> tuple[str, ...]:
    """What a stranger finds wrong with a bulletin's entry: signatures over another body, by one person twice, with
    one key twice, too few for the quorum that it states, or false."""
    values = json.loads(entry)
    about = digest(canonical(values["body"]))
    signatures = [revive(Signature, one) for one in values["signatures"]]
    faults = [f"{one.signer}: {fault}" for one in signatures if (fault := signature_fault(one))]
    faults += [f"{one.signer}: it signs another body" for one in signatures if one.digest != about]
    for what, found in (("signers", [s.signer for s in signatures]), ("keys", [s.key for s in signatures])):
        if len(set(found)) != len(found):
            faults.append(f"expected {len(found)} different {what}, found {len(set(found))}")
    if len(signatures) < values["body"]["quorum"]:
        faults.append(f"expected {values['body']['quorum']} signatures, found {len(signatures)}")
    return tuple(faults)
