"""The rules of warning hold what they promise: levels, areas, indicators, sources and places as they ship."""

from __future__ import annotations

import csv
import math
import re
import tomllib
from collections import Counter

import pytest

from tocsin.judge.odds import with_tone
from tocsin.judge.states import elsewhere, named_states
from tocsin.rules.gazetteer import parse_places
from tocsin.rules.reading import Fault
from tocsin.rules.sources import Source, source_of
from tocsin.rules.warning import (
    Area,
    Indicator,
    areas_of,
    log_odds,
    parse_areas,
    parse_indicators,
    words_pattern,
    words_tell,
)
from world import EVAL, needs_eval, rule_files, rules

LEVELS, AREAS, INDICATORS, SOURCES = rules().levels, rules().areas, rules().indicators, rules().sources


def faults_of(name: str, old: str, new: str) -> list[Fault]:
    """The faults of an indicator file after one change in it."""
    data = rule_files()[name].decode()
    assert old in data
    faults: list[Fault] = []
    parse_indicators({name: data.replace(old, new, 1).encode()}, faults)
    return faults


# ------------------------------------------------------------------ levels


def test_levels_run_from_calm_green_to_red() -> None:
    assert [(level.number, level.colour) for level in LEVELS.levels] == [
        (5, "green"),
        (4, "blue"),
        (3, "yellow"),
        (2, "orange"),
        (1, "red"),
    ]


def test_phrases_and_advice_are_distinct() -> None:
    phrases = [level.phrase for level in LEVELS.levels] + [LEVELS.unknown_phrase, LEVELS.stale_phrase]
    assert len(set(phrases)) == 7
    assert len({level.advice for level in LEVELS.levels}) == 5


def test_everybody_is_told_that_this_is_not_defcon() -> None:
    assert "not DEFCON" in LEVELS.disclaimer


def made_level(line: str) -> tuple[int, int]:
    figures, wanted = line.split("->")
    war, nuclear, *ids = figures.split(",")
    level, _ = LEVELS.decide(float(war), float(nuclear), ids[0].split() if ids else ())
    return level.number, int(wanted)


@pytest.mark.parametrize("line", LEVELS.examples.match)
def test_figures_make_the_level(line: str) -> None:
    found, wanted = made_level(line)
    assert found == wanted


@pytest.mark.parametrize("line", LEVELS.examples.not_match)
def test_figures_do_not_make_the_level(line: str) -> None:
    found, wanted = made_level(line)
    assert found != wanted


def test_every_level_but_the_calmest_names_its_rule() -> None:
    level, rule = LEVELS.decide(0.9, 0.5, ("N1",))
    assert level.number == 2
    assert rule is not None
    assert rule.nuclear == 0.10
    assert LEVELS.decide(0.0, 0.0, ())[1] is None


def test_bombs_alone_make_no_nuclear_level() -> None:
    """However likely the figures make a nuclear alert: level 2 asks for what nuclear forces themselves do."""
    assert LEVELS.decide(0.95, 0.4, ("K2", "K3", "K4", "K6"), origins=9)[0].number == 3
    assert LEVELS.decide(0.95, 0.4, ("K3", "N1"), origins=9)[0].number == 2
    assert LEVELS.nuclear_caps["kinetic"] < LEVELS.caps["kinetic"]


def test_only_evidence_makes_the_worst_level() -> None:
    assert all(rule.indicators and rule.war is None and rule.nuclear is None for rule in LEVELS.level(1).rules)


def test_thresholds_imply_the_costs_that_are_published() -> None:
    thresholds = {(rule.war, rule.nuclear) for level in LEVELS.levels for rule in level.rules}
    assert {(0.05, None), (0.25, 0.02), (None, 0.10)} <= thresholds
    ratios = [round(LEVELS.implied_cost_ratio(p)) for p in (0.05, 0.02, 0.10)]
    assert ratios == [19, 49, 9]
    text = rule_files()["levels.toml"].decode()
    assert all(re.search(rf"(?<!\d){ratio}(?!\d)", text.split("[text]")[0]) for ratio in ratios)


@pytest.mark.parametrize("area", AREAS.values(), ids=lambda area: area.id)
def test_talk_alone_never_reaches_level_3(area: Area) -> None:
    """However many harsh words and diplomatic steps, their caps keep the figures above the thresholds of 3."""
    talk = sum(LEVELS.caps[group] for group in ("rhetoric", "diplomacy", "economic"))
    war = log_odds(area.prior_war) + talk
    nuclear = log_odds(area.prior_nuclear) + talk + LEVELS.nuclear_per_war * talk
    level, _ = LEVELS.decide(probability(war), probability(nuclear), ())
    assert level.number >= LEVELS.talk_stops_at


