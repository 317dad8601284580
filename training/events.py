"""Train the network of rules/models/events-en.weights: which acts a sentence tells, who acts on whom, how real, when.

    python training/events.py --eval DIR --work DIR --encoder FOLDER      (DIR: the evaluation data, TOCSIN_EVAL)

Labels come from events/train_sentences.jsonl, split 'train', training/labels and our own sentences (own.py); the
teacher's chances for unlabelled news from WORK/taught.pkl (teacher.py); FOLDER is a checkpoint of all-MiniLM-L6-v2
(Apache-2.0): config.json, model.safetensors, vocab.txt. First labels and teacher are learned from; then, slower,
labels, our own sentences and a third of the teacher's. A quarter of the training articles is held back, and the
thresholds are set on it. 'dev' is looked at once, at the end. Needs torch and transformers beside the package, at
training only; on two cores an hour.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import labels
import network as nn
import numpy as np
import own
import whole
from sentences import LANGUAGE, read, triggered
from taught import Act, Taught, owner, taught

from tocsin.bundle import load
from tocsin.interpret import model, network, pieces, roles
from tocsin.interpret.clauses import Clauses
from tocsin.interpret.events import arguments, candidates
from tocsin.interpret.tokens import TOKEN
from tocsin.rules import Rules
from tocsin.rules.grammar import TYPES
from tocsin.rules.models import pack

ROOT = Path(__file__).resolve().parent.parent
# How often the news must have a piece of more than one letter. Marks of the checkpoint: a start, a hidden word.
FEWEST, MARKS = 10, ("[CLS]", "[MASK]")
# The first time: how often a sentence of our own comes. The second time: passes, the rate's share, how often one of the
# evaluation data comes (of training/labels many are of home affairs), one of how many of the teacher's.
OWN_TIMES, AGAIN, SLOWER, THEIR_TIMES, OF_TAUGHT = 2, 3, 0.5, 3, 3
# Of the teacher's sentences so many show which units of the encoder tell little.
SHOWING = 2000
# The share of sentences without a term of the lexicon that the network would tell an act of, left to the first layer.
LEFT_EARLY = 0.01
# One of so many sentences of our own is held back.
OWN_HELD = 10
FOLDS = 4
SECTORS = (
    *("-", "?", "GOV", "MIL", "REB", "OPP", "PAR", "CIV", "MED", "COP", "JUD", "LEG", "BUS", "IGO"),
    *("NGO", "SPY", "CRM", "UAF", "EDU", "LAB", "REF"),
)
# What the lexicon has of a root in a sentence: a word, or a word that stands plainly (model.is_plain).
FOUND, PLAIN = 1, 2
# A warning must not miss these: what the lexicon finds of them is kept at lower scores.
KEPT_LOWER = np.array([{"MOBILIZE": -2.8, "AID": -0.8, "SANCTION": -0.6}.get(root, 0.0) for root in TYPES])
PLAIN_LOWER = np.array([{"MOBILIZE": -2.6, "AID": -3.5, "SANCTION": -0.6}.get(root, 0.0) for root in TYPES])
# And an act that the lexicon does not know is added at lower ones.
ADDED_LOWER = np.array([{"MOBILIZE": -0.6}.get(root, 0.0) for root in TYPES])
THRESHOLDS = np.arange(-2.2, 0.61, 0.2)
FIRM = np.arange(-4.0, -0.9, 0.5)


def rows(folder: Path) -> list[dict[str, Any]]:
    """The labelled sentences: those of the evaluation data and the stand-off ones of training/labels."""
    return labels.labelled_before(folder) + labels.stand_off(folder)


# ------------------------------------------------------------------ words


def vocabulary(folder: Path, checkpoint: Path) -> tuple[list[str], list[int], tuple[int, int]]:
    """The pieces of words that the news have, those of one letter or sign among them, their rows in the checkpoint's
    table, and the rows of its marks."""
    known = {piece: n for n, piece in enumerate((checkpoint / "vocab.txt").read_text("utf-8").split("\n")) if piece}
    listed, counted = list(known), Counter[str]()
    for word, count in counted_words(folder).items():
        counted.update({listed[n]: count for n in pieces.cut(known, word)})
    always = (pieces.NOTHING, pieces.UNKNOWN_PIECE)
    signs = {p for p in known if len(p.removeprefix(pieces.WITHIN)) == 1 and (p.isascii() or counted[p])}
    kept = [*always, *(p for p in known if p not in always and (counted[p] >= FEWEST or p in signs))]
    return kept, [known[p] for p in kept], (known[MARKS[0]], known[MARKS[1]])


def counted_words(folder: Path) -> Counter[str]:
    """How often the news have a word, without the articles of 'dev'."""
    held = {row["title"].strip().lower() for row in rows(folder) if row["split"] == "dev"}
    counted: Counter[str] = Counter()
    with lzma.open(folder / "news" / "articles_2012_2016.jsonl.xz", "rt") as lines:
        for line in lines:
            article = json.loads(line)
            if (article["title"] or "").strip().lower() not in held:
                counted.update(m[0].lower() for m in TOKEN.finditer(article["text"]))
    return counted


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
        root = TYPES.index(candidate.act.type)
        plain = model.is_plain(clauses, candidate, arguments(clauses, candidate, grammar), grammar)
        lexical[root] = max(lexical[root], PLAIN if plain else FOUND)
    codes = network.coded(coding, clauses, found)
    return nn.Example(number, codes, told, words, sentence, lexical, list(_acts(row, clauses, codes)))


def _acts(row: dict[str, Any], clauses: Clauses, codes: np.ndarray) -> Iterator[Act]:
    """Whose parts labels tell, of training/labels and of our own sentences (whose answers nobody has given); of the
    evaluation data's the teacher alone does, for parties.py and assertion.py learn there how far to believe it."""
    is_own = row["article"] == row["id"]
    for event, span in triggered(row, clauses) if is_own or labels.is_stand_off(row) else ():
        place = next(n for n, token in enumerate(clauses.tokens) if span[0] < token.end)
        words = np.zeros((len(codes), len(roles.ROLES)), np.float32)
        for number, role in enumerate(roles.ROLES):
            for first, last in [(event[role] or {}).get("span") or (0, 0)]:
                words[[t.start < last and first < t.end for t in clauses.tokens[: len(codes)]], number] = 1
        if place < len(codes):
            answers = np.zeros(sum(nn.ANSWERS), np.float32) if is_own else _answers(event)
            yield Act(place, TYPES.index(event["type"]), words, answers)


