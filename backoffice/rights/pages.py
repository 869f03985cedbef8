"""What do the pages of persons' requests show? Nowhere who it is, but behind a look that was opened for a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backoffice.inbox.models import Case
from backoffice.inbox.pages import DueMark
from backoffice.rights.models import RightsRequest
from backoffice.rights.workflow import KIND_NAMES, OUTCOME_CHIPS, RightsKind, RightsOutcome
from backoffice.web import Crumb, Page
from backoffice.web.chips import Chip
from backoffice.web.lists import Paging
from backoffice.web.translations import _

REQUESTS = Crumb(_("開示等の請求"), "/rights")


@dataclass(frozen=True)
class RequestRow:
    request: RightsRequest
    case: Case
    kind: str
    chip: Chip
    due: DueMark | None
    """None once it is decided."""
    may_hand_over: bool

    @classmethod
    def of(cls, request: RightsRequest, case: Case, due: DueMark | None) -> "RequestRow":
        granted = request.kind == RightsKind.DISCLOSE and request.outcome == RightsOutcome.GRANTED
        chip = OUTCOME_CHIPS[RightsOutcome(request.outcome)]
        return cls(request, case, KIND_NAMES[RightsKind(request.kind)], chip, due, granted)


@dataclass(frozen=True, kw_only=True)
class RequestsPage(Page):
    rows: Sequence[RequestRow]
    paging: Paging


@dataclass(frozen=True, kw_only=True)
class RequestPage(Page):
    title_text: str
    row: RequestRow
    article: str
    identity: str
    may_extend: bool
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class OwnRequestsPage(Page):
    """What the person at the counter has asked, and the form for one more."""

    look_id: int
    rows: Sequence[RequestRow]
    kinds: Sequence[tuple[str, str]]
    identities: Sequence[tuple[str, str]]
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
