"""What people said of single statements. An answer is anchored to the digest of the captured bytes and the
quoted words, so that it still holds when rules change and statements are numbered anew."""

from __future__ import annotations

from collections import defaultdict

from tocsin.judge.days import day_number
from tocsin.records import Answer, Document, Statement

SET_ASIDE = ("wrong", "wrong actor", "wrong place", "wrong time", "wrong act", "old news", "not real")
"""Answers that take a statement out of the evidence. Any other answer to the same anchor puts it back."""
HOLDS = "holds"
_DIGEST = "sha256:"


def anchor(body: str, quote: str) -> str:
    """The question that an answer about some words answers: 'sha256:…#the words'."""
    return f"{body}#{quote}"


def anchored(question: str) -> tuple[str, str] | None:
    """(digest of the bytes, quoted words), or None where the question is no anchor."""
    body, sign, quote = question.partition("#")
    return (body, quote) if sign and quote and body.startswith(_DIGEST) else None


class Answers:
    """The answers so far, and which statements they take out. The last answer to an anchor stands."""

    def __init__(self) -> None:
        self._told: dict[str, list[tuple[tuple[str, str], ...]]] = defaultdict(list)  # (key, words) of statements
        self._since: dict[str, int] = {}
        self._said: dict[str, dict[str, bool]] = defaultdict(dict)
        self._by_key: dict[str, bool] = {}

    def tell(self, document: Document, statements: tuple[Statement, ...]) -> None:
        """Takes in what a document states; answers about its bytes that came before hold for it too."""
        told = tuple((statement.key, statement.text) for statement in statements)
        self._told[document.body].append(told)
        self._since[document.body] = max(day_number(document.seen) or 0, self._since.get(document.body, 0))
        for quote, out in self._said.get(document.body, {}).items():
            self._apply(told, quote, out)

    def forget(self, before: int) -> None:
        """Lets go what bytes seen before this day state: nothing rests on it any more, so no answer can matter."""
        for body in [body for body, day in self._since.items() if 0 < day < before]:
            del self._told[body], self._since[body]

    def take(self, answer: Answer) -> None:
        out, found = answer.text in SET_ASIDE, anchored(answer.question)
        if found is None:
            self._by_key[answer.question] = out
            return
        body, quote = found
        self._said[body][quote] = out
        for told in self._told.get(body, ()):
            self._apply(told, quote, out)

    def _apply(self, told: tuple[tuple[str, str], ...], quote: str, out: bool) -> None:
        for key, words in told:
            if quote in words:
                self._by_key[key] = out

    @property
    def barred(self) -> frozenset[str]:
        """The keys of the statements that people took out of the evidence."""
        return frozenset(key for key, out in self._by_key.items() if out)
