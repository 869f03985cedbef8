"""Would a secret in a file, or a name in a picture, be found if it stood there?"""

from __future__ import annotations

import base64
import io
import json

import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.journeys.a_form_goes_round import FONT
from tests.journeys.canaries import files_with, read_in

SECRET = "Invented-pass-8"


@pytest.mark.parametrize(
    "content",
    [
        f"password={SECRET}\n".encode(),
        SECRET.encode("utf-16-le"),
        b"\0\1" + SECRET.encode().hex().encode(),
        base64.b64encode(b"{" + SECRET.encode() + b"}"),
        base64.b64encode(b"{:" + SECRET.encode() + b"}}"),
    ],
)
def test_a_secret_in_a_file_is_found_however_it_is_written(tmp_path, content):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "gijo.db-wal").write_bytes(b"\0" * 100 + content + b"\0" * 100)
    (tmp_path / "worker.log").write_text("nothing")

    assert files_with(SECRET, tmp_path) == ["deep/gijo.db-wal"]


def test_a_name_in_json_is_found_though_it_stands_there_as_numbers_of_letters(tmp_path):
    (tmp_path / "gijo.db").write_text(json.dumps({"a1": "小笠原 由美子"}))

    assert files_with("小笠原", tmp_path) == ["gijo.db"]


def test_a_name_in_a_picture_is_read():
    picture = Image.new("RGB", (800, 200), "white")
    ImageDraw.Draw(picture).text((40, 60), "児童氏名 小笠原 由美子", font=ImageFont.truetype(FONT, 18), fill="black")
    told = io.BytesIO()
    picture.save(told, "PNG")

    assert read_in([told.getvalue()], ["小笠原", "五十嵐"]) == {"小笠原"}
