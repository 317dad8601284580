"""A briefing is read clause by clause: each belongs to the theatre it names or that of the clause before, and what the
report dwells on decides how strained an area is."""

from __future__ import annotations

import numpy as np
import pytest

import manners
import roundups
from test_situations import alone, kappa
from tocsin.judge.appraisal import Clause, Strain, Strained, marked, strains
from tocsin.judge.gist import Text
from tocsin.scoring.measures import auc
from world import document, rules


def clauses(text: str, date: str = "2017-09-26") -> tuple[Clause, ...]:
    return Text(document(text, published=date), rules()).clauses


def strain(text: str, area: str) -> float:
    return strains(clauses(text), rules().joining.briefing)[area].value


def test_a_clause_is_about_what_it_names_or_what_the_clause_before_it_was_about() -> None:
    text = (
        "Nobody expected it so soon. North Korea says that its rocket units are on the highest alert; the hotline is "
        "dead. China would rather wait. Iran talks go on in Vienna; no result yet. Pakistan and India play cricket."
    )
    about = [one.areas for one in clauses(text)]
    assert about[:4] == [("korea",)] * 4  # a lead waits for the name; who has a part there changes no subject
    assert about[4:6] == [("iran-israel-us",)] * 2
    assert about[6] == ("india-pakistan",)


def test_a_shared_name_means_the_state_of_one_theatre() -> None:
    text = "Korean tension is very high and the North seems cornered. China and Japan urge calm. The US moves bombers."
    assert clauses(text)[0].areas == ("korea",)


GRAVE = "India and Pakistan shelled each other across the Line of Control and both put their armies on alert. "
EVERYDAY = (
    "China's budget rises. Russia tested a missile and says that the treaty stands. Iran and six powers hold talks in "
    "Vienna. The United States and Britain sold jets to Poland, but fewer than planned. "
)


def test_what_a_report_dwells_on_strains_an_area_more() -> None:
    dwelling = GRAVE + "India moves tanks to the border, although Pakistan denies it. Pakistan calls up reservists."
    in_passing = GRAVE + EVERYDAY
    assert strain(dwelling, "india-pakistan") > 2 * strain(in_passing, "india-pakistan") > 0


def test_a_hedge_weakens_what_is_told_and_not_what_its_author_thinks() -> None:
    told = dict(marked([((0, 40), "Pakistan might put its army on alert.")], rules())[0].signs)
    thought = dict(marked([((0, 40), "An accident might be hard to contain.")], rules())[0].signs)
    assert told["readiness"] < 1.0
    assert thought["alarm"] == 1.0


def test_the_everyday_of_arms_and_calm_ease() -> None:
    signs = rules().joining.briefing.signs
    assert {name for name, sign in signs.items() if sign.weight < 0} == {"everyday", "calm"}
    assert all(one.value < 0.8 for one in strains(clauses(EVERYDAY), rules().joining.briefing).values())


def test_strain_fades_and_the_gravest_of_a_day_stands() -> None:
    kept = Strained(half_life_days=10.0)
    kept.add(100, {"korea": Strain(2.0, True)})
    kept.add(100, {"korea": Strain(1.0)})
    assert kept.at("korea", 100) == Strain(2.0, True)
    assert kept.at("korea", 110).value == pytest.approx(1.0)
    assert kept.at("korea", 99) == kept.at("taiwan", 100) == Strain()
    kept.forget(101)
    assert kept.at("korea", 110) == Strain()


def test_words_alone_go_no_further_than_talk() -> None:
    text = (
        "North Korea calls the speech a declaration of war and vows that Seoul will pay. It warns of a last chance and "
        "sets a deadline; the North has cut all ties. South Korea rejects the ultimatum and warns the North. Tension "
        "grows and is very high, and a blunder can't be ruled out. Pyongyang says that it will answer any provocation."
    )
    judged = next(one for one in alone(text, "2017-09-26").judgements if one.area == "korea")
    assert strain(text, "korea") > 4.0
    assert judged.level == 4


def test_a_state_is_named_by_its_capital_its_forces_or_who_governs_it_too() -> None:
    text = (
        "Netanyahu vows revenge for the missiles. Tehran promises more, and the Pentagon moves bombers. Modi is silent."
    )
    assert [one.areas for one in clauses(text, "2024-10-02")][:2] == [("iran-israel-us",)] * 2


def test_the_reason_names_every_sign_that_decided() -> None:
    date, _, text = roundups.ROUNDUPS["kerch"]
    judged = next(one for one in alone(text, date).judgements if one.area == "nato-russia")
    signs = rules().joining.briefing.signs
    found = {name for clause in clauses(text, date) for name, _ in clause.signs if "nato-russia" in clause.areas}
    assert len(found) > 3
    assert all(signs[name].name in judged.decided_by.text for name in found)


# ---- round-ups


@pytest.mark.parametrize("aside", [False, True], ids=["developed on", "kept aside"])
@pytest.mark.parametrize("reports", ["roundups", "manners"])
def test_the_levels_of_roundups_follow_what_such_services_do(reports: str, aside: bool) -> None:
    held = {"roundups": (roundups.ROUNDUPS, roundups.kept_aside), "manners": (manners.MANNERS, manners.kept_aside)}
    texts, kept_aside = held[reports]
    chosen = [one for name, one in texts.items() if kept_aside(name) == aside]
    given = [level for _, level, _ in chosen]
    found = [alone(text, date).overall.level or 5 for date, _, text in chosen]
    order = auc(np.array([level <= 4 for level in given]), np.array([5.0 - level for level in found]))
    assert order is not None
    assert order >= 0.65
    assert kappa(given, found) >= (0.35 if aside else 0.5)
