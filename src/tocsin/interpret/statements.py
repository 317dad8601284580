"""Sentences to statements: the order in which the parts of interpret work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from tocsin.interpret import (
    assertion,
    attribution,
    context,
    degrees,
    discourse,
    doubts,
    model,
    nationality,
    parties,
    roles,
)
from tocsin.interpret.attribution import Claim
from tocsin.interpret.chronology import names_one
from tocsin.interpret.clauses import Clauses, classified
from tocsin.interpret.events import Arguments, Candidate, arguments, around, candidates
from tocsin.interpret.headline import outside
from tocsin.interpret.reading import Reading, actors_in, clauses_of, open_document, within
from tocsin.interpret.roles import Roles
from tocsin.interpret.sight import Sight, sights
from tocsin.interpret.tokens import Sentence
from tocsin.interpret.traits import Telling
from tocsin.records import (
    Actor,
    Document,
    Modality,
    Span,
    Stance,
    Statement,
    Trigger,
    When,
)
from tocsin.rules import Rules
from tocsin.rules.warning import words_tell

# Forces that report what is so; a demand or a threat reports nothing.
REPORTING = frozenset({"assert", "believe", "confirm", "deny", "allege", "accuse"})
# Acts that a state does by its forces.
ARMED = frozenset({"ASSAULT", "MOBILIZE"})
# A date within so many words from the beginning holds for the whole sentence.
OPENING_WORDS = 3
# Documents that do not claim to tell what is so.
MADE_UP = frozenset({"satire", "fiction"})
# Sentences that the network reads at once.
TOGETHER = 32
COUNTED_UNITS = frozenset({"person", "piece"})


class Parsed(NamedTuple):
    """A sentence, its clauses (None where no statement can come from it), the lexicon's candidates in it, and what the
    network sees of it."""

    sentence: Sentence
    clauses: Clauses | None
    known: list[Candidate]
    sight: Sight | None


@dataclass(frozen=True, slots=True)
class Told:
    """How a statement is told: what assertion.py decides, and on which grounds."""

    modality: Modality
    stance: Stance
    over: tuple[Claim, ...]
    speaker: Actor | None


def interpret(document: Document, rules: Rules) -> tuple[Statement, ...]:
    """The statements of a document in text order. () where its language has no grammar."""
    opened = open_document(document, rules)
    if opened is None:
        return ()
    reading, sentences = opened
    for first in range(0, len(sentences), TOGETHER):
        for number, parsed in enumerate(_parsed(reading, sentences[first : first + TOGETHER]), first + 1):
            reading.found += _read(reading, parsed, sentences[number] if number < len(sentences) else None)
    found = (*_headline(document, rules, reading.found), *reading.found)
    return tuple(replace(statement, key=f"{document.key}.{n}") for n, statement in enumerate(found))


def _headline(document: Document, rules: Rules, told: list[Statement]) -> tuple[Statement, ...]:
    """What only the headline tells, where it stands outside the text: with the empty span (0, 0)."""
    title = (document.title or "").strip()
    if not title or title in document.text[: 2 * len(title)]:
        return ()
    alone = replace(document, text=title, title=None)
    body = {(s.type, _ids(s.source)) for s in told}
    return tuple(
        outside(s) for s in interpret(alone, rules) if s.type is not None and (s.type, _ids(s.source)) not in body
    )


def _parsed(reading: Reading, sentences: Sequence[Sentence]) -> Iterator[Parsed]:
    """Sentences in clauses, and as the network sees them, which reads them together; it is not asked of sentences that
    name nobody and hold no term."""
    grammar = reading.lexicon.grammar
    listed = [clauses_of(reading, sentence) for sentence in sentences]
    known = [candidates(clauses, grammar) if clauses is not None else [] for clauses in listed]
    told = {n: (c, known[n]) for n, c in enumerate(listed) if c is not None and (known[n] or c.actors)}
    seen = dict(zip(told, sights(reading.rules, grammar.language, list(told.values())), strict=True))
    for n, (sentence, clauses) in enumerate(zip(sentences, listed, strict=True)):
        yield Parsed(sentence, clauses, known[n], seen.get(n))


def _read(reading: Reading, parsed: Parsed, following: Sentence | None) -> list[Statement]:
    grammar = reading.lexicon.grammar
    sentence, clauses = parsed.sentence, parsed.clauses
    claims: list[Claim] = []
    told: list[Statement] = []
    if clauses is not None:
        claims = attribution.claims(reading.document, clauses, grammar)
        after = _fragment(reading, following) if claims else None
        claims = [discourse.named(reading.memory, claim, sentence, after, grammar) for claim in claims]
        claims = [context.led_back(clauses, claim, reading.rules, grammar) for claim in claims]
        told = list(_typed(reading, clauses, parsed, claims))
    told += _untyped(reading, sentence, clauses, claims, told)
    told = _doubted(reading, sentence, clauses, told)
    discourse.remember(reading.memory, sentence, claims, told)
    return told


def _doubted(reading: Reading, sentence: Sentence, clauses: Clauses | None, told: list[Statement]) -> list[Statement]:
    """What a sentence tells, unverified where it says so itself; where it says so of what was told before, that is."""
    if not doubts.may_doubt(sentence, reading.lexicon.grammar):
        return told
    clauses = clauses or classified(sentence, actors_in(reading, sentence), reading.lexicon)
    doubt = doubts.find(clauses, reading.lexicon.grammar)
    if doubt is None:
        return told
    own = [s.type is not None and doubt.covers(s.trigger.span) for s in told]
    if any(own):
        return [_unverified(s) if is_own else s for s, is_own in zip(told, own, strict=True)]
    if doubt.points_back and sentence.paragraph - reading.memory.told_in <= 1:
        _doubt_before(reading.found, doubt.reach)
    return told


def _doubt_before(found: list[Statement], reach: int) -> None:
    """Makes what the last sentences told unverified: what somebody is said to say, where they have that."""
    spans = list(dict.fromkeys(s.span for s in reversed(found)))[:reach]
    for span in spans:
        numbers = [n for n, s in enumerate(found) if s.span == span]
        said = [n for n in numbers if found[n].attribution is not None]
        for n in said or numbers:
            found[n] = _unverified(found[n])


def _unverified(statement: Statement) -> Statement:
    """A deed that nobody could bear out; that somebody charged or refused it stands all the same."""
    stands = statement.type in assertion.SAID or statement.stance != "asserted"
    return statement if stands else replace(statement, stance="unverified")


def _fragment(reading: Reading, following: Sentence | None) -> Clauses | None:
    """The next sentence, if it is so short that a wrong full stop may have cut it off."""
    if following is None or len(following.tokens) > discourse.FRAGMENT_WORDS + 1:
        return None
    return classified(following, actors_in(reading, following), reading.lexicon)


def _typed(reading: Reading, clauses: Clauses, parsed: Parsed, claims: list[Claim]) -> Iterator[Statement]:
    grammar = reading.lexicon.grammar
    seen: set[tuple[object, ...]] = set()
    for candidate in model.weighed(reading.rules, clauses, parsed.known, grammar, parsed.sight):
        view = roles.told(reading.rules, grammar.language, parsed.sight, candidate.first, candidate.act.type)
        found = parties_of(reading, clauses, candidate, claims, view)
        told = _told(reading, clauses, candidate, claims, found.source)
        if not found.source and told.stance == "denied" and told.speaker is not None and not candidate.passive:
            found = Arguments((told.speaker,), found.target)
        if not found.source and not found.target and candidate.backed:
            found = around(clauses, candidate)
        if not found.source and not found.target and _is_saying(candidate) and told.speaker is not None:
            found = Arguments((told.speaker,), ())
        if not found.source and not found.target and not _is_sighting(reading, clauses, candidate):
            continue
        mark = (candidate.act.type, _ids(found.source), _ids(found.target))
        if mark in seen:
            continue
        seen.add(mark)
        yield _statement(reading, clauses, candidate, found, told, view)


def parties_of(
    reading: Reading, clauses: Clauses, candidate: Candidate, claims: list[Claim], view: Roles | None
) -> Arguments:
    """Source and target: what the grammar names, completed, then weighed against the other mentions."""
    setting = parties_setting(reading, clauses, candidate, claims, view)
    found = parties.chosen(reading.rules, reading.lexicon.grammar.language, setting)
    located, grammar = setting.located, reading.lexicon.grammar
    found = context.settled(clauses, found, located, reading.home, reading.rules, grammar)
    kind = candidate.act.type
    source = tuple(_of_state(reading, setting, actor, kind, "source", found.target) for actor in found.source)
    return Arguments(source, tuple(_of_state(reading, setting, a, kind, "target", source) for a in found.target))


def _of_state(
    reading: Reading, setting: parties.Setting, actor: Actor, kind: str, role: str, other: tuple[Actor, ...]
) -> Actor:
    """An actor of unknown country as that of the state that the weights find likeliest."""
    if actor.country is not None or actor.span is None:
        return actor
    bearer = nationality.Bearer(setting.clauses, setting.located, actor, kind, role, other, setting.view)
    language = reading.lexicon.grammar.language
    country = nationality.of_state(reading.rules, language, bearer, reading.home or reading.spoken_of)
    return actor if country is None else context.as_of(actor, country, reading.rules)


def parties_setting(
    reading: Reading, clauses: Clauses, candidate: Candidate, claims: list[Claim], view: Roles | None
) -> parties.Setting:
    """An act with what the rules alone make of its parties."""
    grammar = reading.lexicon.grammar
    found = _without(arguments(clauses, candidate, grammar), _own_words(clauses, candidate))
    found = discourse.resolved(reading.memory, clauses, candidate, found, reading.rules, grammar)
    span = _trigger_span(clauses, candidate)
    over = tuple(c for c in claims if c.covers(span) and c.force in REPORTING and not _is_cue(c, candidate))
    found = discourse.in_own_words(clauses, candidate, found, over, grammar)
    located = within(reading.mentions.located, (clauses.sentence.start, clauses.sentence.end))
    found = context.completed(clauses, candidate, found, located, reading.home, reading.rules, grammar)
    return parties.Setting(clauses, candidate, found, over, located, reading.document.text, view)


def _is_saying(candidate: Candidate) -> bool:
    """Whether whole words of a speaker are themselves the act: 'all options are on the table'."""
    pattern = candidate.match.term.pattern
    return candidate.nominal and candidate.act.roles == "speech" and (pattern.gap > 1 or bool(pattern.needs))


def _is_sighting(reading: Reading, clauses: Clauses, candidate: Candidate) -> bool:
    """Whether arms are told to be at a place, by whomever: 'an image shows missiles deployed at the base'."""
    span = (clauses.sentence.start, clauses.sentence.end)
    if candidate.act.type != "MOBILIZE" or not within(reading.mentions.materiel, span):
        return False
    return bool(within(reading.mentions.located, span))


def _own_words(clauses: Clauses, candidate: Candidate) -> tuple[Span, ...]:
    """Spans of the words that tell an act: its trigger, but not what stands in the gaps of 'gave Y hours to'."""
    match = candidate.match
    if match.term.pattern.gap == 1:
        return (_trigger_span(clauses, candidate),)
    return tuple((clauses.tokens[n].start, clauses.tokens[n].end) for n in (match.first, match.last - 1))


def _without(found: Arguments, spans: tuple[Span, ...]) -> Arguments:
    """Arguments without a mention that is the act's own word ('protesters', 'military contingent')."""

    def others(listed: tuple[Actor, ...]) -> tuple[Actor, ...]:
        return tuple(
            a for a in listed if a.span is None or not any(s <= a.span[0] and a.span[1] <= e for s, e in spans)
        )

    return Arguments(others(found.source), others(found.target))


