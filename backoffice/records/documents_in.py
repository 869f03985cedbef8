"""How do files come with a form? Checked, sealed and kept at once, so that a page which is refused loses none."""

from collections.abc import Mapping
from dataclasses import dataclass

from backoffice.errors import Invalid, NotPermitted
from backoffice.identity import Actor
from backoffice.inbox.attaching import Document, read_document
from backoffice.records.documents import questions_of
from backoffice.records.events import RecordFileAdded
from backoffice.records.models import RecordFile
from backoffice.web.forms_in import FilledForm
from backoffice.web.translations import _, translate
from backoffice.work import Office
from forms.definition import FormDefinition
from forms.problems import Problem

PICK, DROP = "file_", "drop_"
"""Before the key of a question: the input in which a file is picked, the tick that takes one off."""


@dataclass(frozen=True)
class Brought:
    """The numbers of the files that came, by question, "" where one was taken off; and what was wrong with others."""

    answers: Mapping[str, str]
    problems: Mapping[str, Problem]


def put_away(office: Office, actor: Actor, design_id: int, definition: FormDefinition, form: FilledForm) -> Brought:
    """Check and keep the files that came with a form, before its own unit opens. Raises NotPermitted, NotThere."""
    documents: dict[str, Document] = {}
    problems: dict[str, Problem] = {}
    for question in questions_of(definition):
        upload = form.files.get(PICK + question.key)
        if upload is None or not upload.filename:
            continue
        try:
            documents[question.key] = read_document(upload, office.settings.upload_limit_bytes)
        except Invalid as refusal:
            said = translate(refusal.message, **refusal.params)
            problems[question.key] = Problem(question.key, "file", said, said)
    dropped = {one.key: "" for one in questions_of(definition) if DROP + one.key in form.texts}
    return Brought({**dropped, **_kept(office, actor, design_id, documents)}, problems)


def _kept(office: Office, actor: Actor, design_id: int, documents: Mapping[str, Document]) -> dict[str, str]:
    if not documents:
        return {}
    if actor.department_id is None:
        raise NotPermitted(_("所属のない職員は入力できません。"))
    now = office.services.now()
    stored = {key: office.files.put(one.content, one.media_type, now) for key, one in documents.items()}
    with office.unit(actor) as work:
        rows = {
            key: RecordFile(
                design_id=design_id,
                department_id=actor.department_id,
                key=key,
                file=stored[key],
                name=one.name,
                added_by_id=actor.staff_id,
                added_at=work.now,
            )
            for key, one in documents.items()
        }
        work.session.add_all(rows.values())
        work.session.flush()
        for row in rows.values():
            work.record(RecordFileAdded(row.id))
        return {key: str(row.id) for key, row in rows.items()}
