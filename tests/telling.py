"""Made evidence for the judge's tests: statements, documents and memberships in few words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from tocsin.judge import Judge
from tocsin.records import (
    Actor,
    Assessment,
    Document,
    Judgement,
    Membership,
    Place,
    Quantity,
    Recipe,
    Statement,
    Trigger,
    When,
)
from world import document, rules

RECIPE = Recipe("code", "rules", "environment")
AS_OF = "2022-02-26T12:00:00Z"
DAY = "2022-02-25"


def actor(code: str) -> Actor:
    """'RUS:GOV', 'RUS', or 'peskov' (an entity's id)."""
    if code in rules().entities:
        entity = rules().entities[code]
        return Actor(entity.name, (0, 1), entity.id, entity.name, entity.country, entity.sector)
    country, _, sector = code.partition(":")
    state = rules().states[country]
    return Actor(state.name, (0, 1), code, state.name, country, sector or None)


def place(name: str, country: str, lat: float | None = None, lon: float | None = None) -> Place:
    return Place(name, (0, 1), name, country, lat, lon)


def tell(text: str, type: str | None = None, **fields: Any) -> dict[str, Any]:
    """A statement's fields: source, target and by as codes, place as 'Name/ISO', when as a date, trigger as the
    words that carry the act (none: the whole sentence does), headline where only the headline tells it."""
    where = [_spotted(place(*item.split("/")), text) for item in fields.pop("place", ())]
    when = fields.pop("when", None)
    number = fields.pop("number", None)
    by = fields.pop("by", None)
    return {
        "text": text,
        "trigger": fields.pop("trigger", ""),
        "type": type,
        "mode": None,
        "topics": (),
        "source": tuple(actor(code) for code in fields.pop("source", ())),
        "target": tuple(actor(code) for code in fields.pop("target", ())),
        "place": tuple(where),
        "when": When(when, (0, 1), when, when, "text") if when else None,
        "quantities": (Quantity(f"{number[0]} {number[1]}s", (0, 1), number[0], None, "person", number[1], False),)
        if number
        else (),
        "materiel": (),
        "modality": "actual",
        "stance": "asserted",
        "time": "current",
        "attribution": actor(by) if isinstance(by, str) else by,
    } | fields


def _spotted(found: Place, text: str) -> Place:
    """The place where its name stands in the text, else at its beginning."""
    at = max(0, text.find(found.text))
    return replace(found, span=(at, at + len(found.text)))


def statement_of(told: dict[str, Any], key: str, document: str, start: int) -> Statement:
    """The statement of these fields in a sentence that begins at `start`."""
    words = told["trigger"]
    at = start + max(0, told["text"].find(words))
    where = tuple(replace(one, span=(one.span[0] + start, one.span[1] + start)) for one in told["place"])
    span = (0, 0) if told.get("headline") else (start, start + len(told["text"]))
    made = {"place": where, "trigger": Trigger(words, (at, at + len(words))), "rule": "made"}
    fields = {name: value for name, value in told.items() if name != "headline"}
    return Statement(key=key, document=document, span=span, **(fields | made))


@dataclass
class Court:
    """A judge with an easy way to give evidence."""

    judge: Judge = field(default_factory=lambda: Judge(rules()))
    count: int = 0

    def hear(self, *told: dict[str, Any], family: str | None = None, copy: bool = False, **fields: Any) -> Document:
        self.count += 1
        name = f"page-{self.count}"
        made = document(" ".join(one["text"] for one in told), input=name, **({"published": DAY} | fields))
        statements = tuple(statement_of(one, f"{made.key}.{n}", made.key, n * 1000) for n, one in enumerate(told))
        kept = family or name
        member = Membership(made.key, "first" if copy else None, "copy" if copy else None, "made", kept, kept)
        self.judge.add(made, member, statements)
        return made

    def rule(self, as_of: str = AS_OF) -> Assessment:
        return self.judge.assess(as_of, RECIPE)

    def area(self, name: str, as_of: str = AS_OF) -> Judgement:
        return next(one for one in self.rule(as_of).judgements if one.area == name)


def lit(judgement: Judgement) -> set[str]:
    """Ids of the indicators that are on."""
    return {one.indicator for one in judgement.observations if one.state == "on"}


def alarms(assessment: Assessment) -> set[str]:
    """What a trap must not do: 'area:level' below 5 and 'area:indicator' of posture, nuclear, kinetic on."""
    found = {f"{j.area}:{j.level}" for j in assessment.judgements if j.level is not None and j.level < 5}
    found |= {f"{j.area}:{i}" for j in assessment.judgements for i in lit(j) if i[0] in "PNK"}
    return found