def _ids(actors: tuple[Actor, ...]) -> tuple[str, ...]:
    return tuple(actor.id or actor.name for actor in actors)


def _statement(
    reading: Reading, clauses: Clauses, candidate: Candidate, found: Arguments, told: Told, view: Roles | None
) -> Statement:
    grammar = reading.lexicon.grammar
    span = _trigger_span(clauses, candidate)
    when = _when(reading, clauses.sentence, clauses, candidate.first, candidate.act.roles != "speech")
    if when is None and found.source and _is_pointer(clauses, found.source[0]):
        when = reading.memory.when
    act = candidate.act
    telling = _telling(reading, clauses, candidate, told, when, found.source, view)
    modality, time, said = degrees.judged(reading.rules, grammar.language, telling)
    if modality == "actual" and time == "future":
        modality = "intended"  # what is still to come has not been done, in whatever tense it is told
    return Statement(
        key="",
        document=reading.document.key,
        span=(clauses.sentence.start, clauses.sentence.end),
        text=reading.document.text[clauses.sentence.start : clauses.sentence.end],
        type=act.type,
        mode=act.mode,
        topics=_topics(reading, clauses, act.topics),
        trigger=Trigger(reading.document.text[span[0] : span[1]], span),
        source=tuple(_acting(actor, "MIL" if act.type in ARMED else "GOV") for actor in found.source),
        target=tuple(_acting(actor) for actor in found.target),
        place=within(reading.mentions.located, (clauses.sentence.start, clauses.sentence.end)),
        when=when,
        quantities=within(reading.mentions.quantities, (clauses.sentence.start, clauses.sentence.end)),
        materiel=within(reading.mentions.materiel, (clauses.sentence.start, clauses.sentence.end)),
        modality=modality,
        stance=told.stance,
        time=time,
        attribution=_acting(told.speaker) if told.speaker is not None and said else None,
        rule=candidate.by or f"{grammar.language}.{act.name}:{' '.join(candidate.match.term.pattern.words)}",
    )


