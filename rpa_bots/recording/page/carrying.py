"""How does nothing that a recorded bot sends go twice? Our own client carries it; the browser shows the answer.

The story and what was seen of Chromium stand in `rpa_bots.submitting`. A recording does not tell beforehand which click
sends what, so the whole browser context is watched from the moment on when a row's values may go.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from playwright.sync_api import APIResponse, BrowserContext, Error, Frame, Page, Request, Route

from rpa_bots.outcomes import Cause, TargetTroubleError
from rpa_bots.recording.page.uploading import body_sent
from rpa_bots.submitting import CARRIED_HEADERS
from rpa_bots.target import origin_of

FIRST_ERROR: Final = 400
SEND_AGAIN_ELSEWHERE: Final = (307, 308)


@dataclass(frozen=True)
class Answer:
    """What the system said to something that was sent; `status` None: nothing, the connection was cut or too slow."""

    status: int | None
    is_page: bool

    @property
    def is_error(self) -> bool:
        return self.status is None or self.status >= FIRST_ERROR


class Carrier:
    """Of one browser context: what is sent, and how the system answered."""

    # not a frozen dataclass: Playwright marks the object whose method handles a route
    def __init__(
        self, context: BrowserContext, origins: tuple[str, ...], answer_seconds: float, *, remembers_forms: bool = False
    ) -> None:
        self.remembers_forms = remembers_forms
        """Whether pages remember what their forms send: those that hold files then go by us as well."""
        self._context = context
        self._origins = origins
        self._answer_ms = answer_seconds * 1000
        self._held: list[Request] = []
        self._asked: list[Route] = []
        self._passes_on = False
        self._watches = False
        self.registering = False
        """While true, a page asked for by GET is carried as well: some old systems register so."""
        self.only_looks = False
        """While true, nothing is sent but what signs in: for rehearsals of what may register anywhere."""
        self.lets_sign_in = False
        """Whether a password was typed that nothing has sent yet."""
        self.refused = False
        """Whether something was not sent since it only looks."""
        self.lets_files_fall = False
        """While true, what a page asks for goes as the browser sends it: what falls of it is no page to be shown."""
        self.answers: list[Answer] = []

    def watch(self) -> None:
        """From now on nothing is sent but by us. Every request of the browser passes here, which takes its time."""
        if not self._watches:
            self._watches = True
            self._context.route("**/*", self._route)

    def carry(self) -> None:
        """Send what pages asked to send since the last call, each once, and show the answers in their frames.

        Raises TargetTroubleError where no answer comes; that nothing was stored then, nobody knows.
        """
        while self._held:
            held = self._held.pop(0)
            self._must_stay_inside(held.url)
            try:
                answer = self._send(held.method, held.url, held)
            except Error:
                self.answers.append(Answer(None, is_page=True))
                raise TargetTroubleError(
                    Cause.UNREACHABLE, "送信しましたが、対象システムから応答がありません"
                ) from None
            self.answers.append(Answer(answer.status, is_page=True))
            self._show(held, answer)

    def _send(self, method: str, url: str, held: Request) -> APIResponse:
        body = held.post_data_buffer if method != "GET" else None
        headers = {name: text for name, text in held.headers.items() if name in CARRIED_HEADERS}
        if body is None and _is_upload(held):
            remembered = body_sent(self._context)
            if remembered is None:
                raise TargetTroubleError(Cause.UNKNOWN_SCREEN, "ファイルの送り方が分からない画面です")
            body, headers["content-type"] = remembered.content, remembered.content_type
        return self._context.request.fetch(
            url,
            method=method,
            data=body,
            headers=headers,
            max_redirects=0,
            max_retries=0,
            timeout=self._answer_ms,
        )

    def _route(self, route: Route, request: Request) -> None:
        if not self._is_inside(request.url):
            route.continue_()  # to the browser's wall, which ends it: our own client stands outside
            return
        if (
            (self.lets_files_fall and not self.only_looks)
            or (request.method == "GET" and not self._registers(request))
            or self._has_body_we_lack(request)
        ):
            route.continue_()
        elif self.only_looks and not self._signs_in():
            self.refused = True
            route.abort()
        elif request.is_navigation_request():
            self._held.append(request)
            route.fulfill(status=204)  # ends the navigation; the page stays
        else:
            self._pass_on(route)

    def _has_body_we_lack(self, request: Request) -> bool:
        """A script's own sending of a file, which no page remembers; of a form, the page does."""
        lacks = request.method != "GET" and request.post_data_buffer is None and _is_upload(request)
        return lacks and not (request.is_navigation_request() and self.remembers_forms)

    def _signs_in(self) -> bool:
        lets, self.lets_sign_in = self.lets_sign_in, False
        return lets

    def _registers(self, request: Request) -> bool:
        return self.registering and request.is_navigation_request()

    def _pass_on(self, route: Route) -> None:
        """Carry what scripts of the page send while they wait: in the order in which they asked, one after another."""
        self._asked.append(route)
        if self._passes_on:
            return  # whoever is at it takes this one next
        self._passes_on = True
        try:
            while self._asked:
                self._carry_for_a_script(self._asked.pop(0))
        finally:
            self._passes_on = False

    def _carry_for_a_script(self, route: Route) -> None:
        try:
            answer = route.fetch(max_redirects=0, max_retries=0, timeout=self._answer_ms)
        except Error:
            self.answers.append(Answer(None, is_page=False))
            route.abort()
        else:
            self.answers.append(Answer(answer.status, is_page=False))
            route.fulfill(response=answer)

    def _must_stay_inside(self, url: str) -> None:
        if not self._is_inside(url):
            raise TargetTroubleError(Cause.UNKNOWN_SCREEN, "対象システムの外へ送信する画面です")

    def _is_inside(self, url: str) -> bool:
        try:
            return origin_of(url) in self._origins
        except ValueError:
            return False  # mailto: and the like

    def _show(self, held: Request, answer: APIResponse) -> None:
        """Let the browser show the answer as if its own request had brought it; it follows a redirect itself."""
        frame = held.frame
        if "location" in answer.headers:
            if answer.status in SEND_AGAIN_ELSEWHERE:
                raise TargetTroubleError(Cause.UNKNOWN_SCREEN, "対象システムが別の宛先への再送信を求めました")
            onward = urljoin(held.url, answer.headers["location"])
            self._must_stay_inside(onward)
            self.registering = False
            _open(frame, onward, held.url)
            return

        def answered(route: Route) -> None:
            route.fulfill(response=answer)

        page: Page = frame.page
        page.route(lambda asked: asked == held.url.partition("#")[0], answered, times=1)
        _open(frame, held.url, str(held.headers.get("referer", "")))


def _open(frame: Frame, url: str, referer: str) -> None:
    frame.goto(url, wait_until="domcontentloaded", referer=referer or None)


def _is_upload(request: Request) -> bool:
    return "multipart/form-data" in request.headers.get("content-type", "")
