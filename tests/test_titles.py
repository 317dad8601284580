"""The title of a page is the one with the most weight behind it among those that its places state."""

from __future__ import annotations

import dataclasses

import pytest

import world
from tocsin.extract import read
from tocsin.extract.headline import Place, elected, title_among
from tocsin.records import Document
from tocsin.rules.titles import Titles

TEXT = "The harbour master of Freedonia said on Monday that no ship had left port since the storm of the week before. "
LINKED = '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{}"}}</script>'
SHARING = '<meta property="og:title" content="{}">'
SHUT, SHIPS, TEN = "Storm shuts northern harbour", "The ships that nobody wants", "Ten days without a ship"
STORM = "Ten days of storm, and no ship"


def titles() -> Titles:
    found = world.rules().titles
    assert found is not None
    return found


def page(window: str = "", *, head: str = "", over: str = "", lead: str = "") -> str:
    """A page of our own: what stands in its head, over its article, and at the article's top."""
    return (
        f"<!doctype html><html><head><title>{window}</title>{head}</head><body>{over}<article>{lead}"
        f"<p>{TEXT * 2}</p><h2>What the pilots say</h2><p>{TEXT * 2}</p></article></body></html>"
    )


def title(made: str, url: str = "https://herald.example/1") -> str | None:
    (found,) = read(world.capture(made.encode(), form="html", url=url), made.encode(), world.rules())
    assert isinstance(found, Document), found
    return found.title


def stated(example: str) -> tuple[list[Place], str]:
    """The places of an example in the rule file, and its title."""
    told, _, wanted = example.partition(" ⇄ ")
    places = [place.split(": ", 1) for place in told.split(" | ")]
    return [Place(name, (text,)) for name, text in places], wanted


def test_the_rules_own_examples_hold() -> None:
    for examples, same in ((titles().examples.match, True), (titles().examples.not_match, False)):
        for example in examples:
            places, wanted = stated(example)
            assert (elected(places, titles()) == wanted) is same, example


CRUMBS = '<nav><ol><li><a href="/">Home</a></li><li><a href="/ports">Ports</a></li><li><h1>{}</h1></li></ol></nav>'
BARE_CRUMBS = '<div><div><a href="/">Home</a></div><div><a href="/ports">Ports</a></div><div><h1>{}</h1></div></div>'


@pytest.mark.parametrize("path", [CRUMBS, BARE_CRUMBS], ids=["list", "links"])
def test_a_step_of_the_path_is_no_headline_where_the_page_shows_another(path: str) -> None:
    head = LINKED.format(SHUT) + SHARING.format(SHIPS)
    assert title(page(SHUT, head=head, over=path.format(SHUT), lead=f"<h2>{SHIPS}</h2>")) == SHIPS
    assert title(page(SHUT, head=head, over=path.format(SHUT))) == SHUT
    assert title(page(SHUT, head=head, lead=f"<h1>{SHUT}</h1><h2>{SHIPS}</h2>")) == SHUT


def test_a_kicker_that_markup_sets_apart_hides_no_headline() -> None:
    lead = f"<h2><span>Ports and storms</span><span>{SHIPS}</span></h2>"
    head = LINKED.format(SHUT) + SHARING.format(SHIPS)
    assert title(page(SHUT, head=head, over=CRUMBS.format(SHUT), lead=lead)) == SHIPS


def test_a_heading_that_leads_to_the_first_page_names_the_site() -> None:
    for address in ("/", "https://herald.example/", "./", "/index.html", "/en/"):
        over = f"<header><h1><a href='{address}'>Tides and winds</a></h1></header>"
        assert title(page(f"{SHUT} — Tides and winds", over=over, lead=f"<h2>{SHUT}</h2>")) == SHUT
    over = "<header><h1><a href='/ports/1'>Tides and winds</a></h1></header>"
    assert title(page("Tides and winds", over=over, lead=f"<h2>{SHUT}</h2>")) == "Tides and winds"


def test_a_heading_with_no_word_of_the_title_is_a_stranger() -> None:
    assert title(page(SHUT, head=SHARING.format(SHUT), lead="<h1>Contents</h1>")) == SHUT
    assert title(page(SHUT, lead=f"<h1>Contents</h1><h2>{SHUT}</h2>")) == SHUT
    assert title(page(SHUT, lead=f"<h1>{STORM}</h1>")) == STORM


@pytest.mark.parametrize(
    ("window", "lead", "url"),
    [
        (f"{SHUT} › herald.example", "", "https://herald.example/1"),
        (f"{SHUT} - Harbour Herald online", "", "https://www.harbourherald.example/1"),
        (f"{SHUT} - Tides and winds", f"<h3>{SHUT}</h3>", "https://example.org/1"),
    ],
)
def test_the_site_is_cut_off_where_its_address_or_a_heading_tells_it(window: str, lead: str, url: str) -> None:
    assert title(page(window, lead=lead), url=url) == SHUT


def test_a_heading_below_the_text_or_beside_it_is_no_title() -> None:
    for beside in (
        f"<aside><h2>{TEN}</h2></aside>",
        f"<ul><li><h3>{TEN}</h3></li></ul>",
        f"<div class='teaser'><h2>{TEN}</h2></div>",
    ):
        assert title(page(SHUT, over=beside)) == SHUT
    assert title(page(SHUT)) == SHUT


def test_a_home_with_rules_from_before_takes_the_first_place() -> None:
    places = [Place("window", (SHUT,)), Place("heading", (TEN,)), Place("data", (SHIPS,))]
    assert title_among(places, None) == SHIPS
    assert title_among([], None) is None
    assert title_among([], titles()) is None


def test_a_place_without_weight_bears_nothing_out() -> None:
    places = [Place("data", (SHUT,)), Place("sharing", (TEN,)), Place("path", (TEN,)), Place("alone", (TEN,))]
    assert elected(places, titles()) == TEN
    less = dataclasses.replace(titles().with_data, alone=0)
    assert elected(places, dataclasses.replace(titles(), with_data=less)) == SHUT
