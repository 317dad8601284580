"""`read` gives the article alone, with its title, date, language and first writer; what it mends, it says."""

from __future__ import annotations

import json
import re

import pytest

import world
from tocsin.extract import read, row
from tocsin.extract.clean import Line, cleaned
from tocsin.extract.flags import flags_of
from tocsin.extract.mend import Edit, Mended, undone
from tocsin.extract.origin import origin_of
from tocsin.extract.repair import restore
from tocsin.records import Document
from tocsin.rules.furniture import FlagRule, LineRule
from tocsin.rules.needles import Asked, needles

PARAGRAPHS = [
    "The defence ministry of Freedonia said on Monday that two transport aircraft had landed at the northern base.",
    "A spokesman told reporters that the soldiers would train local crews and leave again within three months.",
    "Neighbouring Sylvania called the flight a provocation and asked the regional council to meet this week.",
]


def document(body: bytes | str, **fields: object) -> Document:
    data = body.encode() if isinstance(body, str) else body
    (found,) = read(world.capture(data, **fields), data, world.rules())  # type: ignore[arg-type]
    assert isinstance(found, Document), found
    return found


def sent(**fields: object) -> Document:
    return document(json.dumps(fields, ensure_ascii=False), form="json", input="made.jsonl#0")


def page(*, head: str = "", top: str = "", foot: str = "") -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f"<!doctype html><html><head><title>Two aircraft land in the north | Example Daily</title>{head}</head><body>"
        f"<nav><a href='/'>Home</a> <a href='/news'>News</a></nav><article><h1>Two aircraft land in the north</h1>{top}"
        f"{body}{foot}</article><footer>© 2019 Example Daily</footer></body></html>"
    )


# ------------------------------------------------------------------ the seed pages


def seed(number: int) -> Document:
    path = sorted(world.SEEDS.glob("*.txt"))[number]
    return document(path.read_bytes(), input=str(path))


FURNITURE = (
    "Ongoing Geointel",
    "Ongoing GeoIntel",
    "Opportunity",
    "©",
    "is a private intelligence organization",
    "Subscribe free",
    "Sign up here",
    "You can unsubscribe",
    "No comments",
    "Post a Comment",
    "[ad_1]",
    "[ad_2]",
    "Source link",
    "Read more at",
    "#RussiaHandsOff",
    "(Twitter)",
    "Credit:",
    "clashes broke out between",
    "Ilyushin IL-62M unloads",
    "Alliance of Repression",
    "in his reappearance",
)


@world.needs_seeds
@pytest.mark.parametrize("number", range(5))
def test_a_seed_is_read_without_its_sites_furniture(number: int) -> None:
    text = seed(number).text
    assert [found for found in FURNITURE if found in text] == []
    assert len(text) > 1700
    assert "\n\n\n" not in text
    assert seed(number).language == "en"


@world.needs_seeds
def test_titles_of_the_seeds_are_headlines_never_the_site() -> None:
    titles = [seed(n).title for n in range(5)]
    assert titles[1] is None
    assert [t.split()[0] for t in titles if t] == ["Putin", "The", "Russia", "Crisis"]


@world.needs_seeds
def test_date_origin_and_source_of_the_seeds() -> None:
    found = [seed(n) for n in range(5)]
    assert [(d.published, d.published_basis) for d in found] == [
        (None, None),
        (None, None),
        ("2019-03-24", "text"),
        (None, None),
        (None, None),
    ]
    assert [d.origin for d in found] == ["The Washington Times", None, None, None, None]
    assert found[0].source == found[1].source is not None


@world.needs_seeds
def test_the_damaged_seed_is_flagged_and_mended_with_its_original_kept() -> None:
    found = seed(4)
    assert {"machine-translated", "censor-filtered"} <= set(found.flags)
    assert not {"machine-translated", "censor-filtered"} & {flag for n in range(4) for flag in seed(n).flags}
    mended = {(r.original, found.text[slice(*r.span)]) for r in found.repairs}
    assert mended >= {
        ("badistance", "assistance"),
        ("ambbadador", "ambassador"),
        ("badured", "assured"),
        ("Cbad", "Canal"),
    }
    assert "PARIS.- Venezuela will become the epicenter" in found.text
    assert "the regime of Nicolás Maduro. The recent statements" in found.text
    assert "The first to react was the president Donald Trump, who intimidated" in found.text


