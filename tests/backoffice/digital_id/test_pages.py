"""The facility's page answers in one word; the DX office's page counts, revokes by number and renews the key."""

from __future__ import annotations

import io
from urllib.parse import parse_qs, urlsplit

import pytest
import segno

from backoffice.digital_id import service
from backoffice.digital_id.workflow import Cause
from backoffice.identity import Role
from tests.backoffice.digital_id.wallets import NUMBER_NOBODY_HAS, issued, registered
from tests.backoffice.staff_client import StaffClient
from workflows.credentials.rules import RULES
from workflows.rules.vocabulary import ConsentClass

HOLDS_UP = {"age_over_65"}


@pytest.fixture
def wallet(city):
    return issued(city, registered(city, city.person(Role.PRIVACY_OFFICER), ConsentClass.CORE))[0]


@pytest.fixture
def porter(city):
    return StaffClient(city).sign_in(city.person(Role.FACILITY))


@pytest.fixture
def office(city):
    return StaffClient(city).sign_in(city.person(Role.DX_OFFICE))


def asked_by(page) -> tuple[str, str]:
    """Give whom the code on the page asks for, and with which number."""
    text = page.text.split('id="asked">')[1].split("</code>")[0].replace("&amp;", "&")
    address = urlsplit(text)
    return address._replace(query="").geturl(), parse_qs(address.query)["nonce"][0]


def held_up(city, wallet, page, *claims: str) -> str:
    audience, nonce = asked_by(page)
    return wallet.present(claims or HOLDS_UP, audience, nonce, int(city.clock().timestamp()))


def test_one_scan_gives_one_large_word_and_the_rule_and_nothing_of_the_person(city, wallet, porter):
    page = porter.get("/digital-id/check?rule=senior_65")

    answer = porter.post("/digital-id/check", {"rule": "senior_65", "shown": held_up(city, wallet, page)})

    assert 'class="verdict verdict-yes" role="alert"' in answer.text
    assert "はい" in answer.text
    assert "65歳以上の割引" in answer.text
    assert answer.field("shown") == "", "the next person's scan goes into an empty field"
    assert not any(part in answer.text for part in wallet.credential.split("~") if part)


def test_every_no_looks_the_same(city, wallet, porter):
    page = porter.get("/digital-id/check?rule=senior_65")
    undisclosed = porter.post(
        "/digital-id/check", {"rule": "senior_65", "shown": held_up(city, wallet, page, "city_resident")}
    )
    lost, number = issued(
        city, registered(city, city.person(Role.PRIVACY_OFFICER), ConsentClass.CORE, pseudonym="kaze-1")
    )
    with city.unit() as work:
        service.revoke(work, number, Cause.LOST)
    revoked = porter.post("/digital-id/check", {"rule": "senior_65", "shown": held_up(city, lost, undisclosed)})

    def verdict(page) -> str:
        return page.text.split('<div class="verdict')[1].split("</div>")[0]

    assert "いいえ" in verdict(undisclosed)
    assert verdict(undisclosed) == verdict(revoked)


def test_the_field_is_ready_for_the_next_scan_after_every_answer(porter):
    for page in (
        porter.get("/digital-id/check"),
        porter.post("/digital-id/check", {"rule": "resident", "shown": "?"}, 422),
    ):
        focused = [element for element in page.seen.elements if "autofocus" in element.attributes]
        assert [element.attributes["id"] for element in focused] == ["shown"]


def test_what_cannot_be_read_is_asked_for_once_more_with_a_new_number(porter):
    page = porter.get("/digital-id/check")

    again = porter.post("/digital-id/check", {"rule": "senior_65", "shown": "QR"}, 422)

    assert "もう一度" in again.text
    assert asked_by(again) != asked_by(page)


def test_the_code_renews_itself_without_the_page(porter):
    piece = porter.get("/digital-id/check?rule=resident", **{"HX-Request": "true"})

    assert "<html" not in piece.text
    assert 'id="question"' in piece.text


@pytest.mark.parametrize("rule", ["", "everything", "senior_65%00"])
def test_there_is_no_rule_but_those_with_a_name(porter, rule):
    porter.get(f"/digital-id/check?rule={rule}", 404)


def test_a_photograph_of_the_telephone_is_read_too(city, wallet, porter):
    page = porter.get("/digital-id/check")
    photograph = io.BytesIO()
    segno.make(held_up(city, wallet, page), error="l").save(photograph, kind="png", scale=6)

    answer = porter.post(
        "/digital-id/check/picture",
        {"rule": "senior_65"},
        files={"picture": ("phone.png", photograph.getvalue(), "image/png")},
    )

    assert "verdict-yes" in answer.text


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG broken"])
def test_a_file_without_a_code_is_asked_for_once_more(porter, content):
    answer = porter.post(
        "/digital-id/check/picture",
        {"rule": "senior_65"},
        files={"picture": ("x.png", content, "image/png")},
        status=422,
    )

    assert "picture-error" in answer.text


