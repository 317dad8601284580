"""The judge: witnesses are independent, numbers stand side by side, silence is not calm, levels have reasons."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest

from telling import AS_OF, DAY, RECIPE, Court, alarms, lit, tell
from tocsin.cli import terminal
from tocsin.judge import assess_object
from tocsin.judge.grading import belief, credibility
from tocsin.records import Answer, Assessment, canonical, moment
from tocsin.rules.warning import odds_between
from world import SEEDS, needs_seeds, rules

STRIKE = tell(
    "Russian forces struck an airfield in Poland with missiles, killing soldiers.",
    "ASSAULT",
    source=["RUS:MIL"],
    target=["POL:MIL"],
    place=["Poland/POL"],
    when=DAY,
)
SENT = tell(
    "Russia has sent 400 contractors to Venezuela.",
    "MOBILIZE",
    source=["RUS:GOV"],
    target=["VEN:GOV"],
    place=["Venezuela/VEN"],
    number=(400, "contractor"),
)
SOLDIERS = tell(
    "Two planes carried 99 Russian soldiers to Caracas.",
    "AID",
    source=["RUS:MIL"],
    target=["VEN"],
    place=["Venezuela/VEN"],
    number=(99, "soldier"),
)
DENIAL = tell(
    "There is no military contingent in Venezuela, Zakharova said.",
    source=["RUS:GOV"],
    place=["Venezuela/VEN"],
    modality="negated",
    by="zakharova",
)


def test_nobody_reports_so_nothing_is_claimed() -> None:
    assessment = Court().rule()
    assert assessment.overall.level is None
    assert assessment.overall.status == "unknown"
    assert all(j.level is None and j.status == "unknown" for j in assessment.judgements)
    assert all(o.state == "unknown" for j in assessment.judgements for o in j.observations)


def test_an_unwatched_area_has_no_figures_in_the_contract() -> None:
    area = assess_object(Court().rule())["areas"][0]
    assert area["level"] is None
    assert area["war"]["p"] is None
    assert area["nuclear"]["high"] is None


def test_numbers_stand_side_by_side_with_the_denial() -> None:
    court = Court()
    court.hear(SENT, source="Reuters")
    court.hear(SOLDIERS, source="Le Monde")
    court.hear(DENIAL, source="BBC News")
    found = [f for f in court.rule().findings if f.area == "venezuela"]
    assert len(found) == 1
    finding = found[0]
    assert {(v.of, v.value) for v in finding.values} >= {("contractor", 400), ("soldier", 99), ("forces", 0)}
    assert len(finding.asserted) == 2
    assert len(finding.denied) == 1
    assert "Russia has forces in Venezuela" in finding.summary
    assert "400 contractors" in finding.summary
    venezuela = court.area("venezuela")
    assert venezuela.reasons_for
    assert venezuela.reasons_against
    assert venezuela.contradictions


def test_copies_are_one_witness() -> None:
    court = Court()
    for n in range(50):
        court.hear(SENT, family="wire", copy=n > 0, url=f"http://site{n}.example/a")
    finding = next(f for f in court.rule().findings if f.area == "venezuela")
    assert finding.origins == 1
    assert court.area("venezuela").coverage.origins == 1


def test_desks_of_one_state_are_one_voice() -> None:
    court = Court()
    state_desks = [s.name for s in rules().sources.values() if s.state_controlled and s.owner_country == "RUS"]
    assert len(state_desks) >= 3
    for name in state_desks:
        court.hear(SENT, source=name)
    assert next(f for f in court.rule().findings if f.area == "venezuela").origins == 1


def test_one_speaker_in_many_papers_is_one_witness() -> None:
    court = Court()
    for name in ("Reuters", "BBC News", "Le Monde"):
        court.hear(SENT | {"attribution": DENIAL["attribution"]}, source=name)
    assert next(f for f in court.rule().findings if f.area == "venezuela").origins == 1


def test_two_independent_origins_confirm() -> None:
    one, two = Court(), Court()
    one.hear(STRIKE, source="Reuters")
    two.hear(STRIKE, source="Reuters")
    two.hear(STRIKE, source="BBC News")
    assert "K3" not in lit(one.area("nato-russia"))
    invaded = tell(
        "Ukrainian forces struck a bomber base in Russia.",
        "ASSAULT",
        source=["UKR:MIL"],
        target=["RUS:MIL"],
        place=["Russia/RUS"],
        when=DAY,
    )
    two.hear(invaded, source="Reuters")
    two.hear(invaded, source="BBC News")
    assert "K3" in lit(two.area("nato-russia"))
    assert two.area("nato-russia").level == 3


def test_told_without_its_evidence_an_indicator_is_off_and_says_what_it_lacks() -> None:
    court = Court()
    shooting(court, "2022-02-25", "Reuters")
    area = court.area("nato-russia")
    held = next(o for o in area.observations if o.indicator == "K3")
    assert held.state == "off"
    assert "needs 2 independent origins, has 1" in held.reason
    assert any(reason.rule == "indicator/K3/unconfirmed" for reason in area.missing)
    assert area.level == 5


def test_the_past_does_not_count() -> None:
    court = Court()
    past = {"time": "past", "when": None}
    court.hear(STRIKE | past, source="Reuters")
    court.hear(STRIKE | past, source="BBC News")
    assert not alarms(court.rule())


def test_an_answer_takes_a_statement_out() -> None:
    court = Court()
    first = court.hear(SOLDIERS, source="Reuters")
    court.hear(DENIAL, source="BBC News")
    court.judge.answer(Answer(AS_OF, f"{first.key}.0", "analyst", "old news"))
    assert not any(f.asserted for f in court.rule().findings)


def test_a_party_is_capped_on_its_enemy() -> None:
    court = Court()
    court.hear(STRIKE | {"attribution": None}, source="TASS")
    about_enemy = STRIKE | {"source": STRIKE["target"], "target": STRIKE["source"], "place": ()}
    court.hear(about_enemy, source="TASS")
    assert all(f.grade[0] >= "C" for f in court.rule().findings)


def test_belief_follows_the_formula() -> None:
    levels = rules().levels
    assert belief({}, {}, levels) == pytest.approx(levels.claim_prior)
    one, two = belief({"a": "B"}, {}, levels), belief({"a": "B", "b": "C"}, {}, levels)
    assert one < two < belief({"a": "B", "b": "B"}, {}, levels)
    assert belief({"a": "B"}, {"b": "B"}, levels) == pytest.approx(levels.claim_prior)
    assert belief({"a": "A", "b": "E"}, {}, levels) >= belief({"a": "A"}, {}, levels)


@pytest.mark.parametrize(
    ("asserting", "denying", "digit"),
    [
        ({}, {}, 6),
        ({"a": "B", "b": "C"}, {}, 1),
        ({"a": "B"}, {}, 2),
        ({"a": "C"}, {}, 3),
        ({"a": "F"}, {}, 6),
        ({"a": "B", "b": "B"}, {"c": "C"}, 4),
        ({"a": "B"}, {"c": "C"}, 5),
    ],
)
def test_credibility_is_an_output(asserting: dict[str, str], denying: dict[str, str], digit: int) -> None:
    assert credibility(asserting, denying) == digit


def shooting(court: Court, day: str, *papers: str) -> None:
    """Good papers (two, if none is named) tell of an attack on a nuclear state's territory."""
    struck = tell(
        "Ukrainian missiles struck an air base in Russia.",
        "ASSAULT",
        source=["UKR:MIL"],
        target=["RUS:MIL"],
        place=["Russia/RUS"],
        when=day,
    )
    for name in papers or ("Reuters", "BBC News"):
        court.hear(struck, source=name, published=day, seen=f"{day}T10:00:00Z")


