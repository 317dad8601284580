"""Who says so: reporting words, their speakers, and how far what they say reaches.

`claims` finds each attribution of a sentence. A quotation that runs on in the next sentences of its
paragraph keeps its speaker (`tocsin.interpret.discourse`, `tocsin.interpret.reports`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from tocsin.interpret.clauses import (
    APPOSITION,
    Clauses,
    before_brackets,
    is_passive,
    main_verb,
    previous_verb,
    subject,
    verb_group_start,
)
from tocsin.interpret.lexicon import Match
from tocsin.records import Actor, Document, Span
from tocsin.rules.grammar import Cue, Grammar

# A speaker without a name is at most so many words long; with what prepositions govern, so many.
SPEAKER_WORDS, PHRASE_WORDS = 6, 12
# Between a cue and the clause that it introduces stand at most so many words.
REACH = 9
# Between a quotation and the cue behind it stand at most so many words that name who says it.
NAMED = 26
# After a cue that closes what it reports stand at most so many words: 'on Monday', 'in a statement'.
TRAILING = 14
# Forces of what is reported as said; a promise or a demand may be made by the very word 'would'.
REPORTED = frozenset({"assert", "believe", "confirm", "allege", "threaten"})
# Tags of forms that tell what was done: past and present.
FINITE = frozenset("DS")
# A speaker is sought through so many coordinated verbs.
DEPTH = 3


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
    if _is_only_meant(clauses, match):
        return None
    weak = cue.force == "believe" or cue.pattern.words[0] in grammar.words.get("weak_speech", frozenset())
    speaker, content = _inverted(document, clauses, match)
    if not content:
        if weak and not (_takes_clause(clauses, match) or _is_quoting(clauses, match)):
            return None
        who = _speakers(clauses, match)
        speaker = who[0] if who else _phrase_speaker(document, clauses, match.first, grammar)
        content = _content(clauses, match, speaker, grammar)
    if speaker is None or not content:
        return None
    start = verb_group_start(clauses, match.first)
    negated = any(clauses.classes[n] == "N" for n in range(start, match.first))
    span = (clauses.tokens[match.first].start, clauses.tokens[match.last - 1].end)
    return Claim(span, (match.first, match.last), cue.force, speaker, content, negated)


def spoken(document: Document, clauses: Clauses, match: Match, force: str, grammar: Grammar) -> Claim | None:
    """The claim that an act of speech is: its subject says what follows it. None where no subject is found."""
    who = subject(clauses, match.first)
    speaker = who[0] if who else _phrase_speaker(document, clauses, match.first, grammar)
    if speaker is None or match.last >= len(clauses.tokens) or _is_only_meant(clauses, match):
        return None
    content = (clauses.tokens[match.last].start, _end_of_content(clauses, match, grammar))
    span = (clauses.tokens[match.first].start, clauses.tokens[match.last - 1].end)
    return Claim(span, (match.first, match.last), force, speaker, (content,), False)


def _is_only_meant(clauses: Clauses, match: Match) -> bool:
    """Whether nothing is said yet: 'might say', 'would not answer', or an infinitive that introduces neither
    clause nor quotation ('refused to answer')."""
    if not match.is_verb or _force(match) not in REPORTED:
        return False
    start = verb_group_start(clauses, match.first)
    supposed = clauses.listed.get("hypothetical", frozenset()) | clauses.listed.get("potential", frozenset())
    if any(word in supposed for word in clauses.words[start : match.first]):
        return True
    meant = start > 0 and clauses.classes[start - 1] == "T"
    return meant and _force(match) in ("assert", "believe", "confirm") and not _takes_clause(clauses, match)


def _speakers(clauses: Clauses, match: Match) -> tuple[Actor, ...]:
    """The subject of a cue; of a participle after a comma ('…, adding that') the subject of the cue before
    it, else of the verb that it goes with ('X spoke out on Monday, arguing that')."""
    before = [cue for cue in clauses.cues if cue.first < match.first and cue.is_verb]
    opener = verb_group_start(clauses, match.first) - 1
    if before and opener >= 0:
        if "G" in match.term.tags and clauses.classes[opener] in ',"':
            return _inverted_speaker(clauses, before[0]) or subject(clauses, before[0].first)
        told = [cue for cue in before if not FINITE.isdisjoint(cue.term.tags)]
        if clauses.classes[opener] == "C" and "D" in match.term.tags and told:
            return _inverted_speaker(clauses, told[-1]) or subject(clauses, told[-1].first)
    return subject(clauses, match.first)


def _takes_clause(clauses: Clauses, match: Match) -> bool:
    """Whether a clause follows ('believes that …', 'fears Iran will …'), not a mere object."""
    if match.last >= len(clauses.words):
        return False
    n = match.last
    if _clause_after(clauses, match) is not None:
        return True
    if (clauses.classes[n] in "OD" or clauses.actor_at[n] >= 0) and any(k in "VX" for k in clauses.classes[n : n + 6]):
        return True
    following = clauses.classes[n : n + REACH]
    finite = next((k for k, kind in enumerate(following) if kind not in "DwHGA"), len(following))
    return 0 < finite < len(following) and following[finite] == "X"


def _is_quoting(clauses: Clauses, match: Match) -> bool:
    """Whether a quotation or a colon stands just after the cue, or a quotation just before its subject, or
    what is told before it: '…, X added.'"""
    opener = verb_group_start(clauses, match.first)
    if ":" in clauses.words[match.last : match.last + REACH] or _quote_before(clauses, opener) is not None:
        return True
    inserted = any(_is_inserted(clauses, match, n) for n in range(max(2, opener - SPEAKER_WORDS), opener))
    return inserted or (_is_trailing(clauses, match) and _comma_before(clauses, opener) is not None)


def _content(clauses: Clauses, match: Match, speaker: Actor | None, grammar: Grammar) -> tuple[Span, ...]:
    """What is said: what follows the cue, or what stands before its subject in '…, X said on Monday.'"""
    opener = _opener(clauses, match, speaker)
    quoted = _quote_before(clauses, opener)
    tells = _clause_after(clauses, match)
    if quoted is not None and tells is None:
        return (quoted, *_quotes_after(clauses, match))
    comma = _comma_before(clauses, opener)
    if comma is not None and tells is None and _is_trailing(clauses, match):
        return ((clauses.sentence.start, clauses.tokens[comma].start), *_quotes_after(clauses, match))
    if _is_inserted(clauses, match, opener):
        told_before = (clauses.sentence.start, clauses.tokens[opener - 1].start)
        return told_before, (clauses.tokens[match.last].end, clauses.sentence.end)
    before = (quoted,) if quoted is not None else ()
    if match.last >= len(clauses.tokens):
        return before
    if tells is not None and (quotes := _full_quotes(clauses, tells)):
        return (*before, *quotes)
    start = tells if tells is not None else match.last
    return (*before, (clauses.tokens[start].start, _end_of_content(clauses, match, grammar)))


def _opener(clauses: Clauses, match: Match, speaker: Actor | None) -> int:
    """The word with which the subject of a cue begins; the cue's verb group where it has none before it."""
    start = verb_group_start(clauses, match.first)
    if speaker is None or speaker.span is None:
        return start
    first = next((n for n, token in enumerate(clauses.tokens) if token.end > speaker.span[0]), start)
    if first >= start:
        return start
    while first > 0 and clauses.classes[first - 1] in "DwHG":
        first -= 1
    return first


