"""What to announce: a change of level becomes a proposed bulletin. People sign; the machine never publishes."""

from __future__ import annotations

from tocsin.records import Assessment, Bulletin, Judgement, short_key
from tocsin.rules import Rules


def propose(assessment: Assessment, rules: Rules) -> tuple[Bulletin, ...]:
    """One proposed bulletin for each area whose level is not the one that stood before."""
    return tuple(
        _bulletin(judgement, assessment, rules)
        for judgement in assessment.judgements
        if judgement.level is not None and judgement.level != judgement.previous
    )


def _bulletin(judgement: Judgement, assessment: Assessment, rules: Rules) -> Bulletin:
    return Bulletin(
        key=short_key("b", judgement.area, judgement.as_of, str(judgement.level)),
        area=judgement.area,
        level=judgement.level,
        previous=judgement.previous,
        reason=judgement.decided_by,
        text=_text(judgement, assessment, rules),
        supersedes=None,
        status="proposed",
        as_of=judgement.as_of,
        exercise=assessment.exercise,
    )


def _text(judgement: Judgement, assessment: Assessment, rules: Rules) -> str:
    """Level, colour and phrase, which always agree; then grounds, what speaks against, confidence, disclaimer."""
    levels = rules.levels
    paragraphs = [
        levels.exercise_mark if assessment.exercise else "",
        rules.wording.say(
            "bulletin_head",
            area=judgement.name,
            level=judgement.level,
            colour=judgement.colour,
            phrase=judgement.phrase,
            as_of=judgement.as_of,
        ),
        judgement.decided_by.text,
        " ".join(reason.text for reason in judgement.reasons_for[:3]),
        " ".join(reason.text for reason in judgement.reasons_against[:3]),
        judgement.confidence_text,
        levels.disclaimer,
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
