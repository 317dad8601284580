"""What came in damaged, wrapped or wrongly declared is read as far as it can be, and nothing vanishes."""

from __future__ import annotations

import gzip
import io
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

import world
from tocsin.collect.inbox import captures
from tocsin.extract import read, unknown_fields
from tocsin.extract.mend import undone
from tocsin.records import Document, Refusal
from world import capture

REPORT = "Two transport aircraft of Freedonia landed at the northern base on Monday, the defence ministry said. "
GERMAN = "Zwei Flugzeuge sind am Montag auf dem nördlichen Stützpunkt gelandet, teilte das Ministerium mit. " * 3
HEADERS = "From: Jane Roe <jane@example.org>\nDate: Mon, 25 Mar 2019 10:00:00 +0200\nSubject: Aircraft land\n"


def document(body: bytes | str, **fields: object) -> Document:
    data = body if isinstance(body, bytes) else body.encode()
    (found,) = read(capture(data, **fields), data, world.rules())  # type: ignore[arg-type]
    assert isinstance(found, Document), found
    return found


# ------------------------------------------------------------------ web archives


def archive() -> bytes:
    """Five pages, plain."""
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=False)
    for n in range(5):
        page = f"<html><body><h1>Aircraft land {n}</h1><article>" + f"<p>{REPORT}</p>" * 3 + "</article></body></html>"
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        address = f"https://example.org/{n}"
        record = writer.create_warc_record(address, "response", payload=io.BytesIO(page.encode()), http_headers=headers)
        writer.write_record(record)
    return file.getvalue()


def found_in(path: Path, body: bytes) -> tuple[list[str], list[str]]:
    """The addresses of the pages that are read, and the reasons of refusals."""
    path.write_bytes(body)
    items = list(captures([str(path)]))
    return [i[0].url[-1] for i in items if not isinstance(i, Refusal)], [
        i.reason for i in items if isinstance(i, Refusal)
    ]


@pytest.mark.parametrize("length", [b"9999", b"99999999", b"12"])
def test_a_length_that_lies_costs_its_own_record_alone(tmp_path: Path, length: bytes) -> None:
    body = archive()
    at = body.index(b"Content-Length: ", body.index(b"WARC/1.", 9)) + len("Content-Length: ")
    end = body.index(b"\r\n", at)
    pages, refused = found_in(tmp_path / "a.warc", body[:at] + length + body[end:])
    assert pages == ["0", "2", "3", "4"]
    assert refused


def test_a_damaged_header_costs_its_own_record_and_not_the_one_before(tmp_path: Path) -> None:
    body = archive()
    at = body.index(b"\r\n\r\nWARC/1.", body.index(b"/2\r\n")) + 4
    pages, refused = found_in(tmp_path / "a.warc", body[:at] + b"XXXX" + body[at + 4 :])
    assert pages == ["0", "1", "2", "4"]
    assert len(refused) == 1


def test_an_archive_packed_as_a_whole_gives_all_its_pages(tmp_path: Path) -> None:
    assert found_in(tmp_path / "a.warc.gz", gzip.compress(archive())) == (["0", "1", "2", "3", "4"], [])


# ------------------------------------------------------------------ mail


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("iso-8859-1", "latin-1"), ("utf-8", "latin-1"), ("x-unknown", "utf-8"), ("us-ascii", "utf-8")],
)
def test_a_mail_is_read_by_its_bytes_where_its_charset_lies(declared: str, encoding: str) -> None:
    head = (
        f"{HEADERS}MIME-Version: 1.0\nContent-Type: text/plain; charset={declared}\nContent-Transfer-Encoding: 8bit\n\n"
    )
    found = document(head.encode() + GERMAN.encode(encoding), form="mail")
    assert found.text == GERMAN.strip()
    assert found.language == "de"


def test_a_forwarded_mail_loses_the_headers_that_it_carries_along() -> None:
    carried = "From: Desk <desk@example.org>\nSent: Monday\nSubject: Aircraft land\nTo: Jane\n\n"
    found = document(f"{HEADERS}\n{carried}{REPORT * 3}\n\nNote: one line that looks like it stays.\n", form="mail")
    assert found.text.startswith("Two transport aircraft")
    assert "Desk" not in found.text
    assert "Note: one line" in found.text


def test_what_a_mail_quotes_is_not_its_own_text_unless_there_is_no_other() -> None:
    assert document(f"{HEADERS}\n> An older mail said so.\n{REPORT * 3}\n", form="mail").text == (REPORT * 3).strip()
    quoted = "\n".join(f"> {line}" for line in [REPORT] * 3)
    assert document(f"{HEADERS}\n{quoted}\n", form="mail").text.startswith("Two transport aircraft")


