"""Does the night's judge see every falsehood? Words and ledgers made up, one against the other."""

import pytest

from bench.recorded_nights import TRUTHS, WITH_KEYS, WITHOUT_KEYS, Night, judged, move_ins, submit_step
from rpa_bots.charset import trouble
from rpa_bots.fake_base.ledger import Registration
from rpa_bots.fake_water.fields import truncated
from rpa_bots.fake_water.records import stored

ROWS = move_ins(2, seed=1)


def registered(row, **changed):
    return Registration("W0000001", "", "2026-11-20T22:00:00+09:00", "suido01", {**stored(row), **changed})


def night(said, *registrations):
    return judged(Night(ROWS, said, registrations, seconds=1.0))


def test_a_night_that_says_what_the_ledger_says_is_judged_well():
    first, second = map(registered, ROWS)

    assert set(night(["done", "done"], first, second).values()) == {0}
    assert set(night(["done", "failed"], first).values()) == {0}
    assert set(night(["unknown", "unknown"], first).values()) == {0}


@pytest.mark.parametrize(
    ("said", "there", "falsehood"),
    [
        ("done", [], "lost"),
        ("done", [registered(ROWS[0])] * 2, "doubled"),
        ("unknown", [registered(ROWS[0])] * 2, "doubled"),
        ("done", [registered(ROWS[0], **truncated(stored(ROWS[0]), ["tatemono"]))], "altered"),
        ("done", [registered(ROWS[0], suisen="0000000000")], "altered"),
        ("refused", [registered(ROWS[0])], "denied"),
        ("failed", [registered(ROWS[0])], "denied"),
        ("", [], "unanswered"),
    ],
)
def test_each_falsehood_is_counted_as_what_it_is(said, there, falsehood):
    counts = night([said, "failed"], *there)

    assert counts == {truth: int(truth == falsehood) for truth in TRUTHS}


def test_some_move_ins_of_a_night_must_be_refused():
    rows = move_ins(40, seed=1)

    assert [number for number, row in enumerate(rows, 1) if any(map(trouble, row.values()))] == [25]
    assert [number for number, row in enumerate(rows, 1) if len(row["建物・部屋"]) > 20] == [40]


@pytest.mark.parametrize(("setting", "step"), [(WITH_KEYS, 40), (WITHOUT_KEYS, 38)])
def test_the_registering_step_is_the_last_of_what_was_recorded(setting, step):
    assert submit_step(setting.recording) == step