def quiet(court: Court, day: str) -> None:
    talk = tell(
        "The ministers of Russia and Ukraine met in Minsk.",
        "CONSULT",
        source=["RUS:GOV"],
        target=["UKR:GOV"],
        when=day,
    )
    court.hear(talk, source="Reuters", published=day, seen=f"{day}T10:00:00Z")


def test_a_gate_raises_at_once_and_a_level_falls_slowly_by_one_step() -> None:
    court = Court()
    quiet(court, "2021-01-01")
    assert court.area("nato-russia", "2021-01-01T12:00:00Z").level == 5
    shooting(court, "2021-01-02")
    raised = court.area("nato-russia", "2021-01-02T12:00:00Z")
    assert raised.level == 3
    assert raised.previous == 5
    assert raised.decided_by.rule.startswith("level/3/")
    seen = []
    for month, days in ((4, 30), (5, 31), (6, 30)):
        for day in range(1, days + 1):
            date = f"2021-{month:02}-{day:02}"
            quiet(court, date)
            seen.append(court.area("nato-russia", f"{date}T12:00:00Z"))
    levels = [one.level or 0 for one in seen]
    assert levels[0] == 3
    assert levels == sorted(levels)
    assert set(levels) == {3, 4, 5}
    assert any(one.decided_by.rule == "hysteresis/hold" for one in seen)
    assert any(one.decided_by.rule == "hysteresis/down" for one in seen)


def test_a_level_goes_stale_and_never_falls_to_five_by_silence() -> None:
    court = Court()
    shooting(court, "2021-01-02")
    assert court.area("nato-russia", "2021-01-02T12:00:00Z").level == 3
    later = court.rule("2021-01-20T12:00:00Z")
    area = next(j for j in later.judgements if j.area == "nato-russia")
    assert area.status == "stale"
    assert area.level == 3
    assert later.overall.status == "stale"
    assert later.overall.level == 3
    assert area.phrase == rules().levels.stale_phrase


