"""What is done with the wording of notices: begun, written, handed in, approved by somebody else, copied."""

from sqlalchemy import select

from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Permission, Staff
from backoffice.notices import queries
from backoffice.notices.catalogue import beginning_for
from backoffice.notices.composing import matter_of, policy_of, speaking_version
from backoffice.notices.events import (
    NoticeApproved,
    NoticeDiscarded,
    NoticeDrafted,
    NoticeReturned,
    NoticeSubmitted,
    NoticeTakenBack,
    NoticeWritten,
)
from backoffice.notices.models import NoticeAuthor, NoticeTemplate, NoticeVersion
from backoffice.notices.workflow import NoticeState
from backoffice.programs import queries as programs
from backoffice.programs.models import Program
from backoffice.web.free_text import NO_MY_NUMBER, reason_given
from backoffice.web.translations import _
from backoffice.work import Work
from forms.my_number import holds_my_number
from workflows.notices.checks import is_whole, look_at
from workflows.notices.findings import WordingFinding
from workflows.notices.template import Content, written

LONGEST = {"subject": 300, "body": 12000, "text": 6000, "title": 300, "button": 100}
"""What a draft may hold of a text; what may go out is shorter, and the findings say so."""


def begin(work: Work, program: Program) -> NoticeVersion:
    """Begin the first wording of a program's notice, from what is shipped for it. Raises NotPermitted, Overtaken."""
    _must_reach(work, program, Permission.PROGRAM_WORDING)
    programs.lock_program(work.session, program.id)
    template = queries.template_of(work.session, program.id)
    if template is not None and queries.last_number(work.session, template.id):
        raise Overtaken(_("この制度のお知らせの文面は、もうあります。それを写して直してください。"))
    matter = matter_of(work, program, speaking_version(work, program.id))
    if template is None:
        template = NoticeTemplate(program_id=program.id, begun_at=work.now)
        work.session.add(template)
        work.session.flush()
    return _draft(work, template, beginning_for(program.shipped_as, matter.values, veiled=matter.veiled))


def copy(work: Work, version: NoticeVersion) -> NoticeVersion:
    """Begin the next version from any earlier one: how a change begins, and how an old wording comes back.

    Raises NotPermitted, Overtaken where somebody is writing on one already.
    """
    template = version.template
    _must_reach(work, template.program, Permission.PROGRAM_WORDING)
    programs.lock_program(work.session, template.program_id)
    if queries.has_open(work.session, template.id):
        raise Overtaken(_("この制度には、もう下書きか承認待ちの文面があります。そちらを直してください。"))
    return _draft(work, template, version.wording)


def write(work: Work, version: NoticeVersion, seen: int, content: Content) -> None:
    """Keep what was written, whole or not. Raises Overtaken, NotPermitted, Invalid naming the text."""
    _must_reach(work, version.template.program, Permission.PROGRAM_WORDING)
    _must_be_as_seen(work, version, seen)
    _must_be(version, NoticeState.DRAFT, _("この文面は、もう下書きではありません。"))
    wrong: dict[str, str] = {}
    for place, text in content.places():
        if len(text) > LONGEST[place.field]:
            wrong[place.name] = _("文が長すぎます。")
        elif holds_my_number(text):
            wrong[place.name] = NO_MY_NUMBER
    if wrong:
        raise Invalid(_("入力を確認してください"), wrong)
    version.content = written(content)
    _remember_author(work, version)
    work.record(NoticeWritten(version.id))


def submit(work: Work, version: NoticeVersion, seen: int) -> None:
    """Hand a draft to a second pair of eyes. Raises Invalid where it is not whole, Overtaken, NotPermitted."""
    _must_reach(work, version.template.program, Permission.PROGRAM_WORDING)
    _must_be_as_seen(work, version, seen)
    _must_be(version, NoticeState.DRAFT, _("この文面は、もう下書きではありません。"))
    _must_be_whole(work, version)
    _remember_author(work, version)
    version.state, version.submitted_at, version.returned_because = NoticeState.SUBMITTED, work.now, ""
    work.record(NoticeSubmitted(version.id))


def take_back(work: Work, version: NoticeVersion, seen: int) -> None:
    """Make a draft again of what nobody has decided on yet."""
    _must_reach(work, version.template.program, Permission.PROGRAM_WORDING)
    _must_be_as_seen(work, version, seen)
    _must_be(version, NoticeState.SUBMITTED, _("この文面は、もう承認待ちではありません。"))
    version.state, version.submitted_at = NoticeState.DRAFT, None
    work.record(NoticeTakenBack(version.id))


def approve(work: Work, version: NoticeVersion, seen: int) -> None:
    """Let a wording be sent from now on. Raises NotPermitted for whoever wrote on it, Overtaken, Invalid."""
    _must_decide(work, version, seen)
    # The sheet may have changed since it was handed in: what residents would read is looked at once more.
    _must_be_whole(work, version)
    version.state, version.decided_at, version.decided_by_id = NoticeState.APPROVED, work.now, work.actor.staff_id
    work.record(NoticeApproved(version.id))


