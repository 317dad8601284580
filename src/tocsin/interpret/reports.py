"""Who is reported to say what, over a whole document: `tocsin claims`.

Beside the attributions of single sentences, the acts that are speech themselves ('rejected the offer'),
and quotations that run over sentences: what stands in the paragraph of a quotation is said by who said it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tocsin.interpret import attribution
from tocsin.interpret.attribution import Claim
from tocsin.interpret.clauses import Clauses, is_passive
from tocsin.interpret.reading import Reading, clauses_of, open_document
from tocsin.interpret.tokens import Sentence
from tocsin.records import Document, Span
from tocsin.rules import Rules
from tocsin.rules.grammar import Act, Grammar

# PLOVER roots that are speech, and the force with which it is said.
SPOKEN = {"ACCUSE": "accuse", "REJECT": "refuse"}
# A quotation that a sentence of so few words tells who said is sought before or behind it.
BARE_WORDS = 9


def attributions(document: Document, rules: Rules) -> tuple[Claim, ...]:
    """The attributions of a document in text order; () where its language has no grammar."""
    opened = open_document(document, rules)
    if opened is None:
        return ()
    reading, sentences = opened
    told = [(sentence, list(_said_in(reading, sentence))) for sentence in sentences]
    return tuple(claim for n in range(len(told)) for claim in _carried(document.text, told, n))


def _said_in(reading: Reading, sentence: Sentence) -> Iterator[Claim]:
    """The claims of one sentence, without the asides of who is quoted ('“I think …,” he said')."""
    clauses = clauses_of(reading, sentence)
    if clauses is None:
        return
    grammar = reading.lexicon.grammar
    found = attribution.claims(reading.document, clauses, grammar)
    found += _speech_acts(reading.document, clauses, found, grammar)
    for claim in sorted(found, key=lambda claim: claim.cue):
        if not _is_aside(claim, sentence, grammar):
            yield claim


def _is_aside(claim: Claim, sentence: Sentence, grammar: Grammar) -> bool:
    """Whether who is quoted only tells what he, or who listens, says or thinks: 'I think', 'you say'; or what
    another thinks, who did not say so."""
    if not any(start <= claim.cue[0] < end for start, end in sentence.quotes):
        return False
    words = (claim.speaker.text or "").lower().split() if claim.speaker is not None else []
    return claim.force == "believe" or (bool(words) and words[-1] in grammar.words.get("oneself", ()))


def _speech_acts(document: Document, clauses: Clauses, found: list[Claim], grammar: Grammar) -> list[Claim]:
    """Claims out of acts that are speech: 'Iran rejected the offer', 'blasted the United States for …'."""
    made: list[Claim] = []
    cues = [claim.words for claim in found]
    be, by = (grammar.words.get(name, frozenset()) for name in ("be", "agents"))
    for match in clauses.acts:
        act = match.term.meaning
        taken = any(first < match.last and match.first < last for first, last in cues)
        if not isinstance(act, Act) or act.type not in SPOKEN or taken or not attribution.FINITE & set(match.term.tags):
            continue
        if clauses.classes[match.first] != "V" or is_passive(clauses, match, be, by):
            continue
        claim = attribution.spoken(document, clauses, match, SPOKEN[act.type], grammar)
        if claim is not None:
            made.append(claim)
    return made


def _carried(text: str, told: list[tuple[Sentence, list[Claim]]], at: int) -> Iterator[Claim]:
    """The claims of one sentence, the last of them with the quotations of its neighbours that it says too."""
    claims = told[at][1]
    for claim in claims:
        inside = tuple(span for span in claim.content if any(c.isalnum() for c in text[slice(*span)]))
        content = inside
        if claim is claims[-1]:
            content = (*_before(told, at, inside), *inside, *_after(text, told, at, inside))
        if content:
            yield replace(claim, content=content)


def _before(told: list[tuple[Sentence, list[Claim]]], at: int, inside: tuple[Span, ...]) -> list[Span]:
    """Quotations of the sentences before that nobody else says: those of the paragraph of '“…?” X asked.', or
    which a bare 'X said.' closes."""
    sentence = told[at][0]
    quoted = any(span[0] == sentence.start for span in inside) and _opens(sentence)
    if not quoted and (inside or len(sentence.tokens) > BARE_WORDS):
        return []
    found: list[Span] = []
    for other, claims in reversed(told[:at]):
        if other.paragraph != sentence.paragraph or claims or not _is_quotation(other):
            break
        found.insert(0, (other.start, other.end))
    return found


def _after(text: str, told: list[tuple[Sentence, list[Claim]]], at: int, inside: tuple[Span, ...]) -> list[Span]:
    """Quotations of the sentences behind that nobody else says: of the same paragraph where a quotation or a
    colon goes before, of the next where the colon ends the paragraph; without marks that is all of it."""
    sentence = told[at][0]
    closes = text[sentence.start : sentence.end].rstrip().endswith(":")
    if not closes and not any(span[0] <= q[0] < span[1] for span in inside for q in sentence.quotes):
        return []
    last = sentence.paragraph + closes
    block = closes and at + 1 < len(told) and not _opens(told[at + 1][0])
    found: list[Span] = []
    for other, claims in told[at + 1 :]:
        if other.paragraph > last or (not block and (claims or not _opens(other))):
            break
        found.append((other.start, other.end))
    return found


def _opens(sentence: Sentence) -> bool:
    """Whether a sentence begins with a quotation."""
    return any(quote[0] - sentence.start < 1 for quote in sentence.quotes)


def _is_quotation(sentence: Sentence) -> bool:
    """Whether a sentence is nothing but a quotation."""
    return any(q[0] == sentence.start and sentence.end - q[1] < 2 for q in sentence.quotes)
