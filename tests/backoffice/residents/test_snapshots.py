"""Is a file taken in whole or not at all, kept as it was, and shown as numbers of people only?"""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import timedelta

import polars as pl
import pytest
from sqlalchemy import select

from backoffice.audit import AuditEvent
from backoffice.errors import Invalid, NotThere
from backoffice.identity import Role
from backoffice.residents import opening, protecting, queries
from backoffice.residents.models import Snapshot
from backoffice.vault import StoredFile
from tests.backoffice.residents.cities import SOURCE, examined, taken_in
from tests.workflows.residents import AS_OF, LOOKS_LIKE_ONE, as_csv, as_parquet, household, invented
from workflows.rules.layouts import Layout
from workflows.rules.manifest import Drift, Manifest
from workflows.rules.storing import from_parquet

LATER = AS_OF + timedelta(days=7)


def people(*names: str, household_number: int = 1, **columns: object) -> pl.DataFrame:
    return household(household_number, *names, **columns)


def opened(city, snapshot_id: int) -> pl.DataFrame:
    with city.look() as work:
        return from_parquet(opening.open_snapshot(city.office, work.actor, snapshot_id))


def protect(city, *pseudonyms: str) -> None:
    with city.unit() as work:
        for each in pseudonyms:
            protecting.add(work, each, "申出 R8-1")


def events(city, kind: str) -> list[dict]:
    with city.look() as work:
        told = select(AuditEvent.data).where(AuditEvent.kind == kind).order_by(AuditEvent.id)
        return list(work.session.scalars(told))


def test_a_file_becomes_a_snapshot_with_what_it_came_of(city_on_both):
    table = invented(300)

    snapshot = taken_in(city_on_both, table)

    with city_on_both.look() as work:
        kept = queries.find_snapshot(work.session, snapshot.id)
        assert (kept.as_of, kept.source, kept.people) == (AS_OF, SOURCE, Manifest.from_json(kept.manifest).rows)
        assert kept.sha256 == hashlib.sha256(as_parquet(table)).hexdigest()
    assert events(city_on_both, "snapshot_taken") == [
        {"snapshot_id": snapshot.id, "people": snapshot.people, "left_out": 0}
    ]


def test_what_is_kept_is_sealed_on_disk_and_opens_as_it_was(city):
    snapshot = taken_in(city, people("suzume-no-oyado", sex="female"))

    on_disk = b"".join(path.read_bytes() for path in city.office.settings.blobs_path.iterdir())

    assert b"suzume" not in on_disk
    assert b"PAR1" not in on_disk
    assert opened(city, snapshot.id)["pseudonym"].to_list() == ["suzume-no-oyado"]


def test_with_rows_set_aside_nothing_is_taken_in(city):
    table = people("suzume", "hibari", sex=["male", "?"])

    with pytest.raises(Invalid, match="行に直すところがある"):
        taken_in(city, table)

    with city.look() as work:
        assert work.session.scalars(select(Snapshot.id)).all() == []
        assert work.session.scalars(select(StoredFile.id)).all() == []


def test_rows_set_aside_are_left_out_where_somebody_says_so_and_the_manifest_counts_them(city):
    snapshot = taken_in(city, people("suzume", "hibari", sex=["male", "?"]), leave_out=True)

    manifest = Manifest.from_json(snapshot.manifest)
    assert (manifest.rows, manifest.left_out, manifest.incomplete_households) == (1, 1, 1)
    assert manifest.rows_set_aside == ((2, "sex", "unknown_code"),)


def test_a_file_with_nobody_left_is_refused(city):
    with pytest.raises(Invalid, match="取り込める行がありません"):
        taken_in(city, people("suzume", sex="?"), leave_out=True)


def test_the_same_file_of_the_same_day_is_taken_in_once(city):
    taken_in(city, people("suzume"))

    with pytest.raises(Invalid, match="もうあります"):
        taken_in(city, people("suzume"))

    assert taken_in(city, people("suzume"), LATER).people == 1


