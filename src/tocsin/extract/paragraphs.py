"""Lines to flowing paragraphs: hard wraps undone, paragraphs that markup tore apart joined again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from tocsin.extract.clean import Line
from tocsin.extract.mend import Mended
from tocsin.records import Repair
from tocsin.rules import Rules

CONTINUES = re.compile(r"^[,;:.!?)\]’”]|^[^\W\d_A-ZА-ЯЁ]", re.UNICODE)
TIGHT = re.compile(r"^[,;:.!?)\]’”]")
DATELINE = re.compile(r"^[A-ZÁÉÍÓÚÑА-ЯЁ][A-ZÁÉÍÓÚÑА-ЯЁ ,.]{2,40}\s?[.]?\s?[-–—]+$")
FRAGMENT_WORDS = 5
WRAP = range(45, 100)


def paragraphs(lines: Sequence[Line], rules: Rules) -> Mended:
    """The text: paragraphs separated by a blank line. Every join across a break is a repair, which
    keeps the break."""
    wrapped = _is_wrapped(lines)
    gaps = any(line.gap for line in lines[1:])
    pieces: list[str] = []
    repairs: list[Repair] = []
    at = 0
    for n, line in enumerate(lines):
        text = line.text
        if n:
            glue, rule = _glue(lines, n, wrapped, rules)
            if rule:
                text, doubled = _without_doubled(lines[n - 1].text, text) if glue else (text, "")
                broken = ("\n\n" if line.gap or not gaps else "\n") + doubled
                repairs.append(Repair((at, at + len(glue)), broken, rule))
            pieces.append(glue)
            at += len(glue)
        pieces.append(text)
        at += len(text)
    return Mended("".join(pieces), tuple(repairs))


def _glue(lines: Sequence[Line], n: int, wrapped: bool, rules: Rules) -> tuple[str, str]:
    """What stands between line n-1 and line n, and the rule that joined them ('' where none did)."""
    before, line = lines[n - 1], lines[n]
    after = lines[n + 1] if n + 1 < len(lines) else None
    if wrapped and not line.gap:
        return " ", ""
    if TIGHT.match(line.text) and not before.closed:
        return "", "joined-paragraph"
    if DATELINE.match(before.text):
        return " ", "joined-dateline"
    if CONTINUES.match(line.text) and _open(before):
        return " ", "joined-paragraph"
    if (
        _is_fragment(line)
        and _open(before)
        and not _is_heading(before, rules)
        and after
        and CONTINUES.match(after.text)
    ):
        return " ", "joined-paragraph"
    return "\n\n", ""


def _open(line: Line) -> bool:
    """Whether a sentence runs on beyond this line."""
    return not line.closed and not line.text.endswith((".-", "”", '"', "»"))


def _is_fragment(line: Line) -> bool:
    return line.words <= FRAGMENT_WORDS and not line.closed


def _is_heading(line: Line, rules: Rules) -> bool:
    """A short line that ends in a content word may be a heading, which nothing is joined to."""
    last = line.text.split()[-1].lower()
    return line.words <= FRAGMENT_WORDS and not any(last in w.function_words for w in rules.furniture.wordings)


def _without_doubled(before: str, text: str) -> tuple[str, str]:
    """The line without a first word that the line before ended with ('with the' / 'the clashes')."""
    first, _, rest = text.partition(" ")
    last = before.rsplit(" ", 1)[-1]
    if rest and first == last and first.islower():
        return rest, first + " "
    return text, ""


def _is_wrapped(lines: Sequence[Line]) -> bool:
    """Whether the lines were broken at a fixed width: all but a paragraph's last are about as long."""
    inner = [len(a.text) for a, b in pairwise(lines) if not b.gap]
    if len(inner) < 4 or max(inner) not in WRAP:
        return False
    longest = max(inner)
    full = sum(length >= longest - 15 for length in inner)
    opened = sum(not a.closed for a, b in pairwise(lines) if not b.gap)
    return full >= 0.8 * len(inner) and opened >= 0.5 * len(inner)
