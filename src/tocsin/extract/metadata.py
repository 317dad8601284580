"""What a page states about itself: JSON-LD first, then meta tags, byline, address and words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tocsin.extract.authors import authors_of, is_site
from tocsin.extract.decode import writable
from tocsin.extract.headings import tidy
from tocsin.extract.headline import Place, Site, places_of, title_among
from tocsin.extract.published import Stated, modified_of, published_of
from tocsin.rules import Rules

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
    `searched` looks at all places that may tell the date or the authors, which takes long."""
    held = _elements(tree)
    described = list(_linked_data(held["script"]))
    objects = [o for o in described if ARTICLE_TYPES.search(_types(o))]
    named = {str(o["@id"]): str(o["name"]) for o in described if "@id" in o and isinstance(o.get("name"), str)}
    meta = _meta(held["meta"])
    address = _canonical(held["link"], meta)
    dates = Stated(
        published=tuple(_string(o.get("datePublished")) for o in objects),
        modified=(*(_string(o.get("dateModified")) for o in objects), meta.get("article:modified_time")),
        tagged=tuple(map(meta.get, rules.furniture.markup.published_metas)),
    )
    published, basis = published_of(tree, dates, address or url, seen, rules, searched)
    publisher = _publisher(objects, meta)
    headlines = _headlines(objects)
    site = Site.of(publisher, _host(address or url))
    first = [heading.text_content() for heading in held["h1"][:1]]
    authors = authors_of(objects, named, meta, tree if searched else None, publisher, rules)
    return Told(
        title=title_among(places_of(tree, held["h1"], headlines, meta, site, rules), rules.titles),
        headings=tuple(tidy(h) for h in (*headlines[:1], *first, meta.get("og:title")) if h),
        url=address,
        published=published,
        published_basis=basis,
        modified=modified_of(dates),
        authors=authors,
        persons=any(not is_site(name, publisher) for name in authors),
        publisher=publisher,
        flags=_flags(objects),
        summaries=_summaries(objects, meta),
    )


def title_places(tree: Any, url: str, rules: Rules) -> list[Place]:
    """The places of a page that state its title, for a study of which of them is right."""
    held = _elements(tree)
    objects = [o for o in _linked_data(held["script"]) if ARTICLE_TYPES.search(_types(o))]
    meta = _meta(held["meta"])
    site = Site.of(_publisher(objects, meta), _host(_canonical(held["link"], meta) or url))
    return places_of(tree, held["h1"], _headlines(objects), meta, site, rules)


def _headlines(objects: Iterable[dict[str, Any]]) -> list[str]:
    return [headline for headline in (_string(o.get("headline")) for o in objects) if headline]


def _elements(tree: Any) -> dict[str, list[Any]]:
    """The elements of the kinds that are asked for here, from one walk through the page."""
    found: dict[str, list[Any]] = {"script": [], "meta": [], "link": [], "h1": []}
    for element in tree.iter(*found):
        found[element.tag].append(element)
    return found


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


def _linked_data(scripts: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """What the page describes in JSON-LD."""
    for script in scripts:
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        raw = (script.text or "").strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
        try:
            value = json.loads(raw, strict=False)
            yield from _objects(writable(value) if "\\ud" in raw or "\\uD" in raw else value)
        except (ValueError, RecursionError):
            continue


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


def _meta(tags: Iterable[Any]) -> dict[str, str]:
    """The first value of each named meta tag."""
    found: dict[str, str] = {}
    for element in tags:
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


def _publisher(objects: list[dict[str, Any]], meta: dict[str, str]) -> str | None:
    return _string(meta.get("og:site_name")) or _first(_string(o.get("publisher")) for o in objects)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _canonical(links: Iterable[Any], meta: dict[str, str]) -> str | None:
    for link in links:
        if (link.get("rel") or "").lower() == "canonical" and (link.get("href") or "").startswith("http"):
            return str(link.get("href"))
    found = meta.get("og:url")
    return found if found and found.startswith("http") else None
