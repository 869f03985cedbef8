"""A clerk builds a form, change by change: each is kept at once, undone as easily, and nobody's is lost."""

from __future__ import annotations

import pytest

from backoffice.form_designs.service import STEPS_KEPT
from backoffice.identity import Role
from tests.backoffice.form_designs.furniture import add_form
from tests.backoffice.form_designs.test_life_of_a_form import MY_NUMBER, act, begun, version
from tests.backoffice.furniture import statements
from tests.backoffice.staff_client import StaffClient

MOST_STATEMENTS = 12
DATE = {"label": "利用日", "type": "date", "key": "a1"}


@pytest.fixture
def department(city):
    return city.department("市民センター")


@pytest.fixture
def clerk(city, department) -> StaffClient:
    return StaffClient(city).sign_in(city.person(Role.CLERK, department=department))


@pytest.fixture
def form(clerk, department) -> str:
    form = begun(clerk, department)
    for kind, label in (("checkbox", "行事あり"), ("text", "行事名"), ("integer", "大人"), ("integer", "子ども")):
        act(clerk, form, "build/add", type=kind, new_label=label)
    act(clerk, form, "build/add", type="integer", new_label="合計")
    return form


def setting(clerk, form, key, status=200, /, **more):
    label = {"a1": "行事あり", "a2": "行事名", "a3": "大人", "a4": "子ども", "a5": "合計"}.get(key, "欄")
    kind = {"a1": "checkbox", "a2": "text"}.get(key, "integer")
    return act(clerk, form, f"build/field/{key}", status, **({"label": label, "type": kind, "key": key} | more))


def labels(clerk, form) -> list[str]:
    page = clerk.get(f"{form}/build")
    text = page.text
    found = [part.split('"', 1)[0] for part in text.split('data-name="')[1:]]
    return [text.split(f'id="open-{name}"', 1)[1].split(">", 1)[1].split("<", 1)[0] for name in found]


def test_questions_are_added_moved_copied_and_removed(clerk, form):
    act(clerk, form, "build/move", up="a2")
    act(clerk, form, "build/move", name="a5", to="0")
    act(clerk, form, "build/copy", name="a3")
    act(clerk, form, "build/remove", name="a1")

    assert labels(clerk, form) == ["合計", "行事名", "大人", "大人(写し)", "子ども"]


def test_a_question_comes_behind_the_one_that_is_open(clerk, form):
    act(clerk, form, "build/add", group="name", after="a1")

    assert labels(clerk, form)[:3] == ["行事あり", "氏名", "フリガナ"]


def test_a_condition_is_picked_in_words_and_followed_by_the_preview(clerk, form):
    setting(clerk, form, "a2", shown_mode="if", shown_key_0="a1", required_mode="yes")

    page = clerk.get(f"{form}/build?open=a2")
    assert "「行事あり」にチェックがあるときだけ表示" in page.text
    hidden = clerk.post(f"{form}/build/preview", {"version": "1"}).text
    asked = clerk.post(f"{form}/build/preview", {"p-a1": "on", "check": "yes"}).text
    assert 'id="p-a2"' not in hidden
    assert "行事名を書いてください" in asked


def test_a_sum_is_picked_and_shown_as_it_is_reckoned(clerk, form):
    setting(clerk, form, "a5", computed_mode="add", computed_key_0="a3", computed_key_1="a4")

    shown = clerk.post(f"{form}/build/preview", {"p-a3": "12", "p-a4": "30"}).text

    assert "計算: 「大人」 + 「子ども」" in clerk.get(f"{form}/build").text
    assert ">42</output>" in shown


def test_a_condition_that_is_picked_by_halves_is_asked_on(clerk, form):
    first = setting(clerk, form, "a4", 422, shown_mode="if")
    second = setting(clerk, form, "a4", 422, shown_mode="if", shown_key_0="a3")
    setting(clerk, form, "a4", shown_mode="if", shown_key_0="a3", shown_sign_0="at_least", shown_value_0="10")

    assert "条件にする欄を選んでください" in first.text
    assert 'name="shown_value_0"' in second.text
    assert "「大人」が10以上" in clerk.get(f"{form}/build").text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"shown_mode": "source", "shown_source": "a9 is None"}, "「a9」という欄はありません"),
        ({"shown_mode": "source", "shown_source": "a3 >"}, "式として読めません"),
        ({"shown_mode": "source", "shown_source": "a3 == 'x'"}, "種類の違う答え"),
        ({"shown_mode": "source", "shown_source": "a5 > 3"}, "「合計」はこの欄より前に"),
        ({"shown_mode": "source", "shown_source": "(" * 300 + "a3" + ")" * 300}, "式"),
        ({"shown_mode": "source", "shown_source": "+".join(["a3"] * 200) + " > 1"}, "式が大きすぎます"),
        ({"shown_mode": "source", "shown_source": "9**9**9 > 1"}, "使えない書き方"),
        ({"label": " "}, "名前を入れてください"),
        ({"key": "a1"}, "ほかの欄か前の版"),
        ({"key": "1a"}, "英小文字"),
        ({"max_length": "", "minimum": "x"}, "数を入れて"),
        ({"label": f"番号 {MY_NUMBER}"}, "個人番号"),
    ],
)
def test_what_cannot_be_kept_says_why_in_japanese_and_keeps_what_was_typed(clerk, form, more, said):
    refused = setting(clerk, form, "a4", 422, help="書いた説明", **more)

    assert said in refused.text
    assert refused.field("help") == "書いた説明"
    assert "今の変更は保存していません" in refused.text


