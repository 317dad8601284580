"""Edits of a text that remember what stood there before.

A `Mended` is a text with its repairs, in text order and without overlap. Undoing all of them gives
the text as the page had it, so that a quotation can always be shown in its original words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.records import Repair, Span


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `new` where `span` of the text is, for the reason `rule`."""

    span: Span
    new: str
    rule: str


@dataclass(frozen=True, slots=True)
class Mended:
    text: str
    repairs: tuple[Repair, ...] = ()

    def edited(self, edits: Iterable[Edit]) -> Mended:
        """The text after these edits. An edit that overlaps one already taken is left out; an edit
        over an older repair swallows it, and its original is what stood there first."""
        pieces: list[str] = []
        repairs: list[Repair] = []
        old = list(self.repairs)
        at = shift = 0
        for edit in sorted(edits, key=lambda e: e.span):
            start, end = edit.span
            if start < at:
                continue
            while old and old[0].span[1] <= start:
                repairs.append(_moved(old.pop(0), shift))
            inner = []
            while old and old[0].span[0] < end:
                inner.append(old.pop(0))
            if inner:
                start, end = min(start, inner[0].span[0]), max(end, inner[-1].span[1])
            new = self.text[start : edit.span[0]] + edit.new + self.text[edit.span[1] : end]
            original = undone(self.text[start:end], inner, start)
            pieces += [self.text[at:start], new]
            repairs.append(Repair((start + shift, start + shift + len(new)), original, edit.rule))
            shift += len(new) - (end - start)
            at = end
        pieces.append(self.text[at:])
        repairs += [_moved(r, shift) for r in old]
        return Mended("".join(pieces), tuple(repairs))


def undone(text: str, repairs: Iterable[Repair], offset: int = 0) -> str:
    """The text as it was before these repairs, which count from `offset`."""
    pieces, at = [], 0
    for repair in repairs:
        start, end = repair.span[0] - offset, repair.span[1] - offset
        pieces += [text[at:start], repair.original]
        at = end
    return "".join([*pieces, text[at:]])


def _moved(repair: Repair, shift: int) -> Repair:
    return Repair((repair.span[0] + shift, repair.span[1] + shift), repair.original, repair.rule)
