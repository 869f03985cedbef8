"""How long are the pictures of a night kept, and which are not erased?"""

from __future__ import annotations

from sqlalchemy import func, select

from backoffice.automation import forgetting
from backoffice.automation.models import Evidence
from backoffice.automation.workflow import ItemState
from backoffice.vault import StoredFile
from rpa_bots.journal import Stage
from rpa_bots.outcomes import BusinessRefusal
from tests.backoffice.automation.nights import open_shift


def refuse_with_a_picture(_record, journal, _target):
    journal.picture(Stage.FILLED, b"\x89PNG refused")
    return BusinessRefusal("「住所」は60文字以内で入力してください。", ("address",))


def readable(city) -> int:
    with city.look() as work:
        return work.session.scalar(select(func.count()).where(StoredFile.wrapped_key.is_not(None)))


def test_pictures_go_after_their_days_but_for_those_of_what_awaits_people(city_on_both):
    city = city_on_both
    shift = open_shift(city, records=2)
    shift.bot.scripts[1] = refuse_with_a_picture
    shift.run(shift.start())
    before = readable(city)

    city.clock.pass_(days=399)
    early = forgetting.forget_old(city.office)
    city.clock.pass_(days=2)
    erased, again = forgetting.forget_old(city.office), forgetting.forget_old(city.office)

    assert shift.states() == [ItemState.EXCEPTION, ItemState.DONE]
    assert (before, early, erased, again, readable(city)) == (3, 0, 2, 0, 1)
    with city.look() as work:
        assert work.session.scalar(select(func.count()).select_from(Evidence)) == 1
