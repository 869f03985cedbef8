"""When does the morning mail go, and to whom? Once a business day from eight o'clock on, to each person at most once.

What waits is counted for everybody in one unit, which leaves a row a person; then each row is sent for. A worker that
slept until noon sends at noon, and what the mail server did not take by midnight is not sent any more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from backoffice.audit import AuditEvent
from backoffice.drawing.queries import closures
from backoffice.identity import Actor, Origin, Staff
from backoffice.inbox.events import MorningCounted, MorningMailSent
from backoffice.inbox.models import Digest
from backoffice.inbox.morning import Counts, count_for_everybody
from backoffice.inbox.posting import Parcel, Post
from backoffice.mail import Letter
from backoffice.services import TOKYO
from backoffice.web.showing import day_and_weekday, number
from backoffice.web.translations import _, speaking, translate
from backoffice.work import Office, Work
from workflows.calendar import is_business_day

HOUSE = Actor.house(Origin.WORKER)
FROM = time(8, 0)
AT_ONCE = 200
KEPT = timedelta(days=90)
ONE, OF_THESE = "・", "　　"


@dataclass(frozen=True)
class Addressee:
    """A row that is to be sent for, with what its letter needs."""

    digest_id: int
    staff_id: int
    mail: str
    language: str
    counts: Counts


Besides = Callable[[Session, date, datetime], Mapping[int, int]]
"""Of how many of another feature's records each person is to hear: who, today, of what happened since."""


def nothing_besides(_session: Session, _today: date, _since: datetime) -> Mapping[int, int]:
    return {}


def tick(office: Office, besides: Besides = nothing_besides) -> int:
    """Send what is to be sent now, and give how many letters the mail server took."""
    now = office.services.now()
    today = now.astimezone(TOKYO).date()
    if office.mail is None or now.astimezone(TOKYO).time() < FROM:
        return 0
    with office.look(HOUSE) as work:
        if not is_business_day(today, closures(work.session)):
            return 0
        counted = _is_counted(work.session, now)
    if not counted:
        _count(office, today, besides)
    with office.look(HOUSE) as work:
        left = _waiting(work, today)
    return POST.send(office, office.mail, [_parcel(office, each, today) for each in left])


def forget_old(session: Session, today: date) -> None:
    """Forget what was sent long ago."""
    session.execute(delete(Digest).where(Digest.day < today - KEPT))


def _count(office: Office, today: date, besides: Besides) -> None:
    with office.unit(HOUSE) as work:
        others = besides(work.session, today, _counted_last(work.session, work.now))
        counts = count_for_everybody(work.session, work.now, others)
        work.session.add_all(
            Digest(staff_id=staff_id, day=today, counts=asdict(each)) for staff_id, each in counts.items()
        )
        work.record(MorningCounted(as_number(today), len(counts)))


def _is_counted(session: Session, now: datetime) -> bool:
    midnight = now.astimezone(TOKYO).replace(hour=0, minute=0, second=0, microsecond=0)
    counted = select(AuditEvent.id).where(
        AuditEvent.kind == MorningCounted.kind, AuditEvent.at >= midnight, AuditEvent.at < midnight + timedelta(days=1)
    )
    return session.scalars(counted.limit(1)).first() is not None


def _counted_last(session: Session, now: datetime) -> datetime:
    """Give when the morning before was counted; where there was none for long, a week ago."""
    oldest = now - timedelta(days=7)
    counted = select(func.max(AuditEvent.at)).where(AuditEvent.kind == MorningCounted.kind, AuditEvent.at >= oldest)
    return session.scalar(counted) or oldest


def _parcel(office: Office, to: Addressee, today: date) -> Parcel:
    return Parcel(
        to.digest_id,
        lambda now: letter_for(to, office.settings.public_address, now),
        lambda outcome: MorningMailSent(to.digest_id, to.staff_id, as_number(today), str(outcome)),
    )


def letter_for(to: Addressee, office_address: str, now: datetime) -> Letter:
    """Write one person's letter in their language: numbers and an address, no title, no name."""
    house = office_address.rstrip("/")
    with speaking(to.language):
        lines = [sign + translate(sentence, n=number(n), m=number(m)) for sign, sentence, n, m in _said(to.counts) if n]
        day, at = day_and_weekday(now), f"{now.astimezone(TOKYO):%H:%M}"
        text = [
            translate(_("%(day)s %(at)s 現在、あなたの受信箱には次の件があります。"), day=day, at=at),
            "",
            *lines,
            "",
            translate(_("受信箱を開く: %(address)s"), address=f"{house}/inbox"),
            "",
            translate(_("このお知らせは、開庁日の朝に一度だけ届きます。")),
            translate(_("止めるには: %(address)s"), address=f"{house}/me"),
            translate(_("このメールには返信できません。")),
        ]
        subject = translate(_("技助 朝のお知らせ %(day)s"), day=day)
    return Letter(to.mail, subject, "\n".join(text) + "\n", f"morning-{to.digest_id}-{now:%Y%m%d}", now)


def _said(counts: Counts) -> Sequence[tuple[str, str, int, int]]:
    return (
        (ONE, _("承認待ち %(n)s件"), counts.waiting, 0),
        (OF_THESE, _("うち期限超過 %(n)s件"), counts.overdue, 0),
        (OF_THESE, _("うち本日が期限 %(n)s件"), counts.today, 0),
        (OF_THESE, _("うち差戻し %(n)s件"), counts.returned, 0),
        (ONE, _("代理で決められる件 %(n)s件(うち期限超過 %(m)s件)"), counts.deputy, counts.deputy_overdue),
        (ONE, _("あなたへの言及 %(n)s件"), counts.mentions, 0),
        (ONE, _("意見照会 %(n)s件"), counts.opinions, 0),
        (ONE, _("後閲を待つ代決 %(n)s件"), counts.reviews, 0),
        (ONE, _("終わりか見直しの日が近づいたデータ連携 %(n)s件"), counts.links, 0),
    )


def as_number(day: date) -> int:
    """Give a day as the trail holds it: 20261124."""
    return int(f"{day:%Y%m%d}")


def _waiting(work: Work, today: date) -> list[Addressee]:
    """Give the rows of the day that nothing was sent for; who stopped the mail meanwhile, or left, gets none."""
    rows = work.session.execute(
        select(Digest, Staff.mail, Staff.language)
        .join(Staff, Staff.id == Digest.staff_id)
        .where(
            Digest.day == today,
            Digest.mailed_at.is_(None),
            or_(Digest.next_at.is_(None), Digest.next_at <= work.now),
            Staff.active,
            Staff.morning_mail,
            Staff.mail.is_not(None),
        )
        .order_by(Digest.id)
        .limit(AT_ONCE)
    )
    return [
        Addressee(digest.id, digest.staff_id, mail, language, Counts.of(digest.counts))
        for digest, mail, language in rows
        if mail
    ]


def _row(work: Work, digest_id: int) -> Digest | None:
    return work.session.scalars(
        select(Digest).where(Digest.id == digest_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()


POST = Post(_row)
