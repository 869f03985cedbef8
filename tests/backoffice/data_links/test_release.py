"""What leaves through a link: what was agreed, what the person consents to now, for the purpose named, and no more."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from backoffice.data_links import holdings, live, service
from backoffice.data_links.consenting import VALUES
from backoffice.data_links.models import LinkHolding, LinkRequest
from backoffice.errors import Invalid
from tests.backoffice.clients.machines import machine, proved
from tests.backoffice.clients.test_gateway import problem
from tests.backoffice.consents.portal import consented, proven, register, withdrawn
from tests.backoffice.data_links.agreements import LIBRARY, WITHOUT_AGE, Agreements
from tests.backoffice.data_links.library import ALL, CARD, NAME, Library, connect, found_library, grown_up
from workflows.links import Necessity, Use


@pytest.fixture
def library(desk: Agreements) -> Library:
    return found_library(desk)


@pytest.fixture
def library_on_both(desk_on_both: Agreements) -> Library:
    return found_library(desk_on_both)


def test_a_resident_gets_a_library_card_from_consent_to_bars(library_on_both: Library):
    library = library_on_both
    library.consent("age_over_18")
    request = library.ask_for_card()
    waiting = library.system.call("GET", "/links/library-card/requests").json()["requests"]
    assert [(each["request"], each["purpose"]) for each in waiting] == [(request, "issue_card")]

    got = library.fetch(request, *ALL)
    library.answer(request)

    assert got.json() == {"claims": {"full_name": NAME, "city_resident": True, "age_over_18": True}, "version": 1}
    seen = library.look(request)
    assert (seen["state"], seen["card_number"]) == ("answered", CARD)
    assert seen["barcode"].startswith("<svg")
    assert library.outcomes() == ["released"]


def test_what_was_not_chosen_stays_here(library: Library):
    library.consent()

    got = library.fetch(library.ask_for_card(), *ALL)

    assert set(got.json()["claims"]) == {"full_name", "city_resident"}


def test_after_a_withdrawal_nothing_leaves_not_even_for_the_same_call_again(library_on_both: Library):
    library = library_on_both
    reference = library.consent()
    request = library.ask_for_card()
    assert library.fetch(request, once="the-very-same-call").status_code == 200

    assert library.withdraw(reference).json()["standing"] == "withdrawn"

    for key in ("the-very-same-call", "quite-another-call"):
        problem(library.fetch(request, once=key), 404, "not-available")
    assert library.outcomes() == ["released", "person_unknown", "person_unknown"]


def test_whoever_got_data_is_asked_to_delete_it_and_says_when_it_has(library_on_both: Library):
    library = library_on_both
    reference = library.consent()
    request = library.ask_for_card()
    library.fetch(request)
    library.withdraw(reference)
    (asked,) = library.system.call("GET", "/links/library-card/deletions").json()["deletions"]
    assert (asked["requests"], asked["due_on"]) == ([request], "2026-12-24")

    for _ in range(2):
        said = {"deletion": asked["deletion"]}
        assert library.system.call("POST", "/links/library-card/deletions/done", json=said).status_code == 200

    assert library.system.call("GET", "/links/library-card/deletions").json() == {"deletions": []}
    assert [kind for kind in library.desk.events() if "deletion" in kind] == [
        "link_deletion_asked",
        "link_deletion_done",
    ]


def test_nobody_is_asked_to_delete_what_never_left(library: Library):
    library.withdraw(library.consent())

    assert library.system.call("GET", "/links/library-card/deletions").json() == {"deletions": []}


def test_what_only_the_portal_holds_is_erased_with_the_answer_and_with_a_withdrawal(library: Library):
    reference = library.consent()
    answered, given_up = library.ask_for_card(), library.ask_for_card()
    library.fetch(answered)
    library.answer(answered)
    library.withdraw(reference)

    with library.city.look() as work:
        kept = work.session.scalars(select(LinkRequest).order_by(LinkRequest.id)).all()
        assert [(each.reference, each.sealed_values) for each in kept] == [(answered, None), (given_up, None)]


def test_what_somebody_chose_not_to_give_is_not_even_kept(desk: Agreements):
    kana = Use("name_kana", Necessity.OPTIONAL, ("issue_card",), "カードに読み方を書く")
    library = found_library(desk, replace(LIBRARY, uses=(*LIBRARY.uses, kana)))
    library.consent()
    request = library.ask_for_card(values={"full_name": NAME, "name_kana": "ふくおか はなこ"})

    with library.city.look() as work:
        (kept,) = work.session.scalars(select(LinkRequest.sealed_values)).all()
        assert json.loads(library.city.office.cipher.open(kept, f"{VALUES}:{request}")) == {"full_name": NAME}


def test_a_consent_to_the_facts_behind_it_that_ends_closes_the_link_at_once(library_on_both: Library):
    library = library_on_both
    facts = consented(library.portal, "core", library.person)
    library.consent()
    request = library.ask_for_card()
    assert library.fetch(request).status_code == 200

    withdrawn(library.portal, facts, library.person)

    problem(library.fetch(request), 404, "not-available")
    assert library.outcomes()[-1] == "required_not_consented"


def test_a_link_that_is_shut_releases_nothing_from_that_moment(library_on_both: Library):
    library = library_on_both
    library.consent()
    request = library.ask_for_card()

    library.desk.shut(library.version_id)

    problem(library.fetch(request), 403, "link-shut")
    assert library.portal.call("GET", "/portal/links").json() == {"links": []}


def test_a_protected_person_and_one_who_never_was_get_the_very_same_answer(library_on_both: Library):
    library = library_on_both
    library.consent()
    request = library.ask_for_card()
    assert library.fetch(request).status_code == 200

    library.protect()

    protected, nobody = library.fetch(request), library.fetch("0" * 32)
    assert (protected.status_code, protected.content) == (nobody.status_code, nobody.content)
    assert set(protected.headers) == set(nobody.headers)
    assert library.outcomes()[1:] == ["person_unknown", "person_unknown"]


def test_the_worker_never_makes_anew_what_protection_took_away(library_on_both: Library):
    library = library_on_both
    library.consent()
    request = library.ask_for_card()
    library.protect()
    library.city.clock.pass_(days=1)

    assert holdings.tick(library.city.office) == 1

    problem(library.fetch(request), 404, "not-available")
    assert holdings.tick(library.city.office) == 0


def test_of_whom_no_register_knows_nothing_is_said(library: Library):
    stranger = proven("nobody-in-the-city")
    register(library.portal, stranger)
    consented(library.portal, "core", stranger)
    library.consent(person=stranger)
    request = library.ask_for_card(person=stranger)

    problem(library.fetch(request), 404, "not-available")


@pytest.mark.parametrize(
    ("said", "kind", "status"),
    [
        ({"attributes": ["full_name", "birth_date"]}, "not-in-agreement", 403),
        ({"purpose": "send_advertising"}, "not-in-agreement", 403),
        ({"attributes": []}, "nothing-asked", 422),
    ],
)
def test_a_call_beyond_the_agreement_is_told_what_to_mend(library: Library, said, kind, status):
    library.consent()

    told = problem(library.fetch(library.ask_for_card(), said=said), status, kind)

    named = said.get("purpose") or ("birth_date" if "birth_date" in said["attributes"] else "attributes")
    assert named in told["detail"]
    assert library.count_uses() == 1


def test_more_often_than_agreed_is_refused_until_tomorrow_and_the_same_call_counts_once(library_on_both: Library):
    library = library_on_both
    library.consent()
    request = library.ask_for_card()
    for key in ("first-call-of-all", "first-call-of-all", "second-call-of-all"):
        assert library.fetch(request, once=key).status_code == 200

    refused = library.fetch(request)

    problem(refused, 429, "too-many-requests")
    assert int(refused.headers["Retry-After"]) > 3600
    library.city.clock.pass_(days=1)
    holdings.tick(library.city.office)
    library.system._tokens.clear()
    assert library.fetch(request).status_code == 200


def test_a_call_that_is_sent_again_for_more_than_a_day_counts_anew(library_on_both: Library):
    library = library_on_both
    library.consent()
    request = library.ask_for_card()

    for _ in range(4):
        assert library.fetch(request, once="the-very-same-call").status_code == 200
        library.city.clock.pass_(hours=12)
        library.system._tokens.clear()
        holdings.tick(library.city.office)

    assert library.outcomes() == ["released", "released_again", "released", "released_again"]


def test_two_at_once_do_not_pass_the_ceiling_together(library_on_both: Library):
    library = library_on_both
    library.consent()
    request = library.ask_for_card()
    library.system.call("GET", "/links/library-card/requests")

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: library.fetch(request).status_code, range(6)))

    assert sorted(answers) == [200, 200, 429, 429, 429, 429]


def test_more_tries_a_minute_than_agreed_are_refused_whoever_they_name(desk_on_both: Agreements):
    library = found_library(desk_on_both, replace(LIBRARY, per_minute=2))
    for _ in range(2):
        problem(library.fetch("0" * 32), 404, "not-available")

    problem(library.fetch("0" * 32), 429, "too-many-requests")
    library.city.clock.pass_(minutes=1)

    problem(library.fetch("0" * 32), 404, "not-available")


def test_a_key_is_not_used_for_two_calls_and_whoever_tries_stands_in_the_use_log(library_on_both: Library):
    library = library_on_both
    library.consent()
    request = library.ask_for_card()
    library.fetch(request, once="one-key-for-one-call")

    problem(library.fetch(request, "full_name", once="one-key-for-one-call"), 422, "key-used-otherwise")
    assert library.outcomes() == ["released", "key_used_otherwise"]
    assert library.fetch(request, once="one-key-for-one-call").status_code == 200
    assert library.outcomes()[-1] == "released_again"


def test_a_wider_version_asks_everybody_anew_before_anything_more_or_less_leaves(library_on_both: Library):
    library = library_on_both
    library.consent()
    request = library.ask_for_card()
    uses = (*LIBRARY.uses, Use("name_kana", Necessity.OPTIONAL, ("issue_card",), "カードに読み方を書く"))
    library.desk.approve(library.desk.submit(library.desk.next(library.version_id, uses=uses)))
    library.system._tokens.clear()
    library.portal._tokens.clear()
    problem(library.fetch(request), 404, "not-available")
    assert library.outcomes()[-1] == "reconsent_needed"

    library.consent()

    assert library.fetch(request).json()["version"] == 2


def test_what_was_narrowed_leaves_no_more_from_that_moment(library: Library):
    library.consent("age_over_18")
    request = library.ask_for_card()
    narrower = library.desk.next(library.version_id, uses=WITHOUT_AGE)
    library.desk.put_in_force(narrower)

    told = problem(library.fetch(request, *ALL), 403, "not-in-agreement")

    assert "age_over_18" in told["detail"]


def test_another_machine_and_one_that_is_not_connected_find_no_such_link(library: Library):
    stranger = machine(library.city, library.system_scopes(), http=library.system.http, name="よそのシステム")

    problem(stranger.call("GET", "/links/library-card/requests"), 404, "not-there")
    problem(library.system.call("GET", "/links/no-such-link/requests"), 404, "not-there")
    problem(library.portal.call("GET", "/links/library-card/requests"), 403, "scope-needed")


def test_one_person_does_not_fill_the_list_of_what_waits(library: Library):
    library.consent()
    for _ in range(5):
        library.ask_for_card()
    one_more = {"person": library.person, "link": "library-card", "purpose": "issue_card", "values": {}}

    problem(library.portal.call("POST", "/portal/links/requests", json=one_more), 409, "overtaken")

    assert len(library.system.call("GET", "/links/library-card/requests").json()["requests"]) == 5


def test_the_other_system_reads_on_past_requests_that_wait_in_vain(library: Library, monkeypatch):
    monkeypatch.setattr(live, "MOST_LISTED", 2)
    library.consent()
    asked = [library.ask_for_card() for _ in range(3)]
    listed = "/links/library-card/requests"

    first = [each["request"] for each in library.system.call("GET", listed).json()["requests"]]
    rest = library.system.call("GET", f"{listed}?after={first[-1]}").json()["requests"]

    assert first + [each["request"] for each in rest] == asked
    problem(library.system.call("GET", f"{listed}?after={'0' * 32}"), 404, "not-there")


def test_nobody_looks_at_the_request_of_somebody_else(library: Library):
    library.consent()
    request = library.ask_for_card()
    other = proven(grown_up(library.residents.reverse()))
    register(library.portal, other)

    body = {"person": other, "request": request}
    problem(library.portal.call("POST", "/portal/links/requests/look", json=body), 404, "not-there")


def test_a_number_that_fails_its_check_or_comes_for_nothing_is_refused(library: Library):
    library.consent()
    request = library.ask_for_card()
    problem(library.answer(request), 404, "not-there")
    library.fetch(request)

    problem(library.answer(request, "A37859-B"), 422, "invalid")
    assert library.answer(request).status_code == 200
    problem(library.answer(request, "A1+B"), 422, "invalid")


@pytest.mark.parametrize("change", ["UPDATE link_use SET outcome = 'x'", "DELETE FROM link_use"])
def test_the_use_log_is_not_rewritten_by_anybody(library_on_both: Library, change):
    library_on_both.fetch("0" * 32)

    with pytest.raises(DatabaseError, match="never changed"), library_on_both.city.unit() as work:
        work.session.execute(text(change))


def test_a_version_that_was_not_the_one_shown_is_not_consented_to(library: Library):
    body = {**library.consent_body(), "version": 7}

    problem(library.portal.call("POST", "/portal/links/consents", json=body), 409, "overtaken")


def test_the_database_holds_no_name_in_the_clear(library_on_both: Library):
    library = library_on_both
    library.consent()
    library.fetch(library.ask_for_card())

    with library.city.look() as work:
        kept = work.session.execute(text("SELECT * FROM link_request")).one()
        held = work.session.execute(text("SELECT * FROM link_holding")).one()
    assert NAME not in str(kept)
    assert "city_resident" not in str(held)


def test_an_answer_to_a_request_for_which_nothing_left_is_refused_though_another_was_served(library: Library):
    library.consent()
    served, untouched = library.ask_for_card(), library.ask_for_card()
    library.fetch(served)

    problem(library.answer(untouched), 404, "not-there")


def test_a_request_that_nobody_answers_in_a_week_is_closed_and_what_came_with_it_erased(library_on_both: Library):
    library = library_on_both
    library.consent()
    request = library.ask_for_card()
    library.city.clock.pass_(days=7)
    library.system._tokens.clear()

    assert holdings.sweep(library.city.office) == 1

    with library.city.look() as work:
        kept = work.session.scalars(select(LinkRequest)).one()
        assert (kept.reference, kept.state, kept.sealed_values) == (request, "closed", None)
    problem(library.fetch(request), 404, "not-available")


def test_of_whoever_consents_to_no_link_nothing_is_kept_for_the_gateway(library_on_both: Library):
    library = library_on_both
    reference = library.consent()
    assert holdings.sweep(library.city.office) == 0
    library.withdraw(reference)

    assert holdings.sweep(library.city.office) == 1

    with library.city.look() as work:
        assert work.session.scalars(select(LinkHolding)).all() == []


def test_an_open_link_keeps_its_machine_another_takes_over_only_while_it_is_shut(library: Library):
    other = machine(library.city, library.system_scopes(), http=library.system.http, name="よそのシステム")
    link_id = library.desk.link(library.version_id).id
    officer = proved(library.city, library.city.actor(library.desk.bureau.dx))
    with pytest.raises(Invalid) as refused, library.city.unit(officer) as work:
        service.propose_machine(work, link_id, other.client_id)
    assert "先に連携を止めて" in refused.value.fields["client"]
    library.desk.shut(library.version_id)

    connect(library.desk, library.version_id, other.client_id)

    problem(library.system.call("GET", "/links/library-card/requests"), 404, "not-there")


def test_where_the_worker_stands_still_nobody_is_told_of_for_longer_than_a_week(library: Library):
    library.consent()
    request = library.ask_for_card()
    library.city.clock.pass_(days=6)
    library.system._tokens.clear()
    assert library.fetch(request).status_code == 200

    library.city.clock.pass_(days=2)
    library.system._tokens.clear()
    library.portal._tokens.clear()

    problem(library.fetch(library.ask_for_card()), 404, "not-available")
