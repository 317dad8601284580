"""Readers for single sites at work: what their selectors find on a page, and whether they still find it."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

from lxml.etree import XPath

from tocsin.extract.authors import split_names
from tocsin.extract.dates import in_words, normal
from tocsin.extract.headings import tidy
from tocsin.extract.metadata import Told
from tocsin.records import Document
from tocsin.rules import Rules
from tocsin.rules.sites import Gives, Reader


def without_dropped(tree: Any, reader: Reader) -> None:
    """Takes out of the page what the reader says is no part of it."""
    for element in _selected(tree, reader.drop):
        if getattr(element, "getparent", lambda: None)() is not None:
            element.drop_tree()


def corrected(told: Told, tree: Any, reader: Reader, rules: Rules) -> Told:
    """What the page tells about itself, with what the reader finds in place of it."""
    title = next(iter(_texts(tree, reader.title)), None)
    authors = tuple(name for text in _texts(tree, reader.authors) for name in split_names(text, rules))
    published = next(iter(_dates(tree, reader.published, rules)), None)
    if title:
        told = dataclasses.replace(told, title=title, headings=(*told.headings, *filter(None, (told.title,))))
    if authors:
        told = dataclasses.replace(told, authors=authors, persons=True)
    if published:
        told = dataclasses.replace(told, published=published, published_basis="byline")
    return told


def article_text(tree: Any, reader: Reader) -> str:
    """The paragraphs that the reader selects, a line each; '' where it selects none."""
    return "\n".join(_texts(tree, reader.text))


def silent(tree: Any, reader: Reader) -> list[str]:
    """The selectors that find nothing on a page: the site may have changed. What a reader drops may be absent."""
    named = {"title": reader.title, "published": reader.published, "authors": reader.authors, "text": reader.text}
    return [name for name, path in named.items() if path is not None and not _texts(tree, path)]


def differences(document: Document, gives: Gives) -> list[str]:
    """Where a document is not what its captured page must give, in words."""
    found = []
    for name in ("title", "published", "authors"):
        wanted, got = getattr(gives, name), getattr(document, name)
        if wanted is not None and wanted != got:
            found.append(f"{name}: expected {wanted!r}, found {got!r}")
    found += [f"text: expected {piece!r} in it, found it nowhere" for piece in gives.text if piece not in document.text]
    return found + [f"text: expected no {piece!r} in it, found it" for piece in gives.without if piece in document.text]


def _dates(tree: Any, path: str | None, rules: Rules) -> list[str]:
    return [date for text in _texts(tree, path) if (date := normal(text) or in_words(text, rules))]


def _texts(tree: Any, path: str | None) -> list[str]:
    """The texts of what a path selects: elements, attributes or strings; empty ones left out."""
    found = [one if isinstance(one, str) else one.text_content() for one in _selected(tree, path)]
    return [text for one in found if (text := tidy(one))]


def _selected(tree: Any, path: str | None) -> list[Any]:
    if path is None:
        return []
    found: Any = _compiled(path)(tree)
    return found if isinstance(found, list) else [found]


@cache
def _compiled(path: str) -> XPath:
    return XPath(path)