def probability(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-logit))


@pytest.mark.parametrize("area", AREAS.values(), ids=lambda area: area.id)
def test_an_area_with_no_evidence_is_calm(area: Area) -> None:
    assert LEVELS.decide(area.prior_war, area.prior_nuclear, ())[0].number == 5


def test_words_follow_icd_203_and_small_figures_are_odds() -> None:
    said = {p: LEVELS.probability_words(p) for p in (0.002, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 1.0)}
    assert said == {
        0.002: "about 1 in 500",
        0.03: "about 1 in 33",
        0.1: "very unlikely (about 10 %)",
        0.3: "unlikely (about 30 %)",
        0.5: "roughly even chance (about 50 %)",
        0.7: "likely (about 70 %)",
        0.9: "very likely (about 90 %)",
        0.97: "almost certain (about 97 %)",
        1.0: "almost certain (about 100 %)",
    }


def test_stepping_down_takes_longer_from_worse_levels() -> None:
    assert [LEVELS.level(n).hold_days for n in (4, 3, 2)] == [7, 14, 30]
    assert [LEVELS.level(n).expires_hours for n in (5, 4, 3, 2, 1)] == [168, 168, 24, 24, 24]
    assert all(LEVELS.level(n).signatures >= LEVELS.quorum for n in (1, 2))


def test_a_better_source_is_believed_more() -> None:
    ratios = [LEVELS.likelihood_ratios[grade] for grade in "ABCDFE"]
    assert ratios == sorted(ratios, reverse=True)


# ------------------------------------------------------------------ indicators


def test_there_are_36_indicators() -> None:
    groups = Counter(indicator.group for indicator in INDICATORS.values())
    assert groups == {
        "rhetoric": 5,
        "diplomacy": 5,
        "posture": 6,
        "nuclear": 7,
        "kinetic": 8,
        "economic": 1,
        "counter": 4,
    }


@needs_eval
def test_indicators_agree_with_the_agreed_table() -> None:
    with (EVAL / "judge" / "indicators.csv").open(encoding="utf-8") as table:
        agreed = {row["id"]: row for row in csv.DictReader(table)}
    assert set(agreed) == set(INDICATORS)
    for name, row in agreed.items():
        found = INDICATORS[name]
        assert (found.group, found.axis, found.half_life_days) == (row["group"], row["axis"], float(row["half_life_d"]))
        assert found.gate == (int(row["gate_level"]) if row["gate_level"] else None)
        if row["w"] != "gate":
            assert found.weight == float(row["w"])


def test_weights_and_groups_agree_in_sign() -> None:
    for indicator in INDICATORS.values():
        assert (indicator.weight < 0) == (indicator.group == "counter"), indicator.id


def test_every_gate_is_used_by_a_level() -> None:
    named = {name for level in LEVELS.levels for rule in level.rules for name in rule.indicators}
    assert named == {indicator.id for indicator in INDICATORS.values() if indicator.gate}


def test_what_can_change_a_level_at_once_needs_more_than_one_witness() -> None:
    for indicator in INDICATORS.values():
        if indicator.gate:
            assert indicator.needs
            assert all(need.origins >= 2 or need.governments for need in indicator.needs)


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=lambda one: one.id)
def test_an_indicator_explains_itself(indicator: Indicator) -> None:
    assert len(indicator.examples.match) >= 3
    assert len(indicator.examples.not_match) >= 3
    assert indicator.when
    assert indicator.false_positives
    assert len(indicator.why) > 40


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=lambda one: one.id)
def test_examples_have_the_words_that_are_asked_for(indicator: Indicator) -> None:
    assert [text for text in indicator.examples.match if not indicator.words_fit(text)] == []


def test_words_alone_reject_most_of_what_must_not_match() -> None:
    """The rest is for types, actors, modality and time; if words do too little, a rule has decayed."""
    wrong = [(one.id, text) for one in INDICATORS.values() for text in one.examples.not_match]
    kept = [(name, text) for name, text in wrong if INDICATORS[name].words_fit(text)]
    assert len(kept) <= len(wrong) // 8, kept


