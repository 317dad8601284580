"""Text that may be printed anywhere: reports are written by anybody, and our words quote them."""

from __future__ import annotations

import re
from html.entities import html5

_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITY = re.compile(r"&(#?)(\w+)(;?)")


def plain_text(text: str) -> str:
    """Text that no reader can take for markup, with nothing in it that XML can't bear."""
    bare = _NOT_XML.sub(" ", text).replace("<", "‹").replace(">", "›")
    return _ENTITY.sub(_apart, bare).strip()


def _apart(found: re.Match[str]) -> str:
    """'&' and a space where a reader would see a character reference, with or without its semicolon."""
    taken = found[1] or found[3] or f"{found[2]};" in html5
    return f"& {found[0][1:]}" if taken else found[0]
