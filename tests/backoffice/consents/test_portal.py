"""What may a resident do through the portal, and what is never done on a mere word?"""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from backoffice.audit import AuditEvent
from backoffice.consents.live import bits_now
from backoffice.consents.models import Consent, ConsentEvent, Registrant, RegistrantChannel
from backoffice.consents.notices import every_notice
from backoffice.consents.service import EVIDENCE, mark_of, open_look
from backoffice.identity import Actor, Origin, Role
from tests.backoffice.clients.machines import machine
from tests.backoffice.consents.counter import WHY, entered
from tests.backoffice.consents.counter import consented as consented_at_the_counter
from tests.backoffice.consents.portal import (
    MAIL,
    PERSON,
    WHO,
    consent_to,
    consented,
    on_a_word,
    proven,
    record_of,
    register,
    withdrawn,
)
from tests.workflows.residents import LOOKS_LIKE_ONE
from workflows.rules.vocabulary import ConsentClass

LINE = "U" + "0123456789abcdef" * 2


@pytest.fixture
def portal(city):
    return machine(city)


def bits(city, pseudonym: str = WHO) -> int | None:
    return bits_now(city.office, Actor.house(Origin.WORKER)).get(pseudonym)


def registrants(city) -> list[Registrant]:
    with city.look() as work:
        return list(work.session.scalars(select(Registrant).order_by(Registrant.id)))


def last_events(city, count: int) -> list[str]:
    with city.look() as work:
        found = work.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(count)).all()
    assert {(each.client_id is not None, each.staff_id) for each in found} == {(True, None)}
    return [each.kind for each in reversed(found)]


def test_a_consent_given_at_the_portal_counts_at_once_and_a_withdrawal_closes_at_once(city_on_both):
    city = city_on_both
    portal = machine(city)
    register(portal)
    assert bits(city) == 0

    reference = consented(portal, "tax")
    assert bits(city) == ConsentClass.TAX.bit
    answer = withdrawn(portal, reference)

    assert bits(city) == 0
    assert (answer.status_code, answer.json()["standing"]) == (200, "withdrawn")
    assert last_events(city, 2) == ["consent_taken", "consent_withdrawn"]


def test_withdrawing_twice_is_withdrawing_once(city, portal):
    register(portal)
    reference = consented(portal)
    first = withdrawn(portal, reference).json()
    city.clock.pass_(minutes=1)

    assert withdrawn(portal, reference).json() == first


def test_a_consent_given_anew_replaces_the_old_one_which_cannot_be_withdrawn_any_more(city, portal):
    register(portal)
    old, new = consented(portal), consented(portal)

    assert withdrawn(portal, old).json()["standing"] == "replaced"
    assert bits(city) == ConsentClass.CORE.bit
    assert withdrawn(portal, new).json()["standing"] == "withdrawn"


def test_the_portal_itself_is_named_in_the_consent_and_no_member_of_staff(city, portal):
    register(portal)
    message = str(uuid.uuid4())
    consented(portal, message_id=message)

    with city.look() as work:
        consent = work.session.scalars(select(Consent)).one()
        event = work.session.scalars(select(ConsentEvent)).one()
        mark = work.office.cipher.mark(message, EVIDENCE)

    assert (consent.way, consent.evidence_kind, consent.evidence_sha256) == ("portal", "portal_message", mark)
    assert event.staff_id is None


def test_a_representatives_consent_ends_with_their_power(city, portal):
    register(portal)

    answer = portal.call(
        "POST",
        "/portal/consents",
        json=consent_to(representative={"document": "戸籍 R8-77", "power_ends": "2027-03-31"}),
    )

    assert answer.json()["expires_on"] == "2027-03-31"
    with city.look() as work:
        consent = work.session.scalars(select(Consent)).one()
    assert (consent.giver, consent.evidence_kind) == ("representative", "portal_representative")


def test_a_power_that_has_ended_gives_nothing(portal):
    register(portal)
    ended = {"document": "戸籍 R8-77", "power_ends": "2026-11-23"}

    answer = portal.call("POST", "/portal/consents", json=consent_to(representative=ended))

    assert answer.status_code == 422


def test_an_older_wording_is_read_anew_before_it_is_consented_to(portal):
    register(portal)

    answer = portal.call("POST", "/portal/consents", json=consent_to(notice_version=2))

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/overtaken")


def test_nothing_is_consented_to_on_a_mere_word(city, portal):
    register(portal, on_a_word())

    answer = portal.call("POST", "/portal/consents", json=consent_to(person=on_a_word()))

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/card-needed")
    assert bits(city) is None


