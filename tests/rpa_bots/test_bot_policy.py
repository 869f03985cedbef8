"""What may the bot never do, whatever the screens answer? Tried with screens that need no browser."""

from dataclasses import dataclass, field

import pytest

from rpa_bots.fake_legacy.fields import every_field, shown
from rpa_bots.fake_legacy.records import generate
from rpa_bots.journal import Stage
from rpa_bots.outcomes import (
    Absent,
    AlreadyThere,
    BusinessRefusal,
    Cause,
    Doubled,
    Found,
    Keyed,
    TargetFailure,
    TargetTroubleError,
    Unknown,
)
from rpa_bots.secret import Secret
from rpa_bots.shugaku_enjo.bot import ShugakuEnjoBot
from rpa_bots.shugaku_enjo.fields import meant
from rpa_bots.shugaku_enjo.looks import Look
from tests.rpa_bots.conftest import RememberingJournal, TurnedClock

RECORD = generate(1, seed=3)[0]
RECEIPT = Look("登録完了", cells={"登録番号": "E0000001"})


def detail(**changed):
    values = {**meant(RECORD), **changed}
    rows = {each.label: shown(each, values[each.key]) for each in every_field()}
    return Look("申請照会", cells={"受付番号": RECORD["reference"], "登録番号": "E0000001", **rows})


@dataclass
class ScriptedScreens:
    """Answers as told, a trouble being raised; notes every step taken."""

    found: tuple[str, ...] = ()
    answers: dict[str, list[Look | TargetTroubleError]] = field(default_factory=dict)
    cut: dict[str, str] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    alive = True

    def _answer(self, step, usual):
        self.steps.append(step)
        waiting = self.answers.get(step)
        answer = waiting.pop(0) if waiting else usual
        if isinstance(answer, TargetTroubleError):
            raise answer
        return answer

    def sign_in(self, *_):
        self._answer("sign_in", None)

    def search(self, reference):
        return self._answer("search", Look("申請検索", numbers=self.found, searched=reference, nothing=not self.found))

    def open_found(self):
        return self._answer("open_found", detail())

    def open_entry(self):
        return self._answer("open_entry", None)

    def fill(self, layout):
        self._answer("fill", None)
        self._standing = {**layout.standing(), "reference": RECORD["reference"], **self.cut}

    def standing(self):
        return self._standing

    def register(self):
        return self._answer("register", RECEIPT)

    def open_registered(self):
        return self._answer("open_registered", detail())

    def picture(self):
        return b"png"


def bot_on(screens, *, pictures=False):
    return ShugakuEnjoBot(screens, "gakumu01", Secret("x"), TurnedClock(), pictures=pictures)


def trouble(cause=Cause.UNREACHABLE):
    return TargetTroubleError(cause, "応答がありません")


def test_a_record_is_searched_for_registered_once_and_read_back(journal):
    screens = ScriptedScreens()

    outcome = bot_on(screens, pictures=True).key(RECORD, journal)

    assert outcome == Keyed("E0000001", meant(RECORD), 0.0)
    assert screens.steps == ["search", "open_entry", "fill", "register", "open_registered"]
    assert journal.said == ["submitting", "E0000001"]
    assert set(journal.pictures) == {Stage.FILLED, Stage.READ_BACK}


def test_nothing_is_clicked_when_submitting_cannot_be_committed(journal):
    screens = ScriptedScreens()

    def refuse():
        raise OSError("disk full")

    journal.submitting = refuse
    with pytest.raises(OSError, match="disk full"):
        bot_on(screens).key(RECORD, journal)

    assert "register" not in screens.steps


def test_it_tells_where_it_stands_until_it_registers_and_lets_go_when_told(journal):
    screens, told_no_more = ScriptedScreens(), ScriptedScreens()
    bot_on(screens).key(RECORD, journal)

    def let_go(standing):
        if standing.entered:
            raise OSError("a person takes it")

    journal_that_takes = RememberingJournal()
    journal_that_takes.standing = let_go
    with pytest.raises(OSError, match="a person takes it"):
        bot_on(told_no_more).key(RECORD, journal_that_takes)

    assert [(each.step, each.steps, bool(each.entered)) for each in journal.steps] == [
        (1, 4, False),
        (2, 4, False),
        (3, 4, True),
    ]
    assert {"name", "address"} <= set(journal.steps[-1].entered)
    assert journal.steps[-1].picture() == b"png"
    assert told_no_more.steps == ["search", "open_entry", "fill"]


def test_a_record_found_equal_is_not_keyed_again(journal):
    screens = ScriptedScreens(found=("E0000001",))

    outcome = bot_on(screens).key(RECORD, journal)

    assert outcome == AlreadyThere("E0000001", meant(RECORD))
    assert journal.said == []


def test_a_record_found_with_other_values_goes_to_a_person(journal):
    screens = ScriptedScreens(found=("E0000001",), answers={"open_found": [detail(income=1, name="別人")]})

    outcome = bot_on(screens).key(RECORD, journal)

    assert isinstance(outcome, BusinessRefusal)
    assert (outcome.fields, outcome.receipt) == (("name", "income"), "E0000001")


