"""How were the recordings of the other old systems made? As those of the waterworks: `record.py` tells.

`python -m tests.rpa_bots.recordings.record_offices [KEY …]` writes them anew.
"""

import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any, Final

from rpa_bots.fake_base.boxes import Kind, ScreenField
from rpa_bots.fake_base.recorded import Row
from rpa_bots.fake_offices.__main__ import TOKYO
from rpa_bots.fake_offices.known import KNOWN, SEED
from rpa_bots.fake_offices.office import Look, OldOffice
from rpa_bots.fake_offices.recorded import FOLDER, recording_of
from rpa_bots.fake_offices.rows import rows
from rpa_bots.fake_offices.screens import DETAIL, SEARCH
from rpa_bots.fake_offices.shipped import OFFICES
from rpa_bots.recording.tape.marks import UPLOAD
from tests.rpa_bots.recordings.record import RECORDED_FOR, Clerk, bound, panel, recorded

PORT: Final = 8911
POINTED_AT: Final[Mapping[str, tuple[str, ...]]] = {
    "residents": ("shimei", "kubun", "kubunbi", "fuyo"),
    "arrears": ("shimei", "ki", "mino"),
}
BOX: Final = "box-"
"""Before the key of a box in its id."""
NOT_TYPED: Final = frozenset({Kind.RADIO, Kind.CHECK, Kind.FILE})


def signs_in(office: OldOffice, clerk: Clerk) -> None:
    clerk.types(clerk.page.main_frame, "[name=shokuin]", office.account)
    clerk.types(clerk.page.main_frame, "[name=angou]", office.password)
    clerk.page.click("[value=ログイン]")


def looks_up(office: OldOffice, clerk: Clerk) -> None:
    """Find the clerk's row by its number, and point at what is wanted of it; take its notice where there is one."""
    page, reference = clerk.page, office.reference
    signs_in(office, clerk)
    page.click(f"a:text-is('{SEARCH}')")
    page.wait_for_selector(f"[name={reference.key}]")
    clerk.types(page.main_frame, f"[name={reference.key}]", clerk.row[reference.label])
    page.click("text=検索")
    page.click(f"a:text-is('{DETAIL}')")
    for key in (reference.key, *POINTED_AT[office.key]):
        page.click(f"tr:has(th:text-is('{office.box(key).label}')) td")
    if office.notice:
        takes_the_notice(office, clerk)


def takes_the_notice(office: OldOffice, clerk: Clerk) -> None:
    clerk.page.wait_for_timeout(1500)  # the Recorder notes a new page somewhat later
    with clerk.page.expect_download():
        clerk.page.click(f"text={office.notice}を印刷する")


def registers(office: OldOffice, clerk: Clerk) -> None:
    """Key the clerk's row, box by box in the order of the screen."""
    page = clerk.page
    signs_in(office, clerk)
    page.click(f"a:text-is('{office.wording.entry}')")
    page.wait_for_selector(f"[name={office.fields[0].key}]")
    for each in office.fields:
        keys(clerk, each, clerk.row.get(each.label, ""))
    if office.look is not Look.SCRIPT:
        page.click("text=確認")
        page.wait_for_selector("text=次の内容でよければ")
    button = page.locator(f"button:has-text('{office.wording.register}'), [value={office.wording.register}]")
    button.click()
    page.wait_for_selector(f"text={office.wording.stored}")
    if office.notice:
        takes_the_notice(office, clerk)


def keys(clerk: Clerk, each: ScreenField, text: str) -> None:
    box = f"[name={each.key}]"
    match each.kind:
        case Kind.RADIO:
            clerk.page.click(f"text={each.options[text]}")
        case Kind.CHECK:
            clerk.page.click(box)
        case Kind.SELECT:
            chooses(clerk, box, text)
        case Kind.FILE:
            chooses_a_file(clerk, box, text)
        case _:
            clerk.types(clerk.page.main_frame, box, text)


def chooses(clerk: Clerk, box: str, code: str) -> None:
    """Go down the list with the arrow key until the option stands there."""
    clerk.page.focus(box)
    while clerk.page.input_value(box) != code:
        clerk.page.keyboard.press("ArrowDown")
        clerk.page.wait_for_timeout(200)
    clerk.page.wait_for_timeout(300)


def chooses_a_file(clerk: Clerk, box: str, name: str) -> None:
    """Press into the box and choose in the browser's own window, where the paper has a file."""
    if name:
        with clerk.page.expect_file_chooser() as opened:
            clerk.page.click(box)
        opened.value.set_files({"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
        clerk.page.wait_for_timeout(500)


@contextmanager
def running(office: OldOffice) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        program = [sys.executable, "-m", "rpa_bots.fake_offices", "--folder", folder, "--port", str(PORT)]
        command = [*program, "--office", office.key]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as system:  # noqa: S603 - our own program
            assert system.stdout
            system.stdout.readline()
            try:
                yield
            finally:
                system.terminate()


def keyed(office: OldOffice) -> tuple[Row, list[str], Callable[[OldOffice, Clerk], None]]:
    """Give the row that is keyed, the columns of it in the order of keying, and what the clerk does with it."""
    if not office.registers:
        known = rows(office, KNOWN, SEED, datetime.now(TOKYO).date())
        return next(row for row in known if all(row.values())), [office.reference.label], looks_up
    (row,) = rows(office, 1, seed=3, today=RECORDED_FOR)
    return row, [each.label for each in office.fields if each.kind not in NOT_TYPED and row.get(each.label)], registers


def with_chosen_files(flow: dict[str, Any], office: OldOffice) -> dict[str, Any]:
    """Add what a person's choice of a file leaves behind the press into its box.

    The Recorder notes the press only: who feeds it chooses by a script. Where a file box tells that nothing is chosen
    stands the name that the paper's file will have.
    """
    boxes = {f"#{BOX}{each.key}": each.label for each in office.fields if each.kind is Kind.FILE}
    steps: list[dict[str, Any]] = []
    for step in flow["steps"]:
        box = next((way[0] for way in step.get("selectors", ()) if way[0] in boxes), "")
        if not box:
            steps.append(step)
            continue
        ways = [[part.partition(": ")[0] for part in way] for way in step["selectors"]]
        chosen = {"type": "change", "value": f"{{{{{boxes[box]}}}}}", "selectors": ways, "target": step["target"]}
        steps += [step | {"selectors": ways}, {"type": "customStep", "name": UPLOAD, "parameters": {}}, chosen]
    return flow | {"steps": steps}


def write_row(office: OldOffice, row: Row) -> None:
    with (FOLDER / f"{office.key}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row), lineterminator="\n")
        writer.writeheader()
        writer.writerow(row)


def main(names: Sequence[str]) -> None:
    for office in (OFFICES[key] for key in names or OFFICES):
        row, typed, act = keyed(office)
        with running(office), panel() as (page, devtools):
            clerk = Clerk(page, row, f"http://127.0.0.1:{PORT}")
            noted = recorded(devtools, office.key, clerk, partial(act, office))
        flow = with_chosen_files(bound(noted, row, typed), office)
        written = json.dumps(flow, ensure_ascii=False, indent=2)
        recording_of(office).write_text(written + "\n", encoding="utf-8")
        write_row(office, row)


if __name__ == "__main__":
    main(sys.argv[1:])
