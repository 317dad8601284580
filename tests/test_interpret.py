"""Interpret: sentences become statements with the right type, actors the right way round, and the
right sort of assertion. Examples of the rules are the rules' own; the sentences here are ours."""

from __future__ import annotations

import pytest

from tocsin.extract import read
from tocsin.interpret import interpret
from tocsin.interpret.rows import claim_rows, statement_row
from tocsin.records import Document, Statement
from tocsin.rules.grammar import TYPES, Act, Grammar, parse_grammars
from tocsin.rules.reading import Fault
from world import SEEDS, capture, document, needs_seeds, rule_files, rules


def told(text: str, **fields: str) -> tuple[Statement, ...]:
    return interpret(document(text, **fields), rules())


def only(text: str, kind: str, **fields: str) -> Statement:
    found = [s for s in told(text, **fields) if s.type == kind]
    assert found, f"no {kind} in {text!r}: {[(s.type, s.trigger.text) for s in told(text, **fields)]}"
    return found[0]


def countries(actors: tuple[object, ...]) -> set[str]:
    return {getattr(actor, "country", None) or "-" for actor in actors}


ENGLISH = [(act, text) for act in rules().grammars["en"].acts for text in act.examples.match]
REFUSED = [(act, text) for act in rules().grammars["en"].acts for text in act.examples.not_match]
OTHERS = [
    (name, act, text, right)
    for name in ("es", "ru")
    if name in rules().grammars
    for act in rules().grammars[name].acts
    for right, texts in ((True, act.examples.match), (False, act.examples.not_match))
    for text in texts
]


@pytest.mark.parametrize(("act", "text"), ENGLISH, ids=lambda value: getattr(value, "name", value))
def test_an_act_is_found_in_its_examples(act: Act, text: str) -> None:
    assert act.type in {s.type for s in told(text)}


@pytest.mark.parametrize(("act", "text"), REFUSED, ids=lambda value: getattr(value, "name", value))
def test_an_act_is_not_found_where_its_rule_says_no(act: Act, text: str) -> None:
    assert act.type not in {s.type for s in told(text)}


@pytest.mark.parametrize(("language", "act", "text", "right"), OTHERS, ids=lambda value: getattr(value, "name", value))
def test_examples_of_other_languages(language: str, act: Act, text: str, right: bool) -> None:
    types = {s.type for s in told(text, language=language)}
    assert (act.type in types) is right


def test_every_root_has_terms_enough() -> None:
    grammar: Grammar = rules().grammars["en"]
    assert {act.type for act in grammar.acts} == set(TYPES)
    verbs = sum(p.is_verb for act in grammar.acts for p in act.patterns)
    assert verbs >= 600
    assert sum(len(act.patterns) for act in grammar.acts) - verbs >= 300


# (sentence, type, countries of the source, of the target)
ROLES = [
    ("Syria was attacked by Israel on Sunday.", "ASSAULT", {"ISR"}, {"SYR"}),
    ("Protesters in Hong Kong condemned China.", "ACCUSE", {"HKG"}, {"CHN"}),
    ("Republicans condemned Iran.", "ACCUSE", {"USA"}, {"IRN"}),
    ("Israel bombed Aleppo on Sunday.", "ASSAULT", {"ISR"}, {"SYR"}),
    ("After talks in Mali the president condemned Niger.", "ACCUSE", {"MLI"}, {"NER"}),
    ("Israel attacked Syria on Sunday.", "ASSAULT", {"ISR"}, {"SYR"}),
    ("Israel's attack on Syria lasted an hour.", "ASSAULT", {"ISR"}, {"SYR"}),
    ("An attack on Syria by Israel was reported from the coast.", "ASSAULT", {"ISR"}, {"SYR"}),
    ("The invasion of Kuwait by Iraq began at dawn.", "ASSAULT", {"IRQ"}, {"KWT"}),
    ("Russian bombing of Ukraine went on.", "ASSAULT", {"RUS"}, {"UKR"}),
    ("Turkey, which shelled Syria overnight, wants a buffer.", "ASSAULT", {"TUR"}, {"SYR"}),
    ("Russia and Iran condemned Israel.", "ACCUSE", {"RUS", "IRN"}, {"ISR"}),
    ("Israel was condemned by Russia and Iran.", "ACCUSE", {"RUS", "IRN"}, {"ISR"}),
    ("Ukraine accused Russia of bombing Kharkiv.", "ACCUSE", {"UKR"}, {"RUS"}),
    ("Poland called on Belarus to open the border.", "REQUEST", {"POL"}, {"BLR"}),
    ("Armenia's request to Russia was plain.", "REQUEST", {"ARM"}, {"RUS"}),
    ("France strikes deal with Egypt.", "AGREE", {"FRA"}, {"EGY"}),
    ("The United States imposed sanctions on Iran.", "SANCTION", {"USA"}, {"IRN"}),
    ("Sanctions were imposed on Iran by the United States.", "SANCTION", {"USA"}, {"IRN"}),
    ("Canada lifted sanctions on Cuba.", "CONCEDE", {"CAN"}, {"CUB"}),
    ("Nicaragua was promised tanks, and Nicaragua purchased tanks from Russia.", "COOPERATE", {"NIC"}, {"RUS"}),
    ("China threatened Taiwan with war.", "THREATEN", {"CHN"}, {"TWN"}),
    ("Iran seized a British tanker near Oman.", "COERCE", {"IRN"}, {"GBR"}),
    ("Japan provides aid to Vietnam.", "AID", {"JPN"}, {"VNM"}),
    ("Germany recognised Kosovo.", "SUPPORT", {"DEU"}, {"XKX"}),
    ("Talks between India and Pakistan began.", "CONSULT", {"IND"}, {"PAK"}),
    ("India rejected the demand of Pakistan.", "REJECT", {"IND"}, {"PAK"}),
]


