"""Coded event streams: into the archive day by day, into W of the areas that they cover, and no further."""

from __future__ import annotations

import dataclasses
import datetime
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from test_counts import written
from tocsin.cli import tocsin
from tocsin.collect import streams
from tocsin.extract import tally
from tocsin.home import Home
from tocsin.judge import Judge, narrowed
from tocsin.judge.tallies import Course, Tallies
from tocsin.publish import dossier
from tocsin.records import DyadScore, Judgement, Recipe, Refusal, Tally
from tocsin.rules.counts import Counts, Pooling
from world import capture, document, rules

FIRST = datetime.date(2018, 6, 1)
RECIPE = Recipe("", "", "")


def settings() -> tuple[Counts, Pooling]:
    counts = rules().counts
    assert counts is not None
    assert counts.pooling is not None
    return counts, counts.pooling


def day(n: int) -> str:
    return (FIRST + datetime.timedelta(n)).isoformat()


def one(n: int, hostile: float, stream: str = "gdelt", pair: tuple[str, str] = ("IND", "PAK")) -> Tally:
    """A day in which a pair makes so much hostility, wobbling a little, of a world of 30,000."""
    scores = (DyadScore(*pair, -(hostile + n % 5)), DyadScore("FRA", "GBR", 40.0))
    return Tally(f"{stream}#{day(n)}", stream, day(n), 30_000.0, scores, "sha256:00")


def judged(tallies: list[Tally], as_of: str, area: str = "india-pakistan") -> Judgement:
    judge = Judge(rules())
    for told in tallies:
        judge.count(told)
    return judge.assess(as_of, RECIPE, areas=[area]).judgements[0]


CALM = [one(n, 10.0) for n in range(120)]
SURGE = [*CALM, *(one(n, 600.0) for n in range(120, 124))]


# ---- reading a day


def test_a_day_of_gdelt_sums_with_its_total() -> None:
    total = b"date,abs_score_all_pairs,n_pairs\n2019-02-26,30000,900\n"
    body = b"date,a,b,score\n2019-02-26,PAK,IND,-120.5\n2019-02-26,USA,RUS,3\n\n" + total
    found = tally(capture(body, form="events", source="gdelt"), body)
    assert isinstance(found, Tally)
    assert (found.stream, found.day, found.volume) == ("gdelt", "2019-02-26", 30000.0)
    assert found.scores == (DyadScore("IND", "PAK", -120.5), DyadScore("RUS", "USA", 3.0))


def test_a_day_of_icews_events_is_summed_and_its_volume_is_its_own() -> None:
    rows = ["2019-02-26,IND,PAK,190,-10.0,MIL,MIL", "2019-02-26,PAK,IND,112,-2.0,GOV,GOV"]
    rows += ["2019-02-26,N:LET,IND,190,-10.0,REB,MIL", "2019-02-26,IND,IND,190,-10.0,MIL,CIV"]
    body = "\n".join(["date,src,tgt,cameo,goldstein,src_sector,tgt_sector", *rows]).encode()
    found = tally(capture(body, form="events"), body)
    assert isinstance(found, Tally)
    assert found.scores == (DyadScore("IND", "PAK", -12.0),)
    assert found.volume == 12.0


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"a,b\n1,2\n", "expected date,a,b,score or date,src"),
        (b"date,a,b,score\n", "and rows below it"),
        (b"date,a,b,score\n2019-02-26,IND,PAK,x\n", "expected a number, found 'x'"),
        (b"date,a,b,score\n2019-02-26,IND,PAK,nan\n", "expected a number, found 'nan'"),
        (b"date,a,b,score\n2019-02-26,IND,PAK,1\n2019-02-27,IND,PAK,1\n", "expected rows of 2019-02-26"),
        (b"date,a,b,score\n2019-2-26,IND,PAK,1\n", "expected a date such as"),
        (b"date,a,b,score\n2019-02-26,IND,PAK,1\n\ndate,abs_score_all_pairs,n_pairs\n2019-02-27,1,1\n", "one row of"),
        (b"date,a,b,score\n2019-02-26,IND,PAK,1\n\ndate,abs_score_all_pairs,n_pairs\n2019-02-26,0,1\n", "above 0"),
        (b"\xff\xfe", "utf-8"),
    ],
)
def test_a_day_that_is_not_of_its_form_is_refused(body: bytes, expected: str) -> None:
    found = tally(capture(body, form="events"), body)
    assert isinstance(found, Refusal)
    assert expected in found.reason


