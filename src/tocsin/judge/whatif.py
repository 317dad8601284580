"""What would change had one witness been silent, or had one finding not been told.

The judge hears everything again, in the same order and at the same ticks, but for what is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, replace

from tocsin.judge.again import Step, Told, assessed
from tocsin.judge.days import day_number
from tocsin.judge.gist import Noted
from tocsin.judge.witnesses import Witness, outlet, speaker
from tocsin.records import Adopted, Finding, Judgement, Span
from tocsin.rules import Rules

RulesOf = Callable[[str], Rules]


@dataclass(frozen=True, slots=True)
class Change:
    """One area before and after. `indicators` are those whose state differs: (id, before, after)."""

    area: str
    name: str
    level: tuple[int | None, int | None]
    war: tuple[str, str]
    nuclear: tuple[str, str]
    rule: tuple[str, str]
    indicators: tuple[tuple[str, str, str], ...]

    @property
    def moved(self) -> bool:
        """Whether more than the odds differ."""
        return self.level[0] != self.level[1] or bool(self.indicators)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """`subject` is who or what was left out, with so many documents and statements; `findings` are gone with it."""

    subject: str
    documents: int
    statements: int
    findings: tuple[str, ...]
    changes: tuple[Change, ...]


def what_if(steps: Sequence[Step], without: str, rules_of: RulesOf, exercise: bool) -> WhatIf:
    """The difference that leaving out a finding (by its key) or a witness (by name or id) makes at the last tick.
    Raises ValueError where nothing was judged, or nothing goes by that name."""
    before = assessed(steps, rules_of, exercise)
    rules = _last_rules(steps, rules_of)
    finding = next((one for one in before.findings if one.key == without), None)
    left = _without_finding(steps, finding) if finding else _without_witness(steps, without, rules)
    documents, statements = (_counted(steps, n) - _counted(left, n) for n in (0, 1))
    after = assessed(left, rules_of, exercise)
    kept = {one.key for one in after.findings}
    gone = tuple(one.summary for one in before.findings if one.key not in kept)
    pairs = zip(before.judgements, after.judgements, strict=True)
    changes = tuple(_change(old, new) for old, new in pairs if _differs(old, new))
    return WhatIf(finding.summary if finding else without, documents, statements, gone, changes)


def _last_rules(steps: Iterable[Step], rules_of: RulesOf) -> Rules:
    return rules_of([step.rules for step in steps if isinstance(step, Adopted)][-1])


def _counted(steps: Iterable[Step], what: int) -> int:
    """How many documents (0) or statements (1) are told."""
    told = (step for step in steps if isinstance(step, Told))
    return sum(len(one.statements) if what else 1 for one in told)


def _without_finding(steps: Iterable[Step], finding: Finding) -> list[Step]:
    """Everything but the statements that tell of a finding."""
    gone = {*finding.asserted, *finding.denied, *finding.unverified}
    return [leave_out(step, lambda key, _: key in gone) if isinstance(step, Told) else step for step in steps]


def leave_out(told: Told, out: Callable[[str, int], bool]) -> Told:
    """A document without some statements; a sentence all of whose statements go has no tone either."""
    kept = tuple(one for n, one in enumerate(told.statements) if not out(one.key, n))
    gone = {one.span for one in told.statements} - {one.span for one in kept}
    text = told.document.text
    for start, end in gone if text else ():
        text = text[:start] + " " * (end - start) + text[end:]
    gists = tuple(_untold(gist, gone) for gist in told.gists)
    return replace(told, document=replace(told.document, text=text), statements=kept, gists=gists)


def _untold(gist: Noted, gone: Set[Span]) -> Noted:
    def stays(span: Span) -> bool:
        return not any(a < span[1] and span[0] < b for a, b in gone)

    graded = tuple(one for one in gist.graded if stays(one.span))
    return replace(gist, graded=graded, clauses=tuple(one for one in gist.clauses if stays(one.span)))


def _without_witness(steps: Sequence[Step], name: str, rules: Rules) -> list[Step]:
    """Everything but what a witness wrote, copies of it by others too, and what others quote of him. Raises
    ValueError, with the names that there are, where nobody is called so."""
    known: dict[str, set[str]] = {}
    left: list[Step] = []
    voices = _families(steps, rules)
    for step in steps:
        if not isinstance(step, Told):
            left.append(step)
            continue
        author = voices[step.membership.family]
        day, home = day_number(step.document.published), step.gist(rules).home
        speakers = [speaker(one, rules, home, day) for one in step.statements]
        for witness in (author, *speakers):
            if witness is not None:
                known.setdefault(witness.key, set()).add(witness.name)
        if not _called(author, name):
            left.append(leave_out(step, lambda _, n, by=speakers: _called(by[n], name)))  # type: ignore[misc]
    if not any(name.casefold() in {key.casefold(), *map(str.casefold, names)} for key, names in known.items()):
        listed = ", ".join(sorted({min(names, key=len) for names in known.values()})[:20])
        raise ValueError(f"expected the key of a finding or who tells something ({listed}), found {name!r}")
    return left


def _called(witness: Witness | None, name: str) -> bool:
    return witness is not None and name.casefold() in (witness.key.casefold(), witness.name.casefold())


def _families(steps: Iterable[Step], rules: Rules) -> dict[str, Witness]:
    """Who stands behind each text: the best known of those who published it, as the judge has it."""
    found: dict[str, Witness] = {}
    for step in steps:
        if isinstance(step, Told):
            author, family = outlet(step.document, step.membership, rules), step.membership.family
            if family not in found or author.reliability < found[family].reliability:
                found[family] = author
    return found


def _differs(before: Judgement, after: Judgement) -> bool:
    return _change(before, after) != _change(before, before)


def _change(before: Judgement, after: Judgement) -> Change:
    states = {one.indicator: one.state for one in after.observations}
    turned = ((one.indicator, one.state, states[one.indicator]) for one in before.observations)
    return Change(
        area=before.area,
        name=before.name,
        level=(before.level, after.level),
        war=(before.war.words, after.war.words),
        nuclear=(before.nuclear.words, after.nuclear.words),
        rule=(before.decided_by.rule, after.decided_by.rule),
        indicators=tuple(one for one in turned if one[1] != one[2]),
    )