def test_a_key_that_is_renamed_is_followed_by_conditions(clerk, form):
    setting(clerk, form, "a2", shown_mode="if", shown_key_0="a1")

    setting(clerk, form, "a1", key="event")

    assert "「行事あり」にチェックがあるときだけ表示" in clerk.get(f"{form}/build").text
    assert "直す点はありません" in clerk.get(f"{form}/build").text


def test_rules_across_questions_are_picked_kept_and_taken_out(clerk, form):
    act(clerk, form, "build/rule/new", rule_kind="compare", left="add", operand_0="a4", sign="at_most", right="a3")
    wrong = clerk.post(f"{form}/build/preview", {"p-a3": "1", "p-a4": "2", "check": "yes"}).text
    page = clerk.get(f"{form}/build?open=rule:r1")
    act(clerk, form, "build/rule/r1", do="remove")

    assert "「子ども」は「大人」以下(以前)にしてください。" in wrong
    assert "「子ども」 &lt;= 「大人」" in page.text
    assert "rule:r1" not in clerk.get(f"{form}/build").text


def test_columns_of_a_table_are_added_set_and_counted(clerk, department):
    form = begun(clerk, department)
    act(clerk, form, "build/add", type="table", new_label="部屋")
    act(clerk, form, "build/column/a1")
    column = "a2"
    act(clerk, form, f"build/field/{column}", label="人数", type="integer", key="people")
    act(clerk, form, "build/add", type="integer", new_label="全体")
    act(
        clerk,
        form,
        "build/field/a2",
        label="全体",
        type="integer",
        key="a2",
        computed_mode="total",
        computed_key_0="people",
    )

    shown = clerk.post(f"{form}/build/preview", {"p-people_1": "3", "p-people_5": "4"}).text

    assert ">7</output>" in shown


def test_a_table_keeps_its_last_column(clerk, department):
    form = begun(clerk, department)
    act(clerk, form, "build/add", type="table", new_label="部屋")

    assert "表ごと取り除いて" in act(clerk, form, "build/remove", 422, name="a1_c").text


def test_the_last_changes_are_undone_and_come_again(clerk, form):
    act(clerk, form, "build/remove", name="a1")
    act(clerk, form, "build/remove", name="a2")
    act(clerk, form, "build/undo")
    act(clerk, form, "build/undo")
    assert labels(clerk, form)[:2] == ["行事あり", "行事名"]

    act(clerk, form, "build/redo")
    assert labels(clerk, form)[0] == "行事名"
    act(clerk, form, "build/add", type="text", new_label="新しい")
    act(clerk, form, "build/redo", 409)


def test_twenty_changes_and_more_can_be_undone_and_no_more_are_kept(city, clerk, form):
    for number in range(STEPS_KEPT + 5):
        act(clerk, form, "build/title", form_title=f"題{number}")

    for _ in range(STEPS_KEPT):
        act(clerk, form, "build/undo")
    act(clerk, form, "build/undo", 409)

    assert ">題4<" in clerk.get(form).text


def test_a_second_tab_is_told_and_loses_nothing(city, clerk, form, department):
    colleague = StaffClient(city).sign_in(city.person(Role.HEAD, department=department))
    seen = version(clerk, form)
    act(colleague, form, "build/remove", name="a1")

    data = {"version": seen, "label": "催し", "help": "長い説明", "type": "text", "key": "a2"}
    refused = clerk.post(f"{form}/build/field/a2", data, status=409)

    assert "さんが先に変更しました" in refused.text
    assert (refused.field("label"), refused.field("help")) == ("催し", "長い説明")


def test_labels_are_shown_as_they_are_written(clerk, form):
    act(clerk, form, "build/add", type="text", new_label="<script>alert(1)</script>")

    page = clerk.get(f"{form}/build").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_form_of_three_hundred_questions_is_built_and_no_larger_one(clerk, department, city):
    form = begun(clerk, department)
    page = clerk.get(f"{form}/build")
    for _ in range(60):
        page = clerk.post(f"{form}/build/add", {"version": page.field("version"), "group": "account"})

    assert "これ以上足せません" in act(clerk, form, "build/add", 422, group="account").text
    with statements() as asked:
        clerk.get(f"{form}/build?open=a300")
    assert len(asked) <= MOST_STATEMENTS


def test_nonsense_is_refused_without_harm(clerk, form):
    act(clerk, form, "build/field/zzz", 404, label="x", type="text")
    act(clerk, form, "build/move", 404, up="zzz")
    act(clerk, form, "build/remove", 404, name="zzz")
    act(clerk, form, "build/section/zzz", 404, title="x")
    act(clerk, form, "build/rule/zzz", 404, do="remove")
    setting(clerk, form, "a2", type="zzz", width="zzz", check_digit="zzz", shown_key_0="zzz")
    clerk.get(f"{form}/build?open=zzz")

    assert len(labels(clerk, form)) == 5


def test_the_other_side_of_the_page_shows_what_other_systems_send(clerk, form):
    page = clerk.get(f"{form}/build?tab=api").text

    assert "json-schema.org" in page
    assert "&#34;a3&#34;: 1" in page


def test_a_draft_beside_a_version_in_use_begins_with_what_that_asks(city, clerk, department):
    with city.unit(city.actor(city.person(Role.CLERK, department=department))) as work:
        form = f"/forms/{add_form(work, department).id}"

    assert labels(clerk, form)[0] == "利用日"
    assert "元に戻す" in clerk.get(f"{form}/build").text
