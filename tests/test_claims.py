"""Who is reported to say what: cue, speaker and content, over a whole document."""

from __future__ import annotations

from typing import Any

import pytest

from tocsin.interpret.rows import claim_rows
from world import document, rules

Told = tuple[str, str, str]


def rows(text: str, **fields: Any) -> list[dict[str, Any]]:
    return claim_rows(document(text, **fields), rules())


def claims(text: str, **fields: Any) -> list[Told]:
    """(cue, speaker, content) of each attribution, the pieces of the content joined by ' | '."""

    def pieces(spans: list[list[int]]) -> str:
        return " | ".join(text[a:b].strip(" ,") for a, b in spans)

    return [(row["text"], pieces(row["source"]), pieces(row["content"])) for row in rows(text, **fields)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Senator Ann Ross (R-Utah) said the border would stay shut.", "the border would stay shut."),
        (
            "Senator Ann Ross (R-Utah), a member of the panel, said the border would stay shut.",
            "the border would stay shut.",
        ),
        ("Ann Ross told reporters on Friday that the border was shut.", "that the border was shut."),
        ("“The border is shut,” Ann Ross said several hours after the raid.", "“The border is shut,”"),
        (
            "“The border is shut,” said Ann Ross, who visited it. “Nobody passes.”",
            "“The border is shut,” | “Nobody passes.”",
        ),
        ("''The border is shut,'' Ann Ross said.", "''The border is shut,''"),
        ("“Is the border shut? Nobody told us.” Ann Ross said.", "“Is the border shut? Nobody told us.”"),
        ("The border, Ann Ross argues, is shut for good.", "The border | is shut for good."),
        ("Ann Ross adds, “The border is shut.”", "“The border is shut.”"),
        ("Ann Ross said the border was shut; trucks waited for hours.", "the border was shut"),
    ],
)
def test_what_is_said_is_told_from_what_stands_around_it(text: str, told: str) -> None:
    (claim,) = claims(text)
    assert "Ann Ross" in claim[1]
    assert claim[2] == told


def test_a_quotation_that_runs_over_sentences_keeps_its_speaker() -> None:
    text = "“We are ready,” General Ivan Petrov said. “We shall not wait. They know it.”\n\nTrucks left the base."
    (claim,) = claims(text)
    assert claim[2] == "“We are ready,” | “We shall not wait. They know it.”"


def test_a_colon_hands_the_next_paragraph_to_its_speaker() -> None:
    text = "General Ivan Petrov continued:\n\n“We are ready. We shall not wait.”\n\nTrucks left the base."
    (claim,) = claims(text)
    assert claim[2] == "“We are ready. We shall not wait.”"


def test_the_second_cue_has_the_speaker_of_the_first() -> None:
    found = claims("Jan Nowak said that Poland would vote and suggested that France would follow.")
    assert [(cue, who) for cue, who, _ in found] == [("said", "Jan Nowak"), ("suggested", "Jan Nowak")]
    assert found[0][2] == "that Poland would vote"


def test_a_participle_at_the_end_has_the_speaker_of_the_sentence() -> None:
    found = claims("The envoys left Geneva on Monday, arguing that the talks had failed.")
    assert [(cue, who) for cue, who, _ in found] == [("arguing", "envoys")]


@pytest.mark.parametrize("source", ["exit polls", "the top military journal", "Politico"])
def test_according_to_whomever(source: str) -> None:
    ((cue, who, _),) = claims(f"According to {source}, the bridge fell at noon.")
    assert (cue, who) == ("According to", source)


@pytest.mark.parametrize(
    "text",
    [
        "Iran might say that the tanker was empty.",
        "Her lawyer would not answer questions.",
        "The minister refused to answer questions.",
        "“I think the talks are over,” nobody replied to.",
    ],
)
def test_what_nobody_has_said_is_no_claim(text: str) -> None:
    assert [cue for cue, _, _ in claims(text) if cue in ("say", "answer", "think")] == []


def test_an_aside_of_who_is_quoted_is_no_voice_of_its_own() -> None:
    found = claims("“I think that Iran attacked the tanker,” Jan Nowak said.")
    assert [(cue, who) for cue, who, _ in found] == [("said", "Jan Nowak")]


def test_acts_that_are_speech_are_claims() -> None:
    found = claims("Iran rejected the demand of the United States on Monday.")
    assert [(cue, who) for cue, who, _ in found] == [("rejected", "Iran")]


def test_a_denial_is_told_apart() -> None:
    stances = {row["text"]: row["stance"] for row in rows("Iran denied that it seized the tanker. France said so.")}
    assert stances["denied"] == "denied"
    assert "denied" not in {stance for cue, stance in stances.items() if cue != "denied"}
