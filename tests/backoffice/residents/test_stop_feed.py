"""Deaths, moves and protection between snapshots: a feed is taken whole or not at all, and from then on it holds."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from backoffice.audit import AuditEvent
from backoffice.cli.program import whole_program
from backoffice.consents.service import mark_of
from backoffice.errors import Invalid
from backoffice.identity import Role
from backoffice.residents import protecting, stop_feeds, stop_queries
from backoffice.residents.models import RefusedFeed, ResidentStop, StopFeed
from backoffice.residents.stop_file import StopKind
from backoffice.services import TOKYO
from forms.my_number import check_digit
from tests.backoffice.reachability.people import with_settings
from tests.backoffice.staff_client import StaffClient

WHO, OTHER = "hikari-0815", "yuki-0001"
UNTIL = "2026-11-24T11:00"
DIED, MOVED_OUT, PROTECTED = StopKind


def feed(*rows: str, until: str = UNTIL, since: str = "", encoding: str = "utf-8") -> bytes:
    lines = (
        f"この時点から,{since},この時点まで,{until}" if since else f"この時点まで,{until}",
        "仮名,異動事由,異動日",
        *rows,
    )
    return "".join(f"{line}\r\n" for line in lines).encode(encoding)


def taken(city, *rows: str, **options: str) -> StopFeed:
    content = feed(*rows, **options)
    read = stop_feeds.read(city.office, content)
    with city.unit() as work:
        return stop_feeds.take_in(work, read, "住民情報システム", content)


def stopped(city, pseudonym: str = WHO, day: date = date(2026, 11, 24)) -> set[StopKind]:
    with city.look() as work:
        mark = mark_of(city.office.cipher, pseudonym)
        return set(stop_queries.stops_of(work.session, [mark, "nobody"], day).get(mark, ()))


def kept(city, table) -> list:
    with city.look() as work:
        return list(work.session.scalars(select(table).order_by(table.id)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_whom_a_feed_names_is_written_to_no_more_and_nobody_else_is_stopped(city_on_both, encoding):
    done = taken(city_on_both, f"{WHO},死亡,2026-11-23", "tori-0001,転出,令和8年11月1日", encoding=encoding)

    assert (stopped(city_on_both), stopped(city_on_both, "tori-0001")) == ({DIED}, {MOVED_OUT})
    assert stopped(city_on_both, OTHER) == set()
    assert (done.rows, done.counts) == (2, {"died": 1, "moved_out": 1})
    assert done.covers_until == datetime(2026, 11, 24, 11, tzinfo=TOKYO)


def test_a_feed_that_tells_of_nobody_is_good_news_and_counts_as_fresh(city_on_both):
    with city_on_both.look() as work:
        assert stop_queries.feed_age(work.session, work.now) is None

    taken(city_on_both)

    with city_on_both.look() as work:
        assert stop_queries.feed_age(work.session, work.now) == timedelta(hours=1)
        assert stop_queries.feed_age(work.session, work.now - timedelta(hours=2)) == timedelta(0)


def test_the_newest_feed_tells_the_age_in_whatever_order_they_come(city):
    for until in ("2026-11-24T11:30", "2026-11-23T11:00"):
        taken(city, until=until)

    with city.look() as work:
        assert stop_queries.feed_age(work.session, work.now) == timedelta(minutes=30)


def test_a_feed_that_never_came_leaves_the_age_where_it_was_until_it_comes(city_on_both):
    taken(city_on_both, until="2026-11-24T00:00")
    taken(city_on_both, since="2026-11-24T04:00", until="2026-11-24T08:00")
    taken(city_on_both, since="2026-11-24T08:00", until="2026-11-24T10:00")

    def known() -> tuple[timedelta | None, bool]:
        with city_on_both.look() as work:
            return stop_queries.feed_age(work.session, work.now), stop_queries.is_one_missing(work.session)

    assert known() == (timedelta(hours=12), True)
    taken(city_on_both, since="2026-11-24T00:00", until="2026-11-24T04:00")
    assert known() == (timedelta(hours=2), False)


def test_who_reports_a_move_is_a_resident_until_they_move(city):
    taken(city, f"{WHO},転出,2026-12-20")

    assert stopped(city) == set()
    assert stopped(city, day=date(2026, 12, 20)) == {MOVED_OUT}


def test_a_later_row_takes_an_earlier_one_back_in_the_same_feed_or_the_next(city_on_both):
    taken(city_on_both, f"{WHO},死亡,2026-11-20", f"{WHO},死亡取消,2026-11-20")
    assert stopped(city_on_both) == set()

    taken(city_on_both, f"{WHO},死亡,2026-11-20", f"{WHO},転出,2026-11-01")
    done = taken(city_on_both, f"{WHO},死亡取消,2026-11-19", f"{WHO},死亡取消,2026-11-20")

    assert stopped(city_on_both) == {MOVED_OUT}
    assert done.counts == {"taken_back": 1, "idle": 1}


def test_whoever_moves_in_again_is_written_to_again(city):
    taken(city, f"{WHO},転出,2026-04-01", f"{OTHER},転出,2026-11-20")

    taken(city, f"{WHO},転入,2026-11-01", f"{OTHER},転入,2026-11-01")

    assert (stopped(city), stopped(city, OTHER)) == (set(), {MOVED_OUT})


def test_the_same_told_twice_is_kept_once(city):
    taken(city, f"{WHO},死亡,2026-11-20")

    done = taken(city, f"{WHO},死亡,2026-11-20", f"{WHO},死亡,2026-11-20", until="2026-11-24T11:30")

    assert done.counts == {"idle": 2}
    assert len(kept(city, ResidentStop)) == 1


def test_whom_a_feed_protects_comes_to_the_desk_and_only_two_people_there_let_them_out(city_on_both):
    taken(city_on_both, f"{WHO},支援措置,2026-11-24", f"{OTHER},支援措置,2026-11-24", f"{OTHER},支援措置,2026-11-23")
    taken(city_on_both, f"{WHO},支援措置取消,2026-11-24")

    with city_on_both.look() as work:
        assert [protecting.is_protected(work, each) for each in (WHO, OTHER)] == [True, True]
    assert (stopped(city_on_both), stopped(city_on_both, OTHER)) == (set(), {PROTECTED})


def my_number() -> str:
    digits = "12345678901"
    return digits + str(check_digit(digits))


REFUSED = {
    "no_until": b"hikari-0815,\xe6\xad\xbb\xe4\xba\xa1,2026-11-23\n",
    "ahead": feed(until="2026-11-24T13:00"),
    "ends before it begins": feed(since="2026-11-24T11:30"),
    "no day": feed(until="きのう"),
    "columns": feed().replace("仮名".encode(), "氏名".encode()),
    "more columns": feed().replace("異動日".encode(), "異動日,住所".encode()),
    "no table": "この時点まで,2026-11-24T11:00".encode(),
    "pseudonym": feed(f"{WHO},死亡,2026-11-23", ",死亡,2026-11-23"),
    "reason": feed(f"{WHO},行方不明,2026-11-23"),
    "day": feed(f"{WHO},死亡,2026-02-30"),
    "ahead of us": feed(f"{WHO},死亡,2026-11-25"),
    "cut off": feed(f"{WHO},死亡,2026-11-23", f"{OTHER},死"),
    "number": feed(f"{my_number()},死亡,2026-11-23"),
    "number elsewhere": feed(f"{WHO},{my_number()},2026-11-23"),
    "bytes": b"\xff\xfe\x00",
    "empty": b"",
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_a_feed_with_anything_wrong_is_taken_in_no_part_and_no_value_is_repeated(city, content):
    with pytest.raises(Invalid) as refusal:
        stop_feeds.read(city.office, content)

    said = refusal.value.message % refusal.value.params
    assert not any(value in said for value in (WHO, OTHER, my_number(), "行方不明"))


def test_the_same_file_is_not_taken_twice(city):
    taken(city, f"{WHO},死亡,2026-11-20")

    with pytest.raises(Invalid, match="もうあります"):
        taken(city, f"{WHO},死亡,2026-11-20")


def test_the_trail_tells_of_numbers_alone(city):
    taken(city, f"{WHO},死亡,2026-11-20", f"{OTHER},転出,2026-11-20")

    with city.look() as work:
        kinds = work.session.execute(select(AuditEvent.kind, AuditEvent.data).order_by(AuditEvent.id)).all()
    assert [kind for kind, _ in kinds] == ["resident_stopped", "resident_stopped", "stop_feed_taken"]
    assert not any(WHO in json.dumps(data) for _, data in kinds)


@pytest.fixture
def folder(tmp_path) -> Path:
    place = tmp_path / "feed"
    place.mkdir()
    return place


def put_away(folder: Path, where: str) -> list[str]:
    return sorted(each.name for each in (folder / where).iterdir()) if (folder / where).is_dir() else []


def test_the_worker_takes_each_file_of_the_folder_once_and_puts_it_away(city_on_both, folder):
    city = with_settings(city_on_both, stop_feed_dir=folder)
    (folder / "b.csv").write_bytes(feed(f"{WHO},死亡取消,2026-11-20", until="2026-11-24T11:30"))
    (folder / "a.csv").write_bytes(feed(f"{WHO},死亡,2026-11-20", f"{OTHER},死亡,2026-11-21"))
    (folder / "c.part").write_bytes(b"still being written")

    assert (stop_feeds.tick(city.office), stop_feeds.tick(city.office)) == (2, 0)

    assert (stopped(city), stopped(city, OTHER)) == (set(), {DIED})
    assert put_away(folder, "done") == ["20261124T120000-a.csv", "20261124T120000-b.csv"]
    assert (folder / "c.part").exists()


def test_a_refused_file_is_put_apart_shown_to_operators_and_holds_up_no_other(city, folder, client):
    with_settings(city, stop_feed_dir=folder)
    client = StaffClient(city).sign_in(city.person(Role.ADMINISTRATOR))
    (folder / "a.csv").write_bytes(feed(f"{WHO},行方不明,2026-11-20"))
    (folder / "b.csv").write_bytes(feed(f"{OTHER},死亡,2026-11-21"))

    stop_feeds.tick(city.office)

    assert put_away(folder, "refused") == ["20261124T120000-a.csv"]
    assert (stopped(city), stopped(city, OTHER)) == (set(), {DIED})
    page = client.get("/stop-feed").text
    assert "20261124T120000-a.csv" in page
    assert "見出しの下1行目の異動事由は" in page
    assert len(kept(city, RefusedFeed)) == 1


def test_a_file_that_was_taken_before_the_worker_died_is_only_put_away(city, folder):
    with_settings(city, stop_feed_dir=folder)
    taken(city, f"{WHO},死亡,2026-11-20")
    (folder / "a.csv").write_bytes(feed(f"{WHO},死亡,2026-11-20"))

    stop_feeds.tick(city.office)

    assert len(kept(city, StopFeed)) == 1
    assert put_away(folder, "done") == ["20261124T120000-a.csv"]


def test_the_page_tells_few_people_from_nobody_and_no_more(city):
    client = StaffClient(city).sign_in(city.person(Role.DX_OFFICE))
    assert "一度も届いていません" in client.get("/stop-feed").text

    taken(city, *(f"person-{number:04d},死亡,2026-11-20" for number in range(12)), f"{WHO},支援措置,2026-11-24")

    page = client.get("/stop-feed").text
    assert "死亡 12人" in page
    assert "支援措置 10人未満" in page
    assert "13" not in page.partition("<main")[2].replace("令和", "")


def test_an_old_feed_is_named_as_one(city):
    taken(city)
    person = city.person(Role.DX_OFFICE)
    assert "連携元を確かめてください" not in StaffClient(city).sign_in(person).get("/stop-feed").text

    city.clock.pass_(hours=26)

    assert "27時間前まで" in StaffClient(city).sign_in(person).get("/stop-feed").text


def test_the_page_says_that_a_feed_between_two_others_never_came(city):
    taken(city, until="2026-11-24T00:00")
    taken(city, since="2026-11-24T04:00", until="2026-11-24T08:00")

    page = StaffClient(city).sign_in(city.person(Role.DX_OFFICE)).get("/stop-feed").text

    assert "間の連携が届いていません。令和8年11月24日 00:00 からあとを" in page


def test_the_command_takes_a_feed_and_says_how_many(city, monkeypatch, tmp_path):
    monkeypatch.setenv("GIJO_DATA_DIR", str(city.office.settings.data_dir))
    path = tmp_path / "feed.csv"
    path.write_bytes(feed(f"{WHO},死亡,2020-04-01", until="2020-04-01T12:00"))

    done = CliRunner().invoke(whole_program(), ("residents", "stops", str(path), "--json"))
    again = CliRunner().invoke(whole_program(), ("residents", "stops", str(path), "--json"))

    assert json.loads(done.stdout)["rows"] == 1
    assert (done.exit_code, again.exit_code == 0) == (0, False)
    assert stopped(city) == {DIED}
