"""The page of those who look after the office's looking: who asked why a rule says what it says of a resident?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from fastapi.responses import HTMLResponse

from backoffice.identity import Permission
from backoffice.programs import asking, queries
from backoffice.programs.events import InquiriesSeen
from backoffice.programs.models import Inquiry
from backoffice.programs.version_page import title_of
from backoffice.vault import Cipher
from backoffice.web import Crumb, MenuItem, Page, Reading, StaffRouter, Writing, render
from backoffice.web.forms_in import FormData
from backoffice.web.lists import Paging
from backoffice.web.translations import _
from backoffice.work import Work
from forms.widths import plain

INQUIRIES = "/inquiries"
MENU = (MenuItem(_("判定の照会の記録"), INQUIRIES, Permission.AUDIT_READ, in_menu=False),)

staff = StaffRouter()


@dataclass(frozen=True)
class InquiryRow:
    id: int
    at: datetime
    who: str
    version_id: int
    program: str
    version: str
    reason: str
    pseudonym: str
    """Empty for whoever may not know about whom it was."""

    @classmethod
    def of(cls, inquiry: Inquiry, cipher: Cipher, *, with_pseudonym: bool) -> "InquiryRow":
        return cls(
            id=inquiry.id,
            at=inquiry.asked_at,
            who=inquiry.staff.name,
            version_id=inquiry.version_id,
            program=inquiry.version.program.number,
            version=title_of(inquiry.version),
            reason=cipher.open(inquiry.sealed_reason, asking.REASON).decode(),
            pseudonym=cipher.open(inquiry.sealed_pseudonym, asking.PSEUDONYM).decode() if with_pseudonym else "",
        )


@dataclass(frozen=True, kw_only=True)
class InquiriesPage(Page):
    rows: Sequence[InquiryRow]
    paging: Paging
    sought: str
    """The pseudonym that was asked for; then the list holds only what was asked about that resident."""
    may_know_whom: bool


@staff.page("/inquiries", Permission.AUDIT_READ)
def inquiries(request: Request, work: Reading, page: int = 1) -> HTMLResponse:
    work.seen(InquiriesSeen())
    return _list(request, work, page=page)


@staff.action("/inquiries/find", Permission.PROTECTED_HANDLE)
def find(request: Request, work: Writing, form: FormData) -> HTMLResponse:
    """Posted, so that no address, and no log of addresses, holds whom somebody looked for."""
    work.record(InquiriesSeen())
    return _list(request, work, sought=plain(form.get("sought", "")))


def _list(request: Request, work: Work, *, page: int = 1, sought: str = "") -> HTMLResponse:
    cipher = work.office.cipher
    mark = asking.mark_of(cipher, sought) if sought else ""
    paging = Paging(INQUIRIES, queries.count_inquiries(work.session, mark), page)
    may_know = work.actor.may(Permission.PROTECTED_HANDLE)
    found = queries.list_inquiries(work.session, paging.offset, mark)
    shown = InquiriesPage(
        title=_("判定の照会の記録"),
        crumbs=(Crumb(_("監査記録"), "/audit"),),
        rows=[InquiryRow.of(each, cipher, with_pseudonym=may_know) for each in found],
        paging=paging,
        sought=sought,
        may_know_whom=may_know,
    )
    return render(request, "programs/inquiries.html", shown)