def test_a_card_must_have_been_noted_before_a_consent_is_taken(city, portal):
    register(portal, on_a_word())
    assert portal.call("POST", "/portal/consents", json=consent_to()).status_code == 404

    register(portal)

    assert consented(portal)
    assert bits(city) == ConsentClass.CORE.bit


def test_a_mere_word_never_lowers_what_a_card_has_proven_and_changes_nothing(city, portal):
    register(portal, language="en")

    answer = portal.call("PUT", "/portal/registrant", json={"person": on_a_word(), "language": "easy"})

    assert (answer.status_code, answer.json()) == (200, {"received": True})
    (kept,) = registrants(city)
    assert (kept.assurance, kept.language, kept.proven_by) == ("card_verified", "en", "user_certificate")


def test_to_whoever_may_not_know_a_known_person_and_an_unknown_one_are_answered_alike(city, portal):
    """The portal's visitor only says who they are; the person is registered and proven, or is not there at all."""
    register(portal)
    reference = consented(portal)

    def answers(person) -> list[tuple[int, str]]:
        sent = (
            ("PUT", "registrant", {"language": "ja"}),
            ("PUT", "channel", {"kind": "mail", "address": "other@mail.example"}),
            ("POST", "channel/remove", {"kind": "mail"}),
            ("PUT", "interests", {"interests": ["sports"]}),
            ("POST", "record", {}),
            ("POST", "consents/withdraw", {"reference": reference}),
            ("POST", "consents", consent_to(person=person)),
        )
        said = [portal.call(method, f"/portal/{path}", json={**body, "person": person}) for method, path, body in sent]
        return [(each.status_code, each.text) for each in said]

    of_the_known, registered = answers(on_a_word())[1:], answers(on_a_word())[0]
    of_the_unknown = [
        (each.status_code, each.text)
        for each in (
            portal.call("PUT", "/portal/channel", json=mail_to("nobody-0001")),
            portal.call("POST", "/portal/channel/remove", json={"person": on_a_word("nobody-0001"), "kind": "mail"}),
            portal.call("PUT", "/portal/interests", json={"person": on_a_word("nobody-0001"), "interests": ["sports"]}),
            record_of(portal, on_a_word("nobody-0001")),
            withdrawn(portal, reference, on_a_word("nobody-0001")),
            portal.call("POST", "/portal/consents", json=consent_to(person=on_a_word("nobody-0001"))),
        )
    ]
    newly = portal.call("PUT", "/portal/registrant", json={"person": on_a_word("nobody-0001"), "language": "ja"})

    assert of_the_known == of_the_unknown
    assert registered == (newly.status_code, newly.text)
    assert bits(city) == ConsentClass.CORE.bit
    assert [each["address"] for each in record_of(portal).json()["channels"]] == [MAIL]


def mail_to(pseudonym: str, address: str = "other@mail.example") -> dict:
    return {"person": on_a_word(pseudonym), "kind": "mail", "address": address}


def test_another_persons_consent_is_not_there(portal):
    register(portal)
    register(portal, proven("yoso-0001"), mail="yoso@mail.example")
    reference = consented(portal)

    assert withdrawn(portal, reference, proven("yoso-0001")).status_code == 404


def test_where_somebody_is_written_to_stands_sealed_and_is_known_by_its_mark(city, portal):
    register(portal)
    portal.call("PUT", "/portal/channel", json={"person": PERSON, "kind": "line", "address": LINE})
    portal.call("PUT", "/portal/channel", json={"person": PERSON, "kind": "mail", "address": "new@mail.example"})

    with city.look() as work:
        kept = work.session.scalars(select(RegistrantChannel).order_by(RegistrantChannel.kind)).all()
        mark = work.office.cipher.mark("new@mail.example", "registrant_channel.address")

    assert [each.kind for each in kept] == ["line", "mail"]
    assert kept[1].mark == mark
    assert not any(b"mail.example" in each.sealed_address or LINE.encode() in each.sealed_address for each in kept)
    assert [each["address"] for each in record_of(portal).json()["channels"]] == [LINE, "new@mail.example"]


def test_the_same_address_again_is_no_news_and_one_taken_away_is_gone(city, portal):
    register(portal)
    register(portal)
    gone = portal.call("POST", "/portal/channel/remove", json={"person": PERSON, "kind": "mail"})
    again = portal.call("POST", "/portal/channel/remove", json={"person": PERSON, "kind": "mail"})

    assert (gone.status_code, again.status_code) == (200, 200)
    assert last_events(city, 3) == ["registrant_entered", "registrant_channel_set", "registrant_channel_removed"]
    with city.look() as work:
        assert work.session.scalars(select(RegistrantChannel)).all() == []


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("mail", "nobody"),
        ("mail", "a@b"),
        ("mail", "a b@c.example"),
        ("mail", "ひかり@mail.example"),
        ("mail", "hikari@メール.example"),
        ("line", MAIL),
        ("line", "U1"),
    ],
)
def test_what_is_no_address_is_refused(portal, kind, address):
    register(portal)

    answer = portal.call("PUT", "/portal/channel", json={"person": PERSON, "kind": kind, "address": address})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/address")


