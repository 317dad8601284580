"""Passkeys (WebAuthn): asking a browser for one, and checking what it answers.

Every challenge is made here, used once, and bound to what it was made for. The person must have been verified by the
device (`userVerification`): what signs a bulletin is somebody, not a stolen key left in a machine.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import webauthn
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    encode_cbor,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tocsin.desk.clock import after
from tocsin.records import digest
from tocsin.state import Credential, Person, State

Purpose = Literal["enrol", "log in", "confirm"]
CHALLENGE_SECONDS = 5 * 60
_MOST_PENDING = 10_000
_BYTES = 32


class NoPasskey(Exception):
    """The answer proves nothing. Why is for the audit log; who asked is told no more than that it failed."""


@dataclass(frozen=True, slots=True)
class Party:
    """The desk as browsers know it: `origin` is where it is served, and passkeys are bound to its host name."""

    name: str
    origin: str

    @property
    def id(self) -> str:
        return urlsplit(self.origin).hostname or ""


class Challenges:
    """Challenges that wait for their answer, in memory: each is given back once, for its purpose, in time."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[bytes, tuple[Purpose, str, str]] = OrderedDict()
        self._lock = threading.Lock()

    def make(self, purpose: Purpose, subject: str, now: str) -> bytes:
        challenge = secrets.token_bytes(_BYTES)
        with self._lock:
            self._waiting[challenge] = (purpose, subject, after(now, CHALLENGE_SECONDS))
            while len(self._waiting) > _MOST_PENDING:
                self._waiting.popitem(last=False)
        return challenge

    def take(self, answer: Mapping[str, Any], purpose: Purpose, subject: str, now: str) -> bytes:
        """The challenge that a browser's answer is to. Raises NoPasskey where none such waits."""
        challenge = _challenge_in(answer)
        with self._lock:
            made_for = self._waiting.pop(challenge, None)
        if made_for is None:
            raise NoPasskey("no such challenge waits: it was used, or never made")
        if made_for[:2] != (purpose, subject) or made_for[2] < now:
            raise NoPasskey("the challenge was made for something else, or too long ago")
        return challenge


def _challenge_in(answer: Mapping[str, Any]) -> bytes:
    try:
        client_data = json.loads(base64url_to_bytes(answer["response"]["clientDataJSON"]))
        return base64url_to_bytes(client_data["challenge"])
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise NoPasskey("the answer holds no challenge") from error


class Passkeys:
    """Enrolling and checking the passkeys of people in the state database."""

    def __init__(self, state: State, party: Party) -> None:
        self._state, self.party, self._challenges = state, party, Challenges()

    def enrolment(self, person: Person, code: str, now: str) -> dict[str, Any]:
        """What the browser needs to make a passkey; the challenge is bound to the code that allowed it."""
        known = [c for c in self._state.credentials(person.id) if c.revoked is None]
        options = webauthn.generate_registration_options(
            rp_id=self.party.id,
            rp_name=self.party.name,
            user_id=digest(person.id.encode()).encode()[-64:],
            user_name=person.name,
            challenge=self._challenges.make("enrol", digest(code.encode()), now),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=base64url_to_bytes(c.id)) for c in known if _is_passkey(c)
            ],
        )
        return _as_json(webauthn.options_to_json(options))

    def enrol(self, person: str, code: str, label: str, answer: Mapping[str, Any], now: str) -> Credential:
        """The new passkey, checked but not yet kept. Raises NoPasskey."""
        challenge = self._challenges.take(answer, "enrol", digest(code.encode()), now)
        try:
            made = webauthn.verify_registration_response(
                credential=dict(answer),
                expected_challenge=challenge,
                expected_rp_id=self.party.id,
                expected_origin=self.party.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError) as error:
            raise NoPasskey(f"not a passkey for this desk: {error}") from error
        if self._state.rows(
            "SELECT 1 AS found FROM credential WHERE id = :id", id=bytes_to_base64url(made.credential_id)
        ):
            raise NoPasskey("a key of this name is kept already")
        public_key = bytes_to_base64url(_subject_public_key(made.credential_public_key))
        return Credential(bytes_to_base64url(made.credential_id), person, public_key, made.sign_count, label, now, None)

    def request(self, purpose: Purpose, subject: str, now: str) -> dict[str, Any]:
        """What the browser needs to show a passkey. No key is named, so nobody learns who has one."""
        return self.options(self._challenges.make(purpose, subject, now))

    def options(self, challenge: bytes) -> dict[str, Any]:
        """The same for a challenge that was made elsewhere: the one that signs a bulletin."""
        options = webauthn.generate_authentication_options(
            rp_id=self.party.id, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
        )
        return _as_json(webauthn.options_to_json(options))

    def check(self, answer: Mapping[str, Any], purpose: Purpose, subject: str, now: str) -> Credential:
        """The key that answered, its counter raised. Raises NoPasskey."""
        challenge = self._challenges.take(answer, purpose, subject, now)
        return self.verify(answer, challenge)

    def verify(self, answer: Mapping[str, Any], challenge: bytes | None = None) -> Credential:
        """The key that answered this challenge, its counter raised. Raises NoPasskey.

        Without a challenge, that which the answer holds: then whoever asks must know that it was open.
        """
        challenge = challenge or _challenge_in(answer)
        credential = self._credential(answer)
        try:
            shown = webauthn.verify_authentication_response(
                credential=dict(answer),
                expected_challenge=challenge,
                expected_rp_id=self.party.id,
                expected_origin=self.party.origin,
                credential_public_key=_cose(base64url_to_bytes(credential.public_key)),
                credential_current_sign_count=credential.uses,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError) as error:
            raise NoPasskey(f"not shown by this key: {error}") from error
        if not self._state.used(credential.id, shown.new_sign_count):
            raise NoPasskey("the key is revoked, or its counter did not rise: it may be a copy")
        return credential

    def _credential(self, answer: Mapping[str, Any]) -> Credential:
        rows = self._state.rows("SELECT * FROM credential WHERE id = :id AND revoked IS NULL", id=str(answer.get("id")))
        if not rows:
            raise NoPasskey("no such key, or it was revoked")
        return Credential(**rows[0])


def _subject_public_key(cose: bytes) -> bytes:
    """A key as passkeys give it, in the form in which signatures name it and any tool reads it (DER)."""
    key = decoded_public_key_to_cryptography(decode_credential_public_key(cose))
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _cose(der: bytes) -> bytes:
    """The way back (RFC 9053): ES256, EdDSA and RS256, which are the kinds that we ask for."""
    key = load_der_public_key(der)
    if isinstance(key, ec.EllipticCurvePublicKey):
        point = key.public_numbers()
        return encode_cbor({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
    if isinstance(key, ed25519.Ed25519PublicKey):
        return encode_cbor({1: 1, 3: -8, -1: 6, -2: key.public_bytes(Encoding.Raw, PublicFormat.Raw)})
    if isinstance(key, rsa.RSAPublicKey):
        modulus = key.public_numbers()
        return encode_cbor({1: 3, 3: -257, -1: _bytes_of(modulus.n), -2: _bytes_of(modulus.e)})
    raise NoPasskey("a key of a kind that passkeys don't have")


def _bytes_of(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _is_passkey(credential: Credential) -> bool:
    try:
        return len(base64url_to_bytes(credential.id)) >= 16
    except ValueError:
        return False


def _as_json(options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(options)
    return found
