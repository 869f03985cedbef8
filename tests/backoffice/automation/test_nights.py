"""What may a night do, what must it never do, and where does each record end?"""

from __future__ import annotations

from backoffice.automation.workflow import ItemState, NightState
from tests.backoffice.automation.nights import open_shift


def test_a_night_keys_every_waiting_record_once_with_its_proof(city_on_both):
    shift = open_shift(city_on_both, records=3)
    night_id = shift.start()

    shift.run(night_id)

    assert shift.states() == [ItemState.DONE] * 3
    assert [item.receipt for item in shift.items()] == ["E0000001", "E0000002", "E0000003"]
    assert (shift.night(night_id).state, shift.night(night_id).why_ended) == (NightState.ENDED, "finished")
    assert shift.bot.doubled == []
