"""What people say of single statements: it takes effect, it outlives new rules, and it can be taken back."""

from __future__ import annotations

import pytest

from tocsin.derive import Fold, work
from tocsin.judge.answers import SET_ASIDE, Answers, anchor, anchored
from tocsin.records import Answer, Assessment, Recipe, Work
from world import capture, rules

BODY = (
    b"CARACAS, 24 March 2019 (Reuters) - Two Russian air force planes landed in Venezuela on Saturday with 99 soldiers,"
    b" officials said. Russia denied that it had sent troops to Venezuela."
)
QUOTE = "Two Russian air force planes landed in Venezuela on Saturday with 99 soldiers"
RECIPE = Recipe("c", "r", "e")


def held(input: str = "made.txt") -> Work:
    (found,) = work(capture(BODY, input=input, seen="2019-03-24T20:00:00Z"), BODY, rules())
    assert isinstance(found, Work)
    return found


def fold(*steps: Work | Answer) -> Fold:
    made = Fold(rules(), RECIPE)
    for step in steps:
        if isinstance(step, Answer):
            made.answer(step)
        else:
            list(made.add(step))
    return made


def told(assessment: Assessment) -> set[str]:
    return {key for f in assessment.findings for key in (*f.asserted, *f.denied, *f.unverified)}


def said(text: str) -> Answer:
    return Answer("2019-03-25T00:00:00Z", anchor(held().document.body, QUOTE), "heron", text)


def quoted(work: Work) -> set[str]:
    return {s.key for s in work.statements if QUOTE in s.text}


def test_a_statement_set_aside_counts_no_more_until_it_is_put_back() -> None:
    told_first = told(fold(held()).assess("2019-03-25T00:00:00Z"))
    assert quoted(held()) & told_first
    aside = told(fold(held(), said("wrong actor")).assess("2019-03-25T00:00:00Z"))
    assert not quoted(held()) & aside
    back = told(fold(held(), said("wrong actor"), said("holds")).assess("2019-03-25T00:00:00Z"))
    assert back == told_first


def test_an_answer_outlives_an_adoption_of_rules() -> None:
    adopted = fold(held(), said("old news")).adopt(rules(), RECIPE)
    assert not quoted(held()) & told(adopted.assess("2019-03-25T00:00:00Z"))


def test_an_answer_holds_for_the_same_bytes_under_another_name() -> None:
    other = held("elsewhere.txt")
    both = fold(held(), said("old news"), other)
    assert not (quoted(held()) | quoted(other)) & told(both.assess("2019-03-25T00:00:00Z"))


@pytest.mark.parametrize("question", ["", "#", "sha256:00#", "note/korea", "d0123456789abcdef.0"])
def test_what_is_no_anchor_touches_no_words(question: str) -> None:
    assert anchored(question) is None
    answers = Answers()
    answers.take(Answer("2019-03-25T00:00:00Z", question, "heron", SET_ASIDE[0]))
    assert answers.barred <= {question}
