"""Measures of chances and alerts, against values known by hand."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from tocsin.judge import hazard
from tocsin.rules.counts import Counts
from tocsin.scoring import dyads, measures, plot
from world import rules


def test_auc_counts_ties_half() -> None:
    y = np.array([1.0, 0.0, 1.0, 0.0])
    assert measures.auc(y, np.array([0.9, 0.1, 0.8, 0.2])) == 1.0
    assert measures.auc(y, np.array([0.5, 0.5, 0.5, 0.5])) == 0.5
    assert measures.auc(y, np.array([0.3, 0.3, 0.1, 0.2])) == pytest.approx((0.5 + 1 + 0 + 0) / 4)
    assert measures.auc(np.ones(3), np.ones(3)) is None


def test_average_precision_takes_equal_chances_together() -> None:
    y = np.array([1.0, 0.0, 1.0, 0.0])
    assert measures.average_precision(y, np.array([0.9, 0.8, 0.7, 0.1])) == pytest.approx((1 + 2 / 3) / 2)
    assert measures.average_precision(y, np.full(4, 0.2)) == pytest.approx(0.5)
    assert measures.average_precision(np.zeros(2), np.zeros(2)) is None


def test_log_score_and_skill() -> None:
    y = np.array([1.0, 0.0])
    assert measures.log_score(y, np.array([0.5, 0.5])) == pytest.approx(math.log(2))
    assert measures.log_score(y, np.array([1.0, 0.0])) == pytest.approx(0.0, abs=2e-6)
    assert measures.skill(0.2, 0.4) == 0.5
    assert measures.skill(0.2, 0.0) is None
    assert measures.log_score(np.zeros(0), np.zeros(0)) is None


def test_brier_is_the_sum_of_its_parts() -> None:
    y = np.array([1.0, 0.0, 0.0, 0.0, 1.0, 1.0])
    p = np.array([0.1, 0.1, 0.1, 0.1, 0.8, 0.8])
    parts = measures.brier(y, p, (0.0, 0.5, 1.0))
    assert parts is not None
    assert parts.score == pytest.approx((0.81 + 3 * 0.01 + 2 * 0.04) / 6)
    assert parts.uncertainty == pytest.approx(0.25)
    assert parts.reliability == pytest.approx((4 * 0.15**2 + 2 * 0.2**2) / 6)
    assert parts.resolution == pytest.approx((4 * 0.25**2 + 2 * 0.5**2) / 6)
    assert parts.within == pytest.approx(0.0, abs=1e-12)


def test_a_reliability_table_holds_every_case_once() -> None:
    y, p = np.array([0.0, 1.0, 1.0]), np.array([0.0, 0.5, 1.0])
    bins = measures.reliability(y, p, (0.0, 0.5, 1.0))
    assert [(b.cases, b.rate) for b in bins] == [(1, 0.0), (2, 1.0)]


def test_an_interval_is_of_groups_and_the_same_each_time() -> None:
    values, group = np.array([0.0] * 50 + [1.0] * 50), np.repeat([0, 1], 50)
    assert measures.interval(values, group) == (0.0, 1.0)
    assert measures.interval(values, np.arange(100)) == measures.interval(values, np.arange(100))
    narrow = measures.interval(values, np.arange(100))
    assert narrow is not None
    assert 0.3 < narrow[0] < 0.5 < narrow[1] < 0.7


def test_an_alert_left_on_for_ever_is_seen_but_never_opened() -> None:
    shape = (2, 400)
    scope, near = np.ones(shape, bool), np.zeros(shape, bool)
    near[:, 190:260] = True
    alert = np.zeros(shape, bool)
    alert[0, 10:] = True
    alert[1, 203:205] = True
    found = measures.detection(alert, scope, near, [(0, 200, "a"), (1, 200, "b"), (1, 300, "c")], 14, 30)
    assert (found.onsets, found.seen, found.opened, found.delay) == (3, 2, 1, 1.5)
    assert found.missed == ("c",)
    assert found.false_per_year == pytest.approx(1 / (800 / 365))
    assert found.share_on == pytest.approx((390 + 2) / 800)


def test_alerts_a_month_apart_are_two() -> None:
    alert = np.zeros((1, 100), bool)
    alert[0, [10, 40, 75]] = True
    scope, near = np.ones(alert.shape, bool), np.zeros(alert.shape, bool)
    found = measures.detection(alert, scope, near, [], 14, 30)
    assert found.false_per_year == pytest.approx(2 / (100 / 365))
    assert found.delay is None


def settings() -> Counts:
    found = rules().counts
    assert found is not None
    return found


def test_cases_leave_crises_out_and_groups_know_no_future() -> None:
    from test_counts import FIRST, day, told, world

    found = hazard.forecast(world(), told(), rules().states, settings())
    on = dyads.cases(found, told(), settings(), 100, 5.0)
    last = found.series.days - settings().opening.horizon_days
    assert set(on.column % 7) == {0}
    assert on.column.min() >= 100
    assert on.column.max() < last
    india = found.series.dyads.index(("IND", "PAK"))
    start, end = day("2018-11-20") - FIRST, day("2019-01-20") - FIRST
    weeks = on.column[on.row == india]
    assert not ((weeks >= start) & (weeks <= end + 30)).any()
    soon = on.column[(on.row == india) & (on.y > 0)]
    assert soon.tolist() == [294, 301, 308, 315, 322]
    assert all(0 < start - week <= 30 for week in soon)
    iran = found.series.dyads.index(("IRN", "USA"))
    past = on.groups["with a past crisis"]
    known = day("2018-06-01") + settings().opening.known_after_days - FIRST
    assert not past[(on.row == iran) & (on.column < known)].any()
    assert past[(on.row == iran) & (on.column >= known)].all()


def test_figures_stand_beside_climatology() -> None:
    from test_counts import told, world

    found = hazard.forecast(world(), told(), rules().states, settings())
    simple = hazard.simple_forecast(world(), told(), settings(), 3.0)
    on = dyads.cases(found, told(), settings(), 100, 5.0)
    base = dict.fromkeys(dyads.GROUPS, 0.02)
    for which in (found, simple):
        figures = dyads.chances(which, on, base)["all"]
        assert figures["came"] == int(on.y.sum()) > 0
        assert figures["climatology"] == 0.02
        assert sum(b.cases for b in figures["reliability"]) == figures["cases"]
    assert dyads.alerts(found, told(), settings(), 100)["all"].onsets == 3


def test_the_plot_is_well_formed_and_counts_its_cases() -> None:
    bins = (measures.Bin(0.0, 0.1, 40, 0.01, 0.0), measures.Bin(0.1, 1.0, 8, 0.3, 0.25))
    svg = plot.reliability_svg(bins, "Onsets < 30 days & more")
    root = ElementTree.fromstring(svg)
    texts = [node.text for node in root.iter() if node.tag.endswith("text")]
    assert "2/8" in texts
    assert "0/40" in texts
    assert "Onsets < 30 days & more" in texts
    assert len(re.findall("<circle", svg)) == 2
