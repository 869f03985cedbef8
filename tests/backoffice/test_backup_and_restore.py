"""Does the whole office come back from one file, and does nothing begin by itself afterwards?"""

from __future__ import annotations

import json
import re
import shutil
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from typer.testing import CliRunner

from backoffice.audit import verify
from backoffice.audit.publishing import publish_heads, published_heads
from backoffice.automation import service as automation
from backoffice.automation.models import WorkItem
from backoffice.automation.workflow import ItemState
from backoffice.cli.program import whole_program
from backoffice.composition import all_models, make_tables, open_office
from backoffice.db.numbering import next_number
from backoffice.errors import Invalid
from backoffice.identity import StaffSession
from backoffice.operations.events import JobResumed
from backoffice.operations.safekeeping import archive, restore
from backoffice.operations.safekeeping.archive import ArchiveRefusedError, Facts
from backoffice.operations.safekeeping.backup import OPERATOR, make_backup
from backoffice.operations.safekeeping.databases import DatabaseTroubleError, database_of
from backoffice.settings import Settings
from backoffice.vault import Cipher, MasterKeyMissingError, StoredFile
from backoffice.work import Office
from tests.backoffice.furniture import furnish
from tests.backoffice.office import NOON, City
from tests.backoffice.staff_client import StaffClient

SHORTEST_FIELD_KNOWN = 20
"""So many characters the old system's search takes."""
CHANGED_BY_A_RESTORE = {
    *("staff_session", "work_item", "item_move", "tally"),
    *("audit_event", "audit_segment", "number_mark"),
}


@pytest.fixture
def elsewhere(city_on_both, tmp_path, postgres, database_names) -> Iterator[Settings]:
    """Another machine of the same kind, with nothing on it but a copy of the master key."""
    folder = tmp_path / "elsewhere"
    key = folder / "keys" / "master.key"
    key.parent.mkdir(parents=True)
    shutil.copy(city_on_both.office.settings.master_key_path, key)
    if city_on_both.office.engine.dialect.name == "sqlite":
        yield Settings(data_dir=folder)
        return
    with postgres.fresh(next(database_names)) as url:
        yield Settings(data_dir=folder, database_url=url)


def elsewhere_on_sqlite(city: City, folder: Path) -> Settings:
    there = Settings(data_dir=folder / "elsewhere")
    there.master_key_path.parent.mkdir(parents=True)
    shutil.copy(city.office.settings.master_key_path, there.master_key_path)
    return there


@contextmanager
def restored(city: City, there: Settings, file: Path, *, over: bool = False) -> Iterator[Office]:
    restore.put_back(there, file, city.clock(), replace=over)
    make_tables(there.database)
    with open_office(there, city.office.services) as office:
        restore.settle(office)
        yield office


def rows(office: Office) -> dict[str, list[tuple[object, ...]]]:
    with office.look(OPERATOR) as work:
        return {
            table.name: sorted(map(repr, work.session.execute(select(table))))
            for table in all_models().sorted_tables
            if table.name not in CHANGED_BY_A_RESTORE
        }


def items(office: Office) -> dict[int, str]:
    with office.look(OPERATOR) as work:
        return {item.id: item.state for item in work.session.scalars(select(WorkItem))}


def broken_link(office: Office):
    with office.look(OPERATOR) as work:
        return verify(work.session, published_heads(office.settings.audit_heads_path))


def test_the_whole_office_comes_back_from_one_file(city_on_both, elsewhere, tmp_path):
    furnish(city_on_both)
    before = rows(city_on_both.office)

    make_backup(city_on_both.office, tmp_path / "night.gijo")

    with restored(city_on_both, elsewhere, tmp_path / "night.gijo") as office:
        assert rows(office) == before
        assert broken_link(office) is None
        with office.look(OPERATOR) as work:
            kept = work.session.scalars(select(StoredFile)).all()
        assert len({office.files.read(file) for file in kept}) > 1


def test_after_a_restore_everything_on_its_way_is_unknown_and_nothing_else_moves(city_on_both, elsewhere, tmp_path):
    furnish(city_on_both, sheets=9)
    before = items(city_on_both.office)
    make_backup(city_on_both.office, tmp_path / "night.gijo")

    with restored(city_on_both, elsewhere, tmp_path / "night.gijo") as office:
        after = items(office)

    on_their_way = {ItemState.WAITING, ItemState.SUBMITTING}
    assert on_their_way <= set(before.values())
    assert after == {item: ItemState.UNKNOWN if state in on_their_way else state for item, state in before.items()}


