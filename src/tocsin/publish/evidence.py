"""What a bulletin rests on, kept with it for good: the judgement, and under it findings, sentences and their sources.

No page of anybody else is in it: of a document only what names it is kept, of a statement its one sentence.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tocsin.records import (
    Document,
    Finding,
    Judgement,
    Membership,
    Reason,
    Statement,
    canonical,
    digest,
    revive,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A judgement with every finding that it names, as they stood then. Documents have no text."""

    judgement: Judgement
    findings: tuple[Finding, ...]
    statements: tuple[Statement, ...]
    documents: tuple[Document, ...]
    memberships: tuple[Membership, ...]

    def finding(self, key: str) -> Finding | None:
        return next((finding for finding in self.findings if finding.key == key), None)

    @staticmethod
    def parse(data: bytes) -> Evidence:
        """Raises ValueError or TypeError where the bytes are no evidence."""
        return revive(Evidence, json.loads(data))

    @property
    def data(self) -> bytes:
        return canonical(self)


def gather(
    judgement: Judgement,
    findings: Iterable[Finding],
    statement: Callable[[str], Statement | None],
    document: Callable[[str], Document | None],
    membership: Callable[[str], Membership | None],
) -> Evidence:
    """The evidence of a judgement, from those of its assessment's findings that it names."""
    named = named_findings(judgement)
    kept = tuple(finding for finding in findings if finding.key in named)
    keys = sorted({key for finding in kept for key in told_by(finding)})
    statements = tuple(filter(None, map(statement, keys)))
    cited = sorted({one.document for one in statements})
    documents = tuple(_bare(found) for found in map(document, cited) if found is not None)
    return Evidence(judgement, kept, statements, documents, tuple(filter(None, map(membership, cited))))


def told_by(finding: Finding) -> tuple[str, ...]:
    """The keys of the statements that a finding joins."""
    return (*finding.asserted, *finding.denied, *finding.unverified)


def named_findings(judgement: Judgement) -> frozenset[str]:
    keys = {key for reason in _reasons(judgement) for key in reason.findings}
    keys |= {key for observation in judgement.observations for key in observation.findings}
    keys |= {key for one in judgement.hypotheses for key in (*one.inconsistent, *one.consistent)}
    return frozenset(keys)


def _reasons(judgement: Judgement) -> tuple[Reason, ...]:
    return (
        judgement.decided_by,
        *judgement.reasons_for,
        *judgement.reasons_against,
        *judgement.contradictions,
        *judgement.missing,
        *judgement.would_raise,
        *judgement.would_lower,
    )


def judgement_digest(judgement: Judgement) -> str:
    """The version of a judgement: a bulletin names the one that it was signed on."""
    return digest(canonical(judgement))


def _bare(document: Document) -> Document:
    return dataclasses.replace(document, text="", repairs=())
