"""A pile of paper: sorted into sheets, pages joined, what fits nowhere named, nothing lost without a word."""

from threading import Thread

import pytest
from sqlalchemy import select

from backoffice.errors import Invalid
from backoffice.identity import Role
from backoffice.intake import queries, service
from backoffice.intake.jobs import WORKER, read_file, read_sheet
from backoffice.intake.keeping import FoundPage, keep_page
from backoffice.intake.known_papers import papers_of
from backoffice.intake.models import PaperFile, SheetPage
from backoffice.intake.receiving import Arrived, receive
from backoffice.intake.workflow import BatchSource, SheetState
from tests.backoffice.intake.piles import (
    MANY,
    StepsAtOnce,
    blank,
    hand_in,
    office_with_a_form,
    page,
    read,
    reader,
    refused,
    sheets,
    waiting,
)
from tests.backoffice.recount import kept as counted
from tests.backoffice.recount import recounted
from tests.backoffice.staff_client import StaffClient

SURE = {"a1": "山田 花子", "a2": "2026-11-01", "a3": 12, "a4": "o1", "a5": "o1"}


def states(found):
    return [SheetState(sheet.state) for sheet in found]


def test_each_page_of_a_file_becomes_a_sheet_under_its_forms_own_numbers(city_on_both):
    office = office_with_a_form(city_on_both)
    hand_in(office, b"%PDF-1")

    found = read(office, page(office, 1, SURE), blank(2), page(office, 3, SURE), refused(4))

    assert [sheet.number for sheet in found] == ["R8-利用-0001", "R8-利用-0002", "R8-用紙-0001"]
    assert states(found) == [SheetState.SETTLED, SheetState.SETTLED, SheetState.REFUSED]
    assert [one.file_page for sheet in found for one in sheet.pages] == [1, 3, 4]
    assert found[0].pages[0].paper_file.blank_pages == [2]


def test_pages_of_one_copy_are_one_sheet_in_whatever_order_they_lie(city_on_both):
    office = office_with_a_form(city_on_both, MANY)
    hand_in(office, b"%PDF-1")

    found = read(
        office,
        page(office, 1, {"a3": "二"}, form_page=2, serial="A"),
        page(office, 2, {"a1": "一"}, form_page=1, serial="B"),
        page(office, 3, {"a1": "一"}, form_page=1, serial="A"),
        page(office, 4, {"a3": "二"}, form_page=2, serial="B"),
    )

    assert [[one.file_page for one in sheet.pages] for sheet in found] == [[3, 1], [2, 4]]
    assert SheetState.INCOMPLETE not in states(found)


def test_copies_of_one_print_share_its_serial_and_are_still_told_apart(city):
    office = office_with_a_form(city, MANY)
    hand_in(office, b"%PDF-1")

    found = read(
        office,
        *(page(office, n, {f"a{2 - n % 2}": n}, form_page=1 + (n - 1) % 2, serial="A") for n in range(1, 7)),
    )

    assert [[one.file_page for one in sheet.pages] for sheet in found] == [[1, 2], [3, 4], [5, 6]]


def test_a_page_that_is_missing_is_named_and_joins_when_it_comes(city):
    office = office_with_a_form(city, MANY)
    client = StaffClient(city).sign_in(office.verifier)
    hand_in(office, b"%PDF-1")
    [waiting] = read(office, page(office, 1, {"a1": "一"}, form_page=1, serial="A"))
    told = client.get(f"/sheets/{waiting.id}").text

    hand_in(office, b"%PDF-2")
    [whole] = read(office, page(office, 1, {"a3": "八"}, form_page=2, serial="A"))

    assert waiting.state == SheetState.INCOMPLETE
    assert "2ページ目が届いていません。" in told
    assert (whole.id, len(whole.pages)) == (waiting.id, 2)
    assert whole.state != SheetState.INCOMPLETE


