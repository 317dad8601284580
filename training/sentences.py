"""Labelled sentences as the package reads them: what all the trainings begin with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tocsin.interpret import model, network, sight
from tocsin.interpret.clauses import Clauses, classified
from tocsin.interpret.reading import Reading, actors_in, open_document
from tocsin.records import Document, digest, short_key
from tocsin.rules import Rules

LANGUAGE = "en"


def document(row: dict[str, Any]) -> Document:
    """A row's `text` as a document of its own, of its `date`."""
    fields = dict.fromkeys(Document.__dataclass_fields__)
    fields |= {"key": short_key("d", row["id"]), "input": row["id"], "text": row["text"], "published": row["date"]}
    fields |= {"language": LANGUAGE, "authors": (), "flags": (), "repairs": (), "body": digest(row["text"].encode())}
    return Document(**fields)  # type: ignore[arg-type]


def read(row: dict[str, Any], rules: Rules) -> Iterator[tuple[Reading, Clauses]]:
    """The sentences that the package finds in a row's text, whether or not they hold a term."""
    opened = open_document(document(row), rules)
    if opened is not None:
        reading, sentences = opened
        for sentence in sentences:
            yield reading, classified(sentence, actors_in(reading, sentence), reading.lexicon, reading.adjectives)


def odds(net: sight.Network, codes: network.Integers, triggers: list[int]) -> network.Floats:
    """Log-odds of each root for a sentence, read through whatever its first layer says of it."""
    (seen,) = sight.seen(net, [codes], [True])
    assert seen is not None
    return model.scores(net, seen, triggers).sentence


def triggered(row: dict[str, Any], clauses: Clauses) -> Iterator[tuple[dict[str, Any], list[int]]]:
    """The labelled events whose trigger begins in a sentence, each with the trigger's span."""
    for event in row["events"]:
        span = (event["trigger"] or {}).get("span")
        if span is not None and clauses.sentence.start <= span[0] < clauses.sentence.end:
            yield event, span
