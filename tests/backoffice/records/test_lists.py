"""A form's list: who sees it, what is found in it, what many changes at once do, and how they are taken back."""

import io

import pytest
from python_calamine import CalamineWorkbook

from backoffice.errors import Invalid, NotThere, Overtaken
from backoffice.form_designs.models import FormDesign, FormVersion
from backoffice.form_designs.workflow import DesignState
from backoffice.identity import Role
from backoffice.records import queries, service
from backoffice.records.conditions import wish_of
from backoffice.records.queries import Listing
from backoffice.records.workflow import RecordState, Source
from forms.definition import FormDefinition
from forms.my_number import check_digit
from forms.validation import validate
from tests.backoffice.recount import kept as kept_tallies
from tests.backoffice.recount import recounted

HALL = {
    "schema": 2,
    "code": "form-1",
    "title": "利用人数",
    "title_en": "Heads",
    "version": 1,
    "fields": [
        {"key": "hall", "label": "公民館", "label_en": "Hall", "type": "text", "required": True, "max_length": 40},
        {"key": "day", "label": "利用日", "label_en": "Day", "type": "date"},
        {"key": "heads", "label": "人数", "label_en": "Heads", "type": "integer", "minimum": 0, "maximum": 500},
        {"key": "fee", "label": "会費", "label_en": "Fee", "type": "yen"},
        {"key": "free", "label": "無料", "label_en": "Free", "type": "checkbox"},
        {
            "key": "kind",
            "label": "種別",
            "label_en": "Kind",
            "type": "choice",
            "options": [
                {"code": "meeting", "label": "会議", "label_en": "Meeting"},
                {"code": "sport", "label": "体操", "label_en": "Sport"},
            ],
        },
    ],
    "rules": [
        {
            "code": "free_costs_nothing",
            "holds": "not free or fee == 0 or fee is None",
            "keys": ["fee"],
            "severity": "refuse",
            "message_ja": "無料なのに会費があります。",
            "message_en": "Free, yet there is a fee.",
        }
    ],
}


@pytest.fixture
def hall(city):
    """A form in use, its clerk, and the clerk's department."""
    department = city.department("公民館支援課")
    clerk = city.person(Role.CLERK, department=department)
    with city.unit(city.actor(clerk)) as work:
        design = FormDesign(
            code="form-1",
            department_id=department.id,
            title="利用人数",
            series="公民館",
            state=DesignState.IN_USE,
            created_at=work.now,
        )
        work.session.add(design)
        work.session.flush()
        work.session.add(FormVersion(design_id=design.id, number=1, definition=HALL, published_at=work.now))
    return design, clerk


DEFINITION = FormDefinition.model_validate(HALL)


def entered(city, hall, *rows):
    design, clerk = hall
    with city.unit(city.actor(clerk)) as work:
        return [service.enter(work, design, DEFINITION, row, Source.SCREEN).id for row in rows]


def found(city, hall, *asked):
    design, clerk = hall
    with city.look(city.actor(clerk)) as work:
        wish = wish_of(DEFINITION, asked)
        listing = Listing(work.actor, design.id, DEFINITION, wish)
        records = queries.list_wished(work.session, listing)
        known = queries.counts(work.session, work.actor)
        assert len(records) == queries.count_and_sums(work.session, listing)[0]
        assert wish.conditions or len(records) == queries.count(listing, known)
        return [record.values.get("hall") for record in records]


def records_of(work, hall):
    return list(work.session.scalars(queries.visible_records(work.actor, hall[0].id).order_by("id")))


THREE = (
    {"hall": "天神", "day": "2026-10-31", "heads": 20, "fee": 3_000_000_000, "kind": "meeting", "free": False},
    {"hall": "大名", "day": "2026-11-02", "heads": 5, "free": True},
    {"hall": "今泉 天神寄り", "day": "2026-11-20", "heads": 100, "kind": "sport", "free": False},
)


