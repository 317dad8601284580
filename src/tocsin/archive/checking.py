"""Proving an archive: every signature, hash, entry and body, or which byte of which file is wrong.

Entries and hash tiles hold each other twice over: where they differ, the hash one level up, or at the right
edge the signed root, says which of the two is wrong.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tocsin.archive.entries import body_of, decode_entry, seen_of
from tocsin.archive.note import Checkpoint, NoteError, Verifier, verify
from tocsin.archive.segments import DamagedSegment, Found, member_length, scan, unpack_member
from tocsin.archive.tiles import (
    HASH_BYTES,
    HEIGHT,
    WIDTH,
    BundleError,
    Node,
    leaf_hash,
    pack_bundle,
    perfect_root,
    tile_path,
    tile_width,
    tree_root,
    unpack_bundle,
)
from tocsin.records import Adopted, Withdrawn, digest


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: the file (below the home), the first wrong byte where it can be told, and what."""

    file: str
    byte: int | None
    problem: str

    def __str__(self) -> str:
        where = self.file if self.byte is None else f"{self.file}: byte {self.byte}"
        return f"{where}: {self.problem}"


def check(home: Path | str) -> list[Fault]:
    """All faults of the archive in this home; empty where every byte is as it was written.

    What a crash left beyond the last acknowledged entry is no fault. Reads everything, changes nothing.
    """
    checker = _Checker(Path(home))
    head = checker.checkpoint()
    if head is not None:
        checker.tree(head)
        checker.bodies()
    return checker.faults


@dataclass
class _Told:
    """What the entries say of bodies: digest -> first position that needs it, and those withdrawn."""

    needed: dict[str, int] = field(default_factory=dict)
    withdrawn: dict[str, int] = field(default_factory=dict)
    last_seen: str = ""
    evidence: bool = False


