"""The teacher of training/events.py and training/roles.py: a small encoder, tuned on the labelled sentences, that
labels unlabelled news. It does not ship; what it makes of that news does the teaching.

    python training/teacher.py --eval DIR --work DIR --encoder FOLDER

FOLDER is a checkpoint of all-mpnet-base-v2 (Apache-2.0): config.json, model.safetensors, tokenizer.json. A twelfth of
the articles is held back to report on. Writes WORK/teacher.pt and WORK/taught.pkl (training/taught.py). Needs torch,
tokenizers and transformers beside the package, at training only; on two cores two hours.
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import random
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import labels
import numpy as np
import torch
from assertion import ROOT
from sentences import LANGUAGE, odds, read
from taught import Act, Taught, owner
from tokenizers import Encoding, Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from tocsin.bundle import load
from tocsin.interpret import model, network, roles, sight
from tocsin.interpret.events import arguments, candidates
from tocsin.rules import Rules
from tocsin.rules.grammar import TYPES

SENTENCE_END = re.compile(r'(?<=[.!?])["”’)]*\s+(?=[A-Z“"‘])|\n+')
HIDDEN, ROOTED = 256, 64
LONGEST, BATCH, HELD_BACK = 96, 32, 12
# Layers of the encoder that are used, and the lowest of them, which are left as they are.
USED, FROZEN = 8, 2
RATE, HEADS_RATE = 5e-5, 7.5e-4
# How often a pass reads the evaluation data's sentences: of those of training/labels many are of home affairs.
OWN_TIMES = 2
WORDS = range(5, 61)
# Of an article at most so many sentences; those that the shipped model finds empty below this, in so many cases.
OF_ONE, EMPTY, KEPT_EMPTY = 8, -4.0, 0.12
# A root is an act from this chance on.
LEAST = 0.25
SIZES = [len(answers) for answers in roles.QUESTIONS.values()]
Batch = tuple[Tensor, Tensor]


class Event(NamedTuple):
    """A labelled event in pieces of words: its root, its trigger's pieces, those of each role, the answers' numbers."""

    root: int
    trigger: list[int]
    parties: list[list[int]]
    answers: list[int]


class Sentence(NamedTuple):
    pieces: list[int]
    events: list[Event]


class Drawn(NamedTuple):
    """An unlabelled sentence: text, the package's codes, its words' places, possible triggers, the lexicon's roots."""

    text: str
    codes: np.ndarray
    words: list[tuple[int, int]]
    triggers: list[int]
    lexical: np.ndarray


# ------------------------------------------------------------------ sentences


def drawn(folder: Path, rules: Rules, seed: int = 5) -> Iterator[Drawn]:
    """Sentences of articles that no labelled sentence of the evaluation data is of."""
    net, dice = sight.network(rules, LANGUAGE), random.Random(seed)
    assert net is not None
    seen = {row["title"].strip().lower() for row in labels.labelled_before(folder)}
    for article in labels.articles(folder):
        if (article["title"] or "").strip().lower() in seen:
            continue
        told = [part.strip() for part in SENTENCE_END.split(article["text"])]
        told = [part for part in told if len(part.split()) in WORDS]
        for text in dice.sample(told, min(OF_ONE, len(told))):
            found = _read({"id": article["id"], "date": article["published"], "text": text}, rules, net)
            if found is None:
                continue
            best = odds(net, found.codes, found.triggers).max()
            if best >= EMPTY or dice.random() < KEPT_EMPTY:
                yield found


def _read(row: dict[str, Any], rules: Rules, net: sight.Network) -> Drawn | None:
    found = list(read(row, rules))
    if len(found) != 1:
        return None
    reading, clauses = found[0]
    known = candidates(clauses, reading.lexicon.grammar)
    triggers = model.places(clauses, known)
    lexical = np.zeros(len(TYPES), np.int8)
    for candidate in known:
        root, grammar = TYPES.index(candidate.act.type), reading.lexicon.grammar
        plain = model.is_plain(clauses, candidate, arguments(clauses, candidate, grammar), grammar)
        lexical[root] = max(lexical[root], 2 if plain else 1)
    words = [(token.start, token.end) for token in clauses.tokens][: network.LONGEST]
    codes = network.coded(net.coding, clauses, known)
    return Drawn(row["text"], codes, words, triggers, lexical) if triggers else None


