"""What may anybody know of the links: who reads what of residents, what for, how long it is kept, whom to ask?

Open addresses of the gateway, private partners marked among them. A page for people in two languages, without script
or cookie, and the same as JSON. Nothing about any person, and of agreements only those that are open now.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.data_links.models import Link, LinkVersion
from backoffice.data_links.queries import COUNTS
from backoffice.data_links.weighing import terms_of
from backoffice.data_links.workflow import link_state
from backoffice.identity import Actor, Origin
from backoffice.web.bodies import LimitedRoute
from backoffice.web.problem_json import PROBLEMS_SAID
from backoffice.web.rendering import Page, make_environment
from backoffice.web.routing import TheOffice
from backoffice.web.translations import _, speaking
from backoffice.work import Office, Work
from workflows.links import ATTRIBUTES, LinkState, Necessity, Terms, Use

KEPT = {"Cache-Control": "public, max-age=60"}
"""A link that was shut is read about for no longer than that."""
STYLE_KEPT = {"Cache-Control": "public, max-age=86400"}
PAGE, PAGE_EN, DATA, STYLE = "/public/links", "/public/links/en", "/public/links.json", "/public/links.css"

public = APIRouter(route_class=LimitedRoute)


class Named(BaseModel):
    """Something under which requests know it, in both languages."""

    code: str
    ja: str
    en: str


class Read(BaseModel):
    """One attribute that is read, and what it says of a person."""

    code: str
    ja: str
    en: str
    says_ja: str
    says_en: str
    required: bool


class PublicLink(BaseModel):
    code: str
    name: str
    partner: Named
    private: bool
    controller: str
    purposes: list[Named]
    reads: list[Read]
    retention_days: int
    valid_until: date
    ask: str
    """The department of the city that answers for it."""


class PublicLinks(BaseModel):
    links: list[PublicLink]


@dataclass(frozen=True, kw_only=True)
class PublicLinksPage(Page):
    links: Sequence[PublicLink]
    style: str
    other_language: str
    data: str


@public.get(DATA, responses=PROBLEMS_SAID)
def links_as_data(office: TheOffice, response: Response) -> PublicLinks:
    """開いている連携の一覧 / the links that are open now."""
    response.headers.update(KEPT)
    return PublicLinks(links=_open_links(office))


@public.get(PAGE, response_class=HTMLResponse, responses=PROBLEMS_SAID)
def links_in_japanese(office: TheOffice) -> HTMLResponse:
    """開いている連携のページ(日本語) / the page of the links, in Japanese."""
    return _page(office, "ja", PAGE_EN)


@public.get(PAGE_EN, response_class=HTMLResponse, responses=PROBLEMS_SAID)
def links_in_english(office: TheOffice) -> HTMLResponse:
    """開いている連携のページ(英語) / the page of the links, in English."""
    return _page(office, "en", PAGE)


@public.get(STYLE, include_in_schema=False)
def style() -> Response:
    sheet = Path(__file__).parents[1] / "static" / "public.css"
    return Response(sheet.read_bytes(), media_type="text/css; charset=utf-8", headers=STYLE_KEPT)


def _page(office: Office, language: str, other: str) -> HTMLResponse:
    shown = PublicLinksPage(
        title=_("データ連携の公開"), links=_open_links(office), style=STYLE, other_language=other, data=DATA
    )
    template = make_environment("data_links").get_template("data_links/public.html")
    with speaking(language):
        return HTMLResponse(template.render(page=shown), headers=KEPT)


def _open_links(office: Office) -> list[PublicLink]:
    with office.look(Actor.house(Origin.GATEWAY)) as work:
        return list(_said(work))


def _said(work: Work) -> Iterator[PublicLink]:
    versions = work.session.scalars(
        select(LinkVersion)
        .join(LinkVersion.link)
        .where(COUNTS, Link.shut_at.is_(None))
        .options(joinedload(LinkVersion.link).joinedload(Link.department))
        .order_by(Link.name, Link.id)
    ).all()
    for version in versions:
        terms = terms_of(version)
        if link_state(terms, None, work.today, wider_waits=False) is LinkState.LIVE:
            yield _public(version.link, terms)


def _public(link: Link, terms: Terms) -> PublicLink:
    other = terms.recipient
    return PublicLink(
        code=link.code,
        name=link.name,
        partner=Named(code=other.code, ja=other.ja, en=other.en),
        private=terms.private_partner,
        controller=terms.controller,
        purposes=[Named(code=each.code, ja=each.ja, en=each.en) for each in terms.purposes],
        reads=[_read(use) for use in terms.uses],
        retention_days=terms.retention_days,
        valid_until=terms.valid_until,
        ask=link.department.name,
    )


def _read(use: Use) -> Read:
    known = ATTRIBUTES[use.attribute]
    return Read(
        code=known.code,
        ja=known.ja,
        en=known.en,
        says_ja=known.says,
        says_en=known.says_en,
        required=use.necessity is Necessity.REQUIRED,
    )