# ---- the baseline


def test_a_long_war_never_becomes_ordinary() -> None:
    counts, pooling = settings()
    course = Course(counts.baseline, pooling)
    for n in range(120):
        course.add(10.0 + n % 5)
    war = [course.add(600.0 + n % 5) for n in range(200)]
    assert war[10] > pooling.freeze_spreads**0.5
    assert war[-1] == pytest.approx(war[10], rel=0.05)
    after = [course.add(10.0) for _ in range(60)]
    assert after[-1] < 0.5


def test_too_few_days_say_nothing() -> None:
    counts, pooling = settings()
    course = Course(counts.baseline, pooling)
    assert [course.add(500.0) for _ in range(counts.baseline.lag_days)] == [0.0] * counts.baseline.lag_days


def test_days_in_another_order_and_told_twice_give_the_same() -> None:
    area = rules().areas["india-pakistan"]
    today = FIRST.toordinal() + 123
    expected = Tallies(rules().counts, [area])
    for told in SURGE:
        expected.add(told)
    for order in (SURGE[::-1], [*SURGE[:60], one(30, 900.0), *SURGE[60:], SURGE[30]]):
        found = Tallies(rules().counts, [area])
        for told in order:
            found.add(told)
            if told.day > day(110):
                found.reading(area, today)
        assert found.reading(area, today) == expected.reading(area, today)


def test_what_came_later_changes_no_earlier_reading() -> None:
    area = rules().areas["india-pakistan"]
    whole, part = Tallies(rules().counts, [area]), Tallies(rules().counts, [area])
    for told in SURGE:
        whole.add(told)
    for told in SURGE[:100]:
        part.add(told)
    today = FIRST.toordinal() + 99
    assert whole.reading(area, today) == part.reading(area, today)


# ---- the judgement


def test_a_surge_raises_w_within_its_cap_and_says_by_how_much() -> None:
    _, pooling = settings()
    calm, loud = judged(CALM, day(119)), judged(SURGE, day(123))
    assert loud.war.p > 2 * calm.war.p
    odds = loud.war.p / (1 - loud.war.p) / (calm.war.p / (1 - calm.war.p))
    assert odds <= 2.72**pooling.cap + 0.01
    reason = next(one for one in loud.reasons_for if one.rule == "counts/surge")
    assert "India" in reason.text
    assert "Pakistan" in reason.text
    assert day(123) in reason.text
    assert "what is reported adds +0.0" in reason.text
    assert next(one for one in calm.reasons_against if one.rule == "counts/surge")


def test_a_stream_moves_no_level_and_no_nuclear_figure_by_itself() -> None:
    calm, loud = judged(CALM, day(119)), judged(SURGE, day(123))
    assert loud.level is None
    assert loud.nuclear == calm.nuclear
    judge = Judge(rules())
    for told in SURGE:
        judge.count(told)
    from tocsin.interpret import interpret
    from tocsin.records import Membership

    text = "NEW DELHI - Officials of India and Pakistan met in Wagah to discuss tariffs, the foreign ministry said."
    for n in range(122, 124):
        page = document(text, published=day(n), input=f"r{n}", source="Reuters", seen=f"{day(n)}T12:00:00Z")
        judge.add(page, Membership(page.key, None, None, "", page.key, page.key), interpret(page, rules()))
        found = judge.assess(f"{day(n)}T23:00:00Z", RECIPE, areas=["india-pakistan"]).judgements[0]
    assert found.level == 5, "two ticks with W above the threshold of level 4, by counts alone"
    assert found.war.p > 0.03


