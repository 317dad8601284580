"""What a stranger can check of a published bulletin, with nothing but the public key of the log. Pure: bytes in,
findings out.

Each check says by name what holds and what does not. They lean on each other from the outside in: the log's key
speaks for the log, the log for the signers' keys and the CAP certificate, those for the bulletin's manifest, the
manifest by its digests for the files beside it, and the dossier for the level, which is judged again.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tocsin.archive.note import Checkpoint, NoteError, Verifier, verify
from tocsin.archive.tiles import (
    WIDTH,
    BundleError,
    ProofError,
    leaf_hash,
    nodes_over,
    tile_path,
    tile_width,
    tree_root,
    unpack_bundle,
    verify_inclusion,
)
from tocsin.bundle import unpack
from tocsin.publish import capread
from tocsin.publish.bulletin import phrase_of
from tocsin.publish.dossier import DossierError, judged
from tocsin.publish.evidence import judgement_digest
from tocsin.publish.manifest import BEGINNING, ENTRY, KEY, entry_faults
from tocsin.records import digest
from tocsin.rules import Rules, RulesError, parse

Get = Callable[[str], bytes | None]
"""The bytes at a path of the site, or None where nothing is there."""
PROOF = "c2sp.org/tlog-proof@v1"


DOSSIER = "dossier.jsonl.gz"


def rules_path(bundle: str) -> str:
    """Where the site keeps a rule bundle, by its digest."""
    return f"rules/{bundle.removeprefix('sha256:')}.json"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked. `holds` is None where what it needs is not there."""

    name: str
    holds: bool | None
    text: str


class Unfit(Exception):
    """What was checked does not hold; the message says what was expected and what was found."""


class Absent(Exception):
    """What a check needs is not there; the message names it."""


def log_proof(proof: bytes, entry: bytes, trusted: Verifier) -> tuple[int, int]:
    """(position, size of the tree): the `.tlog-proof` shows the entry in the log of this key. Raises Unfit."""
    head, blank, note = proof.partition(b"\n\n")
    lines = head.decode("utf-8", "replace").split("\n")
    try:
        if not blank or lines[0] != PROOF or not lines[1].startswith("index "):
            raise Unfit(f"expected a proof that begins with {PROOF} and an index, found {lines[0][:60]!r}")
        index, tree = int(lines[1].removeprefix("index ")), _opened(note, trusted)
        hashes = [base64.b64decode(line, validate=True) for line in lines[2:]]
        verify_inclusion(index, tree.size, leaf_hash(entry), hashes, tree.root)
    except (NoteError, ProofError, ValueError, IndexError, binascii.Error) as error:
        raise Unfit(f"the proof does not show this manifest in the log: {error}") from error
    return index, tree.size


def _opened(note: bytes, trusted: Verifier) -> Checkpoint:
    text, _ = verify(note, [trusted])
    head = Checkpoint.parse(text)
    if head.origin != trusted.name:
        raise NoteError(f"expected the log {trusted.name!r}, found {head.origin!r}")
    return head


