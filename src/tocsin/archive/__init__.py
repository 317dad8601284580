"""What we saw: an append-only log of entries (C2SP tlog-tiles) and their bytes (WARC 1.1 segments).

    <home>/keys/archive.key, archive.vkey      secret and public key of the log
    <home>/archive/checkpoint                  signed note: how many entries, under which root
    <home>/archive/tile/…, tile/entries/…      hashes and entries, 256 to a file
    <home>/archive/warc/tocsin-NNNNNN.warc.gz  bodies, one record each, named by digest
    <home>/archive/lock                        held by the one writer

An append is acknowledged when bodies, entry bundles, hash tiles and the checkpoint are durable, in that
order; what a crash leaves beyond the last checkpoint is ignored by readers and replaced by the next
append. `seen` never goes back, since as-of is a position and a time names one only if times are in order;
with one exception: the rules adopted before there was any evidence may be newer than that evidence, so
that history can be imported into a new home.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from tocsin.archive.checking import Fault, check
from tocsin.archive.entries import body_of, check_time, decode_entry, encode_entry, seen_of
from tocsin.archive.files import Files
from tocsin.archive.log import LogError, TileLog
from tocsin.archive.note import NoteError, Signer, Verifier
from tocsin.archive.segments import SEGMENT_BYTES, DamagedSegment, Segments, body_record
from tocsin.records import Adopted, Capture, Entry, Withdrawn, digest

__all__ = [
    "Archive",
    "ArchiveError",
    "Busy",
    "Fault",
    "MissingBody",
    "Unacceptable",
    "check",
    "decode_entry",
    "encode_entry",
]

_DIGEST_LENGTH = len(digest(b""))
_AGAIN = "open it again to see what was kept"
BATCH_ENTRIES = 16_384
BATCH_BYTES = 64 * 1024 * 1024
_CONTENT_TYPES = {
    "text": "text/plain",
    "html": "text/html",
    "feed": "application/xml",
    "json": "application/json",
    "mail": "message/rfc822",
    "pdf": "application/pdf",
}


class ArchiveError(Exception):
    """The archive can't do this; the message says what was expected, what was found, what to run."""


class Busy(ArchiveError):
    """Another process is writing; `holder` is its process id, or None where it can't be told."""

    def __init__(self, folder: Path, holder: int | None) -> None:
        self.holder = holder
        who = f"process {holder}" if holder else "another process"
        super().__init__(f"{folder}: {who} is writing to this archive; wait for it or stop it")


class Unacceptable(ArchiveError):
    """An entry that must not be appended; nothing of its batch was written."""


class MissingBody(ArchiveError, KeyError):
    """The bytes with this digest can't be had. `withdrawn` tells erased on purpose from not there."""

    def __init__(self, name: str, withdrawn: bool) -> None:
        self.name, self.withdrawn = name, withdrawn
        reason = "its bytes were withdrawn" if withdrawn else "no segment holds it; run `tocsin check`"
        self._message = f"body {name}: {reason}"
        super().__init__(self._message)

    def __str__(self) -> str:  # KeyError's own would put it in quotes
        return self._message


