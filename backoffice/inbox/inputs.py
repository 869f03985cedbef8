"""What do people send to the inbox?"""

from collections.abc import Iterable, Mapping
from datetime import date

from backoffice.errors import Invalid
from backoffice.inbox.absences import Away
from backoffice.inbox.deciding import Said
from backoffice.inbox.kinds import CaseKind
from backoffice.inbox.opening import Matter
from backoffice.inbox.trays import Due, Tray, Wanted
from backoffice.web.forms_in import whole_number
from backoffice.web.translations import _
from forms.field_types import Value
from forms.problems import NotNormalError
from forms.wareki import parse_date
from workflows.routes import Decision

LIST_LIMIT = 200


def read_wanted(typed: Mapping[str, str]) -> Wanted:
    """Read a filter from an address; what is not known counts as not asked for."""
    tray = typed.get("tray", "")
    kind, due = typed.get("kind", ""), typed.get("due", "")
    return Wanted(
        tray=Tray(tray) if tray in set(Tray) else Tray.OWN,
        keyword=typed.get("q", "")[:80],
        kind=kind,
        due=due if due in set(Due) else "",
    )


def wanted_params(wanted: Wanted) -> dict[str, str]:
    """Give the filter as parameters of an address."""
    tray = "" if wanted.tray is Tray.OWN else str(wanted.tray)
    return {"tray": tray, "q": wanted.keyword, "kind": wanted.kind, "due": wanted.due}


def read_decision(typed: Mapping[str, str]) -> Decision:
    """Give the decision whose button was pressed. Raises Invalid for none."""
    word = typed.get("decision", "")
    if word not in set(Decision):
        raise Invalid(_("決定を選んでください。"), {"decision": _("決定を選んでください。")})
    return Decision(word)


def read_said(typed: Mapping[str, str], answers: Mapping[str, Value], batch: str = "") -> Said:
    return Said(read_decision(typed), typed.get("reason", ""), answers, batch)


def read_ids(texts: list[str]) -> list[int]:
    """Give the chosen tasks, at most a list's length of them. Raises Invalid for none."""
    ids = list(dict.fromkeys(whole_numbers(texts)))
    if not ids:
        raise Invalid(_("案件を選んでください。"), {"task": _("案件を選んでください。")})
    return ids[:LIST_LIMIT]


def whole_numbers(texts: Iterable[str]) -> list[int]:
    """Give those of the texts that are ids; what somebody else typed there is left out."""
    return [found for found in map(whole_number, texts) if found is not None]


def read_matter(typed: Mapping[str, str], kind: CaseKind, answers: Mapping[str, Value]) -> Matter:
    retention = whole_number(typed.get("retention", ""))
    return Matter(
        title=typed.get("title", ""),
        answers=answers,
        retention_years=kind.retention_years if retention is None else retention,
        decision_level=typed.get("level", kind.decision_level),
        coordinating_department_id=whole_number(typed.get("coordinating", "")),
    )


def read_away(typed: Mapping[str, str]) -> Away:
    """Read a period of absence. Raises Invalid naming the day at fault."""
    return Away(_day(typed, "starts"), _day(typed, "ends"), typed.get("deputy", ""))


def _day(typed: Mapping[str, str], name: str) -> date:
    try:
        return parse_date(typed.get(name, ""))
    except NotNormalError as reason:
        trouble = _("日付を「R8.12.1」「2026/12/1」のように入れてください。")
        raise Invalid(_("入力を確認してください"), {name: trouble}) from reason
