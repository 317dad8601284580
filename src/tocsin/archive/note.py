"""Signed notes and checkpoints: pure text work (C2SP signed-note, tlog-checkpoint), Ed25519 alone.

Keys are written as Go's golang.org/x/mod/sumdb/note writes them, so that its tools read ours:
the verifier key is public ('name+id+key'), the signer key is secret ('PRIVATE+KEY+name+id+key').
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
MOST_SIGNATURES = 64
_DASH = "— "


class NoteError(Exception):
    """A note, key or checkpoint is not what it claims to be; the message says why."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """One trusted public key under its name."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(ED25519 + self.public)}"

    @classmethod
    def parse(cls, vkey: str) -> Verifier:
        verifier = cls(*_parse_key(vkey.strip(), "verifier key"))
        if verifier.vkey != vkey.strip():
            raise NoteError(f"the verifier key of {verifier.name!r} does not match its key ID")
        return verifier

    def accepts(self, text: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """One secret key under its name. Its repr shows the name alone, so that no log shows the key."""

    name: str
    seed: bytes

    def __repr__(self) -> str:
        return f"Signer({self.name!r})"

    @classmethod
    def make(cls, name: str) -> Signer:
        """A new key. Randomness comes from the system; callers are effects."""
        _check_name(name)
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    @property
    def secret(self) -> str:
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{_base64(ED25519 + self.seed)}"

    @classmethod
    def parse(cls, secret: str) -> Signer:
        if not secret.startswith("PRIVATE+KEY+"):
            raise NoteError("a signer key starts with 'PRIVATE+KEY+'")
        signer = cls(*_parse_key(secret.strip().removeprefix("PRIVATE+KEY+"), "signer key"))
        if signer.secret != secret.strip():
            raise NoteError(f"the signer key of {signer.name!r} does not match its key ID")
        return signer

    def sign_bytes(self, data: bytes) -> bytes:
        """A bare Ed25519 signature."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(data)

    def signature_line(self, text: bytes) -> str:
        return f"{_DASH}{self.name} {_base64(self.verifier.key_id + self.sign_bytes(text))}\n"


def sign(text: str, signers: Sequence[Signer]) -> bytes:
    """The note: text (ending in a newline), an empty line, one signature line per signer."""
    body = text.encode()
    _check_characters(body)
    if not text.endswith("\n"):
        raise NoteError("a note's text ends with a newline")
    return body + b"\n" + "".join(signer.signature_line(body) for signer in signers).encode()


def verify(note: bytes, trusted: Sequence[Verifier]) -> tuple[str, tuple[Verifier, ...]]:
    """The note's text and which trusted keys signed it.

    Raises NoteError where none did, where a trusted key's signature is wrong, or where the bytes are no note.
    """
    text, lines = _split_note(note)
    known = {(verifier.name, verifier.key_id): verifier for verifier in trusted}
    signed: list[Verifier] = []
    for name, key_id, signature in lines:
        verifier = known.get((name, key_id))
        if verifier is None:
            continue
        if not verifier.accepts(text, signature):
            raise NoteError(f"the signature of {name!r} is wrong")
        if verifier not in signed:
            signed.append(verifier)
    if not signed:
        raise NoteError("no trusted key signed this note")
    return text.decode(), tuple(signed)


def _split_note(note: bytes) -> tuple[bytes, list[tuple[str, bytes, bytes]]]:
    _check_characters(note)
    cut = note.rfind(b"\n\n")
    if cut < 0:
        raise NoteError("no empty line parts text and signatures")
    text, tail = note[: cut + 1], note[cut + 2 :].decode()
    if not tail.endswith("\n"):
        raise NoteError("the last signature line does not end with a newline")
    lines = tail.removesuffix("\n").split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise NoteError(f"more than {MOST_SIGNATURES} signatures")
    return text, [_parse_signature(line) for line in lines]


def _parse_signature(line: str) -> tuple[str, bytes, bytes]:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not name or not encoded:
        raise NoteError(f"no signature line: {line!r}")
    _check_name(name)
    raw = _unbase64(encoded, "signature")
    if len(raw) < 5:
        raise NoteError(f"the signature of {name!r} is too short")
    return name, raw[:4], raw[4:]


def _parse_key(text: str, what: str) -> tuple[str, bytes]:
    name, _, rest = text.partition("+")
    _key_id, _, encoded = rest.partition("+")
    _check_name(name)
    raw = _unbase64(encoded, what)
    if raw[:1] != ED25519 or len(raw) != 33:
        raise NoteError(f"the {what} of {name!r} is no Ed25519 key")
    return name, raw[1:]


def _check_name(name: str) -> None:
    if not name or "+" in name or any(c.isspace() for c in name):
        raise NoteError(f"a key name is not empty and holds neither space nor plus: {name!r}")


def _check_characters(note: bytes) -> None:
    try:
        text = note.decode()
    except UnicodeDecodeError as error:
        raise NoteError(f"byte {error.start}: not UTF-8") from None
    for at, character in enumerate(text):
        if character < " " and character != "\n":
            raise NoteError(f"character {at}: control characters are not allowed in a note")


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unbase64(encoded: str, what: str) -> bytes:
    """Strict: exactly one spelling of each value, so that no byte can change unnoticed."""
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError(f"the {what} is not base64") from None
    if _base64(raw) != encoded:
        raise NoteError(f"the {what} is not canonical base64")
    return raw


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's head: `size` entries under `root` (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Of a note's verified text. Extension lines are not ours and are refused."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not all(lines[:3]):
            raise NoteError("a checkpoint has three lines: origin, size, root hash")
        if not (lines[1].isascii() and lines[1].isdecimal()) or str(int(lines[1])) != lines[1]:
            raise NoteError(f"the tree size is no number: {lines[1]!r}")
        root = _unbase64(lines[2], "root hash")
        if len(root) != 32:
            raise NoteError(f"the root hash has {len(root)} bytes, not 32")
        return cls(lines[0], int(lines[1]), root)