@pytest.mark.parametrize(
    ("where", "halls"),
    [
        (["hall:has:天神"], ["今泉 天神寄り", "天神"]),
        (["hall:is:天神"], ["天神"]),
        (["heads:from:20"], ["今泉 天神寄り", "天神"]),
        (["heads:to:5"], ["大名"]),
        (["fee:from:2,999,999,999"], ["天神"]),
        (["day:from:令和8年11月1日"], ["今泉 天神寄り", "大名"]),
        (["day:is:2026-11-02"], ["大名"]),
        (["kind:empty:"], ["大名"]),
        (["kind:there:"], ["今泉 天神寄り", "天神"]),
        (["free:is:on"], ["大名"]),
        (["heads:from:6", "heads:to:99"], ["天神"]),
        (["entered:is:2026-11-24"], ["今泉 天神寄り", "大名", "天神"]),
        (["entered:from:2026-11-25"], []),
        (["hall:has:%"], []),
    ],
)
def test_conditions_find_what_they_say(city, hall, where, halls):
    entered(city, hall, *THREE)

    assert found(city, hall, *(("where", one) for one in where)) == halls


@pytest.mark.parametrize(
    ("sort", "halls"),
    [
        ("", ["今泉 天神寄り", "大名", "天神"]),
        ("heads", ["大名", "天神", "今泉 天神寄り"]),
        ("-heads", ["今泉 天神寄り", "天神", "大名"]),
        ("kind", ["天神", "今泉 天神寄り", "大名"]),
        ("-kind", ["今泉 天神寄り", "天神", "大名"]),
    ],
)
def test_a_list_is_sorted_by_numbers_as_numbers_and_what_is_empty_stands_last(city, hall, sort, halls):
    entered(city, hall, *THREE)

    assert found(city, hall, ("sort", sort)) == halls


@pytest.mark.parametrize(
    "written",
    [
        "nothing:is:1",
        "heads:is:たくさん",
        "day:from:いつか",
        "heads:sideways:1",
        "heads",
        f"heads:is:{'9' * 23}",
        f"hall:has:{'%' * 60_000}",
        "entered:to:9999-12-31",
        "entered:from:0001-01-01",
        "hall:has:\0",
    ],
)
def test_a_condition_that_means_nothing_is_told_and_not_guessed(written):
    wish = wish_of(DEFINITION, [("where", written)])

    assert wish.conditions == ()
    assert len(wish.troubles) == 1


def test_a_number_that_no_sum_could_hold_is_refused():
    assert [each.code for each in validate(DEFINITION, {"hall": "天神", "fee": 10**12})] == ["out_of_range"]


def test_sums_and_groups_are_of_the_whole_list(city, hall):
    entered(city, hall, *THREE)
    design, clerk = hall

    with city.look(city.actor(clerk)) as work:
        every = Listing(work.actor, design.id, DEFINITION)
        _count, sums = queries.count_and_sums(work.session, every)
        by_month = queries.grouped(work.session, every, "day", "heads")
        by_kind = queries.grouped(work.session, every, "kind")

    assert [(one.key, one.total, one.of) for one in sums] == [("heads", 125, 3), ("fee", 3_000_000_000, 1)]
    assert by_month == [("2026-11", 105), ("2026-10", 20)]
    assert dict(by_kind) == {None: 1, "meeting": 1, "sport": 1}


def test_another_department_sees_nothing_of_a_list_even_of_a_shared_form(city, hall):
    (record_id, *_) = entered(city, hall, *THREE)
    design, _clerk = hall
    stranger = city.person(Role.CLERK)
    with city.unit() as work:
        work.session.get_one(FormDesign, design.id).shared = True

    with city.look(city.actor(stranger)) as work:
        assert queries.list_wished(work.session, Listing(work.actor, design.id, DEFINITION)) == []
        with pytest.raises(NotThere):
            queries.find_record(work.session, work.actor, record_id)