def _answers(event: dict[str, Any]) -> np.ndarray:
    """One for each answer that a labelled act has, of those that the network may give."""
    told = []
    for name, answers in roles.QUESTIONS.items():
        given = owner(event[name]) if name in roles.ROLES else event[name]
        told.append(np.array([answer == given for answer in answers], np.float32))
    return np.concatenate(told)


def term_examples(coding: network.Coding, rules: Rules) -> list[nn.Example]:
    """The examples that the acts of the grammar carry: what they match, at their terms, and what tells nothing."""
    found = []
    for act in rules.grammars[LANGUAGE].acts:
        for text in act.examples.match:
            row = {"id": "term", "article": "", "date": None, "text": text, "events": []}
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
    return nn.Example(-1, sentence.codes, sentence.triggers, words, chances, sentence.lexical, sentence.acts)


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


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval")
    ask.add_argument("--work", type=Path, required=True)
    ask.add_argument("--encoder", type=Path, required=True)
    ask.add_argument("--out", type=Path, default=ROOT / "rules" / "models" / "events-en.weights")
    ask.add_argument("--epochs", type=int, default=2)
    ask.add_argument("--limit", type=float, default=0.15, help="false events allowed when thresholds are set")
    args = ask.parse_args()
    rules, listed = load(), rows(args.eval)
    parts, kept, marks = vocabulary(args.eval, args.encoder)
    coding = network.coding_of(tuple(TYPES), parts, SECTORS)
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
    labelled = term_examples(coding, rules) + [e for e in examples if seen[e.owner]]
    kept = [row for n, row in enumerate(own.rows()) if n % OWN_HELD]
    ours = [example(-1, row, c, coding, rules) for row in kept for _, c in read(row, rules)]
    told = [from_teacher(sentence) for sentence in taught(args.work)]
    print(f"{len(labelled)} labelled, {len(ours)} of ours, {len(told)} of the teacher's, {held.sum()} held", flush=True)
    net = nn.Acts(args.encoder, kept, marks, len(SECTORS))
    net = nn.fitted(net, labelled + ours * OWN_TIMES + told, args.epochs)
    nn.narrow(net, told[:SHOWING])
    theirs = [e for e in labelled if 0 <= e.owner < len(labels.labelled_before(args.eval))]
    again = labelled + theirs * (THEIR_TIMES - 1) + ours + told[::OF_TAUGHT]
    net = nn.fitted(net, again, AGAIN, nn.RATE * SLOWER)
    arrays = whole.quantised(net, parts, told or ours)
    ready = whole.ready({"roots": TYPES, "sectors": SECTORS}, arrays)
    apart = [e for e in examples if held[e.owner] and e.triggers]
    logits = whole.scored(ready, apart, len(listed))
    firm, keep, add = thresholds(logits[held], lexical[held], gold[held], args.limit)
    alone = [e for e in apart if not e.lexical.any()]
    would = (logits[[e.owner for e in alone]] >= add).any(axis=1)
    least = np.quantile(whole.early(ready, alone)[would], LEFT_EARLY)

    arrays |= {"firm": firm, "keep": keep, "add": add, "least": np.full(1, least, np.float32)}
    args.out.write_bytes(pack({"roots": TYPES, "sectors": SECTORS, "trained_by": "training/events.py"}, arrays))
    logits = whole.scored(ready, [e for e in examples if not train[e.owner]], len(listed))[~train]
    report("dev, roots alone", decided(logits, lexical[~train], firm, keep, add), gold[~train])


if __name__ == "__main__":
    main()