@world.needs_seeds
@pytest.mark.parametrize("number", range(5))
def test_undoing_the_repairs_gives_words_that_stand_in_the_page(number: int) -> None:
    path = sorted(world.SEEDS.glob("*.txt"))[number]
    squeezed = " ".join(path.read_text().split())
    found = seed(number)
    original = undone(found.text, found.repairs)
    for paragraph in re.split(r"\n\n+", original):
        assert " ".join(paragraph.split()) in squeezed


@world.needs_seeds
def test_a_name_torn_into_letters_is_joined() -> None:
    found = seed(1)
    assert "The U.S. estimates Russia’s total investment" in found.text
    assert [(r.original, r.rule) for r in found.repairs] == [("R u ssia ’s", "split-letters")]


# ------------------------------------------------------------------ pages of our own


def test_a_page_keeps_its_paragraphs_and_loses_its_furniture() -> None:
    found = document(
        page(
            top="<p>By Jane Roe</p><figure><img src='a.jpg'><figcaption>An aircraft in the sky</figcaption></figure>",
            foot="<p><a href='/other'>Another story about the elections in Ruritania</a></p>"
            "<p>Sign up for our daily newsletter</p><p>Share on Facebook</p>",
        ),
        form="html",
        url="https://example.org/2019/03/25/aircraft",
    )
    assert found.text.split("\n\n") == PARAGRAPHS
    assert found.title == "Two aircraft land in the north"


@pytest.mark.parametrize(
    ("head", "published", "basis"),
    [
        (
            '<script type="application/ld+json">{"@type":"Report","datePublished":"2019-03-25T10:00+02:00"}</script>',
            "2019-03-25T10:00:00+02:00",
            "json-ld",
        ),
        ('<meta property="article:published_time" content="2019-03-24T23:00:00Z">', "2019-03-24T23:00:00Z", "meta"),
        ("", "2019-03-26", "url"),
    ],
)
def test_the_date_is_taken_from_the_page_with_its_basis(head: str, published: str, basis: str) -> None:
    found = document(page(head=head), form="html", url="https://example.org/2019/03/26/aircraft")
    assert (found.published, found.published_basis) == (published, basis)


@pytest.mark.parametrize(
    ("top", "foot", "published", "basis"),
    [
        ("<p class='x'>24.03.2019 - 18:50 Uhr</p>", "", "2019-03-24", "byline"),
        ("<p>Written: 2019-03-24 15:03</p>", "<p>18 August 2012</p>", "2019-03-24", "byline"),
        ("", "<p></p>" * 160 + "<p>24 March 2019</p>", "2019-03-24", "text"),
        ("", "<p>It was the worst day since 24 March 2019, he said to them.</p>", None, None),
    ],
)
def test_a_date_that_only_the_reader_sees_is_found(top: str, foot: str, published: str | None, basis: str) -> None:
    found = document(page(top=top, foot=foot), form="html", url="https://example.org/aircraft")
    assert (found.published, found.published_basis) == (published, basis)


def test_an_address_that_is_older_than_what_the_data_state_has_the_day() -> None:
    head = '<meta property="article:published_time" content="2019-06-17T18:28:00Z">'
    moved = document(page(head=head), form="html", url="https://example.org/2017/07/12/aircraft")
    assert (moved.published, moved.published_basis) == ("2017-07-12", "url")


def test_a_page_without_a_date_has_none() -> None:
    found = document(page(), form="html", url="https://example.org/aircraft")
    assert (found.published, found.published_basis) == (None, None)


def test_what_schema_org_says_of_a_page_becomes_flags_and_authors() -> None:
    linked = {
        "@type": "OpinionNewsArticle",
        "isAccessibleForFree": False,
        "author": [{"name": "Jane Roe"}, {"name": "John Doe"}],
    }
    found = document(page(head=f'<script type="application/ld+json">{json.dumps(linked)}</script>'), form="html")
    assert found.authors == ("Jane Roe", "John Doe")
    assert {"opinion", "paywalled"} <= set(found.flags)


