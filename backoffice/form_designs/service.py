"""What is done with forms: begun, copied, put into use, shared, closed; drafts changed, undone and discarded."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select, update

from backoffice.errors import Invalid, NotThere, Overtaken
from backoffice.form_designs import foreign_paper, queries
from backoffice.form_designs.events import (
    FormBegun,
    FormByHand,
    FormClosed,
    FormCopied,
    FormDiscarded,
    FormDraftDiscarded,
    FormEdited,
    FormImported,
    FormInPrint,
    FormPublished,
    FormReopened,
    FormShared,
    FormUnshared,
)
from backoffice.form_designs.models import FormDesign, FormDraftStep, FormPage, FormVersion
from backoffice.form_designs.workflow import DesignState
from backoffice.identity import Department, Permission, Staff
from backoffice.web.free_text import NO_MY_NUMBER, note_given
from backoffice.web.translations import _, language_now
from backoffice.work import Work
from forms.building.draft import LONGEST_TITLE, FormDraft
from forms.building.finding import Finding
from forms.building.findings import findings
from forms.definition import FormDefinition
from forms.differences import types_changed
from forms.my_number import holds_my_number
from forms.problems import Severity
from forms.widths import plain

WRONG = _("入力を確認してください")
LONGEST_SERIES = 8
STEPS_KEPT = 40


def begin(work: Work, title: str, series: str, department_id: int, draft: FormDraft | None = None) -> FormDesign:
    """Begin a form of a department, empty or with what a file brought. Raises Invalid."""
    title, series = _named(title, series)
    design = _begun(work, title, series, department_id, draft or FormDraft(title=title))
    if draft is None:
        work.record(FormBegun(design.id))
    else:
        work.record(FormImported(design.id, len(draft.fields)))
    return design


def copy(work: Work, original: FormDesign, title: str, series: str, department_id: int) -> FormDesign:
    """Begin a form with what another asks: for whoever only fills it in, with its version in use. Raises Invalid."""
    title, series = _named(title, series)
    own = work.actor.reaches(Permission.FORM_BUILD, original.department.path)
    if own:
        draft = queries.draft_of(work.session, original)
    else:
        versions = queries.versions_of(work.session, original.id)
        if not versions:
            raise NotThere(_("この様式はありません。"))
        draft = queries.asked_by(versions[0])
    copied = _begun(work, title, series, department_id, draft.with_(title=title, spent=()))
    copied.copied_from_id = original.id
    foreign_paper.copy_blanks(work, original, copied, draft.paper)
    work.record(FormCopied(copied.id, original.id))
    return copied


def keep(work: Work, design: FormDesign, seen: int, draft: FormDraft) -> None:
    """Keep a changed draft, and the one before it as a step. Raises Overtaken where another was faster."""
    must_be_as_seen(work, design, seen)
    if design.state == DesignState.CLOSED:
        raise Overtaken(_("この様式は受付を終えています。直すには、再び始めてください。"))
    before = queries.draft_of(work.session, design)
    if draft == before:
        return
    _add_step(work, design, stored(before))
    _note_editor(work, design)
    design.draft = stored(draft)
    _follow_title(design, draft)


def undo(work: Work, design: FormDesign, seen: int) -> None:
    """Take the last change of a draft back. Raises Overtaken, also where there is none."""
    last = select(FormDraftStep).where(FormDraftStep.design_id == design.id, FormDraftStep.undone.is_(False))
    _swap(work, design, seen, work.session.scalar(last.order_by(FormDraftStep.number.desc()).limit(1)))


def redo(work: Work, design: FormDesign, seen: int) -> None:
    """Let the change that was undone last come again. Raises Overtaken, also where there is none."""
    first = select(FormDraftStep).where(FormDraftStep.design_id == design.id, FormDraftStep.undone.is_(True))
    _swap(work, design, seen, work.session.scalar(first.order_by(FormDraftStep.number).limit(1)))


def publish(
    work: Work, design: FormDesign, seen: int, note: str, paper: Sequence[FormPage], *, confirmed: bool
) -> FormVersion:
    """Put the draft into use as the next version, with its `paper` (form_designs.paper.draw).

    Raises Invalid while anything is to be mended or confirmed.
    """
    must_be_as_seen(work, design, seen)
    if design.draft is None or design.state == DesignState.CLOSED:
        raise Overtaken(_("使い始める下書きがありません。"))
    note = note_given(note, "note")
    draft = queries.draft_of(work.session, design)
    wrong = _wrong_in(draft)
    if wrong:
        said = wrong[0].message_en if language_now() == "en" else wrong[0].message_ja
        raise Invalid(_("直す点が残っているため、使い始められません。"), {"": said})
    versions = queries.versions_of(work.session, design.id)
    if versions and not confirmed and types_changed(FormDraft.of(queries.definition(versions[0])), draft):
        raise Invalid(WRONG, {"confirmed": _("種類が変わった欄があります。確かめてください。")})
    asks = _next(versions, design, draft)
    version = FormVersion(
        design_id=design.id,
        number=asks.version,
        definition=asks.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        paper=draft.paper.model_dump(mode="json", by_alias=True) if draft.paper else None,
        note=note,
        published_at=work.now,
        published_by_id=work.actor.staff_id,
        pages=[] if draft.paper else list(paper),
    )
    work.session.add(version)
    work.session.flush()
    work.session.add_all(foreign_paper.pages_for(work.session, version, draft))
    design.title, design.state = draft.title, DesignState.IN_USE
    _forget_draft(work, design)
    work.session.flush()
    work.record(FormPublished(design.id, asks.version))
    return version


def definition_to_draw(work: Work, design: FormDesign) -> FormDefinition | None:
    """Give what the next version will ask, for the house to draw; None while it has faults, and on foreign paper."""
    draft = queries.draft_of(work.session, design)
    return (
        None if draft.paper or _wrong_in(draft) else _next(queries.versions_of(work.session, design.id), design, draft)
    )


def discard_draft(work: Work, design: FormDesign, seen: int) -> bool:
    """Throw the draft away; a form that was never in use goes with it. Says whether the form is still there."""
    must_be_as_seen(work, design, seen)
    if design.state == DesignState.DRAFT:
        work.record(FormDiscarded(design.id))
        _forget_draft(work, design)
        copies = update(FormDesign).where(FormDesign.copied_from_id == design.id).values(copied_from_id=None)
        work.session.execute(copies)
        work.session.delete(design)
        return False
    if design.draft is None:
        raise Overtaken(_("破棄する下書きがありません。"))
    _forget_draft(work, design)
    work.record(FormDraftDiscarded(design.id))
    return True


def share(work: Work, design: FormDesign, seen: int) -> None:
    """Let every department fill a form in and copy it. Raises Overtaken for one that is not in use."""
    must_be_as_seen(work, design, seen)
    if design.state != DesignState.IN_USE or design.shared:
        raise Overtaken(_("共有できるのは、使用中でまだ共有していない様式だけです。"))
    design.shared = True
    work.record(FormShared(design.id))


def stop_sharing(work: Work, design: FormDesign, seen: int) -> None:
    """Let only the form's own department fill it in; what others have filled in or copied stays."""
    must_be_as_seen(work, design, seen)
    design.shared = False
    work.record(FormUnshared(design.id))