@pytest.mark.parametrize(("text", "kind", "source", "target"), ROLES)
def test_who_does_it_to_whom(text: str, kind: str, source: set[str], target: set[str]) -> None:
    statement = only(text, kind)
    assert (countries(statement.source), countries(statement.target)) == (source, target)


MODALITIES = [
    ("Russia sent troops to Syria.", "MOBILIZE", "actual"),
    ("Russia will send troops to Syria.", "MOBILIZE", "intended"),
    ("Russia is ready to send troops to Syria.", "MOBILIZE", "intended"),
    ("Russia plans to send troops to Syria.", "MOBILIZE", "intended"),
    ("Russia vowed to send troops to Syria.", "MOBILIZE", "intended"),
    ("Russia is willing to send more troops to Syria.", "MOBILIZE", "intended"),
    ("Russia may send troops to Syria.", "MOBILIZE", "possible"),
    ("Russia could attack Georgia.", "ASSAULT", "possible"),
    ("If Russia attacks Georgia, the price will be high.", "ASSAULT", "possible"),
    ("Russia did not send troops to Syria.", "MOBILIZE", "negated"),
    ("Iran has never attacked Oman.", "ASSAULT", "negated"),
    ("Russia refused to send troops to Syria.", "MOBILIZE", "negated"),
    ("Turkey began to attack Syria.", "ASSAULT", "actual"),
    ("Turkey tried to attack Syria.", "ASSAULT", "actual"),
    ("Military action by the United States was an option.", "ASSAULT", "possible"),
    ("France urged Mali to release the prisoners.", "RETREAT", "demanded"),
]


@pytest.mark.parametrize(("text", "kind", "modality"), MODALITIES)
def test_modality(text: str, kind: str, modality: str) -> None:
    assert only(text, kind).modality == modality


STANCES = [
    ("Russia denied sending troops to Libya.", "MOBILIZE", "denied", "RUS"),
    ("Iran denied that it attacked the tanker of Norway.", "ASSAULT", "denied", "IRN"),
    ("Russia said it had not sent troops to Libya.", "MOBILIZE", "denied", "RUS"),
    ("Russia said it had no bases or was deploying troops in Libya.", "MOBILIZE", "denied", "RUS"),
    ("Ukraine accused Russia of bombing Kharkiv.", "ASSAULT", "asserted", "UKR"),
    ("Ukraine spoke of an alleged attack by Russia on Kharkiv.", "ASSAULT", "unverified", None),
    ("Russia denied bombing Kharkiv and condemned Poland.", "ACCUSE", "asserted", None),
    ("Russia allegedly bombed Kharkiv.", "ASSAULT", "unverified", None),
    ("Russia reportedly deployed troops to Libya.", "MOBILIZE", "unverified", None),
    ("Ukraine said that Russia bombed Kharkiv.", "ASSAULT", "asserted", "UKR"),
    ("Russia bombed Kharkiv, Ukraine said.", "ASSAULT", "asserted", "UKR"),
    ("According to Poland, Russia bombed Kharkiv.", "ASSAULT", "asserted", "POL"),
    ("Russia bombed Kharkiv, according to Poland.", "ASSAULT", "asserted", "POL"),
    ("France confirmed that Mali attacked the camp of Niger.", "ASSAULT", "asserted", "FRA"),
    ("Reports indicate that Russia deployed troops to Libya.", "MOBILIZE", "unverified", None),
    ("“Russia bombed Kharkiv,” said Poland.", "ASSAULT", "asserted", "POL"),
    ("Russia bombed Kharkiv.", "ASSAULT", "asserted", None),
]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Russia denied that it had bombed Kharkiv.", "current"),
        ("Russia said it had bombed Kharkiv.", "current"),
        ("Turkey said Greece had bombed Cyprus in 1974.", "past"),
        ("Russian strikes killed at least 20 in Kharkiv on Sunday.", "current"),
    ],
)
def test_a_report_shifts_the_tense_but_not_the_time(text: str, time: str) -> None:
    assert only(text, "ASSAULT").time == time


