"""Editions made in memory: areas with the bulletins that they had, drawn up as the press draws them, unsigned."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from tocsin.publish import Edition, Seal
from tocsin.publish.attachments import attachments
from tocsin.publish.bulletin import Draft, composed, grounds, kind_of, standing, words_of
from tocsin.publish.edition import Issue
from tocsin.publish.evidence import Evidence, judgement_digest
from tocsin.publish.manifest import Provenance, body_of, entry_of, published_from
from tocsin.publish.seal import make_seal
from tocsin.records import Coverage, Judgement, Probability, Published, Reason, Recipe, digest
from world import rules

ADDRESS = "https://watch.example.org/"
NOW = "2019-03-14T00:00:00Z"
Told = tuple[str, int | None]


@cache
def seal() -> Seal:
    return make_seal("A watch (exercise)")


def judgement(area: str, as_of: str, level: int | None, **fields: Any) -> Judgement:
    """A judgement that holds for a week; any field of Judgement may be given."""
    chance = Probability(0.01, 0.005, 0.02, 30, "about 1 in 100")
    words = rules().levels.level(level) if level is not None else None
    day = int(as_of[8:10])
    values: dict[str, Any] = {
        "as_of": as_of,
        "area": area,
        "name": rules().areas[area].name,
        "status": "assessed" if level else "unknown",
        "level": level,
        "colour": words.colour if words else None,
        "phrase": words.phrase if words else rules().levels.unknown_phrase,
        "previous": None,
        "war": chance,
        "nuclear": chance,
        "confidence": "moderate",
        "confidence_text": "Confidence is moderate.",
        "coverage": Coverage("watched", 5, 4),
        "observations": (),
        "decided_by": Reason("level/test", "A test decided."),
        "reasons_for": (Reason("r", "“Tanks were <b>seen</b> &amp; heard” (a report)."),),
        "reasons_against": (),
        "contradictions": (),
        "missing": (),
        "would_raise": (),
        "would_lower": (),
        "hypotheses": (),
        "expires": f"{as_of[:8]}{day + 7:02d}{as_of[10:]}" if level is not None else None,
    }
    return Judgement(**(values | fields))


def draft(found: Judgement, before: tuple[Published, ...], edition: Edition, **fields: Any) -> Draft:
    """The bulletin of a judgement, after those of its area that went out before; any field of Draft may be given."""
    stood = standing(before, found.as_of)
    parts = grounds(found, edition.rules)
    values: dict[str, Any] = {
        "id": f"d{found.as_of}",
        "kind": kind_of(found.level, stood),
        "status": edition.status,
        "area": found.area,
        "area_name": found.name,
        "level": found.level,
        "previous": stood.level,
        "machine_level": found.level,
        "as_of": found.as_of,
        "issued": found.as_of,
        "expires": found.expires,
        "by": "ana",
        "overruled": None,
        "corrects": None,
        "replaces": tuple(one.id for one in stood.live),
        "judgement": judgement_digest(found),
        "rules": edition.rules.digest,
        "words": words_of(parts),
        "sentences": tuple(sentence for _, sentences in parts for sentence in sentences),
        "bulletin": f"a-watch.{edition.status}.{found.area}.{found.as_of.replace('-', '').replace(':', '')}",
    }
    return composed(Draft(**(values | fields)), edition.rules, 2)


def issue(made: Draft, found: Judgement, before: tuple[Published, ...], edition: Edition, number: int = 0) -> Issue:
    """A draft as it went out, though nobody signed it."""
    evidence = Evidence(found, (), (), (), ())
    live = tuple(one for one in before if one.id in made.replaces)
    files = attachments(edition, made, evidence, live)
    recipe = Recipe("sha256:" + "0" * 64, "sha256:" + "1" * 64, "sha256:" + "2" * 64)
    provenance = Provenance(recipe, "a note\n", digest(b"rules"), digest(b"dossier"))
    url = f"{edition.base}bulletin/{made.bulletin}.html"
    body = body_of(made, edition.name, url, files, provenance, edition.rules, 2)
    entry = entry_of(body, (), made.issued)
    told = published_from(Issue(_NOBODY, entry, files, "", 0).manifest, files["text.txt"].decode(), ())
    return Issue(told, entry, files, made.issued, number)


_NOBODY: Any = None


def chain(edition: Edition, judgements: list[Judgement]) -> tuple[Issue, ...]:
    """The bulletins of an area, one for each judgement."""
    issues: tuple[Issue, ...] = ()
    for found in judgements:
        before = tuple(one.published for one in issues)
        made = draft(found, before, edition)
        number = list(rules().areas).index(found.area) + 100 * len(issues)
        issues = (*issues, issue(made, found, before, edition, number))
    return issues


def edition(timelines: dict[str, list[Told]], **fields: Any) -> Edition:
    """An exercise's edition from (as-of, level) of each bulletin of each area, oldest first."""
    return of({area: [judgement(area, *row) for row in rows] for area, rows in timelines.items()}, **fields)


def of(judgements: dict[str, list[Judgement]], **fields: Any) -> Edition:
    """An edition with a bulletin for each of these judgements."""
    values: dict[str, Any] = {
        "name": "A watch & more",
        "address": ADDRESS,
        "now": NOW,
        "issues": {},
        "rules": rules(),
        "seal": seal(),
    }
    empty = Edition(**(values | fields))
    return replace(empty, issues={area: chain(empty, found) for area, found in judgements.items()}, _views={})


def crisis(**fields: Any) -> Edition:
    """Two areas are told of at one moment; one rises, is renewed, falls, is lost; one only runs out."""
    told = {1: 5, 3: 4, 7: 4, 8: 3, 10: 4, 11: None}
    rising: list[Told] = [(f"2019-03-{day:02d}T23:59:59Z", level) for day, level in told.items()]
    still: list[Told] = [("2019-03-01T23:59:59Z", 5), ("2019-03-03T23:59:59Z", 4)]
    return edition({"korea": rising, "venezuela": still}, **fields)
