"""How statements are joined (rules/findings.toml) and what the judge says (rules/wording.toml)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import TypeVar

from tocsin.rules.reading import Examples, Fault, Table, toml

R = TypeVar("R")

FINDINGS = "findings.toml"
WORDING = "wording.toml"
PATHS = frozenset({FINDINGS, WORDING})


@dataclass(frozen=True, slots=True)
class Tension:
    """The tone between states: weight of a happening by PLOVER type (hostile above 0), fading by half in
    `half_life_days`; it moves the log-odds of war by `cap` * tanh(sum / `scale`)."""

    weights: Mapping[str, float]
    half_life_days: float
    cap: float
    scale: float


@dataclass(frozen=True, slots=True)
class Told:
    """How grave what a page tells of is: weight and words of each grade (below 0: what eases). A page's score moves
    the log-odds of war by `cap` * tanh(score / `scale`), those of nuclear danger by the same with `nuclear_cap`,
    fading by half in `half_life_days`; a hedged sentence counts `hedged_share`, and one whose years are gone, though no
    more than `past_years`, `past_share`: fighting of the past says who may fight again. A page of `half_at` sentences
    with a tone counts half."""

    grades: Mapping[str, tuple[float, tuple[str, ...]]]
    hedged_share: float
    past_share: float
    past_years: int
    half_at: float
    half_life_days: float
    cap: float
    nuclear_cap: float
    scale: float


@dataclass(frozen=True, slots=True)
class Sign:
    """What a clause of a briefing may bear, by its words: the `name` that reasons give it, its `weight` in an area's
    strain (below 0: what eases), the share in which it counts where the clause is hedged, and whether it is a `deed`,
    not words alone."""

    name: str
    weight: float
    hedged_share: float
    deed: bool
    words: tuple[str, ...]

    @property
    def told(self) -> bool:
        """Whether it strains by what is told, not by what the author thinks of it."""
        return self.weight > 0 and self.hedged_share < 1.0


@dataclass(frozen=True, slots=True)
class Briefing:
    """What makes a text without outlet or address a report on a situation: so many `sentences` that tell of states or
    of force, so many `states`, and one of the words that weigh; or `roundup_sentences` and `roundup_states` without
    them. A clause with a word of `framed` is a tale, a game or a memory; where the first one is, or `framed_share` of
    them, the text is no briefing. Where one has a word of `rehearsed`, what it tells counts `rehearsed_share`.
    What it tells without the evidence that an indicator needs adds `share` of its value to the figures. `signs` make an
    area's strain, which fades by half in `half_life_days` and adds `war` and `nuclear` times itself, up to `top`, to
    the log-odds of each. Where a level's rule weighs it, `told` times what reports add to the log-odds of war there
    counts with it."""

    sentences: int
    states: int
    roundup_sentences: int
    roundup_states: int
    share: float
    weighs: tuple[str, ...]
    framed: tuple[str, ...]
    framed_share: float
    rehearsed: tuple[str, ...]
    rehearsed_share: float
    signs: Mapping[str, Sign]
    half_life_days: float
    war: float
    nuclear: float
    top: float
    told: float


@dataclass(frozen=True, slots=True)
class Joining:
    """What may tell of one happening.

    `families` maps a PLOVER type to its family, `window_days` a family to the days between two tellings
    of one happening. `flags` maps a document flag to why such a page tells of no present event, `views`
    one to why its facts set no indicator. `doubts` are words of a report that nobody has
    confirmed, `retracts` of one that its teller takes back, `corrects` of numbers that stand for earlier ones.
    `presence_*` find reports of one state's forces in another, in
    all languages; `presence_back` are the words by which a denial or confirmation points back at what was
    told just before, `presence_anybody` what numbers of mere persons count, `presence_confirms` the words by which a
    speaker owns to having forces there, `presence_purpose` those after which a place is where they might go, not
    where they are. What an accuser tells as one of `accusable` is done by the accused; where acts of `venue_types`
    take place tells nothing of what they are about.
    `speakers` is the best grade of a speaker by sector, `state_voices` the sectors that speak for their state,
    `whole_state` that of the bare state,
    `local_voices` the offices that speak for the place told of, `evidence` the words that name a kind of evidence.
    `tension` is the tone of all acts, `tones` those of what sentences tell, by name: of fighting, of what may come
    before it.
    Reports of one indicator bear each other out within `corroborate_days`. `unconfirmed_share` and
    `undated_share` are factors in [0, 1].
    """

    families: Mapping[str, str]
    window_days: Mapping[str, int]
    flags: Mapping[str, str]
    views: Mapping[str, str]
    doubts: tuple[str, ...]
    retracts: tuple[str, ...]
    corrects: tuple[str, ...]
    presence_types: tuple[str, ...]
    presence_sectors: tuple[str, ...]
    presence_nouns: tuple[str, ...]
    presence_back: tuple[str, ...]
    presence_anybody: tuple[str, ...]
    presence_confirms: tuple[str, ...]
    presence_purpose: tuple[str, ...]
    accusable: tuple[str, ...]
    venue_types: tuple[str, ...]
    presence_persists_days: int
    speakers: Mapping[str, str]
    state_voices: frozenset[str]
    whole_state: str
    local_voices: frozenset[str]
    evidence: Mapping[str, tuple[str, ...]]
    briefing: Briefing
    tension: Tension
    tones: Mapping[str, Told]
    corroborate_days: int
    unconfirmed_share: float
    undated_share: float
    examples: Examples

    def family(self, plover: str | None) -> str:
        """The family of a PLOVER type; a type that no family names is its own."""
        return "told" if plover is None else self.families.get(plover, plover.lower())

    def window(self, family: str) -> int:
        return self.window_days.get(family, self.window_days["other"])


@dataclass(frozen=True, slots=True)
class Act:
    """What an act is called: `done` with a target, `alone` without, `noun` where it is not done yet."""

    done: str
    alone: str
    noun: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The judge's words: what acts are called, and templates of sentences. They decide nothing."""

    acts: Mapping[str, Act]
    modality: Mapping[str, str]
    sentences: Mapping[str, str]
    examples: Examples

    def say(self, name: str, /, **values: object) -> str:
        """The sentence of this name with its values in place."""
        return self.sentences[name].format(**values)

    def count(self, name: str, n: int) -> str:
        """The sentence of this name for so many: that of `name_one` for one."""
        return self.say(name + "_one" if n == 1 and name + "_one" in self.sentences else name, n=n)


