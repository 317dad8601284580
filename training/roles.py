"""How well the network of acts answers who acts, who is acted upon, who tells it, how real and when.

    python training/roles.py --eval DIR

Asked at the labelled triggers of split 'train' and training/labels, whose parties the network has not been taught: how
often the likeliest answer is the labelled one, and the likeliest word lies in the labelled span.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from assertion import ROOT, labelled
from labels import labelled_before, stand_off
from taught import owner

from tocsin.bundle import load
from tocsin.interpret import roles


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval")
    args = ask.parse_args()
    rules = load()
    right: dict[str, list[bool]] = {}
    for row in [row for row in labelled_before(args.eval) if row["split"] == "train"] + stand_off(args.eval):
        for _, clauses, event, _, view in labelled(row, rules):
            if view is None:
                continue
            for name, answers in roles.QUESTIONS.items():
                wanted = owner(event[name]) if name in roles.ROLES else event[name]
                right.setdefault(name, []).append(answers[int(view.answers[name].argmax())] == wanted)
            for role in roles.ROLES:
                first, last = (event[role] or {}).get("span") or (0, 0)
                if last:
                    token = clauses.tokens[int(np.argmax(view.odds[role]))]
                    right.setdefault(f"{role} word", []).append(token.start < last and first < token.end)
    print("; ".join(f"{name} {np.mean(told):.3f} of {len(told)}" for name, told in right.items()))


if __name__ == "__main__":
    main()
