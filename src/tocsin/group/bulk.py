"""Copies among very many documents at once: the same decision as on arrival, over arrays.

Texts are cut into words in batches. Of each document a sample of shingles is kept as (hash, document), one
number each; sorted, equal hashes lie side by side and propose pairs. Only the proposed pairs are compared in
full, all in one go, and `tocsin.group.copies.decide` says which are copies.

Two things differ from arrival. What is formula is counted over the whole collection, not over what came before;
and names have no say in which of several parents is named. Retellings and stories are not looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tocsin.group.copies import Pairs, decide, kinds, reason_of
from tocsin.group.features import Hashes, lexicon, moment, numbers_of, rolled, slots_of, words_of
from tocsin.records import Document, Membership
from tocsin.rules import Rules

Places: TypeAlias = NDArray[np.int64]
Ragged: TypeAlias = tuple[NDArray[np.uint32], Places]  # values of all documents, and where each one's begin

_PLACE_BITS = 24
MOST = 1 << _PLACE_BITS  # documents that one call can take
_BATCH = 128  # documents whose signs fit into a processor's cache together
_PAIRS, _CELLS = 512, 1 << 18  # pairs compared in one go, and numbers of either side, at most
_NOTHING = np.uint32(0xFFFFFFFF)
_FULL = 1 << 8  # counts of a crowd end below this


@dataclass(frozen=True, slots=True)
class Found:
    """For each document the place of its parent (or -1) and of its family's first, and the pair that decided."""

    parent: Places
    family: Places
    pair: Places
    pairs: Pairs