def test_a_file_that_two_people_hand_in_at_once_comes_once_and_the_second_is_told(city_on_both):
    office = office_with_a_form(city_on_both)
    one, two = (city_on_both.office.files.put(b"%PDF-1", "application/pdf", city_on_both.clock()) for _ in range(2))
    told = []

    def hand_in_too():
        with city_on_both.unit(office.actor) as work:
            told.extend(receive(work, [Arrived("2.pdf", two)], "", office.department.id, BatchSource.UPLOAD)[1])

    with city_on_both.unit(office.actor) as work:
        batch, _none = receive(work, [Arrived("1.pdf", one)], "", office.department.id, BatchSource.UPLOAD)
        at_once = Thread(target=hand_in_too)
        at_once.start()
        at_once.join(0.3)
    at_once.join()

    assert [(each.name, each.reason, each.params) for each in told] == [
        ("2.pdf", "同じファイルが %(number)s として届いています。", {"number": batch.number})
    ]
    with city_on_both.look() as work:
        assert len(work.session.scalars(select(PaperFile)).all()) == 1


def test_a_worker_killed_between_two_pages_leaves_a_file_that_the_next_one_reads_to_its_end(city_on_both):
    office = office_with_a_form(city_on_both, MANY)
    hand_in(office, b"%PDF-1")
    pile = [
        page(office, 1, {}),
        page(office, 2, {}, form_page=2),
        blank(3),
        page(office, 4, {}),
        page(office, 5, {}, form_page=2),
        refused(6),
    ]

    def killed_after(pages):
        yield from pile[:pages]
        raise SystemExit

    [file_id] = waiting(office)
    for pages in (1, 3, 4, 6):
        with pytest.raises(SystemExit):
            read_file(city_on_both.office, reader(killed_after(pages)), file_id, StepsAtOnce())
    found = read(office, *pile)

    assert [[one.file_page for one in sheet.pages] for sheet in found] == [[1, 2], [4, 5], [6]]
    assert found[0].pages[0].paper_file.blank_pages == [3]
    with city_on_both.look() as work:
        assert counted(work.session) == recounted(work.session)


def test_two_workers_who_keep_a_page_each_of_one_copy_make_one_sheet(city_on_both):
    office = office_with_a_form(city_on_both, MANY)
    hand_in(office, b"%PDF-1", b"%PDF-2")
    with city_on_both.look() as work:
        [paper, other] = papers_of(work.session, office.department.id, office.form_code)
        one, two = work.session.scalars(select(PaperFile.id).order_by(PaperFile.id)).all()
    first, second = (page(office, 1, {}, form_page=each.layout.page, serial="A") for each in (paper, other))

    def keep(file_id, reading, kept_paper):
        with city_on_both.unit(WORKER) as unit:
            keep_page(unit, queries.find_file(unit.session, file_id, lock=True), FoundPage(reading, kept_paper))

    with city_on_both.unit(WORKER) as work:
        keep_page(work, queries.find_file(work.session, one, lock=True), FoundPage(first, paper))
        at_once = Thread(target=keep, args=(two, second, other))
        at_once.start()
        at_once.join(0.3)
    at_once.join()

    assert [len(sheet.pages) for sheet in sheets(office)] == [2]


def test_a_sheet_that_is_being_read_once_more_takes_no_late_page(city):
    office = office_with_a_form(city, MANY)
    client = StaffClient(city).sign_in(city.person(Role.CLERK, Role.VERIFIER, department=office.department))
    hand_in(office, b"%PDF-1")
    [sheet] = read(office, page(office, 1, {"a1": "一"}, form_page=1, serial="A"))
    client.post(f"/sheets/{sheet.id}/unreadable", {"unreadable_note": "薄い"})
    client.post(f"/sheets/{sheet.id}/read-again")

    hand_in(office, b"%PDF-2")
    found = read(office, page(office, 1, {"a3": "八"}, form_page=2, serial="A"))

    assert states(found) == [SheetState.RECEIVED, SheetState.INCOMPLETE]


