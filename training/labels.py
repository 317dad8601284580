"""Stand-off labels of news sentences: a batch to label, a draft put into offsets, and a check of what was labelled.

    python training/labels.py batches --eval DIR --out DIR          sentences to label, in files of JSON lines
    python training/labels.py take DRAFT --eval DIR --labeller A --out training/labels/A1.tsv
    python training/labels.py check [FILE ...] --eval DIR           faults, and how far labellers agree

training/README.md describes both forms. No text is kept: a row points into an article of news/.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import lzma
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "training" / "labels"
TYPES = (
    *("AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "CONCEDE", "RETREAT", "REQUEST"),
    *("ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
)
SECTORS = frozenset(["GOV", "MIL", "REB", "CIV", "LEG", "PAR", "BUS", "MED", "SPY", "IGO", "COP", "JUD", "NGO", "UAF"])
ANSWERS = {
    "modality": frozenset({"actual", "intended", "possible", "negated", "demanded"}),
    "stance": frozenset({"asserted", "denied", "unverified"}),
    "time": frozenset({"current", "past", "future"}),
}
PARTIES = ("source", "target", "attribution")
COLUMNS = ("article", "sentence", "drawn", "labeller", "type", "trigger", *PARTIES, *ANSWERS)
NOBODY = "-"

Row = dict[str, Any]
Event = dict[str, Any]


class BadLabel(ValueError):
    """A label that cannot be: what is wrong with it, in words."""


@dataclass(frozen=True)
class Sentence:
    """A labelled sentence: `span` lies in its article's text, spans of events in the sentence."""

    article: str
    span: tuple[int, int]
    labeller: str
    drawn: str
    events: tuple[Event, ...]


# ------------------------------------------------------------------ the tab-separated form


def read(path: Path) -> list[Sentence]:
    """The sentences of one file, in its order. BadLabel where a row cannot be read."""
    with path.open(encoding="utf-8", newline="") as lines:
        listed = list(csv.DictReader(lines, delimiter="\t"))
    if listed and tuple(listed[0]) != COLUMNS:
        raise BadLabel(f"{path.name}: columns are {', '.join(listed[0])}, wanted {', '.join(COLUMNS)}")
    found: dict[tuple[str, str, str], list[Event]] = {}
    drawn: dict[tuple[str, str, str], str] = {}
    for number, row in enumerate(listed, 2):
        try:
            key = (row["article"], row["sentence"], row["labeller"])
            drawn[key] = row["drawn"]
            events = found.setdefault(key, [])
            if row["type"] != NOBODY:
                events.append(_event(row))
        except BadLabel as fault:
            raise BadLabel(f"{path.name}, line {number}: {fault}") from None
    return [Sentence(key[0], _span(key[1]), key[2], drawn[key], tuple(events)) for key, events in found.items()]


def write(path: Path, sentences: Iterable[Sentence]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, delimiter="\t", lineterminator="\n")
        table.writerow(COLUMNS)
        for s in sentences:
            head = (s.article, _shown_span(s.span), s.drawn, s.labeller)
            if not s.events:
                table.writerow((*head, *[NOBODY] * (len(COLUMNS) - len(head))))
            for e in s.events:
                parties = [_shown_party(e[name]) for name in PARTIES]
                table.writerow(
                    (*head, e["type"], _shown_span(e["trigger"]["span"]), *parties, *(e[n] for n in ANSWERS))
                )


def _span(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+)-(\d+)", text)
    if match is None or int(match[1]) >= int(match[2]):
        raise BadLabel(f"{text!r} is no span (first-end)")
    return int(match[1]), int(match[2])


def _shown_span(span: Sequence[int]) -> str:
    return f"{span[0]}-{span[1]}"


def _event(row: dict[str, str]) -> Event:
    event: Event = {"type": row["type"], "trigger": {"text": None, "span": list(_span(row["trigger"]))}}
    event |= {name: _party(row[name]) for name in PARTIES} | {name: row[name] for name in ANSWERS}
    _fits(event)
    return event


