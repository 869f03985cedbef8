"""The terms of an agreement: kept as they are, read strictly, and looked through before anybody approves."""

from __future__ import annotations

import copy
import json
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.links.agreements import CARD, LIBRARY_CARD, OPTIONAL, REMINDER, REQUIRED, answering
from tests.workflows.links.by_chance import terms
from workflows.links import (
    NOT_ASSESSED,
    PRIVATE_LIMITS,
    PUBLIC_LIMITS,
    Concern,
    Contact,
    Ground,
    Purpose,
    SecurityClass,
    Shown,
    SubjectGroup,
    System,
    Terms,
    TermsProblem,
    TermsRefused,
    Use,
    Wrong,
    limits_of,
    problems_of,
    read_terms,
    terms_from,
    written_terms,
)

FOR_CARD = ("library_card",)


@given(terms)
def test_terms_read_as_they_were_written(agreed):
    assert read_terms(json.dumps(written_terms(agreed))) == agreed


def test_every_field_stands_in_what_is_kept():
    kept = written_terms(LIBRARY_CARD)

    assert kept["schema"] == 2
    assert list(kept["terms"]) == [each.name for each in fields(Terms)]
    assert kept["terms"]["valid_until"] == "2029-03-31"
    assert kept["terms"]["subjects"] == [{"wards": [], "from_age": None, "to_age": None}]


def altered(place: str, value: object) -> dict[str, object]:
    kept = copy.deepcopy(written_terms(LIBRARY_CARD))
    *way, last = place.split(".")
    inside = kept
    for step in way:
        inside = inside[int(step) if step.isdigit() else step]
    inside[int(last) if last.isdigit() else last] = value
    return kept


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        ("schema", 3, "later_schema"),
        ("terms.of_tomorrow", 1, "unknown"),
        ("terms.contacts.0.fax", "", "unknown"),
        ("terms.retention_days", "30", "wrong"),
        ("terms.retention_days", True, "wrong"),
        ("terms.private_partner", 0, "wrong"),
        ("terms.controller", None, "wrong"),
        ("terms.ground", "any", "wrong"),
        ("terms.ground", [], "wrong"),
        ("terms.valid_from", "2026-02-30", "wrong"),
        ("terms.valid_from", 20260401, "wrong"),
        ("terms.uses", {}, "wrong"),
        ("terms.uses.0", "full_name", "wrong"),
        ("terms.uses.0.necessity", "perhaps", "wrong"),
        ("terms.uses.0.purposes.0", 1, "wrong"),
        ("terms.subjects.0.from_age", "65", "wrong"),
        ("terms.contacts", [written_terms(LIBRARY_CARD)["terms"]["emergency_contact"]] * 201, "too_many"),
    ],
)
def test_what_is_not_known_is_refused_with_its_place_and_never_dropped(place, value, code):
    with pytest.raises(TermsRefused) as refused:
        terms_from(altered(place, value))

    assert (refused.value.place, refused.value.code) == (place, code)


@pytest.mark.parametrize("name", [each.name for each in fields(Terms)])
def test_a_field_that_is_missing_is_refused(name):
    kept = written_terms(LIBRARY_CARD)
    del kept["terms"][name]

    with pytest.raises(TermsRefused) as refused:
        terms_from(kept)

    assert (refused.value.place, refused.value.code) == (f"terms.{name}", "missing")


def test_terms_of_before_there_were_assessments_read_as_not_assessed():
    kept = written_terms(LIBRARY_CARD)
    del kept["terms"]["impact"]

    assert terms_from({"schema": 1, "terms": kept["terms"]}) == replace(LIBRARY_CARD, impact=NOT_ASSESSED)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "not_json"),
        ('{"schema": 1, "terms": {"retention_days": NaN}}', "not_json"),
        ('{"schema": 1, "terms": {"retention_days": 1.5}}', "not_json"),
        ("[" * 100_000, "not_json"),
        ("[]", "not_terms"),
        ('{"schema": 1}', "not_terms"),
        ('{"schema": 1, "terms": []}', "wrong"),
        (" " * 300_000, "too_large"),
    ],
)
def test_what_are_no_terms_is_refused(text, code):
    with pytest.raises(TermsRefused) as refused:
        read_terms(text)

    assert refused.value.code == code


def wrongs(**changes: object) -> list[tuple[str, Wrong, str]]:
    found = problems_of(replace(LIBRARY_CARD, **changes))
    # What a high risk wants is tried in test_impact.
    return [(each.field, each.wrong, each.about) for each in found if each.wrong is not Wrong.IMPACT_WITHOUT_MEASURE]


def test_in_the_library_card_there_is_nothing_to_mend():
    assert problems_of(LIBRARY_CARD) == ()