def test_an_account_of_line_is_taken_whatever_digits_stand_in_it_and_a_mail_with_a_my_number_is_not(portal):
    register(portal)
    line = {"person": PERSON, "kind": "line", "address": f"U{LOOKS_LIKE_ONE}{'a' * 20}"}
    mail = {"person": PERSON, "kind": "mail", "address": f"{LOOKS_LIKE_ONE}@mail.example"}

    taken, refused = [portal.call("PUT", "/portal/channel", json=each) for each in (line, mail)]

    assert (taken.status_code, refused.status_code) == (200, 422)


def test_interests_are_kept_in_order_and_decide_nothing(city, portal):
    register(portal)
    portal.call("PUT", "/portal/interests", json={"person": PERSON, "interests": ["sports", "childcare", "sports"]})

    assert record_of(portal).json()["interests"] == ["childcare", "sports"]
    assert bits(city) == 0


@pytest.mark.parametrize(
    "person",
    [
        {"pseudonym": WHO, "assurance": "card_verified"},
        {"pseudonym": WHO, "assurance": "self_declared", "proven_by": "user_certificate"},
        {"pseudonym": WHO, "assurance": "card_verified", "proven_by": "counter"},
        {"pseudonym": "short", "assurance": "self_declared"},
        {"pseudonym": WHO},
        {"pseudonym": WHO, "assurance": "self_declared", "name": "花子"},
    ],
)
def test_how_somebody_was_proven_is_said_wholly_or_the_call_is_refused(city, portal, person):
    answer = portal.call("PUT", "/portal/registrant", json={"person": person, "language": "ja"})

    assert answer.status_code == 422
    assert registrants(city) == []


def test_a_person_reads_what_is_held_what_for_and_which_office_looked_when(city, portal):
    office = city.department("総務課")
    clerk = city.person(Role.PRIVACY_OFFICER, department=office)
    register(portal, language="easy")
    reference = consented(portal, "tax")
    with city.unit(city.actor(clerk)) as work:
        open_look(work, WHO, WHY)

    said = record_of(portal, language="en").json()

    assert (said["language"], said["assurance"], said["proven_by"]) == ("easy", "card_verified", "user_certificate")
    (consent,) = said["consents"]
    assert (consent["reference"], consent["standing"], consent["way"]) == (reference, "live", "portal")
    notice = every_notice()[ConsentClass.TAX, 1]
    assert consent["facts"] == [fact.en for fact in notice.facts]
    assert consent["purpose"] == notice.purpose["en"]
    assert [each["office"] for each in said["looks"]] == ["総務課"]
    assert clerk.name not in str(said)
    assert WHY not in str(said)
    assert last_events(city, 1) == ["registrant_own_record_shown"]


def test_that_a_record_was_sought_in_vain_is_on_the_trail_too(city, portal):
    assert record_of(portal, proven("nobody-0001")).status_code == 404

    assert last_events(city, 1) == ["registrant_sought_in_vain"]


def test_whoever_came_to_the_counter_reads_and_ends_it_at_the_portal(city, portal):
    clerk = city.person(Role.PRIVACY_OFFICER)
    look = entered(city, clerk, WHO)
    consented_at_the_counter(city, clerk, look, ConsentClass.HEALTH)

    (consent,) = record_of(portal).json()["consents"]
    withdrawn(portal, consent["reference"])

    assert consent["way"] == "counter"
    assert bits(city) == 0


def test_the_notices_are_those_of_today_in_the_language_asked_for(portal):
    said = portal.call("GET", "/portal/notices?language=easy").json()["notices"]

    assert {each["kind"] for each in said} == set(ConsentClass)
    tax = next(each for each in said if each["kind"] == "tax")
    notice = every_notice()[ConsentClass.TAX, tax["version"]]
    assert (tax["text"], tax["sha256"]) == (notice.texts["easy"], notice.sha256)
    assert portal.call("GET", "/portal/notices?language=fr").status_code == 422


def test_the_database_holds_no_pseudonym_in_the_clear(city, portal):
    register(portal)

    (kept,) = registrants(city)

    assert WHO.encode() not in kept.sealed_pseudonym
    assert kept.mark == mark_of(city.office.cipher, WHO)
