"""Web archives, read so that one damaged record costs one record.

The known libraries stop at damage. Here the file is cut into records first, by gzip members or by
record headers, and reading takes up again at the next one that is whole.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecordType

GZIP_MAGIC = b"\x1f\x8b\x08"
VERSION = b"WARC/1."
RECORD_END = b"\r\n\r\n"
ANOTHER = RECORD_END + VERSION  # the end of a record and the next
PIECE = 1 << 16
LONGEST_HEADER = 1 << 16
LENGTH = re.compile(rb"^content-length:\s*(\d+)", re.IGNORECASE | re.MULTILINE)
HEADER_END = re.compile(rb"\r?\n\r?\n")
HTML_TYPES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Page:
    """One HTML response: its address, when it was fetched (UTC), the server's status, its bytes."""

    url: str
    seen: str | None
    status: int
    body: bytes


def pages(file: BinaryIO, largest: int, ratio: int, free: int) -> Iterator[Page | str]:
    """The HTML responses of a web archive, packed or not; a string is why a record could not be read."""
    start = file.read(3)
    file.seek(0)
    packed = start == GZIP_MAGIC
    if not packed and not start.startswith(VERSION[:3]):
        yield "expected a web archive (WARC 1.x, packed or not), found other data; check the file"
        return
    records = _packed_records(file, largest, ratio, free) if packed else _plain_records(file, largest)
    for record in records:
        for one in _within(record, largest) if packed else (record,):
            page = one if isinstance(one, str) else _page(one)
            if page is not None:
                yield page


def _within(record: bytes | str, largest: int) -> Iterator[bytes | str]:
    """The records of one gzip member: one, or all of an archive that somebody packed as a whole."""
    if isinstance(record, bytes) and ANOTHER in record:
        yield from _plain_records(io.BytesIO(record), largest)
    else:
        yield record


def _page(record: bytes) -> Page | str | None:
    """The page in one whole record; None where the record holds something else."""
    try:
        found = next(iter(ArchiveIterator(io.BytesIO(record), parse_http=True, auto_decode="all")), None)
        if found is None or not record.startswith(VERSION):
            return "expected a WARC record, found other data; fetch the archive again"
        if found.record_type in (WarcRecordType.unknown, WarcRecordType.no_type):
            return "expected a WARC record of a known type, found a damaged header; fetch the archive again"
        if found.record_type != WarcRecordType.response:
            return None
        if found.http_headers is None:
            return "expected the server's answer in a response record, found other data; fetch the archive again"
        if (found.http_content_type or "").lower() not in HTML_TYPES:
            return None
        seen = found.record_date.strftime("%Y-%m-%dT%H:%M:%SZ") if found.record_date else None
        url = (found.headers.get("WARC-Target-URI") or "").strip("<>")
        return Page(url, seen, found.http_headers.status_code or 200, found.reader.read())
    except Exception as error:  # the library raises whatever its C code meets
        return f"expected a WARC record that can be read, found a damaged one ({str(error)[:80]}); fetch it again"


# ------------------------------------------------------------------ records of plain archives


def _plain_records(file: BinaryIO, largest: int) -> Iterator[bytes | str]:
    """Records by their own lengths; after one that does not fit, by the next record header."""
    held = b""
    while True:
        held = _filled(file, held, LONGEST_HEADER)
        held = held.lstrip(b"\r\n")
        if not held:
            return
        end = HEADER_END.search(held)
        length = LENGTH.search(held, 0, end.end()) if end else None
        if not held.startswith(VERSION) or end is None or length is None:
            yield "expected a WARC record header, found other data; the record was passed over"
            held = _next_header(file, held[1:])
            if not held:
                return
            continue
        size = end.end() + int(length[1])
        if size > largest:
            yield f"expected a record of at most {largest >> 20} MiB, found {size >> 20} MiB; it was passed over"
            held = _next_record(file, held[1:])
            continue
        held = _filled(file, held, size + 16)
        if len(held) < size:
            yield "expected a whole WARC record, found the end of the file inside it; fetch the archive again"
            held = _next_record(file, held[1:])
            continue
        tail = held[size : size + 16].lstrip(b"\r\n")
        whole = held.startswith(RECORD_END, size) and ANOTHER not in held[:size]  # then the damage is the next one's
        if tail and not tail.startswith(VERSION[: len(tail)]) and not whole:
            yield "expected the next WARC record where this one says it ends, found other data; it was passed over"
            held = _next_header(file, held[1:])
            continue
        yield held[:size] + b"\r\n\r\n"
        held = held[size:]


