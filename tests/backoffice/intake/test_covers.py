"""Covers in a pile: what follows each is a batch of its own; one that does not hold leaves its sheets to people."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from backoffice.audit import AuditEvent
from backoffice.identity import Role
from backoffice.intake import covers, queries
from backoffice.intake.cover_models import CoverSheet, FoundCover
from backoffice.intake.cover_rules import CoverEnd, CoverVerdict, Known, ends_of, over, verdict_on
from backoffice.intake.events import BatchBegunByCover, CoverFound
from backoffice.intake.jobs import WORKER, read_file, read_sheet
from backoffice.intake.keeping import FoundPage, keep_page
from backoffice.intake.models import PaperBatch, PaperFile
from backoffice.intake.workflow import SheetState
from forms.my_number import check_digit
from ocr.files import document_of
from ocr.sorting import find_sheets
from tests.backoffice.intake.piles import (
    MANY,
    Office,
    StepsAtOnce,
    blank,
    cover,
    hand_in,
    office_with_a_form,
    page,
    read,
    refused,
    sheets,
)
from tests.backoffice.staff_client import StaffClient

OTHER_FORM = "shugaku-enjo"
ELEVEN = "12345678901"
"""With its check digit it is what nobody may write anywhere."""


def made(office: Office, title: str = "11月分", form: str = "") -> CoverSheet:
    with office.city.unit(office.actor) as work:
        return covers.make(work, covers.Wanted(title, form, 1))


def batches(office: Office) -> list[PaperBatch]:
    with office.city.look() as work:
        return list(work.session.scalars(select(PaperBatch).order_by(PaperBatch.id)))


def lying(office: Office) -> list[tuple[str, list[int]]]:
    """Each batch with the pages of its sheets."""
    found = sheets(office)
    return [
        (batch.number, [one.file_page for sheet in found if sheet.batch_id == batch.id for one in sheet.pages])
        for batch in batches(office)
    ]


def told(office: Office, batch: PaperBatch | None = None) -> str:
    """What the page of a batch says, of the pile as it came where none is named."""
    client = StaffClient(office.city).sign_in(office.verifier)
    return client.get(f"/batches/{(batch or batches(office)[0]).id}").text


def test_what_follows_a_cover_is_a_batch_with_its_name_and_what_lies_before_the_first_stays(city_on_both):
    office = office_with_a_form(city_on_both)
    east, west = made(office, "東区"), made(office, "西区")
    hand_in(office, b"%PDF-1")

    read(
        office,
        page(office, 1),
        cover(2, east.number),
        blank(3),
        page(office, 4),
        page(office, 5),
        cover(6, west.number),
        page(office, 7),
        refused(8),
    )

    assert lying(office) == [("R8-束-0001", [1]), ("R8-束-0002", [4, 5]), ("R8-束-0003", [7, 8])]
    pile, first, _second = batches(office)
    assert (first.source, first.received_by_id, first.received_at) == (
        pile.source,
        pile.received_by_id,
        pile.received_at,
    )
    assert all(said in told(office) for said in ("東区", "西区", "ここから R8-束-0002 です。", "ここから R8-束-0003"))
    shown = told(office, first)
    assert "R8-束-0002 東区" in shown
    assert "いっしょにスキャンした束 R8-束-0001" in shown
    assert ("白紙: 3ページ目" in shown, "白紙" in told(office)) == (True, False)
    with city_on_both.look() as work:
        found = work.session.scalars(select(FoundCover.batch_id).order_by(FoundCover.id)).all()
    assert found == [batch.id for batch in batches(office)[1:]]


@dataclass
class Killed(Exception):  # noqa: N818 -- the end of a worker, not a fault of the program
    """What a worker that is killed leaves: nothing after this page was kept."""


def test_a_worker_killed_after_any_page_and_started_again_begins_no_batch_twice(city_on_both):
    office = office_with_a_form(city_on_both)
    east = made(office)
    pile = [page(office, 1), cover(2, east.number), page(office, 3), cover(4, east.number), page(office, 5)]
    hand_in(office, b"%PDF-1")
    with city_on_both.look() as work:
        [file_id] = work.session.scalars(select(PaperFile.id))

    for pages in range(1, len(pile) + 1):

        def dies(forms, _content, _name, asked=None, pages=pages) -> Iterator:
            known = [form[2].code for form in forms]
            for reading in pile[:pages]:
                number = known.index(office.form_code) if reading.status == "read" else None
                yield reading if number is None else replace(reading, form_number=number)
            raise Killed

        with pytest.raises(Killed):
            read_file(city_on_both.office, dies, file_id, StepsAtOnce())
    # What was a cover at first is one for good, also where a later reading fails on it.
    read(office, page(office, 1), refused(2, "time_limit"), page(office, 3), cover(4, east.number), page(office, 5))

    assert lying(office) == [("R8-束-0001", [1]), ("R8-束-0002", [3, 5])]
    assert "同じ表紙なので、続きも R8-束-0002 に入れました。" in told(office)
    with city_on_both.look() as work:
        kinds = (BatchBegunByCover.kind, CoverFound.kind)
        written = work.session.scalars(
            select(AuditEvent.kind).where(AuditEvent.kind.in_(kinds)).order_by(AuditEvent.id)
        ).all()
    assert written == [CoverFound.kind, BatchBegunByCover.kind, CoverFound.kind]


def test_what_was_kept_as_a_sheet_becomes_no_cover_when_it_is_read_once_more(city):
    office = office_with_a_form(city)
    east = made(office)
    hand_in(office, b"%PDF-1")
    with city.unit(WORKER) as work:
        [file_id] = work.session.scalars(select(PaperFile.id))
        file = queries.find_file(work.session, file_id, lock=True)
        keep_page(work, file, FoundPage(refused(1, "reader_died")))

    read(office, cover(1, east.number), page(office, 2))

    assert lying(office) == [("R8-束-0001", [1, 2])]


def test_under_a_cover_with_a_form_sheets_are_only_looked_at_for_that_form(city):
    office = office_with_a_form(city)
    mine = made(office, form=office.form_code)
    hand_in(office, b"%PDF-1")

    found = read(
        office,
        page(office, 1, form=OTHER_FORM),
        cover(2, mine.number),
        page(office, 3),
        page(office, 4, form=OTHER_FORM),
        refused(5, "two_forms"),
    )

    assert [(sheet.form_code, sheet.refusal) for sheet in found] == [
        (OTHER_FORM, ""),
        (office.form_code, ""),
        ("", "other_form"),
        ("", "two_forms"),
    ]
    pile, under = batches(office)
    assert (pile.form_code, under.form_code) == ("", office.form_code)
    assert "別の様式の用紙です" in told(office, under)


def test_the_form_that_a_cover_names_comes_before_the_one_that_was_picked_for_the_whole_pile(city):
    office = office_with_a_form(city)
    mixed, mine = made(office), made(office, form=office.form_code)
    hand_in(office, b"%PDF-1", form=OTHER_FORM)

    found = read(
        office,
        cover(1, mixed.number),
        page(office, 2),
        page(office, 3, form=OTHER_FORM),
        cover(4, mine.number),
        page(office, 5),
    )

    assert [(sheet.form_code, sheet.refusal) for sheet in found] == [
        ("", "other_form"),
        (OTHER_FORM, ""),
        (office.form_code, ""),
    ]
    assert [batch.form_code for batch in batches(office)] == [OTHER_FORM, OTHER_FORM, office.form_code]


@pytest.mark.parametrize(
    ("whose", "code", "said"),
    [
        ("nobody", "cover_unknown", "この番号の表紙は登録されていません。"),
        ("others", "cover_of_others", "港湾課の表紙です。"),
        ("gone", "cover_form_gone", "表紙の様式が今は使われていません。"),
    ],
)
def test_sheets_under_a_cover_that_does_not_hold_wait_unread_for_a_person(city, whose, code, said):
    office = office_with_a_form(city)
    number = {"nobody": lambda: "R8-表紙-9999", "others": _of_others, "gone": _of_a_form_that_is_gone}[whose]
    number = number() if whose == "nobody" else number(office)
    hand_in(office, b"%PDF-1")

    before, *after = read(
        office,
        page(office, 1),
        cover(2, number),
        page(office, 3, {"a1": "山田"}),
        blank(4),
        refused(5),
        cover(6, made(office, "西区").number),
        page(office, 7),
    )

    assert (before.state, after[-1].state) != (SheetState.REFUSED, SheetState.REFUSED)
    assert [(sheet.state, sheet.refusal, len(sheet.fields)) for sheet in after[:2]] == [
        (SheetState.REFUSED, code, 0)
    ] * 2
    assert lying(office) == [("R8-束-0001", [1, 3, 5]), ("R8-束-0002", [7])]
    shown = told(office)
    assert said in shown
    assert "読み直してください。" in shown
    assert "港の書類" not in shown
    clerk = StaffClient(city).sign_in(city.person(Role.CLERK, department=office.department))
    assert "2枚を、すべての様式から読み直します。" in clerk.post(f"/batches/{batches(office)[0].id}/read-again").text


def _of_others(office: Office) -> str:
    stranger = office.city.person(Role.CLERK, department=office.city.department("港湾課"))
    with office.city.unit(office.city.actor(stranger)) as work:
        return covers.make(work, covers.Wanted("港の書類", "", 1)).number


def _of_a_form_that_is_gone(office: Office) -> str:
    with office.city.unit(office.actor) as work:
        return covers.make(work, covers.Wanted("前の様式", "form-999", 1)).number


def test_covers_with_nothing_after_them_begin_no_batch_and_say_so(city):
    office = office_with_a_form(city)
    east, west = made(office, "東区"), made(office, "西区")
    hand_in(office, b"%PDF-1", b"%PDF-2")
    assert "読取待ち" in StaffClient(city).sign_in(office.verifier).get("/batches").text
    with city.look() as work:
        first, alone = work.session.scalars(select(PaperFile.id).order_by(PaperFile.id))

    # Twice at once, as its back shines through; two after each other; one at the end.
    pile = [cover(1, east.number), cover(2, east.number), page(office, 3), cover(4, east.number), cover(5, west.number)]
    for file_id, inside in ((first, pile), (alone, [cover(1, west.number), blank(2)])):
        read_file(city.office, _saying(inside), file_id, StepsAtOnce())

    assert lying(office) == [("R8-束-0001", []), ("R8-束-0002", [3])]
    listed = StaffClient(city).sign_in(office.verifier).get("/batches").text
    assert ("表紙ごとの束に分けました" in listed, "読取待ち" in listed) == (True, False)
    shown = told(office)
    assert shown.count("同じ表紙が続いているため、1枚として扱いました。") == 1
    assert shown.count("後ろに用紙がないため、束は作りませんでした。") == 3


def _saying(pile):
    def read_paper(forms, _content, _name, _page=None):
        known = [form[2].code for form in forms]
        for reading in pile:
            yield replace(reading, form_number=known.index(reading.form)) if reading.status == "read" else reading

    return read_paper


def test_pages_of_one_sheet_join_across_a_cover_only_by_their_serial(city):
    office = office_with_a_form(city, MANY)
    east = made(office)
    hand_in(office, b"%PDF-1")

    found = read(
        office,
        page(office, 1, {"a1": "一"}, form_page=1, serial="A"),
        page(office, 2, {"a1": "一"}, form_page=1),
        cover(3, east.number),
        page(office, 4, {"a3": "二"}, form_page=2),
        page(office, 5, {"a3": "二"}, form_page=2, serial="A"),
    )

    assert [[one.file_page for one in sheet.pages] for sheet in found] == [[1, 5], [2], [4]]


def test_a_sheet_that_turns_out_to_be_a_cover_is_said_to_be_one(city):
    office = office_with_a_form(city)
    clerk = StaffClient(city).sign_in(city.person(Role.CLERK, Role.VERIFIER, department=office.department))
    hand_in(office, b"%PDF-1")
    [sheet] = read(office, refused(1))
    clerk.post(f"/sheets/{sheet.id}/read-again")

    read_sheet(city.office, _saying([cover(1, "R8-表紙-0001")]), sheet.id, StepsAtOnce())

    assert "これは束の表紙です。用紙ではないため、除外してください。" in clerk.get(f"/sheets/{sheet.id}").text


def test_a_clerk_makes_a_cover_prints_it_and_the_reader_knows_it(city):
    office = office_with_a_form(city)
    clerk = StaffClient(city).sign_in(city.person(Role.CLERK, department=office.department))
    assert "表紙はまだありません。" in clerk.get("/covers").text

    clerk.post("/covers", {"title": " ", "form": "", "copies": "1"}, status=422)
    clerk.post("/covers", {"title": ELEVEN + str(check_digit(ELEVEN)), "form": "", "copies": "1"}, status=422)
    clerk.post("/covers", {"title": "東区", "form": "form-999", "copies": "1"}, status=422)
    wrong = clerk.post("/covers", {"title": "", "form": "", "copies": "51"}, status=422).text
    assert all(said in wrong for said in ("文を入れてください。", "部数は1から50までの数で入れてください。"))
    shown = clerk.post("/covers", {"title": "11月分  東区", "form": office.form_code, "copies": "3"}).text

    assert all(said in shown for said in ("R8-表紙-0001", "11月分 東区", "利用の申込", "まだスキャンされていません"))
    with city.look() as work:
        [found] = work.session.scalars(select(CoverSheet))
    printed = clerk.get(f"/covers/{found.id}/paper.pdf?copies=3").response
    assert printed.headers["content-type"] == "application/pdf"
    pictures = _pages_of(printed.content)
    assert [[one.number for one in find_sheets(picture, [])] for picture in pictures] == [["R8-表紙-0001"]] * 3
    assert "11月分 東区" in clerk.get("/covers").text


def _pages_of(pdf: bytes):
    document = document_of(pdf)
    try:
        return [document.page(number) for number in range(1, document.pages + 1)]
    finally:
        document.close()


def test_covers_are_seen_in_their_department_and_made_by_those_who_hand_in_paper(city):
    office = office_with_a_form(city)
    own = made(office)
    stranger = StaffClient(city).sign_in(city.person(Role.CLERK, department=city.department("港湾課")))
    head = StaffClient(city).sign_in(city.person(Role.HEAD, department=office.department))

    for path in (f"/covers/{own.id}", f"/covers/{own.id}/paper.pdf"):
        stranger.get(path, status=404)
        head.get(path)
    assert own.number not in stranger.get("/covers").text
    assert "表紙を作る" not in head.get("/covers").text
    head.get("/covers/new", status=403)
    head.post("/covers", {"title": "東区", "copies": "1"}, status=403)


@dataclass(frozen=True)
class Lying:
    """A cover as it lies in a file."""

    file_page: int
    number: str = "A"
    batch_id: int | None = None
    verdict: str = CoverVerdict.HOLDS
    place: int = 1


@given(st.sets(st.integers(1, 40)), st.integers(1, 40))
def test_a_page_lies_under_the_last_cover_before_it(places, asked):
    found = over([Lying(place) for place in sorted(places, reverse=True)], asked)

    before = [place for place in places if place < asked]
    assert (found.file_page if found else None) == (max(before) if before else None)


@given(st.booleans(), st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(CoverVerdict), st.booleans())))
def test_every_cover_of_a_file_has_one_end_and_begins_a_batch_at_most_once(read_whole, drawn):
    laid = [
        Lying(place, number, ord(number) if under and verdict == CoverVerdict.HOLDS else None, verdict)
        for place, (number, verdict, under) in enumerate(drawn, 1)
    ]

    ends = ends_of(laid, read=read_whole)

    assert len(ends) == len(laid)
    begun = [cover.number for cover, end in zip(laid, ends, strict=True) if end == CoverEnd.BEGAN]
    assert sorted(begun) == sorted({cover.number for cover in laid if cover.batch_id is not None})
    assert all(
        (end == CoverEnd.REFUSED) == (cover.verdict != CoverVerdict.HOLDS)
        for cover, end in zip(laid, ends, strict=True)
    )
    assert CoverEnd.READING not in (ends if read_whole else ends[:-1])


def test_a_cover_holds_in_its_own_department_while_its_form_is_in_use():
    assert verdict_on(None, 1, {"f"}) == CoverVerdict.UNKNOWN
    assert verdict_on(Known(2, "f"), 1, {"f"}) == CoverVerdict.OF_OTHERS
    assert verdict_on(Known(1, "g"), 1, {"f"}) == CoverVerdict.FORM_GONE
    assert verdict_on(Known(1, "f"), 1, {"f"}) == CoverVerdict.HOLDS
    assert verdict_on(Known(1, ""), 1, ()) == CoverVerdict.HOLDS
