"""A bulletin before it is published: drawn up from a judgement, put into words, edited by people. Pure.

Everything that names the level (headline, phrase, advice, times, what this is not) is made from the rules and
can't be edited, so that it always agrees; people may edit the grounds. Each line of the grounds is one sentence
with the findings under it.
"""

from __future__ import annotations

import dataclasses
import datetime
import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tocsin.publish.plaintext import plain_text
from tocsin.records import Judgement, Published, Reason, Signature, digest
from tocsin.rules import Rules
from tocsin.rules.bulletins import PLACES, BulletinRules

Kind = Literal["alert", "update", "correction", "cancel"]
Status = Literal["actual", "exercise", "test"]
Stage = Literal["proposed", "edited", "signed", "published", "undone"]
BULLET = "• "
CALM = 5
MOST_WORDS = 16_000  # characters of the editable part; with its frame it stays below the log's 65,535 bytes
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


class Refused(Exception):
    """A draft can't be made, changed, signed or published so; the message says what was expected and found."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the grounds with the findings under it. `by` is who worded it; '' is the machine."""

    text: str
    findings: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """Words changed: who, when, and the digests of the grounds before and after."""

    by: str
    at: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A bulletin on its way. `words` are the grounds that people may edit, `text` is all that will be read;
    `digest` is that of the manifest body, which is what people sign.

    `level` is that of the people, `machine_level` that of the machine; they differ only with a reason in
    `overruled`. `issued` is when the text got its present form. `replaces` are the area's bulletins that had
    not run out, oldest first; `corrects` is the one that this takes back. `signatures` may hold some that an
    edit has voided: those over another digest. `waived` are the signers who asked for no cooling-off.
    """

    id: str
    kind: Kind
    status: Status
    area: str
    area_name: str
    level: int | None
    previous: int | None
    machine_level: int | None
    as_of: str
    issued: str
    expires: str | None
    by: str
    overruled: str | None
    corrects: str | None
    replaces: tuple[str, ...]
    judgement: str
    rules: str
    words: str
    sentences: tuple[Sentence, ...]
    text: str = ""
    title: str = ""
    phrase: str = ""
    bulletin: str = ""
    digest: str = ""
    edits: tuple[Edit, ...] = ()
    signatures: tuple[Signature, ...] = ()
    waived: tuple[str, ...] = ()
    stage: Stage = "proposed"
    settled: str | None = None

    @property
    def valid(self) -> tuple[Signature, ...]:
        """The signatures over the text as it stands now."""
        return tuple(one for one in self.signatures if one.digest == self.digest)

    @property
    def open(self) -> bool:
        return self.stage not in ("published", "undone")


# ------------------------------------------------------------------ what to say


@dataclass(frozen=True, slots=True)
class Standing:
    """What was told of an area last: `level` whether or not it has run out, `live` what has not, oldest first."""

    level: int | None = None
    live: tuple[Published, ...] = ()


def standing(published: Sequence[Published], now: str) -> Standing:
    """What stands at a time, from an area's bulletins, oldest first: nothing once the last was withdrawn or ran out."""
    live: list[Published] = []
    for one in published:
        if one.kind == "cancel":
            live.clear()
        elif not run_out(one, now):
            live.append(one)
    if not live or live[-1].id != published[-1].id:
        live.clear()
    return Standing(published[-1].level if published else None, tuple(live))


def run_out(one: Published, now: str) -> bool:
    return one.expires is not None and one.expires < now


def kind_of(level: int | None, before: Standing) -> Kind:
    """What a level asks to be told, given what stands. Raises Refused where there is nothing to take back."""
    if level is None:
        if not before.live:
            raise Refused("no level is known and none stands, so there is nothing to tell")
        return "cancel"
    return "update" if before.live else "alert"


def hours_later(time: str, hours: float) -> str:
    later = datetime.datetime.fromisoformat(time) + datetime.timedelta(hours=hours)
    return later.strftime("%Y-%m-%dT%H:%M:%SZ")


def minutes_later(time: str, minutes: float) -> str:
    return hours_later(time, minutes / 60)


def bulletin_rules(rules: Rules) -> BulletinRules:
    """Raises Refused under rules that were adopted before bulletins had a file."""
    found: BulletinRules | None = rules.bulletins
    if found is None:
        raise Refused("the adopted rules know no bulletins (bulletins.toml); run `tocsin adopt`, then derive")
    return found