def _filled(file: BinaryIO, held: bytes, size: int) -> bytes:
    pieces, have = [held], len(held)
    while have < size:
        piece = file.read(max(PIECE, size - have))
        if not piece:
            break
        pieces.append(piece)
        have += len(piece)
    return b"".join(pieces)


def _next_record(file: BinaryIO, held: bytes) -> bytes:
    """From the header on that follows the end of a record: a length that lies costs its own record alone."""
    return _next_header(file, held, ANOTHER)


def _next_header(file: BinaryIO, held: bytes, start: bytes = VERSION) -> bytes:
    """From the next record header on; b'' where none follows."""
    while True:
        at = held.find(start)
        if at >= 0:
            return held[at:]
        piece = file.read(PIECE)
        if not piece:
            return b""
        held = held[-len(start) :] + piece


# ------------------------------------------------------------------ records of packed archives


def _packed_records(file: BinaryIO, largest: int, ratio: int, free: int) -> Iterator[bytes | str]:
    """One record a gzip member, as the format asks. A damaged member is one refusal; reading takes
    up again at the next start of a member that unpacks."""
    held = b""
    damaged = False
    while True:
        held = _filled(file, held, PIECE)
        if not held:
            return
        at = held.find(GZIP_MAGIC)
        if at != 0:
            if not damaged and held.strip(b"\0"):
                yield "expected a gzip member, found other data; it was passed over"
                damaged = True
            if at < 0:
                more = file.read(PIECE)
                if not more:
                    return
                held = held[-2:] + more
            else:
                held = held[at:]
            continue
        unpacked, rest, problem = _member(file, held, largest, ratio, free)
        if problem is None:
            damaged = False
            held = rest
            yield unpacked
            continue
        if not damaged:
            yield problem
            damaged = True
        held = rest


def _member(file: BinaryIO, held: bytes, largest: int, ratio: int, free: int) -> tuple[bytes, bytes, str | None]:
    """One gzip member unpacked, the bytes after it, and what was wrong with it, if anything was.
    After damage the rest begins at the next byte sequence that may start a member."""
    unpacker = zlib.decompressobj(31)
    pieces: list[bytes] = []
    size = eaten = 0
    piece = held
    while True:
        eaten += len(piece)
        try:
            out = unpacker.decompress(piece, largest + 1 - min(size, largest))
        except zlib.error as error:
            return b"", _resumed(piece if eaten > len(held) else held[3:]), _damage(str(error))
        size += len(out)
        pieces.append(out)
        if size > largest or size > max(free, eaten * ratio):
            rest = _past(file, unpacker)
            return b"", rest, f"expected a record of at most {largest >> 20} MiB, found one that unpacks to more"
        if unpacker.eof:
            return b"".join(pieces), unpacker.unused_data, None
        piece = file.read(PIECE)
        if not piece:
            return b"", b"", _damage("it ends inside a record")


def _damage(what: str) -> str:
    return f"expected a whole packed record, found damage ({what[:80]}); fetch the archive again"


def _past(file: BinaryIO, unpacker: zlib._Decompress) -> bytes:
    """The bytes after a member that is too large, unpacked in pieces that are thrown away."""
    while not unpacker.eof:
        source = unpacker.unconsumed_tail or file.read(PIECE)
        if not source:
            return b""
        try:
            unpacker.decompress(source, 1 << 20)
        except zlib.error:
            return b""
    return unpacker.unused_data


def _resumed(data: bytes) -> bytes:
    at = data.find(GZIP_MAGIC)
    return data[at:] if at >= 0 else data[-2:]
