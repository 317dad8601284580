"""The ledger can be deleted and derived again to the byte, on SQLite and PostgreSQL; readers never wait."""

from __future__ import annotations

import dataclasses
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from clusters import cluster, programs
from tocsin.database import DatabaseError, Words, check_journal
from tocsin.ledger import TABLES, Ledger, LedgerError, Record
from tocsin.records import (
    Actor,
    Assessment,
    Bulletin,
    Coverage,
    Document,
    Finding,
    Judgement,
    Membership,
    Observation,
    Overall,
    Probability,
    Quantity,
    Reason,
    Recipe,
    Refusal,
    Statement,
    StoryLink,
    Trigger,
    Value,
    canonical,
)
from world import document

Stream = list[tuple[int, Record]]
NOBODY = Actor(None, None, None, "nobody", None, None)
CALM = Reason("default", "Nothing speaks for more than 5.")
RECIPE = Recipe("sha256:c", "sha256:r", "sha256:e")


def member(page: Document, family: str) -> Membership:
    return Membership(page.key, None, None, "alone", family, "s1")


def statement(page: Document, n: int, sentence: str) -> Statement:
    return Statement(
        key=f"{page.key}.{n}",
        document=page.key,
        span=(0, len(sentence)),
        text=sentence,
        type="AID",
        mode=None,
        topics=("military",),
        trigger=Trigger("sent", (3, 7)),
        source=(NOBODY,),
        target=(),
        place=(),
        when=None,
        quantities=(Quantity("0.1 t", (8, 13), 0.1, None, "tonne", None, False),),
        materiel=(),
        modality="actual",
        stance="asserted",
        time="current",
        attribution=None,
        rule="test",
    )


def finding(key: str, asserted: tuple[str, ...], origins: int) -> Finding:
    return Finding(
        key=key,
        area="venezuela",
        summary="who sent what",
        type="AID",
        source=(NOBODY,),
        target=(),
        place=(),
        when=None,
        time="current",
        modality="actual",
        asserted=asserted,
        denied=(),
        unverified=(),
        origins=origins,
        witnesses=("reuters",),
        grade="B2",
        values=(Value("soldier", 99.0, None, "person", "reuters", asserted[0]),),
        first_seen="2019-03-24T00:00:00Z",
        last_seen="2019-03-24T00:00:00Z",
        weak=None,
    )


def judgement(as_of: str, area: str, level: int | None) -> Judgement:
    chance = Probability(0.004, 0.001, 0.3, 30, "1 in 250")
    return Judgement(
        as_of=as_of,
        area=area,
        name=area.title(),
        status="assessed",
        level=level,
        colour=None,
        phrase="calm",
        previous=None,
        war=chance,
        nuclear=chance,
        confidence="low",
        confidence_text="one origin",
        coverage=Coverage("thin", 1, 1),
        observations=(Observation("N1", area, "off", 1e-9, (), "nothing"),),
        decided_by=CALM,
        reasons_for=(),
        reasons_against=(CALM,),
        contradictions=(),
        missing=(),
        would_raise=(),
        would_lower=(),
        hypotheses=(),
        expires=None,
    )


def assessment(as_of: str, findings: tuple[Finding, ...], level: int) -> Assessment:
    judged = (judgement(as_of, "venezuela", level), judgement(as_of, "korea", None))
    return Assessment(as_of, RECIPE, Overall("assessed", level, None, "calm", CALM, 1, 1), judged, findings)


ONE, TWO = document("Words \x00 of \ufdd0 any kind « »", input="one"), document("Zwei", input="two", language=None)
SAID, MORE = statement(ONE, 0, "99 were sent."), statement(TWO, 0, "«No»")
F1, F1_GROWN, F2 = finding("f1", (SAID.key,), 1), finding("f1", (SAID.key, MORE.key), 2), finding("f2", (MORE.key,), 1)
FIRST = assessment("2019-03-24T23:59:59Z", (F1,), 5)
SECOND = assessment("2019-03-25T23:59:59Z", (F2, F1_GROWN), 4)
THIRD = assessment("2019-03-26T23:59:59Z", (F1, F2), 5)
CHANGE = Bulletin("b1", "venezuela", 4, 5, CALM, "text", None, "proposed", SECOND.as_of, False)


