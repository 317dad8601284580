"""Page furniture: what stands on a page and is not the article, and what can be mended in its text.

    rules/furniture.toml            lines, flags and origin phrases that hold in every language
    rules/languages/<code>.toml     the same under [furniture], for one language
    rules/origins.toml              agencies and other first writers, under all their names
    rules/repairs.toml              damage that can be undone, with the words that decide
    rules/repeated.tsv              lines known to repeat on one site

All patterns are regular expressions, searched without regard to case in one line of the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tocsin.rules import dates
from tocsin.rules.reading import Examples, Fault, Table, toml, tsv

LINE_ACTIONS = ("line", "tail", "caption", "origin")
FLAGS = (
    "machine-translated",
    "censor-filtered",
    "truncated",
    "paywalled",
    "live-blog",
    "analysis",
    "opinion",
    "satire",
    "fiction",
    "retrospective",
    "press-release",
    "transcript",
    "recirculated",
    "exercise",
)
PLACES = ("title", "lead", "line", "text", "url")


Finder = Callable[[str], "re.Match[str] | None"]


def finder(pattern: re.Pattern[str]) -> Finder:
    """What finds a pattern in a line. One that holds at its start only is not tried at every place."""
    return pattern.match if _at_start(pattern.pattern) else pattern.search


def _at_start(text: str) -> bool:
    """Whether a pattern begins with '^' whatever way it takes."""
    depth, escaped, in_class = 0, False, False
    for sign in text:
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        elif in_class:
            in_class = sign != "]"
        elif sign == "[":
            in_class = True
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "|" and depth == 0:
            return False
    return text.startswith("^")


@dataclass(frozen=True, slots=True)
class LineRule:
    """A line of the page that is not the article.

    `does`: 'line' and 'caption' drop this line; 'tail' drops it with all that follows, where it
    stands in the second half of the page; 'origin' is dropped and tells who wrote it first.
    A `certain` rule also holds in a text that somebody sent as an article. Lines of more than
    `max_words` words are never touched by it.
    """

    id: str
    does: str
    patterns: tuple[re.Pattern[str], ...]
    max_words: int
    certain: bool
    examples: Examples

    def takes(self, line: str) -> bool:
        """Whether this line is furniture by this rule."""
        return len(line.split()) <= self.max_words and any(finder(pattern)(line) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class FlagRule:
    """A sign of a kind of page. The signs of one flag are summed, each hit counting `weight` up to
    `most` times; from 1.0 the flag is set. `where` says which part of the page is searched."""

    id: str
    flag: str
    where: str
    weight: float
    most: int
    patterns: tuple[re.Pattern[str], ...]
    examples: Examples


@dataclass(frozen=True, slots=True)
class OriginRule:
    """A phrase that names who wrote the page first, in its group `who`. With `agency`, what is named
    must be one of rules/origins.toml; `where` is 'lead' (the start of the text) or 'line'."""

    id: str
    where: str
    agency: bool
    patterns: tuple[re.Pattern[str], ...]
    examples: Examples


@dataclass(frozen=True, slots=True)
class OwnerRule:
    """A line that names the site, in its group `who`: a copyright line."""

    id: str
    patterns: tuple[re.Pattern[str], ...]
    examples: Examples


@dataclass(frozen=True, slots=True)
class Censor:
    """A filter that put `stand_in` for each of `stands_for` inside words. `words` (lower case) are
    the words that may be restored; `keep` are true words with the stand-in, never touched."""

    id: str
    stand_in: str
    stands_for: tuple[str, ...]
    words: frozenset[str]
    keep: frozenset[str]
    examples: Examples


@dataclass(frozen=True, slots=True)
class Wording:
    """What one language adds: the words that close no sentence, those before an author's name, its dates."""

    code: str
    function_words: frozenset[str]
    bylines: tuple[str, ...]
    dates: dates.Dates | None