def _telling(
    reading: Reading,
    clauses: Clauses,
    candidate: Candidate,
    told: Told,
    when: When | None,
    source: tuple[Actor, ...],
    view: Roles | None,
) -> Telling:
    sentence = clauses.sentence
    return Telling(
        clauses=clauses,
        candidate=candidate,
        over=told.over,
        when=when,
        dates=within(reading.mentions.dates, (sentence.start, sentence.end)),
        today=reading.today,
        modality=told.modality,
        stance=told.stance,
        time=assertion.time_sense(
            clauses,
            candidate,
            told.modality,
            when,
            reading.today,
            reading.lexicon.grammar,
            _historical(reading, sentence),
            bool(told.over),
        ),
        source=source,
        speaker=told.speaker,
        view=view,
    )


def _acting(actor: Actor, sector: str = "GOV") -> Actor:
    """A state that acts or is acted upon acts through its government, where it fights through its forces (PLOVER)."""
    bare = actor.sector is None and actor.country is not None and actor.id == actor.country
    return replace(actor, sector=sector) if bare else actor


def _trigger_span(clauses: Clauses, candidate: Candidate) -> Span:
    match = candidate.match
    first, last = match.first, match.last
    if match.other is not None and match.other >= last:
        last = match.other + 1
    return clauses.tokens[first].start, clauses.tokens[last - 1].end