def test_a_department_keeps_its_list_of_a_form_that_is_shared_no_more(city, hall):
    design, _clerk = hall
    other, latecomer = city.person(Role.CLERK), city.person(Role.CLERK)
    with city.unit() as work:
        work.session.get_one(FormDesign, design.id).shared = True
    with city.unit(city.actor(other)) as work:
        service.enter(work, design, DEFINITION, THREE[0], Source.SCREEN)
    with city.unit() as work:
        work.session.get_one(FormDesign, design.id).shared = False

    with city.look(city.actor(other)) as work:
        assert [each.id for each in queries.forms_with_lists(work.session, work.actor)] == [design.id]
        assert queries.find_form(work.session, work.actor, design.id)[0].id == design.id
    with city.look(city.actor(latecomer)) as work, pytest.raises(NotThere):
        queries.find_form(work.session, work.actor, design.id)


def test_many_are_changed_at_once_and_all_come_back(city, hall):
    entered(city, hall, *THREE)
    design, clerk = hall

    with city.unit(city.actor(clerk)) as work:
        kept = service.change_many(work, design, DEFINITION, records_of(work, hall), "kind", "sport")
    changed = found(city, hall, ("where", "kind:is:sport"))
    with city.unit(city.actor(clerk)) as work:
        undone = service.undo(work, queries.find_change_set(work.session, work.actor, kept.change_set_id))

    assert (kept.changed, len(changed), undone.changed) == (2, 3, 2)
    assert found(city, hall, ("where", "kind:is:sport")) == ["今泉 天神寄り"]


def test_a_record_that_would_break_a_rule_is_left_and_named(city, hall):
    entered(city, hall, *THREE)
    design, clerk = hall

    with city.unit(city.actor(clerk)) as work:
        kept = service.change_many(work, design, DEFINITION, records_of(work, hall), "fee", 500)

    assert kept.changed == 2
    assert [number for number, _why in kept.left] == ["R8-公民館-0002"]
    assert "無料" in kept.left[0][1]


def test_undoing_leaves_what_somebody_changed_since(city, hall):
    first, *_ = entered(city, hall, *THREE)
    design, clerk = hall
    with city.unit(city.actor(clerk)) as work:
        kept = service.change_many(work, design, DEFINITION, records_of(work, hall), "heads", 7)
    with city.unit(city.actor(clerk)) as work:
        record = queries.find_record(work.session, work.actor, first)
        service.change(work, record, record.version, DEFINITION, {**record.values, "heads": 9})

    with city.unit(city.actor(clerk)) as work:
        undone = service.undo(work, queries.find_change_set(work.session, work.actor, kept.change_set_id))

    assert (undone.changed, [number for number, _ in undone.left]) == (2, ["R8-公民館-0001"])
    assert found(city, hall, ("where", "heads:is:9")) == ["天神"]
    with city.unit(city.actor(clerk)) as work, pytest.raises(Overtaken):
        service.undo(work, queries.find_change_set(work.session, work.actor, kept.change_set_id))


def test_whoever_saves_second_is_told(city, hall):
    (record_id,) = entered(city, hall, THREE[0])

    with city.unit(city.actor(hall[1])) as work, pytest.raises(Overtaken):
        record = queries.find_record(work.session, work.actor, record_id)
        service.change(work, record, record.version - 1, DEFINITION, record.values)


def test_nothing_is_entered_into_a_form_that_is_closed(city, hall):
    with city.unit() as work:
        work.session.get_one(FormDesign, hall[0].id).state = DesignState.CLOSED

    with city.unit(city.actor(hall[1])) as work, pytest.raises(Invalid):
        design, definition = queries.find_form(work.session, work.actor, hall[0].id)
        service.enter(work, design, definition, THREE[0], Source.SCREEN)


