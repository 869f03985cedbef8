"""What happens to receipts, one sentence each: ids, never who."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class ReceiptKeyMade(Event):
    kind: ClassVar[str] = "receipt_key_made"
    sentence: ClassVar[str] = _("同意の控えに署名する鍵 %(key_id)s を作りました。")
    key_id: int


@dataclass(frozen=True)
class ReceiptGiven(Event):
    kind: ClassVar[str] = "receipt_given"
    sentence: ClassVar[str] = _("登録者 %(registrant_id)s に、同意の控えを渡しました。")
    registrant_id: int
