"""How long is the content of a letter kept? As long as the settings say after it came, once all is done with it."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from backoffice.db.among import among
from backoffice.identity import Actor, Origin
from backoffice.intake.models import PaperFile
from backoffice.mail_in.events import LetterErased
from backoffice.mail_in.models import MailLetter
from backoffice.mail_in.queries import whole_letter
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
                _erase(work, whole_letter(work.session, letter_id, lock=True))
        count += len(letters)
    return count


def _old(office: Office) -> list[int]:
    with office.look(HOUSE) as work:
        oldest = work.now - timedelta(days=office.settings.mail_in_days)
        over = (MailLetter.state == LetterState.DONE, MailLetter.came_at < oldest, MailLetter.erased_at.is_(None))
        return list(work.session.scalars(select(MailLetter.id).where(*over).order_by(MailLetter.id).limit(AT_ONCE)))


def _erase(work: Work, letter: MailLetter) -> None:
    """What was taken in as paper is the paper's, and kept and erased as paper is."""
    mine = {file.file_id for file in letter.files if file.file_id is not None}
    as_paper = set(work.session.scalars(select(PaperFile.file_id).where(among(PaperFile.file_id, mine))))
    for file in letter.files:
        file.name, file.params = "", _without_words(file.params)
        if file.file is not None and file.file_id not in as_paper:
            work.office.files.erase(file.file, work.now)
    for act in letter.acts:
        act.params = _without_words(act.params)
    letter.sender = letter.subject = letter.text = ""
    letter.erased_at = work.now
    work.record(LetterErased(letter.id, len(letter.files)))


def _without_words(params: Mapping[str, object]) -> dict[str, object]:
    """Leave out what may be a file's name or a cell of it; the sentence still finds every one of its places."""
    return {key: value if isinstance(value, int | float) else "" for key, value in params.items()}
