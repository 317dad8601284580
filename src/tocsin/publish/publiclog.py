"""The public log: every bulletin and every signer's key, in order, for good (C2SP tlog-tiles).

    <home>/keys/log.key, log.vkey     its own key: secret, and public in the form that Go's sumdb reads
    <home>/log/checkpoint, tile/…     the log; the site carries a copy under log/

What is to be in it is decided elsewhere, as a list that only grows; the log takes what it lacks of the list. So
appending may be repeated, and a crash between the two is mended by the next append.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tocsin.archive.files import Files
from tocsin.archive.log import LogError, TileLog
from tocsin.archive.note import NoteError, Signer, Verifier


class PublicLogError(Exception):
    """The public log can't be read or written; the message says what was found and what to do."""


class PublicLog:
    """The log of one home, made at first use under `origin`."""

    def __init__(self, home: Path, origin: str) -> None:
        self.folder, self._keys, self._origin = home / "log", home / "keys", origin

    @property
    def verifier(self) -> Verifier:
        """The public key, to be published. Raises PublicLogError where the log was never made."""
        try:
            return Verifier.parse((self._keys / "log.vkey").read_text("utf-8"))
        except (OSError, NoteError) as error:
            raise PublicLogError(f"the public log has no key: {error}") from error

    def read(self) -> TileLog | None:
        """The log for reading; None where nothing was published yet."""
        if not (self.folder / "checkpoint").exists():
            return None
        try:
            return TileLog(self.folder, self.verifier)
        except LogError as error:
            raise PublicLogError(str(error)) from error

    @property
    def size(self) -> int:
        log = self.read()
        return log.size if log else 0

    def bring_up(self, wanted: Callable[[int], Sequence[bytes]]) -> int:
        """Append what the log lacks: `wanted(n)` gives the list from its n-th entry on. Returns the log's size.

        Raises PublicLogError where the log's last entry is not what the list has there: one of the two was
        restored from an older copy, and to go on would fork what strangers have seen.
        """
        with self._lock():
            log = self._open()
            first = max(log.size - 1, 0)
            known = wanted(first)
            try:
                self._check(known, log)
                log.append(known[log.size - first :])
            except LogError as error:
                raise PublicLogError(str(error)) from error
            return log.size

    def _check(self, known: Sequence[bytes], log: TileLog) -> None:
        if log.size and list(known[:1]) != list(log.entries(log.size - 1)):
            raise PublicLogError(
                f"{self.folder}: its entry {log.size - 1} is not what the state has there; was one of the two restored "
                "from an older copy? See docs/operate.md, `tocsin restore --log`"
            )

    def _open(self) -> TileLog:
        """For writing, which is also the recovery from any crash."""
        files = Files()
        try:
            signer = self._signer(files)
            if not (self.folder / "checkpoint").exists():
                (self.folder / "tile").mkdir(parents=True, exist_ok=True)
                return TileLog.create(self.folder, signer, files)
            log = TileLog(self.folder, signer.verifier, signer, files)
            log.recover()
        except (LogError, NoteError, OSError) as error:
            raise PublicLogError(str(error)) from error
        return log

    def _signer(self, files: Files) -> Signer:
        path = self._keys / "log.key"
        if path.exists():
            signer = Signer.parse(path.read_text("utf-8"))
            if signer.name != self._origin:
                raise NoteError(f"{path}: the key is that of {signer.name!r}, not of {self._origin!r}")
            return signer
        if (self.folder / "checkpoint").exists():
            raise NoteError(f"{path} is missing, and the log was signed with it: restore it")
        signer = Signer.make(self._origin)
        keep_secret(path, f"{signer.secret}\n".encode(), files)
        files.write(self._keys / "log.vkey", f"{signer.verifier.vkey}\n".encode())
        files.sync(self._keys / "log.vkey")
        files.sync_folder(self._keys)
        return signer

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """One writer at a time, who waits for the other: an append takes milliseconds."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def keep_secret(path: Path, data: bytes, files: Files | None = None) -> None:
    """Write a key that its owner alone can read, durable before its name is."""
    files = files or Files()
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    files.write(fresh, data)
    files.sync(fresh)
    files.rename(fresh, path)
    files.sync_folder(path.parent)
