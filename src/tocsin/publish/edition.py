"""What one edition of the public pages is made from: an assessment and what stands under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.records import Assessment, Document, Finding, Judgement, Membership, Statement
from tocsin.rules import Rules


@dataclass(frozen=True)
class Edition:
    """`timelines` holds each area's judgements, oldest first; `address` is where the site will stand, or ''."""

    name: str
    address: str
    assessment: Assessment
    statements: Mapping[str, Statement]
    documents: Mapping[str, Document]
    memberships: Mapping[str, Membership]
    timelines: Mapping[str, tuple[Judgement, ...]]
    rules: Rules

    def finding(self, key: str) -> Finding | None:
        return next((f for f in self.assessment.findings if f.key == key), None)

    def changes(self, area: str) -> tuple[Judgement, ...]:
        """The judgements at which the level changed, newest first; the first one counts."""
        changed: list[Judgement] = []
        for judgement in self.timelines.get(area, ()):
            if not changed or (judgement.level, judgement.status) != (changed[-1].level, changed[-1].status):
                changed.append(judgement)
        return tuple(reversed(changed))
