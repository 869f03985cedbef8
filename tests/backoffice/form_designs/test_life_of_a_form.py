"""A department's form from its first draft to its end: who sees it, who changes it, what stays of each version."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from backoffice.audit.models import AuditEvent
from backoffice.form_designs import queries, service
from backoffice.form_designs.models import FormDesign, FormDraftStep
from backoffice.form_designs.shelf import definition_of
from backoffice.identity import Role
from forms.building import acts
from forms.definition import parse_definition
from forms.my_number import check_digit
from tests.backoffice.form_designs.furniture import add_form
from tests.backoffice.staff_client import StaffClient

MY_NUMBER = f"12345678901{check_digit('12345678901')}"
"""Invented, and written nowhere."""


@pytest.fixture
def department(city):
    return city.department("市民センター")


@pytest.fixture
def clerk(city, department) -> StaffClient:
    return StaffClient(city).sign_in(city.person(Role.CLERK, department=department))


@pytest.fixture
def in_use(city, department) -> str:
    with city.unit(city.actor(city.person(Role.CLERK, department=department))) as work:
        return f"/forms/{add_form(work, department).id}"


def begun(clerk: StaffClient, department, title: str = "利用人数報告") -> str:
    answer = clerk.post("/forms/new", {"title": title, "series": "公民館", "department": str(department.id)})
    return answer.path.removesuffix("/build")


def version(clerk: StaffClient, form: str) -> str:
    return clerk.get(f"{form}/build").field("version")


def act(clerk: StaffClient, form: str, what: str, status: int = 200, /, **data: str):
    return clerk.post(f"{form}/{what}", {"version": version(clerk, form), **data}, status=status)


def kinds(city) -> list[str]:
    with city.look() as work:
        found = select(AuditEvent.kind).where(AuditEvent.kind.startswith("form_")).order_by(AuditEvent.id)
        return list(work.session.scalars(found))


def test_an_empty_list_says_what_to_do(clerk):
    page = clerk.get("/forms").text

    assert "様式はまだありません" in page
    assert "/forms/new" in page


def test_a_form_is_begun_built_and_put_into_use(city, clerk, department):
    form = begun(clerk, department)
    act(clerk, form, "build/add", type="date", new_label="利用日")
    act(clerk, form, "publish", note="はじめて")

    assert "第1版" in clerk.get(form).text
    assert "利用人数報告" in clerk.get("/forms?q=人数&state=in_use").text
    with city.look() as work:
        design = work.session.scalars(select(FormDesign)).one()
        definition = definition_of(work.session, design.code, 1)
        assert (design.code, [field.label for field in definition.fields]) == (f"form-{design.id}", ["利用日"])
    assert kinds(city) == ["form_begun", "form_published"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "様式の名前"),
        ({"title": "あ" * 121}, "120文字"),
        ({"series": "とても長い略称です"}, "8文字"),
        ({"department": "999999"}, "部署を選んで"),
        ({"title": f"番号 {MY_NUMBER}"}, "個人番号"),
    ],
)
def test_a_form_without_a_fit_name_is_not_begun(clerk, department, typed, said):
    data = {"title": "届", "series": "届", "department": str(department.id)} | typed

    assert said in clerk.post("/forms/new", data, status=422).text


def test_a_form_with_anything_to_mend_is_not_put_into_use(clerk, department):
    form = begun(clerk, department)
    act(clerk, form, "publish", 422)
    act(clerk, form, "build/add", type="digits", new_label="マイナンバー")

    refused = act(clerk, form, "publish", 422).text

    assert "個人番号を集められません" in refused
    assert "第1版を使い始める</button>" not in refused


def test_what_changed_between_versions_is_told_in_words(clerk, in_use):
    act(clerk, in_use, "build/remove", name="a3")
    act(clerk, in_use, "build/add", type="lines", new_label="備考")
    before = clerk.get(f"{in_use}/publish").text
    act(clerk, in_use, "publish", note="行事名をやめる")

    page = clerk.get(in_use).text
    assert "欄「行事名」: なくなる" in before
    assert "欄「備考」: 加わる" in page
    assert "第1版" in clerk.get(f"{in_use}/versions/1").title


def test_a_key_asked_as_another_type_is_confirmed_before_it_is_used(clerk, in_use):
    page = clerk.get(f"{in_use}/build?open=a3")
    act(clerk, in_use, "build/field/a3", label="行事名", type="integer", shown_mode="always", key="a3")

    assert page.field("label") == "行事名"
    assert "種類が変わった欄があります" in act(clerk, in_use, "publish", 422).text
    act(clerk, in_use, "publish", confirmed="yes")


def test_a_draft_that_is_discarded_leaves_the_version_in_use(city, clerk, in_use):
    act(clerk, in_use, "build/remove", name="a1")
    assert "上の変更が失われます" in clerk.get(in_use).text

    act(clerk, in_use, "discard")

    assert "下書きを破棄" not in clerk.get(in_use).text.replace("下書きを破棄しました", "")
    assert "利用日" in clerk.get(f"{in_use}/versions/1").text
    with city.look() as work:
        assert work.session.scalars(select(FormDraftStep)).all() == []


def test_a_form_never_used_goes_with_its_draft_and_copies_stay(clerk, department):
    form = begun(clerk, department)
    copied = clerk.post(
        f"{form}/copy", {"title": "写し", "series": "写", "department": str(department.id)}
    ).path.removesuffix("/build")

    act(clerk, form, "discard")

    clerk.get(form, status=404)
    assert clerk.get(copied).title == "写し"


def test_another_department_sees_a_form_once_it_is_shared(city, clerk, in_use):
    other_place = city.department()
    other = StaffClient(city).sign_in(city.person(Role.CLERK, department=other_place))
    other.get(in_use, status=404)
    other.get(f"{in_use}/build", status=404)
    act(clerk, in_use, "share")
    act(clerk, in_use, "build/add", type="text", new_label="まだ見せない欄")

    assert "利用人数報告" in other.get("/forms?whose=shared").text
    assert "まだ見せない欄" not in other.get(in_use).text
    other.get(f"{in_use}/build", status=404)
    other.post(f"{in_use}/close", {"version": "1"}, status=404)
    copied = other.post(f"{in_use}/copy", {"title": "写し", "series": "写", "department": str(other_place.id)})
    assert "利用日" in copied.text
    assert "まだ見せない欄" not in copied.text

    clerk.post(f"{in_use}/stop-sharing", {"version": version(clerk, in_use)})
    other.get(in_use, status=404)


def test_a_closed_form_is_not_changed_until_it_is_open_again(city, clerk, in_use):
    seen = version(clerk, in_use)
    clerk.post(f"{in_use}/close", {"version": seen})

    assert "再び始めてから" in clerk.get(f"{in_use}/build").text
    clerk.post(f"{in_use}/build/remove", {"version": str(int(seen) + 1), "name": "a1"}, status=409)
    clerk.post(f"{in_use}/reopen", {"version": str(int(seen) + 1)})
    act(clerk, in_use, "build/remove", name="a1")
    assert kinds(city)[-3:] == ["form_closed", "form_reopened", "form_edited"]


def test_an_auditor_looks_and_changes_nothing(city, department, in_use):
    auditor = StaffClient(city).sign_in(city.person(Role.AUDITOR, department=department))

    assert "次の版を作る" not in auditor.get(in_use).text
    auditor.get(f"{in_use}/versions/1")
    auditor.get(f"{in_use}/build", status=403)


def test_the_definition_leaves_the_house_whole(city, clerk, in_use):
    exported = clerk.http.get(f"{in_use}/versions/1/export.json")
    listed = clerk.http.get(f"{in_use}/versions/1/export.csv").content.decode("utf-8-sig").splitlines()

    with city.look() as work:
        design = work.session.scalars(select(FormDesign)).one()
        assert parse_definition(exported.text) == queries.definition(queries.find_version(work.session, design.id, 1))
    assert json.loads(exported.text)["schema"] == 2
    assert listed[1].startswith("利用日,日付,○")


def test_drafts_steps_and_versions_are_kept_alike_on_both_databases(city_on_both):
    place = city_on_both.department("市民センター")
    actor = city_on_both.actor(city_on_both.person(Role.CLERK, department=place))
    with city_on_both.unit(actor) as work:
        design_id = add_form(work, place).id
    for act_on_draft in (lambda draft: acts.remove(draft, "a1"), lambda draft: acts.move(draft, "a2", 3)):
        with city_on_both.unit(actor) as work:
            design = queries.find_own(work.session, work.actor, design_id)
            service.keep(work, design, design.version, act_on_draft(queries.draft_of(work.session, design)))
    with city_on_both.unit(actor) as work:
        design = queries.find_own(work.session, work.actor, design_id)
        service.undo(work, design, design.version)
    with city_on_both.unit(actor) as work:
        design = queries.find_own(work.session, work.actor, design_id)
        service.publish(work, design, design.version, "", [], confirmed=False)

    with city_on_both.look(actor) as work:
        one, two = (queries.definition(each) for each in reversed(queries.versions_of(work.session, design_id)))
        assert [field.key for field in two.fields] == [field.key for field in one.fields][1:]
        assert queries.steps_kept(work.session, design_id) == (0, 0)
        assert queries.drafted(work.session, [design_id]) == frozenset()
