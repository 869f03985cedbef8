"""Which letters go on to a colleague? Inside the city only, each once, and never one that came back to the house."""

from datetime import timedelta

import structlog
from sqlalchemy import select

from backoffice.errors import Unavailable
from backoffice.identity import Actor, Origin
from backoffice.mail import Enclosure, Letter, MailServer, Outcome
from backoffice.mail_in.acting import carry_out, finish, waiting, waiting_in
from backoffice.mail_in.models import MailAct, MailLetter
from backoffice.mail_in.queries import whole_letter
from backoffice.mail_in.workflow import ActKind, ActState
from backoffice.settings import MAIL, Settings
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)
AT_ONCE = 10
FIRST_PAUSE, LONGEST_PAUSE, DOUBLINGS = timedelta(minutes=1), timedelta(hours=1), 6
TOO_LONG = timedelta(minutes=15)
"""So long after it was begun nobody sends any more: whoever did is gone."""
SAID = {
    Outcome.REFUSED: _("メールサーバーが、この宛先への転送を断りました。"),
    Outcome.UNSURE: _("転送できたか分かりません。二重に送らないよう、宛先の人に確かめてください。"),
}

log = structlog.get_logger("gijo.mail_in")


def is_inside(address: str, settings: Settings) -> bool:
    """Say whether an address lies in one of the city's own domains, or below one."""
    domain = address.lower().rpartition("@")[2]
    own = [each.strip().lower() for each in settings.mail_in_domains.split(",")]
    return MAIL.fullmatch(address) is not None and any(domain == each or domain.endswith(f".{each}") for each in own)


def tick(office: Office) -> None:
    """Pass on what waits to be passed on."""
    _give_up_what_nobody_sends(office)
    for letter_id in waiting(office, ActKind.FORWARD, AT_ONCE):
        carry_out(office, letter_id, ActKind.FORWARD, _pass_on)


def _pass_on(office: Office, letter: MailLetter) -> None:
    for act in waiting_in(letter, ActKind.FORWARD):
        refusal = _why_not(office, letter, act)
        if office.mail is None or refusal:
            with office.unit(HOUSE) as work:
                for one in _of(work, act, ActState.WAITING):
                    finish(work, one, ActState.TROUBLE, refusal)
            continue
        _send(office, office.mail, letter, act)


def _why_not(office: Office, letter: MailLetter, act: MailAct) -> str:
    if office.mail is None:
        return _("メールサーバーが設定されていないため、転送できません。")
    if letter.passed_on:
        return _("技助が一度転送したメールです。回り続けないよう、転送しません。")
    # Asked once more: the city's domains may have changed since the rule was written.
    return "" if is_inside(act.target, office.settings) else _("市の外の宛先へは転送できません。")


def _send(office: Office, server: MailServer, letter: MailLetter, act: MailAct) -> None:
    content, held, outcome = _written(office, letter, act), ActState.WAITING, None
    try:
        with server.open() as postbox:
            if _marked(office, act):
                held = ActState.SENDING
                outcome = postbox.send(content)
    except Unavailable as trouble:
        log.error("mail server does not answer", trouble=type(trouble.__cause__).__name__)  # noqa: TRY400 -- a traceback may quote people's addresses
        with office.unit(HOUSE) as work:
            # One that is being sent, and was not marked here, is in another worker's hands.
            for one in _of(work, act, held):
                one.state, one.tries = ActState.WAITING, one.tries + 1
                one.next_at = work.now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(one.tries - 1, DOUBLINGS))
        return
    with office.unit(HOUSE) as work:
        for one in _of(work, act, ActState.SENDING) if outcome else ():
            state = ActState.DONE if outcome is Outcome.SENT else ActState.TROUBLE
            finish(work, one, state, SAID.get(outcome, "") if outcome else "")


def _marked(office: Office, act: MailAct) -> bool:
    """Mark the act before the letter goes: a worker that dies in between sends no second one, and nor does another."""
    with office.unit(HOUSE) as work:
        mine = _of(work, act, ActState.WAITING)
        for one in mine:
            one.state, one.next_at = ActState.SENDING, work.now
    return bool(mine)


def _written(office: Office, letter: MailLetter, act: MailAct) -> Letter:
    said = [
        translate(_("技助が受け取ったメール %(number)s を転送します。"), number=letter.number),
        translate(_("差出人: %(sender)s"), sender=letter.sender),
        translate(_("このメールには返信できません。差出人へは、新しいメールで答えてください。")),
        "",
        letter.text,
    ]
    subject = translate(_("[転送] %(subject)s"), subject=letter.subject)
    enclosed = tuple(
        Enclosure(file.name, file.file.media_type, office.files.read(file.file))
        for file in letter.files
        if file.file is not None and file.file.erased_at is None
    )
    mark = f"passed-on-{act.id}-{office.services.now():%Y%m%d}"
    return Letter(act.target, subject, "\n".join(said) + "\n", mark, office.services.now(), enclosed, passed_on=True)


def _of(work: Work, act: MailAct, *states: ActState) -> list[MailAct]:
    letter = whole_letter(work.session, act.letter_id, lock=True)
    return [one for one in letter.acts if one.id == act.id and one.state in states]


def _give_up_what_nobody_sends(office: Office) -> None:
    with office.look(HOUSE) as work:
        begun = (MailAct.state == ActState.SENDING, MailAct.next_at < work.now - TOO_LONG)
        left = list(work.session.scalars(select(MailAct).where(*begun).limit(AT_ONCE)))
    for act in left:
        with office.unit(HOUSE) as work:
            for one in _of(work, act, ActState.SENDING):
                finish(work, one, ActState.TROUBLE, SAID[Outcome.UNSURE])
