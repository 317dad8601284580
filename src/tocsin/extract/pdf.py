"""A PDF as a document: the text of its pages, its title and date where it states them."""

from __future__ import annotations

import re

import pypdfium2

from tocsin.extract import bare
from tocsin.extract.dates import normal
from tocsin.extract.draft import Draft
from tocsin.rules import Rules

MOST_PAGES = 200
PDF_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")
HYPHENATED = re.compile(r"(?<=[^\W\d_])[\u00ad\ufffe-]\r?\n(?=[a-zа-яß-ÿ])")


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
    draft = bare.drafted(HYPHENATED.sub("", text), rules)
    return _with_told(draft, told)


def _page(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    try:
        return str(page.get_textpage().get_text_range())
    finally:
        page.close()


def _with_told(draft: Draft, told: dict[str, str]) -> Draft:
    stated = PDF_DATE.search(told.get("CreationDate", ""))
    created = normal("-".join(stated.groups())) if stated else None
    return Draft(
        text=draft.text,
        title=draft.title or told.get("Title") or None,
        published=draft.published or created,
        published_basis=draft.published_basis or ("meta" if created else None),
        authors=draft.authors or tuple(filter(None, [told.get("Author", "")])),
        publisher=draft.publisher,
        repairs=draft.repairs,
        notes=draft.notes,
        dropped=draft.dropped,
    )