def _party(text: str) -> Row | None:
    """'12-30/USA/GOV', '/USA/GOV' where only implied, '12-30//' where neither is known, '-' for nobody."""
    if text == NOBODY:
        return None
    parts = text.split("/")
    if len(parts) != 3:
        raise BadLabel(f"{text!r} is no party (span/country/sector or -)")
    span = list(_span(parts[0])) if parts[0] else None
    return {"text": None, "span": span, "country": parts[1] or None, "sector": parts[2] or None}


def _shown_party(party: Row | None) -> str:
    if party is None:
        return NOBODY
    span = _shown_span(party["span"]) if party["span"] else ""
    return f"{span}/{party['country'] or ''}/{party['sector'] or ''}"


def _fits(event: Event) -> None:
    """BadLabel where an answer is none of those that there are."""
    if event["type"] not in TYPES:
        raise BadLabel(f"{event['type']!r} is no type")
    for name, answers in ANSWERS.items():
        if event[name] not in answers:
            raise BadLabel(f"{event[name]!r} is no {name}")
    for name in PARTIES:
        party = event[name]
        if party is None:
            continue
        if party["country"] and not re.fullmatch(r"[A-Z]{3}", party["country"]):
            raise BadLabel(f"{party['country']!r} is no country code of three letters")
        if party["sector"] and party["sector"] not in SECTORS:
            raise BadLabel(f"{party['sector']!r} is no sector")


# ------------------------------------------------------------------ with the articles