def test_a_feed_gives_a_document_for_each_entry() -> None:
    entries = "".join(
        f"<item><title>Report {n} from the north</title><link>https://example.org/{n}</link><guid>g{n}</guid>"
        f"<pubDate>Mon, 25 Mar 2019 10:00:00 +0100</pubDate><description>&lt;p&gt;{text}&lt;/p&gt;</description></item>"
        for n, text in enumerate(PARAGRAPHS)
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Example Daily</title>{entries}</channel></rss>'
    body = feed.encode()
    found = read(world.capture(body, form="feed", input="f.xml"), body, world.rules())
    documents = [d for d in found if isinstance(d, Document)]
    assert [d.input for d in documents] == ["f.xml#0", "f.xml#1", "f.xml#2"]
    assert [d.text for d in documents] == PARAGRAPHS
    assert {(d.published, d.published_basis) for d in documents} == {("2019-03-25T09:00:00Z", "feed")}
    assert len({d.key for d in documents}) == 3


def test_a_mail_is_read_with_its_headers() -> None:
    text = "\n\n".join(PARAGRAPHS)
    found = document(
        f"From: Jane Roe <jane@example.org>\nSubject: Aircraft in the north\nDate: Mon, 25 Mar 2019 10:00:00 +0000\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n",
        form="mail",
    )
    assert (found.title, found.authors, found.published) == (
        "Aircraft in the north",
        ("Jane Roe",),
        "2019-03-25T10:00:00Z",
    )
    assert found.text == text


def pdf_of(*written: str) -> str:
    lines = " ".join(f"({line}) Tj T*" for line in written)
    stream = f"BT /F1 8 Tf 12 TL 20 700 Td {lines} ET"
    return (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 800]/Contents 4 0 R"
        "/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
        f"4 0 obj<</Length {len(stream)}>>stream\n{stream}\nendstream endobj\n"
        "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
        "6 0 obj<</CreationDate(D:20190325100000Z)>>endobj\n"
        "trailer<</Root 1 0 R/Info 6 0 R>>\n%%EOF"
    )


def test_a_pdf_is_read_and_the_day_it_was_saved_is_not_its_date() -> None:
    found = document(pdf_of("Two aircraft land in the north", "", *PARAGRAPHS), form="pdf")
    assert PARAGRAPHS[0] in found.text
    assert (found.published, found.published_basis) == (None, None)


def test_a_word_that_a_line_of_a_pdf_breaks_is_whole_again() -> None:
    whole = "The ministry said in a statement that the Anglo-Saxon council would meet about it on Tuesday."
    broken = ("The ministry said in a state-", "ment that the Anglo-", "Saxon council would meet about it on Tuesday.")
    assert whole in document(pdf_of("Two aircraft land in the north", "", PARAGRAPHS[0], *broken), form="pdf").text


def test_text_wrapped_at_a_fixed_width_flows_again() -> None:
    words = " ".join(PARAGRAPHS * 2).split()
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) > 70:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    found = document("Two aircraft land in the north\n\n" + "\n".join([*lines, line]))
    assert found.text == " ".join(words)


def test_a_brief_that_names_its_agency_is_no_caption() -> None:
    briefs = ["Freedonia sent a hundred soldiers to the north. (Reuters)", "The army has held the town since 2014."]
    caption = "Soldiers of Freedonia at the gate of the base (Getty Images)"
    found = document(
        "Two aircraft land in the north\n\n" + "\n\n".join([PARAGRAPHS[0], caption, *briefs, PARAGRAPHS[1]])
    )
    assert found.text.split("\n\n") == [PARAGRAPHS[0], *briefs, PARAGRAPHS[1]]


# ------------------------------------------------------------------ texts that somebody sent


@pytest.mark.parametrize(
    "text",
    [
        "A plain sentence about the minister.",
        "Two  spaces stay.\nSo does the line end.\n\n\nAnd the gap .",
        "  Leading blanks , odd commas and Russia 's tokens stay .  ",
        "By Jane Roe\nThe minister left.\nAnalysis",
        "Badajoz is a town; a badge is badly made in Islamabad.",
        "The agency (Reuters)\nsaid so (Twitter).",
    ],
)
def test_a_clean_text_that_was_sent_stays_as_it_is(text: str) -> None:
    found = sent(id="x1", text=text)
    assert found.text == text
    assert found.repairs == ()
    assert (found.input, found.id) == ("x1", "x1")


def test_certain_furniture_is_taken_out_of_a_text_that_was_sent() -> None:
    found = sent(text="[ad_1]\nThe minister left.\nHe came back.\n[ad_2]\nSource link")
    assert found.text == "The minister left.\nHe came back."


