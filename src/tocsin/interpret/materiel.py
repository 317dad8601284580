"""Weapons, vehicles, vessels and aircraft named in a text."""

from __future__ import annotations

from functools import cache

from tocsin.interpret.forms import Finder, Folded, fold
from tocsin.interpret.tokens import Sentence
from tocsin.records import Materiel
from tocsin.rules import Rules
from tocsin.rules.world import MaterielType


@cache
def _finder(rules: Rules) -> Finder[MaterielType]:
    return Finder((form, kind) for kind in rules.materiel.values() for form in kind.forms)


def find(text: str, folded: Folded, sentences: tuple[Sentence, ...], rules: Rules) -> tuple[Materiel, ...]:
    """Mentions in text order. A weak form counts only beside one of its type's context words."""
    found: list[Materiel] = []
    at = 0
    for hit in _finder(rules).hits(folded):
        while at < len(sentences) - 1 and sentences[at].end <= hit.start:
            at += 1
        sentence = fold(text[sentences[at].start : sentences[at].end]) if sentences else ""
        for form, kind in hit.meanings:
            if not form.weak or any(fold(word) in sentence for word in kind.context):
                span = (hit.start, hit.end)
                found.append(Materiel(text[hit.start : hit.end], span, kind.id, kind.materiel_class))
                break
    return tuple(found)
