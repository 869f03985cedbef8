"""What does the page of a morning's report show?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from backoffice.automation.pages import chip_of_night, kind_of
from backoffice.automation.workflow import OUTCOME_NAMES, WHY_NAMES, WhyEnded
from backoffice.night_reports.models import NightReport, NightReportPart
from backoffice.web import Page
from backoffice.web.chips import Chip

MINUTES = Decimal(60)


@dataclass(frozen=True)
class PartRow:
    part: NightReportPart
    chip: Chip
    why: str
    seconds: float
    kind: str
    """What kind of run it was; "" for a night."""
    codes: Sequence[tuple[str, int]]
    """What came of the items, in words, the most frequent first."""
    saved_hours: float | None

    @classmethod
    def of(cls, part: NightReportPart) -> "PartRow":
        night = part.night
        ended_at = night.ended_at or night.started_at
        codes = sorted(part.codes.items(), key=lambda each: (-each[1], each[0]))
        return cls(
            part=part,
            chip=chip_of_night(night),
            why=WHY_NAMES[WhyEnded(night.why_ended)],
            seconds=(ended_at - night.started_at).total_seconds(),
            kind=kind_of(night),
            codes=[(OUTCOME_NAMES.get(code, code), count) for code, count in codes],
            saved_hours=None if part.saved_minutes is None else float(part.saved_minutes / MINUTES),
        )


@dataclass(frozen=True, kw_only=True)
class ReportPage(Page):
    report: NightReport | None
    rows: Sequence[PartRow]
    before: date | None
    after: date | None
    may_read: bool

    @property
    def done(self) -> int:
        """Give what was keyed at night; what people chose by day is counted apart."""
        return sum(row.part.done for row in self.rows if not row.kind)

    @property
    def done_by_day(self) -> int:
        return sum(row.part.done for row in self.rows if row.kind)

    @property
    def to_decide(self) -> int:
        return sum(row.part.to_decide for row in self.rows)

    @property
    def saved_hours(self) -> float | None:
        """Hours of those whose minutes are confirmed; None where nobody's are."""
        known = [row.saved_hours for row in self.rows if row.saved_hours is not None]
        return sum(known) if known else None
