"""The network of tocsin.interpret (sight, model, roles) in floating point, and its training; whole.py rounds it.

    sentences -> fitted(Acts(…), sentences, epochs)

Needs torch beside the package, at training only.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from taught import Act
from torch import Tensor, nn
from torch.nn import functional

from tocsin.interpret import network, roles, sight
from tocsin.rules.grammar import TYPES

# Units of a layer, of an act's path to a word, of its answers, and numbers of a root.
HIDDEN, PATH, ANSWER, ROOTED = 256, 128, 192, 16
BATCH, RATE, LONGEST, WARMING = 64, 2e-3, 72, 300
# Shares dropped in training: whole words, and single numbers.
WORD_DROP, DROP = 0.08, 0.15
# How much the words' labels count beside the sentence's; what is told of acts; how much slower given vectors move.
WORD_LOSS, ACT_LOSS, VECTOR_RATE = 0.7, 0.5, 0.3
# Numbers of a word by feature, apart from its vector.
SIZES = {"beginning": 16, "class": 12, "actor": 8, "act": 16, "quoted": 2}
ANSWERS = [len(answers) for answers in roles.QUESTIONS.values()]

Batch = Mapping[str, Tensor]


class Example(NamedTuple):
    """One sentence: `owner` is its row (-1 where nobody labelled it), `words[place, root]` and `sentence[root]` its
    labels or chances, `lexical[root]` what the lexicon has of it, `acts` what is told of whom."""

    owner: int
    codes: np.ndarray
    triggers: list[int]
    words: np.ndarray
    sentence: np.ndarray
    lexical: np.ndarray
    acts: list[Act]


def start_of_words(vectors: np.ndarray) -> np.ndarray:
    """The words' table before training; rows 0 and 1 are 'none' and 'unknown'."""
    words = np.zeros((len(vectors) + 2, vectors.shape[1]), np.float32)
    words[2:] = vectors / np.abs(vectors).std() * 0.3
    return words


def counts(sectors: int) -> dict[str, int]:
    """How many values each feature of a word has, apart from the word itself."""
    told = {"beginning": network.BEGINNINGS, "class": len(network.CLASSES) + 1, "actor": 2 * sectors}
    return told | {"act": len(TYPES) + 1, "quoted": 2}


