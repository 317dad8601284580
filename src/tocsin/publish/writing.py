"""Writing an edition's files so that a reader never meets half a page."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_LAST = ("index.html", "status.json", "level.txt")


def write(files: Mapping[str, bytes], folder: Path) -> int:
    """Write each file beside its place and rename it into it; the number written.

    Feeds come after what they link, the index and the status last, so that nothing names a page that is
    not there yet. Pages of earlier editions stay: their addresses were given out. What was signed and stands
    (a CAP message, a manifest, an attachment, a proof) is never written again.
    """
    written = 0
    for name in sorted(files, key=_order):
        path = folder / name
        if _sent(name) and path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(path.name + ".new")
        fresh.write_bytes(files[name])
        os.replace(fresh, path)
        written += 1
    return written


def _order(name: str) -> tuple[int, str]:
    if name in _LAST:
        return 2 + _LAST.index(name), name
    return int(name.endswith((".atom", ".rss", ".json")) and not name.startswith("bulletin/")), name


def _sent(name: str) -> bool:
    return name.startswith(("cap/", "bulletin/")) and not name.endswith((".atom", ".pem", ".html"))
