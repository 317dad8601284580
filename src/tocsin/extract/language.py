"""The language of a text, by the text alone: what a page declares about itself is often wrong."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from tocsin.rules import Rules

SAMPLE = 600
GLANCE = 200  # characters that are enough where they leave no doubt
SURE = 0.95
FEWEST_LETTERS = 8
SURE_LETTERS = 60
LEAST_CERTAINTY = 0.2
FEWEST_FUNCTION_WORDS = 8  # with which a text bears out a declared language
LEAST_FUNCTION_WORDS = 0.13  # of all its words …
CLEARLY = 1.5  # … and so many times as many as of another language
ADDRESS = re.compile(r"https?://\S+|\S+@\S+|[@#]\w+|\d+")


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the text's language, or None where the text is too short to tell."""
    code, certainty, _ = _classified(text[:GLANCE])
    if code and certainty >= SURE:
        return code
    code, certainty, letters = _classified(text[:SAMPLE])
    return None if letters < SURE_LETTERS and certainty < LEAST_CERTAINTY else code


def declared_language(declared: str | None, text: str, rules: Rules) -> str | None:
    """The language that a page declares, where the function words at the start of its text bear it out; else None.
    In a fraction of the time that the model takes."""
    code = (declared or "").strip().lower().partition("-")[0]
    words = text[:SAMPLE].lower().split()
    counts = {one.code: sum(map(one.function_words.__contains__, words)) for one in rules.furniture.wordings}
    own = counts.pop(code, 0)
    borne_out = own >= FEWEST_FUNCTION_WORDS and own >= LEAST_FUNCTION_WORDS * len(words)
    return code if borne_out and own >= CLEARLY * max(counts.values(), default=0) else None


def _classified(text: str) -> tuple[str | None, float, int]:
    """The language that a text seems to have, how certain that is, and the letters that tell it."""
    sample = ADDRESS.sub(" ", text)
    letters = sum(map(str.isalpha, sample))
    if letters < FEWEST_LETTERS:
        return None, 0.0, letters
    code, certainty = _identifier().classify(sample)
    return str(code), float(certainty), letters


@cache
def _identifier() -> Any:
    """The model that ships with the library: read once, then never again."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
