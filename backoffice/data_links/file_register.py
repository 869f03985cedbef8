"""What does the public register of files of personal data (個人情報ファイル簿, 個人情報保護法75条1項) say of a link?

Made of what was agreed. What no agreement tells is marked, so that the office confirms it before it publishes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from backoffice.data_links import live, pages, queries
from backoffice.data_links.models import CONSENTING, Link, LinkVersion
from backoffice.data_links.weighing import terms_of
from backoffice.data_links.words import attribute_name, said
from backoffice.db.tallies import Tally
from backoffice.errors import NotThere
from backoffice.identity import Permission
from backoffice.web import Crumb, Page, Reading, StaffRouter, render
from backoffice.web.csv_out import csv_response
from backoffice.web.translations import _, translate
from backoffice.work import Work
from workflows.links import ATTRIBUTES, Direction, Source, Terms

CONFIRM = _("確認が必要")

staff = StaffRouter()


@dataclass(frozen=True)
class Item:
    """One item of the register; `confirm`: the agreement does not tell it, or not all of it."""

    label: str
    text: str
    confirm: bool = False


@dataclass(frozen=True, kw_only=True)
class RegisterPage(Page):
    title_text: str
    link: Link
    items: Sequence[Item]


@staff.page("/links/{link_id}/register", Permission.LINK_VIEW)
def register(request: Request, work: Reading, link_id: int) -> HTMLResponse:
    link = queries.find_link(work.session, link_id)
    version = queries.version_in_force(work.session, link_id)
    if version is None:
        raise NotThere("お探しの記録は見つかりませんでした。")
    shown = RegisterPage(
        title=_("個人情報ファイル簿"),
        title_text=link.name,
        crumbs=(pages.LINKS, Crumb(link.name, f"/links/{link.id}")),
        link=link,
        items=list(items_of(link, terms_of(version), live.count_people(work.session, link_id, work.today))),
    )
    return render(request, "data_links/register.html", shown)


@staff.page("/links/registers/export.csv", Permission.LINK_VIEW)
def export(work: Reading) -> Response:
    """Give the register of all links that came into force, one a line; no person stands in it."""
    versions = work.session.scalars(
        select(LinkVersion)
        .join(LinkVersion.link)
        .where(queries.COUNTS)
        .options(joinedload(LinkVersion.link).joinedload(Link.department))
        .order_by(Link.code)
    ).all()
    people = _people(work)
    entries = [list(items_of(each.link, terms_of(each), people.get(each.link_id, 0))) for each in versions]
    lines = [(each.link.code, *map(_cell, items)) for each, items in zip(versions, entries, strict=True)]
    headings = [translate(_("記号")), *(translate(item.label) for item in entries[0])] if entries else []
    return csv_response("link-registers.csv", headings, lines)


def _cell(item: Item) -> str:
    return f"{item.text} [{translate(CONFIRM)}]".lstrip() if item.confirm else item.text


def _people(work: Work) -> Mapping[int, int]:
    """Give how many consent to each link today."""
    rows = work.session.execute(
        select(Tally.about_id, func.sum(Tally.amount))
        .where(Tally.name == CONSENTING, Tally.department_id == 0, Tally.mark >= work.today.isoformat())
        .group_by(Tally.about_id)
    )
    return {link_id: int(amount) for link_id, amount in rows}


def items_of(link: Link, terms: Terms, people: int) -> Iterator[Item]:
    """Give the items in the order of the law. Labels are msgids."""
    known = [ATTRIBUTES[use.attribute] for use in terms.uses if use.attribute in ATTRIBUTES]
    sensitive = [attribute_name(each.code) for each in known if each.is_sensitive]
    yield Item(_("個人情報ファイルの名称"), link.name)
    yield Item(_("行政機関等の名称"), translate(_("福岡市長")), confirm=True)
    yield Item(_("利用に供される事務をつかさどる組織"), link.department.name)
    yield Item(_("利用目的"), said(terms, "purposes"))
    yield Item(_("記録項目"), "\n".join(attribute_name(each.code) for each in known))
    yield Item(_("記録範囲"), said(terms, "subjects"))
    yield Item(_("収集方法"), "\n".join(_collected(terms)))
    yield Item(
        _("要配慮個人情報"),
        translate(_("含む: %(which)s"), which=", ".join(sensitive)) if sensitive else translate(_("含まない")),
        confirm=bool(sensitive),  # which of what is handled with care is 要配慮個人情報 by law, the office says
    )
    yield Item(_("経常的な提供先"), _given_to(terms))
    yield Item(_("提供先で残す日数"), said(terms, "retention_days"))
    yield Item(_("開示・訂正・利用停止の請求を受ける組織と所在地"), link.department.name, confirm=True)
    yield Item(_("訂正・利用停止についてのほかの法令による手続"), "", confirm=True)
    yield Item(_("ファイルの種別"), translate(_("電算処理ファイル(法60条2項1号)")))
    yield Item(_("行政機関等匿名加工情報の提案の募集"), "", confirm=True)
    yield Item(_("今記録されている人の数"), translate(_("%(n)s人"), n=people))


def _collected(terms: Terms) -> Iterator[str]:
    sources = {ATTRIBUTES[use.attribute].source for use in terms.uses if use.attribute in ATTRIBUTES}
    if Source.SNAPSHOT in sources:
        yield translate(_("市の台帳(住民基本台帳など)から、本人が同意した事実だけ"))
    if Source.PORTAL in sources:
        yield translate(_("本人から(ポータルで本人が申し込むとき)"))


def _given_to(terms: Terms) -> str:
    if terms.direction is Direction.TAKES:
        return translate(_("なし"))
    return "\n".join(part for part in (said(terms, "recipient"), terms.controller) if part)
