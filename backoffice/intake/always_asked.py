"""Which fields does a person see though the reader has no doubt? Names, birth dates, accounts, holders and amounts.

They pass by themselves once the ledger shows, for that field of that form, at most one error in ten thousand.
"""

import re
from collections.abc import Collection, Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.intake.ledger import ALWAYS, ALWAYS_ASKED, CAUGHT, SAMPLE
from backoffice.intake.models import LedgerLine, SheetField
from forms.definition import FormDefinition, FormField
from forms.field_types import FieldType
from ocr.calibration import worst_error

MOST_ERRORS = 1 / 10_000
_TELLING = (ALWAYS, CAUGHT, SAMPLE)
_WEIGHTY = frozenset({FieldType.ACCOUNT, FieldType.PERSON_NAME, FieldType.YEN})
_PAID_TO, _BIRTH = re.compile("名義|口座番号"), re.compile("生年月日|誕生|生まれ")


def is_weighty(question: FormField) -> bool:
    """Say whether a wrong answer pays the wrong person, or the wrong sum, or takes somebody for another."""
    if question.type is FieldType.DATE:
        return _BIRTH.search(question.label) is not None
    return question.type in _WEIGHTY or _PAID_TO.search(question.label) is not None


def ask_unless_proven(
    session: Session, form_code: str, fields: Iterable[SheetField], definition: FormDefinition
) -> None:
    """Ask about each weighty field that passed, unless the ledger shows that readings of it may be trusted."""
    weighty = {question.key for question in definition.questions if is_weighty(question)}
    passed = [field for field in fields if field.passes and field.key in weighty]
    proven = _proven(session, form_code, {field.key for field in passed}) if passed else frozenset()
    for field in passed:
        if field.key not in proven:
            field.passes, field.why_not = False, [ALWAYS_ASKED]


def _proven(session: Session, form_code: str, keys: Collection[str]) -> frozenset[str]:
    sums = session.execute(
        select(LedgerLine.key, func.sum(LedgerLine.right), func.sum(LedgerLine.wrong))
        .where(LedgerLine.form_code == form_code, LedgerLine.key.in_(keys), LedgerLine.seen_by.in_(_TELLING))
        .group_by(LedgerLine.key)
    )
    return frozenset(key for key, right, wrong in sums if worst_error(wrong, right + wrong) <= MOST_ERRORS)
