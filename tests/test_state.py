"""What can't be derived is kept, erased on request, backed up whole, and never sent twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from clusters import cluster, programs
from tocsin.state import Credential, Delivery, Person, State, StateError, Subscriber

NOW, LATER, LATEST = "2019-03-24T00:00:00Z", "2019-03-24T00:05:00Z", "2019-03-25T00:00:00Z"


@pytest.fixture(scope="session")
def postgres_state() -> Iterator[str]:
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL's initdb and pg_ctl are not installed (Debian: postgresql)")
    with cluster(folder) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> State:
    if request.param == "sqlite":
        return State(f"sqlite:///{tmp_path / 'state.db'}")
    server: str = request.getfixturevalue("postgres_state")
    with create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    return State(server)


@pytest.fixture
def kept(tmp_path: Path) -> State:
    return State(f"sqlite:///{tmp_path / 'state.db'}")


def delivery(recipient: str, bulletin: str = "b1", not_after: str = LATEST) -> Delivery:
    return Delivery(bulletin, "mail", recipient, f"<{bulletin}.{recipient}@example.org>", 0, not_after)


# ------------------------------------------------------------------ what collectors remember


def test_collectors_remember_pages_and_validators(state: State) -> None:
    memory = state.memory
    assert not memory.has("https://a.example/1")
    memory.remember("https://a.example/1", NOW)
    memory.remember("https://a.example/1", LATER)
    assert memory.has("https://a.example/1")
    assert memory.validators("https://a.example/feed") == (None, None)
    memory.fetched("https://a.example/feed", '"e1"', None, NOW)
    memory.fetched("https://a.example/feed", '"e2"', "Sun, 24 Mar 2019 00:00:00 GMT", LATER)
    assert memory.validators("https://a.example/feed") == ('"e2"', "Sun, 24 Mar 2019 00:00:00 GMT")
    assert memory.last_fetched("https://a.example/feed") == LATER


# ------------------------------------------------------------------ people, keys, subscribers


def test_a_person_and_their_keys_can_be_erased(state: State) -> None:
    state.add_person(Person("anna", "Anna", "analyst", NOW))
    state.add_credential(Credential("k1", "anna", "pem", 0, "blue key", NOW, None))
    assert state.people() == (Person("anna", "Anna", "analyst", NOW),)
    assert state.erase_person("anna")
    assert state.people() == state.credentials("anna") == ()  # type: ignore[comparison-overlap]
    assert not state.erase_person("anna")


def test_a_keys_counter_must_rise_and_a_revoked_key_signs_nothing(state: State) -> None:
    state.add_person(Person("anna", "Anna", "approver", NOW))
    state.add_credential(Credential("k1", "anna", "pem", 4, "", NOW, None))
    assert state.used("k1", 5)
    assert not state.used("k1", 5)
    assert not state.used("k1", 3)
    assert state.credentials("anna")[0].uses == 5
    assert state.revoke("k1", LATER)
    assert not state.used("k1", 6)
    assert not state.revoke("k1", LATEST)


def test_nothing_is_sent_to_whom_did_not_confirm_or_asked_for_another_area(state: State) -> None:
    assert state.subscribe(Subscriber("s1", "mail", "a@example.org", (), NOW, None))
    assert state.subscribe(Subscriber("s2", "mail", "b@example.org", ("korea",), NOW, None))
    assert not state.subscribe(Subscriber("s3", "mail", "a@example.org", (), NOW, None))
    assert state.subscribers("mail", "korea") == ()
    assert state.confirm("s1", LATER)
    assert state.confirm("s2", LATER)
    assert not state.confirm("s2", LATEST)
    assert [s.id for s in state.subscribers("mail", "korea")] == ["s1", "s2"]
    assert [s.id for s in state.subscribers("mail", "venezuela")] == ["s1"]
    state.outbox.put([delivery("s1")], NOW)
    assert state.erase_subscriber("s1")
    assert state.outbox.counts("b1") == {}
    assert [s.id for s in state.subscribers("mail", "korea")] == ["s2"]


# ------------------------------------------------------------------ the outbox


def test_a_delivery_is_queued_once_leased_once_and_ended_once(state: State) -> None:
    box = state.outbox
    assert box.put([delivery("s1"), delivery("s2")], NOW) == 2
    assert box.put([delivery("s2"), delivery("s3")], NOW) == 1
    taken = box.take("sender-1", NOW, LATER)
    assert [d.recipient for d in taken] == ["s1", "s2", "s3"]
    assert box.take("sender-2", NOW, LATER) == ()
    assert box.end(taken[0], "sent", NOW)
    assert not box.end(taken[0], "sent", NOW)
    assert box.retry(taken[1], "2019-03-24T06:00:00Z")
    after = box.take("sender-2", "2019-03-24T00:06:00Z", LATEST)  # the first sender died with its lease
    assert [(d.recipient, d.attempts) for d in after] == [("s3", 2)]
    assert after[0].message_id == taken[2].message_id
    assert box.counts("b1") == {"sent": 1, "waiting": 2}


def test_what_is_too_old_lapses_and_is_not_sent(state: State) -> None:
    state.outbox.put([delivery("s1", not_after=NOW), delivery("s2")], NOW)
    assert [d.recipient for d in state.outbox.take("sender", LATER, LATEST)] == ["s2"]
    assert state.outbox.counts("b1") == {"lapsed": 1, "waiting": 1}


# ------------------------------------------------------------------ schema and backup


def test_a_state_is_migrated_once_and_a_newer_one_is_refused(tmp_path: Path, kept: State) -> None:
    kept.memory.remember("https://a.example/1", NOW)
    again = State(f"sqlite:///{tmp_path / 'state.db'}")
    assert again.schema == kept.schema > 0
    assert again.memory.has("https://a.example/1")
    again.change("INSERT INTO migration VALUES (999)")
    with pytest.raises(StateError, match="update tocsin"):
        State(f"sqlite:///{tmp_path / 'state.db'}")


def test_a_migration_that_fails_leaves_the_state_as_it_was(
    tmp_path: Path, kept: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tocsin import state as module

    number = kept.schema
    bad = (*module._MIGRATIONS, ("CREATE TABLE half (x TEXT)", "CREATE NONSENSE"))
    monkeypatch.setattr(module, "_MIGRATIONS", bad)
    with pytest.raises(StateError):
        State(f"sqlite:///{tmp_path / 'state.db'}")
    monkeypatch.undo()
    good = State(f"sqlite:///{tmp_path / 'state.db'}")
    assert good.schema == number
    assert good.rows("SELECT name FROM sqlite_master WHERE name = 'half'") == []


def test_a_restored_backup_is_whole_and_sends_no_old_news(tmp_path: Path, kept: State) -> None:
    kept.add_person(Person("anna", "Anna", "analyst", NOW))
    kept.outbox.put([delivery("s1")], NOW)
    kept.backup(tmp_path / "backup.db")
    assert (tmp_path / "backup.db").stat().st_mode & 0o777 == 0o600
    kept.add_person(Person("ben", "Ben", "analyst", LATER))
    restored = State.restore(tmp_path / "backup.db", tmp_path / "restored.db")
    assert [p.id for p in restored.people()] == ["anna"]
    assert restored.epoch == kept.epoch + 1
    assert restored.outbox.take("sender", NOW, LATER) == ()
    restored.outbox.put([delivery("s1", bulletin="b2")], NOW)
    assert [d.bulletin for d in restored.outbox.take("sender", NOW, LATER)] == ["b2"]
    with pytest.raises(StateError, match="exists"):
        State.restore(tmp_path / "backup.db", tmp_path / "restored.db")


def test_a_damaged_backup_is_refused_and_nothing_is_put_in_its_place(tmp_path: Path, kept: State) -> None:
    kept.backup(tmp_path / "backup.db")
    whole = (tmp_path / "backup.db").read_bytes()
    (tmp_path / "backup.db").write_bytes(whole[:4096] + bytes(4096) + whole[8192:])
    with pytest.raises(StateError):
        State.restore(tmp_path / "backup.db", tmp_path / "restored.db")
    assert not (tmp_path / "restored.db").exists()


def test_a_backup_taken_while_others_write_is_one_state(tmp_path: Path, kept: State) -> None:
    writer = sqlite3.connect(tmp_path / "state.db")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO page VALUES ('https://half.example', ?)", (NOW,))
    kept.backup(tmp_path / "backup.db")
    writer.commit()
    writer.close()
    copy = State.restore(tmp_path / "backup.db", tmp_path / "copy.db")
    assert not copy.memory.has("https://half.example")
    assert kept.memory.has("https://half.example")


def test_news_for_one_recipient_keeps_its_order_and_pulls_what_is_older_along(state: State) -> None:
    box = state.outbox
    box.put([delivery("s1"), delivery("s2")], NOW)
    first, second = box.take("sender", NOW, LATER)
    assert box.retry(first, LATEST)
    assert box.end(second, "sent", NOW)
    box.put([delivery("s1", bulletin="b2"), delivery("s2", bulletin="b2")], NOW)
    taken = box.take("sender", NOW, LATER)
    assert [(d.bulletin, d.recipient) for d in taken] == [("b1", "s1"), ("b2", "s2")]
    assert box.take("sender", NOW, LATER) == ()  # the correction waits for what it corrects
    assert box.end(taken[0], "superseded", NOW)
    assert [d.bulletin for d in box.take("sender", NOW, LATER)] == ["b2"]
    assert box.totals() == {"b1": {"mail": {"sent": 1, "superseded": 1}}, "b2": {"mail": {"waiting": 2}}}


def test_a_recipient_who_asked_for_time_gets_it(state: State) -> None:
    box = state.outbox
    box.put([delivery("s1")], NOW)
    (first,) = box.take("sender", NOW, NOW)
    assert box.retry(first, LATER, kept=True)
    box.put([delivery("s1", bulletin="b2")], NOW)
    assert box.take("sender", NOW, NOW) == ()
    assert [d.bulletin for d in box.take("sender", LATEST, LATEST)] == ["b1"]


def test_what_a_dead_sender_held_is_free_for_the_next(state: State) -> None:
    box = state.outbox
    box.put([delivery("s1")], NOW)
    assert len(box.take("dead", NOW, LATEST)) == 1
    assert box.take("next", NOW, LATEST) == ()
    assert box.reclaim() == 1
    (again,) = box.take("next", NOW, LATEST, channel="mail")
    assert again.attempts == 2
    assert again.message_id == delivery("s1").message_id
