"""Train the network of rules/models/roles-en.weights: who acts, who is acted upon, who tells it, how real, when.

    python training/roles.py --eval DIR --work DIR

Learns from what the teacher (training/teacher.py) made of unlabelled news, WORK/taught.pkl, and reports on the labelled
sentences of split 'train', which it does not see. Words' vectors are those of the event model, which is trained before.
Needs torch beside the package, at training only.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from assertion import ROOT, made, standing
from labels import labelled_before, stand_off
from network import (
    CALIBRATION,
    LONGEST,
    Batch,
    Parameters,
    Reader,
    _entropy,
    counts,
    fitted,
    layer,
    parameters,
    read_in_whole,
    rounded,
    store,
)
from sentences import LANGUAGE, read, triggered
from taught import Taught, owner, taught
from torch import Tensor, nn
from torch.nn import functional

from tocsin.bundle import load
from tocsin.interpret import model, network, roles
from tocsin.interpret.events import candidates
from tocsin.rules import Rules
from tocsin.rules.grammar import TYPES
from tocsin.rules.models import Weights, pack

SIZES = {"beginning": 16, "class": 12, "actor": 8, "act": 8, "quoted": 2, "away": 24, "root": 12}
AWAY = ("away", "root")
HIDDEN = 192
ANSWERS = sum(len(answers) for answers in roles.QUESTIONS.values())
WORD_LOSS, ANSWER_LOSS = 0.5, 0.5


class Seen(NamedTuple):
    """One act of a sentence: the sentence, its word and root, and its labels as chances."""

    codes: np.ndarray
    place: int
    root: int
    words: np.ndarray
    answers: np.ndarray


def from_teacher(listed: list[Taught]) -> Iterator[Seen]:
    for sentence in listed:
        for act in sentence.acts:
            if act.place < min(len(sentence.codes), LONGEST):
                yield Seen(sentence.codes, act.place, act.root, act.words, act.answers)


def from_labels(row: dict[str, Any], rules: Rules, net: model.Network) -> Iterator[Seen]:
    """The labelled events of a sentence, with whole chances."""
    frames = {act.type: act for act in reversed(rules.grammars[LANGUAGE].acts)}
    for reading, clauses in read(row, rules):
        codes = network.coded(net.coding, clauses, candidates(clauses, reading.lexicon.grammar))
        for event, span in triggered(row, clauses):
            candidate = standing(clauses, reading, span, event["type"])
            candidate = candidate or made(clauses, reading, span, frames[event["type"]])
            if candidate is None or candidate.first >= len(codes):
                continue
            words = np.zeros((len(codes), len(roles.ROLES)), np.float32)
            for number, role in enumerate(roles.ROLES):
                for first, last in [(event[role] or {}).get("span") or (0, 0)]:
                    told = [t.start < last and first < t.end for t in clauses.tokens[: len(codes)]]
                    words[np.array(told), number] = 1
            yield Seen(codes, candidate.first, TYPES.index(event["type"]), words, _answers(event))


def _answers(event: dict[str, Any]) -> np.ndarray:
    told = []
    for name, answers in roles.QUESTIONS.items():
        answer = owner(event[name]) if name in roles.ROLES else event[name]
        told.append(np.eye(len(answers), dtype=np.float32)[answers.index(answer)])
    return np.concatenate(told)


# ------------------------------------------------------------------ the network in floating point


class Acts(Reader):
    """The same sums as `roles.scored`."""

    def __init__(self, events: Weights) -> None:
        known = events.arrays["table.word"].astype(np.float32)
        rows = counts(len(events.about["sectors"])) | {"away": 2 * roles.REACH + 1, "root": len(TYPES)}
        sizes = {name: (rows[name], SIZES[name]) for name in SIZES}
        super().__init__(known / known[2:].std() * 0.3, sizes, HIDDEN, fixed=True)
        self.word, self.role = nn.Linear(6 * HIDDEN, HIDDEN), nn.Linear(HIDDEN, len(roles.ROLES))
        self.answer, self.answers = nn.Linear(4 * HIDDEN, HIDDEN), nn.Linear(HIDDEN, ANSWERS)
        nn.init.constant_(self.role.bias, -3.0)

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """(log-odds of words, scores of answers)."""
        length = batch["codes"].shape[1]
        columns = [*batch["codes"].unbind(-1), batch["away"], batch["root"][:, None].expand(-1, length)]
        both = self.read(columns, batch["mask"][..., None])
        at = both[torch.arange(len(both)), batch["place"]]
        about = self.dropped(torch.cat([at, both.amax(1)], -1))
        around = about[:, None].expand(-1, length, -1)
        words = self.role(functional.relu(self.word(torch.cat([both, around], -1))))
        return words, self.answers(functional.relu(self.answer(about)))

    def loss(self, batch: Batch) -> Tensor:
        words, flat = self(batch)
        loss = WORD_LOSS * (_entropy(words, batch["words"]) * batch["mask"]).sum(1).mean()
        sizes = [len(answers) for answers in roles.QUESTIONS.values()]
        for part, wanted in zip(flat.split(sizes, 1), batch["answers"].split(sizes, 1), strict=True):
            loss = loss - ANSWER_LOSS * (functional.log_softmax(part.float(), 1) * wanted).sum(1).mean()
        return loss


def packed(listed: Sequence[Seen]) -> Batch:
    length, count = min(LONGEST, max(len(seen.codes) for seen in listed)), len(listed)
    place = np.array([seen.place for seen in listed])
    told = {
        "codes": np.zeros((count, length, len(network.FEATURES)), np.int64),
        "mask": np.zeros((count, length), np.float32),
        "words": np.zeros((count, length, len(roles.ROLES)), np.float32),
        "away": np.clip(np.arange(length)[None] - place[:, None], -roles.REACH, roles.REACH) + roles.REACH,
        "place": place,
        "root": np.array([seen.root for seen in listed]),
        "answers": np.stack([seen.answers for seen in listed]).astype(np.float32),
    }
    for n, seen in enumerate(listed):
        here = min(length, len(seen.codes))
        told["codes"][n, :here] = seen.codes[:here]
        told["mask"][n, :here] = 1
        told["words"][n, :here] = seen.words[:here]
    return {name: torch.from_numpy(value) for name, value in told.items()}


# ------------------------------------------------------------------ whole numbers


def quantised(p: Parameters, listed: Sequence[Seen], events: Weights) -> Parameters:
    """The arrays of the weights file; the words' table stays with the event model."""
    names = (*network.FEATURES, *AWAY)
    arrays, unit = rounded(p, names)
    shared = events.arrays["table.word"]
    unit[: shared.shape[1]] = float(np.abs(p["table.word"]).max()) / float(np.abs(shared.astype(np.float32)).max())
    arrays["table.word"] = shared
    chosen = listed[:: max(1, len(listed) // CALIBRATION)]
    both, pair = read_in_whole(p, arrays, [_rows(arrays, seen) for seen in chosen], unit)
    about = [np.concatenate([b[seen.place], b.max(0)])[None] for b, seen in zip(both, chosen, strict=True)]
    told = [np.concatenate([b, np.repeat(a, len(b), 0)], 1) for b, a in zip(both, about, strict=True)]
    _, word_unit = layer(p, arrays, "word", told, np.tile(pair, 3))
    _, answer_unit = layer(p, arrays, "answer", about, np.tile(pair, 2))
    store(p, arrays, "role", np.full(HIDDEN, word_unit))
    store(p, arrays, "answers", np.full(HIDDEN, answer_unit))
    return {name: value for name, value in arrays.items() if name != "table.word"}


def _rows(arrays: Parameters, seen: Seen) -> np.ndarray:
    codes = seen.codes
    away = np.clip(np.arange(len(codes)) - seen.place, -roles.REACH, roles.REACH) + roles.REACH
    told = [arrays[f"table.{name}"][codes[:, n]] for n, name in enumerate(network.FEATURES)]
    told += [arrays["table.away"][away], np.repeat(arrays["table.root"][[seen.root]], len(codes), 0)]
    return np.concatenate(told, 1)


# ------------------------------------------------------------------ the whole


def report(net: roles.Network, listed: list[Seen]) -> None:
    """How often the likeliest answer is the labelled one, and the likeliest word lies in the labelled span."""
    right: dict[str, list[bool]] = {}
    for seen in listed:
        found = roles.scored(net, seen.codes, seen.place, seen.root)
        at = 0
        for name, answers in roles.QUESTIONS.items():
            wanted = seen.answers[at : at + len(answers)]
            right.setdefault(name, []).append(int(found.answers[name].argmax()) == int(wanted.argmax()))
            at += len(answers)
        for number, role in enumerate(roles.ROLES):
            if seen.words[:, number].any():
                right.setdefault(f"{role} word", []).append(bool(seen.words[int(np.argmax(found.odds[role])), number]))
    print("; ".join(f"{name} {np.mean(told):.3f} of {len(told)}" for name, told in right.items()), flush=True)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval")
    ask.add_argument("--work", type=Path, required=True)
    ask.add_argument("--out", type=Path, default=ROOT / "rules" / "models" / f"roles-{LANGUAGE}.weights")
    ask.add_argument("--epochs", type=int, default=5)
    args = ask.parse_args()
    rules = load()
    events, net = rules.models[f"events-{LANGUAGE}"], model.network(rules, LANGUAGE)
    assert net is not None
    listed = list(from_teacher(taught(args.work)))
    labelled = [row for row in labelled_before(args.eval) if row["split"] == "train"] + stand_off(args.eval)
    own = [seen for row in labelled for seen in from_labels(row, rules, net)]
    print(f"{len(listed)} acts of the teacher's, {len(own)} labelled", flush=True)
    net_of_acts = fitted(Acts(events), listed, packed, args.epochs)
    arrays = quantised(parameters(net_of_acts), listed, events)
    about = {"words": roles.fingerprint(events), "trained": "training/roles.py"}
    args.out.write_bytes(pack(about, arrays))
    report(roles._ready(Weights("roles", about, arrays), events), own)


if __name__ == "__main__":
    main()
