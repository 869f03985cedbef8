"""A clerk records with a password and a resident's name; the night keys people: nothing of it stands in the office."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from backoffice.automation.bots import bots_of_this_machine
from backoffice.automation.jobs import Hands, run_night
from backoffice.automation.service import start_night
from backoffice.automation.workflow import ItemState
from backoffice.db.base import Base
from backoffice.rehearsals.jobs import rehearse, stages_of_this_machine
from tests.backoffice.automation.nights import StepsAtOnce, Waiting
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import City
from tests.backoffice.recordings.teaching import lesson_at
from tests.backoffice.rehearsals.staging import Rehearsing, set_up
from tests.journeys.a_bot_is_taught import in_a_worker
from tests.journeys.canaries import files_with, pictures_of, read_in
from tests.rpa_bots.recording.old_pages import OldPages, answering
from tests.rpa_bots.recording.taped import REGISTER, clicks, fills, goes, tape

pytestmark = pytest.mark.journey
TYPED_WHILE_RECORDING = "Typed-at-the-desk-31"
OF_THE_SYSTEM = "Sealed-for-nights-47"
SHOWN_WHILE_RECORDING = "権田原 紗弥香"
KEYED = "小笠原 由美子"
SIGN_IN = """<title>ログイン</title><form method=post action=/sign-in>
<input id=u name=u><input id=p type=password name=p><button id=go>ログイン</button></form>"""
RAW = tape(
    goes("/sign-in"),
    fills("tantou77", "#u"),
    fills(TYPED_WHILE_RECORDING, "#p"),
    clicks("#go", title="転入システム"),
    fills(SHOWN_WHILE_RECORDING, "aria/氏名", "tr:nth-of-type(1) input"),
    fills("ゴンダワラ サヤカ", "#k"),
    fills("02", "tr:nth-of-type(3) select"),
    REGISTER,
)


def taught(city: City, url: str) -> Rehearsing:
    lesson = lesson_at(found_bureau(city))
    lesson.bring(RAW)
    lesson.save(
        put_1="{{gijo.account}}", put_2="{{gijo.password}}", put_4="{{a1}}", put_5="{{a2}}", put_6="{{a3.label}}",
        text_6="", register="7", proof="登録しました", dialogs="",
    )  # fmt: skip
    return set_up(lesson, url, OF_THE_SYSTEM)


def key_all_night(city: City, rehearsing: Rehearsing) -> None:
    with city.unit() as work:
        night_id = start_night(work, rehearsing.target_id).id
    waiting = Waiting(city)
    hands = Hands(bots_of_this_machine(None), waiting.seconds, waiting.pause, waiting.stopping)
    in_a_worker(lambda: run_night(city.office, hands, night_id, StepsAtOnce()))


def write_down_every_row(connection: Connection, place: Path) -> None:
    """What PostgreSQL keeps lies packed in its files, so its rows are written out; bytes come as hexadecimal digits."""
    with place.open("w") as rows:
        for table in Base.metadata.sorted_tables:
            found = connection.execute(text(f'SELECT CAST(t AS text) FROM "{table.name}" t')).scalars()
            rows.writelines(f"{table.name} {row}\n" for row in found)


def test_neither_the_passwords_nor_who_was_keyed_stand_where_nobody_looks_for_them(
    city_on_both: City, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    city = city_on_both
    with answering(OldPages(pages={"/sign-in": SIGN_IN})) as old:
        rehearsing = taught(city, old.url)
        rehearsing.ask(rehearsing.enter(a1=KEYED))
        in_a_worker(lambda: rehearse(city.office, stages_of_this_machine(None), 1, StepsAtOnce()))
        rehearsing.lesson.submit()
        rehearsing.lesson.release()
        rehearsing.feed()
        rehearsing.enter(done=True, a1=KEYED)
        key_all_night(city, rehearsing)

    assert rehearsing.items() == [ItemState.DONE]
    assert [row["name"] for row in old.stored] == [KEYED]
    with city.look() as work:
        connection = work.session.connection()
        if connection.dialect.name == "postgresql":
            write_down_every_row(connection, tmp_path / "rows.txt")
    said = capfd.readouterr()
    (tmp_path / "said.txt").write_text(said.out + said.err)
    assert files_with(KEYED, tmp_path), "records stand in the database: so it is searched"
    for secret in (OF_THE_SYSTEM, TYPED_WHILE_RECORDING, SHOWN_WHILE_RECORDING, "ゴンダワラ"):
        assert files_with(secret, tmp_path) == [], secret
    pictures = pictures_of(city.office)
    assert pictures
    assert read_in(pictures, [KEYED, *KEYED.split(), "オガサワラ", "ヤマダ"]) == set()
