"""Merkle trees and their tiles: pure arithmetic, bytes in and bytes out.

Hashes, proofs and roots are those of RFC 6962 section 2.1 (SHA-256); paths and the cutting into tiles
are those of C2SP tlog-tiles (height 8). Subtree proofs follow draft-ietf-plants-merkle-tree-certs,
section 4; the proof from an older tree to a newer one is the case of a subtree that starts at 0.

A *node* is the hash of a perfect subtree, addressed by (level, index): it spans the leaves
[index << level, (index + 1) << level). A proof is made from any function that gives nodes.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

HEIGHT = 8
WIDTH = 1 << HEIGHT
HASH_BYTES = 32
LARGEST_ENTRY = 0xFFFF
EMPTY_ROOT = hashlib.sha256(b"").digest()

_TILE_PATH = re.compile(r"tile/(entries|\d\d?)/((?:x\d{3}/)*\d{3})(?:\.p/(\d{1,3}))?")
Node: TypeAlias = Callable[[int, int], bytes]
Proof: TypeAlias = Sequence[bytes]


class ProofError(Exception):
    """The proof does not show what it claims; the message names the first thing that fails."""


class BundleError(Exception):
    """An entry bundle is not a sequence of length-prefixed entries; `byte` is where it breaks."""

    def __init__(self, byte: int, problem: str) -> None:
        self.byte = byte
        super().__init__(f"byte {byte}: {problem}")


# ------------------------------------------------------------------ hashes and roots


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """The root over 2**k hashes."""
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(level[i], level[i + 1]) for i in range(0, len(level), 2)]
    return level[0]


def span_root(start: int, end: int, node: Node) -> bytes:
    """The hash over leaves [start, end), start < end, where the span is a valid subtree."""
    width = end - start
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(width)
    return node_hash(span_root(start, middle, node), span_root(middle, end, node))


def tree_root(size: int, node: Node) -> bytes:
    return span_root(0, size, node) if size else EMPTY_ROOT


def nodes_over(leaves: Sequence[bytes]) -> Node:
    """Nodes of a small tree held in memory as its leaf hashes."""

    def node(level: int, index: int) -> bytes:
        return perfect_root(leaves[index << level : (index + 1) << level])

    return node


def _split(width: int) -> int:
    """The largest power of two below `width`: where RFC 6962 cuts a tree in two."""
    return 1 << ((width - 1).bit_length() - 1)


# ------------------------------------------------------------------ making proofs


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962 section 2.1.1, from the leaf's sibling up."""
    if not 0 <= index < size:
        raise ProofError(f"entry {index} is not in a tree of size {size}")
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(span_root(middle, end, node))
            end = middle
        else:
            proof.append(span_root(start, middle, node))
            start = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 6962 section 2.1.2; empty where the sizes are equal."""
    if not 0 < old <= new:
        raise ProofError(f"no proof leads from size {old} to size {new}")
    proof: list[bytes] = []
    start, end = 0, new
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(span_root(middle, end, node))
            end = middle
        else:
            proof.append(span_root(start, middle, node))
            start = middle
    if start:
        proof.append(span_root(start, end, node))
    return proof[::-1]


# ------------------------------------------------------------------ checking proofs


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Proof, root: bytes) -> None:
    """Raise ProofError unless `proof` leads from the leaf hash at `index` to the root of `size` leaves."""
    if not 0 <= index < size:
        raise ProofError(f"entry {index} is not in a tree of size {size}")
    if len(leaf) != HASH_BYTES:
        raise ProofError(f"a leaf hash has {HASH_BYTES} bytes, this one {len(leaf)}")
    here, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofError("the proof is longer than the tree is high")
        if here & 1 or here == last:
            computed = node_hash(sibling, computed)
            ascent = _trailing_zeros(here)
        else:
            computed = node_hash(computed, sibling)
            ascent = 0
        here, last = here >> (ascent + 1), last >> (ascent + 1)
    if last:
        raise ProofError("the proof is shorter than the tree is high")
    if computed != root:
        raise ProofError("the proof leads to another root")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Proof) -> None:
    """Raise ProofError unless the tree of size `new` begins with the tree of size `old`.

    An empty old tree proves nothing and is refused, except against an empty new one.
    """
    if old == new == 0:
        if proof or old_root != new_root:
            raise ProofError("two empty trees have one root and no proof")
        return
    verify_subtree_consistency(0, old, new, old_root, new_root, proof)


def verify_subtree_inclusion(index: int, start: int, end: int, leaf: bytes, proof: Proof, root: bytes) -> None:
    """Raise ProofError unless the leaf hash stands at `index` of the subtree [start, end) with this root."""
    _check_subtree(start, end)
    if not start <= index < end:
        raise ProofError(f"entry {index} is not in [{start}, {end})")
    verify_inclusion(index - start, end - start, leaf, proof, root)


def verify_subtree_consistency(start: int, end: int, size: int, subtree: bytes, root: bytes, proof: Proof) -> None:
    """Raise ProofError unless the subtree [start, end) is part of the tree of `size` with this root.

    An empty subtree is part of every tree, and nothing needs to show it.
    """
    if end > size:
        raise ProofError(f"[{start}, {end}) reaches beyond a tree of size {size}")
    if start == end and subtree == EMPTY_ROOT and not proof:
        return
    _check_subtree(start, end)
    first, last, top = start, end - 1, size - 1
    while first != last and (last == top or last & 1):
        first, last, top = first >> 1, last >> 1, top >> 1
    rest = list(proof)
    if first != last and not rest:
        raise ProofError("the proof is empty")
    below = above = subtree if first == last else rest.pop(0)
    for sibling in rest:
        if top == 0:
            raise ProofError("the proof is longer than the tree is high")
        if last & 1 or last == top:
            below = node_hash(sibling, below) if first < last else below
            above = node_hash(sibling, above)
            ascent = _trailing_zeros(last)
        else:
            above = node_hash(above, sibling)
            ascent = 0
        first, last, top = (n >> (ascent + 1) for n in (first, last, top))
    if top:
        raise ProofError("the proof is shorter than the tree is high")
    if below != subtree:
        raise ProofError("the proof leads to another hash of the older part")
    if above != root:
        raise ProofError("the proof leads to another root")


def _trailing_zeros(n: int) -> int:
    return (n & -n).bit_length() - 1 if n else 0


def _check_subtree(start: int, end: int) -> None:
    """A subtree starts at a multiple of the power of two that holds it."""
    if not 0 <= start < end:
        raise ProofError(f"[{start}, {end}) is no span")
    if start & ((1 << (end - start - 1).bit_length()) - 1):
        raise ProofError(f"[{start}, {end}) is no subtree")


# ------------------------------------------------------------------ tiles and bundles


def tile_path(level: int | None, index: int, width: int = WIDTH) -> str:
    """Where a tile lies below the log's folder; `level` None is the entries'. 'tile/0/x001/234.p/7'."""
    last = f"{index % 1000:03d}"
    above = index // 1000
    while above:
        last = f"x{above % 1000:03d}/{last}"
        above //= 1000
    suffix = "" if width == WIDTH else f".p/{width}"
    return f"tile/{'entries' if level is None else level}/{last}{suffix}"


def parse_tile_path(name: str) -> tuple[int, int, int] | None:
    """(level, index, width) of a path that `tile_path` gives, entries as level 0; None for any other."""
    found = _TILE_PATH.fullmatch(name)
    if found is None:
        return None
    level = 0 if found[1] == "entries" else int(found[1])
    return level, int(re.sub(r"\D", "", found[2])), int(found[3] or WIDTH)


def tile_width(level: int, index: int, size: int) -> int:
    """How many hashes the tile holds in a tree of `size`; 0 where it does not exist."""
    return max(0, min(WIDTH, (size >> (HEIGHT * level)) - index * WIDTH))


def tile_levels(size: int) -> range:
    """The tile levels that a tree of `size` has."""
    return range(max(0, (size.bit_length() - 1) // HEIGHT + 1) if size else 0)


def pack_bundle(entries: Iterable[bytes]) -> bytes:
    """Entries as one bundle: each behind its length, 16 bits, big-endian."""
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def unpack_bundle(bundle: bytes, count: int) -> list[bytes]:
    """The first `count` entries of a bundle. Raises BundleError at the byte where it breaks."""
    entries: list[bytes] = []
    at = 0
    for _ in range(count):
        if at + 2 > len(bundle):
            raise BundleError(at, f"expected {count} entries, found {len(entries)}")
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if end > len(bundle):
            raise BundleError(at, f"an entry of {end - at - 2} bytes is cut off after {len(bundle) - at - 2}")
        entries.append(bundle[at + 2 : end])
        at = end
    return entries
