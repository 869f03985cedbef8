"""How is paper thrown away? One person proposes, another approves, and until then everything can be undone.

Approving destroys keys: of the PDF/A, of the pictures, and of the file a sheet came in once nobody needs that any more.
What was read and settled is blanked on the sheet. The row stays as the record: number, form, pages, hash, from when to
when, who and who.
"""

from collections.abc import Iterable, Sequence

from backoffice.archive import queries
from backoffice.archive.events import DisposalDone, DisposalProposed, DisposalWithdrawn
from backoffice.archive.models import ArchivedSheet, Disposal, RetentionRule
from backoffice.archive.workflow import AT_ONCE, ArchiveState, DisposalBasis, DisposalState, is_due
from backoffice.db.numbering import next_number
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.intake.models import PaperFile, Sheet
from backoffice.intake.workflow import SheetState
from backoffice.rights.models import RightsRequest
from backoffice.vault import StoredFile
from backoffice.verification.workflow import SampleState
from backoffice.web.translations import _
from backoffice.work import Work

SERIES = "廃棄"
NEEDS_NO_FILE = frozenset({SheetState.EXCLUDED, SheetState.UNREADABLE})
"""Sheets that nobody goes on with: what lies of them in a file goes with the others of it."""
GONE_ON = _("この廃棄はもう決まっています。最新の内容を確認してください。")


def propose(work: Work, rule: RetentionRule, fiscal_year: int) -> Disposal:
    """Propose to throw away what was settled in `fiscal_year` of one form, as far as 500 sheets go.

    Raises Invalid while the years are not over, and where there is nothing.
    """
    if not is_due(fiscal_year, rule.years, work.today):
        raise Invalid(_("保存期間がまだ終わっていません。"))
    sheets = queries.that_may_expire(work.session, rule.id, fiscal_year, AT_ONCE)
    return _propose(work, rule, fiscal_year, sheets, DisposalBasis.EXPIRED)


def propose_as_asked(work: Work, archived: ArchivedSheet, case_number: str) -> Disposal:
    """Propose to throw one sheet away because the person it is about asked for it, and that was granted.

    Raises Invalid, for a case that is no such request or another department's (naming the field), and for a held sheet.
    """
    request = queries.granted_stop(work.session, case_number.strip(), archived.department_id)
    if request is None:
        said = _("応じると決まった利用停止の請求で、この用紙の部署のものの、案件番号を入れてください。")
        raise Invalid(_("入力を確認してください"), {"case_number": said})
    if not archived.may_expire:
        raise Invalid(_("廃棄を停止しているか、もう廃棄の手続きに入っています。"))
    return _propose(work, archived.rule, archived.fiscal_year, [archived], DisposalBasis.REQUEST, request)


def _propose(
    work: Work,
    rule: RetentionRule,
    fiscal_year: int,
    sheets: Sequence[ArchivedSheet],
    basis: DisposalBasis,
    request: RightsRequest | None = None,
) -> Disposal:
    if not sheets:
        raise Invalid(_("廃棄できる用紙がありません。"))
    disposal = Disposal(
        number=next_number(work.session, SERIES, work.today),
        department_id=rule.department_id,
        rule_id=rule.id,
        basis=basis,
        fiscal_year=fiscal_year,
        years=rule.years,
        request_id=request.id if request else None,
        state=DisposalState.PROPOSED,
        sheets=len(sheets),
        proposed_by_id=work.actor.staff_id,
        proposed_at=work.now,
        decided_by_id=None,
        decided_at=None,
    )
    work.session.add(disposal)
    work.session.flush()
    for archived in sheets:
        archived.disposal_id = disposal.id
    work.record(DisposalProposed(disposal.id, len(sheets)))
    return disposal


def withdraw(work: Work, disposal: Disposal) -> None:
    """Give a proposal up: its sheets are kept as before. Raises Overtaken once it is decided."""
    _must_wait(disposal)
    for archived in queries.sheets_to_dispose(work.session, disposal.id):
        archived.disposal_id = None
    _decide(work, disposal, DisposalState.WITHDRAWN)
    work.record(DisposalWithdrawn(disposal.id))


def approve(work: Work, disposal: Disposal) -> None:
    """Destroy what a proposal names; it cannot be undone.

    Raises NotPermitted for whoever proposed it, Overtaken once it is decided, Invalid where its sheets were all held
    meanwhile, or where the department keeps the form longer by now.
    """
    _must_wait(disposal)
    if not may_approve(work, disposal):
        raise NotPermitted(_("提案した人は承認できません。ほかの職員が承認してください。"))
    if disposal.basis == DisposalBasis.EXPIRED and not is_due(disposal.fiscal_year, disposal.rule.years, work.today):
        raise Invalid(_("保存年限が変わり、保存期間がまだ終わっていません。廃棄を取りやめてください。"))
    sheets = queries.sheets_to_dispose(work.session, disposal.id)
    if not sheets:
        raise Invalid(_("廃棄できる用紙がありません。"))
    files = _erase(work, sheets)
    _decide(work, disposal, DisposalState.DONE)
    work.record(DisposalDone(disposal.id, len(sheets), files))


def may_approve(work: Work, disposal: Disposal) -> bool:
    """Say whether the person may: two people throw paper away, never one."""
    return work.actor.staff_id is not None and work.actor.staff_id != disposal.proposed_by_id


def _must_wait(disposal: Disposal) -> None:
    if disposal.state != DisposalState.PROPOSED:
        raise Overtaken(GONE_ON)


def _decide(work: Work, disposal: Disposal, state: DisposalState) -> None:
    disposal.state, disposal.decided_by_id, disposal.decided_at = state, work.actor.staff_id, work.now


def _erase(work: Work, archived: Sequence[ArchivedSheet]) -> int:
    """Destroy the keys of everything that shows these sheets, and give how many files that were."""
    erased = 0
    for each in archived:
        each.state = ArchiveState.DISPOSED
        erased += _destroy(work, [each.file, *(page.picture for page in each.sheet.pages)])
        _blank(each.sheet)
    work.session.flush()
    sheet_ids = [each.sheet_id for each in archived]
    _forget_samples(work, sheet_ids)
    for file in queries.paper_files_of(work.session, sheet_ids):
        erased += _erase_if_needless(work, file)
    return erased


def _erase_if_needless(work: Work, file: PaperFile) -> int:
    """Destroy a file as it came once no sheet in it is kept or worked on, with what else lies in it."""
    others = queries.sheets_left_in(work.session, file.id)
    if any(sheet.state not in NEEDS_NO_FILE for sheet in others):
        return 0
    for sheet in others:
        _blank(sheet)
    pictures = [page.picture for sheet in others for page in sheet.pages if page.paper_file_id == file.id]
    return _destroy(work, [file.file, *pictures])


def _destroy(work: Work, files: Iterable[StoredFile | None]) -> int:
    there = {file.id: file for file in files if file is not None and file.erased_at is None}
    for file in there.values():
        work.office.files.erase(file, work.now)
    return len(there)


def _blank(sheet: Sheet) -> None:
    """Take away what a sheet says; how often a field was read right stays in the ledger."""
    for field in sheet.fields:
        field.read_text, field.candidates = "", []
        field.read_value = field.value = field.first_value = None
    for page in sheet.pages:
        page.likeness = None


def _forget_samples(work: Work, sheet_ids: Sequence[int]) -> None:
    """Nobody can key any more what a sample shows; of those that are done the outcome stays."""
    for sample in queries.samples_of(work.session, sheet_ids):
        sample.keyed = None
        if sample.state in (SampleState.WAITING, SampleState.DIFFERS):
            work.session.delete(sample)
