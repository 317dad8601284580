"""Judging again: as of a time by the rules of that time, by today's rules as hindsight, and the walk
from a level down to the archived bytes."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from tocsin.group import story_title
from tocsin.home import Home, HomeError
from tocsin.records import Assessment, Document, Finding, Judgement, Reason, Statement, Tick, plain
from tocsin.rules import Rules


def as_of(home: Home, time: str, *, hindsight: Rules | None = None) -> Assessment:
    """The latest assessment that stood at this time: from the entries seen by then, and nothing else.

    As-of is a position in the archive. Raises HomeError where nothing had been judged by then.
    """
    position = home.archive.as_of(time)
    latest: Assessment | None = None
    for _, conclusion in home.conclusions(position, hindsight=hindsight):
        if isinstance(conclusion, Assessment):
            latest = conclusion
    if latest is None:
        raise HomeError(_not_yet(home, time))
    return latest


def days(first: datetime.date, last: datetime.date, step: int) -> tuple[str, ...]:
    """The last seconds of the days from `first` on, every `step` days, up to and with `last`."""
    count = (last - first).days // step + 1 if first <= last else 0
    return tuple(f"{first + datetime.timedelta(n * step)}T23:59:59Z" for n in range(count))


def steps(
    home: Home, times: Sequence[str], *, hindsight: Rules | None = None, anew: bool = False
) -> Iterator[tuple[str, Assessment]]:
    """(time, assessment) for each of the times, ascending, from one fold: what stood then, from the entries seen by
    then and nothing else. Times before the first judgement are left out. With `anew`, the areas are judged at each
    time, as a home that ticks would have done; else the latest judgement stands, however old."""
    ends = {time: home.archive.as_of(time) for time in times}
    ticks: dict[int, list[str]] = defaultdict(list)
    for time, end in ends.items() if anew else ():
        ticks[end].append(time)
    waiting = list(times)
    latest: Assessment | None = None
    for position, conclusion in home.conclusions(max(ends.values(), default=0), hindsight=hindsight, ticks=ticks):
        while waiting and position >= ends[waiting[0]]:
            yield from _stood(waiting.pop(0), latest)
        if isinstance(conclusion, Assessment):
            latest = conclusion
            if anew and waiting and conclusion.as_of == waiting[0]:
                yield from _stood(waiting.pop(0), latest)
    for time in waiting:
        yield from _stood(time, latest)


def _stood(time: str, latest: Assessment | None) -> Iterator[tuple[str, Assessment]]:
    if latest is not None:
        yield time, latest


def step_row(time: str, found: Assessment, judgement: Judgement, hindsight: bool) -> dict[str, Any]:
    """One row of a replay: what stood in an area at a time. A level whose time had run out says stale."""
    expired = judgement.expires is not None and judgement.expires < time
    row: dict[str, Any] = {
        "as_of": time,
        "judged": found.as_of,
        "area": judgement.area,
        "name": judgement.name,
        "status": "stale" if expired and judgement.status == "assessed" else judgement.status,
        "level": judgement.level,
        "war": plain(judgement.war),
        "nuclear": plain(judgement.nuclear),
        "confidence": judgement.confidence,
        "coverage": plain(judgement.coverage),
        "indicators": [one.indicator for one in judgement.observations if one.state == "on"],
        "decided_by": judgement.decided_by.rule,
    }
    return row | {"hindsight": True} if hindsight else row


def _not_yet(home: Home, time: str) -> str:
    first = next((entry.seen for _, entry in home.archive.entries() if isinstance(entry, Tick)), None)
    if first is None:
        return "nothing has been judged in this home yet; run `tocsin ingest` or `tocsin collect`"
    return f"nothing had been judged by {time}; the first judgement here is of {first}"


def explain(home: Home, identifier: str) -> dict[str, Any]:
    """The grounds under one thing: an area, 'area/indicator', a finding, a statement or a document.

    Each level of the answer holds the next one down, to the digest and the position of the bytes.
    Raises HomeError where the ledger knows no such thing.
    """
    ledger = home.ledger
    latest = ledger.latest_assessment()
    if latest is None:
        raise HomeError("the ledger is empty; run `tocsin derive`")
    area, _, indicator = identifier.partition("/")
    for judgement in latest.judgements:
        if judgement.area == area:
            return _area(home, judgement, latest, indicator or None)
    for finding in latest.findings:
        if finding.key == identifier:
            return _finding(home, finding)
    statement = ledger.statement(identifier)
    if statement is not None:
        return _statement(home, statement)
    document = ledger.document(identifier) or ledger.document_named(identifier)
    if document is not None:
        return _document(home, document) | _kin(home, document)
    raise HomeError(
        f"expected an area ({', '.join(j.area for j in latest.judgements)}), 'area/indicator', or the key of a "
        f"finding, statement or document, or a document's own name; found {identifier!r}"
    )


def _area(home: Home, judgement: Judgement, latest: Assessment, indicator: str | None) -> dict[str, Any]:
    findings = {f.key: f for f in latest.findings}
    shown = [o for o in judgement.observations if (o.indicator == indicator if indicator else o.state == "on")]
    if indicator and not shown:
        known = ", ".join(o.indicator for o in judgement.observations)
        raise HomeError(f"expected an indicator of {judgement.area} ({known}), found {indicator!r}")
    tree: dict[str, Any] = {
        "kind": "area",
        "id": judgement.area,
        "level": judgement.level,
        "colour": judgement.colour,
        "phrase": judgement.phrase,
        "as_of": judgement.as_of,
        "decided_by": plain(judgement.decided_by),
        "confidence": judgement.confidence_text,
        "indicators": [
            plain(o) | {"findings": [_finding(home, findings[key]) for key in o.findings if key in findings]}
            for o in shown
        ],
    }
    if not indicator:
        tree["for"] = [_reason(home, r, findings) for r in judgement.reasons_for]
        tree["against"] = [_reason(home, r, findings) for r in judgement.reasons_against]
        tree["contradictions"] = [_reason(home, r, findings) for r in judgement.contradictions]
    return tree


def _reason(home: Home, reason: Reason, findings: dict[str, Finding]) -> dict[str, Any]:
    under = [_finding(home, findings[key]) for key in reason.findings if key in findings]
    return {"rule": reason.rule, "text": reason.text, "findings": under}


def _finding(home: Home, finding: Finding) -> dict[str, Any]:
    tree: dict[str, Any] = {
        "kind": "finding",
        "id": finding.key,
        "summary": finding.summary,
        "grade": finding.grade,
        "origins": finding.origins,
        "witnesses": list(finding.witnesses),
        "values": plain(finding.values),
        "weak": finding.weak,
    }
    for stance in ("asserted", "denied", "unverified"):
        keys: tuple[str, ...] = getattr(finding, stance)
        found = [statement for key in keys if (statement := home.ledger.statement(key)) is not None]
        # A sentence that holds several statements is told once, by the first of them.
        sentences = {(s.document, s.text): s for s in reversed(found)}
        tree[stance] = [_statement(home, s) for s in found if sentences[s.document, s.text] is s]
    return tree


def _statement(home: Home, statement: Statement) -> dict[str, Any]:
    document = home.ledger.document(statement.document)
    return {
        "kind": "statement",
        "id": statement.key,
        "sentence": statement.text,
        "span": list(statement.span),
        "type": statement.type,
        "modality": statement.modality,
        "stance": statement.stance,
        "time": statement.time,
        "attribution": statement.attribution.name if statement.attribution else None,
        "rule": statement.rule,
        "document": _document(home, document) if document else None,
    }


def _document(home: Home, document: Document) -> dict[str, Any]:
    return {
        "kind": "document",
        "id": document.key,
        "title": document.title,
        "source": document.source,
        "origin": document.origin,
        "published": document.published,
        "seen": document.seen,
        "url": document.url,
        "input": document.input,
        "flags": list(document.flags),
        "bytes": home.archive.locate(document.body),
        "digest": document.body,
    }


def _kin(home: Home, document: Document) -> dict[str, Any]:
    """Whose text a document has, and which story it tells, as the latest links have it."""
    ledger = home.ledger
    membership = ledger.membership(document.key)
    if membership is None:
        return {}
    links = [link for _, link in ledger.story_links() if document.key in link.documents]
    story = links[-1].into if links else membership.story
    told = ledger.documents_of_story(story)
    return {
        "copy": {"of": membership.copy_of, "kind": membership.kind, "reason": membership.reason},
        "family": [one.key for one in ledger.documents_of(membership.family)],
        "story": {
            "id": story,
            "title": story_title([one.title for one in told], home.rules()),
            "documents": [one.key for one in told],
            "moved": [{"from": link.story, "into": link.into, "reason": link.reason} for link in links],
        },
    }
