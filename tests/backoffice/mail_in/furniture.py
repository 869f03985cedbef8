"""Letters for tests that look at pages: one in each state, with an attachment that waits to be printed, and a rule."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from backoffice.identity import Department
from backoffice.mail_in.enclosures import EnclosureKind
from backoffice.mail_in.models import MailAct, MailAddress, MailEnclosure, MailLetter, MailRule
from backoffice.mail_in.workflow import ActKind, ActState, LetterState
from backoffice.work import Work

NOBODY = 2_000_000_000
ORDER = (LetterState.TO_PRINT, LetterState.TO_SORT, LetterState.DONE, LetterState.TO_CHECK, LetterState.UNDER_WAY)
ACT_STATES = {
    LetterState.TO_PRINT: ActState.TO_PRINT,
    LetterState.DONE: ActState.DONE,
    LetterState.TO_CHECK: ActState.TROUBLE,
    LetterState.UNDER_WAY: ActState.WAITING,
}


def add_letters(work: Work, department: Department, pictures: Sequence[int]) -> dict[str, int]:
    """A letter for each picture; give the ids of what hangs on the first."""
    if not pictures:
        return dict.fromkeys(("letter_id", "enclosure_id", "rule_id", "address_id"), NOBODY)
    rule = MailRule(
        department_id=department.id,
        title="名簿",
        place=1,
        active=True,
        sender="koen@example.jp",
        subject="",
        file_name="",
        file_kind="",
        acts=[["print", ""]],
        changed_at=work.now,
    )
    address = MailAddress(address="gakuji@city.example.jp", department_id=department.id)
    work.session.add_all((rule, address))
    work.session.flush()
    letters = [
        _letter(work, department, rule, number, state, picture)
        for number, (state, picture) in enumerate(zip(itertools.cycle(ORDER), pictures, strict=False))
    ]
    for letter in letters:
        work.session.add(letter)
        work.session.flush()
    first = letters[0]
    return {
        "letter_id": first.id,
        "enclosure_id": first.files[0].id,
        "rule_id": rule.id,
        "address_id": address.id,
    }


def _letter(
    work: Work, department: Department, rule: MailRule, number: int, state: LetterState, picture: int
) -> MailLetter:
    file = MailEnclosure(
        name=f"名簿{number}.jpg", kind=EnclosureKind.PAPER, size=1000, file_id=picture, refusal="", params={}
    )
    acts = [
        MailAct(enclosure=file, kind=ActKind.PRINT, target="", state=ACT_STATES[state], next_at=work.now, params={})
        for _ in range(state in ACT_STATES)
    ]
    return MailLetter(
        number=f"R8-受信-{number + 1:04d}",
        department_id=department.id,
        origin=f"1:{number}",
        digest=f"{number:064d}",
        state=state,
        sender="koen@example.jp",
        subject="名簿の送付",
        text="お世話になります。",
        from_html=False,
        passed_on=False,
        refusal="",
        came_at=work.now,
        rule_id=rule.id if acts else None,
        looked_at=False,
        files=[file],
        acts=acts,
    )
