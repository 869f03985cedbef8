"""How are the pages of one wording put together: what it says, how it reads, what it lacks, who may do what?"""

from collections.abc import Mapping, Sequence

from backoffice.identity import Permission
from backoffice.notices import pages, queries, service
from backoffice.notices.composing import Composer, Matter, composer, policy_of, speaking_version
from backoffice.notices.models import NoticeVersion
from backoffice.notices.samples import EXAMPLE_REFERENCE, EXAMPLE_RUN, samples_of
from backoffice.notices.workflow import NoticeState, standing_of
from backoffice.programs.models import Program
from backoffice.web import Crumb
from backoffice.web.translations import _, language_now, translate
from backoffice.work import Work
from workflows.notices.blocks import Anchor, in_words
from workflows.notices.checks import is_whole, look_at
from workflows.notices.findings import WordingFinding
from workflows.notices.languages import NoticeLanguage
from workflows.notices.placeholders import PLACEHOLDERS, Placeholder
from workflows.notices.template import Content, Place
from workflows.rules.findings import Severity

PROGRAMS = Crumb(_("制度"), "/programs")
LONG = frozenset({"body", "text"})


def crumbs_of_program(program: Program) -> tuple[Crumb, ...]:
    return (PROGRAMS, Crumb(program.number, f"/programs/{program.id}"))


def crumbs_to(version: NoticeVersion) -> tuple[Crumb, ...]:
    program = version.template.program
    return (*crumbs_of_program(program), Crumb(_("お知らせの文面"), f"/programs/{program.id}/notices"))


def title_of(version: NoticeVersion, name: str) -> str:
    return translate(_("%(name)s のお知らせ 第%(n)s版"), name=name, n=version.number)


def row_of(work: Work, version: NoticeVersion) -> pages.NoticeRow:
    newest = queries.current_id(work.session, version.template_id)
    return pages.NoticeRow.of(version, standing_of(version.state, is_newest=version.id == newest))


def notice_page(
    work: Work, version: NoticeVersion, reason: str = "", wrong: Mapping[str, str] | None = None
) -> pages.NoticePage:
    """Give the page of a wording that is read, not written on."""
    program = version.template.program
    said = speaking_version(work, program.id)
    makes = composer(work, version.wording, program, said, EXAMPLE_RUN)
    findings = _found(work, version.wording, makes.matter)
    newest = queries.current_id(work.session, version.template_id)
    path = program.department.path
    reaches = work.actor.reaches(Permission.PROGRAM_WORDING, path)
    decides = version.state == NoticeState.SUBMITTED and work.actor.reaches(Permission.NOTICE_APPROVE, path)
    may_decide = decides and service.may_decide(work, version)
    return pages.NoticePage(
        title=_("お知らせの文面"),
        title_text=title_of(version, said.name),
        crumbs=crumbs_to(version),
        row=pages.NoticeRow.of(version, standing_of(version.state, is_newest=version.id == newest)),
        findings=[pages.FindingRow.of(each) for each in findings],
        is_whole=is_whole(findings),
        previews=_previews(makes),
        current_id=newest if newest != version.id else None,
        may_write=version.state == NoticeState.DRAFT and reaches,
        may_take_back=version.state == NoticeState.SUBMITTED and reaches,
        may_decide=may_decide,
        wrote_it=decides and not may_decide,
        may_copy=reaches and not queries.has_open(work.session, version.template_id),
        reason=reason,
        wrong=wrong or {},
    )


def edit_page(
    work: Work, version: NoticeVersion, typed: Content | None = None, wrong: Mapping[str, str] | None = None
) -> pages.EditPage:
    """Give the page on which a wording is written, with what was typed where it could not be kept."""
    program = version.template.program
    said = speaking_version(work, program.id)
    makes = composer(work, version.wording, program, said, EXAMPLE_RUN)
    content = typed or version.wording
    findings = _found(work, content, makes.matter)
    return pages.EditPage(
        title=_("お知らせの文面を書く"),
        title_text=title_of(version, said.name),
        crumbs=(*crumbs_to(version), Crumb(title_of(version, said.name), f"/notices/{version.id}")),
        version=version,
        parts=[_part(language, content, findings, wrong or {}) for language in NoticeLanguage],
        placeholders=[(pages.placeholder_name(each), _value_shown(makes.matter, each)) for each in PLACEHOLDERS],
        previews=_previews(makes),
        errors=_errors(findings),
        wrong=wrong or {},
    )


def compare_page(work: Work, before: NoticeVersion, after: NoticeVersion) -> pages.ComparePage:
    """Give two wordings side by side, what differs marked."""
    old, new = before.wording, after.wording
    name = speaking_version(work, after.template.program_id).name
    return pages.ComparePage(
        title=_("2つの文面を比べる"),
        title_text=title_of(after, name),
        crumbs=(*crumbs_to(after), Crumb(title_of(after, name), f"/notices/{after.id}")),
        before=row_of(work, before),
        after=row_of(work, after),
        rows=[
            pages.ComparedText(
                pages.LANGUAGE_NAMES[place.language],
                place.language.tag,
                pages.FIELD_NAMES[place.field],
                before_text,
                after_text,
            )
            for (place, before_text), (_place, after_text) in zip(old.places(), new.places(), strict=True)
        ],
    )


def _found(work: Work, content: Content, matter: Matter) -> list[WordingFinding]:
    return look_at(content, matter.subject, policy_of(work.office.settings))


def _previews(makes: Composer) -> Sequence[pages.Preview]:
    """Give one preview a language: the first of its samples."""
    first: dict[NoticeLanguage, pages.Preview] = {}
    for sample in samples_of(makes):
        first.setdefault(sample.language, pages.Preview.of(sample, EXAMPLE_REFERENCE))
    return list(first.values())


def _part(
    language: NoticeLanguage, content: Content, findings: Sequence[WordingFinding], wrong: Mapping[str, str]
) -> pages.LanguagePart:
    own = [each for each in findings if each.place.language is language]
    return pages.LanguagePart(
        language,
        pages.LANGUAGE_NAMES[language],
        [_field(place, text, own, wrong) for place, text in content.places() if place.language is language],
        _errors(own),
    )


def _field(place: Place, text: str, findings: Sequence[WordingFinding], wrong: Mapping[str, str]) -> pages.FieldRow:
    return pages.FieldRow(
        place.name,
        pages.FIELD_NAMES[place.field],
        text,
        place.field in LONG,
        [pages.FindingRow.of(each) for each in findings if each.place == place],
        wrong.get(place.name, ""),
    )


def _errors(findings: Sequence[WordingFinding]) -> int:
    return sum(each.severity is Severity.ERROR for each in findings)


def _value_shown(matter: Matter, placeholder: Placeholder) -> str:
    if placeholder.code == "reference":
        return EXAMPLE_REFERENCE
    language = NoticeLanguage.EN if language_now() == "en" else NoticeLanguage.JA
    value = matter.values[language].get(placeholder.code)
    if value is None:
        return ""
    shown = in_words(value, language)
    return shown.label if isinstance(shown, Anchor) else str(shown)
