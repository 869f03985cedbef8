"""The page on which a link is made ready to be tried out, and which says what the partner has shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.clients.inputs import CONTACT_LIMIT
from backoffice.clients.keys import FIELD
from backoffice.data_links import queries
from backoffice.data_links.link_pages import crumbs_to, title_of
from backoffice.data_links.models import LinkVersion
from backoffice.data_links.sandbox import pages, service
from backoffice.data_links.sandbox import queries as sandboxes
from backoffice.data_links.sandbox.reporting import Report, report_kept, report_now
from backoffice.data_links.sandbox.words import CHECKS, MEANT, NO_REASON, PERSONAS, RESULT_CHIPS
from backoffice.data_links.weighing import terms_of
from backoffice.data_links.workflow import OPEN
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.web import Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData
from backoffice.web.free_text import words_given
from backoffice.web.translations import _
from backoffice.work import Work
from workflows.links import Persona, problems_of

NOTHING: Mapping[str, str] = {}

staff = StaffRouter()


@dataclass(frozen=True)
class Typed:
    """What came in, and what is wrong with it."""

    said: Mapping[str, str]
    wrong: Mapping[str, str]


@staff.page("/links/versions/{link_version_id}/sandbox", Permission.LINK_VIEW)
def sandbox_page(request: Request, work: Reading, link_version_id: int) -> HTMLResponse:
    return _page(request, work, queries.find_version(work.session, link_version_id), Typed(NOTHING, NOTHING))


@staff.action("/links/versions/{link_version_id}/sandbox", Permission.LINK_WRITE)
def open_sandbox(request: Request, work: Writing, link_version_id: int, form: FormData) -> Response:
    version = queries.find_version(work.session, link_version_id)
    try:
        contact = words_given(form.get("contact", ""), "contact", CONTACT_LIMIT)
        service.open_sandbox(work, version, contact, form.get(FIELD, ""))
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        # A key is never shown once more: a private one may have been pasted.
        said = {"contact": form.get("contact", "")}
        again = queries.find_version(work.session, link_version_id)
        return _page(request, work, again, Typed(said, refusal.fields))
    return go_to(
        f"/links/versions/{link_version_id}/sandbox",
        _("試行環境を用意しました。クライアントIDと入口の住所を相手に伝えてください。"),
    )


@staff.action("/links/versions/{link_version_id}/sandbox/fill", Permission.LINK_WRITE)
def fill(work: Writing, link_version_id: int) -> Response:
    service.fill(work, queries.find_version(work.session, link_version_id))
    return go_to(f"/links/versions/{link_version_id}/sandbox", _("架空の人の申込みを、はじめから用意しました。"))


def _page(request: Request, work: Work, version: LinkVersion, typed: Typed) -> HTMLResponse:
    kept = report_kept(work, version)
    shown = pages.SandboxPage(
        title=_("試行環境と試験の結果"),
        of_what=title_of(version),
        crumbs=crumbs_to(version),
        version=version,
        sandbox=sandboxes.sandbox_of(work.session, version.link_id),
        issuer=work.office.settings.gateway_issuer,
        findings=_lines(report_now(work, version)),
        kept=[] if kept is None else _lines(kept),
        kept_at=None if kept is None else kept.at,
        kept_why="" if kept is None else kept.why,
        kept_is_stale=kept is not None and kept.stale,
        people=[
            pages.PersonaLine(
                PERSONAS[Persona(each.persona)], MEANT.get(Persona(each.persona), NO_REASON), each.reference
            )
            for each in sandboxes.open_personas(work.session, version.id)
        ],
        is_whole=not problems_of(terms_of(version)),
        is_open=version.state in OPEN,
        may_try=service.may_try(work.actor, version),
        typed=typed.said,
        wrong=typed.wrong,
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if typed.wrong else HTTPStatus.OK
    return render(request, "data_links/sandbox.html", shown, status=status)


def _lines(report: Report) -> list[pages.FindingLine]:
    return [pages.FindingLine(CHECKS[each.check], RESULT_CHIPS[each.result], each.at) for each in report.findings]
