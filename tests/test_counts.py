"""Daily counts of dyads: frozen baselines, anomalies, chances that never look ahead, and refusals of bad streams."""

from __future__ import annotations

import dataclasses
import datetime
import gzip
import math
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tocsin.cli import tocsin
from tocsin.collect import streams
from tocsin.judge import counts, hazard
from tocsin.judge.counts import Crisis, Series
from tocsin.rules import RulesError, parse
from tocsin.rules.counts import FILE, Counts
from world import ROOT, rule_files, rules

sys.path.insert(0, str(ROOT / "training"))

import dyads

FIRST = datetime.date(2018, 1, 1).toordinal()
DAYS = 500
DYADS = (("ARM", "AZE"), ("FRA", "GBR"), ("GRC", "TUR"), ("IND", "PAK"), ("IRN", "USA"), ("KOR", "PRK"))
CRISES_HEADER = (
    "id,source,name,start,start_precision,end,dyads,severity,gravity,nuclear_actors,nuclear_dyad,kind,coding,notes"
)


def settings() -> Counts:
    found = rules().counts
    assert found is not None
    return found


def day(text: str) -> int:
    return datetime.date.fromisoformat(text).toordinal()


def crisis(
    dyad: tuple[str, str], start: str, end: str | None = None, source: str = "ICB", kind: str = "crisis"
) -> Crisis:
    return Crisis(f"{source}:{start}", source, kind, day(start), day(end) if end else None, True, 2.0, (dyad,))


@cache
def told() -> tuple[Crisis, ...]:
    return (
        crisis(("ARM", "AZE"), "2016-04-01", "2016-04-05"),
        crisis(("IND", "PAK"), "2016-09-18", "2016-09-20"),
        crisis(("KOR", "PRK"), "2010-11-23", "2011-06-19"),
        crisis(("GRC", "TUR"), "2012-05-01", source="MID"),
        crisis(("IRN", "USA"), "2018-06-01", "2018-07-01"),
        crisis(("IND", "PAK"), "2018-11-20", "2019-01-20"),
        crisis(("ARM", "AZE"), "2019-03-10"),
    )


@cache
def world() -> Series:
    """A calm noise of reports, in which each crisis above breaks out with ten days of hostility."""
    noise = np.random.Generator(np.random.PCG64(7))
    score = np.round(noise.normal(5.0, 20.0, (len(DYADS), DAYS)), 1)
    for one in told():
        start = one.start - FIRST
        if start > 0:
            score[DYADS.index(one.dyads[0]), start : start + 10] -= 400.0
    volume = np.full(DAYS, 30_000.0)
    volume[[70, 71, 300]] = np.nan
    score[:, [70, 71, 300]] = 0.0
    return Series(FIRST, DYADS, score, volume)


def cut(series: Series, crises: tuple[Crisis, ...], days: int) -> tuple[Series, tuple[Crisis, ...]]:
    """The world as it stood after so many days: no later row, no later end."""
    last = series.first + days - 1
    known = tuple(
        dataclasses.replace(c, end=c.end if c.end is not None and c.end <= last else None)
        for c in crises
        if c.start <= last
    )
    return Series(series.first, series.dyads, series.score[:, :days], series.volume[:days]), known


def test_the_same_past_gives_the_same_answers() -> None:
    whole = hazard.forecast(world(), told(), rules().states, settings())
    for days in (320, 333, 450):
        part = hazard.forecast(*cut(world(), told(), days), rules().states, settings())
        assert part.series.dyads == whole.series.dyads
        assert np.allclose(part.p, whole.p[:, :days], rtol=0, atol=1e-12)
        assert (part.alert == whole.alert[:, :days]).all()
        assert (part.followed == whole.followed[:, :days]).all()


def test_an_alert_rests_on_reports_and_not_on_its_own_label() -> None:
    seen = hazard.forecast(world(), told(), rules().states, settings())
    start = day("2019-03-10") - FIRST
    row = DYADS.index(("ARM", "AZE"))
    assert seen.alert[row, start : start + 8].any()
    quiet = world().score.copy()
    quiet[row, start : start + 10] += 400.0
    unseen = hazard.forecast(dataclasses.replace(world(), score=quiet), told(), rules().states, settings())
    assert not unseen.alert[row, start : start + 15].any()