@dataclass(frozen=True, slots=True)
class Markup:
    """Words of page markup. Parts of class names: `author_marks` mark an author, `caption_marks` a
    caption or credit, `elsewhere_marks` what belongs to another text, `beside_marks` (also parts of ids)
    whatever else stands in or around an article and is none of it, `path_marks` the path over the page.
    `author_paths` are parts of addresses that lead to an author; `nobody` are names (lower case) that stand where no
    author is named; `name_joins` the words between two authors' names, `name_particles` the words within one that
    begin with a small letter. `author_metas` and `published_metas` are names of meta tags (lower case), the
    most telling first."""

    author_marks: tuple[str, ...] = ()
    author_paths: tuple[str, ...] = ()
    caption_marks: tuple[str, ...] = ()
    beside_marks: tuple[str, ...] = ()
    elsewhere_marks: tuple[str, ...] = ()
    path_marks: tuple[str, ...] = ()
    nobody: frozenset[str] = frozenset()
    name_joins: tuple[str, ...] = ()
    name_particles: tuple[str, ...] = ()
    author_metas: tuple[str, ...] = ()
    published_metas: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Furniture:
    """All of it, hashed by identity. `agencies` and `credits`: name in lower case -> the name as it is
    to be written. `elided` is what follows an apostrophe inside a word."""

    lines: tuple[LineRule, ...]
    flags: tuple[FlagRule, ...]
    origins: tuple[OriginRule, ...]
    owners: tuple[OwnerRule, ...]
    agencies: Mapping[str, str]
    credits: Mapping[str, str]
    censors: tuple[Censor, ...]
    elided: tuple[str, ...]
    wordings: tuple[Wording, ...]
    repeated: Mapping[str, str]
    markup: Markup


OWN_FILES = ("furniture.toml", "origins.toml", "repairs.toml", "repeated.tsv")


def claims(path: str) -> bool:
    """Whether this module reads that rule file (a language file is shared with other owners)."""
    return path in OWN_FILES or (path.startswith("languages/") and path.endswith(".toml"))


def parse(files: Mapping[str, bytes], faults: list[Fault]) -> Furniture:
    """All furniture rules of a rule folder; faults are added to `faults`."""
    lines: list[LineRule] = []
    flags: list[FlagRule] = []
    origins: list[OriginRule] = []
    owners: list[OwnerRule] = []
    wordings: list[Wording] = []
    markup = Markup()
    for table, code in _sections(files, faults):
        lines += [_line(member) for member in table.tables("line")]
        flags += [_flag(member) for member in table.tables("flag")]
        origins += [_origin(member) for member in table.tables("origin")]
        owners += [_owner(member) for member in table.tables("owner")]
        if code:
            wordings.append(_wording(table, code))
        else:
            markup = _markup(table.table("markup"))
        table.done()
    agencies, credited = _names(files, faults)
    censors, elided = _repairs(files, faults)
    return Furniture(
        lines=tuple(lines),
        flags=tuple(flags),
        origins=tuple(origins),
        owners=tuple(owners),
        agencies=agencies,
        credits=credited,
        censors=censors,
        elided=elided,
        wordings=tuple(wordings),
        repeated=_repeated(files, faults),
        markup=markup,
    )


def _markup(table: Table) -> Markup:
    found = Markup(
        author_marks=table.texts("author_marks", ()),
        author_paths=table.texts("author_paths", ()),
        caption_marks=table.texts("caption_marks", ()),
        beside_marks=table.texts("beside_marks", ()),
        elsewhere_marks=table.texts("elsewhere_marks", ()),
        path_marks=table.texts("path_marks", ()),
        nobody=frozenset(table.texts("nobody", ())),
        name_joins=table.texts("name_joins", ()),
        name_particles=table.texts("name_particles", ()),
        author_metas=table.texts("author_metas", ()),
        published_metas=table.texts("published_metas", ()),
    )
    table.done()
    return found


def _sections(files: Mapping[str, bytes], faults: list[Fault]) -> list[tuple[Table, str]]:
    """The tables that hold furniture, each with its language ('' for all languages)."""
    found: list[tuple[Table, str]] = []
    if "furniture.toml" in files:
        found.append((toml("furniture.toml", files["furniture.toml"], faults), ""))
    for path in sorted(files):
        if path.startswith("languages/") and path.endswith(".toml"):
            section = toml(path, files[path], faults).table("furniture")
            found.append((section, path.removeprefix("languages/").removesuffix(".toml")))
    return found


