"""Train the network of rules/models/roles-en.weights: who acts, who is acted upon, who tells it, how real, when.

    python training/roles.py --eval DIR --work DIR

Learns from what the teacher (training/teacher.py) made of unlabelled news, WORK/taught.pkl, and reports on the labelled
sentences of split 'train', which it does not see. Words' vectors are those of the event model, which is trained before.
Needs jax beside the package, at training only.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from assertion import LANGUAGE, ROOT, document, made, standing
from labels import labelled_before, stand_off
from network import BATCH, HIDDEN, LENGTHS, RATE, Parameters, _dropped, _entropy, _neighbours, _store
from taught import Taught, taught

from tocsin.bundle import load
from tocsin.interpret import model, network, roles
from tocsin.interpret.clauses import classified
from tocsin.interpret.events import candidates
from tocsin.interpret.reading import actors_in, open_document
from tocsin.rules import Rules
from tocsin.rules.grammar import TYPES
from tocsin.rules.models import Weights, pack

SIZES = {"beginning": 16, "class": 12, "actor": 8, "act": 8, "quoted": 2, "away": 24, "root": 12}
ANSWERS = sum(len(answers) for answers in roles.QUESTIONS.values())
WORD_LOSS, ANSWER_LOSS = 0.5, 0.5
LANES = ("codes", "away", "mask", "root", "place", "words", "answers")


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
            if act.place < min(len(sentence.codes), LENGTHS[-1]):
                yield Seen(sentence.codes, act.place, act.root, act.words, act.answers)


def from_labels(row: dict[str, Any], rules: Rules, net: model.Network) -> Iterator[Seen]:
    """The labelled events of a sentence, with whole chances."""
    opened = open_document(document(row), rules)
    if opened is None:
        return
    reading, sentences = opened
    frames = {act.type: act for act in reversed(reading.lexicon.grammar.acts)}
    for sentence in sentences:
        clauses = classified(sentence, actors_in(reading, sentence), reading.lexicon, reading.adjectives)
        codes = network.coded(net.coding, clauses, candidates(clauses, reading.lexicon.grammar))
        for event in row["events"]:
            span = (event["trigger"] or {}).get("span")
            if span is None or not sentence.start <= span[0] < sentence.end:
                continue
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
        answer = _owner(event[name]) if name in roles.ROLES else event[name]
        told.append(np.eye(len(answers), dtype=np.float32)[answers.index(answer)])
    return np.concatenate(told)


def _owner(party: dict[str, Any] | None) -> str:
    if party is None:
        return "nobody"
    country = party.get("country")
    return "unknown" if country is None else country if country in roles.OWNERS else "other"


# ------------------------------------------------------------------ the network in floating point


def initial(events: Weights, seed: int = 0) -> Parameters:
    random = np.random.default_rng(seed)
    known = events.arrays["table.word"].astype(np.float32)
    vectors = known / known[2:].std() * 0.3
    sectors = len(events.about["sectors"])
    counts = {"beginning": network.BEGINNINGS, "class": len(network.CLASSES) + 1, "actor": 2 * sectors}
    counts |= {"act": len(TYPES) + 1, "quoted": 2, "away": 2 * roles.REACH + 1, "root": len(TYPES)}

    def drawn(rows: int, columns: int) -> np.ndarray:
        return (random.normal(size=(rows, columns)) / np.sqrt(rows)).astype(np.float32)

    tables = {f"table.{name}": drawn(counts[name], size) * 2 for name, size in SIZES.items()}
    width, h = vectors.shape[1] + sum(SIZES.values()), HIDDEN
    shapes = {"near": (len(network.NEAR) * width, h), "far": (len(network.FAR) * h, h)}
    shapes |= {"word": (6 * h, h), "role": (h, len(roles.ROLES)), "answer": (4 * h, h), "answers": (h, ANSWERS)}
    layers = {f"{name}.w": drawn(*shape) for name, shape in shapes.items()}
    layers |= {f"{name}.b": np.zeros(shape[1], np.float32) for name, shape in shapes.items()}
    layers["role.b"] -= 3
    return {"table.word": vectors, **tables, **layers}


NAMES = (*network.FEATURES, "away", "root")


def forward(p: Parameters, batch: dict[str, jax.Array], key: jax.Array | None = None) -> tuple[jax.Array, jax.Array]:
    """(log-odds of words, scores of answers); the same sums as `roles.scored`."""
    mask, length = batch["mask"][..., None], batch["codes"].shape[1]
    keys = [None] * 4 if key is None else list(jax.random.split(key, 4))
    columns = [batch["codes"][..., n] for n in range(len(network.FEATURES))]
    if key is not None:
        columns[0] = jnp.where(jax.random.bernoulli(keys[0], 0.08, columns[0].shape), network.UNKNOWN, columns[0])
    columns += [batch["away"], jnp.repeat(batch["root"][:, None], length, 1)]
    rows = jnp.concatenate([p[f"table.{n}"][c] for n, c in zip(NAMES, columns, strict=True)], -1) * mask
    near = jax.nn.relu(_neighbours(_dropped(keys[1], rows), network.NEAR) @ p["near.w"] + p["near.b"]) * mask
    near = _dropped(keys[2], near)
    far = jax.nn.relu(_neighbours(near, network.FAR) @ p["far.w"] + p["far.b"]) * mask
    both = jnp.concatenate([near, far], -1)
    at = jnp.take_along_axis(both, batch["place"][:, None, None], 1)[:, 0]
    about = _dropped(keys[3], jnp.concatenate([at, both.max(1)], -1))
    split = 2 * HIDDEN
    hidden = both @ p["word.w"][:split] + (about @ p["word.w"][split:])[:, None] + p["word.b"]
    words = jax.nn.relu(hidden) @ p["role.w"] + p["role.b"]
    return words, jax.nn.relu(about @ p["answer.w"] + p["answer.b"]) @ p["answers.w"] + p["answers.b"]


def _loss(p: Parameters, batch: dict[str, jax.Array], key: jax.Array) -> jax.Array:
    words, flat = forward(p, batch, key)
    count = len(batch["codes"])
    loss = WORD_LOSS * (_entropy(words, batch["words"]) * batch["mask"][..., None]).sum() / count
    at = 0
    for answers in roles.QUESTIONS.values():
        part, wanted = flat[:, at : at + len(answers)], batch["answers"][:, at : at + len(answers)]
        loss -= ANSWER_LOSS * (jax.nn.log_softmax(part) * wanted).sum() / count
        at += len(answers)
    return loss


@jax.jit
def _step(state: Any, batch: Any, key: Any, done: Any, rate: Any) -> Any:
    p, first, second = state
    fixed = {"table.word": p["table.word"]}
    free = {name: value for name, value in p.items() if name not in fixed}
    loss, slope = jax.value_and_grad(lambda q: _loss(q | fixed, batch, key))(free)
    first = jax.tree.map(lambda a, g: 0.9 * a + 0.1 * g, first, slope)
    second = jax.tree.map(lambda a, g: 0.99 * a + 0.01 * g * g, second, slope)
    moved = dict(fixed)
    for name in free:
        step = (first[name] / (1 - 0.9**done)) / (jnp.sqrt(second[name] / (1 - 0.99**done)) + 1e-6)
        moved[name] = p[name] - rate * step
    return (moved, first, second), loss


def fitted(start: Parameters, listed: list[Seen], epochs: int, seed: int = 0) -> Parameters:
    lengths = np.array([min(len(s.codes), LENGTHS[-1]) for s in listed])
    random, key = np.random.default_rng(seed), jax.random.PRNGKey(seed)
    steps, done = epochs * (len(listed) // BATCH) + 1, 0
    p = {name: jnp.asarray(value) for name, value in start.items()}
    free = {name: jnp.zeros_like(value) for name, value in p.items() if name != "table.word"}
    state = (p, free, free)
    for epoch in range(epochs):
        began, total = time.time(), 0.0
        order = np.argsort(lengths + random.uniform(0, 12, len(listed)))
        batches = [order[n : n + BATCH] for n in range(0, len(order) - BATCH + 1, BATCH)]
        random.shuffle(batches)
        for chosen in batches:
            length = next((n for n in LENGTHS if lengths[chosen].max() <= n), LENGTHS[-1])
            key, used = jax.random.split(key)
            done += 1
            batch = _packed([listed[n] for n in chosen], length)
            state, loss = _step(state, batch, used, done, RATE * (1 - done / steps))
            total += float(loss)
        print(f"pass {epoch}: loss {total / len(batches):.3f}, {time.time() - began:.0f} s", flush=True)
    return {name: np.asarray(value) for name, value in state[0].items()}


def _packed(listed: list[Seen], length: int) -> dict[str, np.ndarray]:
    count = len(listed)
    packed: dict[str, np.ndarray] = {
        "codes": np.zeros((count, length, len(network.FEATURES)), np.int32),
        "mask": np.zeros((count, length), np.float32),
        "words": np.zeros((count, length, len(roles.ROLES)), np.float32),
        "place": np.array([s.place for s in listed]),
        "root": np.array([s.root for s in listed]),
        "answers": np.stack([s.answers for s in listed]).astype(np.float32),
    }
    packed["away"] = (
        np.clip(np.arange(length)[None] - packed["place"][:, None], -roles.REACH, roles.REACH) + roles.REACH
    )
    for n, seen in enumerate(listed):
        here = min(length, len(seen.codes))
        packed["codes"][n, :here] = seen.codes[:here]
        packed["mask"][n, :here] = 1
        packed["words"][n, :here] = seen.words[:here]
    return packed


# ------------------------------------------------------------------ whole numbers


def quantised(p: Parameters, listed: list[Seen], events: Weights) -> dict[str, np.ndarray]:
    """The arrays of the weights file; the words' table stays with the event model."""
    arrays: dict[str, np.ndarray] = {"table.word": events.arrays["table.word"]}
    sizes = [np.full(p["table.word"].shape[1], _size(p["table.word"], arrays["table.word"]), np.float32)]
    for name in NAMES[1:]:
        size = float(np.abs(p[f"table.{name}"]).max()) / network.TOP
        arrays[f"table.{name}"] = np.rint(p[f"table.{name}"] / size).astype(np.int8)
        sizes.append(np.full(p[f"table.{name}"].shape[1], size, np.float32))
    unit = np.concatenate(sizes)
    chosen = listed[:: max(1, len(listed) // 400)]
    rows = [_rows(arrays, seen) for seen in chosen]
    near, near_unit = _whole(p, arrays, "near", [network.neighbours(r, network.NEAR) for r in rows], np.tile(unit, 5))
    far_in = [network.neighbours(r, network.FAR) for r in near]
    far, far_unit = _whole(p, arrays, "far", far_in, np.full(len(network.FAR) * HIDDEN, near_unit))
    both = [np.concatenate([a, b], 1) for a, b in zip(near, far, strict=True)]
    about = [np.concatenate([b[s.place], b.max(0)])[None] for b, s in zip(both, chosen, strict=True)]
    pair = np.repeat([near_unit, far_unit], HIDDEN)
    told = [np.concatenate([b, np.repeat(a, len(b), 0)], 1) for b, a in zip(both, about, strict=True)]
    _, word_unit = _whole(p, arrays, "word", told, np.tile(pair, 3))
    _, answer_unit = _whole(p, arrays, "answer", about, np.tile(pair, 2))
    _store(p, arrays, "role", np.full(HIDDEN, word_unit), 1.0)
    _store(p, arrays, "answers", np.full(HIDDEN, answer_unit), 1.0)
    return {name: value for name, value in arrays.items() if name != "table.word"}


def _size(table: np.ndarray, rounded: np.ndarray) -> float:
    return float(np.abs(table).max() / np.abs(rounded.astype(np.float32)).max())


def _rows(arrays: dict[str, np.ndarray], seen: Seen) -> np.ndarray:
    codes = seen.codes
    away = np.clip(np.arange(len(codes)) - seen.place, -roles.REACH, roles.REACH) + roles.REACH
    told = [arrays[f"table.{name}"][codes[:, n]] for n, name in enumerate(network.FEATURES)]
    told += [arrays["table.away"][away], np.repeat(arrays["table.root"][[seen.root]], len(codes), 0)]
    return np.concatenate(told, 1).astype(np.float32)


def _whole(
    p: Parameters, arrays: dict[str, np.ndarray], layer: str, rows: list[np.ndarray], unit: np.ndarray
) -> tuple[list[np.ndarray], float]:
    from network import _layer

    return _layer(p, arrays, layer, rows, unit)


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
                right.setdefault(f"{role} word", []).append(bool(seen.words[found.words[:, number].argmax(), number]))
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
    arrays = quantised(fitted(initial(events), listed, args.epochs), listed, events)
    about = {"words": roles.fingerprint(events), "trained": "training/roles.py"}
    args.out.write_bytes(pack(about, arrays))
    report(roles._ready(Weights("roles", about, arrays), events), own)


if __name__ == "__main__":
    main()
