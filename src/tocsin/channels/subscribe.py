"""The public pages about subscriptions: no script, no cookie, and no GET that changes anything.

router(subscriptions, now) -> APIRouter     to be mounted beside the site, whose style.css it links
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from tocsin.channels.addresses import masked
from tocsin.channels.subscription import SubscriptionError, Subscriptions
from tocsin.channels.writing import rendered
from tocsin.state import Subscriber

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the address of the page is its key
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
_LONGEST = 2000

Words = Annotated[str, Form(max_length=_LONGEST)]
Areas = Annotated[list[str], Form(default_factory=list, max_length=200)]
Threshold = Annotated[int, Form(ge=1, le=5)]


def router(subscriptions: Subscriptions, now: Callable[[], str]) -> APIRouter:
    """The pages. `now` gives the time as RFC 3339 in UTC."""
    pages = _Pages(subscriptions, now)
    found = APIRouter(include_in_schema=True, tags=["subscriptions"], default_response_class=HTMLResponse)
    found.get("/subscribe", summary="The form")(pages.form)
    found.get("/subscribe.css", summary="Its style", response_class=Response)(pages.style)
    found.post("/subscribe", summary="Ask to be told")(pages.ask)
    found.get("/subscription/{token}", summary="One subscription")(pages.shown)
    found.post("/subscription/{token}/confirm", summary="It was meant")(pages.confirm)
    found.post("/subscription/{token}/change", summary="Other areas, another level")(pages.change)
    found.post("/subscription/{token}/rotate", summary="A new secret for a hook")(pages.rotate)
    found.post("/subscription/{token}/end", summary="End it, by one click (RFC 8058)")(pages.end)
    return found


class _Pages:
    def __init__(self, subscriptions: Subscriptions, now: Callable[[], str]) -> None:
        self._subscriptions, self._now = subscriptions, now
        self._watch = subscriptions.watch

    def form(self) -> HTMLResponse:
        return self._page("subscribe.html", problem="", chosen=())

    def style(self) -> Response:
        return Response(rendered("subscribe.css"), 200, {**HEADERS, "Cache-Control": "max-age=3600"}, "text/css")

    def ask(
        self,
        request: Request,
        channel: Words,
        address: Words,
        areas: Areas,
        threshold: Threshold = 5,
    ) -> HTMLResponse:
        """The same page for every address, whoever is subscribed."""
        client = request.client.host if request.client else ""
        try:
            _same_site(request)
            self._subscriptions.ask(self._subscriptions.wish(channel, address, areas, threshold), client, self._now())
        except SubscriptionError as error:
            return self._page("subscribe.html", error.status, problem=error.reason, chosen=areas)
        return self._page("asked.html", 202, channel=channel)

    def shown(self, token: str) -> HTMLResponse:
        """A GET, whoever fetches it: a mail scanner, a preview. It changes nothing."""
        return self._of(token, lambda subscriber: self._subscription(token, subscriber))

    def confirm(self, token: str) -> HTMLResponse:
        def confirmed(subscriber: Subscriber) -> HTMLResponse:
            self._watch.register.confirm(subscriber.id, self._now())
            secrets = self._watch.register.secrets(subscriber.id, self._now())
            return self._subscription(token, done="confirmed", secret=secrets[0] if secrets else "")

        return self._of(token, confirmed)

    def change(self, token: str, areas: Areas, threshold: Threshold = 5) -> HTMLResponse:
        def changed(subscriber: Subscriber) -> HTMLResponse:
            wish = self._subscriptions.wish(subscriber.channel, subscriber.address, areas, threshold)
            self._watch.register.choose(subscriber.id, wish.areas, wish.threshold)
            return self._subscription(token, done="changed")

        return self._of(token, changed)

    def rotate(self, token: str) -> HTMLResponse:
        def rotated(subscriber: Subscriber) -> HTMLResponse:
            if subscriber.channel != "webhook" or not subscriber.confirmed:
                raise SubscriptionError(409, "Only a confirmed webhook has a secret.")
            return self._subscription(token, done="rotated", secret=self._subscriptions.rotate(subscriber, self._now()))

        return self._of(token, rotated)

    def end(self, token: str) -> HTMLResponse:
        """Ends it by this one request, as RFC 8058 wants; asked again, it says the same."""
        if self._watch.links.subscriber("subscription", token) is None:
            return self._unknown()
        subscriber = self._subscriptions.of(token)
        if subscriber is not None:
            self._watch.register.erase(subscriber.id)
        return self._page("ended.html")

    def _of(self, token: str, answer: Callable[[Subscriber], HTMLResponse]) -> HTMLResponse:
        subscriber = self._subscriptions.of(token)
        if subscriber is None:
            return self._unknown()
        try:
            return answer(subscriber)
        except SubscriptionError as error:
            return self._subscription(token, subscriber, problem=error.reason, status=error.status)

    def _subscription(
        self,
        token: str,
        subscriber: Subscriber | None = None,
        *,
        done: str = "",
        secret: str = "",
        problem: str = "",
        status: int = 200,
    ) -> HTMLResponse:
        """The page of a subscription as it stands after what was done."""
        subscriber = subscriber or self._subscriptions.of(token)
        if subscriber is None:
            return self._unknown()
        return self._page(
            "subscription.html",
            status,
            subscriber=subscriber,
            shown=masked(subscriber.address) if subscriber.channel == "mail" else subscriber.address,
            link=f"subscription/{token}",
            chosen=subscriber.areas,
            done=done,
            secret=secret,
            overlap=self._watch.rules.channels.subscription.overlap_hours,
            problem=problem,
        )

    def _unknown(self) -> HTMLResponse:
        return self._page("unknown.html", 404)

    def _page(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        rules = self._watch.rules
        asking = [name for name, channel in self._subscriptions.channels.items() if channel.asks]
        body = rendered(
            template,
            watch=self._watch,
            levels=rules.levels,
            areas=sorted(rules.areas.values(), key=lambda area: area.name),
            thresholds=rules.channels.subscription.thresholds,
            channels=asking,
            **values,
        )
        return HTMLResponse(body, status, HEADERS)


def _same_site(request: Request) -> None:
    """A form of another site can't ask in its visitor's name. Browsers say where a form stood."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise SubscriptionError(403, "This form was sent from another site; use the form here.")
