"""One name in several spellings: of several languages, and with errors, within a document."""

from __future__ import annotations

import pytest

from tocsin.interpret import spellings
from tocsin.interpret.study import actors_rows
from tocsin.rules.roles import roles_of
from world import document, rules

ROLES = roles_of(rules(), "en")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Shevchenko", "Chevtchenko"),
        ("Zhukov", "Joukov"),
        ("Khrapunov", "Jrapunov"),
        ("Yusupov", "Ioussoupov"),
        ("Mikhailov", "Mijailov"),
        ("Tchernov", "Chernov"),
        ("Qasim", "Kassim"),
        ("Hussaini", "Husaini"),
        ("Wassiljew", "Vasilyev"),
    ],
)
def test_romanisations_of_one_name_are_alike(left: str, right: str) -> None:
    assert spellings.alike(left, right, ROLES)
    assert spellings.alike(right, left, ROLES)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Ryabkov", "Rybkin"),
        ("Ivanov", "Antonov"),
        ("Petrov", "Petkov"),
        ("Martinez", "Martin"),
        ("Hassan", "Hansen"),
        ("Kerry", "Perry"),
        ("Park", "Bark"),
    ],
)
def test_names_of_two_people_are_not(left: str, right: str) -> None:
    assert not spellings.alike(left, right, ROLES)


def test_the_distance_is_symmetric_and_nought_for_the_same() -> None:
    confused = spellings.sounds(ROLES).confused
    keys = [spellings.key(name, ROLES) for name in ("Zakharova", "Sacharowa", "Zajarova", "Schukow")]
    for left in keys:
        assert spellings.difference(left, left, confused) == 0
        for right in keys:
            assert spellings.difference(left, right, confused) == spellings.difference(right, left, confused)


def ids(text: str) -> list[tuple[str, str]]:
    return [(row["text"], row["id"]) for row in actors_rows(document(text), rules())]


def test_another_spelling_on_the_same_page_is_the_same_person() -> None:
    found = dict(ids("Boris Khrapunov arrived on Monday. On Tuesday, Jrapunov met the press, and Mr. Khrapunof left."))
    assert found["Jrapunov"] == found["Boris Khrapunov"] == "name/khrapunov-boris"


def test_a_known_person_is_known_in_a_spelling_that_no_list_holds() -> None:
    (known,) = {id_ for _, id_ in ids("Maria Zakharova spoke.")}
    assert dict(ids("Mariya Sakharowa spoke on Monday.")).get("Mariya Sakharowa") in (known, "name/sakharowa-mariya")
    assert (
        dict(ids("Sergueï Lawrow spoke on Monday."))["Sergueï Lawrow"]
        == dict(ids("Sergey Lavrov spoke."))["Sergey Lavrov"]
    )


def test_a_namesake_with_another_first_name_is_somebody_else() -> None:
    assert dict(ids("Ivan Sacharow spoke on Monday."))["Ivan Sacharow"] == "name/sacharow-ivan"
