"""Who gets a token at the gateway? Whoever proves to be a client that is known and switched on, each time anew."""

from __future__ import annotations

import base64
import hmac
import threading
from dataclasses import replace

import pytest
from joserfc.jwk import ECKey
from sqlalchemy import select

from backoffice.audit import AuditEvent, verify
from backoffice.clients import service, tokens
from backoffice.clients.models import ClientKey, ClientToken, SpentAssertion
from backoffice.clients.scopes import Scope
from backoffice.errors import NotPermitted
from backoffice.identity import Actor, Origin, Permission
from tests.backoffice.clients.machines import AUDIENCE, confirm_keys, gateway, machine, officer, pem_of, renewed

NOTICES = "/portal/notices"
NO_ALGORITHM, HMAC = b'{"alg":"none"}', b'{"alg":"HS256"}'


def refused(answer, error="invalid_client", status=401) -> str:
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.text
    assert answer.json()["error_description"].isascii()
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()["error_description"]


def test_a_proven_client_gets_a_token_of_ten_minutes_that_opens_its_scopes(city_on_both):
    portal = machine(city_on_both)

    answer = portal.ask(portal.assertion())

    assert (answer.json()["expires_in"], answer.json()["scope"]) == (600, "portal")
    assert len(answer.json()["access_token"]) >= 43
    assert portal.call("GET", NOTICES, token=answer.json()["access_token"]).status_code == 200


def test_the_database_holds_no_token_that_could_be_used(city):
    token = machine(city).token()

    with city.look() as work:
        kept = work.session.scalars(select(ClientToken.token_hash)).all()

    assert token not in kept


def test_the_trail_says_which_machine_acted_and_holds(city_on_both):
    city = city_on_both
    portal = machine(city)
    portal.token()

    with city.look() as work:
        last = work.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
        whole = verify(work.session)

    assert (last.kind, last.client_id, last.staff_id, last.origin) == (
        "client_token_given",
        portal.client_id,
        None,
        "gateway",
    )
    assert whole is None


def test_a_token_ends_after_ten_minutes(city):
    portal = machine(city)
    token = portal.token()

    city.clock.pass_(minutes=10)

    assert portal.call("GET", NOTICES, token=token).status_code == 401


def test_an_assertion_opens_once_also_after_the_process_was_killed(city_on_both):
    portal = machine(city_on_both)
    assertion = portal.assertion()
    assert portal.ask(assertion).status_code == 200

    after_a_restart = replace(portal, http=gateway(city_on_both))

    assert "used before" in refused(after_a_restart.ask(assertion))


def test_of_two_at_once_with_one_assertion_one_gets_a_token(city_on_both):
    portal = machine(city_on_both)
    assertion, answers = portal.assertion(), []
    both = [threading.Thread(target=lambda: answers.append(portal.ask(assertion).status_code)) for _ in range(2)]

    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(answers) == [200, 401]


def test_a_spent_assertion_is_known_until_it_is_too_old_anyway(city):
    portal = machine(city)
    assertion = portal.assertion()
    portal.ask(assertion)
    city.clock.pass_(seconds=119)
    with city.unit() as work:
        tokens.forget_old(work.session, work.now)
    assert "used before" in refused(portal.ask(assertion))

    city.clock.pass_(seconds=1)
    with city.unit() as work:
        tokens.forget_old(work.session, work.now)
        left = work.session.scalars(select(SpentAssertion)).all()

    assert left == []
    assert "behind" in refused(portal.ask(assertion))


def test_a_wrong_audience_is_told_which_is_expected(city):
    portal = machine(city)

    said = refused(portal.ask(portal.assertion(aud="https://elsewhere.example")))

    assert f"{AUDIENCE} or {AUDIENCE}/oauth/token" in said


@pytest.mark.parametrize("aud", [AUDIENCE, f"{AUDIENCE}/oauth/token", ["https://x.example", AUDIENCE]])
def test_the_gateway_or_its_token_address_may_be_named_as_audience(city, aud):
    assert machine(city).token(aud=aud)


