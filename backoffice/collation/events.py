"""What of comparing with papers stands on the trail? Ids and keys of questions, never what was written."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class PaperRuleSet(Event):
    kind: ClassVar[str] = "paper_rule_set"
    sentence: ClassVar[str] = _("様式 %(design_id)s の添付書類(%(question)s)の読み方を決めました。")
    design_id: int
    question: str


@dataclass(frozen=True)
class PapersHandedIn(Event):
    kind: ClassVar[str] = "attached_papers_handed_in"
    sentence: ClassVar[str] = _("記録 %(record_id)s の添付書類を読取に回しました(%(count)s件)。")
    record_id: int
    count: int


@dataclass(frozen=True)
class PapersCompared(Event):
    kind: ClassVar[str] = "attached_papers_compared"
    sentence: ClassVar[str] = _("記録 %(record_id)s を添付書類と並べて見ました。")
    record_id: int


@dataclass(frozen=True)
class DifferenceDecided(Event):
    kind: ClassVar[str] = "paper_difference_decided"
    sentence: ClassVar[str] = _("記録 %(record_id)s と添付書類の違い(%(question)s)を決めました。")
    record_id: int
    question: str
    ruling: str
