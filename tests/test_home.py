"""A kept home from its beginning to its replay, by the command line that people use."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from feedrules import faults
from tocsin.cli.demo import exercise_home
from tocsin.home import Home
from tocsin.publish.capread import read as read_cap

TOCSIN = [sys.executable, "-m", "tocsin"]
REPORT = {
    "id": "one",
    "published": "2019-03-24T18:00:00Z",
    "seen": "2019-03-24T19:00:00Z",
    "source": "Reuters",
    "title": "Two Russian air force planes land in Caracas with troops",
    "text": "CARACAS - Two Russian air force planes landed in Venezuela on Saturday with 99 soldiers, officials said. "
    "The Russian Foreign Ministry denied that Russia had sent troops to Venezuela.",
}


def tocsin(*words: str, home: Path, stdin: str = "", expect: int = 0) -> str:
    environment = os.environ | {"TOCSIN_HOME": str(home), "COLUMNS": "200", "TERM": "dumb"}
    done = subprocess.run([*TOCSIN, *words], input=stdin, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled exercise, archived and derived once for this file."""
    root = tmp_path_factory.mktemp("exercise") / "home"
    exercise_home(root, signed=True)
    return root


def test_a_report_becomes_an_assessment_that_can_be_opened(tmp_path: Path) -> None:
    home = tmp_path / "home"
    tocsin("init", home=home)
    tocsin("ingest", "-", "--as-seen", home=home, stdin=json.dumps(REPORT) + "\n")
    tocsin("derive", home=home)
    told = tocsin("explain", "venezuela", home=home)
    assert "99 soldiers" in told or "99" in told
    assert "archive/warc" in told, "the walk ends at the archived bytes"
    assert "venezuela" in tocsin("check", home=home) or "every byte" in tocsin("check", home=home)


def test_a_document_is_explained_with_its_copies_and_its_story(tmp_path: Path) -> None:
    home = tmp_path / "home"
    tocsin("init", home=home)
    again = REPORT | {"id": "again", "source": "Example Gazette", "published": "2019-03-25"}
    tocsin("ingest", "-", "--as-seen", home=home, stdin=f"{json.dumps(REPORT)}\n{json.dumps(again)}\n")
    tocsin("derive", home=home)
    told = tocsin("explain", "again", home=home)
    assert "copy of" in told
    assert "2 with this text" in told
    assert f"story “{REPORT['title']}”" in told
    assert "2 documents" in told


def test_a_second_init_is_refused_and_nothing_is_lost(tmp_path: Path) -> None:
    home = tmp_path / "home"
    tocsin("init", home=home)
    assert "found one" in tocsin("init", home=home, expect=2)
    assert Home.open(home).archive.size == 1


def test_a_home_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "tocsin init" in tocsin("derive", home=tmp_path / "none", expect=2)


def test_deriving_again_gives_the_same_bytes(exercise: Path) -> None:
    first = b"\n".join(Home.open(exercise).ledger.export())
    (exercise / "ledger.db").unlink()
    (exercise / "work.db").unlink()
    home = Home.open(exercise)
    home.derive(jobs=2)
    assert b"\n".join(home.ledger.export()) == first


def test_replay_gives_what_was_concluded_then(exercise: Path) -> None:
    then = tocsin("replay", "--as-of", "2019-03-28", "--json", home=exercise)
    assert tocsin("replay", "--as-of", "2019-03-28", "--json", home=exercise) == then
    stood = [j for j in Home.open(exercise).ledger.judgements("venezuela") if j.as_of <= "2019-03-28T23:59:59Z"]
    told = next(a for a in json.loads(then)["areas"] if a["id"] == "venezuela")
    assert (told["level"], told["war"]["p"]) == (stood[-1].level, stood[-1].war.p)


def test_what_came_later_does_not_change_what_was_known(exercise: Path, tmp_path: Path) -> None:
    """No look-ahead: the same replay from an archive that ends earlier."""
    shutil.copytree(exercise, tmp_path / "shorter")
    home = Home.open(tmp_path / "shorter")
    whole = [a.overall for a in home.assessments() if a.as_of < "2019-02-10"]
    cut = [a.overall for a in home.assessments(home.archive.as_of("2019-02-10T23:59:59Z")) if a.as_of < "2019-02-10"]
    assert whole == cut


def test_hindsight_says_so(exercise: Path) -> None:
    row = json.loads(tocsin("rejudge", "--as-of", "2019-03-28", "--json", home=exercise))
    assert row["hindsight"] is True
    assert "HINDSIGHT" in tocsin("rejudge", "--as-of", "2019-03-28", home=exercise)


def test_adopting_the_same_rules_twice_is_one_entry(tmp_path: Path) -> None:
    home = tmp_path / "home"
    tocsin("init", home=home)
    assert "already decide" in tocsin("adopt", home=home)
    assert Home.open(home).archive.size == 1


def test_an_exercise_says_so_on_everything_it_shows(exercise: Path) -> None:
    tocsin("site", home=exercise)
    pages = sorted((exercise / "site").rglob("*.html"))
    assert len(pages) > 50
    assert [p for p in pages if "EXERCISE" not in p.read_text("utf-8")] == []
    status = json.loads((exercise / "site" / "status.json").read_text("utf-8"))
    assert (status["exercise"], status["status"]) == (True, "exercise")
    feeds = [*(exercise / "site").rglob("*.atom"), *(exercise / "site").rglob("*.rss")]
    assert len(feeds) > 20
    for feed in feeds:
        titles = re.findall(r"<title>([^<]*)", feed.read_text("utf-8"))
        assert [title for title in titles if not title.startswith("EXERCISE: ")] == [], feed
        assert faults(feed.read_bytes()) == set(), feed


def test_an_exercise_sends_cap_messages_that_hold(exercise: Path) -> None:
    tocsin("site", home=exercise)
    folder = exercise / "site" / "cap"
    certificate = (folder / "certificate.pem").read_bytes()
    messages = [read_cap(path.read_bytes(), certificate=certificate, profile=True) for path in folder.glob("*.xml")]
    assert {message.status for message in messages} == {"Exercise"}
    assert {message.kind for message in messages} >= {"Alert", "Update"}
    assert [path.name for path in folder.glob("*.atom")] == ["exercise.atom"]


def test_the_timeline_names_the_rule_that_decided(exercise: Path) -> None:
    rows = [json.loads(line) for line in tocsin("timeline", "venezuela", "--json", home=exercise).splitlines()]
    assert len(rows) > 30
    assert all(row["decided_by"]["rule"] for row in rows)


def test_the_timeline_holds_the_machines_levels_and_the_signed_ones(exercise: Path) -> None:
    rows = [json.loads(line) for line in tocsin("timeline", "venezuela", "--json", home=exercise).splitlines()]
    signed = [row for row in rows if "published" in row]
    assert len(signed) >= 3
    assert all(row["signed_level"] == row["published"]["level"] for row in signed)
    judged = [row for row in rows if "published" not in row]
    assert judged[0]["signed_level"] is None, "before the first nobody had signed any"
    assert judged[-1]["signed_level"] == signed[-1]["signed_level"]
    assert "signed by ana" in tocsin("timeline", "venezuela", home=exercise)
