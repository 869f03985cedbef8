"""How does a list of grants come in? Whole or not at all; whom it names is sealed before a row tells of it."""

from collections.abc import Mapping, Sequence

from backoffice.errors import Invalid, NotPermitted
from backoffice.identity import Permission
from backoffice.jobs import JobName
from backoffice.programs.models import Program
from backoffice.residents.words import REFUSALS
from backoffice.take_up import queries
from backoffice.take_up.events import GrantsTaken
from backoffice.take_up.models import GrantedList
from backoffice.vault import StoredFile
from backoffice.web.translations import _
from backoffice.work import Office, Work
from workflows.rules.brought_files import FileRefusedError
from workflows.rules.grants import GrantList, ListRefused, ListRefusedError, read_grants

MEDIA_TYPE = "application/vnd.apache.parquet"
NOT_YOURS = _("支給の一覧を取り込めるのは、所管する部署の担当者だけです。")
REFUSED: Mapping[ListRefused, str] = {
    ListRefused.COLUMNS: _("見出しは「制度番号,仮名,支給決定日」の3つか、それに「決定」を足した4つにしてください。"),
    ListRefused.NO_PROGRAM: _("見出しの下%(place)s行目の制度番号がありません。"),
    ListRefused.BAD_PSEUDONYM: _("見出しの下%(place)s行目の仮名の形が違います。"),
    ListRefused.BAD_DECISION: _("見出しの下%(place)s行目の決定は「支給」か「不支給」にしてください。"),
    ListRefused.BAD_DAY: _("見出しの下%(place)s行目の支給決定日が、日付として読めないか、先の日です。"),
}


def read(office: Office, content: bytes) -> Sequence[GrantList]:
    """Read a list. Raises Invalid for one that is refused; call it outside any unit."""
    if len(content) > office.settings.upload_limit_bytes:
        raise Invalid(_("支給の一覧のファイルが大きすぎます。"))
    try:
        return list(read_grants(content, office.services.today()).values())
    except ListRefusedError as refused:
        raise Invalid(REFUSED[refused.code], place=refused.place) from None
    except FileRefusedError as refused:
        raise Invalid(REFUSALS[refused.code], place=refused.place) from None


def seal(office: Office, lists: Sequence[GrantList]) -> Sequence[tuple[GrantList, StoredFile]]:
    """Put what lists say into the vault; call it outside any unit."""
    now = office.services.now()
    return [(each, office.files.put(each.content, MEDIA_TYPE, now)) for each in lists]


def take_in(work: Work, sealed: Sequence[tuple[GrantList, StoredFile]]) -> Sequence[GrantedList]:
    """Keep lists, and have what came of their programs' runs counted. One that was taken before changes nothing.

    Raises Invalid for a program that nobody knows, NotPermitted for one of another department.
    """
    taken = []
    for each, file in sealed:
        program = _program(work, each.program)
        if queries.is_taken(work.session, program.id, file.sha256):
            continue
        work.session.add(file)
        work.session.flush()
        kept = GrantedList(
            program_id=program.id,
            file_id=file.id,
            sha256=file.sha256,
            people=each.people,
            first_day=each.first,
            last_day=each.last,
            taken_by_id=work.actor.staff_id,
            taken_at=work.now,
        )
        work.session.add(kept)
        work.session.flush()
        work.record(GrantsTaken(program.id, kept.id))
        work.ask(JobName.COUNT_TAKE_UP, kept.id)
        taken.append(kept)
    return taken


def _program(work: Work, number: str) -> Program:
    program = queries.program_called(work.session, number)
    if program is None:
        raise Invalid(_("一覧に、登録されていない制度番号があります。"))
    if not work.actor.is_house and not work.actor.reaches(Permission.AUDIENCE_PREPARE, program.department.path):
        raise NotPermitted(NOT_YOURS)
    return program
