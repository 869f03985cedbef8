"""Reading whole sheets: what passes is right, and no page stops the others."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from forms import catalogue
from ocr import paddle, tesseract
from ocr.__main__ import main
from ocr.page import PageReading
from ocr.pool import ReadingPool, _Child
from ocr.refusal import REASONS
from ocr.score import load_truth, score
from ocr.ticks import tick_in

LAYOUT = Path(catalogue.__file__).parent / "shugaku_enjo" / "layout.json"


@pytest.mark.parametrize("name", ["marked_001.jpg", "plain_014.jpg", "plain_012.jpg"])
def test_whatever_passes_on_a_sheet_is_what_is_written(reader, form, scans, name):
    truth = load_truth(scans / "truth.json")

    page = reader.read((scans / name).read_bytes(), name)

    result = score([page], truth, [form.layout])
    assert result["registered"] == 1
    assert result["wrong"] == []
    assert result["kinds"]["checkboxes"]["exact"] == 8
    assert result["kinds"]["written"]["passed"] >= 10


def test_a_page_keeps_its_picture_and_where_each_field_lies(reader, scans):
    page = reader.read((scans / "marked_003.jpg").read_bytes(), "x")

    assert page.page_jpeg.startswith(b"\xff\xd8")
    assert page.fields[0].box_px == (1050, 300, 440, 60)
    assert all(len(field.candidates) <= 3 and field.text not in field.candidates for field in page.fields)


def test_rubbish_is_a_refused_page_not_an_error(reader):
    page = reader.read(b"%PDF-1.4", "letter.pdf")

    assert (page.status, page.reason_code, page.reason) == ("refused", "pdf", REASONS["pdf"])


@pytest.mark.parametrize(("side", "ticked"), [(0, False), (5, None), (12, True)])
def test_a_box_is_ticked_by_its_share_of_ink(side, ticked):
    box = np.full((58, 58), 245, dtype=np.uint8)
    box[22 : 22 + side, 22 : 22 + side] = 40

    tick = tick_in(box, 12)

    assert tick.ticked is ticked


def test_a_field_that_the_edge_of_the_picture_cuts_is_asked_about(reader, scans):
    picture = cv2.imread(str(scans / "plain_012.jpg"), cv2.IMREAD_GRAYSCALE)
    without_top = cv2.imencode(".png", picture[picture.shape[0] // 5 :])[1].tobytes()

    page = reader.read(without_top, "cut.png")

    kana, lower = (next(field for field in page.fields if field.key == key) for key in ("kana", "account"))
    assert "misplaced" in kana.why_not
    assert "misplaced" not in lower.why_not


def test_dots_all_over_the_paper_are_no_tick():
    box = np.full((58, 58), 245, dtype=np.uint8)
    box[::5, ::4] = box[1::5, ::4] = 0

    tick = tick_in(box, 12)

    assert tick.share > 0.08
    assert tick.ticked is None


def test_the_command_prints_one_documented_object_a_page(scans, capsys, tmp_path):
    rubbish = tmp_path / "text.jpg"
    rubbish.write_text("これは画像ではありません")

    code = main(["read", "--layout", str(LAYOUT), "--json", str(scans / "marked_015.jpg"), str(rubbish)])

    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert code == 0
    assert first["status"] == "read"
    assert {"file", "page", "status", "reason", "registered_by", "residual_px", "fields"} <= first.keys()
    assert list(first["fields"][0]) == ["key", "type", "value", "text", "confidence", "passes", "why_not"]
    assert {type(field["value"]) for field in first["fields"] if field["type"] == "checkbox"} == {bool}
    assert (second["status"], second["fields"]) == ("refused", [])
    assert second["reason"] == REASONS["not_an_image"]


def test_the_command_says_why_it_cannot_start(capsys, tmp_path):
    code = main(["read", "--layout", str(tmp_path / "none.json"), "x.jpg"])

    assert code == 2
    assert "配置ファイル" in capsys.readouterr().err


def test_a_table_is_shown_to_people(scans, capsys, tmp_path):
    code = main(["read", "--layout", str(LAYOUT), str(tmp_path / "none.jpg")])

    assert code == 0
    assert REASONS["missing"] in capsys.readouterr().out


def test_both_engines_tell_the_doctor_that_they_work():
    probes = paddle.probe(), tesseract.probe()

    assert all(probe.ok and probe.detail for probe in probes)


def test_missing_language_data_is_told(tmp_path):
    with pytest.raises(tesseract.TesseractMissingError):
        tesseract.language_data(str(tmp_path), directories=())


@pytest.mark.journey
def test_all_sheets_are_registered_and_nothing_wrong_passes(form, scans):
    truth = load_truth(scans / "truth.json")

    with ReadingPool(2) as pool:
        sheets = (form.layout, form.blanks, form.definition)
        result = score(pool.read_files([sheets], sorted(scans.glob("*.jpg"))), truth, [form.layout])

    assert result["registered"] == 24
    assert result["wrong"] == []
    assert result["kinds"]["checkboxes"]["exact"] == 192
    assert result["kinds"]["writing: printed font"]["passed"] >= 0.8 * 240


@pytest.mark.journey
def test_a_page_that_takes_too_long_costs_itself_only(form, scans):
    data = (scans / "plain_003.jpg").read_bytes()
    sheets = (form.layout, form.blanks, form.definition)

    with ReadingPool(1, seconds_a_page=0.01) as pool:
        late = pool.read(sheets, data, "late.jpg")
        again = pool.read(sheets, data, "again.jpg")

    assert [page.reason_code for page in (late, again)] == ["time_limit", "time_limit"]


def test_a_reading_process_ends_when_whoever_asked_is_gone():
    child = _Child()

    child._pipe.close()

    assert child._process.wait(60) == 0


@pytest.mark.journey
def test_one_process_reads_several_forms_by_turns(form, scans):
    data = (scans / "marked_003.jpg").read_bytes()
    other = form.layout.model_copy(update={"qr_text": "JIDO-TEATE/v1/p1"})
    forms = [(layout, form.blanks, form.definition) for layout in (form.layout, other, form.layout)]

    with ReadingPool(1) as pool:
        pages = [pool.read(one, data, "x") for one in forms]

    assert [page.reason_code for page in pages] == [None, "other_form", None]


@pytest.mark.journey
def test_a_reader_that_dies_is_replaced(form, scans):
    sheets = (form.layout, form.blanks, form.definition)

    with ReadingPool(1) as pool:
        child = pool._idle.get()
        child._process.kill()
        pool._idle.put(child)
        lost = pool.read(sheets, b"", "lost.jpg")
        next_one = pool.read(sheets, b"", "empty.jpg")

    assert isinstance(lost, PageReading)
    assert lost.reason_code == "reader_died"
    assert next_one.reason_code == "empty"


def test_the_command_runs_from_a_shell_with_help():
    shown = subprocess.run([sys.executable, "-m", "ocr", "read", "--help"], capture_output=True, text=True, check=True)

    assert "終了コード" in shown.stdout
