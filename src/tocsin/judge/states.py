"""States as a sentence names them, where nobody could make out who takes part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TypeAlias

from tocsin.rules import Rules
from tocsin.rules.world import Form


def named_states(text: str, rules: Rules) -> list[str]:
    """States named in a text by name, adjective or demonym, in text order."""
    return [country for country, _ in states_at(text, rules)]


def loosely_named(text: str, rules: Rules) -> list[str]:
    """States that a text may mean by a name which is also another's ('Korea', 'Georgia'), in text order."""
    return [country for country, _ in _found(text, _forms(rules, weak=True))]


def states_meant(text: str, rules: Rules) -> list[str]:
    """States that a text names, or means by where their government sits, by their forces or by who governs them
    ('Tehran', 'the Kremlin', 'Modi'), in text order."""
    return [country for country, _ in _found(text, _meaning(rules))]


def states_at(text: str, rules: Rules) -> list[tuple[str, int]]:
    """States named in a text, and where each name begins. Initials ('US') must be written so: 'us' is a word."""
    return _found(text, _forms(rules))


def _found(text: str, heads: Heads) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    end = 0
    for word in _WORD.finditer(text):
        start = word.start()
        if start < end:
            continue
        for pattern, country in heads.get(text[start : start + _HEAD].casefold(), ()):
            if match := pattern.match(text, start):
                end = match.end()
                found += [*_sharing(text, match, heads), (country, start)] if country is not None else []
                break
    return found


def _sharing(text: str, match: re.Match[str], heads: Heads) -> list[tuple[str, int]]:
    """The state that shares the last word of the one matched: 'North and South Korea' names two."""
    _, space, rest = match.group().partition(" ")
    before = _SHARED.search(text[max(0, match.start() - _BACK) : match.start()]) if space else None
    if before is None:
        return []
    whole = f"{before['word']} {rest}"
    for pattern, country in heads.get(whole[:_HEAD].casefold(), ()):
        if country is not None and pattern.fullmatch(whole):
            return [(country, match.start())]
    return []


def elsewhere(countries: set[str], rules: Rules) -> dict[str, str]:
    """The area of what two states have to do with each other in no other area. Where they are the dyad of a watched
    one, it belongs there wherever they meet."""
    states = sorted(countries & rules.states.keys())
    watched = [area for area in rules.areas.values() if not area.rest]
    own = {area.id: f"{one.a} with {one.b}" for area in watched for one in area.dyads if {one.a, one.b} <= countries}
    if own:
        return own
    rest = [area for area in rules.areas.values() if area.rest]
    return {area.id: f"{states[0]} and {states[1]}" for area in rest} if len(states) > 1 else {}


def dateline(text: str, rules: Rules) -> str | None:
    """The country whose capital the text's dateline names ('MOSCOW (Agency) - …'), or None."""
    found = DATELINE.match(text)
    return _capitals(rules).get(found["place"].strip().casefold()) if found else None


@cache
def _capitals(rules: Rules) -> dict[str, str]:
    return {one.capital.casefold(): one.id for one in rules.states.values() if one.until is None and one.capital}


DATELINE = re.compile(
    r"(?P<place>[^\W\d_][^\d\n,(–—-]{1,30}?)(?:,[^\n(–—-]{1,30})?\s*(?:\([^)\n]{1,40}\)\s*)?\s[-–—]\s"
)
USES = ("name", "adjective", "demonym", "code")
GOVERNMENT = ("capital", "seat", "force")
GOVERNING = ("GOV", "MIL")  # sectors whose people's names mean their state


_HEAD = 2  # letters by which a form is looked up, so that a sentence meets a few forms and not two thousand
_BACK = 24  # characters before a name in which another may share its last word
_WORD = re.compile(r"(?<![\w.])\w")
_SHARED = re.compile(r"(?<!\w)(?P<word>\w+) (?:and|or|y|и) $")
Heads: TypeAlias = dict[str, list[tuple[re.Pattern[str], str | None]]]


@cache
def _forms(rules: Rules, weak: bool = False) -> Heads:
    """Forms of states that stand today; what may be another word is left out, or alone there where `weak`."""
    return _heads((_pattern(form), form, state) for form, state in _of_states(rules, USES) if form.weak == weak)


@cache
def _meaning(rules: Rules) -> Heads:
    """Forms of states that stand today, and those by which their governments, forces and leaders are called."""
    found: Heads = {head: list(parts) for head, parts in _forms(rules).items()}
    for head, parts in _heads(_governing(rules)).items():
        found.setdefault(head, []).extend(parts)
    for parts in found.values():
        parts.sort(key=lambda one: len(one[0].pattern), reverse=True)
    return found


def _of_states(rules: Rules, uses: tuple[str, ...]) -> Iterator[tuple[Form, str]]:
    """The forms of states that stand today, of some uses, each with its state."""
    for state in rules.states.values():
        for form in state.forms if state.until is None else ():
            if form.use in uses and len(form.text) > 1:
                yield form, state.id


def _governing(rules: Rules) -> Iterator[tuple[str, Form, str]]:
    """Where governments sit, their forces and who governs, as written: the pattern, the form, the state."""
    people = (
        (form, entity.country)
        for entity in rules.entities.values()
        if entity.kind == "person" and entity.sector in GOVERNING and entity.country in rules.states
        for form in entity.forms
        if len(form.text) > 2
    )
    for form, country in (*_of_states(rules, GOVERNMENT), *people):
        if not form.weak:
            yield rf"{re.escape(form.text)}\w*" if form.stem else re.escape(form.text), form, country


def _heads(told: Iterable[tuple[str, Form, str]]) -> Heads:
    """Patterns by the first letters of their forms, the longest first, each with its state; what two states share has
    no owner."""
    owners: dict[str, str | None] = {}
    heads: dict[str, str] = {}
    for key, form, country in told:
        owners[key] = country if owners.get(key, country) == country else None
        heads[key] = form.text[:_HEAD].casefold()
    found: Heads = {}
    for part in sorted(owners, key=len, reverse=True):
        found.setdefault(heads[part], []).append((re.compile(rf"{part}(?!\w)"), owners[part]))
    return found


def _pattern(form: Form) -> str:
    """Initials match as written, other forms in any case; a stem goes on."""
    words = re.escape(form.text)
    return words if form.use == "code" or form.exact else rf"(?i:{words}\w*)" if form.stem else rf"(?i:{words})"
