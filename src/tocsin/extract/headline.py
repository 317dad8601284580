"""The title of a page: several places state it, and they seldom agree to the letter.

Each place gives its weight (rules/titles.toml) to what it states; the title with the most weight behind it is taken.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.extract.clean import folded
from tocsin.extract.headings import Heading, headings_of, lower_headings_of, tidy
from tocsin.rules import Rules
from tocsin.rules.titles import Titles

SEPARATORS = re.compile(r"\s+[|–—·•»›:-]+\s+|\s*[|│ㅣ]\s*")
PARTS = re.compile(rf"{SEPARATORS.pattern}|:\s+")
KICKER = re.compile(r"\s*:\s+|\s+[|–—·•»-]+\s+")
SIGNS = re.compile(r"[\W_]+")
EDGES = " |–—·•»:：-ㅣ"
FEWEST_WORDS_AFTER_KICKER = 4
FEWEST_WORDS_OF_PART = 3
MOST_WORDS_OF_SECTION = 3
MOST_WORDS_OF_SITE = 4
SHORTEST_NAME = 4  # letters of a name that is looked for in the page's address
ORDER = ("data", "sharing", "heading", "alone", "card", "window", "path")  # whose wording is taken of equals
STATED = frozenset(("data", "sharing", "card", "window"))


@dataclass(frozen=True, slots=True)
class Place:
    """A place that states a title, under its name in the rules, and the wordings that it bears out: its own, and
    that without what its markup sets apart in front."""

    name: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """What tells the site's name in a title: the name that the page gives it, and the host of its address, of which
    `label` is the part that is registered; '' where unknown."""

    name: str | None
    host: str
    label: str

    @classmethod
    def of(cls, name: str | None, host: str) -> Site:
        labels = [SIGNS.sub("", label) for label in host.removeprefix("www.").split(".")]
        return cls(name, SIGNS.sub("", host), max(labels[:-1], key=len, default=""))

    def bears(self, words: str) -> bool:
        """Whether these folded words are the site's name, a part of it, or hold it and little else."""
        own, squeezed = folded(self.name or ""), words.replace(" ", "")
        if own and words and (words in own or own in words):
            return True
        if len(squeezed) >= SHORTEST_NAME and squeezed in self.host:
            return True
        return len(self.label) > SHORTEST_NAME and self.label in squeezed and len(words.split()) <= MOST_WORDS_OF_SITE


def title_among(places: Sequence[Place], rules: Titles | None) -> str | None:
    """The title that the page gives its article, without a kicker; None where no place states one."""
    found = elected(places, rules)
    if not found:
        return None
    social = next((place.texts[0] for place in places if place.name == "sharing"), "")
    if rules and _is_one_field(found, places) and _is_nearly(_Words.of(social), _Words.of(found), rules):
        found = social
    return _without_kicker(found, social, [place.texts[0] for place in places if place.name in STATED | {"heading"}])


def places_of(
    tree: Any, highest: Sequence[Any], linked: Sequence[str], meta: Mapping[str, str], site: Site, rules: Rules
) -> list[Place]:
    """All places of a page that state a title, each without the site's name. `highest` are its `h1`, `linked` the
    headlines of its JSON-LD. The lower headings are looked at only where the others differ."""
    window = tidy(tree.findtext("head/title") or tree.findtext(".//title") or "")
    stated = {
        "data": tidy(linked[0]) if linked else "",
        "sharing": tidy(meta.get("og:title", "")),
        "card": tidy(meta.get("twitter:title", "")),
        "window": window,
    }
    shown = [one for one in headings_of(highest, rules) if not _names_site(one.texts[0], site, window)]
    places = _placed(stated, shown, site)
    if len({folded(text) for place in places for text in place.texts[:1]}) == 1 and shown:
        return places
    lower = (one for one in lower_headings_of(tree, rules) if not _names_site(one.texts[0], site, window))
    return _placed(stated, [*shown, *lower], site)


def _placed(stated: Mapping[str, str], shown: Sequence[Heading], site: Site) -> list[Place]:
    known = {folded(text) for one in shown for text in one.texts}
    places = [Place(name, (_without_site(text, site, known),)) for name, text in stated.items() if folded(text)]
    headed = any(not (one.lower or one.path) for one in shown)
    for one in shown:
        name = "path" if one.path else "heading" if not one.lower else "lower" if headed else "alone"
        headed = headed or one.lower
        places.append(Place(name, tuple(_without_site(text, site, ()) for text in one.texts)))
    return places


def _is_one_field(title: str, places: Sequence[Place]) -> bool:
    """Whether the data, the window and an `h1` only repeat one field: a title for sharing that says nearly the same
    was then written apart, and with more care."""
    same = {place.name for place in places if folded(place.texts[0]) == folded(title)}
    return {"data", "window"} <= same and not same.isdisjoint(("heading", "path"))


def elected(places: Sequence[Place], rules: Titles | None) -> str | None:
    """The title with the most weight behind it; of equals that of the place named first in ORDER. Without rules (a
    home may hold older ones) that of the first place."""
    if rules is None:
        return next((place.texts[0] for kind in ORDER for place in places if place.name == kind), None)
    if len({folded(text) for place in places for text in place.texts}) == 1:  # nothing to choose
        told = (text for kind in ORDER for place in places if place.name == kind for text in place.texts)
        return next(filter(folded, told), None)
    best, most = None, 0.0
    for text, support in supported(places, rules):
        if best is None or support > most:
            best, most = text, support
    return best