def write_by_hand(work: Work, design: FormDesign, seen: int) -> None:
    """Let people see what is read from a form until the ledger shows, for each type of field, that it may pass."""
    must_be_as_seen(work, design, seen)
    design.handwritten = True
    work.record(FormByHand(design.id))


def write_in_print(work: Work, design: FormDesign, seen: int) -> None:
    """Let what is read from a form pass at once: it is filled in with print or by machine, as the reader was measured.

    What was read before stays with people.
    """
    must_be_as_seen(work, design, seen)
    design.handwritten = False
    work.record(FormInPrint(design.id))


def close(work: Work, design: FormDesign, seen: int) -> None:
    """Let nothing new be filled in. Raises Overtaken for a form that is not in use."""
    must_be_as_seen(work, design, seen)
    if design.state != DesignState.IN_USE:
        raise Overtaken(_("受付を終えられるのは、使用中の様式だけです。"))
    design.state = DesignState.CLOSED
    work.record(FormClosed(design.id))


def reopen(work: Work, design: FormDesign, seen: int) -> None:
    """Let a closed form be filled in again. Raises Overtaken for any other."""
    must_be_as_seen(work, design, seen)
    if design.state != DesignState.CLOSED:
        raise Overtaken(_("この様式の受付は終わっていません。"))
    design.state = DesignState.IN_USE
    work.record(FormReopened(design.id))


