"""How fast the archive and the ledger are: `python bench/archive.py [entries]` prints figures, and keeps nothing."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tocsin.archive import Archive, check
from tocsin.archive.log import TileLog
from tocsin.archive.note import Signer
from tocsin.archive.tiles import leaf_hash, verify_inclusion
from tocsin.ledger import Ledger
from tocsin.records import Capture, Refusal, digest

SEEN = "2019-03-24T00:00:00Z"
WORDS = ["the", "of", "and", "said", "forces", "border", "minister", "reported", "troops", "denied", "near", "talks"]


def page(n: int, words: int) -> tuple[Capture, bytes]:
    body = " ".join(random.Random(n).choices(WORDS, k=words)).encode() + b" %d" % n
    return Capture(SEEN, "wire", f"https://wire.example/{n}", 200, digest(body), "text", f"page {n}"), body


def timed(what: str, started: float, count: int) -> None:
    took = time.perf_counter() - started
    print(f"{what:<44} {count:>9,} in {took:6.2f} s  ({count / took:>11,.0f} a second)")


def measure_entries(home: Path, count: int) -> None:
    with Archive.create(home, "example.org/bench", SEEN) as archive:
        first = page(0, 300)
        archive.append([first])
        started = time.perf_counter()
        archive.append((first[0], None) for _ in range(count))
        timed("entries appended in one call", started, count)
        started = time.perf_counter()
        for _ in range(100):
            archive.append([(first[0], None)])
        timed("entries appended one by one", started, 100)
        started = time.perf_counter()
        for index in range(0, archive.size, max(1, archive.size // 2_000)):
            leaf = leaf_hash(next(archive.log.entries(index, index + 1)))
            verify_inclusion(index, archive.size, leaf, archive.log.inclusion(index), archive.log.root)
        timed("inclusion proofs made and verified", started, 2_000)
    started = time.perf_counter()
    timed("entries read", started, sum(1 for _ in Archive.open(home).entries()))
    started = time.perf_counter()
    faults = check(home)
    timed(f"entries checked ({len(faults)} faults)", started, count)


def measure_log(folder: Path, count: int) -> None:
    """The public log: entries written under one checkpoint after another, then each one proved and the proof held."""
    folder.mkdir()
    entries = [b"bulletin %d " % n * 30 for n in range(count)]
    log = TileLog.create(folder, Signer.make("bench.example/log"))
    started = time.perf_counter()
    for start in range(0, count, 10_000):
        log.append(entries[start : start + 10_000])
    for index, entry in enumerate(entries):
        verify_inclusion(index, log.size, leaf_hash(entry), log.inclusion(index), log.root)
    timed("log entries written, proved and verified", started, count)


def measure_bodies(home: Path, count: int) -> None:
    pages = [page(n, 800) for n in range(count)]
    with Archive.create(home, "example.org/bench", SEEN) as archive:
        started = time.perf_counter()
        archive.append(pages)
        timed("pages of 5 kB appended", started, count)
    started = time.perf_counter()
    reader = Archive.open(home)
    for capture, _ in pages:
        reader.body(capture.body)
    timed("pages read back, verified", started, count)
    for index in (home / "archive" / "warc").glob("*.idx"):
        index.unlink()
    started = time.perf_counter()
    Archive.open(home).locate(pages[0][0].body)
    timed("pages indexed anew", started, count)


def measure_ledger(folder: Path, count: int) -> None:
    def records() -> Iterator[tuple[int, Refusal]]:
        return ((n, Refusal(f"page {n}", "read", "no text")) for n in range(count))

    ledger = Ledger(f"sqlite:///{folder / 'ledger.db'}")
    started = time.perf_counter()
    ledger.rebuild(records(), upto=count)
    timed("records derived into a new ledger", started, count)
    started = time.perf_counter()
    timed("records exported", started, sum(1 for _ in ledger.export()) - 1)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        measure_entries(Path(folder) / "entries", count)
        measure_log(Path(folder) / "log", count)
        measure_bodies(Path(folder) / "bodies", count // 10)
        measure_ledger(Path(folder), count)


if __name__ == "__main__":
    main()
