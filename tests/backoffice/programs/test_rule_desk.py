"""A clerk builds a rule on its desk: condition by condition, each act of which can be undone."""

from __future__ import annotations

import re
from datetime import date

import pytest

from backoffice.programs.version_page import facts_in_words
from tests.backoffice.programs.offices import BREAST_CANCER, FORTY_AND_OVER, WOMEN, Office
from tests.backoffice.staff_client import Answer, StaffClient
from workflows.rules.facts import CITY_FACTS
from workflows.rules.reading import rule_of
from workflows.rules.tree import (
    Age,
    All,
    AnyOf,
    Compare,
    Counted,
    Flag,
    Grade,
    Members,
    Not,
    NotGranted,
    OneOf,
    Op,
    Period,
    Rank,
    Since,
    Unit,
)


class Desk:
    """The desk of one draft, as its clerk uses it."""

    def __init__(self, office: Office, rule=None) -> None:
        self.office, self.version_id = office, office.begin(rule, examples=False)
        self.client: StaffClient = office.visit()
        self.page: Answer = self.client.get(self.path)

    @property
    def path(self) -> str:
        return f"/programs/versions/{self.version_id}/rule"

    def act(self, act: str, *, status: int = 200) -> None:
        self.page = self.client.post(self.path, {"version": self.page.field("version"), "act": act}, status=status)

    def add(self, what: str, place: str = "top", *, status: int = 200, **typed) -> None:
        page = self.client.get(f"{self.path}/condition?place={place}&what={what}")
        sent = {"version": page.field("version"), "place": place, "what": what, **typed}
        self.page = self.client.post(f"{self.path}/condition", sent, status=status)

    def change(self, place: str, what: str, **typed) -> None:
        page = self.client.get(f"{self.path}/condition?place={place}&replaces=yes")
        sent = {"version": page.field("version"), "place": place, "what": what, "replaces": "yes", **typed}
        self.page = self.client.post(f"{self.path}/condition", sent)

    @property
    def rule(self):
        kept = self.office.version(self.version_id).rule
        return None if kept is None else rule_of(kept, CITY_FACTS)


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


AGE = {"counted": "fiscal_year_end", "from": "40", "to": ""}


def test_a_rule_is_built_condition_by_condition_and_reads_as_a_sentence(desk: Desk):
    desk.add("one_of:sex", values="female")
    desk.add("age", **AGE)

    assert desk.rule == BREAST_CANCER
    assert "性別が女性、かつ年度末年齢が40歳以上" in desk.page.text


@pytest.mark.parametrize(
    ("what", "typed", "leaf"),
    [
        ("grade", {"from": "1", "to": "9"}, Grade("birth_date", 1, 9)),
        ("flag:single_parent", {}, Flag("single_parent")),
        (
            "compare:household_income",
            {"value": "2,000,000", "op": "at_most"},
            Compare("household_income", Op.AT_MOST, 2_000_000),
        ),
        (
            "since:resident_since",
            {"count": "３", "unit": "months", "op": "at_most"},
            Since("resident_since", Op.AT_MOST, 3, Unit.MONTHS),
        ),
        (
            "members",
            {
                "children": "on",
                "being": "age",
                "being_counted": "fiscal_year_end",
                "being_to": "5",
                "rank": "3",
                "among_counted": "fiscal_year_end",
                "among_to": "18",
                "op": "at_least",
                "count": "1",
            },
            Members(
                True,
                Age("birth_date", Counted.FISCAL_YEAR_END, None, 5),
                Rank(3, Age("birth_date", Counted.FISCAL_YEAR_END, None, 18)),
                Op.AT_LEAST,
                1,
            ),
        ),
    ],
)
def test_every_kind_of_condition_is_filled_in_and_opened_again_as_it_was(desk: Desk, what, typed, leaf):
    desk.add(what, **typed)

    assert desk.rule == All((leaf,))
    page = desk.client.get(f"{desk.path}/condition?place=0&replaces=yes")
    for name, text in typed.items():
        assert name not in {"value", "count"} or page.field(name) in {text.replace(",", ""), "3", "1"}
    desk.change("0", what, **typed)
    assert desk.rule == All((leaf,))


def test_earlier_grants_are_asked_of_programs_that_are_there(desk: Desk):
    number = desk.office.version(desk.version_id).program.number

    desk.add("not_granted", program=number, within="two_fiscal_years")

    assert desk.rule == All((NotGranted(number, Period.TWO_FISCAL_YEARS),))


def test_how_an_age_is_counted_must_be_chosen(desk: Desk):
    desk.add("age", status=422, counted="", **{"from": "40", "to": "74"})

    assert desk.rule is None
    assert desk.page.field("from") == "40"


def test_an_act_is_undone_and_done_again_until_another_takes_its_place(desk: Desk):
    desk.add("one_of:sex", values="female")
    desk.add("age", **AGE)
    desk.act("undo")
    assert desk.rule == All((OneOf("sex", ("female",)),))
    desk.act("redo")
    assert desk.rule == BREAST_CANCER
    desk.act("undo")
    desk.act("undo")
    assert desk.rule == All(())

    desk.add("flag:single_parent")
    desk.act("redo", status=409)

    assert desk.rule == All((Flag("single_parent"),))


def test_conditions_are_moved_negated_grouped_and_taken_away(desk: Desk):
    desk.add("one_of:sex", values="female")
    desk.add("age", **AGE)
    desk.act("down 0")
    desk.act("negate 1")
    desk.act("group 0")
    desk.add("flag:single_parent", "0")
    women, forty = BREAST_CANCER.parts
    assert desk.rule == All((AnyOf((forty, Flag("single_parent"))), Not(women)))

    desk.act("all 0")
    desk.act("ungroup 0")
    desk.act("remove 2")
    desk.act("any top")

    assert desk.rule == AnyOf((forty, Flag("single_parent")))


