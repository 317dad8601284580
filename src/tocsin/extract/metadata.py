"""What a page states about itself: JSON-LD first, then meta tags, byline, address and words."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tocsin.extract.authors import authors_of, is_site
from tocsin.extract.dateline import shown_date
from tocsin.extract.dates import in_url, normal
from tocsin.extract.headline import first_heading, tidy, title_of
from tocsin.rules import Rules

FARTHEST = "2099-12-31"  # htmldate's own bound is today: a page would then read otherwise tomorrow
EARLIEST = "1990-01-01"
LONGEST_DELAY = 7  # days from an address to what its page states
ARTICLE_TYPES = re.compile(r"article|posting|report|newsarticle|review|liveblog", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    title: str | None
    headings: tuple[str, ...]
    url: str | None
    published: str | None
    published_basis: str | None
    modified: str | None
    authors: tuple[str, ...]
    persons: bool  # whether one of the authors is somebody else than the publisher
    publisher: str | None
    flags: tuple[str, ...]
    summaries: tuple[str, ...]


def metadata_of(tree: Any, url: str, rules: Rules, *, seen: str | None, searched: bool = True) -> Told:
    """What the page tells about itself. A date is never taken from the clock: only from the page.
    `searched` asks the engine for a date that neither data nor byline states, which takes long."""
    described = list(_linked_data(tree))
    objects = [o for o in described if ARTICLE_TYPES.search(_types(o))]
    named = {str(o["@id"]): str(o["name"]) for o in described if "@id" in o and isinstance(o.get("name"), str)}
    meta = _meta(tree)
    address = _canonical(tree, meta)
    published, basis = _published(tree, objects, meta, address or url, seen, rules, searched)
    publisher = _publisher(objects, meta)
    headlines = [h for h in (_string(o.get("headline")) for o in objects) if h]
    authors = authors_of(objects, named, meta, tree, publisher, rules)
    return Told(
        title=title_of(tree, headlines, meta, publisher, _host(address or url)),
        headings=tuple(tidy(h) for h in (*headlines[:1], *first_heading(tree), meta.get("og:title")) if h),
        url=address,
        published=published,
        published_basis=basis,
        modified=_first(normal(_string(o.get("dateModified"))) for o in objects)
        or normal(meta.get("article:modified_time")),
        authors=authors,
        persons=any(not is_site(name, publisher) for name in authors),
        publisher=publisher,
        flags=_flags(objects),
        summaries=_summaries(objects, meta),
    )


def _summaries(objects: list[dict[str, Any]], meta: dict[str, str]) -> tuple[str, ...]:
    """What the page states as its summary: often its standfirst."""
    stated = [*(_string(o.get("description")) for o in objects), *map(meta.get, ("og:description", "description"))]
    return tuple(dict.fromkeys(tidy(summary) for summary in stated if summary))


KINDS = {
    "LiveBlogPosting": "live-blog",
    "OpinionNewsArticle": "opinion",
    "AnalysisNewsArticle": "analysis",
    "SatiricalArticle": "satire",
}


def _flags(objects: list[dict[str, Any]]) -> tuple[str, ...]:
    """What schema.org's own words say about the kind of page."""
    found = [KINDS[kind] for o in objects for kind in _types(o).split() if kind in KINDS]
    if any(str(o.get("isAccessibleForFree")).lower() == "false" for o in objects):
        found.append("paywalled")
    return tuple(dict.fromkeys(found))


def _linked_data(tree: Any) -> Iterator[dict[str, Any]]:
    """What the page describes in JSON-LD."""
    for script in tree.iterfind(".//script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        raw = (script.text or "").strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
        try:
            value = json.loads(raw, strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _objects(value)


def _objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 4:
        return
    if isinstance(value, list):
        for member in value:
            yield from _objects(member, depth + 1)
    elif isinstance(value, dict):
        yield value
        for field in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(value.get(field), dict | list):
                yield from _objects(value[field], depth + 1)


def _types(value: dict[str, Any]) -> str:
    kind = value.get("@type")
    return " ".join(map(str, kind)) if isinstance(kind, list) else str(kind or "")


def _meta(tree: Any) -> dict[str, str]:
    """The first value of each named meta tag."""
    found: dict[str, str] = {}
    for element in tree.iterfind(".//meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.lower().strip(), content)
    return found


def _string(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    return " ".join(value.split()) if isinstance(value, str) and value.strip() else None


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)


def _published(
    tree: Any,
    objects: list[dict[str, Any]],
    meta: dict[str, str],
    url: str,
    seen: str | None,
    rules: Rules,
    searched: bool,
) -> tuple[str | None, str | None]:
    """When the page was published, and on what basis. An address that carries an earlier day was made
    on that day: what its data state then is when it was moved."""
    stated, basis = _stated(objects, meta)
    dated = in_url(url)
    if stated and dated and _days(dated, stated[:10]) > LONGEST_DELAY:
        return dated, "url"
    if stated:
        return stated, basis
    shown, beside = shown_date(tree, rules)
    if shown and beside:
        return shown, "byline"
    found = _searched(tree, seen) if searched else None
    if found:
        return found, "byline"
    return (dated, "url") if dated else (shown, "text" if shown else None)


def _stated(objects: list[dict[str, Any]], meta: dict[str, str]) -> tuple[str | None, str | None]:
    """The date in the page's data."""
    linked = _first(normal(_string(o.get("datePublished"))) for o in objects)
    if linked:
        return linked, "json-ld"
    tagged = _first(normal(meta.get(name)) for name in PUBLISHED_NAMES)
    return tagged, "meta" if tagged else None


def _searched(tree: Any, seen: str | None) -> str | None:
    """The date that the engine finds in the markup of dates and bylines."""
    from htmldate import find_date

    try:
        found = find_date(
            tree,
            original_date=True,
            extensive_search=False,
            url=None,
            min_date=EARLIEST,
            max_date=(seen or FARTHEST)[:10],
        )
    except Exception:  # the library must never break a page
        return None
    return normal(found)


def _days(first: str, last: str) -> int:
    return (datetime.date.fromisoformat(last) - datetime.date.fromisoformat(first)).days


PUBLISHED_NAMES = (
    "article:published_time", "datepublished", "og:published_time", "publishdate", "pubdate", "date", "dc.date",
    "dc.date.issued", "dcterms.created", "dcterms.date", "parsely-pub-date", "sailthru.date", "article.published",
    "cxenseparse:recs:publishtime", "publication_date", "published_time",
)  # fmt: skip


def _publisher(objects: list[dict[str, Any]], meta: dict[str, str]) -> str | None:
    return _string(meta.get("og:site_name")) or _first(_string(o.get("publisher")) for o in objects)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _canonical(tree: Any, meta: dict[str, str]) -> str | None:
    for link in tree.iterfind(".//link"):
        if (link.get("rel") or "").lower() == "canonical" and (link.get("href") or "").startswith("http"):
            return str(link.get("href"))
    found = meta.get("og:url")
    return found if found and found.startswith("http") else None