def test_words_are_whole_words_and_stems() -> None:
    pattern = words_pattern(("troop*", "live fire", "inf"))
    assert pattern.search("the troops")
    assert pattern.search("a live-fire drill")
    assert pattern.search("the inf treaty")
    assert not pattern.search("infantry")
    assert not pattern.search("alive fire")
    assert not pattern.search("supertroop")


def test_sentences_worth_keeping_are_found_without_trying_every_pattern() -> None:
    """The one-pass screen must let through whatever the slow way would."""
    untyped = [
        condition
        for indicator in INDICATORS.values()
        for condition in indicator.when
        if (condition.words or condition.words_all) and (not condition.types or "none" in condition.types)
    ]
    hedges = words_pattern(LEVELS.hedges)
    sentences = [text for one in INDICATORS.values() for text in (*one.examples.match, *one.examples.not_match)]
    slow = [any(one.words_fit(text) for one in untyped) and not hedges.search(text.casefold()) for text in sentences]
    assert [words_tell(rules(), text) for text in sentences] == slow
    assert 40 < sum(slow) < len(sentences)


def test_a_hedged_sentence_tells_nothing() -> None:
    assert words_tell(rules(), "Shells hit the Zaporizhzhia nuclear power plant on Saturday.")
    assert not words_tell(rules(), "Shells could hit the Zaporizhzhia nuclear power plant.")


def test_words_must_stand_near_the_act() -> None:
    condition = next(one for one in INDICATORS["K2"].when if one.words_all)
    sentence = "Iran shot down an American drone on Monday."
    assert condition.words_fit(sentence)
    assert not condition.words_fit(sentence, about="on Monday")
    assert not condition.words_fit(sentence + " It was an accident.", about=sentence)


def test_states_are_named_by_name_or_adjective() -> None:
    assert named_states("Pakistani troops dug in opposite India.", rules()) == ["PAK", "IND"]
    assert named_states("Nobody was there.", rules()) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('axis = "N"', 'axis = "X"', "axis"),
        ('group = "nuclear"', 'group = "talk"', "group"),
        ("weight = 1.5", 'weight = "much"', "weight"),
        ("gate = 3", "gate = 3\nurgent = true", "urgent"),
        ('id = "N1"', 'id = "N9"', "id"),
        ('"on alert"', '"On Alert"', "words_all"),
        ("governments = 1", "governments = 1\nwhere = 2", "where"),
        ('any_of = ["official", "quote"]', 'any_of = ["rumour"]', "any_of"),
    ],
)
def test_a_faulty_indicator_is_told_with_its_place(old: str, new: str, told: str) -> None:
    faults = faults_of("indicators/N1.toml", old, new)
    assert faults
    assert all(fault.file == "indicators/N1.toml" for fault in faults)
    assert any(told in fault.where for fault in faults)


def test_an_indicator_without_examples_does_not_load() -> None:
    data = rule_files()["indicators/N1.toml"].decode().split("[examples]")[0]
    faults: list[Fault] = []
    parse_indicators({"indicators/N1.toml": data.encode()}, faults)
    assert any(fault.where == "examples" for fault in faults)


# ------------------------------------------------------------------ areas


def test_the_areas_that_were_promised() -> None:
    assert set(AREAS) >= {
        "nato-russia",
        "korea",
        "taiwan",
        "india-pakistan",
        "india-china",
        "iran-israel-us",
        "gulf-red-sea",
        "caucasus",
        "venezuela",
        "strategic-nuclear",
    }


@pytest.mark.parametrize("area", AREAS.values(), ids=lambda area: area.id)
def test_an_area_can_be_read_in_several_ways(area: Area) -> None:
    kinds = {hypothesis.kind for hypothesis in area.hypotheses}
    assert len(area.hypotheses) >= 3
    assert {"attack", "bluff", "exercise"} <= kinds
    assert all(hypothesis.inconsistent and hypothesis.consistent for hypothesis in area.hypotheses)
    assert not any(set(one.consistent) & set(one.inconsistent) for one in area.hypotheses)
    assert len(area.raises) >= 2
    assert len(area.lowers) >= 2
    assert area.dyads
    assert all(0 <= dyad.hostility <= 1 and 0 < dyad.prior < 0.1 for dyad in area.dyads)


@pytest.mark.parametrize("area", AREAS.values(), ids=lambda area: area.id)
def test_an_area_names_known_states(area: Area) -> None:
    named = area.focus | area.parties | area.countries | area.hosts | {x for d in area.dyads for x in (d.a, d.b)}
    assert named - set(rules().states) == set()
    assert not area.countries & area.hosts


