"""What happens to personnel files, and to staff and departments through them, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class HrFilePlanned(Event):
    kind: ClassVar[str] = "hr_file_planned"
    sentence: ClassVar[str] = _(
        "人事ファイル %(plan_id)s の取込を予定しました(加わる %(joins)s人、離れる %(leaves)s人)。"
    )
    plan_id: int
    joins: int
    leaves: int


@dataclass(frozen=True)
class HrFileCancelled(Event):
    kind: ClassVar[str] = "hr_file_cancelled"
    sentence: ClassVar[str] = _("人事ファイル %(plan_id)s の取込を取りやめました。")
    plan_id: int


@dataclass(frozen=True)
class HrFileApplied(Event):
    kind: ClassVar[str] = "hr_file_applied"
    sentence: ClassVar[str] = _(
        "人事ファイル %(plan_id)s を取り込みました(加わった %(joins)s人、離れた %(leaves)s人)。"
    )
    plan_id: int
    joins: int
    leaves: int


@dataclass(frozen=True)
class HrFileFailed(Event):
    kind: ClassVar[str] = "hr_file_failed"
    sentence: ClassVar[str] = _("人事ファイル %(plan_id)s を取り込めず、何も変えませんでした。")
    plan_id: int


@dataclass(frozen=True)
class StaffMoved(Event):
    kind: ClassVar[str] = "staff_moved"
    sentence: ClassVar[str] = _("職員番号 %(staff_id)s が部署 %(from_id)s から部署 %(to_id)s に移りました。")
    staff_id: int
    from_id: int
    to_id: int


@dataclass(frozen=True)
class StaffLeft(Event):
    kind: ClassVar[str] = "staff_left"
    sentence: ClassVar[str] = _("職員番号 %(staff_id)s が部署 %(department_id)s を最後に離れました。")
    staff_id: int
    department_id: int


@dataclass(frozen=True)
class StaffRenamed(Event):
    kind: ClassVar[str] = "staff_renamed"
    sentence: ClassVar[str] = _("職員番号 %(staff_id)s の氏名を変えました。")
    staff_id: int


@dataclass(frozen=True)
class DepartmentRenamed(Event):
    kind: ClassVar[str] = "department_renamed"
    sentence: ClassVar[str] = _("部署 %(department_id)s の名前を変えました。")
    department_id: int


@dataclass(frozen=True)
class DepartmentMoved(Event):
    kind: ClassVar[str] = "department_moved"
    sentence: ClassVar[str] = _("部署 %(department_id)s を部署 %(parent_id)s の下に移しました。")
    department_id: int
    parent_id: int | None


@dataclass(frozen=True)
class DepartmentClosed(Event):
    kind: ClassVar[str] = "department_closed"
    sentence: ClassVar[str] = _("部署 %(department_id)s を閉じました。")
    department_id: int
