"""Whatever a page does, it gives a document or a refusal, soon and in little memory."""

from __future__ import annotations

import gzip
import io
import os
import random
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

import world
from tocsin.collect.inbox import captures
from tocsin.derive import work
from tocsin.extract import read, skim
from tocsin.group import Grouping
from tocsin.records import Capture, Document, Refusal, Work
from tocsin.rules import Rules
from tocsin.spread import isolated, spread, suspicious

WORDS = "Two transport aircraft of Freedonia landed at the northern base on Monday, the defence ministry said. "
PAGE = (
    "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Aircraft land | Example Daily</title>"
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Aircraft land",'
    '"author":[{"name":"Jane Roe"}],"datePublished":"2019-03-25T10:00:00Z"}</script>'
    '<meta property="og:title" content="Aircraft land &amp; leave"></head>'
    "<body><nav><a href='/'>Home</a></nav><article><h1>Aircraft land</h1><p class='byline'>By Jane Roe</p>"
    + "".join(f"<p>{n} {WORDS}</p><ul><li>One point</li></ul><table><tr><td>{n}</td></tr></table>" for n in range(12))
    + "</article><footer>© 2019 Example Daily</footer></body></html>"
).encode()
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Example Daily</title>'
    + f"<item><title>Aircraft land</title><link>https://example.org/1</link><description>{WORDS}</description></item>"
    * 5
    + "</channel></rss>"
).encode()
MAIL = f"From: Jane Roe <jane@example.org>\nSubject: Aircraft\nContent-Type: text/plain\n\n{WORDS * 5}\n".encode()
SHOWN = f"({WORDS}) Tj T* " * 5
PDF = (
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
    f"4 0 obj<</Length {len(WORDS) * 5 + 200}>>stream\nBT /F1 8 Tf 12 TL 20 700 Td {SHOWN} ET\nendstream"
    " endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
).encode()
BASES = {
    "html": PAGE,
    "feed": FEED,
    "mail": MAIL,
    "text": (WORDS * 20).encode(),
    "json": b'{"html": "<p>x</p>", "id": "a"}',
    "pdf": PDF,
}
Made = tuple[str, bytes]


def mutated(chance: random.Random) -> Made:
    form, body = chance.choice(list(BASES.items()))
    data = bytearray(body)
    for _ in range(chance.randrange(1, 30)):
        at = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.randrange(1, 40)]
            case 2:
                data[at:at] = data[at : at + chance.randrange(1, 400)]
            case _:
                data[at:at] = chance.choice(
                    [b"<", b">", b"\0", b"&#0;", b"&lt;", b"<!--", b"]]>", b"\xff\xfe", b"<p>", b'"']
                )
        if not data:
            break
    return form, bytes(data)


def truncated(chance: random.Random) -> Made:
    form, body = chance.choice(list(BASES.items()))
    return form, body[: chance.randrange(len(body))]


def nested(chance: random.Random) -> Made:
    tag = chance.choice(["div", "b", "span", "table><tr><td", "ul><li", "blockquote", "font", "a href=x"])
    depth = chance.choice([50, 300, 3_000, 30_000, 100_000])
    return "html", b"<html><body>" + f"<{tag}>".encode() * depth + WORDS.encode() * 3


def long(chance: random.Random) -> Made:
    piece = chance.choice(
        [
            f"<p>{WORDS}</p>",
            f"<a href=/x>{WORDS}</a>",
            f"{WORDS[:30]}<br>",
            "<p>a",
            "<td>x",
            WORDS,
            "A b ",
            "(x) ",
            "“",
            "12:30 ",
        ]
    )
    return chance.choice(["html", "text"]), (piece * chance.choice([200, 3_000, 20_000])).encode()


def miscoded(chance: random.Random) -> Made:
    text = PAGE.decode() + "Министр заявил в понедельник. El señor llegó. 航空機が着陸した。"
    return "html", text.encode(
        chance.choice(["utf-16", "utf-32", "cp1251", "latin-1", "shift_jis", "cp500", "utf-7"]), "replace"
    )


