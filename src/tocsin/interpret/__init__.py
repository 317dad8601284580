"""Step 4: from a document's sentences to statements: who did what to whom, where, when, who says so.

    interpret(document, rules) -> statements in text order

Sentences -> mentions -> clauses -> candidates -> arguments -> assertion, each a plain function; a
sentence without a term of the lexicon, a number or a denial costs next to nothing.
"""

from __future__ import annotations

from tocsin.interpret.statements import interpret

__all__ = ["interpret"]
