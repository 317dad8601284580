"""rules/grouping.toml: what makes two documents one text, and what makes them one story."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from tocsin.rules.reading import Examples, Fault, Table, toml

FILE = "grouping.toml"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Copies:
    """Thresholds of the copy decision. Containments are shares of the smaller set, 0 to 1; times are hours."""

    sample: int
    sample_all_below: int
    sample_full: int
    postings: int
    crowded: int
    candidates: int
    shared_least: int
    contained: float
    contained_short: float
    short_words: int
    contained_late: float
    late_hours: float
    same: float
    excerpt_size: float
    known_margin: float
    number_share: float
    number_short: float
    number_late: float
    alike: float
    numbers_alike: int
    slots_least: int
    slots_share: float
    bulk_holders: int
    bulk_full: int


@dataclass(frozen=True, slots=True)
class Retold:
    """Thresholds of the retelling decision. Shares are 0 to 1, of the smaller document's; times are hours."""

    facts: float
    facts_foreign: float
    facts_least: int
    order: float
    numbers: float
    terms: float
    hours: float
    postings: int
    met_least: int
    candidates: int


@dataclass(frozen=True, slots=True)
class Stories:
    """Weights and thresholds of the story decision. Similarities are 0 to 1; times are hours."""

    joined: float
    joined_short: float
    merged: float
    parted: float
    parted_least: int
    full_terms: float
    text_weight: float
    name_weight: float
    lead_weight: float
    fade_hours: float
    average_share: float
    nearest_weight: float
    prior_documents: float
    rare: float
    familiar_weight: float
    terms_kept: int
    crowded: int
    shared_least: int
    candidates: int


@dataclass(frozen=True, slots=True)
class Review:
    """Thresholds of the review of brief reports; see `tocsin.group.review`. Times are hours."""

    brief_words: int
    hours: float
    most: int
    due_share: float
    due_full: int
    rare: float
    fade_hours: float
    linked: float
    smoothing: float
    crowd: float
    fresh: float
    rounds: int


@dataclass(frozen=True, slots=True)
class Grouping:
    """Everything that grouping believes. `kept_days`: for how long after it was got a document may be retold, and
    after it was last told of a story be joined. `letters` transliterates, `sounds` are classes of consonants."""

    shingle_words: int
    lead_words: int
    stem_letters: int
    kept_days: int
    copies: Copies
    retold: Retold
    stories: Stories
    review: Review
    letters: Mapping[str, str]
    sounds: tuple[str, ...]
    stop: frozenset[str]
    numbers: Mapping[str, str]
    examples: Examples


def parse(files: Mapping[str, bytes], faults: list[Fault]) -> Grouping:
    """The grouping rules. Raises nothing: what is wrong becomes a fault."""
    table = toml(FILE, files.get(FILE, b""), faults)
    found = Grouping(
        shingle_words=table.integer("shingle_words"),
        lead_words=table.integer("lead_words"),
        stem_letters=table.integer("stem_letters"),
        kept_days=table.integer("kept_days", 60),
        copies=_numbers(Copies, table.table("copies")),
        retold=_numbers(Retold, table.table("retold")),
        stories=_numbers(Stories, table.table("stories")),
        review=_numbers(Review, table.table("review")),
        letters=table.text_mapping("letters"),
        sounds=table.texts("sounds"),
        stop=frozenset(word for words in table.mapping("stop").values() for word in words),
        numbers={word: figure for figure, words in table.mapping("numbers").items() for word in words},
        examples=table.examples(),
    )
    table.done()
    return found


def _numbers(kind: type[T], table: Table) -> T:
    """A dataclass of thresholds: each field is required, whole numbers where the field is one."""
    given: dict[str, Any] = {
        field.name: table.integer(field.name) if field.type == "int" else table.number(field.name)
        for field in dataclasses.fields(kind)  # type: ignore[arg-type]
    }
    table.done()
    return kind(**given)