def nulls(chance: random.Random) -> Made:
    form, body = chance.choice(list(BASES.items()))
    return form, body.replace(b" ", b"\0" * chance.randrange(1, 4)) + b"\0" * chance.choice([0, 1_000, 1_000_000])


def bomb(chance: random.Random) -> Made:
    levels = range(chance.randrange(3, 12))
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in levels)
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "aaaaaaaaaa">{entities}]>'
    encoding = chance.choice(["utf-8", "utf-16"])
    body = f"{head}<rss><channel><title>&e{levels[-1]};</title><item><title>&e3;</title></item></channel></rss>"
    return chance.choice(["feed", "html"]), body.encode(encoding)


def huge(chance: random.Random) -> Made:
    """Fifty megabytes, now and then; otherwise what is just small enough not to be refused at once."""
    size = 50_000_000 if chance.random() < 0.02 else chance.choice([4_000_000, 8_000_000])
    piece = chance.choice([f"<p>{WORDS}</p>", WORDS, "<", "x", "<!--", "&amp;", "\n", "é ", '{"a":['])
    return chance.choice(["html", "text", "feed", "mail", "json"]), (piece * (size // len(piece))).encode()[:size]


def noise(chance: random.Random) -> Made:
    return chance.choice(list(BASES)), chance.randbytes(chance.randrange(1, 3_000))


KINDS: tuple[Callable[[random.Random], Made], ...] = (
    *(mutated, truncated, nested, long, miscoded, nulls, bomb, noise) * 5,
    huge,
)


def made(count: int, seed: int) -> Iterator[tuple[Capture, bytes]]:
    chance = random.Random(seed)
    for n in range(count):
        form, body = KINDS[n % len(KINDS)](chance)
        yield world.capture(body, form=form, input=f"{KINDS[n % len(KINDS)].__name__}-{seed}-{n}"), body


def measured(
    capture: Capture, body: bytes, rules: Rules
) -> tuple[tuple[tuple[Document | Refusal, ...], float, int], ...]:
    """What was read, the seconds it took and the peak memory of its process (MiB)."""
    start = time.process_time()
    found = read(capture, body, rules)
    return ((found, time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10),)


def test_two_hundred_hostile_pages_are_documents_or_refusals() -> None:
    pages = list(made(200, seed=1))
    outcomes = list(spread(pages, world.rules(), read))
    assert len(outcomes) == len(pages)
    told = [refusal.reason for found in outcomes for refusal in found if isinstance(refusal, Refusal)]
    assert all(outcomes)
    assert [reason for reason in told if "fault in tocsin" in reason or "crashed" in reason or "longer" in reason] == []
    assert 20 < sum(any(isinstance(d, Document) for d in found) for found in outcomes) < 180


def containers(count: int, seed: int, folder: Path) -> Iterator[str]:
    """Damaged files of many records: WARC and JSON Lines, packed and plain."""
    plain, packed = io.BytesIO(), io.BytesIO()
    for file in (plain, packed):
        writer = WARCWriter(file, gzip=file is packed)
        for n in range(6):
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            address = f"https://example.org/{n}"
            record = writer.create_warc_record(address, "response", payload=io.BytesIO(PAGE), http_headers=headers)
            writer.write_record(record)
    lines = BASES["json"] * 2 + b"\n" + (BASES["json"] + b"\n") * 20
    bases = {"a.warc": plain.getvalue(), "a.warc.gz": packed.getvalue()}
    bases |= {"a.jsonl": lines, "a.jsonl.gz": gzip.compress(lines)}
    chance = random.Random(seed)
    for n in range(count):
        name, body = chance.choice(list(bases.items()))
        data = bytearray(body)
        for _ in range(chance.randrange(1, 12)):
            at = chance.randrange(len(data) + 1)
            data[at : at + chance.randrange(1, 60)] = chance.choice([b"", b"\0", b"\r\n\r\n", chance.randbytes(9)])
        path = folder / f"{n}-{name}"
        path.write_bytes(data)
        yield str(path)


def read_container(path: str) -> list[Document | Refusal]:
    found: list[Document | Refusal] = []
    for item in captures([path]):
        found += [item] if isinstance(item, Refusal) else read(*item, world.rules())
    return found


def skim_measured(
    capture: Capture, body: bytes, rules: Rules
) -> tuple[tuple[tuple[Document | Refusal, ...], float, int], ...]:
    """The same for reading in bulk."""
    start = time.process_time()
    found = skim(capture, body, rules)
    return ((found, time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10),)


def test_damaged_containers_give_what_can_be_read(tmp_path: Path) -> None:
    found = [read_container(path) for path in containers(40, 1, tmp_path)]
    assert all(found)
    assert any(isinstance(one, Document) for those in found for one in those)


def test_hostile_texts_are_grouped_and_interpreted_without_a_fault() -> None:
    pages = [(capture, body) for capture, body in made(150, seed=2) if len(body) < 8_000]
    chance = random.Random(3)
    signs = [chr(n) for n in (*range(32, 127), *range(0x400, 0x450), 0x200F, 0x301, 0x4E00, 0x1F6A8, 0xFFFD, 10, 160)]
    for n in range(40):
        body = "".join(chance.choices([*signs, *WORDS.split(), " "], k=chance.randrange(1, 600))).encode()
        pages.append((world.capture(body, form="text", input=f"signs-{n}"), body))
    grouping = Grouping(world.rules())
    for outcomes in spread(pages, world.rules(), work):
        for one in outcomes:
            if isinstance(one, Refusal):
                assert "fault in tocsin" not in one.reason
            elif isinstance(one, Work):
                assert grouping.add(one.document).family
    grouping.review(None)


@pytest.mark.prove
@pytest.mark.parametrize("part", range(10))
def test_a_thousand_of_ten_thousand_hostile_pages_stay_within_two_seconds_and_a_gigabyte(
    part: int, tmp_path: Path
) -> None:
    seed = 1_000 * int(os.environ.get("TOCSIN_SEED", "7")) + part
    step = skim_measured if part >= 8 else measured
    outcomes: list[Any] = [found for (found,) in spread(made(900, seed), world.rules(), step, jobs=2)]
    assert len(outcomes) == 900
    assert [o for o in outcomes if isinstance(o, Refusal)] == []
    slow = [(found, seconds) for found, seconds, _ in outcomes if seconds >= 2]
    assert slow == []
    assert max(memory for _, _, memory in outcomes) < 1024
    for path in containers(100, seed, tmp_path):
        start = time.process_time()
        assert read_container(path)
        assert time.process_time() - start < 12  # six pages


# ------------------------------------------------------------------ the net below


def endless(capture: Capture, body: bytes, rules: Rules) -> tuple[Document | Refusal, ...]:
    while True:
        pass


def hungry(capture: Capture, body: bytes, rules: Rules) -> tuple[Document | Refusal, ...]:
    return (Refusal("", "read", str(len(bytearray(4 << 30)))),)


def crashing(capture: Capture, body: bytes, rules: Rules) -> tuple[Document | Refusal, ...]:
    os._exit(9)


@pytest.mark.parametrize(("step", "told"), [(endless, "longer"), (hungry, "memory"), (crashing, "crashed")])
def test_a_library_that_hangs_eats_or_crashes_costs_one_capture(
    step: Callable[..., tuple[Refusal, ...]], told: str
) -> None:
    body = b"<p>" * 20_000
    capture = world.capture(body, form="html", input="bad.html")
    assert suspicious(capture, body)
    (refusal,) = isolated(step, capture, body, world.rules(), seconds=1)
    assert isinstance(refusal, Refusal)
    assert told in refusal.reason
    good = (world.capture(PAGE, form="html", input="good.html"), PAGE)
    assert [len(found) for found in spread([(capture, body), good], world.rules(), read)] == [1, 1]
    assert not suspicious(*good)
