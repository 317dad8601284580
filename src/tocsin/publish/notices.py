"""What is told: one notice for each change of an area's level, the same in every channel."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from tocsin.publish.edition import Edition
from tocsin.publish.plaintext import plain_text
from tocsin.records import Judgement

_REASONS = 3  # how many reasons of a kind a notice tells; the page has them all


@dataclass(frozen=True, slots=True)
class Notice:
    """One change of level. `id` is stable: the home's name and status, the area and the time make it.

    `at` is when the level changed. Areas judged at one tick differ by a millisecond for each place in the
    order of area ids, since feed readers take two entries of one moment for one.
    """

    id: str
    at: str
    title: str
    paragraphs: tuple[str, ...]
    page: str
    judgement: Judgement


def notices(edition: Edition, area: str | None = None) -> tuple[Notice, ...]:
    """Every change of level, newest first; of one area, or of all. What was never known is no change."""
    areas = edition.timelines if area is None else (area,)
    found = [_notice(edition, judgement) for name in areas for judgement in told(edition, name)]
    return tuple(sorted(found, key=lambda notice: notice.at, reverse=True))


def told(edition: Edition, area: str) -> tuple[Judgement, ...]:
    """An area's changes from the first that had a level, newest first."""
    changes = edition.changes(area)
    known = [n for n, judgement in enumerate(changes) if judgement.level is not None]
    return changes[: known[-1] + 1] if known else ()


def _notice(edition: Edition, judgement: Judgement) -> Notice:
    return Notice(
        id=urn(edition, judgement.area, judgement.as_of),
        at=moment_of(edition, judgement),
        title=plain_text(f"{edition.mark}{judgement.name}: {level_words(judgement)}"),
        paragraphs=short_text(edition, judgement),
        page=f"{edition.base}area/{judgement.area}.html#{anchor(judgement)}",
        judgement=judgement,
    )


def level_words(judgement: Judgement) -> str:
    """Number and colour, which always go together, or that nothing is known."""
    if judgement.level is None:
        return "level unknown"
    stale = ", out of date" if judgement.status == "stale" else ""
    return f"level {judgement.level} {judgement.colour}{stale}"


def anchor(judgement: Judgement) -> str:
    """The place of a change on its area's page."""
    return "c" + compact(judgement.as_of)


def compact(time: str) -> str:
    """'2019-03-24T00:00:00Z' as '20190324T000000Z': for names that bear no colon."""
    return re.sub(r"[-:]", "", time)


def moment_of(edition: Edition, judgement: Judgement) -> str:
    place = sorted(edition.rules.areas).index(judgement.area) if judgement.area in edition.rules.areas else 999
    return f"{judgement.as_of.removesuffix('Z')}.{place:03d}Z"


def short_text(edition: Edition, judgement: Judgement) -> tuple[str, ...]:
    """The mark of a drill, the phrase, what decided, and what this is not: never one without the others."""
    levels = edition.rules.levels
    mark = levels.exercise_mark if edition.drill else ""
    told = (mark, judgement.phrase, judgement.decided_by.text, levels.disclaimer)
    return tuple(plain_text(paragraph) for paragraph in told if paragraph)


def long_text(edition: Edition, judgement: Judgement) -> tuple[str, ...]:
    """As `short_text`, with the first reasons for and against and how far to trust them."""
    *head, disclaimer = short_text(edition, judgement)
    reasons = (judgement.reasons_for, judgement.reasons_against, judgement.contradictions)
    body = [" ".join(reason.text for reason in side[:_REASONS]) for side in reasons]
    added = [plain_text(paragraph) for paragraph in (*body, judgement.confidence_text) if paragraph]
    return (*head, *added, disclaimer)


def urn(edition: Edition, *parts: str) -> str:
    """A stable identifier that needs no domain name; a drill's never equals a real one's."""
    name = "/".join(("tocsin", edition.told_as, edition.name, *parts))
    return uuid.uuid5(uuid.NAMESPACE_URL, name).urn
