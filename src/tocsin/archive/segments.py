"""Bodies in WARC 1.1 segments: one gzip member per record, one record per body, named by digest.

Any web-archive tool opens them. Each gzip member carries an extra field 'TC' with the length and the
CRC-32 of its compressed bytes, which other tools skip: so a segment is scanned without unpacking it, and
no bit of it can change unnoticed. The index beside a segment ('.idx') is a cache: deleting it costs a scan.
"""

from __future__ import annotations

import mmap
import re
import struct
import uuid
import zlib
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tocsin.archive.files import Files
from tocsin.records import digest

SEGMENT_BYTES = 128 * 1024 * 1024
_GZIP = b"\x1f\x8b\x08\x04\x00\x00\x00\x00\x00\xff"
_EXTRA = struct.Struct("<H2sHII")
_MARK = _GZIP + _EXTRA.pack(_EXTRA.size - 2, b"TC", 8, 0, 0)[:-8]
_HEAD = len(_GZIP) + _EXTRA.size
_TAIL = 8
_DEFLATE_LEVEL = 6
_LONGEST_HEADER = 64 * 1024
_NAME = re.compile(r"sha256:[0-9a-f]{64}")
_URI_SAFE = "!#$%&'()*+,/:;=?@[]~-._"


class DamagedSegment(Exception):
    """Bytes of a segment that are no whole record; `byte` is where."""

    def __init__(self, byte: int, problem: str) -> None:
        self.byte, self.problem = byte, problem
        super().__init__(f"byte {byte}: {problem}")


@dataclass(frozen=True, slots=True)
class Held:
    """Where a body lies: segment, offset and length of its gzip member; length 0 where it was withdrawn."""

    segment: str
    offset: int
    length: int

    @property
    def withdrawn(self) -> bool:
        return self.length == 0


# ------------------------------------------------------------------ records and members (pure)


def warc_record(kind: str, date: str, block: bytes, headers: dict[str, str]) -> bytes:
    """One WARC 1.1 record. Its ID follows from its content, so that the same input gives the same bytes."""
    block_digest = digest(block)
    name = "\n".join([kind, date, block_digest, *headers.values()])
    lines = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>",
        "WARC-Date": date,
        **headers,
        "WARC-Block-Digest": block_digest,
        "Content-Length": str(len(block)),
    }
    head = "WARC/1.1\r\n" + "".join(f"{key}: {value}\r\n" for key, value in lines.items()) + "\r\n"
    return head.encode() + block + b"\r\n\r\n"


def body_record(body: bytes, name: str, url: str, date: str, content_type: str) -> bytes:
    """A `resource` record: the bytes as they came, under their address or, without one, their digest."""
    uri = quote(url, safe=_URI_SAFE) if "://" in url else f"urn:{name}"
    headers = {"WARC-Target-URI": uri, "Content-Type": content_type, "WARC-Payload-Digest": name}
    return warc_record("resource", date, body, headers)


def withdrawn_record(name: str, reason: str, date: str) -> bytes:
    """What stands in the place of a withdrawn body."""
    told = " ".join(reason.split())
    block = f"withdrawn: {name}\r\nreason: {told}\r\n".encode()
    headers = {
        "WARC-Target-URI": f"urn:{name}",
        "Content-Type": "application/warc-fields",
        "Tocsin-Withdrawn": name,
    }
    return warc_record("metadata", date, block, headers)


def segment_head(name: str, date: str) -> bytes:
    block = b"software: tocsin\r\nformat: WARC file version 1.1\r\n"
    return warc_record("warcinfo", date, block, {"WARC-Filename": name, "Content-Type": "application/warc-fields"})


