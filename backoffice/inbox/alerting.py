"""Who hears of it at once when something stops by itself? An entry in their in-tray, and one mail, while it lasts.

The morning mail comes a night too late for a run that rests at noon. What is over when the mail would go is not mailed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from backoffice.identity import Actor, Origin, Staff
from backoffice.inbox.alert_models import Alert
from backoffice.inbox.events import AlertMailed
from backoffice.inbox.kinds import SUBJECT_PAGES
from backoffice.inbox.posting import Parcel, Post
from backoffice.mail import Letter
from backoffice.web.translations import _, speaking, translate
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)
AT_ONCE = 50
MOST_SHOWN = 20
KEPT = timedelta(days=90)


@dataclass(frozen=True)
class About:
    """The record that stopped, and how it is called."""

    kind: str
    record_id: int
    title: str


@dataclass(frozen=True)
class Addressee:
    alert_id: int
    staff_id: int
    mail: str
    language: str
    sentence: str
    page: str


def tell(work: Work, about: About, sentence: str, people: Iterable[int]) -> None:
    """Let people hear that a record stopped: each once, until `end` says that it is over. Hold the record's row."""
    known = set(work.session.scalars(select(Alert.staff_id).where(*_open_of(about.kind, about.record_id))))
    work.session.add_all(
        Alert(
            staff_id=staff_id,
            subject_kind=about.kind,
            subject_id=about.record_id,
            title=about.title,
            sentence=sentence,
            at=work.now,
        )
        for staff_id in sorted(set(people) - known)
    )


def end(work: Work, kind: str, record_id: int) -> None:
    """Take what was told of a record out of all in-trays: it goes on, or is over."""
    work.session.flush()
    ended = update(Alert).where(*_open_of(kind, record_id)).values(ended_at=work.now)
    work.session.execute(ended.execution_options(synchronize_session=False))


def is_told(session: Session, kind: str, record_id: int) -> bool:
    """Say whether somebody has been told of a record, and it lasts."""
    return session.scalars(select(Alert.id).where(*_open_of(kind, record_id)).limit(1)).first() is not None


def is_any_told(session: Session, kind: str) -> bool:
    """Say whether somebody has been told of any record of a kind, and it lasts."""
    told = select(Alert.id).where(Alert.subject_kind == kind, Alert.ended_at.is_(None))
    return session.scalars(told.limit(1)).first() is not None


def open_alerts(session: Session, actor: Actor) -> Sequence[tuple[Alert, str]]:
    """Give what a person is to hear of now, the newest first, each with the address of its record."""
    mine = select(Alert).where(Alert.staff_id == actor.staff_id, Alert.ended_at.is_(None))
    found = session.scalars(mine.order_by(Alert.id.desc()).limit(MOST_SHOWN)).all()
    return [(each, _page_of(each)) for each in found]


def forget_old(session: Session, now: datetime) -> None:
    """Forget what was over long ago."""
    session.execute(delete(Alert).where(Alert.ended_at < now - KEPT))


def tick(office: Office) -> int:
    """Mail whatever was told and not mailed yet, and give how many letters the mail server took."""
    if office.mail is None:
        return 0
    with office.look(HOUSE) as work:
        left = _waiting(work)
    return POST.send(office, office.mail, [_parcel(office, each) for each in left])


def _parcel(office: Office, to: Addressee) -> Parcel:
    return Parcel(
        to.alert_id,
        lambda now: letter_for(to, office.settings.public_address, now),
        lambda outcome: AlertMailed(to.alert_id, to.staff_id, str(outcome)),
    )


def letter_for(to: Addressee, office_address: str, now: datetime) -> Letter:
    """Write one person's letter in their language: what stopped and where to look; no title, no name."""
    house = office_address.rstrip("/")
    with speaking(to.language):
        text = [
            translate(to.sentence),
            "",
            translate(_("開いて確かめる: %(address)s"), address=house + to.page),
            "",
            translate(_("このお知らせは、止まったときに一度だけ届きます。")),
            translate(_("このメールには返信できません。")),
        ]
        subject = translate(_("技助 止まっているものがあります"))
    return Letter(to.mail, subject, "\n".join(text) + "\n", f"alert-{to.alert_id}-{now:%Y%m%d}", now)


def _open_of(kind: str, record_id: int) -> tuple[ColumnElement[bool], ...]:
    return Alert.subject_kind == kind, Alert.subject_id == record_id, Alert.ended_at.is_(None)


def _page_of(alert: Alert) -> str:
    page, _needed = SUBJECT_PAGES[alert.subject_kind]
    return page.format(id=alert.subject_id)


def _waiting(work: Work) -> list[Addressee]:
    rows = work.session.execute(
        select(Alert, Staff.mail, Staff.language)
        .join(Staff, Staff.id == Alert.staff_id)
        .where(
            Alert.ended_at.is_(None),
            Alert.mailed_at.is_(None),
            or_(Alert.next_at.is_(None), Alert.next_at <= work.now),
            Staff.active,
            Staff.mail.is_not(None),
        )
        .order_by(Alert.id)
        .limit(AT_ONCE)
    )
    return [
        Addressee(alert.id, alert.staff_id, mail, language, alert.sentence, _page_of(alert))
        for alert, mail, language in rows
        if mail
    ]


def _row(work: Work, alert_id: int) -> Alert:
    return work.session.get_one(Alert, alert_id, with_for_update=True, populate_existing=True)


POST = Post(_row, lambda alert: alert.ended_at is None)
