"""Addresses that strangers type: what can't be one is refused before anything is made of it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# RFC 5321, 4.1.2: a dot-string. Quoted local parts and literal addresses are legal and refused: nobody has
# one whom we would write to, and they carry what headers and commands must not.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST = 254


def mail_address(text: str) -> str | None:
    """The address with its domain in lower case and ASCII, or None. Other scripts before the '@' are refused:
    not every server on the way could bear them."""
    local, _, domain = text.strip(" ").rpartition("@")
    host = _domain(domain)
    if not _LOCAL.fullmatch(local) or len(local) > 64 or host is None:
        return None
    found = f"{local}@{host}"
    return found if len(found) <= _LONGEST else None


def hook_address(text: str, *, insecure: bool = False) -> str | None:
    """An https address with a host, without user, password or fragment, or None. `insecure`: http as well, and
    any host and port, for tests. Whether the host is in the open internet is found at each connection."""
    bare = text.strip(" ")
    if len(bare) > 2000 or not bare.isascii() or re.search(r"[\x00-\x20\x7f\"<>\\^`{|}]", bare):
        return None
    try:
        parts = urlsplit(bare)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in (("https", "http") if insecure else ("https",)) or parts.fragment or "@" in parts.netloc:
        return None
    named = bool(parts.hostname) and (insecure or (_domain(parts.hostname or "") is not None and port in (None, 443)))
    return bare if named else None


def masked(address: str) -> str:
    """Enough of a mail address for its owner to know it, and for nobody else to learn it."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}" if local else address


def _domain(text: str) -> str | None:
    try:
        ascii_name = text.lower().encode("idna").decode("ascii") if text and not text.isascii() else text.lower()
    except UnicodeError:
        return None
    labels = ascii_name.split(".")
    sound = len(labels) > 1 and len(ascii_name) <= 253 and all(_LABEL.fullmatch(label) for label in labels)
    return ascii_name if sound and not labels[-1].isdecimal() else None
