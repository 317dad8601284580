"""The public pages as static files: signed levels, their bulletins, and the evidence under each sentence.

index.html, method.html, area/<area>.html     what stands now
bulletin/<id>.html                            one bulletin, for good; <id>/<finding>.html the evidence under it
bulletin/<id>.<attachment>, <id>.json         the bytes that were signed, and the log's entry
status.json, level.txt, area/<area>.txt       for programs
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from tocsin.publish.bulletin import Sentence, readable
from tocsin.publish.cap import cap_files, feed_path
from tocsin.publish.checking import rules_path
from tocsin.publish.edition import AreaView, Edition, Issue
from tocsin.publish.evidence import told_by
from tocsin.publish.feeds import cap_path, feed_files
from tocsin.publish.status import level_byte, status_json
from tocsin.records import Document, Finding, Membership, Probability, Statement
from tocsin.rules.warning import odds_between

_STATES = ("on", "unknown", "off")
_REPLACED_LATELY = 3  # of each area: older pages say already what replaced them


@functools.cache
def _templates() -> Environment:
    loader = PackageLoader("tocsin.publish")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["readable"] = readable
    made.filters["odds_range"] = odds_range
    return made


def odds_range(chance: Probability) -> str:
    """Between which odds a chance lies: '1 in 7,000 to 1 in 600'."""
    return odds_between(chance.low, chance.high)


def pages(edition: Edition, kept: Collection[str] = ()) -> dict[str, bytes]:
    """Every file of the edition by its path. `kept` are bulletins whose evidence was written before: it is not
    made again, since it never changes; of their own pages the latest are, since they say what has replaced them."""
    files = {
        "index.html": _render("index.html", edition, root=""),
        "method.html": _render("method.html", edition, root=""),
        "style.css": _templates().get_template("style.css").render().encode(),
        "status.json": status_json(edition),
        "level.txt": level_byte(edition.overall),
        **feed_files(edition),
        **cap_files(edition),
    }
    for view in edition.views:
        files[f"area/{view.area}.html"] = _area_page(edition, view)
        files[f"area/{view.area}.txt"] = level_byte(view)
    for issues in edition.issues.values():
        for place, issue in enumerate(issues, 1):
            known = issue.published.id in kept
            if not known or place > len(issues) - _REPLACED_LATELY:
                files |= bulletin_files(edition, issue, with_evidence=not known)
    return files


def bulletin_files(edition: Edition, issue: Issue, *, with_evidence: bool) -> dict[str, bytes]:
    """A bulletin's page, the bytes that were signed, and with its evidence a page for each finding under it."""
    name = issue.published.id
    files = {beside(name, part): data for part, data in issue.files.items()}
    files[beside(name, "json")] = issue.entry
    files[f"bulletin/{name}.html"] = _bulletin_page(edition, issue)
    if with_evidence:
        for finding in issue.evidence.findings:
            files[f"bulletin/{name}/{finding.key}.html"] = _finding_page(edition, issue, finding)
    return files


def beside(bulletin: str, part: str) -> str:
    """Where the site keeps a part of a bulletin: 'json' is the log's entry, 'tlog-proof' its proof, and each
    attachment goes by its name."""
    return f"bulletin/{bulletin}.{part}"


def _render(template: str, edition: Edition, **values: Any) -> bytes:
    return (
        _templates()
        .get_template(template)
        .render(
            edition=edition,
            levels=edition.rules.levels,
            words=edition.rules.bulletins,
            scale=(5, 4, 3, 2, 1),
            cap_feed=feed_path(edition),
            **values,
        )
        .encode("utf-8", "replace")  # a report may hold half a character; it must not cost us the page
    )


def _area_page(edition: Edition, view: AreaView) -> bytes:
    rule = edition.rules.areas.get(view.area)
    parts = _parts(edition, view.issue) if view.issue and view.status == "assessed" else {}
    return _render("area.html", edition, root="../", view=view, why=rule.why if rule else "", **parts)


def _bulletin_page(edition: Edition, issue: Issue) -> bytes:
    later = edition.successor(issue)
    return _render(
        "bulletin.html",
        edition,
        root="../",
        later=later.published if later else None,
        over=issue.published.expires is not None and issue.published.expires < edition.now,
        cap=cap_path(issue.published) if "alert.xml" in issue.files else "",
        rules_path=rules_path(issue.manifest["provenance"]["bundle"]),
        **_parts(edition, issue),
    )


def _parts(edition: Edition, issue: Issue) -> Mapping[str, Any]:
    """What a page shows of a bulletin: its grounds under their headings, and the indicators that it was signed on."""
    indicators, judgement = edition.rules.indicators, issue.judgement
    observed = [(indicators[o.indicator], o) for o in judgement.observations if o.indicator in indicators]
    return {
        "issue": issue,
        "told": issue.published,
        "judgement": judgement,
        "sections": list(_sections(edition, issue)),
        "findings": {finding.key: finding for finding in issue.evidence.findings},
        "board": sorted(observed, key=lambda pair: (_STATES.index(pair[1].state), pair[0].group, pair[0].id)),
    }


def _sections(edition: Edition, issue: Issue) -> Iterator[tuple[str, list[Sentence]]]:
    """(heading, sentences) as the signed text has them: a line that is no sentence of the manifest is a heading."""
    sentences = {sentence.text: sentence for sentence in reversed(issue.sentences)}
    headings = set(edition.rules.bulletins.headings.values()) if edition.rules.bulletins else set()
    heading, found = "", list[Sentence]()
    for line in issue.published.text.split("\n"):
        text = line.removeprefix("• ").strip()
        if text in headings:
            if found:
                yield heading, found
            heading, found = text, []
        elif text in sentences:
            found.append(sentences[text])
    if found:
        yield heading, found


def _finding_page(edition: Edition, issue: Issue, finding: Finding) -> bytes:
    told = {one.key: one for one in issue.evidence.statements if one.key in told_by(finding)}
    sides = [(s, _sentences(issue, told, getattr(finding, s))) for s in ("asserted", "denied", "unverified")]
    area = edition.rules.areas.get(finding.area or "")
    return _render(
        "finding.html", edition, root="../../", finding=finding, sides=sides, area=area, told=issue.published
    )


@dataclass(frozen=True)
class Telling:
    """One document that prints a sentence, with what was made of it there."""

    statements: tuple[Statement, ...]
    document: Document | None
    membership: Membership | None


def _sentences(
    issue: Issue, statements: Mapping[str, Statement], keys: tuple[str, ...]
) -> list[tuple[str, list[Telling]]]:
    """Each sentence once, with every document that prints it, in the order in which they came."""
    documents = {one.key: one for one in issue.evidence.documents}
    memberships = {one.document: one for one in issue.evidence.memberships}
    printed: dict[str, dict[str, list[Statement]]] = {}
    for key in keys:
        if key in statements:
            statement = statements[key]
            printed.setdefault(statement.text, {}).setdefault(statement.document, []).append(statement)
    return [
        (text, [Telling(tuple(told), documents.get(key), memberships.get(key)) for key, told in by_document.items()])
        for text, by_document in printed.items()
    ]
