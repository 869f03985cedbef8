"""What does the DX office do on the pages of machine clients, and who else only looks?"""

from __future__ import annotations

import pytest
from joserfc.jwk import ECKey
from sqlalchemy import select

from backoffice.audit import AuditEvent
from backoffice.clients.keys import PRIVATE
from backoffice.clients.models import ClientKey, MachineClient
from backoffice.identity import Role
from tests.backoffice.clients.machines import machine
from tests.backoffice.staff_client import StaffClient

NEW = {"name": "図書館システム", "outside_body": "図書館運営", "contact": "運用窓口 092-000-0001", "scope": "portal"}


def pem(key: ECKey | None = None, *, private: bool = False) -> str:
    return (key or ECKey.generate_key("P-256")).as_pem(private=private).decode()


def clients_in(city) -> list[MachineClient]:
    with city.look() as work:
        return list(work.session.scalars(select(MachineClient).order_by(MachineClient.id)))


def kinds(city) -> list[str]:
    with city.look() as work:
        found = work.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id)).all()
    return [kind for kind in found if kind.startswith("client_")]


@pytest.fixture
def officer(city, client):
    return client.sign_in(city.person(Role.DX_OFFICE))


@pytest.fixture
def colleague(city):
    return StaffClient(city).sign_in(city.person(Role.DX_OFFICE))


def test_a_client_is_entered_renewed_and_shut_out_on_its_page(city, officer, colleague):
    page = officer.post("/clients/new", {**NEW, "public_keys": pem()})
    (entered,) = clients_in(city)
    assert entered.handle in page.text
    assert "http://127.0.0.1:8601" in page.text

    officer.post(f"/clients/{entered.id}/keys/new", {"public_keys": pem()})
    with city.look() as work:
        first = work.session.scalars(select(ClientKey.id).order_by(ClientKey.id)).first()
    officer.post(f"/clients/{entered.id}/keys/{first}/remove")
    confirm = f"/clients/{entered.id}/keys/{first + 1}/confirm"
    assert "別の職員の確認待ち" in officer.get(f"/clients/{entered.id}").text
    officer.get(confirm, status=404)
    officer.post(confirm, status=403)
    assert "092-000-0001" in colleague.get(confirm).text
    colleague.post(confirm)
    colleague.post(confirm, status=409)
    page = officer.post(f"/clients/{entered.id}/switch-off", {"reason": "委託が終わったため"})

    assert "委託が終わったため" in page.text
    assert "停止中" in page.text
    page = officer.post(f"/clients/{entered.id}/switch-on", {"reason": "委託が続くことになった"})
    assert "利用中" in page.text
    assert kinds(city) == [
        "client_entered",
        "client_key_added",
        "client_key_added",
        "client_key_removed",
        "client_key_confirmed",
        "client_switched_off",
        "client_switched_on",
    ]


def test_a_private_key_pasted_by_mistake_is_refused_clearly_and_kept_nowhere(city, officer):
    key = ECKey.generate_key("P-256")
    secret = key.as_dict(private=True)["d"]

    for text in (pem(key, private=True), f'{{"kty":"EC","crv":"P-256","d":"{secret}"}}'):
        page = officer.post("/clients/new", {**NEW, "public_keys": text}, status=422)

        assert PRIVATE in page.text
        assert secret not in page.text
        assert "PRIVATE KEY" not in page.text
    assert clients_in(city) == []


def test_a_private_key_is_told_of_also_where_something_else_is_wrong(officer):
    page = officer.post("/clients/new", {"name": "図書館", "public_keys": pem(private=True)}, status=422)

    assert PRIVATE in page.text
    assert "連絡先を入れてください" in page.text
    assert "PRIVATE KEY" not in page.text


def test_what_is_missing_is_named_and_what_was_typed_comes_back(officer):
    key = pem()

    page = officer.post("/clients/new", {"name": "図書館", "public_keys": key, "outside_body": ""}, status=422)

    assert page.field("name") == "図書館"
    assert key.splitlines()[1] in page.text
    assert "連絡先を入れてください" in page.text
    assert "どちらか1つ" in page.text


def test_a_client_has_two_keys_at_most_and_a_removed_one_never_comes_back(city, officer):
    first = pem()
    officer.post("/clients/new", {**NEW, "public_keys": first})
    (entered,) = clients_in(city)
    again = officer.post(f"/clients/{entered.id}/keys/new", {"public_keys": first}, status=422)
    officer.post(f"/clients/{entered.id}/keys/new", {"public_keys": pem()})
    third = officer.post(f"/clients/{entered.id}/keys/new", {"public_keys": pem()}, status=422)
    with city.look() as work:
        key_id = work.session.scalars(select(ClientKey.id).order_by(ClientKey.id)).first()
    officer.post(f"/clients/{entered.id}/keys/{key_id}/remove")
    back = officer.post(f"/clients/{entered.id}/keys/new", {"public_keys": first}, status=422)

    assert "もう登録されているか" in again.text
    assert "2つまで" in third.text
    assert "前に外した鍵" in back.text
    officer.post(f"/clients/{entered.id}/keys/{key_id}/remove", status=409)


