"""Which of the waiting records would an old system not take? Looked at without a browser."""

from __future__ import annotations

import pytest

from backoffice.identity import Role
from backoffice.rehearsals.checking import Fault, Finding, faults_of, wanted_by
from forms.building import acts
from forms.building.draft import FormDraft
from rpa_bots.recording.rehearsing import Seen, Takes, Verdict
from rpa_bots.recording.tape.reading import read_recording
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.recordings.teaching import ASKED
from tests.backoffice.rehearsals.staging import WELL, ScriptedStage, rehearsing_at
from tests.backoffice.staff_client import StaffClient
from tests.rpa_bots.recording.taped import REGISTER, fills, goes, tape

RECORDING = read_recording(
    tape(goes("/entry"), *(fills(put, f"#{place}") for place, put in enumerate(("{{a1}}", "{{a3.label}}"))), REGISTER)
)
EAST = "o1"
SHIFT_JIS, UTF_8 = Takes("Shift_JIS", 10), Takes("UTF-8", 10)


@pytest.fixture(scope="module")
def definition():
    draft = acts.add(FormDraft(title="転入の届け"), ASKED)[0]
    return draft.definition("a-form", 1)


@pytest.mark.parametrize(
    ("values", "takes", "found"),
    [
        ({"a1": "山田 花子", "a3": EAST}, SHIFT_JIS, []),
        ({"a1": "𠮷田 恵〜", "a3": EAST}, SHIFT_JIS, [Finding("a1", Fault.LETTERS, "𠮷 〜")]),
        ({"a1": "𠮷田 恵"}, UTF_8, []),
        ({"a1": "一二三四五六七八九𠮷"}, UTF_8, [Finding("a1", Fault.TOO_LONG, "1")]),
        ({"a3": EAST}, None, [Finding("a1", Fault.MISSING)]),
        ({"a1": "山田", "a3": "消えた"}, None, [Finding("a3", Fault.NO_OPTION)]),
        ({"a1": "𠮷" * 40}, None, []),
    ],
)
def test_what_does_not_fit_is_named_and_what_nobody_has_seen_is_not_judged(definition, values, takes, found):
    wanted = wanted_by(RECORDING, definition, {"{{a1}}": takes} if takes else {})

    assert faults_of(wanted, values) == found


def test_a_field_that_no_rehearsal_reached_is_taken_for_one_like_the_others(definition):
    wanted = wanted_by(RECORDING, definition, {"{{gijo.account}}": SHIFT_JIS})

    assert faults_of(wanted, {"a1": "𠮷" * 20}) == [Finding("a1", Fault.LETTERS, "𠮷")]


def sees(charset: str, letters: int | None):
    """A rehearsal that sees of the first field what it takes."""

    def act(_row, tell):
        tell(Seen(2, Verdict.OK, 0.1, Takes(charset, letters)))
        return WELL

    return ScriptedStage(act)


def test_tonight_s_queue_is_checked_by_what_the_last_rehearsal_saw(city_on_both):
    rehearsing = rehearsing_at(found_bureau(city_on_both))
    rehearsing.feed()
    rare, long = rehearsing.enter(done=True, a1="𠮷田 恵"), rehearsing.enter(a1="長い名前" * 3)
    rehearsing.enter(done=True)
    client = rehearsing.lesson.client
    unseen = client.get("/bots/versions/1/queue").text
    rehearsing.ask(rare)
    rehearsing.run(sees("Shift_JIS", 10))
    in_shift_jis = client.get("/bots/versions/1/queue").text
    rehearsing.ask(rare)
    rehearsing.run(sees("UTF-8", 10), rehearsal_id=2)

    in_utf_8 = client.get("/bots/versions/1/queue").text

    assert "一度練習すると分かります" in unseen
    assert ("3件のうち1件は入りません" in unseen, "氏名に「𠮷」" in unseen) == (True, True)
    assert "3件のうち2件は入りません" in in_shift_jis
    assert f'<a href="/items/1">{rare}</a>' in in_shift_jis
    assert f'<a href="/records/entries/2">{long}</a>' in in_shift_jis
    assert "氏名が2文字多い" in in_shift_jis
    assert ("3件のうち1件は入りません" in in_utf_8, rare in in_utf_8) == (True, False)


def test_nobody_is_shown_what_does_not_fit_of_records_that_they_may_not_read(city):
    bureau = found_bureau(city)
    rehearsing = rehearsing_at(bureau)
    number = rehearsing.enter(a1="𠮷田 恵")
    operator = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR, department=bureau.department))

    page = operator.get("/bots/versions/1/queue").text

    assert (number in page, "𠮷" in page) == (False, False)
