"""Turning templates into answers. Everything that is put into a page is escaped; no template marks anything as safe."""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from tocsin.desk.context import desk_of
from tocsin.desk.sessions import Visit
from tocsin.publish.bulletin import readable
from tocsin.publish.site import odds_range

STATIC = {"htmx.min.js": "text/javascript", "desk.js": "text/javascript", "desk.css": "text/css"}


@functools.cache
def _templates() -> Environment:
    # What a level looks like (levels.html) is the public pages' affair.
    loader = ChoiceLoader([PackageLoader("tocsin.desk"), PackageLoader("tocsin.publish")])
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["readable"] = readable
    made.filters["odds_range"] = odds_range
    return made


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of the desk, with what all of them show: who is logged in, what this home is, where one stands."""
    desk = desk_of(request)
    visit: Visit | None = getattr(request.state, "visit", None)
    shown = _templates().get_template(template)
    html = shown.render(home=desk.home, visit=visit, path=request.url.path, **values)
    # A report may hold half a character; it must not cost us the page.
    return HTMLResponse(html.encode("utf-8", "replace"), status_code=status)


def see(path: str) -> Response:
    """After something was changed: go there with a GET, so that loading the page again changes nothing."""
    return RedirectResponse(path, status_code=303)


@functools.cache
def static_file(name: str) -> bytes:
    """A file that the desk's pages load. The public pages' style comes before the desk's own."""
    own = (files("tocsin.desk") / "static" / name).read_bytes()
    if name != "desk.css":
        return own
    return (files("tocsin.publish") / "templates" / "style.css").read_bytes() + own
