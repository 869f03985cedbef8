"""Whatever is in a file, each of its pages is read or refused with a reason, in time and within the memory allowed."""

import pytest

from ocr.pool import ReadingPool
from ocr.refusal import REASONS
from tests.ocr.mutated import FORM, harmful_files, mutated

KILLING = frozenset({"pdf_content_bomb", "pdf_draws_itself"})
"""They ask PDFium for more memory than a reading process has, which ends it: the next one reads on."""


@pytest.mark.journey
def test_no_mutated_file_stops_the_reading_and_each_has_its_reason():
    layout = FORM.layout.model_copy(update={"fields": FORM.layout.fields[:1]})
    died, told = set(), []

    with ReadingPool(2) as pool:
        for name, data in mutated(seed=11, count=180):
            readings = list(pool.read_document([(layout, FORM.blanks, None)], data, name))
            told.append(len(readings))
            assert {reading.status for reading in readings} <= {"read", "refused", "blank"}
            assert all(reading.reason == REASONS.get(reading.reason_code or "") for reading in readings)
            died |= {name for reading in readings if reading.reason_code == "reader_died"}

    assert len(told) == 180
    assert min(told) >= 1
    assert died <= KILLING <= harmful_files().keys()
