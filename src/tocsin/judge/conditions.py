"""Which indicators a statement tells of: the conditions of rules/indicators/, on one statement."""

from __future__ import annotations

from dataclasses import replace

from tocsin.judge.clauses import Around
from tocsin.judge.states import named_states
from tocsin.records import Actor, Statement
from tocsin.rules import Rules
from tocsin.rules.warning import Area, Condition, words_pattern

NOUN = 4  # words in which a subject and the word for 'none' before it stand
NEAR = 30  # characters before a word in which its owner stands ('the last American diplomats')


def told_by(
    statement: Statement, area: Area, around: Around, rules: Rules, *, leaning: bool = False
) -> tuple[str, ...]:
    """Ids of the indicators of which some condition holds for this statement in this area. `leaning`: what the
    conditions ask of the other side, which the statement does not name, is taken as given."""
    if _undone(around, rules):
        return ()
    return tuple(
        indicator.id
        for indicator in rules.indicators.values()
        if any(fits(condition, statement, area, around, rules, leaning) for condition in indicator.when)
    )


def leans(statement: Statement, area: Area, around: Around, rules: Rules) -> tuple[str, ...]:
    """Ids of the indicators that the statement can't set, but bears out where a fuller telling does: it leaves out
    upon whom the act falls, or on which day, and is told as past."""
    if statement.type is None:
        return ()
    undated = statement.time == "past" and (statement.when is None or statement.when.start is None)
    open_ended = bool(_states(statement.source, rules)) and not _struck(statement, rules)
    if not undated and not open_ended:
        return ()
    present = replace(statement, time="current") if undated else statement
    return told_by(present, area, around, rules, leaning=open_ended)


def _undone(around: Around, rules: Rules) -> bool:
    """Whether the words before the act take it away: those just before it ('warned against sending'), or a subject
    of which there is none ('no missile had been fired')."""
    before = around.before.casefold()
    words = before.split()
    if any(words[-len(one) :] == list(one) for one in map(str.split, rules.levels.undone)):
        return True
    verbs = len(words)
    while verbs and words[verbs - 1] in rules.levels.auxiliaries:
        verbs -= 1
    return verbs < len(words) and not {*words[max(0, verbs - NOUN) : verbs]}.isdisjoint(rules.levels.nothing)


def fits(
    condition: Condition, statement: Statement, area: Area, around: Around, rules: Rules, leaning: bool = False
) -> bool:
    """Whether one condition holds; the cheap questions come first."""
    return (
        _manner(condition, statement)
        and not (statement.type is None and words_pattern(rules.levels.hedges).search(statement.text.casefold()))
        and _actors(condition, statement, area, rules, leaning)
        and _things(condition, statement)
        and condition.words_fit(statement.text, around.clause, around.onward)
        and (not condition.own or _own(condition, statement, around, rules))
    )


def _own(condition: Condition, statement: Statement, around: Around, rules: Rules) -> bool:
    """Whether the people named by the condition's first words are the acting state's own: the state named
    just before them, if any, is the one that acts."""
    acting = _states(statement.source, rules)
    if not acting:
        return True
    people = condition.words_all[0] if condition.words_all else condition.words
    text = around.clause
    found = [text[max(0, m.start() - NEAR) : m.start()] for m in words_pattern(people).finditer(text.casefold())]
    owners = [named[-1] for named in (named_states(one, rules) for one in found) if named]
    return all(owner in acting for owner in owners)


def _manner(condition: Condition, statement: Statement) -> bool:
    return (
        (not condition.types or (statement.type or "none") in condition.types)
        and statement.modality in condition.modality
        and (statement.time or "unknown") in condition.time
        and statement.stance in condition.stance
        and (not condition.modes or statement.mode in condition.modes)
        and (not condition.topics or not set(condition.topics).isdisjoint(statement.topics))
    )


def _actors(condition: Condition, statement: Statement, area: Area, rules: Rules, leaning: bool) -> bool:
    source, target = statement.source, statement.target
    struck = _struck(statement, rules)
    return (
        (not condition.source_sectors or any((a.sector or "none") in condition.source_sectors for a in source))
        and (not condition.target_sectors or any((a.sector or "none") in condition.target_sectors for a in target))
        and (not condition.source_states or _some_state(condition.source_states, _states(source, rules), area, rules))
        and (leaning or not condition.target_states or _some_state(condition.target_states, struck, area, rules))
        and (not condition.states or _some_state(condition.states, _all_states(statement, rules), area, rules))
        and (leaning or not condition.interstate or _interstate(statement, rules))
        and (not condition.mutual or (not target and len(set(_states(source, rules))) > 1))
        and (not condition.dyad or _is_dyad(statement, area, rules))
        and (leaning or not condition.across_border or _across_border(statement, rules))
    )


def _some_state(wanted: tuple[str, ...], countries: list[str], area: Area, rules: Rules) -> bool:
    for country in countries:
        kinds = {country, "state"}
        if rules.states[country].nuclear_armed:
            kinds.add("nuclear-armed")
        if area.rest or country in area.focus | area.parties:
            kinds.add("party")
        if not kinds.isdisjoint(wanted):
            return True
    return False


def _states(actors: tuple[Actor, ...], rules: Rules) -> list[str]:
    return [actor.country for actor in actors if actor.country in rules.states and actor.country is not None]


def _places(statement: Statement, rules: Rules) -> list[str]:
    return [place.country for place in statement.place if place.country in rules.states and place.country is not None]


def _struck(statement: Statement, rules: Rules) -> list[str]:
    """The states that the act falls upon: the targets', else those of the place that the source is not of."""
    source = _states(statement.source, rules)
    return _states(statement.target, rules) or [one for one in _places(statement, rules) if one not in source]


def _all_states(statement: Statement, rules: Rules) -> list[str]:
    """Of who takes part and of the places; where nobody could be made out, the states that are named."""
    found = _states(statement.source + statement.target, rules) + _places(statement, rules)
    return found if statement.type is not None else found + named_states(statement.text, rules)


def _interstate(statement: Statement, rules: Rules) -> bool:
    source, target = _states(statement.source, rules), _struck(statement, rules)
    return any(a != b for a in source for b in target)


def _is_dyad(statement: Statement, area: Area, rules: Rules) -> bool:
    taking_part = set(_states(statement.source + statement.target, rules))
    return any({dyad.a, dyad.b} <= taking_part for dyad in area.dyads)


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
