"""How long chances and alerts of dyads take, and how much memory: `hazard.forecast` on made-up years of many dyads.

    .venv/bin/python bench/dyads.py [--dyads 2000] [--years 7]

The dyads are pairs of a hundred states with noise between them, a tenth of them reported on daily, the rest on one day
in five; one in fifty has a crisis, half a year long, each third year. Seconds and peak memory are this machine's.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import resource
import time

import numpy as np

from tocsin.bundle import load
from tocsin.judge import hazard
from tocsin.judge.counts import Crisis, Floats, Series
from tocsin.rules.counts import Dyad

FIRST = datetime.date(2018, 1, 1).toordinal()
STATES = 100
SPREAD, BLOW = 20.0, 300.0  # of a day's score, and what a crisis takes from it


def made_up(states: list[str], dyads: int, days: int) -> tuple[Series, list[Crisis]]:
    noise = np.random.Generator(np.random.PCG64(1))
    chosen = noise.permutation(len(states))[:STATES]
    every = list(itertools.combinations(sorted(states[i] for i in chosen), 2))
    pairs = tuple(sorted(every[i] for i in noise.permutation(len(every))[:dyads]))
    share = np.where(np.arange(len(pairs)) % 10 == 0, 1.0, 0.2)
    score = noise.normal(2.0, SPREAD, (len(pairs), days)) * (noise.random((len(pairs), days)) < share[:, None])
    crises = [one for row in range(0, len(pairs), 50) for one in _crises(pairs[row], row, days, score[row])]
    return Series(FIRST, pairs, np.round(score, 1), np.full(days, 30_000.0)), crises


def _crises(pair: Dyad, row: int, days: int, score: Floats) -> list[Crisis]:
    found = []
    for start in range(200 + row % 900, days, 1095):
        score[start : start + 180] -= BLOW
        begin = FIRST + start
        found.append(Crisis(f"{row}:{start}", "ICB", "crisis", begin, begin + 180, True, 2.0, (pair,)))
    return found


def main() -> None:
    reader = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    reader.add_argument("--dyads", type=int, default=2000)
    reader.add_argument("--years", type=int, default=7)
    args = reader.parse_args()
    rules = load()
    assert rules.counts is not None
    series, crises = made_up(sorted(rules.states), args.dyads, args.years * 365)
    start = time.perf_counter()
    found = hazard.forecast(series, crises, rules.states, rules.counts)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = f"{len(series.dyads)} dyads, {series.days} days, {len(crises)} crises"
    print(f"{told}: {seconds:.1f} s, {peak:.0f} MB at most, {found.followed.any(axis=1).sum()} dyads followed")


if __name__ == "__main__":
    main()
