"""Behind the link in a mail: stop this kind, stop everything, receive again. Nobody signs in; the link is the key.

Opening it changes nothing: scanners and mail programs open every link before people do. The mail program's own button
posts (RFC 8058), without cookies, and is answered with a word.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from sqlalchemy import select

from backoffice.consents.models import Registrant
from backoffice.errors import TooSoon
from backoffice.identity import Actor, Origin
from backoffice.reachability import queries, stopping
from backoffice.reachability.stop_words import WORDS, Words
from backoffice.reachability.tokens import NoSuchLinkError, StopLink, StopLinks
from backoffice.reachability.workflow import EVERYTHING, StopWay
from backoffice.web.bodies import LimitedRoute
from backoffice.web.forms_in import FormData
from backoffice.web.rendering import make_environment
from backoffice.web.routing import TheOffice
from backoffice.work import Office, Work

ONE_CLICK = ("List-Unsubscribe", "One-Click")
ADDRESS, STYLE = "/stop/{token}", "/stop.css"
LARGEST_BODY = 16 * 1024
MOST_A_MINUTE = 20
"""Calls about one person: nobody presses more often, and whoever found a mail cannot keep the house busy."""
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
STYLE_KEPT = {"Cache-Control": "public, max-age=86400"}
HOUSE = Actor.house(Origin.GATEWAY)


class StopRoute(LimitedRoute):
    ordinary = LARGEST_BODY


public = APIRouter(route_class=StopRoute, include_in_schema=False)


@dataclass
class Turns:
    """How often may one link's person come within a minute? Counted in the process, and forgotten with the minute."""

    _minute: datetime | None = None
    _taken: Counter[int] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def take(self, registrant_id: int, now: datetime) -> None:
        """Count a call. Raises TooSoon."""
        minute = now.replace(second=0, microsecond=0)
        with self._lock:
            if self._minute != minute:
                self._minute, self._taken = minute, Counter()
            self._taken[registrant_id] += 1
            if self._taken[registrant_id] > MOST_A_MINUTE:
                raise TooSoon("呼び出しが多すぎます。%(seconds)s秒後にもう一度送ってください。", seconds=60)


@dataclass(frozen=True)
class Spoken:
    """The page in another language."""

    name: str
    tag: str
    href: str


@dataclass(frozen=True, kw_only=True)
class StopPage:
    """What the page shows: how it stands, and never of what."""

    title: str
    words: Words
    others: Sequence[Spoken]
    style: str
    telephone: str
    address: str
    query: str
    same: bool
    everything: bool


@dataclass(frozen=True, kw_only=True)
class RefusalPage:
    """Why a link opens nothing, and whom to call."""

    title: str
    words: Words
    others: Sequence[Spoken]
    style: str
    telephone: str
    said: str


class _NotGoodError(Exception):
    """A link that opens nothing: `status` and what the page says to it."""

    def __init__(self, status: HTTPStatus, title: Callable[[Words], str], said: Callable[[Words], str]) -> None:
        super().__init__(status)
        self.status, self.title, self.said = status, title, said


@public.get(STYLE)
def style() -> Response:
    sheet = Path(__file__).parents[1] / "static" / "stop.css"
    return Response(sheet.read_bytes(), media_type="text/css; charset=utf-8", headers=STYLE_KEPT)


@public.get(ADDRESS)
def page(request: Request, office: TheOffice, token: str, lang: str = "ja") -> HTMLResponse:
    try:
        with office.look(HOUSE) as work:
            link = _opened(request, work, token)
            stopped = {each.topic for each in queries.stops_of(work.session, link.registrant_id)}
    except _NotGoodError as refusal:
        return _refused(office, refusal, lang, token)
    words = _words(lang)
    shown = StopPage(
        title=words.title,
        words=words,
        others=_others(lang, f"/stop/{token}"),
        style=STYLE,
        telephone=office.settings.notice_telephone,
        address=f"/stop/{token}",
        query=_query(lang),
        same=link.topic in stopped,
        everything=EVERYTHING in stopped,
    )
    return _drawn("reachability/stop.html", shown)


