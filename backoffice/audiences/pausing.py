"""When does the house itself let a run rest, and who hears of it? Who drafted it, decided on it, answers for sending.

Whoever pauses a run by hand knows of it; of what stops by itself nobody would, at noon, without looking.
"""

from collections.abc import Mapping

from sqlalchemy import select

from backoffice.audiences.events import SendingPaused
from backoffice.audiences.models import NoticeRun
from backoffice.audiences.moving import move
from backoffice.audiences.versions import PROGRAM_ENDED
from backoffice.audiences.workflow import RecipientState, RunState
from backoffice.identity import Role
from backoffice.inbox import alerting
from backoffice.inbox.alerting import About
from backoffice.inbox.desks import city_desk, holders_of
from backoffice.inbox.models import Case, Task, Vote
from backoffice.programs.models import ProgramVersion
from backoffice.web.translations import _
from backoffice.work import Work

SUBJECT = "notice_run"
"""What a case, or an alert, calls the run that it is about."""
LINE_REFUSES, MAIL_REFUSES, MAIL_BEGAN_TO_REFUSE = "line_refuses", "mail_refuses", "mail_began_to_refuse"
WHY: Mapping[str, str] = {
    LINE_REFUSES: _(
        "LINEが、この配信の文面をだれにも送れないと答えたため、一時停止しました。文面を確かめ、直せないときは取りやめてください。"
    ),
    MAIL_REFUSES: _(
        "メールサーバーが、この配信のメールを1通も受け取らなかったため、一時停止しました。情報システム担当に知らせてください。"
    ),
    PROGRAM_ENDED: _(
        "制度に有効な版がないため、一時停止しました。有効な版ができてから再開するか、取りやめてください。"
    ),
    MAIL_BEGAN_TO_REFUSE: _(
        "メールサーバーが、市からのメールを続けて断ったため、一時停止しました。情報システム担当に知らせ、直ってから再開してください。"
    ),
}
"""By the code that stands with the run."""
NOT_RELEASED = _(
    "承認されましたが、そのあいだに制度の有効な版が変わったため、送りません。取りやめて、有効な版で起こし直してください。"
)
STALE_FEED = _("異動連携(死亡・転出・保護)が届いていないため休んでいます。届くと、自動で再開します。")


def pause_by_itself(work: Work, run_id: int, trouble: str) -> bool:
    """Let a run rest until people have looked, and tell them; say whether it was still under way."""
    run = work.session.get_one(NoticeRun, run_id, with_for_update=True)
    if run.state not in (RunState.RELEASED, RunState.SENDING):
        return False
    run.state, run.paused_at, run.trouble = RunState.PAUSED, work.now, trouble
    move(work, run_id, RecipientState.TAKEN, RecipientState.WAITING, batch_id=None)
    work.record(SendingPaused(run_id))
    all_clear(work, run_id)
    _tell(work, run, WHY[trouble])
    return True


def tell_of_old_feed(work: Work, run: NoticeRun) -> None:
    """Tell people, once, that a run rests for want of the feed."""
    _tell(work, run, STALE_FEED)


def tell_of_no_release(work: Work, run: NoticeRun) -> None:
    """Tell people that what they approved does not leave."""
    _tell(work, run, NOT_RELEASED)


def all_clear(work: Work, run_id: int) -> None:
    """Take what was told of a run out of the in-trays: it goes on, rests as somebody wants it, or is over."""
    if alerting.is_told(work.session, SUBJECT, run_id):
        alerting.end(work, SUBJECT, run_id)


def _tell(work: Work, run: NoticeRun, sentence: str) -> None:
    if alerting.is_told(work.session, SUBJECT, run.id):
        return
    name = work.session.scalars(select(ProgramVersion.name).where(ProgramVersion.id == run.program_version_id)).one()
    alerting.tell(work, About(SUBJECT, run.id, f"{name}の配信({run.number})"), sentence, _who_hears(work, run))


def _who_hears(work: Work, run: NoticeRun) -> set[int]:
    """Give the drafter, whoever sent it on its route and decided on it, and the office that answers for sending."""
    people = {
        run.drafted_by_id,
        *(staff_id for staff_id, _name in holders_of(work.session, city_desk(Role.DX_OFFICE), work.today)),
    }
    if run.case_id is not None:
        people.add(work.session.scalars(select(Case.drafter_id).where(Case.id == run.case_id)).one_or_none())
        decided = select(Vote.staff_id).join(Task, Task.id == Vote.task_id)
        people |= set(work.session.scalars(decided.where(Task.case_id == run.case_id, Vote.undone_at.is_(None))))
    return {each for each in people if each is not None}
