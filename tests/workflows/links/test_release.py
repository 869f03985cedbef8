"""What leaves the office: nothing outside version in force ∩ consent ∩ purpose ∩ ceilings, nothing of the protected."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.workflows.links.agreements import (
    AGREED,
    ASKED,
    LIBRARY_CARD,
    LIVE,
    NOW,
    SOMEBODY,
    Asked,
)
from tests.workflows.links.by_chance import asked
from workflows.calendar import TOKYO
from workflows.links import (
    ATTRIBUTES,
    Direction,
    LinkConsent,
    LinkState,
    Outward,
    Person,
    PersonState,
    Reason,
    Refused,
    Released,
    Request,
    Standing,
    SubjectGroup,
    Usage,
    Use,
    decide,
)
from workflows.links.terms import Necessity
from workflows.rules.vocabulary import ConsentClass

drawn = settings(max_examples=1_500, phases=[Phase.generate])
"""A case comes from a seed: there is nothing in it to make smaller."""


def trouble_with(case: Asked, answer: Released | Refused) -> str | None:
    """Say what was released that must not be. Written out anew from the office's words, with nothing of `decide`."""
    if isinstance(answer, Refused):
        return None
    terms, person, used = case.terms, case.person, case.usage
    today = case.now.astimezone(TOKYO).date()
    is_so = {
        "the link is shut": case.standing.state not in ("live", "frozen"),
        "the agreement is not valid": not terms.valid_from <= today <= terms.valid_until,
        "the link gives nothing": terms.direction == "takes",
        "of another version": answer.version != case.standing.version,
        "of a person of whom nothing may leave": person.state != "known",
        "of somebody who is no subject": not any(is_of(group, person) for group in terms.subjects),
        "the client asks too fast": used.of_client_this_minute >= terms.per_minute,
        "too often for this person today": used.of_person_today >= terms.per_person_day,
        "too often for this person this year": used.of_person_this_year >= terms.per_person_year,
        "the purpose is not in the agreement": case.request.purpose not in [each.code for each in terms.purposes],
        "there is no consent for this": case.consent is None or not is_live(case.consent, case, today),
    }
    outside = (found for code in answer.claims if (found := trouble_with_attribute(case, code)) is not None)
    return next(chain((trouble for trouble in is_so if is_so[trouble]), outside), None)


def is_live(consent: LinkConsent, case: Asked, today: date) -> bool:
    return (
        not consent.withdrawn
        and consent.given_on <= today <= consent.until
        and consent.scope >= case.standing.scope
        and case.request.purpose in consent.purposes
    )


def is_of(group: SubjectGroup, person: Person) -> bool:
    if group.wards and person.ward not in group.wards:
        return False
    if group.from_age is None and group.to_age is None:
        return True
    return person.age is not None and (group.from_age or 0) <= person.age <= (
        999 if group.to_age is None else group.to_age
    )


def trouble_with_attribute(case: Asked, code: str) -> str | None:
    behind = ATTRIBUTES[code].facts
    if code not in case.request.attributes or code not in case.person.claims:
        return f"{code} was not asked for, or is not known"
    if not any(within(code, use.attribute) for use in case.terms.uses if case.request.purpose in use.purposes):
        return f"{code} is not in the version in force for this purpose"
    if case.consent is None or not any(within(code, agreed) for agreed in case.consent.attributes):
        return f"{code} was not agreed to"
    if not {fact.consent for fact in behind} <= case.consent.classes:
        return f"the facts behind {code} are not opened"
    if not {fact.consent for fact in behind if fact.of_whole_household} <= case.consent.household_classes:
        return f"the household did not open the facts behind {code}"
    return None


def within(code: str, wider: str) -> bool:
    return code == wider or code in ATTRIBUTES[wider].tells


def nothing_leaves_but_what_may(decides) -> None:
    @drawn
    @given(asked)
    def property_holds(case):
        assert trouble_with(case, case.answered_by(decides)) is None

    property_holds()


def test_nothing_leaves_but_what_version_consent_purpose_and_ceilings_allow():
    nothing_leaves_but_what_may(decide)


@drawn
@given(asked)
def test_whatever_may_leave_leaves(case):
    """The other way round: an answer that nobody could object to is not refused for nothing."""
    answer = case.answered_by(decide)
    whole = Released({code: case.person.claims[code] for code in case.request.attributes & set(case.person.claims)}, 0)

    if isinstance(answer, Refused) and whole.claims and whole.claims.keys() == case.request.attributes:
        assert trouble_with(case, replace(whole, version=case.standing.version)) is not None


