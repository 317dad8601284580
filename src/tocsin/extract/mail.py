"""A mail as a document: its subject, sender, date, and its plain or HTML part."""

from __future__ import annotations

import dataclasses
import datetime
import email
import email.policy
import email.utils
import re
from email.message import EmailMessage, Message
from itertools import groupby

from tocsin.extract import bare, page
from tocsin.extract.decode import decoded
from tocsin.extract.draft import Draft
from tocsin.records import Capture, Refusal
from tocsin.rules import Rules

MOST_PARTS = 200  # of a mail: each level of parts is parsed again by the one around it

CARRIED = re.compile(r"^\W{0,2}[^\W\d_][\w -]{1,14}:\W{0,2}\s\S.{0,300}$")  # 'From: …', 'Betreff: …'
FEWEST_CARRIED = 3  # lines in a row that are headers: one or two may be the article's


def drafts(capture: Capture, body: bytes, rules: Rules) -> list[Draft | Refusal]:
    """The article of a mail, and one for each mail, page, text or PDF that is attached to it. A mail without words of
    its own is what it carries; where nothing can be read, there is one refusal that says why."""
    if body.lower().count(b"content-type:") > MOST_PARTS:
        return [
            _refused(capture.input, f"expected a mail of at most {MOST_PARTS} parts, found more; save its text as .txt")
        ]
    message = email.message_from_bytes(body, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        reason = "expected a mail with headers (RFC 5322), found none; save it as .eml from the mail program"
        return [_refused(capture.input, reason)]
    own = _body(message, capture, rules)
    attached = [one for part in message.iter_attachments() if (one := _attached(part, message, capture, rules))]
    if isinstance(own, Draft) and own.text.strip():
        return [_with_headers(own, message), *_named(attached, capture)]
    if len(attached) == 1 and isinstance(attached[0], Draft):
        return [attached[0]]
    return _named(attached, capture) or [own if isinstance(own, Draft) else _refused(capture.input, own)]


def _refused(name: str, reason: str) -> Refusal:
    return Refusal(name, "extract", reason)


def _named(attached: list[Draft | str], capture: Capture) -> list[Draft | Refusal]:
    """What is attached, by its place in the mail."""
    found: list[Draft | Refusal] = []
    for n, one in enumerate(attached, 1):
        name = f"{capture.input}#{n}"
        found.append(
            _refused(name, one) if isinstance(one, str) else dataclasses.replace(one, input=name, part=f"attached {n}")
        )
    return found


def _attached(part: Message, message: EmailMessage, capture: Capture, rules: Rules) -> Draft | str | None:
    """The article in an attachment, or why there is none; None for what holds no text (pictures, calendars)."""
    inner = _inner(part)
    if inner is not None:
        found = _body(inner, capture, rules)
        return _with_headers(found, inner) if isinstance(found, Draft) else found
    try:
        name = (part.get_filename() or "").lower()
        content = part.get_payload(decode=True)
    except (LookupError, ValueError, AttributeError) as error:
        return f"expected an attachment that can be decoded, found a damaged one ({str(error)[:80]}); save it by itself"
    if not isinstance(content, bytes) or not content.strip():
        return None
    if part.get_content_type() == "application/pdf" or name.endswith(".pdf"):
        from tocsin.extract import pdf  # its library takes longer to load than a page to read

        found = pdf.drafted(content, rules)
    elif part.get_content_type() in ("text/plain", "text/html"):
        found = _from_part(part, content, capture, rules)
    else:
        return None
    return _sent_with(found, message) if isinstance(found, Draft) else found


def _sent_with(draft: Draft, message: EmailMessage) -> Draft:
    """An attachment that tells no day is of the day on which it was sent."""
    if draft.published:
        return draft
    published = _sent(_header(message, "Date"))
    return dataclasses.replace(draft, published=published, published_basis="given" if published else None)


def _inner(part: Message) -> EmailMessage | None:
    """The mail that is attached to another one: forwarded whole."""
    payload = part.get_payload()
    held = payload[0] if isinstance(payload, list) and part.get_content_type() == "message/rfc822" else None
    return held if isinstance(held, EmailMessage) else None


def _body(message: EmailMessage, capture: Capture, rules: Rules) -> Draft | str:
    """The article in a mail's plain or HTML part, or why there is none."""
    try:
        part = message.get_body(("plain", "html"))
        content = part.get_payload(decode=True) if part is not None else b""
    except (LookupError, ValueError, AttributeError, KeyError) as error:
        return f"expected a mail with a text part, found one that can't be decoded ({str(error)[:80]})"
    if part is None or not isinstance(content, bytes) or not content.strip():
        return "expected a mail with a text part, found none; save its text as .txt"
    return _from_part(part, content, capture, rules)


def _from_part(part: Message, content: bytes, capture: Capture, rules: Rules) -> Draft | str:
    text = _text(content, part.get_content_charset())
    if text is None:
        return "expected a mail with a text part, found bytes that are text in no encoding we know"
    if part.get_content_type() == "text/html":
        return page.drafted(text.encode("utf-8", "replace"), "", rules, seen=capture.seen)
    return bare.drafted(_own_lines(text), rules)


def _text(content: bytes, declared: str | None) -> str | None:
    """A part as text: as it declares, unless its bytes contradict."""
    try:
        return content.decode(declared or "ascii")
    except (LookupError, ValueError):
        found = decoded(content)
        return found.text if found else None


def _own_lines(text: str) -> str:
    """The text without the headers that a forwarded mail carries along, and without what it quotes, unless all
    of it is a quotation."""
    lines = [line for line in text.splitlines() if not line.startswith(">")]
    if not "".join(lines).strip():
        lines = [line.lstrip("> ") for line in text.splitlines()]
    kept: list[str] = []
    for is_header, run in groupby(lines, key=lambda line: CARRIED.match(line) is not None):
        held = list(run)
        kept += [] if is_header and len(held) >= FEWEST_CARRIED else held
    return "\n".join(kept)


def _with_headers(draft: Draft, message: EmailMessage) -> Draft:
    published = _sent(_header(message, "Date"))
    name, address = email.utils.parseaddr(_header(message, "From"))
    return dataclasses.replace(
        draft,
        title=" ".join(_header(message, "Subject").split()) or draft.title,
        published=published or draft.published,
        published_basis="given" if published else draft.published_basis,
        authors=(name,) if name else draft.authors,
        publisher=draft.publisher or address.rpartition("@")[2] or None,
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except Exception:  # a header may be broken in ways the library raises on
        return ""


def _sent(header: str) -> str | None:
    try:
        moment = email.utils.parsedate_to_datetime(header)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        return moment.date().isoformat()
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