def test_the_days_after_a_crisis_are_not_ordinary() -> None:
    values = np.r_[np.full(200, 1.0), np.full(10, 90.0), np.full(60, 40.0)][None, :]
    series = Series(FIRST, (("ARM", "AZE"),), values, np.full(270, 100.0))
    over = (Crisis("x", "ICB", "crisis", FIRST + 200, FIRST + 209, True, 4.0, (("ARM", "AZE"),)),)
    frozen = counts.frozen_days(series, over, settings())
    closing = settings().opening.closing_days
    assert frozen[0].nonzero()[0].tolist() == list(range(200, 210 + closing))
    mean, _, _ = counts.ordinary(values, frozen, settings().baseline)
    assert mean[0, 209 + closing] == pytest.approx(1.0)


def test_a_surge_where_trouble_was_likely_opens_an_alert_and_elsewhere_does_not() -> None:
    odds = np.array([[-4.0] * 40, [-9.0] * 40])
    surge = np.array([[0.0] * 30 + [2.5] * 10] * 2)
    score = hazard._under_way(odds, surge, settings().alerting)
    on = hazard.opened(score, np.array([settings().alerting.threshold]), settings().alerting)[0]
    assert on[0].nonzero()[0].tolist() == list(range(30, 40))
    assert not on[1].any()


def test_a_surge_does_not_raise_its_own_prior() -> None:
    before = settings().alerting.before_days
    odds = np.full((1, before + 10), -5.0)
    odds[0, 10:] = -1.0
    score = hazard._under_way(odds, np.zeros(odds.shape), settings().alerting)
    assert (score == score[0, 0]).all()
    later = hazard._under_way(np.append(odds, [[-1.0]], axis=1), np.zeros((1, before + 11)), settings().alerting)
    assert later[0, -1] > score[0, 0]


def test_hostility_over_a_month_a_quarter_and_a_year_weighs_as_one() -> None:
    found = hazard.forecast(world(), told(), rules().states, settings())
    pair, start = ("ARM", "AZE"), day("2019-03-10")
    before, after = hazard.why(found, pair, start - 1), hazard.why(found, pair, start + 3)
    assert before is not None
    assert after is not None
    assert after.parts["relative"] > before.parts["relative"] + 0.2
    assert after.spreads > 10 > before.spreads


def test_what_a_chance_rests_on_sums_to_it() -> None:
    found = hazard.forecast(world(), told(), rules().states, settings())
    told_why = hazard.why(found, ("IND", "PAK"), day("2018-11-25"))
    assert told_why is not None
    log_odds = told_why.usual + sum(told_why.parts.values())
    assert math.log(told_why.p / (1 - told_why.p)) == pytest.approx(log_odds, abs=1e-9)
    assert hazard.why(found, ("ARM", "FRA"), day("2018-11-25")) is None
    assert hazard.why(found, ("IND", "PAK"), day("2030-01-01")) is None


def test_few_years_leave_the_threshold_near_its_start() -> None:
    """Six quiet pairs of a year and a half can't tell how often a threshold errs in a hundred years."""
    past, features = hazard.prepared(world(), told(), settings())
    quiet = np.full(features["peak"].shape, -20.0)
    cut = hazard._threshold(past, quiet, DAYS - 1)
    start = settings().alerting.threshold
    assert start - 1.0 < cut < start


def test_hostility_raises_the_chance() -> None:
    found = hazard.forecast(world(), told(), rules().states, settings())
    before, start = day("2018-11-01") - FIRST, day("2018-11-25") - FIRST
    row = DYADS.index(("IND", "PAK"))
    assert found.p[row, start] > 2 * found.p[row, before]


def test_geography_of_a_pair() -> None:
    pairs = (("GRC", "TUR"), ("CHN", "TWN"), ("JPN", "USA"))
    land, sea, far, one, both, pact = hazard.geography(pairs, rules().states, settings().structure).T
    assert land.tolist() == [1, 0, 0]
    assert sea.tolist() == [0, 1, 0]
    assert np.exp(far) * 1000 == pytest.approx([820, 1720, 10_920], rel=0.03)
    assert (one.tolist(), both.tolist(), pact.tolist()) == ([0, 1, 1], [0, 0, 0], [1, 0, 1])


