"""How is a record of unknown outcome settled by what a clerk recorded of looking it up?"""

from __future__ import annotations

import csv
import json

from rpa_bots.fake_water.recorded import FOLDER, MOVE_IN, ROWS
from rpa_bots.fake_water.screens import CONFIRM
from rpa_bots.outcomes import Absent, Doubled, Found, Keyed, Looked, TargetFailure, Unknown
from rpa_bots.recording.judged.looked_up import reconciled
from rpa_bots.recording.keying import Taught, open_recorded
from rpa_bots.recording.page.endings import Ended, Ending
from rpa_bots.recording.tape.marks import marked
from rpa_bots.recording.tape.mending import with_password_place
from rpa_bots.recording.tape.reading import read_recording
from rpa_bots.recording.tape.steps import Recording
from rpa_bots.secret import Secret
from tests.rpa_bots.conftest import PASSWORD
from tests.rpa_bots.recording.taped import clicks, goes, mark, tape, waits

KEY = "{{受付番号}}"
NOBODY = "該当する受付はありません"
RESULT = mark(
    "read",
    name="受付",
    kind="table",
    key=KEY,
    proof="row",
    columns=[{"heading": "整理番号"}, {"heading": "使用者氏名", "to": "使用者氏名"}],
)


def recorded(
    name: str, *before: dict[str, object], last: int | None = None, after: tuple[object, ...] = ()
) -> Recording:
    flow = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    steps = [*before, *flow["steps"][:last], *after]
    content = json.dumps(flow | {"steps": steps, "timeout": 2_000}, ensure_ascii=False)
    return with_password_place(read_recording(content.encode()))


def look_up() -> Recording:
    """The look-up as it was recorded, up to its result: the number that it pressed is another each time."""
    table = waits("xpath//html/body/table") | {"frame": [1]}
    return recorded("look-up.json", mark("look", nothing=NOBODY), last=-1, after=(RESULT, table))


def test_what_a_cut_line_left_unknown_is_looked_up_and_never_keyed_twice(water_system, journal):
    old = water_system("drop-after@1", "drop-before@2")
    with ROWS.open(encoding="utf-8", newline="") as file:
        first, second = list(csv.DictReader(file))[:2]
    taught = Taught(recorded(MOVE_IN.name, mark("dialog", text=CONFIRM)), dict, look_up=look_up())
    records = [row | {"reference": row["受付番号"]} for row in (first, second)]

    with open_recorded(taught, old.target("suido01"), Secret(PASSWORD), pictures=False) as bot:
        keyed = [bot.key(record, journal) for record in records]
        settled = [bot.reconcile(record["reference"], record) for record in records]
        altered = bot.reconcile(first["受付番号"], records[0] | {"使用者氏名": "別人 太郎"})
    with open_recorded(Taught(look_up(), dict), old.target("suido01"), Secret(PASSWORD), pictures=False) as bot:
        looked = [bot.key(record, journal) for record in records]

    assert [type(each) for each in keyed] == [Unknown, Unknown]
    assert settled == [Found("W0000001", {"使用者氏名": first["使用者氏名"]}, whole=False), Absent()]
    assert isinstance(altered, Found)
    assert altered.values == {"使用者氏名": first["使用者氏名"]}
    assert len(old.registered()) == 1
    assert [(type(each), each.nothing) for each in looked if isinstance(each, Looked)] == [
        (Looked, False),
        (Looked, True),
    ]
    assert journal.said.count("submitting") == 2
    assert not any(isinstance(each, Keyed) for each in looked)


def test_two_of_one_key_are_for_people_and_what_compares_nothing_settles_nothing():
    steps = marked(read_recording(tape(mark("look"), goes("/"), RESULT, waits("table"))))
    bare = marked(read_recording(tape(mark("look"), goes("/"), mark("read", name="氏名", key=KEY), clicks("#n"))))
    row = {"受付番号": "水-1", "使用者氏名": "山田 花子"}
    one = {"整理番号": "W1", "使用者氏名": "山田　花子"}

    def ended(**readings: object) -> Ended:
        return Ended(Ending.DONE, 3, "", readings=readings)

    assert reconciled(ended(受付=[one]), steps, row, row) == Found("W1", {"使用者氏名": "山田 花子"}, whole=False)
    assert reconciled(ended(受付=[one, one | {"整理番号": "W2"}]), steps, row, row) == Doubled(("W1", "W2"))
    for nothing in (ended(氏名="山田 花子"), Ended(Ending.FAILED, 3, "")):
        assert isinstance(reconciled(nothing, bare, row, row), TargetFailure)
    empty = {"整理番号": "W1", "使用者氏名": ""}
    assert isinstance(reconciled(ended(受付=[empty]), steps, row | {"使用者氏名": ""}, row), TargetFailure)
    assert reconciled(ended(受付=[empty]), steps, row, row) == Found("W1", {"使用者氏名": ""}, whole=False)
