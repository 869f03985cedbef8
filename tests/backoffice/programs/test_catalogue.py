"""The shipped programs are whole and right: what stands in the files is asked of the rules themselves."""

from __future__ import annotations

from datetime import date

import pytest

from backoffice.programs import catalogue
from backoffice.programs.catalogue import ShippedProgram
from backoffice.programs.checking import VERDICTS_TO_SHOW
from backoffice.programs.exampling import LONGEST_TITLE, MOST_EXAMPLES
from backoffice.programs.ruling import MOST_LEVELS
from backoffice.programs.sheets import definition
from backoffice.programs.shipping import DEPARTMENTS
from backoffice.programs.thresholds import CODE
from forms.my_number import holds_my_number
from forms.problems import Severity as FormSeverity
from forms.validation import validate
from workflows.rules import Verdict
from workflows.rules.editing import levels
from workflows.rules.examples import Someone, verdict_of
from workflows.rules.facts import CITY_FACTS
from workflows.rules.findings import Severity
from workflows.rules.lints import facts_of, look_at
from workflows.rules.sentences import Language, Names, sentence
from workflows.rules.tree import NotGranted, leaves

TODAY = date(2026, 11, 27)
THE_SEVEN = {
    "就学援助",
    "第3子優遇事業",
    "高齢者乗車券",
    "がん検診",
    "よかドック",
    "特定保健指導",
    "歯科節目健診",
}
NOT_REQUIRED_YET_WRITTEN = ("name_easy", "name_en", "summary_easy", "summary_en", "url", "counter", "telephone")
NOBODY_HAS_CONFIRMED = "parameter_unconfirmed"
BORN = "birth_date"

PROGRAMS = {each.code: each for each in catalogue.every_program()}
NAMES = Names(CITY_FACTS, catalogue.parameters(), {code: each.name for code, each in PROGRAMS.items()})


@pytest.fixture(params=PROGRAMS)
def program(request) -> ShippedProgram:
    return PROGRAMS[request.param]


def verdict(code: str, *household: dict, on: date = TODAY, **facts) -> Verdict:
    return verdict_of(PROGRAMS[code].rule, Someone(facts, household=household), NAMES.parameters, CITY_FACTS, on)


def test_the_seven_of_fy_r4_are_there_and_twenty_others():
    assert {each.one_of_the_seven for each in PROGRAMS.values() if each.one_of_the_seven} == THE_SEVEN
    assert sum(1 for each in PROGRAMS.values() if not each.one_of_the_seven) == 20


COUNTED_IN_TWO_WAYS = {"daisanshi-yugu": {"legal_age"}}
"""What its department is asked to confirm says so, and that both are meant."""


def test_no_two_have_the_same_name_or_say_the_same():
    for language in Language:
        told = [sentence(each.rule, NAMES, language) for each in PROGRAMS.values()]
        assert len(set(told)) == len(told)
    for key in ("name_ja", "name_en", "name_easy", "summary_ja", "url"):
        written = [each.sheet[key] for each in PROGRAMS.values()]
        assert len(set(written)) == len(written)


def test_its_sheet_is_whole_in_three_languages(program: ShippedProgram):
    assert set(program.sheet) == {field.key for field in definition().fields}
    problems = validate(definition(), program.sheet)
    assert [each for each in problems if each.severity is FormSeverity.REFUSE] == []
    assert [key for key in NOT_REQUIRED_YET_WRITTEN if not program.sheet[key]] == []
    assert not any(holds_my_number(str(value)) for value in program.sheet.values())


def test_its_rule_has_nothing_to_mend_and_only_waits_for_confirmed_thresholds(program: ShippedProgram):
    found = look_at(program.rule, NAMES, TODAY)

    assert [each for each in found if each.severity is Severity.ERROR] == []
    expected = {NOBODY_HAS_CONFIRMED} if program.thresholds else set()
    assert {each.code for each in found} == expected | COUNTED_IN_TWO_WAYS.get(program.code, set())
    assert levels(program.rule) <= MOST_LEVELS


def test_every_number_nobody_gave_is_a_threshold_of_this_fiscal_year_to_be_confirmed(program: ShippedProgram):
    for threshold in program.thresholds:
        assert CODE.fullmatch(threshold.code)
        assert (threshold.starts, threshold.ends) == (date(2026, 4, 1), date(2027, 3, 31))
        assert "所管課で確認" in threshold.legal_reference
        assert not any(
            other.code == threshold.code
            for each in PROGRAMS.values()
            if each is not program
            for other in each.thresholds
        )


def test_its_examples_are_what_the_rule_says(program: ShippedProgram):
    for example in program.examples:
        said = verdict_of(program.rule, example.someone, NAMES.parameters, CITY_FACTS, example.as_of)
        assert (example.title, said) == (example.title, example.verdict)


