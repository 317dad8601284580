"""Train the event model of rules/models/events-en.weights.

    python training/events.py --eval DIR --work DIR        (DIR: the evaluation data, TOCSIN_EVAL)

Labels come from events/train_sentences.jsonl, split 'train', and training/labels; the teacher's chances for unlabelled
news from WORK/taught.pkl (training/teacher.py); words' vectors from the running text of news/, without the articles of
split 'dev'. A quarter of the training articles is held back, and the thresholds are set on it. 'dev' is looked at once,
at the end. Needs gensim and torch beside the package, at training only.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import re
from pathlib import Path
from typing import Any

import labels
import network as nn
import numpy as np
from gensim.models import Word2Vec
from gensim.models.word2vec import LineSentence
from sentences import LANGUAGE, read
from taught import Taught, taught

from tocsin.bundle import load
from tocsin.interpret import model, network
from tocsin.interpret.clauses import Clauses
from tocsin.interpret.events import candidates
from tocsin.interpret.tokens import TOKEN
from tocsin.rules import Rules
from tocsin.rules.grammar import TYPES
from tocsin.rules.models import pack

ROOT = Path(__file__).resolve().parent.parent
VECTOR_SIZE, FEWEST = 64, 15
FOLDS = 4
SECTORS = (
    *("-", "?", "GOV", "MIL", "REB", "OPP", "PAR", "CIV", "MED", "COP", "JUD", "LEG", "BUS", "IGO"),
    *("NGO", "SPY", "CRM", "UAF", "EDU", "LAB", "REF"),
)
SENTENCE_END = re.compile(r'(?<=[.!?])["”’)]*\s+(?=[A-Z“"‘])|\n+')
# What the lexicon has of a root in a sentence: a word, or a word that stands plainly (model.is_plain).
FOUND, PLAIN = 1, 2
# A warning must not miss these: what the lexicon finds of them is kept at lower scores.
KEPT_LOWER = np.array([{"MOBILIZE": -2.1, "AID": -0.8, "SANCTION": -0.6}.get(root, 0.0) for root in TYPES])
PLAIN_LOWER = np.array([{"MOBILIZE": -2.1, "AID": -3.5, "SANCTION": -0.6}.get(root, 0.0) for root in TYPES])
# And an act that the lexicon does not know is added at lower ones.
ADDED_LOWER = np.array([{"MOBILIZE": -0.6}.get(root, 0.0) for root in TYPES])
THRESHOLDS = np.arange(-2.2, 0.61, 0.2)
FIRM = np.arange(-4.0, -0.9, 0.5)


def rows(folder: Path) -> list[dict[str, Any]]:
    """The labelled sentences: those of the evaluation data and the stand-off ones of training/labels."""
    return labels.labelled_before(folder) + labels.stand_off(folder)


# ------------------------------------------------------------------ vectors of words


def vectors(folder: Path, work: Path) -> tuple[list[str], np.ndarray]:
    """Words, the most frequent first, and their vectors; kept in `work` for the next run."""
    if not (work / "emb.npy").exists():
        corpus(folder, work / "corpus.txt")
        trained = Word2Vec(
            LineSentence(str(work / "corpus.txt")),
            vector_size=VECTOR_SIZE,
            window=4,
            min_count=FEWEST,
            sg=1,
            negative=5,
            epochs=3,
            workers=2,
            sample=1e-4,
            seed=1,
        )
        np.save(work / "emb.npy", trained.wv.vectors)
        (work / "vocab.txt").write_text("\n".join(trained.wv.index_to_key), encoding="utf-8")
    return (work / "vocab.txt").read_text("utf-8").split("\n"), np.load(work / "emb.npy")


def corpus(folder: Path, path: Path) -> None:
    """One sentence a line, in the words that the model reads, without the articles of 'dev'."""
    held = {row["title"].strip().lower() for row in rows(folder) if row["split"] == "dev"}
    with lzma.open(folder / "news" / "articles_2012_2016.jsonl.xz", "rt") as lines, path.open("w") as out:
        for line in lines:
            article = json.loads(line)
            if (article["title"] or "").strip().lower() in held:
                continue
            for sentence in SENTENCE_END.split(article["text"]):
                words = [m[0].lower() for m in TOKEN.finditer(sentence)]
                if len(words) >= 4:
                    out.write(" ".join(network.NUMBER if w[0].isdigit() else w for w in words if w[0].isalnum()) + "\n")


# ------------------------------------------------------------------ sentences


def example(number: int, row: dict[str, Any], clauses: Clauses, coding: network.Coding, rules: Rules) -> nn.Example:
    grammar = rules.grammars[LANGUAGE]
    found = candidates(clauses, grammar)
    told = model.places(clauses, found)
    words = np.zeros((len(clauses.words), len(TYPES)), np.float32)
    sentence = np.zeros(len(TYPES), np.float32)
    for event in row["events"]:
        root, span = TYPES.index(event["type"]), (event["trigger"] or {}).get("span")
        if span is None:
            sentence[root] = max(sentence[root], clauses.sentence.start == 0)
            continue
        if clauses.sentence.start <= span[0] < clauses.sentence.end:
            sentence[root] = 1
        for place in told:
            token = clauses.tokens[place]
            if span[0] < token.end and token.start < span[1]:
                words[place, root] = 1
    lexical = np.zeros(len(TYPES), np.int8)
    for candidate in found:
        root, plain = TYPES.index(candidate.act.type), model.is_plain(clauses, candidate, grammar)
        lexical[root] = max(lexical[root], PLAIN if plain else FOUND)
    return nn.Example(number, network.coded(coding, clauses, found), told, words, sentence, lexical)


def own_examples(coding: network.Coding, rules: Rules) -> list[nn.Example]:
    """The examples that the acts of the grammar carry: what they match, at their terms, and what tells nothing."""
    found = []
    for act in rules.grammars[LANGUAGE].acts:
        for text in act.examples.match:
            row = {"id": "own", "date": None, "text": text, "events": []}
            for _, clauses in read(row, rules):
                spans = [
                    [clauses.tokens[c.first].start, clauses.tokens[c.last - 1].end]
                    for c in candidates(clauses, rules.grammars[LANGUAGE])
                    if c.act.type == act.type
                ]
                events = [{"type": act.type, "trigger": {"span": span}} for span in spans]
                found.append(example(-1, row | {"events": events}, clauses, coding, rules))
    return found


def from_teacher(sentence: Taught) -> nn.Example:
    """A sentence that nobody labelled, with the teacher's chances for labels."""
    words, chances = sentence.words.astype(np.float32), sentence.sentence.astype(np.float32)
    return nn.Example(-1, sentence.codes, sentence.triggers, words, chances, sentence.lexical)


