"""Which sheets are read? Each has a number, and from it a form, a pen, a camera and answers, all by one seed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

import forms.catalogue
from bench import _accuracy_camera, _accuracy_people, _accuracy_writing
from bench._accuracy_forms import DRAWN, SLOTS, draw_all
from forms.definition import FormDefinition, parse_definition
from forms.field_types import FieldType
from forms.layout import Blanks, PaperLayout, load_layout

CAPTURES = ("clean", "poor", "photo")
GIVEN_FORM = "shugaku"
FORMS = (*DRAWN, GIVEN_FORM)
ANSWERS: Mapping[str, Callable[[Random, _accuracy_people.CanWrite], dict[str, str | bool]]] = {
    "care": _accuracy_people.care_answers,
    "water": _accuracy_people.water_answers,
    "table": _accuracy_people.table_answers,
    GIVEN_FORM: _accuracy_people.school_answers,
}


@dataclass(frozen=True)
class Form:
    """What a reader is given of a form, from its files."""

    name: str
    layout: PaperLayout
    blanks: Blanks
    definition: FormDefinition


@dataclass(frozen=True)
class Sheet:
    """One filled sheet: where its picture and its true page lie, and what is written on it."""

    number: int
    form: str
    face: str
    writing: str
    capture: str
    marked: bool
    answers: Mapping[str, str | bool]
    picture: Path
    true_page: Path


def open_forms(folder: Path) -> dict[str, Form]:
    """Draw the unseen forms into `folder`, lay out the fonts beside them, and open all four forms."""
    _accuracy_writing.unpack(folder / "fonts")
    draw_all(folder)
    return {name: _open(name, _place_of(folder, name)) for name in FORMS}


def _place_of(folder: Path, form: str) -> Path:
    return folder / form if form in DRAWN else Path(forms.catalogue.__file__).parent / "shugaku_enjo"


def _open(name: str, place: Path) -> Form:
    layout, blanks = load_layout(place / "layout.json")
    return Form(name, layout, blanks, parse_definition((place / "form.json").read_bytes()))


def make_sheets(folder: Path, seed: int, of_each_form: int, processes: int, left_out: float = 0.0) -> list[Sheet]:
    """Fill and photograph `of_each_form` sheets of each form, several at once.

    `left_out` is the share, 0 to 1, of the questions nobody has to answer that are left empty.
    """
    numbers = range(of_each_form * len(FORMS))
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(partial(make_sheet, folder, seed, left_out=left_out), numbers, chunksize=4))


def make_sheet(folder: Path, seed: int, number: int, left_out: float = 0.0) -> Sheet:
    """Fill and photograph the sheet of this number. The same seed and number will give the same sheet."""
    chance = Random(f"{seed}/{number}")  # noqa: S311 - invented sheets, to be made again from their seed
    form = FORMS[number % len(FORMS)]
    turn = number // len(FORMS)
    capture, marked = CAPTURES[turn % 3], turn // 3 % 2 == 0
    faces = _accuracy_writing.by_writing(_accuracy_writing.faces(folder / "fonts"))[
        "print" if turn // 6 % 2 == 0 else "hand"
    ]
    face = chance.choice(faces)
    layout, page, dpi = _blank(folder, form, marked=marked)
    answers = _some_left_out(folder, form, ANSWERS[form](chance, face.can_write), left_out, f"{seed}/{number}/left out")
    hand = _accuracy_writing.pick_hand(chance, face, dpi)
    for field in layout.fields:
        answer = answers[field.key]
        if not answer:
            continue
        if field.type is FieldType.CHECKBOX:
            _accuracy_writing.tick(page, hand, field.box_mm, chance)
        elif slots := SLOTS.get((form, field.key)):
            parts = (field.box_mm, str(answer), slots.starts, slots.room)
            _accuracy_writing.write_parts(page, hand, *parts, chance)
        else:
            _accuracy_writing.write(page, hand, field, str(answer), chance)
    data, ending = _accuracy_camera.take(page, capture, chance)
    name = f"{number:04d}_{form}_{face.name}_{capture}_{'marked' if marked else 'plain'}"
    picture, true_page = folder / f"{name}.{ending}", folder / f"{name}.true.png"
    picture.write_bytes(data)
    page.convert("L").resize((page.width * 2 // 3, page.height * 2 // 3), Image.Resampling.BOX).save(true_page)
    sheet = Sheet(number, form, face.name, face.writing, capture, marked, answers, picture, true_page)
    picture.with_suffix(".json").write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")
    return sheet


def _some_left_out(
    folder: Path, form: str, answers: dict[str, str | bool], share: float, seed: str
) -> dict[str, str | bool]:
    """Leave out some written answers, by a seed of their own: the rest of the sheet stays as it is without them."""
    definition = parse_definition((_place_of(folder, form) / "form.json").read_bytes())
    chance = Random(seed)  # noqa: S311 - as above
    optional = [one.key for one in definition.questions if not one.required and one.required_if is None]
    left = {key for key in optional if not isinstance(answers[key], bool) and chance.random() < share}
    return {key: "" if key in left else answer for key, answer in answers.items()}


def _blank(folder: Path, form: str, *, marked: bool) -> tuple[PaperLayout, Image.Image, float]:
    """Return the layout, an empty page of 300 dots an inch, and that number measured on it."""
    place = _place_of(folder, form)
    layout, _ = load_layout(place / "layout.json")
    if form in DRAWN:
        return layout, _painted(form, marked=marked).copy(), 300.0
    file = layout.blank_with_markers if marked else layout.blank_without_markers
    assert file is not None
    small = Image.open(place / file).convert("RGB")
    page = small.resize((small.width * 3 // 2, small.height * 3 // 2), Image.Resampling.BICUBIC)
    return layout, page, page.width / layout.page_mm[0] * 25.4


@lru_cache(maxsize=8)
def _painted(form: str, *, marked: bool) -> Image.Image:
    paper = DRAWN[form]()
    return paper.with_markers() if marked else paper.image


def true_page(sheet: Sheet) -> np.ndarray:
    return np.asarray(Image.open(sheet.true_page))