@pytest.mark.parametrize(("seconds", "said"), [(300, "300 seconds ahead of ours"), (-300, "300 seconds behind ours")])
def test_a_clock_five_minutes_off_is_told_by_how_much(city, seconds, said):
    portal = machine(city)
    now = int(city.clock.moment.timestamp()) + seconds

    assert said in refused(portal.ask(portal.assertion(iat=now, exp=now + 60)))


@pytest.mark.parametrize("seconds", [60, -60, 0])
def test_a_clock_a_minute_off_is_tolerated(city, seconds):
    now = int(city.clock.moment.timestamp()) + seconds

    assert machine(city).token(iat=now, exp=now + 60)


def test_a_clock_is_told_of_also_where_only_the_end_is_named(city):
    portal = machine(city)
    ended = int(city.clock.moment.timestamp()) - 300

    assert "exp passed 300 seconds ago" in refused(portal.ask(portal.assertion(iat=None, exp=ended)))


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"exp": None}, "exp is missing"),
        ({"exp": "soon"}, "exp must be seconds"),
        ({"exp": True}, "exp must be seconds"),
        ({"jti": None}, "jti is missing"),
        ({"jti": ""}, "jti is missing"),
        ({"jti": "x" * 201}, "jti is missing"),
        ({"iss": "someone-else"}, "iss and sub"),
        ({"aud": None}, "aud is wrong"),
    ],
)
def test_what_an_assertion_lacks_is_named(city, claims, said):
    portal = machine(city)

    assert said in refused(portal.ask(portal.assertion(**claims)))


def test_an_assertion_lasts_five_minutes_at_most(city):
    portal = machine(city)
    now = int(city.clock.moment.timestamp())

    assert "at most 300" in refused(portal.ask(portal.assertion(exp=now + 3600)))


def test_to_a_stranger_every_refusal_reads_the_same(city):
    """Unknown, switched off, or signed by somebody else: who is a client here is nobody else's business."""
    portal, other = machine(city), machine(city)
    strange = ECKey.generate_key("P-256")
    with city.unit() as work:
        service.switch_off(work, other.client_id, "鍵を失くしたため")

    answers = {
        refused(portal.ask(portal.assertion(key=strange))),
        refused(portal.ask(portal.assertion(sub="gijo-nobody"))),
        refused(other.ask(other.assertion())),
        refused(portal.ask("not.a.token")),
        refused(portal.ask("x" * 5000)),
        refused(portal.ask("あ")),
    }

    assert len(answers) == 1


def test_only_es256_is_taken(city):
    portal = machine(city)
    body = portal.assertion().split(".")[1]
    unsigned = f"{in_base64(NO_ALGORITHM)}.{body}."
    shared = f"{in_base64(HMAC)}.{body}"
    by_the_public_half = hmac.digest(portal.key.as_pem(private=False), shared.encode(), "sha256")

    assert refused(portal.ask(unsigned)) == refused(portal.ask(f"{shared}.{in_base64(by_the_public_half)}"))


def in_base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"scope": "portal"}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "invalid_request"),
        ({"grant_type": "client_credentials", "client_assertion_type": tokens.ASSERTION_TYPE}, "invalid_request"),
    ],
)
def test_what_is_no_request_for_a_token_is_told_in_the_words_of_oauth(city, form, error):
    portal = machine(city)

    refused(portal.http.post("/oauth/token", data=form), error, 400)


def test_a_parameter_that_stands_twice_and_a_body_in_json_are_refused(city):
    portal = machine(city)
    twice = "grant_type=client_credentials&grant_type=client_credentials"
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    refused(portal.http.post("/oauth/token", content=twice, headers=form), "invalid_request", 400)
    refused(portal.http.post("/oauth/token", json={"grant_type": "client_credentials"}), "invalid_request", 400)


def test_a_client_asks_for_no_more_than_it_holds(city):
    portal, nothing = machine(city), machine(city, frozenset())

    assert "portal" in refused(portal.ask(portal.assertion(), scope="portal everything"), "invalid_scope", 400)
    assert "nothing yet" in refused(nothing.ask(nothing.assertion()), "invalid_scope", 400)


