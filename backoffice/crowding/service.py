"""What is done with counts of the ward offices' system: kept, once each, and not too many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from backoffice.crowding import queries
from backoffice.crowding.models import CrowdReading
from backoffice.crowding.workflow import CLOCKS_APART, EARLIEST, PACE, Counter
from backoffice.errors import Invalid, TooSoon
from backoffice.web.free_text import NO_MY_NUMBER
from backoffice.web.translations import _
from backoffice.work import Work
from forms.my_number import holds_my_number

WRONG = _("送られた値を直してください")


@dataclass(frozen=True)
class Counted:
    ward: str
    counter: Counter
    waiting: int
    picture: str
    at: datetime


def keep(work: Work, client_id: int, counts: Sequence[Counted]) -> None:
    """Keep counts; one that is kept already stays as it is, so that sending again does no harm.

    Raises Invalid for a moment that has not come or is long over, TooSoon for a counter that is counted too often:
    then nothing of them is kept.
    """
    wrong: dict[str, str] = {}
    for place, each in enumerate(counts):
        if each.at > work.now + CLOCKS_APART:
            wrong[f"readings/{place}/counted_at"] = _("数えた時が、今より先です。時計を確かめてください。")
        elif each.at < work.now - EARLIEST:
            wrong[f"readings/{place}/counted_at"] = _("1日より前に数えた人数は受け取りません。")
        if holds_my_number(each.picture):
            wrong[f"readings/{place}/picture"] = NO_MY_NUMBER
    if wrong:
        raise Invalid(WRONG, wrong)
    for each in counts:
        if queries.too_near(work.session, each.ward, each.counter, each.at):
            raise TooSoon(
                _("同じ窓口の人数は、%(seconds)s秒より間をあけて送ってください。"), seconds=int(PACE.total_seconds())
            )
        _insert(work, client_id, each)
    for ward, counter in {(each.ward, each.counter) for each in counts}:
        queries.forget_before(work.session, ward, counter, work.now)


def _insert(work: Work, client_id: int, counted: Counted) -> None:
    row = {
        "ward": counted.ward,
        "counter": counted.counter,
        "waiting": counted.waiting,
        "picture": counted.picture,
        "counted_at": counted.at,
        "received_at": work.now,
        "client_id": client_id,
    }
    dialect = postgresql if work.session.get_bind().dialect.name == "postgresql" else sqlite
    work.session.execute(dialect.insert(CrowdReading).values(row).on_conflict_do_nothing())