def _told(
    reading: Reading, clauses: Clauses, candidate: Candidate, claims: list[Claim], source: tuple[Actor, ...]
) -> Told:
    grammar = reading.lexicon.grammar
    span = _trigger_span(clauses, candidate)
    over = tuple(c for c in claims if c.covers(span) and c.force in REPORTING and not _is_cue(c, candidate))
    how = assertion.modality(clauses, candidate, grammar)
    stance = assertion.stance(clauses, candidate, span, over, grammar)
    if stance == "asserted" and not MADE_UP.isdisjoint(reading.document.flags):
        stance = "unverified"
    # Claims stand in the order of their cues: the last of those over an act is said by who is nearest to it.
    speaker = over[-1].speaker if over else discourse.heard(reading.memory, clauses.sentence, span)
    denial = next((claim for claim in over if claim.force == "deny" and not claim.negated), None)
    if denial is not None and stance == "denied":
        # 'denied having sent' reads as negated by its own denial, which the stance tells already.
        return Told("actual" if how == "negated" else how, stance, over, denial.speaker)
    if how == "negated" and speaker is not None and stance == "asserted" and _speaks_for(speaker, source):
        # 'we did not' denies, 'we will not' and 'no talks' deny no charge.
        if candidate.nominal or assertion.is_ahead(clauses, candidate, grammar):
            return Told(how, stance, over, speaker)
        return Told("actual", "denied", over, speaker)
    if candidate.act.roles == "speech" and speaker is not None and _ids((speaker,)) == _ids(source[:1]):
        speaker = None
    return Told(how, stance, over, speaker)


