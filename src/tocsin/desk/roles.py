"""Who may do what at the desk: one table, and one guard in front of every route.

A route that is not in the table can't be served: `check_table` refuses to start with one.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute

from tocsin.desk.context import Desk, Refused, desk_of
from tocsin.desk.sessions import COOKIE, Visit
from tocsin.state import Role

RANKS: tuple[Role, ...] = get_args(Role)
SAFE_METHODS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Need:
    """What a route asks for. `role` is the least that may; None where nobody need be logged in. `fresh`: the
    passkey was shown within the last minutes."""

    role: Role | None
    fresh: bool = False


_ANYBODY, _READER, _ANALYST, _APPROVER = Need(None), Need("reader"), Need("analyst"), Need("approver")
_OWN_KEYS, _ADMIN, _ADMIN_FRESH = Need("reader", fresh=True), Need("admin"), Need("admin", fresh=True)

TABLE: Mapping[tuple[str, str], Need] = {
    ("GET", "/desk/static/{name}"): _ANYBODY,
    ("GET", "/desk/login"): _ANYBODY,
    ("POST", "/desk/login/challenge"): _ANYBODY,
    ("POST", "/desk/login"): _ANYBODY,
    ("GET", "/desk/enrol"): _ANYBODY,
    ("POST", "/desk/enrol/challenge"): _ANYBODY,
    ("POST", "/desk/enrol"): _ANYBODY,
    ("GET", "/desk"): _READER,
    ("POST", "/desk/logout"): _READER,
    ("POST", "/desk/confirm/challenge"): _READER,
    ("POST", "/desk/confirm"): _READER,
    ("GET", "/desk/account"): _READER,
    ("POST", "/desk/account/recovery-codes"): _OWN_KEYS,
    ("POST", "/desk/account/invitation"): _OWN_KEYS,
    ("POST", "/desk/account/keys/{key}/revoke"): _OWN_KEYS,
    ("POST", "/desk/account/sessions/revoke"): _OWN_KEYS,
    ("GET", "/desk/area/{area}"): _READER,
    ("POST", "/desk/area/{area}/looked"): _READER,
    ("GET", "/desk/finding/{key}"): _READER,
    ("GET", "/desk/document/{key}"): _READER,
    ("GET", "/desk/disputed"): _READER,
    ("GET", "/desk/notes"): _READER,
    ("POST", "/desk/notes"): _ANALYST,
    ("POST", "/desk/statement/{key}/answer"): _ANALYST,
    ("GET", "/desk/bulletins"): _READER,
    ("GET", "/desk/bulletin/{bulletin}"): _READER,
    ("GET", "/desk/draft/{draft}"): _READER,
    ("GET", "/desk/draft/{draft}/state"): _READER,
    ("POST", "/desk/area/{area}/draft"): _ANALYST,
    ("POST", "/desk/draft/{draft}/words"): _ANALYST,
    ("POST", "/desk/draft/{draft}/undo"): _ANALYST,
    ("POST", "/desk/bulletin/{bulletin}/correction"): _ANALYST,
    ("POST", "/desk/draft/{draft}/challenge"): _APPROVER,
    ("POST", "/desk/draft/{draft}/signature"): _APPROVER,
    ("POST", "/desk/draft/{draft}/publish"): _APPROVER,
    ("GET", "/desk/people"): _ADMIN,
    ("POST", "/desk/people"): _ADMIN_FRESH,
    ("POST", "/desk/people/{person}/role"): _ADMIN_FRESH,
    ("POST", "/desk/people/{person}/invitation"): _ADMIN_FRESH,
    ("POST", "/desk/people/{person}/sessions/revoke"): _ADMIN,
    ("POST", "/desk/people/{person}/keys/{key}/revoke"): _ADMIN_FRESH,
    ("POST", "/desk/people/{person}/erase"): _ADMIN_FRESH,
    ("GET", "/desk/audit"): _ADMIN,
}


def check_table(routes: Iterable[Any]) -> None:
    """Raise ValueError unless the table and the desk's routes are the same."""
    served = {(m, r.path_format) for r in routes if isinstance(r, APIRoute) for m in r.methods or ()}
    if served != set(TABLE):
        raise ValueError(f"routes and table of roles differ: {sorted(served ^ set(TABLE))}")


async def guard(request: Request) -> None:
    """In front of every route: rate, origin, session, role, form token, freshness; in this order."""
    desk, need = desk_of(request), TABLE[request.method, request.scope["route"].path_format]
    visit = await run_in_threadpool(_visit, request, desk)
    try:
        await _check(request, desk, need, visit)
    except Refused as refusal:
        if refusal.status == 403 and not refusal.confirm:
            who, what = visit.person.id if visit else "", f"{request.method} {request.url.path}: {refusal.message}"
            await run_in_threadpool(desk.note, who, "refused", what)
        raise


async def _check(request: Request, desk: Desk, need: Need, visit: Visit | None) -> None:
    changes = request.method not in SAFE_METHODS
    _within_rate(request, desk, need, visit, changes)
    if changes:
        _same_origin(request, desk)
    if need.role is None:
        return
    if visit is None:
        raise Refused(401, "Log in first.")
    request.state.visit = visit
    if RANKS.index(visit.person.role) < RANKS.index(need.role):
        raise Refused(403, f"This takes the role of {need.role}; yours is {visit.person.role}.")
    if changes:
        await _form_token(request, visit)
    if need.fresh and visit.fresh_until < desk.now():
        raise Refused(403, "Show your passkey again first: this changes keys or people.", confirm=True)


def _visit(request: Request, desk: Desk) -> Visit | None:
    token = request.cookies.get(COOKIE)
    return desk.sessions.visit(token, desk.now()) if token else None


def _same_origin(request: Request, desk: Desk) -> None:
    """Browsers say where a request that changes something comes from; it must be a page of this desk."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin != desk.party.origin or site not in (None, "same-origin"):
        raise Refused(403, "This request does not come from a page of this desk.")


def _within_rate(request: Request, desk: Desk, need: Need, visit: Visit | None, changes: bool) -> None:
    address = request.client.host if request.client else ""
    who = visit.person.id if visit else address
    kind = "read" if not changes else "write" if need.role else "entry"
    wait = desk.limits.wait(kind, address if kind == "entry" else who)
    if wait:
        raise Refused(429, f"Too many requests; try again in {wait} seconds.", retry_after=wait)


async def _form_token(request: Request, visit: Visit) -> None:
    """A second proof that the request comes from our own form, should a browser say nothing of its origin."""
    given = request.headers.get("x-desk-token")
    if given is None:
        given = str((await request.form()).get("form_token", ""))
    if not hmac.compare_digest(given.encode(), visit.form_token.encode()):
        raise Refused(403, "The form is out of date; load the page again.")
