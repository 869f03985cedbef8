"""What do those see who decide whether a run leaves?"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from backoffice.audiences import guests
from backoffice.audiences.calendar_page import calendar_of, cost_of
from backoffice.audiences.models import NoticeRun, RunPattern
from backoffice.audiences.moving import states_of
from backoffice.audiences.pages import in_language, people_said, said_or_hidden
from backoffice.audiences.run_frame import common
from backoffice.audiences.run_pages import BasisPage, Cell, CellTable, ReasonsShown
from backoffice.audiences.samples import samples_shown
from backoffice.audiences.workflow import CHANNEL_NAMES, RunState
from backoffice.notices.pages import LANGUAGE_NAMES
from backoffice.programs.rule_pages import VERDICT_CHIPS
from backoffice.services import TOKYO
from backoffice.web.showing import day, day_and_weekday, moment, number
from backoffice.web.translations import _, language_now, translate
from backoffice.work import Work
from workflows.notices.languages import NoticeLanguage
from workflows.rules.facts import WARDS

TROUBLES = {
    "UnaskableError": _(
        "ルールを住民データに尋ねられず、対象を確定できませんでした。ルールを直して、起こし直してください。"
    ),
    "ParameterTroubleError": _(
        "ルールが使う基準値に、送る日の値がありません。基準値を確かめて、起こし直してください。"
    ),
}
OTHER_TROUBLE = _("対象を確定できませんでした。ルールと住民データを確かめてから、もう一度起こしてください。")
_VERDICT_NAMES = {str(verdict): chip.text for verdict, chip in VERDICT_CHIPS.items()}
_LANGUAGES = {str(language): name for language, name in LANGUAGE_NAMES.items()}


def basis_page(work: Work, run: NoticeRun) -> BasisPage:
    """Give the page of a run as it is decided on."""
    counts = run.counts or {}
    states = states_of(work.session, run.id)
    return BasisPage(
        **common(work, run, _("配信の内容"), "basis", states),
        is_counting=run.state == RunState.FREEZING,
        trouble=TROUBLES.get(run.trouble, OTHER_TROUBLE) if run.state == RunState.CANCELLED and run.trouble else "",
        facts=_facts(run),
        totals=_totals(counts) if counts else (),
        tables=_tables(counts) if counts else (),
        before=_before(counts),
        samples=samples_shown(work.session, counts.get("texts", ())),
        reasons=_reasons(work, counts.get("reasons", ())),
        calendar=calendar_of(work, run),
        cost=cost_of(counts, work.office.settings),
        may_try=guests.may_try(work, run),
        guests=guests.count_guests(work.session),
        trial=guests.last_trial(work.session, run.id),
    )


def _facts(run: NoticeRun) -> list[tuple[str, str]]:
    per_hour = translate(_("1時間に%(n)s人まで"), n=number(run.pace["per_hour"]))
    wards = {ward.code: in_language(ward) for ward in WARDS}
    bounds = [
        translate(_("%(ward)s 1日%(n)s人まで"), ward=wards.get(code, code), n=number(most))
        for code, most in run.pace["ward_per_day"].items()
    ]
    return [
        (translate(_("制度")), f"{run.program_version.name} {run.program.number}"),
        (translate(_("所管")), run.program.department.name),
        (translate(_("起こした人")), "—" if run.drafted_by is None else run.drafted_by.name),
        (translate(_("送り始め")), f"{day_and_weekday(run.send_from)} {run.send_from.astimezone(TOKYO):%H:%M}"),
        (translate(_("最終日")), day_and_weekday(run.last_day)),
        (translate(_("お知らせの期間")), run.period),
        (translate(_("送る速さ")), "、".join((per_hour, *bounds))),
        (translate(_("年齢を数える日")), day(run.as_of)),
        (translate(_("住民データ")), "—" if run.snapshot is None else day(run.snapshot.as_of)),
        (translate(_("対象を確定した日時")), "—" if run.frozen_at is None else moment(run.frozen_at)),
        (translate(_("確定した対象のSHA-256")), run.frozen_sha256 or "—"),
    ]


def _totals(counts: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (translate(_("ルールに該当する人")), people_said(counts["hit"])),
        (translate(_("届ける人")), people_said(counts["recipients"])),
        (translate(_("該当するが、登録か届け先がない人")), people_said(counts["without_address"])),
    ]


def _tables(counts: Mapping[str, Any]) -> list[CellTable]:
    wards = {ward.code: in_language(ward) for ward in WARDS}
    named = (
        (_("届け方"), "channels", {key: translate(name) for key, name in CHANNEL_NAMES.items()}),
        (_("言語"), "languages", {key: translate(name) for key, name in _LANGUAGES.items()}),
        (_("区"), "wards", wards),
        (_("全住民の判定"), "verdicts", {key: translate(name) for key, name in _VERDICT_NAMES.items()}),
    )
    return [CellTable(title, _cells(counts[key], names)) for title, key, names in named if counts.get(key)]


def _cells(cells: Mapping[str, int | None], names: Mapping[str, str]) -> list[Cell]:
    """Give the cells in the order in which their names stand."""
    known = [key for key in names if key in cells]
    others = sorted(cells.keys() - names.keys())
    return [Cell(names.get(key, key), said_or_hidden(cells[key]), cells[key] or 0) for key in (*known, *others)]


def _before(counts: Mapping[str, Any]) -> list[tuple[str, str]]:
    if "before" not in counts:
        return []
    before = counts["before"]
    return [
        (translate(_("前回は該当せず、今回該当する人")), people_said(before["joined"])),
        (translate(_("前回は該当し、今回該当しない人")), people_said(before["left"])),
    ]


def _reasons(work: Work, patterns: Sequence[tuple[int, int | None]]) -> list[ReasonsShown]:
    """Give the reasons of the commonest patterns, in the language of whoever reads the page."""
    language = NoticeLanguage.EN if language_now() == "en" else NoticeLanguage.JA
    found = work.session.scalars(
        select(RunPattern).where(RunPattern.id.in_([pattern_id for pattern_id, _people in patterns]))
    )
    reasons = {pattern.id: pattern.reasons.get(language.value, {}) for pattern in found}
    return [
        ReasonsShown(people_said(people), reasons[each].get("why", ()), reasons[each].get("used", ()))
        for each, people in patterns
        if each in reasons
    ]
