"""Go's golang.org/x/mod/sumdb, which knows nothing of us, verifies our logs and refuses one flipped byte."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tocsin.archive.log import TileLog
from tocsin.archive.note import Signer

SOURCE = Path(__file__).parent / "go" / "tlogcheck"
LIBRARY = Path("/usr/share/gocode")  # where Debian's golang-golang-x-mod-dev puts it
MISSING = shutil.which("go") is None or not (LIBRARY / "src/golang.org/x/mod/sumdb/tlog").is_dir()
pytestmark = pytest.mark.skipif(MISSING, reason="no Go with golang.org/x/mod; run `make deps` as root")

SIGNER = Signer.make("outside.example/log")


@pytest.fixture(scope="session")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("go")
    program = folder / "tlogcheck"
    settings = {"GOPATH": str(LIBRARY), "GO111MODULE": "off", "GOCACHE": str(folder / "cache"), "GOFLAGS": ""}
    subprocess.run(["go", "build", "-o", str(program), "."], cwd=SOURCE, env={**os.environ, **settings}, check=True)
    return program


def _run(checker: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([checker, *arguments], capture_output=True, text=True, check=False)


def _log(folder: Path, entries: int, at_once: int = 300) -> TileLog:
    folder.mkdir()
    log = TileLog.create(folder, SIGNER)
    for start in range(0, entries, at_once):
        log.append([f"entry {i} of a log".encode() for i in range(start, min(entries, start + at_once))])
    return log


@pytest.mark.parametrize("entries", [1, 255, 256, 257, 700, pytest.param(70_000, marks=pytest.mark.prove)])
def test_go_finds_every_entry_under_the_signed_checkpoint(tmp_path: Path, checker: Path, entries: int) -> None:
    _log(tmp_path / "log", entries)
    checked = _run(checker, "log", tmp_path / "log", SIGNER.verifier.vkey)
    assert (checked.returncode, checked.stdout.strip()) == (0, str(entries)), checked.stderr


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_go_refuses_one_flipped_byte_in_any_file_of_the_log(tmp_path: Path, checker: Path) -> None:
    _log(tmp_path / "log", 700, at_once=700)  # no partial tile of an earlier, smaller tree is left
    files = _files(tmp_path / "log")
    assert len(files) >= 7
    for path in files:
        kept = path.read_bytes()
        for at in (0, len(kept) // 2, len(kept) - 1):
            path.write_bytes(kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :])
            checked = _run(checker, "log", tmp_path / "log", SIGNER.verifier.vkey)
            assert checked.returncode == 1, f"byte {at} of {path.name} of {path.parent.name} may be flipped"
        path.write_bytes(kept)


def test_go_refuses_another_key(tmp_path: Path, checker: Path) -> None:
    _log(tmp_path / "log", 5)
    assert _run(checker, "log", tmp_path / "log", Signer.make(SIGNER.name).verifier.vkey).returncode == 1


def test_go_accepts_the_proof_that_lies_beside_an_entry_and_no_altered_one(tmp_path: Path, checker: Path) -> None:
    log = _log(tmp_path / "log", 700)
    proof, entry = tmp_path / "entry.tlog-proof", tmp_path / "entry"
    for index in (0, 299, 511, 699):
        proof.write_bytes(log.proof_text(index))
        entry.write_bytes(f"entry {index} of a log".encode())
        checked = _run(checker, "proof", proof, entry, SIGNER.verifier.vkey)
        assert (checked.returncode, checked.stdout.strip()) == (0, "700"), checked.stderr
    entry.write_bytes(b"entry 698 of a log")
    assert _run(checker, "proof", proof, entry, SIGNER.verifier.vkey).returncode == 1
    entry.write_bytes(b"entry 699 of a log")
    data = proof.read_bytes()
    for at in (25, 40, len(data) // 2, len(data) - 5):
        proof.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert _run(checker, "proof", proof, entry, SIGNER.verifier.vkey).returncode == 1