def test_there_is_one_rest_of_the_world() -> None:
    assert [area.id for area in AREAS.values() if area.rest] == ["elsewhere"]


def test_a_threshold_asks_for_independent_witnesses_and_a_gate_for_its_indicator() -> None:
    assert LEVELS.decide(0.9, 0.0, (), origins=1)[0].number == 5
    assert LEVELS.decide(0.9, 0.0, (), origins=2)[0].number == 4
    assert LEVELS.decide(0.0, 0.0, ("K6",), origins=0)[0].number == 4


def test_an_area_that_names_an_unknown_indicator_is_a_fault() -> None:
    files = {"areas/korea.toml": rule_files()["areas/korea.toml"].replace(b'"Q3"', b'"Q9"')}
    faults: list[Fault] = []
    parse_areas(files, faults, INDICATORS)
    assert any("Q9" in fault.problem for fault in faults)


CARACAS, MOSCOW, STRAIT, BALTIC = (10.5, -66.9), (55.75, 37.6), (24.5, 119.5), (56.0, 18.0)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({"actors": {"RUS"}, "countries": {"VEN"}, "points": [CARACAS]}, {"venezuela"}),
        ({"actors": {"RUS", "USA"}, "countries": {"VEN"}}, {"venezuela"}),
        ({"actors": {"RUS", "USA"}, "text": "Trump and Putin spoke about Ukraine."}, {"nato-russia"}),
        ({"actors": {"RUS", "USA"}, "text": "They spoke."}, {"nato-russia", "strategic-nuclear"}),
        ({"actors": {"USA", "IRN"}, "text": "Washington imposed sanctions."}, {"iran-israel-us"}),
        ({"actors": {"USA", "POL"}, "countries": {"POL"}, "text": "American tanks arrived."}, {"nato-russia"}),
        ({"actors": {"POL"}, "countries": {"POL"}, "text": "Warsaw raised a tax."}, set()),
        ({"actors": {"FRA", "VEN"}, "text": "Paris withdrew its recognition of Maduro."}, {"venezuela"}),
        ({"actors": {"CHN", "IND"}, "text": "Soldiers clashed."}, {"india-china"}),
        ({"actors": {"CHN"}, "points": [STRAIT], "text": "Ships exercised."}, {"taiwan"}),
        ({"actors": {"RUS"}, "points": [BALTIC], "text": "A frigate fired a flare."}, {"nato-russia"}),
        ({"actors": {"ISR"}, "countries": {"SYR"}, "text": "Jets struck Damascus."}, {"syria"}),
        ({"actors": {"FRA", "ITA"}, "text": "Paris and Rome signed a pact."}, set()),
        ({"actors": {"USA", "RUS"}, "countries": {"BRA"}, "text": "They met in Brasilia."}, set()),
        ({"actors": {"RUS"}, "text": "Moscow will send more.", "context": "Troops to Venezuela"}, {"venezuela"}),
        ({"actors": {"PRK"}, "text": "Pyongyang fired a missile."}, {"korea"}),
    ],
)
def test_happenings_fall_into_their_areas(told: dict[str, object], wanted: set[str]) -> None:
    assert set(areas_of(AREAS.values(), **told)) == wanted  # type: ignore[arg-type]


# ------------------------------------------------------------------ sources


def test_enough_sources_of_many_lands_and_kinds() -> None:
    assert len(SOURCES) >= 75
    assert len({source.country for source in SOURCES.values()}) >= 25
    assert {source.kind for source in SOURCES.values()} >= {"agency", "government", "igo", "sensor", "think-tank"}


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.id)
def test_a_source_is_found_by_its_examples(source: Source) -> None:
    known = SOURCES[source.id]
    assert [one for one in known.examples.match if looked_up(one) != known.id] == []
    assert [one for one in known.examples.not_match if looked_up(one) == known.id] == []


def looked_up(example: str) -> str | None:
    by_url = example.startswith("https://")
    found = source_of(rules(), url=example) if by_url else source_of(rules(), name=example)
    return found.id if found else None


