"""A feed: one document for each entry, from its bytes alone."""

from __future__ import annotations

import calendar
import time
from typing import Any

import feedparser
from lxml import html as lxml_html

from tocsin.extract.clean import cleaned, kept, split
from tocsin.extract.draft import Draft
from tocsin.extract.paragraphs import paragraphs
from tocsin.records import Capture, Refusal
from tocsin.rules import Rules

BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "tr",
        "table",
        "ul",
        "ol",
        "section",
        "article",
        "figure",
    ]
)
MOST_ENTRIES = 2_000  # feeds hold some hundreds at most
MOST_TAGS = 100_000  # of a feed and in what it holds unescaped; feeds hold some thousands
LONGEST_ENTRY = 400_000  # characters of markup
LEFT_OUT = frozenset(["script", "style", "figcaption", "figure", "iframe", "noscript"])


def drafts(capture: Capture, body: bytes, rules: Rules) -> list[Draft | Refusal]:
    """The entries of a feed, or one refusal where it has none."""
    problem = _unbounded(body)
    if problem:
        return [Refusal(capture.input, "extract", problem)]
    found = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    if not found.entries:
        reason = f"expected a feed with entries (RSS or Atom), found none{_why(found)}; give the feed itself"
        return [Refusal(capture.input, "extract", reason)]
    publisher = _clean(found.feed.get("title"))
    return [_entry(entry, publisher, f"{capture.input}#{n}", n, rules) for n, entry in enumerate(found.entries)]


def _unbounded(body: bytes) -> str | None:
    """Why a feed may take more time or memory than its size tells, or None."""
    if b"<!ENTITY" in body:
        return "expected a feed without entities of its own, found some, which may unfold without bound; leave it out"
    entries = body.count(b"<item") + body.count(b"<entry")
    if entries > MOST_ENTRIES:
        return f"expected a feed of at most {MOST_ENTRIES} entries, found {entries}; split it"
    tags = body.count(b"<")
    if tags > MOST_TAGS:
        return f"expected a feed of at most {MOST_TAGS} tags, found {tags}; split it"
    return None


def _why(found: Any) -> str:
    problem = found.get("bozo_exception")
    return f" ({str(problem)[:100]})" if problem else ""


def _entry(entry: Any, publisher: str | None, name: str, n: int, rules: Rules) -> Draft | Refusal:
    title = _clean(entry.get("title"))
    html = max([c.get("value") or "" for c in entry.get("content", ())] + [entry.get("summary") or ""], key=len)
    if len(html) > LONGEST_ENTRY:
        return Refusal(name, "extract", f"expected an entry of at most {LONGEST_ENTRY} characters, found {len(html)}")
    result = cleaned(split(text_of(html)), rules, title=title)
    article = paragraphs(kept(result.lines), rules)
    text = article.text or title
    if not text:
        return Refusal(name, "extract", "expected an entry with a title or a text, found neither")
    changed = _moment(dict.get(entry, "updated_parsed"))  # its own get() falls back to published
    published = _moment(entry.get("published_parsed")) or changed  # Atom asks for the day of the change alone
    return Draft(
        text=text,
        title=title,
        url=entry.get("link"),
        published=published,
        published_basis="feed" if published else None,
        modified=changed,
        authors=tuple(a["name"] for a in entry.get("authors", ()) if a.get("name")),
        publisher=_clean((entry.get("source") or {}).get("title")) or publisher,
        input=name,
        part=str(entry.get("id") or entry.get("link") or n),
        repairs=article.repairs if article.text else (),
        notes=tuple(result.notes),
        dropped=result.dropped,
        flags=() if entry.get("content") else ("truncated",) if text.endswith(("…", "[…]", "...")) else (),
    )


def _clean(value: Any) -> str | None:
    return " ".join(text_of(value).split()) or None if isinstance(value, str) else None


def _moment(parsed: time.struct_time | None) -> str | None:
    """A time that feedparser has already brought to UTC."""
    if not parsed:
        return None
    try:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(calendar.timegm(parsed)))
    except (ValueError, OverflowError, OSError):
        return None


def text_of(html: str) -> str:
    """The words of a piece of HTML, a line for each block."""
    if "<" not in html and "&" not in html:
        return html
    try:
        root = lxml_html.fragment_fromstring(html, create_parent="div")
    except Exception:  # anything may stand in a feed
        return html
    pieces: list[str] = []
    for event, element in _walk(root):
        if event == "text":
            pieces.append(" ".join(element.split()) and element)
        elif element in BLOCKS:
            pieces.append("\n\n" if element != "br" else "\n")
    return "".join(pieces)


def _walk(root: Any) -> list[tuple[str, str]]:
    """Texts and block borders in document order, without recursion."""
    found: list[tuple[str, str]] = []
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        element, done = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if done:
            found.append(("block", tag))
            if element is not root and element.tail:
                found.append(("text", element.tail.replace("\n", " ")))
            continue
        found.append(("block", tag))
        stack.append((element, True))
        if tag and tag not in LEFT_OUT:
            if element.text:
                found.append(("text", element.text.replace("\n", " ")))
            stack.extend((child, False) for child in reversed(list(element)))
    return found
