"""The archive keeps what it acknowledged, through any crash, and says which byte is wrong."""

from __future__ import annotations

import dataclasses
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as WarcioIterator
from warcio.checker import Checker

from disks import Crash, FailingDisk, Fault, QuickDisk
from tocsin.archive import (
    Archive,
    ArchiveError,
    Busy,
    MissingBody,
    Unacceptable,
    check,
    decode_entry,
    encode_entry,
)
from tocsin.archive.note import Checkpoint, verify
from tocsin.archive.tiles import leaf_hash, verify_consistency, verify_inclusion
from tocsin.records import Adopted, Answer, Capture, Entry, Receipt, Recipe, Tick, Withdrawn, canonical, digest, plain

ORIGIN = "example.org/tocsin"
START = "2019-03-01T00:00:00Z"
Item = tuple[Entry, bytes | None]


def at(day: int, second: int = 0) -> str:
    return f"2019-03-{day:02d}T00:{second // 60:02d}:{second % 60:02d}Z"


def page(n: int, day: int = 2, size: int = 40) -> tuple[Capture, bytes]:
    body = f"<p>Report {n} ".encode() + random.Random(n).randbytes(size)
    return Capture(at(day), "wire", f"https://wire.example/{n}", 200, digest(body), "html", f"page {n}"), body


def ticks(count: int, day: int = 2) -> list[Item]:
    return [(Tick(at(day)), None) for _ in range(count)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    Archive.create(tmp_path / "home", ORIGIN, START, files=QuickDisk()).close()
    return tmp_path / "home"


@pytest.fixture
def archive(home: Path) -> Iterator[Archive]:
    with Archive.open(home, write=True, files=QuickDisk()) as opened:
        yield opened


# ------------------------------------------------------------------ what goes in comes out


def test_entries_of_every_kind_come_back_as_they_went_in(archive: Archive, home: Path) -> None:
    rules = b"the rule bundle"
    entries: list[Item] = [
        (Adopted(at(1), Recipe("c", digest(rules), "e"), digest(rules)), rules),
        page(1),
        (Tick(at(3)), None),
        (Answer(at(3), "old news?", "anna", "ja, «alt» \u2028 \x00"), None),
        (Receipt(at(3), "b1", "mail", {"sent": 3, "refused": 0}), None),
    ]
    assert archive.append(entries) == range(5)
    with Archive.open(home) as reader:
        assert [entry for _, entry in reader.entries()] == [entry for entry, _ in entries]
        assert [position for position, _ in reader.entries(1, 3)] == [1, 2]
        assert reader.body(digest(rules)) == rules
        assert reader.body(page(1)[0].body) == page(1)[1]
    assert check(home) == []


def test_one_body_is_stored_once(archive: Archive, home: Path) -> None:
    capture, body = page(1)
    archive.append([(capture, body), (capture, body)])
    archive.append([(capture, body), (capture, None)])
    names = [r.headers["WARC-Payload-Digest"] for r in _records(home) if r.record_type == WarcRecordType.resource]
    assert names == [capture.body]
    assert archive.size == 4


def test_as_of_is_the_position_after_the_last_entry_seen_by_then(archive: Archive) -> None:
    archive.append([*ticks(300, day=2), *ticks(2, day=4), (Tick(at(4, 90)), None)])
    assert archive.as_of("2019-03-01") == 0
    assert archive.as_of("2019-03-02") == archive.as_of("2019-03-03T23:59:59Z") == 300
    assert archive.as_of(at(4)) == 302
    assert archive.as_of("2019-03-04") == archive.as_of("2030-01-01") == 303
    with pytest.raises(ArchiveError, match="a time is written"):
        archive.as_of("March 2019")


def test_history_can_be_imported_under_rules_adopted_today_and_then_time_runs_on(archive: Archive, home: Path) -> None:
    adopted = Adopted("2026-01-01T00:00:00Z", Recipe("c", digest(b"r"), "e"), digest(b"r"))
    archive.append([(adopted, b"r")])
    assert archive.as_of("2019-03-02") == 0
    archive.append([*ticks(2, day=2), page(1, day=4)])
    assert [archive.as_of(f"2019-03-0{day}") for day in (1, 2, 4)] == [0, 3, 4]
    with pytest.raises(Unacceptable, match="before its predecessor"):
        archive.append(ticks(1, day=3))
    assert check(home) == []
    assert archive.append([(adopted, None), (Tick("2026-01-02T00:00:00Z"), None)]).stop == 6
    assert archive.as_of("2019-03-05") == 4


def test_a_reader_sees_the_archive_as_of_its_opening_until_it_reloads(archive: Archive, home: Path) -> None:
    archive.append(ticks(200))
    reader = Archive.open(home)
    archive.append(ticks(100))  # the partial tiles that the reader knows give way to full ones
    assert len(list(reader.entries())) == reader.size == 200
    reader.reload()
    assert len(list(reader.entries())) == reader.size == 300


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ((Tick(at(1)), None), "before its predecessor"),
        ((Tick("2019-03-05"), None), "a time is written"),
        ((Tick("2019-03-45T00:00:00Z"), None), "can't be appended"),
        ((page(1, day=9)[0], None), "not held"),
        ((page(1, day=9)[0], b"other"), "its bytes have"),
        ((Tick(at(9)), b"bytes"), "carries no bytes"),
        ((dataclasses.replace(page(1, day=9)[0], body="sha256:../x"), None), "not held"),
        ((Withdrawn(at(9), digest(b""), "asked"), None), "erases the bytes too"),
        ((Answer(at(9), "q", "a", "x" * 70_000), None), "at most 65535"),
        ((Answer(at(9), "q", "a", "\ud800"), None), "can't be appended"),
    ],
)
def test_an_unacceptable_entry_is_refused_and_nothing_of_its_batch_written(
    archive: Archive, home: Path, item: Item, reason: str
) -> None:
    archive.append(ticks(1, day=2))
    with pytest.raises(Unacceptable, match=reason):
        archive.append([page(7, day=8), item])
    assert archive.append(ticks(1, day=3)) == range(1, 2)
    assert check(home) == []