def encoded(row: dict[str, Any], pieces: Tokenizer) -> Sentence:
    told = pieces.encode(row["text"])

    def marked(party: dict[str, Any] | None) -> list[int]:
        first, last = (party or {}).get("span") or (0, 0)
        return [n for n, (start, end) in enumerate(told.offsets) if start < end and start < last and first < end]

    events = []
    for event in row["events"]:
        answers = [
            answers.index(owner(event[name]) if name in roles.ROLES else event[name])
            for name, answers in roles.QUESTIONS.items()
        ]
        parties = [marked(event[role]) for role in roles.ROLES]
        events.append(Event(TYPES.index(event["type"]), marked(event["trigger"]), parties, answers))
    return Sentence(told.ids, events)


# ------------------------------------------------------------------ the teacher


class Teacher(nn.Module):
    def __init__(self, encoder: Path) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(encoder, add_pooling_layer=False, num_hidden_layers=USED)
        for part in (self.encoder.embeddings, *self.encoder.encoder.layer[:FROZEN]):
            part.requires_grad_(False)
        width = self.encoder.config.hidden_size
        self.piece = nn.Sequential(nn.Dropout(0.1), nn.Linear(width, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, len(TYPES)))
        self.sentence, self.mix = nn.Linear(2 * width, len(TYPES)), nn.Parameter(torch.ones(len(TYPES)))
        self.root = nn.Embedding(len(TYPES), ROOTED)
        self.act, self.other = nn.Linear(width + ROOTED, HIDDEN), nn.Linear(width, HIDDEN)
        self.role = nn.Linear(HIDDEN, len(roles.ROLES))
        self.answers = nn.Sequential(
            nn.Linear(3 * width + ROOTED, HIDDEN), nn.GELU(), nn.Dropout(0.1), nn.Linear(HIDDEN, sum(SIZES))
        )
        nn.init.constant_(self.piece[3].bias, -4.0)
        nn.init.constant_(self.sentence.bias, -2.5)
        nn.init.constant_(self.role.bias, -3.0)

    def hidden(self, pieces: Tensor, mask: Tensor) -> Tensor:
        return self.encoder(input_ids=pieces, attention_mask=mask).last_hidden_state.float()

    def roots(self, hidden: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """(log-odds of pieces, of sentences)."""
        away = ~mask.bool()[..., None]
        pieces = self.piece(hidden).masked_fill(away, -20)
        top = torch.cat([hidden[:, 0], hidden.masked_fill(away, -9).amax(1)], -1)
        return pieces, self.sentence(top) + self.mix * pieces[:, 1:].amax(1)

    def acts(self, hidden: Tensor, mask: Tensor, trigger: Tensor, root: Tensor) -> tuple[Tensor, Tensor]:
        """(log-odds of roles by piece, scores of answers) of acts: rows of their sentences, their triggers' pieces."""
        share = trigger / trigger.sum(1, keepdim=True).clamp(min=1)
        at, rooted = torch.einsum("nl,nld->nd", share, hidden), self.root(root)
        known = self.act(torch.cat([at, rooted], -1))[:, None]
        top = hidden.masked_fill(~mask.bool()[..., None], -9).amax(1)
        answers = self.answers(torch.cat([at, rooted, hidden[:, 0], top], -1))
        return self.role(functional.gelu(known + self.other(hidden))), answers


def packed(listed: Sequence[list[int]]) -> Batch:
    length = max(len(pieces) for pieces in listed)
    told, mask = (torch.zeros(len(listed), length, dtype=torch.long) for _ in range(2))
    for n, pieces in enumerate(listed):
        told[n, : len(pieces)] = torch.tensor(pieces)
        mask[n, : len(pieces)] = 1
    return told, mask


def loss_of(teacher: Teacher, listed: Sequence[Sentence]) -> Tensor:
    pieces, mask = packed([sentence.pieces for sentence in listed])
    wanted = torch.zeros(*pieces.shape, len(TYPES))
    whole = torch.zeros(len(listed), len(TYPES))
    acts = [(n, event) for n, sentence in enumerate(listed) for event in sentence.events]
    for n, event in acts:
        whole[n, event.root] = 1
        wanted[n, event.trigger, event.root] = 1
    hidden = teacher.hidden(pieces, mask)
    told, sentences = teacher.roots(hidden, mask)
    loss = _entropy(sentences, whole).mean() + 0.25 * (_entropy(told, wanted) * mask).sum(1).mean()
    acts = [(n, event) for n, event in acts if event.trigger]
    return loss + _loss_of_acts(teacher, hidden, mask, acts) if acts else loss


def _loss_of_acts(teacher: Teacher, hidden: Tensor, mask: Tensor, acts: list[tuple[int, Event]]) -> Tensor:
    trigger = torch.zeros(len(acts), mask.shape[1])
    wanted = torch.zeros(len(acts), mask.shape[1], len(roles.ROLES))
    for k, (_, event) in enumerate(acts):
        trigger[k, event.trigger] = 1
        for role, party in enumerate(event.parties):
            wanted[k, party, role] = 1
    rows = torch.tensor([n for n, _ in acts])
    root, gold = torch.tensor([e.root for _, e in acts]), torch.tensor([e.answers for _, e in acts])
    told, answers = teacher.acts(hidden[rows], mask[rows], trigger, root)
    loss = 0.175 * (_entropy(told, wanted) * mask[rows]).sum(1).mean()
    for n, part in enumerate(answers.split(SIZES, 1)):
        loss = loss + 0.25 * functional.cross_entropy(part, gold[:, n])
    return loss


def _entropy(logits: Tensor, labelled: Tensor) -> Tensor:
    return functional.binary_cross_entropy_with_logits(logits, labelled, reduction="none").sum(-1)


def fitted(teacher: Teacher, listed: list[Sentence], epochs: int) -> None:
    torch.manual_seed(1)
    dice = random.Random(1)
    heads = [value for name, value in teacher.named_parameters() if not name.startswith("encoder")]
    groups = [{"params": teacher.encoder.parameters(), "lr": RATE}, {"params": heads, "lr": HEADS_RATE}]
    adam = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = epochs * (len(listed) // BATCH + 1)
    pace = torch.optim.lr_scheduler.LambdaLR(adam, lambda s: min(1.0, (s + 1) / 100) * max(0.0, 1 - s / steps))
    for epoch in range(epochs):
        began, total = time.time(), 0.0
        teacher.train()
        order = sorted(range(len(listed)), key=lambda n: len(listed[n].pieces) + dice.uniform(0, 6))
        batches = [order[n : n + BATCH] for n in range(0, len(order), BATCH)]
        dice.shuffle(batches)
        for chosen in batches:
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = loss_of(teacher, [listed[n] for n in chosen])
            adam.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
            adam.step()
            pace.step()
            total += float(loss.detach())
        print(f"pass {epoch}: loss {total / len(batches):.3f}, {time.time() - began:.0f} s", flush=True)
    teacher.eval()


# ------------------------------------------------------------------ teaching


@torch.no_grad()
def taught_by(teacher: Teacher, listed: list[Drawn], pieces: Tokenizer) -> list[Taught]:
    told = [pieces.encode(one.text) for one in listed]
    order = sorted(range(len(listed)), key=lambda n: len(told[n].ids))
    found: dict[int, Taught] = {}
    for first in range(0, len(order), BATCH):
        chosen = order[first : first + BATCH]
        read = _taught(teacher, [listed[n] for n in chosen], [told[n] for n in chosen])
        found |= dict(zip(chosen, read, strict=True))
    return [found[n] for n in range(len(listed))]


def _taught(teacher: Teacher, listed: list[Drawn], told: list[Encoding]) -> list[Taught]:
    pieces, mask = packed([one.ids for one in told])
    maps = [_pieces_of(one, sentence.words) for one, sentence in zip(told, listed, strict=True)]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = teacher.hidden(pieces, mask)
        by_piece, by_sentence = teacher.roots(hidden, mask)
    acts: list[tuple[int, int, int]] = []
    read = []
    for n, sentence in enumerate(listed):
        odds = _by_word(by_piece[n].float().numpy(), maps[n])
        chances = _chances(by_sentence[n].float().numpy())
        words = np.zeros(odds.shape, np.float16)
        words[sentence.triggers] = _chances(odds[sentence.triggers])
        read.append(Taught(sentence.codes, sentence.triggers, sentence.lexical, words, chances.astype(np.float16), []))
        for root in np.flatnonzero(chances > LEAST):
            place = max(sentence.triggers, key=lambda p: float(odds[p, root]))
            if maps[n][place]:
                acts.append((n, int(root), place))
    if acts:
        trigger = torch.zeros(len(acts), mask.shape[1])
        for k, (n, _, place) in enumerate(acts):
            trigger[k, maps[n][place]] = 1
        rows = torch.tensor([n for n, _, _ in acts])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            parties, answers = teacher.acts(hidden[rows], mask[rows], trigger, torch.tensor([r for _, r, _ in acts]))
        for k, (n, root, place) in enumerate(acts):
            words = _chances(_by_word(parties[k].float().numpy(), maps[n])).astype(np.float16)
            shares = [part.softmax(0).numpy() for part in answers[k].float().split(SIZES)]
            read[n].acts.append(Act(place, root, words, np.concatenate(shares).astype(np.float16)))
    return read


def _pieces_of(told: Encoding, words: list[tuple[int, int]]) -> list[list[int]]:
    """For each word, the pieces that it is made of."""
    return [
        [n for n, (start, end) in enumerate(told.offsets) if start < end and start < last and first < end]
        for first, last in words
    ]


def _by_word(odds: np.ndarray, words: list[list[int]]) -> np.ndarray:
    """The greatest log-odds of a word's pieces."""
    return np.stack([odds[pieces].max(0) if pieces else np.full(odds.shape[1], -20.0) for pieces in words])


def _chances(odds: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-odds)))