@pytest.mark.parametrize(
    ("url", "name", "wanted"),
    [
        ("https://www.reuters.com/world/", None, "reuters"),
        ("reuters.com", None, "reuters"),
        ("https://reuters.com.evil.example/", None, None),
        (None, "  the ASSOCIATED press ", "ap"),
        (None, "(Reuters)", "reuters"),
        (None, "Reuters Ltd of Nowhere", None),
        ("https://unknown.example/", "TASS", "tass"),
        ("https://someblog.blogspot.com/2019/03/x.html", None, "blogspot"),
        ("http://[broken", None, None),
        (None, None, None),
    ],
)
def test_sources_by_address_then_by_name(url: str | None, name: str | None, wanted: str | None) -> None:
    found = source_of(rules(), url=url, name=name)
    assert (found.id if found else None) == wanted


def test_outlets_of_one_state_are_one_voice() -> None:
    assert SOURCES["tass"].voice == SOURCES["rt"].voice == SOURCES["kremlin"].voice == "state:RUS"
    assert SOURCES["bbc"].voice == "bbc"
    assert SOURCES["voa"].voice == "voa"


def test_a_party_speaking_for_itself_is_graded_no_better_than_c() -> None:
    for source in SOURCES.values():
        if source.state_controlled:
            assert source.reliability >= "B", source.id
        if source.kind == "government" and source.state_controlled and source.id != "faa":
            assert source.reliability >= "C", source.id


def test_every_area_is_reported_by_several_lands() -> None:
    for area in (name for name, one in AREAS.items() if not one.rest):
        voices = {source.voice for source in SOURCES.values() if area in source.areas and source.feeds}
        assert len(voices) >= 10, area


def test_sources_name_known_areas_and_no_private_addresses() -> None:
    for source in SOURCES.values():
        assert set(source.areas) <= set(AREAS), source.id
        assert not source.allow_private
        assert all(re.match(r"https?://[a-z0-9.-]+\.[a-z]{2,}/", feed.url) for feed in source.feeds), source.id


# ------------------------------------------------------------------ places


def test_places_are_many_and_well_formed() -> None:
    places = rules().places
    by_hand = [place for place in places if place.kind != "city"]
    assert len(by_hand) >= 350
    assert len(places) > 30000
    assert len({place.id for place in places}) == len(places)
    assert all(-90 <= place.lat <= 90 and -180 <= place.lon <= 180 for place in places)
    assert all(not place.country or re.fullmatch("[A-Z]{3}", place.country) for place in places)
    assert len(rule_files()["places.tsv"]) < 3_000_000


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Strait of Hormuz", ""),
        ("estrecho de Ormuz", ""),
        ("Maiquetía", "VEN"),
        ("Punggye-ri", "PRK"),
        ("Натанз", "IRN"),
        ("Natanz", "IRN"),
        ("Kiev", "UKR"),
        ("Hmeimim", "SYR"),
        ("Senkaku Islands", "JPN"),
    ],
)
def test_places_that_matter_are_there(name: str, country: str) -> None:
    assert any(name in (place.name, *place.aliases) and place.country == country for place in rules().places)


def test_a_bad_row_of_places_is_told_by_its_line() -> None:
    header = "id\tname\tkind\tcountry\tlat\tlon\tpopulation\taliases\n"
    faults: list[Fault] = []
    twice = "c\tC\tcity\tVEN\t1\t1\t0\t\n" * 2
    twice = "c\tC\tcity\tVEN\t1\t1\t0\t\n" * 2
    rows = "a\tA\tcity\tVEN\tnorth\t1\t0\t\nb\tB\tcity\tVEN\t1\t1\t0\n" + twice
    found = parse_places({"places.tsv": (header + rows).encode()}, faults)
    assert [fault.where for fault in faults] == ["line 2", "line 3", "c"]
    assert len(found) == 2


def test_rule_files_are_plain_toml() -> None:
    for name, data in rule_files().items():
        if name.endswith(".toml"):
            tomllib.loads(data.decode())


def test_what_comes_before_fighting_adds_what_exceeds_the_tone_of_fighting() -> None:
    posture = {"posture": 2.0, "rhetoric": 1.0}
    assert with_tone(posture, 0.0, LEVELS) == 3.0
    assert with_tone(posture, 2.5, LEVELS) == 3.0
    assert with_tone(posture, 5.0, LEVELS) == 5.0
    assert with_tone(posture, -1.0, LEVELS) == 2.0
    assert with_tone({"kinetic": 2.0, "counter": -0.5}, 3.0, LEVELS) == 4.5


def test_the_dyad_of_a_watched_area_belongs_there_wherever_it_meets() -> None:
    assert list(elsewhere({"IND", "PAK"}, rules())) == ["india-pakistan"]
    assert list(elsewhere({"BOL", "PRY"}, rules())) == ["elsewhere"]
