"""Backups of a home, and homes from backups: the archive, the public log, the state, and apart from them the keys.

What must hold: a backup taken while everybody goes on working is whole; a restored home sends no old news again
(its outbox is of a new epoch), and never forks the public log: what the public has seen since the backup was taken
is taken over from a copy of the site first.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tocsin import archive as archives
from tocsin.archive.log import LogError, TileLog
from tocsin.archive.note import Checkpoint, verify
from tocsin.home import Home, HomeError
from tocsin.press.docket import Docket, Issued
from tocsin.press.office import Press
from tocsin.publish.manifest import ENTRY, kind_of_entry, published_from
from tocsin.publish.site import beside
from tocsin.records import Signature, digest, revive
from tocsin.state import State

_PUBLIC_KEYS = ("archive.vkey", "log.vkey", "cap.crt")
_LOGS = ("log", "archive")


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: entries of the archive and of the public log, how many of the latter were taken over from the
    site, and whether the archive is older than what was published from it."""

    entries: int
    logged: int
    taken_over: int
    archive_is_behind: bool


def back_up(home: Home, target: Path, keys: Path | None = None) -> int:
    """A whole copy in an empty folder, proved; the secret keys only into a folder of their own. Returns how many
    entries of the archive it holds. Raises HomeError.

    The log is copied before the state and the state before the archive, so that each later one knows at least
    what the earlier ones speak of.
    """
    for folder in (target, keys):
        if folder is not None and folder.exists() and any(folder.iterdir()):
            raise HomeError(f"expected an empty folder at {folder}, found something in it")
    (target / "keys").mkdir(parents=True, exist_ok=True)
    _copy_log(home.root / "log", target / "log")
    home.state.backup(target / "state.db")
    _copy_log(home.root / "archive", target / "archive")
    shutil.copy2(home.root / "home.toml", target / "home.toml")
    if (home.root / "dossiers").is_dir():
        shutil.copytree(home.root / "dossiers", target / "dossiers", ignore=shutil.ignore_patterns("*.new"))
    for path in sorted((home.root / "keys").iterdir()):
        if path.name in _PUBLIC_KEYS:
            shutil.copy2(path, target / "keys" / path.name)
        if keys is not None:
            keys.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy2(path, keys / path.name)
    if faults := archives.check(target):
        raise HomeError(f"the copy at {target} is not whole: {faults[0]}; make another")
    return Home.open(target).archive.size


def _copy_log(source: Path, target: Path) -> None:
    """A log while it is written to: its checkpoint is read first and written last, so all it speaks of is there."""
    if not (source / "checkpoint").exists():
        return
    checkpoint = (source / "checkpoint").read_bytes()
    ignored = shutil.ignore_patterns("checkpoint", "checkpoint.new", "lock", "*.new")
    shutil.copytree(source, target, ignore=ignored)
    (target / "checkpoint").write_bytes(checkpoint)
    shutil.copystat(source / "checkpoint", target / "checkpoint")


def restore(backup: Path, root: Path, keys: Path, site: Path | None = None) -> Restored:
    """A home from a backup and its keys. `site` is a newer copy of the public site. Raises HomeError."""
    if root.exists():
        raise HomeError(f"expected nothing at {root}, found something; move it away first")
    for path in (backup / "home.toml", backup / "state.db", keys / "archive.key"):
        if not path.is_file():
            raise HomeError(f"expected {path}, found nothing; a backup has its keys in a folder of their own")
    ignored = shutil.ignore_patterns("state.db", "keys", "lock")
    shutil.copytree(backup, root, ignore=ignored)
    shutil.copytree(keys, root / "keys")
    (root / "keys").chmod(0o700)
    State.restore(backup / "state.db", root / "state.db")
    home = Home.open(root)
    press, docket = Press(home), Docket(home.state)
    taken = _take_over(press, docket, site) if site is not None else 0
    logged = press.settle() if docket.listed() else 0
    return Restored(home.archive.size, logged, taken, _behind(home, docket))


def _take_over(press: Press, docket: Docket, site: Path) -> int:
    """The entries of the public log that the backup lacks, with what stands beside them on the site."""
    try:
        public = TileLog(site / "log", press.log.verifier)
        entries = list(public.entries())
    except LogError as error:
        raise HomeError(f"{site}: its log can't be read: {error}") from error
    known = docket.listed()
    if list(known[: len(entries)]) != entries[: len(known)]:
        raise HomeError(f"{site}: its log is not the one of this backup; nothing was taken over")
    with press.home.state.writing() as connection:
        for number, entry in enumerate(entries[len(known) :], len(known)):
            if kind_of_entry(entry) == ENTRY:
                docket.publish(connection, _from_site(site, number, entry), f"restored-{number}")
            else:
                docket.list_entry(connection, number, entry)
    _copy_newer(site / "log", press.log.folder)
    return max(len(entries) - len(known), 0)


def _copy_newer(source: Path, target: Path) -> None:
    """The public copy of the log in the place of an older one; nothing of the old one's past changes by that."""
    have = _size(target)
    if _size(source) > have:
        shutil.rmtree(target, ignore_errors=True)
        _copy_log(source, target)


def _size(folder: Path) -> int:
    try:
        return int((folder / "checkpoint").read_text("utf-8").split("\n")[1])
    except (FileNotFoundError, ValueError, IndexError):
        return 0


def _from_site(site: Path, number: int, entry: bytes) -> Issued:
    """A bulletin as the site has it, its files held against the digests that were signed."""
    values = json.loads(entry)
    files = dict(_files(site, values["body"]))
    signatures = tuple(revive(Signature, one) for one in values["signatures"])
    published = published_from(values["body"], files["text.txt"].decode(), signatures)
    return Issued(published, number, values["published"], entry, files, b"")


def _files(site: Path, body: dict[str, object]) -> Iterator[tuple[str, bytes]]:
    for one in body["attachments"]:  # type: ignore[attr-defined]
        path = site / beside(str(body["id"]), one["name"])
        data = path.read_bytes() if path.is_file() else b""
        if digest(data) != one["digest"]:
            raise HomeError(f"{path}: expected the bytes of {one['digest']}, found others or none")
        yield one["name"], data


def _behind(home: Home, docket: Docket) -> bool:
    """Whether a bulletin was published from more of the archive than there is now: to write on would fork it."""
    latest = next((one for one in reversed(docket.issued())), None)
    if latest is None:
        return False
    note = json.loads(latest.entry)["body"]["provenance"]["archive"].encode()
    text, _ = verify(note, [archives.read_vkey(home.root)])
    return Checkpoint.parse(text).size > home.archive.size
