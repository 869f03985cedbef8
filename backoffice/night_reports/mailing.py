"""How does a morning's report reach people by mail? Once each: numbers and an address, no name, no item's number."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from backoffice.identity import Actor, Origin, Staff
from backoffice.inbox.posting import Parcel, Post
from backoffice.mail import Letter
from backoffice.night_reports.events import NightReportMailed
from backoffice.night_reports.models import NightReport, NightReportMail
from backoffice.web.showing import day_and_weekday, number
from backoffice.web.translations import _, speaking, translate
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)
AT_ONCE = 50
NO_LONGER = timedelta(hours=24)
"""What the mail server did not take by then is yesterday's."""


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
    return POST.send(office, office.mail, [_parcel(office, each) for each in left])


def letter_for(to: Addressee, office_address: str, now: datetime) -> Letter:
    """Write one person's letter in their language."""
    house, told = office_address.rstrip("/"), to.told
    with speaking(to.language):
        day = day_and_weekday(to.report.day)
        text = [
            translate(_("%(day)sの朝までに終わった夜間の入力: %(n)s回"), day=day, n=number(told.nights)),
            "",
            "・" + translate(_("登録済 %(n)s件(証跡あり)"), n=number(told.done)),
            *_by_day(told),
            "・" + translate(_("人の判断待ち %(n)s件"), n=number(told.to_decide)),
            "",
            translate(_("報告を開く: %(address)s"), address=f"{house}/nights/reports?day={to.report.day.isoformat()}"),
            "",
            translate(_("このメールには返信できません。")),
        ]
        subject = translate(_("技助 夜間の入力の報告 %(day)s"), day=day)
    return Letter(to.mail, subject, "\n".join(text) + "\n", f"night-report-{to.mail_id}-{now:%Y%m%d}", now)


def _by_day(told: NightReportMail) -> list[str]:
    if not told.done_by_day:
        return []
    return ["・" + translate(_("昼の入力 %(n)s件(証跡あり)"), n=number(told.done_by_day))]


def _parcel(office: Office, to: Addressee) -> Parcel:
    return Parcel(
        to.mail_id,
        lambda now: letter_for(to, office.settings.public_address, now),
        lambda outcome: NightReportMailed(to.report.id, to.told.staff_id, str(outcome)),
    )


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


def _row(work: Work, mail_id: int) -> NightReportMail:
    return work.session.get_one(NightReportMail, mail_id, with_for_update=True, populate_existing=True)


POST = Post(_row)
