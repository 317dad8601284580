"""The network of tocsin.interpret (encoder, model, roles) in floating point, and its training; whole.py rounds it.

    sentences -> fitted(Acts(…), sentences, epochs)

Needs torch and transformers beside the package, at training only.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from taught import Act
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from tocsin.interpret import network, pieces, roles, sight
from tocsin.rules.grammar import TYPES

# Layers of the checkpoint that are used.
USED = (0, 2, 4)
# Units of a root at a word, of an act's path to a word, of its answers, and numbers of a root.
HIDDEN, PATH, ANSWER, ROOTED = 256, 128, 192, 16
BATCH, RATE, HEADS_RATE, LONGEST, WARMING = 64, 2.5e-4, 1e-3, 72, 200
# Shares dropped in training: whole words, and single numbers.
WORD_DROP, DROP = 0.06, 0.1
# How much the words' labels count beside the sentence's; what is told of acts, and
# whether the first layer sees any.
WORD_LOSS, ACT_LOSS, EARLY_LOSS = 0.7, 0.5, 0.3
LEAST = -9.0
ANSWERS = [len(answers) for answers in roles.QUESTIONS.values()]

# Units of the encoder's middle layers after they have been narrowed.
MIDDLE = 1024

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


def counts(sectors: int) -> dict[str, int]:
    """How many values each feature of a word has, apart from its pieces."""
    return {"class": len(network.CLASSES) + 1, "actor": 2 * sectors, "act": len(TYPES) + 1, "quoted": 2}


class Acts(nn.Module):
    """The same sums as `sight.seen`, `model.scores` and `roles.asked`. `vocabulary`: the rows of the checkpoint's
    table of pieces that are kept, in the package's order; those of `marks`, a start and a hidden word, come last."""

    def __init__(self, checkpoint: Path, vocabulary: Sequence[int], marks: tuple[int, int], sectors: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(checkpoint, add_pooling_layer=False, attn_implementation="sdpa")
        self.encoder.encoder.layer = nn.ModuleList(self.encoder.encoder.layer[n] for n in USED)
        table = self.encoder.embeddings.word_embeddings.weight.detach()
        self.start, self.hidden_word = len(vocabulary), len(vocabulary) + 1
        self.encoder.embeddings.word_embeddings = nn.Embedding.from_pretrained(table[[*vocabulary, *marks]].clone())
        seen = self.encoder.config.hidden_size
        self.tables = nn.ModuleDict({name: nn.Embedding(rows, seen) for name, rows in counts(sectors).items()})
        self.early = nn.Linear(seen, 1)
        self.word, self.root = nn.Linear(2 * seen, HIDDEN), nn.Linear(HIDDEN, len(TYPES))
        self.sentence, self.mix = nn.Linear(seen, len(TYPES)), nn.Parameter(torch.ones(len(TYPES)))
        self.rooted, self.away = nn.Embedding(len(TYPES), ROOTED), nn.Embedding(2 * sight.REACH + 1, PATH)
        self.token, self.act = nn.Linear(seen, PATH), nn.Linear(2 * seen + ROOTED, PATH)
        self.path, self.role = nn.Linear(len(sight.NEAR) * PATH, PATH), nn.Linear(2 * PATH, len(roles.ROLES))
        self.answer, self.answers = nn.Linear(2 * seen + ROOTED + PATH, ANSWER), nn.Linear(ANSWER, sum(ANSWERS))
        nn.init.normal_(self.away.weight, std=0.2)
        for table in self.tables.values():
            nn.init.normal_(table.weight, std=0.01)
        for layer, rare in ((self.root, -4.0), (self.sentence, -2.5), (self.role, -3.0)):
            nn.init.constant_(layer.bias, rare)

    def seen(self, codes: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What the layers make of each word, the greatest of each unit, and of each unit of the first layer."""
        parts = codes[..., len(network.FEATURES) :]
        if self.training:
            hidden = torch.zeros_like(parts)
            hidden[..., 0] = self.hidden_word
            parts = torch.where(torch.rand(parts.shape[:2])[..., None] < WORD_DROP, hidden, parts)
        known, table = (parts > 0)[..., None], self.encoder.embeddings.word_embeddings
        words = (table(parts) * known).sum(2) / known.sum(2).clamp(min=1).sqrt()
        for number, feature in enumerate(self.tables.values()):
            words = words + feature(codes[..., number])
        start = table(torch.full((len(codes), 1), self.start))
        full = torch.cat([torch.ones(len(codes), 1), mask], 1)
        told = self.encoder(inputs_embeds=torch.cat([start, words], 1), attention_mask=full, output_hidden_states=True)
        away = mask[..., None] == 0
        first, seen = (rows[:, 1:].float() for rows in (told.hidden_states[1], told.last_hidden_state))
        return self.dropped(seen), seen.masked_fill(away, LEAST).amax(1), first.masked_fill(away, LEAST).amax(1)

    def told(self, seen: Tensor, top: Tensor, triggers: Tensor) -> tuple[Tensor, Tensor]:
        """(log-odds of words, of sentences)."""
        top = self.dropped(top)
        context = top[:, None].expand(-1, seen.shape[1], -1)
        words = self.root(functional.relu(self.word(torch.cat([seen, context], -1))))
        most = words.masked_fill((triggers == 0)[..., None], -15.0).amax(1).float()
        return words, self.sentence(top).float() + self.mix * most

    def asked(self, seen: Tensor, top: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        """(log-odds of roles by word, scores of answers) of a batch's acts."""
        row, place = batch["row"], batch["place"]
        mask = batch["mask"][row][..., None]
        act = torch.cat([seen[row, place], self.dropped(top)[row], self.rooted(batch["root"])], -1)
        away = (torch.arange(seen.shape[1])[None] - place[:, None]).clamp(-sight.REACH, sight.REACH) + sight.REACH
        goes = self.token(seen)[row] + self.act(act)[:, None] + self.away(away)
        near = functional.relu(goes) * mask
        path = functional.relu(self.path(_neighbours(self.dropped(near), sight.NEAR))) * mask
        answer = self.dropped(functional.relu(self.answer(torch.cat([act, path.amax(1)], -1))))
        return self.role(torch.cat([near, path], -1)), self.answers(answer)

    def loss(self, batch: Batch) -> Tensor:
        count = len(batch["codes"])
        seen, top, first = self.seen(batch["codes"], batch["mask"])
        words, sentence = self.told(seen, top, batch["triggers"])
        loss = WORD_LOSS * (_entropy(words, batch["words"]) * batch["triggers"]).sum() / count
        loss = loss + _entropy(sentence, batch["sentence"]).sum() / count
        some = 1 - (1 - batch["sentence"]).prod(1, keepdim=True)
        loss = loss + EARLY_LOSS * _entropy(self.early(first), some).sum() / count
        if "row" not in batch:
            return loss
        parties, flat = self.asked(seen, top, batch)
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


@torch.no_grad()
def narrow(net: Acts, examples: Sequence[Example]) -> None:
    """Leaves MIDDLE units to each middle layer of the encoder: those that give the next one most on the examples."""
    for layer in net.encoder.encoder.layer:
        given: list[Tensor] = []
        hook = layer.output.dense.register_forward_pre_hook(
            lambda _, told, to=given: to.append((told[0] ** 2).sum((0, 1)))
        )
        for first in range(0, len(examples), BATCH):
            batch = packed(examples[first : first + BATCH])
            net.seen(batch["codes"], batch["mask"])
        hook.remove()
        up, down = layer.intermediate.dense, layer.output.dense
        telling = torch.stack(given).sum(0).sqrt() * down.weight.norm(dim=0)
        kept = telling.argsort(descending=True)[:MIDDLE].sort().values
        layer.intermediate.dense, layer.output.dense = (
            linear(up.weight[kept], up.bias[kept]),
            linear(down.weight[:, kept], down.bias),
        )


def linear(weight: Tensor, bias: Tensor) -> nn.Linear:
    made = nn.Linear(weight.shape[1], weight.shape[0])
    made.weight.data, made.bias.data = weight.clone(), bias.clone()
    return made


# ------------------------------------------------------------------ training


def packed(examples: Sequence[Example]) -> Batch:
    length, count = min(LONGEST, max(len(e.codes) for e in examples)), len(examples)
    told = {
        "codes": np.zeros((count, length, len(network.FEATURES) + pieces.MOST), np.int64),
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
    heads = [value for name, value in net.named_parameters() if not name.startswith("encoder.")]
    inner = [value for value in net.encoder.parameters() if value.requires_grad]
    adam = torch.optim.Adam(
        [{"params": inner, "lr": rate}, {"params": heads, "lr": rate * HEADS_RATE / RATE}], betas=(0.9, 0.98)
    )
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
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            adam.step()
            pace.step()
            total += float(loss.detach())
        print(f"pass {epoch}: loss {total / len(batches):.3f}, {time.time() - began:.0f} s", flush=True)
    return net.eval()
