"""Which indicators a statement tells of: the conditions of rules/indicators/, on one statement."""

from __future__ import annotations

from tocsin.records import Actor, Statement
from tocsin.rules import Rules
from tocsin.rules.warning import Area, Condition


def told_by(statement: Statement, area: Area, rules: Rules) -> tuple[str, ...]:
    """Ids of the indicators of which some condition holds for this statement in this area."""
    return tuple(
        indicator.id
        for indicator in rules.indicators.values()
        if any(fits(condition, statement, area, rules) for condition in indicator.when)
    )


def fits(condition: Condition, statement: Statement, area: Area, rules: Rules) -> bool:
    """Whether one condition holds; the cheap questions come first."""
    return (
        _manner(condition, statement)
        and _actors(condition, statement, area, rules)
        and _things(condition, statement)
        and condition.words_fit(statement.text)
    )


def _manner(condition: Condition, statement: Statement) -> bool:
    return (
        (not condition.types or (statement.type or "none") in condition.types)
        and statement.modality in condition.modality
        and (statement.time or "unknown") in condition.time
        and statement.stance in condition.stance
        and (not condition.modes or statement.mode in condition.modes)
        and (not condition.topics or not set(condition.topics).isdisjoint(statement.topics))
    )


def _actors(condition: Condition, statement: Statement, area: Area, rules: Rules) -> bool:
    source, target = statement.source, statement.target
    return (
        (not condition.source_sectors or any(a.sector in condition.source_sectors for a in source))
        and (not condition.target_sectors or any(a.sector in condition.target_sectors for a in target))
        and (not condition.source_states or _some_state(condition.source_states, source, area, rules))
        and (not condition.target_states or _some_state(condition.target_states, target, area, rules))
        and (not condition.interstate or _interstate(statement, rules))
        and (not condition.across_border or _across_border(statement, rules))
    )


def _some_state(wanted: tuple[str, ...], actors: tuple[Actor, ...], area: Area, rules: Rules) -> bool:
    for country in _states(actors, rules):
        kinds = {country, "state"}
        if rules.states[country].nuclear_armed:
            kinds.add("nuclear-armed")
        if country in area.focus | area.parties:
            kinds.add("party")
        if not kinds.isdisjoint(wanted):
            return True
    return False


def _states(actors: tuple[Actor, ...], rules: Rules) -> list[str]:
    return [actor.country for actor in actors if actor.country in rules.states and actor.country is not None]


def _interstate(statement: Statement, rules: Rules) -> bool:
    source, target = _states(statement.source, rules), _states(statement.target, rules)
    return any(a != b for a in source for b in target)


def _across_border(statement: Statement, rules: Rules) -> bool:
    places = [place.country for place in statement.place if place.country]
    there = places or _states(statement.target, rules)
    return any(a != b for a in _states(statement.source, rules) for b in there)


def _things(condition: Condition, statement: Statement) -> bool:
    if condition.materiel and not any(
        _class_fits(wanted, item.materiel_class) for wanted in condition.materiel for item in statement.materiel
    ):
        return False
    if condition.min_quantity is None:
        return True
    unit, least = condition.min_quantity
    return any(max(q.value, q.high or q.value) >= least for q in statement.quantities if unit in ("", q.unit))


def _class_fits(wanted: str, found: str) -> bool:
    return found.startswith(wanted[:-1]) if wanted.endswith("*") else found == wanted
