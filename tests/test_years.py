"""Years of reports: what nothing can tell of any more is let go, and whatever comes round again is still known."""

from __future__ import annotations

import dataclasses
import datetime
import random
from collections import defaultdict

import numpy as np

from tocsin.group import Grouping
from tocsin.group.index import Index
from tocsin.records import Document, Membership
from tocsin.rules import Rules
from world import document, rules

WORDS = [first + second for first in "bdfgklmnprst" for second in ("anor", "ilet", "ovan", "urin", "etas", "omil")]
NAMES = ["Velikov", "Quiroga", "Almeida", "Walden", "Orlin", "Santoro", "Havel", "Marchetti", "Okafor", "Lindqvist"]


def report(n: int, day: datetime.date, *, event: int | None = None) -> Document:
    """The n-th made report, published and seen on a day; those of one event share most of their words, in no order."""
    own, shared = random.Random(f"own {n}"), random.Random(f"event {event}")
    words = shared.sample(WORDS, 16) if event is not None else WORDS
    names = shared.sample(NAMES, 3) if event is not None else NAMES
    said = []
    for _ in range(9):
        sentence = [*own.choices(words, k=8), own.choice(names), own.choice(WORDS)]
        said.append(f"{sentence[0].capitalize()} {' '.join(sentence[1:])} {own.randrange(10, 9999)}.")
    stamp = day.isoformat()
    return document(" ".join(said), published=stamp, seen=f"{stamp}T12:00:00Z", input=str(n))


def stream(days: int) -> list[Document]:
    """Two reports a day, most of an event that goes on for some days."""
    first = datetime.date(2012, 1, 1)
    return [
        report(2 * n + k, first + datetime.timedelta(n), event=n // 4 if k or n % 3 else None)
        for n in range(days)
        for k in (0, 1)
    ]


def kept_for(days: int) -> Rules:
    return dataclasses.replace(rules(), grouping=dataclasses.replace(rules().grouping, kept_days=days))


def test_the_index_tells_what_a_dictionary_would() -> None:
    made, most = random.Random(3), 5
    index, plain = Index(most, fresh=40), defaultdict[int, list[int]](list)
    for place in range(300):
        hashes = made.sample(range(200), k=made.randrange(12))
        index.add(hashes, place)
        for value in hashes:
            plain[value].append(place)
        asked = np.array(made.choices(range(220), k=9), dtype=np.uint64)
        assert index.holders(asked) == [plain[value][:most] for value in asked.tolist()]


def test_what_is_told_of_these_weeks_is_grouped_as_if_nothing_were_let_go() -> None:
    told = stream(150)
    short, long = Grouping(kept_for(30)), Grouping(kept_for(10**6))
    joined = 0
    for n, one in enumerate(told):
        placed = short.add(one)
        assert placed == long.add(one)
        joined += placed.story != one.key
        if n % 40 == 39:
            assert short.review(one.seen) == long.review(one.seen)
    assert joined > len(told) // 5, "else nothing is compared"


def test_an_old_text_is_known_for_ever_and_opens_its_own_story_again() -> None:
    told = stream(150)
    grouping = Grouping(kept_for(30))
    placed: dict[str, Membership] = {one.key: grouping.add(one) for one in told}
    again = dataclasses.replace(told[0], key="d-again", input="again", seen="2016-01-01T12:00:00Z")
    found = grouping.add(again)
    assert (found.copy_of, found.family) == (told[0].key, told[0].key)
    assert found.story == grouping.story(told[0].key) == placed[told[0].key].story


def test_a_story_that_nobody_tells_any_more_is_closed() -> None:
    first = datetime.date(2012, 1, 1)
    grouping = Grouping(kept_for(30))
    old = grouping.add(report(0, first, event=1))
    assert grouping.add(report(1, first + datetime.timedelta(1), event=1)).story == old.story
    for n in range(2, 9):
        grouping.add(report(n, first + datetime.timedelta(12 * n)))
    late = dataclasses.replace(report(9, first, event=1), seen="2012-05-01T12:00:00Z")
    assert grouping.add(late).story == late.key, "a page that comes after its story has closed opens one"


def test_what_is_kept_does_not_grow_with_the_years() -> None:
    grouping = Grouping(kept_for(30))
    sizes = []
    for n, one in enumerate(stream(240)):
        grouping.add(one)
        if n % 160 == 159:
            sizes.append(sum(len(held.documents) for held in grouping._stories._postings.values()))
    assert max(sizes) < 1.3 * sizes[0]
