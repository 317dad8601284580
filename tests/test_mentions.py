"""What a text mentions is found with its offsets: who, where, when, how many, with which arms."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from tocsin.interpret import dates, mentions, references, study
from tocsin.interpret.anchor import document_date
from tocsin.interpret.mentions import Mentions
from tocsin.interpret.tokens import split
from tocsin.records import Actor, Document
from world import SEEDS, document, needs_seeds, rules


def found(text: str, published: str | None = "2019-07-25", language: str = "en", **fields: object) -> Mentions:
    made = document(text, published=published, language=language, **fields)
    return mentions.find(made, split(text, rules(), language), rules())


def actor(text: str, words: str, **fields: object) -> Actor:
    return next(a for a in found(text, **fields).actors if a.text == words)  # type: ignore[arg-type]


def sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split(text, rules(), "en")]


# ------------------------------------------------------------------ sentences


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("PARIS.- The minister left. He will return.", 2),
        ("CARACAS (AP) — Troops landed. Nobody knew.", 2),
        ("The U.S. Army moved. Gen. Smith said so.", 2),
        ("An Il-62 carried 3.5 tons. It landed.", 2),
        ('"We came. We saw. We left," he said. Then he slept.', 2),
        ("“It was late. We went home,” said Ana Quintana, a reporter.", 1),
        ("Power failed between the 7 th and March 14th. . Then it came back.", 2),
        ("Mr. J. Smith met Dr. Brown at No. 10.", 1),
        ("A heading without a point\n\nThe first sentence. The second.", 3),
        ("The tension grew with the\nthe fight in the city.", 1),
    ],
)
def test_sentences_survive_points_that_end_nothing(text: str, count: int) -> None:
    assert len(sentences(text)) == count, sentences(text)


def test_spans_of_sentences_and_tokens_are_offsets_into_the_text() -> None:
    text = "  Russia’s planes landed.\n\nThey carried 2,000 men (so they say)."
    parts = split(text, rules(), "en")
    assert [text[t.start : t.end] for s in parts for t in s.tokens] == [t.text for s in parts for t in s.tokens]
    covered = "".join(text[s.start : s.end] for s in parts)
    assert covered.replace(" ", "") == "".join(text.split())


def test_a_paragraph_without_a_closing_point_is_a_heading() -> None:
    parts = split("Troops sent\n\nThey landed on Sunday.", rules(), "en")
    assert [s.title for s in parts] == [True, False]


# ------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    ("words", "start", "end", "basis"),
    [
        ("March 24, 2019", "2019-03-24", "2019-03-24", "text"),
        ("24 March 2019", "2019-03-24", "2019-03-24", "text"),
        ("2019-03-24", "2019-03-24", "2019-03-24", "text"),
        ("April 2016", "2016-04-01", "2016-04-30", "text"),
        ("the 1980s", "1980-01-01", "1989-12-31", "text"),
        ("the end of the Cold War", "1989-11-09", "1991-12-26", "text"),
        ("March 23", "2019-03-23", "2019-03-23", "relative"),
        ("yesterday", "2019-07-24", "2019-07-24", "relative"),
        ("last Friday, July 19", "2019-07-19", "2019-07-19", "relative"),
        ("Monday", "2019-07-22", "2019-07-22", "relative"),
        ("last week", "2019-07-15", "2019-07-21", "relative"),
        ("two days ago", "2019-07-23", "2019-07-23", "relative"),
        ("the past decade", "2009-07-25", "2019-07-25", "relative"),
        ("December", "2018-12-01", "2018-12-31", "relative"),
        ("the 7 th and March 14th", "2019-03-07", "2019-03-14", "relative"),
    ],
)
def test_dates_mean_days(words: str, start: str, end: str, basis: str) -> None:
    when = found(f"They landed in the city, it was said, {words}.").dates
    assert [(w.text, w.start, w.end, w.basis) for w in when] == [(words, start, end, basis)]


def test_a_weekday_after_a_word_of_the_future_is_the_coming_one() -> None:
    assert [w.start for w in found("The ministers will meet on Monday.").dates] == ["2019-07-29"]


@pytest.mark.parametrize(
    "text", ["He may go.", "They march on.", "It cost $1980.", "I-95 is closed.", "2000 soldiers left."]
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert found(text).dates == ()


def test_a_document_without_a_date_leaves_relative_dates_open() -> None:
    when = found("The pressure grew Monday.", published=None).dates
    assert [(w.text, w.start, w.basis) for w in when] == [("Monday", None, None)]


def test_a_weekday_with_its_date_fixes_the_year_with_an_office_held() -> None:
    text = "The Trump administration said that a plane came close last Friday, July 19. President Vladimir Putin knew."
    when = next(w for w in found(text, published=None).dates if "July" in w.text)
    assert (when.start, when.basis) == ("2019-07-19", "inferred")


def test_a_year_told_as_past_bounds_the_day_of_writing() -> None:
    text = "The company made a profit in 2017. Barack Obama spoke."
    made = document(text, published=None)
    earliest, latest, basis = document_date(made, split(text, rules(), "en"), rules())
    assert (earliest, latest, basis) == ("2017-01-01", None, "inferred")


def test_the_day_seen_stands_in_unless_the_text_speaks_against_it() -> None:
    calm = document("The ministers met on Monday.", published=None, seen="2024-05-08T10:00:00Z")
    assert document_date(calm, split(calm.text, rules(), "en"), rules()) == ("2024-05-08", "2024-05-08", "seen")
    old = "The Obama administration and Secretary of State John Kerry met them last Friday, July 10."
    kept = document(old, published=None, seen="2024-05-08T10:00:00Z")
    earliest, latest, basis = document_date(kept, split(old, rules(), "en"), rules())
    assert basis == "inferred"
    assert (earliest or "")[:7] == "2015-07"
    assert (latest or "")[:7] == "2015-07"


def test_months_of_thirty_days_and_leap_years_hold() -> None:
    assert dates.shifted(date(2019, 3, 31), "month", -1) == date(2019, 2, 28)
    assert dates.shifted(date(2020, 2, 29), "year", -1) == date(2019, 2, 28)


# ------------------------------------------------------------------ quantities


@pytest.mark.parametrize(
    ("words", "value", "high", "unit", "of", "approx"),
    [
        ("400 Russian military contractors", 400, None, "person", "contractor", False),
        ("2,000 troops", 2000, None, "person", "troop", False),
        ("35 tons of equipment", 35, None, "tonne", "equipment", False),
        ("$30 billion", 30e9, None, "USD", None, False),
        ("more than USD $17 billion", 17e9, None, "USD", None, True),
        ("8 billion dollars", 8e9, None, "USD", None, False),
        ("45,000 pounds sterling", 45000, None, "GBP", None, False),
        ("99 soldiers", 99, None, "person", "soldier", False),
        ("13 other European countries", 13, None, None, "country", False),
        ("three million tons of oil", 3e6, None, "tonne", "oil", False),
        ("between 7 and 9 tanks", 7, 9, None, "tank", False),
        ("2 to 3 million people", 2e6, 3e6, "person", "person", False),
        ("more than 100 aircraft", 100, None, None, "aircraft", True),
        ("some 400 men", 400, None, "person", "man", True),
        ("dozens of refugees", 24, 99, "person", "refugee", True),
        ("twenty-five thousand women", 25000, None, "person", "woman", False),
        ("40%", 40, None, "%", None, False),
    ],
)
def test_numbers_say_what_they_count(
    words: str, value: float, high: float | None, unit: str | None, of: str | None, approx: bool
) -> None:
    quantities = found(f"They saw {words}.").quantities
    assert [(q.text, q.value, q.high, q.unit, q.of, q.approx) for q in quantities] == [
        (words, value, high, unit, of, approx)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "An Il-62 and an EP-3 flew.",
        "They took the I-95.",
        "It lasted six years.",
        "Flight 370 left.",
        "On March 23 it came.",
        "He is one of the leaders.",
    ],
)
def test_names_dates_and_durations_are_no_quantities(text: str) -> None:
    assert found(text).quantities == ()


# ------------------------------------------------------------------ actors


@pytest.mark.parametrize(
    ("text", "words", "id_", "country", "sector"),
    [
        ("Russian troops landed.", "Russian troops", "RUS/MIL", "RUS", "MIL"),
        ("Then Russian officials spoke.", "Russian officials", "RUS/GOV", "RUS", "GOV"),
        ("A Venezuelan Air Force plane came.", "Venezuelan Air Force plane", "VEN/MIL", "VEN", "MIL"),
        ("It said the Maduro regime fell.", "Maduro regime", "VEN/GOV", "VEN", "GOV"),
        ("The government of Peru fell.", "government of Peru", "PER/GOV", "PER", "GOV"),
        ("So Moscow said it would help.", "Moscow", "RUS/GOV", "RUS", "GOV"),
        ("Then the Kremlin denied it.", "Kremlin", "RUS/GOV", "RUS", "GOV"),
        ("He has support from Moscow.", "Moscow", "RUS/GOV", "RUS", "GOV"),
        (
            "Russian Deputy Foreign Minister Sergey Ryabkov left.",
            "Russian Deputy Foreign Minister Sergey Ryabkov",
            "ryabkov",
            "RUS",
            "GOV",
        ),
        (
            "The Danish Prime Minister Jens Olufsen left.",
            "Danish Prime Minister Jens Olufsen",
            "name/olufsen-jens",
            "DNK",
            "GOV",
        ),
        ("Western governments object.", "Western governments", "XXX/governments-western", "XXX", "GOV"),
        ("Police beat opposition protesters.", "opposition protesters", None, None, "CIV"),
    ],
)
def test_noun_phrases_become_one_actor(
    text: str, words: str, id_: str | None, country: str | None, sector: str | None
) -> None:
    who = actor(text, words)
    assert (who.id, who.country, who.sector) == (id_, country, sector)
    assert who.span is not None
    assert text[slice(*who.span)] == words


@pytest.mark.parametrize(
    "text", ["He lives in Moscow.", "A flight from Lisbon to Moscow.", "She left Caracas, Venezuela."]
)
def test_a_capital_is_a_place_where_it_does_not_act(text: str) -> None:
    mentioned = found(text)
    assert not [a for a in mentioned.actors if (a.id or "").endswith("/GOV")]
    assert mentioned.places


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Shanghai police left.", ("Shanghai police", "CHN/COP")),
        ("Then security forces in Guinea left.", ("security forces", "GIN/COP")),
        ("King Hassan of Morocco left.", ("King Hassan of Morocco", "name/hassan")),
        ("Many Sierra Leonean and Liberian refugees left.", ("Sierra Leonean", "SLE/CIV")),
    ],
)
def test_what_stands_around_a_noun_tells_its_country(text: str, wanted: tuple[str, str]) -> None:
    assert wanted in [(a.text, a.id) for a in found(text).actors]


def test_a_bloc_counts_its_members() -> None:
    text = "France, Germany, Britain and 13 other European countries announced it."
    assert [(a.id if a.country != "XXX" else a.text) for a in found(text).actors] == [
        "FRA", "DEU", "GBR", "13 other European countries",
    ]  # fmt: skip


def test_an_office_is_read_by_the_document_s_date() -> None:
    text = "The Russian president spoke."
    assert actor(text, "Russian president", published="2019-03-01").id == "putin"
    assert actor(text, "Russian president", published="2010-03-01").id == "medvedev"


def test_last_names_and_typing_errors_are_one_person_within_a_document() -> None:
    text = "Danish envoy Jens Olufsen came. Olufsen spoke. Oulfsen was glad. Mr. Olufsen left, and he smiled."
    assert {a.id for a in found(text).actors} == {"name/olufsen-jens"}
    assert len(found(text).actors) == 5


def test_other_names_are_not_merged() -> None:
    text = "Envoy Jens Olufsen met Minister Karl Olafsson. Both left."
    assert len({a.id for a in found(text).actors}) == 2


@pytest.mark.parametrize(
    ("left", "right", "one"),
    [
        ("rybakov", "ryabkov", True),
        ("petrov", "petrova", True),
        ("putin", "putyn", True),
        ("maduro", "madero", True),
        ("ivanov", "petrov", False),
        ("lopez", "lopez", False),
    ],
)
def test_one_error_is_one_letter_or_one_exchange(left: str, right: str, one: bool) -> None:
    assert references.one_error(left, right) is one


def test_who_describes_a_name_is_not_somebody_else() -> None:
    text = "The plan failed, said Piet Vandenberg, a Belgian historian."
    assert [(a.text, a.country) for a in found(text).actors] == [("Piet Vandenberg", "BEL")]


def test_a_pronoun_outside_a_quotation_points_to_nobody_inside_it() -> None:
    text = "Jens Olufsen came. “They do so because Putin orders it,” he said."
    assert [a.id for a in found(text).actors if a.text == "he"] == ["name/olufsen-jens"]


def test_a_definite_noun_points_back() -> None:
    text = "The Russian oil company paid. Years later the company left."
    assert [a.id for a in found(text).actors] == ["RUS/BUS", "RUS/BUS"]


def test_an_adjective_alone_is_kept_apart() -> None:
    mentioned = found("Russian assistance grew.")
    assert mentioned.actors == ()
    assert [a.id for a in mentioned.adjectives] == ["RUS"]


def test_latin_america_is_not_the_united_states() -> None:
    assert [a.country for a in found("Latin America watched.").actors] == ["XXX"]


# ------------------------------------------------------------------ places and materiel


@pytest.mark.parametrize(
    ("text", "words", "country"),
    [
        ("They met in Georgia and Armenia.", "Georgia", "GEO"),
        ("He was born in London.", "London", "GBR"),
        ("He was born in London, Ontario.", "London", "CAN"),
        ("A plane landed near Caracas.", "Caracas", "VEN"),
    ],
)
def test_places_are_chosen_by_context(text: str, words: str, country: str) -> None:
    assert next(p.country for p in found(text).places if p.text == words) == country


def test_a_state_is_where_it_happens_only_after_a_word_of_place() -> None:
    mentioned = found("Russia sent troops to northern Syria and Lebanon. Turkey objected in Ankara.")
    assert [p.text for p in mentioned.located] == ["Syria", "Lebanon", "Ankara"]


@pytest.mark.parametrize(
    "text",
    [
        "The fire at Windsor Castle is out.",
        "The European Central Bank met.",
        "The Summit of the Americas opened.",
        "The ambassador left.",
        "Washington Square was empty.",
        "He kept reading.",
    ],
)
def test_a_place_is_never_a_part_of_another_word_or_name(text: str) -> None:
    assert found(text).places == ()


def test_materiel_is_found_by_model_and_not_in_other_words() -> None:
    assert [m.id for m in found("The S-300 system and an Il-62 arrived.").materiel] == ["s-300", "il-62"]
    assert found("The A-300 road is closed.").materiel == ()


# ------------------------------------------------------------------ other languages


def test_spanish_is_read_by_its_own_rules() -> None:
    mentioned = found("Dos aviones rusos llegaron el 23 de marzo a Caracas con 99 soldados.", language="es")
    assert ("aviones rusos", "RUS/MIL") in [(a.text, a.id) for a in mentioned.actors]
    assert [w.start for w in mentioned.dates] == ["2019-03-23"]
    assert [(q.value, q.of) for q in mentioned.quantities] == [(2, "avión"), (99, "soldado")]


def test_russian_is_read_by_its_own_rules() -> None:
    mentioned = found("Вчера российские военные доставили в Каракас 35 тонн груза, заявил Путин.", language="ru")
    assert [a.id for a in mentioned.actors] == ["RUS/MIL", "putin"]
    assert [w.start for w in mentioned.dates] == ["2019-07-24"]
    assert [(q.value, q.unit) for q in mentioned.quantities] == [(35, "tonne")]


# ------------------------------------------------------------------ the rules' own examples


@pytest.mark.parametrize("language", sorted(rules().calendars))
def test_calendar_examples(language: str) -> None:
    examples = rules().calendars[language].examples
    for text in examples.match:
        mentioned = found(text, language=language)
        assert mentioned.dates or mentioned.quantities, text
    for text in examples.not_match:
        mentioned = found(text, language=language)
        assert not mentioned.dates, text
        assert not mentioned.quantities, text


@pytest.mark.parametrize("language", sorted(rules().roles))
def test_role_examples(language: str) -> None:
    examples = rules().roles[language].examples
    for text in examples.match:
        assert found(text, language=language).actors, text
    for text in examples.not_match:
        assert not found(text, language=language).actors, text


# ------------------------------------------------------------------ the seed pages


@cache
def seed(number: int) -> Document:
    path = sorted(SEEDS.glob("*.txt"))[number]
    return document(path.read_text(encoding="utf-8"), published=None)


@needs_seeds
@pytest.mark.parametrize(
    ("number", "words", "day"),
    [
        (2, "Sunday, March 24, 2019", "2019-03-24"),
        (3, "last Friday, July 19", "2019-07-19"),
        (4, "March 23", "2019-03-23"),
    ],
)
def test_the_seeds_tell_their_year(number: int, words: str, day: str) -> None:
    rows = study.dates_rows(seed(number), rules())
    assert [row["start"] for row in rows if row["text"] == words] == [day]


@needs_seeds
def test_the_seeds_count() -> None:
    values = {
        (row["value"], row["of"] or row["unit"]) for n in range(5) for row in study.quantities_rows(seed(n), rules())
    }
    wanted = {
        (400.0, "contractor"), (13.0, "country"), (30e9, "USD"), (2000.0, "national"), (50.0, "tank"), (80e6, "USD"),
        (110e9, "USD"), (8e9, "USD"), (17e9, "USD"), (3e6, "oil"), (99.0, "soldier"),
        (35.0, "equipment"), (400.0, "member"),
    }  # fmt: skip
    assert wanted <= values


@needs_seeds
@pytest.mark.parametrize(
    ("number", "ids"),
    [
        (0, {"maduro", "putin", "trump", "chavez", "RUS/GOV", "XXX/countries-13-other-european"}),
        (3, {"ryabkov", "abrams", "guaido", "usa-southcom", "VEN/MIL", "USA/MIL"}),
        (4, {"tonkoshkurov", "peskov", "zakharova", "zaemsky", "wagner", "pavlovsky", "pompeo"}),
    ],
)
def test_the_seeds_name_their_actors(number: int, ids: set[str]) -> None:
    assert ids <= {row["id"] for row in study.actors_rows(seed(number), rules())}


@needs_seeds
def test_rows_stand_at_their_spans() -> None:
    for n in range(5):
        text = seed(n).text
        for rows in (study.places_rows, study.dates_rows, study.quantities_rows, study.actors_rows):
            assert all(text[slice(*row["span"])] == row["text"] for row in rows(seed(n), rules()))


def test_a_state_in_the_name_of_no_states_waters_does_not_act() -> None:
    told = found("Ships met in the South China Sea and the Gulf of Oman; the navy of China watched the Sea of Japan.")
    assert [a.country for a in told.actors if a.country is not None] == ["CHN"]