# ------------------------------------------------------------------ the whole


@torch.no_grad()
def report(teacher: Teacher, listed: list[Sentence]) -> None:
    """Root set F1 of sentences that the teacher has not seen, at even chances."""
    right = told = wanted = 0
    for n in range(0, len(listed), BATCH):
        part = listed[n : n + BATCH]
        pieces, mask = packed([sentence.pieces for sentence in part])
        _, odds = teacher.roots(teacher.hidden(pieces, mask), mask)
        for sentence, row in zip(part, odds.numpy(), strict=True):
            gold, mine = {event.root for event in sentence.events}, set(np.flatnonzero(row > 0).tolist())
            right, told, wanted = right + len(gold & mine), told + len(mine), wanted + len(gold)
    print(f"held back, {len(listed)} sentences: root set F1 {2 * right / max(1, told + wanted):.3f}", flush=True)


def is_held_back(row: dict[str, Any]) -> bool:
    return int(hashlib.md5(row["article"].encode()).hexdigest(), 16) % HELD_BACK == 0


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval")
    ask.add_argument("--work", type=Path, required=True)
    ask.add_argument("--encoder", type=Path, required=True)
    ask.add_argument("--epochs", type=int, default=2)
    args = ask.parse_args()
    pieces = Tokenizer.from_file(str(args.encoder / "tokenizer.json"))
    pieces.no_padding()
    pieces.enable_truncation(LONGEST)
    own = [row for row in labels.labelled_before(args.eval) if row["split"] == "train"]
    rows = own * OWN_TIMES + labels.stand_off(args.eval)
    teacher = Teacher(args.encoder)
    fitted(teacher, [encoded(row, pieces) for row in rows if not is_held_back(row)], args.epochs)
    torch.save(teacher.state_dict(), args.work / "teacher.pt")
    report(teacher, [encoded(row, pieces) for row in own if is_held_back(row)])
    listed = list(drawn(args.eval, load()))
    found = taught_by(teacher, listed, pieces)
    plain = [(*sentence[:5], [tuple(act) for act in sentence.acts]) for sentence in found]
    (args.work / "taught.pkl").write_bytes(pickle.dumps(plain))
    print(f"{len(found)} sentences, {sum(len(sentence.acts) for sentence in found)} acts")


if __name__ == "__main__":
    main()
