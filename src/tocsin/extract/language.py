"""The language of a text, by the text alone: what a page declares about itself is often wrong."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

SAMPLE = 600
GLANCE = 200  # characters that are enough where they leave no doubt
SURE = 0.95
FEWEST_LETTERS = 8
SURE_LETTERS = 60
LEAST_CERTAINTY = 0.2
ADDRESS = re.compile(r"https?://\S+|\S+@\S+|[@#]\w+|\d+")


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the text's language, or None where the text is too short to tell."""
    code, certainty, _ = _classified(text[:GLANCE])
    if code and certainty >= SURE:
        return code
    code, certainty, letters = _classified(text[:SAMPLE])
    return None if letters < SURE_LETTERS and certainty < LEAST_CERTAINTY else code


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