def uses(*more: Use) -> tuple[Use, ...]:
    return (*LIBRARY_CARD.uses, *more)


@pytest.mark.parametrize(
    ("changes", "field", "wrong", "about"),
    [
        ({"giver": System("gijo", "", "Gijo")}, "giver", Wrong.SYSTEM_UNNAMED, ""),
        ({"recipient": LIBRARY_CARD.giver}, "recipient", Wrong.SAME_SYSTEM, "gijo"),
        ({"controller": " "}, "controller", Wrong.CONTROLLER_MISSING, ""),
        (
            {"purposes": (*LIBRARY_CARD.purposes, Purpose("extra", "調査", "survey"))},
            "purposes",
            Wrong.PURPOSE_IDLE,
            "extra",
        ),
        ({"purposes": (CARD, replace(REMINDER, en=""))}, "purposes", Wrong.PURPOSE_UNNAMED, "reminder"),
        ({"purposes": (CARD, REMINDER, replace(CARD, ja="別"))}, "purposes", Wrong.PURPOSE_TWICE, "library_card"),
        ({"uses": ()}, "uses", Wrong.NO_ATTRIBUTE, ""),
        ({"uses": uses(Use("full_name", OPTIONAL, FOR_CARD, "x"))}, "uses", Wrong.ATTRIBUTE_TWICE, "full_name"),
        ({"uses": uses(Use("of_tomorrow", REQUIRED, FOR_CARD))}, "uses", Wrong.ATTRIBUTE_UNKNOWN, "of_tomorrow"),
        ({"uses": uses(Use("sex", REQUIRED, ()))}, "uses", Wrong.ATTRIBUTE_WITHOUT_PURPOSE, "sex"),
        ({"uses": uses(Use("sex", REQUIRED, ("ads",)))}, "uses", Wrong.ATTRIBUTE_FOR_UNKNOWN_PURPOSE, "sex"),
        ({"uses": uses(Use("age_over_65", REQUIRED, FOR_CARD))}, "uses", Wrong.ALREADY_TOLD, "age_over_65"),
        ({"uses": uses(Use("sex", OPTIONAL, FOR_CARD))}, "uses", Wrong.OPTIONAL_WITHOUT_REASON, "sex"),
        (
            {
                "uses": uses(Use("disability_discount", REQUIRED, FOR_CARD)),
                "security": SecurityClass.CONFIDENTIALITY_3,
            },
            "uses",
            Wrong.SENSITIVE_WITHOUT_REASON,
            "disability_discount",
        ),
        (
            {"uses": uses(Use("disability_discount", REQUIRED, FOR_CARD, "減免"))},
            "security",
            Wrong.SECURITY_TOO_LOW,
            "confidentiality_3",
        ),
        ({"security": SecurityClass.CONFIDENTIALITY_1}, "security", Wrong.SECURITY_TOO_LOW, "confidentiality_2"),
        ({"shown": Shown("渡します。", "わたします。", " ")}, "shown", Wrong.SHOWN_MISSING, "en"),
        ({"retention_days": -1}, "retention_days", Wrong.RETENTION_WRONG, ""),
        ({"retention_days": 1_827}, "retention_days", Wrong.RETENTION_TOO_LONG, ""),
        ({"per_minute": 0}, "per_minute", Wrong.CEILING_WRONG, ""),
        ({"per_minute": 6_001}, "per_minute", Wrong.CEILING_TOO_HIGH, ""),
        ({"per_person_day": 11}, "per_person_year", Wrong.CEILINGS_CONTRADICT, ""),
        ({"per_person_year": 733}, "per_person_year", Wrong.CEILINGS_CONTRADICT, ""),
        ({"subjects": ()}, "subjects", Wrong.NO_SUBJECTS, ""),
        ({"subjects": (SubjectGroup(("atlantis",)),)}, "subjects", Wrong.WARD_UNKNOWN, "atlantis"),
        ({"subjects": (SubjectGroup((), 65, 64),)}, "subjects", Wrong.AGES_WRONG, ""),
        ({"valid_from": date(2026, 3, 31)}, "valid_until", Wrong.VALID_TOO_LONG, ""),
        ({"review_on": date(2029, 4, 1)}, "review_on", Wrong.REVIEW_AFTER_THE_END, ""),
        ({"review_on": date(2026, 3, 31)}, "review_on", Wrong.REVIEW_BEFORE_IT_BEGINS, ""),
        ({"review_on": date(2027, 4, 2)}, "review_on", Wrong.REVIEW_TOO_LATE, ""),
        ({"valid_until": date(2026, 3, 1)}, "valid_until", Wrong.ENDS_BEFORE_IT_BEGINS, ""),
        ({"contacts": ()}, "contacts", Wrong.NO_CONTACT, ""),
        ({"contacts": (Contact("係", "", ""),)}, "contacts", Wrong.CONTACT_INCOMPLETE, "係"),
        (
            {"emergency_contact": Contact("当直", "", "x@y.example")},
            "emergency_contact",
            Wrong.EMERGENCY_CONTACT_INCOMPLETE,
            "",
        ),
    ],
)
def test_what_is_missing_or_contradicts_itself_is_named(changes, field, wrong, about):
    assert (field, wrong, about) in wrongs(**changes)