def test_the_same_file_read_in_another_way_is_taken_in_again(city):
    taken_in(city, people("suzume", sex="1"), layout=Layout({}, {"sex": {"1": "male"}}, ()))

    again = taken_in(city, people("suzume", sex="1"), layout=Layout({}, {"sex": {"1": "female"}}, ()))

    assert opened(city, again.id)["sex"].to_list() == ["female"]


def test_a_day_to_come_is_refused(city):
    with pytest.raises(Invalid, match="今日より後"):
        examined(city, people("suzume"), city.office.services.today() + timedelta(days=1))


def test_a_source_with_a_number_like_an_individual_number_is_refused(city):
    with pytest.raises(Invalid):
        examined(city, people("suzume"), source=LOOKS_LIKE_ONE)


def test_a_refusal_names_the_column_and_never_the_value(city):
    with pytest.raises(Invalid) as caught:
        examined(city, as_csv(people("suzume").with_columns(pl.lit(LOOKS_LIKE_ONE).alias("備考"))))

    assert caught.value.params == {"place": "3"}
    assert LOOKS_LIKE_ONE not in str(caught.value.__dict__)


def test_how_a_source_is_read_is_remembered_for_its_next_file(city_on_both):
    layout = Layout({"番号": "pseudonym", "性": "sex"}, {"sex": {"1": "male", "2": "female"}}, ("不明",))
    table = pl.DataFrame({"番号": ["suzume", "hibari"], "household": [1, 1], "性": ["2", "不明"]})
    taken_in(city_on_both, table, layout=layout)

    following = taken_in(city_on_both, table, LATER)

    assert opened(city_on_both, following.id).sort("pseudonym")["sex"].to_list() == [None, "female"]
    with pytest.raises(Invalid, match="仮名"):
        taken_in(city_on_both, table, LATER, source="ほかの台帳")


def test_drift_counts_who_came_left_and_changed_since_the_day_before_it(city):
    taken_in(city, people("suzume", "hibari", "tsubame", ward=["chuo", "nishi", None]))
    taken_in(city, people("somebody-else"), LATER + timedelta(days=7))

    snapshot = taken_in(
        city, people("hibari", "tsubame", "kamome", "uguisu", ward=["nishi", "chuo", None, None]), LATER
    )

    manifest = Manifest.from_json(snapshot.manifest)
    # Who lives with newcomers has a household of another size.
    assert manifest.drift == Drift(added=2, gone=1, changed=2)


def test_nothing_changed_where_the_same_people_come_again(city):
    table = invented(400)
    taken_in(city, table)

    assert Manifest.from_json(taken_in(city, table, LATER).manifest).drift == Drift(0, 0, 0)


def test_whoever_is_put_under_protection_or_protected_no_longer_is_no_drift(city):
    both = pl.concat([people("suzume", "hibari"), people("tsubame", household_number=2)])
    marked = pl.concat(
        [people("suzume", "hibari", protected=[True, False]), people("tsubame", household_number=2)],
        how="diagonal_relaxed",
    )
    taken_in(city, both, AS_OF - timedelta(days=1))

    protected = taken_in(city, marked)
    no_longer = taken_in(city, both, LATER)

    assert [Manifest.from_json(each.manifest).drift for each in (protected, no_longer)] == [Drift(0, 0, 0)] * 2


def test_shares_are_told_of_many_people_only(city):
    few = Manifest.from_json(taken_in(city, invented(500)).manifest)
    many = Manifest.from_json(taken_in(city, invented(3000), LATER).manifest)

    assert all(known.shares == {} for known in few.facts.values())
    assert sum(many.facts["ward"].shares.values()) == pytest.approx(1000, abs=4)
    assert None in many.facts["disability_mental"].shares.values()