class Archive:
    """One archive, open for reading, or for writing by one process at a time.

    A reader sees the archive as of its opening (or `reload`) and never waits.
    """

    def __init__(self, home: Path, log: TileLog, segments: Segments, files: Files, lock: IO[str] | None) -> None:
        self.home, self._log, self._segments, self._files, self._lock = home, log, segments, files, lock
        self._failed = False
        self._look()

    def _look(self) -> None:
        """What the entries say of the next one: when the last was seen, and whether there is evidence yet."""
        self._last_seen = seen_of(self._entry(self.size - 1)) if self.size else ""
        self._evidence = self._first_evidence() < self.size

    def _first_evidence(self) -> int:
        """The position of the first entry that is not the adoption of rules; the size where all are."""
        return next((position for position, entry in self.entries() if not isinstance(entry, Adopted)), self.size)

    # -------------------------------------------------------------- opening

    @classmethod
    def create(
        cls, home: Path | str, origin: str, now: str, *, files: Files | None = None, segment_bytes: int = SEGMENT_BYTES
    ) -> Archive:
        """Make an empty archive with a new key and open it for writing.

        `origin` names the log for good ('example.org/tocsin'). Refuses where one exists already; a making
        that was cut short is taken up again with the key it left. `now` must be a time; an empty archive
        keeps none. Raises ValueError where it is not.
        """
        check_time(now)
        home, files = Path(home), files or Files()
        folder = home / "archive"
        if (folder / "checkpoint").exists():
            raise ArchiveError(f"{folder} holds an archive already")
        home.mkdir(parents=True, exist_ok=True)
        for path in (home / "keys", folder, folder / "warc", folder / "tile"):
            files.make_folder(path)
        with _take_lock(folder):
            try:
                signer = _make_key(home / "keys", origin, files)
            except NoteError as error:
                raise ArchiveError(f"{home / 'keys'}: {error}") from error
            for path in (folder, home):
                files.sync_folder(path)
            TileLog.create(folder, signer, files)
        return cls.open(home, write=True, files=files, segment_bytes=segment_bytes)

    @classmethod
    def open(
        cls, home: Path | str, write: bool = False, *, files: Files | None = None, segment_bytes: int = SEGMENT_BYTES
    ) -> Archive:
        """Open an archive. For writing this is also the recovery from any crash.

        Raises Busy where somebody else writes, ArchiveError where it can't be read or must not be built on.
        """
        home, files = Path(home), files or Files()
        folder = home / "archive"
        if not (folder / "checkpoint").exists():
            raise ArchiveError(f"{home} holds no archive; run `tocsin init --home {home}`")
        lock = _take_lock(folder) if write else None
        try:
            signer = Signer.parse((home / "keys" / "archive.key").read_text()) if write else None
            log = TileLog(folder, read_vkey(home), signer, files)
            segments = Segments(folder / "warc", files, segment_bytes)
            archive = cls(home, log, segments, files, lock)
            if write:
                archive._recover()
        except BaseException as error:
            if lock:
                lock.close()
            if isinstance(error, LogError | NoteError | OSError):
                raise ArchiveError(str(error)) from error
            raise
        return archive

    def close(self) -> None:
        if self._lock:
            if not self._failed:
                self._segments.save()
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def reload(self) -> None:
        """Readers: see what was appended since."""
        self._log.reload()
        self._segments.reload()
        self._look()

    def _recover(self) -> None:
        self._log.recover()
        if tail := self._segments.torn_tail():
            path, byte, count = tail
            if name := self._first_missing_body():
                raise ArchiveError(
                    f"{path}: byte {byte}: {count} bytes can't be read and body {name} is missing; run `tocsin check`"
                )
            self._segments.cut_tail()
        self._segments.sync_last()
        self._take_up_withdrawal()

    def _first_missing_body(self) -> str | None:
        names = (body_of(entry) for _, entry in self.entries())
        return next((name for name in names if name and self._segments.find(name) is None), None)

    # -------------------------------------------------------------- reading

    @property
    def size(self) -> int:
        """How many entries are acknowledged."""
        return self._log.size

    @property
    def checkpoint(self) -> bytes:
        """The signed note over these entries."""
        return self._log.checkpoint

    @property
    def last_seen(self) -> str:
        """When the last entry was seen; '' in an empty archive. The next may not be earlier (see above)."""
        return self._last_seen

    @property
    def log(self) -> TileLog:
        """The entries as a log, for proofs."""
        return self._log

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[tuple[int, Entry]]:
        """(position, entry) of [start, end). Raises ArchiveError naming the position that can't be read."""
        try:
            for position, data in enumerate(self._log.entries(start, end), start):
                yield position, self._decode(position, data)
        except LogError as error:
            raise ArchiveError(str(error)) from error

    def body(self, name: str) -> bytes:
        """The bytes with this digest, verified. Raises MissingBody where they were withdrawn or are not there."""
        for cached in (True, False):
            if not cached:
                self._segments.reload(cached=False)
            held = self._segments.find(name)
            if held and held.withdrawn:
                raise MissingBody(name, withdrawn=True)
            try:
                if held and digest(data := self._segments.read(held)) == name:
                    return data
            except (DamagedSegment, OSError):
                continue  # the index may be older than the segment
        if held:
            raise ArchiveError(f"{held.segment}: byte {held.offset}: body {name} is damaged; run `tocsin check`")
        raise MissingBody(name, withdrawn=False)

    def locate(self, name: str) -> str | None:
        """Where the bytes with this digest lie: 'archive/warc/<segment>#<byte>', 'withdrawn', or None."""
        held = self._segments.find(name)
        if held is None:
            return None
        return "withdrawn" if held.withdrawn else f"archive/warc/{held.segment}#{held.offset}"

    def as_of(self, time: str) -> int:
        """The position up to which entries were seen by then, as `end` for `entries`. A date means its end."""
        try:
            limit = check_time(f"{time}T23:59:59Z" if len(time) == 10 else time)
        except ValueError as error:
            raise ArchiveError(str(error)) from None
        first = self._first_evidence()
        return self._as_of(limit, first, self.size) or self._as_of(limit, 0, first)

    def _as_of(self, limit: str, low: int, high: int) -> int:
        """The end of the entries of [low, high) that were seen by then; 0 where none was."""
        start = low
        while low < high:
            middle = (low + high) // 2
            if seen_of(self._entry(middle)) <= limit:
                low = middle + 1
            else:
                high = middle
        return low if low > start else 0

    def _entry(self, position: int) -> Entry:
        return next(self.entries(position, position + 1))[1]

    def _decode(self, position: int, data: bytes) -> Entry:
        try:
            return decode_entry(data)
        except ValueError as error:
            raise ArchiveError(f"entry {position} can't be read: {error}") from error

    # -------------------------------------------------------------- writing

    def append(self, items: Iterable[tuple[Entry, bytes | None]]) -> range:
        """Append entries, each with its bytes or None, and return their positions once they are durable.

        Works in batches of 16,384 entries or 64 MiB, each kept whole or not at all; up to one batch an
        append is atomic. Bytes already held, or withdrawn, are not stored again. Raises Unacceptable,
        before its batch is written, for an entry over 65,535 bytes, without `seen`, seen before its
        predecessor, or whose bytes do not have the digest it names or are nowhere.
        """
        start = self.size
        for batch in _batches(items):
            self._append(batch)
        return range(start, self.size)

    def _append(self, batch: list[tuple[Entry, bytes | None]]) -> None:
        encoded: list[bytes] = []
        bodies: dict[str, bytes] = {}
        last, evidence = self._last_seen, self._evidence
        for offset, (entry, body) in enumerate(batch):
            floor = last if evidence or isinstance(entry, Adopted) else ""
            encoded.append(_accept(entry, self.size + offset, floor))
            last, evidence = seen_of(entry), evidence or not isinstance(entry, Adopted)
            if record := self._new_record(entry, body, bodies):
                bodies[record[0]] = record[1]
        with self._writing():
            self._segments.put(bodies)
            self._log.append(encoded)
        self._last_seen, self._evidence = last, evidence

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """While this is left by a failure, what is on disk is known only by opening again: write no more."""
        if self._lock is None:
            raise ArchiveError(f"{self.home} is open for reading only")
        if self._failed:
            raise ArchiveError(f"{self.home}: an earlier write failed; {_AGAIN}")
        self._failed = True
        try:
            yield
        except (OSError, LogError) as error:
            raise ArchiveError(f"{self.home}: a write failed ({error}); {_AGAIN}") from error
        self._failed = False

    def _new_record(self, entry: Entry, body: bytes | None, waiting: dict[str, bytes]) -> tuple[str, bytes] | None:
        """(digest, WARC record) of bytes that are not held yet."""
        name = body_of(entry)
        if isinstance(entry, Withdrawn):
            raise Unacceptable("a Withdrawn is written by `withdraw`, which erases the bytes too")
        if name is None:
            if body is not None:
                raise Unacceptable(f"a {type(entry).__name__} carries no bytes")
            return None
        if body is not None and digest(body) != name:
            raise Unacceptable(f"the entry names {name}, its bytes have {digest(body)}")
        if name in waiting or self._segments.find(name):
            return None
        if body is None:
            raise Unacceptable(f"body {name} is not held and its bytes are not given")
        url, form = (entry.url, entry.form) if isinstance(entry, Capture) else ("", "")
        content_type = _CONTENT_TYPES.get(form, "application/octet-stream")
        return name, body_record(body, name, url, seen_of(entry), content_type)

    def withdraw(self, name: str, reason: str, seen: str) -> int:
        """Erase the bytes with this digest; the digest and the entry that says so stay. Returns its position.

        The intent is written first: where a crash comes in between, the next opening for writing finishes it.
        """
        held = self._segments.find(name)
        if held is None or held.withdrawn:
            raise MissingBody(name, withdrawn=held is not None)
        entry = Withdrawn(seen, name, reason)
        encoded = _accept(entry, self.size, self._last_seen)
        with self._writing():
            self._files.write(self._intent, encoded + digest(encoded).encode())
            self._files.sync(self._intent)
            self._files.sync_folder(self._intent.parent)
            self._finish_withdrawal(entry)
        return self.size - 1

    @property
    def _intent(self) -> Path:
        return self.home / "archive" / "withdrawing"

    def _finish_withdrawal(self, entry: Withdrawn) -> None:
        if not self.size or self._entry(self.size - 1) != entry:
            self._log.append([encode_entry(entry)])
        self._segments.erase(entry.body, entry.reason, entry.seen)
        self._files.remove(self._intent)
        self._last_seen, self._evidence = entry.seen, True

    def _take_up_withdrawal(self) -> None:
        try:
            data = self._intent.read_bytes()
        except FileNotFoundError:
            return
        encoded, proof = data[:-_DIGEST_LENGTH], data[-_DIGEST_LENGTH:]
        if digest(encoded).encode() != proof:  # cut short, so nothing was done yet
            self._files.remove(self._intent)
            return
        entry = decode_entry(encoded)
        assert isinstance(entry, Withdrawn)
        self._finish_withdrawal(entry)


