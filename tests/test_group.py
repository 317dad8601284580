"""Copies are counted once, templates are not copies, and a story is one event."""

from __future__ import annotations

import dataclasses
import json
import random
import subprocess
import sys
from typing import Any

import pytest

from tocsin.extract import read
from tocsin.group import Families, Grouping, row, story_title
from tocsin.group.bulk import Bulk
from tocsin.group.features import features, moment, tokens, words_of
from tocsin.records import Document, Membership
from world import SEEDS, capture, document, needs_seeds, rules

WIRE = (
    "CARDOVA (Meridian Press) - Two transport planes landed at the San Telmo air base on Saturday with 99 soldiers "
    "and 35 tonnes of equipment aboard, the defence ministry of Cardova said. General Anton Velikov, who led the "
    "group, was met by Foreign Minister Rosa Almeida. The ministry of Norland denied that any of its troops were in "
    "the country. Spokesman Pavel Orlin said the visitors were technicians who would service 12 helicopters under a "
    "contract signed in 2011. Opposition leader Marta Quiroga called the flight a provocation and asked the Union of "
    "Southern States to meet within 10 days. In Port Amber, the secretary of state, Henry Walden, said that all "
    "options remained open and that 40 officials would lose their visas. The price of oil rose 3.2 percent."
)
SPUN = (
    "Ninety-nine reasons to worry? On Saturday a pair of cargo aircraft touched down at San Telmo carrying 99 troops "
    "plus 35 tonnes of gear, according to the ministry of defence in Cardova. At their head stood General Anton "
    "Velikov; Foreign Minister Rosa Almeida welcomed the group. A denial came from the ministry of Norland, which "
    "has no troops in the country, it insists. These are technicians, spokesman Pavel Orlin said: visitors with a "
    "contract of 2011 to service 12 helicopters. Marta Quiroga, leader of the opposition, spoke of a provocation, "
    "asking that the Union of Southern States meet in 10 days. All options open, answered the secretary of state "
    "Henry Walden from Port Amber, where 40 officials are to lose visas. Oil: its price rose by 3.2 percent."
)
SPANISH = (
    "Dos aviones de transporte aterrizaron el sábado en la base aérea de San Telmo con 99 soldados y 35 toneladas de "
    "equipo, informó el ministerio de Defensa de Cardova. El general Anton Velikov, que encabezaba el grupo, fue "
    "recibido por la canciller Rosa Almeida. El ministerio de Norland negó que hubiera tropas suyas en el país. El "
    "portavoz Pavel Orlin dijo que los visitantes eran técnicos que revisarían 12 helicópteros según un contrato "
    "firmado en 2011. La líder opositora Marta Quiroga calificó el vuelo de provocación y pidió que la Unión de "
    "Estados del Sur se reúna en 10 días. En Port Amber, el secretario de Estado, Henry Walden, dijo que todas las "
    "opciones seguían abiertas y que 40 funcionarios perderían sus visados. El petróleo subió un 3,2 por ciento."
)
RUSSIAN = (
    "Два транспортных самолёта сели в субботу на авиабазе Сан-Тельмо, на борту были 99 военных и 35 тонн груза, "
    "сообщило министерство обороны Кардовы. Возглавлявшего группу генерала Антона Великова встретила министр "
    "иностранных дел Роса Алмейда. Министерство Норланда отрицает присутствие войск в стране. Представитель Павел "
    "Орлин сказал, что прибыли техники для обслуживания 12 вертолётов по контракту 2011 года. Лидер оппозиции Марта "
    "Кирога назвала рейс провокацией и попросила созвать союз в течение 10 дней. В Порт-Амбере госсекретарь Генри "
    "Уолден заявил, что 40 чиновников лишатся виз. Нефть подорожала на 3,2 процента."
)
RIVAL = (
    "Marta Quiroga says that a foreign force has come to stay. The leader of the opposition spoke in Port Amber after "
    "meeting Henry Walden, and 24 hours after the landing at San Telmo. Her movement counts 180 uniformed men, far "
    "more than the 99 that the defence ministry of Cardova admits. A photographer saw crates being moved into hangar "
    "7 while Rosa Almeida toured the base, in Velikov's company. Residents told of closed roads, of a power cut that "
    "lasted 5 hours and of aircraft that came in low over the bay; the mayor asked for calm and opened the shelters."
)
QUAKE = (
    "An earthquake of magnitude {m} struck {d} km {way} of {city} at {time}, at a depth of {deep} km, the survey said. "
    "No damage was reported. The survey had no reports of casualties and issued no warning of a wave on the coast."
)