@pytest.mark.parametrize(("text", "kind", "stance", "speaker"), STANCES)
def test_stance_and_speaker(text: str, kind: str, stance: str, speaker: str | None) -> None:
    statement = only(text, kind)
    assert statement.stance == stance
    assert (statement.attribution.country if statement.attribution else None) == speaker


TIMES = [
    ("Russia attacked Georgia on Friday.", "current"),
    ("Russia attacked Georgia in 2008.", "past"),
    ("In 2014 Russia attacked Ukraine.", "past"),
    ("Russia had attacked Georgia before.", "past"),
    ("Russia will attack Georgia.", "future"),
    ("Russia attacked Georgia.", "current"),
]


@pytest.mark.parametrize(("text", "time"), TIMES)
def test_time_against_the_date_of_the_document(text: str, time: str) -> None:
    assert only(text, "ASSAULT", published="2019-03-25").time == time


def test_the_accused_act_and_the_accusation_are_two_statements() -> None:
    kinds = [s.type for s in told("Ukraine accused Russia of bombing Kharkiv.")]
    assert kinds == ["ACCUSE", "ASSAULT"]


def test_satire_and_fiction_assert_nothing() -> None:
    made = document("Iran seized a British tanker.", flags=("satire",))
    assert {s.stance for s in interpret(made, rules())} == {"unverified"}


def test_what_is_denied_points_back() -> None:
    found = told("Reports of 40 Russian mercenaries in Mali circulated. The Russian envoy denied this information.")
    assert [s.stance for s in found if s.trigger.text == "denied"] == ["denied"]


def test_reported_speech_without_an_act_keeps_its_speaker() -> None:
    found = told("Sweden said that the winter was mild.")
    assert [(s.type, s.attribution and s.attribution.country) for s in found] == [(None, "SWE")]


def test_a_told_number_of_soldiers_is_kept() -> None:
    found = told("There are 300 soldiers in the barracks.")
    assert [(s.type, s.quantities[0].value) for s in found] == [(None, 300)]


def test_nothing_is_told_where_nothing_happened() -> None:
    for text in ("The weather was fine.", "He bought bread and went home.", "", "Three cups of flour are enough."):
        assert told(text) == ()


def test_spans_fit_the_text_and_keys_count() -> None:
    text = "Russia bombed Kharkiv. Ukraine, which protested, asked Poland for help."
    made = document(text)
    found = interpret(made, rules())
    assert [s.key for s in found] == [f"{made.key}.{n}" for n in range(len(found))]
    for s in found:
        assert text[s.span[0] : s.span[1]] == s.text
        assert text[s.trigger.span[0] : s.trigger.span[1]] == s.trigger.text
        assert statement_row(made, s)["type"] == s.type


def test_claims_have_cue_source_and_content() -> None:
    text = "Ukraine said that Russia bombed Kharkiv."
    (row,) = claim_rows(document(text), rules())
    assert row["text"] == "said"
    assert [text[a:b] for a, b in row["source"]] == ["Ukraine"]
    assert "bombed Kharkiv" in text[row["content"][0][0] : row["content"][0][1]]


def test_a_headline_outside_the_text_is_read_with_an_empty_span() -> None:
    found = told("The day was calm.", title="Iran seized a British tanker")
    assert [(s.type, s.span, s.text) for s in found] == [("COERCE", (0, 0), "Iran seized a British tanker")]


