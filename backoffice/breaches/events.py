"""What happens to the handling of a leak, one sentence each: ids and counts only."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class BreachBegun(Event):
    kind: ClassVar[str] = "breach_begun"
    sentence: ClassVar[str] = _("漏えい等への対応 %(breach_id)s を起こしました(案件 %(case_id)s)。")
    breach_id: int
    case_id: int


@dataclass(frozen=True)
class BreachCounted(Event):
    kind: ClassVar[str] = "breach_counted"
    sentence: ClassVar[str] = _("漏えい等への対応 %(breach_id)s で、情報が渡った人を数えました(%(people)s人)。")
    breach_id: int
    people: int


@dataclass(frozen=True)
class BreachHarmJudged(Event):
    kind: ClassVar[str] = "breach_harm_judged"
    sentence: ClassVar[str] = _("漏えい等への対応 %(breach_id)s で、不正の目的のおそれについての見方を変えました。")
    breach_id: int
