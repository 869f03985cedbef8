"""Whatever is in a file, each of its pages is read or refused with a reason, in time and within the memory allowed."""

import pytest

from ocr.pool import ReadingPool
from ocr.refusal import REASONS
from tests.ocr.mutated import FORM, mutated

KILLING = ("pdf_content_bomb", "pdf_draws_itself")
"""They ask PDFium for more memory than a reading process has, which ends it: it says so, and the next one reads on."""
FILES = 109
"""All that somebody made to do harm, and each kind of file changed six times; `bench/mutated_inputs.py` tries more."""
SHEET = (FORM.layout.model_copy(update={"fields": FORM.layout.fields[:1]}), FORM.blanks, None)


@pytest.mark.journey
def test_no_mutated_file_stops_the_reading_and_each_has_its_reason():
    codes = {}

    with ReadingPool(2) as pool:
        for name, data in mutated(seed=11, count=FILES):
            readings = list(pool.read_document([SHEET], data, name))
            codes[name] = [reading.reason_code for reading in readings]
            assert {reading.status for reading in readings} <= {"read", "refused", "blank"}
            assert all(reading.reason == REASONS.get(reading.reason_code or "") for reading in readings)
            assert "reader_died" not in codes[name], name

    assert len(codes) == FILES
    assert all(codes.values())
    assert [codes[name] for name in KILLING] == [["too_heavy"]] * len(KILLING)