class _Checker:
    def __init__(self, home: Path) -> None:
        self._home, self._folder = home, home / "archive"
        self.faults: list[Fault] = []
        self._told = _Told()

    def _fault(self, path: Path | str, byte: int | None, problem: str) -> None:
        name = path if isinstance(path, str) else path.relative_to(self._home).as_posix()
        self.faults.append(Fault(name, byte, problem))

    # -------------------------------------------------------------- the checkpoint

    def checkpoint(self) -> Checkpoint | None:
        """What the log claims. A wrong signature is told, and the claim is checked all the same."""
        key, path = self._home / "keys" / "archive.vkey", self._folder / "checkpoint"
        try:
            note = path.read_bytes()
        except OSError as error:
            self._fault(path, None, f"can't be read: {error.strerror}")
            return None
        text = note.partition(b"\n\n")[0].decode("utf-8", "replace") + "\n"
        try:
            verifier = Verifier.parse(key.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, NoteError) as error:
            self._fault(key, None, f"can't be used: {error}")
        else:
            try:
                verify(note, [verifier])
            except NoteError as error:
                self._fault(path, self._wrong_byte(note, verifier), str(error))
        try:
            return Checkpoint.parse(text)
        except NoteError as error:
            self._fault(path, None, str(error))
            return None

    def _wrong_byte(self, note: bytes, verifier: Verifier) -> int:
        """Where a checkpoint whose signature fails departs from the one that the tiles would give."""
        lines, origin = note.split(b"\n"), verifier.name.encode()
        try:
            head = Checkpoint.parse(b"\n".join(lines[:3]).decode() + "\n")
            right = tree_root(head.size, lambda level, index: self._node(head.size, level, index))
        except (NoteError, UnicodeDecodeError, IndexError):
            return 0 if lines[0] != origin else len(origin) + 1
        if lines[0] != origin:
            return 0
        if right != head.root:
            return len(origin) + 1
        return note.rfind(b"\n\n") + 2

    # -------------------------------------------------------------- entries and hashes

    def _read(self, level: int | None, index: int, size: int) -> tuple[Path, bytes, bool] | None:
        """(path, bytes, whether the file must end there) of a tile; a missing one is told by the caller."""
        width = tile_width(level or 0, index, size)
        for name in dict.fromkeys((tile_path(level, index, width), tile_path(level, index))):
            path = self._folder / name
            if path.is_file():
                return path, path.read_bytes(), name == tile_path(level, index, width)
        return None

    def _node(self, size: int, level: int, index: int) -> bytes:
        """A node from the stored tiles; raises IndexError where they are too short or missing."""
        tile_level, inside = divmod(level, HEIGHT)
        first = index << inside
        found = self._read(tile_level, first // WIDTH, size)
        data = found[1] if found else b""
        hashes = _hashes(data)[first % WIDTH : first % WIDTH + (1 << inside)]
        if len(hashes) != 1 << inside:
            raise IndexError(index)
        return perfect_root(hashes)

    def tree(self, head: Checkpoint) -> None:
        """All entries and tiles under this head, level by level from the leaves up."""
        above: list[bytes] = []
        leaves: list[bytes] = []
        for index in range(-(-head.size // WIDTH)):
            leaves = self._bundle(index, head)
            if len(leaves) == WIDTH:
                above.append(perfect_root(leaves))
        levels = [leaves if head.size % WIDTH else []]
        level = 1
        while above:
            self._compare_level(level, above, head.size)
            levels.append(above[len(above) // WIDTH * WIDTH :])
            above = [perfect_root(above[at : at + WIDTH]) for at in range(0, len(above) // WIDTH * WIDTH, WIDTH)]
            level += 1
        if tree_root(head.size, _edge_nodes(levels, head.size)) != head.root:
            self._fault(self._folder / "checkpoint", None, "the entries do not lead to the root that was signed")

    def _bundle(self, index: int, head: Checkpoint) -> list[bytes]:
        """The leaf hashes of one bundle as they should be; entries and tile are held against each other."""
        width = tile_width(0, index, head.size)
        entries = self._entries(index, head.size, width)
        tile = self._tile(0, index, head.size, width)
        hashes = [leaf_hash(entry) for entry in entries]
        if hashes == tile:
            self._older(None, index, width, entries)
            self._older(0, index, width, tile)
            self._entries_told(index * WIDTH, entries)
            return hashes
        right = next((c for c in (hashes, tile) if len(c) == width and self._leads_up(index, c, head)), None)
        if right is not hashes:
            self._tell_entries(index, head.size, entries, hashes, tile, certain=right is tile)
        if right is not tile and len(tile) == width:
            self._tell_tile(0, index, head.size, tile, hashes, certain=right is hashes)
        self._entries_told(
            index * WIDTH, [e for e, h in zip(entries, hashes, strict=True) if right is hashes or h in tile]
        )
        return right if right is not None else hashes

    def _leads_up(self, index: int, leaves: list[bytes], head: Checkpoint) -> bool:
        """Whether these leaf hashes are those under the hash above, or at the right edge under the signed root."""
        try:
            if len(leaves) == WIDTH:
                return perfect_root(leaves) == self._node(head.size, HEIGHT, index)
            first = index * WIDTH

            def node(level: int, at: int) -> bytes:
                start = at << level
                if start >= first:
                    return perfect_root(leaves[start - first : start - first + (1 << level)])
                return self._node(head.size, level, at)

            return tree_root(head.size, node) == head.root
        except IndexError:
            return False

    def _entries(self, index: int, size: int, width: int) -> list[bytes]:
        found = self._read(None, index, size)
        if found is None:
            self._fault(self._folder / tile_path(None, index, width), None, "is missing")
            return []
        path, data, ends = found
        for count in range(width, -1, -1):
            try:
                entries = unpack_bundle(data, count)
                break
            except BundleError as error:
                last = error
        if len(entries) < width:
            self._fault(path, last.byte, str(last).partition(": ")[2])
        elif ends and len(pack_bundle(entries)) != len(data):
            self._fault(path, len(pack_bundle(entries)), "bytes after the last entry")
        return entries

    def _tile(self, level: int, index: int, size: int, width: int) -> list[bytes]:
        found = self._read(level, index, size)
        if found is None:
            self._fault(self._folder / tile_path(level, index, width), None, "is missing")
            return []
        path, data, ends = found
        wanted = width * HASH_BYTES
        if len(data) < wanted or (ends and len(data) > wanted):
            self._fault(path, min(len(data), wanted), f"expected {wanted} bytes, found {len(data)}")
        return _hashes(data[:wanted])

    def _tell_entries(
        self, index: int, size: int, entries: list[bytes], hashes: list[bytes], tile: list[bytes], certain: bool
    ) -> None:
        """Name the entries whose hash is not the one in the tile."""
        path = self._folder / tile_path(None, index, tile_width(0, index, size))
        at = 0
        for offset, (entry, hashed) in enumerate(zip(entries, hashes, strict=True)):
            at += 2
            if offset >= len(tile) or hashed != tile[offset]:
                what = "is not what was signed" if certain else "and its hash differ, and neither is what was signed"
                self._fault(path, at, f"entry {index * WIDTH + offset} ({len(entry)} bytes from here) {what}")
                if certain and len(entries) != len(tile):
                    return  # a wrong length moves all that follow
            at += len(entry)

    def _tell_tile(
        self, level: int, index: int, size: int, tile: list[bytes], right: list[bytes], certain: bool = True
    ) -> None:
        path = self._folder / tile_path(level, index, tile_width(level, index, size))
        stored, wanted = b"".join(tile), b"".join(right)
        wrong = next((i for i, (a, b) in enumerate(zip(stored, wanted, strict=False)) if a != b), None)
        if wrong is not None:
            self._fault(path, wrong, "not the hash of what lies below" if certain else "this hash or what it is of")

    def _compare_level(self, level: int, hashes: list[bytes], size: int) -> None:
        for index in range(-(-len(hashes) // WIDTH)):
            wanted = hashes[index * WIDTH : (index + 1) * WIDTH]
            stored = self._tile(level, index, size, len(wanted))
            self._tell_tile(level, index, size, stored, wanted)
            self._older(level, index, len(wanted), wanted)

    def _older(self, level: int | None, index: int, width: int, items: list[bytes]) -> None:
        """The partial tiles of earlier checkpoints hold the beginning of what the tile holds now."""
        folder = (self._folder / tile_path(level, index, 1)).parent
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            older = int(path.name) if path.name.isdecimal() else width
            if older >= width:
                continue  # this checkpoint's own, or what a crash left
            stored = path.read_bytes()
            wanted = pack_bundle(items[:older]) if level is None else b"".join(items[:older])
            if stored != wanted:
                same = zip(stored, wanted, strict=False)
                wrong = next((i for i, (a, b) in enumerate(same) if a != b), min(len(stored), len(wanted)))
                self._fault(path, wrong, "not what was published with an earlier checkpoint")

    def _entries_told(self, first: int, entries: list[bytes]) -> None:
        told = self._told
        for position, data in enumerate(entries, first):
            try:
                entry = decode_entry(data)
            except ValueError as error:
                self._fault(f"entry {position}", None, f"signed, but no entry of ours: {error}")
                continue
            if seen_of(entry) < told.last_seen and (told.evidence or isinstance(entry, Adopted)):
                self._fault(f"entry {position}", None, f"seen at {entry.seen}, before its predecessor")
            told.last_seen, told.evidence = seen_of(entry), told.evidence or not isinstance(entry, Adopted)
            if name := body_of(entry):
                told.needed.setdefault(name, position)
            if isinstance(entry, Withdrawn):
                told.withdrawn[entry.body] = position

    # -------------------------------------------------------------- bodies

    def bodies(self) -> None:
        """Every record of every segment, and that each body which an entry names is there."""
        held: set[str] = set()
        torn: list[Fault] = []
        paths = sorted((self._folder / "warc").glob("*.warc.gz"))
        for path in paths:
            for name, fault in self._segment(path):
                if fault and path == paths[-1] and name == _TAIL:
                    torn.append(fault)  # a crash leaves such a tail: a fault only if a body is missing
                elif fault:
                    self.faults.append(fault)
                else:
                    held.add(name)
        missing = [(name, at) for name, at in self._told.needed.items() if name not in held]
        if missing:
            self.faults.extend(torn)
        for name, position in missing:
            self._fault("archive/warc", None, f"body {name} of entry {position} is missing")

    def _segment(self, path: Path) -> Iterator[tuple[str, Fault | None]]:
        """(digest, None) of each body that is whole, or (_TAIL or '', fault)."""
        name = path.relative_to(self._home).as_posix()
        if not path.stat().st_size:
            return
        with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            waiting: Fault | None = None
            for found in scan(data):
                if waiting:
                    yield "", waiting
                    waiting = None
                if isinstance(found, DamagedSegment):
                    waiting = Fault(name, found.byte, found.problem)
                    continue
                problem = self._record(data, found)
                if problem:
                    yield "", Fault(name, problem.byte, problem.problem)
                elif found.name:
                    yield found.name, None
                    if told := self._withdrawal(found):
                        yield "", Fault(name, found.offset, told)
            if waiting:
                yield _TAIL, waiting

    def _record(self, data: mmap.mmap, found: Found) -> DamagedSegment | None:
        """What is wrong with one whole member, or None."""
        try:
            member = data[found.offset : found.offset + member_length(data, found.offset)]
            headers, block = unpack_member(member, found.offset)
        except DamagedSegment as damage:
            return damage
        if headers.get("WARC-Block-Digest") != digest(block):
            return DamagedSegment(found.offset, "the block does not have the digest that its record names")
        if found.name and not found.withdrawn and digest(block) != found.name:
            return DamagedSegment(found.offset, f"the bytes are not those of {found.name}")
        return None

    def _withdrawal(self, found: Found) -> str | None:
        """Where record and entries do not agree on a withdrawal."""
        position = self._told.withdrawn.get(found.name or "")
        if found.withdrawn and position is None:
            return f"{found.name} was erased, and no entry says so"
        if position is not None and not found.withdrawn:
            return f"{found.name} was withdrawn at entry {position} and is still there; any write ends it"
        return None


_TAIL = "tail"


def _hashes(data: bytes) -> list[bytes]:
    return [data[i : i + HASH_BYTES] for i in range(0, len(data) // HASH_BYTES * HASH_BYTES, HASH_BYTES)]


def _edge_nodes(levels: list[list[bytes]], size: int) -> Node:
    """Nodes on the right edge of a tree, from the hashes of its partial tiles."""

    def node(level: int, index: int) -> bytes:
        tile_level, inside = divmod(level, HEIGHT)
        first = (index << inside) - (size >> (HEIGHT * tile_level)) // WIDTH * WIDTH
        return perfect_root(levels[tile_level][first : first + (1 << inside)])

    return node