def parse_joining(files: Mapping[str, bytes], faults: list[Fault]) -> Joining:
    """Joining rules from findings.toml. A missing file is a fault."""
    root = _root(FINDINGS, files, faults)
    families = {plover: family for family, types in root.mapping("families").items() for plover in types}
    windows = root.table("window_days")
    days = {name: windows.integer(name) for name in windows.names()}
    if "other" not in days:
        windows.fault("other", "expected the days for every other family, found nothing")
        days["other"] = 0
    presence, belief, voices = root.table("presence"), root.table("belief"), root.table("voices")
    rules = Joining(
        families=families,
        window_days=days,
        flags=root.text_mapping("flags"),
        views=root.text_mapping("views"),
        doubts=_all_languages(root.table("doubts")),
        retracts=_all_languages(root.table("retracts")),
        corrects=_all_languages(root.table("corrects")),
        presence_types=presence.texts("types"),
        presence_sectors=presence.texts("sectors"),
        presence_nouns=_all_languages(presence.table("nouns")),
        presence_back=_all_languages(presence.table("back")),
        presence_anybody=_all_languages(presence.table("anybody")),
        presence_confirms=_all_languages(presence.table("confirms")),
        presence_purpose=_all_languages(presence.table("purpose")),
        accusable=belief.texts("accusable", ()),
        venue_types=belief.texts("venue_types", ()),
        presence_persists_days=presence.integer("persists_days"),
        speakers=root.text_mapping("speakers"),
        state_voices=frozenset(voices.texts("state")),
        whole_state=voices.text("whole"),
        local_voices=frozenset(voices.texts("local")),
        evidence=_named(root.table("evidence"), _all_languages),
        briefing=_briefing(root.table("briefing")),
        tension=_tension(root.table("tension")),
        tones=_named(root.table("tones"), _told),
        corroborate_days=belief.integer("corroborate_days"),
        unconfirmed_share=belief.number("unconfirmed_share"),
        undated_share=belief.number("undated_share"),
        examples=root.examples(),
    )
    for part in (windows, presence, belief, voices, root):
        part.done()
    return rules


