"""Bytes to characters: declared or not, and never by a guess that the bytes contradict."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Any

from tocsin.extract.language import language_of

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Bytes 0x80-0x9f are letters and signs in Windows code pages and control signs in ISO 8859.
FOREIGN_SHARE = 0.4
CONTROL_SHARE = 0.01
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
CONTROL_BYTES = bytes({*range(32)} - set(b"\t\n\r"))
HALF = re.compile("[\ud800-\udfff]")
NONCHARACTER = b"\xef"  # with which they begin: a single byte is found at once
NONCHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]")  # U+FFFE and U+FFFF, which no XML may hold
CHARSET = re.compile(rb"""<meta[^>]{1,200}?charset\s*=\s*["']?\s*([\w:.-]{2,40})""", re.IGNORECASE)
HEAD = 4096  # bytes in which a page declares its encoding
NO_WORDS = re.compile(rb"(?s)<(script|style)\b.*?(</\1|\Z)|<[^>]*>", re.IGNORECASE)
# What is meant by a declared name where browsers, too, read more than it says.
WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
WESTERN = frozenset(("cp1252", "cp1254", "iso8859-15"))
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


JAPANESE = re.compile(rb"\x1b\$[@B]")  # ISO-2022-JP shifts to its signs by an escape; all its bytes are ASCII
HIRAGANA = re.compile("[\u3041-\u3096]")
KANA_SHARE = 0.15  # of a Japanese text; half of one is usual
LATIN_2 = re.compile(rb"[\xa9\xae\xb1\xb6\xbc\xbe]")  # in words: Š Ž ą ś ź ž of ISO 8859-2
CYRILLIC, TURNED = re.compile("\\b[А-ЯЁ][а-яё]{2}"), re.compile("\\b[а-яё][А-ЯЁ]{2}")
MISTAKEN = {"koi8-r": "cp1251", "koi8-u": "cp1251", "cp1251": "koi8-r"}  # one for the other
WINDOWS = re.compile(rb"[\x80-\x9f]")  # letters in Windows code pages, control signs in ISO 8859
# Which languages write with the letters of another code page than Western Europe's.
LATIN = {
    "windows-1250": ("pl", "cs", "sk", "hu", "sl", "hr", "bs", "ro", "sq"),
    "windows-1254": ("tr", "az"),
    "windows-1257": ("lt", "lv", "et"),
}


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
    if JAPANESE.search(body):
        text = body.decode("iso2022_jp", "replace")
        return Decoded(text, "iso2022_jp", True) if plausible(text) else None
    try:
        text = body.decode("utf-8")
        return Decoded(text, "utf-8", True) if plausible(text) else None
    except UnicodeDecodeError as error:
        if error.start > 0 and error.end >= len(body) - 4 and error.reason == "unexpected end of data":
            return Decoded(body[: error.start].decode("utf-8"), "utf-8", True)
    return _fallback(body)


def markup(body: bytes) -> bytes:
    """The bytes of a page as UTF-8 without signs that no page may hold. What is no UTF-8 is read as the page
    declares, unless its letters contradict."""
    for mark, name in MARKS:
        if body.startswith(mark):
            return _clean(body[len(mark) :].decode(name, "replace").encode("utf-8", "replace"))
    if JAPANESE.search(body):
        return _clean(body.decode("iso2022_jp", "replace").encode("utf-8", "replace"))
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return _clean(_foreign(body).encode("utf-8", "replace"))
    return _clean(body)


def _clean(page: bytes) -> bytes:
    page = page.translate(None, CONTROL_BYTES)
    return NONCHARACTERS.sub(b"", page) if NONCHARACTER in page else page


def _foreign(body: bytes) -> str:
    """A page that is no UTF-8: as it declares, as UTF-8 with a few bytes broken, or by a guess."""
    declared = _declared(body[:HEAD])
    for name in (declared, "utf-8", MISTAKEN.get(declared or "")):
        text = body.decode(name, "replace") if name else ""
        if (
            _mostly(text)
            and not _is_turned(text)
            and not (name in WESTERN and _is_foreign(NO_WORDS.sub(b"", body[:200_000])))
        ):
            return text
    return body.decode(_guessed(body, NO_WORDS.sub(b"", body[:200_000])), "replace")


def _is_turned(page: str) -> bool:
    """Whether Cyrillic words begin small and go on in capitals, as when windows-1251 is read as KOI8-R."""
    return len(TURNED.findall(page)) > len(CYRILLIC.findall(page))


def _guessed(body: bytes, words: bytes) -> str:
    """The encoding that bytes speak for which say nothing of it; `words` are those that stand for words."""
    if not _is_foreign(words):
        return _latin(words)
    for name in ("cp932", "euc_jp"):
        text = words.decode(name, "replace")
        if len(HIRAGANA.findall(text)) > KANA_SHARE * len(text) and _mostly(text):
            return name
    from trafilatura.utils import detect_encoding  # loads longer than it takes, and hardly any page needs it

    return [*detect_encoding(body), "windows-1252"][0]


def _declared(head: bytes) -> str | None:
    """The codec of the encoding that a page declares, or of the wider one that is meant; None where it declares
    none that we know."""
    match = CHARSET.search(head)
    try:
        name = codecs.lookup(match.group(1).decode("ascii", "replace")).name if match else None
    except LookupError:
        return None
    return WIDER.get(name, name) if name and codecs.lookup(name)._is_text_encoding else None


def _mostly(text: str) -> bool:
    """Whether hardly any byte was none of this encoding."""
    return bool(text) and text.count("\ufffd") <= max(2, len(text) // 1000)


def _fallback(body: bytes) -> Decoded | None:
    sample = body[:200_000]
    mostly_utf8 = sample.decode("utf-8", "replace")
    if _mostly(mostly_utf8) and plausible(mostly_utf8):
        return Decoded(body.decode("utf-8", "replace"), "utf-8", False)
    name = _guessed(sample, sample)
    text = body.decode(name, "replace")
    return Decoded(text, name, False) if plausible(text) else None


def _latin(sample: bytes) -> str:
    """The code page of a text in Latin letters: that of its language, which its plain letters tell."""
    language = language_of(sample.decode("windows-1252", "replace"))
    name = next((page for page, languages in LATIN.items() if language in languages), "windows-1252")
    iso = name == "windows-1250" and LATIN_2.search(sample) and not WINDOWS.search(sample)
    return "iso8859_2" if iso else name


def _is_foreign(sample: bytes) -> bool:
    """Whether the letters beyond ASCII outnumber those within, as in a Cyrillic, Greek or Chinese code page."""
    high = sum(byte >= 0x80 for byte in sample)
    low = sum(65 <= byte <= 90 or 97 <= byte <= 122 for byte in sample)
    return high > FOREIGN_SHARE * max(1, high + low)


def plausible(text: str) -> bool:
    """Whether this may be somebody's writing: hardly any control or replacement signs, mostly letters."""
    sample = text[:200_000]
    if not sample.strip():
        return False
    bad = len(CONTROL.findall(sample)) + sample.count("�")
    letters = sum(map(str.isalpha, sample))
    spaces = sum(map(str.isspace, sample))
    return bad <= CONTROL_SHARE * len(sample) and letters >= 0.4 * (len(sample) - spaces)


def writable(value: Any) -> Any:
    """What was read from JSON, with halves of signs replaced: no text can be written with them."""
    if isinstance(value, str):
        return HALF.sub("\ufffd", value)
    if isinstance(value, list):
        return [writable(one) for one in value]
    if isinstance(value, dict):
        return {writable(name): writable(one) for name, one in value.items()}
    return value
