"""Which notices are worded in the demonstration city? Five approved ones, one that waits and one with work to do."""

from dataclasses import replace

from sqlalchemy import select

from backoffice.demo.cases import DRAFTER
from backoffice.demo.city import actor_of
from backoffice.notices import queries, service
from backoffice.programs.models import Program
from backoffice.programs.queries import find_program
from backoffice.work import Office

HEAD = "yamada"
APPROVED = ("shugaku-enjo", "koreisha-joshaken", "gan-daicho", "shika-fushime", "yoka-dock")
WAITING = "gan-i"
TO_MEND = "influenza"


def approve(office: Office) -> int:
    """Let the people of the city word and approve some notices, and give how many."""
    for code in APPROVED:
        notice_id = _begin(office, code)
        _submit(office, notice_id)
        with office.unit(actor_of(office, HEAD)) as work:
            version = queries.find_version(work.session, notice_id)
            service.approve(work, version, version.version)
    return len(APPROVED)


def word(office: Office) -> None:
    """Let them word some more, of which nobody approves."""
    _submit(office, _begin(office, WAITING))
    _write_too_loudly(office, _begin(office, TO_MEND))


def _begin(office: Office, code: str) -> int:
    with office.unit(actor_of(office, DRAFTER)) as work:
        program_id = work.session.scalars(select(Program.id).where(Program.shipped_as == code)).one()
        return service.begin(work, find_program(work.session, program_id)).id


def _submit(office: Office, notice_id: int) -> None:
    with office.unit(actor_of(office, DRAFTER)) as work:
        version = queries.find_version(work.session, notice_id)
        service.submit(work, version, version.version)


def _write_too_loudly(office: Office, notice_id: int) -> None:
    """Leave a draft that startles and names its program: what the check finds is there to be seen."""
    with office.unit(actor_of(office, DRAFTER)) as work:
        version = queries.find_version(work.session, notice_id)
        content = version.wording
        loud = replace(content.ja, subject="【重要なお知らせ】{制度の名称}を至急お受けください")
        service.write(work, version, version.version, replace(content, ja=loud))
