"""A mail as a document: its subject, sender, date, and its plain or HTML part."""

from __future__ import annotations

import dataclasses
import datetime
import email
import email.policy
import email.utils
from email.message import EmailMessage

from tocsin.extract import bare, page
from tocsin.extract.draft import Draft
from tocsin.records import Capture
from tocsin.rules import Rules

MOST_PARTS = 200  # of a mail: each level of parts is parsed again by the one around it


def drafted(capture: Capture, body: bytes, rules: Rules) -> Draft | str:
    """The article of a mail, or why there is none."""
    if body.lower().count(b"content-type:") > MOST_PARTS:
        return f"expected a mail of at most {MOST_PARTS} parts, found more; save its text as .txt"
    message = email.message_from_bytes(body, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        return "expected a mail with headers (RFC 5322), found none; save it as .eml from the mail program"
    try:
        part = message.get_body(("plain", "html"))
        content = part.get_content() if part is not None else ""
    except (LookupError, ValueError, AttributeError, KeyError) as error:
        return f"expected a mail with a text part, found one that can't be decoded ({str(error)[:80]})"
    if not isinstance(content, str) or not content.strip():
        return "expected a mail with a text part, found none; save its text as .txt"
    if part is not None and part.get_content_type() == "text/html":
        found: Draft | str = page.drafted(content.encode("utf-8", "replace"), "", rules, seen=capture.seen)
    else:
        found = bare.drafted(content, rules)
    return found if isinstance(found, str) else _with_headers(found, message)


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
