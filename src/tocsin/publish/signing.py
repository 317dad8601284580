"""Who must sign a bulletin, and whether a signature holds. Pure.

A person signs the bytes `challenge`: a nonce that is used once, then the 32 bytes of the SHA-256 of the canonical
manifest body. A passkey signs them as WebAuthn does, with the user verified; a key file signs them bare (Ed25519).
Public keys are written as base64url of their SubjectPublicKeyInfo (DER), so that any tool can read them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Collection
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from tocsin.publish.bulletin import CALM, Draft, minutes_later
from tocsin.records import Reason, Signature
from tocsin.rules import Rules
from tocsin.rules.warning import Levels

NONCE_BYTES = 32
_DIGEST_BYTES = 32
_PRESENT, _VERIFIED = 0x01, 0x04  # flags of WebAuthn's authenticator data


# ------------------------------------------------------------------ the policy


def signers_needed(draft: Draft, levels: Levels) -> int:
    """How many people must sign: the quorum for a change, one more for a grave one, one for what can't alarm.

    One is enough for a level that stands and is told again, and for a correction that lowers the alarm, as long
    as no person has changed the words that the machine made for it.
    """
    if levels.quorum <= 1:
        return 1
    if not draft.edits and (_renews(draft) or lowers_by_correction(draft)):
        return 1
    needed = levels.quorum
    if steps(draft) >= levels.third_steps:
        needed = max(needed, levels.quorum + 1)
    if draft.level is not None and draft.level != draft.previous:
        needed = max(needed, levels.level(draft.level).signatures)
    return needed


def steps(draft: Draft) -> int:
    """By how many levels it changes what was told last; from calm, where nothing was. To withdraw is no step."""
    if draft.level is None:
        return 0
    return abs(draft.level - (CALM if draft.previous is None else draft.previous))


def _renews(draft: Draft) -> bool:
    return draft.kind == "update" and draft.level == draft.previous and draft.overruled is None


def lowers_by_correction(draft: Draft) -> bool:
    """A correction to a calmer level, or one that withdraws a level that was an alarm."""
    if draft.corrects is None or draft.previous is None:
        return False
    return draft.level > draft.previous if draft.level is not None else draft.previous < CALM


def unsigned(draft: Draft, levels: Levels, revoked: Collection[str]) -> tuple[Reason, ...]:
    """Who is still missing, in words. `revoked`: public keys that count no longer."""
    needed = signers_needed(draft, levels)
    signers = {one.signer for one in draft.valid if one.key not in revoked}
    left = needed - len(signers)
    if left <= 0:
        return ()
    third = needed > levels.quorum > 1 and left == 1 and len(signers) == levels.quorum
    why = f"a change of {steps(draft)} levels, or to level {draft.level}, asks for {needed}" if third else ""
    text = f"{left} more {'person' if left == 1 else 'people'} must sign ({len(signers)} of {needed} did)"
    return (Reason("sign/third" if third else "sign/quorum", f"{text}; {why}" if why else text),)


def cooling_until(draft: Draft, levels: Levels) -> str | None:
    """Until when it can be undone before it goes out; None where it need not wait: every signer waived that, or
    it only lowers the alarm by a correction."""
    if draft.settled is None or lowers_by_correction(draft) or levels.cooling_minutes <= 0:
        return None
    if {one.signer for one in draft.valid} <= set(draft.waived):
        return None
    return minutes_later(draft.settled, levels.cooling_minutes)


def fresh_until(draft: Draft, rules: Rules) -> str:
    """Until when the text may be published: one that waited longer tells of another hour."""
    latest = minutes_later(draft.issued, rules.levels.sign_within_minutes)
    return latest if draft.expires is None else min(latest, draft.expires)


# ------------------------------------------------------------------ whether a signature holds


def challenge_of(nonce: bytes, digest: str) -> bytes:
    """What a person signs: the nonce, then the bytes of the digest ('sha256:…')."""
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"expected a nonce of {NONCE_BYTES} bytes, found {len(nonce)}")
    return nonce + bytes.fromhex(digest.removeprefix("sha256:"))


def signature_fault(signature: Signature, challenge: bytes | None = None) -> str | None:
    """What is wrong with a signature, or None. Without a challenge (a stranger was not there when it was made) the
    one that it carries must end in the digest that it is about."""
    try:
        told = challenge_in(signature)
        key: Any = load_der_public_key(unbase64(signature.key))
        if challenge is not None and told != challenge:
            return "it answers another challenge than the one that was asked"
        if told[-_DIGEST_BYTES:].hex() != signature.digest.removeprefix("sha256:"):
            return "its challenge is about another text"
        return _passkey_fault(signature, key) if signature.kind == "passkey" else _key_fault(signature, key, told)
    except (KeyError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        return f"it can't be read: {error!r}"
    except InvalidSignature:
        return "the key did not sign this"


def challenge_in(signature: Signature) -> bytes:
    """The bytes that a signature answers. Raises KeyError, ValueError or TypeError where it holds none."""
    proof = signature.proof
    if signature.kind == "passkey":
        return unbase64(json.loads(unbase64(proof["client_data"]))["challenge"])
    return unbase64(proof["challenge"])


def _key_fault(signature: Signature, key: Any, challenge: bytes) -> str | None:
    if not isinstance(key, ed25519.Ed25519PublicKey):
        return "expected an Ed25519 key"
    key.verify(unbase64(signature.proof["signature"]), challenge)
    return None


def _passkey_fault(signature: Signature, key: Any) -> str | None:
    """WebAuthn level 2, section 7.2, steps 11 to 20, but for the address: whoever serves the desk checks that."""
    client_data = unbase64(signature.proof["client_data"])
    authenticator = unbase64(signature.proof["authenticator_data"])
    if json.loads(client_data).get("type") != "webauthn.get":
        return "expected an assertion (webauthn.get)"
    if len(authenticator) < 37 or not authenticator[32] & _PRESENT or not authenticator[32] & _VERIFIED:
        return "the authenticator did not verify the person"
    _verify(key, unbase64(signature.proof["signature"]), authenticator + hashlib.sha256(client_data).digest())
    return None


def _verify(key: Any, signature: bytes, data: bytes) -> None:
    """Raises InvalidSignature. The algorithms are WebAuthn's usual three: ES256, EdDSA, RS256."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, data, ec.ECDSA(SHA256()))
    elif isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signature, data)
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, data, padding.PKCS1v15(), SHA256())
    else:
        raise TypeError(f"a key of the kind {type(key).__name__} can't sign here")


def public_key(raw: bytes) -> str:
    """An Ed25519 public key of 32 bytes as signatures and credentials name it."""
    key = ed25519.Ed25519PublicKey.from_public_bytes(raw)
    return base64url(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unbase64(text: str) -> bytes:
    """Raises ValueError for what is no base64url."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(f"no base64url: {error}") from None