def _quote_before(clauses: Clauses, opener: int) -> Span | None:
    """The quotation that ends right before a subject and what explains it: '“…,” X, the envoy to Y, said';
    with what leads up to it, unless another cue stands there."""
    ends = {quote[1]: quote for quote in clauses.sentence.quotes}
    quote: Span | None = None
    for n in range(opener - 1, max(-1, opener - 2 - NAMED), -1):
        kind = clauses.classes[n]
        if kind == '"':
            quote = ends.get(clauses.tokens[n].end)
            break
        if kind not in "DwHGPC,(" and clauses.words[n] != ".":
            return None
    if quote is None:
        return None
    told = any(cue.is_verb and clauses.tokens[cue.first].start < quote[0] for cue in clauses.cues)
    return quote if told else (clauses.sentence.start, quote[1])


def _clause_after(clauses: Clauses, match: Match) -> int | None:
    """Where a clause or a quotation begins that a cue introduces, through whom it is told and when:
    'told reporters on Friday that …', 'said in a statement: “…'; None where none does."""
    openers, that = clauses.listed.get("complementisers", ()), clauses.listed.get("that", ())
    size = len(clauses.words)
    for n in range(match.last, min(size, match.last + REACH)):
        kind = clauses.classes[n]
        if kind in "SR" and clauses.words[n] in (openers if n == match.last else that):
            return n
        if kind == '"' and n == match.last:
            return n
        if kind == "," or clauses.words[n] == ":":
            return n + 1 if n + 1 < size and clauses.classes[n + 1] == '"' else None
        if kind not in "DwHGAPO":
            return None
    return None