def _patterns(table: Table) -> tuple[re.Pattern[str], ...]:
    found = []
    for text in table.texts("patterns"):
        try:
            found.append(re.compile(text, re.IGNORECASE))
        except re.error as error:
            table.fault("patterns", f"expected a regular expression, found {text!r}: {error}")
    return tuple(found)


def _line(table: Table) -> LineRule:
    rule = LineRule(
        id=table.text("id"),
        does=table.choice("does", LINE_ACTIONS),
        patterns=_patterns(table),
        max_words=table.integer("max_words", 40),
        certain=table.flag("certain"),
        examples=table.examples(),
    )
    table.done()
    return rule


def _flag(table: Table) -> FlagRule:
    rule = FlagRule(
        id=table.text("id"),
        flag=table.choice("flag", FLAGS),
        where=table.choice("where", PLACES),
        weight=table.number("weight", 1.0),
        most=table.integer("most", 3),
        patterns=_patterns(table),
        examples=table.examples(),
    )
    table.done()
    return rule


def _origin(table: Table) -> OriginRule:
    rule = OriginRule(
        id=table.text("id"),
        where=table.choice("where", ("lead", "line")),
        agency=table.flag("agency"),
        patterns=_patterns(table),
        examples=table.examples(),
    )
    _naming(table, rule.patterns)
    table.done()
    return rule


def _owner(table: Table) -> OwnerRule:
    rule = OwnerRule(id=table.text("id"), patterns=_patterns(table), examples=table.examples())
    _naming(table, rule.patterns)
    table.done()
    return rule


def _naming(table: Table, patterns: tuple[re.Pattern[str], ...]) -> None:
    if any("who" not in pattern.groupindex for pattern in patterns):
        table.fault("patterns", "expected a group named 'who' in each")


def _wording(table: Table, code: str) -> Wording:
    return Wording(
        code=code,
        function_words=frozenset(table.texts("function_words", ())),
        bylines=table.texts("bylines", ()),
        dates=dates.parse(table.table("dates")) if table.has("dates") else None,
    )


def _names(files: Mapping[str, bytes], faults: list[Fault]) -> tuple[dict[str, str], dict[str, str]]:
    if "origins.toml" not in files:
        return {}, {}
    table = toml("origins.toml", files["origins.toml"], faults)
    agencies = {
        alias.lower(): name for name, aliases in table.mapping("agencies").items() for alias in (name, *aliases)
    }
    credited = {name.lower(): name for name in table.texts("credits", ())}
    table.done()
    return agencies, agencies | credited


def _repairs(files: Mapping[str, bytes], faults: list[Fault]) -> tuple[tuple[Censor, ...], tuple[str, ...]]:
    if "repairs.toml" not in files:
        return (), ()
    table = toml("repairs.toml", files["repairs.toml"], faults)
    found = tuple(_censor(member) for member in table.tables("censor"))
    elided = table.texts("elided", ())
    table.done()
    return found, elided


def _censor(table: Table) -> Censor:
    """`words` are written as stem|ending|ending: 'assist|s|ance' is assist, assists, assistance."""
    rule = Censor(
        id=table.text("id"),
        stand_in=table.text("stand_in"),
        stands_for=table.texts("stands_for"),
        words=frozenset(word for entry in table.texts("words") for word in _inflected(entry)),
        keep=frozenset(table.texts("keep", ())),
        examples=table.examples(),
    )
    table.done()
    return rule


def _inflected(entry: str) -> list[str]:
    stem, *endings = entry.split("|")
    return [stem, *(stem + ending for ending in endings)]


def _repeated(files: Mapping[str, bytes], faults: list[Fault]) -> dict[str, str]:
    """Lines that repeat on one site: the line, squeezed and in lower case -> the site's name."""
    if "repeated.tsv" not in files:
        return {}
    rows = tsv("repeated.tsv", files["repeated.tsv"], ("source", "line"), faults)
    return {" ".join(row["line"].lower().split()): row["source"] for row in rows}
