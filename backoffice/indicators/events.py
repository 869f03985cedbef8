"""What happens to indicators, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class MinutesConfirmed(Event):
    kind: ClassVar[str] = "minutes_confirmed"
    sentence: ClassVar[str] = _(
        "部署 %(department_id)s の %(procedure)s について、1件あたりの分数を確認しました(記録 %(confirmed_id)s)。"
    )
    confirmed_id: int
    department_id: int
    procedure: str