def test_a_photograph_of_something_else_is_asked_for_once_more(porter):
    photograph = io.BytesIO()
    segno.make("https://city.example/").save(photograph, kind="png", scale=40)

    answer = porter.post(
        "/digital-id/check/picture",
        {"rule": "senior_65"},
        files={"picture": ("phone.png", photograph.getvalue(), "image/png")},
        status=422,
    )

    assert "2次元コードが見つかりません" in answer.text


def test_the_page_speaks_english_to_whoever_chose_it(city):
    porter = StaffClient(city).sign_in(city.person(Role.FACILITY, language="en"))

    page = porter.get("/digital-id/check")

    assert all(rule.en in page.text for rule in RULES.values())


def test_a_facility_starts_at_its_one_page(porter):
    page = porter.get("/")

    assert 'class="button button-primary" href="/digital-id/check"' in page.text
    assert "まだ役割がありません" not in page.text


def test_a_facility_sees_nothing_else_of_the_office(porter):
    for path in ("/digital-id", "/sheets", "/cases", "/consents", "/residents", "/staff"):
        assert porter.http.get(path).status_code in {403, 404}


def test_the_office_revokes_by_the_number_that_the_holder_names(city, office):
    _wallet, number = issued(city, registered(city, city.person(Role.PRIVACY_OFFICER), ConsentClass.CORE))

    page = office.post("/digital-id/revoke", {"number": f" {number.upper()} ", "cause": "lost"})

    assert f"デジタルID {number} を失効させました" in page.text
    assert "もう失効しています" in office.post("/digital-id/revoke", {"number": number, "cause": "lost"}, 409).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"number": NUMBER_NOBODY_HAS, "cause": "lost"}, "この番号のデジタルIDはありません"),
        ({"number": "", "cause": "asked"}, "この番号のデジタルIDはありません"),
        ({"number": NUMBER_NOBODY_HAS, "cause": ""}, "理由を選んでください"),
        ({"number": NUMBER_NOBODY_HAS, "cause": "withdrawn"}, "理由を選んでください"),
    ],
)
def test_a_wrong_number_or_no_reason_is_told_beside_its_field(office, typed, said):
    page = office.post("/digital-id/revoke", typed, 422)

    assert said in page.text
    assert page.field("number") == typed["number"]


def test_the_key_is_renewed_once_by_two_officers_however_often_they_press(city, office):
    page = office.get("/digital-id")
    assert "まだ鍵がありません" in page.text

    waiting = office.post("/digital-id/key")
    assert ("確認を待つ鍵" in waiting.text, "鍵を確かめて使う" in waiting.text) == (True, False)
    office.post("/digital-id/key", status=409)
    colleague = StaffClient(city).sign_in(city.person(Role.DX_OFFICE))
    key = colleague.get("/digital-id").field("key")
    office.post("/digital-id/key/confirm", {"key": key}, 403)
    assert "署名の鍵を新しくしました" in colleague.post("/digital-id/key/confirm", {"key": key}).text
    colleague.post("/digital-id/key/confirm", {"key": key}, 409)


def test_a_leaked_key_takes_along_what_it_signed_by_one_press(city, wallet, porter, office):
    page = porter.get("/digital-id/check")
    colleague = StaffClient(city).sign_in(city.person(Role.DX_OFFICE))

    said = office.post("/digital-id/stop")

    assert "すべてのデジタルIDを使えなくしました" in said.text
    assert "別の職員が確かめると、発行を再開します" in colleague.get("/digital-id").text
    assert "デジタルIDをすべて使えなくしました" in colleague.get("/me/history").text
    answer = porter.post("/digital-id/check", {"rule": "senior_65", "shown": held_up(city, wallet, page)})
    assert "verdict-no" in answer.text


def test_checks_are_counted_by_rule_and_answer(city, wallet, porter, office):
    page = porter.get("/digital-id/check?rule=resident")
    page = porter.post("/digital-id/check", {"rule": "resident", "shown": held_up(city, wallet, page, "city_resident")})
    porter.post("/digital-id/check", {"rule": "resident", "shown": held_up(city, wallet, page)})

    row = office.get("/digital-id").text.split("市民料金")[1].split("</tr>")[0]

    assert row.count(">1<") == 2


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.FACILITY])
def test_only_facilities_check(city, role):
    StaffClient(city).sign_in(city.person(role)).get("/digital-id/check", 403)
