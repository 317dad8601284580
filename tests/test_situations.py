"""A report on a situation, handed in by its author, may propose level 4 or 3 alone: it tells several things of several
states and weighs them. One rumour may not, nor one happening, nor what an outlet prints, nor any number of copies."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from situations import SITUATIONS, kept_aside
from telling import alarms
from test_traps import judged
from tocsin.derive import Fold
from tocsin.group import Grouping
from tocsin.interpret import interpret
from tocsin.judge.evidence import page_of
from tocsin.judge.gist import Text
from tocsin.judge.witnesses import outlet
from tocsin.records import Assessment, Document, Recipe, Work
from tocsin.rules import parse
from tocsin.rules.reading import RulesError
from tocsin.scoring.measures import auc
from world import document, rule_files, rules


@cache
def assessed(name: str) -> Assessment:
    date, _, text = SITUATIONS[name]
    return alone(text, date)


def alone(text: str, date: str, **fields: object) -> Assessment:
    told = document(text, published=date, seen=f"{date}T12:00:00Z", **fields)
    fold = Fold(rules(), Recipe("", "", ""))
    for _ in fold.add(Work(told, interpret(told, rules()))):
        pass
    return fold.assess(f"{date}T23:59:59Z")


def levels(aside: bool) -> tuple[list[int], list[int]]:
    chosen = [name for name in SITUATIONS if kept_aside(name) == aside]
    return [SITUATIONS[name][1] for name in chosen], [assessed(name).overall.level or 5 for name in chosen]


def kappa(given: list[int], found: list[int]) -> float:
    """Cohen's kappa with quadratic weights."""
    a, b = np.array(given), np.array(found)
    chance = np.mean([(x - y) ** 2 for x in a for y in b])
    return float(1 - np.mean((a - b) ** 2) / chance)


@pytest.mark.parametrize("aside", [False, True], ids=["developed on", "kept aside"])
def test_the_levels_of_briefings_follow_the_definitions(aside: bool) -> None:
    given, found = levels(aside)
    assert kappa(given, found) >= 0.5
    order = auc(np.array([level <= 4 for level in given]), np.array([5.0 - level for level in found]))
    assert order is not None
    assert order >= 0.8


def test_a_briefing_never_proposes_the_worst_levels() -> None:
    assert all((assessed(name).overall.level or 5) >= 3 for name in SITUATIONS)


def test_what_a_briefing_decided_says_so() -> None:
    judgement = next(j for j in assessed("sindoor").judgements if j.area == "india-pakistan")
    assert judgement.decided_by.rule.endswith("/briefing")
    assert "no other has borne it out" in judgement.decided_by.text
    assert judgement.confidence == "low"


def briefing(told: Document) -> bool:
    gist, membership = Text(told, rules()), Grouping(rules()).add(told)
    return page_of(told, gist, membership, outlet(told, membership, rules()), rules()).briefing


RISING = SITUATIONS["winter-build-up"][2]


@pytest.mark.parametrize(
    "fields",
    [
        {"source": "The Harbor Post"},
        {"origin": "Meridian Wire"},
        {"url": "https://blog.example/1"},
        {"title": "Troops at the border"},
        {"authors": ("Ann Example",)},
        {"flags": ("fiction",)},
        {"flags": ("exercise",)},
        {"flags": ("retrospective",)},
        {"flags": ("opinion",)},
    ],
    ids=str,
)
def test_what_an_outlet_prints_or_nobody_means_is_no_briefing(fields: dict[str, object]) -> None:
    assert briefing(document(RISING, published="2022-01-24"))
    told = document(RISING, published="2022-01-24", **fields)
    assert not briefing(told)


@pytest.mark.parametrize(
    "text",
    [
        "Russia has put its nuclear forces on the highest alert. NATO soldiers are fighting Russian soldiers.",
        "War! Iran has attacked Israel with a hundred missiles and the Americans are striking back at this hour. "
        "Tehran burns. Russia will join by morning.",
        "A friend in the army says that China has landed on Taiwan, although nobody reports it.",
        "In May 1999 Indian aircraft bombed the heights of Kargil, but Pakistan held them. In June 1999 it shot down "
        "two jets. In July 1999 both sides agreed on a truce.",
    ],
    ids=["two alarms", "nothing weighed", "one rumour", "long ago"],
)
def test_what_alarms_without_weighing_is_no_briefing(text: str) -> None:
    assert not briefing(document(text, published="2021-06-15"))
    assert alone(text, "2021-06-15").overall.level in (None, 5)


def test_copies_of_a_briefing_are_one_origin_and_printed_ones_none(tmp_path: Path) -> None:
    pages = [{"url": f"https://site{n % 20}.example/{n}", "title": "", "text": RISING} for n in range(60)]
    assessment = judged(tmp_path, *pages)
    assert alarms(assessment) == set()
    assert all(j.coverage.origins <= 1 for j in assessment.judgements)


def test_where_others_report_they_must_bear_it_out(tmp_path: Path) -> None:
    calm = (
        "The Ukrainian government said on Tuesday that the harvest will be good and that Russia buys less of it.",
        "Ukraine and Russia discussed the transit of gas in Vienna on Tuesday.",
        "Russia and Ukraine will play each other in the qualifying round, the union in Kyiv said.",
    )
    outlets = ("Reuters", "BBC News", "Associated Press")
    others = [{"source": name, "title": "Ukraine", "text": text} for name, text in zip(outlets, calm, strict=True)]
    handed_in = {"title": "", "text": RISING}
    judgement = next(j for j in judged(tmp_path, handed_in).judgements if j.area == "nato-russia")
    assert judgement.level == 4
    judgement = next(j for j in judged(tmp_path, *others, handed_in).judgements if j.area == "nato-russia")
    assert judgement.level == 5
    assert judgement.coverage.origins >= 3


def test_a_rule_may_not_let_a_briefing_propose_level_2() -> None:
    files = dict(rule_files())
    files["levels.toml"] = files["levels.toml"].replace(
        b"nuclear = 0.10\norigins = 3", b"nuclear = 0.10\nbriefing = 0.0"
    )
    with pytest.raises(RulesError, match="briefing"):
        parse(files)


def test_both_states_of_a_shared_name_are_named() -> None:
    told = document("North and South Korean troops traded fire.")
    assert Text(told, rules()).named == ("korea",)
