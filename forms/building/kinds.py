"""What has a question of each type to be told, and how does a new one begin? Groups are put in at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from forms.definition import FormField, FormOption
from forms.field_types import LISTING, NUMBERS, FieldType

LENGTHS = frozenset({FieldType.TEXT, FieldType.LINES, FieldType.ADDRESS, FieldType.PERSON_NAME, FieldType.KATAKANA})
IN_A_TABLE = tuple(kind for kind in FieldType if kind not in (FieldType.TABLE, FieldType.FILE))
FIRST_OPTIONS = ("選択肢1", "選択肢2")
FIRST_ROWS = 5

_ONLY_FOR: dict[str, frozenset[FieldType]] = {
    "options": LISTING,
    "columns": frozenset({FieldType.TABLE}),
    "rows": frozenset({FieldType.TABLE}),
    "comb": frozenset({FieldType.DIGITS}),
    "check_digit": frozenset({FieldType.DIGITS}),
    "business_key": frozenset({FieldType.DIGITS}),
    "bank": frozenset({FieldType.BRANCH}),
    "minimum": NUMBERS,
    "maximum": NUMBERS,
    "unit": NUMBERS,
    "max_length": LENGTHS,
    "pattern": LENGTHS | {FieldType.DIGITS},
}
COMPUTABLE = frozenset({FieldType.INTEGER, FieldType.YEN, FieldType.DATE, FieldType.TEXT})


class Group(StrEnum):
    """Questions that belong together in every office."""

    NAME = "name"
    ADDRESS = "address"
    ACCOUNT = "account"


@dataclass(frozen=True)
class Sketch:
    """A question that is to be made: its label, its type and what else is known of it."""

    label: str
    type: FieldType
    required: bool = False
    max_length: int | None = None
    options: tuple[str, ...] = ()
    help: str = ""
    of_bank: bool = False
    """A branch of the bank that stands before it."""
    minimum: int | None = None
    maximum: int | None = None
    comb: int | None = None


GROUPS: dict[Group, tuple[Sketch, ...]] = {
    Group.NAME: (
        Sketch("氏名", FieldType.PERSON_NAME, required=True, max_length=40),
        Sketch("フリガナ", FieldType.KATAKANA, required=True, max_length=60),
    ),
    Group.ADDRESS: (
        Sketch("郵便番号", FieldType.POSTAL_CODE, required=True),
        Sketch("住所", FieldType.ADDRESS, required=True, max_length=120),
    ),
    Group.ACCOUNT: (
        Sketch("金融機関名", FieldType.BANK, required=True),
        Sketch("支店名", FieldType.BRANCH, required=True, of_bank=True),
        Sketch("預金種別", FieldType.CHOICE, required=True, options=("普通", "当座", "貯蓄")),
        Sketch("口座番号", FieldType.ACCOUNT, required=True),
        Sketch("口座名義(カナ)", FieldType.KATAKANA, required=True, max_length=48),
    ),
}


def options_of(labels: Sequence[str], before: Sequence[FormOption] = ()) -> tuple[FormOption, ...]:
    """Return options with these labels. One that was there keeps its code; where none came or went, a new label does.

    What was stored under a code goes on meaning the same.
    """
    by_label = {option.label: option for option in before}
    just_renamed = len(labels) == len(before)
    taken = {by_label[label].code for label in labels if label in by_label}
    found: list[FormOption] = []
    for place, label in enumerate(labels):
        option = by_label.get(label)
        if option is None and just_renamed and before[place].code not in taken:
            option = FormOption(code=before[place].code, label=label, label_en="")
        if option is None:
            used = {one.code for one in (*before, *found)}
            code = next(f"o{number}" for number in range(1, 1000) if f"o{number}" not in used | taken)
            option = FormOption(code=code, label=label, label_en="")
        taken.add(option.code)
        found.append(option)
    return tuple(found)


def of_type(field: FormField, kind: FieldType) -> FormField:
    """Return the question asked as another type, without what only its former type had."""
    lost = {name: FormField.model_fields[name].default for name, fits in _ONLY_FOR.items() if kind not in fits}
    begun: dict[str, object] = {}
    if kind in LISTING and not field.options:
        begun["options"] = options_of(FIRST_OPTIONS)
    if kind is FieldType.TABLE and not field.columns:
        column = FormField(key=f"{field.key}_c", label="列1", label_en="", type=FieldType.TEXT)
        begun |= {"columns": (column,), "rows": FIRST_ROWS}
    if kind not in COMPUTABLE:
        begun["computed"] = None
    if kind is FieldType.CHECKBOX:
        begun["twice"] = False
    return FormField.model_validate({**dict(field), **lost, **begun, "type": kind})
