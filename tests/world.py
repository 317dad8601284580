"""The tests' world: the rules as they ship, documents and captures made in memory, and where the
evaluation data lies (TOCSIN_EVAL, default ../shared/eval beside the checkout, seeds beside it)."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from tocsin.bundle import read_folder
from tocsin.records import Capture, Document, digest, short_key
from tocsin.rules import Rules, parse

ROOT = Path(__file__).resolve().parent.parent
EVAL = Path(os.environ.get("TOCSIN_EVAL", ROOT.parent / "shared" / "eval"))
SEEDS = EVAL.parent / "seeds"

needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the seed pages are not at {SEEDS} (set TOCSIN_EVAL)")
needs_eval = pytest.mark.skipif(not EVAL.is_dir(), reason=f"the evaluation data is not at {EVAL} (set TOCSIN_EVAL)")


@cache
def rule_files() -> dict[str, bytes]:
    return read_folder(ROOT / "rules")


@cache
def rules() -> Rules:
    """The rules as they ship."""
    return parse(rule_files())


def document(text: str, *, published: str | None = "2019-03-25", **fields: object) -> Document:
    """A document with this text; any field of Document may be given."""
    values: dict[str, object] = {
        "key": short_key("d", str(fields.get("input", "made")), text),
        "input": "made",
        "id": None,
        "url": None,
        "title": None,
        "published": published,
        "published_basis": "given" if published else None,
        "modified": None,
        "language": "en",
        "authors": (),
        "source": None,
        "source_id": None,
        "origin": None,
        "origin_id": None,
        "text": text,
        "flags": (),
        "repairs": (),
        "seen": None,
        "body": digest(text.encode()),
    }
    return Document(**(values | fields))  # type: ignore[arg-type]


def capture(body: bytes, *, form: str = "text", **fields: object) -> Capture:
    """A capture of these bytes; any field of Capture may be given."""
    values: dict[str, object] = {
        "seen": None,
        "source": "",
        "url": "",
        "status": 200,
        "body": digest(body),
        "form": form,
        "input": "made.txt",
    }
    return Capture(**(values | fields))  # type: ignore[arg-type]
