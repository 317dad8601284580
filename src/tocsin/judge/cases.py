"""Statements of one real-world happening, joined over documents: a case becomes a finding when told.

Joining is incremental: a statement looks only into its own bucket (area, kind, sides, done or pending),
and there only at cases of about the same days.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar, cast

from tocsin.judge.evidence import PRESENCE, TOLD, Evidence
from tocsin.judge.grading import Grades
from tocsin.judge.witnesses import Witness, capped, label, worse
from tocsin.records import short_key
from tocsin.rules import Rules

MONTH = 30  # days in one slot of the time index
FADED = 4  # half-lives after which an indicator's case is let go
LINGER = 120  # days for which a case is kept after that, for windows and late reports
Bucket = tuple[str, str, str | None, str | None, bool, str | None]

Speakers: TypeAlias = dict[str, set[Witness]]
T = TypeVar("T")


@dataclass(slots=True)
class Case:
    """The evidence of one happening. `anchor` is the day of the first dated telling: it never moves, so
    that a long row of small steps is not one happening. `key` is stable under further reports. `reach` is
    for how many days after its anchor the case may matter; 0 while nobody would tell of it. `memo` keeps what was
    worked out of the evidence as `known` says it stands, and `version` counts how often that changed."""

    key: str
    area: str
    kind: str
    actor: str | None
    other: str | None
    pending: bool
    anchor: int | None
    reach: int = 0
    evidence: list[Evidence] = field(default_factory=list)
    memo: dict[str, tuple[object, object]] = field(default_factory=dict)
    known: tuple[object, ...] = ()
    version: int = 0

    @property
    def sides(self) -> frozenset[str]:
        return frozenset(side for side in (self.actor, self.other) if side is not None)

    def telling(self, barred: frozenset[str]) -> list[Evidence]:
        """The evidence that counts: present, from pages of the present, and not set aside by a person."""
        return [one for one in self.evidence if one.counts and one.statement.key not in barred]

    def refresh(self, barred: frozenset[str], revised: Mapping[str, int]) -> None:
        """Throws away what was worked out where evidence has come since, a person set some aside, or somebody better
        known turned out to have published one of the texts (`revised`: when that was last found, by family)."""
        latest = max((revised.get(one.page.family, 0) for one in self.evidence), default=0) if revised else 0
        known = (len(self.evidence), barred, latest)
        if known != self.known:
            self.known = known
            self.version += 1
            self.memo.clear()

    def remembered(self, what: str, of: object, make: Callable[[], T]) -> T:
        """What `make` gave when it was last asked for this of the same evidence; `of` names what else it rests on."""
        held = self.memo.get(what)
        if held is None or held[0] != of:
            held = self.memo[what] = (of, make())
        return cast(T, held[1])


@dataclass(slots=True)
class Voices:
    """Independent witnesses by key, each with his best reliability here; and all who stand on a side, by the
    voice that they are, for one state's officials may contradict each other."""

    asserting: dict[str, Witness] = field(default_factory=dict)
    denying: dict[str, Witness] = field(default_factory=dict)
    unverified: dict[str, Witness] = field(default_factory=dict)
    asserted_by: Speakers = field(default_factory=lambda: defaultdict(set))
    denied_by: Speakers = field(default_factory=lambda: defaultdict(set))
    unverified_by: Speakers = field(default_factory=lambda: defaultdict(set))
    taken_back: set[str] = field(default_factory=set)  # the voices that asserted and now deny

    def side(self, one: Evidence) -> dict[str, Witness]:
        if one.denied:
            return self.denying
        return self.unverified if one.statement.stance == "unverified" else self.asserting

    def speakers(self, one: Evidence) -> Speakers:
        if one.denied:
            return self.denied_by
        return self.unverified_by if one.statement.stance == "unverified" else self.asserted_by

    def taken_back_by(self, rules: Rules) -> tuple[str, ...]:
        """Those who told it and took it back."""
        return labels({key: self.denied_by[key] for key in self.taken_back}, rules)

    def labels(self, rules: Rules) -> tuple[str, ...]:
        """All independent voices, each once, with everybody who spoke with it."""
        found: Speakers = defaultdict(set)
        for side in (self.asserted_by, self.denied_by, self.unverified_by):
            for key, heard in side.items():
                found[key] |= heard
        return labels(found, rules)


