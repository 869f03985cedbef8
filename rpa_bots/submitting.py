"""How is a form sent exactly once? The browser encodes it, our own client carries it, the browser shows the answer.

Chromium by itself sends a POST again when the connection is cut before the answer and had been opened in advance or
used before: a record is registered twice though nobody clicked twice (seen with version 156; `Connection: close` is
no cure). Nor may the POST be held in a Playwright route while it is carried: a held request goes out after all when
the route is taken away (seen as well). So the browser's own POST is ended first, with 204, and only then carried.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final
from urllib.parse import urljoin

from playwright.sync_api import APIResponse, Error, Frame, Request, Route

from rpa_bots.browser import BrowserSession
from rpa_bots.outcomes import Cause, TargetTroubleError
from rpa_bots.target import origin_of

CARRIED_HEADERS: Final = ("content-type", "origin", "referer", "user-agent", "accept", "accept-language")
GLANCE_MS: Final = 2


@contextmanager
def trouble_named() -> Iterator[None]:
    """Turn Playwright's errors into ours; its own texts quote what was typed, so they go no further."""
    try:
        yield
    except Error:
        raise TargetTroubleError(Cause.UNREACHABLE, "対象システムから応答がありません") from None


def submit_once(session: BrowserSession, frame: Frame, click: Callable[[], None]) -> None:
    """Click, send the form that the click submits exactly once, and show the answer in the frame.

    Raises TargetTroubleError when nothing is submitted, the answer does not come or an unknown dialog shows.
    """
    with trouble_named():
        held = _ended(session, click)
        if origin_of(held.url) != session.target.origin:  # our client stands outside the browser's walls
            raise TargetTroubleError(Cause.UNKNOWN_SCREEN, "対象システムの外へ送信する画面です")
        answer = session.page.context.request.post(
            held.url,
            data=held.post_data_buffer,
            headers={name: text for name, text in held.headers.items() if name in CARRIED_HEADERS},
            max_redirects=0,
            max_retries=0,
        )
        _show(session, frame, held.url, answer)
    session.dialogs.check()


def _ended(session: BrowserSession, click: Callable[[], None]) -> Request:
    """Click, end the POST that follows before it leaves the browser, and give it."""
    held: list[Request] = []

    def hold(route: Route, request: Request) -> None:
        if request.method == "POST":
            held.append(request)
            route.fulfill(status=204)  # ends the navigation; the page stays
        else:
            route.continue_()

    session.page.route("**/*", hold)
    try:
        click()
        _wait(session, lambda: bool(held))
    finally:
        session.page.unroute("**/*", hold)
    return held[0]


def _wait(session: BrowserSession, happened: Callable[[], bool]) -> None:
    until = monotonic() + session.target.answer_seconds
    while not happened():
        session.dialogs.check()
        if monotonic() > until:
            raise TargetTroubleError(Cause.UNKNOWN_SCREEN, "登録ボタンを押しても送信されません")
        session.page.wait_for_timeout(GLANCE_MS)


def _show(session: BrowserSession, frame: Frame, url: str, answer: APIResponse) -> None:
    """Let the browser show the answer as if its own POST had brought it; a redirect is followed by the browser."""
    if "location" in answer.headers:
        frame.goto(urljoin(url, answer.headers["location"]), wait_until="domcontentloaded")
        return

    def answered(route: Route) -> None:
        route.fulfill(response=answer)

    session.page.route(lambda asked: asked == url, answered, times=1)
    frame.goto(url, wait_until="domcontentloaded")
