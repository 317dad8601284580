"""How well an area is watched, and how far the evidence carries. No data is never 'all clear'."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from tocsin.judge.cases import grades
from tocsin.judge.evidence import Page
from tocsin.judge.grading import best
from tocsin.judge.witnesses import Witness
from tocsin.records import Coverage, Finding
from tocsin.rules import Rules
from tocsin.rules.warning import ConfidenceRule

Confidence: TypeAlias = Literal["low", "moderate", "high"]


@dataclass(frozen=True, slots=True)
class Watch:
    """The pages from an area within the window, and their independent outlets."""

    pages: tuple[Page, ...]
    outlets: dict[str, Witness]
    coverage: Coverage


def watch(pages: Iterable[Page], outlets: dict[str, Witness], today: int, rules: Rules) -> Watch:
    """Coverage from the pages that told of an area: of the window by their own date and by when they were got, for
    an old page that arrives today watches nothing. A page that bears no date counts as of when it was got, and
    the confidence says how many of them there are."""
    rule = rules.levels.coverage
    recent = tuple(p for p in pages if p.tells_from is None or 0 <= today - p.tells_from <= rule.window_days)
    voices = {witness.key: witness for page in recent if (witness := outlets.get(page.family, page.outlet))}
    documents, origins = len(recent), len(voices)
    status: Literal["watched", "thin", "unwatched"] = "unwatched"
    if documents >= rule.watched_documents and origins >= rule.watched_origins:
        status = "watched"
    elif documents >= rule.thin_documents:
        status = "thin"
    return Watch(recent, voices, Coverage(status, documents, origins))


def confidence(seen: Watch, relied: list[Finding], lacking: int, rules: Rules) -> tuple[Confidence, str]:
    """low, moderate or high, and a sentence: a judgement of the evidence, not of the probability.

    `relied` are the findings on which the judgement rests; `lacking` counts the indicators of deeds that are told
    without the evidence they need.
    """
    steps = rules.levels.confidence
    step = next((one for one in steps if _reaches(one, seen, relied, lacking)), None)
    word = cast(Confidence, step.word) if step is not None else "low"
    why = rules.wording.say("confidence_" + word, why=_why(seen, relied, lacking, rules))
    return word, f"{why} {(step or steps[-1]).text}"


def _reaches(step: ConfidenceRule, seen: Watch, relied: list[Finding], lacking: int) -> bool:
    """Whether the evidence is enough for a step of confidence: pages, outlets and their best grade, and what is
    relied on borne out and, where the step asks for it, undisputed."""
    known = grades(seen.outlets)
    if len(known) < step.origins or seen.coverage.documents < step.documents:
        return False
    if sum(finding.origins > 1 for finding in relied) < step.findings:
        return False
    if step.agreed and (lacking or any(map(_disputed, relied))):
        return False
    return best(known.values()) <= step.grade


def _disputed(finding: Finding) -> bool:
    return bool(finding.denied and (finding.asserted or finding.unverified))


def _why(seen: Watch, relied: list[Finding], lacking: int, rules: Rules) -> str:
    say, coverage = rules.wording.say, seen.coverage
    if not coverage.documents:
        return say("why_none")
    parts = [
        say(
            "why_origins",
            documents=coverage.documents,
            documents_word=say("document_one" if coverage.documents == 1 else "document_many"),
            origins=coverage.origins,
            origins_word=say("origin_one" if coverage.origins == 1 else "origin_many"),
        )
    ]
    counts = {
        "why_copies": sum(page.copy for page in seen.pages),
        "why_undated": sum(page.day is None for page in seen.pages),
        "why_unknown": sum(seen.outlets[key].reliability == "F" for key in seen.outlets),
        "why_disputed": sum(map(_disputed, relied)),
        "why_lacking": lacking,
    }
    return ", ".join(parts + [say(name, n=n) for name, n in counts.items() if n])
