"""The news cleaner: which lines of a page are the article.

It works on what any reader leaves behind: the output of the page engine, a page saved as text, the
text of a feed entry. Rules name the furniture; the shape of the page decides the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from tocsin.extract.dates import is_dateline
from tocsin.rules import Rules
from tocsin.rules.furniture import Finder, Furniture, LineRule, finder
from tocsin.rules.needles import Asked

MOST_LINES = 15_000  # of one document: a report of 200 pages has 10,000
LONGEST_CAPTION = 45
MOST_SIGNS = 3  # times the letters of a title has no line that repeats it
FEWEST_LINKED, MOST_LINKED = 4, 25  # words of a link that opens a list item
WORD = re.compile(r"\w+")
SPACED = {code: " " for code in range(128) if not WORD.match(chr(code))}
TYPED = "“”‘’–—…«»„·•\u00a0"  # signs without which most lines of English are ASCII, and folded at once
CLOSING, CLOSERS = frozenset(".!?…:;。！？।"), "'\"”’»)]"
LONGEST_BYLINE = 16
HEAD = 5
FOOT = 3
BEGIN = 40  # letters of a line that tell it from most others
LIST_ITEM = re.compile(r"^[-•·*]\s")
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
FEWEST_UNSPACED = 4  # signs of a title
CREDIT = re.compile(r"\(([^()]{2,60})\)\W*$")


@dataclass(slots=True)
class Line:
    """One line of a page: its text, squeezed; whether a blank line stands before it; and the id of
    the rule that dropped it, '' while it is kept."""

    text: str
    gap: bool = False
    dropped: str = ""
    _words: int = field(default=-1, repr=False, compare=False)

    @property
    def words(self) -> int:
        """How many words it has: counted once."""
        if self._words < 0:
            self._words = len(self.text.split())
        return self._words

    @property
    def closed(self) -> bool:
        """Whether it ends as a sentence ends."""
        return is_closed(self.text)


@dataclass(slots=True)
class Cleaned:
    """The lines of the article, and what the dropped ones told."""

    lines: list[Line]
    notes: list[str] = field(default_factory=list)
    publisher: str | None = None

    @property
    def dropped(self) -> tuple[str, ...]:
        return tuple(line.text for line in self.lines if line.dropped)


def is_closed(text: str) -> bool:
    """Whether a text ends as a sentence ends, marks and brackets behind that aside."""
    return text.rstrip(CLOSERS)[-1:] in CLOSING


def too_many(lines: int) -> str:
    """Why a text of so many lines is not read."""
    return f"expected an article of at most {MOST_LINES} lines, found {lines}; split it"


def split(text: str) -> list[Line]:
    """The lines of a text that hold anything, white space squeezed."""
    found: list[Line] = []
    gap = False
    for raw in text.replace("\u200b", "").splitlines():
        words = raw.split()
        if words:
            found.append(Line(" ".join(words), gap, _words=len(words)))
            gap = False
        else:
            gap = True
    return found


def cleaned(
    lines: Sequence[Line],
    rules: Rules,
    *,
    title: str | None,
    headings: Sequence[str] = (),
    authors: Sequence[str] = (),
    marks: Mapping[str, str] | None = None,
    certain_only: bool = False,
) -> Cleaned:
    """The lines without furniture. With `certain_only` just those go that are furniture wherever
    they stand: for a text that somebody sent as an article. `marks` is what the markup says,
    `headings` other forms of the title that the page states."""
    result = Cleaned([Line(line.text, line.gap, _words=line.words) for line in lines])
    furniture = rules.furniture
    _apply(result, furniture, certain_only)
    if not certain_only:
        _drop_marked(result.lines, marks or {})
        for form in dict.fromkeys(folded(form or "") for form in (title, *headings)):
            _drop_repeated_title(result.lines, form)
        _drop_names(result.lines, authors, furniture)
        _drop_captions(result.lines, furniture)
        _drop_echoes(result.lines)
    return result


def kept(lines: Iterable[Line]) -> list[Line]:
    """The lines that no rule dropped; a gap before a dropped line stays a gap."""
    found: list[Line] = []
    gap = False
    for line in lines:
        gap = gap or line.gap
        if not line.dropped:
            found.append(Line(line.text, gap, _words=line.words))
            gap = False
    return found


def matching(line: Line, furniture: Furniture, certain_only: bool = False) -> LineRule | None:
    """The first rule that takes this line for furniture."""
    rules, asked = _line_rules(furniture, certain_only)
    for n in asked.among(line.text):
        rule, find = rules[n]
        if line.words <= rule.max_words and find(line.text):
            return rule
    return None


@cache
def _line_rules(furniture: Furniture, certain_only: bool) -> tuple[list[tuple[LineRule, Finder]], Asked]:
    rules = [(r, pattern) for r in furniture.lines if r.certain or not certain_only for pattern in r.patterns]
    return [(rule, finder(pattern)) for rule, pattern in rules], Asked([pattern for _, pattern in rules])


def _apply(result: Cleaned, furniture: Furniture, certain_only: bool) -> None:
    total = sum(len(line.text) for line in result.lines) or 1
    before = 0
    for n, line in enumerate(result.lines):
        site = furniture.repeated.get(line.text.lower())
        rule = None if site else matching(line, furniture, certain_only)
        if site:
            line.dropped, result.publisher = "repeated", site
        elif rule:
            line.dropped = rule.id
            if rule.does in ("origin", "tail"):
                result.notes.append(line.text)
            if rule.does == "tail" and not certain_only and before >= total / 2:
                _drop_tail(result.lines[n + 1 :], rule.id, result.notes)
                return
        before += len(line.text)


def _drop_tail(lines: Iterable[Line], rule: str, notes: list[str]) -> None:
    for line in lines:
        line.dropped = rule
        if line.words <= 20:
            notes.append(line.text)


@lru_cache(maxsize=1024)  # a line is compared with titles, names, links and its neighbours
def folded(text: str) -> str:
    """A line as it is compared: letters and digits alone, in lower case."""
    for sign in () if text.isascii() else TYPED:
        text = text.replace(sign, " ")
    if text.isascii():
        return " ".join(text.lower().translate(SPACED).split())
    return " ".join(WORD.findall(text.lower()))


def _drop_marked(lines: Iterable[Line], marks: Mapping[str, str]) -> None:
    """A line that is nothing but a link leads to another story; a caption belongs to its picture. In
    a list a word or two may stand before the link ('Opinion: …')."""
    for line in lines if marks else ():
        if line.dropped:
            continue
        words = folded(line.text)
        kind = marks.get(words)
        item = _linked_item(words, marks) if not kind and LIST_ITEM.match(line.text) else None
        if item or (kind and (not line.closed or kind == "caption" or line.words <= 12)):
            line.dropped = item or kind or ""


def _linked_item(words: str, marks: Mapping[str, str]) -> str | None:
    """What a list item is that ends in a link, or begins with one of some words and tells about it."""
    parts = words.split()
    ends = (" ".join(parts[n:]) for n in range(1, len(parts) // 2))
    begins = (" ".join(parts[:n]) for n in range(FEWEST_LINKED, min(len(parts), MOST_LINKED)))
    return next((marks[rest] for rest in (*ends, *begins) if marks.get(rest) == "link"), None)


def drop_head_lines(lines: Sequence[Line], authors: Sequence[str], rules: Rules) -> None:
    """Dates and bylines that stand as lines of their own at the head or the foot of an article."""
    names = [folded(author) for author in authors]
    leads = _leads(rules.furniture)
    for n, line in enumerate(lines):
        if line.dropped or HEAD <= n < len(lines) - FOOT or line.words > LONGEST_BYLINE:
            continue
        low = line.text.lower()
        if is_dateline(line.text, rules):
            line.dropped = "date-line"
        elif low.startswith(leads) and any(name in folded(low) for name in names):
            line.dropped = "byline"


@cache
def _leads(furniture: Furniture) -> tuple[str, ...]:
    """How a byline begins."""
    return tuple(f"{lead} " for wording in furniture.wordings for lead in wording.bylines)


def drop_foot(lines: Sequence[Line], longest: int) -> None:
    """A heading with nothing under it at the foot of a page, of at most `longest` words, is a menu, a
    caption, a name, a teaser; a list may end an article."""
    for line in reversed(lines):
        if line.dropped:
            continue
        if line.closed or line.words > longest or LIST_ITEM.match(line.text):
            return
        line.dropped = "heading-at-foot"


def _drop_repeated_title(lines: Sequence[Line], wanted: str) -> None:
    """The folded title again, also with a kicker before it at the head of the article. A single word is too little
    but at the head, unless it is written as Chinese and Japanese are, without spaces."""
    enough = " " in wanted or (len(wanted) >= FEWEST_UNSPACED and UNSPACED.search(wanted))
    for n, line in enumerate((lines if enough else lines[:2]) if wanted else ()):
        words = folded(line.text) if len(line.text) <= MOST_SIGNS * len(wanted) else ""
        with_kicker = enough and n < 2 and len(words) <= 1.8 * len(wanted) and words.endswith(wanted)
        if not line.dropped and (words == wanted or with_kicker):
            line.dropped = "repeated-title"


def _drop_names(lines: Sequence[Line], authors: Sequence[str], furniture: Furniture) -> None:
    """A line that holds only the authors' names, or at the foot an agency's mark ('dpa/jr')."""
    names = {folded(author) for author in authors}
    longest = MOST_SIGNS * max(map(len, names), default=-1)
    for line in lines:
        if len(line.text) <= longest and not line.dropped and folded(line.text) in names:
            line.dropped = "author-name"
    for line in reversed(lines):
        if line.dropped:
            continue
        parts = [part.strip(" ()").lower() for part in re.split(r"[/,|–-]", line.text)]
        if line.words <= 5 and any(part in furniture.agencies for part in parts):
            line.dropped = "agency-mark"
        return


def _drop_captions(lines: Iterable[Line], furniture: Furniture) -> None:
    """A line that ends in a parenthesised credit is the caption of a picture. An agency's name there
    may also be the writer of a brief: then a finished sentence stands before it."""
    for line in lines:
        credit = CREDIT.search(line.text)
        if line.dropped or not credit or line.words > LONGEST_CAPTION:
            continue
        parts = [part.strip() for part in re.split(r"\s*[/|,]\s*", credit.group(1))]
        names = [part.lower() for part in parts if len(part) > 4 or part.isupper() or part.islower()]
        agency = any(name in furniture.agencies for name in names)
        sentence = line.text.endswith(".") or is_closed(line.text[: credit.start()].rstrip())
        if any(name in furniture.credits for name in names) and not (agency and sentence):
            line.dropped = "caption-credit"


def _drop_echoes(lines: Sequence[Line]) -> None:
    """A line that a dropped caption begins with is that caption without its credit; a line that
    stands twice in a row is not told twice."""
    captions = [(n, folded(line.text)) for n, line in enumerate(lines) if "credit" in line.dropped]
    before = ""
    for n, line in enumerate(lines):
        if line.dropped:
            continue
        near = [caption for at, caption in captions if abs(n - at) <= 2]
        told = any(caption.startswith(folded(line.text)) for caption in near) or _is_same(line.text, before)
        if told and line.words >= 4:
            line.dropped = "echo"
        before = line.text


def _is_same(line: str, other: str) -> bool:
    """Whether two lines are equal when folded; hardly any begin so."""
    begin, others = folded(line[:BEGIN]), folded(other[:BEGIN])
    return (begin.startswith(others) or others.startswith(begin)) and folded(line) == folded(other)