def seeing(change):
    """A decision with one eye shut: it sees something else in place of what is so."""

    def decides(*handed_in):
        return change(Asked(*handed_in)).answered_by(decide)

    return decides


def terms_with(**fields):
    return seeing(lambda case: case.with_(terms=replace(case.terms, **fields)))


def consent_with(**fields):
    return seeing(lambda case: case if case.consent is None else case.with_(consent=replace(case.consent, **fields)))


def usage_with(**fields):
    return seeing(lambda case: case.with_(usage=replace(case.usage, **fields)))


def with_every_attribute(case):
    uses = tuple(Use(code, Necessity.OPTIONAL, (case.request.purpose,)) for code in ATTRIBUTES)
    return case.with_(terms=replace(case.terms, uses=uses))


def with_uses_for_every_purpose(case):
    purposes = tuple(each.code for each in case.terms.purposes)
    uses = tuple(replace(use, purposes=purposes) for use in case.terms.uses)
    return case.with_(terms=replace(case.terms, uses=uses))


def with_this_purpose_agreed_to(case):
    purposes = frozenset({case.request.purpose})
    return case if case.consent is None else case.with_(consent=replace(case.consent, purposes=purposes))


def with_consent_for_granted(case):
    everything = {"purposes": frozenset({case.request.purpose}), "attributes": frozenset(ATTRIBUTES)}
    return case.with_(consent=case.consent or replace(AGREED, scope=9, until=date.max, **everything))


def handing_over_all_that_is_known(*handed_in):
    answer = decide(*handed_in)
    return replace(answer, claims=Asked(*handed_in).person.claims) if isinstance(answer, Released) else answer


LEAKS = {
    "a shut link": seeing(lambda case: case.with_(standing=replace(case.standing, state=LinkState.LIVE))),
    "before the first day": terms_with(valid_from=date.min),
    "after the last day": terms_with(valid_until=date.max),
    "against the direction": terms_with(direction=Direction.BOTH),
    "an attribute that is not in the version": seeing(with_every_attribute),
    "an attribute for another purpose": seeing(with_uses_for_every_purpose),
    "an attribute that was not agreed to": consent_with(attributes=frozenset(ATTRIBUTES)),
    "a fact that was not opened": consent_with(classes=frozenset(ConsentClass)),
    "a fact that the household did not open": consent_with(household_classes=frozenset(ConsentClass)),
    "a purpose that was not agreed to": seeing(with_this_purpose_agreed_to),
    "a consent for an earlier scope": consent_with(scope=9),
    "a withdrawn consent": consent_with(withdrawn=False),
    "an expired consent": consent_with(until=date.max),
    "a consent before it was given": consent_with(given_on=date.min),
    "no consent at all": seeing(with_consent_for_granted),
    "of somebody protected": seeing(lambda case: case.with_(person=replace(case.person, state=PersonState.KNOWN))),
    "of somebody who is no subject": terms_with(subjects=(SubjectGroup(),)),
    "faster than the client may": usage_with(of_client_this_minute=0),
    "oftener a day than a person's may": usage_with(of_person_today=0),
    "oftener a year than a person's may": usage_with(of_person_this_year=0),
    "what was not asked for": handing_over_all_that_is_known,
}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_planted_leak_is_found(leak):
    with pytest.raises(AssertionError):
        nothing_leaves_but_what_may(LEAKS[leak])


NOT_TO_BE_TOLD_APART = [state for state in PersonState if state is not PersonState.KNOWN]


def outward(answer: Refused) -> tuple[object, ...]:
    """All that whoever asked may see of a refusal."""
    assert isinstance(answer, Refused)
    return answer.outward, answer.about, answer.retry_after


@drawn
@given(asked, st.data())
def test_a_protected_person_an_unknown_one_and_one_who_is_gone_give_the_same_answer(case, data):
    state = data.draw(st.sampled_from(NOT_TO_BE_TOLD_APART))
    hers = case.with_(person=replace(case.person, state=state))
    nobodys = case.with_(person=Person(PersonState.UNKNOWN), consent=None, usage=replace(case.usage, of_person_today=0))

    assert outward(hers.answered_by(decide)) == outward(nobodys.answered_by(decide))


