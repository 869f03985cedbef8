"""How are the pages of links put together: the list, one link, one version beside the one that counts?"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date

from backoffice.data_links import live, pages, queries, reminding, reviewing, service
from backoffice.data_links.impact_page import assessment_of
from backoffice.data_links.models import Link, LinkVersion
from backoffice.data_links.reminding import COMES_NEAR, IS_TODAY, Near, days_near
from backoffice.data_links.review_days import review_days
from backoffice.data_links.reviewing import REVIEW_CHIPS
from backoffice.data_links.sandbox.reporting import report_kept, report_now
from backoffice.data_links.weighing import Weighed, terms_of, weighed
from backoffice.data_links.words import WIDTH_CHIPS, label_of, said, trouble_said
from backoffice.data_links.workflow import LINK_CHIPS, OPEN, VERSION_CHIPS, VersionState, link_state, version_chip
from backoffice.identity import Permission
from backoffice.web import Crumb
from backoffice.web.chips import Chip
from backoffice.web.lists import Paging
from backoffice.web.showing import day
from backoffice.web.translations import _, translate
from backoffice.work import Work
from workflows.links import LinkState, Terms, compare, needs_full_approval, problems_of

NOTHING: Mapping[str, str] = {}


def title_of(version: LinkVersion) -> str:
    return translate(_("%(name)s 第%(n)s版"), name=version.link.name, n=version.number)


def crumbs_to(version: LinkVersion) -> tuple[Crumb, ...]:
    link = version.link
    return (
        pages.LINKS,
        Crumb(link.name, f"/links/{link.id}"),
        Crumb(title_of(version), f"/links/versions/{version.id}"),
    )


def links_page(work: Work, keyword: str, page: int) -> pages.LinksPage:
    """Give a page of the list of links."""
    paging = Paging("/links", queries.count_links(work.session, keyword), page, {"q": keyword})
    links = queries.list_links(work.session, keyword, paging.offset)
    versions: dict[int, list[LinkVersion]] = {link.id: [] for link in links}
    for version in queries.versions_that_matter(work.session, list(versions)):
        versions[version.link_id].append(version)
    near: dict[int, list[str]] = {link.id: [] for link in links}
    counting = [each for some in versions.values() for each in some if each.state == VersionState.IN_FORCE]
    for each in days_near(work.session, counting, work.today):
        near[each.link_id].append(_comes_near(each, work.today))
    return pages.LinksPage(
        title=_("データ連携"),
        near=[
            pages.NearLine(link, _comes_near(each, work.today), each.day)
            for link, each in reminding.told_lately(work.session, work.today)
        ],
        rows=[_row(work, link, versions[link.id], near[link.id]) for link in links],
        keyword=keyword,
        paging=paging,
        may_begin=work.actor.may(Permission.LINK_WRITE),
        beside=[(label, href) for label, href, needed in pages.BESIDE if work.actor.may(needed)],
    )


def _row(work: Work, link: Link, versions: list[LinkVersion], near: list[str]) -> pages.LinkRow:
    current = next((each for each in versions if each.state == VersionState.IN_FORCE), None)
    newer = next((each for each in versions if each.state in OPEN), None)
    terms = None if current is None else terms_of(current)
    shown = terms or (None if newer is None else terms_of(newer))
    return pages.LinkRow(
        link,
        LINK_CHIPS[_state(work, link, terms, newer)],
        "" if shown is None else said(shown, "recipient"),
        "" if terms is None else day(terms.valid_until),
        near,
        None if newer is None else VERSION_CHIPS[VersionState(newer.state)],
    )


def _comes_near(near: Near, today: date) -> str:
    days = (near.day - today).days
    return translate(COMES_NEAR[near.matter], n=days) if days else translate(IS_TODAY[near.matter])


def state_of(work: Work, link: Link) -> LinkState:
    """Say how a link stands now."""
    versions = queries.versions_that_matter(work.session, [link.id])
    current = next((each for each in versions if each.state == VersionState.IN_FORCE), None)
    newer = next((each for each in versions if each.state in OPEN), None)
    return _state(work, link, None if current is None else terms_of(current), newer)


def _state(work: Work, link: Link, current: Terms | None, newer: LinkVersion | None) -> LinkState:
    waiting = newer if newer is not None and newer.state == VersionState.SUBMITTED else None
    widens = bool(current and waiting and needs_full_approval(compare(current, terms_of(waiting))))
    return link_state(current, link.shut_at, work.today, wider_waits=widens)


def link_page(
    work: Work, link: Link, typed: Mapping[str, str] = NOTHING, wrong: Mapping[str, str] = NOTHING
) -> pages.LinkPage:
    """Give the page of one link: what counts, what came before, when it was shut."""
    versions = queries.versions_of(work.session, link.id)
    current = next((each for each in versions if each.state == VersionState.IN_FORCE), None)
    newer = next((each for each in versions if each.state in OPEN), None)
    terms = None if current is None else terms_of(current)
    reviews = reviewing.reviews_of(work.session, link.id)
    may_connect = work.actor.may(Permission.CLIENT_EDIT)
    may_stop = work.actor.may(Permission.LINK_SHUT) and current is not None
    return pages.LinkPage(
        title=_("データ連携"),
        title_text=link.name,
        crumbs=(pages.LINKS,),
        link=link,
        chip=LINK_CHIPS[_state(work, link, terms, newer)],
        in_force=current,
        says=[]
        if terms is None
        else [pages.Said(label_of(each.name), said(terms, each.name)) for each in fields(Terms)],
        versions=[_line(each, current) for each in versions],
        stops=queries.stops_of(work.session, link.id),
        reviews=[pages.ReviewLine(each, REVIEW_CHIPS[each.outcome]) for each in reviews],
        review_on=None if current is None else review_days(work.session, [current])[link.id],
        may_review=all(each.outcome for each in reviews) and _may_review(work, link, current),
        people=live.count_people(work.session, link.id, work.today),
        may_draft=newer is None and work.actor.reaches(Permission.LINK_WRITE, link.department.path),
        may_connect=may_connect,
        may_confirm_machine=link.proposed_client_id is not None and service.may_connect(work.actor, link),
        partners=_partners(work) if may_connect else (),
        may_shut=may_stop and link.shut_at is None,
        may_drill=may_stop,
        typed=typed,
        wrong=wrong,
    )


def _may_review(work: Work, link: Link, current: LinkVersion | None) -> bool:
    if current is None or link.shut_at is not None:
        return False
    return work.actor.reaches(Permission.LINK_WRITE, link.department.path)


def _partners(work: Work) -> list[tuple[str, str]]:
    return [("", "—"), *((str(each.id), each.name) for each in queries.partners(work.session))]


def _line(version: LinkVersion, current: LinkVersion | None) -> pages.VersionLine:
    return pages.VersionLine(version, _chip(version, current), version.in_force_at)


def _chip(version: LinkVersion, current: LinkVersion | None) -> Chip:
    return version_chip(version.state, counts=current is not None and version.id == current.id)


def version_page(
    work: Work, version: LinkVersion, typed: Mapping[str, str] = NOTHING, wrong: Mapping[str, str] = NOTHING
) -> pages.VersionPage:
    """Give the page of a version: what it says beside the one that counts, what it lacks, what may be done."""
    current = queries.version_in_force(work.session, version.link_id)
    other = None if current is None or current.id == version.id else terms_of(current)
    beside = weighed(version, other)
    is_draft = version.state == VersionState.DRAFT
    may_write = service.may_write(work, version)
    report = (None if is_draft else report_kept(work, version)) or report_now(work, version)
    return pages.VersionPage(
        title=_("データ連携の版"),
        title_text=title_of(version),
        crumbs=crumbs_to(version)[:2],
        version=version,
        chip=_chip(version, current),
        rows=_rows(beside, other),
        assessment=assessment_of(work, version),
        compared=other is not None,
        troubles=[f"{label_of(each.field)}: {trouble_said(each)}" for each in problems_of(beside.terms)],
        narrows=beside.narrows,
        asks_anew=beside.asks_anew,
        nothing_new=beside.says_nothing_new,
        people=live.count_people(work.session, version.link_id, work.today),
        is_draft=is_draft,
        may_write=may_write,
        shown=report.shown,
        to_show=len(report.findings),
        departments=_departments(work) if is_draft and may_write else (),
        typed=typed,
        wrong=wrong,
    )


def _departments(work: Work) -> list[tuple[str, str]]:
    return [("", "—"), *((str(each.id), each.name) for each in queries.departments(work.session))]


def _rows(beside: Weighed, other: Terms | None) -> list[pages.FieldRow]:
    changed = {change.field: change for change in beside.changes}
    rows = []
    for each in fields(Terms):
        change = changed.get(each.name)
        rows.append(
            pages.FieldRow(
                label_of(each.name),
                "" if other is None else said(other, each.name),
                said(beside.terms, each.name),
                None if change is None else WIDTH_CHIPS[change.width],
                asks_anew=change is not None and change.needs_reconsent,
            )
        )
    return rows