def pack_member(record: bytes) -> bytes:
    """One gzip member with no time in it, so that the same record gives the same bytes."""
    squeeze = zlib.compressobj(_DEFLATE_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated = squeeze.compress(record) + squeeze.flush()
    extra = _EXTRA.pack(_EXTRA.size - 2, b"TC", 8, len(deflated), zlib.crc32(deflated))
    return _GZIP + extra + deflated + struct.pack("<II", zlib.crc32(record), len(record) & 0xFFFFFFFF)


def member_length(data: bytes | mmap.mmap, at: int) -> int:
    """The length of the whole member at byte `at`; raises DamagedSegment where there is none."""
    head = data[at : at + _HEAD]
    shared = min(len(head), len(_MARK))
    if head[:shared] != _MARK[:shared]:
        wrong = next(i for i in range(shared) if head[i] != _MARK[i])
        raise DamagedSegment(at + wrong, "no gzip member as this archive writes them")
    if len(head) < _HEAD:
        raise DamagedSegment(at, "the file ends inside a record")
    length = _HEAD + int(_EXTRA.unpack(head[len(_GZIP) :])[3]) + _TAIL
    if at + length > len(data):
        raise DamagedSegment(at, f"the file ends inside a record of {length} bytes")
    return length


def unpack_member(member: bytes, at: int = 0) -> tuple[dict[str, str], bytes]:
    """Headers and block of one member. Raises DamagedSegment (bytes counted from `at`) if a bit is wrong."""
    deflated = member[_HEAD:-_TAIL]
    if zlib.crc32(deflated) != _EXTRA.unpack(member[len(_GZIP) : _HEAD])[4]:
        raise DamagedSegment(at, f"the {len(member)} bytes of this record are not those that were written")
    try:
        record = zlib.decompress(deflated, -zlib.MAX_WBITS)
    except zlib.error as error:
        raise DamagedSegment(at + _HEAD, str(error)) from None
    if member[-_TAIL:] != struct.pack("<II", zlib.crc32(record), len(record) & 0xFFFFFFFF):
        raise DamagedSegment(at + len(member) - _TAIL, "the record's checksum or length is wrong")
    headers, start = _parse_headers(record, at)
    return headers, record[start : start + int(headers.get("Content-Length", "0"))]


def member_headers(data: bytes | mmap.mmap, at: int, length: int) -> dict[str, str]:
    """The WARC headers of the member at `at`, without unpacking its block."""
    try:
        deflated = data[at + _HEAD : at + min(length - _TAIL, _HEAD + _LONGEST_HEADER)]
        record = zlib.decompressobj(-zlib.MAX_WBITS).decompress(deflated, _LONGEST_HEADER)
    except zlib.error as error:
        raise DamagedSegment(at + _HEAD, str(error)) from None
    return _parse_headers(record, at)[0]


def _parse_headers(record: bytes, at: int) -> tuple[dict[str, str], int]:
    head, mark, _ = record.partition(b"\r\n\r\n")
    lines = head.decode("utf-8", "replace").split("\r\n")
    if not mark or lines[0] != "WARC/1.1":
        raise DamagedSegment(at, "not a WARC 1.1 record")
    return dict(line.split(": ", 1) for line in lines[1:] if ": " in line), len(head) + 4


@dataclass(frozen=True, slots=True)
class Found:
    """One body found by scanning, and the member that follows: `end` is where the next one starts."""

    name: str | None
    offset: int
    length: int
    withdrawn: bool
    end: int


def scan(data: bytes | mmap.mmap, start: int = 0) -> Iterator[Found | DamagedSegment]:
    """Every member from byte `start` on. Where bytes are no whole record, they are passed over to the next."""
    at = start
    while 0 <= at < len(data):
        try:
            length = member_length(data, at)
            headers = member_headers(data, at, length)
        except DamagedSegment as damage:
            yield damage
            at = data.find(_MARK, at + 1)
            continue
        gone = headers.get("Tocsin-Withdrawn")
        named = gone or (headers.get("WARC-Payload-Digest", "") if headers.get("WARC-Type") == "resource" else "")
        name = named if _NAME.fullmatch(named) else None
        yield Found(name, at, length, gone is not None, at + length)
        at += length


# ------------------------------------------------------------------ the index of one segment


class SegmentIndex:
    """digest -> place for one segment: sorted rows from the cache file, and what was added since."""

    MAGIC = b"TCIDX1\n\x00"
    ROW = struct.Struct(">32sQQ")

    def __init__(self, path: Path, cached: bool = True) -> None:
        self.path = path
        self._rows = b""
        self.covered = 0
        self._fresh: dict[bytes, tuple[int, int]] = {}
        if cached:
            self._load()
        self._scan()

    @property
    def name(self) -> str:
        return self.path.name

    def get(self, name: str) -> Held | None:
        raw = bytes.fromhex(name.removeprefix("sha256:"))
        place = self._fresh.get(raw) or self._search(raw)
        return Held(self.name, *place) if place else None

    def add(self, name: str, offset: int, length: int, end: int) -> None:
        self._fresh[bytes.fromhex(name.removeprefix("sha256:"))] = (offset, length)
        self.covered = end

    def names(self) -> Iterator[str]:
        for raw, _, _ in self.ROW.iter_unpack(self._rows):
            if raw not in self._fresh:
                yield f"sha256:{raw.hex()}"
        for raw in self._fresh:
            yield f"sha256:{raw.hex()}"

    def save(self) -> None:
        """Write the cache. Not made durable: a torn one fails its checksum and is not used."""
        if not self._fresh:
            return
        merged = {raw: (offset, length) for raw, offset, length in self.ROW.iter_unpack(self._rows)} | self._fresh
        rows = b"".join(self.ROW.pack(raw, *merged[raw]) for raw in sorted(merged))
        fresh = _index_path(self.path).with_suffix(".new")
        fresh.write_bytes(self.MAGIC + struct.pack(">QI", self.covered, zlib.crc32(rows)) + rows)
        fresh.replace(_index_path(self.path))
        self._rows, self._fresh = rows, {}

    def _search(self, raw: bytes) -> tuple[int, int] | None:
        size = self.ROW.size
        at = bisect_left(range(len(self._rows) // size), raw, key=lambda i: self._rows[i * size : i * size + 32])
        row = self._rows[at * size : (at + 1) * size]
        return (int.from_bytes(row[32:40], "big"), int.from_bytes(row[40:48], "big")) if row[:32] == raw else None

    def _load(self) -> None:
        try:
            data = _index_path(self.path).read_bytes()
        except FileNotFoundError:
            return
        start = len(self.MAGIC) + 12
        if len(data) < start or not data.startswith(self.MAGIC):
            return
        covered, crc = struct.unpack(">QI", data[len(self.MAGIC) : start])
        if zlib.crc32(data[start:]) == crc and covered <= self.path.stat().st_size:
            self._rows, self.covered = data[start:], covered

    def _scan(self) -> None:
        """Take in what the cache does not cover. What is damaged is passed over here and told by `check`."""
        size = self.path.stat().st_size
        if self.covered >= size:
            return
        with open(self.path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            for found in scan(data, self.covered):
                if isinstance(found, DamagedSegment):
                    continue
                if found.name:
                    self.add(found.name, found.offset, 0 if found.withdrawn else found.length, found.end)
                self.covered = found.end


def _index_path(segment: Path) -> Path:
    return segment.parent / (segment.name.removesuffix(".warc.gz") + ".idx")


# ------------------------------------------------------------------ all segments of an archive


class Segments:
    """The bodies of one archive. One writer at a time: the caller holds the lock."""

    def __init__(self, folder: Path, files: Files | None = None, segment_bytes: int = SEGMENT_BYTES) -> None:
        self.folder, self._files, self._segment_bytes = folder, files or Files(), segment_bytes
        self._indexes: list[SegmentIndex] = []
        self.reload()

    def reload(self, cached: bool = True) -> None:
        self._indexes = [SegmentIndex(path, cached) for path in sorted(self.folder.glob("*.warc.gz"))]

    def find(self, name: str) -> Held | None:
        """Where the body with this digest lies, newest segment first."""
        if not _NAME.fullmatch(name):
            return None
        return next((held for index in reversed(self._indexes) if (held := index.get(name))), None)

    def read(self, held: Held) -> bytes:
        """The bytes at a place. Raises DamagedSegment where they are not a whole record."""
        with open(self.folder / held.segment, "rb") as file:
            file.seek(held.offset)
            member = file.read(held.length)
        if len(member) < held.length or member_length(member, 0) != held.length:
            raise DamagedSegment(held.offset, "no record where the index has one")
        return unpack_member(member, held.offset)[1]

    def put(self, bodies: dict[str, bytes]) -> None:
        """Append records (digest -> WARC record) and make them durable; new segments as sizes ask."""
        waiting = deque((name, pack_member(record)) for name, record in bodies.items())
        while waiting:
            index = self._current(bodies[waiting[0][0]])
            batch: list[bytes] = []
            at = index.covered
            while waiting and at < self._segment_bytes:
                name, member = waiting.popleft()
                index.add(name, at, len(member), at + len(member))
                batch.append(member)
                at += len(member)
            self._files.append(index.path, b"".join(batch))
            self._files.sync(index.path)

    def _current(self, record: bytes) -> SegmentIndex:
        """The segment that takes the next record; a new one starts with its own warcinfo."""
        if self._indexes and self._indexes[-1].covered < self._segment_bytes:
            return self._indexes[-1]
        if self._indexes:
            self._indexes[-1].save()
        name = f"tocsin-{len(self._indexes):06d}.warc.gz"
        date = _parse_headers(record, 0)[0]["WARC-Date"]
        path = self.folder / name
        self._files.write(path, pack_member(segment_head(name, date)))
        self._files.sync(path)
        self._files.sync_folder(self.folder)
        self._indexes.append(SegmentIndex(path, cached=False))
        return self._indexes[-1]

    def torn_tail(self) -> tuple[Path, int, int] | None:
        """Bytes after the last whole record of the last segment: (path, first byte, how many)."""
        if not self._indexes:
            return None
        index = self._indexes[-1]
        count = index.path.stat().st_size - index.covered
        return (index.path, index.covered, count) if count else None

    def cut_tail(self) -> None:
        """Remove those bytes. Only when every acknowledged body is known to be held."""
        if tail := self.torn_tail():
            path, byte, _ = tail
            self._files.truncate(path, byte)
            self._files.sync(path)
            self.reload()

    def sync_last(self) -> None:
        """Bodies that a crash left without an entry may be used again: make them durable first."""
        if self._indexes:
            self._files.sync(self._indexes[-1].path)
            self._files.sync_folder(self.folder)

    def erase(self, name: str, reason: str, date: str) -> None:
        """Rewrite the segment that holds the body, with a note in its place; all at once or not at all."""
        for index in list(self._indexes):
            held = index.get(name)
            if held is None or held.withdrawn:
                continue
            self._rewrite(index.path, held, pack_member(withdrawn_record(name, reason, date)))
        self.reload()

    def _rewrite(self, path: Path, held: Held, replacement: bytes) -> None:
        data = path.read_bytes()
        fresh = path.with_suffix(".new")
        self._files.write(fresh, data[: held.offset] + replacement + data[held.offset + held.length :])
        self._files.sync(fresh)
        self._files.remove(_index_path(path))
        self._files.rename(fresh, path)
        self._files.sync_folder(self.folder)

    def save(self) -> None:
        for index in self._indexes:
            index.save()
