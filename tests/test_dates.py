"""A page's date is the day that it was published: found in any language, weighed where its places differ."""

from __future__ import annotations

import pytest

import world
from tocsin.extract import read
from tocsin.extract.dates import in_words, is_dateline, on_day, opening_date
from tocsin.records import Document
from tocsin.rules import RulesError, parse
from world import capture, rule_files

PARAGRAPH = "<p>Two transport aircraft landed at the northern base, the defence ministry of Sylvania said. {}</p>"
BODY = "".join(PARAGRAPH.format(n) for n in range(6))
LINKED = (
    '<script type="application/ld+json">{{"@type":"NewsArticle","datePublished":"{}","dateModified":"{}"}}</script>'
)
TAG = '<meta property="{}" content="{}">'


def document(text: str, **fields: object) -> Document:
    body = text.encode()
    (found,) = read(capture(body, **fields), body, world.rules())  # type: ignore[arg-type]
    assert isinstance(found, Document), found
    return found


def dated(head: str, beside: str = "", url: str = "https://example.org/aircraft") -> tuple[str | None, str | None]:
    page = (
        f"<html><head><title>Two aircraft land</title>{head}</head><body><h1>Two aircraft land in the north</h1>"
        f"<p class='when'>{beside}</p><article>{BODY}</article></body></html>"
    )
    found = document(page, form="html", url=url)
    return found.published, found.published_basis


@pytest.mark.parametrize("code", [one.code for one in world.rules().furniture.wordings])
def test_each_language_writes_its_dates_as_its_examples_say(code: str) -> None:
    (wording,) = (one for one in world.rules().furniture.wordings if one.code == code)
    assert wording.dates
    for example in wording.dates.examples.match:
        line, day = example.split(" -> ")
        assert in_words(line, world.rules()) == day, line
        assert is_dateline(line, world.rules()), line
    for line in wording.dates.examples.not_match:
        assert in_words(line, world.rules()) is None, line


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2019.03.25 10:00", "2019-03-25"),
        ("2019/3/25", "2019-03-25"),
        ("25. 3. 2019", "2019-03-25"),
        ("31 February 2019", None),
        ("25 mars 1819", None),
        ("the 25 soldiers of March 2019", None),
    ],
)
def test_figures_are_dates_where_they_leave_no_doubt(line: str, day: str | None) -> None:
    assert in_words(line, world.rules()) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("GENEVA, March 25, 2019 /Wire/ -- The talks began.", "2019-03-25"),
        ("WASHINGTON (March 25, 2019) – The secretary said", "2019-03-25"),
        ("25.3.2019 - Der Minister sagte", "2019-03-25"),
        ("On March 25, 2019 – a Monday – he left.", None),
        ("He left the town on March 25, 2019 - and came back.", None),
        ("It ended. March 25, 2019 – a day to remember", None),
    ],
)
def test_a_paragraph_that_dates_itself(text: str, day: str | None) -> None:
    assert opening_date(text, world.rules()) == day


def test_the_opening_of_a_text_dates_what_nothing_else_does() -> None:
    text = "Talks begin in the north\n\nGENEVA, March 25, 2019 /Wire/ -- Talks began on Monday. Nobody spoke of them."
    found = document(text)
    assert (found.published, found.published_basis) == ("2019-03-25", "text")


def test_what_is_shown_and_stated_twice_goes_before_what_stands_alone() -> None:
    head = LINKED.format("2019-03-20T07:00:00+01:00", "2019-04-20T07:00:00+01:00")
    tag = TAG.format("article:published_time", "2019-03-25T08:00:00+01:00")
    assert dated(head + tag, "25 mars 2019") == ("2019-03-25T08:00:00+01:00", "meta")
    assert dated(head + tag, "30 mars 2019") == ("2019-03-20T07:00:00+01:00", "json-ld")
    assert dated(head, "25 mars 2019") == ("2019-03-20T07:00:00+01:00", "json-ld")