# ------------------------------------------------------------------ the five seed pages


def seed(number: int) -> tuple[Document, tuple[Statement, ...]]:
    path = sorted(SEEDS.glob("*.txt"))[number]
    body = path.read_bytes()
    (found,) = read(capture(body, input=path.name), body, rules())
    assert isinstance(found, Document)
    return found, interpret(found, rules())


def said(statements: tuple[Statement, ...], words: str) -> list[Statement]:
    return [s for s in statements if words in s.text]


@needs_seeds
def test_seed_one() -> None:
    _, found = seed(0)
    contractors = next(s for s in said(found, "400 Russian") if s.type == "MOBILIZE")
    assert contractors.quantities[0].value == 400
    assert countries(contractors.source) == {"RUS"}
    elections = next(s for s in said(found, "13 other European") if s.type == "REQUEST")
    assert {"FRA", "DEU", "GBR"} <= countries(elections.source)
    assert len(elections.source) == 4
    withdrawn = next(s for s in said(found, "13 other European") if s.type == "REJECT")
    assert countries(withdrawn.target) == {"VEN"}
    action = next(s for s in said(found, "military action was an option") if s.type == "ASSAULT")
    assert (action.modality, action.attribution and action.attribution.country) == ("possible", "USA")
    anger = [s for s in said(found, "reacted angrily") if s.type in ("ACCUSE", "REJECT")]
    assert any(countries(s.source) == {"RUS"} for s in anger)


@needs_seeds
def test_seed_three() -> None:
    _, found = seed(2)
    nationals = said(found, "2,000 Russian nationals")[0]
    assert (nationals.stance, nationals.quantities[0].value) == ("unverified", 2000)
    assert any(s.type == "COOPERATE" and s.time == "past" for s in said(found, "purchased 50"))
    assert said(found, "By 2014")
    assert all(s.time == "past" for s in said(found, "By 2014"))


@needs_seeds
def test_seed_four() -> None:
    _, found = seed(3)
    more = next(s for s in said(found, "willing to send more troops") if s.type == "MOBILIZE")
    assert more.modality in ("intended", "possible")
    done = next(s for s in said(found, "have already completed") if s.type == "MOBILIZE")
    assert more.attribution is not None
    assert done.attribution is not None
    spoken = {s.attribution.id for s in said(found, "Rybakov") if s.attribution}
    assert {more.attribution.id, done.attribution.id} == spoken
    close = next(s for s in said(found, "unsafe distance” last Friday") if s.type == "COERCE")
    assert (countries(close.source), countries(close.target)) == ({"VEN"}, {"USA"})
    assert close.attribution is not None
    assert close.attribution.country == "USA"
    assert close.when is not None
    assert (close.when.start, close.when.basis) == ("2019-07-19", "inferred")


@needs_seeds
def test_seed_five() -> None:
    _, found = seed(4)
    soldiers = next(s for s in said(found, "99 soldiers") if s.type in ("MOBILIZE", "AID"))
    assert countries(soldiers.source) == {"RUS"}
    assert soldiers.when is not None
    assert soldiers.when.start == "2019-03-23"
    tons = next(s for s in said(found, "35 tons") if s.type in ("MOBILIZE", "AID"))
    assert countries(tons.source) == {"RUS"}
    denials = said(found, "There is no military contingent")
    assert {s.stance for s in denials} == {"denied"}
    assert {s.attribution.id for s in denials if s.attribution} == {"zakharova"}
    assert any(s.attribution and s.attribution.id == "peskov" for s in said(found, "confirmed the dispatch"))
    assert any(s.stance == "denied" for s in said(found, "farce"))
    assert any(s.stance == "asserted" and s.attribution for s in said(found, "Le Monde"))
    assert any(s.attribution and s.attribution.id == "pompeo" for s in said(found, "Havana"))
    for words in ("1944", "1962", "Cold War"):
        assert all(s.time == "past" for s in said(found, words))


@pytest.mark.parametrize("term", ["launch + rocket|missile + at|on", "clash - with police", "land < paratroop unit"])
def test_a_term_that_asks_for_a_phrase_is_refused(term: str) -> None:
    path = "languages/en.toml"
    changed = rule_files()[path].replace(b'"gun down"', f'"{term}"'.encode())
    faults: list[Fault] = []
    parse_grammars({path: changed}, faults)
    assert [f.file for f in faults] == [path]
    assert "expected single words" in str(faults[0])