def test_what_a_sender_states_goes_before_what_is_found() -> None:
    found = sent(
        text=PARAGRAPHS[0], title="T", published="2019-03-25", seen="2019-03-26T01:00:00Z", source="Example", url="https://e.org/a",
        author="Jane Roe", language="fr", unknown=1,
    )  # fmt: skip
    assert (found.title, found.published, found.published_basis) == ("T", "2019-03-25", "given")
    assert (found.seen, found.authors, found.language) == ("2019-03-26T01:00:00Z", ("Jane Roe",), "fr")


def test_a_row_has_the_fields_of_the_contract() -> None:
    assert list(row(sent(text=PARAGRAPHS[0]))) == [
        "input", "id", "url", "title", "published", "published_basis", "modified", "language", "authors", "source",
        "origin", "text", "flags",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("CARACAS (Reuters) - Two aircraft landed on Saturday.", "Reuters"),
        ("Caracas, 25 mar (EFE).- Dos aviones aterrizaron.", "Agencia EFE"),
        ("МОСКВА, 25 мар — РИА Новости. Два самолета сели.", "RIA Novosti"),
        ("Breaking news\n\nMOSCOW (TASS) — Two aircraft left.\n\nMore follows.", "TASS"),
        ("Two aircraft landed.\nSource: AP", "Associated Press"),
        ("Two aircraft landed.\nRead more at The Example Post", "The Example Post"),
        ("Two aircraft landed, the agency (Reuters) said.", None),
        ("Caracas (Venezuela) - Two aircraft landed.", None),
    ],
)
def test_the_first_writer_is_found_where_the_page_names_him(text: str, origin: str | None) -> None:
    assert sent(text=text).origin == origin


def test_the_same_bytes_from_the_same_place_are_the_same_document() -> None:
    first, second = (document("A report.\n\n" + PARAGRAPHS[0], input="a.txt") for _ in range(2))
    other = document("A report.\n\n" + PARAGRAPHS[1], input="a.txt")
    assert first.key == second.key != other.key


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("El ministro dijo el lunes que los aviones habían llegado a la base del norte.", "es"),
        ("Министр заявил в понедельник, что самолеты прибыли на северную базу.", "ru"),
        ("ok", None),
    ],
)
def test_language_is_told_by_the_text_or_not_at_all(text: str, language: str | None) -> None:
    assert sent(text=text).language == language


# ------------------------------------------------------------------ rules prove themselves


def test_every_line_rule_matches_its_examples_and_nothing_else() -> None:
    furniture = world.rules().furniture
    wrong = [(r.id, x) for r in furniture.lines for x in r.examples.match if not r.takes(x)]
    wrong += [(r.id, x) for r in furniture.lines for x in r.examples.not_match if r.takes(x)]
    assert wrong == []


def test_every_flag_and_origin_rule_matches_its_examples_and_nothing_else() -> None:
    furniture = world.rules().furniture
    wrong = []
    for flag in furniture.flags:
        wrong += [(flag.id, x) for x in flag.examples.match if not any(p.search(x) for p in flag.patterns)]
        wrong += [(flag.id, x) for x in flag.examples.not_match if any(p.search(x) for p in flag.patterns)]
    for origin in furniture.origins:
        wrong += [(origin.id, x) for x in origin.examples.match if not any(p.search(x) for p in origin.patterns)]
        wrong += [(origin.id, x) for x in origin.examples.not_match if origin_of(x, (x,), world.rules())]
    assert wrong == []


def test_a_pattern_is_asked_wherever_it_would_be_found() -> None:
    furniture = world.rules().furniture
    rules: list[LineRule | FlagRule] = [*furniture.lines, *furniture.flags]
    patterns = [pattern for rule in rules for pattern in rule.patterns]
    asked = Asked(patterns)
    examples = {x for rule in rules for x in (*rule.examples.match, *rule.examples.not_match)}
    for text in {*examples, *map(str.upper, examples), *PARAGRAPHS}:
        found = {n for n, pattern in enumerate(patterns) if pattern.search(text)}
        assert found <= set(asked.among(text)), text
    assert len(asked.among(PARAGRAPHS[0])) < len(patterns) / 4


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        (
            r"^(please )?subscribe (now|today)",
            {f"{p}subscribe {when}" for p in ("", "please ") for when in ("now", "today")},
        ),
        (r"\b(letters|films?) to\b", {"letters to", "film to", "films to"}),
        (r"\b(letters|films?)\s+to\b", {"letters", "film", "films"}),
        (r"half-?time \d+ (of|out of) \d", {"half-time ", "halftime "}),
        (r"\w[\"”]\w", {'"', "”"}),
        (r"(ab|letters)?\d+", set()),
        (r"(?:[a-z]+ )+", set()),
        (r"(?!never)\w+ (once|twice){2}", {"once", "twice"}),
        (r"\A(?![\s\S]*never)(?=[\s\S]*twice)", {"twice"}),
        (r"İSTANBUL", {"istanbul"}),
    ],
)
def test_needles_are_what_every_match_holds(pattern: str, wanted: set[str]) -> None:
    assert needles(pattern) == wanted