def test_pages_without_a_code_join_only_what_lies_right_beside_them(city):
    office = office_with_a_form(city, MANY)
    hand_in(office, b"%PDF-1")

    found = read(
        office,
        page(office, 1, {"a1": "甲"}, form_page=1),
        refused(2),
        page(office, 3, {"a3": "乙"}, form_page=2),
    )

    assert states(found) == [SheetState.INCOMPLETE, SheetState.REFUSED, SheetState.INCOMPLETE]


def test_a_sheet_may_be_checked_though_a_page_of_it_never_comes(city):
    office = office_with_a_form(city, MANY)
    client = StaffClient(city).sign_in(office.verifier)
    hand_in(office, b"%PDF-1")
    [sheet] = read(office, page(office, 1, {"a1": "一"}, form_page=1, serial="A"))

    client.post(f"/sheets/{sheet.id}/go-on")
    client.post(f"/verify/{sheet.id}/claim")
    client.post(f"/verify/{sheet.id}", {"a1": "一"})

    assert states(sheets(office)) == [SheetState.SETTLED]
    client.post(f"/sheets/{sheet.id}/go-on", status=409)


def test_a_sheet_scanned_once_more_waits_for_a_person_who_excludes_it(city):
    office = office_with_a_form(city)
    client = StaffClient(city).sign_in(office.verifier)
    hand_in(office, b"%PDF-1", b"%PDF-2")

    first, other, again = read(office, page(office, 1, SURE, like="x"), page(office, 2, SURE, like="y"))[:3]
    shown = client.get(f"/sheets/{again.id}").text
    client.post(f"/sheets/{again.id}/exclude", {"exclude_note": " "}, status=422)
    client.post(f"/sheets/{again.id}/exclude", {"exclude_note": "二度読み"})
    client.post(f"/sheets/{other.id}/exclude", {"exclude_note": "確定のあと"}, status=409)

    assert (first.state, again.state, again.alike_id) == (SheetState.SETTLED, SheetState.TO_VERIFY, first.id)
    assert first.number in shown
    assert [sheet.state for sheet in sheets(office) if sheet.id == again.id] == [SheetState.EXCLUDED]
    client.post(f"/sheets/{again.id}/take-up")
    assert [sheet.state for sheet in sheets(office) if sheet.id == again.id] == [SheetState.TO_VERIFY]


def test_pages_on_which_little_is_written_are_not_taken_for_the_same(city):
    office = office_with_a_form(city)
    hand_in(office, b"%PDF-1")

    found = read(office, page(office, 1, {"a1": "山田 花子"}, like="x"), page(office, 2, {"a1": "山田 花子"}, like="x"))

    assert [sheet.alike_id for sheet in found] == [None, None]


def test_a_file_with_a_my_number_on_one_page_is_erased_and_its_pages_stay(city_on_both):
    office = office_with_a_form(city_on_both)
    client = StaffClient(city_on_both).sign_in(office.verifier)
    hand_in(office, b"%PDF-1")

    one, covered, stray = read(
        office, page(office, 1, SURE), page(office, 2, SURE, codes=("my_number",)), refused(3, codes=("my_number",))
    )

    assert all(sheet.pages[0].paper_file.file.erased_at for sheet in (one, covered, stray))
    assert client.get(f"/sheets/{covered.id}/page").response.content == b"\xff\xd8 page"
    assert "塗りつぶし" in client.get(f"/sheets/{covered.id}").text
    assert "原本を消去しました" in client.get(f"/batches/{covered.batch_id}").text
    with city_on_both.unit(office.actor) as work, pytest.raises(Invalid, match="スキャンしてください"):
        service.read_again(work, queries.find_sheet(work.session, work.actor, stray.id))