def log_entries(get: Get, trusted: Verifier) -> list[bytes]:
    """All entries of the log at log/, held against its signed checkpoint. Raises Absent and Unfit."""
    try:
        head = _opened(_got(get, "log/checkpoint"), trusted)
        entries: list[bytes] = []
        for index in range(-(-head.size // WIDTH)):
            width = tile_width(0, index, head.size)
            entries += unpack_bundle(_got(get, "log/" + tile_path(None, index, width)), width)
        if tree_root(head.size, nodes_over([leaf_hash(entry) for entry in entries])) != head.root:
            raise Unfit("the log's entries do not lead to the root that its checkpoint signs")
    except (NoteError, BundleError) as error:
        raise Unfit(f"the log at log/ does not hold: {error}") from error
    return entries


def _got(get: Get, path: str) -> bytes:
    data = get(path)
    if data is None:
        raise Absent(path)
    return data


# ------------------------------------------------------------------ one bulletin


@dataclass(frozen=True)
class Bulletin:
    """A bulletin's entry as it is checked: its bytes, what they say, and what lies beside it."""

    entry: bytes
    said: Mapping[str, Any]
    get: Get
    stem: str
    trusted: Verifier

    @property
    def body(self) -> Mapping[str, Any]:
        body: Mapping[str, Any] = self.said["body"]
        return body

    @cached_property
    def log(self) -> list[bytes]:
        """All entries of the log, read once. Raises Absent and Unfit."""
        return log_entries(self.get, self.trusted)

    @cached_property
    def _bundles(self) -> dict[str, Rules]:
        return {}

    def rules(self, name: str) -> Rules:
        """The rules of a bundle that the site keeps under its digest, parsed once. Raises Absent and Unfit."""
        if name not in self._bundles:
            self._bundles[name] = _bundle(self.get, name)
        return self._bundles[name]

    def file(self, name: str) -> bytes:
        """An attachment. Raises Absent."""
        return _got(self.get, f"{self.stem}.{name}")


def sited(target: str) -> tuple[str, str]:
    """The site's root, ending in '/', and the path of a manifest in it, from its file or address; the address of
    the bulletin's page does as well. Raises Unfit."""
    bare = target.partition("?")[0].partition("#")[0] if "://" in target else target
    root, folder, name = bare.rpartition("bulletin/")
    stem, dot, ending = name.rpartition(".")
    if not folder or "/" in name or not dot or ending not in ("json", "html"):
        raise Unfit(f"expected a bulletin's manifest as the site keeps it (…/bulletin/ID.json), found {target!r}")
    return root, f"bulletin/{stem}.json"


def opened(entry: bytes, get: Get, path: str, trusted: Verifier) -> Bulletin:
    """What lies at a path of the site as a bulletin. Raises Unfit where the bytes are no bulletin's manifest."""
    try:
        said = json.loads(entry)
        if said["type"] != ENTRY or not isinstance(said["body"]["id"], str):
            raise Unfit(f"expected a manifest of the type {ENTRY}, found {said['type']!r}")
    except (ValueError, KeyError, TypeError) as error:
        raise Unfit(f"expected a bulletin's manifest (JSON), found something else: {error!r}") from error
    return Bulletin(entry, said, get, path.removesuffix(".json"), trusted)


def check_bulletin(bulletin: Bulletin) -> tuple[Check, ...]:
    """Every check, in the order in which they lean on each other."""
    steps: tuple[tuple[str, Callable[[], str]], ...] = (
        ("log", lambda: _in_log(bulletin)),
        ("signatures", lambda: _signed(bulletin)),
        ("signers", lambda: _signers(bulletin)),
        ("files", lambda: _files(bulletin)),
        ("words", lambda: _words(bulletin)),
        ("alert", lambda: _alert(bulletin)),
        ("judged again", lambda: _judged(bulletin)),
    )
    return tuple(_checked(name, step) for name, step in steps)


def _checked(name: str, step: Callable[[], str]) -> Check:
    try:
        return Check(name, True, step())
    except Absent as error:
        return Check(name, None, f"{error} is not there")
    except (Unfit, DossierError, RulesError) as error:
        return Check(name, False, str(error))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return Check(name, False, f"the manifest is not of the form that it claims: {error!r}")


def _in_log(bulletin: Bulletin) -> str:
    index, size = log_proof(bulletin.file("tlog-proof"), bulletin.entry, bulletin.trusted)
    return f"entry {index} of {size} in the log {bulletin.trusted.name}"


def _signed(bulletin: Bulletin) -> str:
    if faults := entry_faults(bulletin.entry):
        raise Unfit("; ".join(faults))
    signers = [one["signer"] for one in bulletin.said["signatures"]]
    return f"signed by {', '.join(signers)}; {bulletin.body['quorum']} had to"


def _signers(bulletin: Bulletin) -> str:
    """Each key stood in the log, for its signer, before the bulletin did, and was not revoked by then."""
    entries = bulletin.log
    if bulletin.entry not in entries:
        raise Unfit("the log that is there now does not hold this manifest")
    good: dict[str, str] = {}
    for said in _of_type(entries[: entries.index(bulletin.entry)], KEY):
        if said["act"] == "added":
            good[said["key"]] = said["signer"]
        else:
            good.pop(said["key"], None)
    for one in bulletin.said["signatures"]:
        if good.get(one["key"]) != one["signer"]:
            raise Unfit(f"the key of {one['signer']} did not stand in the log when the bulletin went out")
    return f"{len(good)} keys stood in the log, theirs among them"


def _of_type(entries: Sequence[bytes], kind: str) -> Iterator[dict[str, Any]]:
    for entry in entries:
        said = json.loads(entry)
        if said.get("type") == kind:
            yield said


def _files(bulletin: Bulletin) -> str:
    """Each attachment is the one that was signed. One that is not there is told by `Absent`, after the others."""
    missing: list[str] = []
    for one in bulletin.body["attachments"]:
        try:
            data = bulletin.file(one["name"])
        except Absent as error:
            missing.append(str(error))
            continue
        if len(data) != one["size"] or digest(data) != one["digest"]:
            raise Unfit(f"{one['name']}: expected {one['digest']}, found {digest(data)}")
    if missing:
        raise Absent(", ".join(missing))
    return f"{len(bulletin.body['attachments'])} files are those that were signed"


def _words(bulletin: Bulletin) -> str:
    """Level, colour and phrase agree by the rules, and the text says them."""
    body, rules = bulletin.body, bulletin.rules(bulletin.body["provenance"]["bundle"])
    if body["level"] is None:
        wanted: tuple[str | None, str] = (None, phrase_of(None, body["corrects"], rules))
    else:
        level = rules.levels.level(body["level"])
        wanted = (level.colour, level.phrase)
    if (body["colour"], body["phrase"]) != wanted:
        raise Unfit(f"expected {wanted} for level {body['level']}, found {(body['colour'], body['phrase'])}")
    text = bulletin.file("text.txt").decode("utf-8", "replace")
    if body["phrase"] not in text or body["disclaimer"] not in text:
        raise Unfit("the text lacks the level's phrase or the disclaimer")
    return f"level {body['level'] or 'unknown'}, {body['colour'] or 'no colour'}: number, colour, phrase and text agree"


def _alert(bulletin: Bulletin) -> str:
    """The CAP message breaks no rule, and the certificate that the log names signed it."""
    message = bulletin.file("alert.xml")
    begun = next(_of_type(bulletin.log, BEGINNING), None)
    if begun is None:
        raise Absent("the log's first entry, which names the certificate,")
    if faults := capread.check(message, certificate=begun["certificate"].encode()):
        raise Unfit("; ".join(str(fault) for fault in faults[:3]))
    return "the CAP message is sound, and the watch's certificate signed it"


def _judged(bulletin: Bulletin) -> str:
    """The same judgement follows from the dossier and the rules."""
    body, told = bulletin.body, bulletin.file(DOSSIER)
    if digest(told) != body["provenance"]["dossier"]:
        raise Unfit(f"the dossier is another than the one that was signed: {digest(told)}")
    again = judged(told, bulletin.rules)
    level = again.level if again.status == "assessed" else None
    if level != body["machine_level"] or judgement_digest(again) != body["judgement"]:
        raise Unfit(
            f"expected level {body['machine_level']} and the judgement {body['judgement']}, found level {level} and "
            f"{judgement_digest(again)}"
        )
    return f"the same judgement follows from its dossier: level {level or 'unknown'} by {again.decided_by.rule}"


def _bundle(get: Get, name: str) -> Rules:
    """The rules of a bundle that the site keeps under its digest. Raises Absent and Unfit."""
    data = _got(get, rules_path(name))
    if digest(data) != name:
        raise Unfit(f"the rule bundle {name} is another: {digest(data)}")
    try:
        return parse(unpack(data))
    except (ValueError, TypeError, AttributeError) as error:
        raise Unfit(f"the rule bundle {name} can't be read: {error}") from error
