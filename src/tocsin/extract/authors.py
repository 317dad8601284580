"""Who wrote a page, as the page states it: in JSON-LD, in meta tags, in the byline that it shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from tocsin.extract.clean import folded
from tocsin.extract.marks import bears
from tocsin.rules import Rules

JOINED_TIGHT = re.compile(r"(?<=\w[a-zà-ÿ])/(?=[A-ZÀ-Þ])")
NO_NAME = re.compile(r"https?:|www\.|@|\d{3}")
DATED = re.compile(r"(?:\s|^)(?=\S*\d)[^,;|&]*")  # from a number on; no name of several words has one
NO_PERSON = re.compile(r"[\d:?!]")
LONGEST_BYLINE = 90
LONGEST_NAME = 60
MOST_BYLINES = 60
NAME_WORDS = range(2, 6)


def authors_of(
    objects: Sequence[Mapping[str, Any]],
    named: Mapping[str, str],
    meta: Mapping[str, str],
    tree: Any,
    publisher: str | None,
    rules: Rules,
) -> tuple[str, ...]:
    """The authors that a page names. `objects` are its articles in JSON-LD and `named` the names of
    all that it describes, by their ids. Persons go first, wherever they are named; a page that names
    none may state that its publisher wrote it. Without a `tree` the page is not searched for what it shows."""
    linked = _first_stated(_persons(_linked(o.get("author"), named, rules), rules) for o in objects)
    tagged = _first_stated(
        _persons(split_names(meta.get(name), rules), rules) for name in rules.furniture.markup.author_metas
    )
    stated = linked or tagged
    persons = [name for name in stated if not is_site(name, publisher) and name not in _organisations(objects)]
    if persons and (linked or any(map(like_a_person, persons))):
        return tuple(persons)
    shown = [name for name in _shown(tree, rules) if not is_site(name, publisher)] if tree is not None else []
    if any(map(like_a_person, shown)) or (shown and not stated):
        return tuple(dict.fromkeys(shown))
    return tuple(stated)


def _first_stated(found: Iterable[list[str]]) -> list[str]:
    return next((names for names in found if names), [])


# ------------------------------------------------------------------ names in data


def _linked(value: Any, named: Mapping[str, str], rules: Rules) -> Iterator[str]:
    """The names in an `author` of JSON-LD: a text, an object, a reference to one, or a list of these."""
    for member in value if isinstance(value, list) else [value]:
        name = member
        if isinstance(member, dict):
            name = member.get("name") or named.get(str(member.get("@id")))
        for one in name if isinstance(name, list) else [name]:
            yield from split_names(one if isinstance(one, str) else None, rules)


def _organisations(objects: Sequence[Mapping[str, Any]]) -> set[str]:
    """Authors that JSON-LD says are no persons."""
    members = [m for o in objects for m in (o["author"] if isinstance(o.get("author"), list) else [o.get("author")])]
    return {str(m.get("name")) for m in members if isinstance(m, dict) and "Organization" in str(m.get("@type"))}


def split_names(names: str | None, rules: Rules) -> list[str]:
    """The names that a text joins by signs or words; addresses and numbers are none."""
    parts = _joined(rules).split(" ".join((names or "").split()))
    return [n for part in parts for n in JOINED_TIGHT.split(part) if n.strip() and not NO_NAME.search(n)]


@cache
def _joined(rules: Rules) -> re.Pattern[str]:
    """What stands between two names: a sign, or a word such as 'and'."""
    words = "|".join(rf"\s{re.escape(word)}\s" for word in rules.furniture.markup.name_joins) or "(?!)"
    return re.compile(rf"\s*(?:;|\||,|\s&\s|{words}|\s/\s|•|·)\s*")


def _persons(names: Iterable[str], rules: Rules) -> list[str]:
    found = (_without_lead(name, rules) for name in names)
    nobody = rules.furniture.markup.nobody
    good = (n for n in found if len(n) <= LONGEST_NAME and any(map(str.isalpha, n)) and n.lower() not in nobody)
    return list(dict.fromkeys(good))


def _without_lead(name: str, rules: Rules) -> str:
    """The name without the words before it: 'By', 'Text:', 'All posts by'."""
    while True:
        match = _leads(rules).match(name)
        if not match:
            break
        name = name[match.end() :]
    inner = _inner_lead(rules).search(name)
    if (inner and like_a_person(name[inner.end() :])) or (inner and len(name.split()) > max(NAME_WORDS)):
        name = name[inner.end() :]
    return name.strip(" :,.-–|→»")


@cache
def _leads(rules: Rules) -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{_bylines(rules)})(?:\s*:\s*|\s+)(?=\S)", re.IGNORECASE)


@cache
def _inner_lead(rules: Rules) -> re.Pattern[str]:
    return re.compile(rf"\s(?:{_bylines(rules)})(?:\s*:\s*|\s+)(?=\S)", re.IGNORECASE)


def _bylines(rules: Rules) -> str:
    leads = {lead for wording in rules.furniture.wordings for lead in wording.bylines}
    return "|".join(sorted(map(re.escape, leads), key=len, reverse=True)) or "(?!)"


@cache
def _leading_words(rules: Rules) -> frozenset[str]:
    return frozenset(
        word for wording in rules.furniture.wordings for lead in wording.bylines for word in (lead, *lead.split())
    )


def like_a_person(name: str) -> bool:
    """Whether a name has the form of a person's: some words, the first and the last with a capital."""
    words = name.split()
    return (
        len(words) in NAME_WORDS and words[0][:1].isupper() and words[-1][:1].isupper() and not NO_PERSON.search(name)
    )