def grounds(judgement: Judgement, rules: Rules) -> tuple[tuple[str, tuple[Sentence, ...]], ...]:
    """(heading, sentences) of a judgement, in plain words; nothing where there is nothing to say."""
    headings = bulletin_rules(rules).headings
    parts: list[tuple[str, Sequence[Reason]]] = [
        ("decided", (judgement.decided_by,)),
        ("why", judgement.reasons_for),
        ("against", judgement.reasons_against),
        ("disputed", judgement.contradictions),
        ("missing", judgement.missing),
        ("confidence", (Reason("confidence", judgement.confidence_text),)),
        ("raise", judgement.would_raise),
        ("lower", judgement.would_lower),
    ]
    told = [(headings[name], _sentences(reasons)) for name, reasons in parts]
    return tuple((heading, sentences) for heading, sentences in told if sentences)


def _sentences(reasons: Sequence[Reason]) -> tuple[Sentence, ...]:
    return tuple(Sentence(one_line(r.text), r.findings) for r in reasons if r.text.strip())


def one_line(text: str) -> str:
    return " ".join(plain_text(text).split())


def words_of(parts: Iterable[tuple[str, Sequence[Sentence]]]) -> str:
    """The grounds as text: paragraphs of a heading and its sentences, a line each."""
    return "\n\n".join(
        "\n".join([heading, *(BULLET + sentence.text for sentence in sentences)]) for heading, sentences in parts
    )


def untold_phrase(rules: Rules) -> str:
    """What is said where no bulletin stands; rules that know no bulletins have no words of their own for it."""
    found: BulletinRules | None = rules.bulletins
    return found.say("untold_phrase") if found else rules.levels.unknown_phrase


# ------------------------------------------------------------------ editing


def edited(draft: Draft, words: str, by: str, now: str, rules: Rules) -> Draft:
    """The draft with other words. A sentence that was reworded keeps its findings and says by whom; one that was
    added has none. Raises Refused for words that speak for another level, or for none."""
    tidy = _tidy(words)
    if tidy == draft.words:
        raise Refused("the words are the same as before, so nothing was changed")
    check_words(tidy, draft.level, rules)
    edit = Edit(by, now, digest(draft.words.encode()), digest(tidy.encode()))
    return dataclasses.replace(
        draft,
        words=tidy,
        sentences=_reworded(draft.sentences, _lines(tidy, rules), by),
        edits=(*draft.edits, edit),
        issued=now,
        stage="edited",
        settled=None,
    )


def _tidy(words: str) -> str:
    text = words.replace("\r\n", "\n").strip()
    if found := _CONTROL.search(text):
        raise Refused(f"expected plain text, found the control character {found[0]!r} in it")
    if not text or len(text) > MOST_WORDS:
        raise Refused(f"expected 1 to {MOST_WORDS} characters of grounds, found {len(text)}")
    return "\n".join(plain_text(line).rstrip() for line in text.split("\n"))


def _lines(words: str, rules: Rules) -> list[str]:
    headings = set(bulletin_rules(rules).headings.values())
    lines = (line.strip() for line in words.split("\n"))
    return [line.removeprefix(BULLET.strip()).strip() for line in lines if line and line not in headings]


def _reworded(old: Sequence[Sentence], lines: Sequence[str], by: str) -> tuple[Sentence, ...]:
    """Sentences for new lines: the same line keeps everything, one line for one other keeps its findings."""
    before = [sentence.text for sentence in old]
    found: list[Sentence] = []
    for act, i1, i2, j1, j2 in difflib.SequenceMatcher(a=before, b=list(lines), autojunk=False).get_opcodes():
        if act == "equal":
            found += old[i1:i2]
        elif act == "replace" and i2 - i1 == j2 - j1:
            pairs = zip(old[i1:i2], lines[j1:j2], strict=True)
            found += [Sentence(line, sentence.findings, by) for sentence, line in pairs]
        else:
            found += [Sentence(line, (), by) for line in lines[j1:j2]]
    return tuple(found)


def check_words(words: str, level: int | None, rules: Rules) -> None:
    """Raises Refused where the words name a level with a colour that is not its own, or use the fixed phrase of
    another level than this bulletin's."""
    colours = {str(one.number): one.colour for one in rules.levels.levels}
    pair = re.compile(rf"\b([1-5])[\s(,]+({'|'.join(colours.values())})\b", re.IGNORECASE)
    for number, colour in pair.findall(words):
        if colours[number] != colour.lower():
            raise Refused(f"level {number} is {colours[number]}; the words say {number} {colour}")
    for one in rules.levels.levels:
        if one.number != level and one.phrase.lower() in words.lower():
            raise Refused(f"the words use the phrase of level {one.number} in a bulletin of level {level or 'unknown'}")


