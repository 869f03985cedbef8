"""What is done with indicators: a head confirms how long one item takes by hand."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from backoffice.errors import Invalid, NotThere
from backoffice.identity import Department, Permission, within
from backoffice.indicators.events import MinutesConfirmed
from backoffice.indicators.models import ConfirmedMinutes
from backoffice.web.free_text import NO_MY_NUMBER
from backoffice.web.translations import _
from backoffice.work import Work
from forms.my_number import holds_my_number

LONGEST = Decimal(480)
"""A working day: one item that takes longer is a slip of the keyboard."""


def confirm_minutes(
    work: Work, department_id: int, procedure: str, minutes: Decimal, valid_from: date, basis: str
) -> ConfirmedMinutes:
    """Keep a dated figure for a department the actor heads. Raises Invalid, or NotThere for another department."""
    wrong = {}
    if not minutes.is_finite() or not 0 < minutes <= LONGEST:
        wrong["minutes"] = _("分数は0より大きく480以下で入れてください。")
    if not basis.strip():
        wrong["basis"] = _("どう測ったかを入れてください。")
    elif holds_my_number(basis):
        wrong["basis"] = NO_MY_NUMBER
    if _known(work, department_id, procedure, valid_from):
        wrong["valid_from"] = _("この日からの値はもう確認されています。")
    if wrong:
        raise Invalid(_("入力を確認してください"), wrong)
    _must_head(work, department_id)
    figure = ConfirmedMinutes(
        department_id=department_id,
        procedure=procedure,
        minutes=minutes,
        valid_from=valid_from,
        basis=basis.strip(),
        confirmed_by_id=work.actor.staff_id,
        confirmed_at=work.now,
    )
    work.session.add(figure)
    work.session.flush()
    work.record(MinutesConfirmed(figure.id, department_id, procedure))
    return figure


def _known(work: Work, department_id: int, procedure: str, valid_from: date) -> bool:
    return (
        work.session.scalars(
            select(ConfirmedMinutes.id).where(
                ConfirmedMinutes.department_id == department_id,
                ConfirmedMinutes.procedure == procedure,
                ConfirmedMinutes.valid_from == valid_from,
            )
        ).one_or_none()
        is not None
    )


def _must_head(work: Work, department_id: int) -> None:
    headed = within(work.actor, Permission.INDICATOR_CONFIRM, Department.id)
    if work.session.scalars(select(Department.id).where(Department.id == department_id, headed)).one_or_none() is None:
        raise NotThere(_("お探しの記録は見つかりませんでした。"))
