"""What opens a link further and what closes it: every field, every pair of some values, and what is released then."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from itertools import pairwise, product

import pytest
from hypothesis import Phase, given, settings

from tests.workflows.links.agreements import (
    CARD,
    DESK,
    GIJO,
    HARMLESS,
    LIBRARY,
    LIBRARY_CARD,
    OPTIONAL,
    REMINDER,
    REQUIRED,
    answering,
)
from tests.workflows.links.by_chance import POOL, terms, versions
from workflows.links import (
    NOT_ASSESSED,
    ROWS,
    Change,
    Concern,
    Contact,
    Direction,
    Ground,
    Necessity,
    Purpose,
    Released,
    Request,
    SecurityClass,
    Shown,
    SubjectGroup,
    System,
    Terms,
    Use,
    Width,
    compare,
    decide,
    needs_full_approval,
    needs_reconsent,
)

WIDER, NARROWER, NEUTRAL, MIXED = Width


def use(attribute: str, necessity: Necessity = REQUIRED, *purposes: str) -> Use:
    return Use(attribute, necessity, purposes or ("library_card",))


BIRTH, OVER_65, AGE, SEX = (use(code) for code in ("birth_date", "age_over_65", "age", "sex"))
LATTICES = {
    "giver": [GIJO, System("ward", "区役所", "ward office"), replace(GIJO, ja="ぎじょ")],
    "recipient": [LIBRARY, POOL, replace(LIBRARY, en="libraries")],
    "direction": list(Direction),
    "controller": ["総合図書館", "教育委員会", ""],
    "private_partner": [False, True],
    "purposes": [(), (CARD,), (REMINDER,), (CARD, REMINDER), (REMINDER, CARD), (Purpose("library_card", "別", "x"),)],
    "ground": list(Ground),
    "uses": [
        (),
        (BIRTH,),
        (OVER_65,),
        (AGE,),
        (BIRTH, OVER_65),
        (OVER_65, BIRTH),
        (SEX,),
        (OVER_65, SEX),
        (BIRTH, SEX),
        (use("birth_date", OPTIONAL),),
        (use("birth_date", OPTIONAL), OVER_65),
        (use("age_over_65", OPTIONAL),),
        (use("birth_date", REQUIRED, "reminder"),),
        (use("birth_date", REQUIRED, "reminder", "library_card"),),
        (replace(BIRTH, reason="同名の人を見分けるため"),),
    ],
    "shown": [LIBRARY_CARD.shown, Shown("渡します。", "わたします。", "Handed over."), Shown("", "", "")],
    "retention_days": [0, 1, 30, 1_000],
    "per_person_day": [1, 2, 24],
    "per_person_year": [1, 12, 366],
    "per_minute": [1, 60, 600],
    "subjects": [
        (),
        (SubjectGroup(),),
        (SubjectGroup(("chuo",)),),
        (SubjectGroup(("nishi", "chuo")),),
        (SubjectGroup(("chuo",)), SubjectGroup(("nishi",))),
        (SubjectGroup((), 65),),
        (SubjectGroup((), 65, 74), SubjectGroup((), 75)),
        (SubjectGroup((), None, 64),),
        (SubjectGroup(("chuo",), 65),),
    ],
    "security": list(SecurityClass),
    "valid_from": [date(2026, 4, 1), date(2026, 10, 1), date(2027, 4, 1)],
    "valid_until": [date(2027, 3, 31), date(2028, 3, 31), date(2029, 3, 31)],
    "review_on": [date(2026, 10, 1), date(2027, 1, 1), date(2027, 3, 1)],
    "contacts": [(), (DESK,), (replace(DESK, telephone="000-0000-0003"),)],
    "emergency_contact": [DESK, Contact("", "", "")],
    "impact": [
        HARMLESS,
        NOT_ASSESSED,
        replace(HARMLESS, answers=HARMLESS.answers[1:]),
        answering(Concern.CLOUD),
        answering(Concern.CLOUD, measures=False),
        answering(Concern.CLOUD, words="別のことば"),
        answering(Concern.CLOUD, Concern.HARM),
        answering(Concern.HARM),
    ],
}


def width(field: str, old: object, new: object) -> Width | None:
    """Give how a field compares; None where nothing changed. No other field may be named."""
    found = compare(replace(LIBRARY_CARD, **{field: old}), replace(LIBRARY_CARD, **{field: new}))
    assert [change.field for change in found] in ([], [field])
    return found[0].width if found else None


def test_every_field_of_the_terms_stands_in_the_table_and_is_tried_here():
    names = [each.name for each in fields(Terms)]

    assert list(ROWS) == names
    assert list(LATTICES) == names


@pytest.mark.parametrize("field", LATTICES)
def test_what_stays_is_no_change_and_what_differs_is_one(field):
    for old, new in product(LATTICES[field], repeat=2):
        assert (width(field, old, new) is None) == (old == new)


@pytest.mark.parametrize("field", LATTICES)
def test_what_closes_one_way_opens_the_other_way(field):
    back = {NARROWER: {WIDER}, NEUTRAL: {NEUTRAL}, MIXED: {MIXED}, WIDER: {NARROWER, WIDER}, None: {None}}

    for old, new in product(LATTICES[field], repeat=2):
        assert width(field, new, old) in back[width(field, old, new)]


@pytest.mark.parametrize("field", LATTICES)
def test_two_steps_that_open_nothing_open_nothing_together(field):
    def opens(old, new):
        found = width(field, old, new)
        return found is not None and found.opens

    for one, two, three in product(LATTICES[field], repeat=3):
        assert opens(one, two) or opens(two, three) or not opens(one, three)


NEVER_ALIKE = ("giver", "recipient", "controller", "private_partner", "ground", "shown")


@pytest.mark.parametrize("field", NEVER_ALIKE)
def test_what_cannot_be_compared_opens_the_link(field):
    assert {width(field, old, new) for old, new in product(LATTICES[field], repeat=2) if old != new} == {WIDER}


@pytest.mark.parametrize("field", ["contacts", "emergency_contact"])
def test_another_contact_opens_and_closes_nothing(field):
    assert {width(field, old, new) for old, new in product(LATTICES[field], repeat=2) if old != new} == {NEUTRAL}


RISING = ("retention_days", "per_person_day", "per_person_year", "per_minute", "valid_until", "review_on")


@pytest.mark.parametrize("field", RISING)
def test_more_and_later_open_the_link(field):
    assert {width(field, old, new) for old, new in pairwise(LATTICES[field])} == {WIDER}


@pytest.mark.parametrize("field", ["security", "valid_from"])
def test_a_stricter_class_and_a_later_beginning_close_it(field):
    assert {width(field, old, new) for old, new in pairwise(LATTICES[field])} == {NARROWER}


@pytest.mark.parametrize(
    ("field", "old", "new", "expected"),
    [
        ("direction", Direction.BOTH, Direction.GIVES, NARROWER),
        ("direction", Direction.GIVES, Direction.TAKES, MIXED),
        ("purposes", (CARD,), (CARD, REMINDER), WIDER),
        ("purposes", (CARD, REMINDER), (REMINDER, CARD), NEUTRAL),
        ("purposes", (CARD,), (replace(CARD, ja="図書館の広告"),), MIXED),
        ("uses", (BIRTH,), (OVER_65,), NARROWER),
        ("uses", (OVER_65,), (BIRTH,), WIDER),
        ("uses", (BIRTH,), (BIRTH, OVER_65), NEUTRAL),
        ("uses", (BIRTH,), (AGE,), NARROWER),
        ("uses", (BIRTH,), (SEX,), MIXED),
        ("uses", (BIRTH,), (OVER_65, SEX), MIXED),
        ("uses", (BIRTH,), (BIRTH, SEX), WIDER),
        ("uses", (BIRTH,), (use("birth_date", OPTIONAL),), NARROWER),
        ("uses", (use("birth_date", OPTIONAL),), (BIRTH,), WIDER),
        ("uses", (use("birth_date", OPTIONAL),), (OVER_65,), MIXED),
        ("uses", (BIRTH,), (use("birth_date", REQUIRED, "library_card", "reminder"),), WIDER),
        ("uses", (BIRTH,), (use("birth_date", REQUIRED, "reminder"),), MIXED),
        ("uses", (use("address"),), (use("ward"),), NARROWER),
        ("uses", (use("ward"),), (use("city_resident"),), NARROWER),
        ("uses", (use("disability_discount_class"),), (use("disability_discount"),), NARROWER),
        ("uses", (BIRTH,), (replace(BIRTH, reason="別の理由"),), NEUTRAL),
        ("uses", (BIRTH,), (use("of_tomorrow"),), MIXED),
        ("subjects", (SubjectGroup(),), (SubjectGroup((), 65),), NARROWER),
        ("subjects", (SubjectGroup((), 65),), (SubjectGroup((), 60),), WIDER),
        ("subjects", (SubjectGroup((), 65),), (SubjectGroup((), 60, 80),), MIXED),
        ("subjects", (SubjectGroup((), 0, 9), SubjectGroup((), 10, 19)), (SubjectGroup((), 0, 19),), NEUTRAL),
        ("subjects", (SubjectGroup((), 0),), (SubjectGroup(),), WIDER),
        ("subjects", (SubjectGroup(("chuo",)),), (SubjectGroup(("chuo", "of_tomorrow")),), WIDER),
    ],
)
def test_each_of_these_is_as_the_office_sees_it(field, old, new, expected):
    assert width(field, old, new) is expected


@pytest.mark.parametrize(
    ("changes", "approval", "reconsent"),
    [
        ({"uses": (*LIBRARY_CARD.uses, SEX)}, True, True),
        ({"purposes": (*LIBRARY_CARD.purposes, Purpose("survey", "調査", "survey"))}, True, True),
        ({"recipient": POOL}, True, True),
        ({"retention_days": 1_001}, True, True),
        ({"shown": Shown("別", "べつ", "other")}, True, False),
        ({"per_minute": 61}, True, False),
        ({"valid_until": date(2029, 4, 1)}, True, False),
        ({"subjects": (SubjectGroup((), 18),)}, False, False),
        ({"uses": LIBRARY_CARD.uses[:2], "retention_days": 30}, False, False),
        ({"contacts": ()}, False, False),
        ({"retention_days": 30, "per_person_day": 3}, True, False),
        ({}, False, False),
    ],
)
def test_opening_needs_the_full_approval_and_what_residents_agreed_to_another_consent(changes, approval, reconsent):
    found = compare(LIBRARY_CARD, replace(LIBRARY_CARD, **changes))

    assert (needs_full_approval(found), needs_reconsent(found)) == (approval, reconsent)


def test_a_mixed_change_counts_as_opening():
    mixed = [Change("uses", MIXED)]

    assert needs_full_approval(mixed)
    assert needs_reconsent(mixed)


drawn = settings(max_examples=1_500, phases=[Phase.generate])


@drawn
@given(terms, terms)
def test_two_versions_of_which_neither_opens_the_other_let_the_same_through(one, other):
    there, back = compare(one, other), compare(other, one)

    if not needs_full_approval(there) and not needs_full_approval(back):
        assert (one.allowed, one.required, one.people) == (other.allowed, other.required, other.people)


def opens_no_further(compares, versions) -> None:
    """What is released under a new version that opens nothing could also be had under the one before."""

    @drawn
    @given(versions)
    def property_holds(drawn_versions):
        case, old = drawn_versions
        answer = case.answered_by(decide)
        if isinstance(answer, Released) and answer.claims and not needs_full_approval(compares(old, case.terms)):
            had = case.with_(terms=old, request=Request(case.request.purpose, frozenset(answer.claims)))
            assert had.answered_by(decide) == answer

    property_holds()


def test_what_is_released_under_a_version_that_opens_nothing_could_be_had_before():
    opens_no_further(compare, versions())


DECIDING = [
    "direction",
    "purposes",
    "uses",
    "per_person_day",
    "per_person_year",
    "per_minute",
    "subjects",
    "valid_from",
    "valid_until",
]


@pytest.mark.parametrize("field", DECIDING)
def test_a_comparison_that_overlooks_a_field_is_found(field):
    def overlooks(old, new):
        return tuple(change for change in compare(old, new) if change.field != field)

    with pytest.raises(AssertionError):
        opens_no_further(overlooks, versions(field))