def test_a_mail_attached_to_an_empty_one_is_read_in_its_place() -> None:
    inner = f"From: Wire <wire@example.net>\nSubject: Inner news\n\n{REPORT * 3}"
    parts = f"--B\nContent-Type: text/plain\n\n\n--B\nContent-Type: message/rfc822\n\n{inner}\n--B--\n"
    outer = f'{HEADERS}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="B"\n\n{parts}'
    found = document(outer, form="mail")
    assert (found.title, found.authors, found.text) == ("Inner news", ("Wire",), (REPORT * 3).strip())


def mail(headers: str, words: str, **how: Any) -> EmailMessage:
    found = EmailMessage()
    for line in headers.splitlines():
        name, _, value = line.partition(": ")
        found[name] = value
    found.set_content(words, **how)
    return found


def carried(outer: EmailMessage) -> tuple[Document | Refusal, ...]:
    body = outer.as_bytes()
    return read(capture(body, form="mail", input="a.eml"), body, world.rules())


def test_what_a_mail_carries_is_read_beside_its_own_words() -> None:
    inner = "From: Wire <wire@example.net>\nSubject: Inner news"
    outer = mail(HEADERS, REPORT * 3)
    outer.add_attachment(mail(inner, GERMAN, charset="iso-8859-1", cte="quoted-printable"))
    own, forwarded = carried(outer)
    assert isinstance(own, Document)
    assert isinstance(forwarded, Document)
    assert (own.input, own.text) == ("a.eml", (REPORT * 3).strip())
    assert (forwarded.input, forwarded.title, forwarded.text) == ("a.eml#1", "Inner news", GERMAN.strip())
    assert own.key != forwarded.key


def test_pages_and_texts_attached_to_a_mail_are_read_and_pictures_are_not() -> None:
    outer = mail(HEADERS, "")
    page = f"<html><head><title>A page</title></head><body><article><h1>A page</h1>{f'<p>{REPORT}</p>' * 3}</article>"
    outer.add_attachment(page.encode(), maintype="text", subtype="html", filename="page.html")
    outer.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="map.png")
    outer.add_attachment(b"%PDF-1.4 cut", maintype="application", subtype="pdf", filename="map.pdf")
    found = carried(outer)
    assert [one.input for one in found] == ["a.eml#1", "a.eml#2"]
    assert isinstance(found[0], Document)
    assert (found[0].title, found[0].published) == ("A page", "2019-03-25T08:00:00Z")
    assert isinstance(found[1], Refusal)
    assert "PDF" in found[1].reason


# ------------------------------------------------------------------ pages and lines that lie


RUSSIAN = "Президент заявил в понедельник, что войска покинут приграничный регион до конца недели. "


@pytest.mark.parametrize(("declared", "encoding"), [("koi8-r", "cp1251"), ("windows-1251", "koi8-r")])
def test_cyrillic_declared_as_another_code_page_is_read_as_it_is(declared: str, encoding: str) -> None:
    page = (
        f"<html><head><meta charset={declared}></head><body><article>{f'<p>{RUSSIAN}</p>' * 3}</article></body></html>"
    )
    assert document(page.encode(encoding), form="html").text.startswith("Президент заявил")


def test_a_title_without_spaces_and_one_of_a_word_are_no_part_of_the_text() -> None:
    chinese = "国防部说，朝鲜周一上午从东海岸发射了两枚短程导弹，没有人员受伤的报告。"
    for title, paragraph in (("朝鲜发射导弹", chinese * 3), ("Withdrawal", REPORT * 2)):
        shown = f"<h1>{title}</h1><p>{paragraph}</p><p>{paragraph[::-1]}</p>"
        page = f"<html><head><title>{title}</title></head><body><article>{shown}"
        assert document(page, form="html").text.startswith(paragraph[:20])


def test_half_a_sign_in_json_is_replaced_and_read() -> None:
    found = document(
        b'{"id": "x", "text": "' + (REPORT * 3).encode() + b'\\ud83d", "title": "\\udc00 land"}', form="json"
    )
    assert (found.title, found.text[-1]) == ("\ufffd land", "\ufffd")
    told = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Aircraft \\ud83d land"}</script>'
    page = f"<html><head>{told}</head><body><article>{f'<p>{REPORT}</p>' * 3}</article></body></html>"
    assert document(page, form="html").title == "Aircraft \ufffd land"


def test_the_zero_of_clocks_is_no_date() -> None:
    head = '<meta property="article:published_time" content="1970-01-01T00:00:00Z">'
    page = f"<html><head>{head}</head><body><article>{f'<p>{REPORT}</p>' * 3}</article></body></html>"
    assert document(page, form="html").published is None


def test_no_page_is_of_a_day_after_it_was_seen() -> None:
    head = '<meta property="article:published_time" content="2019-03-27T23:00:00-05:00">'
    page = f"<html><head>{head}</head><body><article>{f'<p>{REPORT}</p>' * 3}</article></body></html>"
    assert document(page, form="html", seen="2019-03-28T03:00:00Z").published == "2019-03-27T23:00:00-05:00"
    assert document(page, form="html", seen="2019-03-26T20:00:00Z").published == "2019-03-27T23:00:00-05:00"
    assert document(page, form="html", seen="2019-03-20T08:00:00Z").published is None
    assert (
        document(page, form="html", seen="2019-03-20T08:00:00Z", url="https://example.org/2031/01/05/x").published
        is None
    )


