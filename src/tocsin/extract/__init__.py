"""Step 2: bytes to documents. `read` is a function of the capture, its bytes and the rules alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tocsin.extract import bare, mail, page, wire
from tocsin.extract.clean import folded
from tocsin.extract.coded import tally
from tocsin.extract.dates import utc
from tocsin.extract.decode import decoded, disguise
from tocsin.extract.draft import Draft
from tocsin.extract.flags import flags_of
from tocsin.extract.garbled import unscrambled
from tocsin.extract.language import language_of
from tocsin.extract.mend import Mended
from tocsin.extract.origin import origin_of
from tocsin.extract.repair import mended
from tocsin.extract.wire import marked_exercise, seen_of, unknown_fields
from tocsin.records import Capture, Document, Refusal, plain, short_key
from tocsin.rules import Rules
from tocsin.rules.furniture import FLAGS
from tocsin.rules.sources import Source, source_of

__all__ = ["marked_exercise", "read", "row", "seen_of", "skim", "tally", "unknown_fields"]

STEP = "extract"
LARGEST = 8 << 20  # bytes of a capture; pages of the press hold at most 3 MiB, the longest reports 1
LONGEST = 1_000_000  # characters of an article
FOOT = 3  # dropped lines at the end that may name the first writer
FIELDS = (
    "input",
    "id",
    "url",
    "title",
    "published",
    "published_basis",
    "modified",
    "language",
    "authors",
    "source",
    "origin",
    "text",
    "flags",
)


def read(capture: Capture, body: bytes, rules: Rules) -> tuple[Document | Refusal, ...]:
    """The documents of one capture: one, or one for each entry of a feed; a refusal, with a reason,
    for each that could not be read. Never empty, never raises for what the bytes hold."""
    return _read(capture, body, rules, bulk=False)


def skim(capture: Capture, body: bytes, rules: Rules) -> tuple[Document | Refusal, ...]:
    """The same in bulk: several times as fast, and of pages a little less exact."""
    return _read(capture, body, rules, bulk=True)


def _read(capture: Capture, body: bytes, rules: Rules, bulk: bool) -> tuple[Document | Refusal, ...]:
    if not body.strip():
        return (Refusal(capture.input, STEP, "expected a document, found an empty one; leave it out"),)
    if len(body) > LARGEST:
        reason = f"expected an article of at most {LARGEST >> 20} MiB, found {len(body) >> 20} MiB; split it"
        return (Refusal(capture.input, STEP, reason),)
    return tuple(
        found if isinstance(found, Refusal) else _document(found, capture, rules)
        for found in _drafts(capture, body, rules, bulk)
    )


def row(document: Document) -> dict[str, Any]:
    """The fields that `tocsin read` prints for a document."""
    values: dict[str, Any] = plain(document)
    return {name: values[name] for name in FIELDS}


def _drafts(capture: Capture, body: bytes, rules: Rules, bulk: bool) -> Sequence[Draft | Refusal]:
    if capture.form == "feed":
        from tocsin.extract import feed  # its library takes longer to load than a page to read

        return feed.drafts(capture, body, rules)
    if capture.form == "mail":
        return mail.drafts(capture, body, rules)
    found = _draft(capture, body, rules, bulk)
    return [Refusal(capture.input, STEP, found) if isinstance(found, str) else found]


def _draft(capture: Capture, body: bytes, rules: Rules, bulk: bool) -> Draft | Refusal | str:
    match capture.form:
        case "html":
            return page.drafted(body, capture.url, rules, seen=capture.seen, bulk=bulk)
        case "json":
            return wire.drafted(capture, body, rules)
        case "pdf":
            from tocsin.extract import pdf  # its library takes longer to load than a page to read

            return pdf.drafted(body, rules)
        case _:
            return _from_text(capture, body, rules, bulk)


def _from_text(capture: Capture, body: bytes, rules: Rules, bulk: bool) -> Draft | str:
    problem = disguise(body)
    if problem:
        return problem
    text = decoded(body)
    if text is None:
        return "expected text, found bytes that are text in no encoding we know; save it as UTF-8"
    if len(text.text) > LONGEST:
        return f"expected an article of at most {LONGEST} characters, found {len(text.text)}; split it"
    if text.text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
        return page.drafted(body, capture.url, rules, seen=capture.seen, bulk=bulk)
    draft = bare.drafted(text.text, rules)
    if isinstance(draft, str):
        return draft
    return draft if draft.text.strip() else "expected an article, found only page furniture; give the whole page"


def _whence(capture: Capture, draft: Draft) -> str:
    """Where the bytes are known to come from; the path under which they lie here only where nothing better is
    known, so that the same reports in another folder are the same documents."""
    return capture.source or capture.url or draft.url or draft.id or capture.input


def _document(draft: Draft, capture: Capture, rules: Rules) -> Document | Refusal:
    if not draft.text.strip():
        return Refusal(draft.input or capture.input, STEP, "expected an article, found only page furniture")
    if len(draft.text) > LONGEST:
        reason = f"expected an article of at most {LONGEST} characters, found {len(draft.text)}; split it"
        return Refusal(draft.input or capture.input, STEP, reason)
    text = mended(unscrambled(Mended(draft.text, draft.repairs), rules), rules)
    title = mended(unscrambled(Mended(draft.title), rules), rules).text if draft.title else None
    url = draft.url or capture.url or None
    at = capture.url if capture.form == "html" and capture.url else url
    source, linked = _source(rules, at, draft.publisher), _source(rules, draft.url, None)
    origin = draft.origin or origin_of(text.text, (*draft.notes, *draft.dropped[-FOOT:]), rules)
    if linked and linked != source:  # the page says that it stands elsewhere: there it was first
        origin = linked.name
    if origin and draft.publisher and folded(origin) == folded(draft.publisher):
        origin = None
    first = _source(rules, None, origin) if origin else None
    named = source.name if source else draft.publisher
    if first and source and first.id == source.id:
        origin, first = None, None
    censors = {censor.id for censor in rules.furniture.censors}
    signs = {*draft.flags, *flags_of(title, url, text.text, draft.dropped, rules)}
    if any(repair.rule in censors for repair in text.repairs):
        signs.add("censor-filtered")
    return Document(
        key=short_key("d", _whence(capture, draft), capture.body, draft.part),
        input=draft.input or capture.input,
        id=draft.id,
        url=url,
        title=title,
        published=draft.published,
        published_basis=draft.published_basis if draft.published else None,
        modified=draft.modified,
        language=draft.language or language_of(text.text),
        authors=draft.authors,
        source=named,
        source_id=source.id if source else None,
        origin=first.name if first else origin,
        origin_id=first.id if first else None,
        text=text.text,
        flags=tuple(flag for flag in FLAGS if flag in signs),
        repairs=text.repairs,
        seen=capture.seen or utc(draft.seen) or utc(draft.published),
        body=capture.body,
    )


def _source(rules: Rules, url: str | None, name: str | None) -> Source | None:
    return source_of(rules, url, name) if getattr(rules, "sources", None) is not None else None
