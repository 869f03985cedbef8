"""How does a morning's report reach people by mail? Once each: numbers and an address, no name, no item's number."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select

from backoffice.errors import Unavailable
from backoffice.identity import Actor, Origin, Staff
from backoffice.mail import Letter, MailServer, Outcome, Postbox
from backoffice.night_reports.events import NightReportMailed
from backoffice.night_reports.models import NightReport, NightReportMail
from backoffice.web.showing import day_and_weekday, number
from backoffice.web.translations import _, speaking, translate
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)
AT_ONCE = 50
FIRST_PAUSE, LONGEST_PAUSE, DOUBLINGS = timedelta(minutes=1), timedelta(minutes=30), 5
NO_LONGER = timedelta(hours=24)
"""What the mail server did not take by then is yesterday's."""

log = structlog.get_logger("gijo.nights")


@dataclass(frozen=True)
class Addressee:
    mail_id: int
    mail: str
    language: str
    report: NightReport
    told: NightReportMail


def tick(office: Office) -> int:
    """Mail what was not mailed yet, and give how many letters the mail server took."""
    if office.mail is None:
        return 0
    with office.look(HOUSE) as work:
        left = _waiting(work)
    return _send_all(office, office.mail, left) if left else 0


def letter_for(to: Addressee, office_address: str, now: datetime) -> Letter:
    """Write one person's letter in their language."""
    house, told = office_address.rstrip("/"), to.told
    with speaking(to.language):
        day = day_and_weekday(to.report.day)
        text = [
            translate(_("%(day)sの朝までに終わった夜間の入力: %(n)s回"), day=day, n=number(told.nights)),
            "",
            "・" + translate(_("登録済 %(n)s件(証跡あり)"), n=number(told.done)),
            "・" + translate(_("人の判断待ち %(n)s件"), n=number(told.to_decide)),
            "",
            translate(_("報告を開く: %(address)s"), address=f"{house}/nights/reports?day={to.report.day.isoformat()}"),
            "",
            translate(_("このメールには返信できません。")),
        ]
        subject = translate(_("技助 夜間の入力の報告 %(day)s"), day=day)
    return Letter(to.mail, subject, "\n".join(text) + "\n", f"night-report-{to.mail_id}-{now:%Y%m%d}", now)


def _send_all(office: Office, server: MailServer, left: list[Addressee]) -> int:
    sent = 0
    try:
        with server.open() as postbox:
            while left:
                sent += _send(office, postbox, left[0]) is Outcome.SENT
                left.pop(0)
    except Unavailable as trouble:
        log.error("mail server does not answer", trouble=type(trouble.__cause__).__name__, count=len(left))  # noqa: TRY400 -- a traceback may quote people's addresses
        with office.unit(HOUSE) as work:
            for each in left:
                _try_later(work, each.mail_id)
    return sent


def _send(office: Office, postbox: Postbox, to: Addressee) -> Outcome | None:
    """Send one, taken before: a worker that dies in between sends no second letter. Raises Unavailable."""
    with office.unit(HOUSE) as work:
        row = _row(work, to.mail_id)
        if row.mailed_at is not None:
            return None
        row.mailed_at = work.now
        letter = letter_for(to, office.settings.public_address, work.now)
    try:
        outcome = postbox.send(letter)
    except Unavailable:
        with office.unit(HOUSE) as work:
            _row(work, to.mail_id).mailed_at = None
        raise
    with office.unit(HOUSE) as work:
        if outcome is Outcome.REFUSED:
            log.error("mail refused", record_id=to.mail_id)
            _row(work, to.mail_id).mailed_at = None
            _try_later(work, to.mail_id)
        else:
            work.record(NightReportMailed(to.report.id, to.told.staff_id, str(outcome)))
    return outcome


def _waiting(work: Work) -> list[Addressee]:
    rows = work.session.execute(
        select(NightReportMail, NightReport, Staff.mail, Staff.language)
        .join(NightReport, NightReport.id == NightReportMail.report_id)
        .join(Staff, Staff.id == NightReportMail.staff_id)
        .where(
            NightReportMail.mailed_at.is_(None),
            or_(NightReportMail.next_at.is_(None), NightReportMail.next_at <= work.now),
            NightReport.made_at > work.now - NO_LONGER,
            Staff.active,
            Staff.mail.is_not(None),
        )
        .order_by(NightReportMail.id)
        .limit(AT_ONCE)
    )
    return [Addressee(told.id, mail, language, report, told) for told, report, mail, language in rows if mail]


def _try_later(work: Work, mail_id: int) -> None:
    row = _row(work, mail_id)
    if row.mailed_at is None:
        row.next_at = work.now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(row.tries, DOUBLINGS))
        row.tries += 1


def _row(work: Work, mail_id: int) -> NightReportMail:
    return work.session.get_one(NightReportMail, mail_id, with_for_update=True, populate_existing=True)