def test_the_censor_filter_is_undone_by_dictionary_alone() -> None:
    for censor in world.rules().furniture.censors:
        for example in censor.examples.match:
            damaged, _, whole = example.partition(" -> ")
            assert restore(damaged, censor) == whole
        assert [word for word in censor.examples.not_match if restore(word, censor)] == []


def test_flags_of_plain_news_are_none() -> None:
    assert flags_of("Two aircraft land", "https://example.org/news/1", "\n\n".join(PARAGRAPHS), (), world.rules()) == ()


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("EXERCISE EXERCISE EXERCISE\nTroops crossed the border at dawn.", "exercise"),
        ("Troops crossed the border at dawn. This is a drill.", "exercise"),
        ("Subscribe to continue reading", "paywalled"),
        ("This article was originally published in March 2014.\nTroops crossed.", "recirculated"),
        ("FOR IMMEDIATE RELEASE\nThe company has a new engine.", "press-release"),
        ("The minister said that the troops …", "truncated"),
    ],
)
def test_a_sign_sets_its_flag(text: str, flag: str) -> None:
    assert flag in flags_of(None, None, text, (), world.rules())


def test_flags_are_set_by_all_signs_together_though_not_all_are_looked_for() -> None:
    furniture = world.rules().furniture
    texts = [(rule.where, example) for rule in furniture.flags for example in rule.examples.match]
    for where, example in texts:
        title = example if where == "title" else "Two aircraft land"
        url = example if where == "url" else None
        text = "\n\n".join((PARAGRAPHS[0], example, example, PARAGRAPHS[1])) if where in ("text", "line") else example
        searched = {"title": title, "url": url or "", "lead": text[:600], "text": text, "line": text}
        weights: dict[str, float] = {}
        for rule in furniture.flags:
            there = searched[rule.where]
            hits = sum(len(pattern.findall(there)) for pattern in rule.patterns)
            if rule.where == "line":
                hits = sum(rule_finds(rule, line) for line in there.split("\n"))
            weights[rule.flag] = weights.get(rule.flag, 0) + rule.weight * min(hits, rule.most)
        wanted = {flag for flag, weight in weights.items() if weight >= 1}
        assert set(flags_of(title, url, text, (), world.rules())) == wanted, example


def rule_finds(rule: FlagRule, line: str) -> bool:
    return any(pattern.search(line) for pattern in rule.patterns)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ("The bridge was shut on Sunday night.", "“The bridge was shut, on Sunday night”", 1),
        (
            "The bridge over the river was shut on Sunday night.",
            "The bridge over the river was shut on Monday night.",
            2,
        ),
        (
            "The bridge over the river was shut on Sunday.",
            "The bridge over the river was shut on Sunday. Nobody knew.",
            2,
        ),
        ("* * * *", "Nobody knew who had shut it.", 1),
    ],
)
def test_a_line_told_twice_is_told_once(first: str, second: str, kept: int) -> None:
    lines = cleaned([Line(first, True), Line(second, True)], world.rules(), title=None).lines
    assert sum(not line.dropped for line in lines) == kept


def test_edits_over_edits_can_all_be_undone() -> None:
    text = "The amb\n\nbadador left"
    joined = Mended(text).edited([Edit((7, 9), "", "joined")])
    assert joined.text == "The ambbadador left"
    whole = joined.edited([Edit((4, 14), "ambassador", "censor")])
    assert whole.text == "The ambassador left"
    assert undone(whole.text, whole.repairs) == text


# ------------------------------------------------------------------ what a page says in several places