def labels(speakers: Mapping[str, set[Witness]], rules: Rules) -> tuple[str, ...]:
    """One name for each voice of a side."""
    return tuple(sorted(label(heard, rules) for heard in speakers.values()))


class Casebook:
    """All cases so far, by area and by bucket."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._buckets: dict[Bucket, list[Case]] = defaultdict(list)
        self._moving = rules.joining.family("MOBILIZE")
        self._owned: dict[tuple[str, str], set[Bucket]] = defaultdict(set)
        self._slots: dict[str, dict[int | None, list[Case]]] = defaultdict(lambda: defaultdict(list))
        slowest = max((one.half_life_days for one in rules.indicators.values()), default=0.0)
        self._furthest = max(math.ceil(FADED * slowest), rules.joining.presence_persists_days)

    def add(self, one: Evidence) -> Case | None:
        """Joins a statement to its case, or opens one. A told fact that is no act, with neither number nor
        materiel, is no happening: None."""
        told = one.watched or one.leaning
        tells = one.statement.quantities or one.statement.materiel or one.marks or told or one.contested
        if one.kind == TOLD and not tells:
            return None
        about = one.contested if one.kind == TOLD else None
        bucket = (one.area, one.kind, one.actor, one.other, one.pending, about)
        case = self._answered(one) or self._find(bucket, one) or self._open(bucket, one)
        case.evidence.append(one)
        self._reach(case, one)
        return case

    def _reach(self, case: Case, one: Evidence) -> None:
        """Puts a case into the time index once it matters: an indicator is told, forces are abroad, or
        somebody denies."""
        days = [math.ceil(FADED * self._rules.indicators[name].half_life_days) for name in (*one.watched, *one.leaning)]
        if one.kind == PRESENCE or one.denied:
            days.append(self._rules.joining.presence_persists_days)
        if days and not case.reach:
            self._slots[case.area][_slot(case.anchor)].append(case)
        case.reach = max(case.reach, *days) if days else case.reach

    def _answered(self, one: Evidence) -> Case | None:
        """The case that a denial of forces answers where it does not say where they are: the latest of the same
        owner's, in one country or on the move."""
        if not one.denied or one.other is not None or one.actor is None or one.kind != self._moving:
            return None
        found = [case for key in self._owned[one.area, one.actor] for case in self._buckets[key]]
        near = [case for case in found if self._within(case, one)]
        return max(near, key=lambda case: (case.anchor or 0, case.key), default=None)

    def _within(self, case: Case, one: Evidence) -> bool:
        window = self._rules.joining.window(self._moving)
        latest = max((e.day for e in case.evidence if e.day is not None), default=None)
        return one.day is None or latest is None or 0 <= one.day - latest <= window

    def _find(self, bucket: Bucket, one: Evidence) -> Case | None:
        window = self._rules.joining.window(one.kind)
        for case in reversed(self._buckets[bucket]):
            if one.day is None or case.anchor is None or abs(case.anchor - one.day) <= window:
                if self._same_spot(case, one):
                    if case.anchor is None and one.day is not None:
                        self._date(case, one.day)
                    return case
            elif case.anchor < one.day - 10 * window:
                break
        return None

    def _same_spot(self, case: Case, one: Evidence) -> bool:
        """Two places named inside one country are two happenings; a country's name fits any of them."""
        if case.kind == PRESENCE:
            return True
        here, there = _spots(one), set().union(*(_spots(e) for e in case.evidence[:8]))
        return not here or not there or bool(here & there)

    def _open(self, bucket: Bucket, one: Evidence) -> Case:
        area, kind, actor, other, pending, _ = bucket
        parts = (area, kind, actor or "", other or "", str(pending), str(one.day), one.statement.key)
        if kind in (PRESENCE, self._moving) and actor is not None and not pending:
            self._owned[area, actor].add(bucket)
        case = Case(short_key("f", *parts), area, kind, actor, other, pending, one.day)
        self._buckets[bucket].append(case)
        return case

    def _date(self, case: Case, day: int) -> None:
        """An undated case gets its day, and moves in the index if it stands there."""
        if case.reach:
            self._slots[case.area][None].remove(case)
            self._slots[case.area][_slot(day)].append(case)
        case.anchor = day

    def around(self, area: str, today: int) -> Iterator[Case]:
        """The cases of an area that may matter today, the undated from the day on which they were last told; the newest
        first."""
        slots, furthest = self._slots[area], self._furthest
        wanted = [slot for slot in slots if slot is None or (today - furthest) // MONTH <= slot <= today // MONTH + 2]
        found = (case for slot in wanted for case in slots[slot])
        near = [case for case in found if today - (_last(case) or today) <= case.reach]
        yield from sorted(near, key=lambda case: (-(case.anchor or today), case.key))

    def forget(self, today: int) -> None:
        """Lets the cases go that can't matter on any day from `today` on. A late report of one opens another case,
        which is as far from mattering."""
        limit = today - LINGER
        for bucket, cases in list(self._buckets.items()):
            kept = [case for case in cases if _last(case) + case.reach >= limit]
            for case in kept:
                case.memo.clear()
            if kept:
                self._buckets[bucket] = kept
            else:
                del self._buckets[bucket]
        for owned in self._owned.values():
            owned &= self._buckets.keys()
        for slots in self._slots.values():
            for slot, cases in list(slots.items()):
                slots[slot] = [case for case in cases if _last(case) + case.reach >= limit]
                if not slots[slot]:
                    del slots[slot]

    @property
    def linger(self) -> int:
        """For how many days anything told is kept."""
        return self._furthest + LINGER


def _last(case: Case) -> int:
    """The day from which a case fades: its anchor, or where it has none the day on which it was last told."""
    if case.anchor is not None:
        return case.anchor
    return max((one.page.seen_day for one in case.evidence if one.page.seen_day is not None), default=0)


def _slot(day: int | None) -> int | None:
    return None if day is None else day // MONTH


def _spots(one: Evidence) -> set[str]:
    """Towns, bases and seas in the sentence, not whole countries."""
    return {place.name for place in one.spots}


def voices(case_evidence: list[Evidence], parties: frozenset[str], outlets: dict[str, Witness], rules: Rules) -> Voices:
    """Independent witnesses of some evidence; each at his best reliability. What a voice says last stands: one who
    takes back what he told denies it, one who owns to what he denied asserts it; who does both on one day denies.
    One who asserts anywhere is no longer 'unverified'."""
    found = Voices()
    told_last: dict[str, int] = {}
    denied_last: dict[str, int] = {}
    for one in case_evidence:
        witness, grade = witness_of(one, parties, outlets, rules)
        side = found.side(one)
        found.speakers(one)[witness.key].add(witness)
        known = side.get(witness.key)
        if known is None or grade < known.reliability:
            side[witness.key] = Witness(witness.key, witness.name, grade, witness.state, witness.quoted, witness.sensor)
        last = denied_last if one.denied else told_last
        last[witness.key] = max(last.get(witness.key, 0), one.page.tells_from or 0)
    for key in found.denying.keys() & found.asserting.keys():
        if told_last[key] > denied_last[key]:
            del found.denying[key]
        else:
            del found.asserting[key]
            if denied_last[key] > told_last[key]:
                found.taken_back.add(key)
    for key in found.asserting:
        found.unverified.pop(key, None)
    return found


def witness_of(
    one: Evidence, parties: frozenset[str], outlets: dict[str, Witness], rules: Rules
) -> tuple[Witness, str]:
    """The witness behind a statement and his reliability here. A quotation is no better than the page
    that carries it; a page's family speaks with the voice of whoever wrote the text first."""
    carrier = outlets.get(one.page.family, one.page.outlet)
    if one.speaker is None:
        return carrier, capped(carrier, one.statement, parties, rules)
    grade = worse(capped(one.speaker, one.statement, parties, rules), carrier.reliability)
    return one.speaker, grade


def grades(side: dict[str, Witness]) -> Grades:
    """Reliability by independent witness. Those whom nobody can judge, and speakers whom only such
    pages quote, count as one: they may be one person."""
    known = {key: witness.reliability for key, witness in side.items() if witness.reliability != "F"}
    unknown = [key for key, witness in side.items() if witness.reliability == "F"]
    return known | ({min(unknown): "F"} if unknown else {})
