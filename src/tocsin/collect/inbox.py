"""Paths to captures: files, folders, and JSON Lines on standard input.

Nothing is read that is larger than the limits allow, nothing is read twice, and nothing vanishes:
whatever can't become a capture becomes a refusal that says what was expected and what was found.
"""

from __future__ import annotations

import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tocsin.collect import warc
from tocsin.records import Capture, Form, Refusal, digest

Found = tuple[Capture, bytes] | Refusal

STEP = "collect"
MEBIBYTE = 1 << 20
FORMS: dict[str, Form] = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".xml": "feed",
    ".rss": "feed",
    ".atom": "feed",
    ".eml": "mail",
    ".pdf": "pdf",
}
ENDINGS = (*FORMS, ".warc", ".warc.gz", ".jsonl", ".jsonl.gz")
STANDARD_INPUT = "-"
OPENED = (b"{", b"[")  # the first line of JSON that is written over many, and none of JSON Lines


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read. `document`: bytes of one document; `ratio`: how many bytes a packed byte may
    become before it counts as a decompression bomb, once `unpacked_free` bytes are out; `depth`:
    folders inside folders."""

    document: int = 16 * MEBIBYTE
    ratio: int = 200
    unpacked_free: int = 64 * MEBIBYTE
    depth: int = 64


DEFAULT = Limits()


def captures(paths: Sequence[str], stdin: BinaryIO | None = None, *, limits: Limits = DEFAULT) -> Iterator[Found]:
    """The captures below these paths with their bytes, or refusals, in the order given; folders in
    name order. '-' reads JSON Lines from `stdin`. Never raises for what the paths hold."""
    for path in paths:
        if path == STANDARD_INPUT:
            if stdin is None:
                yield _refused(path, "expected JSON Lines on standard input, found none; pipe them in")
            else:
                yield from _lines(stdin, path, limits)
        else:
            yield from _path(path, limits, inside=False, above=())


def _refused(name: str, reason: str) -> Refusal:
    return Refusal(name, STEP, reason)


def _path(path: str, limits: Limits, *, inside: bool, above: tuple[tuple[int, int], ...]) -> Iterator[Found]:
    """What lies at one path. `above` are the folders that lead here, by device and inode."""
    try:
        found = os.stat(path)
        if stat.S_ISDIR(found.st_mode):
            yield from _folder(path, (found.st_dev, found.st_ino), limits, above)
        elif stat.S_ISREG(found.st_mode):
            yield from _file(path, found.st_size, limits, inside=inside)
        else:
            yield _refused(path, "expected a file or a folder, found a device, pipe or socket; leave it out")
    except FileNotFoundError:
        what = "a symbolic link to nothing" if os.path.islink(path) else "nothing"
        yield _refused(path, f"expected a file or a folder, found {what}; check the path")
    except (OSError, ValueError) as error:
        yield _refused(path, f"expected a path that can be read: {_plain(error)}; check it and its permissions")


def _plain(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error)[:120]


def _folder(path: str, own: tuple[int, int], limits: Limits, above: tuple[tuple[int, int], ...]) -> Iterator[Found]:
    if own in above:
        yield _refused(path, "expected a folder, found a symbolic link back to a folder above it; remove the link")
        return
    if len(above) >= limits.depth:
        yield _refused(path, f"expected at most {limits.depth} folders inside each other; give this one by itself")
        return
    for name in sorted(os.listdir(path)):
        if not name.startswith("."):
            yield from _path(os.path.join(path, name), limits, inside=True, above=(*above, own))


def _file(path: str, size: int, limits: Limits, *, inside: bool) -> Iterator[Found]:
    """The documents of one file, by its ending; a file named by the user without one is looked into."""
    ending = _ending(path)
    if ending is None and not inside:
        ending = _sniffed(path)
    if ending is None:
        yield _refused(path, f"expected a file ending in one of {' '.join(ENDINGS)}; rename it or leave it out")
    elif ending.startswith(".warc"):
        yield from _warc(path, limits)
    elif ending.startswith(".jsonl"):
        yield from _json_lines(path, size, ending, limits)
    elif size > limits.document:
        yield _refused(path, _too_large("a document", size, limits))
    else:
        body = Path(path).read_bytes()
        yield _capture(path, FORMS[ending], body), body


def _too_large(what: str, size: int, limits: Limits) -> str:
    limit = limits.document // MEBIBYTE
    return f"expected {what} of at most {limit} MiB, found {size / MEBIBYTE:.0f} MiB; split it or leave it out"


def _ending(path: str) -> str | None:
    low = path.lower()
    return next((ending for ending in sorted(ENDINGS, key=len, reverse=True) if low.endswith(ending)), None)


def _sniffed(path: str) -> str | None:
    """The ending that a file should have, by its first bytes."""
    with open(path, "rb") as file:
        start = file.read(512)
    head = start.lstrip().lower()
    if start.startswith(b"%PDF"):
        return ".pdf"
    if head.startswith(b"{") or (head.startswith(b"[") and head[1:].lstrip().startswith(b"{")):
        return ".jsonl"
    if head.startswith((b"<!doctype html", b"<html")):
        return ".html"
    if head.startswith((b"<?xml", b"<rss", b"<feed")):
        return ".xml"
    return None if b"\0" in start else ".txt"


def _capture(
    name: str, form: Form, body: bytes, *, url: str = "", seen: str | None = None, status: int = 200
) -> Capture:
    return Capture(seen=seen, source="", url=url, status=status, body=digest(body), form=form, input=name)


# ------------------------------------------------------------------ JSON Lines


def _json_lines(path: str, size: int, ending: str, limits: Limits) -> Iterator[Found]:
    if size == 0:
        yield _refused(path, "expected JSON Lines, found an empty file; leave it out")
        return
    with open(path, "rb") as file:
        if not ending.endswith(".gz"):
            yield from _lines(file, path, limits)
            return
        if file.peek(2)[:2] != b"\x1f\x8b":
            yield _refused(path, "expected gzip data in a file ending in .gz, found none; remove the ending .gz")
            return
        packed = io.BufferedReader(_Bounded(gzip.GzipFile(fileobj=file), size, limits), MEBIBYTE)
        yield from _lines(packed, path, limits)


def _lines(file: BinaryIO, name: str, limits: Limits) -> Iterator[Found]:
    """One capture a line; a line that is too long is passed over in pieces, never held. What stands
    before damage in packed data is kept, and the rest is one refusal."""
    n = 0
    empty = True
    while True:
        try:
            line = file.readline(limits.document + 1)
            if not line:
                break
            empty = False
            passed = _pass_over(file, line, limits)
        except (EOFError, OSError, zlib.error) as error:
            yield _refused(
                f"{name}#{n}", f"expected packed lines to the end, found damage ({_plain(error)}); fetch it again"
            )
            return
        if n == 0 and line.strip() in OPENED:
            found = "object" if line.strip() == b"{" else "list"
            yield _refused(name, f"expected one JSON object a line, found one {found} over many lines; write it so")
            return
        if passed:
            yield _refused(f"{name}#{n}", _too_large("a line", passed, limits))
        elif line.strip():
            body = line.strip()
            yield _capture(f"{name}#{n}", "json", body), body
        else:
            continue
        n += 1
    if empty:
        yield _refused(name, "expected JSON Lines, found nothing; write one object a line")


def _pass_over(file: BinaryIO, line: bytes, limits: Limits) -> int:
    """The whole length of a line that is over the limit, having read past it; 0 for one within."""
    if len(line) <= limits.document or line.endswith(b"\n"):
        return 0
    length = len(line)
    while True:
        piece = file.readline(MEBIBYTE)
        length += len(piece)
        if not piece or piece.endswith(b"\n"):
            return length


class _Bounded(io.RawIOBase):
    """Unpacked bytes, as long as they are in proportion to the packed ones."""

    def __init__(self, unpacked: gzip.GzipFile, packed_size: int, limits: Limits) -> None:
        self._unpacked = unpacked
        self._left = max(limits.unpacked_free, packed_size * limits.ratio)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        piece = self._unpacked.read1(len(view))
        self._left -= len(piece)
        if self._left < 0:
            raise OSError("it unpacks to far more than its size: a decompression bomb")
        view[: len(piece)] = piece
        return len(piece)


# ------------------------------------------------------------------ web archives


def _warc(path: str, limits: Limits) -> Iterator[Found]:
    n = 0
    with open(path, "rb") as file:
        for page in warc.pages(file, limits.document, limits.ratio, limits.unpacked_free):
            name = f"{path}#{n}"
            if isinstance(page, str):
                yield _refused(name, page)
            elif not 200 <= page.status < 300:
                yield _refused(name, f"expected a page, found the server's answer {page.status} for {page.url[:200]}")
            else:
                yield Capture(page.seen, "", page.url, page.status, digest(page.body), "html", name), page.body
            n += 1
    if n == 0:
        yield _refused(path, "expected a web archive with HTML responses, found none; leave it out")
