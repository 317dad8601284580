"""The correction of a bulletin, drawn up before the bulletin goes out: to be signed and sent in one step. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from tocsin.publish.bulletin import (
    Draft,
    Sentence,
    Standing,
    bulletin_rules,
    one_line,
    readable,
    words_of,
)
from tocsin.records import Published, revive
from tocsin.rules import Rules

LONGEST_REASON = 300  # characters that a person may add without a second signature


def prepared(draft: Draft, before: Standing, rules: Rules) -> Draft:
    """The correction of a draft as it would be published: what stood before stands again, or nothing does."""
    earlier = before.live[-1] if before.live else None
    level = earlier.level if earlier else None
    return dataclasses.replace(
        draft,
        kind="correction" if level is not None else "cancel",
        level=level,
        previous=draft.level,
        expires=earlier.expires if earlier else None,
        overruled=None,
        corrects=draft.bulletin,
        replaces=(*draft.replaces, draft.bulletin),
        words=_worded(_sentences(draft, level, "", rules), rules),
        sentences=_sentences(draft, level, "", rules),
        edits=(),
        signatures=(),
        waived=(),
        stage="proposed",
        settled=None,
    )


def from_manifest(body: Mapping[str, Any]) -> Draft:
    """A published bulletin as a draft again, where only the public copy of it is left."""
    sentences = tuple(revive(Sentence, one) for one in body["sentences"])
    same = ("kind", "status", "area", "area_name", "level", "previous", "machine_level", "as_of", "issued", "expires")
    return Draft(
        id="",
        **{name: body[name] for name in (*same, "overruled", "corrects", "judgement")},
        by="",
        replaces=tuple(body["replaces"]),
        rules="",
        words="\n".join(sentence.text for sentence in sentences),
        sentences=sentences,
        bulletin=body["id"],
    )


def corrected(ready: Draft, wrong: Published, draft: str, by: str, now: str, reason: str, rules: Rules) -> Draft:
    """A prepared correction as a draft of this moment. What stood before may have run out since: then nothing does."""
    out = ready.expires is not None and ready.expires <= now
    level = None if out else ready.level
    told = dataclasses.replace(ready, level=wrong.level, issued=wrong.issued)
    return dataclasses.replace(
        ready,
        id=draft,
        kind="cancel" if level is None else "correction",
        level=level,
        expires=None if level is None else ready.expires,
        issued=now,
        by=by,
        words=_worded(_sentences(told, level, reason, rules), rules),
        sentences=_sentences(told, level, reason, rules),
    )


def _worded(sentences: tuple[Sentence, ...], rules: Rules) -> str:
    return words_of([(bulletin_rules(rules).headings["decided"], sentences)])


def _sentences(wrong: Draft, level: int | None, reason: str, rules: Rules) -> tuple[Sentence, ...]:
    words, levels = bulletin_rules(rules), rules.levels
    was = "unknown" if wrong.level is None else str(wrong.level)
    colour = "" if wrong.level is None else levels.level(wrong.level).colour
    told = [words.say("corrected", issued=readable(wrong.issued), wrong=was, colour=colour)]
    if level is None:
        told.append(words.say("corrected_unknown"))
    else:
        told.append(words.say("corrected_to", level=level, colour=levels.level(level).colour))
    told.append(words.say("corrected_why", reason=reason or words.say("corrected_default")))
    return tuple(Sentence(one_line(text)) for text in told)