def _speaks_for(speaker: Actor, source: tuple[Actor, ...]) -> bool:
    """Whether a speaker tells of his own side's doings, or of nobody's in particular."""
    return not source or (speaker.country is not None and speaker.country == source[0].country)


def _is_pointer(clauses: Clauses, actor: Actor) -> bool:
    """Whether an actor stands for one of the sentences before."""
    return actor.span is not None and not any(actor.span == known.span and actor == known for known in clauses.actors)


def _is_cue(claim: Claim, candidate: Candidate) -> bool:
    """Whether a claim's cue is this very act ('accused', 'threatened'), which does not report itself."""
    return claim.words[0] < candidate.last and candidate.first < claim.words[1]


def _when(reading: Reading, sentence: Sentence, clauses: Clauses | None, place: int, loose: bool) -> When | None:
    """The date of an act: the nearest one with no other verb between, or the one that opens the
    sentence; where `loose`, any date of the sentence."""
    dates = within(reading.mentions.dates, (sentence.start, sentence.end))
    dated = [w for w in dates if w.start is not None or w.end is not None]
    if clauses is None or not dated:
        return dated[0] if dated else None
    at = sentence.tokens[place].start
    near = [w for w in dated if not _parted(clauses, place, w)]
    if near:
        return min(near, key=lambda w: abs(w.span[0] - at))
    opening = sentence.tokens[min(OPENING_WORDS, len(sentence.tokens) - 1)].start
    opened = next((w for w in dated if w.span[0] <= opening), None)
    if opened is not None or not loose:
        return opened
    free = [w for w in dated if not _owned(clauses, place, w)]
    return min(free, key=lambda w: abs(w.span[0] - at), default=None)


def _owned(clauses: Clauses, place: int, when: When) -> bool:
    """Whether a date stands right after another verb ('contracts signed in 2011') and so is that one's."""
    first = next((n for n, token in enumerate(clauses.tokens) if token.start >= when.span[0]), 0)
    return any(clauses.classes[n] == "V" and n != place for n in range(max(0, first - 2), first))


def _parted(clauses: Clauses, place: int, when: When) -> bool:
    """Whether another verb or act stands between an act and a date, so that the date is that one's."""
    before = [n for n, token in enumerate(clauses.tokens) if token.start < when.span[0]]
    other = len(before)
    first, last = min(place, other), max(place, other)
    acts = {match.first for match in clauses.acts}
    return any(clauses.classes[n] in "VS.R" or n in acts for n in range(first + 1, last) if n != place)


def _historical(reading: Reading, sentence: Sentence) -> bool:
    return "retrospective" in reading.document.flags or _names_the_past(reading, sentence)


def _names_the_past(reading: Reading, sentence: Sentence) -> bool:
    """Whether the sentence names a happening that was over before the page was written."""
    return names_one(reading.rules, reading.past, reading.document.text, sentence.start, sentence.end)