class Acts(nn.Module):
    """The same sums as `sight.seen`, `model.scores` and `roles.asked`."""

    def __init__(self, vectors: np.ndarray, sectors: int) -> None:
        super().__init__()
        self.tables = nn.ModuleDict(
            {"word": nn.Embedding.from_pretrained(torch.tensor(start_of_words(vectors)), False)}
        )
        for name, rows in counts(sectors).items():
            self.tables[name] = nn.Embedding(rows, SIZES[name])
            nn.init.normal_(self.tables[name].weight, std=min(1.0, 4 / rows**0.5))
        width, seen = vectors.shape[1] + sum(SIZES.values()), 2 * HIDDEN
        self.near, self.far = nn.Linear(len(sight.NEAR) * width, HIDDEN), nn.Linear(len(sight.FAR) * HIDDEN, HIDDEN)
        self.word, self.root = nn.Linear(seen + HIDDEN, HIDDEN), nn.Linear(HIDDEN, len(TYPES))
        self.sentence, self.mix = nn.Linear(seen, len(TYPES)), nn.Parameter(torch.ones(len(TYPES)))
        self.rooted, self.away = nn.Embedding(len(TYPES), ROOTED), nn.Embedding(2 * sight.REACH + 1, PATH)
        self.token, self.act = nn.Linear(seen, PATH), nn.Linear(2 * seen + ROOTED, PATH)
        self.path, self.role = nn.Linear(len(sight.NEAR) * PATH, PATH), nn.Linear(2 * PATH, len(roles.ROLES))
        self.answer, self.answers = nn.Linear(2 * seen + ROOTED + PATH, ANSWER), nn.Linear(ANSWER, sum(ANSWERS))
        nn.init.normal_(self.away.weight, std=0.2)
        for layer, rare in ((self.root, -4.0), (self.sentence, -2.5), (self.role, -3.0)):
            nn.init.constant_(layer.bias, rare)

    def seen(self, codes: Tensor, mask: Tensor) -> Tensor:
        """What the layers make of each word."""
        words, *rest = codes.unbind(-1)
        if self.training:
            words = torch.where(torch.rand(words.shape) < WORD_DROP, torch.full_like(words, network.UNKNOWN), words)
        told = zip(self.tables.values(), (words, *rest), strict=True)
        rows = self.dropped(torch.cat([table(column) for table, column in told], -1) * mask)
        near = self.dropped(functional.relu(self.near(_neighbours(rows, sight.NEAR))) * mask)
        return torch.cat([near, functional.relu(self.far(_neighbours(near, sight.FAR))) * mask], -1)

    def told(self, seen: Tensor, triggers: Tensor) -> tuple[Tensor, Tensor]:
        """(log-odds of words, of sentences)."""
        top = self.dropped(seen.amax(1))
        context = top[:, -HIDDEN:][:, None].expand(-1, seen.shape[1], -1)
        words = self.root(functional.relu(self.word(torch.cat([seen, context], -1))))
        most = words.masked_fill((triggers == 0)[..., None], -15.0).amax(1).float()
        return words, self.sentence(top).float() + self.mix * most

    def asked(self, seen: Tensor, mask: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        """(log-odds of roles by word, scores of answers) of a batch's acts."""
        row, place, mask = batch["row"], batch["place"], mask[batch["row"]]
        act = self.dropped(torch.cat([seen[row, place], seen.amax(1)[row], self.rooted(batch["root"])], -1))
        away = (torch.arange(seen.shape[1])[None] - place[:, None]).clamp(-sight.REACH, sight.REACH) + sight.REACH
        goes = self.token(self.dropped(seen))[row] + self.act(act)[:, None] + self.away(away)
        near = functional.relu(goes) * mask
        path = functional.relu(self.path(_neighbours(self.dropped(near), sight.NEAR))) * mask
        answer = self.dropped(functional.relu(self.answer(torch.cat([act, path.amax(1)], -1))))
        return self.role(torch.cat([near, path], -1)), self.answers(answer)

    def loss(self, batch: Batch) -> Tensor:
        mask, count = batch["mask"][..., None], len(batch["codes"])
        seen = self.seen(batch["codes"], mask)
        words, sentence = self.told(seen, batch["triggers"])
        loss = WORD_LOSS * (_entropy(words, batch["words"]) * batch["triggers"]).sum() / count
        loss = loss + _entropy(sentence, batch["sentence"]).sum() / count
        if "row" not in batch:
            return loss
        parties, flat = self.asked(seen, mask, batch)
        told = (_entropy(parties, batch["parties"]) * batch["mask"][batch["row"]]).sum()
        for part, wanted in zip(flat.split(ANSWERS, 1), batch["answers"].split(ANSWERS, 1), strict=True):
            told = told - (functional.log_softmax(part.float(), 1) * wanted).sum()
        return loss + ACT_LOSS * told / count

    def dropped(self, rows: Tensor) -> Tensor:
        return functional.dropout(rows, DROP, self.training)


def _neighbours(rows: Tensor, offsets: tuple[int, ...]) -> Tensor:
    reach, length = max(offsets), rows.shape[1]
    padded = functional.pad(rows, (0, 0, reach, reach))
    return torch.cat([padded[:, reach + o : reach + o + length] for o in offsets], -1)


def _entropy(logits: Tensor, labels: Tensor) -> Tensor:
    return functional.binary_cross_entropy_with_logits(logits.float(), labels, reduction="none").sum(-1)


# ------------------------------------------------------------------ training


def packed(examples: Sequence[Example]) -> Batch:
    length, count = min(LONGEST, max(len(e.codes) for e in examples)), len(examples)
    told = {
        "codes": np.zeros((count, length, len(network.FEATURES)), np.int64),
        "mask": np.zeros((count, length), np.float32),
        "triggers": np.zeros((count, length), np.float32),
        "words": np.zeros((count, length, len(TYPES)), np.float32),
        "sentence": np.stack([e.sentence for e in examples]).astype(np.float32),
    }
    acts = [(n, act) for n, e in enumerate(examples) for act in e.acts if act.place < length]
    if acts:
        told |= {name: np.array([getattr(act, name) for _, act in acts]) for name in ("place", "root")}
        told |= {"row": np.array([n for n, _ in acts])}
        told |= {"answers": np.stack([act.answers for _, act in acts]).astype(np.float32)}
        told |= {"parties": np.zeros((len(acts), length, len(roles.ROLES)), np.float32)}
    for n, example in enumerate(examples):
        here = min(length, len(example.codes))
        told["codes"][n, :here] = example.codes[:here]
        told["mask"][n, :here] = 1
        told["triggers"][n, [place for place in example.triggers if place < length]] = 1
        told["words"][n, :here] = example.words[:here]
    for n, (_, act) in enumerate(acts):
        told["parties"][n, : min(length, len(act.words))] = act.words[:length]
    return {name: torch.from_numpy(value) for name, value in told.items()}


def fitted(net: Acts, examples: Sequence[Example], epochs: int, rate: float = RATE, seed: int = 0) -> Acts:
    """The network after so many passes of Adam, the rate rising for some steps and then falling to nothing."""
    torch.manual_seed(seed)
    random.seed(seed)
    words: list[Any] = [net.tables["word"].weight]
    rest = [value for name, value in net.named_parameters() if name != "tables.word.weight"]
    groups = [{"params": words, "lr": rate * VECTOR_RATE}, {"params": rest, "lr": rate}]
    adam = torch.optim.Adam(groups, betas=(0.9, 0.99))
    steps = epochs * (len(examples) // BATCH + 1)
    pace = torch.optim.lr_scheduler.LambdaLR(adam, lambda s: min(1.0, (s + 1) / WARMING) * max(0.0, 1 - s / steps))
    net.train()
    for epoch in range(epochs):
        began, total = time.time(), 0.0
        order = sorted(range(len(examples)), key=lambda n: len(examples[n].codes) + random.uniform(0, 8))
        batches = [order[n : n + BATCH] for n in range(0, len(order), BATCH)]
        random.shuffle(batches)
        for chosen in batches:
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = net.loss(packed([examples[n] for n in chosen]))
            adam.zero_grad()
            loss.backward()
            adam.step()
            pace.step()
            total += float(loss.detach())
        print(f"pass {epoch}: loss {total / len(batches):.3f}, {time.time() - began:.0f} s", flush=True)
    return net.eval()
