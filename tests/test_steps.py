"""A replay over time, and the levels and W of areas scored by it: against what stood, and against values by hand."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from test_counts import CRISES_HEADER, crisis, day, written
from tocsin import replay
from tocsin.cli import tocsin
from tocsin.cli.demo import exercise_home
from tocsin.home import Home
from tocsin.rules.counts import Counts
from tocsin.scoring import areas
from world import rules

FIRST, LAST = datetime.date(2019, 1, 20), datetime.date(2019, 5, 5)


def settings() -> Counts:
    found = rules().counts
    assert found is not None
    return found


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("exercise") / "home"
    exercise_home(root)
    return root


def run(*words: str) -> str:
    done = CliRunner().invoke(tocsin, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


# ---- the replay


def test_each_step_is_what_a_replay_as_of_then_gives(exercise: Path) -> None:
    home = Home.open(exercise)
    times = replay.days(FIRST, LAST, 35)
    found = dict(replay.steps(home, times))
    assert tuple(found) == tuple(time for time in times if time >= "2019-01-24")
    for time, assessment in found.items():
        assert assessment == replay.as_of(home, time)


def test_judged_anew_each_step_has_its_own_time_and_no_later_evidence(exercise: Path) -> None:
    home = Home.open(exercise)
    times = replay.days(FIRST, LAST, 35)
    whole = dict(replay.steps(home, times, anew=True))
    assert [assessment.as_of for assessment in whole.values()] == list(whole)
    early = dict(replay.steps(home, times[:2], anew=True))
    assert all(whole[time] == assessment for time, assessment in early.items())


def test_a_row_for_each_step_and_area_and_a_level_that_ran_out_is_stale(exercise: Path) -> None:
    said = run(
        "replay", "--home", str(exercise), "--from", "2019-05-05", "--to", "2019-06-14", "--step", "20", "--json"
    )
    rows = [json.loads(line) for line in said.splitlines()]
    assert [row["as_of"][:10] for row in rows if row["area"] == "venezuela"] == [
        "2019-05-05",
        "2019-05-25",
        "2019-06-14",
    ]
    assert len({row["area"] for row in rows}) == len(rules().areas)
    late = [row for row in rows if row["as_of"] > "2019-06" and row["level"] is not None]
    assert late
    assert all(row["status"] == "stale" and row["judged"] < "2019-05-06" for row in late)


def test_hindsight_is_marked_on_every_row(exercise: Path) -> None:
    said = run("rejudge", "--home", str(exercise), "--from", "2019-04-05", "--json")
    assert said.splitlines()
    assert all(json.loads(line)["hindsight"] is True for line in said.splitlines())


def test_as_of_and_from_are_two_questions(exercise: Path) -> None:
    for words in ([], ["--as-of", "2019-04-05", "--from", "2019-04-05"]):
        done = CliRunner().invoke(tocsin, ["replay", "--home", str(exercise), *words])
        assert done.exit_code == 2
        assert "expected --as-of TIME, or --from DAY" in done.output


def test_levels_and_war_of_a_home_are_scored_beside_the_baselines(exercise: Path, tmp_path: Path) -> None:
    crises = written(
        tmp_path,
        "c.csv",
        CRISES_HEADER,
        "ICB:1,ICB,x,2012-04-01,day,2012-04-05,USA-VEN,3,3,0,0,crisis,,",
        "ICB:2,ICB,y,2019-03-24,day,2019-04-01,USA-VEN,3,3,0,0,crisis,,",
    )
    rows = tmp_path / "rows.jsonl"
    span = ["--from", "2019-01-20", "--to", "2019-05-05", "--step", "7"]
    rows.write_text(run("replay", "--home", str(exercise), *span, "--anew", "--json"))
    plot = tmp_path / "w.svg"
    war = json.loads(run("score", "war", "--replay", str(rows), "--outcomes", str(crises), "--plot", str(plot)))
    assert set(war) == {"tocsin", "climatology", "reports counted"}
    assert war["tocsin"]["cases"] == war["climatology"]["cases"] > 100
    assert war["tocsin"]["came"] == 4
    assert war["climatology"]["log_skill"] == 0
    assert "<svg" in plot.read_text()
    levels = json.loads(run("score", "levels", "--home", str(exercise), *span, "--outcomes", str(crises)))
    assert levels == json.loads(run("score", "levels", "--replay", str(rows), "--outcomes", str(crises)))
    assert levels["alerts"]["onsets"] == 1
    assert sum(one["steps"] for one in levels["steps_by_level"].values()) == levels["steps"]


def test_a_file_that_is_no_replay_is_refused_by_its_line(tmp_path: Path) -> None:
    crises = written(tmp_path, "c.csv", CRISES_HEADER)
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"as_of": "2019-01-20", "area": "korea"}\n')
    done = CliRunner().invoke(tocsin, ["score", "war", "--replay", str(rows), "--outcomes", str(crises)])
    assert done.exit_code == 2
    assert "rows.jsonl, line 1: expected a row of `tocsin replay" in done.output


# ---- figures by hand

DYADS = {"korea": frozenset({("KOR", "PRK")}), "kashmir": frozenset({("IND", "PAK")})}


def made(levels: Mapping[str, Sequence[int | None]], step: int = 7) -> areas.Course:
    start = day("2018-11-01")
    rows = [
        areas.Row(start + step * n, area, level, 0.01 * (6 - (level or 5)), 3)
        for area, found in levels.items()
        for n, level in enumerate(found)
    ]
    return areas.course(rows)


def test_steps_before_and_in_a_crisis_and_no_other() -> None:
    of = made({"korea": [5] * 30, "kashmir": [5] * 30})
    told = (crisis(("IND", "PAK"), "2019-02-14", "2019-02-20"),)
    came = areas.outcome(of, told, DYADS, settings())
    kashmir = of.areas.index("kashmir")
    steps = [datetime.date.fromordinal(of.days[j]).isoformat() for j in np.nonzero(came.ahead[kashmir])[0]]
    assert steps == ["2019-01-17", "2019-01-24", "2019-01-31", "2019-02-07"]
    busy = [datetime.date.fromordinal(of.days[j]).isoformat() for j in np.nonzero(came.open[kashmir])[0]]
    assert (busy[0], busy[-1]) == ("2019-02-14", "2019-03-21")
    assert not came.ahead[of.areas.index("korea")].any()


def test_a_row_told_twice_is_refused() -> None:
    row = areas.Row(1, "korea", 5, 0.01, 1)
    with pytest.raises(ValueError, match="expected one row for korea and a day, found two"):
        areas.course([row, dataclasses.replace(row, war=0.5)])


def test_delay_false_alerts_and_reversals_by_hand() -> None:
    """Kashmir goes to 4 a week after the crisis begins; Korea flickers once without any; unwatched is calm."""
    kashmir: list[int | None] = [5] * 16 + [4] * 6 + [None] * 8
    korea: list[int | None] = [*[5] * 5, 4, 5, *[5] * 23]
    of = made({"korea": korea, "kashmir": kashmir})
    told = (crisis(("IND", "PAK"), "2019-02-14", "2019-02-20"),)
    base = areas.climatology(of, told, DYADS)
    found = areas.levels(of, areas.outcome(of, told, DYADS, settings()), base, 4, 14, 30)
    assert set(found["order"]) == {"tocsin", "level alone", "climatology", "reports counted"}
    alerts = found["alerts"]
    assert (alerts.onsets, alerts.seen, alerts.opened, alerts.delay) == (1, 1, 1, 7.0)
    years = 2 * (29 * 7 + 1) / 365
    assert alerts.false_per_year == pytest.approx(1 / years)
    assert found["reversals_per_area_year"] == pytest.approx(1 / (2 * 29 * 7 / 365))
    assert found["steps_by_level"]["None"] == {"steps": 8, "in or before a crisis": 0}


def test_climatology_is_an_areas_own_past_with_all_areas_mixed_in() -> None:
    of = made({"korea": [5] * 3, "kashmir": [5] * 3})
    told = tuple(crisis(("IND", "PAK"), f"{year}-11-01") for year in range(2008, 2018))
    kashmir, korea = areas.climatology(of, told, DYADS)[:, 0]
    assert kashmir == pytest.approx(1 - np.exp(-((10 + 10.5 / 20 * 5) / 15) * 30 / 365), rel=0.01)
    assert korea == pytest.approx(1 - np.exp(-((10.5 / 20 * 5) / 15) * 30 / 365), rel=0.01)
    later = areas.climatology(of, (*told, crisis(("KOR", "PRK"), "2019-02-01")), DYADS)[:, 0]
    assert later.tolist() == [kashmir, korea], "what came later is not known"


def test_the_count_of_reports_knows_only_what_had_passed() -> None:
    """It learns that many reports mean a crisis only once the first one is past."""
    of = made({"korea": [5] * 40, "kashmir": [5] * 40})
    told = (crisis(("IND", "PAK"), "2019-02-14", "2019-02-15"),)
    came = areas.outcome(of, told, DYADS, settings())
    many = np.where(came.ahead, 50.0, 3.0)
    many[1, -1] = 50.0
    of = dataclasses.replace(of, documents=many)
    scope = ~came.open
    p = areas.counted(of, came, scope, areas.climatology(of, told, DYADS))
    before, after = int(np.argmax(came.ahead.any(axis=0))), -1
    row = of.areas.index("kashmir")
    assert p[row, before] == pytest.approx(p[row, 0], rel=0.2)
    assert p[1, after] > 3 * p[0, after]
