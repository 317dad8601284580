"""Writing an edition's files so that a reader never meets half a page."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def write(files: Mapping[str, bytes], folder: Path) -> int:
    """Write each file beside its place and rename it into it; the number written.

    The index and the status come last, so that they never name a page that is not there yet.
    Pages of earlier editions stay: their addresses were given out.
    """
    last = ("index.html", "feed.atom", "status.json", "level.txt")
    for name in sorted(files, key=lambda n: (last.index(n) if n in last else -1, n)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(path.name + ".new")
        fresh.write_bytes(files[name])
        os.replace(fresh, path)
    return len(files)
