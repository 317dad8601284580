"""What is told: one notice for each bulletin, the same in every channel."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from tocsin.publish.edition import Edition, Issue
from tocsin.publish.plaintext import plain_text
from tocsin.records import Published


@dataclass(frozen=True, slots=True)
class Notice:
    """One bulletin. `id` is stable: the home's name and status and the bulletin's name make it.

    `at` is when it was issued. Areas whose bulletins are of one second differ by a millisecond for each place in
    the order of area ids, since feed readers take two entries of one moment for one.
    """

    id: str
    at: str
    title: str
    paragraphs: tuple[str, ...]
    page: str
    issue: Issue


def notices(edition: Edition, area: str | None = None) -> tuple[Notice, ...]:
    """Every bulletin, newest first; of one area, or of all."""
    found = edition.all_issues() if area is None else edition.issues.get(area, ())
    told = [_notice(edition, issue) for issue in found]
    return tuple(sorted(told, key=lambda notice: notice.at, reverse=True))


def _notice(edition: Edition, issue: Issue) -> Notice:
    return Notice(
        id=urn(edition, "bulletin", issue.published.id),
        at=moment_of(edition, issue.published),
        title=plain_text(issue.published.title),
        paragraphs=short_text(edition, issue),
        page=edition.page(issue.published),
        issue=issue,
    )


def level_words(published: Published) -> str:
    """Number and colour, which always go together, or that nothing is known."""
    return "level unknown" if published.level is None else f"level {published.level} {published.colour}"


def compact(time: str) -> str:
    """'2019-03-24T00:00:00Z' as '20190324T000000Z': for names that bear no colon."""
    return re.sub(r"[-:]", "", time)


def moment_of(edition: Edition, published: Published) -> str:
    place = sorted(edition.rules.areas).index(published.area) if published.area in edition.rules.areas else 999
    return f"{published.issued.removesuffix('Z')}.{place:03d}Z"


def short_text(edition: Edition, issue: Issue) -> tuple[str, ...]:
    """The mark of a drill, the phrase, what decided, and what this is not: never one without the others."""
    levels = edition.rules.levels
    mark = levels.exercise_mark if edition.drill else ""
    lead = issue.sentences[0].text if issue.sentences else ""
    told = (mark, issue.published.phrase, lead, levels.disclaimer)
    return tuple(plain_text(paragraph) for paragraph in told if paragraph)


def urn(edition: Edition, *parts: str) -> str:
    """A stable identifier that needs no domain name; a drill's never equals a real one's."""
    name = "/".join(("tocsin", edition.status, edition.name, *parts))
    return uuid.uuid5(uuid.NAMESPACE_URL, name).urn
