"""How levels are told in the Common Alerting Protocol (rules/cap.toml): fixed words for each level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.rules.reading import Examples, Fault, Table, toml

FILE = "cap.toml"
# The words of CAP 1.2 (OASIS, 2010), section 3.2.2. Extreme is left out: no rule may say it.
URGENCY = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITY = ("Severe", "Moderate", "Minor", "Unknown")
CERTAINTY = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
RESPONSE = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")


_TEXTS = (
    *("code", "category", "event", "event_name", "event_code", "area_code", "sender_name", "contact"),
    *("headline", "cancel_headline", "cancel_text", "cancel_advice"),
)


@dataclass(frozen=True, slots=True)
class CapWords:
    """What CAP asks of every message. `renew`: whether the level is told anew while it stands."""

    urgency: str
    severity: str
    certainty: str
    response: str
    renew: bool = False

    def __str__(self) -> str:
        return f"{self.urgency} {self.severity} {self.certainty} {self.response}"


@dataclass(frozen=True, slots=True)
class CapRules:
    """Everything of a CAP message that is no figure of the judgement. `code` names our own profile,
    `renew_share` in (0, 1) when a standing level is told anew; `levels` has all of 1 to 5."""

    code: str
    category: str
    event: str
    event_name: str
    event_code: str
    area_code: str
    sender_name: str
    headline: str
    cancel_headline: str
    cancel_text: str
    cancel_advice: str
    contact: str
    renew_share: float
    levels: Mapping[int, CapWords]
    cancel: CapWords
    examples: Examples


def parse(files: Mapping[str, bytes], faults: list[Fault]) -> CapRules:
    """CAP rules from cap.toml. Rules adopted before there was such a file have none: no level, so no message."""
    if FILE not in files:
        nothing = CapWords("", "", "", "")
        return CapRules(
            **dict.fromkeys(_TEXTS, ""), renew_share=0.5, levels={}, cancel=nothing, examples=Examples((), ())
        )
    root = toml(FILE, files[FILE], faults)
    levels = {table.integer("number"): _words(table, renewed=True) for table in root.tables("level")}
    if sorted(levels) != [1, 2, 3, 4, 5]:
        root.fault("level", f"expected the levels 1 to 5, found {sorted(levels)}")
    said = {name: root.text(name) for name in _TEXTS}
    share = root.number("renew_share")
    if not 0 < share < 1:
        root.fault("renew_share", f"expected a share between 0 and 1, found {share}")
    cancel = _words(root.table("cancel"), renewed=False)
    rules = CapRules(**said, renew_share=share, levels=levels, cancel=cancel, examples=root.examples())
    root.done()
    return rules


def _words(table: Table, *, renewed: bool) -> CapWords:
    words = CapWords(
        urgency=table.choice("urgency", URGENCY),
        severity=table.choice("severity", SEVERITY),
        certainty=table.choice("certainty", CERTAINTY),
        response=table.choice("response", RESPONSE),
        renew=table.flag("renew") if renewed else False,
    )
    table.done()
    return words
