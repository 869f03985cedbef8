"""In whatever order withdrawals and messages meet: who was quicker wins, and nobody's wish is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backoffice.audiences.journal import MailStint
from backoffice.audiences.models import Recipient
from backoffice.audiences.ticking import tick
from backoffice.carriers.parcels import Fate, Parcel, Settled
from backoffice.consents.models import Registrant
from tests.backoffice.audiences.post import states, writing_office
from tests.backoffice.audiences.test_between_freeze_and_send import COMES, Comes
from tests.backoffice.audiences.town import Person, hear, register, release
from tests.backoffice.office import City, copy_template, open_city

PEOPLE = [Person(f"person-{number}") for number in range(5)]
MOMENTS = 14
"""Steps of two connections that write to five people, and some to spare."""
HAPPENINGS = st.dictionaries(
    st.sampled_from(range(len(PEOPLE))),
    st.tuples(st.integers(0, MOMENTS), st.sampled_from(COMES)),
    max_size=len(PEOPLE),
)
FATES = st.lists(st.sampled_from([Fate.ACCEPTED, Fate.PUT_OFF, Fate.UNSURE, Fate.REFUSED]), min_size=5, max_size=5)


class Walk:
    """Two connections, step by step; before each step whatever is to happen at that moment happens."""

    def __init__(self, stint: MailStint, happen: Callable[[int], None], fates: list[Fate]) -> None:
        self._stint, self._happen, self._fates = stint, happen, fates
        self._moment = 0
        self.handed: list[tuple[int, int]] = []
        """Whose message went onto a connection, and at which moment."""

    async def walk(self) -> None:
        lines: list[tuple[Parcel | None, Settled | None]] = [(None, None), (None, None)]
        for step in range(40):
            self._pass()
            parcel, done = lines[step % 2]
            coming = await self._stint.next_parcel() if parcel is None else parcel
            self._pass()
            if coming is None and done is None:
                lines[step % 2] = None, None
                continue
            if await self._stint.turn(done, None if coming is None else coming.key) and coming is not None:
                self.handed.append((coming.key, self._moment))
                fate = self._fates.pop() if self._fates else Fate.ACCEPTED
                lines[step % 2] = None, Settled(coming.key, fate, 250)
            else:
                lines[step % 2] = None, None

    def _pass(self) -> None:
        self._happen(self._moment)
        self._moment += 1


@given(HAPPENINGS, FATES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_who_withdraws_first_is_not_written_to_and_who_is_later_is_listed(
    tmp_path_factory: pytest.TempPathFactory,
    template: Path,
    quick_hash: str,
    happenings: dict[int, tuple[int, Comes]],
    fates: list[Fate],
):
    folder = tmp_path_factory.mktemp("town")
    with open_city(folder, copy_template(template, folder), quick_hash) as city:
        register(city.office, PEOPLE)
        run_id = release(city.office, PEOPLE)
        office = writing_office(city)
        with city.unit() as work:
            hear(work)
        tick(office)
        when = {number: moment for number, (moment, _comes) in happenings.items()}

        def happen(moment: int) -> None:
            for number, (at, comes) in happenings.items():
                if at == moment:
                    with city.unit() as work:
                        comes.act(work, PEOPLE[number])

        stint = MailStint(office, run_id, lambda each: Parcel(each.recipient_id, "", "", b""), lambda: False)
        walk = Walk(stint, happen, list(fates))
        asyncio.run(walk.walk())
        stint.close()

        numbers = recipients(city)
        handed = {numbers[key]: moment for key, moment in walk.handed}
        assert len(handed) == len(walk.handed), "nobody is written to twice"
        for number, moment in when.items():
            if number in handed:
                assert handed[number] <= moment
        assert sum(states(city, run_id).values()) == len(PEOPLE)
        assert states(city, run_id)["taken"] == states(city, run_id)["handing"] == 0
        assert never_written_to_after_a_stop(city) == []


def recipients(city: City) -> dict[int, int]:
    """Give which of the people stands behind a recipient."""
    with city.look() as work:
        rows = work.session.execute(
            select(Recipient.id, Registrant.id).join(Registrant, Registrant.id == Recipient.registrant_id)
        ).all()
    order = sorted(registrant_id for _recipient, registrant_id in rows)
    return {recipient_id: order.index(registrant_id) for recipient_id, registrant_id in rows}


def never_written_to_after_a_stop(city: City) -> list[int]:
    """Whoever was stopped has no moment at which their message was handed over."""
    with city.look() as work:
        stopped = select(Recipient.id).where(Recipient.state == "stopped", Recipient.handed_at.is_not(None))
        return list(work.session.scalars(stopped))
