"""How fast copies are found: `python bench/group.py [documents]` (default a million) prints figures.

The documents are made up: 139 words each out of a vocabulary with a natural skew, a fifth of them copies of an
earlier one with a few words changed. Beside it stands, in the same run, a plain Python loop that makes the
shingles of a sample of them and nothing else.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tocsin.bundle import read_folder
from tocsin.group.bulk import Bulk
from tocsin.records import Document
from tocsin.rules import parse

WORDS, COPIES, BATCH, SAMPLE = 139, 0.2, 1024, 4_000
SYLLABLES = ["ka", "lor", "mi", "ten", "su", "var", "pel", "do", "ri", "nas", "bel", "tu"]


def vocabulary() -> list[str]:
    made = ["".join(SYLLABLES[int(digit, 12)] for digit in np.base_repr(n, 12)) for n in range(30_000)]
    made[500::50] = [str(1000 + n) for n in range(len(made[500::50]))]
    return made


def texts(count: int) -> Iterator[tuple[str, int]]:
    """Texts in order, each with the place of the one that it copies, or -1."""
    chance, words = np.random.default_rng(7), np.array(vocabulary(), dtype=object)
    shares = np.cumsum(1.0 / np.arange(3, len(words) + 3))
    kept = np.zeros((max(1, count // 50), WORDS), dtype=np.int32)  # what may be copied later
    origin = np.zeros(len(kept), dtype=np.int64)
    filled = 0
    for place in range(count):
        copy = filled > 0 and chance.random() < COPIES
        if copy:
            seat = int(chance.integers(filled))
            numbers = kept[seat].copy()
            numbers[chance.integers(WORDS, size=4)] = chance.integers(500, size=4)
        else:
            numbers = np.searchsorted(shares, chance.random(WORDS) * shares[-1])
        yield " ".join(words[numbers]), int(origin[seat]) if copy else -1
        if not copy and (filled < len(kept) or chance.random() < 0.1):
            seat = filled if filled < len(kept) else int(chance.integers(filled))
            kept[seat], origin[seat], filled = numbers, place, min(filled + 1, len(kept))


def document(place: int, text: str) -> Document:
    blank = dict.fromkeys(("id", "url", "title", "published", "published_basis", "modified", "language", "source"))
    blank |= dict.fromkeys(("source_id", "origin", "origin_id", "seen"))
    tuples: dict[str, tuple[()]] = dict.fromkeys(("authors", "flags", "repairs"), ())
    return Document(key=f"d{place}", input=str(place), text=text, body="", **blank, **tuples)  # type: ignore[arg-type]


def plain(sample: list[str]) -> float:
    """CPU seconds a text that a loop over shingles takes."""
    started = time.process_time()
    for text in sample:
        words = text.lower().split()
        {hash(" ".join(words[n : n + 3])) for n in range(len(words) - 2)}
    return (time.process_time() - started) / max(1, len(sample))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    bulk = Bulk(parse(read_folder(Path(__file__).resolve().parent.parent / "rules")))
    truth, batch, sample, taking = [], [], [], 0.0
    for place, (text, origin) in enumerate(texts(count)):
        truth.append(origin)
        if place < SAMPLE:
            sample.append(text)
        batch.append(document(place, text))
        if len(batch) == BATCH or place == count - 1:
            started = time.process_time()
            bulk.add(batch)
            taking += time.process_time() - started
            batch = []
    started = time.process_time()
    found = bulk.find()
    finding = time.process_time() - started
    known = np.array(truth)
    right = (found.parent >= 0) & (known >= 0) & (found.family == found.family[np.maximum(known, 0)])
    loop, total = plain(sample) * count, taking + finding
    print(f"{count:,} documents of {WORDS} words: {total:.1f} s of CPU, {taking:.1f} taking and {finding:.1f} finding")
    print(f"{total / loop:.2f} of a plain Python loop that makes the shingles alone ({loop:.1f} s)")
    recall, precision = right.sum() / max(1, (known >= 0).sum()), right.sum() / max(1, (found.parent >= 0).sum())
    print(f"copies: recall {recall:.4f}, precision {precision:.4f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB, the bench's own included")


if __name__ == "__main__":
    main()
