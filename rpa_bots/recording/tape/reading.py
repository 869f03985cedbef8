"""Is this file a recording, and if not, what must the clerk do? Sentences name the step and its field."""

from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rpa_bots.recording.tape.steps import Recording

BYTES_AT_MOST: Final = 5_000_000
STEPS_AT_MOST: Final = 1_000
SENTENCES_AT_MOST: Final = 10
NOT_JSON: Final = (
    "録画のファイル(JSON)ではありません。ブラウザーのレコーダーで「JSONファイル」として書き出してください。"
)
TOO_LARGE: Final = "録画のファイルが大きすぎます(5 MBまで、1,000手順まで)。"
NO_STEPS: Final = "録画に手順がありません。"
SAID: Final = {
    "missing": "ありません",
    "string_type": "文字ではありません",
    "string_too_short": "空です",
    "int_type": "整数ではありません",
    "float_type": "数ではありません",
    "bool_type": "はい・いいえ(true / false)ではありません",
    "tuple_type": "並び([…])ではありません",
    "dict_type": "組({…})ではありません",
    "model_type": "組({…})ではありません",
    "too_short": "空です",
    "greater_than_equal": "小さすぎます",
    "less_than_equal": "大きすぎます",
    "literal_error": "使えない値です",
    "union_tag_invalid": "知らない種類の手順です",
    "union_tag_not_found": "手順の種類がありません",
}


class UnusableRecordingError(ValueError):
    """The sentences, in the office's words; they quote nothing that was typed while recording."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def read_recording(content: bytes) -> Recording:
    """Read an exported recording. Raises UnusableRecordingError, which names each step and field that is wrong."""
    if len(content) > BYTES_AT_MOST:
        raise UnusableRecordingError(TOO_LARGE)
    try:
        recording = Recording.model_validate_json(content.removeprefix(b"\xef\xbb\xbf"))
    except ValidationError as wrong:
        raise UnusableRecordingError(*_sentences(wrong.errors(include_input=False, include_url=False))) from None
    if not recording.steps:
        raise UnusableRecordingError(NO_STEPS)
    if len(recording.steps) > STEPS_AT_MOST:
        raise UnusableRecordingError(TOO_LARGE)
    return recording


def _sentences(errors: list[ErrorDetails]) -> list[str]:
    if any(error["type"] == "json_invalid" or not error["loc"] for error in errors):
        return [NOT_JSON]
    told = list(dict.fromkeys(map(_sentence, errors)))
    return [*told[:SENTENCES_AT_MOST], *([f"ほか{rest}件"] if (rest := len(told) - SENTENCES_AT_MOST) > 0 else [])]


def _sentence(error: ErrorDetails) -> str:
    said = SAID.get(error["type"], "正しくありません")
    match error["loc"]:
        case ("steps", int(number)):
            return f"{number + 1}番目の手順: {said}"
        case ("steps", int(number), kind, *rest):
            names = [f"{part + 1}番目" if isinstance(part, int) else part for part in rest]
            return f"{number + 1}番目の手順({kind})の「{'・'.join(names)}」: {said}"
        case (name, *_):
            return f"録画の「{name}」: {said}"
    return NOT_JSON
