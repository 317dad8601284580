"""A PDF as a document: the text of its pages, its title and author where it states them."""

from __future__ import annotations

import dataclasses
import re

import pypdfium2

from tocsin.extract import bare
from tocsin.extract.draft import Draft
from tocsin.rules import Rules

MOST_PAGES = 200
HYPHEN = "\ufffe"  # the library's sign for one at the end of a line, which it joins with the next
HYPHENATED = re.compile(rf"(?<=[^\W\d_])(?:[\u00ad{HYPHEN}-]\r?\n|{HYPHEN})(?=[a-zа-яß-ÿ])")


def drafted(body: bytes, rules: Rules) -> Draft | str:
    """The article of a PDF, or why there is none."""
    if b"%PDF" not in body[:1024]:
        return "expected a PDF, found other bytes; give the file the ending that fits it"
    try:
        document = pypdfium2.PdfDocument(body)
    except (pypdfium2.PdfiumError, ValueError) as error:
        return (
            f"expected a PDF that opens, found one that does not ({str(error)[:80]}); save it again without a password"
        )
    try:
        text = "\n\n".join(_page(document, n) for n in range(min(len(document), MOST_PAGES)))
        told = document.get_metadata_dict()
    except pypdfium2.PdfiumError as error:
        return f"expected a PDF that can be read, found a damaged one ({str(error)[:80]})"
    finally:
        document.close()
    if not text.strip():
        return "expected a PDF with text, found only pictures; put it through text recognition first"
    draft = bare.drafted(HYPHENATED.sub("", text).replace(HYPHEN, "-"), rules)
    return draft if isinstance(draft, str) else _with_told(draft, told)


def _page(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    try:
        return str(page.get_textpage().get_text_range())
    finally:
        page.close()


def _with_told(draft: Draft, told: dict[str, str]) -> Draft:
    """The draft with the file's own title and author where the text has none. Its creation date is
    left alone: it is the day when somebody saved the page, not when it was published."""
    author = told.get("Author", "").strip()
    title = told.get("Title", "").strip()
    authors = draft.authors or ((author,) if author else ())
    return dataclasses.replace(draft, title=draft.title or title or None, authors=authors)
