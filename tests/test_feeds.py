"""The feeds: every change once, in three formats, with no fault that the W3C feed validator would name."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from pathlib import Path

import feedparser
import httpx
import jsonschema
import pytest
from lxml import etree

from editions import ADDRESS, crisis, edition, judgement, of
from feedrules import ATOM, faults
from tocsin.desk.serve import application
from tocsin.home import Home, HomeError
from tocsin.publish import pages
from tocsin.publish.feeds import TYPES
from tocsin.publish.notices import notices
from world import EVAL, rule_files, rules

W3C = EVAL / "publish" / "feeds" / "w3c"
SCHEMA = EVAL / "publish" / "jsonfeed" / "schema-v1.1.json"


def xml_feeds(**fields: object) -> dict[str, bytes]:
    return {name: data for name, data in pages(crisis(**fields)).items() if name.endswith((".atom", ".rss"))}


def json_feeds(**fields: object) -> dict[str, dict[str, object]]:
    found = pages(crisis(**fields))
    feeds = {n: d for n, d in found.items() if n == "feed.json" or n.startswith("area/")}
    return {n: json.loads(d) for n, d in feeds.items() if n.endswith(".json")}


# ------------------------------------------------------------------ what is told


def test_every_change_is_told_once_in_each_format() -> None:
    found = pages(crisis())
    ids = [notice.id for notice in notices(crisis())]
    assert len(set(ids)) == len(ids) == 8
    assert re.findall(rb"<entry>\s*<id>([^<]+)", found["feed.atom"]) == [one.encode() for one in ids]
    assert re.findall(rb"<guid[^>]*>([^<]+)", found["feed.rss"]) == [one.encode() for one in ids]
    assert [item["id"] for item in json.loads(found["feed.json"])["items"]] == ids


def test_an_area_has_its_own_feeds() -> None:
    items = json.loads(pages(crisis())["area/venezuela.json"])["items"]
    assert {item["_tocsin"]["area"] for item in items} == {"venezuela"}
    assert [item["_tocsin"]["kind"] for item in items] == ["update", "alert"]


def test_ids_stay_when_more_becomes_known_and_differ_between_homes() -> None:
    whole = crisis()
    earlier = replace(whole, issues={area: issues[:3] for area, issues in whole.issues.items()})
    assert {n.id for n in notices(earlier)} <= {n.id for n in notices(whole)}
    assert not {n.id for n in notices(crisis(name="Another"))} & {n.id for n in notices(whole)}
    assert not {n.id for n in notices(crisis(status="actual"))} & {n.id for n in notices(whole)}


def test_the_newest_stands_first_and_the_feed_is_as_new_as_it() -> None:
    root = etree.fromstring(pages(crisis())["feed.atom"])
    updated = [entry.findtext(f"{ATOM}updated") or "" for entry in root.findall(f"{ATOM}entry")]
    assert updated == sorted(updated, reverse=True)
    assert root.findtext(f"{ATOM}updated") == updated[0]


def test_a_level_that_is_lost_is_told_and_one_that_never_was_is_not() -> None:
    titles = [notice.title for notice in notices(crisis(), "korea")]
    assert titles[0].endswith("level unknown")
    never = edition({"korea": []})
    assert notices(never) == ()
    assert faults(pages(never)["feed.atom"]) == set()


def test_each_links_a_place_on_its_page() -> None:
    found = pages(crisis())
    for notice in notices(crisis()):
        assert (
            notice.issue.published.title.partition(": ")[2].partition(":")[0]
            in found[notice.page.removeprefix(ADDRESS)].decode()
        )


# ------------------------------------------------------------------ what must never be missing


@pytest.mark.parametrize("status", ["exercise", "test"])
def test_every_entry_of_a_drill_says_so(status: str) -> None:
    mark = f"{status.upper()}: "
    for name, data in xml_feeds(status=status).items():
        titles = re.findall(rb"<title>([^<]+)", data)
        assert titles, name
        assert [t for t in titles if not t.startswith(mark.encode())] == [], name
    for name, feed in json_feeds(status=status).items():
        items = feed["items"]
        assert isinstance(items, list)
        assert [i for i in items if not i["title"].startswith(mark)] == [], name


def test_a_real_feed_bears_no_mark() -> None:
    found = xml_feeds(status="actual") | {n: json.dumps(f).encode() for n, f in json_feeds(status="actual").items()}
    assert found
    assert [name for name, data in found.items() if b"EXERCISE" in data] == []
    assert "cap/alerts.atom" in found


def test_every_entry_says_that_it_is_no_governments_defcon() -> None:
    said = rules().levels.disclaimer
    for name, data in xml_feeds().items():
        root = etree.fromstring(data)
        texts = [
            e.findtext(f"{ATOM}summary") or e.findtext("description") or "" for e in root.iter(f"{ATOM}entry", "item")
        ]
        assert [text for text in texts if said not in text] == [], name
    for feed in json_feeds().values():
        items = feed["items"]
        assert isinstance(items, list)
        assert all(said in item["content_text"] for item in items)


# ------------------------------------------------------------------ what validators say


@pytest.mark.parametrize("fields", [{}, {"address": ""}, {"status": "actual"}, {"name": "<b>&amp;</b> ]]>"}])
def test_no_feed_has_a_fault(fields: dict[str, object]) -> None:
    found = xml_feeds(**fields)
    assert len(found) == 2 + 2 * len(rules().areas) + 1
    assert {name: faults(data) for name, data in found.items() if faults(data)} == {}


def test_every_link_is_absolute_and_each_feed_names_itself() -> None:
    for name, data in xml_feeds().items():
        links = re.findall(rb'(?:href="|<link>)([^"<]+)', data)
        assert [link for link in links if not link.startswith(ADDRESS.encode())] == [], name
        assert (
            b'rel="self" type="%s" href="%s%s"'
            % (
                TYPES[name.rpartition(".")[2]].encode(),
                ADDRESS.encode(),
                name.encode(),
            )
            in data
        )
    for name, feed in json_feeds().items():
        assert feed["feed_url"] == ADDRESS + name


def test_markup_in_reasons_stays_text() -> None:
    hostile = judgement("korea", "2019-03-01T00:00:00Z", 4)
    hostile = replace(
        hostile,
        decided_by=replace(hostile.decided_by, text="<script>x</script> &amp; alpha&omega AT&T &#0 \x00 ]]>"),
    )
    found = pages(of({"korea": [hostile]}))
    for name in ("feed.atom", "feed.rss", "cap/exercise.atom"):
        assert faults(found[name]) == set(), name
    assert "AT&amp;T" in found["feed.atom"].decode()
    described = etree.fromstring(found["feed.rss"]).findtext("channel/item/description") or ""
    assert "<script" not in described


def test_feedparser_reads_what_we_wrote() -> None:
    found = pages(crisis())
    for name in ("feed.atom", "feed.rss"):
        told = feedparser.parse(found[name])
        assert not told.bozo
        assert [entry.id for entry in told.entries] == [notice.id for notice in notices(crisis())]
        assert told.feed.language == "en"


@pytest.mark.skipif(not SCHEMA.is_file(), reason=f"no JSON Feed schema at {SCHEMA} (set TOCSIN_EVAL)")
def test_json_feeds_fit_their_schema() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    for feed in json_feeds().values():
        jsonschema.validate(feed, schema)


def test_feeds_with_a_hub_break_no_rule_and_name_it() -> None:
    hub = "https://hub.example/"
    for name, data in xml_feeds(hubs=(hub,)).items():
        assert faults(data) == set(), name
        if not name.startswith("cap/"):
            links = etree.fromstring(data).iter(f"{ATOM}link")
            assert [link.get("href") for link in links if link.get("rel") == "hub"] == [hub], name
    schema = json.loads(SCHEMA.read_text("utf-8")) if SCHEMA.is_file() else {}
    for feed in json_feeds(hubs=(hub,)).values():
        jsonschema.validate(feed, schema)
        assert feed["hubs"] == [{"type": "WebSub", "url": hub}]


@pytest.mark.skipif(not W3C.is_dir(), reason=f"no test cases of the W3C validator at {W3C} (set TOCSIN_EVAL)")
def test_our_rules_agree_with_the_validators_test_cases() -> None:
    """Where a case is about an element that we write; without this the tests above would prove little.
    Ours may name a fault where the validator names none, never the other way round."""
    elsewhere = re.compile(
        r"parent:(source|category|contributor|image|textInput|skipDays)"
        r"|element:(source|scheme|link|creativeCommons|author|copyright|channel|contributor)"
    )
    agreed, missed = 0, []
    for path in sorted([*(W3C / "atom").rglob("*.xml"), *(W3C / "rss20").rglob("*.xml")]):
        case = re.search(r"Expect: *(!?)(\w+)(\{[^}]*\})?", path.read_bytes().decode("utf-8", "replace"))
        if not case or case[2] not in RULES or elsewhere.search(case[3] or ""):
            continue
        named = case[2] in faults(path.read_bytes())
        agreed += named != bool(case[1])
        if not named and not case[1]:
            missed.append(str(path.relative_to(W3C)))
    assert agreed >= 90
    assert len(missed) <= 1, missed  # markup in elements of RSS that we don't write


RULES = {
    *("DuplicateUpdated", "DuplicateEntries", "MissingSelf", "RelativeSelf", "InvalidRFC3339Date", "MissingElement"),
    *("InvalidRFC2822Date", "InvalidHttpGUID", "InvalidFullLink", "MissingLink", "MissingDescription", "MissingTitle"),
    *("NotSufficientlyUnique", "InvalidLanguage", "DuplicateValue", "InvalidURN", "DuplicateAtomLink"),
    *("UnregisteredAtomLinkRel", "ContainsHTML"),
}


# ------------------------------------------------------------------ where they are found


def test_pages_name_their_feeds() -> None:
    found = pages(crisis())
    for page, wanted in {
        "index.html": ["feed.atom", "feed.rss", "feed.json", "cap/exercise.atom"],
        "area/korea.html": ["../area/korea.atom", "../area/korea.rss", "../area/korea.json", "../feed.atom"],
    }.items():
        named = re.findall(r'<link rel="alternate" type="([^"]+)"[^>]* href="([^"]+)"', found[page].decode())
        assert set(wanted) <= {href for _, href in named}
        for media_type, href in named:
            assert media_type == TYPES[href.rpartition(".")[2]]
            assert href.removeprefix("../") in found


def test_a_home_says_where_it_stands(tmp_path: Path) -> None:
    made = Home.create(tmp_path / "a", "A", "exercise", rule_files(), "2019-01-01T00:00:00Z", "https://a.example/x")
    assert Home.open(tmp_path / "a").address == "https://a.example/x/"
    assert (tmp_path / "a" / "keys" / "cap.key").stat().st_mode & 0o077 == 0
    assert made.seal.certificate == Home.open(tmp_path / "a").seal.certificate
    with pytest.raises(HomeError, match="address"):
        Home.create(tmp_path / "b", "B", "exercise", rule_files(), "2019-01-01T00:00:00Z", "watch.example")
    assert not (tmp_path / "b").exists()


def test_feeds_are_served_as_what_they_are(tmp_path: Path) -> None:
    for name in ("feed.atom", "feed.rss", "feed.json", "index.html"):
        (tmp_path / name).write_bytes(b"x")

    async def served(ending: str) -> str:
        transport = httpx.ASGITransport(app=application(tmp_path))
        async with httpx.AsyncClient(transport=transport, base_url="http://watch.example") as client:
            return (await client.get(f"/feed.{ending}")).headers["content-type"]

    for ending in ("atom", "rss"):
        assert asyncio.run(served(ending)).partition(";")[0] == TYPES[ending]
