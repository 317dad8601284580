"""The desk as a web application: its routes behind one guard, strict headers on everything, its own error pages."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from tocsin import press
from tocsin.archive import ArchiveError, Busy
from tocsin.desk import roles
from tocsin.desk.account import router as account
from tocsin.desk.bulletins import router as bulletins
from tocsin.desk.context import Desk, Refused
from tocsin.desk.entrance import router as entrance
from tocsin.desk.evidence import router as evidence
from tocsin.desk.notes import router as notes
from tocsin.desk.people import router as people
from tocsin.desk.rendering import page, see
from tocsin.home import HomeError
from tocsin.ledger import LedgerError

MOST_BYTES = 256 * 1024
ROUTERS = (entrance, account, evidence, notes, bulletins, people)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # 'no-referrer' would take the Origin from our own forms
    "Permissions-Policy": "publickey-credentials-get=(self), publickey-credentials-create=(self), camera=(), "
    "geolocation=(), microphone=(), payment=(), usb=()",
}


def add_desk(app: FastAPI, desk: Desk) -> None:
    """Put the desk under /desk of an application."""
    app.state.desk = desk
    roles.check_table(route for router in ROUTERS for route in router.routes)
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(roles.guard)])
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _http_fault)
    app.add_exception_handler(RequestValidationError, _bad_form)
    for fault in (HomeError, LedgerError, ArchiveError):
        app.add_exception_handler(fault, _home_fault)
    app.add_exception_handler(press.Refused, _press_refused)
    _in_front(app, desk)


def _in_front(app: FastAPI, desk: Desk) -> None:
    """Before any route: the right host name and a bounded body. After it: headers."""
    host = urlsplit(desk.party.origin).netloc

    @app.middleware("http")
    async def front(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        if not under_desk(request):
            return await answer(request)
        if request.headers.get("host") != host:
            # Another name for this address may be somebody's who wants to read the desk through a browser.
            response: Response = JSONResponse({"error": f"open the desk at {desk.party.origin}/desk"}, 421)
        elif not _bounded(request):
            response = JSONResponse({"error": f"more than {MOST_BYTES} bytes, or of unknown length"}, 413)
        else:
            response = await answer(request)
        response.headers.update(HEADERS)
        return response


def under_desk(request: Request) -> bool:
    return request.url.path == "/desk" or request.url.path.startswith("/desk/")


def _bounded(request: Request) -> bool:
    """Bodies say how long they are, and are short: parsing one must not cost us the machine."""
    if "transfer-encoding" in request.headers:
        return False
    length = request.headers.get("content-length", "0")
    return length.isascii() and length.isdigit() and len(length) < 10 and int(length) <= MOST_BYTES


def _fault(request: Request, status: int, message: str, *, confirm: bool = False) -> Response:
    """The error as a page, or as JSON for the script that shows passkeys."""
    if not under_desk(request) or request.headers.get("content-type", "").startswith("application/json"):
        return JSONResponse({"error": message}, status)
    return page(request, "error.html", status=status, title=_TITLES.get(status, "That did not work"), message=message,
                confirm=confirm)  # fmt: skip


_LOG = logging.getLogger(__name__)
_BUSY = "Another program is writing to the archive; try again in a minute."
_BROKEN = "The desk can't do that now; whoever runs it finds the reason in its log."
_TITLES = {401: "Log in", 403: "Not allowed", 404: "Not here", 409: "Not now", 422: "Not understood",
           429: "Too many requests", 503: "Not ready"}  # fmt: skip


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    if error.status == 401 and request.method in roles.SAFE_METHODS:
        return see("/desk/login")
    response = _fault(request, error.status, error.message, confirm=error.confirm)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


async def _http_fault(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    response = _fault(request, error.status_code, str(error.detail))
    response.headers.update(error.headers or {})
    return response


async def _bad_form(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    places = sorted({".".join(str(part) for part in fault["loc"][1:]) for fault in error.errors()})
    return _fault(request, 422, f"Some of what was sent is missing or not of its kind: {', '.join(places)}.")


async def _press_refused(request: Request, error: Exception) -> Response:
    return _fault(request, 409, f"Refused: {error}.")


async def _home_fault(request: Request, error: Exception) -> Response:
    """What only whoever runs the desk can mend: they find the reason in the server's log, readers a plain word."""
    _LOG.error("%s %s: %s", request.method, request.url.path, error)
    busy = isinstance(error, Busy)
    return _fault(
        request, 503, _BUSY if busy else "The desk can't do that now; whoever runs it finds the reason in its log."
    )
