"""The key that signs CAP messages, and its certificate: one of each per home, an exercise has its own.

    <home>/keys/cap.key     secret, EC P-256 in PKCS #8, readable by its owner alone
    <home>/keys/cap.crt     public, self-signed; readers pin it (a self-signed certificate proves no identity)

The certificate has no end (RFC 5280, 4.1.2.5: 99991231235959Z), so that an old message still verifies.
Signing is deterministic (RFC 6979): the same message gives the same bytes in every run.
"""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

_BEGIN = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
_NO_END = datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=datetime.UTC)
_NAME_LIMIT = 64  # characters of a common name (X.520, ub-common-name)


class SealError(Exception):
    """The key or the certificate can't be used; the message says which and why."""


@dataclass(frozen=True)
class Seal:
    """A private key with its certificate. `certificate` is PEM, to be published."""

    key: ec.EllipticCurvePrivateKey
    certificate: bytes

    def sign(self, message: etree._Element) -> etree._Element:
        """The message with an enveloped signature as its last child: ECDSA P-256, SHA-256, exclusive C14N."""
        signer = XMLSigner(
            signature_algorithm=SignatureMethod.ECDSA_SHA256,
            digest_algorithm=DigestAlgorithm.SHA256,
            c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        )
        key: Any = _Deterministic(self.key)
        return signer.sign(message, key=key, cert=self.certificate.decode("ascii"))


class _Deterministic:
    """A key that takes its nonce from the message (RFC 6979) whoever asks it to sign."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key, self.key_size = key, key.key_size

    def sign(self, data: bytes, signature_algorithm: ec.ECDSA) -> bytes:
        return self._key.sign(data, ec.ECDSA(signature_algorithm.algorithm, deterministic_signing=True))


def make_seal(name: str) -> Seal:
    """A new key with a self-signed certificate in this name."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:_NAME_LIMIT])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGIN)
        .not_valid_after(_NO_END)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Seal(key, certificate.public_bytes(serialization.Encoding.PEM))


def load_seal(folder: Path, name: str) -> Seal:
    """The seal kept in this folder, made under this name where there is none. Raises SealError.

    A certificate without its key is never replaced: readers have pinned it. A key without a certificate
    was cut short before anything was signed, and begins anew.
    """
    key_path, certificate_path = folder / "cap.key", folder / "cap.crt"
    if not certificate_path.exists():
        _keep(make_seal(name), key_path, certificate_path)
    try:
        key = serialization.load_pem_private_key(key_path.read_bytes(), password=None)
        certificate = certificate_path.read_bytes()
        public = x509.load_pem_x509_certificate(certificate).public_key()
    except (OSError, ValueError, TypeError) as error:
        raise SealError(f"expected a key at {key_path} and its certificate at {certificate_path}: {error}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or public != key.public_key():
        raise SealError(f"expected at {certificate_path} the certificate of {key_path}, found another's; restore both")
    return Seal(key, certificate)


def _keep(seal: Seal, key_path: Path, certificate_path: Path) -> None:
    """The key before the certificate, each beside its place first; the key is never readable by others."""
    secret = seal.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key_path.parent.mkdir(parents=True, exist_ok=True)
    for path, data, mode in ((key_path, secret, 0o600), (certificate_path, seal.certificate, 0o644)):
        fresh = path.with_name(path.name + ".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