# ------------------------------------------------------------------ thresholds


def set_f1(told: np.ndarray, gold: np.ndarray) -> float:
    return float(2 * (told & gold).sum() / max(1, told.sum() + gold.sum()))


def false_events(told: np.ndarray, gold: np.ndarray) -> float:
    quiet = ~gold.any(axis=1)
    return float(told[quiet].any(axis=1).mean())


def thresholds(
    logits: np.ndarray, lexical: np.ndarray, gold: np.ndarray, limit: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(firm, keep, add): one triple for all roots, the best root set F1 with false events up to `limit`."""
    best, found = -1.0, (0.0, 0.0, 0.0)
    for firm in FIRM:
        for keep in THRESHOLDS:
            for add in THRESHOLDS:
                told = decided(logits, lexical, firm + PLAIN_LOWER, keep + KEPT_LOWER, add + ADDED_LOWER)
                if set_f1(told, gold) > best and false_events(told, gold) <= limit:
                    best, found = set_f1(told, gold), (float(firm), float(keep), float(add))
    print(f"thresholds {found} F1 {best:.3f}")
    firm, keep, add = found
    plain, found_only = firm + PLAIN_LOWER, keep + KEPT_LOWER
    return plain.astype(np.float32), found_only.astype(np.float32), (add + ADDED_LOWER).astype(np.float32)


def decided(
    logits: np.ndarray, lexical: np.ndarray, firm: np.ndarray, keep: np.ndarray, add: np.ndarray | float
) -> np.ndarray:
    """Which roots each row tells: what the lexicon found plainly at lower scores, the others at higher."""
    return np.where(lexical == PLAIN, logits >= firm, np.where(lexical == FOUND, logits >= keep, logits >= add))


def report(name: str, told: np.ndarray, gold: np.ndarray) -> None:
    print(f"{name}: root set F1 {set_f1(told, gold):.3f}, false events {false_events(told, gold):.3f}", flush=True)


# ------------------------------------------------------------------ the whole


def trained(start: nn.Events, examples: list[nn.Example], epochs: int, words: list[str]) -> nn.Parameters:
    return nn.quantised(nn.parameters(nn.fitted(start, examples, nn.packed, epochs)), words, examples)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval")
    ask.add_argument("--work", type=Path, required=True)
    ask.add_argument("--out", type=Path, default=ROOT / "rules" / "models" / "events-en.weights")
    ask.add_argument("--epochs", type=int, default=5)
    ask.add_argument("--limit", type=float, default=0.15, help="false events allowed when thresholds are set")
    args = ask.parse_args()
    rules, listed = load(), rows(args.eval)
    words, known = vectors(args.eval, args.work)
    coding = network.coding_of(tuple(TYPES), words, SECTORS)
    examples = [example(n, row, c, coding, rules) for n, row in enumerate(listed) for _, c in read(row, rules)]
    train = np.array([row["split"] == "train" for row in listed])
    fold = np.array([int(hashlib.md5(row["article"].encode()).hexdigest(), 16) % FOLDS for row in listed])
    gold = np.zeros((len(listed), len(TYPES)), bool)
    lexical = np.zeros(gold.shape, np.int8)
    for n, row in enumerate(listed):
        gold[n, [TYPES.index(event["type"]) for event in row["events"]]] = True
    for e in examples:
        lexical[e.owner] = np.maximum(lexical[e.owner], e.lexical)
    seen, held = train & (fold != 0), train & (fold == 0)
    learned = own_examples(coding, rules) + [from_teacher(sentence) for sentence in taught(args.work)]
    learned += [e for e in examples if seen[e.owner]]
    print(f"{len(learned)} sentences to learn from, {held.sum()} held back", flush=True)
    arrays = trained(nn.Events(known, len(SECTORS)), learned, args.epochs, words)
    logits = nn.scored(arrays, SECTORS, [e for e in examples if held[e.owner]], len(listed))
    np.save(args.work / "held.npy", logits)
    firm, keep, add = thresholds(logits[held], lexical[held], gold[held], args.limit)

    arrays |= {"firm": firm, "keep": keep, "add": add}
    args.out.write_bytes(pack({"roots": TYPES, "sectors": SECTORS, "trained_by": "training/events.py"}, arrays))
    logits = nn.scored(arrays, SECTORS, [e for e in examples if not train[e.owner]], len(listed))[~train]
    report("dev, roots alone", decided(logits, lexical[~train], firm, keep, add), gold[~train])


if __name__ == "__main__":
    main()
