"""The grammar of one language: which words tell an act, who says so, and how sure it is.

A language file's [grammar] section becomes a `Grammar`. Terms are written in a small pattern language:

    attack                    a verb in any of its forms (a word or a `stem*` where the language has no rules here)
    call for                  a verb with the words that must follow it (one adverb may stand between)
    shoot .. down             the same with up to five words between
    impose + sanction|tariff  a verb whose object (or passive subject) is one of these words
    arrive < troops|ship      a verb whose subject is, or is near, one of these words
    strike - deal|accord      a verb unless one of these words follows in its clause
    air strike                as a noun: the last word may be plural; `-` and `+` as above, `+` on either side
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.rules.inflection import Inflection, read_inflection
from tocsin.rules.reading import Examples, Fault, Table, toml

TYPES = [
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
]
ROLES = ("direct", "mutual", "speech", "undergo", "alone")
FORCES = ("assert", "believe", "confirm", "deny", "allege", "promise", "demand", "threaten", "accuse")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One term. `words` are the head and what follows it; `gap` is how many words may stand between
    the head and the rest; `needs` and `bars` are lemmas that must, or must not, stand in its clause,
    `doers` lemmas one of which must stand before it."""

    words: tuple[str, ...]
    gap: int
    needs: frozenset[str]
    bars: frozenset[str]
    doers: frozenset[str]
    is_verb: bool

    @property
    def weight(self) -> int:
        """More specific terms win over less specific ones at the same place."""
        return 2 * len(self.words) + 3 * bool(self.needs) + 3 * bool(self.doers) + bool(self.bars)


@dataclass(frozen=True, slots=True)
class Act:
    """A family of terms that tell one PLOVER root. `roles` says which argument does what:
    direct (subject does it to the object), mutual (both do), speech (subject says it of somebody),
    undergo (the subject suffers it), alone (no target). `toward` are prepositions of the target,
    best first. `told_late`: such acts come to light long after, so that without a date they are past."""

    name: str
    type: str
    mode: str | None
    topics: tuple[str, ...]
    roles: str
    toward: tuple[str, ...]
    told_late: bool
    patterns: tuple[Pattern, ...]
    examples: Examples


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that reports speech, with its force."""

    force: str
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Grammar:
    """What one language's file says about events and assertion. `words` are closed word classes by name;
    `national` gives the state (ISO3) of bodies that its press calls by these names alone."""

    language: str
    inflection: Inflection
    words: Mapping[str, frozenset[str]]
    acts: tuple[Act, ...]
    idioms: tuple[str, ...]
    cues: tuple[Cue, ...]
    governors: Mapping[str, tuple[Pattern, ...]]
    topics: Mapping[str, tuple[str, ...]]
    indicators: tuple[str, ...]
    national: Mapping[str, str]


def parse_grammars(files: Mapping[str, bytes], faults: list[Fault]) -> dict[str, Grammar]:
    """Grammars by language from the [grammar] sections of languages/*.toml."""
    found: dict[str, Grammar] = {}
    for path, data in sorted(files.items()):
        if path.startswith("languages/") and path.endswith(".toml"):
            root = toml(path, data, faults)
            if root.has("grammar"):
                language = path.removeprefix("languages/").removesuffix(".toml")
                found[language] = read_grammar(language, root.table("grammar"))
    return found


def read_grammar(language: str, table: Table) -> Grammar:
    inflection = read_inflection(table.table("inflection"))
    words = {name: frozenset(listed) for name, listed in table.mapping("words").items()}
    acts = tuple(_act(member) for member in table.tables("acts"))
    cues = tuple(cue for member in table.tables("reporting") for cue in _cues(member))
    governors = {
        modality: tuple(pattern(term, True) for term in terms) for modality, terms in table.mapping("governors").items()
    }
    national = table.mapping("national") if table.has("national") else {}
    grammar = Grammar(
        language=language,
        inflection=inflection,
        words=words,
        acts=acts,
        idioms=table.texts("idioms", ()),
        cues=cues,
        governors=governors,
        topics=table.mapping("topics"),
        indicators=table.texts("indicators", ()),
        national={word: code for code, listed in national.items() for word in listed},
    )
    table.done()
    return grammar


def _act(table: Table) -> Act:
    verbs, nouns = _patterns(table, "verbs"), _patterns(table, "nouns")
    if not verbs and not nouns:
        table.fault("verbs", "expected verbs or nouns, found neither")
    act = Act(
        name=table.text("name"),
        type=table.choice("type", tuple(TYPES)),
        mode=table.optional_text("mode"),
        topics=table.texts("topics", ()),
        roles=table.choice("roles", ROLES, "direct"),
        toward=table.texts("toward", ()),
        told_late=table.flag("told_late"),
        patterns=(*verbs, *nouns),
        examples=table.examples(),
    )
    table.done()
    return act


def _cues(table: Table) -> list[Cue]:
    force = table.choice("force", FORCES)
    cues = [Cue(force, found) for found in (*_patterns(table, "verbs"), *_patterns(table, "nouns"))]
    table.done()
    return cues


def _patterns(table: Table, field: str) -> list[Pattern]:
    """The terms of a field. What a term needs or bars is compared word by word: a phrase, or a second '+', would
    never be found, or would be taken apart into needs that any text meets."""
    found = []
    for term in table.texts(field, ()):
        made = pattern(term, field == "verbs")
        phrase = next((word for word in sorted(made.needs | made.bars | made.doers) if " " in word), None)
        if phrase is not None:
            table.fault(field, f"expected single words behind the marks of {term!r}, found {phrase!r}")
        found.append(made)
    return found


def pattern(term: str, is_verb: bool) -> Pattern:
    """A term of the pattern language above, taken apart."""
    rest, _, bars = term.partition(" - ")
    rest, _, doers = rest.partition(" < ")
    rest, _, needs = rest.partition(" + ")
    words = rest.split()
    gap = 1
    if ".." in words:
        words.remove("..")
        gap = 5
    return Pattern(tuple(words), gap, _lemmas(needs), _lemmas(bars), _lemmas(doers), is_verb)


def _lemmas(listed: str) -> frozenset[str]:
    return frozenset(part.strip() for part in listed.split("|") if part.strip())
