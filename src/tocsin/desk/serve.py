"""Serving the public pages over HTTP: static files, strict headers, nothing that changes anything."""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

from tocsin.home import Home
from tocsin.publish import pages, write

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


MEDIA_TYPES = {".atom": "application/atom+xml", ".rss": "application/rss+xml", ".pem": "application/x-pem-file"}


def application(site: Path) -> FastAPI:
    """The pages below `site`, with headers that let no script run and no other site frame them."""
    for ending, media_type in MEDIA_TYPES.items():
        mimetypes.add_type(media_type, ending)
    app = FastAPI(title="Tocsin", docs_url=None, redoc_url=None, openapi_url=None)

    @app.middleware("http")
    async def guard(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await answer(request)
        response.headers.update(HEADERS)
        return response

    @app.get("/", include_in_schema=False)
    async def index() -> FileResponse:
        return FileResponse(site / "index.html")

    app.mount("/", StaticFiles(directory=site, html=True))
    return app


def serve(home: Home, host: str, port: int, seconds: int | None = None) -> None:
    """Write the site of the latest assessment and serve it until interrupted, or for some seconds.

    Feeds and messages of a home that was given no address link to where it is served now.
    """
    edition = home.edition()
    write(pages(edition if edition.address else replace(edition, address=f"http://{host}:{port}/")), home.site)
    config = uvicorn.Config(application(home.site), host=host, port=port, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    if seconds is not None:
        end = threading.Timer(seconds, setattr, (server, "should_exit", True))
        end.daemon = True
        end.start()
    server.run()
