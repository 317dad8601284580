"""States as a sentence names them, where nobody could make out who takes part."""

from __future__ import annotations

import re
from functools import cache

from tocsin.rules import Rules
from tocsin.rules.world import Form


def named_states(text: str, rules: Rules) -> list[str]:
    """States named in a text by name, adjective or demonym, in text order."""
    return [country for country, _ in states_at(text, rules)]


def states_at(text: str, rules: Rules) -> list[tuple[str, int]]:
    """States named in a text, and where each name begins. Initials ('US') must be written so: 'us' is a word."""
    pattern, owners = _forms(rules)
    named = ((owners[(match.lastindex or 0) - 1], match.start()) for match in pattern.finditer(text))
    return [(country, start) for country, start in named if country is not None]


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


@cache
def _forms(rules: Rules) -> tuple[re.Pattern[str], tuple[str | None, ...]]:
    """Forms of states that stand today, by group number of the pattern; what may be another word is left out."""
    owners: dict[str, str | None] = {}
    for state in rules.states.values():
        for form in state.forms if state.until is None else ():
            if form.use in USES and not form.weak and len(form.text) > 1:
                key = _pattern(form)
                owners[key] = state.id if owners.get(key, state.id) == state.id else None
    parts = sorted(owners, key=len, reverse=True)
    return re.compile(rf"(?<![\w.])(?:{'|'.join(f'({part})' for part in parts)})(?!\w)"), tuple(
        owners[part] for part in parts
    )


def _pattern(form: Form) -> str:
    """Initials match as written, other forms in any case; a stem goes on."""
    words = re.escape(form.text)
    return words if form.use == "code" or form.exact else rf"(?i:{words}\w*)" if form.stem else rf"(?i:{words})"
