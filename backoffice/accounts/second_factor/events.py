"""What happens to second factors, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class FactorAdded(Event):
    """`code` is `totp` or `key`."""

    kind: ClassVar[str] = "factor_added"
    sentence: ClassVar[str] = _("職員番号 %(staff_id)s の2つめの確認(%(code)s)を登録しました。")
    staff_id: int
    code: str


@dataclass(frozen=True)
class FactorRemoved(Event):
    kind: ClassVar[str] = "factor_removed"
    sentence: ClassVar[str] = _("職員番号 %(staff_id)s の2つめの確認(%(code)s)を外しました。")
    staff_id: int
    code: str


@dataclass(frozen=True)
class FactorReset(Event):
    kind: ClassVar[str] = "factor_reset"
    sentence: ClassVar[str] = _("職員番号 %(staff_id)s の2つめの確認をすべて取り消し、サインインを終わらせました。")
    staff_id: int


@dataclass(frozen=True)
class FactorRefused(Event):
    kind: ClassVar[str] = "factor_refused"
    sentence: ClassVar[str] = _("職員番号 %(staff_id)s の2つめの確認(%(code)s)を断りました。")
    staff_id: int
    code: str
