"""What we warn of: levels (rules/levels.toml), areas (rules/areas/), indicators (rules/indicators/).

An *area* is a warning problem in Grabo's sense: who could come to blows, where, how to read it in
several ways, and what would raise or lower it. An *indicator* is one kind of happening that is worth
weight. *Levels* turn the evidence into a number from 5 (calm) to 1 (nuclear use).

The formula (as logits; `a` is an indicator's decayed value in [0, 1], caps are per group):

    logit W = logit(area.prior_war)     + sum over groups of capped(sum of weight_war * a)
    logit N = logit(area.prior_nuclear) + sum over groups of capped(sum of weight_nuclear * a), by caps of its own
                                        + levels.nuclear_per_war * (logit W - logit(area.prior_war))

To both is added the tone of the pages, to W that of acts as well. Groups of `levels.before_groups`, of what comes
before fighting, add to W together only what they exceed the pages' tone by.

W is the probability of a serious interstate clash, N that of a nuclear alert, overt preparation or use,
both within `levels.horizon_days`. N cannot be calibrated (one war with use): it is structured judgement.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from tocsin.rules.needles import Worded
from tocsin.rules.reading import Examples, Fault, Table, by_id, toml

if TYPE_CHECKING:
    from tocsin.rules import Rules

GROUPS = ("rhetoric", "diplomacy", "posture", "nuclear", "kinetic", "economic", "counter")
AXES = ("W", "N", "WN")
EVIDENCE = ("quote", "official", "imagery", "sensor", "notice")
MODALITIES = ("actual", "intended", "demanded", "possible", "negated")
TIMES = ("current", "past", "future", "unknown")
AHEAD = frozenset({"intended", "demanded"})
STANCES = ("asserted", "denied", "unverified")
PLOVER = (
    *("AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST"),
    *("ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
)
BRIEFED = 3  # the worst level that a briefing alone may propose
HYPOTHESES = ("attack", "bluff", "exercise", "accident", "calm")

T = TypeVar("T")


# ------------------------------------------------------------------ levels


@dataclass(frozen=True, slots=True)
class LevelRule:
    """One sufficient condition for a level: every one of `indicators`, and one of `any_of` where there are such, on and
    past its own need of evidence, and W >= `war`, and N >= `nuclear` (None asks for nothing). `text` says it plainly. A
    figure rests on evidence too: `origins` independent witnesses of known reliability must report from the area.
    `briefing`: a briefing alone will do where W reaches this (None: it won't); one with a `strain` holds by a briefing
    alone, where its strain, and what reports add to W, reach so much."""

    id: str
    text: str
    indicators: tuple[str, ...]
    war: float | None
    nuclear: float | None
    origins: int = 0
    briefing: float | None = None
    strain: float | None = None
    any_of: tuple[str, ...] = ()

    def holds(self, war: float, nuclear: float, on: frozenset[str], origins: float = math.inf) -> bool:
        return self.strain is None and self._met(war, nuclear, on, origins)

    def holds_by_briefing(self, war: float, nuclear: float, told: frozenset[str], strain: float) -> bool:
        """Whether it holds where `told`, the ids of the indicators that are on or that a briefing tells of, will do."""
        strained = self.strain is None or strain >= self.strain
        return strained and self.briefing is not None and war >= self.briefing and self._met(war, nuclear, told)

    def _met(self, war: float, nuclear: float, on: frozenset[str], origins: float = math.inf) -> bool:
        return (
            on.issuperset(self.indicators)
            and (not self.any_of or not on.isdisjoint(self.any_of))
            and origins >= self.origins
            and (self.war is None or war >= self.war)
            and (self.nuclear is None or nuclear >= self.nuclear)
        )


@dataclass(frozen=True, slots=True)
class Level:
    """One level. `hold_days`: how long the figures must stay below `Levels.down_factor` times this
    level's thresholds before one step down may be proposed. `expires_hours`: then it is stale.
    `signatures`: people who must sign a change to it, where the quorum is more than one."""

    number: int
    colour: str
    phrase: str
    advice: str
    rules: tuple[LevelRule, ...]
    hold_days: int
    expires_hours: int
    signatures: int


@dataclass(frozen=True, slots=True)
class CoverageRule:
    """Within `window_days`: watched from these figures up, thin below them, unwatched at nothing."""

    window_days: int
    watched_documents: int
    watched_origins: int
    thin_documents: int


@dataclass(frozen=True, slots=True)
class ConfidenceRule:
    """A confidence word, the sentence that explains it, and the least evidence that earns it.
    `grade` is the worst source grade that the best witness may have. `findings`: so many of the findings
    relied on must have two origins or more; `agreed`: none of them may be disputed, and nothing that weighs may be
    told without the evidence it needs."""

    word: str
    text: str
    origins: int
    documents: int
    grade: str
    findings: int
    agreed: bool


@dataclass(frozen=True, slots=True)
class ProbabilityWord:
    """ICD 203: the word for low <= p < high."""

    low: float
    high: float
    word: str


@dataclass(frozen=True, slots=True)
class Levels:
    """Everything that turns evidence into a level. `levels` runs from 5 to 1. `hedges`: with one of
    these words in it, a sentence whose act nobody could type tells of no indicator. `reach`: an indicator's words must
    stand in the act's own clause and within so many characters of the words that carry it; `clause_ends` are the
    words that begin another clause, `undone` those that take away the act they stand before ('against sending'),
    `nothing` those of a subject of which there is none, before `auxiliaries` ('no missile had been fired').
    `quote_floor`: what is told without its evidence is quoted until its value has decayed to this.
    `quorum`, `third_steps`, `cooling_minutes` and `sign_within_minutes` are the policy of `tocsin.publish.signing`."""

    levels: tuple[Level, ...]
    unknown_phrase: str
    stale_phrase: str
    disclaimer: str
    exercise_mark: str
    horizon_days: int
    quorum: int
    third_steps: int
    cooling_minutes: int
    sign_within_minutes: int
    up_runs: int
    down_factor: float
    talk_groups: tuple[str, ...]
    before_groups: tuple[str, ...]
    talk_stops_at: int
    hedges: tuple[str, ...]
    reach: int
    clause_ends: tuple[str, ...]
    undone: tuple[str, ...]
    nothing: tuple[str, ...]
    auxiliaries: tuple[str, ...]
    quote_floor: float
    caps: Mapping[str, float]
    nuclear_caps: Mapping[str, float]
    nuclear_per_war: float
    range_logits: float
    claim_prior: float
    cluster_discount: float
    on_threshold: float
    likelihood_ratios: Mapping[str, float]
    party_grade_cap: str
    coverage: CoverageRule
    confidence: tuple[ConfidenceRule, ...]
    words: tuple[ProbabilityWord, ...]
    odds_text: str
    odds_below: float
    figure: str
    examples: Examples

    def level(self, number: int) -> Level:
        """The level with this number. Raises KeyError."""
        for level in self.levels:
            if level.number == number:
                return level
        raise KeyError(number)

    def decide(
        self, war: float, nuclear: float, on: Iterable[str], origins: float = math.inf
    ) -> tuple[Level, LevelRule | None]:
        """The worst level that one of its rules satisfies, and that rule (None at the calmest).

        `on` are the ids of the indicators that are on *and* have the evidence which they need; `origins` counts the
        independent witnesses of known reliability.
        """
        confirmed = frozenset(on)
        for level in sorted(self.levels, key=lambda one: one.number):
            for rule in level.rules:
                if rule.holds(war, nuclear, confirmed, origins):
                    return level, rule
        return max(self.levels, key=lambda one: one.number), None

    def decide_by_briefing(
        self, war: float, nuclear: float, told: frozenset[str], strain: float, worst: int = 1
    ) -> tuple[Level, LevelRule | None]:
        """The worst level, though none worse than `worst`, that a briefing alone may propose, and its rule (None at the
        calmest)."""
        for level in sorted((one for one in self.levels if one.number >= worst), key=lambda one: one.number):
            for rule in level.rules:
                if rule.holds_by_briefing(war, nuclear, told, strain):
                    return level, rule
        return max(self.levels, key=lambda one: one.number), None

    def probability_words(self, p: float) -> str:
        """ICD 203's word with the figure, or odds where p is so small that a word alone would mislead."""
        if p < self.odds_below:
            return self.odds(p)
        word = next((band.word for band in self.words if band.low <= p < band.high), self.words[-1].word)
        return self.figure.format(word=word, percent=f"{100 * p:.0f}")

    def odds(self, p: float) -> str:
        """'about 1 in n', however likely: a judged chance is no measured percentage."""
        return self.odds_text.format(n=f"{rounded_odds(p):,}")

    def implied_cost_ratio(self, threshold: float) -> float:
        """How many false alarms one miss is worth if we raise at this threshold: (1 - P) / P."""
        return (1.0 - threshold) / threshold


def rounded_odds(p: float) -> int:
    """n of 'about 1 in n', to one leading digit (two from 1 in 10 to 1 in 100)."""
    odds = 1.0 / max(p, 1e-9)
    digit = 10 ** max(0, math.floor(math.log10(odds)))
    step = digit if digit > 10 else 1
    return int(round(odds / step) * step)


def odds_between(low: float, high: float) -> str:
    """A range of chances as odds, the longer ones first: '1 in 7,000 to 1 in 600'."""
    return f"1 in {rounded_odds(low):,} to 1 in {rounded_odds(high):,}"


def log_odds(p: float) -> float:
    return math.log(p / (1.0 - p))


# ------------------------------------------------------------------ areas


@dataclass(frozen=True, slots=True)
class Dyad:
    """Two states that could clash. `hostility` in [0, 1]: how chronic; `prior` W of this pair alone."""

    a: str
    b: str
    hostility: float
    prior: float


@dataclass(frozen=True, slots=True)
class Box:
    """A sea or flashpoint: south, west, north, east in degrees (WGS 84), no box crosses 180°."""

    name: str
    south: float
    west: float
    north: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        return self.south <= lat <= self.north and self.west <= lon <= self.east


@dataclass(frozen=True, slots=True)
class AreaHypothesis:
    """One way to read what is seen. `consistent` and `inconsistent` are indicator ids: the
    hypothesis with the fewest inconsistent ones that are on stands first (Heuer's ACH)."""

    id: str
    kind: str
    text: str
    consistent: tuple[str, ...]
    inconsistent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tripwire:
    """What would raise or lower the level, told in advance."""

    text: str
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """One warning problem. All states are ISO 3166 alpha-3.

    `focus`: the states that the problem is about; `parties`: states that count here together with
    one of them. `countries`: happenings there count whoever acts; `hosts`: happenings there count
    when a focus state or party from elsewhere takes part. `boxes` likewise count whoever acts.
    `keywords`: names of places and crises that put a sentence here ('*' ends a stem). `rest`: what states do to
    each other in no other area belongs here, so every state is a party.
    """

    id: str
    name: str
    why: str
    focus: frozenset[str]
    parties: frozenset[str]
    dyads: tuple[Dyad, ...]
    countries: frozenset[str]
    hosts: frozenset[str]
    boxes: tuple[Box, ...]
    keywords: tuple[str, ...]
    hypotheses: tuple[AreaHypothesis, ...]
    raises: tuple[Tripwire, ...]
    lowers: tuple[Tripwire, ...]
    prior_war: float
    prior_nuclear: float
    prior_why: str
    examples: Examples
    rest: bool = False

    def place_reason(
        self, actors: frozenset[str], countries: frozenset[str], points: Iterable[tuple[float, float]]
    ) -> str | None:
        """Why these places lie in the area, or None. A box wins over a country."""
        for lat, lon in points:
            for box in self.boxes:
                if box.holds(lat, lon):
                    return f"place in {box.name}"
        for country in sorted(countries & self.countries):
            return f"place in {country}"
        for country in sorted(countries & self.hosts):
            if (actors - {country}) & (self.focus | self.parties):
                return f"a party in {country}"
        return None

    def dyad_reason(self, actors: frozenset[str]) -> str | None:
        """Why these actors belong here with no word of a place: a focus state and another party."""
        for state in sorted(actors & self.focus):
            for other in sorted((actors - {state}) & (self.focus | self.parties)):
                return f"{state} with {other}"
        return None


def parties_of(area: Area, rules: Rules) -> frozenset[str]:
    """The states whose word about each other is a party's word there."""
    return frozenset(rules.states) if area.rest else area.focus | area.parties


def areas_of(
    areas: Iterable[Area],
    actors: Iterable[str],
    countries: Iterable[str] = (),
    points: Iterable[tuple[float, float]] = (),
    text: str = "",
    context: str = "",
) -> dict[str, str]:
    """The areas to which a happening belongs: area id -> reason.

    `actors` are the countries of those who take part, `countries` and `points` (lat, lon) those of
    its places, `text` the sentence, `context` what stands around it (the title). The most telling
    sign decides, so that Russian troops in Caracas are not a matter of NATO's border:
    1. the place; 2. a keyword in the sentence, if a focus state or party takes part or nobody is named;
    3. who meets whom, unless a place was named that lies elsewhere; 4. a keyword in the context.
    """
    listed_areas = tuple(areas)
    who, where, spots = frozenset(actors), frozenset(countries), tuple(points)
    found = _reasons(listed_areas, lambda area: area.place_reason(who, where, spots))
    found = found or _reasons(listed_areas, lambda area: _keyword_reason(area, who, text))
    if not found and not (where - who):
        found = _reasons(listed_areas, lambda area: area.dyad_reason(who))
    return found or _reasons(listed_areas, lambda area: _keyword_reason(area, who, context))


def _reasons(areas: tuple[Area, ...], reason_of: Callable[[Area], str | None]) -> dict[str, str]:
    return {area.id: reason for area in areas if (reason := reason_of(area)) is not None}


def _keyword_reason(area: Area, actors: frozenset[str], text: str) -> str | None:
    if not text or (actors and not actors & (area.focus | area.parties)):
        return None
    hit = words_pattern(area.keywords).search(text.casefold())
    return f"'{hit.group()}'" if hit else None


# ------------------------------------------------------------------ indicators


@dataclass(frozen=True, slots=True)
class Need:
    """Evidence that confirms an indicator: at least `origins` independent witnesses, of which at
    least `governments` are governments that say it themselves, and at least one of a kind in
    `any_of` (if any is named). `grade`: the worst source grade that counts ('' = any)."""

    origins: int
    governments: int
    any_of: tuple[str, ...]
    grade: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What one statement must look like. Every field that is not empty must hold.

    `types`: PLOVER roots, 'none' for an untyped statement. `words`: any of; `words_all`: one of each
    list; `absent`: none of; all against the casefolded sentence, whole words, '*' ends a stem.
    `materiel`: classes of rules/materiel.tsv ('*' at the end allowed). Sectors: those of contract.md,
    'none' for an actor without one, as a state named barely has none. `source_states` and
    `target_states` (any actor fits): ISO 3166 alpha-3, or 'nuclear-armed', 'state' (any country),
    'party' (focus or parties of the area); where no target has a country, its place stands for it.
    `states`: likewise, of anybody who takes part or of a place. `interstate`: source and target are of
    different states. `across_border`: an actor of the source is of another country than the place (or,
    where no place is named, than the target). `mutual`: sources of two states and no target, as in
    'A and B clashed'. `dyad`: two who take part are a dyad of the area. `own`: those whom the (first) words
    name belong to the source's state, as far as the words before them say. `objects`: one of these must stand
    in the clause after the act's own words. `min_quantity`: unit ('' = any) and least value. A statement's time
    None counts as 'unknown'; where plans or demands are admitted, so is the future.
    """

    types: tuple[str, ...]
    modes: tuple[str, ...]
    topics: tuple[str, ...]
    words: tuple[str, ...]
    words_all: tuple[tuple[str, ...], ...]
    absent: tuple[str, ...]
    materiel: tuple[str, ...]
    source_sectors: tuple[str, ...]
    target_sectors: tuple[str, ...]
    source_states: tuple[str, ...]
    target_states: tuple[str, ...]
    states: tuple[str, ...]
    interstate: bool
    across_border: bool
    mutual: bool
    dyad: bool
    own: bool
    objects: tuple[str, ...]
    modality: tuple[str, ...]
    time: tuple[str, ...]
    stance: tuple[str, ...]
    min_quantity: tuple[str, float] | None

    def words_fit(self, sentence: str, about: str | None = None, onward: str | None = None) -> bool:
        """Whether the words asked for stand in `about` (the part of the sentence around the trigger;
        all of it by default), the objects in `onward` (likewise, from the trigger on), and none of those that
        forbid it anywhere in the sentence."""
        text = (sentence if about is None else about).casefold()
        if self.objects and not words_pattern(self.objects).search((text if onward is None else onward).casefold()):
            return False
        if self.words and not words_pattern(self.words).search(text):
            return False
        if not all(words_pattern(one).search(text) for one in self.words_all):
            return False
        return not (self.absent and words_pattern(self.absent).search(sentence.casefold()))


@dataclass(frozen=True, slots=True)
class Indicator:
    """One kind of happening that is worth weight. It is on in an area when a finding of the area
    fits one of `when` and one of `needs` is met; its value halves every `half_life_days`.
    `gate`: the level whose rules name it, or None."""

    id: str
    group: str
    name: str
    why: str
    axis: str
    weight: float
    half_life_days: float
    gate: int | None
    needs: tuple[Need, ...]
    false_positives: tuple[str, ...]
    when: tuple[Condition, ...]
    examples: Examples

    @property
    def weight_war(self) -> float:
        return self.weight if "W" in self.axis else 0.0

    @property
    def weight_nuclear(self) -> float:
        return self.weight if "N" in self.axis else 0.0

    def words_fit(self, sentence: str) -> bool:
        """Whether the sentence's words alone would let some condition hold."""
        return any(condition.words_fit(sentence) for condition in self.when)


def words_tell(rules: Rules, sentence: str) -> bool:
    """Whether an untyped sentence is worth keeping: it has some indicator's words and no hedge."""
    text = sentence.casefold()
    conditions, worded = _untyped(rules)
    likely = [conditions[n] for n in worded.among(text)]
    if not likely or words_pattern(rules.levels.hedges).search(text):
        return False
    return any(condition.words_fit(sentence) for condition in likely)


@cache
def _untyped(rules: Rules) -> tuple[list[Condition], Worded]:
    """The conditions on untyped acts, and a cheap test that must hold before one of them can."""
    told = [one for indicator in rules.indicators.values() for one in indicator.when]
    told = [one for one in told if _lists(one) and (not one.types or "none" in one.types)]
    return told, Worded([[_beginning(term) for term in words] for words in _lists(one)] for one in told)


def _lists(condition: Condition) -> list[tuple[str, ...]]:
    return [words for words in (*condition.words_all, condition.words, condition.objects) if words]


def _beginning(term: str) -> str:
    return term.split()[0].removesuffix("*")


@cache
def words_pattern(terms: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these lower-case terms as whole words; '*' at the end of a word lets it go on. A space
    stands for any run of white space or one hyphen."""
    parts = sorted((_term_pattern(term) for term in terms), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


def _term_pattern(term: str) -> str:
    words = [re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word) for word in term.split()]
    return r"(?:\s+|-)".join(words)


# ------------------------------------------------------------------ reading


def parse_levels(files: Mapping[str, bytes], faults: list[Fault]) -> Levels | None:
    """The levels from levels.toml; None with a fault where it is absent."""
    name = "levels.toml"
    if name not in files:
        faults.append(Fault(name, "", "expected this file, found nothing"))
        return None
    root = toml(name, files[name], faults)
    nuclear_caps = _numbers(root.table("nuclear_caps"), GROUPS)
    caps, ratios = _numbers(root.table("caps"), GROUPS), _numbers(root.table("likelihood_ratios"), tuple("ABCDEF"))
    claim, text, run = root.table("claim"), root.table("text"), root.table("run")
    levels = Levels(
        levels=_each(root, "level", _level),
        unknown_phrase=text.text("unknown_phrase"),
        stale_phrase=text.text("stale_phrase"),
        disclaimer=text.text("disclaimer"),
        exercise_mark=text.text("exercise_mark"),
        odds_text=text.text("odds"),
        odds_below=text.number("odds_below"),
        figure=text.text("figure", "{word}"),
        horizon_days=run.integer("horizon_days"),
        quorum=run.integer("quorum"),
        third_steps=run.integer("third_steps", 2),
        cooling_minutes=run.integer("cooling_minutes", 5),
        sign_within_minutes=run.integer("sign_within_minutes", 240),
        up_runs=run.integer("up_runs"),
        down_factor=run.number("down_factor"),
        talk_groups=run.texts("talk_groups"),
        before_groups=run.texts("before_groups", ()),
        talk_stops_at=run.integer("talk_stops_at"),
        hedges=_terms(claim, "hedges"),
        reach=claim.integer("reach"),
        clause_ends=claim.texts("clause_ends", ()),
        undone=claim.texts("undone", ()),
        nothing=claim.texts("nothing", ()),
        auxiliaries=claim.texts("auxiliaries", ()),
        quote_floor=claim.number("quote_floor", 0.0),
        nuclear_per_war=run.number("nuclear_per_war"),
        range_logits=run.number("range_logits"),
        caps=caps,
        nuclear_caps=nuclear_caps,
        claim_prior=claim.number("prior"),
        cluster_discount=claim.number("cluster_discount"),
        on_threshold=claim.number("on_threshold"),
        party_grade_cap=claim.text("party_grade_cap"),
        likelihood_ratios=ratios,
        coverage=root.table("coverage").record(CoverageRule),
        confidence=_each(root, "confidence", _confidence),
        words=_each(root, "word", _word),
        examples=root.examples(),
    )
    for part in (claim, text, run, root):
        part.done()
    return levels


def _each(root: Table, field: str, read: Callable[[Table], T]) -> tuple[T, ...]:
    found = []
    for member in root.tables(field):
        found.append(read(member))
        member.done()
    return tuple(found)


def _numbers(table: Table, names: tuple[str, ...]) -> dict[str, float]:
    found = {name: table.number(name) for name in names}
    table.done()
    return found


def _level(table: Table) -> Level:
    found = Level(
        number=table.integer("number"),
        colour=table.text("colour"),
        phrase=table.text("phrase"),
        advice=table.text("advice"),
        hold_days=table.integer("hold_days", 0),
        expires_hours=table.integer("expires_hours"),
        signatures=table.integer("signatures", 1),
        rules=_each(table, "rule", _level_rule),
    )
    if found.number < BRIEFED and any(rule.briefing is not None for rule in found.rules):
        table.fault("rule", f"expected no `briefing` below level {BRIEFED}: one witness proposes no such level")
    return found


def _level_rule(table: Table) -> LevelRule:
    return LevelRule(
        id=table.text("id"),
        text=table.text("text"),
        indicators=table.texts("indicators", ()),
        war=_optional_number(table, "war"),
        nuclear=_optional_number(table, "nuclear"),
        origins=table.integer("origins", 0),
        briefing=_optional_number(table, "briefing"),
        strain=_optional_number(table, "strain"),
        any_of=table.texts("any_of", ()),
    )


def _optional_number(table: Table, field: str) -> float | None:
    return table.number(field) if table.has(field) else None


def _confidence(table: Table) -> ConfidenceRule:
    return ConfidenceRule(
        word=table.choice("word", ("low", "moderate", "high")),
        text=table.text("text"),
        origins=table.integer("origins"),
        documents=table.integer("documents"),
        grade=table.choice("grade", tuple("ABCDEF")),
        findings=table.integer("findings", 0),
        agreed=table.flag("agreed"),
    )


def _word(table: Table) -> ProbabilityWord:
    return ProbabilityWord(low=table.number("low"), high=table.number("high"), word=table.text("word"))


def parse_indicators(files: Mapping[str, bytes], faults: list[Fault]) -> dict[str, Indicator]:
    """All indicators, by id, in the order of their files."""
    return _folder("indicators/", files, faults, _indicator, lambda one: one.id)


def parse_areas(
    files: Mapping[str, bytes], faults: list[Fault], indicators: Mapping[str, Indicator]
) -> dict[str, Area]:
    """All areas, by id. An indicator that an area names but nobody defines is a fault."""
    areas = _folder("areas/", files, faults, _area, lambda one: one.id)
    for area in areas.values():
        for named in _indicators_named(area):
            if named not in indicators:
                faults.append(Fault(f"areas/{area.id}.toml", "", f"expected an indicator's id, found {named!r}"))
    return areas


def _folder(
    folder: str,
    files: Mapping[str, bytes],
    faults: list[Fault],
    read: Callable[[Table], T],
    key: Callable[[T], str],
) -> dict[str, T]:
    """What the TOML files of a folder hold; a file bears the name of its id."""
    found: list[T] = []
    file_of: dict[str, str] = {}
    for name in sorted(files):
        if not (name.startswith(folder) and name.endswith(".toml")):
            continue
        root = toml(name, files[name], faults)
        item = read(root)
        root.done()
        file_of[key(item)] = name
        if name != f"{folder}{key(item)}.toml":
            faults.append(Fault(name, "id", f"expected the file's own name, found {key(item)!r}"))
        found.append(item)
    return by_id(found, key, lambda item: file_of[key(item)], faults)


def _indicators_named(area: Area) -> Iterable[str]:
    for hypothesis in area.hypotheses:
        yield from hypothesis.consistent + hypothesis.inconsistent
    for wire in area.raises + area.lowers:
        yield from wire.indicators


def _area(root: Table) -> Area:
    prior = root.table("prior")
    area = Area(
        id=root.text("id"),
        name=root.text("name"),
        why=root.text("why"),
        focus=frozenset(root.texts("focus")),
        parties=frozenset(root.texts("parties")),
        dyads=_each(root, "dyad", _dyad),
        countries=frozenset(root.texts("countries", ())),
        hosts=frozenset(root.texts("hosts", ())),
        boxes=_each(root, "box", _box),
        keywords=root.texts("keywords"),
        hypotheses=_each(root, "hypothesis", _hypothesis),
        raises=_each(root, "raise", _tripwire),
        lowers=_each(root, "lower", _tripwire),
        prior_war=prior.number("war"),
        prior_nuclear=prior.number("nuclear"),
        prior_why=prior.text("why"),
        examples=root.examples(),
        rest=root.flag("rest"),
    )
    prior.done()
    return area


def _dyad(table: Table) -> Dyad:
    return Dyad(table.text("a"), table.text("b"), table.number("hostility"), table.number("prior"))


def _box(table: Table) -> Box:
    edges = table.numbers("edges")
    if len(edges) != 4 or not (edges[0] < edges[2] and edges[1] < edges[3]):
        table.fault("edges", f"expected south, west, north, east, found {edges!r}")
        edges = (0.0, 0.0, 0.0, 0.0)
    return Box(table.text("name"), *edges)


def _hypothesis(table: Table) -> AreaHypothesis:
    return AreaHypothesis(
        id=table.text("id"),
        kind=table.choice("kind", HYPOTHESES),
        text=table.text("text"),
        consistent=table.texts("consistent"),
        inconsistent=table.texts("inconsistent"),
    )


def _tripwire(table: Table) -> Tripwire:
    return Tripwire(table.text("text"), table.texts("indicators"))


def _indicator(root: Table) -> Indicator:
    return Indicator(
        id=root.text("id"),
        group=root.choice("group", GROUPS),
        name=root.text("name"),
        why=root.text("why"),
        axis=root.choice("axis", AXES),
        weight=root.number("weight"),
        half_life_days=root.number("half_life_days"),
        gate=root.integer("gate") if root.has("gate") else None,
        needs=_each(root, "needs", _need),
        false_positives=root.texts("false_positives"),
        when=_each(root, "when", _condition),
        examples=root.examples(),
    )


def _need(table: Table) -> Need:
    return Need(
        origins=table.integer("origins", 1),
        governments=table.integer("governments", 0),
        any_of=_chosen(table, "any_of", EVIDENCE, ()),
        grade=table.text("grade", ""),
    )


def _condition(table: Table) -> Condition:
    quantity = table.table("min_quantity")
    least = (quantity.text("unit", ""), quantity.number("value")) if quantity.has("value") else None
    quantity.done()
    modality = _chosen(table, "modality", MODALITIES, ("actual",))
    return Condition(
        types=_chosen(table, "types", (*PLOVER, "none"), ()),
        modes=table.texts("modes", ()),
        topics=table.texts("topics", ()),
        words=_terms(table, "words"),
        words_all=_term_lists(table, "words_all"),
        absent=_terms(table, "absent"),
        materiel=table.texts("materiel", ()),
        source_sectors=table.texts("source_sectors", ()),
        target_sectors=table.texts("target_sectors", ()),
        source_states=table.texts("source_states", ()),
        target_states=table.texts("target_states", ()),
        states=table.texts("states", ()),
        interstate=table.flag("interstate"),
        across_border=table.flag("across_border"),
        mutual=table.flag("mutual"),
        dyad=table.flag("dyad"),
        own=table.flag("own"),
        objects=_terms(table, "objects"),
        modality=modality,
        time=_times(table, modality),
        stance=_chosen(table, "stance", STANCES, ("asserted",)),
        min_quantity=least,
    )


def _times(table: Table, modality: tuple[str, ...]) -> tuple[str, ...]:
    """The times of a condition. What is planned or demanded lies ahead, so such a condition admits the future; one
    that does not, or that wants a deed of the future, could never hold."""
    ahead = bool(AHEAD & set(modality))
    times = _chosen(table, "time", TIMES, ("current", "unknown", *(("future",) if ahead else ())))
    if ahead and "future" not in times:
        table.fault("time", f"modality {', '.join(modality)} is told of the future, which time leaves out")
    if set(times) == {"future"} and set(modality) <= {"actual", "negated"}:
        table.fault("time", "what is actual is never told of the future alone")
    return times


def _chosen(table: Table, field: str, allowed: tuple[str, ...], default: tuple[str, ...]) -> tuple[str, ...]:
    found = table.texts(field, default)
    for value in found:
        if value not in allowed:
            table.fault(field, f"expected some of {', '.join(allowed)}, found {value!r}")
    return found


def _terms(table: Table, field: str) -> tuple[str, ...]:
    found = table.texts(field, ())
    _check_terms(table, field, found)
    return found


def _term_lists(table: Table, field: str) -> tuple[tuple[str, ...], ...]:
    lists = table.lists(field)
    for found in lists:
        _check_terms(table, field, found)
    return lists


def _check_terms(table: Table, field: str, terms: tuple[str, ...]) -> None:
    for term in terms:
        if not term.strip() or term != term.casefold() or "*" in term.replace("* ", "").removesuffix("*"):
            table.fault(field, f"expected lower-case words, '*' only at their end, found {term!r}")