def test_a_time_that_is_none_is_told_as_ignored() -> None:
    body = b'{"text": "x", "published": "25/03/2019", "seen": 1553508000, "author": "Jane Roe"}'
    assert unknown_fields(capture(body, form="json"), body) == ("published", "seen")


def test_json_over_many_lines_is_one_refusal(tmp_path: Path) -> None:
    for name, body in (("a.json", b'{\n  "text": "x"\n}\n'), ("b.jsonl", b'[\n{"text": "x"},\n{"text": "y"}\n]\n')):
        _, refused = found_in(tmp_path / name, body)
        assert len(refused) == 1
        assert "over many lines" in refused[0]


# ------------------------------------------------------------------ feeds


def test_an_entry_of_atom_without_a_day_of_publication_has_that_of_its_change() -> None:
    entry = f"<title>Aircraft</title><id>1</id><updated>2019-03-25T10:00:00Z</updated><summary>{REPORT}</summary>"
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>E</title><entry>{entry}</entry></feed>'
    found = document(feed, form="feed")
    assert (found.published, found.published_basis) == ("2019-03-25T10:00:00Z", "feed")


def test_a_feeds_foot_is_no_text_and_its_own_site_no_origin() -> None:
    item = f"<item><title>A</title><description>&lt;p&gt;{REPORT}&lt;/p&gt;&lt;p&gt;The post A appeared first on "
    feed = (
        f"<rss version='2.0'><channel><title>Example Daily</title>{item}Example Daily.&lt;/p&gt;</description></item>"
    )
    found = document(f"{feed}</channel></rss>", form="feed")
    assert (found.text, found.origin) == (REPORT.strip(), None)


# ------------------------------------------------------------------ letters and marks


@pytest.mark.parametrize(
    ("spoilt", "mended"),
    [
        ("SeÃ±al de MarÃ\xada", "Señal de María"),
        ("Itâ€™s a â€œgreatâ€\x9d day", "It’s a “great” day"),
        ("Ð¼Ð¸Ñ€ here", "мир here"),
        ("It?s over, he said. ?We will stay,? he said.", "It’s over, he said. “We will stay,” he said."),
        ("the country\ufffds army", "the country’s army"),
        ("Is it over? He asked: what? Who?s there, and why?", "Is it over? He asked: what? Who’s there, and why?"),
    ],
)
def test_letters_that_an_encoding_spoilt_are_mended_and_marked(spoilt: str, mended: str) -> None:
    found = document(f"{spoilt} {REPORT}")
    assert found.text == f"{mended} {REPORT}".strip()
    assert undone(found.text, found.repairs) == f"{spoilt} {REPORT}".strip()


@pytest.mark.parametrize(
    "text", ["São Paulo, Âncora and Ãndia.", "What did he say? Nothing.", "Why?that is a slip.", "¿Qué? dijo él, ¿no?"]
)
def test_letters_that_are_right_stay(text: str) -> None:
    assert document(f"{text} {REPORT}").repairs == ()


# ------------------------------------------------------------------ who wrote it first


@pytest.mark.parametrize(
    ("foot", "origin"),
    [
        ("With files from The Associated Press", "Associated Press"),
        ("With files from Reuters and Example News", "Reuters"),
        ("Read more at The Example Post: https://example.org/a", "The Example Post"),
        ("Fuente: EFE", "Agencia EFE"),
        ("Con información de Reuters", "Reuters"),
        ("Источник: Интерфакс", "Interfax"),
        ("(avec AFP)", "Agence France-Presse"),
        ("(dpa)", "Deutsche Presse-Agentur"),
        ("Source: Reuters", "Reuters"),
        ("Another headline about the north", None),
    ],
)
def test_the_foot_of_a_page_names_who_wrote_it(foot: str, origin: str | None) -> None:
    assert document(f"Aircraft land in the north of the country\n\n{REPORT * 3}\n\n{foot}\n").origin == origin


def test_a_page_that_names_another_site_as_its_own_place_was_first_there() -> None:
    link = (
        '<link rel="canonical" href="https://www.reuters.com/world/a"><meta property="og:site_name" content="Example">'
    )
    text = f"<h1>Aircraft land</h1><article>{f'<p>{REPORT}</p>' * 3}</article>"
    page = f"<html><head>{link}</head><body>{text}</body></html>"
    elsewhere = document(page, form="html", url="https://blog.example.org/a")
    assert (elsewhere.source, elsewhere.origin) == ("Example", "Reuters")
    own = document(page, form="html", url="https://www.reuters.com/world/a?x=1")
    assert (own.source, own.origin) == ("Reuters", None)
