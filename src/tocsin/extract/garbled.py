"""Letters and marks that a wrong encoding spoilt on their way, mended where they have one reading."""

from __future__ import annotations

import re
from functools import cache

from tocsin.extract.mend import Edit, Mended
from tocsin.rules import Rules

# What the bytes 0x80 to 0xbf look like when UTF-8 is read as Windows-1252: what it leaves open are control signs.
LATER = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xC0))
TWICE = re.compile(f"[\u00c2-\u00df][{re.escape(LATER)}]|[\u00e0-\u00ef][{re.escape(LATER)}]{{2}}")
# With which bytes of UTF-8 each of them begins: a text without these is not searched. One literal is found at once.
PAIR = re.compile(b"\xc3[\x82-\xaf][%s]" % bytes({sign.encode()[0] for sign in LATER}))
LOST = "?\ufffd"  # what stands for a sign that an encoding had not
ASKED = [re.compile(rf"{re.escape(sign)}\w") for sign in LOST]
QUOTED = re.compile(rf"(?<![^\s(])[{LOST}](?=\w)([^{LOST}\n]{{2,400}}[,.!…])[{LOST}](?=\s|$)")


def unscrambled(text: Mended, rules: Rules) -> Mended:
    """The text with letters that were encoded twice, and with quotation marks and apostrophes that became
    question marks, as they were."""
    edits = [*_decoded(text.text), *_marks(text.text, rules)]
    return text.edited(edits) if edits else text


def _decoded(text: str) -> list[Edit]:
    found: list[Edit] = []
    if text.isascii() or not PAIR.search(text.encode("utf-8", "replace")):
        return found
    for match in TWICE.finditer(text):
        sign = _once(match.group())
        if sign:
            found.append(Edit(match.span(), sign, "encoded-twice"))
    return found


def _once(signs: str) -> str | None:
    """The one sign whose bytes in UTF-8 these are."""
    try:
        sign = bytes(_byte(one) for one in signs).decode("utf-8")
    except (UnicodeError, ValueError):
        return None
    return sign if sign.isprintable() or sign.isspace() else None


def _byte(sign: str) -> int:
    return ord(sign) if ord(sign) < 0x100 else sign.encode("cp1252")[0]


def _marks(text: str, rules: Rules) -> list[Edit]:
    found: list[Edit] = []
    if not any(pattern.search(text) for pattern in ASKED):
        return found
    for match in QUOTED.finditer(text):
        start, end = match.span()
        found += [Edit((start, start + 1), "“", "lost-quote"), Edit((end - 1, end), "”", "lost-quote")]
    return found + [Edit(match.span(), "’", "lost-quote") for match in _apostrophe(rules).finditer(text)]


@cache
def _apostrophe(rules: Rules) -> re.Pattern[str]:
    endings = "|".join(map(re.escape, rules.furniture.elided)) or "(?!)"
    return re.compile(rf"(?<=[^\W\d_])[{LOST}](?=(?:{endings})\b)")