LINKED = '<script type="application/ld+json">{}</script>'
META = '<meta property="{}" content="{}">'
GRAPH = [
    {"@type": "NewsArticle", "author": {"@id": "#p1"}},
    {"@type": "Person", "@id": "#p1", "name": "Jane Roe"},
]
PLANES = "Two planes land in the north"


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        (
            LINKED.format('{"@type":"NewsArticle","headline":"Two &amp;quot;aircraft&amp;quot; land"}'),
            "Two aircraft land in the far north",
            'Two "aircraft" land',
        ),
        (META.format("og:site_name", "Example") + META.format("og:title", PLANES), "Example", PLANES),
        (META.format("og:title", PLANES), f"Freedonia: {PLANES}", PLANES),
        (META.format("og:site_name", "Example") + META.format("og:title", f"{PLANES}：Example"), "", PLANES),
        (META.format("og:title", f"Night flights - {PLANES}"), f"Crisis: {PLANES}", PLANES),
        (META.format("og:title", PLANES), f"Freedonia in crisis<br> {PLANES}", PLANES),
        (META.format("og:site_name", "Plane Watch") + META.format("og:title", "Ten years of Plane Watch"), "", None),
    ],
)
def test_a_title_is_the_headline_without_site_and_kicker(head: str, heading: str, title: str) -> None:
    made = page(head=head).replace("<h1>Two aircraft land in the north</h1>", f"<h1>{heading}</h1>")
    made = made.replace("<title>Two aircraft land in the north | Example Daily</title>", "")
    assert document(made, form="html").title == (title or "Ten years of Plane Watch")


def test_a_heading_that_is_the_sites_name_is_no_title() -> None:
    made = page(head=META.format("og:title", PLANES)).replace(">Two aircraft land in the north<", ">Night-Gazette<")
    assert document(made, form="html", url="https://www.nightgazette.example/1").title == PLANES


def test_the_title_for_sharing_words_what_one_field_fills_three_times() -> None:
    linked = LINKED.format('{"@type":"NewsArticle","headline":"Two aircraft land in the north"}')
    social = META.format("og:title", "Two aircraft land in the far north")
    assert document(page(head=linked + social), form="html").title == "Two aircraft land in the far north"
    apart = META.format("og:title", "Who sent the two aircraft?")
    assert document(page(head=linked + apart), form="html").title == "Two aircraft land in the north"
    other = page(head=linked + social).replace("<h1>Two aircraft land in the north</h1>", "<h1>Aircraft land</h1>")
    assert document(other, form="html").title == "Two aircraft land in the north"


@pytest.mark.parametrize(
    ("head", "top", "authors"),
    [
        (
            "",
            "<p class='byline'>By <a rel='author' href='1'>Jane Roe</a> and <a rel='author' href='2'>John Doe</a></p>",
            ("Jane Roe", "John Doe"),
        ),
        ("", "<span class='post-author-name'>Von Max Mustermann, 24. März 2019</span>", ("Max Mustermann",)),
        ("", "<div class='info'>Por <a href='/autor/juana-perez'>Juana Pérez</a></div>", ("Juana Pérez",)),
        (META.format("author", "Text: Jane Roe; John Doe"), "", ("Jane Roe", "John Doe")),
        (
            META.format("author", "Example Daily") + META.format("og:site_name", "Example Daily"),
            "<p class='author'>By Jane Roe</p>",
            ("Jane Roe",),
        ),
        (LINKED.format(json.dumps({"@graph": GRAPH})), "", ("Jane Roe",)),
        ("", "<p class='author'>Posted on 24 March 2019</p>", ()),
        ("", "<div class='comments'><span class='comment-author'>Angry Reader</span></div>", ()),
        (META.format("author", "admin"), "", ()),
    ],
)
def test_authors_are_the_persons_that_the_page_names(head: str, top: str, authors: tuple[str, ...]) -> None:
    assert document(page(head=head, top=top), form="html").authors == authors


def test_the_standfirst_that_the_page_shows_and_states_is_part_of_the_article() -> None:
    standfirst = "Freedonia says that the flight was planned, its neighbours are alarmed and call for talks."
    head = META.format("og:description", standfirst)
    shown = document(page(head=head, top=f"<header><div class='deck'>{standfirst}</div></header>"), form="html")
    assert shown.text.split("\n\n") == [standfirst, *PARAGRAPHS]
    caption = f"<figure><img src='a.jpg'><figcaption><span>{standfirst}</span></figcaption></figure>"
    assert document(page(head=head, top=caption), form="html").text.split("\n\n") == PARAGRAPHS
    assert document(page(head=head), form="html").text.split("\n\n") == PARAGRAPHS