def test_a_number_given_out_since_the_backup_is_never_given_to_another_paper(city_on_both, elsewhere, tmp_path):
    city = city_on_both
    before = numbers(city.office, 3)
    make_backup(city.office, tmp_path / "night.gijo")
    since = numbers(city.office, 5)
    city.clock.pass_(minutes=10)

    with restored(city, elsewhere, tmp_path / "night.gijo") as office:
        after = numbers(office, 3)
    city.clock.pass_(minutes=1)
    with restored(city, elsewhere, tmp_path / "night.gijo", over=True) as office:
        after_another = numbers(office, 3)

    given_out = [*before, *since, *after, *after_another]
    assert len(set(given_out)) == len(given_out)
    assert before == ["R8-就援-0001", "R8-就援-0002", "R8-就援-0003"]
    assert re.fullmatch(r"R8-就援-[0-9A-Z]{5}-0004", after[0])
    assert max(map(len, given_out)) <= SHORTEST_FIELD_KNOWN


def test_a_restore_after_new_years_day_of_the_office_marks_the_new_year(city, tmp_path):
    make_backup(city.office, tmp_path / "night.gijo")
    city.clock.pass_(days=200)
    since = numbers(city.office, 2)

    with restored(city, elsewhere_on_sqlite(city, tmp_path), tmp_path / "night.gijo") as office:
        after = numbers(office, 2)

    assert since == ["R9-就援-0001", "R9-就援-0002"]
    assert not set(since) & set(after)


def numbers(office: Office, count: int) -> list[str]:
    with office.unit(OPERATOR) as work:
        return [next_number(work.session, "就援", office.services.today()) for _ in range(count)]


def test_after_a_restore_nights_stay_shut_until_a_person_opens_them(city, tmp_path):
    furnished = furnish(city)
    make_backup(city.office, tmp_path / "night.gijo")

    with restored(city, elsewhere_on_sqlite(city, tmp_path), tmp_path / "night.gijo") as office:
        operator = city.actor(furnished.person)
        with pytest.raises(Invalid, match="復元"), office.unit(operator) as work:
            automation.start_night(work, furnished.target_id)
        automation.reopen_nights(office, operator)

        assert not automation.is_paused(office)


def test_after_a_restore_everyone_signs_in_anew(city, tmp_path):
    StaffClient(city).sign_in(furnish(city).person)
    make_backup(city.office, tmp_path / "night.gijo")

    with (
        restored(city, elsewhere_on_sqlite(city, tmp_path), tmp_path / "night.gijo") as office,
        office.look(OPERATOR) as work,
    ):
        assert work.session.scalars(select(StaffSession)).all() == []


def test_a_restore_stands_on_the_trail_and_explains_the_heads_that_were_published_since(city, tmp_path):
    furnish(city)
    make_backup(city.office, tmp_path / "night.gijo")
    for number in range(5):
        city.clock.pass_(minutes=1)
        with city.unit() as work:
            work.record(JobResumed(f"read_sheet:{number}:1"))
        with city.look() as work:
            publish_heads(work.session, city.office.settings.audit_heads_path, work.now)
    there = elsewhere_on_sqlite(city, tmp_path)
    shutil.copytree(city.office.settings.audit_heads_path, there.audit_heads_path)
    city.clock.pass_(hours=1)

    with restored(city, there, tmp_path / "night.gijo") as office:
        assert broken_link(office) is None
        assert "office_restored" in {event.kind for event in trail(office)}
        cut_the_tail(office)

        assert broken_link(office).reason == "cut off after it was published"


def trail(office: Office):
    with office.look(OPERATOR) as work:
        return work.session.execute(text("SELECT kind FROM audit_event")).all()


def cut_the_tail(office: Office) -> None:
    with office.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_event_delete"))
        connection.execute(text("DELETE FROM audit_event WHERE position = (SELECT max(position) FROM audit_event)"))
        last = "(SELECT {} FROM audit_event ORDER BY position DESC LIMIT 1)"
        connection.execute(
            text(f"UPDATE audit_segment SET position = {last.format('position')}, hash = {last.format('hash')}")
        )