@public.post(ADDRESS)
def one_click(request: Request, office: TheOffice, token: str, form: FormData) -> Response:
    """Stop the topic of a mail, as its reader's mail program asks; asking again changes nothing."""
    name, value = ONE_CLICK
    if form.get(name, "").strip() != value:
        return _plain("List-Unsubscribe=One-Click", HTTPStatus.BAD_REQUEST)
    try:
        with office.unit(HOUSE) as work:
            link = _opened(request, work, token)
            stopping.stop(work, link.registrant_id, link.topic, StopWay.ONE_CLICK)
    except _NotGoodError as refusal:
        return _plain(f"{refusal.title(WORDS['ja'])} / {refusal.title(WORDS['en'])}", refusal.status)
    return _plain("止めました。 / Stopped.", HTTPStatus.OK)


@public.post(ADDRESS + "/same")
def stop_same(request: Request, office: TheOffice, token: str, lang: str = "ja") -> Response:
    return _change(
        request,
        office,
        token,
        lang,
        lambda work, link: stopping.stop(work, link.registrant_id, link.topic, StopWay.PAGE),
    )


@public.post(ADDRESS + "/all")
def stop_all(request: Request, office: TheOffice, token: str, lang: str = "ja") -> Response:
    return _change(
        request,
        office,
        token,
        lang,
        lambda work, link: stopping.stop(work, link.registrant_id, EVERYTHING, StopWay.PAGE),
    )


@public.post(ADDRESS + "/resume")
def resume(request: Request, office: TheOffice, token: str, lang: str = "ja") -> Response:
    """Receive this kind again. What the person stopped of other kinds stays: the page does not know of it."""
    return _change(
        request,
        office,
        token,
        lang,
        lambda work, link: stopping.resume(work, link.registrant_id, {EVERYTHING, link.topic}, StopWay.PAGE),
    )


def _change(
    request: Request, office: Office, token: str, lang: str, change: Callable[[Work, StopLink], None]
) -> Response:
    try:
        with office.unit(HOUSE) as work:
            change(work, _opened(request, work, token))
    except _NotGoodError as refusal:
        return _refused(office, refusal, lang, token)
    return RedirectResponse(f"/stop/{token}{_query(lang)}", HTTPStatus.SEE_OTHER, HEADERS)


def _opened(request: Request, work: Work, token: str) -> StopLink:
    """Give what a link names. Raises _NotGoodError; whoever is protected is told what everybody is told."""
    turns: Turns = request.app.state.stop_turns
    try:
        link = StopLinks(work.office.cipher).read(token)
        turns.take(link.registrant_id, work.now)
    except NoSuchLinkError as trouble:
        raise _unknown() from trouble
    except TooSoon as trouble:
        raise _NotGoodError(
            HTTPStatus.TOO_MANY_REQUESTS, lambda words: words.often_title, lambda words: words.often
        ) from trouble
    if work.today > link.ends_on:
        raise _NotGoodError(HTTPStatus.GONE, lambda words: words.ended_title, lambda words: words.ended)
    known = select(Registrant.id).where(Registrant.id == link.registrant_id)
    if work.session.scalars(known).one_or_none() is None:
        raise _unknown()
    return link


def _unknown() -> _NotGoodError:
    return _NotGoodError(HTTPStatus.NOT_FOUND, lambda words: words.unknown_title, lambda words: words.unknown)


def _refused(office: Office, refusal: _NotGoodError, lang: str, token: str) -> HTMLResponse:
    words = _words(lang)
    shown = RefusalPage(
        title=refusal.title(words),
        words=words,
        others=_others(lang, f"/stop/{quote(token)}"),
        style=STYLE,
        telephone=office.settings.notice_telephone,
        said=refusal.said(words),
    )
    return _drawn("reachability/stop_refused.html", shown, refusal.status)


def _drawn(template: str, shown: StopPage | RefusalPage, status: HTTPStatus = HTTPStatus.OK) -> HTMLResponse:
    drawn = make_environment("reachability").get_template(template).render(page=shown)
    return HTMLResponse(drawn, status, HEADERS)


def _plain(said: str, status: HTTPStatus) -> Response:
    return PlainTextResponse(said, status, HEADERS)


def _words(lang: str) -> Words:
    return WORDS.get(lang, WORDS["ja"])


def _query(lang: str) -> str:
    return f"?lang={lang}" if lang in WORDS and lang != "ja" else ""


def _others(lang: str, address: str) -> Sequence[Spoken]:
    spoken = lang if lang in WORDS else "ja"
    return [Spoken(words.name, words.tag, f"{address}?lang={code}") for code, words in WORDS.items() if code != spoken]
