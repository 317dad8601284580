"""What a page states about itself: JSON-LD first, then meta tags, byline, address and words."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from htmldate import find_date

from tocsin.extract.clean import folded
from tocsin.extract.dates import in_url, normal
from tocsin.rules import Rules

FARTHEST = "2099-12-31"  # htmldate's own bound is today: a page would then read otherwise tomorrow
EARLIEST = "1990-01-01"
LONGEST_TITLE = 300
LONGEST_BYLINE = 80
ARTICLE_TYPES = re.compile(r"article|posting|report|newsarticle|review|liveblog", re.IGNORECASE)
SITE_SEPARATORS = re.compile(r"\s+[|–—·•»:-]+\s+|\s*[|»]\s*")
JOINED_NAMES = re.compile(r"\s*(?:;|\||,|\s&\s|\sand\s|\sund\s|\sy\s|\set\s|\sи\s|\sog\s|\soch\s|\sen\s|/)\s*")
NO_NAME = re.compile(r"https?:|www\.|@|\d{3}")


@dataclass(frozen=True, slots=True)
class Told:
    title: str | None
    url: str | None
    published: str | None
    published_basis: str | None
    modified: str | None
    authors: tuple[str, ...]
    publisher: str | None
    flags: tuple[str, ...]


def metadata_of(tree: Any, url: str, rules: Rules, *, seen: str | None) -> Told:
    """What the page tells about itself. A date is never taken from the clock: only from the page."""
    objects = list(_linked_data(tree))
    meta = _meta(tree)
    published, basis = _published(tree, objects, meta, url, seen)
    publisher = _publisher(objects, meta)
    return Told(
        title=_title(tree, objects, meta, publisher),
        url=_canonical(tree, meta),
        published=published,
        published_basis=basis,
        modified=_first(normal(_string(o.get("dateModified"))) for o in objects)
        or normal(meta.get("article:modified_time")),
        authors=_authors(tree, objects, meta, publisher, rules),
        publisher=publisher,
        flags=_flags(objects),
    )


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
    """The articles that the page describes in JSON-LD."""
    for script in tree.iterfind(".//script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        raw = (script.text or "").strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
        try:
            value = json.loads(raw, strict=False)
        except (ValueError, RecursionError):
            continue
        yield from (o for o in _objects(value) if ARTICLE_TYPES.search(_types(o)))


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
    tree: Any, objects: list[dict[str, Any]], meta: dict[str, str], url: str, seen: str | None
) -> tuple[str | None, str | None]:
    linked = _first(normal(_string(o.get("datePublished"))) for o in objects)
    if linked:
        return linked, "json-ld"
    for name in PUBLISHED_NAMES:
        if normal(meta.get(name)):
            return normal(meta[name]), "meta"
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
        found = None
    if found:
        return normal(found), "byline"
    dated = in_url(url)
    return (dated, "url") if dated else (None, None)


AUTHOR_NAMES = ("author", "article:author", "dc.creator", "parsely-author", "byl", "sailthru.author")
BYLINE_PATH = (
    "//*[@rel='author' or @itemprop='author' or contains(@class, 'byline') or contains(@class, 'author-name')"
    " or contains(@class, 'author_name') or contains(@class, 'article-author') or contains(@class, 'article__author')"
    " or contains(@class, 'post-author') or contains(@class, 'entry-author') or @class='author']"
)
PUBLISHED_NAMES = (
    "article:published_time", "datepublished", "og:published_time", "publishdate", "pubdate", "date", "dc.date",
    "dc.date.issued", "dcterms.created", "dcterms.date", "parsely-pub-date", "sailthru.date", "article.published",
    "cxenseparse:recs:publishtime", "publication_date", "published_time",
)  # fmt: skip


def _publisher(objects: list[dict[str, Any]], meta: dict[str, str]) -> str | None:
    return _string(meta.get("og:site_name")) or _first(_string(o.get("publisher")) for o in objects)


def _title(tree: Any, objects: list[dict[str, Any]], meta: dict[str, str], publisher: str | None) -> str | None:
    """The title that another place of the page confirms, in order of trust; else the first stated."""
    headings = [" ".join(h.text_content().split()) for h in tree.iterfind(".//h1")]
    headings = [h for h in headings if 3 <= len(h) <= LONGEST_TITLE]
    named = _string(tree.findtext(".//title"))
    stated = [meta.get("og:title"), *(_string(o.get("headline")) for o in objects)]
    raw = [html.unescape(c) for c in [*stated, *headings, meta.get("twitter:title"), named] if c]
    candidates = [_without_site(c, publisher, headings) for c in raw]
    for n, candidate in enumerate(candidates):
        if any(_near(candidate, other) for m, other in enumerate(candidates) if m != n):
            return candidate
    return candidates[0] if candidates else None


def _near(a: str, b: str) -> bool:
    x, y = set(folded(a).split()), set(folded(b).split())
    return bool(x and y) and 2 * len(x & y) / (len(x) + len(y)) >= 0.7


def _without_site(title: str, publisher: str | None, headings: list[str]) -> str:
    """The title without the site's name at its end: 'Big news - Example Daily'. What stands at the
    end is the site where the page calls itself so, or where a heading has the rest alone."""
    title = " ".join(title.split())
    parts = list(SITE_SEPARATORS.finditer(title))
    if not parts:
        return title
    last = parts[-1]
    head, tail = title[: last.start()].strip(), folded(title[last.end() :])
    site = folded(publisher or "")
    is_site = bool(site and tail) and (tail in site or site in tail)
    alone = any(folded(head) == folded(heading) for heading in headings)
    barred = "|" in last.group() and len(tail.split()) <= 4 and len(tail) < len(head)
    return head if head and (is_site or alone or barred) else title


def _canonical(tree: Any, meta: dict[str, str]) -> str | None:
    for link in tree.iterfind(".//link"):
        if (link.get("rel") or "").lower() == "canonical" and (link.get("href") or "").startswith("http"):
            return str(link.get("href"))
    found = meta.get("og:url")
    return found if found and found.startswith("http") else None


def _authors(
    tree: Any, objects: list[dict[str, Any]], meta: dict[str, str], publisher: str | None, rules: Rules
) -> tuple[str, ...]:
    names: list[str] = []
    for described in objects:
        names += _named(described.get("author"))
        if names:
            break
    if not names:
        names = [name for key in AUTHOR_NAMES for name in _split(meta.get(key))]
    found = _persons(names, publisher, rules)
    return found or _persons([name for text in _bylines(tree) for name in _split(text)], publisher, rules)


def _persons(names: Iterable[str], publisher: str | None, rules: Rules) -> tuple[str, ...]:
    persons = (_person(name, publisher, rules) for name in names)
    return tuple(dict.fromkeys(person for person in persons if person))


def _bylines(tree: Any) -> list[str]:
    """The text of the first short element that the markup calls the author's."""
    for element in tree.xpath(BYLINE_PATH):
        text = " ".join(element.text_content().split())
        if 4 <= len(text) <= LONGEST_BYLINE and 2 <= len(text.split()) <= 8:
            return [text]
    return []


def _named(value: Any) -> list[str]:
    members = value if isinstance(value, list) else [value]
    found = []
    for member in members:
        name = member.get("name") if isinstance(member, dict) else member
        for one in name if isinstance(name, list) else [name]:
            found += _split(one if isinstance(one, str) else None)
    return found


def _split(names: str | None) -> list[str]:
    if not names or NO_NAME.search(names):
        return []
    return [part for part in JOINED_NAMES.split(" ".join(names.split())) if part]


def _person(name: str, publisher: str | None, rules: Rules) -> str | None:
    """A name as it is written, without the word before it ('By'); None for the site's own name."""
    leads = [lead for wording in rules.furniture.wordings for lead in wording.bylines]
    low = name.lower()
    for lead in leads:
        if low.startswith(lead + " "):
            name = name[len(lead) + 1 :].strip(" :")
            break
    squeezed, site = folded(name).replace(" ", ""), folded(publisher or "").replace(" ", "")
    is_site = bool(site) and (squeezed in site or site in squeezed)
    return name if len(name) <= 60 and any(map(str.isalpha, name)) and not is_site else None