def test_a_backup_taken_while_people_work_is_of_one_moment(city_on_both, elsewhere, tmp_path):
    office = city_on_both.office
    enough = threading.Event()
    busy = threading.Thread(target=keep_working, args=(city_on_both, enough))
    busy.start()

    make_backup(office, tmp_path / "night.gijo")
    enough.set()
    busy.join()

    with restored(city_on_both, elsewhere, tmp_path / "night.gijo") as back:
        assert broken_link(back) is None
        with back.look(OPERATOR) as work:
            for file in work.session.scalars(select(StoredFile)):
                assert back.files.read(file)


def keep_working(city: City, enough: threading.Event) -> None:
    number = 0
    while not enough.is_set():
        stored = city.office.files.put(b"paper %d" % number, "image/jpeg", city.clock())
        with city.unit() as work:
            work.session.add(stored)
            work.record(JobResumed(f"read_sheet:{number}:1"))
        number += 1


def test_the_master_key_is_in_no_backup(city, tmp_path):
    furnish(city)
    key = city.office.settings.master_key_path.read_text().strip()

    make_backup(city.office, tmp_path / "night.gijo")

    content = (tmp_path / "night.gijo").read_bytes()
    assert key.encode() not in content
    assert bytes.fromhex(key) not in content


def test_a_backup_is_refused_without_the_master_key_of_its_time(city, tmp_path):
    make_backup(city.office, tmp_path / "night.gijo")
    there = elsewhere_on_sqlite(city, tmp_path)
    there.master_key_path.write_text("cd" * 32)

    with pytest.raises(ArchiveRefusedError, match="主鍵"):
        restore.put_back(there, tmp_path / "night.gijo", city.clock(), replace=False)
    there.master_key_path.unlink()
    with pytest.raises(MasterKeyMissingError):
        restore.put_back(there, tmp_path / "night.gijo", city.clock(), replace=False)

    assert list(there.data_dir.iterdir()) == [there.data_dir / "keys"]


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> tuple[bytes, Cipher]:
    """A backup of invented members, and the key that seals it."""
    folder = tmp_path_factory.mktemp("small")
    cipher = Cipher(b"k" * 32, lambda count: b"n" * count)
    sources = []
    for name, content in (("database.sqlite", b"rows" * 500), ("blobs/" + "a" * 32, b"sealed" * 300)):
        file = folder / name.replace("/", "-")
        file.write_bytes(content)
        sources.append((name, file))
    facts = Facts(NOON, "0001", "sqlite")
    archive.write(folder / "small.gijo", sources, facts, cipher)
    return (folder / "small.gijo").read_bytes(), cipher


def unpacked(content: bytes, cipher: Cipher, folder: Path) -> dict[str, bytes]:
    file = folder / "tried.gijo"
    file.write_bytes(content)
    place = folder / "place"
    shutil.rmtree(place, ignore_errors=True)
    archive.examine(file, cipher, place)
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_flipped_bit_is_noticed_or_changes_nothing(small, tmp_path, data):
    content, cipher = small
    at = data.draw(st.integers(0, len(content) - 1))
    flipped = bytearray(content)
    flipped[at] ^= 1 << data.draw(st.integers(0, 7))

    try:
        found = unpacked(bytes(flipped), cipher, tmp_path)
    except ArchiveRefusedError:
        return

    assert found == unpacked(content, cipher, tmp_path)


