"""What has the partner shown so far, and what goes along when the link is sent on its route?"""

from dataclasses import dataclass
from datetime import datetime

from backoffice.data_links.models import LinkVersion
from backoffice.data_links.sandbox import queries
from backoffice.data_links.sandbox.calling import mark_of
from backoffice.data_links.sandbox.events import ContractReportKept
from backoffice.data_links.sandbox.models import ContractReport, SandboxCall
from backoffice.data_links.sandbox.words import CHECKS, RESULT_SIGNS
from backoffice.data_links.weighing import terms_of
from backoffice.services import TOKYO
from backoffice.web.free_text import reason_given
from backoffice.web.translations import _, speaking, translate
from backoffice.work import Work
from workflows.links import Check, Finding, Necessity, Persona, Result, Tried, findings, is_green

STALE = _("この結果のあとで、機械に関わる内容が変わっています。")
WHY = "untried"
"""How the form calls the reason for sending a version though not all was shown."""


@dataclass(frozen=True)
class Report:
    """`stale`: the version has changed since, in what machines meet."""

    findings: tuple[Finding, ...]
    why: str = ""
    at: datetime | None = None
    stale: bool = False

    @property
    def is_green(self) -> bool:
        return is_green(self.findings)

    @property
    def shown(self) -> int:
        return sum(each.result is Result.SHOWN for each in self.findings)


def report_now(work: Work, version: LinkVersion) -> Report:
    """Give what the partner has shown of a version as it says now."""
    calls = queries.calls_of(work.session, version.id, mark_of(version))
    has_optional = any(use.necessity is Necessity.OPTIONAL for use in terms_of(version).uses)
    return Report(findings([_tried(each) for each in calls], has_optional=has_optional))


def report_kept(work: Work, version: LinkVersion) -> Report | None:
    """Give what went along when a version was sent on its route; None where it never was."""
    kept = queries.frozen_report(work.session, version.id)
    if kept is None:
        return None
    found = tuple(_read(each) for each in kept.findings)
    return Report(found, kept.why, kept.at, stale=kept.terms_mark != mark_of(version))


def reason_for(report: Report, typed: str, *, narrows: bool) -> str:
    """Give why a version is sent though not all was shown. Raises Invalid where a reason is missing."""
    return "" if narrows or report.is_green else reason_given(typed, WHY)


def keep(work: Work, version: LinkVersion, case_id: int, report: Report, why: str) -> ContractReport:
    """Let the report as it is now stay with the case."""
    kept = ContractReport(
        version_id=version.id,
        case_id=case_id,
        terms_mark=mark_of(version),
        findings=[_written(each) for each in report.findings],
        why=why,
        at=work.now,
    )
    work.session.add(kept)
    work.session.flush()
    work.record(ContractReportKept(version.id, kept.id))
    return kept


def in_words(report: Report, why: str) -> str:
    """Say a report in a few lines, as the case keeps it, in the city's language; first, where it is of other terms."""
    with speaking("ja"):
        lines = [translate(STALE)] if report.stale else []
        lines += [
            f"{RESULT_SIGNS[each.result]} {translate(CHECKS[each.check])}{_moment(each)}" for each in report.findings
        ]
        if why:
            lines.append(translate(_("示されていない点がある理由: %(why)s"), why=why))
    return "\n".join(lines)


def _moment(finding: Finding) -> str:
    return "" if finding.at is None else finding.at.astimezone(TOKYO).strftime(" (%Y-%m-%d %H:%M)")


def _tried(call: SandboxCall) -> Tried:
    persona = None if call.persona is None else Persona(call.persona)
    return Tried(str(call.request_id or ""), persona, call.outcome, call.at, call.retry_after)


def _written(finding: Finding) -> dict[str, str | None]:
    at = None if finding.at is None else finding.at.isoformat()
    return {"check": finding.check, "result": finding.result, "at": at}


def _read(kept: dict[str, str | None]) -> Finding:
    at = kept["at"]
    return Finding(
        Check(kept["check"] or ""), Result(kept["result"] or ""), None if at is None else datetime.fromisoformat(at)
    )
