"""People and what they may do, and the audit log: for admins."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from tocsin.desk.account import revoke
from tocsin.desk.codes import Codes
from tocsin.desk.context import Desk, Refused
from tocsin.desk.entrance import DeskOf, VisitOf
from tocsin.desk.rendering import page, see
from tocsin.desk.roles import RANKS
from tocsin.home import Home
from tocsin.press import Press
from tocsin.state import Person, Role

router = APIRouter()
_AUDIT_ROWS = 100


def invite(home: Home, pseudonym: str, name: str, role: Role, now: str) -> tuple[Person, str]:
    """A new person and the code with which they enrol. The pseudonym is public beside what they sign, the name is
    for the desk alone. Raises tocsin.press.Refused where the pseudonym is taken or can't be one."""
    person = Press(home).people.add(pseudonym, name, role, now)
    return person, Codes(home.state).invite(person.id, now)


@router.get("/desk/people")
def people(request: Request, desk: DeskOf, visit: VisitOf) -> Response:
    return _people(request, desk, visit.fresh_until)


@router.post("/desk/people")
def invite_person(
    request: Request,
    desk: DeskOf,
    visit: VisitOf,
    pseudonym: Annotated[str, Form(min_length=1, max_length=40)],
    role: Annotated[Role, Form()],
    name: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    if not name.isprintable():
        raise Refused(422, "Expected a name that can be printed.")
    person, code = invite(desk.home, pseudonym, name.strip() or pseudonym, role, desk.now())
    desk.note(visit.person.id, "invite", f"{person.id} as {role}")
    return _people(request, desk, visit.fresh_until, invited=person, code=code)


@router.post("/desk/people/{person}/invitation")
def invite_again(request: Request, desk: DeskOf, visit: VisitOf, person: str) -> Response:
    """A new code for somebody who lost every passkey and every recovery code."""
    found = _known(desk, person)
    code = desk.codes.invite(found.id, desk.now())
    desk.note(visit.person.id, "invite", found.id)
    return _people(request, desk, visit.fresh_until, invited=found, code=code)


@router.post("/desk/people/{person}/role")
def change_role(desk: DeskOf, visit: VisitOf, person: str, role: Annotated[Role, Form()]) -> Response:
    """Another role from now on. Sessions end, so that none goes on under the old one."""
    found = _known(desk, person)
    if role != "admin":
        _not_the_last_admin(desk, found)
    desk.press.people.set_role(found.id, role)
    desk.sessions.end_all(found.id)
    desk.note(visit.person.id, "change role", f"{found.id}: {found.role} to {role}")
    return see("/desk/people")


@router.post("/desk/people/{person}/sessions/revoke")
def end_sessions(desk: DeskOf, visit: VisitOf, person: str) -> Response:
    ended = desk.sessions.end_all(_known(desk, person).id)
    desk.note(visit.person.id, "end sessions", f"{person}: {ended}")
    return see("/desk/people")


@router.post("/desk/people/{person}/keys/{key}/revoke")
def revoke_key(
    desk: DeskOf, visit: VisitOf, person: str, key: str, why: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """A key that was lost or may be in other hands: it signs no more, and whoever is logged in with it is out."""
    found = _known(desk, person)
    revoke(desk, visit, found, key, why.strip() or "by an admin")
    return see("/desk/people")


@router.post("/desk/people/{person}/erase")
def erase(desk: DeskOf, visit: VisitOf, person: str) -> Response:
    """The person, their keys and sessions are gone; what they signed stays, under their pseudonym."""
    found = _known(desk, person)
    _not_the_last_admin(desk, found)
    desk.home.state.erase_person(found.id)
    desk.note(visit.person.id, "erase person", found.id)
    return see("/desk/people")


@router.get("/desk/audit")
def audit(request: Request, desk: DeskOf, below: Annotated[int | None, Query(ge=1, le=2**62)] = None) -> Response:
    acts = desk.audit.latest(_AUDIT_ROWS, below)
    names = {p.id: p.name for p in desk.home.state.people()}
    older = acts[-1].number if acts and acts[-1].number > 1 else None
    return page(request, "audit.html", acts=acts, names=names, older=older)


def _known(desk: Desk, person: str) -> Person:
    found = desk.person(person)
    if found is None:
        raise Refused(404, "There is no such person.")
    return found


def _not_the_last_admin(desk: Desk, person: Person) -> None:
    admins = {p.id for p in desk.home.state.people() if p.role == "admin"}
    if admins == {person.id}:
        raise Refused(409, "This is the last admin; make another one first.")


def _people(
    request: Request, desk: Desk, fresh_until: str, invited: Person | None = None, code: str | None = None
) -> Response:
    state, now = desk.home.state, desk.now()
    everybody = [(p, state.credentials(p.id), len(desk.sessions.open(p.id, now))) for p in state.people()]
    return page(
        request,
        "people.html",
        people=everybody,
        roles=RANKS,
        invited=invited,
        code=code,
        fresh=fresh_until >= now,
    )