def test_switching_a_client_off_ends_its_tokens_at_once_and_no_others(city_on_both):
    city = city_on_both
    portal, other = machine(city), machine(city)
    token, of_another = portal.token(), other.token()

    with city.unit() as work:
        service.switch_off(work, portal.client_id, "不審な呼び出しのため")

    assert portal.call("GET", NOTICES, token=token).status_code == 401
    refused(portal.ask(portal.assertion()))
    assert other.call("GET", NOTICES, token=of_another).status_code == 200


def test_a_client_that_is_switched_on_again_fetches_a_new_token(city):
    portal = machine(city)
    token = portal.token()
    with city.unit() as work:
        service.switch_off(work, portal.client_id, "点検のため")
    with city.unit(officer(city)) as work:
        service.switch_on(work, portal.client_id, "点検が終わった")

    assert portal.call("GET", NOTICES, token=token).status_code == 401
    assert portal.token()


def test_removing_a_key_ends_what_it_brought_while_the_new_key_goes_on(city_on_both):
    city = city_on_both
    portal = machine(city)
    new = renewed(city, portal.client_id)
    by_the_old, by_the_new = portal.token(), portal.token(key=new)

    with city.unit() as work:
        old = work.session.scalars(select(ClientToken.key_id).order_by(ClientToken.id)).first()
        service.remove_key(work, portal.client_id, old)

    assert portal.call("GET", NOTICES, token=by_the_old).status_code == 401
    assert portal.call("GET", NOTICES, token=by_the_new).status_code == 200
    refused(portal.ask(portal.assertion()))


def test_a_scope_that_is_taken_away_is_gone_from_tokens_given_before(city):
    portal = machine(city)
    token = portal.token()
    with city.unit(officer(city)) as work:
        nothing = service.Particulars("ポータル", None, "ポータル運営", "運用窓口", frozenset())
        service.change(work, portal.client_id, nothing, seen=1)

    answer = portal.call("GET", NOTICES, token=token)

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/scope-needed")


def test_what_is_widened_by_one_officer_opens_nothing_until_another_confirms_the_keys(city_on_both):
    partner, one = machine(city_on_both, frozenset({Scope.LINKS})), officer(city_on_both)
    wider = service.Particulars("図書館", None, "図書館", "運用窓口", frozenset(Scope))
    with city_on_both.unit(one) as work:
        service.change(work, partner.client_id, wider, seen=1)
    refused(partner.ask(partner.assertion()))
    with city_on_both.look() as work:
        key_id = work.session.scalars(select(ClientKey.id)).one()

    with pytest.raises(NotPermitted), city_on_both.unit(one) as work:
        service.confirm_key(work, partner.client_id, key_id)
    confirm_keys(city_on_both, partner.client_id)

    assert partner.call("GET", NOTICES).status_code == 200


def test_a_machine_holds_no_permission_of_staff():
    caller = Actor.machine(1, "ポータル", "")

    assert not any(caller.may(permission) or caller.reaches(permission, "/1/") for permission in Permission)
    assert not caller.is_house
    assert Actor.house(Origin.WORKER).may(Permission.STAFF_EDIT)


def test_a_key_that_nobody_else_has_confirmed_opens_nothing(city):
    portal, new = machine(city), ECKey.generate_key("P-256")
    with city.unit(officer(city)) as work:
        service.add_keys(work, portal.client_id, pem_of(new))

    refused(portal.ask(portal.assertion(key=new)))
    assert portal.token()


def test_whoever_added_a_key_does_not_confirm_it(city):
    """Else one person alone could move consents, and read somebody from the counts before and after."""
    portal, one = machine(city), officer(city)
    with city.unit(one) as work:
        service.add_keys(work, portal.client_id, pem_of(ECKey.generate_key("P-256")))
        added = work.session.scalars(select(ClientKey.id).order_by(ClientKey.id.desc())).first()

    with pytest.raises(NotPermitted), city.unit(one) as work:
        service.confirm_key(work, portal.client_id, added)
