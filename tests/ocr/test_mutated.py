"""Whatever is in a file, each of its pages is read or refused with a reason, in time and within the memory allowed."""

import pytest

from ocr.pool import ReadingPool
from ocr.refusal import REASONS
from tests.ocr.mutated import FORM, harmful_files, mutated

KILLING = ("pdf_content_bomb", "pdf_draws_itself")
"""They ask PDFium for more memory than a reading process has, which ends it: the next one reads on."""
SHEET = (FORM.layout.model_copy(update={"fields": FORM.layout.fields[:1]}), FORM.blanks, None)


@pytest.mark.journey
def test_no_mutated_file_stops_the_reading_and_each_has_its_reason():
    told = []

    with ReadingPool(2) as pool:
        for name, data in mutated(seed=11, count=180):
            readings = list(pool.read_document([SHEET], data, name))
            told.append(len(readings))
            assert {reading.status for reading in readings} <= {"read", "refused", "blank"}
            assert all(reading.reason == REASONS.get(reading.reason_code or "") for reading in readings)
            assert "reader_died" not in {reading.reason_code for reading in readings}, name

    assert len(told) == 180
    assert min(told) >= 1


@pytest.mark.journey
@pytest.mark.parametrize("name", KILLING)
def test_a_page_that_wants_more_memory_than_there_is_says_so_and_the_next_one_is_read(name):
    with ReadingPool(1) as pool:
        [heavy] = pool.read_document([SHEET], harmful_files()[name], name)
        [after] = pool.read_document([SHEET], b"", "empty.jpg")

    assert (heavy.status, heavy.reason_code) == ("refused", "too_heavy")
    assert after.reason_code == "empty"
