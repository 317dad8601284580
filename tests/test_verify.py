"""A stranger checks a bulletin with the log's public key alone: `tocsin verify` on a copy of the site."""

from __future__ import annotations

import gzip
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pressroom import out, with_people
from tocsin.archive.note import Signer
from tocsin.cli.demo import exercise_home
from tocsin.home import Home
from tocsin.press.website import write_site

HOLD = ["log", "signatures", "signers", "files", "words", "alert", "judged again"]


class Site:
    """A site with one signed bulletin, and the key that its watch publishes."""

    def __init__(self, folder: Path, bulletin: str, key: str) -> None:
        self.folder, self.bulletin, self.key = folder, bulletin, key

    def file(self, part: str) -> Path:
        return self.folder / "bulletin" / f"{self.bulletin}.{part}"

    def verify(self, *words: str, target: str = "", key: str = "") -> tuple[int, dict[str, dict[str, Any]], str]:
        command = [sys.executable, "-m", "tocsin", "verify", target or str(self.file("json")), "--json"]
        environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        done = subprocess.run(
            [*command, "--key", key or self.key, *words], capture_output=True, text=True, env=environment, check=False
        )
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return done.returncode, {row["name"]: row for row in rows}, done.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Site:
    root = tmp_path_factory.mktemp("watch")
    exercise_home(root / "home")
    home = Home.open(root / "home")
    latest = home.ledger.latest_assessment()
    assert latest is not None
    press = with_people(home, root / "keys", latest.as_of)
    draft = press.propose("venezuela", "ana", latest.as_of)
    published = out(press, draft, "ana", "ben", now=latest.as_of, keys=root / "keys")
    write_site(press, latest.as_of, root / "site")
    return Site(root / "site", published.id, press.log.verifier.vkey)


@pytest.fixture
def site(made: Site, tmp_path: Path) -> Site:
    """A copy that a test may spoil."""
    shutil.copytree(made.folder, tmp_path / "site")
    return Site(tmp_path / "site", made.bulletin, made.key)


def test_everything_holds_with_nothing_but_the_key(made: Site) -> None:
    code, checks, _ = made.verify()
    assert {name: check["holds"] for name, check in checks.items()} == dict.fromkeys(HOLD, True), checks
    assert code == 0


def test_a_copy_of_the_page_elsewhere_needs_no_home_and_no_other_file(site: Site, tmp_path: Path) -> None:
    key = tmp_path / "log.vkey"
    key.write_text(site.key + "\n")
    assert site.verify(target=str(site.file("html")), key=str(key))[0] == 0


def _flip(path: Path, pattern: bytes) -> None:
    """Change the digit that the pattern's group matches first."""
    data = path.read_bytes()
    found = re.search(pattern, data)
    assert found, pattern
    other = b"4" if found[1] != b"4" else b"5"
    path.write_bytes(data[: found.start(1)] + other + data[found.end(1) :])


@pytest.mark.parametrize(
    ("part", "pattern", "check"),
    [
        ("json", rb'"level":(\d)', "log"),
        ("json", rb'"level":(\d)', "signatures"),
        ("text.txt", rb"level (\d)", "files"),
        ("evidence.json", rb"sha25(6):", "files"),
        ("alert.xml", rb">(\d)<", "alert"),
        ("tlog-proof", rb"index (\d)", "log"),
    ],
)
def test_one_changed_digit_is_found(site: Site, part: str, pattern: bytes, check: str) -> None:
    _flip(site.file(part), pattern)
    code, checks, _ = site.verify()
    assert (code, checks[check]["holds"]) == (1, False), checks


def test_a_dossier_that_leaves_something_out_is_found(site: Site) -> None:
    path = site.file("dossier.jsonl.gz")
    lines = gzip.decompress(path.read_bytes()).split(b"\n")
    path.write_bytes(gzip.compress(b"\n".join(lines[:5] + lines[6:]), mtime=0))
    code, checks, _ = site.verify()
    assert (code, checks["judged again"]["holds"]) == (1, False)


def test_other_rules_under_the_same_name_are_found(site: Site) -> None:
    (bundle,) = (site.folder / "rules").glob("*.json")
    bundle.write_bytes(bundle.read_bytes() + b" ")
    code, checks, _ = site.verify()
    assert (code, checks["judged again"]["holds"], checks["words"]["holds"]) == (1, False, False)


def test_a_log_that_lost_an_entry_is_found(site: Site) -> None:
    (bundle,) = (site.folder / "log/tile/entries").rglob("*[0-9]")
    data = bundle.read_bytes()
    bundle.write_bytes(data[2 + int.from_bytes(data[:2], "big") :])
    code, checks, _ = site.verify()
    assert (code, checks["signers"]["holds"]) == (1, False)


def test_another_watch_has_another_key(site: Site) -> None:
    name = site.key.split("+")[0]
    code, checks, _ = site.verify(key=Signer.make(name).verifier.vkey)
    assert (code, checks["log"]["holds"]) == (1, False)


def test_what_is_not_there_is_absent_and_not_wrong(site: Site) -> None:
    site.file("dossier.jsonl.gz").unlink()
    site.file("evidence.json").unlink()
    code, checks, _ = site.verify()
    assert (code, checks["judged again"]["holds"], checks["files"]["holds"]) == (0, None, None)


def test_names_in_a_manifest_do_not_lead_out_of_the_site(site: Site) -> None:
    manifest = json.loads(site.file("json").read_bytes())
    manifest["body"]["attachments"][0]["name"] = "x/../../../../home/home.toml"
    site.file("json").write_text(json.dumps(manifest))
    code, checks, _ = site.verify()
    assert code == 1
    assert checks["files"]["holds"] is None


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"type":"tocsin/published/1"}', b"\xff\xfe"])
def test_what_is_no_manifest_is_told(site: Site, content: bytes) -> None:
    site.file("json").write_bytes(content)
    code, _, said = site.verify()
    assert code == 2
    assert "expected" in said


def test_a_key_that_is_none_is_told(made: Site) -> None:
    code, _, said = made.verify(key="no key")
    assert code == 2
    assert "public key" in said


@pytest.fixture
def served(made: Site) -> Iterator[str]:
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(made.folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/bulletin/{made.bulletin}.json"
        server.shutdown()


def test_an_address_does_as_well_as_a_file(made: Site, served: str) -> None:
    code, checks, _ = made.verify("--allow-private", target=served)
    assert (code, {check["holds"] for check in checks.values()}) == (0, {True})
    assert made.verify(target=served)[0] == 2, "an address of a private network is not asked without leave"


def test_the_docs_say_what_each_check_shows() -> None:
    told = (Path(__file__).parent.parent / "docs/check.md").read_text("utf-8")
    assert re.findall(r"^\| `([a-z ]+)` \|", told, re.MULTILINE) == HOLD
