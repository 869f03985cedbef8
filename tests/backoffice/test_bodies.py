"""How much does the office read of what is sent to it, and from whom?"""

from __future__ import annotations

import asyncio

from fastapi.routing import APIRoute, iter_route_contexts

from backoffice.identity import Permission, Role
from backoffice.settings import MEBIBYTE
from backoffice.web.bodies import FILES, LET_PASS, ORDINARY, Body, LimitedRoute
from tests.backoffice.furniture import doors, furnish

NO_FORM = b"--x\r\nContent-Disposition: form-data; name"
"""Whoever reads this as a form stumbles over it."""
PARTS = {"content-type": "multipart/form-data; boundary=x"}
TYPED = {"content-type": "application/x-www-form-urlencoded"}


def pieces(size: int):
    """A body that does not say beforehand how long it is."""
    for _ in range(size // MEBIBYTE + 1):
        yield b"a" * MEBIBYTE


def test_what_someone_without_permission_sends_is_not_even_read(city, client):
    furnished = furnish(city)
    client.sign_in(city.person(department=furnished.department))
    closed = [door for door in doors(client.app) if door.method == "POST" and door.permission]

    answers = {
        door.name: client.http.post(furnished.fill(door.path), content=NO_FORM, headers=PARTS).status_code
        for door in closed
        if door.permission is not Permission.HOME_VIEW
    }

    assert len(answers) > 10
    assert {name: status for name, status in answers.items() if status != 403} == {}


def test_what_someone_who_is_not_signed_in_sends_is_not_even_read(client):
    answer = client.http.post("/sheets/upload", content=NO_FORM, headers=PARTS)

    assert answer.status_code == 401


def test_someone_without_permission_is_told_so_even_behind_a_large_file(city, client):
    client.sign_in(city.person(Role.AUDITOR))

    files = [("files", ("scan.jpg", b"x" * (30 * MEBIBYTE), "image/jpeg"))]
    answer = client.post("/sheets/upload", files=files, status=403)

    assert "権限がありません" in answer.title


def test_a_form_larger_than_any_form_of_ours_is_refused_in_words(city, client):
    client.sign_in(furnish(city).person)

    announced = client.post("/sheets/export", {"q": "長" * ORDINARY}, status=413)
    unannounced = client.http.post("/sheets/export", content=pieces(2 * MEBIBYTE), headers=TYPED)

    assert "送られた内容が大きすぎます" in announced.title
    assert (unannounced.status_code, "送られた内容が大きすぎます" in unannounced.text) == (413, True)


def test_a_form_that_the_framework_reads_has_the_same_limit(city, client):
    furnished = furnish(city)
    client.sign_in(furnished.person)

    address = f"/items/{furnished.item_id}/cancel"
    announced = client.post(address, {"reason": "長" * ORDINARY}, status=413)
    unannounced = client.http.post(address, content=pieces(2 * MEBIBYTE), headers=TYPED)

    assert "分けて送ってください" in announced.text
    assert unannounced.status_code == 413


def test_the_door_for_everyone_takes_no_more_either(client):
    client.post("/sign-in", {"account": "a" * (2 * ORDINARY), "password": "b"}, status=413)

    unannounced = client.http.post("/sign-in", content=pieces(2 * MEBIBYTE), headers=TYPED)

    assert unannounced.status_code == 413


def test_who_announces_more_than_they_send_is_taken_at_their_word(city, client):
    client.sign_in(furnish(city).person)

    answer = client.http.post("/sheets/upload", content=b"a", headers={**PARTS, "content-length": str(10**15)})

    assert answer.status_code == 413


def test_papers_may_weigh_what_the_settings_allow(city, client):
    client.sign_in(city.person(Role.CLERK))

    files = [("files", (f"scan{number}.jpg", b"x" * (5 * MEBIBYTE), "image/jpeg")) for number in range(2)]
    answer = client.post("/sheets/upload", files=files, status=422)

    assert "次の2件は受け取れませんでした" in answer.text


def test_a_refused_body_without_end_is_thrown_away_only_up_to_a_limit():
    came = 0

    async def receive():
        nonlocal came
        came += MEBIBYTE
        return {"type": "http.request", "body": b"a" * MEBIBYTE, "more_body": True}

    asyncio.run(Body(receive, ORDINARY).let_pass())

    assert came == LET_PASS


def test_every_route_that_takes_files_says_how_many(client):
    """A route that forgot would refuse all but the smallest."""
    forgot = [
        found.path
        for found in iter_route_contexts(client.app.routes)
        if isinstance(found.original_route, APIRoute)
        and any("File" in repr(field.field_info) for field in found.original_route.dependant.body_params)
        and not (found.original_route.openapi_extra or {}).get(FILES)
    ]

    assert forgot == []


def test_every_route_that_can_be_sent_something_has_a_limit(client):
    unlimited = [
        found.path
        for found in iter_route_contexts(client.app.routes)
        if isinstance(found.original_route, APIRoute)
        and "POST" in (found.methods or ())
        and not isinstance(found.original_route, LimitedRoute)
    ]

    assert unlimited == []