def test_its_examples_show_a_yes_and_a_no_and_each_only_once(program: ShippedProgram):
    titles = [each.title for each in program.examples]

    assert set(VERDICTS_TO_SHOW) <= {each.verdict for each in program.examples}
    assert len(set(titles)) == len(titles) <= MOST_EXAMPLES
    assert max(map(len, titles)) <= LONGEST_TITLE


def test_what_touches_sensitive_facts_is_told_after_sign_in_only(program: ShippedProgram):
    facts = [CITY_FACTS.get(code) for leaf in leaves(program.rule) for code in facts_of(leaf)]

    if any(fact is not None and fact.sensitive for fact in facts):
        assert program.sheet["body_class"] == "veiled"


def test_it_asks_about_its_own_grants_only_and_by_its_number_once_it_has_one(program: ShippedProgram):
    asked = {leaf.program for leaf in leaves(program.rule) if isinstance(leaf, NotGranted)}
    taken_in = {leaf.program for leaf in leaves(program.rule_for("R8-制度-0001")) if isinstance(leaf, NotGranted)}

    assert asked <= {program.code}
    assert taken_in == {"R8-制度-0001"} & taken_in
    assert bool(asked) == bool(taken_in)


def test_it_says_what_its_department_is_to_confirm(program: ShippedProgram):
    assert program.department in DEPARTMENTS
    assert program.to_confirm
    assert all(each.endswith("。") for each in program.to_confirm)


# The seven, as the office says them


@pytest.mark.parametrize(
    ("born", "expected"),
    [(date(1956, 11, 28), Verdict.ELIGIBLE), (date(1956, 11, 29), Verdict.NOT_ELIGIBLE)],
)
def test_the_transport_pass_is_for_whoever_attains_70_the_day_before_the_birthday(born, expected):
    assert verdict("koreisha-joshaken", birth_date=born) == expected


def test_who_is_born_on_1_april_has_attained_70_on_31_march():
    born = date(1956, 4, 1)

    assert verdict("koreisha-joshaken", birth_date=born, on=date(2026, 3, 30)) == Verdict.NOT_ELIGIBLE
    assert verdict("koreisha-joshaken", birth_date=born, on=date(2026, 3, 31)) == Verdict.ELIGIBLE


SCHOOLCHILD = {BORN: date(2016, 6, 1), "school_kind": "city", "household_size": 4}


@pytest.mark.parametrize(
    ("income", "allowance", "expected"),
    [
        (3_200_000, False, Verdict.ELIGIBLE),
        (3_200_001, False, Verdict.NOT_ELIGIBLE),
        (9_000_000, True, Verdict.ELIGIBLE),
    ],
)
def test_school_expenses_are_met_under_the_limit_for_the_household_or_with_the_allowance(income, allowance, expected):
    known = {**SCHOOLCHILD, "household_income": income, "child_rearing_allowance": allowance}

    assert verdict("shugaku-enjo", **known) == expected


def test_school_expenses_are_met_at_the_citys_own_schools_only():
    poor = {**SCHOOLCHILD, "household_income": 0, "child_rearing_allowance": True}

    assert verdict("shugaku-enjo", **{**poor, "school_kind": "other"}) == Verdict.NOT_ELIGIBLE


def test_a_larger_household_may_earn_more_before_school_expenses_are_its_own():
    known = {**SCHOOLCHILD, "household_income": 3_700_000, "child_rearing_allowance": False}

    assert verdict("shugaku-enjo", **known) == Verdict.NOT_ELIGIBLE
    assert verdict("shugaku-enjo", **{**known, "household_size": 5}) == Verdict.ELIGIBLE


def family(*births: date) -> list[dict]:
    return [{"relation": "child", BORN: born} for born in births]


PARENT = {"relation": "head", BORN: date(1984, 5, 5)}


def test_the_third_child_is_counted_among_those_under_18_and_is_not_at_school_yet():
    small, middle = date(2021, 6, 1), date(2016, 6, 1)

    assert verdict("daisanshi-yugu", *family(date(2010, 6, 1), middle, small), **PARENT) == Verdict.ELIGIBLE
    assert verdict("daisanshi-yugu", *family(middle, small), **PARENT) == Verdict.NOT_ELIGIBLE
    assert verdict("daisanshi-yugu", *family(date(2007, 6, 1), middle, small), **PARENT) == Verdict.NOT_ELIGIBLE


def test_who_is_born_on_1_april_is_at_school_and_the_next_day_is_not_yet():
    elders = (date(2010, 6, 1), date(2016, 6, 1))

    assert verdict("daisanshi-yugu", *family(*elders, date(2020, 4, 1)), **PARENT) == Verdict.NOT_ELIGIBLE
    assert verdict("daisanshi-yugu", *family(*elders, date(2020, 4, 2)), **PARENT) == Verdict.ELIGIBLE


