"""Which records of a list were chosen: those that were ticked, or all that its conditions find?"""

from collections.abc import Mapping, Sequence

from backoffice.form_designs.models import FormDesign
from backoffice.identity import Permission
from backoffice.records import queries
from backoffice.records.models import Record
from backoffice.records.queries import Listing
from backoffice.records.routes import wish_in
from backoffice.web.forms_in import whole_number
from backoffice.work import Work
from forms.definition import FormDefinition

Lists = Mapping[str, list[str]]


def chosen(
    work: Work, design: FormDesign, definition: FormDefinition, form: Lists, permission: Permission, most: int
) -> Sequence[Record]:
    """Give the chosen records of departments where the person holds `permission`; of all, one more than `most`."""
    if everything(form):
        wish = wish_in(definition, one_of(form, "address"))
        return queries.list_wished(
            work.session, Listing(work.actor, design.id, definition, wish, permission), size=most + 1
        )
    ids = [number for number in (whole_number(text) for text in form.get("record", [])) if number is not None]
    return queries.chosen_records(work.session, work.actor, design.id, ids, permission)


def everything(form: Lists) -> bool:
    return one_of(form, "all") == "yes"


def one_of(form: Lists, name: str) -> str:
    return form.get(name, [""])[-1] if form.get(name) else ""


def inside(address: str, design: FormDesign) -> str:
    """Only ever back to this list: an address from a form could name anything."""
    path = f"/records/{design.id}"
    return address if address == path or address.startswith(path + "?") else path
