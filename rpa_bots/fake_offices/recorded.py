"""What did the browser's Recorder write when a clerk keyed a paper into one of these systems?"""

from pathlib import Path
from typing import Final

from rpa_bots.fake_base import recorded
from rpa_bots.fake_base.recorded import Row
from rpa_bots.fake_offices.office import OldOffice

FOLDER: Final = Path(__file__).parent / "recordings"


def recording_of(office: OldOffice) -> Path:
    """Name the file; where something of the paper was keyed stands the label of its box: `{{氏名}}`."""
    return FOLDER / f"{office.key}.json"


def sample(office: OldOffice) -> Row:
    """Give the invented paper that was keyed while recording, by the labels of boxes."""
    return recorded.rows_in(FOLDER / f"{office.key}.csv")[0]


def exported(office: OldOffice, row: Row) -> bytes:
    """Give the recording as the Recorder exports it, with the values of `row` as if they had been keyed."""
    return recorded.exported(recording_of(office), row)
