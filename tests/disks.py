"""Disks that fail: the archive's file layer with a crash at the n-th act, and a power cut after it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from tocsin.archive.files import Files

Fault = Literal["lost", "done", "short"]


class Crash(OSError):
    """The machine stopped here."""


class QuickDisk(Files):
    """The real disk without its waiting: for tests in which no power fails."""

    def sync(self, path: Path) -> None:
        assert path.is_file()

    def sync_folder(self, path: Path) -> None:
        assert path.is_dir()


class FailingDisk(Files):
    """Counts acts. The n-th is lost, or done and yet reported as failed, or cut short; then all fail.

    Nothing is really synced: what a power cut would leave is kept in mind instead (see `power_cut`).
    """

    def __init__(self, home: Path, fail_at: int = -1, fault: Fault = "lost") -> None:
        self.home, self.acts, self._fail_at, self._fault = home, 0, fail_at, fault
        self._lock = threading.Lock()
        self._next = 0
        self._live: dict[Path, int] = {}
        self._contents: dict[int, bytes] = {}
        for path in home.rglob("*"):
            if path.is_file():
                self._contents[self._new(path)] = path.read_bytes()
        self._folders = {home, *(p for p in home.rglob("*") if p.is_dir())}
        self._names = dict(self._live)

    def _new(self, path: Path) -> int:
        self._next += 1
        self._live[path] = self._next
        return self._next

    def _act(self, whole: Callable[[], None], half: Callable[[], None] | None = None) -> None:
        with self._lock:
            if self.acts > self._fail_at >= 0:
                raise Crash("stopped before")
            self.acts += 1
            if self.acts - 1 != self._fail_at:
                whole()
                return
            self.acts = self._fail_at + 1
            if self._fault == "done":
                whole()
            elif self._fault == "short" and half:
                half()
            raise Crash(f"act {self._fail_at} {self._fault}")

    def make_folder(self, path: Path) -> None:
        self._act(lambda: super(FailingDisk, self).make_folder(path))

    def write(self, path: Path, data: bytes) -> None:
        def put(part: bytes) -> None:
            super(FailingDisk, self).write(path, part)
            if path not in self._live:
                self._new(path)

        self._act(lambda: put(data), lambda: put(data[: len(data) // 2]))

    def append(self, path: Path, data: bytes) -> None:
        def put(part: bytes) -> None:
            super(FailingDisk, self).append(path, part)
            if path not in self._live:
                self._new(path)

        self._act(lambda: put(data), lambda: put(data[: len(data) // 2]))

    def sync(self, path: Path) -> None:
        def remember() -> None:
            self._contents[self._live[path]] = path.read_bytes()

        self._act(remember)

    def sync_folder(self, path: Path) -> None:
        def remember() -> None:
            self._names = {p: i for p, i in self._names.items() if p.parent != path}
            self._names |= {p: i for p, i in self._live.items() if p.parent == path}
            self._folders |= {p for p in path.iterdir() if p.is_dir()}

        self._act(remember)

    def rename(self, old: Path, new: Path) -> None:
        def put() -> None:
            super(FailingDisk, self).rename(old, new)
            self._live[new] = self._live.pop(old)

        self._act(put)

    def truncate(self, path: Path, size: int) -> None:
        self._act(lambda: super(FailingDisk, self).truncate(path, size))

    def remove(self, path: Path) -> None:
        def drop() -> None:
            super(FailingDisk, self).remove(path)
            self._live.pop(path, None)

        self._act(drop)

    def power_cut(self, target: Path, names_survive: bool) -> Path:
        """The home as it is after the power failed: what was synced, and nothing else.

        With `names_survive` files and folders have their latest names, while bytes that were not synced
        are half there: file systems may write either first. Caches beside the segments survive whole.
        """
        names = self._live if names_survive else self._names
        for path, inode in names.items():
            if not names_survive and not all(p in self._folders for p in path.parents if p.is_relative_to(self.home)):
                continue
            copy = target / path.relative_to(self.home)
            copy.parent.mkdir(parents=True, exist_ok=True)
            synced = self._contents.get(inode, b"")
            if names_survive and path.exists() and synced != (now := path.read_bytes()):
                synced = now[: (len(now) + 1) // 2] if len(now) > len(synced) * 2 else now[: max(len(synced), 1)]
                if not now.startswith(self._contents.get(inode, b"")):
                    synced = now[: len(now) // 2]
            copy.write_bytes(synced)
        for folder in ("tile", "warc"):
            (target / "archive" / folder).mkdir(parents=True, exist_ok=True)
        for cache in self.home.rglob("*.idx"):
            shutil.copy(cache, target / cache.relative_to(self.home))
        return target