def articles(folder: Path) -> Iterator[Row]:
    with lzma.open(folder / "news" / "articles_2012_2016.jsonl.xz", "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def labelled_before(folder: Path) -> list[Row]:
    with (folder / "events" / "train_sentences.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def stand_off(folder: Path, labels: Path = FOLDER) -> list[Row]:
    """Stand-off sentences as rows like those of train_sentences (split 'train', text and offsets filled in).
    Of sentences that two have labelled, the first labeller's by name counts."""
    listed = sorted((s for path in sorted(labels.glob("*.tsv")) for s in read(path)), key=lambda s: s.labeller)
    first: dict[tuple[str, tuple[int, int]], Sentence] = {}
    for sentence in listed:
        first.setdefault((sentence.article, sentence.span), sentence)
    if not first:
        return []
    wanted = {s.article for s in first.values()}
    texts = {a["id"]: a for a in articles(folder) if a["id"] in wanted}
    return [_row(sentence, texts[sentence.article]) for sentence in first.values() if sentence.article in texts]


def is_stand_off(row: Row) -> bool:
    """Whether a row is one of stand_off's."""
    return bool(row["id"].startswith(f"{row['article']}:"))


def _row(sentence: Sentence, article: Row) -> Row:
    text = article["text"][slice(*sentence.span)]
    events = []
    for event in sentence.events:
        filled = dict(event)
        for name in ("trigger", *PARTIES):
            if filled[name] is not None and filled[name]["span"]:
                filled[name] = filled[name] | {"text": text[slice(*filled[name]["span"])]}
        events.append(filled)
    row = {"id": f"{sentence.article}:{sentence.span[0]}", "split": "train", "article": sentence.article}
    row |= {"date": article["published"], "source": article["source"], "title": article["title"], "text": text}
    return row | {"events": events}


# ------------------------------------------------------------------ batches to label


def batches(args: argparse.Namespace) -> None:
    """Files of sentences: a third drawn at random, a third where the model is least sure, a third spread
    over the types it sees, rare ones first. Neighbouring files share a tenth, which is then labelled twice."""
    drawn = _drawn(_pool(args.eval, args.pool, args.seed), args.batches * args.size, args.seed)
    random.Random(args.seed).shuffle(drawn)
    args.out.mkdir(parents=True, exist_ok=True)
    own, shared = args.size - args.size // 10, args.size // 10
    for number in range(args.batches):
        chosen = drawn[number * own : (number + 1) * own + shared]
        with (args.out / f"batch-{number + 1:02}.jsonl").open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in chosen)
    print(f"{args.batches} files in {args.out}: {dict(Counter(row['drawn'] for row in drawn))}")


def _pool(folder: Path, size: int, seed: int) -> list[tuple[Row, Any, Any]]:
    """(row, scores of the types, their thresholds) of sentences of articles that nobody has labelled."""
    from tocsin.threads import single

    single()
    import uncertainty

    before = {row["title"].strip().lower() for row in labelled_before(folder)}
    done = {(s.article, s.span) for path in FOLDER.glob("*.tsv") for s in read(path)}
    free = [a for a in articles(folder) if (a["title"] or "").strip().lower() not in before]
    chosen = random.Random(seed).sample(free, min(len(free), size // 2))
    return uncertainty.scored(chosen, seed, done)


def _drawn(pool: list[tuple[Row, Any, Any]], count: int, seed: int) -> list[Row]:
    dice = random.Random(seed)
    dice.shuffle(pool)
    third = count // 3
    taken: dict[int, str] = dict.fromkeys(range(third), "random")
    unsure = sorted(range(third, len(pool)), key=lambda n: float(abs(pool[n][1] - pool[n][2]).min()))
    taken |= dict.fromkeys(unsure[:third], "unsure")
    for kind in itertools.cycle(range(len(TYPES))):
        if len(taken) >= count + count // 50:
            break
        best = max((n for n in range(len(pool)) if n not in taken), key=lambda n: float(pool[n][1][kind]))
        taken[best] = "spread"
    return [pool[n][0] | {"drawn": drawn} for n, drawn in taken.items()]


# ------------------------------------------------------------------ from a draft to offsets


def take(args: argparse.Namespace) -> None:
    """Write a draft as stand-off labels. A draft is a batch's lines with `events` filled in, phrases as text."""
    faults, found = [], []
    with args.draft.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            row = json.loads(line)
            try:
                events = tuple(_located(row["text"], event) for event in row["events"])
                found.append(
                    Sentence(row["article"], (row["start"], row["end"]), args.labeller, row.get("drawn", "-"), events)
                )
            except (BadLabel, KeyError) as wrong:
                faults.append(f"line {number}: {wrong}")
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        sys.exit(f"{len(faults)} lines cannot be taken; nothing written")
    write(args.out, found)
    print(f"{len(found)} sentences, {sum(len(s.events) for s in found)} events -> {args.out}")


def _located(text: str, event: Event) -> Event:
    """An event with spans for its phrases; of several occurrences, the one nearest to the trigger."""
    told: Event = {"modality": "actual", "stance": "asserted", "time": "current"} | event
    phrase = event["trigger"] if isinstance(event["trigger"], str) else event["trigger"]["text"]
    trigger = _nearest(text, phrase, event.get("at", 0))
    if trigger is None:
        raise BadLabel(f"trigger {phrase!r} is not in the sentence")
    told["trigger"] = {"text": phrase, "span": list(trigger)}
    for name in PARTIES:
        party = told.get(name)
        told[name] = None if party is None else _located_party(text, party, trigger[0])
    _fits(told)
    return told


def _located_party(text: str, party: Row, near: int) -> Row:
    span = None
    if party.get("text"):
        found = _nearest(text, party["text"], near)
        if found is None:
            raise BadLabel(f"{party['text']!r} is not in the sentence")
        span = list(found)
    return {"text": party.get("text"), "span": span, "country": party.get("country"), "sector": party.get("sector")}


def _nearest(text: str, phrase: str, near: int) -> tuple[int, int] | None:
    """The phrase where it stands nearest to a place: as whole words ('he' is not in 'The'), or else anywhere."""
    bare = re.escape(phrase)
    for pattern in (rf"(?<!\w){bare}(?!\w)", bare) if phrase else ():
        hits = [m.start() for m in re.finditer(pattern, text)]
        if hits:
            start = min(hits, key=lambda hit: abs(hit - near))
            return start, start + len(phrase)
    return None


# ------------------------------------------------------------------ what was labelled


def check(args: argparse.Namespace) -> None:
    files = args.files or sorted(FOLDER.glob("*.tsv"))
    listed = [sentence for path in files for sentence in read(path)]
    wanted = {s.article for s in listed}
    texts = {a["id"]: a["text"] for a in articles(args.eval) if a["id"] in wanted}
    faults = [fault for sentence in listed for fault in _misplaced(sentence, texts)]
    for fault in faults:
        print(fault, file=sys.stderr)
    kinds = Counter(e["type"] for s in listed for e in s.events)
    print(f"{len(listed)} sentences, {sum(not s.events for s in listed)} without an event, {kinds.total()} events")
    print(" ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    for name, value in agreement(listed).items():
        print(f"{name}: {value}")
    if faults:
        sys.exit(1)


def _misplaced(sentence: Sentence, texts: dict[str, str]) -> Iterator[str]:
    where = f"{sentence.article} {_shown_span(sentence.span)}"
    if sentence.article not in texts:
        yield f"{where}: no such article"
        return
    text = texts[sentence.article][slice(*sentence.span)]
    if text != text.strip() or len(text) != sentence.span[1] - sentence.span[0]:
        yield f"{where}: is no sentence of the article"
    for event in sentence.events:
        for name in ("trigger", *PARTIES):
            span = (event[name] or {}).get("span")
            if span and (span[1] > len(text) or text[slice(*span)] != text[slice(*span)].strip()):
                yield f"{where}: {name} {_shown_span(span)} does not fit the words"


def agreement(listed: list[Sentence]) -> dict[str, str]:
    """Over sentences that two have labelled: F1 of roots, of roots with both countries, and how often pairs of
    events of equal type have the same modality, stance, time and presence of an attribution."""
    by: dict[tuple[str, tuple[int, int]], dict[str, Sentence]] = defaultdict(dict)
    for sentence in listed:
        by[sentence.article, sentence.span][sentence.labeller] = sentence
    pairs = [tuple(labels.values())[:2] for labels in by.values() if len(labels) > 1]
    if not pairs:
        return {"labelled twice": "0 sentences"}
    told = {"labelled twice": f"{len(pairs)} sentences"}
    told["an event or none"] = f"{sum(bool(a.events) == bool(b.events) for a, b in pairs) / len(pairs):.3f}"
    told["root set F1"] = _f1([(_roots(a), _roots(b)) for a, b in pairs])
    told["root and dyad F1"] = _f1([(_dyads(a), _dyads(b)) for a, b in pairs])
    same: dict[str, list[bool]] = defaultdict(list)
    for a, b in pairs:
        for one, other in _matched(a.events, b.events):
            for name in ANSWERS:
                same[name].append(one[name] == other[name])
            same["attribution"].append((one["attribution"] is None) == (other["attribution"] is None))
    return told | {name: f"{sum(v) / len(v):.3f} of {len(v)}" for name, v in same.items()}


def _matched(these: Sequence[Event], those: Sequence[Event]) -> Iterator[tuple[Event, Event]]:
    free = list(those)
    for event in these:
        match = next((other for other in free if other["type"] == event["type"]), None)
        if match is not None:
            free.remove(match)
            yield event, match


def _roots(sentence: Sentence) -> set[str]:
    return {event["type"] for event in sentence.events}


def _dyads(sentence: Sentence) -> set[tuple[str, str, str]]:
    def country(party: Row | None) -> str:
        return NOBODY if party is None else party["country"] or "XXX"

    return {(e["type"], country(e["source"]), country(e["target"])) for e in sentence.events}


def _f1(pairs: list[tuple[set[Any], set[Any]]]) -> str:
    shared, total = sum(len(a & b) for a, b in pairs), sum(len(a) + len(b) for a, b in pairs)
    return f"{2 * shared / total:.3f}" if total else "1.000"


def main() -> None:
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval", help="the evaluation data")
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = ask.add_subparsers(required=True)
    verb = verbs.add_parser("batches", parents=[data], help=batches.__doc__)
    verb.add_argument("--out", type=Path, required=True)
    verb.add_argument("--batches", type=int, default=10)
    verb.add_argument("--size", type=int, default=200)
    verb.add_argument("--pool", type=int, default=6000, help="sentences to choose from")
    verb.add_argument("--seed", type=int, default=1)
    verb.set_defaults(run=batches)
    verb = verbs.add_parser("take", parents=[data], help=take.__doc__)
    verb.add_argument("draft", type=Path)
    verb.add_argument("--labeller", required=True)
    verb.add_argument("--out", type=Path, required=True)
    verb.set_defaults(run=take)
    verb = verbs.add_parser("check", parents=[data], help="faults and agreement of label files")
    verb.add_argument("files", type=Path, nargs="*")
    verb.set_defaults(run=check)
    args = ask.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
