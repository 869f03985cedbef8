"""What happens to requests of persons, one sentence each: ids only, never who it is."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class RightsAsked(Event):
    kind: ClassVar[str] = "rights_asked"
    sentence: ClassVar[str] = _("開示等の請求 %(request_id)s を受け付けました(案件 %(case_id)s)。")
    request_id: int
    case_id: int


@dataclass(frozen=True)
class RightsExtended(Event):
    kind: ClassVar[str] = "rights_extended"
    sentence: ClassVar[str] = _("開示等の請求 %(request_id)s の決定の期限を延ばしました。")
    request_id: int


@dataclass(frozen=True)
class RightsSettled(Event):
    kind: ClassVar[str] = "rights_settled"
    sentence: ClassVar[str] = _("開示等の請求 %(request_id)s が決まりました(%(outcome)s)。")
    request_id: int
    outcome: str


@dataclass(frozen=True)
class RightsHandedOver(Event):
    kind: ClassVar[str] = "rights_handed_over"
    sentence: ClassVar[str] = _("開示等の請求 %(request_id)s で、持っている情報の写しを本人に渡しました。")
    request_id: int


@dataclass(frozen=True)
class RightsStopped(Event):
    kind: ClassVar[str] = "rights_stopped"
    sentence: ClassVar[str] = _("開示等の請求 %(request_id)s で、本人の同意 %(consents)s件を終わらせました。")
    request_id: int
    consents: int
