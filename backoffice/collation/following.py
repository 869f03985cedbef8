"""May a record go on while its papers say something else? Not before a person has decided every difference."""

from sqlalchemy import select

from backoffice.collation import queries
from backoffice.collation.comparing import compared
from backoffice.errors import Invalid
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.shelf import newest_definitions
from backoffice.inbox.events import DecisionTakenBack
from backoffice.records.events import RecordChanged, RecordSettled
from backoffice.records.models import Record
from backoffice.records.workflow import RecordState
from backoffice.web.translations import _
from backoffice.work import Work


def must_be_decided(work: Work, event: RecordChanged | RecordSettled) -> None:
    """Raise Invalid where a person finishes a record, or hands it in, whose papers differ and nobody has decided.

    What a case decides later is not held up, nor a decision that is taken back: whoever handed the record in had to
    decide before.
    """
    if work.actor.staff_id is None or any(isinstance(each, DecisionTakenBack) for each in work.events):
        return
    record = work.session.get_one(Record, event.record_id)
    goes_on = RecordState.DONE if isinstance(event, RecordSettled) else RecordState.IN_REVIEW
    rules = queries.rules_of(work.session, record.design_id) if record.state == goes_on else ()
    if not any(record.values.get(rule.key) for rule in rules):
        return  # no paper came with it: of two thousand at once, most
    code = work.session.scalars(select(FormDesign.code).where(FormDesign.id == record.design_id)).one()
    definition = newest_definitions(work.session, [code])[code]
    waiting = compared(work.session, record, definition, rules).open
    if waiting:
        raise Invalid(
            _("%(number)s は、添付書類との違いが%(n)s件決まっていません。「添付書類」の画面で決めてください。"),
            number=record.number,
            n=waiting,
        )
