"""What one edition of the public pages is made from: an assessment and what stands under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tocsin.publish.seal import Seal
from tocsin.records import Assessment, Document, Finding, Judgement, Membership, Statement
from tocsin.rules import Rules

Status = Literal["actual", "exercise", "test"]
LOCAL = "http://127.0.0.1:8410/"  # where `tocsin serve` shows a home that was given no address


@dataclass(frozen=True)
class Edition:
    """`timelines` holds each area's judgements, oldest first; `address` is where the site will stand, or ''.

    `status` is that of the home: whatever is not actual is marked everywhere. `seal` signs the CAP
    messages; without one they stand unsigned.
    """

    name: str
    address: str
    assessment: Assessment
    statements: Mapping[str, Statement]
    documents: Mapping[str, Document]
    memberships: Mapping[str, Membership]
    timelines: Mapping[str, tuple[Judgement, ...]]
    rules: Rules
    status: Status = "exercise"
    seal: Seal | None = None

    @property
    def base(self) -> str:
        """What every link of a feed begins with: absolute, ending in '/'."""
        return (self.address or LOCAL).rstrip("/") + "/"

    @property
    def told_as(self) -> Status:
        """Actual only where both the home and the assessment say so."""
        return "exercise" if self.status == "actual" and self.assessment.exercise else self.status

    @property
    def drill(self) -> bool:
        """Whether nothing here is real."""
        return self.told_as != "actual"

    @property
    def mark(self) -> str:
        """What every title begins with: '' only for what is real."""
        return f"{self.told_as.upper()}: " if self.drill else ""

    def finding(self, key: str) -> Finding | None:
        return next((f for f in self.assessment.findings if f.key == key), None)

    def changes(self, area: str) -> tuple[Judgement, ...]:
        """The judgements at which the level changed, newest first; the first one counts."""
        changed: list[Judgement] = []
        for judgement in self.timelines.get(area, ()):
            if not changed or (judgement.level, judgement.status) != (changed[-1].level, changed[-1].status):
                changed.append(judgement)
        return tuple(reversed(changed))
