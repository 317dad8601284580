"""Proofs come out as the published vectors say; tiles and paths are those of C2SP tlog-tiles."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.archive.note import Checkpoint, NoteError, Signer, Verifier, sign, verify
from tocsin.archive.tiles import (
    BundleError,
    ProofError,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    nodes_over,
    pack_bundle,
    parse_tile_path,
    tile_path,
    tile_width,
    tree_root,
    unpack_bundle,
    verify_consistency,
    verify_inclusion,
    verify_subtree_consistency,
    verify_subtree_inclusion,
)
from world import EVAL

VECTORS = EVAL / "publish" / "tlog" / "merkle"
CASES = sorted(VECTORS.rglob("*.json"))
LEAVES = [leaf_hash(f"entry {i}".encode()) for i in range(70)]
NODE = nodes_over(LEAVES)


def _raw(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def _run_vector(kind: str, case: dict[str, object]) -> None:
    proof = [_raw(p) for p in case.get("proof") or []]  # type: ignore[attr-defined]
    number = {k: int(v) for k, v in case.items() if isinstance(v, int)}
    told = {k: _raw(v) for k, v in case.items() if k in ("root", "root1", "root2", "leafHash") and isinstance(v, str)}
    if kind == "inclusion":
        verify_inclusion(number["leafIdx"], number["treeSize"], told["leafHash"], proof, told["root"])
    elif kind == "consistency":
        verify_consistency(number["size1"], number["size2"], told["root1"], told["root2"], proof)
    elif kind == "subtreeinclusion":
        span = number["start"], number["end"]
        verify_subtree_inclusion(number["leafIdx"], *span, told["leafHash"], proof, told["root"])
    else:
        span = number["start"], number["end"]
        verify_subtree_consistency(*span, number["size"], told["root1"], told["root2"], proof)


@pytest.mark.skipif(not CASES, reason=f"the proof vectors are not at {VECTORS} (set TOCSIN_EVAL)")
def test_every_published_proof_vector_comes_out_as_it_should() -> None:
    wrong = []
    for path in CASES:
        case = json.loads(path.read_text())
        try:
            _run_vector(path.relative_to(VECTORS).parts[0], case)
            failed = None
        except ProofError as error:
            failed = str(error)
        if bool(failed) != case["wantErr"]:
            wrong.append((path.relative_to(VECTORS), case["desc"], failed))
    assert not wrong
    assert len(CASES) > 200


@given(st.integers(1, len(LEAVES)), st.data())
def test_each_proof_made_is_accepted_and_one_changed_bit_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    root = tree_root(size, NODE)
    proof = inclusion_proof(index, size, NODE)
    verify_inclusion(index, size, LEAVES[index], proof, root)
    if proof:
        which = data.draw(st.integers(0, len(proof) - 1))
        proof[which] = bytes([proof[which][0] ^ 1]) + proof[which][1:]
        with pytest.raises(ProofError):
            verify_inclusion(index, size, LEAVES[index], proof, root)


@given(st.integers(1, len(LEAVES)), st.data())
def test_a_tree_is_proved_to_continue_an_older_one_and_no_other(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    proof = consistency_proof(old, new, NODE)
    verify_consistency(old, new, tree_root(old, NODE), tree_root(new, NODE), proof)
    forged = nodes_over([leaf_hash(b"forged"), *LEAVES[1:]])
    with pytest.raises(ProofError):
        verify_consistency(old, new, tree_root(old, forged), tree_root(new, NODE), proof)


def test_paths_and_widths_are_those_of_the_tlog_tiles_text() -> None:
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_path(1, 0, 17) == "tile/1/000.p/17"
    assert tile_path(None, 273, 112) == "tile/entries/273.p/112"
    for level, index, width in ((0, 1234067, 256), (3, 0, 17), (0, 999, 1), (0, 1000, 255)):
        assert parse_tile_path(tile_path(level, index, width)) == (level, index, width)
        assert parse_tile_path(tile_path(None, index, width)) == (0, index, width)
    assert parse_tile_path("tile/0") is parse_tile_path("tile/0/000.p") is None
    widths = [(tile_width(0, 273, 70_000)), tile_width(1, 1, 70_000), tile_width(2, 0, 70_000)]
    assert widths == [112, 17, 1]
    assert tile_width(0, 0, 256) == 256
    assert tile_width(1, 0, 256) == 1


def test_bundles_hold_entries_of_any_bytes_and_say_where_they_break() -> None:
    entries = [b"", b"a", bytes(0xFFFF)]
    bundle = pack_bundle(entries)
    assert unpack_bundle(bundle, 3) == entries
    with pytest.raises(BundleError) as broken:
        unpack_bundle(bundle[:-1], 3)
    assert broken.value.byte == 5


def test_a_note_is_verified_by_its_key_alone_and_refuses_any_changed_byte() -> None:
    signer, stranger = Signer.make("example.org/tocsin"), Signer.make("example.org/tocsin")
    head = Checkpoint("example.org/tocsin", 5, bytes(32))
    note = sign(head.text, [stranger, signer])
    text, signed = verify(note, [Verifier.parse(signer.verifier.vkey)])
    assert Checkpoint.parse(text) == head
    assert signed == (signer.verifier,)
    note = sign(head.text, [signer])
    for at in range(len(note)):
        changed = note[:at] + bytes([note[at] ^ 1]) + note[at + 1 :]
        with pytest.raises(NoteError):
            verify(changed, [signer.verifier])


def test_keys_survive_being_written_and_a_mistyped_one_is_refused() -> None:
    signer = Signer.make("example.org/tocsin")
    assert Signer.parse(signer.secret) == signer
    assert signer.secret not in repr(signer)
    with pytest.raises(NoteError, match="key ID"):
        Verifier.parse(signer.verifier.vkey.replace("example.org", "example.com"))
    for name in ("", "with space", "with+plus"):
        with pytest.raises(NoteError):
            Signer.make(name)


@pytest.mark.parametrize(
    "text", ["o\n05\nAAAA\n", "o\n-1\n\n", "o\n1\n", "o\n1\nAAAA\n", "\n1\nAA==\n", "o\n1\nx\ny\n"]
)
def test_a_malformed_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.parse(text)


SPEC = EVAL / "publish" / "tlog" / "c2sp_examples" / "signed-note.md"


@pytest.mark.skipif(not SPEC.is_file(), reason=f"the C2SP texts are not at {SPEC.parent} (set TOCSIN_EVAL)")
def test_the_example_of_the_signed_note_text_verifies() -> None:
    example = Path(SPEC).read_text().partition("### Example")[2]
    vkey = re.search(r"^\s+(\S+\+[0-9a-f]{8}\+\S+)$", example, re.MULTILINE)
    note = re.search(r"```\n(.*?)```", example, re.DOTALL)
    assert vkey
    assert note
    assert verify(note[1].encode(), [Verifier.parse(vkey[1])])[0] == "This is an example message.\n"
