"""What-if: the judgement again without one witness or one finding, copies and quotations included."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from test_traps import DATE, outlets
from tocsin import study
from tocsin.judge import Told, without_text
from tocsin.judge.again import assessed
from tocsin.judge.whatif import WhatIf, leave_out, what_if

INVASION = (
    ("The Harbor Post", "Eritrean troops invaded Ethiopia on Monday, crossing the border at three places."),
    ("Norden Radio", "Ethiopia said that Eritrea had launched an invasion with tanks and artillery on Monday."),
)


def without(who: str, folder: Path, pages: tuple[tuple[str, str], ...] = INVASION) -> WhatIf:
    path = folder / "pages.jsonl"
    rows = [
        {"id": str(n), "source": source, "published": DATE, "language": "en", "text": text}
        for n, (source, text) in enumerate(pages)
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    steps, exercise = study.heard([str(path)], outlets(), f"{DATE}T23:59:59Z")
    if who == "the first finding":
        found = assessed(steps, lambda _: outlets(), exercise)
        who = next(key for j in found.judgements for o in j.observations if o.state == "on" for key in o.findings)
    return what_if(steps, who, lambda _: outlets(), exercise)


def test_without_one_of_two_witnesses_an_invasion_is_not_confirmed(tmp_path: Path) -> None:
    found = without("The Harbor Post", tmp_path)
    change = next(one for one in found.changes if one.area == "elsewhere")
    assert change.level == (4, 5)
    assert ("K6", "on") in {(name, before) for name, before, _ in change.indicators}
    assert found.documents == 1


def test_a_quoted_speaker_can_be_left_out_and_the_page_stays(tmp_path: Path) -> None:
    found = without("Ethiopia's government", tmp_path)
    assert found.documents == 0
    assert found.statements >= 1
    assert any(change.level == (4, 5) for change in found.changes)


def test_without_a_finding_what_rests_on_it_is_gone(tmp_path: Path) -> None:
    found = without("the first finding", tmp_path)
    assert found.subject in found.findings
    assert any(change.level[0] == 4 and change.level[1] != 4 for change in found.changes)


def test_a_sentence_of_which_nothing_is_left_has_no_tone(tmp_path: Path) -> None:
    shelled = "Eritrean troops shelled Ethiopian villages on Monday and heavy fighting broke out at the border."
    found = without("the first finding", tmp_path, (*INVASION, ("Meridian Wire", shelled)))
    rising = [change.area for change in found.changes if (change.level[1] or 5) < (change.level[0] or 5)]
    assert found.changes
    assert not rising


def test_a_dossier_without_a_page_loses_the_tone_with_the_sentence(tmp_path: Path) -> None:
    text = "Eritrean troops invaded Ethiopia on Monday. Ethiopian troops fought Eritrean forces near Badme on Monday."
    path = tmp_path / "pages.jsonl"
    path.write_text(
        json.dumps({"id": "0", "source": "The Harbor Post", "published": DATE, "text": text}), encoding="utf-8"
    )
    steps, _ = study.heard([str(path)], outlets(), f"{DATE}T23:59:59Z")
    told = next(step for step in steps if isinstance(step, Told))
    first = told.statements[0].span
    for page in (told, without_text(told, [outlets()])):
        left = leave_out(page, lambda key, _: key in {one.key for one in told.statements if one.span == first})
        assert len(page.gist(outlets()).graded) == 2
        assert len(left.gist(outlets()).graded) == 1


def test_copies_go_with_the_one_they_copy(tmp_path: Path) -> None:
    copied = (*INVASION, ("Global Pulse 24", INVASION[0][1]))
    assert without("The Harbor Post", tmp_path, copied).documents == 2


def test_nobody_of_that_name_is_told_with_the_names_there_are(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Norden Radio"):
        without("The Moon Gazette", tmp_path)
