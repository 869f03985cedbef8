"""The pages of what a person sees to after sending: messages of which nobody knows, messages that could not be sent."""

from typing import Annotated

from fastapi import File, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from backoffice.audiences import open_ends, queries, service
from backoffice.audiences.messages import in_fours
from backoffice.audiences.models import NoticeRun, Recipient
from backoffice.audiences.moving import states_of
from backoffice.audiences.run_frame import common
from backoffice.audiences.run_pages import OpenEnd, OpenEndsPage
from backoffice.audiences.workflow import CHANNEL_NAMES, REASON_NAMES, RECIPIENT_NAMES, RecipientState
from backoffice.identity import Permission
from backoffice.web import Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData
from backoffice.web.lists import Paging, Tab
from backoffice.web.translations import _, translate
from backoffice.work import Work

LISTED = (RecipientState.UNKNOWN, RecipientState.FAILED)

staff = StaffRouter()


@staff.page("/audiences/{run_id}/open-ends", Permission.AUDIENCE_STOP)
def open_end_list(request: Request, work: Reading, run_id: int, state: str = "", page: int = 1) -> HTMLResponse:
    shown_state = RecipientState.FAILED if state == RecipientState.FAILED else RecipientState.UNKNOWN
    shown = _page(work, queries.find_run(work.session, run_id), shown_state, page)
    return render(request, "audiences/open_ends.html", shown)


@staff.action("/audiences/{run_id}/open-ends/{recipient_id}", Permission.AUDIENCE_STOP)
def settle(work: Writing, run_id: int, recipient_id: int, form: FormData) -> Response:
    arrived = form.get("arrived", "") == "yes"
    open_ends.settle_by_hand(work, run_id, recipient_id, arrived=arrived)
    said = _("届いたと記録しました。") if arrived else _("届いていないと記録しました。送り直しはしません。")
    return go_to(f"/audiences/{run_id}/open-ends", said)


@staff.action("/audiences/{run_id}/relay-log", Permission.AUDIENCE_STOP, files=1)
def take_log(work: Writing, run_id: int, file: Annotated[UploadFile, File()]) -> Response:
    """Settle what the relay's log knows of this run."""
    lines = (line.decode("utf-8", "replace") for line in file.file)
    settled = open_ends.settle_from_log(work, lines, run_id)
    said = _("記録を読みました。届いた %(accepted)s件、届かなかった %(failed)s件。")
    return go_to(f"/audiences/{run_id}/open-ends", said, accepted=settled.accepted, failed=settled.failed)


def _page(work: Work, run: NoticeRun, state: RecipientState, number: int) -> OpenEndsPage:
    states = states_of(work.session, run.id)
    base = f"/audiences/{run.id}/open-ends"
    paging = Paging(base, open_ends.count_in(work.session, run.id, state), number, {"state": state.value})
    found = open_ends.list_in(work.session, run.id, state, paging.offset)
    may_settle = service.may_stop(work, run)
    return OpenEndsPage(
        **common(work, run, _("人が確かめるもの"), "watch", states),
        state=state,
        kinds=[
            Tab(RECIPIENT_NAMES[each], f"{base}?state={each}", current=each is state, count=states.get(each, 0))
            for each in LISTED
        ],
        rows=[_row(each) for each in found] if may_settle else (),
        paging=paging,
        may_settle=may_settle,
    )


def _row(recipient: Recipient) -> OpenEnd:
    why = translate(REASON_NAMES[recipient.reason]) if recipient.reason else ""
    return OpenEnd(
        recipient_id=recipient.id,
        reference=in_fours(recipient.reference),
        channel=translate(CHANNEL_NAMES[recipient.kind]),
        why=why,
        code=recipient.code,
        at=recipient.handed_at,
    )