def test_an_article_cut_into_blocks_is_read_whole() -> None:
    blocks = "".join(
        "<div class='grid'><div class='body'>"
        + "".join(f"<p>{block}.{n} {text}</p>" for n, text in enumerate(PARAGRAPHS))
        + "</div></div><aside><a href='/x'>Advertisement</a></aside>"
        for block in range(6)
    )
    made = f"<html><head><title>Two aircraft land</title></head><body><main>{blocks}</main></body></html>"
    found = document(made, form="html").text
    assert [f"{block}.{n}" for block in range(6) for n in range(3) if f"{block}.{n} " not in found] == []


def test_a_page_that_goes_on_with_another_article_is_read_as_one() -> None:
    more = [paragraph.replace("aircraft", "ferries").replace("soldiers", "sailors") for paragraph in PARAGRAPHS]
    own = "".join(f"<p>{paragraph} {paragraph.lower()}</p>" for paragraph in PARAGRAPHS)
    other = "<article><h1>Ferries sail on</h1>" + "".join(f"<p>{one}</p>" for one in more) + "</article>"
    made = page(foot=own + "</article>" + other + "<article>")
    text = document(made, form="html").text
    assert "aircraft" in text
    assert "ferries" not in text


def test_authors_in_a_line_of_their_own_are_found_where_only_the_site_is_stated() -> None:
    head = META.format("og:site_name", "Example Daily") + META.format("author", "Example Daily")
    found = document(page(head=head, top="<p>Jane Roe/Mary Major</p>"), form="html")
    assert found.authors == ("Jane Roe", "Mary Major")
    assert found.text.split("\n\n") == PARAGRAPHS
    stated = document(page(head=META.format("author", "John Doe"), top="<p>North Freedonia</p>"), form="html")
    assert stated.authors == ("John Doe",)


def test_a_name_under_the_text_is_its_author_where_only_the_site_is_stated() -> None:
    head = META.format("og:site_name", "Example Daily") + META.format("author", "Example Daily")
    more = "".join(f"<p>{paragraph} Crews said so too.</p>" for paragraph in PARAGRAPHS)
    found = document(page(head=head, foot=more + "<p>Mary Major</p>"), form="html")
    assert found.authors == ("Mary Major",)
    assert found.text.endswith("Crews said so too.")
    assert document(page(head=head, foot=more + "<p>By Mary Major</p>"), form="html").authors == ("Mary Major",)
    assert document(page(head=head, foot=more + "<p>LATEST NEWS</p>"), form="html").authors == ("Example Daily",)
    stated = document(page(head=META.format("author", "John Doe"), foot=more + "<p>Mary Major</p>"), form="html")
    assert stated.authors == ("John Doe",)


def test_every_form_of_the_title_is_left_out_of_the_text() -> None:
    head = META.format("og:title", "Who sent the two aircraft to the north?")
    found = document(page(head=head, top="<p>Who sent the two aircraft to the north?</p>"), form="html")
    assert found.text.split("\n\n") == PARAGRAPHS


def test_a_list_of_links_to_other_stories_is_no_part_of_the_article() -> None:
    teasers = "".join(
        f"<li><a href='/{n}'>Another story about elections number {n}</a> The vote was held and nobody has won.</li>"
        for n in range(3)
    )
    points = "<ul><li>The aircraft came from Sylvania.</li><li>They will leave within three months.</li></ul>"
    found = document(page(foot=f"{points}<ul>{teasers}</ul><p>{PARAGRAPHS[0]} Again.</p>"), form="html").text
    assert "The aircraft came from Sylvania." in found
    assert "Another story" not in found


def test_the_same_report_in_another_folder_is_the_same_document() -> None:
    body = b'{"id": "r1", "text": "Talks went on in Rome on Tuesday."}'
    keys = {
        found.key
        for name in ("here/reports.jsonl#0", "there/reports.jsonl#0")
        for found in read(world.capture(body, form="json", input=name), body, world.rules())
        if isinstance(found, Document)
    }
    assert len(keys) == 1
