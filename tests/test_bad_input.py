"""Bad input is refused with a reason, the rest goes on, and rows out are documents in."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import resource
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

import world
from tocsin.collect.inbox import DEFAULT, Limits, captures
from tocsin.extract import read
from tocsin.records import Capture, Document, Refusal, digest

TEXT = "Two aircraft land in the north\n\nThe ministry said on Monday that two aircraft had landed at the base.\n"
SMALL = Limits(document=1 << 16, unpacked_free=1 << 20)


def outcomes(
    paths: Sequence[Path | str], stdin: bytes | None = None, limits: Limits = DEFAULT
) -> list[Document | Refusal]:
    source = None if stdin is None else io.BytesIO(stdin)
    found: list[Document | Refusal] = []
    for item in captures([str(p) for p in paths], source, limits=limits):
        found += [item] if isinstance(item, Refusal) else read(*item, world.rules())
    return found


def refusals(found: Iterable[Document | Refusal]) -> list[Refusal]:
    return [f for f in found if isinstance(f, Refusal)]


def only(found: Sequence[Document | Refusal]) -> Refusal:
    (refusal,) = found
    assert isinstance(refusal, Refusal), refusal
    assert refusal.step in ("collect", "extract")
    return refusal


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


# ------------------------------------------------------------------ one bad file


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\t\n", "empty"),
        ("empty.jsonl", b"", "empty"),
        ("renamed.txt", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
        ("zipped.txt", b"PK\x03\x04\x14\x00\x00\x00", "ZIP"),
        ("junk.txt", random.Random(1).randbytes(5000), "text"),
        ("nulls.txt", b"\x00" * 5000, "text"),
        ("broken.pdf", b"%PDF-1.7\nnothing follows", "PDF"),
        ("no.pdf", b"plain text", "PDF"),
        ("feed.xml", b"<rss><channel><title>t</title></channel></rss>", "feed"),
        ("page.html", b"<html><body><nav>Home</nav></body></html>", "page"),
        ("mail.eml", b"no header here", "mail"),
        ("plain.warc", b"not an archive", "web archive"),
        ("plain.jsonl.gz", b'{"text":"not packed"}', "gzip"),
    ],
)
def test_a_bad_file_is_one_refusal_that_says_what_was_found(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    path = put(tmp_path, name, data)
    refusal = only(outcomes([path]))
    assert refusal.input.partition("#")[0] == str(path)
    assert told in refusal.reason
    assert "expected" in refusal.reason


def test_latin_1_text_is_read(tmp_path: Path) -> None:
    text = "El ministro llegó a España el lunes por la mañana, según confirmó el señor Muñoz a los periodistas."
    (found,) = outcomes([put(tmp_path, "latin.txt", text.encode("latin-1"))])
    assert isinstance(found, Document)
    assert found.text == text


def test_cyrillic_text_in_an_old_code_page_is_read(tmp_path: Path) -> None:
    text = "Министр заявил в понедельник, что самолеты прибыли на северную базу и скоро улетят."
    (found,) = outcomes([put(tmp_path, "old.txt", text.encode("windows-1251"))])
    assert isinstance(found, Document)
    assert (found.text, found.language) == (text, "ru")


def test_a_path_to_nothing_and_an_unknown_ending_are_refused(tmp_path: Path) -> None:
    put(tmp_path, "table.xlsx", b"PK\x03\x04")
    found = refusals(outcomes([tmp_path / "missing.txt", tmp_path]))
    assert [Path(r.input).name for r in found] == ["missing.txt", "table.xlsx"]


def test_a_device_or_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "pipe" in only(outcomes([tmp_path])).reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads what nobody may read")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "secret.txt", TEXT.encode())
    path.chmod(0)
    assert "permission" in only(outcomes([path])).reason


def test_a_symbolic_link_loop_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", TEXT.encode())
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    found = outcomes([tmp_path])
    assert [Path(f.input).name for f in found] == ["a.txt", "loop", "self"]
    assert len(refusals(found)) == 2


def test_folders_are_read_in_name_order(tmp_path: Path) -> None:
    for name in ("c.txt", "a.txt", "b/z.txt", "b/y.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        put(tmp_path, name, TEXT.encode())
    assert [f.input.removeprefix(f"{tmp_path}/") for f in outcomes([tmp_path])] == [
        "a.txt",
        "b/y.txt",
        "b/z.txt",
        "c.txt",
    ]


# ------------------------------------------------------------------ large input


def test_a_line_of_200_mb_is_passed_over_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    first, last = b'{"id":"first","text":"The minister left."}\n', b'\n{"id":"last","text":"The minister came."}\n'
    with path.open("wb") as file:  # sparse: the hole takes no room on the disk
        file.write(first + b'{"text":"')
        file.seek(200 << 20, os.SEEK_CUR)
        file.write(b'"}' + last)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = outcomes([path])
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert [f.input for f in found] == ["first", f"{path}#1", "last"]
    assert "200 MiB" in refusals(found)[0].reason
    assert grown < 120 << 10  # KiB: far less than the line


def test_a_document_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(200 << 20)
    assert "200 MiB" in only(outcomes([path])).reason


def test_a_decompression_bomb_is_refused(tmp_path: Path) -> None:
    lines = b'{"id":"first","text":"The minister left."}\n' + b" " * (8 << 20) + b"\n"
    path = put(tmp_path, "bomb.jsonl.gz", gzip.compress(lines))
    found = outcomes([path], limits=SMALL)
    assert [f.input for f in found] == ["first", f"{path}#1"]
    assert "bomb" in refusals(found)[0].reason


# ------------------------------------------------------------------ JSON Lines


def test_a_broken_line_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    lines = [
        b'{"id":"a","text":"The minister left."}',
        b'{"id":"b","text":',
        b"[1,2]",
        b'{"id":"c"}',
        b'{"id":"d","text":7}',
        b"\xff\xfe not utf-8",
        b'{"text":"The minister came."}',
    ]
    path = put(tmp_path, "x.jsonl", b"\n".join(lines))
    found = outcomes([path])
    assert len(found) == len(lines)
    assert [f.input for f in found] == ["a", f"{path}#1", f"{path}#2", "c", "d", f"{path}#5", f"{path}#6"]
    assert [isinstance(f, Document) for f in found] == [True, False, False, False, False, False, True]


def test_standard_input_is_read_as_json_lines() -> None:
    found = outcomes(["-"], stdin=b'{"text":"The minister left."}\n\n{"id":"b","text":"He came."}\n')
    assert [f.input for f in found] == ["-#0", "b"]


def test_a_truncated_gzip_keeps_what_stands_before_the_damage(tmp_path: Path) -> None:
    noise = random.Random(2)
    lines = [json.dumps({"id": f"d{n}", "text": f"Report {noise.randbytes(200).hex()} was filed."}) for n in range(200)]
    packed = gzip.compress("\n".join(lines).encode())
    path = put(tmp_path, "cut.jsonl.gz", packed[: len(packed) // 2])
    found = outcomes([path])
    kept = [f for f in found if isinstance(f, Document)]
    assert [f.input for f in kept] == [f"d{n}" for n in range(len(kept))]
    assert 60 < len(kept) < 140
    assert len(refusals(found)) == 1
    assert "damage" in refusals(found)[0].reason


# ------------------------------------------------------------------ web archives


def archive(pages: int, *, packed: bool) -> tuple[bytes, list[int]]:
    """A web archive of small pages, and where each record starts."""
    buffer, starts = io.BytesIO(), []
    writer = WARCWriter(buffer, gzip=packed)
    for n in range(pages):
        starts.append(buffer.tell())
        html = f"<html><head><title>Report {n} from the north</title></head><body><article><p>{TEXT * 3} {n}</p>"
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            f"https://example.org/{n}",
            "response",
            payload=io.BytesIO(f"{html}</article></body></html>".encode()),
            http_headers=headers,
            warc_headers_dict={"WARC-Date": "2019-03-25T10:00:00Z"},
        )
        writer.write_record(record)
    return buffer.getvalue(), starts


@pytest.mark.parametrize("packed", [True, False])
def test_a_web_archive_gives_its_pages_with_address_and_time(tmp_path: Path, packed: bool) -> None:
    data, _ = archive(3, packed=packed)
    found = outcomes([put(tmp_path, "a.warc.gz" if packed else "a.warc", data)])
    assert [(f.url, f.seen) for f in found if isinstance(f, Document)] == [
        (f"https://example.org/{n}", "2019-03-25T10:00:00Z") for n in range(3)
    ]


def test_reading_takes_up_again_after_a_damaged_record(tmp_path: Path) -> None:
    data, starts = archive(4, packed=True)
    middle = (starts[1] + starts[2]) // 2
    damaged = data[:middle] + b"x" * 20 + data[middle + 20 :]
    found = outcomes([put(tmp_path, "a.warc.gz", damaged)])
    urls = [f.url if isinstance(f, Document) else None for f in found]
    assert urls == ["https://example.org/0", None, "https://example.org/2", "https://example.org/3"]


@pytest.mark.parametrize("packed", [True, False])
def test_a_record_whose_type_is_damaged_is_refused_not_skipped(tmp_path: Path, packed: bool) -> None:
    data, starts = archive(3, packed=False)
    header = data[starts[1] :].replace(b"WARC-Type: response", b"WARC-Typ\x00: respXnse", 1)
    damaged = data[: starts[1]] + header
    if packed:
        cuts = [0, starts[1], starts[2], len(damaged)]
        damaged = b"".join(gzip.compress(damaged[a:b]) for a, b in pairwise(cuts))
    found = outcomes([put(tmp_path, "a.warc.gz" if packed else "a.warc", damaged)])
    assert [isinstance(f, Document) for f in found] == [True, False, True]


@pytest.mark.parametrize("packed", [True, False])
def test_a_cut_web_archive_keeps_the_whole_records(tmp_path: Path, packed: bool) -> None:
    data, starts = archive(4, packed=packed)
    found = outcomes([put(tmp_path, "a.warc.gz" if packed else "a.warc", data[: starts[3] + 400])])
    assert [isinstance(f, Document) for f in found] == [True, True, True, False]


# ------------------------------------------------------------------ nothing vanishes


@pytest.mark.parametrize("form", ["text", "html", "feed", "json", "mail", "pdf"])
def test_whatever_the_bytes_are_read_gives_documents_or_refusals(form: str) -> None:
    chance = random.Random(form)
    bodies = [b"", b"\x00", b"<", b"{", b"%PDF-1.4", b"From: x\n\n", b"<html>" * 5000, b"[" * 100_000, b"&" * 50_000]
    bodies += [chance.randbytes(chance.randrange(1, 400)) for _ in range(40)]
    for body in bodies:
        found = read(world.capture(body, form=form), body, world.rules())
        assert found
        assert all(isinstance(f, Document | Refusal) for f in found)
        assert all(f.reason for f in found if isinstance(f, Refusal))


def test_a_capture_is_named_by_the_digest_of_its_bytes(tmp_path: Path) -> None:
    (item,) = captures([str(put(tmp_path, "a.txt", TEXT.encode()))])
    assert isinstance(item, tuple)
    made, body = item
    assert isinstance(made, Capture)
    assert (made.body, made.seen, made.form) == (digest(body), None, "text")