def test_asked_twice_it_answers_the_same() -> None:
    court = Court()
    quiet(court, "2021-01-01")
    shooting(court, "2021-01-02")
    first = canonical(court.rule("2021-01-02T12:00:00Z"))
    assert canonical(court.rule("2021-01-02T12:00:00Z")) == first


def test_the_overall_is_the_worst_area() -> None:
    court = Court()
    court.hear(SENT, source="Reuters")
    shooting(court, "2022-02-25")
    overall = court.rule().overall
    assert overall.level == 3
    assert "nato" in overall.decided_by.text.casefold()


def test_every_judgement_tells_its_grounds() -> None:
    court = Court()
    shooting(court, "2022-02-25")
    area = court.area("nato-russia")
    assert area.reasons_for
    assert area.reasons_against
    assert area.would_raise
    assert area.would_lower
    assert len(area.hypotheses) >= 3
    assert area.confidence_text.startswith("Confidence is")
    assert area.war.low < area.war.p < area.war.high
    assert "about 1 in" in area.nuclear.words or area.nuclear.p >= rules().levels.odds_below


def test_both_axes_are_printed_with_their_ranges(capsys: pytest.CaptureFixture[str]) -> None:
    court = Court()
    court.hear(tell("Russian troops attacked positions in Estonia.", "ASSAULT", source=["RUS:MIL"], target=["EST"]))
    area = court.area("nato-russia")
    terminal.assessment(court.rule(), rules(), {}, only="nato-russia")
    told = " ".join(capsys.readouterr().out.split())
    assert f"{100 * area.war.low:.1f} to {100 * area.war.high:.1f} %" in told
    assert f"{odds_between(area.nuclear.low, area.nuclear.high)}), a structured judgement" in told


def test_what_is_judged_is_told_as_odds_however_likely() -> None:
    assert rules().levels.odds(0.12) == "about 1 in 8"
    assert odds_between(0.00014, 0.0017) == "1 in 7,000 to 1 in 600"


def test_findings_are_those_that_reasons_name() -> None:
    court = Court()
    court.hear(SENT, source="Reuters")
    court.hear(DENIAL, source="BBC News")
    assessment = court.rule()
    keys = {f.key for f in assessment.findings}
    for judgement in assessment.judgements:
        for group in (judgement.reasons_for, judgement.reasons_against, judgement.contradictions, judgement.missing):
            assert all(key in keys for reason in group for key in reason.findings)
        assert all(key in keys for o in judgement.observations for key in o.findings)


def test_a_finding_keeps_its_key_when_one_more_report_comes() -> None:
    court = Court()
    court.hear(SENT, source="Reuters")
    before = {f.key for f in court.rule().findings}
    court.hear(SOLDIERS, source="BBC News")
    assert before <= {f.key for f in court.rule().findings}


def test_examples_of_the_rules_hold() -> None:
    from tocsin.rules.warning import words_pattern

    joining, wording = rules().joining, rules().wording
    nouns = words_pattern(joining.presence_nouns)
    assert all(nouns.search(one.casefold()) for one in joining.examples.match)
    assert not any(nouns.search(one.casefold()) for one in joining.examples.not_match)
    for examples, holds in ((wording.examples.match, True), (wording.examples.not_match, False)):
        for example in examples:
            plover, words = example.split(" = ")
            assert (words in wording.acts[plover].done) is holds


THREAT = tell(
    "China threatened to take military action against Taiwan.",
    "THREATEN",
    source=["CHN:GOV"],
    target=["TWN:GOV"],
    when=DAY,
)


def test_talk_alone_never_goes_past_four() -> None:
    court = Court()
    for name in ("Reuters", "BBC News", "Associated Press", "Le Monde"):
        for words in ("threatened to attack", "threatened military action against", "threatened to destroy"):
            court.hear(THREAT | {"text": f"China {words} Taiwan and its military forces."}, source=name)
    taiwan = court.area("taiwan")
    assert "R2" in lit(taiwan)
    assert taiwan.level in (4, 5)


def test_five_statements_are_not_a_war() -> None:
    few, many = Court(), Court()
    few.hear(THREAT, source="Reuters")
    for n in range(40):
        many.hear(THREAT | {"text": THREAT["text"] + f" Again {n}."}, source=("Reuters", "BBC News", "AFP")[n % 3])
    caps = rules().levels.caps["rhetoric"] + rules().joining.tension.cap
    gain = many.area("taiwan").war.p / rules().areas["taiwan"].prior_war
    assert few.area("taiwan").war.p <= many.area("taiwan").war.p
    assert gain < 2.72**caps


