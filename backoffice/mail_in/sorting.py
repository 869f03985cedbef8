"""What is to be done with a letter? By the first rule of its department that it meets, or as a person says."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.mail_in.events import LetterSorted
from backoffice.mail_in.models import MailAct, MailEnclosure, MailLetter, MailRule
from backoffice.mail_in.rules import Act, files_meant, first_met
from backoffice.mail_in.workflow import ON_FILES, ActKind, ActState, state_of
from backoffice.web.translations import _
from backoffice.work import Work


def rules_of(session: Session, department_id: int) -> Sequence[MailRule]:
    """Give the rules that a department uses, in their order."""
    mine = select(MailRule).where(MailRule.department_id == department_id, MailRule.active)
    return session.scalars(mine.order_by(MailRule.place, MailRule.id)).all()


def sort_by_rules(work: Work, letter: MailLetter) -> None:
    """Note what the first rule that a letter meets wants to be done; without one it waits for a person."""
    rule = first_met(rules_of(work.session, letter.department_id), letter)
    if rule is None:
        settle(letter)
        return
    letter.rule_id = rule.id
    give(work, letter, rule.wanted, files_meant(rule.conditions, letter.files))


def give(work: Work, letter: MailLetter, acts: Iterable[Act], files: Sequence[MailEnclosure]) -> None:
    """Note what is to be done with a letter and with `files` of it; the worker does it."""
    new = [one for act in acts for one in _acts(work, act, files)]
    letter.acts.extend(new)
    settle(letter)
    work.session.flush()
    work.record(LetterSorted(letter.id, letter.rule_id or 0, len(new)))


def settle(letter: MailLetter) -> None:
    """Let a letter stand as what is done with it stands."""
    refused = any(file.refusal for file in letter.files) or bool(letter.refusal)
    letter.state = state_of([ActState(act.state) for act in letter.acts], to_look_at=refused and not letter.looked_at)


def _acts(work: Work, act: Act, files: Sequence[MailEnclosure]) -> list[MailAct]:
    if act.kind not in ON_FILES:
        state = ActState.DONE if act.kind is ActKind.SAVE else ActState.WAITING
        return [_act(work, act, state)]
    if not files:
        nothing = _act(work, act, ActState.TROUBLE)
        nothing.said = _("扱える添付ファイルがありません。")
        return [nothing]
    state = ActState.TO_PRINT if act.kind is ActKind.PRINT else ActState.WAITING
    return [_act(work, act, state, file) for file in files]


def _act(work: Work, act: Act, state: ActState, file: MailEnclosure | None = None) -> MailAct:
    return MailAct(enclosure=file, kind=act.kind, target=act.target, state=state, next_at=work.now, params={})
