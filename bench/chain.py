"""Speed of the chain on the bundled exercise, step by step, as a ratio to a plain regex tokeniser over the
same texts in the same run. Machines differ and are shared: compare ratios, not seconds."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TypeVar

from tocsin.threads import single

single()  # before anything imports numpy

from tocsin import bundle  # noqa: E402
from tocsin.collect.inbox import captures  # noqa: E402
from tocsin.derive import Fold  # noqa: E402
from tocsin.extract import read  # noqa: E402
from tocsin.group import Grouping  # noqa: E402
from tocsin.interpret import interpret  # noqa: E402
from tocsin.records import Document, Refusal, Work  # noqa: E402

T = TypeVar("T")


def timed(what: Callable[[], T]) -> tuple[float, T]:
    """CPU seconds of this process, the best of three, and what came out."""
    best, result = float("inf"), None
    for _ in range(3):
        start = time.process_time()
        result = what()
        best = min(best, time.process_time() - start)
    assert result is not None
    return best, result


def main() -> None:
    loading, rules = timed(bundle.load)
    path = str(bundle.demo_folder() / "exercise.jsonl")
    items = [item for item in captures([path], None) if not isinstance(item, Refusal)]
    reading, read_documents = timed(lambda: [d for c, b in items for d in read(c, b, rules) if isinstance(d, Document)])
    words = re.compile(r"\w+|[^\w\s]")
    tokens, _ = timed(lambda: [len(words.findall(d.text)) for d in read_documents for _ in range(20)])
    interpreting, told = timed(lambda: [Work(d, interpret(d, rules)) for d in read_documents])
    grouping, _ = timed(lambda: [g.add(d) for g in [Grouping(rules)] for d in read_documents])

    def fold() -> int:
        whole = Fold(rules, bundle.recipe(rules))
        return sum(1 for held in told for _ in whole.add(held)) + len(whole.assess("2019-05-02T23:59:59Z").findings)

    folding, _ = timed(fold)
    base = tokens / 20
    sentences = sum(d.text.count(". ") + 1 for d in read_documents)
    print(f"rules parsed in {loading:.2f} s; {len(read_documents)} documents, about {sentences} sentences")
    for name, seconds in (("read", reading), ("group", grouping), ("interpret", interpreting), ("fold", folding)):
        rate = len(read_documents) / seconds
        print(f"{name:>10}: {rate:8.0f} documents/s, {seconds / base:8.0f} x the tokeniser")


if __name__ == "__main__":
    main()
