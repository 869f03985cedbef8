"""Which conditions does a person keep as tabs of their inbox?"""

from sqlalchemy import func, select

from backoffice.db.lookup import one_or_not_there
from backoffice.errors import Invalid
from backoffice.inbox.models import SavedFilter
from backoffice.inbox.trays import Wanted
from backoffice.web.translations import _
from backoffice.work import Work
from forms.my_number import holds_my_number

AT_MOST = 8
NAME_LIMIT = 40


def save(work: Work, name: str, wanted: Wanted) -> SavedFilter:
    """Keep a condition under a name; the same name again replaces it. Raises Invalid."""
    name = " ".join(name.split())
    trouble = ""
    if not name or len(name) > NAME_LIMIT:
        trouble = _("条件の名前を40文字までで入れてください。")
    elif holds_my_number(name + wanted.keyword):
        trouble = _("条件に個人番号を入れないでください。")
    elif not (wanted.keyword or wanted.kind or wanted.due):
        trouble = _("絞り込んでから保存してください。")
    known = select(SavedFilter).where(SavedFilter.staff_id == work.actor.staff_id)
    saved = work.session.scalars(known.where(SavedFilter.name == name)).one_or_none()
    if not trouble and saved is None and _count(work) >= AT_MOST:
        trouble = _("保存できる条件は8つまでです。先にどれかを消してください。")
    if trouble:
        raise Invalid(trouble, {"name": trouble})
    if saved is None:
        saved = SavedFilter(staff_id=work.actor.staff_id, name=name)
        work.session.add(saved)
    saved.keyword, saved.kind, saved.due = wanted.keyword, wanted.kind, wanted.due
    work.session.flush()
    return saved


def remove(work: Work, filter_id: int) -> None:
    """Forget a condition of the person's own. Raises NotThere for anybody else's."""
    mine = select(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.staff_id == work.actor.staff_id)
    work.session.delete(one_or_not_there(work.session, mine))


def _count(work: Work) -> int:
    mine = select(func.count()).where(SavedFilter.staff_id == work.actor.staff_id)
    return work.session.scalar(mine) or 0
