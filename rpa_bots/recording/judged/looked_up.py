"""Does a record of unknown outcome stand in the target? As a recording that only looks has read it there."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rpa_bots.outcomes import Absent, Cause, Doubled, Found, Reconciled, Record, TargetFailure, Value
from rpa_bots.recording.page.endings import Ended, Ending
from rpa_bots.recording.page.visit import bare
from rpa_bots.recording.tape.binding import Row
from rpa_bots.recording.tape.marks import Marked, Reading

NUMBERS: Final = re.compile(r"(登録|受付|受理|整理|申請)番号")
AT_MOST: Final = 64
NOTHING_TO_COMPARE: Final = "照会の録画に、登録した内容と比べる値がないため、人が確かめてください"


def reconciled(ended: Ended, steps: Sequence[Marked], row: Row, record: Record) -> Reconciled:
    """Say what a look-up has shown: there as it was meant or otherwise, there twice, surely not there; or nothing.

    What was read is compared with the row's column that its mark names, as it was written into the target's fields.
    """
    if ended.nothing:
        return Absent()
    if ended.ending is not Ending.DONE:
        cause = Cause.SIGN_IN_REFUSED if ended.stops_all else Cause.UNKNOWN_SCREEN
        return TargetFailure(cause, ended.message)
    readings = [each.reading for each in steps if each.reading]
    found = [dict(_cells(reading, ended.readings.get(reading.name, ""))) for reading in readings]
    several = [reading for reading in readings if _rows(ended.readings.get(reading.name)) > 1]
    if several:
        rows = ended.readings[several[0].name]
        return Doubled(tuple(_number(each) for each in rows if not isinstance(each, str)))
    read = {column: text for cells in found for (column, _name), text in cells.items() if column}
    if not any(text or row.get(column) for column, text in read.items()):
        return TargetFailure(Cause.UNKNOWN_SCREEN, NOTHING_TO_COMPARE)
    numbers = {name: text for cells in found for (column, name), text in cells.items() if not column}
    return Found(_number(numbers), _compared(read, row, record), whole=False)


def _cells(reading: Reading, taken: str | Sequence[Mapping[str, str]]) -> Iterator[tuple[tuple[str, str], str]]:
    """Give what was read by the column that it is compared with ("" for none) and its name."""
    if isinstance(taken, str):
        yield (reading.to, reading.name), taken
        return
    for column in reading.columns:
        for cells in taken[:1]:
            yield (column.to, column.heading), cells.get(column.heading, "")


def _rows(taken: str | Sequence[Mapping[str, str]] | None) -> int:
    return 0 if taken is None or isinstance(taken, str) else len(taken)


def _compared(read: Mapping[str, str], row: Row, record: Record) -> dict[str, Value]:
    """Give by question what the record says where the target says the same, and what the target says elsewhere."""
    compared: dict[str, Value] = {}
    for column, text in read.items():
        question = column.partition(".")[0]
        if bare(text) != bare(row.get(column, "")):
            compared[question] = text
        else:
            compared.setdefault(question, record.get(question))
    return compared


def _number(cells: Mapping[str, str]) -> str:
    return next((text[:AT_MOST] for name, text in cells.items() if NUMBERS.search(name)), "")