def placed(*documents: Document) -> list[Membership]:
    grouping = Grouping(rules())
    return [grouping.add(one) for one in documents]


def made(name: str, text: str, **fields: Any) -> Document:
    return document(text, input=name, key=name, **fields)


def test_a_repost_is_a_copy_of_the_first_with_its_figures() -> None:
    shell = "Home | World | Opinion\n[ad_1]\n" + WIRE + "\nShare this. Posted by admin.\nSource link"
    first, second = placed(made("a", WIRE), made("b", shell))
    assert (first.copy_of, first.kind, first.family) == (None, None, "a")
    assert (second.copy_of, second.kind, second.family, second.story) == ("a", "copy", "a", "a")
    assert "numbers agree" in second.reason
    assert "containment 1.00 of " in second.reason


def test_a_part_is_an_excerpt_and_a_longer_later_text_an_update() -> None:
    part = WIRE[: len(WIRE) // 3]
    more = WIRE + " " + RIVAL
    _, excerpt, update = placed(
        made("a", WIRE, published="2019-03-24T08:00:00Z"),
        made("b", part, published="2019-03-24T09:00:00Z"),
        made("c", more, published="2019-03-24T15:00:00Z"),
    )
    assert (excerpt.copy_of, excerpt.kind) == ("a", "excerpt")
    assert (update.copy_of, update.kind) == ("a", "update")
    assert excerpt.family == update.family == "a"


def test_a_spun_text_is_known_by_its_names_and_figures_in_their_order() -> None:
    _, spun = placed(made("a", WIRE), made("b", SPUN))
    assert (spun.copy_of, spun.kind, spun.family) == ("a", "spun", "a")


@pytest.mark.parametrize(("language", "text"), [("es", SPANISH), ("ru", RUSSIAN)])
def test_a_translation_is_known_across_spellings(language: str, text: str) -> None:
    _, other = placed(made("a", WIRE), made("b", text, language=language))
    assert (other.copy_of, other.kind) == ("a", "translation")
    assert "in the same order" in other.reason


def test_another_reporter_at_the_same_event_is_no_copy() -> None:
    _, rival = placed(made("a", WIRE), made("b", RIVAL))
    assert rival.copy_of is None
    assert rival.family == "b"


def test_a_template_with_new_figures_is_no_copy_and_no_story() -> None:
    one = QUAKE.format(m="6.1", d=40, way="east", city="Port Amber", time="03:12", deep=22)
    two = QUAKE.format(m="5.4", d=95, way="south", city="Quillota", time="17:48", deep=60)
    _, other = placed(made("a", one, published="2019-03-01"), made("b", two, published="2019-03-09"))
    assert other.copy_of is None
    assert other.story == "b"


MISSILE = (
    "Norland fired a ballistic missile from {place} at {time} on {day}, its general staff said. It flew {far} km at an "
    "apogee of {high} km and fell into the Eastern Sea outside of anybody's economic zone. Prime Minister Aiko Maruda "
    "called the launch a grave threat and condemned it in the strongest terms. No ship or aircraft was damaged."
)


def test_two_missile_tests_in_two_months_stay_apart() -> None:
    may = {"place": "Wonbar", "time": "05:27", "day": "14 May", "far": 787, "high": 2111}
    july = {"place": "Panhyon", "time": "23:11", "day": "4 July", "far": 933, "high": 2802}
    first, again, second = placed(
        made("a", MISSILE.format(**may), published="2017-05-14T06:00:00Z"),
        made("b", "Update: " + MISSILE.format(**may) + " Talks are planned.", published="2017-05-14T09:00:00Z"),
        made("c", MISSILE.format(**july), published="2017-07-04T01:00:00Z"),
    )
    assert again.family == again.story == first.story
    assert (second.copy_of, second.story) == (None, "c")


STANDING = (
    " Sanctions of 2006 and 2016 forbid Norland all launches of that kind, of which it has made 24 since 2011. Its "
    "neighbours have 40 interceptors at 6 sites and meet in a council of 15 members whenever one of them asks for it. "
    "The harbour of Port Amber, 310 km to the south, was not closed. Fishermen there said that they had seen a light "
    "and heard nothing. The price of oil did not change, and the exchange opened as it had closed the day before."
)


@pytest.mark.parametrize("more", ["", STANDING])
def test_two_missile_tests_on_one_day_in_one_form_stay_apart(more: str) -> None:
    """Day, hour and the standing figures agree: the figures that stand between the same words do not."""
    one = {"place": "Wonbar", "time": "05:27", "day": "14 May", "far": 787, "high": 2111}
    two = {"place": "Panhyon", "time": "05:58", "day": "14 May", "far": 790, "high": 560}
    told = (
        MISSILE.format(**one) + more,
        MISSILE.format(**one) + more + " Talks are planned.",
        MISSILE.format(**two) + more,
    )
    documents = [made(name, text, published="2017-05-14") for name, text in zip("abc", told, strict=True)]
    first, again, second = placed(*documents)
    assert again.family == again.story == first.story
    assert (second.copy_of, second.family, second.story) == (None, "c", "c")
    assert [one.family for one in bulk_placed(*documents)] == ["a", "a", "c"]


def test_an_update_with_a_new_toll_stays_in_its_story() -> None:
    text = QUAKE.format(m="6.1", d=40, way="east", city="Port Amber", time="03:12", deep=22) + STANDING
    first, update = placed(
        made("a", f"{text} At least 12 people died and 30 were hurt.", published="2019-03-01T04:00:00Z"),
        made("b", f"{text} At least 15 people died and 42 were hurt.", published="2019-03-01T08:00:00Z"),
    )
    assert (update.copy_of, update.kind, update.story) == ("a", "update", first.story)


def test_two_quakes_on_one_day_stay_apart() -> None:
    one = QUAKE.format(m="6.1", d=40, way="east", city="Port Amber", time="03:12", deep=22)
    two = QUAKE.format(m="5.4", d=95, way="south", city="Quillota", time="17:48", deep=60)
    first, other = placed(
        made("a", one, published="2019-03-01T04:00:00Z"), made("b", two, published="2019-03-01T18:00:00Z")
    )
    assert other.copy_of is None
    assert other.story != first.story


# The first ones of a story share nothing; later ones show what belongs together.
HEADLINES = {
    "bridge": [
        "Seven die as bridge collapses in Quillota",
        "Engineers had warned of cracks for years",
        "Engineers' warnings of cracks were ignored, files show",
        "Quillota bridge collapse: engineers had warned of cracks",
        "Quillota bridge: cracks were known before collapse",
        "Bridge collapse in Quillota: who ignored the warnings?",
        "Cracks in Quillota bridge ignored, say engineers",
        "Engineers: Quillota bridge collapse could have been avoided",
    ],
    "strike": [
        "Dockers walk out at Port Amber",
        "Union rejects pay offer of 4 percent",
        "Pay offer rejected: union wants 9 percent",
        "Port Amber dockers' union rejects pay offer",
        "Dockers at Port Amber: pay offer is an insult",
        "Ships wait off Port Amber as dockers' union holds out over pay",
        "Port Amber dockers want 9 percent",
        "Dockers' union: no ships in Port Amber until pay offer improves",
    ],
    "comet": [
        "Comet Halvorsen visible to the naked eye tonight",
        "Astronomers surprised by sudden brightening",
        "Sudden brightening puzzles astronomers",
        "Comet Halvorsen: brightening puzzles astronomers",
        "Naked eye enough tonight: comet Halvorsen brightening",
        "Astronomers: look up tonight for comet Halvorsen",
        "How to see comet Halvorsen tonight",
    ],
}


def headlines() -> list[tuple[str, Document]]:
    mixed = [(topic, texts[n]) for n in range(9) for topic, texts in HEADLINES.items() if n < len(texts)]
    return [(topic, made(f"h{n}", text, title=text)) for n, (topic, text) in enumerate(mixed)]


def test_a_review_joins_what_split_early_and_tells_it_as_links() -> None:
    grouping = Grouping(rules())
    memberships = [grouping.add(one) for _, one in headlines()]
    assert len({one.story for one in memberships}) > 3, "nothing split early: the test shows nothing"
    links = grouping.review("2019-03-26T00:00:00Z")
    stands = {one.document: one.story for one in memberships}
    for link in links:
        assert all(stands[document] == link.story for document in link.documents)
        stands |= dict.fromkeys(link.documents, link.into)
        assert link.seen == "2019-03-26T00:00:00Z"
    topics = {(topic, stands[one.key]) for topic, one in headlines()}
    assert len(topics) == len(HEADLINES)
    assert stands == {key: grouping.story(key) for key in stands}
    assert memberships == [grouping.add(one) for _, one in headlines()], "a membership is never rewritten"
    assert grouping.review("2019-03-27T00:00:00Z") == ()


def test_a_story_is_called_by_its_most_central_headline() -> None:
    assert (
        story_title([None, *HEADLINES["bridge"]], rules()) == "Quillota bridge collapse: engineers had warned of cracks"
    )
    assert story_title(["Only one", None], rules()) == "Only one"
    assert story_title([None, ""], rules()) is None
    assert story_title([], rules()) is None


def test_what_comes_after_a_review_follows_it() -> None:
    grouping = Grouping(rules())
    for _, one in headlines():
        grouping.add(one)
    grouping.review(None)
    late = grouping.add(made("late", "Seven dead: inspectors had seen cracks in Quillota bridge"))
    assert late.story == grouping.story("h0")


def test_a_review_leaves_full_texts_and_old_reports_where_they_are() -> None:
    grouping = Grouping(rules())
    full, old = grouping.add(made("full", WIRE)), grouping.add(made("old", "Dockers walk out", published="2018-01-01"))
    for _, one in headlines():
        grouping.add(one)
    grouping.review(None)
    assert (grouping.story("full"), grouping.story("old")) == (full.story, old.story)


RESCUE = (
    "The old road bridge at Quillota fell on Monday morning while lorries crossed it. Seven people died and eleven "
    "were hurt when its middle span went into the river Maro, the provincial rescue service said. Divers search for "
    "a driver; cranes came from the harbour at noon, schools stayed shut, and trains below were slowed to a walk."
)
REPORT = (
    "Inspectors had found cracks in two pillars of the Quillota bridge in October and asked the roads office at "
    "Lampa to close one lane. The office kept the report of engineer Ada Roe for a month, and no lane was closed "
    "before winter. Parliament wants to hear the minister, whose party had cut the money for repairs by a third."
)


def test_full_stories_that_grow_together_are_told_as_one_by_a_link() -> None:
    stories = dataclasses.replace(rules().grouping.stories, merged=0.05)
    grouping = Grouping(dataclasses.replace(rules(), grouping=dataclasses.replace(rules().grouping, stories=stories)))
    one, two = grouping.add(made("rescue", RESCUE)), grouping.add(made("report", REPORT))
    assert one.story != two.story, "nothing split early: the test shows nothing"
    (link,) = grouping.review("2019-03-27T00:00:00Z")
    assert (link.story, link.into, link.documents) == ("report", "rescue", ("report",))
    assert link.seen == "2019-03-27T00:00:00Z"
    assert grouping.story("report") == grouping.story("rescue") == "rescue"
    assert grouping.add(made("report", REPORT)) == two, "a membership is never rewritten"
    assert grouping.review(None) == ()
    late = grouping.add(made("late", f"{REPORT} The minister is silent."))
    assert late.story == "rescue", "what comes later follows the link"


def grouping_with(**stories: Any) -> Grouping:
    settings = dataclasses.replace(rules().grouping, stories=dataclasses.replace(rules().grouping.stories, **stories))
    return Grouping(dataclasses.replace(rules(), grouping=settings))


PORT = (
    "Dockers at Port Amber walked out at noon over pay, and eleven ships wait in the roads. The union of Marta Quiroga "
    "asks for nine percent; the harbour company of Henry Walden offers four and calls the walkout unlawful. Lorries "
    "stand on the coast road as far as Tarvos, and the grain exchange has put off its auction until the gates open."
)


def test_full_stories_that_turn_out_to_be_two_are_split_by_a_link() -> None:
    """Arrival is made to take everything for one story; what stands apart leaves it whole, and later news follow."""
    grouping = grouping_with(joined=0.0, joined_short=0.0)
    told = {
        "bridge": RESCUE,
        "strike": PORT,
        "bridge-again": f"Divers found the driver. {RESCUE[60:]}".replace("said", "told reporters"),
        "strike-copy": PORT,
        "strike-again": "Talks broke off after an hour at Port Amber, where dockers of the union of Marta Quiroga have "
        "walked out over pay. Henry Walden of the harbour company calls four percent his last offer.",
        "bridge-third": "Flags fly at half mast in Quillota. Seven people died when the middle span of the old road "
        "bridge went into the river Maro with lorries on it; divers search for a driver.",
    }
    placed = [grouping.add(made(name, text)) for name, text in told.items()]
    assert {one.story for one in placed} == {"bridge"}, "nothing was lumped: the test shows nothing"
    (link,) = grouping.review("2019-03-27T00:00:00Z")
    assert (link.story, link.into, link.seen) == ("bridge", "strike", "2019-03-27T00:00:00Z")
    assert link.documents == ("strike", "strike-copy", "strike-again"), "a family stays whole"
    assert {name: grouping.story(name) for name in told} == {name: name.split("-")[0] for name in told}
    assert grouping.review(None) == (), "what was split does not merge again"
    assert [grouping.add(made(name, text)) for name, text in told.items()] == placed, "a membership is never rewritten"
    late = grouping.add(made("late", f"The gates of Port Amber are open again. {PORT[:120]}"))
    assert late.story == "strike"


def test_a_single_text_that_stands_apart_is_no_story_that_split() -> None:
    grouping = grouping_with(joined=0.0, joined_short=0.0)
    for name, text in (
        ("a", RESCUE),
        ("b", f"{RESCUE[60:]} Talks go on."),
        ("c", f"{RESCUE[30:]} It rains."),
        ("d", PORT),
    ):
        grouping.add(made(name, text))
    assert grouping.review(None) == ()


def test_look_alikes_never_grow_together() -> None:
    """Two missile tests within two days, each told twice: close in words, and seen to be two on arrival."""
    one = {"place": "Wonbar", "time": "05:27", "day": "14 May", "far": 787, "high": 2111}
    two = {"place": "Panhyon", "time": "23:11", "day": "15 May", "far": 933, "high": 2802}
    stories = dataclasses.replace(rules().grouping.stories, merged=0.08)
    grouping = Grouping(dataclasses.replace(rules(), grouping=dataclasses.replace(rules().grouping, stories=stories)))
    for name, figures in (("a", one), ("b", two)):
        text = MISSILE.format(**figures)
        grouping.add(made(name, text, published="2017-05-14"))
        grouping.add(made(name * 2, f"{text} Talks are planned.", published="2017-05-14"))
    grouping.review(None)
    assert [grouping.story(key) for key in ("a", "aa", "b", "bb")] == ["a", "a", "b", "b"]


def test_two_quakes_in_brief_stay_apart_in_a_review() -> None:
    told = [
        ("Quillota", "Quake of 6.1 shakes Quillota", "2019-03-01"),
        ("Quillota", "Strong quake shakes Quillota, no damage", "2019-03-01"),
        ("Tarvos", "Quake of 5.4 shakes Tarvos island", "2019-05-01"),
        ("Tarvos", "Tarvos island: quake shakes houses", "2019-05-01"),
    ]
    grouping = Grouping(rules())
    for n, (_, text, day) in enumerate(told):
        grouping.add(made(f"q{n}", text, published=day))
    grouping.review(None)
    assert len({(place, grouping.story(f"q{n}")) for n, (place, _, _) in enumerate(told)}) == 2


def test_furniture_that_long_pages_share_makes_no_copies_of_short_ones() -> None:
    furniture = (
        " This is a private organisation that has watched and weighed threats since 1984. It belongs to no government "
        "and does not show the alert of any branch. The public should judge for itself and not rely on this page for "
        "any planning of its own. At all times citizens are urged to learn what to do when the day of need comes."
    )
    starts, ends = ("kalen", "robor", "misif", "tulen", "dabor", "pesif"), ("a", "et", "ik", "oss", "un", "ary")
    pick = random.Random(7)

    def page(name: str, length: int) -> Document:
        own = " ".join(pick.choice(starts) + pick.choice(ends) for _ in range(length))
        return made(name, f"{own}.{furniture}")

    pages = [page(f"long{n}", 400) for n in range(5)] + [page(f"short{n}", 60) for n in range(5)]
    assert [one.copy_of for one in placed(*pages)] == [None] * 10


def test_the_known_author_is_the_parent_where_copies_are_equal() -> None:
    *_, last = placed(made("a", WIRE), made("b", WIRE, origin="Meridian Press"), made("c", WIRE))
    assert last.copy_of == "b"
    assert last.family == "a"


def test_decisions_are_the_same_in_every_process_and_made_once() -> None:
    texts = [WIRE, SPUN, SPANISH, RIVAL, WIRE[:300]]
    documents = [made(f"d{n}", text, published=None) for n, text in enumerate(texts)]
    grouping = Grouping(rules())
    first = [grouping.add(one) for one in documents]
    assert [grouping.add(one) for one in documents] == first
    script = (
        "import json, sys; sys.path[:0] = ['tests']\n"
        "from test_group import made, placed; from tocsin.records import plain\n"
        "texts = json.load(sys.stdin)\n"
        "found = [made(f'd{n}', text, published=None) for n, text in enumerate(texts)]\n"
        "print(json.dumps([plain(one) for one in placed(*found)]))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "12345"},
    )
    assert json.loads(answer.stdout) == [dataclasses.asdict(one) for one in first]


def test_times_are_compared_across_zones() -> None:
    here = moment(made("a", "x", published="2019-03-24T01:30:00+02:00"))
    assert here == moment(made("b", "x", published="2019-03-23T23:30:00Z"))
    assert moment(made("c", "x", published="soon", seen="2019-03-23")) == moment(made("d", "x", published="2019-03-23"))
    assert moment(made("e", "x", published=None)) is None


def test_words_are_one_across_case_accents_and_separators() -> None:
    left, right = tokens("NICOLÁS 155,221 Цены", rules()), tokens("Nicolas 155.221 цены", rules())
    assert left.word.tolist() == right.word.tolist()
    assert (
        tokens("Zakharova Захарова Zajarova", rules()).sound.tolist().count(tokens("Захарова", rules()).sound[0]) == 3
    )
    assert tokens("two", rules()).word.tolist() != tokens("2", rules()).word.tolist()
    assert features(made("a", "He saw two."), rules()).numbers.tolist() == tokens("2", rules()).word.tolist()


@pytest.mark.parametrize("text", ["", " ", "\n\n", "a", "…", "👍", "中国" * 40, "x" * 100000, "1,2,3.4.5"])
def test_strange_texts_have_a_place(text: str) -> None:
    one, two = placed(made("a", text), made("b", WIRE))
    assert one.family == "a"
    assert two.family == "b"


def test_the_rules_own_examples_hold() -> None:
    for examples, same in ((rules().grouping.examples.match, True), (rules().grouping.examples.not_match, False)):
        for example in examples:
            left, right = example.split(" ⇄ ")
            one, two = placed(made("a", left), made("b", right))
            assert (one.family == two.family) is same, example


def test_a_row_has_the_contract_s_fields() -> None:
    (one,) = placed(made("a", WIRE))
    assert list(row("in.txt", one)) == ["input", "document", "copy_of", "kind", "reason", "family", "story"]


@needs_seeds
def test_the_seeds_are_one_family_of_two_and_four_origins_and_not_one_story() -> None:
    documents = []
    for path in sorted(SEEDS.glob("*.txt")):
        body = path.read_bytes()
        found = read(capture(body, input=path.name), body, rules())
        documents += [one for one in found if isinstance(one, Document)]
    assert len(documents) == 5
    memberships = placed(*documents)
    assert memberships[1].copy_of == documents[0].key
    assert memberships[1].kind == "copy"
    assert len({one.family for one in memberships}) == 4
    assert len({one.story for one in memberships}) > 1


def bulk_placed(*documents: Document) -> list[Membership]:
    bulk = Bulk(rules())
    bulk.add(documents)
    return list(bulk.memberships())


def scattered(count: int) -> list[Document]:
    """Reports of made-up words; every third one repeats an earlier one, cut short, lengthened, in part reworded
    or with new figures."""
    pick = random.Random(11)
    words = ["".join(pick.choice("bdfgklmnprstv") + pick.choice("aeiou") for _ in range(3)) for _ in range(900)]
    texts: list[str] = []
    for n in range(count):
        if n % 3 or not texts:
            figures = [str(pick.randrange(100, 9999)) for _ in range(6)]
            texts.append(" ".join(pick.sample(words, pick.choice((12, 60, 130, 300))) + figures))
            continue
        parts = pick.choice(texts).split()
        change = pick.randrange(4)
        if change == 0:
            parts = parts[: len(parts) * 2 // 3]
        elif change == 1:
            parts += pick.sample(words, len(parts) // 2)
        elif change == 2:
            parts[:: len(parts) // 4] = pick.sample(words, len(parts[:: len(parts) // 4]))
        else:
            parts = [str(pick.randrange(100, 9999)) if part.isdigit() else part for part in parts]
        texts.append(" ".join(parts))
    return [made(f"s{n}", text, published=f"2019-03-{1 + n % 20:02}T05:00:00Z") for n, text in enumerate(texts)]


def test_in_bulk_the_same_copies_are_found_as_on_arrival() -> None:
    documents = scattered(400)
    arrived, bulk = placed(*documents), bulk_placed(*documents)
    assert sum(one.copy_of is not None for one in arrived) > 60
    assert [one.family for one in bulk] == [one.family for one in arrived]
    pairs = [(one, other) for one, other in zip(arrived, bulk, strict=True) if one.copy_of == other.copy_of]
    assert len(pairs) > 390
    assert [one.kind for one, _ in pairs] == [other.kind for _, other in pairs]


def test_in_bulk_batches_change_nothing() -> None:
    documents = scattered(300)
    bulk = Bulk(rules())
    for start in range(0, 300, 7):
        bulk.add(documents[start : start + 7])
    assert list(bulk.memberships()) == bulk_placed(*documents)


@pytest.mark.parametrize("text", ["", " ", "a", "a b", "👍", "中国" * 40, "1,2,3.4.5", "x" * 5000])
def test_in_bulk_strange_texts_have_a_place(text: str) -> None:
    one, two = bulk_placed(made("a", text), made("b", WIRE))
    assert (one.family, two.family) == ("a", "b")


def test_in_bulk_nothing_gives_nothing() -> None:
    assert bulk_placed() == []


def test_words_in_bulk_are_the_words_of_one_text() -> None:
    joined = words_of("\n".join([WIRE, "", RUSSIAN, "1,5"]), rules())
    apart = [word for text in (WIRE, RUSSIAN, "1,5") for word in tokens(text, rules()).word.tolist()]
    assert joined.word.tolist() == apart


def test_families_alone_are_those_that_grouping_finds() -> None:
    """Reading asks for families only, so that no story is weighed for an origin."""
    texts = [one for _, one in headlines()]
    copy = dataclasses.replace(texts[0], key="d-copy", input="copy")
    grouping, families = Grouping(rules()), Families(rules())
    for one in [*texts, copy]:
        assert families.add(one) == grouping.add(one).family
