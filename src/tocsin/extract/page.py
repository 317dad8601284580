"""A web page: trafilatura finds the article, our cleaner takes what it left of the furniture."""

from __future__ import annotations

from tocsin.extract.byline import take_byline, take_names
from tocsin.extract.clean import MOST_LINES, Line, cleaned, drop_foot, drop_head_lines, kept, split, too_many
from tocsin.extract.decode import disguise
from tocsin.extract.draft import Draft
from tocsin.extract.engine import engine_text
from tocsin.extract.following import drop_following
from tocsin.extract.language import declared_language
from tocsin.extract.marks import marks_of
from tocsin.extract.metadata import metadata_of
from tocsin.extract.paragraphs import paragraphs
from tocsin.extract.published import first_date, opening_day
from tocsin.extract.recall import with_missed
from tocsin.extract.site import article_text, corrected, without_dropped
from tocsin.extract.skim import skimmed
from tocsin.extract.standfirst import standfirst_of
from tocsin.extract.tree import parsed, wordless_out
from tocsin.rules import Rules
from tocsin.rules.sites import reader_of

LONGEST_FOOT = 6
LARGEST = 4 << 20
MOST_TAGS = 30_000  # pages of the press hold 1,500, the largest of them 10,000, the largest of others 20,000


def drafted(body: bytes, url: str, rules: Rules, *, seen: str | None, bulk: bool = False) -> Draft | str:
    """The article of a page, or why there is none. In `bulk` our own search finds it, not the engine."""
    problem = disguise(body)
    if problem:
        return problem
    if len(body) > LARGEST:
        return f"expected a page of at most {LARGEST >> 20} MiB, found {len(body) >> 20} MiB; give the article alone"
    worded = wordless_out(body)
    tags = worded.count(b"<")
    if tags > MOST_TAGS:
        return f"expected a page of at most {MOST_TAGS} tags, found {tags}; give the article alone"
    tree = parsed(worded)
    if tree is None:
        return "expected an HTML page, found nothing that parses as one"
    told = metadata_of(tree, url, rules, seen=seen, searched=not bulk)
    reader = reader_of(rules, url or told.url or "", seen)
    if reader:
        without_dropped(tree, reader)
        told = corrected(told, tree, reader, rules)
    drop_following(tree)
    marks = marks_of(tree, rules) if not bulk else {}
    selected = article_text(tree, reader) if reader else ""
    text = selected or (skimmed(tree, rules) if bulk else engine_text(tree, rules))
    if not text:
        return "expected an article, found a page without one; give the page of a single report"
    lines = split(text) if selected or bulk else with_missed(split(text), tree)
    standfirst = None if selected or bulk else standfirst_of(tree, told.summaries, f"{told.title or ''}\n{text}", marks)
    if standfirst:
        lines.insert(0, Line(standfirst))
    if len(lines) > MOST_LINES:
        return too_many(len(lines))
    result = cleaned(lines, rules, title=told.title, headings=told.headings, authors=told.authors, marks=marks)
    authors, byline_date = take_byline(result.lines, rules)
    if not authors and not told.persons:
        authors = take_names(result.lines, rules)
    drop_head_lines(result.lines, told.authors, rules)
    drop_foot(result.lines, LONGEST_FOOT)
    article = paragraphs(kept(result.lines), rules)
    published, basis = first_date(
        (told.published, told.published_basis), (byline_date, "byline"), (opening_day(article.text, rules), "text")
    )
    return Draft(
        text=article.text,
        title=told.title,
        language=declared_language(tree.get("lang"), article.text, rules) if bulk else None,
        url=told.url or url or None,
        published=published,
        published_basis=basis,
        modified=told.modified,
        authors=told.authors if told.persons else authors or told.authors,
        publisher=told.publisher or result.publisher,
        flags=told.flags,
        repairs=article.repairs,
        notes=tuple(result.notes),
        dropped=result.dropped,
    )