def is_site(name: str, publisher: str | None) -> bool:
    """Whether a name is the publisher's, or a part of it."""
    squeezed, site = folded(name).replace(" ", ""), folded(publisher or "").replace(" ", "")
    return bool(site) and (squeezed in site or site in squeezed)


# ------------------------------------------------------------------ names on the page


def _shown(tree: Any, rules: Rules) -> list[str]:
    """The names in the first element that the markup calls the author's, with its neighbours of the
    same kind: of several authors each has an element. Its own word goes before a class or a link."""
    for sure, elements in zip((True, False, False), _marked(tree, rules), strict=True):
        for element in elements[:MOST_BYLINES]:
            names = _in_element(element, rules, sure)
            if names:
                return names + [name for other in _alike(element) for name in _in_element(other, rules, sure)]
    return []


def _marked(tree: Any, rules: Rules) -> tuple[list[Any], list[Any], list[Any]]:
    """The elements that the markup calls an author's: by relation or property, by class, by where its link leads."""
    stated: list[Any] = []
    classed: list[Any] = []
    linked: list[Any] = []
    is_author, leads_to_author = map(bears, (rules.furniture.markup.author_marks, rules.furniture.markup.author_paths))
    body = tree.find(".//body")
    for element in () if body is None else body.iterdescendants():
        if element.get("rel") == "author" or element.get("itemprop") == "author":
            stated.append(element)
        if is_author(element.get("class") or ""):
            classed.append(element)
        if element.tag == "a" and leads_to_author(element.get("href") or ""):
            linked.append(element)
    return _here(stated, rules), _here(classed, rules), _here(linked, rules)


def _here(elements: Iterable[Any], rules: Rules) -> list[Any]:
    """Those that stand in nothing that belongs to another text."""
    is_elsewhere = bears(rules.furniture.markup.elsewhere_marks)
    return [one for one in elements if not any(is_elsewhere(e.get("class") or "") for e in one.iterancestors())]


def _in_element(element: Any, rules: Rules, sure: bool) -> list[str]:
    """The names in the text of a short element, up to a date; without certainty only those that look
    like a person's."""
    text = " ".join(element.text_content().split())
    if not 3 <= len(text) <= LONGEST_BYLINE or "©" in text:
        return []
    names = _persons(split_names(DATED.sub("", text), rules), rules)
    return [n for n in names if like_a_person(n) or (sure and " " not in n and n.lower() not in _leading_words(rules))]


def _alike(element: Any) -> list[Any]:
    """Elements of the same kind beside this one, or beside what holds it alone."""
    holder = element.getparent()
    for _ in range(2):
        if holder is None:
            return []
        found = [e for e in holder.iter(element.tag) if e is not element and e.get("class") == element.get("class")]
        if found:
            return found[:4] if element.get("class") or element.get("rel") else []
        holder = holder.getparent()
    return []