class Bulk:
    """Takes documents in order; then finds the copies among them."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._settings = rules.grouping.copies
        self._keys: list[str] = []
        self._known: list[bool] = []
        self._moments: list[float] = []
        self._words: list[Places] = []
        self._shingles: list[NDArray[np.uint32]] = []
        self._shingle_counts: list[Places] = []
        self._numbers: list[NDArray[np.uint32]] = []
        self._slots: list[NDArray[np.uint32]] = []
        self._filled: list[NDArray[np.uint32]] = []
        self._number_counts: list[Places] = []
        self._sample: list[Hashes] = []

    def add(self, documents: Sequence[Document]) -> None:
        """Takes some documents. Raises ValueError where there are more than 2**24 in all."""
        if len(self._keys) + len(documents) > MOST:
            raise ValueError(f"more than {MOST:,} documents in one call")
        for start in range(0, len(documents), _BATCH):
            self._batch(documents[start : start + _BATCH])

    def find(self) -> Found:
        """Parents and families of all documents taken so far."""
        shingles = _ragged(self._shingles, self._shingle_counts)
        figures = [_ragged(one, self._number_counts) for one in (self._numbers, self._slots, self._filled)]
        self._shingles, self._numbers, self._slots, self._filled = [shingles[0]], *([one[0]] for one in figures)
        new, old = self._proposed()
        pairs = self._pairs(new, old, shingles, figures)
        repeats = np.zeros(len(self._keys), dtype=np.bool_)
        repeats[new[decide(pairs, self._settings)[0]]] = True
        crowd = self._crowd(shingles, repeats)
        likely = pairs.contained >= self._settings.contained / 2
        new, old = new[likely], old[likely]
        pairs = self._pairs(new, old, shingles, figures, crowd)
        copies, _ = decide(pairs, self._settings)
        strength = pairs.contained + np.where(np.array(self._known)[old], self._settings.known_margin, 0.0)
        chosen = np.flatnonzero(copies)
        chosen = chosen[np.lexsort((old[chosen], -strength[chosen], new[chosen]))]
        chosen = chosen[np.unique(new[chosen], return_index=True)[1]]
        parent, pair = np.full(len(self._keys), -1), np.full(len(self._keys), -1)
        parent[new[chosen]], pair[new[chosen]] = old[chosen], chosen
        return Found(parent, _roots(parent), pair, pairs)

    def memberships(self) -> Iterator[Membership]:
        """One for each document, in order; its story is its family, as stories are not looked for."""
        found = self.find()
        kind = kinds(found.pairs, self._settings)
        for place, (parent, family, pair) in enumerate(
            zip(found.parent.tolist(), found.family.tolist(), found.pair.tolist(), strict=True)
        ):
            first = self._keys[family]
            if parent < 0:
                yield Membership(self._keys[place], None, None, "no earlier document holds this text", first, first)
            else:
                reason = reason_of(found.pairs, pair)
                yield Membership(self._keys[place], self._keys[parent], kind[pair], reason, first, first)

    # -------------------------------------------------------------- features of a batch

    def _batch(self, documents: Sequence[Document]) -> None:
        first = len(self._keys)
        self._keys.extend(one.key for one in documents)
        self._known.extend(bool(one.origin or one.source_id) for one in documents)
        hours = [moment(one) for one in documents]
        self._moments.extend(np.nan if hour is None else hour for hour in hours)
        found = words_of("\n".join(one.text for one in documents), self._rules)
        ends = np.cumsum([len(one.text) + 1 for one in documents])
        counts = np.diff(np.searchsorted(found.start, ends), prepend=0)
        owner = np.repeat(np.arange(len(documents)), counts)
        self._words.append(counts)
        self._take_shingles(found.word, owner, counts, first)
        figures, at = numbers_of(found.word, found.digit, lexicon(self._rules))
        slots, filled = slots_of(found.word, found.digit, figures, at, owner)
        self._numbers.append(figures.astype(np.uint32))
        self._slots.append(slots.astype(np.uint32))
        self._filled.append(filled.astype(np.uint32))
        self._number_counts.append(np.bincount(owner[at], minlength=len(documents)))

    def _take_shingles(self, words: Hashes, owner: Places, counts: Places, first: int) -> None:
        size = self._rules.grouping.shingle_words
        values, held = rolled(words, size), owner[: max(0, len(words) - size + 1)]
        whole = held == owner[size - 1 :]
        values, held = values[whole], held[whole]
        short = np.flatnonzero(counts < size)
        if len(short):
            values, held = self._with_short(values, held, words, counts, short)
        own = np.bincount(held, minlength=len(counts))
        sampled = (values % np.uint64(self._settings.sample) == 0) | (own < self._settings.sample_all_below)[held]
        high = values[sampled] >> np.uint64(_PLACE_BITS) << np.uint64(_PLACE_BITS)
        self._sample.append(high | (held[sampled] + first).astype(np.uint64))
        self._shingles.append(values.astype(np.uint32))
        self._shingle_counts.append(own)

    def _with_short(
        self, values: Hashes, held: Places, words: Hashes, counts: Places, short: Places
    ) -> tuple[Hashes, Places]:
        """The shingles with those of documents that are shorter than one: all their words make one."""
        begin = np.cumsum(counts) - counts
        made = [rolled(words[begin[one] : begin[one] + counts[one]], int(counts[one]) or 1) for one in short.tolist()]
        held = np.concatenate((held, np.repeat(short, [len(one) for one in made])))
        order = np.argsort(held, kind="stable")
        return np.concatenate((values, *made))[order], held[order]

    # -------------------------------------------------------------- pairs

    def _proposed(self) -> tuple[Places, Places]:
        """Pairs (new, old) of documents that share enough of their samples."""
        sample = np.concatenate(self._sample) if self._sample else np.zeros(0, dtype=np.uint64)
        sample.sort()
        sample, _ = _counted(sample)
        self._sample = [sample]
        place = (sample & np.uint64(MOST - 1)).astype(np.int64)
        own = np.bincount(place, minlength=len(self._keys))
        opens = np.append(True, (sample[1:] ^ sample[:-1]) >= MOST)[: len(sample)]
        run = np.maximum.accumulate(np.where(opens, np.arange(len(sample)), 0))
        met = []
        for turn in range(self._settings.bulk_holders):  # the earliest holders suffice
            later = np.flatnonzero(np.arange(len(sample)) - run > turn)
            met.append(place[later] << _PLACE_BITS | place[run[later] + turn])
        pairs = np.concatenate(met)
        pairs.sort()
        pair, count = _counted(pairs)
        new, old = pair >> _PLACE_BITS, pair & (MOST - 1)
        firm = count >= np.where(np.minimum(own[new], own[old]) >= self._settings.bulk_full, 2, 1)
        new, old, count = new[firm], old[firm], count[firm]
        order = np.lexsort((old, -count, new))
        new, old = new[order], old[order]
        rank = np.arange(len(new)) - np.searchsorted(new, new)
        kept = rank < self._settings.candidates
        return new[kept], old[kept]

    def _pairs(
        self,
        new: Places,
        old: Places,
        shingles: Ragged,
        figures: Sequence[Ragged],
        crowd: NDArray[np.uint8] | None = None,
    ) -> Pairs:
        hours, words = np.array(self._moments), np.concatenate(self._words) if self._words else np.zeros(0, np.int64)
        both, mine, theirs = _overlap(new, old, shingles, crowd, self._settings.crowded)
        numbers, slots, filled = (_overlap(new, old, one) for one in figures)
        return Pairs(both, mine, theirs, *numbers, slots[0], filled[0], words[new], words[old], hours[new] - hours[old])

    def _crowd(self, shingles: Ragged, repeats: NDArray[np.bool_]) -> NDArray[np.uint8]:
        """How many documents hold each shingle, by the low bits of its hash; what repeats another text does not
        count. The table has room for two for each shingle."""
        values, begin = shingles
        room = 1 << max(16, int(2 * len(values) - 1).bit_length())
        counts = np.zeros(min(room, 1 << 28), dtype=np.uint8)
        for start in range(0, len(self._keys), _BATCH):
            end = min(start + _BATCH, len(self._keys))
            lengths = np.diff(begin[start : end + 1])
            slots = values[begin[start] : begin[end]][np.repeat(~repeats[start:end], lengths)]
            slots &= np.uint32(len(counts) - 1)
            np.add.at(counts, slots[counts[slots] < _FULL - 1 - _BATCH], np.uint8(1))
        return counts


def _ragged(values: list[NDArray[np.uint32]], counts: list[Places]) -> Ragged:
    if not values:
        return np.zeros(0, dtype=np.uint32), np.zeros(1, dtype=np.int64)
    return np.concatenate(values), np.concatenate(([0], np.cumsum(np.concatenate(counts))))


def _rows(places: Places, of: Ragged, crowd: NDArray[np.uint8] | None, crowded: int) -> NDArray[np.uint32]:
    """The values of each document in a row, sorted, each once, filled up with `_NOTHING`; those of a crowd out."""
    values, begin = of
    lengths = begin[places + 1] - begin[places]
    column = np.arange(int(lengths.max(initial=1)))
    held = column < lengths[:, None]
    rows = np.full(held.shape, _NOTHING, dtype=np.uint32)
    rows[held] = values[(begin[places][:, None] + column)[held]]
    if crowd is not None:
        rows[crowd[rows & np.uint32(len(crowd) - 1)] >= crowded] = _NOTHING
    rows.sort(axis=1)
    rows[:, 1:][rows[:, 1:] == rows[:, :-1]] = _NOTHING
    return rows


def _overlap(
    new: Places, old: Places, of: Ragged, crowd: NDArray[np.uint8] | None = None, crowded: int = 0
) -> tuple[Places, Places, Places]:
    """For each pair how many values both hold, the new one, and the old one; those of a crowd left out."""
    size = np.maximum(np.diff(of[1])[new], np.diff(of[1])[old])
    order = np.argsort(size, kind="stable")  # rows of one length lie together, and little is filled up
    both, mine, theirs = (np.zeros(len(new), dtype=np.int64) for _ in range(3))
    start = 0
    while start < len(order):
        width = max(1, int(size[order[min(start + _PAIRS, len(order)) - 1]]))
        at = order[start : start + max(1, min(_PAIRS, _CELLS // width))]
        start += len(at)
        left, right = _rows(new[at], of, crowd, crowded), _rows(old[at], of, crowd, crowded)
        mine[at], theirs[at] = (left != _NOTHING).sum(axis=1), (right != _NOTHING).sum(axis=1)
        rows = np.concatenate((left, right), axis=1)
        rows.sort(axis=1)
        both[at] = ((rows[:, 1:] == rows[:, :-1]) & (rows[:, 1:] != _NOTHING)).sum(axis=1)
    return both, mine, theirs


def _counted(keys: NDArray[Any]) -> tuple[NDArray[Any], Places]:
    """The sorted keys each once, with how often each stands."""
    first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
    return keys[first], np.diff(np.append(first, len(keys)))


def _roots(parent: Places) -> Places:
    """The first of each family: parents come before their copies, so that pointers only lead back."""
    family = np.where(parent < 0, np.arange(len(parent)), parent)
    while True:
        further = family[family]
        if np.array_equal(further, family):
            return family
        family = further