def unified(old: str, new: str) -> tuple[str, ...]:
    """What a text changes in another, line by line, without the headers of a unified difference."""
    lines = difflib.unified_diff(old.split("\n"), new.split("\n"), lineterm="", n=1)
    return tuple(line for line in lines if not line.startswith(("---", "+++")))


# ------------------------------------------------------------------ the whole text


def composed(draft: Draft, rules: Rules, quorum: int) -> Draft:
    """The draft with its title and whole text. `quorum`: how many people must sign it."""
    told = dataclasses.replace(draft, phrase=phrase_of(draft.level, draft.corrects, rules))
    text = "\n\n".join(paragraph for paragraph in _paragraphs(told, rules, quorum) if paragraph)
    return dataclasses.replace(told, text=text, title=title_of(told, rules))


def phrase_of(level: int | None, corrects: str | None, rules: Rules) -> str:
    """The fixed words of the level; where it is withdrawn by a correction, that it is."""
    if level is not None:
        return rules.levels.level(level).phrase
    return bulletin_rules(rules).say("withdrawn_phrase") if corrects else rules.levels.unknown_phrase


def title_of(draft: Draft, rules: Rules) -> str:
    return plain_text(mark_of(draft.status) + headline_of(draft, rules))


def headline_of(draft: Draft, rules: Rules) -> str:
    words = bulletin_rules(rules)
    if draft.level is None:
        headline = words.say("headline_unknown", area=draft.area_name)
    else:
        colour = rules.levels.level(draft.level).colour
        headline = words.say("headline", area=draft.area_name, level=draft.level, colour=colour)
    if draft.corrects:
        headline = words.say("correction", headline=headline)
    return headline


def mark_of(status: Status) -> str:
    """What every title begins with: '' only for what is real."""
    return "" if status == "actual" else f"{status.upper()}: "


def _paragraphs(draft: Draft, rules: Rules, quorum: int) -> list[str]:
    levels, words = rules.levels, bulletin_rules(rules)
    return [
        levels.exercise_mark if draft.status != "actual" else "",
        headline_of(draft, rules) if draft.corrects else "",
        _head(draft, rules),
        _times(draft, words),
        _before(draft, rules),
        words.say("replaces", ids=", ".join(draft.replaces)) if draft.replaces else "",
        _overruled(draft, words),
        draft.words,
        _advice(draft, words),
        words.say("quorum_many", n=quorum) if quorum > 1 else _alone(draft, rules),
        levels.disclaimer,
    ]


def _alone(draft: Draft, rules: Rules) -> str:
    """A service of one person says so in every bulletin."""
    return bulletin_rules(rules).say("quorum_one") if rules.levels.quorum == 1 else ""


def _head(draft: Draft, rules: Rules) -> str:
    words = bulletin_rules(rules)
    if draft.level is None:
        return words.say("head_unknown", area=draft.area_name, phrase=draft.phrase)
    level = rules.levels.level(draft.level)
    return words.say("head", area=draft.area_name, level=level.number, colour=level.colour, phrase=draft.phrase)


def _times(draft: Draft, words: BulletinRules) -> str:
    if draft.expires is None:
        return words.say("times_unknown", as_of=readable(draft.as_of), issued=readable(draft.issued))
    expires = readable(draft.expires)
    return words.say("times", as_of=readable(draft.as_of), issued=readable(draft.issued), expires=expires)


def readable(time: str | None) -> str:
    """'2019-03-24T00:00:00Z' as '2019-03-24 00:00 UTC'; a bare date as it is, None as ''."""
    day, _, clock = (time or "").partition("T")
    return f"{day} {clock[:5]} UTC" if clock else day


def _before(draft: Draft, rules: Rules) -> str:
    words = bulletin_rules(rules)
    if draft.previous is None:
        return words.say("before_unknown")
    return words.say("before", level=draft.previous, colour=rules.levels.level(draft.previous).colour)


def _overruled(draft: Draft, words: BulletinRules) -> str:
    if draft.overruled is None:
        return ""
    machine = words.say("unsigned_machine") if draft.machine_level is None else str(draft.machine_level)
    return words.say("overruled", machine=machine, reason=draft.overruled)


def _advice(draft: Draft, words: BulletinRules) -> str:
    if draft.level is None:
        return ""
    lines = [f"{BULLET}{words.places[place]}: {words.advice[draft.level, place]}" for place in PLACES]
    return "\n".join([words.say("advice"), *lines])
