"""What only the headline tells, where it stands outside the text: statements with the empty span."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tocsin.records import Actor, Span, Statement

NOWHERE: Final[Span] = (0, 0)


def outside(statement: Statement) -> Statement:
    """A statement of the headline: its words stay, its spans are none of the text's."""

    def actors(listed: tuple[Actor, ...]) -> tuple[Actor, ...]:
        return tuple(replace(actor, span=None) for actor in listed)

    return replace(
        statement,
        span=NOWHERE,
        trigger=replace(statement.trigger, span=NOWHERE),
        source=actors(statement.source),
        target=actors(statement.target),
        place=tuple(replace(place, span=NOWHERE) for place in statement.place),
        when=replace(statement.when, span=NOWHERE) if statement.when is not None else None,
        quantities=tuple(replace(quantity, span=NOWHERE) for quantity in statement.quantities),
        materiel=tuple(replace(materiel, span=NOWHERE) for materiel in statement.materiel),
        attribution=replace(statement.attribution, span=None) if statement.attribution is not None else None,
        rule=f"headline.{statement.rule}",
    )
