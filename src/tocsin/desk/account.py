"""One's own keys, codes and sessions."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from tocsin.desk.context import Desk, Refused
from tocsin.desk.entrance import DeskOf, VisitOf
from tocsin.desk.rendering import page, see
from tocsin.desk.roles import RANKS
from tocsin.desk.sessions import Visit
from tocsin.state import Person

router = APIRouter()


@router.get("/desk/account")
def account(request: Request, desk: DeskOf, visit: VisitOf) -> Response:
    return _account(request, desk, visit)


@router.post("/desk/account/recovery-codes")
def recovery_codes(request: Request, desk: DeskOf, visit: VisitOf) -> Response:
    """New recovery codes, shown this once."""
    codes = desk.codes.recovery(visit.person.id, desk.now())
    desk.note(visit.person.id, "make recovery codes")
    return _account(request, desk, visit, codes=codes)


@router.post("/desk/account/invitation")
def invitation(request: Request, desk: DeskOf, visit: VisitOf) -> Response:
    """A code with which to enrol a second passkey, on another device."""
    code = desk.codes.invite(visit.person.id, desk.now())
    desk.note(visit.person.id, "invite", visit.person.id)
    return _account(request, desk, visit, invitation=code)


@router.post("/desk/account/keys/{key}/revoke")
def revoke_key(desk: DeskOf, visit: VisitOf, key: str) -> Response:
    """One's own key counts no longer; whoever was logged in, with this key or another, logs in again."""
    revoke(desk, visit, visit.person, key, "by its owner")
    return see("/desk/account")


@router.post("/desk/account/sessions/revoke")
def revoke_sessions(desk: DeskOf, visit: VisitOf) -> Response:
    """Log out everywhere, here too."""
    ended = desk.sessions.end_all(visit.person.id)
    desk.note(visit.person.id, "end sessions", f"{visit.person.id}: {ended}")
    return see("/desk/login")


def revoke(desk: Desk, visit: Visit, person: Person, key: str, why: str) -> None:
    """Take a key of this person's out of use; that of somebody who may sign is told in the public log as revoked.

    Raises Refused where there is none such in use.
    """
    state, now = desk.home.state, desk.now()
    if key not in {c.id for c in state.credentials(person.id) if c.revoked is None}:
        raise Refused(404, "There is no such key in use.")
    if RANKS.index(person.role) >= RANKS.index("approver"):
        desk.press.people.revoke(key, why, desk.here())
        desk.press.settle()
    else:
        state.revoke(key, now)
    desk.note(visit.person.id, "revoke key", f"{person.id}: {key}: {why}")


def _account(
    request: Request, desk: Desk, visit: Visit, codes: tuple[str, ...] = (), invitation: str | None = None
) -> Response:
    return page(
        request,
        "account.html",
        keys=desk.home.state.credentials(visit.person.id),
        sessions=desk.sessions.open(visit.person.id, desk.now()),
        codes_left=desk.codes.left(visit.person.id),
        codes=codes,
        invitation=invitation,
        fresh=visit.fresh_until >= desk.now(),
    )
