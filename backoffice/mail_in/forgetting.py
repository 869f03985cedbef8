"""How long is the content of a letter kept? As long as the settings say after it came, once all is done with it."""

from datetime import timedelta

from sqlalchemy import select

from backoffice.identity import Actor, Origin
from backoffice.mail_in.acting import find
from backoffice.mail_in.events import LetterErased
from backoffice.mail_in.models import MailLetter
from backoffice.mail_in.workflow import LetterState
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)
AT_ONCE = 100


def forget_old(office: Office) -> int:
    """Erase letters whose time is over, and give how many; that they came, and what was done, stays."""
    count = 0
    while letters := _old(office):
        with office.unit(HOUSE) as work:
            for letter_id in letters:
                _erase(work, find(work.session, letter_id, lock=True))
        count += len(letters)
    return count


def _old(office: Office) -> list[int]:
    with office.look(HOUSE) as work:
        oldest = work.now - timedelta(days=office.settings.mail_in_days)
        over = (MailLetter.state == LetterState.DONE, MailLetter.came_at < oldest, MailLetter.erased_at.is_(None))
        return list(work.session.scalars(select(MailLetter.id).where(*over).order_by(MailLetter.id).limit(AT_ONCE)))


def _erase(work: Work, letter: MailLetter) -> None:
    """What was taken in as paper is the paper's, and kept and erased as paper is."""
    as_paper = {act.enclosure_id for act in letter.acts if act.batch_id is not None}
    for file in letter.files:
        file.name = ""
        if file.file is not None and file.id not in as_paper:
            work.office.files.erase(file.file, work.now)
    letter.sender = letter.subject = letter.text = ""
    letter.erased_at = work.now
    work.record(LetterErased(letter.id, len(letter.files)))