def test_of_two_who_change_a_client_the_second_is_told(city, officer):
    entered = machine(city)
    edit = f"/clients/{entered.client_id}/edit"
    seen = officer.get(edit).field("version")
    officer.post(edit, {**NEW, "version": seen})

    officer.post(edit, {**NEW, "name": "別の名", "version": seen}, status=409)

    (kept,) = clients_in(city)
    assert kept.name == NEW["name"]


def test_fetching_a_token_disturbs_nobody_who_edits_the_client(city, officer):
    entered = machine(city)
    edit = f"/clients/{entered.client_id}/edit"
    seen = officer.get(edit).field("version")

    entered.token()

    officer.post(edit, {**NEW, "version": seen})


def test_whoever_has_been_inside_for_a_while_shows_once_more_who_they_are_but_not_to_shut_out(city, officer):
    entered = machine(city)
    city.clock.pass_(minutes=11)

    assert officer.get("/clients/new").path == "/me/prove"
    officer.post("/clients/new", {**NEW, "public_keys": pem()}, status=401)
    officer.post(f"/clients/{entered.client_id}/keys/new", {"public_keys": pem()}, status=401)
    officer.post(f"/clients/{entered.client_id}/switch-off", {"reason": "鍵が漏れたおそれ"})
    officer.post(f"/clients/{entered.client_id}/switch-on", {"reason": "間違い"}, status=401)


def test_switching_off_needs_a_reason_and_happens_once(city, officer):
    entered = machine(city)
    off = f"/clients/{entered.client_id}/switch-off"

    officer.post(off, {"reason": " "}, status=422)
    officer.post(off, {"reason": "点検"})
    officer.post(off, {"reason": "点検"}, status=409)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PRIVACY_OFFICER])
def test_auditors_and_privacy_officers_look_and_change_nothing(city, client, role):
    entered = machine(city)
    client.sign_in(city.person(role))

    page = client.get(f"/clients/{entered.client_id}")

    assert entered.handle in page.text
    assert "switch-off" not in page.text
    client.post(f"/clients/{entered.client_id}/switch-off", {"reason": "点検"}, status=403)


def test_the_auditors_trail_names_the_machine(city, client):
    entered = machine(city, name="図書館システム")
    entered.token()
    client.sign_in(city.person(Role.AUDITOR))

    page = client.get("/audit?kind=client_token_given")

    assert "図書館システム" in page.text
    assert "入口(ほかのシステム)" in page.text


def test_another_contact_takes_along_keys_that_wait_and_is_told_to_whoever_calls_it(city, officer, colleague):
    officer.post("/clients/new", {**NEW, "public_keys": pem()})
    (entered,) = clients_in(city)
    elsewhere = {**NEW, "contact": "よその窓口 092-000-0009", "version": str(entered.version)}

    officer.post(f"/clients/{entered.id}/edit", elsewhere)

    with city.look() as work:
        (key,) = work.session.scalars(select(ClientKey))
    assert (key.confirmed_at, key.removed_at is not None) == (None, True)
    colleague.post(f"/clients/{entered.id}/keys/{key.id}/confirm", status=409)
    assert "連絡先を変えました" in colleague.get("/me/history").text
    officer.post(f"/clients/{entered.id}/keys/new", {"public_keys": pem()})
    page = colleague.get(f"/clients/{entered.id}/keys/{key.id + 1}/confirm").text
    assert ("さんが変えました" in page, "092-000-0009" in page) == (True, True)


def test_keys_that_are_in_use_stay_when_the_contact_changes(city, officer):
    entered = machine(city)
    (client,) = clients_in(city)
    kept = {"name": client.name, "outside_body": client.outside_body, "scope": "portal"}

    officer.post(
        f"/clients/{entered.client_id}/edit", {**kept, "contact": "新しい窓口", "version": str(client.version)}
    )

    assert entered.ask(entered.assertion()).status_code == 200


def test_without_another_contact_keys_that_wait_go_on_waiting(city, officer):
    officer.post("/clients/new", {**NEW, "public_keys": pem()})
    (entered,) = clients_in(city)

    officer.post(f"/clients/{entered.id}/edit", {**NEW, "name": "新図書館システム", "version": str(entered.version)})

    with city.look() as work:
        assert work.session.scalars(select(ClientKey.removed_at)).one() is None
    assert "client_contact_changed" not in kinds(city)
