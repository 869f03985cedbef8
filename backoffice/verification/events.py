"""What happens when fields are checked in volume, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class FieldHeld(Event):
    """Also the record that personal data was shown: one field of a sheet, beside the same field of others."""

    kind: ClassVar[str] = "field_held"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s の1つの欄の確認を始めました。")
    sheet_id: int


@dataclass(frozen=True)
class FieldConfirmed(Event):
    kind: ClassVar[str] = "field_confirmed"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s の1つの欄を確かめました。")
    sheet_id: int


@dataclass(frozen=True)
class EntriesDiffer(Event):
    kind: ClassVar[str] = "entries_differ"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s の%(fields)s欄で、2人の入力が違いました。")
    sheet_id: int
    fields: int


@dataclass(frozen=True)
class ThresholdSet(Event):
    kind: ClassVar[str] = "reading_threshold_set"
    sentence: ClassVar[str] = _("様式 %(code)s の読取の基準を、確度%(threshold)s%%にしました。")
    setting_id: int
    code: str
    threshold: int


@dataclass(frozen=True)
class ThresholdPutBack(Event):
    kind: ClassVar[str] = "reading_threshold_put_back"
    sentence: ClassVar[str] = _("様式 %(code)s の読取の基準を、もとに戻しました。")
    setting_id: int
    code: str


@dataclass(frozen=True)
class SampleDrawn(Event):
    kind: ClassVar[str] = "sample_drawn"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s の%(fields)s欄を抜き取り確認に回しました。")
    sheet_id: int
    fields: int


@dataclass(frozen=True)
class SampleShown(Event):
    kind: ClassVar[str] = "sample_shown"
    sentence: ClassVar[str] = _("抜き取り確認 %(sample_id)s の欄を見ました。")
    sample_id: int


@dataclass(frozen=True)
class SampleChecked(Event):
    kind: ClassVar[str] = "sample_checked"
    sentence: ClassVar[str] = _("抜き取り確認 %(sample_id)s を終えました(%(outcome)s)。")
    sample_id: int
    outcome: str
