"""What happens to the register of needless papers, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class PaperEntered(Event):
    kind: ClassVar[str] = "paper_entered"
    sentence: ClassVar[str] = _("添付書類の台帳に %(paper_id)s を入れました。")
    paper_id: int


@dataclass(frozen=True)
class PaperChanged(Event):
    kind: ClassVar[str] = "paper_changed"
    sentence: ClassVar[str] = _("添付書類の台帳の %(paper_id)s を直しました(%(state)s)。")
    paper_id: int
    state: str


@dataclass(frozen=True)
class PaperUndone(Event):
    kind: ClassVar[str] = "paper_undone"
    sentence: ClassVar[str] = _("添付書類の台帳の %(paper_id)s で、直前の変更を取り消しました。")
    paper_id: int


@dataclass(frozen=True)
class PapersImported(Event):
    kind: ClassVar[str] = "papers_imported"
    sentence: ClassVar[str] = _("添付書類の台帳にCSVを取り込みました(入れた %(entered)s件、直した %(changed)s件)。")
    entered: int
    changed: int
