"""The bytes of a page as a tree: parsed once, for everybody who reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml.etree import ElementDefaultClassLookup, HTMLParser, strip_elements
from lxml.html import HtmlElement, document_fromstring

from tocsin.extract.decode import markup

# What may stand before a page's first tag; a document type of old times is no help to the parser.
BEFORE = re.compile(
    rb"(?>\s|<!--.*?-->)*+(?:<!doctype\b[^<>]*>)?(?>\s|<!--.*?-->)*+(?=<html\b[^<>]*(?<!/)>)", re.IGNORECASE | re.DOTALL
)
WORDLESS = re.compile(rb"<(s(?:cript|tyle|vg))\b([^<>]*)(?<!/)>")
PLAIN = b"application/json"  # data that nobody reads here: what a page tells of itself is JSON-LD
# Patterns of one literal each: found in a third of the time that `bytes.find` takes.
ENDS = {name: re.compile(b"</" + name) for name in (b"script", b"style", b"svg")}
UNCLEAR = {b"script": re.compile(rb"-->"), b"style": re.compile(rb"-->"), b"svg": re.compile(rb"<svg")}
# One class for all elements: lxml.html would ask Python for the class of each.
PARSER = HTMLParser(  # type: ignore[call-arg]  # the stubs lack `default_doctype`
    collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True
)
PARSER.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))


def wordless_out(body: bytes) -> bytes:
    """The page without scripts, styles and drawings, which are half of it and hold no words; JSON-LD stays.
    One that is not closed, holds a comment's end or another of its kind is left to the parser."""
    return b"".join(_worded(body)) if BEFORE.match(body) else body


def _worded(body: bytes) -> Iterator[bytes]:
    """What stands between them."""
    told = read = 0
    unclosed: set[bytes] = set()  # none of these is closed from here on: not looked for again, or this took forever
    while begin := WORDLESS.search(body, read):  # from where the last one ended, not through what it held
        name = begin[1]
        end = ENDS[name].search(body, begin.end()) if name not in unclosed else None
        if end is None:
            unclosed.add(name)
            read = begin.end()
            continue
        read = end.start()
        if not _is_data(begin[2]) and not UNCLEAR[name].search(body, begin.end(), read):
            yield body[told : begin.start()]
            told = body.find(b">", read) + 1 or len(body)
    yield body[told:]


def _is_data(kind: bytes) -> bool:
    """Whether a script with these attributes, or of this type, describes the page."""
    kind = kind.lower()
    return b"json" in kind and PLAIN not in kind


def _loaded(text: bytes) -> Any:
    """What doesn't even begin as a page: the engine's own loader mends it."""
    from trafilatura.utils import load_html

    return load_html(text)


def parsed(body: bytes) -> Any:
    """The page as a tree, or None; without what holds no words and data of no use, so that nobody
    has to pass over it again."""
    try:
        text = markup(body)
        before = BEFORE.match(text)
        tree = document_fromstring(text[before.end() :], PARSER) if before else _loaded(text)
    except Exception:  # the library must never break a page
        return None
    if tree is not None:
        data = [one for one in tree.iter("script") if _is_data((one.get("type") or "").encode())]
        for script in data:
            script.tag = "kept"
        strip_elements(tree, "script", "style", "svg", "iframe", with_tail=False)
        for script in data:
            script.tag = "script"
    return tree
