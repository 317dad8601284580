"""The assessment as `tocsin assess --json` prints it: exactly the fields of the contract."""

from __future__ import annotations

from typing import Any

from tocsin.records import Assessment, Finding, Judgement, Probability, Reason, plain


def assess_object(assessment: Assessment) -> dict[str, Any]:
    """The contract's object for `tocsin assess`: JSON values alone. An unwatched area has level null."""
    overall = assessment.overall
    return {
        "as_of": assessment.as_of,
        "exercise": assessment.exercise,
        "recipe": plain(assessment.recipe),
        "overall": {
            "status": overall.status,
            "level": overall.level,
            "colour": overall.colour,
            "phrase": overall.phrase,
            "coverage": {"watched": overall.watched, "unwatched": overall.unwatched},
            "decided_by": _reason(overall.decided_by),
        },
        "areas": [_area(judgement) for judgement in assessment.judgements],
        "findings": [_finding(finding) for finding in assessment.findings],
    }


def _area(judgement: Judgement) -> dict[str, Any]:
    return {
        "id": judgement.area,
        "name": judgement.name,
        "status": judgement.status,
        "level": judgement.level,
        "colour": judgement.colour,
        "phrase": judgement.phrase,
        "previous": judgement.previous,
        "decided_by": _reason(judgement.decided_by),
        "war": _probability(judgement.war, judgement.status),
        "nuclear": _probability(judgement.nuclear, judgement.status),
        "confidence": judgement.confidence,
        "confidence_text": judgement.confidence_text,
        "coverage": plain(judgement.coverage),
        "indicators": [
            {"id": o.indicator, "state": o.state, "value": o.value, "findings": list(o.findings), "reason": o.reason}
            for o in judgement.observations
        ],
        "for": [_reason(r) for r in judgement.reasons_for],
        "against": [_reason(r) for r in judgement.reasons_against],
        "contradictions": [_reason(r) for r in judgement.contradictions],
        "missing": [_reason(r) for r in judgement.missing],
        "would_raise": [_reason(r) for r in judgement.would_raise],
        "would_lower": [_reason(r) for r in judgement.would_lower],
        "hypotheses": [plain(h) for h in judgement.hypotheses],
        "expires": judgement.expires,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {"rule": reason.rule, "text": reason.text, "findings": list(reason.findings)}


def _probability(value: Probability, status: str) -> dict[str, Any]:
    """Where nothing is known only the base rate stands behind a figure: the contract's null, never a guess."""
    if status == "unknown":
        return {"p": None, "low": None, "high": None, "horizon_days": value.horizon_days, "words": None}
    return {
        "p": value.p,
        "low": value.low,
        "high": value.high,
        "horizon_days": value.horizon_days,
        "words": value.words,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {"id": finding.key} | {name: value for name, value in plain(finding).items() if name != "key"}