def test_a_reader_does_not_write_and_a_home_without_archive_says_so(home: Path, tmp_path: Path) -> None:
    with Archive.open(home) as reader, pytest.raises(ArchiveError, match="reading only"):
        reader.append(ticks(1))
    with pytest.raises(ArchiveError, match="tocsin init"):
        Archive.open(tmp_path / "nowhere")
    with pytest.raises(ArchiveError, match="already"):
        Archive.create(home, ORIGIN, START)
    (home / "archive" / "checkpoint").unlink()  # as where the making was cut short
    with pytest.raises(ArchiveError, match="the key found is that of"):
        Archive.create(home, "example.com/other", START)
    Archive.create(home, ORIGIN, START).close()


def test_the_second_writer_is_told_who_writes_and_readers_never_wait(archive: Archive, home: Path) -> None:
    script = "import sys; from tocsin.archive import *\ntry: Archive.open(sys.argv[1], write=True)\n"
    script += "except Busy as e: print(e.holder)"
    told = subprocess.run([sys.executable, "-c", script, str(home)], capture_output=True, text=True, check=True)
    assert int(told.stdout) == os.getpid()
    with pytest.raises(Busy, match=f"process {os.getpid()} is writing"):
        Archive.open(home, write=True)
    assert Archive.open(home).size == 0


def test_the_secret_key_is_the_owners_alone(home: Path) -> None:
    assert (home / "keys" / "archive.key").stat().st_mode & 0o777 == 0o600
    assert (home / "keys").stat().st_mode & 0o777 == 0o700


# ------------------------------------------------------------------ bytes that other tools read


def _records(home: Path) -> list[Any]:
    found: list[Any] = []
    for path in sorted((home / "archive" / "warc").glob("*.warc.gz")):
        with open(path, "rb") as stream:
            found.extend(ArchiveIterator(stream, parse_http=False, verify_digests=True))
    return found


def test_segments_open_in_warcio_and_fastwarc_with_their_digests(home: Path) -> None:
    with Archive.open(home, write=True, segment_bytes=2_000) as archive:
        odd = Capture(at(2), "", "", 0, digest(b""), "text", "C:\\a\r\nWARC-Type: evil.txt")
        spaced = Capture(at(2), "", "https://x.example/ä b\r\nX: y", 200, digest(b"z"), "pdf", "")
        archive.append([*(page(n, size=500) for n in range(12)), (odd, b""), (spaced, b"z")])
    paths = sorted((home / "archive" / "warc").glob("*.warc.gz"))
    assert len(paths) > 2
    checker = Checker(type("Options", (), {"inputs": [], "verbose": False}))
    bodies = {}
    for path in paths:
        checker.process_one(str(path))
        assert checker.exit_value == 0
        with open(path, "rb") as stream:
            for record in WarcioIterator(stream):
                bodies[record.rec_headers["WARC-Payload-Digest"]] = record.raw_stream.read()
    assert {digest(body) for body in bodies.values()} >= {page(n, size=500)[0].body for n in range(12)}
    assert len([r for r in _records(home) if r.record_type == WarcRecordType.resource]) == 14
    assert check(home) == []


