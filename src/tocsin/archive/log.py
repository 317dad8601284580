"""A tile log in a folder: append-only entries under a signed checkpoint (C2SP tlog-tiles).

What must hold: every file that the checkpoint on disk speaks of was durable before that checkpoint was
put in place, and is never written again. So a crash at any instant leaves the log of the last checkpoint;
whatever lies beyond it is a leftover that no reader looks at and the next append replaces.
Opening and recovering are the same thing.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path

from tocsin.archive.files import Files
from tocsin.archive.note import Checkpoint, NoteError, Signer, Verifier, sign, verify
from tocsin.archive.tiles import (
    EMPTY_ROOT,
    HASH_BYTES,
    HEIGHT,
    LARGEST_ENTRY,
    WIDTH,
    BundleError,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    pack_bundle,
    parse_tile_path,
    perfect_root,
    tile_levels,
    tile_path,
    tile_width,
    tree_root,
    unpack_bundle,
)

_SYNC_THREADS = 8
"""A journalling file system commits many waiting fsyncs at once; one at a time it commits each alone."""


class LogError(Exception):
    """The log can't be read or written; the message says what was expected and what was found."""


class TileLog:
    """One log. `size` and `root` are those of the checkpoint read at opening, until `reload` or `append`.

    Without a signer it only reads. One writer at a time: the caller holds the lock.
    """

    def __init__(self, folder: Path, verifier: Verifier, signer: Signer | None = None, files: Files | None = None):
        self.folder, self.verifier, self._signer = folder, verifier, signer
        self._files = files or Files()
        self._failed = False
        self._settled: set[Path] = set()
        self._bundle = lru_cache(maxsize=16)(self._read_bundle)
        self._tile = lru_cache(maxsize=64)(self._read_tile)
        self._pyramid = lru_cache(maxsize=64)(self._build_pyramid)
        self.reload()

    @classmethod
    def create(cls, folder: Path, signer: Signer, files: Files | None = None) -> TileLog:
        """An empty log in an existing folder: the checkpoint of size 0."""
        files = files or Files()
        _publish(files, folder, sign(Checkpoint(signer.name, 0, EMPTY_ROOT).text, [signer]))
        return cls(folder, signer.verifier, signer, files)

    def reload(self) -> None:
        """Read the checkpoint again: what others have appended becomes visible."""
        path = self.folder / "checkpoint"
        try:
            self.checkpoint = path.read_bytes()
        except FileNotFoundError:
            raise LogError(f"{path} is missing: this is no log, or its making was cut short") from None
        try:
            text, _ = verify(self.checkpoint, [self.verifier])
            head = Checkpoint.parse(text)
        except NoteError as error:
            raise LogError(f"{path}: {error}") from None
        if head.origin != self.verifier.name:
            raise LogError(f"{path}: expected origin {self.verifier.name!r}, found {head.origin!r}")
        self.size, self.root = head.size, head.root

    # -------------------------------------------------------------- reading

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The entries [start, end) of the checkpoint's tree, in order."""
        end = self.size if end is None else min(end, self.size)
        for index in range(start // WIDTH, -(-end // WIDTH) if end > start else 0):
            first = index * WIDTH
            yield from self._bundle(index, self.size)[max(0, start - first) : end - first]

    def node(self, level: int, index: int) -> bytes:
        """The hash over leaves [index << level, (index + 1) << level), read from the tiles."""
        return self._node(self.size, level, index)

    def _node(self, size: int, level: int, index: int) -> bytes:
        tile_level, inside = divmod(level, HEIGHT)
        first = index << inside
        return self._pyramid(tile_level, first // WIDTH, size)[inside][first % WIDTH >> inside]

    def _build_pyramid(self, level: int, index: int, size: int) -> list[list[bytes]]:
        """All the whole subtrees within a tile, by their height: each hash is computed once for many proofs."""
        rows = [self._tile(level, index, size)]
        while len(rows[-1]) > 1:
            below = rows[-1]
            rows.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
        return rows

    def inclusion(self, index: int) -> list[bytes]:
        return inclusion_proof(index, self.size, self.node)

    def consistency(self, old: int) -> list[bytes]:
        return consistency_proof(old, self.size, self.node)

    def proof_text(self, index: int) -> bytes:
        """The `.tlog-proof` of one entry (C2SP tlog-proof), good offline with the verifier key alone."""
        lines = [base64.b64encode(sibling).decode() + "\n" for sibling in self.inclusion(index)]
        head = f"c2sp.org/tlog-proof@v1\nindex {index}\n" + "".join(lines)
        return head.encode() + b"\n" + self.checkpoint

    def _read(self, level: int | None, index: int, size: int) -> bytes:
        """A tile as a tree of `size` has it. A partial one may have given way to the full one since."""
        width = tile_width(level or 0, index, size)
        for path in dict.fromkeys((tile_path(level, index, width), tile_path(level, index))):
            try:
                return (self.folder / path).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                continue
        raise LogError(f"{self.folder / tile_path(level, index, width)} is missing")

    def _read_bundle(self, index: int, size: int) -> list[bytes]:
        width = tile_width(0, index, size)
        try:
            return unpack_bundle(self._read(None, index, size), width)
        except BundleError as error:
            raise LogError(f"{self.folder / tile_path(None, index, width)}: {error}") from None

    def _read_tile(self, level: int, index: int, size: int) -> list[bytes]:
        width = tile_width(level, index, size)
        data = self._read(level, index, size)
        if len(data) < width * HASH_BYTES:
            path = self.folder / tile_path(level, index, width)
            raise LogError(f"{path}: expected {width * HASH_BYTES} bytes, found {len(data)}")
        return [data[i * HASH_BYTES : (i + 1) * HASH_BYTES] for i in range(width)]

    # -------------------------------------------------------------- writing

    def recover(self) -> None:
        """Make ready for writing: the checkpoint durable, the right edge proved against its root.

        Raises LogError where the stored edge is not what the checkpoint signed: never build on that.
        """
        self._files.sync_folder(self.folder)
        if tree_root(self.size, self.node) != self.root:
            raise LogError(f"{self.folder}: the tiles do not lead to the checkpoint's root; run `tocsin check`")
        edge = self.size // WIDTH
        if self.size % WIDTH:
            hashes = [leaf_hash(entry) for entry in self._bundle(edge, self.size)]
            if hashes != self._tile(0, edge, self.size):
                raise LogError(f"{self.folder / tile_path(None, edge, self.size % WIDTH)}: not what was signed")
        self._drop_unacknowledged()

    def _drop_unacknowledged(self) -> None:
        """Tiles that a crash left beyond the checkpoint go, so that every one that stays was published."""
        for path in sorted((self.folder / "tile").rglob("*")):
            tile = parse_tile_path(path.relative_to(self.folder).as_posix())
            if tile is None or path.is_dir():
                continue
            level, index, width = tile
            if index * WIDTH + width > self.size >> (HEIGHT * level):
                self._files.remove(path)

    def append(self, entries: Sequence[bytes]) -> range:
        """Append all of these or, if anything fails, none that is acknowledged. Returns their positions.

        Returns only when entries, hashes and the new checkpoint are durable. After a failure this object
        writes no more: what is on disk is known only by opening again.
        """
        if self._signer is None or self._failed:
            raise LogError(f"{self.folder} is open for reading only" if not self._failed else _FAILED)
        for entry in entries:
            if len(entry) > LARGEST_ENTRY:
                raise LogError(f"an entry has at most {LARGEST_ENTRY} bytes, this one has {len(entry)}")
        if not entries:
            return range(self.size, self.size)
        self._failed = True
        positions = self._append(entries, self._signer)
        self._failed = False
        return positions

    def _append(self, entries: Sequence[bytes], signer: Signer) -> range:
        old, new = self.size, self.size + len(entries)
        self._put(self._bundles(old, entries))
        self._put(self._hash_tiles(old, [leaf_hash(entry) for entry in entries]))
        head = Checkpoint(signer.name, new, tree_root(new, partial(self._node, new)))
        note = sign(head.text, [signer])
        _publish(self._files, self.folder, note)
        self.size, self.root, self.checkpoint = new, head.root, note
        self._drop_partials(old, new)
        return range(old, new)

    def _bundles(self, old: int, entries: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
        first = old // WIDTH
        held = list(self._bundle(first, old)) if old % WIDTH else []
        held.extend(entries)
        for at in range(0, len(held), WIDTH):
            part = held[at : at + WIDTH]
            yield tile_path(None, first + at // WIDTH, len(part)), pack_bundle(part)

    def _hash_tiles(self, old: int, hashes: list[bytes]) -> Iterator[tuple[str, bytes]]:
        """The tiles that change, level by level: full ones become one hash each of the level above."""
        level = 0
        while hashes:
            have = old >> (HEIGHT * level)
            first = have // WIDTH
            held = list(self._tile(level, first, old)) if have % WIDTH else []
            held.extend(hashes)
            parts = [held[at : at + WIDTH] for at in range(0, len(held), WIDTH)]
            for offset, part in enumerate(parts):
                yield tile_path(level, first + offset, len(part)), b"".join(part)
            hashes = [perfect_root(part) for part in parts if len(part) == WIDTH]
            level += 1

    def _put(self, tiles: Iterator[tuple[str, bytes]]) -> None:
        """Write tiles and make them, and the names that lead to them, durable."""
        paths: list[Path] = []
        folders: dict[Path, None] = {}
        for name, data in tiles:
            path = self.folder / name
            self._make_folders(path.parent, folders)
            self._files.write(path, data)
            paths.append(path)
        if len(paths) < _SYNC_THREADS:
            for path in paths:
                self._files.sync(path)
        else:
            with ThreadPoolExecutor(_SYNC_THREADS) as pool:
                list(pool.map(self._files.sync, paths))
        for folder in folders:
            self._files.sync_folder(folder)
        self._settled.update(folders)

    def _make_folders(self, folder: Path, touched: dict[Path, None]) -> None:
        """`folder` gets a name, so it is touched; so is each above it whose own name may not be durable yet,
        new or left there by an earlier crash."""
        if folder not in self._settled and folder != self.folder:
            self._make_folders(folder.parent, touched)
            self._files.make_folder(folder)
        touched[folder] = None

    def _drop_partials(self, old: int, new: int) -> None:
        """Partial tiles whose full tile is now published. A failure here leaves litter, not damage."""
        for level in (None, *tile_levels(old)):
            index = (old >> (HEIGHT * (level or 0))) // WIDTH
            full = tile_width(level or 0, index, new) == WIDTH
            folder = (self.folder / tile_path(level, index, 1)).parent
            if full and folder.is_dir():
                for path in sorted(folder.iterdir()):
                    self._files.remove(path)
                self._files.remove(folder)


_FAILED = "an earlier append failed; open the archive again to see what was kept"


def _publish(files: Files, folder: Path, note: bytes) -> None:
    """Put the checkpoint in place: all of it or the old one, and durable on return."""
    fresh = folder / "checkpoint.new"
    files.write(fresh, note)
    files.sync(fresh)
    files.rename(fresh, folder / "checkpoint")
    files.sync_folder(folder)
