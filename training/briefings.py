"""Fit the weights of a briefing's signs, and the strain of levels 4 and 3, on our own reports with a level.

    python training/briefings.py [--ridge R]

It reads the reports of tests/ that are not kept aside (situations, roundups, manners), takes from the judge what each
sign would strain every area by at weight 1, and what reports raise the log-odds of W by there, and fits an ordinal
logistic regression: a report's score is that of its most strained area (a soft maximum),

    score = sum over signs of weight * reach + told * raised
    P(level <= 4) = sigmoid(score - strain of level 4),  P(level <= 3) = sigmoid(score - strain of level 3)

A ridge draws the weights towards those that a person once judged right: so few reports can correct a judgement, not
make one. Figures are of folds that were not fitted, then of the parts kept aside. A person takes the numbers over.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tocsin.bundle import read_folder
from tocsin.derive import Fold
from tocsin.interpret import interpret
from tocsin.judge.appraisal import emphases
from tocsin.judge.gist import Text
from tocsin.records import Document, Recipe, Work
from tocsin.rules import Rules, parse
from tocsin.rules.warning import log_odds
from tocsin.scoring.measures import auc

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
REPORTS = (("situations", "SITUATIONS"), ("roundups", "ROUNDUPS"), ("manners", "MANNERS"))

JUDGED = {
    "alarm": 1.2,
    "calm": -1.0,
    "demand": 1.6,
    "everyday": -0.7,
    "fire": 1.3,
    "moves": 0.8,
    "nuclear": 2.0,
    "readiness": 1.6,
    "words": 0.5,
    "told": 0.5,
}

SHARPNESS = 4.0  # of the soft maximum over areas
RIDGE = 8.0
FOLDS = 6
STEPS, RATE = 500, 0.05
NOWHERE = -1e9  # the score of an area that a report does not have
Array: TypeAlias = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Report:
    """A report as the fit sees it: `reach`, a row for each area and a column for each sign, the last one `raised`."""

    level: int
    aside: bool
    reach: Array


def reports(rules: Rules) -> list[Report]:
    world: Any = importlib.import_module("world")
    still = _without_strain(rules)
    found = []
    for module, name in REPORTS:
        held: Any = importlib.import_module(module)
        for key, (date, level, text) in getattr(held, name).items():
            told = world.document(text, published=date, seen=f"{date}T12:00:00Z")
            reach = _reach(told, f"{date}T23:59:59Z", still)
            if len(reach):  # the others are no briefing, or name no area: no weight would change that
                found.append(Report(level, held.kept_aside(key), reach))
    return found


def _without_strain(rules: Rules) -> Rules:
    briefing = dataclasses.replace(rules.joining.briefing, war=0.0, nuclear=0.0)
    return dataclasses.replace(rules, joining=dataclasses.replace(rules.joining, briefing=briefing))


def _reach(told: Document, as_of: str, rules: Rules) -> Array:
    fold = Fold(rules, Recipe("", "", ""))
    for _ in fold.add(Work(told, interpret(told, rules))):
        pass
    judged = {one.area: one.war.p for one in fold.assess(as_of).judgements}
    signs = sorted(rules.joining.briefing.signs)
    rows = [
        [*map(said.reach, signs), log_odds(judged[area]) - log_odds(rules.areas[area].prior_war)]
        for area, said in emphases(Text(told, rules).clauses).items()
    ]
    return np.array(rows, dtype=np.float64)


def together(chosen: Sequence[Report]) -> tuple[Array, Array]:
    """The areas of all reports in one block, and what their scores start from: 0, or NOWHERE where it was filled up."""
    most = max(len(one.reach) for one in chosen)
    block = np.zeros((len(chosen), most, chosen[0].reach.shape[1]))
    start = np.full((len(chosen), most), NOWHERE)
    for row, one in enumerate(chosen):
        block[row, : len(one.reach)] = one.reach
        start[row, : len(one.reach)] = 0.0
    return block, start


def fit(chosen: Sequence[Report], prior: Array, ridge: float) -> Array:
    """Weights, strain of level 4, and the log of how much more level 3 asks for; by Adam."""
    block, start = together(chosen)
    levels = np.array([one.level for one in chosen])
    found = np.concatenate([prior, [1.5, 0.7]])
    mean, square = np.zeros_like(found), np.zeros_like(found)
    for step in range(1, STEPS + 1):
        slope = _slope(found, block, start, levels, prior, ridge)
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        found = found - RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return found


def _slope(found: Array, block: Array, start: Array, levels: NDArray[Any], prior: Array, ridge: float) -> Array:
    """The gradient of the negative log-likelihood and the ridge."""
    weights, four, apart = found[:-2], found[-2], np.exp(found[-1])
    scores = block @ weights + start
    top = scores.max(axis=1, keepdims=True)
    share = np.exp(SHARPNESS * (scores - top))
    total = share.sum(axis=1, keepdims=True)
    score = (top + np.log(total) / SHARPNESS)[:, 0]
    at_four, at_three = _sigmoid(score - four), _sigmoid(score - four - apart)
    calm, middle, grave = levels == 5, levels == 4, levels == 3
    chance = np.maximum(np.where(calm, 1 - at_four, np.where(middle, at_four - at_three, at_three)), 1e-9)
    by_four = np.where(calm, -1.0, np.where(middle, 1.0, 0.0)) * at_four * (1 - at_four) / chance
    by_three = np.where(grave, 1.0, np.where(middle, -1.0, 0.0)) * at_three * (1 - at_three) / chance
    moved = np.einsum("na,nak->nk", share / total, block)
    ends = [(by_four + by_three).sum(), by_three.sum() * apart]
    return np.concatenate([2 * ridge * (weights - prior) - (by_four + by_three) @ moved, ends])


def _sigmoid(x: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -30.0, 30.0))))


def scores(chosen: Sequence[Report], found: Array) -> tuple[Array, Array]:
    """The score of each report less the strain of level 4, and its level."""
    score = np.array([(one.reach @ found[:-2]).max() for one in chosen]) - found[-2]
    return score, np.where(score >= np.exp(found[-1]), 3, np.where(score >= 0, 4, 5))


def folded(chosen: Sequence[Report], prior: Array, ridge: float) -> tuple[Array, Array]:
    """Scores and levels of reports by weights that were fitted without them."""
    order = np.random.default_rng(0).permutation(len(chosen))
    score, level = np.zeros(len(chosen)), np.zeros(len(chosen))
    for part in np.array_split(order, FOLDS):
        without = [chosen[n] for n in order if n not in part]
        score[part], level[part] = scores([chosen[n] for n in part], fit(without, prior, ridge))
    return score, level


def figures(chosen: Sequence[Report], score: Array, level: Array) -> str:
    gold = np.array([one.level for one in chosen])
    chance = np.mean((gold[:, None] - level[None, :]) ** 2)
    kappa = 1 - np.mean((gold - level) ** 2) / chance
    orders = [auc(np.less_equal(gold, least).astype(np.float64), score) or 0.0 for least in (4, 3)]
    return f"{len(chosen)} reports: 4 or worse {orders[0]:.3f}, 3 {orders[1]:.3f}, kappa {kappa:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--ridge", type=float, default=RIDGE)
    ridge = parser.parse_args().ridge
    rules = parse(read_folder(ROOT / "rules"))
    read, names = reports(rules), [*sorted(rules.joining.briefing.signs), "told"]
    prior = np.array([JUDGED[name] for name in names])
    fitted, aside = [one for one in read if not one.aside], [one for one in read if one.aside]
    print("folds not fitted:", figures(fitted, *folded(fitted, prior, ridge)))
    found = fit(fitted, prior, ridge)
    print("kept aside:      ", figures(aside, *scores(aside, found)))
    for name, weight in zip(names, found[:-2], strict=True):
        print(f"  {name} = {weight:.2f}")
    print(f"  strain of level 4 = {found[-2]:.2f}, of level 3 = {found[-2] + np.exp(found[-1]):.2f}")


if __name__ == "__main__":
    main()
