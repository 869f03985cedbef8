"""Nobody overrules unseen what came into force while they were drawing."""

from __future__ import annotations

from datetime import date

import pytest

from backoffice.drawing import queries, service
from backoffice.errors import Invalid
from tests.backoffice.drawing.drawers import TODAY, Drawers
from tests.backoffice.drawing.test_versions import RENAMED
from workflows.routes import RouteKind

KIND = RouteKind.PROGRAM_REGISTRATION
APRIL = date(2027, 4, 1)


@pytest.fixture
def old(drawers: Drawers) -> int:
    """A proposal that was begun before another version came into force today."""
    version_id = drawers.draft(KIND, RENAMED)
    drawers.city.clock.pass_(minutes=1)
    urgent = drawers.draft(KIND)
    for each in (urgent, version_id):
        drawers.propose(each)
    drawers.activate(urgent)
    return version_id


def activate(drawers: Drawers, version_id: int, day: date, confirmed: frozenset[int] = frozenset()) -> None:
    with drawers.city.unit(drawers.city.actor(drawers.second)) as work:
        version = queries.find_version(work.session, version_id)
        service.put_into_force(work, version, version.version, day, confirmed)


def test_a_version_for_a_later_day_does_not_overrule_one_it_never_saw(drawers, old):
    with pytest.raises(Invalid) as refused:
        activate(drawers, old, APRIL)

    assert "overrules" in refused.value.fields
    assert drawers.in_force(KIND, APRIL).number == 3


def test_having_seen_it_a_second_person_may_overrule_it(drawers, old):
    activate(drawers, old, APRIL, frozenset({drawers.in_force(KIND).id}))

    assert drawers.in_force(KIND, APRIL).id == old


def test_what_came_into_force_after_the_page_was_looked_at_is_to_be_seen_first(drawers, old):
    seen = frozenset({drawers.in_force(KIND).id})
    newest = drawers.draft(KIND)
    drawers.propose(newest)
    drawers.city.clock.pass_(minutes=1)
    drawers.activate(newest, day=date(2027, 1, 4))

    with pytest.raises(Invalid):
        activate(drawers, old, APRIL, seen)


def test_a_version_that_would_never_be_used_is_not_put_into_force(drawers, old):
    with pytest.raises(Invalid) as refused:
        activate(drawers, old, TODAY, frozenset({drawers.in_force(KIND).id}))

    assert "effective_from" in refused.value.fields


def test_the_pages_name_the_newer_version_and_ask_for_a_mark(drawers, old):
    client, path = drawers.visit(drawers.second), f"/routes/versions/{old}"
    typed = {"version": drawers.version(old).version, "effective_from": "令和9年4月1日"}

    kind = client.get(f"/routes/{KIND}")
    page = client.get(path)
    refused = client.post(f"{path}/activate", typed, status=422)
    done = client.post(f"{path}/activate", {**typed, "overrules": refused.field("overrules")})

    assert "別に第3版が有効(令和8年11月24日から)" in kind.text
    assert "その変更は、この図に入っていないかもしれません" in page.text
    assert "印を付けてください" in refused.text
    assert "発効待ち" in done.text


def test_a_version_whose_day_was_still_to_come_when_a_draft_was_begun_is_told_as_well(drawers):
    planned = drawers.draft(KIND, RENAMED)
    drawers.propose(planned)
    drawers.activate(planned, day=date(2027, 1, 4))
    drawers.city.clock.pass_(minutes=1)
    version_id = drawers.draft(KIND)
    drawers.propose(version_id)

    with pytest.raises(Invalid):
        activate(drawers, version_id, APRIL)
    activate(drawers, version_id, date(2026, 12, 1))

    assert drawers.in_force(KIND, APRIL).id == planned


def test_a_draft_that_nothing_overtook_asks_for_nothing(drawers):
    version_id = drawers.draft(KIND, RENAMED)
    drawers.propose(version_id)

    page = drawers.visit(drawers.second).get(f"/routes/versions/{version_id}")

    assert 'name="overrules"' not in page.text