def supported(places: Sequence[Place], rules: Titles) -> list[tuple[str, float]]:
    """Every title that may be elected, in the order of the places, with the weight behind it. Two places of one kind
    count once, and the lower headings, most of them of the text's parts, only bear out what others state."""
    with_data = any(place.name == "data" for place in places)
    weights = rules.with_data if with_data else rules.without
    told = [(place.name, getattr(weights, place.name), [_Words.of(text) for text in place.texts]) for place in places]
    stated = [words.telling() for name, _, texts in told if name in STATED for words in texts]
    found: list[tuple[str, float]] = []
    seen = set()
    for kind in ORDER:
        for place, (_, _, texts) in ((p, t) for p, t in zip(places, told, strict=True) if t[0] == kind):
            for text, words in zip(place.texts, texts, strict=True):
                if words.folded and words.folded not in seen:
                    seen.add(words.folded)
                    strange = kind not in STATED and stated and all(map(words.telling().isdisjoint, stated))
                    found.append((text, _support(words, told, rules) - (rules.stranger if strange else 0)))
    return found


@dataclass(frozen=True, slots=True)
class _Words:
    text: str
    folded: str
    all: frozenset[str]

    @classmethod
    def of(cls, text: str) -> _Words:
        own = folded(text)
        return cls(text, own, frozenset(own.split()))

    def telling(self) -> frozenset[str]:
        """Its words without the short ones, which any two titles share."""
        return frozenset(word for word in self.all if len(word) >= SHORTEST_NAME or not word.isascii())


def _support(words: _Words, told: Sequence[tuple[str, int, list[_Words]]], rules: Titles) -> float:
    """The weight behind a title: of each kind of place, that of the one which says most of it."""
    share: dict[str, float] = {}
    for name, weight, texts in told:
        most = max((_share(words, other, rules) for other in texts), default=0)
        share[name] = max(share.get(name, 0.0), weight * most / 100)
    return sum(share.values())


def _share(words: _Words, other: _Words, rules: Titles) -> int:
    """What a place gives to a title, in per cent of its weight, for what it says of it."""
    if words.folded == other.folded:
        return 100
    if words.all.isdisjoint(other.all):
        return 0
    if _is_nearly(words, other, rules):
        return rules.nearly
    if _is_part(words, other):
        return rules.partly
    return rules.beyond if _is_part(other, words) else 0


def _is_nearly(words: _Words, other: _Words, rules: Titles) -> bool:
    return 200 * len(words.all & other.all) >= rules.alike * (len(words.all) + len(other.all))


def _is_part(words: _Words, other: _Words) -> bool:
    """Whether a title begins or ends another one, or stands in it between separators."""
    if words.folded not in other.folded:
        return False
    at_end = other.folded.startswith(words.folded + " ") or other.folded.endswith(" " + words.folded)
    if at_end and len(words.all) >= FEWEST_WORDS_OF_PART:
        return True
    return words.folded in map(folded, PARTS.split(other.text))


def _names_site(heading: str, site: Site, window: str) -> bool:
    """Whether a heading names the site or a section: so the page calls itself, so its address does,
    or it is one of the last parts of the window's title."""
    words = folded(heading)
    squeezed = words.replace(" ", "")
    if words == folded(site.name or "") or (len(squeezed) >= SHORTEST_NAME and squeezed in site.host):
        return True
    brief = words.count(" ") < MOST_WORDS_OF_SECTION
    return brief and words in map(folded, SEPARATORS.split(window)[1:])


def _without_kicker(title: str, social: str, others: Sequence[str]) -> str:
    """The title without the words before its colon or dash, where the title for sharing is the rest
    alone, or another place sets other words before the same rest; and without what markup alone sets
    apart ('Budget talksMinister resigns over leak'), where another place has the rest."""
    marks = list(KICKER.finditer(title))
    for mark in marks:
        rest = title[mark.end() :]
        if len(rest.split()) < FEWEST_WORDS_AFTER_KICKER:
            return title
        if folded(rest) == folded(social) or any(_differs_before(title, rest, other) for other in others):
            return rest
    enough = (other for other in others if len(other.split()) >= FEWEST_WORDS_AFTER_KICKER and not marks)
    return next((other for other in enough if folded(title).endswith(" " + folded(other))), title)


def _differs_before(title: str, rest: str, other: str) -> bool:
    """Whether another place has the rest after quite other words."""
    before = set(folded(title).split()) - set(folded(rest).split())
    for mark in KICKER.finditer(other):
        if folded(other[mark.end() :]) == folded(rest):
            return before.isdisjoint(folded(other[: mark.start()]).split())
    return False


def _without_site(title: str, site: Site, headings: Collection[str]) -> str:
    """The title without the site's name at its end: 'Big news - Example Daily'. What stands at the end is the site
    where the page or its address calls it so, or where one of the folded `headings` has the rest alone."""
    if site.name and title.endswith(site.name):
        rest = title[: -len(site.name)]
        if rest.rstrip() != rest.rstrip(EDGES):
            title = rest.rstrip(EDGES) or title
    parts = list(SEPARATORS.finditer(title))
    if not parts:
        return title
    last = parts[-1]
    head, tail = title[: last.start()].strip(), folded(title[last.end() :])
    alone = folded(head) in headings
    barred = "|" in last.group() and len(tail.split()) <= MOST_WORDS_OF_SITE and len(tail) < len(head)
    return head if head and (site.bears(tail) or alone or barred) else title
