"""The floor under the judgement: figures of a small backtest that must not fall, kept with the digest of its data.

    .venv/bin/python tests/floors.py                       what is measured now, beside the floor
    .venv/bin/python tests/floors.py --raise               write what is better; what is worse keeps its floor
    .venv/bin/python tests/floors.py --lower NAME --why "…" one figure down to what is measured, with the reason kept

Reports and crises lie in tests/floor: written for it from public facts of 2018-12 to 2019-06, with calm weeks, talks,
a film, an anniversary and an exercise among them. The dyads are the made-up world of tests/test_counts.py. It is no
measure of how good the judgement is (docs/method.md has that), only a tripwire.
"""

from __future__ import annotations

import datetime
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tocsin import live, replay
from tocsin.cli import backtest
from tocsin.collect import streams
from tocsin.collect.inbox import captures
from tocsin.home import Home
from tocsin.judge import hazard
from tocsin.records import Refusal, digest
from tocsin.rules import Rules
from tocsin.scoring import dyads

FOLDER = Path(__file__).resolve().parent / "floor"
FLOOR = FOLDER / "floor.json"
STEP = 3  # days
BETTER_LOW = frozenset({"delay_days", "false_alerts_per_area_year", "reversals_per_area_year", "dyads_false_per_year"})
COUNTED = frozenset({"crises"})  # facts of the data, the same for everybody
SLACK = 0.02  # a change of rules may move a figure by so little without being worse

Figures = Mapping[str, float | None]


def data_digest() -> str:
    from test_counts import world

    parts = [(FOLDER / name).read_bytes() for name in ("reports.jsonl", "crises.csv")]
    return digest(b"\0".join([*parts, np.round(np.nan_to_num(world().score), 3).tobytes()]))


def measured(rules: Rules, rule_files: Mapping[str, bytes]) -> dict[str, float | None]:
    """The figures of these rules: levels and W on the reports, chances and alerts on the dyads."""
    items = [item for item in captures([str(FOLDER / "reports.jsonl")], None) if not isinstance(item, Refusal)]
    entries = list(live.as_seen(items, "2020-01-01T00:00:00Z"))
    with tempfile.TemporaryDirectory() as folder:
        home = Home.create(Path(folder) / "home", "floor", "test", rule_files, "2018-12-01T00:00:00Z")
        home.append(entries)
        first, last = (_day(entry.seen or "") for entry, _ in (entries[0], entries[-1]))
        times = replay.days(first, last, STEP)
        found = tuple(backtest.steps(home, times, rules))
    told = streams.crises(FOLDER / "crises.csv")
    return backtest.scored(found, told, rules) | _dyads(rules)


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text[:10])


def _dyads(rules: Rules) -> dict[str, float | None]:
    from test_counts import told, world

    assert rules.counts is not None
    found = hazard.forecast(world(), told(), rules.states, rules.counts)
    alerts = dyads.alerts(found, told(), rules.counts, 100)["all"]
    return {"dyads_opened": float(alerts.opened), "dyads_false_per_year": alerts.false_per_year}


def worse(name: str, now: float | None, floor: float | None) -> bool:
    """Whether a figure is worse than its floor; one that can't be measured any more is."""
    if floor is None:
        return False
    if now is None:
        return True
    if name in COUNTED:
        return now != floor
    return now > floor + SLACK if name in BETTER_LOW else now < floor - SLACK


def raised(now: Figures, floor: Figures) -> dict[str, float | None]:
    """The floor after a run: each figure as it is now, or as the floor has it where it would fall."""
    return {name: floor[name] if name in floor and worse(name, now[name], floor[name]) else now[name] for name in now}


def read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FLOOR.read_text("utf-8"))
    return found


def write(kept: Mapping[str, Any]) -> None:
    FLOOR.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def main(words: list[str]) -> int:
    from world import rule_files, rules

    kept: dict[str, Any] = {"data": data_digest(), "figures": {}, "lowered": []}
    kept = read() if FLOOR.exists() else kept
    now, floor = measured(rules(), rule_files()), kept["figures"]
    for name, value in now.items():
        mark = "  WORSE" if name in floor and worse(name, value, floor[name]) else ""
        print(f"{name:>28}: {value!s:>22}   floor {floor.get(name)!s:>22}{mark}")
    if words[:1] == ["--raise"]:
        if kept["data"] != data_digest():
            print(
                "the data is not that of the floor: a floor stands on its data; give the change in a commit of its own"
            )
            return 1
        write(kept | {"figures": raised(now, floor)})
    elif words[:1] == ["--lower"]:
        if len(words) != 4 or words[2] != "--why" or words[1] not in floor or not words[3].strip():
            print("expected --lower NAME --why REASON, with the name of a figure; found", *words)
            return 2
        name = words[1]
        why = {"figure": name, "from": floor[name], "to": now[name], "why": words[3]}
        write(kept | {"figures": floor | {name: now[name]}, "lowered": [*kept["lowered"], why]})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
