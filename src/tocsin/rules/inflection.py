"""Inflection by rule: every form of a lemma with what the form may be.

Tags of a form: B base, S third person singular, D past tense, N past participle, G -ing form.
Nouns: 1 singular, 2 plural. A language without rules here writes whole words or `stem*`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tocsin.rules.reading import Table

VOWELS: Final = "aeiou"
SHORTEST_ADVERB: Final = 4


@dataclass(frozen=True, slots=True)
class Inflection:
    """`system` is 'english' or 'stems'. `irregular`: lemma -> (past forms, participles), '/'-separated;
    `doubling`: verbs of several syllables that double their last letter (admit, admitted).
    The endings tell what a word is that no list knows; () where a language has none."""

    system: str
    irregular: Mapping[str, tuple[str, str]]
    doubling: frozenset[str]
    plurals: Mapping[str, str]
    gerunds: tuple[str, ...] = ()
    participles: tuple[str, ...] = ()
    adverbs: tuple[str, ...] = ()
    plural_endings: tuple[str, ...] = ()
    futures: tuple[str, ...] = ()
    infinitives: tuple[str, ...] = ()

    def is_gerund(self, word: str) -> bool:
        """Whether a word ends as an -ing form does; of a language without such endings never."""
        return word.endswith(self.gerunds)

    def is_participle(self, word: str) -> bool:
        """Whether a word ends as a regular participle does."""
        return word.endswith(self.participles)

    def is_adverb(self, word: str) -> bool:
        """Whether a word ends as an adverb of manner does."""
        return len(word) > SHORTEST_ADVERB and word.endswith(self.adverbs) and word.isalpha()

    def is_future(self, word: str) -> bool:
        """Whether a verb's form itself tells what is to come ('atacará')."""
        return word.endswith(self.futures)

    def is_infinitive(self, word: str) -> bool:
        """Whether a verb ends as an infinitive does, in a language that marks it by no word before it."""
        return word.endswith(self.infinitives)

    def is_plural(self, word: str) -> bool:
        """Whether a word ends as a regular plural does."""
        return word.endswith(self.plural_endings)


def read_inflection(table: Table) -> Inflection:
    irregular: dict[str, tuple[str, str]] = {}
    for line in table.texts("irregular", ()):
        parts = line.split()
        if len(parts) != 3:
            table.fault("irregular", f"expected 'lemma past participle', found {line!r}")
            continue
        irregular[parts[0]] = (parts[1], parts[2])
    read = Inflection(
        system=table.choice("system", ("english", "stems"), "stems"),
        irregular=irregular,
        doubling=frozenset(table.texts("doubling", ())),
        plurals=table.text_mapping("plurals"),
        gerunds=table.texts("gerund_endings", ()),
        participles=table.texts("participle_endings", ()),
        adverbs=table.texts("adverb_endings", ()),
        plural_endings=table.texts("plural_endings", ()),
        futures=table.texts("future_endings", ()),
        infinitives=table.texts("infinitive_endings", ()),
    )
    table.done()
    return read


def verb_forms(lemma: str, rules: Inflection) -> dict[str, str]:
    """Every form of a verb with its tags, e.g. {'attack': 'B', 'attacks': 'S', 'attacked': 'DN', …}."""
    if rules.system != "english":
        return {lemma: "BSDN"}
    forms: dict[str, str] = {}
    past, participle = rules.irregular.get(lemma, (_past(lemma, rules), _past(lemma, rules)))
    spread = [(lemma, "B"), (_third(lemma), "S"), (_ing(lemma, rules), "G")]
    spread += [(form, "D") for form in past.split("/")] + [(form, "N") for form in participle.split("/")]
    for form, tag in spread:
        forms[form] = forms.get(form, "") + tag
    return forms


def noun_forms(lemma: str, rules: Inflection) -> dict[str, str]:
    """Singular and plural of a noun (of the last word, where it is a phrase)."""
    if rules.system != "english":
        return {lemma: "12"}
    return {lemma: "1", rules.plurals.get(lemma, _third(lemma)): "2"}


def _third(lemma: str) -> str:
    if lemma.endswith("y") and lemma[-2:-1] not in VOWELS:
        return lemma[:-1] + "ies"
    if lemma.endswith(("s", "x", "z", "ch", "sh", "o")) and not lemma.endswith(("oo", "eo", "io")):
        return lemma + "es"
    return lemma + "s"


def _doubles(lemma: str, rules: Inflection) -> bool:
    if lemma in rules.doubling:
        return True
    short = sum(letter in VOWELS for letter in lemma) == 1
    return (
        short
        and len(lemma) >= 3
        and lemma[-1] not in VOWELS + "wxy"
        and lemma[-2] in VOWELS
        and lemma[-3] not in VOWELS
    )


def _past(lemma: str, rules: Inflection) -> str:
    if lemma.endswith("e"):
        return lemma + "d"
    if lemma.endswith("y") and lemma[-2:-1] not in VOWELS:
        return lemma[:-1] + "ied"
    return lemma + (lemma[-1] if _doubles(lemma, rules) else "") + "ed"


def _ing(lemma: str, rules: Inflection) -> str:
    if lemma.endswith("ie"):
        return lemma[:-2] + "ying"
    if lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")):
        return lemma[:-1] + "ing"
    return lemma + (lemma[-1] if _doubles(lemma, rules) else "") + "ing"
