"""A draft that is open in two windows is not overwritten unseen, and nothing that was typed is lost."""

from __future__ import annotations

import pytest

from backoffice.identity import Role
from backoffice.inbox import handling
from tests.backoffice.inbox.cases import Bureau
from tests.backoffice.staff_client import Answer, StaffClient

NEW = "/cases/new/program_registration"


@pytest.fixture
def drafter(bureau) -> StaffClient:
    return StaffClient(bureau.city).sign_in(bureau.drafter)


def saved(page: Answer, title: str) -> dict[str, str]:
    return {"title": title, "do": "keep", "kept": "yes", "version": page.field("version")}


def title_of(bureau: Bureau, path: str) -> str:
    return bureau.case(int(path.split("/")[2])).title


def test_the_second_window_is_told_and_keeps_what_was_typed(drafter, bureau):
    first = drafter.post(NEW, {"title": "初めの案", "do": "keep"})
    second = drafter.get(first.path)
    drafter.post(first.path, saved(first, "一つ目の画面の案"))

    told = drafter.post(first.path, saved(second, "二つ目の画面の案"), status=409)

    assert "別の画面で、あなたが先に" in told.text
    assert told.field("title") == "二つ目の画面の案"
    assert title_of(bureau, first.path) == "一つ目の画面の案"


def test_having_been_told_one_may_save_it_all_the_same(drafter, bureau):
    first = drafter.post(NEW, {"title": "初めの案", "do": "keep"})
    second = drafter.get(first.path)
    drafter.post(first.path, saved(first, "一つ目の画面の案"))
    told = drafter.post(first.path, saved(second, "二つ目の画面の案"), status=409)

    drafter.post(first.path, saved(told, "二つ目の画面の案"))

    assert title_of(bureau, first.path) == "二つ目の画面の案"


def test_whoever_changed_it_is_named(drafter, bureau):
    kept = drafter.post(NEW, {"title": "初めの案", "do": "keep"})
    stale = drafter.get(kept.path)
    heir = bureau.city.person(Role.CLERK, department=bureau.department, account="kokei")
    for before, after in ((bureau.drafter, heir), (heir, bureau.drafter)):
        with bureau.city.unit(bureau.city.actor(heir)) as work:
            handling.hand_over(work, before.id, after.id)

    told = drafter.post(kept.path, saved(stale, "古い画面の案"), status=409)

    assert f"{heir.name}さんがこの案件を先に変更しました" in told.text


def test_a_form_that_does_not_say_what_was_seen_overwrites_nothing(drafter, bureau):
    kept = drafter.post(NEW, {"title": "初めの案", "do": "keep"})

    drafter.post(kept.path, {"title": "版のない案", "do": "keep"}, status=409)

    assert title_of(bureau, kept.path) == "初めの案"
