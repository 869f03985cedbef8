"""On which further days is the city closed? Added and taken off by the DX office; deadlines that are set stay."""

from sqlalchemy import select

from backoffice.drawing.events import ClosureAdded, ClosureRemoved
from backoffice.drawing.models import CityClosure
from backoffice.errors import Invalid
from backoffice.web.free_text import words_given
from backoffice.web.translations import _
from backoffice.work import Work
from forms.problems import NotNormalError
from forms.wareki import parse_date

NAME_LIMIT = 80


def add_closure(work: Work, day: str, name: str) -> CityClosure:
    """Close the city on a day, written as people write it. Raises Invalid naming what is wrong."""
    wrong = _("入力を確認してください")
    try:
        parsed = parse_date(day)
    except NotNormalError as trouble:
        raise Invalid(wrong, {"day": _("日付を「令和8年4月1日」や「2026/4/1」の形で入れてください。")}) from trouble
    name = words_given(name, "name", NAME_LIMIT)
    if work.session.scalar(select(CityClosure.id).where(CityClosure.day == parsed)) is not None:
        raise Invalid(wrong, {"day": _("その日はもう登録されています。")})
    closure = CityClosure(day=parsed, name=name, added_by_id=work.actor.staff_id)
    work.session.add(closure)
    work.session.flush()
    work.record(ClosureAdded(closure.id))
    return closure


def remove_closure(work: Work, closure: CityClosure) -> None:
    """Open the city again on a day that was closed."""
    work.session.delete(closure)
    work.record(ClosureRemoved(closure.id))