def read_vkey(home: Path) -> Verifier:
    return Verifier.parse((home / "keys" / "archive.vkey").read_text())


def _batches(items: Iterable[tuple[Entry, bytes | None]]) -> Iterator[list[tuple[Entry, bytes | None]]]:
    source = iter(items)
    while batch := list(islice(source, 1)):
        size = len(batch[0][1] or b"")
        while len(batch) < BATCH_ENTRIES and size < BATCH_BYTES and (more := next(source, None)):
            batch.append(more)
            size += len(more[1] or b"")
        yield batch


def _accept(entry: Entry, position: int, last: str) -> bytes:
    """The entry's bytes, if it may stand at this position after an entry seen at `last`."""
    seen = seen_of(entry)
    try:
        check_time(seen)
        if seen < last:
            raise ValueError(f"it was seen at {seen}, before its predecessor at {last}")
        return encode_entry(entry)
    except ValueError as error:
        raise Unacceptable(f"entry {position} can't be appended: {error}") from None


def _take_lock(folder: Path) -> IO[str]:
    lock = open(folder / "lock", "a+")  # noqa: SIM115 - held open for as long as this process writes
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip()
        lock.close()
        raise Busy(folder, int(holder) if holder.isdecimal() else None) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def _make_key(folder: Path, origin: str, files: Files) -> Signer:
    """The key of the log; readable by its owner alone, and durable before anything is signed with it."""
    os.chmod(folder, 0o700)
    path = folder / "archive.key"
    if path.exists():
        signer = Signer.parse(path.read_text())
        if signer.name != origin:
            raise NoteError(f"the key found is that of {signer.name!r}, not of {origin!r}")
    else:
        signer = Signer.make(origin)
        fresh = folder / "archive.key.new"
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT, 0o600))
        files.write(fresh, f"{signer.secret}\n".encode())
        files.sync(fresh)
        files.rename(fresh, path)
    files.write(folder / "archive.vkey", f"{signer.verifier.vkey}\n".encode())
    files.sync(folder / "archive.vkey")
    files.sync_folder(folder)
    return signer
