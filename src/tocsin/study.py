"""The steps over given paths, nothing kept: what the study commands run.

`assess` here is the same fold as a kept home's, over documents that stand in for an archive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from tocsin.bundle import recipe
from tocsin.collect.inbox import captures
from tocsin.extract import read, skim, unknown_fields
from tocsin.group import Families, Grouping
from tocsin.records import Assessment, Capture, Document, Membership, Refusal, Work, moment
from tocsin.rules import Rules
from tocsin.spread import LONG, Step, spread

if TYPE_CHECKING:
    from tocsin.judge import Step as Heard

T = TypeVar("T")
_BATCH = 1024  # documents taken into a bulk together
SECONDS = 2  # of processor time to read one document, where nothing is kept of it


def run(
    paths: Sequence[str],
    rules: Rules,
    step: Step[T],
    *,
    stdin: BinaryIO | None = None,
    jobs: int = 1,
    seconds: int = LONG,
    ignored: Counter[str] | None = None,
) -> Iterator[T | Refusal]:
    """Every outcome of a per-document step over the paths, refusals among them, in input order.

    `ignored` counts the fields of JSON objects that nothing reads.
    """
    refused: dict[int, list[Refusal]] = {}
    count = 0

    def readable() -> Iterator[tuple[Capture, bytes]]:
        nonlocal count
        for item in captures(paths, stdin):
            if isinstance(item, Refusal):
                refused.setdefault(count, []).append(item)
            else:
                count += 1
                if ignored is not None:
                    ignored.update(unknown_fields(*item))
                yield item

    for done, outcomes in enumerate(spread(readable(), rules, step, jobs, seconds)):
        yield from refused.pop(done, ())
        yield from outcomes
    for late in refused.values():
        yield from late


def documents(
    paths: Sequence[str],
    rules: Rules,
    *,
    stdin: BinaryIO | None = None,
    jobs: int = 1,
    ignored: Counter[str] | None = None,
    bulk: bool = False,
) -> Iterator[Document | Refusal]:
    return run(paths, rules, skim if bulk else read, stdin=stdin, jobs=jobs, seconds=SECONDS, ignored=ignored)


def with_origins(found: Iterable[Document | Refusal], rules: Rules) -> Iterator[Document | Refusal]:
    """Documents whose origin a page of the same text told earlier in this call, where they do not say it themselves."""
    families = Families(rules)
    origins: dict[str, tuple[str, str | None]] = {}
    for item in found:
        if isinstance(item, Document):
            family = families.add(item)
            if item.origin is not None:
                origins.setdefault(family, (item.origin, item.origin_id))
            elif family in origins:
                origin, origin_id = origins[family]
                item = replace(item, origin=origin, origin_id=origin_id)
        yield item


def group(found: Iterable[Document | Refusal], rules: Rules) -> Iterator[tuple[Document, Membership] | Refusal]:
    """Where each document belongs, in the order given: its membership on arrival, with the story in which it
    stands after the last review."""
    grouping = Grouping(rules)
    placed: list[tuple[Document, Membership] | Refusal] = []
    for item in found:
        placed.append(item if isinstance(item, Refusal) else (item, grouping.add(item)))
        if grouping.review_due:
            grouping.review(None)
    grouping.review(None)
    for one in placed:
        yield one if isinstance(one, Refusal) else (one[0], replace(one[1], story=grouping.story(one[0].key)))


def copies(found: Iterable[Document | Refusal], rules: Rules) -> Iterator[tuple[str, Membership] | Refusal]:
    """The input and the family of each document, in the order given: copies alone, in bulk. Texts are not kept."""
    from tocsin.group.bulk import Bulk

    bulk = Bulk(rules)
    order: list[str | Refusal] = []
    batch: list[Document] = []
    for item in found:
        order.append(item if isinstance(item, Refusal) else item.input)
        if isinstance(item, Document):
            batch.append(item)
        if len(batch) == _BATCH:
            bulk.add(batch)
            batch.clear()
    bulk.add(batch)
    memberships = bulk.memberships()
    for one in order:
        yield one if isinstance(one, Refusal) else (one, next(memberships))


def assess(
    paths: Sequence[str], rules: Rules, as_of: str, *, stdin: BinaryIO | None = None, jobs: int = 1
) -> tuple[Assessment, tuple[Work, ...], tuple[Refusal, ...], int]:
    """The whole chain as of a time: what was seen by then counts, in the order in which it was seen.

    Gives the assessment, what it rests on, what could not be read, and how many documents came later.

    A document without `seen` counts as seen when it was published, else at the as-of time. Where all of
    them are marked as made for an exercise, the assessment is one; among real ones they are barred.
    """
    from tocsin.derive import Fold, work  # interpreting and judging load more than reading needs

    outcomes = list(run(paths, rules, work, stdin=stdin, jobs=jobs))
    read_by_then = sorted(
        (dated for item in outcomes if isinstance(item, Work) and _seen(dated := _dated(item, as_of)) <= as_of),
        key=_seen,
    )
    exercise = bool(read_by_then) and all("exercise" in held.document.flags for held in read_by_then)
    fold = Fold(rules, recipe(rules), exercise)
    for held in read_by_then:
        for _ in fold.add(held):
            pass
    refusals = tuple(outcome for outcome in outcomes if isinstance(outcome, Refusal))
    left_out = len(outcomes) - len(refusals) - len(read_by_then)
    return fold.assess(as_of), tuple(read_by_then), refusals, left_out


def heard(paths: Sequence[str], rules: Rules, as_of: str) -> tuple[list[Heard], bool]:
    """What the judge hears of these paths as of a time, so that it may be heard again without some of it; and
    whether it is an exercise."""
    from tocsin.derive import work
    from tocsin.judge import Told
    from tocsin.records import Adopted, Tick

    found = (_dated(item, as_of) for item in run(paths, rules, work) if isinstance(item, Work))
    held = sorted((one for one in found if _seen(one) <= as_of), key=_seen)
    once = {one.document.key: one for one in reversed(held)}
    grouping = Grouping(rules)
    told = [
        Told(one.document, grouping.add(one.document), one.statements)
        for one in held
        if once.pop(one.document.key, None)
    ]
    exercise = bool(held) and all("exercise" in one.document.flags for one in held)
    return [Adopted(as_of, recipe(rules), rules.digest), *told, Tick(as_of)], exercise


def _dated(held: Work, as_of: str) -> Work:
    document = held.document
    seen = document.seen or document.published or as_of
    return replace(held, document=replace(document, seen=moment(seen)))


def _seen(held: Work) -> str:
    return held.document.seen or ""
