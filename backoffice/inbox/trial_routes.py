"""The page on which a version is tried: who would be asked, what if they decide so, where would the case go?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from backoffice.drawing.checking import names_of
from backoffice.drawing.models import RouteVersion
from backoffice.drawing.queries import find_version, route_drawn
from backoffice.drawing.routes import crumbs_to
from backoffice.drawing.words import OUTCOMES, who_is_asked
from backoffice.errors import Invalid
from backoffice.identity import Permission, Staff
from backoffice.inbox import queries
from backoffice.inbox.desks import Standpoint, desk_asked, holders_of
from backoffice.inbox.kinds import KINDS, CaseKind
from backoffice.inbox.pages import Chip, department_choices
from backoffice.inbox.trying import (
    RING,
    Passed,
    Trial,
    TrialMove,
    example_answers,
    form_of_step,
    read_moves,
    walk,
    write_moves,
)
from backoffice.inbox.workflow import DECISION_NAMES
from backoffice.web import Crumb, Page, Reading, StaffRouter, render
from backoffice.web.answer_rows import AnswerRow, answer_rows
from backoffice.web.answers_in import Checked, check_answers
from backoffice.web.forms_in import FormData
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms import catalogue
from workflows.routes import Decision, OpenStep, Outcome, Route, RouteRefused

OPENING = "o_"
MOST_NAMES = 8
OUTCOME_TONES = {
    Outcome.APPROVED: ("good", "●"),
    Outcome.DONE: ("good", "●"),
    Outcome.REJECTED: ("bad", "✕"),
    Outcome.WITHDRAWN: ("plain", "■"),
}

staff = StaffRouter()


@dataclass(frozen=True)
class OpenRow:
    """One step that waits in the trial, and who would find it in their tray today."""

    token: str
    name: str
    asked: str
    names: Sequence[str]
    more: int
    decisions: Sequence[tuple[str, str]]
    rows: Sequence[AnswerRow]


@dataclass(frozen=True)
class Stand:
    """Where a trial stands: what it has passed, what waits, how it ended."""

    moves: str
    passed: Sequence[tuple[Passed, str]]
    """Each move with the msgid of what was decided."""
    open: Sequence[OpenRow]
    timers: Sequence[tuple[str, str]]
    marked: str
    end: Chip | None
    stuck: bool


@dataclass(frozen=True, kw_only=True)
class TryPage(Page):
    title_text: str
    version: RouteVersion
    kind: CaseKind
    rows: Sequence[AnswerRow]
    department: str
    departments: Sequence[tuple[str, str]]
    drafter: str
    coordinating: str
    wrong: Mapping[str, str] = field(default_factory=dict)
    stand: Stand | None = None
    """Where the trial stands, once it has begun."""
    is_route: bool = True


@staff.page("/routes/versions/{version_id}/try", Permission.ROUTE_DRAW)
def try_it(request: Request, work: Reading, version_id: int) -> HTMLResponse:
    version = find_version(work.session, version_id)
    kind = KINDS[version.kind]
    examples = example_answers(work, catalogue.definition(kind.form_code))
    typed = {f"{OPENING}{key}": text for key, text in examples.items()}
    account = work.session.scalar(select(Staff.account).where(Staff.id == work.actor.staff_id)) or ""
    department = str(work.actor.department_id or "")
    return _show(request, work, version, {**typed, "drafter": account, "department": department}, None)


@staff.action("/routes/versions/{version_id}/try", Permission.ROUTE_DRAW)
def go_on(request: Request, work: Reading, version_id: int, form: FormData) -> HTMLResponse:
    """Take one move more, or one back; the unit only reads."""
    version = find_version(work.session, version_id)
    try:
        route = route_drawn(version.bpmn)
        standpoint = _standpoint(work, form)
    except RouteRefused:
        return _show(request, work, version, form, None)
    except Invalid as refusal:
        return _show(request, work, version, form, None, wrong=refusal.fields)
    opening = _opening(version, form)
    if opening.refusing:
        return _show(request, work, version, form, opening)
    moves = _moves(form)
    return _show(request, work, version, form, opening, (route, standpoint, walk(route, opening.values, moves)))


def _moves(form: Mapping[str, str]) -> tuple[TrialMove, ...]:
    moves = read_moves(form.get("moves", ""))
    what, _sep, token = form.get("do", "").partition(":")
    if what == "begin":
        return ()
    if what == "back":
        return moves[:-1]
    if what == RING:
        return (*moves, TrialMove(token, RING, {}))
    decision, _sep, token = token.partition(":")
    prefix = f"a_{token}_"
    typed = {name.removeprefix(prefix): text for name, text in form.items() if name.startswith(prefix)}
    return (*moves, TrialMove(token, decision, typed)) if what == "decide" else moves


def _opening(version: RouteVersion, form: Mapping[str, str]) -> Checked:
    typed = {name.removeprefix(OPENING): text for name, text in form.items() if name.startswith(OPENING)}
    return check_answers(catalogue.definition(KINDS[version.kind].form_code), typed)


def _standpoint(work: Work, form: Mapping[str, str]) -> Standpoint:
    drafter = work.session.scalar(
        select(Staff.id).where(Staff.account == form.get("drafter", "").strip(), Staff.active)
    )
    known = {str(each.id) for each in queries.departments(work.session)}
    wrong = {}
    if drafter is None:
        wrong["drafter"] = _("この職員IDの職員はいません。")
    if form.get("department", "") not in known:
        wrong["department"] = _("部署を選んでください。")
    if wrong or drafter is None:
        raise Invalid(_("入力を確認してください"), wrong)
    coordinating = form.get("coordinating", "")
    return Standpoint(drafter, int(form["department"]), int(coordinating) if coordinating in known else None)


Walked = tuple[Route, Standpoint, Trial]


def _show(
    request: Request,
    work: Work,
    version: RouteVersion,
    form: Mapping[str, str],
    opening: Checked | None,
    walked: Walked | None = None,
    wrong: Mapping[str, str] | None = None,
) -> HTMLResponse:
    kind = KINDS[version.kind]
    title = translate(_("%(kind)s 第%(n)s版"), kind=translate(kind.title), n=version.number)
    shown = TryPage(
        title=_("試す"),
        title_text=translate(_("試す: %(version)s"), version=title),
        crumbs=(*crumbs_to(version), Crumb(title, f"/routes/versions/{version.id}")),
        version=version,
        kind=kind,
        rows=answer_rows(catalogue.definition(kind.form_code), {}, form, opening, OPENING),
        department=form.get("department", ""),
        departments=department_choices(queries.departments(work.session)),
        drafter=form.get("drafter", ""),
        coordinating=form.get("coordinating", ""),
        wrong=wrong or {},
        stand=_stand(work, *walked) if walked else None,
        is_route=_is_route(version),
    )
    refused = wrong or (opening is not None and opening.refusing)
    return render(request, "inbox/try.html", shown, status=422 if refused else 200)


def _is_route(version: RouteVersion) -> bool:
    try:
        route_drawn(version.bpmn)
    except RouteRefused:
        return False
    return True


def _stand(work: Work, route: Route, standpoint: Standpoint, trial: Trial) -> Stand:
    progress = trial.progress
    names = names_of(work.session, route)
    waiting = progress.open if progress else ()
    end = progress.end if progress else None
    tone, sign = OUTCOME_TONES[end.outcome] if end else ("", "")
    return Stand(
        moves=write_moves(trial.moves),
        passed=[(each, _decided(each.decision)) for each in trial.passed],
        open=[_open_row(work, route, standpoint, names, each) for each in waiting],
        timers=[(each.token, route.name_of(each.timer_id)) for each in (progress.timers if progress else ())],
        marked=" ".join([*(each.step_id for each in waiting), *([end.id] if end else [])]),
        end=Chip(tone, OUTCOMES[end.outcome], sign) if end else None,
        stuck=trial.stuck,
    )


def _decided(word: str) -> str:
    if word in set(Decision):
        return DECISION_NAMES[Decision(word)]
    return _("時限が来た") if word == RING else _("回議に付した")


def _open_row(work: Work, route: Route, standpoint: Standpoint, names: Mapping[str, str], opened: OpenStep) -> OpenRow:
    step = route.steps[opened.step_id]
    today = work.today
    holders = holders_of(work.session, desk_asked(work.session, step.assignment, standpoint, today), today)
    if step.assignment.not_drafter:
        holders = [(staff_id, name) for staff_id, name in holders if staff_id != standpoint.responsible_id]
    asked = form_of_step(route, step.id)
    examples = {f"a_{opened.token}_{key}": text for key, text in example_answers(work, asked).items()} if asked else {}
    return OpenRow(
        token=opened.token,
        name=route.name_of(step.id),
        asked=who_is_asked(route, step.assignment, names),
        names=[name for _id, name in holders[:MOST_NAMES]],
        more=max(0, len(holders) - MOST_NAMES),
        decisions=[(str(each), DECISION_NAMES[each]) for each in step.decisions],
        rows=answer_rows(asked, {}, examples, None, f"a_{opened.token}_") if asked else (),
    )
