"""A notice is worded by one and approved by another; what was approved never changes, and an old one can come back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Role
from backoffice.notices import queries, service
from backoffice.notices.catalogue import every_wording
from backoffice.notices.samples import samples
from backoffice.notices.workflow import NoticeState
from backoffice.programs import catalogue
from backoffice.programs import queries as programs
from backoffice.programs import service as sheets
from backoffice.programs.models import Program
from backoffice.programs.shipping import take_in_shipped
from forms.my_number import check_digit
from tests.backoffice.notices.wordings import Desk, found_desk, with_subject
from tests.backoffice.programs.offices import Office
from workflows.notices.blocks import Slot
from workflows.notices.checks import is_whole
from workflows.notices.languages import NoticeLanguage
from workflows.notices.rendering import fill
from workflows.rules.tree import All, NotGranted, Period
from workflows.rules.writing import written


@pytest.fixture
def desk(office: Office) -> Desk:
    return found_desk(office)


def test_a_wording_begins_whole_is_approved_by_another_and_is_then_the_one_that_is_sent(office_on_both: Office):
    desk = found_desk(office_on_both)
    notice_id = desk.begin()
    assert desk.current() is None

    desk.act(service.submit, notice_id)
    desk.act(service.approve, notice_id, person=desk.head)

    assert desk.current() == notice_id
    assert office_on_both.events()[-3:] == ["notice_drafted", "notice_submitted", "notice_approved"]
    assert desk.version(notice_id).decided_by_id == desk.head.id


def test_whoever_wrote_on_it_does_not_approve_it_though_they_are_a_head(desk: Desk):
    notice_id = desk.begin()
    desk.write(notice_id, with_subject("検診のお知らせ"), person=desk.head)
    desk.act(service.submit, notice_id)

    with pytest.raises(NotPermitted, match="書いた人"):
        desk.act(service.approve, notice_id, person=desk.head)

    desk.act(service.approve, notice_id, person=desk.office.bureau.head)
    assert desk.current() == notice_id


def test_neither_a_clerk_nor_a_head_of_another_department_approves(desk: Desk):
    notice_id = desk.begin()
    desk.act(service.submit, notice_id)
    elsewhere = desk.office.city.person(Role.HEAD)

    for person in (desk.office.colleague, elsewhere):
        with pytest.raises(NotPermitted):
            desk.act(service.approve, notice_id, person=person)


def test_nobody_of_another_department_words_it(desk: Desk):
    elsewhere = desk.office.city.person(Role.CLERK)

    with pytest.raises(NotPermitted):
        desk.begin(elsewhere)


def test_what_is_sent_back_is_a_draft_with_the_reason_until_it_is_handed_in_again(desk: Desk):
    notice_id = desk.begin()
    desk.act(service.submit, notice_id)
    desk.act(service.send_back, notice_id, "期限を先に書いてください。", person=desk.head)
    returned = desk.version(notice_id)
    assert (returned.state, returned.returned_because) == (NoticeState.DRAFT, "期限を先に書いてください。")

    desk.act(service.submit, notice_id)

    assert desk.version(notice_id).returned_because == ""


def test_nothing_is_sent_back_without_a_reason(desk: Desk):
    notice_id = desk.begin()
    desk.act(service.submit, notice_id)

    with pytest.raises(Invalid):
        desk.act(service.send_back, notice_id, " ", person=desk.head)


def test_what_waits_can_be_taken_back_and_what_waits_is_not_written_on(desk: Desk):
    notice_id = desk.begin()
    desk.act(service.submit, notice_id)
    with pytest.raises(Overtaken):
        desk.write(notice_id, with_subject("別の件名"))

    desk.act(service.take_back, notice_id)

    desk.write(notice_id, with_subject("検診のお知らせ"))
    assert desk.version(notice_id).wording.ja.subject == "検診のお知らせ"


def test_what_was_approved_never_changes(desk: Desk):
    notice_id = desk.approved()

    for act, said in ((service.submit, ()), (service.take_back, ()), (service.discard, ()), (service.approve, ())):
        with pytest.raises((Overtaken, NotPermitted)):
            desk.act(act, notice_id, *said)
    with pytest.raises(Overtaken):
        desk.write(notice_id, with_subject("別の件名"))


def test_the_next_wording_is_a_copy_and_the_old_one_is_sent_until_it_is_approved(desk: Desk):
    first = desk.approved()
    second = desk.copy(first)
    desk.write(second, with_subject("乳がん検診の時期です"))
    assert desk.current() == first

    desk.act(service.submit, second)
    desk.act(service.approve, second, person=desk.head)

    assert desk.current() == second
    assert desk.version(first).wording.ja.subject == "{制度の名称}のお知らせ"


def test_an_old_wording_comes_back_as_a_copy(desk: Desk):
    first = desk.approved()
    second = desk.copy(first)
    desk.write(second, with_subject("乳がん検診の時期です"))
    desk.act(service.submit, second)
    desk.act(service.approve, second, person=desk.head)

    third = desk.copy(first)

    assert desk.version(third).wording == desk.version(first).wording
    assert desk.version(third).number == 3


def test_two_people_never_write_past_each_other(desk: Desk):
    first = desk.approved()
    desk.copy(first)

    with pytest.raises(Overtaken, match="もう下書き"):
        desk.copy(first, desk.office.colleague)
    with pytest.raises(Overtaken):
        desk.begin(desk.office.colleague)


def test_whoever_saves_second_is_told_who_was_first(desk: Desk):
    notice_id = desk.begin()
    seen = desk.version(notice_id)
    desk.write(notice_id, with_subject("先に書いた件名"), person=desk.office.colleague)

    with pytest.raises(Overtaken) as overtaken, desk.office.city.unit(desk.office.city.actor(desk.drafter)) as work:
        service.write(work, queries.find_version(work.session, notice_id), seen.version, seen.wording)

    assert overtaken.value.params["name"] == "職員 colleague"


def test_a_discarded_draft_makes_room_for_another(desk: Desk):
    first = desk.approved()
    second = desk.copy(first)

    desk.act(service.discard, second)

    assert desk.version(desk.copy(first)).number == 3


def test_a_wording_with_something_to_mend_is_kept_and_not_handed_in(desk: Desk):
    notice_id = desk.begin()
    desk.write(notice_id, with_subject("至急ご確認ください"))

    with pytest.raises(Invalid, match="直すところ"):
        desk.act(service.submit, notice_id)


def test_a_sheet_that_changed_meanwhile_keeps_an_approval_back(desk: Desk):
    notice_id = desk.begin()
    desk.act(service.submit, notice_id)
    with desk.office.city.unit(desk.office.city.actor(desk.drafter)) as work:
        newest = queries.newest_of_program(work.session, desk.program_id)
        version = programs.find_version(work.session, newest.id)
        sheets.write_sheet(work, version, version.version, {**version.sheet["values"], "ends": None})

    with pytest.raises(Invalid):
        desk.act(service.approve, notice_id, person=desk.head)


def test_a_number_like_a_my_number_is_not_even_kept(desk: Desk):
    notice_id = desk.begin()
    eleven = "10000000000"

    with pytest.raises(Invalid) as refused:
        desk.write(notice_id, with_subject(f"{eleven}{check_digit(eleven)}"))

    assert set(refused.value.fields) == {"ja-subject"}


def test_every_shipped_program_can_begin_a_whole_notice(office: Office):
    with office.city.unit(office.city.actor(office.drafter)) as work:
        take_in_shipped(work, office.bureau.department)
        every = work.session.scalars(select(Program.id)).all()
        for program_id in every:
            service.begin(work, programs.find_program(work.session, program_id))

    with office.city.look() as work:
        begun = [queries.versions_of(work.session, each)[0].id for each in every]
        found = {each: service.looked_at(work, queries.find_version(work.session, each)) for each in begun}
    assert len(begun) == len(catalogue.every_program())
    assert {each: list(map(str, said)) for each, said in found.items() if not is_whole(said)} == {}


def test_the_wordings_that_ship_are_of_programs_that_ship():
    shipped = {program.code for program in catalogue.every_program()}

    assert set(every_wording()) - {"standard", "standard-veiled"} <= shipped


def test_samples_show_each_language_with_reasons_and_slots_for_the_person(desk: Desk):
    notice_id = desk.begin()
    with desk.office.city.look() as work:
        found = samples(work, queries.find_version(work.session, notice_id))

    assert [each.language for each in found] == list(NoticeLanguage)
    slots = {Slot.REFERENCE: "a1b2", Slot.PREFERENCE_URL: "https://example.jp/s/x"}
    text = fill(found[0].mail.text, slots)
    assert "乳がん検診" in text
    assert "・性別が女性" in text
    assert "R8-通知-0000" in found[0].line[0]["text"]


def test_samples_of_a_veiled_program_hold_no_reason(office: Office):
    desk = found_desk(office, body_class="veiled")
    notice_id = desk.begin()
    with office.city.look() as work:
        found = samples(work, queries.find_version(work.session, notice_id))

    assert len(found) == 3
    assert not any("性別" in str((each.line, each.mail)) or "乳がん" in str(each.line) for each in found)


def test_the_program_is_named_in_the_readers_language_where_a_reason_names_it(office: Office):
    desk = found_desk(office)
    with office.city.unit(office.city.actor(office.drafter)) as work:
        version = queries.newest_of_program(work.session, desk.program_id)
        number = programs.find_program(work.session, desk.program_id).number
        version.rule = written(All((NotGranted(number, Period.FISCAL_YEAR),)))
    notice_id = desk.begin()

    with office.city.look() as work:
        found = samples(work, queries.find_version(work.session, notice_id))

    assert "Has not used “Breast cancer screening” this fiscal year" in found[-1].line[0]["text"]


def test_a_page_lets_a_clerk_begin_write_check_and_hand_in(desk: Desk):
    client = desk.office.visit()
    page = client.get(f"/programs/{desk.program_id}/notices")
    assert "お知らせの文面はまだありません。" in page.text

    page = client.post(f"/programs/{desk.program_id}/notices")
    typed = _typed(page)
    page = client.post(page.path, {**typed, "ja-subject": "重要なお知らせ"})
    assert "詐欺のように読めたりする" in page.text
    page = client.post(page.path, {**typed, "version": page.field("version"), "ja-subject": "乳がん検診のお知らせ"})
    shown = client.get(page.path.removesuffix("/edit"))
    page = client.post(f"{shown.path}/submit", {"version": shown.field("version")})

    assert "承認待ち" in page.text
    assert "乳がん検診のお知らせ" in page.text


def _typed(page) -> dict[str, str]:
    names = [f"{language}-{field}" for language in NoticeLanguage for field in ("subject", "title", "button")]
    long = {
        f"{language}-{field}": getattr(every_wording()["standard"].in_language(language), field)
        for language in NoticeLanguage
        for field in ("body", "text")
    }
    return {"version": page.field("version"), **{name: page.field(name) for name in names}, **long}


def test_a_head_approves_on_the_page_or_sends_back_with_a_reason(desk: Desk):
    notice_id = desk.begin()
    desk.act(service.submit, notice_id)
    client = desk.office.visit(desk.head)
    page = client.get(f"/notices/{notice_id}")
    version = page.field("version")

    refused = client.post(f"/notices/{notice_id}/send-back", {"version": version, "reason": ""}, status=422)
    assert "理由を入れてください。" in refused.text
    page = client.post(f"/notices/{notice_id}/approve", {"version": version})

    assert "使う文面" in page.text


def test_what_waits_is_listed_and_marked_for_heads_of_its_department(desk: Desk):
    desk.act(service.submit, desk.begin())
    elsewhere = desk.office.city.person(Role.HEAD)

    own, other = (desk.office.visit(each).get("/notices").text for each in (desk.head, elsewhere))

    assert "あなたの部署の承認待ち" in own
    assert "乳がん検診" in other
    assert "あなたの部署の承認待ち" not in other


def test_of_approved_wordings_the_list_shows_the_one_that_is_sent(desk: Desk):
    first = desk.approved()
    second = desk.copy(first)
    desk.act(service.submit, second)
    desk.act(service.approve, second, person=desk.head)

    page = desk.office.visit().get("/notices?state=approved")

    assert f"/notices/{second}" in page.text
    assert f'"/notices/{first}"' not in page.text
    assert "当てはまる文面はありません。" in desk.office.visit().get("/notices?state=draft").text


def test_whoever_wrote_is_told_why_there_is_no_button(desk: Desk):
    notice_id = desk.begin(desk.head)
    desk.act(service.submit, notice_id)

    page = desk.office.visit(desk.head).get(f"/notices/{notice_id}")

    assert "あなたはこの文面を書いたため、承認できません。" in page.text
    assert "/approve" not in page.text


def test_a_second_tab_is_told_that_it_is_late(desk: Desk):
    notice_id = desk.begin()
    client = desk.office.visit()
    stale = client.get(f"/notices/{notice_id}/edit")
    desk.write(notice_id, with_subject("検診のお知らせ"), person=desk.office.colleague)

    answer = client.post(stale.path, _typed(stale), status=409)

    assert "職員 colleagueさんがこの文面を先に変更しました。" in answer.text


def test_what_was_typed_comes_back_where_it_cannot_be_kept(desk: Desk):
    notice_id = desk.begin()
    client = desk.office.visit()
    page = client.get(f"/notices/{notice_id}/edit")

    answer = client.post(page.path, {**_typed(page), "ja-title": "あ" * 301}, status=422)

    assert answer.field("ja-title") == "あ" * 301


def test_two_wordings_stand_side_by_side(desk: Desk):
    first = desk.approved()
    second = desk.copy(first)
    desk.write(second, with_subject("乳がん検診の時期です"))

    page = desk.office.visit().get(f"/notices/{second}/compare")

    assert page.text.count("▲") == 1
    assert "乳がん検診の時期です" in page.text


def test_wordings_of_two_programs_are_not_compared(desk: Desk):
    first = desk.approved()
    other = found_desk_again(desk)

    desk.office.visit().get(f"/notices/{first}/compare?with_id={other}", status=404)


def found_desk_again(desk: Desk) -> int:
    version_id = desk.office.begin(sheet={**desk_sheet(desk), "name_ja": "胃がん検診"})
    with desk.office.city.look() as work:
        program_id = programs.find_version(work.session, version_id).program_id
    return replace(desk, program_id=program_id).begin()


def desk_sheet(desk: Desk) -> dict[str, object]:
    with desk.office.city.look() as work:
        return dict(queries.newest_of_program(work.session, desk.program_id).sheet["values"])


def test_what_is_sent_cannot_be_opened_for_writing(desk: Desk):
    notice_id = desk.approved()

    desk.office.visit().get(f"/notices/{notice_id}/edit", status=409)