def stream() -> Stream:
    """A small archive's conclusions: two pages, three ticks; a finding grows and shrinks back."""
    return [
        (1, ONE),
        (1, member(ONE, "fa")),
        (1, SAID),
        (2, Refusal("broken.pdf", "read", "no text")),
        (3, FIRST),
        (5, TWO),
        (5, member(TWO, "fa")),
        (5, MORE),
        (6, SECOND),
        (6, CHANGE),
        (7, THIRD),
    ]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL's initdb and pg_ctl are not installed (Debian: postgresql)")
    with cluster(folder) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    server: str = request.getfixturevalue("postgres")
    with create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
        schemas = connection.execute(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'tocsin%'")).scalars()
        for schema in list(schemas):
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    return server


@pytest.fixture
def ledger(url: str) -> Ledger:
    made = Ledger(url)
    made.rebuild(stream(), upto=9)
    return made


# ------------------------------------------------------------------ the same bytes


def test_derived_again_or_step_by_step_it_exports_the_same_bytes(url: str, ledger: Ledger) -> None:
    exported = list(ledger.export())
    ledger.rebuild(stream(), upto=9)
    assert list(Ledger(url).export()) == exported
    ledger.rebuild(stream()[:4], upto=3)
    ledger.extend(stream()[4:8], upto=6)
    ledger.extend(stream(), upto=9)  # what it has is passed over
    assert list(ledger.export()) == exported
    assert exported[0] == b'{"position":9,"recipe":' + canonical(RECIPE) + b',"type":"Ledger"}\n'


def test_both_databases_export_the_same_bytes(tmp_path: Path, postgres: str) -> None:
    exported = []
    for url in (f"sqlite:///{tmp_path / 'a.db'}", postgres):
        made = Ledger(url)
        made.rebuild(stream(), upto=9)
        exported.append(list(made.export()))
    assert exported[0] == exported[1]


def test_deleting_the_file_empties_the_ledger(tmp_path: Path) -> None:
    made = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    made.rebuild(stream(), upto=9)
    (tmp_path / "ledger.db").unlink()
    assert (made.position(), made.latest_assessment(), list(made.export())) == (0, None, [])


def test_every_field_of_every_record_has_its_column() -> None:
    for kind, table in TABLES.items():
        apart = {"judgements"} if kind is Assessment else set()
        assert {f.name for f in dataclasses.fields(kind)} - apart <= set(table.columns.keys())


@given(st.text())
def test_text_of_any_kind_survives_a_database_that_knows_no_nul(words: str) -> None:
    column = Words()
    written = column.process_bind_param(words, None)
    assert written is not None
    assert "\x00" not in written
    assert column.process_result_value(written, None) == words


# ------------------------------------------------------------------ what is asked


def test_records_come_back_whole(ledger: Ledger) -> None:
    assert ledger.position() == 9
    assert ledger.recipe() == RECIPE
    assert ledger.document(ONE.key) == ONE
    assert ledger.statement(MORE.key) == MORE
    assert ledger.finding("f1") == F1_GROWN
    assert [p for p, _ in ledger.finding_history("f1")] == [3, 6]
    assert ledger.membership(TWO.key) == member(TWO, "fa")
    assert ledger.documents_of("fa") == ledger.documents_of_story("s1") == (ONE, TWO)
    assert ledger.statements_in(ONE.key) == (SAID,)
    assert ledger.statements_of("f1") == (SAID, MORE)
    assert ledger.refusals() == ((2, Refusal("broken.pdf", "read", "no text")),)
    assert ledger.bulletins() == ((6, CHANGE),)
    assert [j.level for j in ledger.judgements("venezuela")] == [5, 4, 5]


def test_a_story_is_told_as_the_latest_links_have_it(ledger: Ledger) -> None:
    first = StoryLink("s1", "s2", (ONE.key, TWO.key), "closer", "2019-03-26T00:00:00Z")
    again = StoryLink("s2", "s1", (ONE.key,), "closer", "2019-03-27T00:00:00Z")
    ledger.extend([(9, first), (10, again)], upto=11)
    assert ledger.documents_of_story("s1") == (ONE,)
    assert ledger.documents_of_story("s2") == (TWO,)
    assert ledger.story_links() == ((9, first), (10, again))
    assert ledger.membership(TWO.key) == member(TWO, "fa")


def test_an_assessment_comes_back_as_it_was_concluded(ledger: Ledger) -> None:
    assert ledger.latest_assessment() == THIRD
    assert ledger.assessment("2019-03-25T23:59:59Z") == SECOND
    assert ledger.assessment("2019-03-25T12:00:00Z") == FIRST
    assert canonical(ledger.assessment(SECOND.as_of)) == canonical(SECOND)
    assert ledger.assessment("2019-03-01T00:00:00Z") is None


def test_what_is_not_there_is_none_and_never_a_fault(url: str) -> None:
    empty = Ledger(url)
    for made in (empty, _rebuilt(empty)):
        assert [made.document("x"), made.statement("x"), made.finding("x"), made.latest_assessment()] == [None] * 4
        assert [*made.statements_of("x"), *made.documents_of("x"), *made.bulletins(), *made.refusals()] == []
        assert list(made.judgements("x")) == []
        assert made.recipe() is None


def _rebuilt(ledger: Ledger) -> Ledger:
    ledger.rebuild([], upto=0)
    return ledger


# ------------------------------------------------------------------ failing, waiting


def _broken_off(good: Stream) -> Iterator[tuple[int, Record]]:
    yield from good
    raise RuntimeError("the rules are missing")


def test_a_derive_that_fails_leaves_the_ledger_as_it_was(url: str, ledger: Ledger, tmp_path: Path) -> None:
    before = list(ledger.export())
    with pytest.raises(RuntimeError):
        ledger.rebuild(_broken_off(stream()[:6]), upto=9)
    assert list(Ledger(url).export()) == before
    ledger.rebuild(stream(), upto=9)
    assert list(ledger.export()) == before
    assert not list(tmp_path.glob("*.new"))


def test_an_increment_that_fails_keeps_whole_positions_and_goes_on_from_there(
    url: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(ledger.export())
    ledger.rebuild([], upto=0)
    monkeypatch.setattr("tocsin.ledger._FLUSH_ROWS", 4)
    with pytest.raises(RuntimeError):
        ledger.extend(_broken_off(stream()[:7]), upto=9)
    assert ledger.position() == 4
    assert ledger.document(TWO.key) is None
    ledger.extend(stream(), upto=9)
    assert list(ledger.export()) == whole


def test_conclusions_out_of_order_are_refused(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="order"):
        ledger.rebuild([(3, ONE), (1, TWO)], upto=4)


def _while_deriving(ledger: Ledger, derive: Callable[[Iterator[tuple[int, Record]]], None]) -> None:
    """Read all the time while a derive is held up in the middle; no read may wait for it."""
    inside, go_on = threading.Event(), threading.Event()

    def slow() -> Iterator[tuple[int, Record]]:
        yield from stream()[:5]
        inside.set()
        assert go_on.wait(30)
        yield from stream()[5:]

    worker = threading.Thread(target=derive, args=(slow(),))
    worker.start()
    try:
        assert inside.wait(30)
        started = time.monotonic()
        assert ledger.latest_assessment() is not None
        assert ledger.document(ONE.key) == ONE
        assert time.monotonic() - started < 8  # far below the ten seconds for which SQLite would wait
        with pytest.raises(LedgerError, match="another derive"):
            ledger.rebuild([], upto=0)
    finally:
        go_on.set()
        worker.join(30)


def test_readers_never_wait_for_a_derive_and_a_second_derive_is_refused(ledger: Ledger) -> None:
    before = list(ledger.export())
    _while_deriving(ledger, lambda records: ledger.rebuild(records, upto=9))
    assert list(ledger.export()) == before
    ledger.rebuild(stream()[:5], upto=4)
    _while_deriving(ledger, lambda records: ledger.extend(records, upto=9))
    assert list(ledger.export()) == before


def test_an_export_under_way_is_one_state_though_the_ledger_is_replaced(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.ledger._PAGE_ROWS", 1)
    whole = list(ledger.export())
    under_way = ledger.export()
    begun = [next(under_way) for _ in range(3)]
    ledger.rebuild(stream()[:3], upto=2)
    assert begun + list(under_way) == whole
    under_way = ledger.export()
    begun = [next(under_way)]
    short = len(list(ledger.export()))
    ledger.extend(stream(), upto=9)
    assert len(begun + list(under_way)) == short


# ------------------------------------------------------------------ SQLite's own dangers


def test_sqlite_is_opened_with_a_rollback_journal_and_extra_syncs(tmp_path: Path) -> None:
    made = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    made.extend(stream(), upto=9)
    with made._engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "delete"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 3


def test_a_write_ahead_log_is_refused_where_sqlite_would_corrupt_it(tmp_path: Path) -> None:
    for version, fails in (((3, 40, 1), True), ((3, 51, 2), True), ((3, 51, 3), False), ((3, 52, 0), False)):
        if fails:
            with pytest.raises(DatabaseError, match="WAL"):
                check_journal("wal", version)
        else:
            check_journal("wal", version)
    if sqlite3.sqlite_version_info >= (3, 51, 3):
        pytest.skip("this SQLite is sound")
    made = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    made.rebuild(stream(), upto=9)
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    with pytest.raises(LedgerError, match="WAL"):
        made.position()


def test_a_journal_left_by_a_crash_is_not_played_into_the_new_ledger(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    made = Ledger(f"sqlite:///{path}")
    made.extend(stream()[:4], upto=3)
    victim = sqlite3.connect(path, isolation_level=None)
    victim.execute("PRAGMA cache_size=1")
    victim.execute("BEGIN IMMEDIATE")
    victim.execute("UPDATE head SET position = 77")
    victim.execute("CREATE TABLE filler AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                   " WHERE i < 3000) SELECT i, hex(randomblob(50)) FROM n")  # fmt: skip
    left, spoilt = (tmp_path / "ledger.db-journal").read_bytes(), path.read_bytes()
    victim.execute("ROLLBACK")
    victim.close()
    path.write_bytes(spoilt)
    (tmp_path / "ledger.db-journal").write_bytes(left)
    made.rebuild(stream(), upto=9)
    fresh = Ledger(f"sqlite:///{tmp_path / 'fresh.db'}")
    fresh.rebuild(stream(), upto=9)
    assert list(made.export()) == list(fresh.export())


def test_a_damaged_or_strange_file_is_told_with_what_to_run(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"not a database, whatever its name says" * 100)
    made = Ledger(f"sqlite:///{path}")
    with pytest.raises(LedgerError, match="tocsin derive"):
        made.position()
    made.rebuild(stream(), upto=9)
    assert made.position() == 9
    for url in ("sqlite://", "mysql://x/y", "nonsense"):
        with pytest.raises(LedgerError):
            Ledger(url)