def test_the_same_input_gives_the_same_segments(tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        with Archive.create(tmp_path / name, ORIGIN, START) as archive:
            archive.append(page(n) for n in range(5))
        made.append((tmp_path / name / "archive" / "warc" / "tocsin-000000.warc.gz").read_bytes())
    assert made[0] == made[1]


def test_deleting_the_index_costs_a_scan_and_nothing_else(archive: Archive, home: Path) -> None:
    archive.append(page(n) for n in range(20))
    archive.close()
    (index,) = (home / "archive" / "warc").glob("*.idx")
    good = index.read_bytes()
    for spoilt in (None, b"", good[:-5], good[:30] + bytes([good[30] ^ 1]) + good[31:]):
        index.unlink(missing_ok=True)
        if spoilt is not None:
            index.write_bytes(spoilt)
        assert Archive.open(home).body(page(13)[0].body) == page(13)[1]


def test_an_entry_is_proved_to_a_stranger_with_the_public_key_alone(archive: Archive) -> None:
    archive.append(ticks(300))
    older = archive.checkpoint
    archive.append(page(n) for n in range(400))
    text, _ = verify(archive.checkpoint, [archive.log.verifier])
    head = Checkpoint.parse(text)
    entry = encode_entry(page(5)[0])
    verify_inclusion(305, head.size, leaf_hash(entry), archive.log.inclusion(305), head.root)
    before = Checkpoint.parse(verify(older, [archive.log.verifier])[0])
    verify_consistency(before.size, head.size, before.root, head.root, archive.log.consistency(before.size))
    proof = archive.log.proof_text(305)
    assert proof.startswith(b"c2sp.org/tlog-proof@v1\nindex 305\n")
    assert proof.endswith(b"\n\n" + archive.checkpoint)


# ------------------------------------------------------------------ withdrawing


def test_withdrawn_bytes_are_erased_the_digest_stays_and_they_do_not_come_back(archive: Archive, home: Path) -> None:
    archive.append(page(n) for n in range(5))
    capture, body = page(3)
    assert archive.withdraw(capture.body, "asked by\r\nthe publisher", at(5)) == 5
    for opened in (archive, Archive.open(home)):
        with pytest.raises(MissingBody, match="withdrawn") as missing:
            opened.body(capture.body)
        assert missing.value.withdrawn
        assert opened.locate(capture.body) == "withdrawn"
        assert opened.body(page(4)[0].body) == page(4)[1]
    archive.append([(page(3, day=6)[0], body)])
    blocks = [record.reader.read() for record in _lazy_records(home)]
    assert not any(body in block for block in blocks)
    assert any(capture.body.encode() in block for block in blocks)
    assert [e for _, e in archive.entries(5, 6)] == [Withdrawn(at(5), capture.body, "asked by\r\nthe publisher")]
    assert check(home) == []
    with pytest.raises(MissingBody):
        archive.withdraw(capture.body, "again", at(7))


def _lazy_records(home: Path) -> Iterator[Any]:
    for path in sorted((home / "archive" / "warc").glob("*.warc.gz")):
        with open(path, "rb") as stream:
            yield from ArchiveIterator(stream, parse_http=False)


# ------------------------------------------------------------------ crashes

BASE = 250
SEGMENT = 1_500


def _script() -> list[list[Item] | str]:
    """Batches that meet every case: new bodies, a new segment, full tiles, a withdrawal."""
    return [
        [page(1), page(2)],
        [*(page(n, day=3, size=300) for n in range(3, 10)), *ticks(20, day=3)],
        page(4)[0].body.replace(page(4)[0].body, page(4, size=300)[0].body),
        [page(20, day=6), *ticks(1, day=6)],
    ]


def _run(home: Path, disk: FailingDisk) -> tuple[int, list[Entry]]:
    """Run the script until it ends or crashes: how many entries were acknowledged, and all that were tried."""
    tried = [Tick(at(2))] * BASE
    entries: list[Entry] = list(tried)
    acknowledged = BASE
    try:
        with Archive.open(home, write=True, files=disk, segment_bytes=SEGMENT) as archive:
            for step in _script():
                if isinstance(step, str):
                    entries.append(Withdrawn(at(5), step, "asked"))
                    archive.withdraw(step, "asked", at(5))
                else:
                    entries.extend(entry for entry, _ in step)
                    archive.append(step)
                acknowledged = archive.size
    except (Crash, ArchiveError) as error:
        if not isinstance(error, Crash) and not isinstance(error.__cause__, Crash):
            raise
    return acknowledged, entries


def _assert_whole(home: Path, acknowledged: int, tried: list[Entry]) -> None:
    """Readable at once, complete to the last acknowledged entry, and good for further appends."""
    reader = Archive.open(home)
    found = [entry for _, entry in reader.entries()]
    assert len(found) >= acknowledged
    assert found == tried[: len(found)]
    gone = {entry.body for entry in found if isinstance(entry, Withdrawn)}
    for entry in found:
        if isinstance(entry, Capture) and entry.body not in gone:
            assert digest(reader.body(entry.body)) == entry.body
    assert [f for f in check(home) if "any write ends it" not in f.problem] == []
    with Archive.open(home, write=True, files=QuickDisk(), segment_bytes=SEGMENT) as archive:
        size = archive.append([page(99, day=9), *ticks(3, day=9)]).stop
        assert size == len(found) + 4 or archive.size == size
    after = Archive.open(home)
    assert [entry for _, entry in after.entries(size - 4)] == [page(99, day=9)[0], *[Tick(at(9))] * 3]
    for name in gone:
        with pytest.raises(MissingBody):
            after.body(name)
    assert check(home) == []


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("base") / "home"
    with Archive.create(home, ORIGIN, START, files=QuickDisk(), segment_bytes=SEGMENT) as archive:
        archive.append(ticks(BASE))
    return home


def _acts(base: Path, tmp_path: Path) -> int:
    home = shutil.copytree(base, tmp_path / "dry")
    disk = FailingDisk(home)
    acknowledged, tried = _run(home, disk)
    assert acknowledged == len(tried)
    _assert_whole(home, acknowledged, tried)
    return disk.acts


@pytest.mark.parametrize("fault", ["lost", "done", "short"])
def test_a_crash_at_any_act_loses_nothing_that_was_acknowledged(base: Path, tmp_path: Path, fault: Fault) -> None:
    acts = _acts(base, tmp_path)
    assert acts > 60
    for n in range(acts):
        home = shutil.copytree(base, tmp_path / str(n))
        acknowledged, tried = _run(home, FailingDisk(home, n, fault))
        _assert_whole(home, acknowledged, tried)
        shutil.rmtree(home)


@pytest.mark.parametrize("names_survive", [False, True], ids=["synced only", "names without bytes"])
def test_a_power_cut_at_any_act_loses_nothing_that_was_acknowledged(
    base: Path, tmp_path: Path, names_survive: bool
) -> None:
    for n in range(_acts(base, tmp_path)):
        home = shutil.copytree(base, tmp_path / str(n))
        disk = FailingDisk(home, n, "lost")
        acknowledged, tried = _run(home, disk)
        survivor = disk.power_cut(tmp_path / f"{n}-after", names_survive)
        _assert_whole(survivor, acknowledged, tried)
        shutil.rmtree(home)
        shutil.rmtree(survivor)


WRITER = """
import sys
from tocsin.archive import Archive
from tocsin.records import Capture, digest
with Archive.open(sys.argv[1], write=True, segment_bytes=20_000) as archive:
    n = archive.size
    while True:
        bodies = [b"%d " % (n + i) * 50 for i in range(7)]
        archive.append([(Capture("2019-03-02T00:00:00Z", "", "", 200, digest(b), "text", ""), b) for b in bodies])
        n = archive.size
        print(n, flush=True)
"""


def test_a_killed_writer_leaves_all_that_it_acknowledged(home: Path) -> None:
    chance = random.Random(7)
    for _ in range(10):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(home)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout
        told = [writer.stdout.readline() for _ in range(chance.randint(1, 25))]
        writer.send_signal(signal.SIGKILL)
        told += writer.stdout.readlines()
        writer.wait()
        whole = [int(line) for line in told if line.endswith("\n")]
        reader = Archive.open(home)
        assert reader.size >= whole[-1]
        assert all(reader.body(entry.body) for _, entry in reader.entries() if isinstance(entry, Capture))
        assert check(home) == []
    with Archive.open(home, write=True) as archive:
        archive.append(ticks(1))
    assert check(home) == []


def test_after_a_failed_append_the_archive_must_be_opened_again(home: Path) -> None:
    disk = FailingDisk(home, 6)
    archive = Archive.open(home, write=True, files=disk)
    with pytest.raises(ArchiveError, match="a write failed"):
        archive.append([page(1)])
    with pytest.raises(ArchiveError, match="open it again"):
        archive.append([page(1)])


# ------------------------------------------------------------------ which byte is wrong


def _files(home: Path) -> list[Path]:
    skipped = {"lock"}
    return [
        p for p in sorted((home / "archive").rglob("*")) if p.is_file() and p.name not in skipped and p.suffix != ".idx"
    ]


def test_every_flipped_byte_is_found_and_its_file_named(archive: Archive, home: Path) -> None:
    archive.append([*(page(n) for n in range(3)), *ticks(2, day=3)])
    archive.withdraw(page(1)[0].body, "asked", at(4))
    archive.close()
    assert check(home) == []
    for path in _files(home):
        good = path.read_bytes()
        for byte in range(len(good)):
            path.write_bytes(good[:byte] + bytes([good[byte] ^ (1 << byte % 8)]) + good[byte + 1 :])
            faults = check(home)
            assert path.relative_to(home).as_posix() in {f.file for f in faults}, (path, byte, faults)
        path.write_bytes(good)
    assert check(home) == []


@pytest.mark.parametrize(
    ("name", "byte", "told"),
    [
        ("tile/entries/000", 5_000, range(4_900, 5_001)),
        ("tile/entries/002.p/88", 100, range(101)),
        ("tile/0/001", 777, range(777, 778)),
        ("tile/0/002.p/88", 33, range(33, 34)),
        ("tile/1/000.p/2", 40, range(40, 41)),
        ("warc/tocsin-000000.warc.gz", 3_000, range(2_000, 3_001)),
    ],
)
def test_the_wrong_byte_is_named_in_a_larger_archive(
    archive: Archive, home: Path, name: str, byte: int, told: range
) -> None:
    archive.append([*(page(n) for n in range(200)), *ticks(400, day=3)])
    archive.close()
    path = home / "archive" / name
    good = path.read_bytes()
    path.write_bytes(good[:byte] + bytes([good[byte] ^ 4]) + good[byte + 1 :])
    faults = check(home)
    assert {f.file for f in faults} - {"archive/warc"} == {f"archive/{name}"}
    assert faults[0].byte in told
    path.unlink()
    assert any(f.file == f"archive/{name}" or "missing" in f.problem for f in check(home))


def test_a_writer_never_builds_on_a_damaged_edge(archive: Archive, home: Path) -> None:
    archive.append(page(n) for n in range(3))
    archive.close()
    for name in ("tile/0/000.p/3", "tile/entries/000.p/3", "checkpoint", "warc/tocsin-000000.warc.gz"):
        path = home / "archive" / name
        good = path.read_bytes()
        for index in path.parent.glob("*.idx"):
            index.unlink()
        path.write_bytes(good[:-20] if "warc" in name else good[:40] + bytes([good[40] ^ 1]) + good[41:])
        with pytest.raises(ArchiveError):
            Archive.open(home, write=True)
        path.write_bytes(good)
    Archive.open(home, write=True).close()


def test_an_archive_that_lost_its_checkpoint_or_key_says_so(archive: Archive, home: Path) -> None:
    archive.append(ticks(2))
    archive.close()
    (home / "keys" / "archive.vkey").write_text("nonsense")
    assert [f.file for f in check(home)] == ["keys/archive.vkey"]
    (home / "archive" / "checkpoint").unlink()
    assert [f.file for f in check(home)] == ["archive/checkpoint"]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 999))
def test_entries_are_written_in_canonical_json(words: str, status: int) -> None:
    for entry in (Capture(None, words, words, status, "b", "text", words), Answer(words, words, words, words)):
        assert encode_entry(entry) == canonical({"type": type(entry).__name__, **plain(entry)})
        assert decode_entry(encode_entry(entry)) == entry


def test_bytes_that_are_no_entry_are_refused_with_a_reason() -> None:
    for data in (b"[]", b"{}", b'{"type":"Tock"}', b'{"type":"Tick"}', b'{"type":"Tick","seen":"x","more":1}', b"\xff"):
        with pytest.raises(ValueError, match=r"."):
            decode_entry(data)