def test_what_fitted_the_form_that_was_named_wrongly_is_read_again_by_every_form(city):
    office = office_with_a_form(city)
    uploader = StaffClient(city).sign_in(city.person(Role.CLERK, Role.VERIFIER, department=office.department))
    hand_in(office, b"%PDF-1", form="shugaku-enjo")
    [sheet] = read(office, refused(1))

    told = uploader.post(f"/batches/{sheet.batch_id}/read-again")

    assert "1枚を、すべての様式から読み直します。" in told.text
    [again] = sheets(office)
    assert (again.state, again.batch.form_code) == (SheetState.RECEIVED, "")
    uploader.post(f"/batches/{sheet.batch_id}/read-again", status=422)


def test_a_sheet_that_was_sorted_to_the_wrong_form_finds_its_own_when_it_is_read_again(city):
    office = office_with_a_form(city)
    hand_in(office, b"%PDF-1")
    [sheet] = read(office, page(office, 1))
    with city.unit(office.actor) as work:
        sheet = service.claim_next(work)
        service.call_unreadable(work, queries.find_sheet(work.session, work.actor, sheet.id), "様式が違う")
        service.read_again(work, queries.find_sheet(work.session, work.actor, sheet.id))

    read_sheet(city.office, reader([page(office, 1, form="shugaku-enjo")]), sheet.id, StepsAtOnce())

    [again] = sheets(office)
    assert (again.form_code, again.state) == ("shugaku-enjo", SheetState.TO_VERIFY)


def test_a_form_of_another_department_is_not_looked_for(city):
    office = office_with_a_form(city)
    stranger = StaffClient(city).sign_in(city.person(Role.CLERK, department=city.department("港湾課")))

    page_of_upload = stranger.get("/sheets/upload").text
    files = [("files", ("a.pdf", b"%PDF-1.7", "application/pdf"))]
    refused_by_name = stranger.post("/sheets/upload", {"form": office.form_code}, files=files, status=422)

    assert "利用の申込" not in page_of_upload
    assert "この部署では受け取れません" in refused_by_name.text


def test_of_a_long_file_every_page_is_kept_once_and_counted(city):
    office = office_with_a_form(city)
    hand_in(office, b"%PDF-1")

    [file_id] = waiting(office)

    read_file(city.office, reader(refused(number) for number in range(1, 101)), file_id, StepsAtOnce())

    with city.look() as work:
        kept = work.session.scalars(select(SheetPage.file_page).order_by(SheetPage.sheet_id))
        assert list(kept) == list(range(1, 101))
        assert counted(work.session) == recounted(work.session)


def test_a_batch_of_many_files_is_shown_page_by_page(city):
    office = office_with_a_form(city)
    client = StaffClient(city).sign_in(office.verifier)
    hand_in(office, *(b"%%PDF-%d" % number for number in range(51)))
    [first, *_, last] = read(office, refused(1))

    address = f"/batches/{first.batch_id}"
    shown, rest = client.get(address).text, client.get(f"{address}?page=2").text

    assert (first.number in shown, last.number in shown) == (True, False)
    assert (first.number in rest, last.number in rest) == (False, True)


def test_a_batch_shows_what_became_of_every_page_and_what_to_do_better(city):
    office = office_with_a_form(city)
    client = StaffClient(city).sign_in(office.verifier)
    hand_in(office, b"%PDF-1")
    [sheet, _stray] = read(office, page(office, 1, SURE), refused(2), blank(3))

    shown = client.get(f"/batches/{sheet.batch_id}").text

    assert all(said in shown for said in ("R8-利用-0001", "R8-用紙-0001", "白紙: 3ページ目", "位置を合わせられません"))
    assert "R8-束-0001" in client.get("/batches").text
    stranger = StaffClient(city).sign_in(city.person(Role.VERIFIER))
    stranger.get(f"/batches/{sheet.batch_id}", status=404)
    assert "R8-束-0001" not in stranger.get("/batches").text
