"""What does Tesseract read on this line? The only door to tesserocr."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import numpy as np

from forms.field_types import FieldType
from ocr.alphabets import alphabet
from ocr.cleaning import gaps, ink
from ocr.decode import Grey
from ocr.engine import LineReading, Probe

_LINE_HEIGHT = 56
_CELL_HEIGHT = 40
_WIDEST_GAP = 0.35
_BORDER = 12
_ONE_WORD = 1.5
_RESOLUTION = "300"
_DIGIT_KINDS = frozenset((FieldType.DIGITS, FieldType.INTEGER, FieldType.YEN, FieldType.POSTAL_CODE, FieldType.PHONE))
_OPEN_KINDS = frozenset((FieldType.TEXT, FieldType.ADDRESS, FieldType.PERSON_NAME))
_APART_KINDS = _DIGIT_KINDS | {FieldType.KATAKANA}  # a letter a cell, on most forms
_AS_IT_IS, _THICK, _WORDLESS = range(3)
_LOOKS = (_AS_IT_IS, _THICK, _WORDLESS)
# Letters in cells are small: with thicker strokes, this engine agrees with the truth half as often again at once.
_LOOKS_APART = (_THICK, _WORDLESS, _AS_IT_IS)
_DIRECTORIES = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
)


class TesseractMissingError(RuntimeError):
    """Tesseract's Japanese data is not on this machine."""


def _library() -> ModuleType:
    # Before the import: the OpenMP runtime reads it once, when the library is loaded. More threads only wait.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    import tesserocr  # noqa: PLC0415  # must follow the line above

    return tesserocr  # type: ignore[no-any-return]  # the package carries no types


def language_data(prefix: str | None, directories: Iterable[str] = _DIRECTORIES) -> Path:
    """Return the directory with `jpn.traineddata`, `prefix` (TESSDATA_PREFIX) first.

    Raises TesseractMissingError when no directory has it.
    """
    named = [Path(prefix), Path(prefix) / "tessdata"] if prefix else []
    for directory in (*named, *map(Path, directories)):
        if (directory / "jpn.traineddata").is_file():
            return directory
    raise TesseractMissingError("Tesseractの日本語データがありません。")


class TesseractEngine:
    """Tesseract in this process, Japanese for words and, where installed, its Latin model for digits."""

    name = "tesseract"
    looks = len(_LOOKS)

    def __init__(self, tessdata: Path | None = None) -> None:
        library = _library()
        data = tessdata or language_data(os.environ.get("TESSDATA_PREFIX"))
        self._modes = library.PSM
        self._words = _api(library, data, "jpn")
        self._digits = _api(library, data, "eng") if (data / "eng.traineddata").is_file() else self._words

    def read(self, crop: Grey, kind: FieldType, look: int = 0) -> LineReading:
        """Read one line with the letters of `kind`; words of every letter have no whitelist.

        The looks are: the line as it is, with thicker strokes, and without the engine's own search for words. Which
        comes first depends on the kind.
        """
        way = (_LOOKS_APART if kind in _APART_KINDS else _LOOKS)[look]
        api = self._digits if kind in _DIGIT_KINDS else self._words
        allowed = "" if kind in _OPEN_KINDS else "".join(sorted(alphabet(kind) - {" "}))
        api.SetVariable("tessedit_char_whitelist", allowed)
        picture = _prepared(crop, kind, thick=way != _AS_IT_IS)
        height, width = picture.shape
        api.SetPageSegMode(self._mode(way, long=width > _ONE_WORD * height))
        api.SetImageBytes(picture.tobytes(), width, height, 1, width)
        text = re.sub(r"\s+", " ", api.GetUTF8Text()).strip()
        return LineReading(text=text, least=api.MeanTextConf() / 100)

    def _mode(self, way: int, *, long: bool) -> int:
        if way == _WORDLESS:
            return int(self._modes.RAW_LINE if long else self._modes.SINGLE_CHAR)
        return int(self._modes.SINGLE_LINE if long else self._modes.SINGLE_WORD)

    def close(self) -> None:
        """Free the engine's memory."""
        self._words.End()
        self._digits.End()


def _api(library: ModuleType, data: Path, language: str) -> Any:  # noqa: ANN401  # the package carries no types
    api = library.PyTessBaseAPI(path=f"{data}/", lang=language, oem=library.OEM.LSTM_ONLY)
    api.SetVariable("user_defined_dpi", _RESOLUTION)
    api.SetVariable("tessedit_do_invert", "0")
    return api


def _prepared(crop: Grey, kind: FieldType, *, thick: bool) -> Grey:
    """Scale to the height this engine reads the kind best at, and draw together letters that stand in cells.

    The engine was trained on running text: digits a cell apart read as separate words, and get lost.
    """
    apart = kind in _APART_KINDS
    line = drawn_together(crop) if apart else crop
    if thick:
        line = np.asarray(cv2.erode(line, np.ones((2, 2), np.uint8)), dtype=np.uint8)
    scale = (_CELL_HEIGHT if apart or thick else _LINE_HEIGHT) / line.shape[0]
    scaled = cv2.resize(line, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    bordered = cv2.copyMakeBorder(scaled, *(_BORDER,) * 4, cv2.BORDER_CONSTANT, value=255)
    return np.ascontiguousarray(bordered, dtype=np.uint8)


def drawn_together(crop: Grey) -> Grey:
    """Cut every gap between letters down to a third of the line's height."""
    widest = int(_WIDEST_GAP * crop.shape[0])
    kept = np.ones(crop.shape[1], dtype=np.bool_)
    for start, end in gaps(ink(crop)):
        kept[start + widest : end] = False
    return crop[:, kept]


def probe() -> Probe:
    """Say whether Tesseract and its Japanese data can be used."""
    try:
        data = language_data(os.environ.get("TESSDATA_PREFIX"))
        version = _library().tesseract_version().splitlines()[0]
    except (ImportError, OSError, TesseractMissingError) as reason:
        detail = f"{reason} apt-get install tesseract-ocr tesseract-ocr-jpn を実行してください。"
        return Probe(ok=False, detail=detail)
    return Probe(ok=True, detail=f"{version}、言語データ {data}")