def test_a_baseline_stays_that_of_before_the_crisis() -> None:
    values = np.r_[np.full(200, 1.0), np.full(200, 50.0)][None, :]
    series = Series(FIRST, (("ARM", "AZE"),), values, np.full(400, 100.0))
    open_one = (Crisis("x", "ICB", "war", FIRST + 200, None, True, 4.0, (("ARM", "AZE"),)),)
    frozen = counts.frozen_days(series, open_one, settings())
    mean, _, number = counts.ordinary(values, frozen, settings().baseline)
    assert mean[0, 399] == pytest.approx(1.0)
    assert number[0, 399] == 200
    trailing, _, _ = counts.ordinary(values, np.zeros(values.shape, bool), settings().baseline)
    assert trailing[0, 399] > 20


def test_a_dispute_or_an_undated_row_is_no_onset() -> None:
    assert counts.is_onset(crisis(("ARM", "AZE"), "2019-03-10"), settings())
    assert not counts.is_onset(crisis(("ARM", "AZE"), "2019-03-10", source="MID"), settings())
    assert not counts.is_onset(dataclasses.replace(crisis(("ARM", "AZE"), "2019-03-31"), exact=False), settings())


def test_trailing_means_and_highest_values_pass_over_missing_days() -> None:
    values = np.array([[1.0, np.nan, 3.0, 5.0, np.nan]])
    assert counts.trailing(values, 2).tolist() == [[1.0, 1.0, 3.0, 4.0, 5.0]]
    assert counts.highest(values, 2).tolist() == [[1.0, 1.0, 3.0, 5.0, 5.0]]


def test_negative_binomial_tail_against_sums_by_hand() -> None:
    assert counts.negative_binomial_tail(0, 2.0, 4.0) == 1.0
    # Poisson of mean 2: P(X >= 3) = 1 - e^-2 (1 + 2 + 2)
    assert counts.negative_binomial_tail(3, 2.0, 2.0) == pytest.approx(1 - 5 * math.exp(-2))
    # mean 1, variance 2: geometric with p = 1/2, so P(X >= 3) = 1/8
    assert counts.negative_binomial_tail(3, 1.0, 2.0) == pytest.approx(0.125)
    assert counts.negative_binomial_tail(1, 0.0, 0.0) == 0.0


def test_a_slow_build_up_adds_up() -> None:
    assert counts.cusum(np.array([[1.0, 1.0, 0.0, 1.0]]), 0.5).tolist() == [[0.5, 1.0, 0.5, 1.0]]
    assert counts.cusum(np.array([[0.2] * 50]), 0.5).max() == 0.0


def test_an_alert_opens_at_once_and_closes_slowly() -> None:
    alerting = settings().alerting
    score = np.array([[-9.0, -2.0, *([-9.0] * 20)]])
    on = hazard.opened(score, np.array([-3.0]), alerting)[0, 0]
    assert on.tolist() == [False, *([True] * alerting.close_days), *([False] * (21 - alerting.close_days))]
    near = np.zeros(score.shape, bool)
    assert hazard.openings(on[None, None, :], near, 30).tolist() == [1.0]
    near[:] = True
    assert hazard.openings(on[None, None, :], near, 30).tolist() == [0.0]


def test_the_fit_finds_the_log_odds_and_holds_to_its_start() -> None:
    y = np.r_[np.ones(20), np.zeros(60)]
    x, weight = np.ones((80, 1)), np.ones(80)
    assert hazard.fit(x, y, weight, np.zeros(1), np.full(1, 1e-9))[0] == pytest.approx(math.log(20 / 60), abs=1e-6)
    assert hazard.fit(x, y, weight, np.full(1, -5.0), np.full(1, 1e9))[0] == pytest.approx(-5.0, abs=1e-6)


def test_rules_without_counts_still_load() -> None:
    older = {path: data for path, data in rule_files().items() if path != FILE}
    assert parse(older).counts is None
    now = rule_files()[FILE].decode()
    fitted = "[alert]\nintercept = -8.0\n[alert.start]\nsurge = 0.45\n"
    for text in (now.replace("half_life_years =", "crisis_half_life_years ="), now + fitted):
        assert parse(rule_files() | {FILE: text.encode()}).counts is None
    with pytest.raises(RulesError, match="at least one number of days"):
        parse(rule_files() | {FILE: now.replace("days = [30, 90, 365]", "days = []").encode()})


def test_months_of_an_open_crisis_do_not_teach_the_structure() -> None:
    """A pair in a long crisis can't enter another: its months say nothing of how soon the next one comes."""
    long = tuple(dataclasses.replace(c, end=None, kind="war") if c.id == "ICB:2016-04-01" else c for c in told())
    short = tuple(c for c in told() if c.id != "ICB:2019-03-10")
    found = [hazard.forecast(world(), crises, rules().states, settings()) for crises in (short, (*long, *short[1:]))]
    row = DYADS.index(("IND", "PAK"))
    assert found[0].p[row, 100] != found[1].p[row, 100]


