"""Who gets a trial of a run, and how is one asked for? Staff put themselves on the list; a trial is no notice."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from backoffice.audiences import queries, service
from backoffice.audiences.events import GuestJoined, GuestLeft, TrialAsked
from backoffice.audiences.guest_models import Trial, TrialGuest
from backoffice.audiences.models import NoticeRun, RunBody
from backoffice.audiences.workflow import RunState
from backoffice.consents.workflow import ChannelKind
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Staff
from backoffice.jobs import JobName
from backoffice.web.translations import _
from backoffice.work import Work

BEFORE_IT_LEAVES = (RunState.FROZEN, RunState.SUBMITTED, RunState.RELEASED)


def guests(session: Session) -> Sequence[TrialGuest]:
    """Give those who get trials, by name: whoever has left the office or has no mail address gets none."""
    return session.scalars(
        select(TrialGuest)
        .join(TrialGuest.staff)
        .where(Staff.active, Staff.mail.is_not(None))
        .options(contains_eager(TrialGuest.staff).joinedload(Staff.department))
        .order_by(Staff.name, Staff.id)
    ).all()


def count_guests(session: Session) -> int:
    there = select(func.count()).select_from(TrialGuest).join(TrialGuest.staff)
    return session.scalar(there.where(Staff.active, Staff.mail.is_not(None))) or 0


def is_guest(work: Work) -> bool:
    return work.session.scalar(select(TrialGuest.id).where(TrialGuest.staff_id == work.actor.staff_id)) is not None


def join(work: Work) -> None:
    """Put the person themselves on the list. Raises Invalid for somebody without a mail address."""
    staff_id = work.actor.staff_id
    if staff_id is None or work.session.get_one(Staff, staff_id).mail is None:
        raise Invalid(
            _("メールアドレスが登録されていないため、試し送りを受け取れません。「自分の設定」で入れてください。")
        )
    if not is_guest(work):
        work.session.add(TrialGuest(staff_id=staff_id, joined_at=work.now))
        work.record(GuestJoined(staff_id))


def leave(work: Work) -> None:
    """Take the person themselves off the list."""
    guest = work.session.scalars(select(TrialGuest).where(TrialGuest.staff_id == work.actor.staff_id)).one_or_none()
    if guest is not None:
        work.session.delete(guest)
        work.record(GuestLeft(guest.staff_id))


def may_try(work: Work, run: NoticeRun) -> bool:
    """Say whether the person may have the samples of a run sent to the guests now."""
    return run.state in BEFORE_IT_LEAVES and run.counts is not None and service.may_prepare(work, run)


def ask_trial(work: Work, run_id: int) -> Trial:
    """Ask for a trial of a run. Raises NotPermitted, Overtaken, and Invalid where nobody or nothing is there."""
    run = queries.find_run(work.session, run_id)
    if not service.may_prepare(work, run):
        raise NotPermitted(_("この制度の配信を起こせるのは、所管する部署の職員だけです。"))
    if run.state not in BEFORE_IT_LEAVES or run.counts is None:
        raise Overtaken(_("試し送りができるのは、対象が確定してから送り始めるまでです。"))
    people = count_guests(work.session)
    if not people:
        raise Invalid(_("試し送りを受け取る職員がいません。"))
    if not mails_of(work.session, run):
        raise Invalid(_("メールの文面がないため、試し送りができません。"))
    trial = Trial(run_id=run.id, asked_by_id=work.actor.staff_id, asked_at=work.now, sent=0, failed=0)
    work.session.add(trial)
    work.session.flush()
    work.record(TrialAsked(run.id, people))
    work.ask(JobName.TRY_RUN, trial.id)
    return trial


def mails_of(session: Session, run: NoticeRun) -> Sequence[RunBody]:
    """Give the mails of a run that are shown as samples."""
    shown = [body_id for body_id, _people in (run.counts or {}).get("texts", ())]
    mails = select(RunBody).where(RunBody.id.in_(shown), RunBody.kind == ChannelKind.MAIL)
    return session.scalars(mails.order_by(RunBody.id)).all()


def last_trial(session: Session, run_id: int) -> Trial | None:
    return session.scalars(
        select(Trial)
        .where(Trial.run_id == run_id)
        .options(joinedload(Trial.asked_by))
        .order_by(Trial.id.desc())
        .limit(1)
    ).one_or_none()
