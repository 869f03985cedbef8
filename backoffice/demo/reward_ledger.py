"""What was paid in rewards this year? A ledger as it came of an Excel file, with two payments whose tax is wrong."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from backoffice.demo.city import actor_of
from backoffice.form_designs.models import FormDesign
from backoffice.records import queries as records
from backoffice.records import service as lists
from backoffice.work import Office
from forms.definition import FormDefinition
from forms.field_types import Value
from rpa_bots.fake_offices.rewards import REWARDS
from rpa_bots.fake_offices.rows import rows
from workflows.withholding import withholding

CLERK, LEDGER = "tanaka", "報償費の支払い"
PAYEES, SEED = 6, 31
PAID: Final = (
    *(30_000, 12_000, 25_000, 8_000, 1_200_000, 15_000),
    *(20_000, 12_000, 30_000, 8_000, 24_000, 15_000),
    *(25_000, 12_000, 18_000, 8_000, 33_000, 15_000),
)
"""Yen, one payment every two weeks, payee after payee. Of the third payee nothing is a fee: a member of committees."""
NOTHING_OFF, TEN_PERCENT = 6, 16
"""Places of the payments whose tax is wrong: none was taken off, and 10 % in place of 10.21 %."""
MEMBER = 2


def bring(office: Office) -> int:
    """Take the ledger in at once, as a clerk who brings a workbook does, and give how many payments it has."""
    with office.unit(actor_of(office, CLERK)) as work:
        design_id = work.session.scalars(select(FormDesign.id).where(FormDesign.title == LEDGER)).one()
        design, definition = records.find_form(work.session, work.actor, design_id)
        paid = list(_payments(definition, work.today))
        lists.take_in(work, design, definition, paid)
    return len(paid)


def _payments(definition: FormDefinition, today: date) -> Iterator[dict[str, Value]]:
    people = rows(REWARDS, PAYEES, SEED, today)
    kind = next(one for one in definition.questions if one.label == "報償の種類")
    codes = {option.label: option.code for option in kind.options}
    keys = {one.label: one.key for one in definition.questions}
    for place, paid in enumerate(PAID):
        one, on = people[place % PAYEES], today - timedelta(days=14 * (len(PAID) - place))
        is_member = place % PAYEES == MEMBER
        answers: dict[str, Value] = {
            **{label: one[label] for label in ("受取人カナ", "受取人氏名", "受取人住所", "事業名")},
            "実施日": (on - timedelta(days=10)).isoformat(),
            "支払金額": paid,
            "報償の種類": codes["委員謝金" if is_member else "講師謝金"],
            "支払日": on.isoformat(),
            "源泉徴収税額": _withheld(place, paid),
        }
        yield {keys[label]: value for label, value in answers.items()}


def _withheld(place: int, paid: int) -> int:
    if place == NOTHING_OFF:
        return 0
    return paid // 10 if place == TEN_PERCENT else withholding(paid)