def test_a_record_found_twice_goes_to_a_person(journal):
    screens = ScriptedScreens(found=("E0000001", "E0000002"))

    outcome = bot_on(screens).key(RECORD, journal)
    looked_up = bot_on(screens).reconcile(RECORD["reference"])

    assert isinstance(outcome, BusinessRefusal)
    assert looked_up == Doubled(("E0000001", "E0000002"))


def test_a_value_that_the_box_cut_short_is_never_submitted(journal):
    screens = ScriptedScreens(cut={"address": "福岡市"})

    outcome = bot_on(screens).key(RECORD, journal)

    assert isinstance(outcome, BusinessRefusal)
    assert outcome.fields == ("address",)
    assert journal.said == []


def test_an_entry_screen_for_another_reference_is_never_submitted(journal):
    screens = ScriptedScreens(cut={"reference": "就援-R8-99999"})

    outcome = bot_on(screens).key(RECORD, journal)

    assert isinstance(outcome, BusinessRefusal)
    assert "register" not in screens.steps


@pytest.mark.parametrize("step", ["search", "open_entry", "fill"])
def test_trouble_before_the_click_may_be_tried_again(journal, step):
    screens = ScriptedScreens(answers={step: [trouble()]})

    outcome = bot_on(screens).key(RECORD, journal)

    assert outcome == TargetFailure(Cause.UNREACHABLE, "応答がありません")
    assert journal.said == []


@pytest.mark.parametrize(
    "answer",
    [trouble(), trouble(Cause.UNKNOWN_DIALOG), trouble(Cause.SESSION_LOST), Look("システムエラー"), Look("登録完了")],
)
def test_whatever_is_not_proven_after_the_click_is_unknown_and_never_clicked_again(journal, answer):
    screens = ScriptedScreens(answers={"register": [answer]})

    outcome = bot_on(screens).key(RECORD, journal)

    assert isinstance(outcome, Unknown)
    assert screens.steps.count("register") == 1
    assert "sign_in" not in screens.steps


def test_a_missing_read_back_is_unknown_but_keeps_the_receipt(journal):
    screens = ScriptedScreens(answers={"open_registered": [trouble()]})

    outcome = bot_on(screens).key(RECORD, journal)

    assert outcome == Unknown("応答がありません", "E0000001")
    assert journal.said == ["submitting", "E0000001"]


def test_a_registration_stored_otherwise_than_meant_goes_to_a_person_with_its_receipt(journal):
    screens = ScriptedScreens(answers={"open_registered": [detail(name="佐藤 恵子")]})

    outcome = bot_on(screens).key(RECORD, journal)

    assert isinstance(outcome, BusinessRefusal)
    assert (outcome.fields, outcome.receipt) == (("name",), "E0000001")


def test_data_that_the_target_refuses_goes_to_a_person(journal):
    screens = ScriptedScreens(answers={"register": [Look("就学援助申請入力", errors=("「住所」は必須項目です。",))]})

    outcome = bot_on(screens).key(RECORD, journal)

    assert outcome == BusinessRefusal("「住所」は必須項目です。")


def test_a_lost_session_is_opened_again_at_most_twice(journal):
    screens = ScriptedScreens(answers={"search": [trouble(Cause.SESSION_LOST)] * 5})

    outcome = bot_on(screens).key(RECORD, journal)

    assert isinstance(outcome, TargetFailure)
    assert screens.steps == ["search", "sign_in", "search", "sign_in", "search"]


def test_a_refused_account_is_tried_twice_in_all_and_never_again(journal):
    lost, refused = trouble(Cause.SESSION_LOST), trouble(Cause.SIGN_IN_REFUSED)
    screens = ScriptedScreens(answers={"search": [lost] * 9, "sign_in": [refused] * 9})
    bot = bot_on(screens)

    outcomes = [bot.key(RECORD, journal) for _ in range(4)]

    assert {outcome.cause for outcome in outcomes} == {Cause.SIGN_IN_REFUSED}
    assert screens.steps.count("sign_in") == 2


def test_reconcile_only_searches_and_reads():
    absent, found = ScriptedScreens(), ScriptedScreens(found=("E0000001",))

    assert bot_on(absent).reconcile(RECORD["reference"]) == Absent()
    assert bot_on(found).reconcile(RECORD["reference"]) == Found("E0000001", meant(RECORD))
    assert absent.steps + found.steps == ["search", "search", "open_found"]


def test_reconcile_never_takes_a_half_drawn_answer_for_absence():
    screens = ScriptedScreens(answers={"search": [Look("申請検索", searched=RECORD["reference"])]})

    assert isinstance(bot_on(screens).reconcile(RECORD["reference"]), TargetFailure)


def test_the_detail_screen_of_another_record_proves_nothing(journal):
    other = Look("申請照会", cells={**detail().cells, "受付番号": "就援-R8-99999"})
    screens = ScriptedScreens(answers={"open_registered": [other]})

    assert isinstance(bot_on(screens).key(RECORD, journal), Unknown)
