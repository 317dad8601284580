"""Who says so: reporting words, their speakers, and how far what they say reaches.

`claims` finds each attribution of a sentence. A quotation that runs on in the next sentences of its
paragraph keeps its speaker (`carry`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.interpret.clauses import Clauses, is_passive, subject, verb_group_start
from tocsin.interpret.lexicon import Match
from tocsin.records import Actor, Document, Span
from tocsin.rules.grammar import Cue, Grammar

# A speaker without a name is at most so many words long.
SPEAKER_WORDS = 6


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
    found += [claim for told in found if (claim := _called_false(clauses, told, grammar)) is not None]
    return sorted(found, key=lambda claim: claim.cue)


def _called_false(clauses: Clauses, told: Claim, grammar: Grammar) -> Claim | None:
    """'"The claims that … are unfounded," she said', 'called the reports of … a lie': denied by the speaker."""
    if told.force not in ("assert", "confirm") or told.speaker is None:
        return None
    assertions, falsehoods = grammar.words.get("assertions", frozenset()), grammar.words.get("falsehoods", frozenset())
    first = next((n for n, word in enumerate(clauses.words) if word in assertions), None)
    if first is None or not told.covers(_span_of(clauses, first)):
        return None
    last = next((n for n in range(first, len(clauses.words)) if clauses.words[n] in falsehoods), None)
    if last is None or not any(kind == "X" for kind in clauses.classes[first:last]):
        return None
    content = (clauses.tokens[first].start, clauses.tokens[last].start)
    return Claim(_span_of(clauses, last), (last, last + 1), "deny", told.speaker, (content,), False)


def _span_of(clauses: Clauses, n: int) -> Span:
    return clauses.tokens[n].start, clauses.tokens[n].end


def _claim(document: Document, clauses: Clauses, match: Match, grammar: Grammar) -> Claim | None:
    cue = match.term.meaning
    assert isinstance(cue, Cue)
    if match.is_verb and clauses.classes[match.first] != "V":
        return None
    if match.is_verb and is_passive(clauses, match, grammar.words.get("be", frozenset()), frozenset()):
        return None
    weak = cue.force == "believe" or cue.pattern.words[0] in grammar.words.get("weak_speech", frozenset())
    speaker, content = _inverted(document, clauses, match)
    if not content:
        if weak and not (_takes_clause(clauses, match) or _is_quoting(clauses, match) or _is_trailing(clauses, match)):
            return None
        who = _speakers(clauses, match)
        speaker = who[0] if who else _phrase_speaker(document, clauses, match.first, grammar)
        content = _content(clauses, match, grammar)
    if speaker is None or not content:
        return None
    start = verb_group_start(clauses, match.first)
    negated = any(clauses.classes[n] == "N" for n in range(start, match.first))
    span = (clauses.tokens[match.first].start, clauses.tokens[match.last - 1].end)
    return Claim(span, (match.first, match.last), cue.force, speaker, content, negated)


def _speakers(clauses: Clauses, match: Match) -> tuple[Actor, ...]:
    """The subject of a cue; of a participle after a comma ('…, adding that') the subject of the cue before it."""
    if "G" in match.term.tags and match.first > 0 and clauses.classes[match.first - 1] == ",":
        before = [cue for cue in clauses.cues if cue.first < match.first and cue.is_verb]
        if before:
            return _inverted_speaker(clauses, before[0]) or subject(clauses, before[0].first)
    return subject(clauses, match.first)


def _takes_clause(clauses: Clauses, match: Match) -> bool:
    """Whether a clause follows ('believes that …', 'fears Iran will …'), not a mere object."""
    if match.last >= len(clauses.words):
        return False
    n = match.last
    if clauses.classes[n] in "SR":
        return True
    return (clauses.classes[n] in "OD" or clauses.actor_at[n] >= 0) and any(
        kind in "VX" for kind in clauses.classes[n : n + 6]
    )


def _is_quoting(clauses: Clauses, match: Match) -> bool:
    """Whether a quotation or a colon stands just after the cue, or a quotation just before its subject."""
    following = clauses.words[match.last : match.last + 8]
    after = clauses.classes[match.last : match.last + 8]
    quoted = any(quote[1] <= clauses.tokens[match.first].start for quote in clauses.sentence.quotes)
    return quoted or '"' in after or ":" in following


def _content(clauses: Clauses, match: Match, grammar: Grammar) -> tuple[Span, ...]:
    """What is said: what follows the cue, or what stands before its subject in '…, X said on Monday.'"""
    quotes = [quote for quote in clauses.sentence.quotes if quote[1] <= clauses.tokens[match.first].start]
    comma = _comma_before(clauses, match.first)
    if comma is not None and _is_trailing(clauses, match):
        return ((clauses.sentence.start, clauses.tokens[comma].start),)
    if match.last >= len(clauses.tokens):
        return tuple(quotes)
    end = _end_of_denied(clauses, match, grammar) if _force(match) == "deny" else clauses.sentence.end
    return (*quotes, (clauses.tokens[match.last].start, end))


def _force(match: Match) -> str:
    return match.term.meaning.force if isinstance(match.term.meaning, Cue) else ""


def _end_of_denied(clauses: Clauses, match: Match, grammar: Grammar) -> int:
    """How far a denial reaches: to the next clause that is no part of what is denied ('denied it, hours
    after …', 'denied it and called the probe a hoax')."""
    contrasts = grammar.words.get("contrasts", frozenset())
    for n in range(match.last + 1, len(clauses.words)):
        kind = clauses.classes[n]
        ended = kind == "." or clauses.words[n] in contrasts or (kind == "C" and _acts_on(clauses, n))
        if ended:
            return clauses.tokens[n].start
    return clauses.sentence.end


def _acts_on(clauses: Clauses, conjunction: int) -> bool:
    """Whether a coordinator joins another finite verb to the cue, not another thing that is denied."""
    n = conjunction + 1
    while n < len(clauses.words) and clauses.classes[n] == "A":
        n += 1
    return n < len(clauses.words) and clauses.classes[n] in "VX" and not clauses.inflection.is_gerund(clauses.words[n])


def _is_trailing(clauses: Clauses, match: Match) -> bool:
    """Whether nothing is told after a cue: only 'on Monday', 'in a statement', 'to Fox News'."""
    rest = range(match.last, min(len(clauses.words), match.last + 14))
    if any(clauses.classes[n] in 'VXSRT"' for n in rest) or len(clauses.words) - match.last > 14:
        return False
    first = clauses.classes[match.last] if match.last < len(clauses.words) else "."
    return first in "P.,w" and not (first == "w" and clauses.actor_at[match.last] >= 0)


def _comma_before(clauses: Clauses, verb: int) -> int | None:
    """The comma that ends the reported clause in '…, X said', if a verb stands before it."""
    for n in range(verb - 1, -1, -1):
        if clauses.classes[n] == "," and any(kind in "VX" for kind in clauses.classes[:n]):
            return n
        if clauses.classes[n] in 'VSR."':
            return None
    return None


def _inverted(document: Document, clauses: Clauses, match: Match) -> tuple[Actor | None, tuple[Span, ...]]:
    """'…,' said X: the speaker right after the verb, the content before it and in later quotations."""
    speakers = _inverted_speaker(clauses, match) or _inverted_phrase(document, clauses, match)
    if not speakers:
        return None, ()
    content: list[Span] = [(clauses.sentence.start, clauses.tokens[match.first - 1].start)]
    content += [quote for quote in clauses.sentence.quotes if quote[0] >= clauses.tokens[match.last].start]
    return speakers[0], tuple(content)


def _inverted_phrase(document: Document, clauses: Clauses, match: Match) -> tuple[Actor, ...]:
    """'…,” said the mayor': a noun phrase after a cue that follows a quotation mark."""
    n = match.first - 1
    cue = match.term.meaning
    if (
        n < 0
        or clauses.classes[n] != '"'
        or "G" in match.term.tags
        or getattr(cue, "force", "") in ("allege", "accuse")
    ):
        return ()
    stop = match.last
    while stop < len(clauses.words) and stop - match.last < SPEAKER_WORDS and clauses.classes[stop] in "DwHG":
        stop += 1
    return (_unnamed(document, clauses, match.last, stop),) if stop > match.last else ()


def _inverted_speaker(clauses: Clauses, match: Match) -> tuple[Actor, ...]:
    n = match.first - 1
    if n < 0 or clauses.classes[n] not in ',".' or match.last >= len(clauses.tokens) or "G" in match.term.tags:
        return ()
    for step in range(match.last, min(len(clauses.tokens), match.last + 4)):
        if clauses.actor_at[step] >= 0:
            return clauses.group(clauses.actor_at[step])
        if clauses.classes[step] not in "Dw":
            return ()
    return ()


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
    return _noun_phrase(document, clauses, end)


def _noun_phrase(document: Document, clauses: Clauses, end: int) -> Actor | None:
    """The plain noun phrase that ends before a word, as a speaker whom no list knows."""
    start = end
    while start > 0 and end - start < SPEAKER_WORDS and clauses.classes[start - 1] in "DwHG":
        start -= 1
    if not any(clauses.classes[n] == "w" for n in range(start, end)):
        return None
    return _unnamed(document, clauses, start, end)


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
