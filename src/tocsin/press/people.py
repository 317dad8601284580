"""Who may sign, and with what: people by pseudonym, their roles and keys, and the keys' entries in the public log."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection

from tocsin.archive.note import NoteError, Signer
from tocsin.home import Home
from tocsin.press.docket import Docket
from tocsin.publish.bulletin import Refused
from tocsin.publish.manifest import KEY, beginning, key_entry, kind_of_entry
from tocsin.publish.publiclog import keep_secret
from tocsin.publish.signing import base64url, public_key
from tocsin.records import Published, Signature
from tocsin.state import Credential, Person, Role

ORDER: tuple[Role, ...] = ("reader", "analyst", "approver", "admin")


class People:
    """The people of one home. Pseudonyms (`Person.id`) are what the public sees."""

    def __init__(self, home: Home, docket: Docket) -> None:
        self._home, self._docket = home, docket

    def find(self, person: str) -> Person:
        """Raises Refused where there is nobody of this pseudonym."""
        found = next((one for one in self._home.state.people() if one.id == person), None)
        if found is None:
            raise Refused(f"expected a person of this home, found {person!r}; see `tocsin people list`")
        return found

    def require(self, person: str, role: Role) -> Person:
        """The person, if their role allows as much as this one. Raises Refused."""
        found = self.find(person)
        if ORDER.index(found.role) < ORDER.index(role):
            raise Refused(f"{person} is {found.role}; this asks for {role}")
        return found

    def add(self, person: str, name: str, role: Role, now: str) -> Person:
        if not person.isascii() or not person.replace("-", "").isalnum() or len(person) > 40:
            raise Refused(f"expected a pseudonym of letters, digits and hyphens, found {person!r}")
        if any(one.id == person for one in self._home.state.people()):
            raise Refused(f"{person} is there already")
        added = Person(person, name, role, now)
        self._home.state.add_person(added)
        return added

    def set_role(self, person: str, role: Role) -> None:
        self.find(person)
        self._home.state.change("UPDATE person SET role = :r WHERE id = :p", r=role, p=person)

    # -------------------------------------------------------------- keys

    def key_name(self, person: str) -> str:
        """What a person's key file is called inside: the home's status in it keeps exercise keys out of real homes."""
        return f"{self._home.log_origin.removesuffix('/bulletins')}/people/{person}"

    def make_key(self, person: str, path: Path, now: str) -> Credential:
        """A new Ed25519 key for the command line: the secret into a file that must not exist, the public key kept."""
        self.find(person)
        if path.exists():
            raise Refused(f"{path} exists; a key is never written over")
        signer = Signer.make(self.key_name(person))
        keep_secret(path, f"{signer.secret}\n".encode())
        return self.add_key(person, public_key(signer.verifier.public), "key", now)

    def read_key(self, person: str, path: Path) -> Signer:
        """A person's key file. Raises Refused where it is another's, or of another home or status."""
        try:
            signer = Signer.parse(path.read_text("utf-8"))
        except (OSError, NoteError, UnicodeDecodeError) as error:
            raise Refused(f"{path}: no key file: {error}") from None
        if signer.name != self.key_name(person):
            raise Refused(f"{path}: the key is that of {signer.name}, not of {self.key_name(person)}")
        return signer

    def add_key(self, person: str, key: str, label: str, now: str) -> Credential:
        """Keep a public key (base64url of its SubjectPublicKeyInfo), and list it for the public log."""
        added = Credential(fingerprint(key), person, key, 0, label, now, None)
        if any(one.public_key == key for one in self.credentials()):
            raise Refused("this key is kept already, for this person or for another")
        self._home.state.add_credential(added)
        with self._home.state.writing() as connection:
            self.list_keys(connection, [key], now)
        return added

    def revoke(self, credential: str, why: str, now: str) -> tuple[Published, ...]:
        """A key counts no longer: for no draft, whoever signed it. Returns the bulletins that it signed, newest
        first: where it was stolen, each must be looked at, and corrected where nobody stands by it."""
        found = next((one for one in self.credentials() if one.id == credential), None)
        if found is None or not self._home.state.revoke(credential, now):
            raise Refused(f"expected a key that counts, found {credential!r}; see `tocsin people list`")
        with self._home.state.writing() as connection:
            self.list_keys(connection, [found.public_key], found.added)
            self._list(connection, key_entry(found.person, "revoked", _kind(found), found.public_key, now, why))
        return self.signed_by(found.public_key)

    def signed_by(self, key: str) -> tuple[Published, ...]:
        published = [issued.published for issued in self._docket.issued()]
        return tuple(one for one in reversed(published) if any(s.key == key for s in one.signatures))

    def credentials(self) -> tuple[Credential, ...]:
        return tuple(key for person in self._home.state.people() for key in self._home.state.credentials(person.id))

    def require_key(self, person: str, key: str) -> Credential:
        """The person's credential with this public key. Raises Refused where it is not theirs or was revoked."""
        found = next((one for one in self._home.state.credentials(person) if one.public_key == key), None)
        if found is None:
            raise Refused(f"the key is none of {person}'s; add it with `tocsin people key`")
        if found.revoked is not None:
            raise Refused(f"the key of {person} was revoked on {found.revoked}")
        return found

    def revoked(self) -> frozenset[str]:
        """Public keys that count no longer, and those of people who are gone or may not sign any more."""
        may = {one.id for one in self._home.state.people() if ORDER.index(one.role) >= ORDER.index("approver")}
        good = {one.public_key for one in self.credentials() if one.revoked is None and one.person in may}
        signed = {s.key for kept in self._docket.drafts() for s in kept.draft.signatures}
        return frozenset(signed - good)

    # -------------------------------------------------------------- their entries in the public log

    def list_keys(self, connection: Connection, keys: Iterable[str], now: str) -> None:
        """List the keys that the public log does not hold yet, after its first entry."""
        if self._docket.next_number(connection) == 0:
            self._list(connection, self._beginning(now))
        listed = {json.loads(entry).get("key") for entry in self._docket.listed(0, connection) if _is_key(entry)}
        for one in self.credentials():
            if one.public_key in keys and one.public_key not in listed:
                entry = key_entry(one.person, "added", _kind(one), one.public_key, now, one.label)
                self._list(connection, entry)

    def _beginning(self, now: str) -> bytes:
        archive = (self._home.root / "keys" / "archive.vkey").read_text("utf-8").strip()
        return beginning(self._home.name, self._home.status, archive, self._home.seal.certificate, now)

    def _list(self, connection: Connection, entry: bytes) -> None:
        self._docket.list_entry(connection, self._docket.next_number(connection), entry)


def _is_key(entry: bytes) -> bool:
    return kind_of_entry(entry) == KEY


def _kind(credential: Credential) -> str:
    return "key" if credential.label == "key" else "passkey"


def fingerprint(key: str) -> str:
    """A short name of a public key."""
    return "k" + hashlib.sha256(key.encode()).hexdigest()[:16]


def signature(person: str, signer: Signer, challenge: bytes, digest: str, now: str) -> Signature:
    """A signature with a key file over a challenge that the press asked."""
    made = signer.sign_bytes(challenge)
    proof = {"challenge": base64url(challenge), "signature": base64url(made)}
    return Signature(person, "key", public_key(signer.verifier.public), digest, now, proof)
