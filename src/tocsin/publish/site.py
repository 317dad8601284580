"""The public pages as static files: levels, reasons, what is disputed, and the evidence under them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from tocsin.publish.cap import cap_files, cap_pages, feed_path
from tocsin.publish.edition import Edition
from tocsin.publish.feeds import feed_files
from tocsin.publish.notices import anchor
from tocsin.publish.status import level_byte, status_json
from tocsin.records import Document, Finding, Judgement, Membership, Statement


@functools.cache
def _templates() -> Environment:
    loader = PackageLoader("tocsin.publish")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def pages(edition: Edition) -> dict[str, bytes]:
    """Every file of the edition by its path: pages, style, feeds, CAP messages, status and level files."""
    found = edition.assessment
    files = {
        "index.html": _render("index.html", edition, root="", areas=_by_level(found.judgements)),
        "method.html": _render("method.html", edition, root=""),
        "style.css": _templates().get_template("style.css").render().encode(),
        "status.json": status_json(edition),
        "level.txt": level_byte(found.overall),
        **feed_files(edition, cap_pages(edition)),
        **cap_files(edition),
    }
    findings = {f.key: f for f in found.findings}
    for judgement in found.judgements:
        files[f"area/{judgement.area}.html"] = _area_page(edition, judgement, findings)
        files[f"area/{judgement.area}.txt"] = level_byte(judgement)
    for finding in found.findings:
        files[f"finding/{finding.key}.html"] = _finding_page(edition, finding)
    return files


def _by_level(judgements: tuple[Judgement, ...]) -> list[Judgement]:
    """The worst first; what nobody watches last."""
    return sorted(judgements, key=lambda j: (j.level is None, j.level, j.name))


def _render(template: str, edition: Edition, **values: Any) -> bytes:
    return (
        _templates()
        .get_template(template)
        .render(
            edition=edition,
            assessment=edition.assessment,
            levels=edition.rules.levels,
            scale=(5, 4, 3, 2, 1),
            cap_feed=feed_path(edition),
            **values,
        )
        .encode("utf-8", "replace")  # a report may hold half a character; it must not cost us the page
    )


def _area_page(edition: Edition, judgement: Judgement, findings: dict[str, Finding]) -> bytes:
    indicators = edition.rules.indicators
    observed = [(indicators[o.indicator], o) for o in judgement.observations if o.indicator in indicators]
    return _render(
        "area.html",
        edition,
        root="../",
        area=judgement,
        rule=edition.rules.areas[judgement.area],
        findings=findings,
        board=sorted(observed, key=lambda pair: (_STATES.index(pair[1].state), pair[0].group, pair[0].id)),
        changes=[(anchor(change), change) for change in edition.changes(judgement.area)],
    )


_STATES = ("on", "unknown", "off")


def _finding_page(edition: Edition, finding: Finding) -> bytes:
    sides = [(stance, _sentences(edition, getattr(finding, stance))) for stance in ("asserted", "denied", "unverified")]
    return _render("finding.html", edition, root="../", finding=finding, sides=sides)


@dataclass(frozen=True)
class Telling:
    """One document that prints a sentence, with what was made of it there."""

    statements: tuple[Statement, ...]
    document: Document | None
    membership: Membership | None


def _sentences(edition: Edition, keys: tuple[str, ...]) -> list[tuple[str, list[Telling]]]:
    """Each sentence once, with every document that prints it, in the order in which they came."""
    printed: dict[str, dict[str, list[Statement]]] = {}
    for key in keys:
        if key in edition.statements:
            statement = edition.statements[key]
            printed.setdefault(statement.text, {}).setdefault(statement.document, []).append(statement)
    return [
        (text, [_telling(edition, document, told) for document, told in by_document.items()])
        for text, by_document in printed.items()
    ]


def _telling(edition: Edition, document: str, told: list[Statement]) -> Telling:
    return Telling(tuple(told), edition.documents.get(document), edition.memberships.get(document))