def test_protected_people_of_the_file_lie_apart_and_the_counts_do_not_say_so(city):
    table = people("suzume", "hibari", protected=[True, False])
    both = pl.concat([table, people("tsubame", household_number=2, protected=False)])

    snapshot = taken_in(city, both)

    assert opened(city, snapshot.id)["pseudonym"].to_list() == ["tsubame"]
    with city.look() as work:
        file = work.session.get_one(StoredFile, snapshot.protected_file_id)
        apart = from_parquet(city.office.files.read(file))
    assert apart["pseudonym"].to_list() == ["hibari", "suzume"]
    assert snapshot.people == Manifest.from_json(snapshot.manifest).rows == 3


def test_whoever_is_put_under_protection_is_gone_from_the_next_opening_with_their_household(city):
    both = pl.concat([people("suzume", "hibari"), people("tsubame", household_number=2)])
    snapshot = taken_in(city, both)
    assert opened(city, snapshot.id).height == 3

    protect(city, "hibari")

    assert opened(city, snapshot.id)["pseudonym"].to_list() == ["tsubame"]


def test_a_pseudonym_that_nobody_has_changes_nothing_for_others(city):
    snapshot = taken_in(city, people("suzume", "hibari"))

    protect(city, "unknown-to-all")

    assert opened(city, snapshot.id).height == 2


def test_what_was_loaded_last_is_kept_until_the_protected_change(city):
    snapshot = taken_in(city, people("suzume"))
    other = taken_in(city, people("tsubame"), LATER)
    loads = []

    def load(content: bytes) -> int:
        loads.append(content)
        return from_parquet(content).height

    def ask(snapshot_id: int) -> int:
        with city.look() as work:
            return opening.load_snapshot(city.office, work.actor, snapshot_id, load)

    assert [ask(snapshot.id), ask(snapshot.id)] == [1, 1]
    assert len(loads) == 1
    protect(city, "suzume")
    assert [ask(snapshot.id), ask(other.id), ask(snapshot.id)] == [0, 1, 0]
    assert len(loads) == 4


def test_a_snapshot_that_is_not_there_is_told_so(city):
    with pytest.raises(NotThere):
        opened(city, 12345)


def test_a_manifest_is_read_as_it_was_stored(city_on_both):
    snapshot = taken_in(city_on_both, invented(2000))

    with city_on_both.look() as work:
        stored = queries.find_snapshot(work.session, snapshot.id).manifest

    assert Manifest.from_json(stored).to_json() == {"schema": 1, **dataclasses.asdict(Manifest.from_json(stored))}
    assert "pseudonym" not in str(stored)


def test_the_pages_say_how_many_and_how_far_they_are_known(city, client):
    first, second = taken_in(city, invented(1500)), taken_in(city, invented(1600, seed=2), LATER)
    client.sign_in(city.person(Role.DX_OFFICE))

    listed = client.get("/snapshots")
    shown = client.get(f"/snapshots/{second.id}")

    assert f"{first.people:,}" in listed.text
    assert "令和8年11月8日時点の住民データ" in shown.title
    assert "中央区" in shown.text
    assert f"/snapshots/{first.id}" in shown.text


def test_the_page_says_which_rows_were_left_out_and_why(city, client):
    snapshot = taken_in(city, people("suzume", "hibari", sex=["male", "?"]), leave_out=True)
    client.sign_in(city.person(Role.AUDITOR))

    shown = client.get(f"/snapshots/{snapshot.id}")

    assert "知らない符号" in shown.text
    assert "2行目" in shown.text
    assert "hibari" not in shown.text


def test_an_empty_office_is_told_how_to_begin(city, client):
    client.sign_in(city.person(Role.PRIVACY_OFFICER))

    assert "gijo residents import" in client.get("/snapshots").text


@pytest.mark.parametrize("role", [Role.CLERK, Role.HEAD, Role.ADMINISTRATOR, Role.BOT_OPERATOR])
def test_others_do_not_see_the_pages(city, client, role):
    client.sign_in(city.person(role))

    client.get("/snapshots", status=403)