def test_an_undated_page_lights_nothing_alone() -> None:
    court = Court()
    shot = THREAT | {"when": None}
    court.hear(shot, source="Reuters", published=None)
    court.hear(shot, source="BBC News", published=None)
    assert not lit(court.area("taiwan"))
    assert all(f.weak for f in court.rule().findings)


@pytest.mark.parametrize("flag", ["fiction", "satire", "opinion", "retrospective", "exercise", "recirculated"])
def test_pages_that_tell_of_no_present_event_light_nothing(flag: str) -> None:
    court = Court()
    court.hear(THREAT, source="Reuters", flags=(flag,))
    court.hear(THREAT, source="BBC News", flags=(flag,))
    assert not any(lit(judgement) for judgement in court.rule().judgements)


def test_an_opinion_may_tell_a_fact() -> None:
    court = Court()
    court.hear(SENT, source="Reuters", flags=("opinion",))
    assert any("400 contractors" in f.summary for f in court.rule().findings)


def test_a_denial_points_back_at_what_was_told_before() -> None:
    court = Court()
    refused = tell("The ambassador denied this information.", stance="denied", by="zakharova")
    court.hear(SENT, refused, source="Reuters")
    finding = next(f for f in court.rule().findings if f.area == "venezuela")
    assert len(finding.asserted) == 1
    assert len(finding.denied) == 1


def test_forces_without_an_owner_are_those_told_before() -> None:
    court = Court()
    landed = tell("Two planes landed.", "MOBILIZE", source=["RUS:MIL"], place=["Venezuela/VEN"])
    carried = tell("They carried 99 soldiers.", number=(99, "soldier"))
    court.hear(landed, carried, source="Reuters")
    assert any("Russia has forces in Venezuela" in f.summary for f in court.rule().findings)


def test_unknown_publishers_together_are_no_confirmation() -> None:
    court = Court()
    for n in range(20):
        shooting(court, "2022-02-25", f"Daily Herald of Town {n}")
    area = court.area("nato-russia")
    assert area.level == 5
    assert "K3" not in lit(area)


def test_figures_are_rounded_and_nothing_is_certain() -> None:
    court = Court()
    shooting(court, "2022-02-25")
    for judgement in court.rule().judgements:
        for axis in (judgement.war, judgement.nuclear):
            assert 0 < axis.low <= axis.p <= axis.high < 1
            assert axis.p == round(axis.p, 6)


def seeds(as_of: str, *without: str) -> Assessment:
    from tocsin.study import assess

    paths = [str(p) for p in sorted(SEEDS.glob("*.txt")) if not p.name.startswith(without)]
    return assess(paths, rules(), moment(as_of, end_of_day=True))[0]


@needs_seeds
@pytest.mark.parametrize(("as_of", "without"), [("2019-07-26", ("none",)), ("2019-05-02", ("003",))])
def test_the_seeds(as_of: str, without: tuple[str, ...]) -> None:
    assessment = seeds(as_of, *without)
    by_area = {j.area: j for j in assessment.judgements}
    venezuela = by_area.pop("venezuela")
    assert venezuela.coverage.status in ("watched", "thin")
    assert venezuela.level in (4, 5)
    assert venezuela.decided_by.text
    assert all(j.level is None and j.coverage.status == "unwatched" for j in by_area.values())
    assert assessment.overall.level == venezuela.level
    assert venezuela.reasons_for
    assert venezuela.reasons_against
    forces = next(f for f in assessment.findings if "Russia has forces in Venezuela" in f.summary)
    assert forces.asserted
    assert forces.denied
    assert {99, 400, 2000, 0} <= {v.value for v in forces.values}
    assert not any(f.when and (f.when.start or "9") < "2018" for f in assessment.findings)


def test_reports_that_come_and_are_denied_by_turns_do_not_make_the_level_flap() -> None:
    """At most one reversal (up and down again within 14 days, or down and up) in an area and a year."""
    court, levels = Court(), []
    start = datetime.date(2022, 2, 25)
    for step in range(40):
        day = (start + datetime.timedelta(days=3 * step)).isoformat()
        stance = "denied" if step % 2 else "asserted"
        for paper in ("Reuters", "BBC News"):
            text = f"Russian troops invaded Ukraine, {paper} told on {day}."
            told = tell(text, "ASSAULT", source=["RUS:MIL"], target=["UKR"], stance=stance)
            court.hear(told, source=paper, published=day, seen=f"{day}T06:00:00Z")
        judgement = court.judge.assess(f"{day}T12:00:00Z", RECIPE, areas=["nato-russia"]).judgements[0]
        levels.append((3 * step, judgement.level or 5))
    moves = [(day, level - before) for (_, before), (day, level) in pairwise(levels) if level != before]
    assert levels[0][1] < 5
    reversals = [1 for (a, up), (b, down) in pairwise(moves) if up * down < 0 and b - a <= 14]
    assert len(reversals) <= 1