def test_a_crisis_of_many_states_tells_less_of_each_two() -> None:
    two, many = (
        crisis(("ARM", "AZE"), "2016-04-01"),
        dataclasses.replace(
            crisis(("ARM", "AZE"), "2016-04-01"), dyads=(*(("AAA", f"B{n:02}") for n in range(8)), ("ARM", "AZE"))
        ),
    )
    held = []
    for one in (two, many):
        past = hazard.Past(world(), (one,), (one,), settings(), np.zeros(0, bool), np.zeros(0, bool))
        held.append(float(hazard.history((("ARM", "AZE"),), past, day("2018-04-01"))[0, 0]))
    assert held[1] == pytest.approx(held[0] / 3)


def test_an_example_that_is_no_neighbour_is_a_fault() -> None:
    text = rule_files()[FILE].decode().replace('match = ["ARM-AZE"', 'match = ["ARM-USA"')
    with pytest.raises(RulesError, match="ARM-USA: expected neighbours"):
        parse(rule_files() | {FILE: text.encode()})


# ---- streams


def written(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    data = "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def test_gdelt_sums_are_read_with_the_totals_beside_them(tmp_path: Path) -> None:
    events = written(tmp_path, "e.csv.gz", "date,a,b,score", "2018-01-01,USA,RUS,-12.5", "2018-01-03,FRA,GBR,4")
    alone = streams.series(events)
    assert alone.dyads == (("FRA", "GBR"), ("RUS", "USA"))
    assert alone.score.tolist() == [[0.0, 0.0, 4.0], [-12.5, 0.0, 0.0]]
    assert np.isnan(alone.volume[1])
    written(tmp_path, streams.TOTALS, "date,abs_score_all_pairs,n_pairs", "2018-01-01,100,9", "2018-01-02,50,5")
    beside = streams.series(events)
    assert beside.volume.tolist() == [100.0, 50.0]


def test_icews_events_are_summed_over_both_directions(tmp_path: Path) -> None:
    header = "date,src,tgt,cameo,goldstein,src_sector,tgt_sector"
    rows = [
        "2018-01-01,AFG,AFG,010,0.0,CIV,GOV",
        "2018-01-01,IND,PAK,190,-10.0,MIL,MIL",
        "2018-01-01,N:LET,IND,190,-10.0,REB,MIL",
        "2018-01-01,PAK,IND,112,-2.0,GOV,GOV",
    ]
    found = streams.series(written(tmp_path, "i.csv", header, *rows))
    assert found.dyads == (("IND", "PAK"),)
    assert found.score.tolist() == [[-12.0]]
    assert found.volume.tolist() == [12.0]
    with pytest.raises(streams.StreamError, match=r"line 2: expected a state's code .*found 'The Group'"):
        streams.series(written(tmp_path, "j.csv", header, "2018-01-01,The Group,IND,190,-10.0,REB,MIL"))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["day,a,b,score"], r"e\.csv, line 1: expected the columns date,a,b,score or .*found 'day,a,b,score'"),
        (["date,a,b,score", "2018-1-1,USA,RUS,1"], r"line 2: expected a date such as 2019-02-26, found '2018-1-1'"),
        (["date,a,b,score", "2018-13-01,USA,RUS,1"], r"line 2: expected a date"),
        (["date,a,b,score", "2018-01-01,usa,RUS,1"], r"line 2: expected a state's code .*found 'usa'"),
        (["date,a,b,score", "2018-01-01,USA,RUS,nan"], r"line 2: expected a finite number, found 'nan'"),
        (["date,a,b,score", "2018-01-01,USA,RUS"], r"line 2: expected 4 cells, found '3'"),
        (["date,a,b,score", "2018-01-01,USA,RUS,1", "2018-01-01,RUS,USA,1"], r"line 3: expected one row for two"),
        (["date,a,b,score", "0001-01-01,USA,RUS,1", "2018-01-01,USA,RUS,1"], r"expected at most \d+ days"),
        (["date,a,b,score"], r"expected at least one day"),
        (["date,a,b,score", "x" * 20_000], r"lines of 10000"),
    ],
)
def test_a_stream_that_is_not_of_its_form_is_refused(tmp_path: Path, lines: list[str], message: str) -> None:
    with pytest.raises(streams.StreamError, match=message):
        streams.series(written(tmp_path, "e.csv", *lines))