def _topics(reading: Reading, clauses: Clauses, given: tuple[str, ...]) -> tuple[str, ...]:
    words = set(clauses.words)
    told = [topic for topic, listed in reading.lexicon.grammar.topics.items() if not words.isdisjoint(listed)]
    return tuple(dict.fromkeys((*given, *told)))


# ------------------------------------------------------------------ reported speech and told facts


def _untyped(
    reading: Reading, sentence: Sentence, clauses: Clauses | None, claims: list[Claim], told: list[Statement]
) -> list[Statement]:
    """Reported speech without an act in it, and told facts: people or materiel counted, a happening of the past
    named, an indicator's words."""
    grammar = reading.lexicon.grammar
    found: list[Statement] = []
    for claim in claims:
        if any(claim.covers(s.trigger.span) or _touches(claim.cue, s.trigger.span) for s in told):
            continue
        bare = _bare(reading, sentence, clauses, claim)
        if clauses is not None and discourse.points_back(clauses, claim, grammar):
            bare = _pointing_back(reading, sentence, bare)
        found.append(bare)
    if not claims and not told and _is_told_fact(reading, sentence):
        found.append(_bare(reading, sentence, clauses, None))
    return found


def _pointing_back(reading: Reading, sentence: Sentence, bare: Statement) -> Statement:
    """What 'denied this information' denies: the act told last, in this paragraph or the one before."""
    last = reading.memory.last
    if last is None or sentence.paragraph - reading.memory.last_in > 1:
        return bare
    return replace(
        bare,
        type=last.type,
        mode=last.mode,
        topics=last.topics,
        source=last.source,
        target=last.target,
        quantities=bare.quantities or last.quantities,
        materiel=bare.materiel or last.materiel,
        modality=last.modality,
        time=last.time,
    )


def _touches(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _is_told_fact(reading: Reading, sentence: Sentence) -> bool:
    span = (sentence.start, sentence.end)
    counted = [q for q in within(reading.mentions.quantities, span) if q.unit in COUNTED_UNITS]
    if counted or within(reading.mentions.materiel, span) or _names_the_past(reading, sentence):
        return True
    return words_tell(reading.rules, reading.document.text[slice(*span)])


def _fact(reading: Reading, sentence: Sentence) -> Span:
    """What makes a told fact one: the count or the arms in it, else its first word."""
    span = (sentence.start, sentence.end)
    counted = [q.span for q in within(reading.mentions.quantities, span) if q.unit in COUNTED_UNITS]
    arms = [m.span for m in within(reading.mentions.materiel, span)]
    return min([*counted, *arms], default=(sentence.tokens[0].start, sentence.tokens[0].end))


def _bare(reading: Reading, sentence: Sentence, clauses: Clauses | None, claim: Claim | None) -> Statement:
    grammar = reading.lexicon.grammar
    span = (sentence.start, sentence.end)
    cue = claim.cue if claim is not None else _fact(reading, sentence)
    over = (claim,) if claim is not None else ()
    when = _when(reading, sentence, clauses, claim.words[0] if claim is not None else 0, claim is None)
    stance: Stance = (
        assertion.stance(clauses, None, cue, over, grammar) if clauses is not None and claim is not None else "asserted"
    )
    return Statement(
        key="",
        document=reading.document.key,
        span=span,
        text=reading.document.text[span[0] : span[1]],
        type=None,
        mode=None,
        topics=_topics(reading, clauses, ()) if clauses is not None else (),
        trigger=Trigger(reading.document.text[cue[0] : cue[1]], cue),
        source=(),
        target=(),
        place=within(reading.mentions.located, span),
        when=when,
        quantities=within(reading.mentions.quantities, span),
        materiel=within(reading.mentions.materiel, span),
        modality="actual",
        stance=stance,
        time=assertion.time_sense(
            clauses, None, "actual", when, reading.today, grammar, _historical(reading, sentence)
        ),
        attribution=claim.speaker if claim is not None else discourse.heard(reading.memory, sentence, cue),
        rule=f"{grammar.language}.{claim.force}" if claim is not None else f"{grammar.language}.told-fact",
    )
