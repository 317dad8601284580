"""Bytes to characters: declared or not, and never by a guess that the bytes contradict."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Bytes 0x80-0x9f are letters and signs in Windows code pages and control signs in ISO 8859.
CYRILLIC_SHARE = 0.4
CONTROL_SHARE = 0.01
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
MAGIC = (
    (b"%PDF-", "a PDF", "give it the ending .pdf"),
    (b"\x1f\x8b", "gzip data", "unpack it, or give it the ending .warc.gz or .jsonl.gz"),
    (b"PK\x03\x04", "a ZIP archive or office document", "unpack it, or save its text as .txt"),
    (b"\xd0\xcf\x11\xe0", "an old office document", "save its text as .txt"),
    (b"\x89PNG", "a PNG image", "give the page's text"),
    (b"\xff\xd8\xff", "a JPEG image", "give the page's text"),
    (b"GIF8", "a GIF image", "give the page's text"),
    (b"\x7fELF", "a program", "leave it out"),
    (b"{\\rtf", "RTF", "save its text as .txt"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """`text` and the `encoding` that gave it; `declared` is false where it was a fallback."""

    text: str
    encoding: str
    declared: bool


def disguise(body: bytes) -> str | None:
    """What these bytes are, if they are not text, in words; None if nothing speaks against text."""
    for magic, what, advice in MAGIC:
        if body.startswith(magic):
            return f"expected text, found {what}; {advice}"
    return None


def decoded(body: bytes) -> Decoded | None:
    """The bytes as text: by byte order mark, as UTF-8, or as an 8-bit code page where what comes out
    is plausible text. None where it is not text at all."""
    for mark, name in MARKS:
        if body.startswith(mark):
            text = body[len(mark) :].decode(name, "replace")
            return Decoded(text, name, True) if plausible(text) else None
    try:
        text = body.decode("utf-8")
        return Decoded(text, "utf-8", True) if plausible(text) else None
    except UnicodeDecodeError as error:
        if error.start > 0 and error.end >= len(body) - 4 and error.reason == "unexpected end of data":
            return Decoded(body[: error.start].decode("utf-8"), "utf-8", True)
    return _fallback(body)


def _fallback(body: bytes) -> Decoded | None:
    sample = body[:200_000]
    mostly_utf8 = sample.decode("utf-8", "replace")
    if mostly_utf8.count("�") <= max(2, len(mostly_utf8) // 1000) and plausible(mostly_utf8):
        return Decoded(body.decode("utf-8", "replace"), "utf-8", False)
    name = "windows-1251" if _cyrillic(sample) else "windows-1252"
    text = body.decode(name, "replace")
    return Decoded(text, name, False) if plausible(text) else None


def _cyrillic(sample: bytes) -> bool:
    """Whether the letters beyond ASCII outnumber those within, as in a Cyrillic code page."""
    high = sum(byte >= 0xC0 for byte in sample)
    low = sum(65 <= byte <= 90 or 97 <= byte <= 122 for byte in sample)
    return high > CYRILLIC_SHARE * max(1, high + low)


def plausible(text: str) -> bool:
    """Whether this may be somebody's writing: hardly any control or replacement signs, mostly letters."""
    sample = text[:200_000]
    if not sample.strip():
        return False
    bad = len(CONTROL.findall(sample)) + sample.count("�")
    letters = sum(map(str.isalpha, sample))
    spaces = sum(map(str.isspace, sample))
    return bad <= CONTROL_SHARE * len(sample) and letters >= 0.4 * (len(sample) - spaces)
