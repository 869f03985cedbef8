"""How does the record that a clerk typed while recording say which field is which? By its values, which then go."""

from sqlalchemy import select

from backoffice.errors import Invalid
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.shelf import newest_definitions
from backoffice.identity import Permission, within
from backoffice.recordings import queries
from backoffice.recordings.writing import row_of
from backoffice.records.events import RecordSeen
from backoffice.records.models import Record
from backoffice.web.translations import _
from backoffice.work import Work
from forms.definition import FormDefinition


def sample_of(work: Work, design_id: int, number: str) -> tuple[FormDesign, FormDefinition, dict[str, str]]:
    """Give the form, what it asks, and how the record with this number is written ("" for no record).

    Raises Invalid where the person may not teach this form, or reads no such record of it.
    """
    forms = queries.forms_to_teach(work.session, work.actor)
    design = next((each for each in forms if each.id == design_id), None)
    if design is None:
        raise Invalid(_("様式を選んでください。"), {"design": _("様式を選んでください。")})
    # Whoever teaches need not read the form's records: operators do not.
    definition = newest_definitions(work.session, [design.code])[design.code]
    if not number:
        return design, definition, {}
    mine = within(work.actor, Permission.RECORD_READ, Record.department_id)
    wanted = select(Record).where(Record.number == number, Record.design_id == design_id, mine)
    record = work.session.scalars(wanted).one_or_none()
    if record is None:
        raise Invalid(_("この番号の記録は、この様式の台帳にありません。"), {"sample": _("番号を確かめてください。")})
    work.record(RecordSeen(record.id))
    return design, definition, row_of(definition, {**record.values, "reference": record.number})
