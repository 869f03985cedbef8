"""Why did she get this? What was true and made it so, in her language, and nothing that gives a household away."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.rules.written_trees import LEAVES
from workflows.notices.languages import NoticeLanguage
from workflows.notices.patterns import sample_patterns
from workflows.notices.plain_facts import CONSENTS_IN, EASY_CHOICES, EASY_FACTS, EASY_NEUTRAL
from workflows.notices.why import Telling, decisive, why_of
from workflows.rules.facts import CITY_FACTS
from workflows.rules.sentences import Names
from workflows.rules.tree import (
    Age,
    All,
    AnyOf,
    Compare,
    Counted,
    Flag,
    Grade,
    Lookup,
    Not,
    NotGranted,
    OneOf,
    Op,
    Period,
    leaves,
)
from workflows.rules.vocabulary import ConsentClass
from workflows.rules.why import LeafState

JA, EASY, EN = NoticeLanguage
TRUE, FALSE, MASKED = LeafState.TRUE, LeafState.FALSE, LeafState.MASKED
NAMES = Names(CITY_FACTS, programs={"R8-制度-0004": "大腸がん検診"})

AT_CITY_SCHOOL = OneOf("school_kind", ("city",))
AT_SCHOOL_AGE = Grade("birth_date", 1, 9)
LOW_INCOME = Lookup("household_income", Op.AT_MOST, "limit", "household_size")
ALLOWANCE = Flag("child_rearing_allowance")
SCHOOL_EXPENSES = All((AT_CITY_SCHOOL, AT_SCHOOL_AGE, AnyOf((LOW_INCOME, ALLOWANCE))))
SEVENTY = Age("birth_date", Counted.ATTAINED, 70, None)
UNGRANTED = NotGranted("R8-制度-0004", Period.FISCAL_YEAR)


def told(rule, states, language=JA, telling=Telling.OPEN):
    return why_of(rule, dict(zip(leaves(rule), states, strict=True)), NAMES, language, telling)


def test_of_alternatives_only_those_that_held_are_told():
    by_allowance = told(SCHOOL_EXPENSES, (TRUE, TRUE, FALSE, TRUE), telling=Telling.SIGNED_IN)

    assert by_allowance.reasons == (
        "通っている学校が市立",
        "学年が小学1年から中学3年",
        "児童扶養手当の受給がある",
    )


def test_circumstances_are_told_in_neutral_words_until_one_has_signed_in():
    why = told(SCHOOL_EXPENSES, (TRUE, TRUE, TRUE, TRUE))

    assert why.reasons[2:] == (
        "お届けいただいた世帯の状況が、この制度の条件に合う",
        "お届けいただいた手当の状況が、この制度の条件に合う",
    )
    assert not any(word in line for line in (*why.reasons, *why.data) for word in ("所得", "児童扶養", "課税"))


def test_a_veiled_program_tells_nothing_before_sign_in():
    why = told(SCHOOL_EXPENSES, (TRUE, TRUE, TRUE, FALSE), telling=Telling.VEILED)

    assert why.veiled
    assert why.reasons == why.data == ()


def test_an_exclusion_is_told_as_what_does_not_hold():
    rule = All((SEVENTY, Not(AnyOf((OneOf("ward", ("higashi",)), AT_CITY_SCHOOL)))))

    assert told(rule, (TRUE, FALSE, FALSE)).reasons[1:] == (
        "「住んでいる区が東区」に当たらない",
        "「通っている学校が市立」に当たらない",
    )


def test_of_an_exclusion_of_several_only_what_was_missing_is_told():
    rule = Not(All((SEVENTY, AT_CITY_SCHOOL)))

    assert decisive(rule, {SEVENTY: TRUE, AT_CITY_SCHOOL: FALSE}) == ((AT_CITY_SCHOOL, False),)


@pytest.mark.parametrize(
    ("language", "reasons"),
    [
        (JA, ("年齢(誕生日の前日に1つ増えると数えます)が70歳以上", "「大腸がん検診」を今年度にまだ利用していない")),
        (
            EASY,
            (
                "年(とし)が 70歳(さい) 以上(いじょう)",
                "今年(ことし)の 4月(がつ)から 「大腸がん検診」を まだ 使(つか)っていない",
            ),
        ),
        (
            EN,
            (
                "Age (counted up on the day before the birthday): 70 or over",
                "Has not used “大腸がん検診” this fiscal year",
            ),
        ),
    ],
)
def test_reasons_are_told_in_the_readers_language(language, reasons):
    assert told(All((SEVENTY, UNGRANTED)), (TRUE, TRUE), language).reasons == reasons


def test_what_was_used_names_register_and_consent():
    why = told(All((SEVENTY, AT_CITY_SCHOOL)), (TRUE, TRUE))

    assert why.data == (
        "生年月日(住民基本台帳。「基本の情報」の同意による)",
        "通っている学校(学齢簿。「学校」の同意による)",
    )


def test_what_was_looked_at_in_vain_was_used_and_what_was_masked_was_not():
    rule = AnyOf((SEVENTY, AT_CITY_SCHOOL, OneOf("ward", ("higashi",))))

    why = told(rule, (TRUE, FALSE, MASKED))

    assert len(why.reasons) == 1
    assert [line.partition("(")[0] for line in why.data] == ["生年月日", "通っている学校"]


def test_after_sign_in_the_register_of_a_sensitive_fact_is_named():
    why = told(ALLOWANCE, (TRUE,), telling=Telling.SIGNED_IN)

    assert why.data == ("児童扶養手当の受給(児童扶養手当台帳。「手当・生活保護」の同意による)",)


def test_every_fact_choice_and_consent_has_plain_words():
    facts = [*CITY_FACTS, CITY_FACTS.grants]
    open_choices = {each.code for fact in facts if not fact.sensitive for each in fact.choices}

    assert {fact.code for fact in facts} == set(EASY_FACTS)
    assert {fact.neutral_ja for fact in facts if fact.sensitive} == set(EASY_NEUTRAL)
    assert open_choices - {"other", "none"} <= set(EASY_CHOICES)
    assert all(set(names) == set(ConsentClass) for names in CONSENTS_IN.values())


RULES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=8,
)


@given(RULES, st.randoms(use_true_random=False))
def test_every_pattern_of_every_rule_can_be_told_without_a_sensitive_name(rule, chance):
    states = {leaf: chance.choice(list(LeafState)) for leaf in leaves(rule)}
    hidden = {fact.ja for fact in CITY_FACTS if fact.sensitive} | {fact.source for fact in CITY_FACTS if fact.sensitive}

    for language, telling in product(NoticeLanguage, Telling):
        why = why_of(rule, states, NAMES, language, telling)
        assert len(set(why.reasons)) == len(why.reasons)
        if telling is Telling.OPEN:
            assert not any(name in line for line in (*why.reasons, *why.data) for name in hidden)


@given(RULES, st.randoms(use_true_random=False))
def test_what_is_told_suffices(rule, chance):
    """With the told conditions alone, all others unknown, the rule still comes to the same."""
    states = {leaf: chance.choice([TRUE, FALSE]) for leaf in leaves(rule)}
    made_it_so = decisive(rule, states)
    told_leaves = {leaf for leaf, _holds in made_it_so}
    only_told = {leaf: state if leaf in told_leaves else LeafState.MISSING for leaf, state in states.items()}

    assert decisive(rule, only_told) == made_it_so


def test_samples_show_different_reasons_each_of_which_makes_the_rule_true():
    found = sample_patterns(SCHOOL_EXPENSES)

    assert [decisive(SCHOOL_EXPENSES, each)[-1] for each in found] == [(LOW_INCOME, True), (ALLOWANCE, True)]


@given(RULES)
def test_whatever_the_rule_its_samples_are_of_people_whom_it_reaches(rule):
    found = sample_patterns(rule)

    assert len(found) <= 3
    assert all(decisive(rule, each) and set(each) == set(leaves(rule)) for each in found)


def test_a_date_bound_is_read_plainly():
    rule = Compare("resident_since", Op.AT_LEAST, date(2026, 4, 1))

    assert told(rule, (TRUE,), EASY).reasons == (
        "福岡市(ふくおかし)に 住(す)み始(はじ)めた 日(ひ)が 2026年(ねん) 4月(がつ) 1日(にち)から 後(あと)",
    )
