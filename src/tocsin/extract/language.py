"""The language of a text, by the text alone: what a page declares about itself is often wrong."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

SAMPLE = 600
FEWEST_LETTERS = 8
SURE_LETTERS = 60
LEAST_CERTAINTY = 0.2
ADDRESS = re.compile(r"https?://\S+|\S+@\S+|[@#]\w+|\d+")


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the text's language, or None where the text is too short to tell."""
    sample = ADDRESS.sub(" ", text[:SAMPLE])
    letters = sum(map(str.isalpha, sample))
    if letters < FEWEST_LETTERS:
        return None
    code, certainty = _identifier().classify(sample)
    if letters < SURE_LETTERS and certainty < LEAST_CERTAINTY:
        return None
    return str(code)


@cache
def _identifier() -> Any:
    """The model that ships with the library: read once, then never again."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
