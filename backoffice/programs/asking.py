"""What does a rule say of one resident, and why? Asked by pseudonym, for a reason, within a budget, kept with both.

Whom somebody asked about is kept apart from the trail, sealed: one day it is asked who looked at a resident, and one
day it must be forgotten. The trail holds the number of the inquiry alone.
"""

from sqlalchemy import func, select

from backoffice.errors import NotPermitted, NotThere, TooSoon
from backoffice.identity import Actor, Permission
from backoffice.programs import queries
from backoffice.programs.answering import Answer, answer_of, rule_to_ask
from backoffice.programs.events import InquiryMade
from backoffice.programs.models import Inquiry, ProgramVersion
from backoffice.programs.previewing import may_look, snapshot_for, until_tomorrow
from backoffice.programs.workflow import VersionState
from backoffice.residents.opening import load_snapshot
from backoffice.vault import Cipher
from backoffice.web.free_text import pseudonym_given, reason_given
from backoffice.web.translations import _
from backoffice.work import Office, Work
from workflows.rules import NobodyError, read_population

INQUIRIES_AT_A_PROGRAM = 20
"""Times that one person may ask a day for one program: a clerk at a counter has fewer residents who ask why.

Whoever needs more is going through a list, and for that the rule is run over everybody.
"""
INQUIRIES_A_DAY = 60
"""The same over all programs, so that many programs are no way around."""
PSEUDONYM, REASON = "program_inquiry.pseudonym", "program_inquiry.reason"
"""What sealed texts and marks are bound to; not what the 支援措置 desk's are, so that no mark can be found there."""


def ask_why(office: Office, actor: Actor, version_id: int, pseudonym: str, reason: str) -> Answer:
    """Say what a version's rule comes to for one resident, condition by condition.

    Raises Invalid for no reason given, NotThere for a pseudonym that is not in the snapshot, whatever that comes from,
    NotPermitted for whoever may not ask for the program's department, TooSoon when the day's budget is spent. What is
    asked is kept before it is answered, also where nobody is found: a pseudonym is not tried out for nothing.
    """
    with office.unit(actor) as work:
        version = queries.find_version(work.session, version_id)
        _must_be_open_to(actor, version)
        reason = reason_given(reason, "reason")
        pseudonym = pseudonym_given(pseudonym)
        askable = rule_to_ask(work, version)
        snapshot_id = snapshot_for(work).id
        _keep(work, version, pseudonym, reason)
    population = load_snapshot(office, actor, snapshot_id, read_population)
    try:
        return answer_of(askable, population, pseudonym)
    except NobodyError:
        # A protected resident is told as nobody is: without a hint, and without the error that names the pseudonym.
        raise NotThere(_("この仮名の人は、今の住民データに見つかりません。")) from None


def inquiries_left(work: Work, program_id: int) -> int:
    """Give how many residents the person may still ask about today for a program."""
    mine = select(func.count()).select_from(Inquiry)
    mine = mine.where(Inquiry.staff_id == work.actor.staff_id, Inquiry.day == work.today)
    here = work.session.scalar(mine.where(Inquiry.program_id == program_id)) or 0
    everywhere = work.session.scalar(mine) or 0
    return max(0, min(INQUIRIES_AT_A_PROGRAM - here, INQUIRIES_A_DAY - everywhere))


def mark_of(cipher: Cipher, pseudonym: str) -> str:
    return cipher.mark(pseudonym, PSEUDONYM)


def _must_be_open_to(actor: Actor, version: ProgramVersion) -> None:
    if not may_look(actor, version, Permission.PROGRAM_WHY):
        raise NotPermitted(_("この制度の判定の理由を見られるのは、所管する部署の職員だけです。"))
    if version.state != VersionState.APPROVED:
        # On a draft, a rule could be bent question by question until it tells a resident's income.
        raise NotPermitted(_("判定の理由は、承認された版についてだけ見られます。下書きは例で確かめてください。"))


def _keep(work: Work, version: ProgramVersion, pseudonym: str, reason: str) -> None:
    """Keep an inquiry and take it from the budget. Raises TooSoon."""
    if work.actor.staff_id is None:
        raise NotPermitted(_("判定の理由は、サインインした職員だけが見られます。"))
    # Whoever asks many times at once, for whichever programs, waits here and pays each time.
    queries.lock_person(work.session, work.actor.staff_id)
    if not inquiries_left(work, version.program_id):
        raise TooSoon(
            _("今日、判定の理由を見られる回数を使い切りました。明日また見られます。"), seconds=until_tomorrow(work)
        )
    cipher = work.office.cipher
    inquiry = Inquiry(
        program_id=version.program_id,
        version_id=version.id,
        staff_id=work.actor.staff_id,
        day=work.today,
        asked_at=work.now,
        mark=mark_of(cipher, pseudonym),
        sealed_pseudonym=cipher.seal(pseudonym.encode(), PSEUDONYM),
        sealed_reason=cipher.seal(reason.encode(), REASON),
    )
    work.session.add(inquiry)
    work.session.flush()
    work.record(InquiryMade(inquiry.id))