def test_a_stream_that_fell_behind_says_nothing_and_is_missed() -> None:
    _, pooling = settings()
    late = judged(SURGE, day(123 + pooling.late_days + 1))
    assert late.war.p == judged([], day(123)).war.p
    assert [one.rule for one in late.missing if one.rule.startswith("counts/")] == ["counts/late"]


def test_two_streams_of_the_same_news_are_not_added_up() -> None:
    twice = [dataclasses.replace(told, stream="other") for told in SURGE]
    assert judged([*SURGE, *twice], day(123)).war == judged(SURGE, day(123)).war


def test_what_goes_into_a_dossier_is_the_areas_own_dyads() -> None:
    area = rules().areas["india-pakistan"]
    kept = [narrowed(told, area) for told in SURGE]
    assert all(score.a != "FRA" for told in kept for score in told.scores)
    assert judged(kept, day(123)) == judged(SURGE, day(123))


# ---- through the archive


def run(*words: str, expect: int = 0) -> str:
    done = CliRunner().invoke(tocsin, words, catch_exceptions=False)
    assert done.exit_code == expect, done.output
    return done.output


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("counted")
    rows = [f"{told.day},{s.a},{s.b},{s.score}" for told in SURGE for s in told.scores]
    events = written(folder, "e.csv.gz", "date,a,b,score", *rows)
    written(folder, streams.TOTALS, "date,abs_score_all_pairs,n_pairs", *(f"{t.day},30000,2" for t in SURGE))
    home = folder / "home"
    run("init", "--home", str(home))
    said = run("count", str(events), "--stream", "gdelt", "--as-seen", "--home", str(home))
    assert f"{2 * len(SURGE)} entries written" in said
    return home


def test_a_stream_in_the_archive_is_replayed_as_it_stood(counted: Path) -> None:
    span = ["--from", day(119), "--to", day(123), "--step", "2", "--json"]
    rows = [json.loads(line) for line in run("replay", "--home", str(counted), *span).splitlines()]
    found = [row["war"]["p"] for row in rows if row["area"] == "india-pakistan"]
    assert found == [judged(SURGE[: n + 1], day(n)).war.p for n in (119, 121, 123)]
    assert found[0] < found[1] <= found[2]


def test_the_home_derives_it_again_from_its_work_and_a_stranger_from_the_dossier(counted: Path) -> None:
    home = Home.open(counted)
    assert home.derive() == home.archive.size
    latest = home.ledger.latest_assessment()
    assert latest is not None
    mine = next(j for j in latest.judgements if j.area == "india-pakistan")
    data = dossier.dossier(home.told(home.archive.size), "india-pakistan", home.exercise, home.parsed)
    assert dossier.judged(data, home.parsed) == mine
    assert any(reason.rule == "counts/surge" for reason in mine.reasons_for)


def test_adopting_other_rules_keeps_what_was_counted(counted: Path) -> None:
    span = ["--from", day(123), "--json"]
    rows = [json.loads(line) for line in run("rejudge", "--home", str(counted), *span).splitlines()]
    assert next(r for r in rows if r["area"] == "india-pakistan")["war"]["p"] == judged(SURGE, day(123)).war.p


def test_a_stream_that_is_none_is_refused(tmp_path: Path) -> None:
    run("init", "--home", str(tmp_path / "home"))
    bad = written(tmp_path, "bad.csv", "date,a,b,score", "2019-02-26,IND,PAK,x", "2019-02-26,USA,RUS")
    said = run("count", str(bad), "--stream", "s", "--home", str(tmp_path / "home"), expect=2)
    assert "bad.csv, line 3: expected 4 cells" in said