def send_back(work: Work, version: NoticeVersion, seen: int, reason: str) -> None:
    """Let a wording be mended, saying what is wrong with it. Raises like `approve`, and Invalid without a reason."""
    _must_decide(work, version, seen)
    version.returned_because = reason_given(reason, "reason")
    version.state, version.decided_at, version.decided_by_id = NoticeState.DRAFT, work.now, work.actor.staff_id
    work.record(NoticeReturned(version.id))


def discard(work: Work, version: NoticeVersion, seen: int) -> None:
    """Throw a draft away; its number stays used."""
    _must_reach(work, version.template.program, Permission.PROGRAM_WORDING)
    _must_be_as_seen(work, version, seen)
    _must_be(version, NoticeState.DRAFT, _("この文面は、もう下書きではありません。"))
    version.state = NoticeState.DISCARDED
    work.record(NoticeDiscarded(version.id))


def looked_at(work: Work, version: NoticeVersion) -> list[WordingFinding]:
    """Give what there is to mend in a version, with its program's values put in."""
    program = version.template.program
    matter = matter_of(work, program, speaking_version(work, program.id))
    return look_at(version.wording, matter.subject, policy_of(work.office.settings))


def may_write(work: Work, version: NoticeVersion) -> bool:
    """Say whether the actor may write on a version now."""
    return version.state == NoticeState.DRAFT and _reaches(work, version, Permission.PROGRAM_WORDING)


def may_decide(work: Work, version: NoticeVersion) -> bool:
    """Say whether a version waits for the actor: a head of its department who has not written on it."""
    return (
        version.state == NoticeState.SUBMITTED
        and _reaches(work, version, Permission.NOTICE_APPROVE)
        and work.actor.staff_id not in queries.authors_of(work.session, version.id)
    )


def must_be_writable(work: Work, version: NoticeVersion) -> None:
    """Raise NotPermitted or Overtaken where the actor may not write on a version."""
    _must_reach(work, version.template.program, Permission.PROGRAM_WORDING)
    _must_be(version, NoticeState.DRAFT, _("この文面は、もう下書きではありません。"))


def _draft(work: Work, template: NoticeTemplate, content: Content) -> NoticeVersion:
    draft = NoticeVersion(
        template_id=template.id,
        number=queries.last_number(work.session, template.id) + 1,
        state=NoticeState.DRAFT,
        content=written(content),
        drafted_by_id=work.actor.staff_id,
        drafted_at=work.now,
    )
    work.session.add(draft)
    work.session.flush()
    _remember_author(work, draft)
    work.record(NoticeDrafted(template.program_id, draft.id))
    return draft


def _remember_author(work: Work, version: NoticeVersion) -> None:
    staff_id = work.actor.staff_id
    if staff_id is not None and staff_id not in queries.authors_of(work.session, version.id):
        work.session.add(NoticeAuthor(version_id=version.id, staff_id=staff_id))


def _must_decide(work: Work, version: NoticeVersion, seen: int) -> None:
    if not _reaches(work, version, Permission.NOTICE_APPROVE):
        raise NotPermitted(_("お知らせの文面を承認できるのは、所管する部署の所属長だけです。"))
    _must_be_as_seen(work, version, seen)
    _must_be(version, NoticeState.SUBMITTED, _("この文面は、もう承認待ちではありません。"))
    if not may_decide(work, version):
        raise NotPermitted(_("文面を書いた人は、それを承認できません。別の所属長が確かめてください。"))


def _must_be_whole(work: Work, version: NoticeVersion) -> None:
    if not is_whole(looked_at(work, version)):
        raise Invalid(_("文面に直すところが残っています。「要修正」をなくしてから進めてください。"))


def _reaches(work: Work, version: NoticeVersion, permission: Permission) -> bool:
    return work.actor.reaches(permission, version.template.program.department.path)


def _must_reach(work: Work, program: Program, permission: Permission) -> None:
    if not work.actor.reaches(permission, program.department.path):
        raise NotPermitted(_("お知らせの文面を書けるのは、制度を所管する部署の職員だけです。"))


def _must_be(version: NoticeVersion, state: NoticeState, otherwise: str) -> None:
    if version.state != state:
        raise Overtaken(otherwise)


def _must_be_as_seen(work: Work, version: NoticeVersion, seen: int) -> None:
    if seen == version.version:
        return
    name = work.session.scalar(select(Staff.name).where(Staff.id == version.changed_by_id))
    if name is None:
        raise Overtaken(_("この文面はもう変わっています。最新の内容を確認してください。"))
    raise Overtaken(_("%(name)sさんがこの文面を先に変更しました。最新の内容を確認してください。"), name=name)