@drawn
@given(asked)
def test_whoever_is_refused_for_a_reason_of_their_own_gives_the_answer_of_an_unknown_person(case):
    answer = case.answered_by(decide)
    nobodys = case.with_(person=Person(PersonState.UNKNOWN), consent=None).answered_by(decide)

    told_before = (Reason.PERSON_DAY_REACHED, Reason.PERSON_YEAR_REACHED)
    if isinstance(answer, Refused) and answer.reason not in told_before:
        assert outward(answer) == outward(nobodys)


def test_every_reason_about_a_person_has_the_same_face():
    of_the_request = {
        *(reason for reason in Reason if reason.startswith(("link_", "rate_", "person_day", "person_year"))),
        Reason.PURPOSE_OUTSIDE,
        Reason.ATTRIBUTE_OUTSIDE,
        Reason.NOTHING_ASKED,
    }

    faces = {reason.outward for reason in Reason if reason not in of_the_request}

    assert faces == {Outward.NOT_AVAILABLE}
    assert Outward.NOT_AVAILABLE not in {reason.outward for reason in of_the_request}


def test_the_library_gets_what_it_asks_for_and_no_more():
    answer = ASKED.answered_by(decide)

    assert answer == Released(
        {"address": "福岡市中央区天神1-8-1", "birth_date": "1956-04-01", "full_name": "博多 花子"}, version=3
    )


def test_whoever_may_have_the_date_of_birth_may_ask_for_less():
    answer = ASKED.with_(request=Request("library_card", frozenset({"age_over_65"}))).answered_by(decide)

    assert answer == Released({"age_over_65": True}, version=3)


def test_what_is_not_known_of_a_person_is_left_out():
    nameless = replace(SOMEBODY, claims={"birth_date": "1956-04-01"})

    answer = ASKED.with_(person=nameless).answered_by(decide)

    assert answer == Released({"birth_date": "1956-04-01"}, version=3)


def test_an_answer_that_would_say_nothing_does_not_say_that_the_person_is_known():
    answer = ASKED.with_(person=replace(SOMEBODY, claims={})).answered_by(decide)

    assert answer == Refused(Reason.NOTHING_KNOWN)
    assert answer.outward is Outward.NOT_AVAILABLE


def test_what_a_person_may_keep_and_keeps_is_left_out():
    wishes = Request("library_card", frozenset({"full_name", "mail"}))
    keeps_mail = replace(AGREED, attributes=AGREED.attributes - {"mail"})

    answer = ASKED.with_(request=wishes, consent=keeps_mail).answered_by(decide)

    assert answer == Released({"full_name": "博多 花子"}, version=3)


def test_an_attribute_outside_the_agreement_refuses_the_whole_request_and_says_which():
    answer = ASKED.with_(request=Request("library_card", frozenset({"full_name", "sex"}))).answered_by(decide)

    assert answer == Refused(Reason.ATTRIBUTE_OUTSIDE, ("sex",))
    assert answer.outward is Outward.NOT_IN_AGREEMENT


def test_a_link_of_which_a_wider_version_waits_goes_on_as_it_was():
    answer = ASKED.with_(standing=Standing(LinkState.FROZEN, 3, 2)).answered_by(decide)

    assert isinstance(answer, Released)