def test_a_removed_record_is_out_of_the_list_and_can_be_put_back(city, hall):
    (record_id,) = entered(city, hall, THREE[0])

    with city.unit(city.actor(hall[1])) as work:
        record = queries.find_record(work.session, work.actor, record_id)
        service.move(work, record, record.version, RecordState.REMOVED)
    assert found(city, hall) == []
    assert found(city, hall, ("state", "removed")) == ["天神"]

    with city.unit(city.actor(hall[1])) as work:
        record = queries.find_record(work.session, work.actor, record_id)
        service.move(work, record, record.version, RecordState.ENTERED)
    assert found(city, hall) == ["天神"]


def test_a_clerk_enters_finds_changes_and_writes_out_on_pages(city, client, hall):
    design, clerk = hall
    client.sign_in(clerk)
    typed = {"f_hall": "天神", "f_day": "令和8年11月3日", "f_heads": "24人", "f_fee": "1,500", "do": "next"}

    again = client.post(f"/records/{design.id}/new", data=typed | {"f_hall": ""}, status=422)
    assert 'value="24人"' in again.text
    client.post(f"/records/{design.id}/new", data=typed)
    client.post(f"/records/{design.id}/new", data=typed | {"f_hall": "大名"})

    listed = client.get(f"/records/{design.id}?key=hall&test=has&what=天神")
    assert "R8-公民館-0001" in listed.text
    assert "R8-公民館-0002" not in listed.text
    asked = client.post(f"/records/{design.id}/many", data={"record": ["1", "2"], "key": "kind", "do": "ask"})
    assert "会議" in asked.text
    client.post(f"/records/{design.id}/many/apply", data={"record": ["1", "2"], "key": "kind", "f_kind": "sport"})
    assert "体操" in client.get(f"/records/{design.id}?columns=kind").text

    book = client.post(f"/records/{design.id}/export", data={"as": "excel"}).response.content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows[0][4:7] == ["公民館", "利用日", "人数"]
    assert {row[4] for row in rows[1:]} == {"天神", "大名"}
    assert rows[1][6] == 24.0


def test_what_is_half_typed_is_there_again(city, client, hall):
    design, clerk = hall
    client.sign_in(clerk)

    said = client.post(f"/records/{design.id}/draft", data={"f_hall": "天神", "f_heads": "二十"})
    assert "保存しました" in said.text
    page = client.get(f"/records/{design.id}/new")
    assert 'value="二十"' in page.text
    client.post(f"/records/{design.id}/draft/discard", data={})
    assert 'value="二十"' not in client.get(f"/records/{design.id}/new").text


def test_a_my_number_is_not_taken(city, client, hall):
    invented = "12345678901"
    client.sign_in(hall[1])
    typed = {"f_hall": f"{invented}{check_digit(invented)}"}

    said = client.post(f"/records/{hall[0].id}/new", data=typed, status=422)

    assert "個人番号" in said.text


def test_a_view_is_kept_under_a_name_and_removed(city, client, hall):
    design, clerk = hall
    client.sign_in(clerk)
    address = f"/records/{design.id}?where=heads%3Afrom%3A10&sort=-heads"

    client.post(f"/records/{design.id}/views", data={"address": address, "name": "大きな催し"})

    page = client.get(f"/records/{design.id}").text
    assert "大きな催し" in page
    assert "where=heads%3Afrom%3A10&amp;sort=-heads" in page
    client.post(f"/records/{design.id}/views/1/remove", data={})
    assert "大きな催し" not in client.get(f"/records/{design.id}").text


def test_tallies_are_what_is_counted(city, hall):
    entered(city, hall, *THREE)

    with city.look() as work:
        assert recounted(work.session) == kept_tallies(work.session)


def test_a_file_whose_columns_mean_nothing_is_refused_on_its_own_page(client, hall):
    design, clerk = hall
    client.sign_in(clerk)
    page = client.post(f"/records/{design.id}/imports", files={"file": ("a.csv", "謎\n1\n".encode())})

    refused = client.post(f"{page.path}/take", status=422)

    assert "どの列も欄に対応していません" in refused.text
