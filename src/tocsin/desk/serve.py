"""Serving over HTTP: the public pages as static files that change nothing, and the desk under /desk."""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

from tocsin.channels import subscribe
from tocsin.desk.app import add_desk, under_desk
from tocsin.desk.context import Desk, open_desk
from tocsin.home import Home

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PUBLIC_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
_TLS_ONLY = f"max-age={365 * 24 * 3600}; includeSubDomains"
MEDIA_TYPES = {".atom": "application/atom+xml", ".rss": "application/rss+xml", ".pem": "application/x-pem-file"}


def application(site: Path, desk: Desk | None = None) -> FastAPI:
    """The pages below `site`, with headers that let no script run and no other site frame them; and the desk."""
    for ending, media_type in MEDIA_TYPES.items():
        mimetypes.add_type(media_type, ending)
    app = FastAPI(title="Tocsin", docs_url=None, redoc_url=None, openapi_url=None)
    secure = {"Strict-Transport-Security": _TLS_ONLY} if desk and desk.party.origin.startswith("https:") else {}
    if desk is not None:
        add_desk(app, desk)
        app.include_router(subscribe.router(desk.home.subscriptions, desk.here))

    @app.middleware("http")
    async def guard(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await answer(request)
        headers = HEADERS | secure | ({} if under_desk(request) else PUBLIC_HEADERS)
        for name, value in headers.items():
            response.headers.setdefault(name, value)  # pages with forms bring a policy of their own
        return response

    @app.get("/", include_in_schema=False)
    async def index() -> FileResponse:
        return FileResponse(site / "index.html")

    app.mount("/", StaticFiles(directory=site, html=True))
    return app


def serve(home: Home, host: str, port: int, seconds: int | None = None, origin: str | None = None) -> None:
    """Write the site of what people signed and serve it, with the desk, until interrupted or for some seconds.

    `origin` is where people reach the desk ('https://desk.example'); passkeys are bound to it. Browsers know none
    for a bare address, so that on this machine it is http://localhost. Feeds and messages of a home that was given
    no address link to where it is served now.
    """
    desk = open_desk(home, origin or f"http://localhost:{port}", served_at=f"http://{host}:{port}/")
    desk.show_public()
    # A proxy in front names the reader's address; it is believed only from this machine itself.
    config = uvicorn.Config(
        application(home.site, desk),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        forwarded_allow_ips="127.0.0.1" if origin else None,
        proxy_headers=origin is not None,
    )
    server = uvicorn.Server(config)
    if seconds is not None:
        end = threading.Timer(seconds, setattr, (server, "should_exit", True))
        end.daemon = True
        end.start()
    server.run()
