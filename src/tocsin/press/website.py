"""Writing the public site: pages from bulletins in the log, the log itself, and what a stranger needs to check both.

log/checkpoint, log/tile/…            the public log as static files (C2SP tlog-tiles)
bulletin/<id>.tlog-proof              that the bulletin stands in it
bulletin/<id>.dossier.jsonl.gz        what was told about the area, from which it can be judged again
rules/<digest>.json                   the rules by which
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tocsin.archive import ArchiveError
from tocsin.archive.log import TileLog
from tocsin.press.office import Press
from tocsin.publish import Edition, pages, write
from tocsin.publish.checking import DOSSIER, rules_path
from tocsin.publish.site import beside


def write_site(press: Press, now: str, folder: Path | None = None, served_at: str = "") -> int:
    """Finish what a crash cut short, then write the site as of now; how many files were written.

    `served_at` is where a home without an address of its own is shown for the moment.
    """
    press.settle()
    folder = folder or press.home.site
    edition = press.edition(now)
    if served_at and not edition.address:
        edition = replace(edition, address=served_at)
    kept = [one.published.id for one in edition.all_issues() if (folder / "bulletin" / one.published.id).is_dir()]
    log = press.log.read()
    written = _write_log(log, folder / "log") if log else 0
    written += write(dict(_checkable(press, edition, log, folder)), folder)
    return written + write(pages(edition, kept), folder)


def _checkable(press: Press, edition: Edition, log: TileLog | None, folder: Path) -> Iterator[tuple[str, bytes]]:
    """What stands beside each bulletin for those who check it, unless it is there."""
    for issue in edition.all_issues():
        name, said = issue.published.id, issue.manifest["provenance"]
        proof, told, rules = beside(name, "tlog-proof"), beside(name, DOSSIER), rules_path(said["bundle"])
        if log is not None and not (folder / proof).exists():
            yield proof, log.proof_text(issue.number)
        if not (folder / told).exists() and (path := press.dossiers.path(said["dossier"])).exists():
            yield told, path.read_bytes()
        if not (folder / rules).exists() and (bundle := _bundle(press, said["bundle"])) is not None:
            yield rules, bundle


def _bundle(press: Press, digest: str) -> bytes | None:
    """A rule bundle from the archive; None where it was withdrawn."""
    try:
        return press.home.archive.body(digest)
    except ArchiveError:
        return None


def _write_log(log: TileLog, folder: Path) -> int:
    """Copy the log's files, the checkpoint last: whatever a reader finds, the checkpoint there speaks of no more."""
    written = 0
    for path in sorted((log.folder / "tile").rglob("*")):
        target = folder / path.relative_to(log.folder)
        if path.is_file() and not target.exists():
            written += _put(target, path.read_bytes())
    return written + _put(folder / "checkpoint", log.checkpoint)


def _put(path: Path, data: bytes) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(data)
    os.replace(fresh, path)
    return 1