HOUSEHOLD_TAX = Asked(
    Request("library_card", frozenset({"tax_exempt_household"})),
    replace(LIBRARY_CARD, uses=(Use("tax_exempt_household", Necessity.REQUIRED, ("library_card",), "減免のため"),)),
    LIVE,
    replace(AGREED, attributes=frozenset({"tax_exempt_household"})),
    replace(SOMEBODY, claims={"tax_exempt_household": True}),
    Usage(),
    NOW,
)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"standing": Standing(LinkState.KILLED, 3, 2)}, Reason.LINK_KILLED),
        ({"standing": Standing(LinkState.ENDED, 3, 2)}, Reason.LINK_ENDED),
        ({"standing": Standing(LinkState.NOT_BEGUN, 3, 2)}, Reason.LINK_NOT_BEGUN),
        ({"terms": replace(LIBRARY_CARD, valid_from=date(2026, 11, 28))}, Reason.LINK_NOT_BEGUN),
        ({"terms": replace(LIBRARY_CARD, valid_until=date(2026, 11, 26))}, Reason.LINK_ENDED),
        ({"terms": replace(LIBRARY_CARD, direction=Direction.TAKES)}, Reason.LINK_GIVES_NOTHING),
        ({"request": Request("advertising", frozenset({"full_name"}))}, Reason.PURPOSE_OUTSIDE),
        ({"request": Request("reminder", frozenset({"full_name"}))}, Reason.ATTRIBUTE_OUTSIDE),
        ({"request": Request("reminder", frozenset())}, Reason.NOTHING_ASKED),
        ({"person": replace(SOMEBODY, state=PersonState.SELF_DECLARED)}, Reason.PERSON_SELF_DECLARED),
        ({"person": replace(SOMEBODY, state=PersonState.DEAD)}, Reason.PERSON_DEAD),
        ({"person": replace(SOMEBODY, state=PersonState.MOVED_OUT)}, Reason.PERSON_MOVED_OUT),
        ({"terms": replace(LIBRARY_CARD, subjects=(SubjectGroup(("nishi",)),))}, Reason.NOT_A_SUBJECT),
        ({"terms": replace(LIBRARY_CARD, subjects=(SubjectGroup((), 71),))}, Reason.NOT_A_SUBJECT),
        ({"consent": None}, Reason.NO_CONSENT),
        ({"consent": replace(AGREED, withdrawn=True)}, Reason.CONSENT_WITHDRAWN),
        ({"consent": replace(AGREED, given_on=date(2026, 11, 28))}, Reason.CONSENT_NOT_YET),
        ({"consent": replace(AGREED, until=date(2026, 11, 26))}, Reason.CONSENT_EXPIRED),
        ({"consent": replace(AGREED, scope=1)}, Reason.RECONSENT_NEEDED),
        ({"consent": replace(AGREED, purposes=frozenset({"reminder"}))}, Reason.PURPOSE_NOT_CONSENTED),
        ({"consent": replace(AGREED, attributes=frozenset({"full_name"}))}, Reason.REQUIRED_NOT_CONSENTED),
        (
            {
                "request": Request("reminder", frozenset({"mail"})),
                "consent": replace(AGREED, attributes=frozenset({"full_name"})),
            },
            Reason.NOTHING_CONSENTED,
        ),
    ],
)
def test_the_use_log_is_told_the_true_reason(changed, reason):
    answer = ASKED.with_(**changed).answered_by(decide)

    assert answer.reason is reason


@pytest.mark.parametrize("kept", ["classes", "household_classes"])
def test_a_households_tax_is_told_only_when_all_of_it_agreed(kept):
    without_tax = frozenset(ConsentClass) - {ConsentClass.TAX}

    assert isinstance(HOUSEHOLD_TAX.answered_by(decide), Released)
    shut = HOUSEHOLD_TAX.with_(consent=replace(HOUSEHOLD_TAX.consent, **{kept: without_tax})).answered_by(decide)
    assert shut.reason is Reason.REQUIRED_NOT_CONSENTED


def test_whoever_asks_too_fast_is_told_when_the_minute_is_over():
    answer = ASKED.with_(usage=Usage(of_client_this_minute=60)).answered_by(decide)

    assert answer == Refused(Reason.RATE_REACHED, retry_after=40)


@pytest.mark.parametrize(
    ("usage", "reason", "until"),
    [
        (Usage(of_person_today=2, of_person_this_year=5), Reason.PERSON_DAY_REACHED, datetime(2026, 11, 28)),  # noqa: DTZ001 - midnight in Tokyo, set below
        (Usage(of_person_today=2, of_person_this_year=10), Reason.PERSON_YEAR_REACHED, datetime(2027, 4, 1)),  # noqa: DTZ001 - as above
    ],
)
def test_whoever_fetches_a_person_too_often_is_told_when_the_ceiling_lifts(usage, reason, until):
    answer = ASKED.with_(usage=usage).answered_by(decide)

    lifts = NOW + timedelta(seconds=answer.retry_after)
    assert answer.reason is reason
    assert timedelta(0) < lifts - until.replace(tzinfo=TOKYO) <= timedelta(seconds=1)


def test_a_day_ends_at_midnight_in_fukuoka():
    last_moment = datetime(2026, 11, 27, 14, 59, 59, tzinfo=UTC)
    last_day = ASKED.with_(terms=replace(LIBRARY_CARD, valid_until=date(2026, 11, 27)))

    assert isinstance(last_day.with_(now=last_moment).answered_by(decide), Released)
    assert isinstance(last_day.with_(now=last_moment + timedelta(seconds=1)).answered_by(decide), Refused)
