"""What does a run hear of a recording while it keys, and what is never taken out of its hands?"""

from __future__ import annotations

from rpa_bots.journal import Standing
from rpa_bots.outcomes import Keyed
from rpa_bots.recording.keying import Taught, open_recorded
from rpa_bots.recording.tape.mending import with_password_place
from rpa_bots.recording.tape.reading import read_recording
from rpa_bots.secret import Secret
from rpa_bots.target import Target
from tests.rpa_bots.conftest import RememberingJournal
from tests.rpa_bots.recording.old_pages import OldPages, answering
from tests.rpa_bots.recording.taped import ROW, move_in


class LetGoError(Exception):
    """A person wants the record."""


class TakingJournal(RememberingJournal):
    def standing(self, standing: Standing) -> None:
        super().standing(standing)
        if len(standing.entered) == 1:
            raise LetGoError


def test_each_step_before_the_registering_one_is_told_with_what_stands_on_the_screen_and_the_record_may_be_taken():
    taught = Taught(with_password_place(read_recording(move_in())), lambda _record: ROW)
    told, taking = RememberingJournal(), TakingJournal()
    with (
        answering(OldPages()) as old,
        open_recorded(taught, Target(old.url, "suido01", 0), Secret("Invented-1"), pictures=False) as bot,
    ):
        try:
            bot.key({}, taking)
        except LetGoError:
            stored_then = list(old.stored)
        outcome = bot.key({}, told)

        assert (stored_then, isinstance(outcome, Keyed), len(old.stored)) == ([], True, 1)
    assert [each.step for each in told.steps] == [1, 2, 3, 4, 5]
    assert told.steps[0].entered == ()
    assert set(told.steps[-1].entered) <= set(ROW)
    assert len(told.steps[-1].entered) >= 2
    assert told.said == ["submitting"]
    assert taking.said == []