def test_groups_go_three_deep(desk: Desk):
    desk.act("add_group top")
    desk.act("add_group 0")
    desk.act("add_group 0.0", status=422)

    assert "3段まで" in desk.page.text


def test_a_line_that_is_not_there_any_more_is_told_so(desk: Desk):
    for act, status in (("remove 7", 409), ("dance top", 404), ("remove ../..", 404)):
        desk.page = desk.client.get(desk.path)
        desk.act(act, status=status)


def test_of_two_windows_the_second_is_told_who_was_first(office: Office):
    first, second = Desk(office), None
    second = office.visit(office.colleague)
    seen = second.get(first.path).field("version")
    first.add("flag:single_parent")

    answer = second.post(first.path, {"version": seen, "act": "negate top"}, status=409)

    assert office.drafter.name in answer.text


def test_what_is_wrong_with_a_rule_is_said_beside_its_line(desk: Desk):
    desk.add("one_of:sex", values="female")
    desk.add("one_of:sex", values="male")

    assert "同時に成り立ちません" in desk.page.text


def test_the_desk_alone_is_sent_where_only_the_desk_is_asked_for(desk: Desk):
    answer = desk.client.get(desk.path, **{"HX-Request": "true"})

    assert "rule-desk" in answer.text
    assert "<html" not in answer.text


def test_whoever_may_write_the_wording_only_does_not_build_rules(office: Office):
    version_id = office.begin()

    office.visit(office.bureau.head).get(f"/programs/versions/{version_id}/rule", status=403)
    office.visit(office.bureau.head).get(f"/programs/versions/{version_id}/edit")


def test_suggested_people_sent_twice_are_kept_once_and_no_others_in_their_place(office: Office):
    version_id = office.begin(BREAST_CANCER, examples=False)
    client = office.visit()
    page = client.get(f"/programs/versions/{version_id}/examples")
    key = page.field("chosen")
    sent = {"version": page.field("version"), "chosen": key, f"verdict-{key}": "eligible"}

    client.post(f"/programs/versions/{version_id}/examples/suggested", sent)
    client.post(f"/programs/versions/{version_id}/examples/suggested", sent, status=422)

    assert len(office.version(version_id).examples) == 1


def test_days_of_invented_people_are_written_as_everywhere_on_the_page(office: Office):
    not_yet = NotGranted("R8-制度-0001", Period.FISCAL_YEAR)
    version_id = office.begin(All((FORTY_AND_OVER, not_yet)))

    for page in ("", "/examples"):
        shown = office.visit().get(f"/programs/versions/{version_id}{page}").text
        assert "昭和62年4月1日" in shown
        assert "これまでの給付 R8-制度-0001: 令和8年3月31日" in shown
        assert not re.search(r"\d{4}-\d{2}-\d{2}", shown)


def test_a_day_in_a_condition_is_shown_and_read_again_as_it_is_typed(office: Office):
    version_id = office.begin(All((WOMEN, Compare("resident_since", Op.AT_LEAST, date(2026, 4, 1)))), examples=False)
    client = office.visit()
    path = f"/programs/versions/{version_id}/rule/condition"

    page = client.get(f"{path}?place=1&replaces=yes")

    assert page.field("value") == "令和8年4月1日"
    sent = {"version": page.field("version"), "place": "1", "replaces": "yes", "what": "compare:resident_since"}
    client.post(path, sent | {"op": "at_least", "value": page.field("value")})
    assert office.version(version_id).rule["rule"]["all"][1]["compare"]["value"] == "2026-04-01"


def test_whoever_reads_english_hands_in_the_day_that_stands_in_the_form(office: Office):
    version_id = office.begin(BREAST_CANCER, examples=False)
    client = office.visit()
    client.post("/me/language", {"language": "en"})
    page = client.get(f"/programs/versions/{version_id}/examples")
    sent = {"version": page.field("version"), "title": "losses", "verdict": "unknown", "as_of": page.field("as_of")}

    client.post(f"/programs/versions/{version_id}/examples", sent | {"fact-household_income": "-50,000"})

    assert [each.facts["facts"] for each in office.version(version_id).examples] == [{"household_income": -50_000}]


@pytest.mark.parametrize(("fact", "typed"), [("household_size", "0"), ("household_income", "9" * 19)])
def test_a_number_that_nobody_can_have_is_refused_beside_its_field(office: Office, fact, typed):
    version_id = office.begin(BREAST_CANCER, examples=False)
    client = office.visit()
    page = client.get(f"/programs/versions/{version_id}/examples")
    sent = {"version": page.field("version"), "title": "だれか", "verdict": "unknown", "as_of": page.field("as_of")}

    answer = client.post(f"/programs/versions/{version_id}/examples", sent | {f"fact-{fact}": typed}, status=422)

    assert "この項目に入る整数" in answer.text


def test_the_facts_looked_at_name_the_citys_own_records_of_grants_once(office: Office):
    rule = All((WOMEN, *(NotGranted(f"R8-制度-000{n}", Period.EVER) for n in (1, 2))))
    version_id = office.begin(rule, examples=False)

    shown = office.visit().get(f"/programs/versions/{version_id}").text

    assert shown.count("各制度の支給の記録") == 1


def test_a_grant_that_never_was_is_said_so():
    assert facts_in_words({"facts": {"granted_R8-制度-0001": "0001-01-01"}}) == (
        "これまでの給付 R8-制度-0001: 受けたことがない"
    )
