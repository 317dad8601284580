"""A JSON object that somebody sent: an article with what is known about it."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from tocsin.extract import page
from tocsin.extract.clean import cleaned, split
from tocsin.extract.dates import normal, utc
from tocsin.extract.decode import writable
from tocsin.extract.draft import Draft
from tocsin.records import Capture, Refusal
from tocsin.rules import Rules

FIELDS = ("id", "url", "title", "published", "seen", "source", "author", "language", "text", "html", "exercise")
TIMES = ("published", "seen")


def drafted(capture: Capture, body: bytes, rules: Rules) -> Draft | Refusal:
    """The article of one JSON object. A `text` is given as it came but for certain furniture, so
    that offsets into what was sent stay true; `html` is read as a page."""
    sent = _object(body)
    if isinstance(sent, str):
        return Refusal(capture.input, "extract", sent)
    name = _text(sent, "id") or (str(sent["id"]) if isinstance(sent.get("id"), int) else None)
    text, html = _text(sent, "text"), _text(sent, "html")
    if not (text or "").strip() and not (html or "").strip():
        return Refusal(name or capture.input, "extract", _nothing_to_read(sent))
    found = _from_text(text, rules) if text and text.strip() else _from_page(html or "", sent, rules, capture)
    if isinstance(found, str):
        return Refusal(name or capture.input, "extract", found)
    return _with_given(found, sent, name)


def unknown_fields(capture: Capture, body: bytes) -> tuple[str, ...]:
    """The fields of a JSON object that are not read, for the count of what was ignored: unknown ones, and times that
    are none."""
    sent = _object(body) if capture.form == "json" else {}
    if isinstance(sent, str):
        return ()
    times = {field for field in TIMES if sent.get(field) and normal(_text(sent, field)) is None}
    return tuple(sorted({*(set(sent) - set(FIELDS)), *times}))


def seen_of(capture: Capture, body: bytes) -> str | None:
    """When a capture says that it was seen, as it says it: for imported history, where nobody else knows."""
    sent = _object(body) if capture.form == "json" else {}
    return capture.seen or (None if isinstance(sent, str) else utc(_text(sent, "seen") or _text(sent, "published")))


def marked_exercise(capture: Capture, body: bytes) -> bool:
    """Whether the sender marks the object as made for an exercise (`"exercise": true`)."""
    sent = _object(body) if capture.form == "json" else {}
    return not isinstance(sent, str) and sent.get("exercise") is True


def _object(body: bytes) -> dict[str, Any] | str:
    try:
        sent = writable(json.loads(body))
    except (ValueError, RecursionError) as error:
        problem = str(error)[:120]
        return f"expected one JSON object a line, found a line that is none ({problem}); mend or remove the line"
    if not isinstance(sent, dict):
        return f"expected a JSON object, found {type(sent).__name__}; write one object a line"
    return sent


def _nothing_to_read(sent: dict[str, Any]) -> str:
    for field in ("text", "html"):
        if field in sent and not isinstance(sent[field], str):
            return f"expected a string in '{field}', found {type(sent[field]).__name__}"
    found = ", ".join(sorted(map(str, sent))[:8]) or "no field"
    return f"expected a field 'text' or 'html' with an article, found {found}"


def _text(sent: dict[str, Any], field: str) -> str | None:
    value = sent.get(field)
    return value if isinstance(value, str) and value else None


def _from_text(text: str, rules: Rules) -> Draft:
    lines = split(text)
    result = cleaned(lines, rules, title=None, certain_only=True)
    dropped = {n for n, line in enumerate(result.lines) if line.dropped}
    clean = _without(text, dropped) if dropped and len(dropped) < len(lines) else text
    return Draft(text=clean, publisher=result.publisher, notes=tuple(result.notes), dropped=result.dropped)


def _without(text: str, dropped: set[int]) -> str:
    """The text without these of its filled lines; every other character stays as it was sent."""
    found, n = [], -1
    for raw in text.splitlines(keepends=True):
        n += bool(raw.strip().strip("\u200b"))
        if not raw.strip().strip("\u200b") or n not in dropped:
            found.append(raw)
    return "".join(found).strip("\n")


def _from_page(html: str, sent: dict[str, Any], rules: Rules, capture: Capture) -> Draft | str:
    return page.drafted(html.encode("utf-8", "replace"), _text(sent, "url") or capture.url, rules, seen=capture.seen)


def _with_given(draft: Draft, sent: dict[str, Any], name: str | None) -> Draft:
    """The draft with what the sender states, which goes before what the page says."""
    published = normal(_text(sent, "published"))
    authors = sent.get("author")
    if isinstance(authors, str):
        authors = [authors]
    given = tuple(a for a in authors if isinstance(a, str) and a) if isinstance(authors, list) else ()
    return dataclasses.replace(
        draft,
        title=_text(sent, "title") or draft.title,
        url=_text(sent, "url") or draft.url,
        published=published or draft.published,
        published_basis="given" if published else draft.published_basis,
        language=_text(sent, "language") or draft.language,
        authors=given or draft.authors,
        publisher=_text(sent, "source") or draft.publisher,
        seen=_text(sent, "seen"),
        flags=(*draft.flags, *(("exercise",) if sent.get("exercise") is True else ())),
        id=name,
        input=name,
    )
