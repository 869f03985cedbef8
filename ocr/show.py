"""How are readings shown to a person at a terminal? As tables of text."""

import unicodedata
from typing import Any

from ocr.page import FieldReading, PageReading

_KEY, _TEXT = 14, 36


def table(reading: PageReading) -> str:
    """Show one page: a line a field, those a person must look at with the codes of why."""
    if reading.status == "refused":
        return f"{reading.file} p{reading.page}: 読みません — {reading.reason}"
    if reading.status == "blank":
        return f"{reading.file} p{reading.page}: 白紙"
    asked = sum(not field.passes for field in reading.fields)
    placed = f"{reading.registered_by}、ずれ {reading.residual_px}px"
    head = f"{reading.file} p{reading.page}: {reading.form} {len(reading.fields)}項目中{asked}項目を人が確認({placed})"
    return "\n".join((head, *map(_line, reading.fields)))


def _line(field: FieldReading) -> str:
    sign = "○" if field.passes else "？"
    words = f"{_padded(field.key, _KEY)} {_padded(field.text, _TEXT)}"
    return f"  {sign} {words} {field.confidence:4.2f} {' '.join(field.why_not)}".rstrip()


def _padded(text: str, columns: int) -> str:
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return text + " " * max(0, columns - len(text) - wide)


def score_table(result: dict[str, Any]) -> str:
    """Show the counts of a score, a line a kind of sheet."""
    lines = [f"用紙 {result.get('sheets', 0)}枚、位置合わせ {result.get('registered', 0)}枚"]
    for kind, count in result["kinds"].items():
        share = count["passed"] / count["fields"]
        lines.append(
            f"  {_padded(kind, 34)} {count['fields']:5}項目 正読 {count['exact']:5} "
            f"通過 {count['passed']:5}({share:.1%}) 誤って通過 {count['passed_wrong']}"
        )
    return "\n".join((*lines, *(f"  誤って通過: {place}" for place in result["wrong"])))
