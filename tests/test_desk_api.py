"""Whatever is sent to any route, of the desk or of the subscriptions, the answer is never a fault of ours.

Schemathesis makes requests from the routes' own schema, good ones and broken ones, as an admin and as a stranger.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from desks import ORIGIN, Office
from tocsin.desk.sessions import COOKIE

ERASES = ("/desk/people/{person}/erase", "/desk/people/{person}/role")


def schema_of(office: Office) -> Any:
    schema = schemathesis.openapi.from_dict(office.app.openapi())
    schema.app = office.app
    return schema


def known(office: Office) -> dict[str, str]:
    """Names that are there, for the parameters of paths."""
    edition = office.desk.reading.edition()
    assert edition is not None
    finding = next(one for one in edition.findings.values() if one.asserted)
    statement = office.home.ledger.statement(finding.asserted[0])
    assert statement is not None
    draft = office.desk.press.propose(
        "korea", "heron", office.clock.now(), 4, "So that there is a draft to be tried with."
    )
    return {"area": "korea", "key": finding.key, "draft": draft.id, "person": "heron", "name": "desk.css"}


def admin(office: Office) -> dict[str, Any]:
    """Headers and cookie of somebody who has just logged in."""
    token = office.desk.sessions.start("heron", office.clock.now())
    visit = office.desk.sessions.visit(token, office.clock.now())
    assert visit is not None
    headers = {"Origin": ORIGIN, "Host": "desk.example", "X-Desk-Token": visit.form_token}
    return {"headers": headers, "cookies": {COOKIE: token}}


def stranger(office: Office) -> dict[str, Any]:
    return {"headers": {"Origin": ORIGIN, "Host": "desk.example"}}


def tried(office: Office, examples: int) -> Counter[int]:
    """Requests to every operation; how often which status came. Raises where an answer is a fault of ours."""
    office.invited("Heron", "admin")
    office.invited("Tern", "admin")
    real, came = known(office), Counter[int]()
    operations = [found.ok() for found in schema_of(office).get_all_operations()]
    assert len(operations) > 40
    for operation in operations:
        try_one(operation, office, real, came, examples)
    return came


def try_one(operation: Any, office: Office, real: dict[str, str], came: Counter[int], examples: int) -> None:
    kinds = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(case=st.one_of(kinds), there=st.booleans(), who=st.sampled_from([admin, admin, stranger]))
    def answers(case: Any, there: bool, who: Any) -> None:
        office.clock.seconds += 60  # no limit of rate
        if there and operation.path not in ERASES:
            given_names = case.path_parameters or {}
            case.path_parameters = {name: real.get(name, value) for name, value in given_names.items()}
        response = case.call(base_url=ORIGIN, **who(office))
        came[response.status_code] += 1
        assert response.status_code < 500, (operation.label, response.text[:500])

    answers()


def test_no_request_makes_the_desk_fail(office: Office) -> None:
    came = tried(office, 3)
    assert came[200] > 10
    assert came[422] + came[404] > 10
    assert came[303] + came[401] > 10


@pytest.mark.prove
def test_no_request_of_many_makes_the_desk_fail(office: Office) -> None:
    assert sum(tried(office, 200).values()) > 5_000