@given(data=st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_backup_that_was_cut_off_is_noticed_wherever_it_ends(small, tmp_path, data):
    content, cipher = small
    until = data.draw(st.integers(0, len(content) - 1))

    try:
        found = unpacked(content[:until], cipher, tmp_path)
    except ArchiveRefusedError:
        return

    assert not content[until:].strip(b"\x00")
    assert found == unpacked(content, cipher, tmp_path)


@pytest.mark.parametrize("name", ["../outside", "/outside", "blobs/../../outside", "keys/master.key", "blobs/x"])
def test_a_member_that_is_not_ours_is_refused_before_it_is_written(tmp_path, name, small):
    file = tmp_path / "foreign.gijo"
    with tarfile.open(file, "w") as tar:
        tar.addfile(tarfile.TarInfo(name))

    with pytest.raises(ArchiveRefusedError, match="ours"):
        archive.examine(file, small[1], tmp_path / "place")

    assert not (tmp_path / "outside").exists()


def test_a_list_that_was_changed_with_its_hashes_is_refused(tmp_path, small):
    content, cipher = small
    forged = tmp_path / "forged.gijo"
    at = content.index(b'"revision": "0001"')
    forged.write_bytes(content[:at] + b'"revision": "0002"' + content[at + 18 :])

    with pytest.raises(ArchiveRefusedError, match="changed"):
        archive.examine(forged, cipher)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x00" * 4096, "手紙".encode() * 5000])
def test_a_file_that_is_no_backup_is_refused(tmp_path, small, content):
    (tmp_path / "letter").write_bytes(content)

    with pytest.raises(ArchiveRefusedError):
        archive.examine(tmp_path / "letter", small[1])


def test_an_office_is_not_overwritten_unless_one_says_so_and_then_stays_beside(city, tmp_path):
    furnish(city)
    make_backup(city.office, tmp_path / "night.gijo")
    there = elsewhere_on_sqlite(city, tmp_path)
    with restored(city, there, tmp_path / "night.gijo"):
        pass

    with pytest.raises(ArchiveRefusedError, match="--replace"):
        restore.put_back(there, tmp_path / "night.gijo", city.clock(), replace=False)
    with restored(city, there, tmp_path / "night.gijo", over=True) as office:
        assert broken_link(office) is None

    beside = {path.name for path in there.data_dir.iterdir() if "before-restore" in path.name}
    assert beside == {"blobs.before-restore-20261124T030000", "gijo.db.before-restore-20261124T030000"}


def test_a_restore_is_refused_while_the_office_is_open(city_on_both, tmp_path):
    furnish(city_on_both)
    make_backup(city_on_both.office, tmp_path / "night.gijo")
    before = rows(city_on_both.office)

    with pytest.raises(ArchiveRefusedError, match="running"):
        restore.put_back(city_on_both.office.settings, tmp_path / "night.gijo", city_on_both.clock(), replace=True)

    assert rows(city_on_both.office) == before
    assert not automation.is_paused(city_on_both.office)


def test_a_backup_of_the_other_database_is_refused(city, tmp_path):
    make_backup(city.office, tmp_path / "night.gijo")
    there = elsewhere_on_sqlite(city, tmp_path)
    manifest = archive.examine(tmp_path / "night.gijo", city.office.cipher)
    other = replace(manifest, facts=replace(manifest.facts, dialect="postgresql"))

    with pytest.raises(ArchiveRefusedError, match="cannot become sqlite"):
        restore._must_fit(other, database_of(there))


def test_a_backup_of_a_newer_version_is_refused(city, tmp_path):
    make_backup(city.office, tmp_path / "night.gijo")
    manifest = archive.examine(tmp_path / "night.gijo", city.office.cipher)
    newer = replace(manifest, facts=replace(manifest.facts, revision="9999"))

    with pytest.raises(ArchiveRefusedError, match="newer"):
        restore._must_fit(newer, database_of(city.office.settings))


def test_a_backup_that_fails_leaves_nothing_behind(city, tmp_path):
    folder = tmp_path / "backups"
    with city.unit() as work:
        work.record(JobResumed("read_sheet:1:1"))
    city.office.settings.data_dir.joinpath("gijo.db").rename(tmp_path / "gone.db")

    with pytest.raises(DatabaseTroubleError, match="unable to open"):
        make_backup(city.office, folder / "night.gijo")

    assert list(folder.iterdir()) == []


def test_a_file_that_is_there_is_never_overwritten_by_a_backup(city, tmp_path):
    (tmp_path / "night.gijo").write_text("the only copy of something")

    with pytest.raises(ArchiveRefusedError, match="すでに"):
        make_backup(city.office, tmp_path / "night.gijo")


def test_the_commands_do_both_and_say_what_to_do_next(city, tmp_path, monkeypatch):
    furnish(city)
    monkeypatch.setenv("GIJO_DATA_DIR", str(city.office.settings.data_dir))
    made = CliRunner().invoke(whole_program(), ["backup", str(tmp_path / "night.gijo"), "--json"])
    again = CliRunner().invoke(whole_program(), ["backup", str(tmp_path / "night.gijo")])
    monkeypatch.setenv("GIJO_DATA_DIR", str(elsewhere_on_sqlite(city, tmp_path).data_dir))

    brought = CliRunner().invoke(whole_program(), ["restore", str(tmp_path / "night.gijo")])
    refused = CliRunner().invoke(whole_program(), ["restore", str(tmp_path / "night.gijo")])

    assert json.loads(made.stdout)["files"] > 1
    assert (made.exit_code, again.exit_code, brought.exit_code, refused.exit_code) == (0, 3, 0, 3)
    assert "結果不明とした案件 2件" in brought.stdout
    assert "再開してください" in brought.stdout
    assert "何も変えていません" in refused.output
