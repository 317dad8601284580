"""Who says so: reporting words, their speakers, and how far what they say reaches.

`claims` finds each attribution of a sentence. A quotation that runs on in the next sentences of its
paragraph keeps its speaker (`carry`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.interpret.clauses import Clauses, subject, verb_group_start
from tocsin.interpret.lexicon import Match
from tocsin.records import Actor, Document, Span
from tocsin.rules.grammar import Act, Cue, Grammar


@dataclass(frozen=True, slots=True)
class Claim:
    """One attribution. Spans are offsets into the document. `content` is what is said, `denies`
    whether it is said not to be so, `first` and `last` the words of the cue."""

    cue: Span
    words: tuple[int, int]
    force: str
    speaker: Actor | None
    content: tuple[Span, ...]
    negated: bool

    def covers(self, span: Span) -> bool:
        return any(start <= span[0] and span[1] <= end for start, end in self.content)


def claims(document: Document, clauses: Clauses, grammar: Grammar) -> list[Claim]:
    """The attributions of a sentence, in the order of their cues."""
    found = [claim for match in clauses.cues if (claim := _claim(document, clauses, match, grammar)) is not None]
    found += _according(document, clauses, grammar)
    return sorted(found, key=lambda claim: claim.cue)


def _claim(document: Document, clauses: Clauses, match: Match, grammar: Grammar) -> Claim | None:
    cue = match.term.meaning
    assert isinstance(cue, Cue)
    if match.is_verb and clauses.classes[match.first] != "V":
        return None
    speaker, content = _inverted(document, clauses, match)
    if not content:
        who = subject(clauses, match.first)
        speaker = who[0] if who else _phrase_speaker(document, clauses, match.first, grammar)
        content = _content(clauses, match)
    if speaker is None or not content:
        return None
    start = verb_group_start(clauses, match.first)
    negated = any(clauses.classes[n] == "N" for n in range(start, match.first))
    span = (clauses.tokens[match.first].start, clauses.tokens[match.last - 1].end)
    return Claim(span, (match.first, match.last), cue.force, speaker, content, negated)


def _content(clauses: Clauses, match: Match) -> tuple[Span, ...]:
    """What follows the cue up to the end of the sentence, and a quotation before its subject."""
    end = clauses.sentence.end
    parts: list[Span] = []
    if match.last < len(clauses.tokens):
        parts.append((clauses.tokens[match.last].start, end))
    cue = clauses.tokens[match.first].start
    parts += [quote for quote in clauses.sentence.quotes if quote[1] <= cue]
    last = clauses.tokens[-1]
    trailing = match.last >= len(clauses.tokens) - 1 or clauses.classes[match.last] == "."
    if trailing and not any(quote[1] <= cue for quote in clauses.sentence.quotes):
        parts = [(clauses.sentence.start, _clause_before(clauses, match.first))]
    return tuple(sorted(part for part in parts if part[0] < part[1] and part[0] < last.end))


def _clause_before(clauses: Clauses, verb: int) -> int:
    """Where the reported clause ends in '…, X said.': at the comma before the speaker."""
    for n in range(verb - 1, -1, -1):
        if clauses.classes[n] == ",":
            return clauses.tokens[n].start
    return clauses.sentence.start


def _inverted(document: Document, clauses: Clauses, match: Match) -> tuple[Actor | None, tuple[Span, ...]]:
    """'…,' said X: the speaker right after the verb, the content before it."""
    n = match.first - 1
    if n < 0 or clauses.classes[n] not in ',".':
        return None, ()
    if match.last >= len(clauses.tokens):
        return None, ()
    actor = clauses.actor_at[match.last]
    step = match.last
    if actor < 0 and clauses.classes[step] in "Dw" and step + 1 < len(clauses.tokens):
        actor = clauses.actor_at[step + 1]
    if actor < 0:
        return None, ()
    content: list[Span] = [(clauses.sentence.start, clauses.tokens[n].start)]
    content += [quote for quote in clauses.sentence.quotes if quote[0] >= clauses.tokens[match.last].start]
    return clauses.group(actor)[0], tuple(content)


def _phrase_speaker(document: Document, clauses: Clauses, verb: int, grammar: Grammar) -> Actor | None:
    """A speaker without a name: 'news reports', 'the spokesman', 'officials', 'he'."""
    end = verb_group_start(clauses, verb)
    n = end - 1
    if n >= 0 and clauses.classes[n] == "O":
        return _unnamed(document, clauses, n, n + 1)
    speakers = grammar.words.get("speakers", frozenset())
    while n >= 0 and clauses.classes[n] not in 'VXSRT.",':
        if clauses.words[n] in speakers:
            start = n
            while start > 0 and clauses.classes[start - 1] in "DwHA":
                start -= 1
            return _unnamed(document, clauses, start, n + 1)
        n -= 1
    return None


def _unnamed(document: Document, clauses: Clauses, start: int, end: int) -> Actor:
    span = (clauses.tokens[start].start, clauses.tokens[end - 1].end)
    text = document.text[span[0] : span[1]]
    return Actor(text, span, None, text, None, None)


def _according(document: Document, clauses: Clauses, grammar: Grammar) -> Iterable[Claim]:
    """'According to X, …' and '…, according to X'."""
    for phrase in sorted(grammar.words.get("according", ())):
        parts = tuple(phrase.split())
        for n in range(len(clauses.words) - len(parts)):
            if clauses.words[n : n + len(parts)] == parts:
                claim = _accorded(document, clauses, n, n + len(parts))
                if claim is not None:
                    yield claim


def _accorded(document: Document, clauses: Clauses, first: int, last: int) -> Claim | None:
    stop = next((n for n in range(last, len(clauses.words)) if _ends_speaker(clauses, n)), len(clauses.words))
    if stop == last:
        return None
    actor = next((clauses.actor_at[n] for n in range(last, stop) if clauses.actor_at[n] >= 0), -1)
    speaker = clauses.group(actor)[0] if actor >= 0 else _unnamed(document, clauses, last, stop)
    begin = clauses.tokens[first].start
    content = [(clauses.sentence.start, begin)] if first > 0 else []
    if stop < len(clauses.words):
        content.append((clauses.tokens[stop].start, clauses.sentence.end))
    cue = (begin, clauses.tokens[last - 1].end)
    return Claim(cue, (first, last), "assert", speaker, tuple(c for c in content if c[0] < c[1]), False)


def _ends_speaker(clauses: Clauses, n: int) -> bool:
    return (clauses.classes[n] in '.",' and clauses.actor_at[n] < 0) or clauses.classes[n] in "VX"


def speech_of(act: Act) -> bool:
    """Whether an act is itself speech, so that its source is the speaker."""
    return act.roles == "speech"
