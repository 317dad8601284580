"""Coming in: log in by passkey, enrol one with a one-time code, show it again, leave."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from tocsin.desk.context import Desk, Refused, desk_of, visit_of
from tocsin.desk.passkeys import NoPasskey
from tocsin.desk.rendering import STATIC, page, see, static_file
from tocsin.desk.sessions import COOKIE, LONGEST_SECONDS, Visit

router = APIRouter()
DeskOf = Annotated[Desk, Depends(desk_of)]
VisitOf = Annotated[Visit, Depends(visit_of)]
_FAILED = "That passkey or code was not accepted."  # the same for every reason, so that nothing can be learnt from it


class Shown(BaseModel):
    """A browser's answer: a passkey as `toJSON` writes it."""

    credential: dict[str, Any]


class Code(BaseModel):
    code: Annotated[str, Field(max_length=100)]


class Made(Shown, Code):
    """A new passkey, with the code that allowed it and the name that its owner gives it."""

    label: Annotated[str, Field(max_length=60)] = ""


@router.get("/desk/static/{name}")
def static(name: str) -> Response:
    if name not in STATIC:
        raise Refused(404, "There is no such file.")
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(static_file(name), media_type=STATIC[name], headers=headers)


@router.get("/desk/login")
def login_page(request: Request) -> Response:
    return page(request, "login.html")


@router.post("/desk/login/challenge")
def login_challenge(desk: DeskOf) -> JSONResponse:
    return JSONResponse(desk.passkeys.request("log in", "", desk.now()))


@router.post("/desk/login")
def login(request: Request, desk: DeskOf, shown: Shown) -> JSONResponse:
    now = desk.now()
    try:
        key = desk.passkeys.check(shown.credential, "log in", "", now)
    except NoPasskey as error:
        desk.note("", "log in refused", str(error))
        raise Refused(401, _FAILED) from error
    desk.note(key.person, "log in", key.label)
    return _with_cookie({"to": "/desk"}, desk.sessions.start(key.person, now, request.cookies.get(COOKIE, "")))


def _with_cookie(body: dict[str, str], token: str) -> JSONResponse:
    response = JSONResponse(body)
    response.set_cookie(COOKIE, token, max_age=LONGEST_SECONDS, path="/", secure=True, httponly=True, samesite="strict")
    return response


@router.get("/desk/enrol")
def enrol_page(request: Request) -> Response:
    return page(request, "enrol.html")


@router.post("/desk/enrol/challenge")
def enrol_challenge(desk: DeskOf, given: Code) -> JSONResponse:
    now = desk.now()
    person = desk.person(desk.codes.holder(given.code, now) or "")
    if person is None:
        desk.note("", "enrol refused", "no such code")
        raise Refused(401, _FAILED)
    return JSONResponse(desk.passkeys.enrolment(person, given.code, now))


@router.post("/desk/enrol")
def enrol(desk: DeskOf, made: Made) -> JSONResponse:
    now = desk.now()
    person = desk.codes.holder(made.code, now)
    try:
        if person is None:
            raise NoPasskey("no such code")
        key = desk.passkeys.enrol(person, made.code, _label(made.label), made.credential, now)
        if not desk.codes.spend(made.code, now):
            raise NoPasskey("the code was used meanwhile")
    except NoPasskey as error:
        desk.note(person or "", "enrol refused", str(error))
        raise Refused(401, _FAILED) from error
    desk.home.state.add_credential(key)
    desk.note(person, "enrol", key.label)
    return JSONResponse({"to": "/desk/login"})


def _label(label: str) -> str:
    """'key' alone is what key files of the command line are called."""
    said = label.strip()
    return "passkey" if said in ("", "key") else said


@router.post("/desk/confirm/challenge")
def confirm_challenge(desk: DeskOf, visit: VisitOf) -> JSONResponse:
    return JSONResponse(desk.passkeys.request("confirm", visit.session, desk.now()))


@router.post("/desk/confirm")
def confirm(desk: DeskOf, visit: VisitOf, shown: Shown) -> JSONResponse:
    now = desk.now()
    try:
        key = desk.passkeys.check(shown.credential, "confirm", visit.session, now)
        if key.person != visit.person.id:
            raise NoPasskey("a passkey of somebody else")
    except NoPasskey as error:
        desk.note(visit.person.id, "confirm refused", str(error))
        raise Refused(403, _FAILED) from error
    desk.note(visit.person.id, "confirm", key.label)
    return _with_cookie({"to": "/desk/account"}, desk.sessions.confirm(visit.session, now))


@router.post("/desk/logout")
def logout(desk: DeskOf, visit: VisitOf) -> Response:
    desk.sessions.end(visit.session)
    desk.note(visit.person.id, "log out")
    response = see("/desk/login")
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    response.headers["Clear-Site-Data"] = '"storage"'
    return response