def test_without_a_purpose_nothing_can_be_asked_for():
    assert ("purposes", Wrong.NO_PURPOSE, "") in wrongs(purposes=())


def test_a_register_as_it_stands_is_required_only_with_a_reason_why_a_claim_will_not_do():
    bare = (Use("birth_date", REQUIRED, FOR_CARD), Use("mail", OPTIONAL, ("reminder",), "望む人だけ"))
    name = (Use("full_name", REQUIRED, FOR_CARD), bare[1])

    assert wrongs(uses=bare) == [("uses", Wrong.CLAIM_WOULD_DO, "birth_date")]
    assert wrongs(uses=name) == []


def test_a_claim_for_all_beside_the_fact_for_those_who_like_is_no_contradiction():
    both = (
        Use("age_over_65", REQUIRED, FOR_CARD),
        Use("birth_date", OPTIONAL, FOR_CARD, "誕生月の催しを知らせるため"),
        Use("mail", OPTIONAL, ("reminder",), "望む人だけ"),
    )

    assert wrongs(uses=both) == []


@pytest.mark.parametrize("ground", [Ground.OWN_DUTIES, Ground.OTHER_BODY, Ground.SPECIAL_REASON])
def test_tax_flows_on_consent_alone(ground):
    tax = uses(Use("tax_exempt_household", REQUIRED, FOR_CARD, "減免のため"))

    found = wrongs(uses=tax, ground=ground, security=SecurityClass.CONFIDENTIALITY_3)

    assert found == [("ground", Wrong.TAX_NEEDS_CONSENT, "tax_exempt_household")]


DISCOUNT_AT_A_POOL = replace(
    LIBRARY_CARD,
    private_partner=True,
    purposes=(CARD,),
    uses=(Use("age_over_65", REQUIRED, FOR_CARD),),
    retention_days=90,
    valid_until=date(2027, 3, 31),
)


def test_a_private_partner_gets_claims_for_a_year_at_most():
    assert problems_of(DISCOUNT_AT_A_POOL) == ()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"valid_until": date(2027, 4, 1)}, TermsProblem("valid_until", Wrong.VALID_TOO_LONG)),
        ({"retention_days": 91}, TermsProblem("retention_days", Wrong.RETENTION_TOO_LONG)),
        ({"per_minute": 601}, TermsProblem("per_minute", Wrong.CEILING_TOO_HIGH)),
        ({"ground": Ground.OTHER_BODY}, TermsProblem("ground", Wrong.PRIVATE_NEEDS_CONSENT)),
        ({"uses": (Use("sex", REQUIRED, FOR_CARD),)}, TermsProblem("uses", Wrong.PRIVATE_NO_CLAIM, "sex")),
        (
            {
                "uses": (Use("disability_discount", REQUIRED, FOR_CARD, "割引のため"),),
                "security": SecurityClass.CONFIDENTIALITY_3,
                "impact": answering(*Concern),
            },
            TermsProblem("uses", Wrong.PRIVATE_SENSITIVE, "disability_discount"),
        ),
    ],
)
def test_what_a_public_body_may_have_a_private_partner_may_not(changes, problem):
    private = replace(DISCOUNT_AT_A_POOL, **changes)

    assert problems_of(private) == (problem,)
    if "ground" not in changes:
        assert problem not in problems_of(replace(private, private_partner=False))


def test_limits_of_private_partners_are_stricter_in_everything():
    strict, wide = limits_of(private_partner=True), limits_of(private_partner=False)

    assert (strict, wide) == (PRIVATE_LIMITS, PUBLIC_LIMITS)
    assert all(getattr(strict, each.name) < getattr(wide, each.name) for each in fields(strict))


@given(terms, st.data())
def test_whatever_is_looked_through_gives_an_answer(agreed, data):
    extreme = data.draw(st.sampled_from([date.min, date.max]))

    for field in ("valid_from", "valid_until", "review_on"):
        assert all(
            each.field in Terms.__dataclass_fields__ for each in problems_of(replace(agreed, **{field: extreme}))
        )
