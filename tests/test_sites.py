"""A site where the general reader falls short has a reader of its own, dated by capture and held to a captured page."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import world
from tocsin.extract import read
from tocsin.extract.repeated import repeated_lines
from tocsin.extract.site import differences, silent
from tocsin.extract.tree import parsed
from tocsin.home import Home
from tocsin.records import Capture, Document, digest
from tocsin.rules import RulesError, parse
from tocsin.rules.reading import Fault
from tocsin.rules.sites import Reader, reader_of, site_of
from tocsin.rules.sites import parse as parse_sites

READERS = [(site.id, reader) for site in world.rules().sites.values() for reader in site.readers]

SITE = b"""
id = "gazette"
domains = ["gazette.example"]
why = "Two forms of one site."
[[reader]]
until = "2020-05-01"
title = "//h2[@class='old']"
page = "gazette-old.html"
url = "https://gazette.example/1"
seen = "2020-01-01T00:00:00Z"
[reader.gives]
title = "Old form"
[[reader]]
title = "//h2[@class='new']"
drop = "//aside"
page = "gazette.html"
url = "https://gazette.example/2"
[reader.gives]
title = "New form"
[examples]
match = ["https://gazette.example/1", "https://www.gazette.example/2"]
not = ["https://gazette.example.org/1", "https://other.example/1"]
"""
FILES = {"sites/gazette.toml": SITE, "sites/gazette-old.html": b"<p>old", "sites/gazette.html": b"<p>new"}


def page_read(reader: Reader, *, general: bool = False) -> Document:
    rules = dataclasses.replace(world.rules(), sites={}) if general else world.rules()
    capture = Capture(reader.seen, "", reader.url, 200, digest(reader.captured), "html", reader.page)
    (found,) = read(capture, reader.captured, rules)
    assert isinstance(found, Document), found
    return found


@pytest.mark.parametrize(("site", "reader"), READERS, ids=[f"{site}:{reader.page}" for site, reader in READERS])
def test_a_captured_page_is_read_as_it_must_be_and_the_general_reader_falls_short(site: str, reader: Reader) -> None:
    assert differences(page_read(reader), reader.gives) == [], "run `tocsin sites`"
    assert differences(page_read(reader, general=True), reader.gives), f"{site} needs no reader of its own: remove it"
    assert silent(parsed(reader.captured), reader) == []


def test_examples_of_site_readers_hold() -> None:
    for site in world.rules().sites.values():
        assert [site_of(world.rules(), url) for url in site.examples.match] == [site] * len(site.examples.match)
        assert site not in [site_of(world.rules(), url) for url in site.examples.not_match]


def test_the_reader_is_chosen_by_the_day_of_capture() -> None:
    faults: list[Fault] = []
    rules = dataclasses.replace(world.rules(), sites=parse_sites(FILES, faults))
    assert faults == []
    days = {
        seen: reader_of(rules, "https://gazette.example/x", seen)
        for seen in ("2020-04-30T23:59:59Z", "2020-05-01", None)
    }
    assert [reader.page if reader else None for reader in days.values()] == [
        "gazette-old.html",
        "gazette.html",
        "gazette.html",
    ]
    assert reader_of(rules, "https://other.example/x", None) is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            b'page = "gazette.html"',
            b'page = "lost.html"',
            "found none; write one in the site's markup and run `tocsin sites`",
        ),
        (b"//aside", b"//aside[", "expected an XPath"),
        (b'until = "2020-05-01"', b"", "in order of `until`, the last one without"),
        (b'title = "New form"', b"", "expected what must be read from the captured page"),
        (b"drop =", b"dropp =", "dropp"),
        (b'id = "gazette"', b'id = "other"', "expected the file's own name"),
    ],
)
def test_a_faulty_site_reader_is_told(old: bytes, new: bytes, told: str) -> None:
    faults: list[Fault] = []
    parse_sites(FILES | {"sites/gazette.toml": SITE.replace(old, new)}, faults)
    assert told in "\n".join(map(str, faults))


def test_a_captured_page_that_no_reader_names_is_a_fault() -> None:
    with pytest.raises(RulesError, match="expected a reader that names this captured page"):
        parse(world.rule_files() | {"sites/nobodys.html": b"<p>page"})


def test_what_a_reader_does_not_find_the_general_reader_finds() -> None:
    site, reader = READERS[0]
    changed = reader.captured.replace(b"og:title", b"og:other")
    capture = Capture(None, "", reader.url, 200, digest(changed), "html", reader.page)
    (found,) = read(capture, changed, world.rules())
    assert isinstance(found, Document)
    assert found.title
    assert silent(parsed(changed), reader) == ["title"], site


# ------------------------------------------------------------------ lines that repeat on one site


def told(n: int, source: str, *lines: str) -> tuple[Document, str]:
    text = "\n\n".join([f"Report number {n} says that {n} ships left the harbour on day {n}.", *lines])
    document = dataclasses.replace(world.document(text), source=source, key=f"d{n}")
    return document, f"family {n}"


def test_lines_that_repeat_on_one_site_alone_are_proposed() -> None:
    ours = [told(n, "Gazette", "Our reporters walk the harbour daily", f"Seen by {n} people today") for n in range(6)]
    copies = [(told(20 + n, "Courier", "All ships come home, says the Courier")[0], "one family") for n in range(6)]
    both = [told(40 + n, name, "Read on in the evening") for n, name in enumerate(["Gazette", "Courier"] * 4)]
    assert repeated_lines([*ours, *copies, *both], {}) == {"Our reporters walk the harbour daily": "Gazette"}
    assert repeated_lines(ours, {"our reporters walk the harbour daily": "Gazette"}) == {}
    assert repeated_lines(ours[:3], {}) == {}


def test_what_an_archive_teaches_is_adopted_and_the_past_keeps_its_rules(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "rules"
    shutil.copytree(world.ROOT / "rules", folder)

    def report(n: int) -> str:
        places = ("bay", "cape", "delta", "estuary", "fjord", "gulf", "harbour")
        text = f"{n + 10} ships left the {places[n]} on Monday, the {places[n]} office said."
        return json.dumps({"id": f"r{n}", "source": "Gazette", "text": f"{text}\n\nAsk our harbour desk about tides"})

    def tocsin(*words: str, stdin: str = "") -> str:
        command = [sys.executable, "-m", "tocsin", *words, "--home", str(home)]
        return subprocess.run(command, input=stdin, capture_output=True, text=True, check=True).stdout

    tocsin("init", "--rules", str(folder))
    tocsin("ingest", "-", stdin="\n".join(map(report, range(6))))
    tocsin("derive")
    proposed = tocsin("repeated")
    assert proposed == "Gazette\tAsk our harbour desk about tides\n"
    with (folder / "repeated.tsv").open("a", encoding="utf-8") as rows:
        rows.write(proposed)
    tocsin("adopt", "--rules", str(folder))
    tocsin("ingest", "-", stdin=report(6))
    tocsin("derive")
    opened = Home.open(home)
    told = {name: document for n in range(7) if (document := opened.ledger.document_named(name := f"r{n}"))}
    assert ["harbour desk" in told[f"r{n}"].text for n in range(7)] == [True] * 6 + [False]
    assert tocsin("repeated") == ""


def test_the_command_reads_captured_pages_and_tells_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(world.ROOT / "rules", folder)

    def sites() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tocsin", "sites", "--rules", str(folder)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert sites().returncode == 0
    page = folder / "sites" / "nrk.html"
    page.write_text(page.read_text("utf-8").replace("og:title", "og:other"), "utf-8")
    done = sites()
    assert done.returncode == 1
    assert "nrk, nrk.html: title: expected" in done.stdout
    assert "`until`" in done.stderr


def test_a_sentence_inside_the_texts_is_no_furniture() -> None:
    filler = [f"Paragraph {n} of a long report stands here." for n in range(8)]
    inside = [
        told(
            n,
            "Gazette",
            *(f"{n}: {one}" for one in filler),
            "The war began in spring",
            *(f"{one} {n}" for one in filler),
        )
        for n in range(6)
    ]
    assert repeated_lines(inside, {}) == {}