def test_crises_dated_to_the_month_are_known_at_its_end(tmp_path: Path) -> None:
    rows = (
        "MID:1,MID,MID 1,2012-02,month,,KEN-SOM,1,,0,0,mid,COW,",
        'ICB:2,ICB,"A, B",2012-04-10,day,2012-06,PHL-CHN;CHN-PHL,,3,1,0,crisis,ICB,',
        "ICB:3,ICB,Inside one state,2012-04-10,day,,,2,3,1,0,crisis,ICB,",
    )
    first, second = streams.crises(written(tmp_path, "c.csv", CRISES_HEADER, *rows))
    assert (first.start, first.exact, first.end) == (day("2012-02-29"), False, None)
    assert (second.start, second.exact, second.end) == (day("2012-04-10"), True, day("2012-06-30"))
    assert second.dyads == (("CHN", "PHL"),)
    assert second.severity == 1.0


def test_the_command_writes_daily_rows_and_says_what_it_misses(tmp_path: Path) -> None:
    rows = [
        f"{datetime.date.fromordinal(FIRST + d)},{a},{b},{world().score[i, d]}"
        for d in range(60)
        for i, (a, b) in enumerate(DYADS)
    ]
    events = written(tmp_path, "e.csv.gz", "date,a,b,score", *rows)
    crises = written(tmp_path, "c.csv", CRISES_HEADER, "ICB:1,ICB,x,2016-04-01,day,2016-04-05,ARM-AZE,3,3,0,0,crisis,,")
    out = tmp_path / "p.csv"
    call = ["score", "dyads", "--events", str(events), "--crises", str(crises), "--out", str(out)]
    done = CliRunner().invoke(tocsin, call, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    lines = out.read_text().splitlines()
    assert lines[0] == "date,a,b,p,alert"
    assert sum(line.startswith("2018-03-01,") for line in lines) == len(DYADS)
    assert all(0 < float(line.split(",")[3]) < 1 for line in lines[1:])
    asked = CliRunner().invoke(tocsin, [*call, "--why", "AZE-ARM:2018-02-20", "--why", "FRA-RUS:2018-02-20"])
    assert "ARM-AZE, 2018-02-20: chance of an onset within 30 days" in asked.output
    assert "structure" in asked.output
    assert "FRA-RUS, 2018-02-20: not followed" in asked.output
    unasked = CliRunner().invoke(tocsin, [*call, "--why", "ARM-AZE"])
    assert unasked.exit_code == 2
    assert "such as ARM-AZE:2020-07-14" in unasked.output
    missing = CliRunner().invoke(tocsin, [*call[:3], str(tmp_path / "none.csv"), *call[4:]])
    assert missing.exit_code == 2
    assert "expected a readable file" in missing.output


# ---- fitting the starting weights


def test_what_scores_a_pair_never_saw_it_nor_those_that_share_its_crisis() -> None:
    draw = np.random.Generator(np.random.PCG64(3))
    row = np.repeat(np.arange(12), 30)
    x, y = draw.normal(size=(360, 2)), (draw.random(360) < 0.2).astype(float)
    kin = [frozenset({0, 1}), frozenset({0, 1}), *(frozenset[int]() for _ in range(10))]
    whole = dyads.Sample(x, y, row, np.zeros(360, int))
    turned = dyads.Sample(x, np.where(row <= 1, 1 - y, y), row, whole.day)
    before, after = dyads.left_out(whole, kin), dyads.left_out(turned, kin)
    assert (before[row <= 1] == after[row <= 1]).all()
    assert (before[row > 1] != after[row > 1]).any()


def test_the_fit_of_starting_weights_reads_the_world_that_it_is_given() -> None:
    past, features = hazard.prepared(world(), told(), settings())
    features["structure"] = hazard.structural_hazard(past, world(), rules().states)
    sample = dyads.weeks(past, features, settings())
    assert sample.y.sum() > 0
    assert sample.day.min() >= dyads.FIRST
    weights = dyads.fitted(sample)
    assert weights.shape == (len(settings().hazard.start) + 1,)
    assert dyads.chances(weights, sample).mean() == pytest.approx(sample.y.mean(), rel=0.05)
