"""What happens to accounts, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class SignedIn(Event):
    kind: ClassVar[str] = "signed_in"
    sentence: ClassVar[str] = _("サインインしました。")
    staff_id: int


@dataclass(frozen=True)
class PasswordAccepted(Event):
    kind: ClassVar[str] = "password_accepted"
    sentence: ClassVar[str] = _("パスワードを確かめ、2つめの確認を待っています。")
    staff_id: int


@dataclass(frozen=True)
class SignInRefused(Event):
    """`staff_id` is None for an account that does not exist: what was typed is not kept, it is sometimes a password."""

    kind: ClassVar[str] = "sign_in_refused"
    sentence: ClassVar[str] = _("サインインを断りました(職員番号 %(staff_id)s)。")
    staff_id: int | None


@dataclass(frozen=True)
class SignedOut(Event):
    kind: ClassVar[str] = "signed_out"
    sentence: ClassVar[str] = _("サインアウトしました。")
    staff_id: int


@dataclass(frozen=True)
class LanguageChosen(Event):
    kind: ClassVar[str] = "language_chosen"
    sentence: ClassVar[str] = _("表示言語を %(language)s に変えました。")
    staff_id: int
    language: str


@dataclass(frozen=True)
class PasswordChanged(Event):
    kind: ClassVar[str] = "password_changed"
    sentence: ClassVar[str] = _("職員番号 %(staff_id)s のパスワードを変えました。")
    staff_id: int


@dataclass(frozen=True)
class TextSizeChosen(Event):
    kind: ClassVar[str] = "text_size_chosen"
    sentence: ClassVar[str] = _("文字の大きさを変えました(%(code)s)。")
    staff_id: int
    code: str


@dataclass(frozen=True)
class MorningMailChosen(Event):
    kind: ClassVar[str] = "morning_mail_chosen"
    sentence: ClassVar[str] = _("朝のお知らせを受け取るかどうかを変えました。")
    staff_id: int
    wanted: bool


@dataclass(frozen=True)
class MailChanged(Event):
    kind: ClassVar[str] = "mail_changed"
    sentence: ClassVar[str] = _("職員番号 %(staff_id)s のメールアドレスを変えました。")
    staff_id: int


@dataclass(frozen=True)
class SessionsEnded(Event):
    kind: ClassVar[str] = "sessions_ended"
    sentence: ClassVar[str] = _("職員番号 %(staff_id)s のサインインを%(count)s件終わらせました。")
    staff_id: int
    count: int


@dataclass(frozen=True)
class BreakGlassSet(Event):
    kind: ClassVar[str] = "break_glass_set"
    sentence: ClassVar[str] = _("職員番号 %(staff_id)s の非常用の設定を切り替えました(非常用: %(on)s)。")
    staff_id: int
    on: bool


@dataclass(frozen=True)
class BreakGlassUsed(Event):
    kind: ClassVar[str] = "break_glass_used"
    sentence: ClassVar[str] = _("職員番号 %(staff_id)s が非常用のパスワードでサインインしました。")
    staff_id: int


@dataclass(frozen=True)
class DepartmentAdded(Event):
    kind: ClassVar[str] = "department_added"
    sentence: ClassVar[str] = _("部署 %(department_id)s を加えました。")
    department_id: int


@dataclass(frozen=True)
class StaffAdded(Event):
    kind: ClassVar[str] = "staff_added"
    sentence: ClassVar[str] = _("職員番号 %(staff_id)s を部署 %(department_id)s に加えました。")
    staff_id: int
    department_id: int


@dataclass(frozen=True)
class StaffSwitched(Event):
    kind: ClassVar[str] = "staff_switched"
    sentence: ClassVar[str] = _("職員番号 %(staff_id)s の利用を切り替えました(利用中: %(active)s)。")
    staff_id: int
    active: bool


@dataclass(frozen=True)
class RoleGranted(Event):
    kind: ClassVar[str] = "role_granted"
    sentence: ClassVar[str] = _("職員番号 %(staff_id)s に部署 %(department_id)s の役割 %(role)s を与えました。")
    staff_id: int
    department_id: int
    role: str


@dataclass(frozen=True)
class RoleEnded(Event):
    kind: ClassVar[str] = "role_ended"
    sentence: ClassVar[str] = _("職員番号 %(staff_id)s の部署 %(department_id)s での役割 %(role)s を終えました。")
    staff_id: int
    department_id: int
    role: str
