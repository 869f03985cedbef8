"""An empty box is an answer where nobody has to give one, and only where no stroke stands in it, however pale."""

import json

import cv2
import numpy as np
import pytest

from forms.definition import parse_definition
from ocr.blankness import has_stroke
from ocr.unanswered import may_stay_empty


def test_a_question_that_is_asked_of_some_is_never_taken_as_left_by_all():
    def asked(key, **more):
        return {"key": key, "label": key, "label_en": key, "type": "integer"} | more

    fields = [asked("a", required=True), asked("b"), asked("c", required_if="a > 1")]
    form = {"schema": 2, "code": "x", "title": "x", "title_en": "x", "version": 1, "fields": fields}

    assert may_stay_empty(parse_definition(json.dumps(form))) == {"b"}
    assert may_stay_empty(None) == set()


def box(*, darker=0, size=1.0, grain=2.5):
    """A box of paper, and a 7 in it that is so many grey levels darker than the paper."""
    picture = np.full((70, 420), 245, np.uint8)
    cv2.putText(picture, "7", (60, 50), cv2.FONT_HERSHEY_SIMPLEX, size, 245 - darker, 3, cv2.LINE_AA)
    grained = picture + np.random.default_rng(3).normal(0, grain, picture.shape)
    return cv2.GaussianBlur(grained.clip(0, 255).astype(np.uint8), (3, 3), 0)


@pytest.mark.parametrize(
    ("picture", "written"),
    [
        (box(), False),
        (box(grain=8), False),
        (box(darker=120, size=0.2), False),
        (box(darker=120), True),
        (box(darker=20), True),
        (box(darker=14, grain=1), True),
    ],
    ids=["paper", "rough paper", "a speck", "a pen", "a hard pencil", "an erased one"],
)
def test_a_stroke_is_seen_that_is_too_pale_to_be_read(picture, written):
    assert has_stroke(picture) is written
