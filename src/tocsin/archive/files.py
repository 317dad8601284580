"""Every change that the archive makes to a disk, as eight small acts.

The tests put their own disk in its place and make each act fail, be lost, be cut short, or happen and
still be reported as failed. Nothing here is durable until `sync` (a file's bytes) and `sync_folder`
(the names in it) have returned.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


class Files:
    """The real disk."""

    def make_folder(self, path: Path) -> None:
        """Make a folder whose parent exists; nothing happens if it is there."""
        path.mkdir(exist_ok=True)

    def write(self, path: Path, data: bytes) -> None:
        """Make or replace a file. Not atomic: for a name that no reader uses yet."""
        with open(path, "wb", buffering=0) as file:
            _write_all(file.fileno(), data)

    def append(self, path: Path, data: bytes) -> None:
        with open(path, "ab", buffering=0) as file:
            _write_all(file.fileno(), data)

    def sync(self, path: Path) -> None:
        _fsync(path, os.O_RDWR)

    def sync_folder(self, path: Path) -> None:
        _fsync(path, os.O_RDONLY | os.O_DIRECTORY)

    def rename(self, old: Path, new: Path) -> None:
        """Put `old` in the place of `new`, at once."""
        os.replace(old, new)

    def truncate(self, path: Path, size: int) -> None:
        os.truncate(path, size)

    def remove(self, path: Path) -> None:
        """Remove a file, or an empty folder; nothing happens if it is gone."""
        with contextlib.suppress(FileNotFoundError):
            path.rmdir() if path.is_dir() else path.unlink()


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _fsync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
