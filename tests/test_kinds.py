"""Kinds of pages: reviews, sport and looks back are told from reports of what happens. All sentences are ours."""

from __future__ import annotations

import pytest

from tocsin.extract.flags import flags_of
from world import rules

MADE_UP = [
    ("Cold Harbour", "In the thriller Cold Harbour a colonel steals a warhead and threatens Oslo. Starring Jane Roe."),
    ("Film: The Long Silence", "A general orders a strike on the capital; the fleet sails."),
    ("Video game review: Iron Coast", "Players invade the north with 40,000 troops and launch missiles."),
    ("War at your desk", "The new strategy game Iron Coast lets players bomb the ports of Norway. Score: 6 of 10."),
    ("A winter's reading", "The novel Grey Fleet follows a captain who sinks a carrier. Four out of five stars."),
    ("Rovers beat Town in derby", "They bombarded the goal and struck twice in the last ten minutes. He scored twice."),
]
REAL = [
    ("Bomb kills three at film festival", "A bomb killed three people at a film festival in the capital, police said."),
    (
        "Football riot leaves nine dead",
        "Police fired tear gas after the final whistle of the cup final. Nine died.",
    ),
    ("Troops guard World Cup stadium", "Soldiers were deployed before the kick-off of the World Cup in the capital."),
    ("Actor joins army", "The star of a war film has joined the army and was sent to the front on Monday."),
    ("Minister wins vote", "The minister survived a vote of seven to ten. The goal is to end the strike, he said."),
]
PAST = [
    ("Fifty-seven years on: the lessons of a blockade", "In October 1962 the ships turned back."),
    ("Twenty-five years later, the wall is a memory", "The border was open by midnight."),
    ("Three weeks in autumn", "This essay looks back at what the leaders knew."),
]
NEW = [
    ("Ten years in prison for general", "A general was sentenced to ten years in prison on Monday."),
    ("Blast hits consulate on anniversary of attack", "An explosion hit the consulate on Wednesday, officials said."),
    ("2 years after withdrawal, army returns", "The government said on Monday that it was sending troops again."),
]


@pytest.mark.parametrize(("title", "text"), MADE_UP)
def test_reviews_and_sport_are_made_up_war(title: str, text: str) -> None:
    assert "fiction" in flags_of(title, None, text, (), rules())


@pytest.mark.parametrize(("title", "text"), REAL)
def test_reports_that_mention_films_and_games_are_reports(title: str, text: str) -> None:
    assert flags_of(title, None, text, (), rules()) == ()


@pytest.mark.parametrize(("title", "text"), PAST)
def test_looks_back_are_flagged(title: str, text: str) -> None:
    assert "retrospective" in flags_of(title, None, text, (), rules())


@pytest.mark.parametrize(("title", "text"), NEW)
def test_news_with_years_in_it_is_no_look_back(title: str, text: str) -> None:
    assert "retrospective" not in flags_of(title, None, text, (), rules())


@pytest.mark.parametrize(
    ("title", "flag"),
    [
        ("Kommentar: Warum die Meerenge zählt", "opinion"),
        ("No podemos esperar | Editorial", "opinion"),
        ("Décryptage - la crise du détroit", "analysis"),
        ("Кризис в проливе. Онлайн", "live-blog"),
        ("La crisi dello stretto, minuto per minuto", "live-blog"),
        ("Satire: Nation erklärt dem Montag den Krieg", "satire"),
        ("60 лет назад: ракеты на Кубе", "retrospective"),
        ("Il y a soixante ans, des missiles à Cuba", "retrospective"),
        ("Persbericht van het ministerie", "press-release"),
        ("Рецензия: Последнее лето", "fiction"),
    ],
)
def test_kinds_are_told_in_other_languages_too(title: str, flag: str) -> None:
    assert flag in flags_of(title, None, "", (), rules())


@pytest.mark.parametrize(
    "title",
    [
        "Explosion vor Konsulat am 20. Jahrestag des Anschlags",
        "Veinte años después de la retirada, el ejército regresa",
        "Vingt ans après le retrait, l’armée revient",
        "Двадцать лет спустя армия возвращается",
        "La opinión del ministro: no habrá guerra",
        "Kommandant meldet Landung in der Bucht",
    ],
)
def test_news_in_other_languages_is_news(title: str) -> None:
    assert flags_of(title, None, "", (), rules()) == ()
