"""Reading in bulk finds the same article as the engine does, and starting up loads only what is asked for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

import world
from tocsin.cli import _COMMANDS, tocsin
from tocsin.extract import read, skim
from tocsin.extract.language import declared_language
from tocsin.extract.tree import parsed, wordless_out
from tocsin.records import Document, Refusal

PARAGRAPHS = [
    "Two transport aircraft of Freedonia landed at the northern base on Monday, the defence ministry said.",
    "Sylvania protested at once and called the flight a breach of the agreement that both had signed in spring.",
    "Nobody was hurt, and the aircraft left again before dusk, according to people who live beside the base.",
]
TITLE = "Aircraft land at the northern base"
TEASER = (
    "<div class='{}'><h3><a href='/x'>Ferries sail on</a></h3><p>Ferries went on, their owners said today.</p></div>"
)
BESIDE = "".join(TEASER.format(name) for name in ("related-news", "newsletter-box", "most-popular"))
MENU = "<ul>" + "".join(f"<li><a href='/{n}'>Section {n} of the Example Daily</a></li>" for n in range(40)) + "</ul>"


def page(article: str, *, around: str = "<article>{}</article>") -> bytes:
    head = f'<title>{TITLE}</title><meta property="article:published_time" content="2019-03-25T10:00:00Z">'
    inner = around.format(f"<h1>{TITLE}</h1>{article}")
    return f"<!doctype html><html lang=en><head>{head}</head><body>{MENU}{inner}{BESIDE}{MENU}</body></html>".encode()


def skimmed(body: bytes) -> Document:
    found = skim(world.capture(body, form="html"), body, world.rules())
    assert isinstance(found[0], Document), found
    return found[0]


@pytest.mark.parametrize(
    "article",
    [
        "".join(f"<p>{one}</p>" for one in PARAGRAPHS),
        "".join(f"<div class=part><p>{one}</p></div>" for one in PARAGRAPHS),
        "<div>" + "<br><br>".join(PARAGRAPHS) + "</div>",
        "".join(f"<div>{one}</div>" for one in PARAGRAPHS),
        "".join(f"<p>{one[:20]}<a href=/a>{one[20:40]}</a>{one[40:]}</p>" for one in PARAGRAPHS),
        "".join(f"<p>{one}</p>{TEASER.format('inline-related')}" for one in PARAGRAPHS),
        "".join(
            f"<p>{one}</p><aside><p>{'Something else that somebody wrote. ' * 3}</p></aside>" for one in PARAGRAPHS
        ),
        "<figure><img src=x><figcaption>The base on Sunday, photo by Jane Roe.</figcaption></figure>"
        + "".join(f"<p>{one}</p>" for one in PARAGRAPHS),
    ],
)
def test_an_article_is_found_by_where_its_long_texts_stand(article: str) -> None:
    found = skimmed(page(article))
    assert found.text.split("\n\n") == PARAGRAPHS
    assert (found.title, found.published, found.language) == (TITLE, "2019-03-25T10:00:00Z", "en")


def test_a_page_whose_class_names_bar_everything_is_still_read() -> None:
    article = "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
    assert (
        skimmed(page(article, around="<div class='with-sidebar teaser widgets'>{}</div>")).text.split("\n\n")
        == PARAGRAPHS
    )


@pytest.mark.parametrize("body", [b"<html><body></body></html>", b"<html><body>Hi</body></html>", b"<html>", b"\0<p>"])
def test_a_page_without_an_article_is_refused_in_bulk_too(body: bytes) -> None:
    (found,) = skim(world.capture(body, form="html"), body, world.rules())
    assert isinstance(found, Refusal)
    assert "expected" in found.reason


@pytest.mark.parametrize("declared", ["en", "en-GB", "EN_us", "de", "", "xx"])
def test_a_declared_language_counts_in_bulk_only_where_the_text_bears_it_out(declared: str) -> None:
    body = page("".join(f"<p>{one}</p>" for one in PARAGRAPHS)).replace(b"lang=en", f"lang='{declared}'".encode())
    assert skimmed(body).language == "en"
    assert declared_language(declared, " ".join(PARAGRAPHS), world.rules()) == (
        "en" if declared[:3] in ("en", "en-") else None
    )


def test_data_of_a_program_is_left_out_and_what_describes_the_page_stays() -> None:
    data = '<script type="{}">{{"headline": "{}", "@type": "NewsArticle"}}</script>'
    told = data.format("application/ld&#43;json", "Described") + data.format("application/json", "Data of a program")
    body = page("".join(f"<p>{one}</p>" for one in PARAGRAPHS)).replace(b"</head>", f"{told}</head>".encode())
    scripts = [one.text for one in parsed(wordless_out(body)).iter("script")]
    assert len(scripts) == 1
    assert "Described" in scripts[0]


def test_what_is_no_page_is_read_in_bulk_as_always() -> None:
    body = "\n\n".join(PARAGRAPHS).encode()
    capture = world.capture(body, form="text")
    assert skim(capture, body, world.rules()) == read(capture, body, world.rules())


def test_read_bulk_prints_the_same_fields(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(page("".join(f"<p>{one}</p>" for one in PARAGRAPHS)))
    rows = [json.loads(tocsin_prints("read", str(tmp_path), "--json", *options)) for options in ((), ("--bulk",))]
    assert rows[0] == rows[1]


# ------------------------------------------------------------------ starting up


def tocsin_prints(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "tocsin", *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def loaded_by(*arguments: str) -> set[str]:
    """The modules that a call of the command line imports."""
    told = "import sys; from tocsin.cli import tocsin; tocsin(sys.argv[1:], standalone_mode=False)"
    code = f"{told}; print(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_the_list_of_commands_loads_none_of_them() -> None:
    assert not {"numpy", "lxml", "tocsin.rules"} & loaded_by("--help")


def test_reading_a_text_loads_neither_what_judges_nor_the_page_engine(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n\n".join(PARAGRAPHS), "utf-8")
    loaded = loaded_by("read", str(tmp_path), "--json")
    assert "tocsin.extract.bare" in loaded
    heavy = {"tocsin.judge", "tocsin.interpret", "tocsin.ledger", "tocsin.desk", "sqlalchemy", "uvicorn", "trafilatura"}
    assert not heavy & loaded


def test_every_command_in_the_list_is_there_with_its_example() -> None:
    context = click.Context(tocsin)
    for name, listed in _COMMANDS.items():
        command = tocsin.get_command(context, name)
        assert command is not None
        assert command.epilog == listed.example, name
        assert listed.summary.endswith("."), name
