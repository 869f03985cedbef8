"""What does the page show on which a case is drafted, or mended once it was sent back?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backoffice.inbox.kinds import LEVELS, RETENTION, CaseKind
from backoffice.inbox.models import Case
from backoffice.inbox.workflow import CaseState
from backoffice.web import Page
from backoffice.web.answer_rows import AnswerRow


@dataclass(frozen=True, kw_only=True)
class DraftPage(Page):
    kind: CaseKind
    case: Case | None
    rows: Sequence[AnswerRow]
    case_title: str
    retention: str
    level: str
    coordinating: str
    departments: Sequence[tuple[str, str]]
    wrong: Mapping[str, str]
    overtaken: str = ""
    """Who wrote it meanwhile, where the page holds what another has overtaken."""
    asking: Sequence[str] = ()

    @property
    def mends(self) -> bool:
        """The case was sent back: it is mended, not begun."""
        return self.case is not None and self.case.state != CaseState.DRAFT

    @property
    def retentions(self) -> list[tuple[str, str]]:
        return [(str(years), name) for years, name in RETENTION.items()]

    @property
    def levels(self) -> list[tuple[str, str]]:
        return list(LEVELS.items())