def _is_inserted(clauses: Clauses, match: Match, opener: int) -> bool:
    """Whether cue and speaker stand between commas in what is said: 'If this fails, X argues, there are others.'"""
    if match.last + 1 >= len(clauses.words) or clauses.words[match.last] != "," or opener < 2:
        return False
    before = clauses.words[opener - 1] == "," and clauses.classes[opener - 2] != '"'
    return before and (match.first - opener < NAMED // 2) and not FINITE.isdisjoint(match.term.tags)


def _full_quotes(clauses: Clauses, start: int) -> tuple[Span, ...]:
    """The quotation that begins at a word, where it is a sentence of its own, and those that go on after it."""
    at = clauses.tokens[start].start
    quote = next((q for q in clauses.sentence.quotes if q[0] == at), None)
    if quote is None or start + 1 >= len(clauses.tokens) or not clauses.tokens[start + 1].text[:1].isupper():
        return ()
    return (quote, *(q for q in clauses.sentence.quotes if q[0] > quote[1]))


def _quotes_after(clauses: Clauses, match: Match) -> tuple[Span, ...]:
    """Quotations that go on after a cue, with no other verb between."""
    reach = next((n for n in range(match.last, len(clauses.words)) if clauses.classes[n] in "VX"), len(clauses.words))
    edge = clauses.tokens[reach].start if reach < len(clauses.tokens) else clauses.sentence.end
    opened = clauses.tokens[match.last - 1].end
    after = [q for q in clauses.sentence.quotes if q[0] >= opened]
    return tuple(after) if after and after[0][0] < edge else ()


def _force(match: Match) -> str:
    return match.term.meaning.force if isinstance(match.term.meaning, Cue) else ""


def _end_of_content(clauses: Clauses, match: Match, grammar: Grammar) -> int:
    """How far what follows a cue reaches: to the next cue of the same speaker ('outlined his plan and vowed
    to'); a denial to the next clause that is no part of what is denied ('denied it, hours after …',
    'denied it and called the probe a hoax')."""
    denies = _force(match) == "deny"
    contrasts, concessions = (grammar.words.get(name, frozenset()) for name in ("contrasts", "concessions"))
    cues = {cue.first for cue in clauses.cues if cue.is_verb}
    for n in range(match.last + 1, len(clauses.words)):
        kind = clauses.classes[n]
        if clauses.words[n] == ";" or (denies and (kind == "." or clauses.words[n] in contrasts)):
            return clauses.tokens[n].start
        if clauses.classes[n - 1] == "," and clauses.words[n] in concessions:
            return clauses.tokens[n - 1].start
        if kind == "C" and (_goes_on(clauses, n, cues) or (denies and _acts_on(clauses, n))):
            return clauses.tokens[n].start
    return clauses.sentence.end


def _goes_on(clauses: Clauses, conjunction: int, cues: set[int]) -> bool:
    """Whether a coordinator joins another cue in the past tense to the one before."""
    n = conjunction + 1
    while n < len(clauses.words) and clauses.classes[n] == "A":
        n += 1
    return n in cues and any("D" in cue.term.tags for cue in clauses.cues if cue.first == n)


def _acts_on(clauses: Clauses, conjunction: int) -> bool:
    """Whether a coordinator joins another finite verb to the cue, not another thing that is denied."""
    n = conjunction + 1
    while n < len(clauses.words) and clauses.classes[n] == "A":
        n += 1
    return n < len(clauses.words) and clauses.classes[n] in "VX" and not clauses.inflection.is_gerund(clauses.words[n])


def _is_trailing(clauses: Clauses, match: Match) -> bool:
    """Whether nothing is told after a cue: only 'on Monday', 'in a statement', 'to Fox News'."""
    if len(clauses.words) - match.last > TRAILING or any(kind in 'VXSRT"' for kind in clauses.classes[match.last :]):
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
    quoted = _quote_before(clauses, match.first)
    content: list[Span] = [quoted or (clauses.sentence.start, clauses.tokens[match.first - 1].start)]
    content += [quote for quote in clauses.sentence.quotes if quote[0] >= clauses.tokens[match.last].start]
    return speakers[0], tuple(content)


def _inverted_phrase(document: Document, clauses: Clauses, match: Match) -> tuple[Actor, ...]:
    """'…,” said the mayor': a noun phrase after a cue that follows a quotation mark."""
    n = match.first - 1
    if n < 0 or clauses.classes[n] != '"' or "G" in match.term.tags or _force(match) in ("allege", "accuse"):
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


def _phrase_speaker(document: Document, clauses: Clauses, verb: int, grammar: Grammar, depth: int = 0) -> Actor | None:
    """A speaker without a name: 'news reports', 'the spokesman', 'officials', 'he'; of a verb that a
    coordinator joins to another, or that closes its clause ('…, arguing that'), that other's."""
    end = verb_group_start(clauses, verb)
    n = end - 1
    if n >= 0 and clauses.classes[n] == "O":
        return _unnamed(document, clauses, n, n + 1)
    if n > 0 and clauses.classes[n] in "C," and depth < DEPTH:
        edge = _before_apposition(clauses, n) if clauses.classes[n] == "," else None
        if edge is not None:
            return _noun_phrase(document, clauses, edge)
        other = main_verb(clauses, n) if clauses.classes[n] == "," else previous_verb(clauses, n)
        return None if other is None else _phrase_speaker(document, clauses, other, grammar, depth + 1)
    speakers = grammar.words.get("speakers", frozenset())
    while n >= 0 and clauses.classes[n] not in 'VXSRT.",':
        if clauses.words[n] in speakers:
            start = n
            while start > 0 and clauses.classes[start - 1] in "DwHA":
                start -= 1
            return _unnamed(document, clauses, start, n + 1)
        n -= 1
    return _noun_phrase(document, clauses, end)


def _before_apposition(clauses: Clauses, comma: int) -> int | None:
    """Where the noun phrase ends that an apposition explains: 'the pollster, a veteran of six campaigns, said'."""
    for n in range(comma - 1, max(0, comma - APPOSITION), -1):
        if clauses.classes[n] in 'V."':
            return None
        if clauses.classes[n] == ",":
            return before_brackets(clauses, n)
    return None


def _noun_phrase(document: Document, clauses: Clauses, end: int) -> Actor | None:
    """The noun phrase that ends before a word, with what its prepositions govern, as a speaker whom no
    list knows: 'a report of the accounting office'."""
    start = end
    while start > 0 and end - start < PHRASE_WORDS and clauses.classes[start - 1] in "DwHGP":
        start -= 1
    if start < end and clauses.classes[start] == "P":
        start = next((n for n in range(end - 1, start, -1) if clauses.classes[n] in "PD"), start)
        start += clauses.classes[start] == "P"
    start = max(start, end - SPEAKER_WORDS) if clauses.classes[start:end].count("P") == 0 else start
    if not any(clauses.classes[n] == "w" for n in range(start, end)):
        return None
    return _unnamed(document, clauses, start, end)


def _unnamed(document: Document, clauses: Clauses, start: int, end: int) -> Actor:
    span = (clauses.tokens[start].start, clauses.tokens[end - 1].end)
    text = document.text[span[0] : span[1]]
    return Actor(text, span, None, text, None, None)


def _according(document: Document, clauses: Clauses, grammar: Grammar) -> Iterable[Claim]:
    """'According to X, …' and '…, according to X'."""
    for parts in _phrases(grammar.words.get("according", frozenset())):
        if parts[0] not in clauses.words:
            continue
        for n in range(len(clauses.words) - len(parts)):
            if clauses.words[n : n + len(parts)] == parts:
                claim = _accorded(document, clauses, n, n + len(parts))
                if claim is not None:
                    yield claim


@cache
def _phrases(listed: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    """The words of some phrases of the rules."""
    return tuple(tuple(phrase.split()) for phrase in sorted(listed))


def _accorded(document: Document, clauses: Clauses, first: int, last: int) -> Claim | None:
    stop = next((n for n in range(last + 1, len(clauses.words)) if _ends_speaker(clauses, n)), len(clauses.words))
    if last >= len(clauses.words) or clauses.classes[last] in ".,":
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
