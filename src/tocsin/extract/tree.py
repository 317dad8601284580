"""The bytes of a page as a tree: parsed once, for everybody who reads it."""

from __future__ import annotations

import re
from typing import Any

from lxml.etree import ElementDefaultClassLookup, HTMLParser, strip_elements
from lxml.html import HtmlElement, document_fromstring

from tocsin.extract.decode import markup

WHOLE = re.compile(rb"\s*(<!doctype html\s*>\s*)?(<!--[^>]*-->\s*)*<html\b[^<>]*(?<!/)>", re.IGNORECASE)
# One class for all elements: lxml.html would ask Python for the class of each.
PARSER = HTMLParser(  # type: ignore[call-arg]  # the stubs lack `default_doctype`
    collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True
)
PARSER.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))


def _loaded(text: bytes) -> Any:
    """What doesn't even begin as a page: the engine's own loader mends it."""
    from trafilatura.utils import load_html

    return load_html(text)


def parsed(body: bytes) -> Any:
    """The page as a tree, or None; without what holds no words and data of no use, so that nobody
    has to pass over it again."""
    try:
        text = markup(body)
        tree = document_fromstring(text, PARSER) if WHOLE.match(text) else _loaded(text)
    except Exception:  # the library must never break a page
        return None
    if tree is not None:
        for script in tree.iter("script"):
            if "json" in (script.get("type") or "").lower():
                script.tag = "kept"
        strip_elements(tree, "script", "style", "svg", "iframe", with_tail=False)
        for script in tree.iter("kept"):
            script.tag = "script"
    return tree
