"""Dossiers, each kept once under its digest: <home>/dossiers/<SHA-256>.jsonl.gz. Published ones are for good."""

from __future__ import annotations

from pathlib import Path

from tocsin.archive.files import Files
from tocsin.records import digest


class Dossiers:
    """The folder of one home, made at first use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """Where the dossier of this digest ('sha256:…') lies."""
        return self._folder / f"{name.removeprefix('sha256:')}.jsonl.gz"

    def keep(self, data: bytes) -> str:
        """Write a dossier unless it is there, durable before anything names it. Returns its digest."""
        name, files = digest(data), Files()
        path = self.path(name)
        if not path.exists():
            self._folder.mkdir(exist_ok=True)
            fresh = path.with_name(path.name + ".new")
            files.write(fresh, data)
            files.sync(fresh)
            files.rename(fresh, path)
            files.sync_folder(self._folder)
        return name
