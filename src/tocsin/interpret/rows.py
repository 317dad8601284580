"""Rows of `tocsin interpret` and `tocsin claims`, as JSON values (the contract)."""

from __future__ import annotations

from typing import Any

from tocsin.interpret.reports import attributions
from tocsin.records import Actor, Document, Statement, plain
from tocsin.rules import Rules


def statement_row(document: Document, statement: Statement) -> dict[str, Any]:
    """One row of `tocsin interpret --json`."""
    row: dict[str, Any] = {"input": document.input, "document": statement.document}
    row |= {"span": list(statement.span), "text": statement.text, "type": statement.type, "mode": statement.mode}
    row |= {"topics": list(statement.topics)}
    row |= {"trigger": {"text": statement.trigger.text, "span": list(statement.trigger.span)}}
    row |= {"source": [actor_row(a) for a in statement.source], "target": [actor_row(a) for a in statement.target]}
    row |= {"place": plain(statement.place), "when": plain(statement.when)}
    row |= {"quantities": plain(statement.quantities)}
    row |= {
        "materiel": [
            {"text": m.text, "span": list(m.span), "id": m.id, "class": m.materiel_class} for m in statement.materiel
        ]
    }
    row |= {"modality": statement.modality, "stance": statement.stance, "time": statement.time}
    row |= {"attribution": actor_row(statement.attribution) if statement.attribution else None}
    return row | {"rule": statement.rule}


def actor_row(actor: Actor) -> dict[str, Any]:
    row: dict[str, Any] = plain(actor)
    return row


def claim_rows(document: Document, rules: Rules) -> list[dict[str, Any]]:
    """Rows of `tocsin claims --json`: one an attribution, in text order."""
    rows = []
    for claim in attributions(document, rules):
        spans = list(claim.cue)
        source = [list(claim.speaker.span)] if claim.speaker is not None and claim.speaker.span else []
        rows.append(
            {
                "input": document.input,
                "text": document.text[claim.cue[0] : claim.cue[1]],
                "span": spans,
                "source": source,
                "content": [list(span) for span in claim.content],
                "stance": "denied" if claim.force == "deny" and not claim.negated else "asserted",
            }
        )
    return rows
