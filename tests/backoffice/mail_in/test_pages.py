"""What do staff see of the mail that came, and what do they do with it? Their department's, and nobody else's."""

from __future__ import annotations

import io
from datetime import date
from email.message import EmailMessage

import pytest
from pypdf import PdfReader

from backoffice.accounts import service as accounts
from backoffice.audit import AuditEvent
from backoffice.demo.papers import SCANS
from backoffice.identity import Role
from backoffice.mail_in.models import MailAddress
from backoffice.mail_in.workflow import LetterState
from tests.backoffice.mail_in.letters import PDF, letter, mailroom
from tests.backoffice.staff_client import StaffClient

PICTURE = (SCANS / "marked_003.jpg").read_bytes()
RULE = {"title": "愛護会", "sender": "example.jp", "act_print": "on"}


@pytest.fixture
def room(city):
    with mailroom(city) as opened:
        yield opened


def clerk_of(room, department=None) -> StaffClient:
    staff = room.city.person(Role.CLERK, department=department or room.department)
    return StaffClient(room.city).sign_in(staff)


def test_a_clerk_sorts_a_letter_by_hand_makes_a_rule_of_it_and_the_next_one_sorts_itself(room):
    clerk = clerk_of(room)
    room.comes(letter("名簿", ("名簿.jpg", PICTURE)))
    room.ticks()
    [came] = room.letters()

    page = clerk.get(f"/mail-in/{came.id}")
    assert "お世話になります。" in page.text
    assert clerk.post(f"/mail-in/{came.id}/sort", {}, 422).text.count("することを1つ以上") == 1
    new = clerk.post(f"/mail-in/{came.id}/sort", {"act_print": "on", "as_rule": "on"})

    assert new.path == "/mail-in/rules/new"
    assert (new.field("sender"), new.field("title")) == ("koen@example.jp", "koen@example.jp")
    tried = clerk.post("/mail-in/rules", {**RULE, "try": "yes"})
    assert "合う" in tried.text
    clerk.post("/mail-in/rules", RULE)
    room.comes(letter("名簿", ("名簿2.jpg", PICTURE + b" "), number="<2@example.jp>"))
    room.ticks()
    assert [each.state for each in room.letters()] == [LetterState.TO_PRINT] * 2


def test_rules_are_written_and_tried_only_by_whoever_sorts_mail_in_their_own_department(room, city):
    other = city.department("公園課")
    guest = room.city.person(department=room.department)
    with city.unit() as work:
        accounts.grant_role(work, guest.id, Role.CLERK, other.id, date(2026, 4, 1), None)
    room.comes(letter("秘密の件"))
    room.ticks()
    client = StaffClient(city).sign_in(guest)

    assert "/mail-in/rules/new" not in client.get("/mail-in/rules").text
    tried = client.post("/mail-in/rules", {**RULE, "try": "yes"})
    assert "秘密の件" not in tried.text
    client.post("/mail-in/rules", RULE, 403)


def test_what_waits_to_be_printed_comes_as_one_pdf_and_is_ticked_off(room):
    clerk = clerk_of(room)
    clerk.post("/mail-in/rules", RULE)
    room.comes(letter("名簿", ("1.jpg", PICTURE), ("2.jpg", PICTURE + b" "), ("3.txt", b"words")))
    room.ticks()
    acts = [act.id for act in room.letters()[0].acts]

    listed = clerk.get("/mail-in/printing")
    assert listed.text.count("ダウンロードして印刷") == 1
    pdf = clerk.http.get("/mail-in/printing/pdf", params={"act": acts})

    sizes = [page.mediabox[2:] for page in PdfReader(io.BytesIO(pdf.content)).pages]
    assert [(round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) for width, height in sizes] == [
        (210, 297)
    ] * 2
    clerk.post("/mail-in/printing", {"act": acts[:2]})
    assert room.letters()[0].state == LetterState.TO_PRINT
    done = clerk.post("/mail-in/printing", {"act": acts}).text
    assert "1件を印刷済みにしました" in done
    assert room.letters()[0].state == LetterState.DONE


def test_a_file_that_cannot_be_drawn_is_named_and_the_others_can_be_opened_without_it(room):
    clerk = clerk_of(room)
    clerk.post("/mail-in/rules", RULE)
    room.comes(letter("名簿", ("broken.pdf", PDF)))
    room.ticks()

    assert "broken.pdf は印刷用にまとめられません" in clerk.get("/mail-in/printing/pdf", 422).text


def test_what_was_refused_is_told_with_its_reason_until_somebody_has_seen_it(room):
    clerk = clerk_of(room)
    clerk.post("/mail-in/rules", {**RULE, "act_save": "on", "act_print": ""})
    room.comes(letter("名簿", ("setup.exe", b"MZ")))
    room.ticks()
    [came] = room.letters()

    page = clerk.get(f"/mail-in/{came.id}")
    assert "添付できない種類" in page.text
    assert came.state == LetterState.TO_CHECK
    clerk.post(f"/mail-in/{came.id}/look-at")
    assert room.letters()[0].state == LetterState.DONE
    clerk.post(f"/mail-in/{came.id}/look-at", status=409)


