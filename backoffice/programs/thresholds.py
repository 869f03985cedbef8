"""What is done with thresholds: entered with their day and their law, confirmed by a second person."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from backoffice.errors import Invalid, NotPermitted, NotThere, Overtaken
from backoffice.identity import Permission
from backoffice.programs.events import ThresholdConfirmed, ThresholdEntered
from backoffice.programs.models import Threshold, ThresholdValue
from backoffice.web.free_text import words_given
from backoffice.web.translations import _
from backoffice.work import Work
from workflows.rules.sentences import NAME_MARKS

CODE = re.compile(r"[a-z][a-z0-9-]{1,62}")
LARGEST = 10**12
MOST_ROWS = 30
UNITS = ("円", "人")


@dataclass(frozen=True)
class Dated:
    """What somebody enters of a threshold. `content`: `{"schema": 1, "value": …}` or `{"schema": 1, "rows": …}`."""

    starts: date
    ends: date | None
    content: dict[str, object]
    legal_reference: str


def begin_threshold(work: Work, code: str, names: tuple[str, str], unit: str, *, is_table: bool) -> Threshold:
    """Begin a threshold of the actor's own department. Raises Invalid, NotPermitted."""
    if work.actor.department_id is None:
        raise NotPermitted(_("所属のない職員は基準額を登録できません。"))
    wrong: dict[str, str] = {}
    if not CODE.fullmatch(code):
        wrong["code"] = _("符号は英小文字で始め、英小文字・数字・「-」で63文字までにしてください。")
    if any(mark in name for name in names for mark in NAME_MARKS):
        wrong["name_ja"] = _("名前に「〈」「〉」は使えません。ルールの文で名前を囲む印です。")
    if unit not in UNITS:
        wrong["unit"] = _("単位を選んでください。")
    if wrong:
        raise Invalid(_("入力を確認してください"), wrong)
    ja, en = (words_given(name, field, 80) for name, field in zip(names, ("name_ja", "name_en"), strict=True))
    taken = select(Threshold.id).where((Threshold.code == code) | (Threshold.name_ja == ja) | (Threshold.name_en == en))
    if work.session.scalar(taken.limit(1)) is not None:
        raise Invalid(_("入力を確認してください"), {"code": _("同じ符号か名前の基準額がもうあります。")})
    threshold = Threshold(
        code=code, name_ja=ja, name_en=en, unit=unit, is_table=is_table, department_id=work.actor.department_id
    )
    work.session.add(threshold)
    work.session.flush()
    return threshold


def enter_value(work: Work, threshold: Threshold, dated: Dated) -> ThresholdValue:
    """Enter what a threshold comes to from a day on; it waits for a second person. Raises Invalid, NotPermitted."""
    _must_reach(work, threshold)
    reference = words_given(dated.legal_reference, "legal_reference", 200)
    if dated.ends is not None and dated.ends < dated.starts:
        raise Invalid(_("入力を確認してください"), {"ends": _("終わる日が始める日より前です。")})
    same_day = next((each for each in threshold.values if each.starts == dated.starts), None)
    if same_day is not None and same_day.confirmed_by_id is not None:
        raise Invalid(_("入力を確認してください"), {"starts": _("この日からの値は、もう確かめられています。")})
    value = same_day or ThresholdValue(threshold_id=threshold.id, starts=dated.starts)
    value.ends, value.content, value.legal_reference = dated.ends, dated.content, reference
    value.entered_by_id = work.actor.staff_id
    work.session.add(value)
    work.session.flush()
    work.record(ThresholdEntered(threshold.id, value.id))
    return value


def confirm_value(work: Work, threshold: Threshold, value_id: int, seen: str) -> None:
    """Say that a value is right, as it was `seen`. Raises NotPermitted for whoever entered it, NotThere, Overtaken."""
    _must_reach(work, threshold)
    value = next((each for each in threshold.values if each.id == value_id), None)
    if value is None:
        raise NotThere("お探しの記録は見つかりませんでした。")
    if value.confirmed_by_id is not None:
        raise Overtaken(_("この値はもう確かめられています。"))
    if seen != fingerprint_of(value):
        raise Overtaken(_("この項目は変わっています。最新の内容を確認してください。"))
    if not may_confirm(work, threshold, value):
        raise NotPermitted(_("自分で入れた値は、自分では確かめられません。同じ部署のほかの職員に頼んでください。"))
    value.confirmed_by_id, value.confirmed_at = work.actor.staff_id, work.now
    work.record(ThresholdConfirmed(threshold.id, value.id))


def fingerprint_of(value: ThresholdValue) -> str:
    """Give a mark of what a value says: whoever confirms it confirms what they saw."""
    said = [value.starts.isoformat(), value.ends and value.ends.isoformat(), value.content, value.legal_reference]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def may_edit(work: Work, threshold: Threshold) -> bool:
    return work.actor.reaches(Permission.THRESHOLD_EDIT, threshold.department.path)


def may_confirm(work: Work, threshold: Threshold, value: ThresholdValue) -> bool:
    """Say whether the actor is a second person to a value that nobody has confirmed yet."""
    is_second = work.actor.staff_id is not None and work.actor.staff_id != value.entered_by_id
    return value.confirmed_by_id is None and is_second and may_edit(work, threshold)


def holding(threshold: Threshold, day: date) -> ThresholdValue | None:
    """Give the value that holds on a day; None where none does."""
    begun = [each for each in threshold.values if each.starts <= day]
    newest = max(begun, key=lambda each: each.starts, default=None)
    return None if newest is None or (newest.ends is not None and newest.ends < day) else newest


def _must_reach(work: Work, threshold: Threshold) -> None:
    if not may_edit(work, threshold):
        raise NotPermitted(_("この基準額を直せるのは、所管する部署の職員だけです。"))