def test_a_familys_notice_about_the_third_child_goes_to_one_of_them():
    spouse = {**PARENT, "relation": "spouse"}
    children = family(date(2010, 6, 1), date(2016, 6, 1), date(2021, 6, 1))

    assert verdict("daisanshi-yugu", *children, **spouse) == Verdict.NOT_ELIGIBLE


NEVER = date.min


@pytest.mark.parametrize(
    ("organ", "sex", "first_born", "age"),
    [
        ("gan-shikyukei", "female", date(2007, 4, 1), 20),
        ("gan-nyu", "female", date(1987, 4, 1), 40),
        ("gan-i", "male", date(1992, 4, 1), 35),
        ("gan-daicho", "male", date(1987, 4, 1), 40),
        ("gan-hai", "male", date(1987, 4, 1), 40),
    ],
)
def test_cancer_is_screened_for_from_an_age_by_the_end_of_the_fiscal_year(organ, sex, first_born, age):
    never = {f"granted_{organ}": NEVER, "sex": sex}
    one_day_younger = date(2027 - age, 4, 2)

    assert verdict(organ, birth_date=first_born, **never) == Verdict.ELIGIBLE
    assert verdict(organ, birth_date=one_day_younger, **never) == Verdict.NOT_ELIGIBLE


@pytest.mark.parametrize("organ", ["gan-shikyukei", "gan-nyu"])
def test_women_are_screened_every_second_fiscal_year(organ):
    woman = {"sex": "female", BORN: date(1970, 1, 1)}

    assert verdict(organ, **woman, **{f"granted_{organ}": date(2025, 4, 1)}) == Verdict.NOT_ELIGIBLE
    assert verdict(organ, **woman, **{f"granted_{organ}": date(2025, 3, 31)}) == Verdict.ELIGIBLE
    assert verdict(organ, **{**woman, "sex": "male"}, **{f"granted_{organ}": NEVER}) == Verdict.NOT_ELIGIBLE


@pytest.mark.parametrize("organ", ["gan-i", "gan-daicho", "gan-hai"])
def test_from_40_on_stomach_bowel_and_lungs_are_screened_every_fiscal_year(organ):
    born = date(1970, 1, 1)

    assert verdict(organ, birth_date=born, **{f"granted_{organ}": date(2026, 3, 31)}) == Verdict.ELIGIBLE
    assert verdict(organ, birth_date=born, **{f"granted_{organ}": date(2026, 4, 1)}) == Verdict.NOT_ELIGIBLE


def test_from_35_to_39_the_stomach_is_screened_once():
    born = date(1988, 1, 1)

    assert verdict("gan-i", birth_date=born, **{"granted_gan-i": NEVER}) == Verdict.ELIGIBLE
    assert verdict("gan-i", birth_date=born, **{"granted_gan-i": date(2024, 6, 1)}) == Verdict.NOT_ELIGIBLE


@pytest.mark.parametrize(
    ("born", "insurance", "expected"),
    [
        (date(1987, 4, 1), "national", Verdict.ELIGIBLE),
        (date(1987, 4, 2), "national", Verdict.NOT_ELIGIBLE),
        (date(1952, 4, 2), "national", Verdict.ELIGIBLE),
        (date(1952, 4, 1), "national", Verdict.NOT_ELIGIBLE),
        (date(1970, 1, 1), "employee", Verdict.NOT_ELIGIBLE),
    ],
)
def test_the_health_check_up_is_for_whom_the_city_insures_from_40_to_74(born, insurance, expected):
    assert verdict("yoka-dock", birth_date=born, insurance=insurance) == expected


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ("motivational", Verdict.ELIGIBLE),
        ("active", Verdict.ELIGIBLE),
        ("no_guidance", Verdict.NOT_ELIGIBLE),
        ("not_taken", Verdict.NOT_ELIGIBLE),
    ],
)
def test_health_guidance_follows_the_result_of_the_check_up(result, expected):
    assert verdict("tokutei-hoken-shido", insurance="national", checkup_result=result) == expected


@pytest.mark.parametrize("age", [35, 40, 50, 60, 70])
def test_teeth_are_looked_at_in_the_fiscal_year_of_a_milestone(age):
    first, last = date(2026 - age, 4, 2), date(2027 - age, 4, 1)

    assert verdict("shika-fushime", birth_date=first) == verdict("shika-fushime", birth_date=last) == Verdict.ELIGIBLE
    assert verdict("shika-fushime", birth_date=date(2026 - age, 4, 1)) == Verdict.NOT_ELIGIBLE
    assert verdict("shika-fushime", birth_date=date(2027 - age, 4, 2)) == Verdict.NOT_ELIGIBLE