def must_be_as_seen(work: Work, design: FormDesign, seen: int) -> None:
    """Raise Overtaken, naming who was faster, where the form is not any more what the person saw."""
    if seen == design.version:
        return
    name = work.session.scalar(select(Staff.name).where(Staff.id == design.changed_by_id))
    raise Overtaken(_("%(name)sさんが先に変更しました。最新の内容を確認してください。"), name=name or "—")


def stored(draft: FormDraft) -> dict[str, object]:
    """Give a draft as it lies in the database."""
    return draft.model_dump(mode="json", exclude_defaults=True) | {"title": draft.title}


def _next(versions: Sequence[FormVersion], design: FormDesign, draft: FormDraft) -> FormDefinition:
    return draft.definition(design.code, versions[0].number + 1 if versions else 1)


def _wrong_in(draft: FormDraft) -> list[Finding]:
    return [each for each in findings(draft) if each.severity is Severity.REFUSE]


def _named(title: str, series: str) -> tuple[str, str]:
    title, series = plain(title), "".join(plain(series).split())
    wrong: dict[str, str] = {}
    if not title or len(title) > LONGEST_TITLE:
        wrong["title"] = _("様式の名前を、120文字までで入れてください。")
    if not series or len(series) > LONGEST_SERIES:
        wrong["series"] = _("記録の番号に使う略称を、8文字までで入れてください。")
    for field, text in (("title", title), ("series", series)):
        if holds_my_number(text):
            wrong[field] = NO_MY_NUMBER
    if wrong:
        raise Invalid(WRONG, wrong)
    return title, series


def _begun(work: Work, title: str, series: str, department_id: int, draft: FormDraft) -> FormDesign:
    department = work.session.get(Department, department_id)
    if department is None or not work.actor.reaches(Permission.FORM_BUILD, department.path):
        raise Invalid(WRONG, {"department": _("部署を選んでください。")})
    # The code needs the number that the database gives: until then the row has one that nobody else has.
    last = work.session.scalar(select(func.max(FormDesign.id))) or 0
    design = FormDesign(
        code=f"form-new-{last + 1}",
        department_id=department.id,
        title=title,
        series=series,
        state=DesignState.DRAFT,
        shared=False,
        draft=stored(draft.with_(title=title)),
        drafted_by_id=work.actor.staff_id,
        drafted_at=work.now,
        created_at=work.now,
    )
    work.session.add(design)
    work.session.flush()
    design.code = f"form-{design.id}"
    work.session.flush()
    return design


def _note_editor(work: Work, design: FormDesign) -> None:
    if design.draft is None or design.drafted_by_id != work.actor.staff_id:
        work.record(FormEdited(design.id))
    design.drafted_by_id, design.drafted_at = work.actor.staff_id, work.now


def _add_step(work: Work, design: FormDesign, before: dict[str, object]) -> None:
    own = FormDraftStep.design_id == design.id
    work.session.execute(delete(FormDraftStep).where(own, FormDraftStep.undone.is_(True)))
    number = (work.session.scalar(select(func.max(FormDraftStep.number)).where(own)) or 0) + 1
    work.session.execute(delete(FormDraftStep).where(own, FormDraftStep.number <= number - STEPS_KEPT))
    work.session.add(FormDraftStep(design_id=design.id, number=number, draft=before))


def _swap(work: Work, design: FormDesign, seen: int, step: FormDraftStep | None) -> None:
    must_be_as_seen(work, design, seen)
    if step is None:
        raise Overtaken(_("取り消せる変更がありません。"))
    now = stored(queries.draft_of(work.session, design))
    _note_editor(work, design)
    design.draft, step.draft, step.undone = step.draft, now, not step.undone
    _follow_title(design, queries.draft_of(work.session, design))


def _follow_title(design: FormDesign, draft: FormDraft) -> None:
    """Call a form that was never in use as its draft is called; one in use keeps its name until the next version."""
    if design.state == DesignState.DRAFT and draft.title.strip():
        design.title = draft.title


def _forget_draft(work: Work, design: FormDesign) -> None:
    design.draft, design.drafted_by_id, design.drafted_at = None, None, None
    work.session.execute(delete(FormDraftStep).where(FormDraftStep.design_id == design.id))
    foreign_paper.forget_blanks(work.session, design.id)