def test_the_evening_before_tomorrows_paper_stands() -> None:
    head = LINKED.format("2019-03-24T19:30:00+01:00", "2019-03-24T20:30:00+01:00")
    tag = TAG.format("date", "2019-03-25")
    assert dated(head + tag, "25. März 2019")[0] == "2019-03-24T19:30:00+01:00"


def test_a_date_that_only_tells_the_last_save_gives_way_to_the_one_shown() -> None:
    saved = LINKED.format("2019-11-17T10:33:13Z", "2019-11-17T10:32:18Z")
    assert dated(saved, "25.03.2019") == ("2019-03-25", "byline")
    revised = LINKED.format("2019-11-17T10:33:13Z", "2019-11-20T10:32:18Z")
    assert dated(revised, "25.03.2019") == ("2019-11-17T10:33:13Z", "json-ld")


def test_a_tag_in_utc_is_told_in_the_zone_of_the_day_that_the_page_shows() -> None:
    tag = TAG.format("article:published_time", "2019-03-24T22:04:00Z")
    assert dated(tag, "25. März 2019") == ("2019-03-25T00:04:00+02:00", "meta")
    assert dated(tag, url="https://example.org/2019/03/25/aircraft")[0] == "2019-03-25T00:04:00+02:00"
    assert dated(tag, "24. März 2019")[0] == "2019-03-24T22:04:00Z"


def test_a_moment_keeps_its_instant_in_another_zone() -> None:
    assert on_day("2019-03-25T00:44:52Z", "2019-03-24") == "2019-03-24T23:44:52-01:00"
    assert on_day("2019-03-25T12:00:00Z", "2019-04-25") == "2019-03-25T12:00:00Z"


def test_markup_that_calls_a_date_the_publication_is_believed_and_a_change_is_none() -> None:
    changed = '<time itemprop="dateModified" datetime="2019-04-01T10:00:00+02:00">1.4.2019</time>'
    marked = '<span itemprop="datePublished" content="2019-03-25T18:50:24+01:00">25.03.2019</span>'
    assert dated("", changed + marked) == ("2019-03-25T18:50:24+01:00", "meta")
    shown = '<time datetime="2019-03-25T07:59:48-04:00">07:59</time>'
    assert dated("", f'<time class="updated" datetime="2019-04-01T10:00:00Z">today</time>{shown}') == (
        "2019-03-25T07:59:48-04:00",
        "byline",
    )


def test_a_heading_of_a_word_is_not_the_one_that_a_date_stands_beside() -> None:
    page = (
        "<html><body><h1>Navigation</h1><p>1 April 2018</p>" + "<br>" * 200 + "<h1>Two aircraft land in the north</h1>"
        f"<span>25 March 2019</span><article>{BODY}</article></body></html>"
    )
    assert document(page, form="html").published == "2019-03-25"


def test_the_clock_of_a_site_is_no_date_of_its_article() -> None:
    clock = "<div class='today'>Sunday, 24 March 2019</div>"
    inside = f"<html><body>{clock}<article><h1>Two aircraft land in the north</h1>{BODY}</article></body></html>"
    assert document(inside, form="html").published is None
    bare = f"<html><body>{clock}<h1>Two aircraft land in the north</h1><div>{BODY}</div></body></html>"
    assert document(bare, form="html", seen="2019-03-24T10:00:00Z").published is None
    within = f"<html><body><article>{clock}<h1>Two aircraft land in the north</h1>{BODY}</article></body></html>"
    assert document(within, form="html").published == "2019-03-24"


def test_a_form_without_its_three_places_is_a_fault() -> None:
    files = dict(rule_files())
    files["languages/sv.toml"] = files["languages/sv.toml"].replace(b"{year}", b"")
    with pytest.raises(RulesError, match="day"):
        parse(files)


def test_a_name_with_a_particle_stands_in_a_byline() -> None:
    found = document(
        "Two aircraft land in the north\n\nBy Jane van der Roe\n\n" + "They landed on Monday, he said. " * 9
    )
    assert found.authors == ("Jane van der Roe",)