def parse_wording(files: Mapping[str, bytes], faults: list[Fault]) -> Wording:
    """The words from wording.toml. A missing file is a fault."""
    root = _root(WORDING, files, faults)
    words = Wording(
        acts=_named(root.table("acts"), _act),
        modality=root.text_mapping("modality"),
        sentences=root.text_mapping("sentences"),
        examples=root.examples(),
    )
    for name, sentence in words.sentences.items():
        _check_template(root, name, sentence)
    root.done()
    return words


def _root(path: str, files: Mapping[str, bytes], faults: list[Fault]) -> Table:
    if path not in files:
        faults.append(Fault(path, "", "expected this file, found nothing"))
        return Table(path, "", {}, [])
    return toml(path, files[path], faults)


def _briefing(table: Table) -> Briefing:
    framed, rehearsed = table.table("framed"), table.table("rehearsed")
    found = Briefing(
        sentences=table.integer("sentences"),
        states=table.integer("states"),
        roundup_sentences=table.integer("roundup_sentences"),
        roundup_states=table.integer("roundup_states"),
        share=table.number("share"),
        weighs=_all_languages(table.table("weighs")),
        framed=_all_languages(framed.table("words")),
        framed_share=framed.number("share"),
        rehearsed=_all_languages(rehearsed.table("words")),
        rehearsed_share=rehearsed.number("share"),
        signs=_named(table.table("signs"), _sign),
        half_life_days=table.number("half_life_days"),
        war=table.number("war"),
        nuclear=table.number("nuclear"),
        top=table.number("top"),
        told=table.number("told"),
    )
    framed.done()
    rehearsed.done()
    table.done()
    return found


def _sign(table: Table) -> Sign:
    found = Sign(
        name=table.text("name"),
        weight=table.number("weight"),
        hedged_share=table.number("hedged_share"),
        deed=table.flag("deed", False),
        words=_all_languages(table.table("words")),
    )
    table.done()
    return found


def _tension(table: Table) -> Tension:
    weights = table.table("weights")
    found = Tension(
        weights={plover: weights.number(plover) for plover in weights.names()},
        half_life_days=table.number("half_life_days"),
        cap=table.number("cap"),
        scale=table.number("scale"),
    )
    weights.done()
    table.done()
    return found


def _told(table: Table) -> Told:
    found = Told(
        grades=_named(table.table("grades"), _grade),
        hedged_share=table.number("hedged_share"),
        past_share=table.number("past_share"),
        past_years=table.integer("past_years"),
        half_at=table.number("half_at"),
        half_life_days=table.number("half_life_days"),
        cap=table.number("cap"),
        nuclear_cap=table.number("nuclear_cap"),
        scale=table.number("scale"),
    )
    table.done()
    return found


def _grade(table: Table) -> tuple[float, tuple[str, ...]]:
    found = table.number("weight"), _all_languages(table.table("words"))
    table.done()
    return found


def _named(table: Table, read: Callable[[Table], R]) -> dict[str, R]:
    """A table of tables, each read alike."""
    return {name: read(table.table(name)) for name in table.names()}


def _all_languages(table: Table) -> tuple[str, ...]:
    """Lower-case words of all languages together: they are chosen so that they don't clash."""
    found: list[str] = []
    for language in table.names():
        words = table.texts(language, ())
        found += words
        if any(word != word.casefold() or not word.strip() for word in words) or not words:
            table.fault(language, f"expected words in lower case, found {words!r}")
    return tuple(found)


def _act(table: Table) -> Act:
    act = Act(table.text("done"), table.text("alone"), table.text("noun"))
    table.done()
    return act


def _check_template(root: Table, name: str, sentence: str) -> None:
    try:
        list(Formatter().parse(sentence))
    except ValueError as error:
        root.fault(f"sentences.{name}", f"expected a template, found {sentence!r}: {error}")
