"""A backup is whole, a restored home sends no old news again, and the public log never forks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pressroom import AREA, COOL, LATER, NOW, out, press_in
from tocsin.home import Home, HomeError, tick
from tocsin.press import Press, write_site
from tocsin.press.backup import back_up, restore
from tocsin.state import Subscriber


@pytest.fixture
def press(tmp_path: Path) -> Press:
    return press_in(tmp_path / "press")


def told(press: Press) -> None:
    """Somebody is to be told of the next bulletin."""
    press.home.state.subscribe(Subscriber("s1", "mail", "reader@example.org", (), NOW, NOW))


def waiting(home: Home) -> int:
    return len(home.state.outbox.take("nobody", LATER, LATER))


def test_a_backup_comes_back_whole_and_goes_on(press: Press, tmp_path: Path) -> None:
    published = out(press, press.propose(AREA, "dora", NOW), "ana", "ben")
    saved, keys = tmp_path / "saved", tmp_path / "keys"
    assert back_up(press.home, saved, keys) == press.home.archive.size
    made = restore(saved, tmp_path / "again", keys)
    assert (made.entries, made.logged, made.taken_over) == (press.home.archive.size, press.log.size, 0)
    assert not made.archive_is_behind
    again = Press(Home.open(tmp_path / "again"))
    again.home.derive()
    assert again.published() == (published,)
    theirs = press.home.root.parent / "keys"
    after = out(again, again.propose(AREA, "dora", LATER), "ana", now=LATER, keys=theirs)
    assert after.replaces == (published.id,)


def test_the_secret_keys_are_apart(press: Press, tmp_path: Path) -> None:
    press.settle()
    back_up(press.home, tmp_path / "saved")
    names = {path.name for path in (tmp_path / "saved").rglob("*")}
    assert not {name for name in names if name.endswith(".key")}
    assert "archive.vkey" in names, "whoever has the copy can check it"
    with pytest.raises(HomeError, match=r"archive\.key"):
        restore(tmp_path / "saved", tmp_path / "again", tmp_path / "nowhere")
    with pytest.raises(HomeError, match="empty folder"):
        back_up(press.home, tmp_path / "saved")


def test_a_damaged_backup_is_refused_when_it_is_made(press: Press, tmp_path: Path) -> None:
    tile = next((press.home.root / "archive" / "tile" / "entries").rglob("*.p/*"))
    data = bytearray(tile.read_bytes())
    data[40] ^= 1
    tile.write_bytes(bytes(data))
    with pytest.raises(HomeError, match="not whole"):
        back_up(press.home, tmp_path / "saved")


def test_a_restored_home_sends_no_old_news_again(press: Press, tmp_path: Path) -> None:
    told(press)
    out(press, press.propose(AREA, "dora", NOW), "ana", "ben")
    assert press.home.state.rows("SELECT count(*) AS n FROM outbox")[0]["n"] == 1, "it was to be sent"
    back_up(press.home, tmp_path / "saved", tmp_path / "keys")
    epoch = press.home.state.epoch
    restore(tmp_path / "saved", tmp_path / "again", tmp_path / "keys")
    again = Press(Home.open(tmp_path / "again"))
    assert again.home.state.epoch == epoch + 1
    assert waiting(again.home) == 0, "what the backup held is not sent again"
    again.home.derive()
    theirs = press.home.root.parent / "keys"
    out(again, again.propose(AREA, "dora", LATER), "ana", now=LATER, keys=theirs)
    assert waiting(again.home) == 1, "new news is"


def test_what_was_published_since_the_backup_is_taken_over_from_the_site(press: Press, tmp_path: Path) -> None:
    told(press)
    first = out(press, press.propose(AREA, "dora", NOW), "ana", "ben")
    back_up(press.home, tmp_path / "saved", tmp_path / "keys")
    second = out(press, press.propose(AREA, "dora", LATER), "ben", now=LATER)
    write_site(press, LATER)
    shutil.copytree(press.home.site, tmp_path / "public")
    made = restore(tmp_path / "saved", tmp_path / "again", tmp_path / "keys", tmp_path / "public")
    again = Press(Home.open(tmp_path / "again"))
    assert made.taken_over == 1
    assert [one.id for one in again.published()] == [first.id, second.id]
    assert again.published()[1] == second
    assert again.log.read().checkpoint == press.log.read().checkpoint  # type: ignore[union-attr]
    assert waiting(again.home) == 0
    again.home.derive()
    taken_back = again.correct(second.id, "ben", "2019-03-25T02:00:00Z", 3, "what we saw since")
    assert taken_back.corrects == second.id, "what was taken over can be corrected too"


def test_another_sites_log_is_refused(press: Press, tmp_path: Path) -> None:
    out(press, press.propose(AREA, "dora", NOW), "ana", "ben")
    back_up(press.home, tmp_path / "saved", tmp_path / "keys")
    other = press_in(tmp_path / "other")
    out(other, other.propose(AREA, "dora", COOL), "ana", "ben")
    write_site(other, COOL, tmp_path / "foreign")
    with pytest.raises(HomeError, match="log"):
        restore(tmp_path / "saved", tmp_path / "again", tmp_path / "keys", tmp_path / "foreign")


def test_an_archive_older_than_what_was_published_from_it_is_named(press: Press, tmp_path: Path) -> None:
    shutil.copytree(press.home.root / "archive", tmp_path / "old")
    keys = tmp_path / "keys"
    press.home.append([tick("2019-03-25T00:05:00Z")])
    press.home.derive()
    out(press, press.propose(AREA, "dora", NOW), "ana", "ben")
    back_up(press.home, tmp_path / "saved", keys)
    shutil.rmtree(tmp_path / "saved" / "archive")
    shutil.copytree(tmp_path / "old", tmp_path / "saved" / "archive")
    assert restore(tmp_path / "saved", tmp_path / "again", keys).archive_is_behind
