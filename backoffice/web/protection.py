"""What stands at the door of every request? Changes come from our own pages only; headers are strict."""

import time
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Strict-Transport-Security": "max-age=31536000",
}
NOTHING_SENT = 0
LAST_RESORT = PlainTextResponse("システムの不具合です。 / Internal error.", 500)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

log = structlog.get_logger("gijo.request")


class Door:
    """Outside the whole application: refuses cross-site changes, sets headers, writes one log line a request.

    The log line holds the route's pattern, never the path or the query: those may name a person. Machines send no
    cookies, so that no page of another site can act in their name: their door (`for_browsers=False`) does not ask.
    """

    def __init__(self, app: ASGIApp, *, for_browsers: bool = True, last_resort: ASGIApp = LAST_RESORT) -> None:
        self.app = app
        self._for_browsers = for_browsers
        self._last_resort = last_resort

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = NOTHING_SENT

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message)
            await send(message)

        try:
            app = self.app if not self._for_browsers or _same_origin(scope) else _refuse_cross_site()
            await app(scope, receive, send_with_headers)
        except Exception:  # noqa: BLE001 -- the error page is sent and the fault logged; the server would print its values
            if status == NOTHING_SENT:
                # Where even the error page cannot be drawn, the browser is still told the truth.
                await self._last_resort(scope, receive, send_with_headers)
        finally:
            _write_line(scope, status, time.perf_counter() - started)


def _add_headers(message: MutableMapping[str, Any]) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)


def _same_origin(scope: Scope) -> bool:
    """Say whether a change comes from our own pages (`Sec-Fetch-Site`; `Origin` for old browsers)."""
    if scope["method"] in SAFE_METHODS:
        return True
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(headers.get("origin", "")).netloc == headers.get("host", "?")


def _refuse_cross_site() -> ASGIApp:
    return PlainTextResponse("ほかのサイトからの操作は受け付けません。 / Requests from other sites are refused.", 403)


def _write_line(scope: Scope, status: int, seconds: float) -> None:
    route = scope.get("route")
    log.info(
        "request",
        method=scope["method"],
        route=getattr(route, "path", "-"),
        status=status,
        milliseconds=round(seconds * 1000, 1),
    )
