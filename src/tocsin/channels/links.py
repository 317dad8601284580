"""Links that only their recipient has: an id with a keyed digest, so that nobody can guess or list them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Purpose = Literal["subscription", "bounce"]
_DIGITS = 24  # of base32: 120 bits


@dataclass(frozen=True)
class Links:
    """`address`: where the public reaches the pages about a subscription, ending in '/', or ''."""

    key: bytes
    address: str

    def token(self, purpose: Purpose, subscriber: str) -> str:
        """'<id>-<digest>', lower case, so that a mail server that folds case loses nothing."""
        return f"{subscriber}-{self._digest(purpose, subscriber)}"

    def subscriber(self, purpose: Purpose, token: str) -> str | None:
        """Whose token this is, or None where we never gave it out."""
        subscriber, _, found = token.lower().rpartition("-")
        right = hmac.compare_digest(found.encode("utf-8", "replace"), self._digest(purpose, subscriber).encode())
        return subscriber if right and subscriber else None

    def subscription(self, subscriber: str) -> str:
        """The address of the page where a subscription is confirmed, changed and ended."""
        return f"{self.address}subscription/{self.token('subscription', subscriber)}"

    def blinded(self, text: str) -> str:
        """A name for somebody's address that can be compared and not read."""
        return hmac.new(self.key, f"seen\x1f{text}".encode(), hashlib.sha256).hexdigest()[:32]

    def _digest(self, purpose: str, subscriber: str) -> str:
        found = hmac.new(self.key, f"{purpose}\x1f{subscriber}".encode("utf-8", "replace"), hashlib.sha256).digest()
        return base64.b32encode(found).decode("ascii").lower()[:_DIGITS]


def load_links(keys: Path, address: str) -> Links:
    """The home's own, whose key is made at first use: <home>/keys/links.key, readable by its owner alone."""
    path = keys / "links.key"
    if not path.exists():
        keys.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"links.key.{secrets.token_hex(4)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)  # whoever came first made the key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return Links(bytes.fromhex(path.read_text("ascii").strip()), address and address.rstrip("/") + "/")


def fresh_id() -> str:
    """128 random bits in 26 letters and digits of base32, lower case."""
    return base64.b32encode(secrets.token_bytes(16)).decode("ascii").lower().rstrip("=")
