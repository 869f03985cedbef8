"""What does PP-OCRv6 read on this line? The only door to onnxruntime and the weights."""

import math
from functools import cached_property
from importlib import metadata, resources
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from forms.field_types import FieldType
from forms.widths import plain
from ocr.alphabets import alphabet
from ocr.ctc import Spelled, other_spellings, spell, together
from ocr.decode import Grey
from ocr.engine import LineReading, Probe

_WEIGHTS = "models/PP-OCRv6_rec_small.onnx"
_HEIGHT = 48
_NARROWEST = 48
_WIDEST = 1600


class PaddleEngine:
    """PP-OCRv6-small, one thread, one line at a time: batching pads to the longest line and doubles the cost."""

    name = "v6"
    looks = 1

    def __init__(self, weights: Path | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        path = weights or shipped_weights()
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """Return the letter of each class: the CTC blank first, the space last."""
        listed = self._session.get_modelmeta().custom_metadata_map["character"].split("\n")
        return ("", *listed, " ")

    @cached_property
    def _classes(self) -> dict[FieldType, NDArray[np.intp]]:
        # The plain form of 18,000 letters takes a while, so it is found once for all kinds.
        letters = [(column, plain(letter) or letter) for column, letter in enumerate(self.letters) if letter]
        return {kind: _columns(letters, alphabet(kind) | {" "}) for kind in FieldType}

    @cached_property
    def _twins(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the classes of letters in another width, and beside each the class of its plain form."""
        usual = {letter: column for column, letter in enumerate(self.letters)}
        pairs = [
            (column, usual[plain(letter)])
            for column, letter in enumerate(self.letters)
            if letter.strip() and plain(letter) != letter and plain(letter) in usual
        ]
        odd, plainer = np.array(pairs, dtype=np.intp).T
        return odd, plainer

    def frames(self, crop: Grey) -> NDArray[np.float32]:
        """Return the class probabilities along `crop`, shape (time, classes)."""
        result = self._session.run(None, {self._input: _prepared(crop)})[0]
        return np.asarray(result[0], dtype=np.float32)

    def read(self, crop: Grey, kind: FieldType, look: int = 0) -> LineReading:  # noqa: ARG002  # it has one look
        """Read one line with the letters of `kind`."""
        frames = together(self.frames(crop), *self._twins)
        spelled = spell(frames, self._classes[kind])
        return LineReading(
            text="".join(self.letters[column] for column in spelled.columns),
            certainties=spelled.probabilities,
            least=min(spelled.probabilities, default=0.0),
            places=_places(spelled, len(frames)),
            others=other_spellings(spelled, self.letters),
            rivals=tuple(
                tuple((self.letters[column], probability) for column, probability in rivals)
                for rivals in spelled.runners_up
            ),
        )


def _columns(letters: list[tuple[int, str]], wanted: frozenset[str]) -> NDArray[np.intp]:
    return np.array([column for column, letter in letters if letter in wanted])


def _places(spelled: Spelled, length: int) -> tuple[float, ...]:
    return tuple((frame + 0.5) / length for frame in spelled.frames)


def _prepared(crop: Grey) -> NDArray[np.float32]:
    height, width = crop.shape
    wide = min(_WIDEST, max(_NARROWEST, math.ceil(width * _HEIGHT / height)))
    scaled = cv2.resize(crop, (wide, _HEIGHT), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    normal = scaled / 127.5 - 1.0
    return np.broadcast_to(normal, (1, 3, _HEIGHT, wide)).copy()


def shipped_weights() -> Path:
    """Return the path of the weights that the rapidocr wheel carries."""
    return Path(str(resources.files("rapidocr"))) / _WEIGHTS


def probe() -> Probe:
    """Say whether the weights are there and the runtime loads them."""
    try:
        engine = PaddleEngine()
    except Exception as reason:  # noqa: BLE001  # onnxruntime raises many kinds; the doctor shows whichever it was
        return Probe(ok=False, detail=f"PP-OCRv6の重みが開けません({reason})。requirements.txtを入れ直してください。")
    version = metadata.version("onnxruntime")
    return Probe(ok=True, detail=f"PP-OCRv6 small({len(engine.letters)}字)、onnxruntime {version}")
