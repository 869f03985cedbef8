"""Whether the sheets that examine the reading are what they say: made again by their seed, and honest about places."""

import io
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image

from bench._accuracy_counts import Share
from bench._accuracy_places import OFF_PX, worst_offset
from bench._accuracy_sheets import ANSWERS, FORMS, Form, make_sheet, open_forms, true_page
from bench._accuracy_writing import faces
from forms.answers import normalise
from forms.field_types import SCREEN_ONLY, FieldType


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("sheets")


@pytest.fixture(scope="module")
def drawn(folder: Path) -> dict[str, Form]:
    return open_forms(folder)


def as_jpeg(page: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(page).save(file, "JPEG")
    return file.getvalue()


def test_the_unseen_forms_ask_for_every_kind_of_field_that_paper_knows(drawn: dict[str, Form]):
    kinds = {field.type for name, form in drawn.items() if name != "shugaku" for field in form.layout.fields}

    # Drawn before offices built forms: what is a bank, a branch or an account today they ask for as text and digits.
    assert kinds == set(FieldType) - SCREEN_ONLY - {FieldType.BANK, FieldType.BRANCH, FieldType.ACCOUNT}


@pytest.mark.parametrize("name", FORMS)
def test_every_answer_has_a_right_reading_and_only_letters_that_its_font_holds(
    drawn: dict[str, Form], folder: Path, name: str
):
    form = drawn[name]

    for number, face in enumerate(faces(folder / "fonts")[1::4]):
        chance = Random(number)  # noqa: S311 - invented answers, the same each time
        answers = ANSWERS[name](chance, face.can_write)

        assert set(answers) == {field.key for field in form.layout.fields}
        for field in form.layout.fields:
            answer = answers[field.key]
            if field.type is not FieldType.CHECKBOX:
                assert face.can_write(str(answer))
                assert normalise(field, str(answer)).value is not None


def test_the_same_seed_makes_the_same_sheet_and_another_seed_another(folder: Path, drawn: dict[str, Form]):
    first, again, other = (make_sheet(folder, seed, 1).picture.read_bytes() for seed in (5, 5, 6))

    assert first == again != other


def test_a_page_that_lies_two_millimetres_aside_is_noticed_whatever_the_reader_says(
    folder: Path, drawn: dict[str, Form]
):
    sheet = make_sheet(folder, 5, 0)
    layout, page = drawn["care"].layout, true_page(sheet)

    assert worst_offset(as_jpeg(page), page, layout) <= 1
    assert worst_offset(as_jpeg(np.roll(page, 16, axis=1)), page, layout) > OFF_PX


def test_a_page_on_which_the_boxes_cannot_be_found_counts_as_off(folder: Path, drawn: dict[str, Form]):
    sheet = make_sheet(folder, 5, 0)
    page = true_page(sheet)

    assert worst_offset(as_jpeg(page[::-1, ::-1].copy()), page, drawn["care"].layout) > OFF_PX


def test_a_share_is_told_with_the_interval_that_so_few_sheets_allow():
    low, high = Share(998, 1000).interval

    assert (round(low, 4), round(high, 4)) == (0.9927, 0.9995)
    assert Share(0, 0).interval == (0.0, 1.0)