def test_another_department_sees_nothing_until_it_is_handed_over_and_then_its_rules_sort(room, city):
    other = city.department("公園課")
    here, there = clerk_of(room), clerk_of(room, other)
    there.post("/mail-in/rules", RULE)
    room.comes(letter("名簿", ("名簿.jpg", PICTURE)))
    room.ticks()
    [came] = room.letters()
    address = f"/mail-in/{came.id}"
    for path in (address, f"{address}/files/{came.files[0].id}"):
        there.get(path, 404)
    there.post(f"{address}/sort", {"act_save": "on"}, 404)
    assert came.number not in there.get("/mail-in").text

    here.post(f"{address}/hand-over", {"department": ""}, 422)
    here.post(f"{address}/hand-over", {"department": str(other.id)})

    here.get(address, 404)
    assert there.get(f"{address}/files/{came.files[0].id}").response.content == PICTURE
    assert room.letters()[0].state == LetterState.TO_PRINT


def test_a_letter_is_not_handed_to_a_department_that_has_it_and_the_form_says_so(room, city):
    other = city.department("公園課")
    with city.unit() as work:
        for name, department in (("gakuji", room.department), ("koen", other)):
            work.session.add(MailAddress(address=f"{name}@city.example.jp", department_id=department.id))
    room.comes(letter(to="gakuji@city.example.jp, koen@city.example.jp"))
    room.ticks()
    mine = next(each for each in room.letters() if each.department_id == room.department.id)

    refused = clerk_of(room).post(f"/mail-in/{mine.id}/hand-over", {"department": str(other.id)}, 422)

    assert "この部署には同じメールが届いています" in refused.text
    assert {each.department_id for each in room.letters()} == {room.department.id, other.id}


def test_every_look_at_a_letter_and_its_files_stands_on_the_trail_without_a_word_of_it(room):
    clerk = clerk_of(room)
    room.comes(letter("秘密の件", ("秘密.pdf", PDF)))
    room.ticks()
    [came] = room.letters()

    clerk.get("/mail-in")
    clerk.get(f"/mail-in/{came.id}")
    clerk.get(f"/mail-in/rules/new?letter={came.id}")
    file = clerk.get(f"/mail-in/{came.id}/files/{came.files[0].id}")

    assert file.response.headers["content-disposition"].startswith("attachment")
    with room.city.look() as work:
        events = work.session.query(AuditEvent).order_by(AuditEvent.id).all()
    assert {"letter_came", "letters_listed", "letter_opened", "enclosure_seen"} <= {each.kind for each in events}
    assert [each.kind for each in events].count("letter_opened") == 2
    assert not any("秘密" in str(each.data) for each in events)


def test_rules_are_tried_in_their_order_moved_stopped_and_never_saved_over_a_colleague(room):
    clerk = clerk_of(room)
    clerk.post("/mail-in/rules", {**RULE, "title": "先"})
    clerk.post("/mail-in/rules", {**RULE, "title": "後"})
    page = clerk.get("/mail-in/rules").text
    assert page.index("先") < page.index("後")
    clerk.post("/mail-in/rules/2/up")
    page = clerk.get("/mail-in/rules").text
    assert page.index("後") < page.index("先")
    clerk.post("/mail-in/rules/2/switch")

    room.comes(letter("名簿", ("名簿.jpg", PICTURE)))
    room.ticks()
    assert room.letters()[0].rule_id == 1

    seen = clerk.get("/mail-in/rules/1").field("version")
    clerk.post("/mail-in/rules/1", {**RULE, "version": seen})
    clerk.post("/mail-in/rules/1", {**RULE, "version": seen}, 409)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"sender": ""}, "条件を1つ以上"),
        ({"title": " "}, "ルールの名前を入れて"),
        ({"act_print": ""}, "することを1つ以上"),
        ({"act_forward": "on", "forward_to": "a@example.com"}, "市の外へは転送できません"),
        ({"act_list": "on", "list_design": "999"}, "一覧を選んで"),
        ({"act_paper": "on", "paper_form": "nothing"}, "様式を選び直して"),
        ({"file_kind": "program"}, "種類を選び直して"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_what_was_typed(client, city, more, said):
    client.sign_in(city.person(Role.CLERK))

    page = client.post("/mail-in/rules", {**RULE, **more}, 422)

    assert said in page.text
    assert page.field("title") == {**RULE, **more}["title"]


def test_an_administrator_says_whose_an_address_is_and_sees_no_letter(client, city):
    park = city.department("公園課")
    client.sign_in(city.person(Role.ADMINISTRATOR))

    client.post("/mail-in/addresses", {"address": "Koen@city.example.jp", "department": str(park.id)})

    assert "koen@city.example.jp" in client.get("/mail-in/addresses").text
    again = {"address": "koen@CITY.example.jp", "department": str(park.id)}
    assert "登録済み" in client.post("/mail-in/addresses", again, 422).text
    client.post("/mail-in/addresses/1/remove")
    client.post("/mail-in/addresses/1/remove", status=409)
    client.get("/mail-in", 403)


def test_a_letter_of_html_alone_shows_its_words_and_nothing_that_acts(room):
    clerk = clerk_of(room)
    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.jp", "<img src=x onerror=alert(1)>"
    message.set_content("<script>alert(1)</script><p>申込みます<img src='https://x.example/'></p>", subtype="html")
    room.comes(message.as_bytes())
    room.ticks()

    page = clerk.get("/mail-in/1").text

    assert "申込みます" in page
    assert "alert(1)</script>" not in page
    assert "x.example" not in page
    assert "<img src=x" not in page
