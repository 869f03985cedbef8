"""Where LINE calls: signed by it, answered at once. Nobody else is heard."""

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from backoffice.carriers.webhook import Followed, LineEvent, events_in, is_from_line
from backoffice.errors import Invalid, NotThere
from backoffice.identity import Actor, Origin
from backoffice.reachability import service
from backoffice.web.bodies import LimitedRoute
from backoffice.web.routing import TheOffice
from backoffice.work import Office

LARGEST_BODY = 256 * 1024
"""A call tells of a hundred people at most."""
SIGNATURE = "x-line-signature"
ALL_IS_WELL = "OK"


class LineRoute(LimitedRoute):
    ordinary = LARGEST_BODY


public = APIRouter(route_class=LineRoute)


@public.post("/line/webhook", include_in_schema=False)
async def hear(request: Request, office: TheOffice) -> Response:
    """Take what LINE tells of who follows the city's account. Where no secret is set, there is no such address."""
    secret = office.settings.line_channel_secret
    if not secret:
        raise NotThere("お探しのものはありません。")
    body = await request.body()
    if not is_from_line(body, request.headers.get(SIGNATURE, ""), secret):
        return Response(status_code=HTTPStatus.UNAUTHORIZED)
    try:
        told = events_in(body)
    except Invalid:
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    await run_in_threadpool(_take, office, told)
    return Response(ALL_IS_WELL, media_type="text/plain")


def _take(office: Office, told: Sequence[LineEvent]) -> None:
    """Take each in a unit of its own: where the answer fails, LINE tells all again, and those taken are spent."""
    for each in told:
        with office.unit(Actor.house(Origin.GATEWAY)) as work:
            follows = isinstance(each, Followed)
            service.hear_of_line(work, each.event_id, each.user, follows=follows, at=each.at)
