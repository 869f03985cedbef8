"""What is done with the register: a paper entered, changed, the last change undone. Each leaves what it said."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from backoffice.data_links.models import Link
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Department, Permission, Staff
from backoffice.paperless import queries
from backoffice.paperless.events import PaperChanged, PaperEntered, PaperUndone
from backoffice.paperless.models import NeedlessPaper, PaperChange
from backoffice.paperless.workflow import Area, How, PaperState
from backoffice.web.free_text import NO_MY_NUMBER
from backoffice.web.translations import _
from backoffice.work import Work
from forms.my_number import holds_my_number

WRONG = _("入力を確認してください")
LONGEST_NAME, LONGEST_MEANS = 100, 80


@dataclass(frozen=True)
class Told:
    """What somebody says of a paper."""

    area: Area
    procedure: str
    document: str
    department_id: int
    link_id: int | None
    means: str
    state: PaperState
    since: date


def enter(work: Work, told: Told, how: How = How.ENTERED) -> NeedlessPaper:
    """Enter a paper of a procedure. Raises Invalid, also where it stands in the register, and NotPermitted."""
    _must_reach(work, told.department_id)
    _must_be_fit(work, told)
    if queries.same_paper(work.session, told.area, told.procedure, told.document, told.department_id) is not None:
        raise Invalid(WRONG, {"document": _("この手続のこの書類は、もう台帳にあります。")})
    paper = NeedlessPaper(is_out=False)
    _write(paper, told)
    work.session.add(paper)
    work.session.flush()
    work.record(PaperEntered(paper.id))
    _remember(work, paper, how)
    return paper


def change(work: Work, paper: NeedlessPaper, seen: int, told: Told, how: How = How.CHANGED) -> None:
    """Say something else of a paper. Raises Overtaken, NotPermitted, Invalid."""
    _must_be_as_seen(work, paper, seen)
    _must_reach(work, paper.department_id)
    _must_reach(work, told.department_id)
    _must_be_fit(work, told)
    same = queries.same_paper(work.session, told.area, told.procedure, told.document, told.department_id)
    if same is not None and same.id != paper.id:
        raise Invalid(WRONG, {"document": _("この手続のこの書類は、もう台帳にあります。")})
    _write(paper, told)
    work.session.flush()
    work.record(PaperChanged(paper.id, paper.state))
    _remember(work, paper, how)


def undo(work: Work, paper: NeedlessPaper, seen: int) -> None:
    """Go back to what a row said before its last change; undone once more it comes again.

    Raises Overtaken also where another row says the same by now, NotPermitted.
    """
    _must_be_as_seen(work, paper, seen)
    _must_reach(work, paper.department_id)
    changes = queries.changes_of(work.session, paper.id, 2)
    with work.session.no_autoflush:  # what it goes back to is looked at before it stands there
        if len(changes) > 1:
            _read_back(paper, changes[1])
        else:
            paper.is_out = True
        _must_reach(work, paper.department_id)
        same = queries.same_paper(work.session, paper.area, paper.procedure, paper.document, paper.department_id)
    if not paper.is_out and same is not None and same.id != paper.id:
        raise Overtaken(_("この手続のこの書類は、そのあと別の行で台帳に入っています。"))
    work.session.flush()
    work.record(PaperUndone(paper.id))
    _remember(work, paper, How.UNDONE)


def may_edit(work: Work, department: Department) -> bool:
    return work.actor.reaches(Permission.PAPER_EDIT, department.path)


def _must_reach(work: Work, department_id: int) -> None:
    department = work.session.get(Department, department_id)
    if department is None:
        raise Invalid(WRONG, {"department": _("部署を選んでください。")})
    if not may_edit(work, department):
        raise NotPermitted(_("この書類を直せるのは、所管する部署の担当者かDX戦略部だけです。"))


def _must_be_fit(work: Work, told: Told) -> None:
    wrong: dict[str, str] = {}
    for field, text, longest in (
        ("procedure", told.procedure, LONGEST_NAME),
        ("document", told.document, LONGEST_NAME),
        ("means", told.means, LONGEST_MEANS),
    ):
        if holds_my_number(text):
            wrong[field] = NO_MY_NUMBER
        elif len(text) > longest:
            wrong[field] = _("文が長すぎます。")
        elif not text and field != "means":
            wrong[field] = _("文を入れてください。")
    if told.link_id is not None and work.session.get(Link, told.link_id) is None:
        wrong["link"] = _("この連携はありません。")
    if told.state is PaperState.NEEDLESS and told.link_id is None and not told.means:
        wrong["means"] = _("不要になった書類には、代わりになる連携を選ぶか、代わりに見るものを入れてください。")
    if told.since > work.today:
        wrong["since"] = _("いつからが、今日より先です。")
    if wrong:
        raise Invalid(WRONG, wrong)


def _must_be_as_seen(work: Work, paper: NeedlessPaper, seen: int) -> None:
    if seen != paper.version:
        name = work.session.scalar(select(Staff.name).where(Staff.id == paper.changed_by_id))
        raise Overtaken(_("%(name)sさんが先に変更しました。最新の内容を確認してください。"), name=name or "—")


def _write(paper: NeedlessPaper, told: Told) -> None:
    paper.area, paper.procedure, paper.document = told.area, told.procedure, told.document
    paper.department_id, paper.link_id, paper.means = told.department_id, told.link_id, told.means
    paper.state, paper.since = told.state, told.since


def _remember(work: Work, paper: NeedlessPaper, how: How) -> None:
    said = {
        "area": paper.area,
        "procedure": paper.procedure,
        "document": paper.document,
        "department_id": paper.department_id,
        "link_id": paper.link_id,
        "means": paper.means,
        "state": paper.state,
        "since": paper.since.isoformat(),
        "is_out": paper.is_out,
    }
    change = PaperChange(paper_id=paper.id, how=how, said=said, at=work.now, staff_id=work.actor.staff_id)
    work.session.add(change)
    work.session.flush()


def _read_back(paper: NeedlessPaper, change: PaperChange) -> None:
    said = dict(change.said)
    paper.since = date.fromisoformat(said.pop("since"))
    for name, value in said.items():
        setattr(paper, name, value)
