"""Which list is a ledger of rewards, and which payments stand in it? Known by its questions, not by its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from backoffice.identity import Actor
from backoffice.records import queries
from backoffice.records.conditions import Comparison, Condition, Wish
from backoffice.records.queries import Listing, RowOut
from backoffice.records.workflow import RecordState
from forms.definition import FormDefinition, FormField
from forms.field_types import FieldType
from workflows.withholding import Nature, Payee, Payment

_COMMITTEE = "委員"


@dataclass(frozen=True)
class Ledger:
    """The questions of a form that make it a ledger of rewards."""

    kana: FormField
    name: FormField
    address: FormField
    paid_on: FormField
    paid: FormField
    withheld: FormField
    kind: FormField


def ledger_of(definition: FormDefinition) -> Ledger | None:
    """Find who was paid what on which day, what was taken off and what for; None where a form does not ask it all."""
    found = (
        _first(definition, FieldType.KATAKANA),
        _first(definition, FieldType.PERSON_NAME),
        _first(definition, FieldType.ADDRESS),
        _first(definition, FieldType.DATE, "支払"),
        _first(definition, FieldType.YEN, "支払"),
        _first(definition, FieldType.YEN, "源泉"),
        _first(definition, FieldType.CHOICE),
    )
    there = [each for each in found if each is not None]
    return Ledger(*there) if len(there) == len(found) else None


def natures_of(ledger: Ledger, chosen: Mapping[str, str]) -> dict[str, Nature]:
    """Give what each kind of payment is: as chosen, else a salary for members of committees, a fee for all others."""
    known = {str(each) for each in Nature}
    return {
        option.code: Nature(chosen[option.code])
        if chosen.get(option.code) in known
        else (Nature.SALARY if _COMMITTEE in option.label else Nature.FEE)
        for option in ledger.kind.options
    }


def payments_of(
    session: Session, actor: Actor, design_id: int, definition: FormDefinition, ledger: Ledger, year: int
) -> list[RowOut]:
    """Give the records of payments made in a calendar year, by the day of payment; what was rejected is not paid."""
    days = ((Comparison.FROM, date(year, 1, 1)), (Comparison.TO, date(year, 12, 31)))
    wish = Wish(conditions=tuple(Condition(ledger.paid_on.key, test, day.isoformat()) for test, day in days))
    rows = queries.rows_out(session, Listing(actor, design_id, definition, wish))
    return [row for row in rows if row.state != RecordState.REJECTED]


def undated(session: Session, actor: Actor, design_id: int, definition: FormDefinition, ledger: Ledger) -> int:
    """Count the records that say no day of payment: they stand in no year."""
    wish = Wish(conditions=(Condition(ledger.paid_on.key, Comparison.EMPTY),))
    many, _sums = queries.count_and_sums(session, Listing(actor, design_id, definition, wish))
    return many


def as_payments(ledger: Ledger, rows: Sequence[RowOut], natures: Mapping[str, Nature]) -> list[Payment]:
    """Give records as payments, but for those of which the ledger does not say all (`is_whole`)."""
    labels = {option.code: option.label for option in ledger.kind.options}
    return [
        Payment(
            row.number,
            Payee(*(str(row.values.get(each.key) or "") for each in (ledger.kana, ledger.name, ledger.address))),
            date.fromisoformat(str(row.values[ledger.paid_on.key])),
            labels[str(row.values[ledger.kind.key])],
            natures[str(row.values[ledger.kind.key])],
            int(row.values[ledger.paid.key] or 0),
            _amount(row, ledger.withheld),
        )
        for row in rows
        if is_whole(ledger, row)
    ]


def is_whole(ledger: Ledger, row: RowOut) -> bool:
    """Say whether a record tells who was paid how much for what."""
    kinds = {option.code for option in ledger.kind.options}
    amount, kind, name = (row.values.get(each.key) for each in (ledger.paid, ledger.kind, ledger.name))
    return amount is not None and str(kind) in kinds and bool(name)


def _amount(row: RowOut, question: FormField) -> int | None:
    value = row.values.get(question.key)
    return None if value is None else int(value)


def _first(definition: FormDefinition, kind: FieldType, word: str = "") -> FormField | None:
    alone = (one for one in definition.questions if one.key not in definition.row_of)
    return next((one for one in alone if one.type is kind and word in one.label), None)
