"""The judge's memory: evidence as it arrives, and an assessment of all areas whenever one is asked for."""

from __future__ import annotations

from tocsin.records import (
    Answer,
    Assessment,
    Coverage,
    Document,
    Judgement,
    Membership,
    Overall,
    Probability,
    Reason,
    Recipe,
    Statement,
)
from tocsin.rules import Rules


class Judge:
    """Folds documents, group memberships and statements; judges all areas at a tick."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def add(self, document: Document, membership: Membership, statements: tuple[Statement, ...]) -> None:
        """Takes one document in: O(its statements)."""

    def answer(self, answer: Answer) -> None:
        """Takes a person's answer in."""

    def assess(self, as_of: str, recipe: Recipe, exercise: bool = False) -> Assessment:
        """All areas as of this time."""
        nobody = Reason("coverage/unwatched", "Nobody reports from here, so nothing can be said.")
        none = Probability(0.0, 0.0, 1.0, 30, "unknown")
        judgements = tuple(
            Judgement(
                as_of, area.id, area.name, "unknown", None, None, "unknown", None, none, none, "low",
                "Nothing was read.", Coverage("unwatched", 0, 0), (), nobody, (), (), (), (), (), (), (), None,
            )
            for area in getattr(self._rules, "areas", {}).values()
        )  # fmt: skip
        overall = Overall("unknown", None, None, "unknown", nobody, 0, len(judgements))
        return Assessment(as_of, recipe, overall, judgements, (), exercise)
