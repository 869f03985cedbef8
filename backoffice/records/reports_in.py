"""How do many workbooks come in that are one record each? Read by their labels; what one should look at first waits.

A report waits where a rule of the form is broken, where its totals do not add up, where the same file came before, and
where the list has a record that says the same of whom and when: a report is often sent again, corrected.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.errors import Invalid
from backoffice.records.import_models import RecordImport
from backoffice.records.importing import Brought, ImportState
from backoffice.records.matching import askable, typed_of
from backoffice.records.models import Record
from backoffice.records.outlook import Finding, Outlook, WaitingRow, check_row, findings_of
from backoffice.records.queries import IN_THE_LIST
from backoffice.records.sheets_in import Sheet, read_grid
from backoffice.web.translations import LANGUAGES, _, speaking, translate
from forms.definition import FormDefinition, FormField
from forms.field_types import FieldType, Value
from forms.importing import Report, read_report

MOST_FILES = 200
_LATEST_IMPORTS = 200
_NAMES_IT = frozenset({FieldType.TEXT, FieldType.DATE, FieldType.DIGITS, FieldType.CHOICE})
Said = tuple[Value, ...]
"""The answers that say of whom and when a report is."""


@dataclass(frozen=True)
class ReportFile:
    """One workbook as it was read; `line` counts the files from 1."""

    line: int
    name: str
    sha256: str
    typed: Mapping[str, str]
    values: Mapping[str, Value]
    findings: Sequence[Finding] = field(default=())


def read_files(definition: FormDefinition, files: Iterable[tuple[str, bytes]]) -> list[ReportFile]:
    """Read and check each file, name and content: slow, no unit may be open. One that cannot be read waits, too."""
    return [_read(definition, line, name, content) for line, (name, content) in enumerate(files, 1)]


def brought_of(
    session: Session, definition: FormDefinition, design_id: int, department_id: int | None, files: Sequence[ReportFile]
) -> Brought:
    """Give the files as one import, those that came before or say the same as a record or one another waiting."""
    looked_at = _beside_one_another(definition, _beside_the_list(session, definition, design_id, department_id, files))
    looked_at = _beside_earlier_files(session, design_id, department_id, looked_at)
    answered = {key for one in looked_at for key in one.typed}
    questions = [one for one in askable(definition) if one.key in answered]
    rows = tuple((one.line, [one.name, *(one.typed.get(each.key, "") for each in questions)]) for one in looked_at)
    return Brought(
        name=files[0].name,
        sha256=hashlib.sha256("".join(sorted(one.sha256 for one in files)).encode()).hexdigest(),
        sheet=Sheet(("", *(one.label for one in questions)), rows),
        mapping=["", *(one.key for one in questions)],
        found=Outlook(
            [one.values for one in looked_at if not one.findings],
            [WaitingRow(one.line, one.typed, one.findings) for one in looked_at if one.findings],
        ),
        sources=[(one.name, one.sha256) for one in looked_at],
    )


def must_be_news(session: Session, definition: FormDefinition, brought: RecordImport) -> None:
    """Raise Invalid where, since reports were checked, the list got a record that says the same as one of them."""
    names = naming(definition)
    said = [each for values in brought.fine if brought.sources and (each := _said(names, values))]
    known = _records_saying(session, names, brought.design_id, brought.department_id, said)
    if known:
        raise Invalid(
            _("確かめた後に、「%(labels)s」が同じ記録 %(number)s が入りました。取りやめて、選び直してください。"),
            labels=_labels(names),
            number=next(iter(known.values())),
        )


def is_rather_report(file: ReportFile, mapping: Sequence[str]) -> bool:
    """Say whether a file answers more as one report than its columns would as a table."""
    return sum(bool(text) for text in file.typed.values()) > sum(bool(key) for key in mapping)


def naming(definition: FormDefinition) -> list[FormField]:
    """Give the questions that say of whom and when a report is: what must be answered outside of tables, no amounts."""
    return [one for one in definition.fields if one.required and one.type in _NAMES_IT and one.computed is None]


def _read(definition: FormDefinition, line: int, name: str, content: bytes) -> ReportFile:
    digest = hashlib.sha256(content).hexdigest()
    try:
        report = read_report(definition, read_grid(content))
    except Invalid as refusal:
        return ReportFile(line, name, digest, {}, {}, [("", *_in_both(refusal.message, **refusal.params))])
    if not any(report.typed.values()):
        none = _("この様式の欄の名前が見つかりません。")
        return ReportFile(line, name, digest, {}, {}, [("", *_in_both(none))])
    return _checked(definition, ReportFile(line, name, digest, {}, {}), report)


def _checked(definition: FormDefinition, file: ReportFile, report: Report) -> ReportFile:
    typed = typed_of(definition, list(report.typed), list(report.typed.values()))
    checked = check_row(definition, typed)
    apart = [("", one.message_ja, one.message_en) for one in report.problems]
    return replace(file, typed=typed, values=checked.values, findings=[*findings_of(checked), *apart])


def _beside_the_list(
    session: Session, definition: FormDefinition, design_id: int, department_id: int | None, files: Sequence[ReportFile]
) -> list[ReportFile]:
    names = naming(definition)
    said = [_said(names, one.values) for one in files]
    known = _records_saying(session, names, design_id, department_id, [each for each in said if each])
    twin = _("「%(labels)s」が同じ記録 %(number)s があります。")
    return [
        _waiting(one, twin, labels=_labels(names), number=known[each]) if each and each in known else one
        for one, each in zip(files, said, strict=True)
    ]


def _records_saying(
    session: Session, names: Sequence[FormField], design_id: int, department_id: int | None, said: Sequence[Said]
) -> dict[Said, str]:
    """Give the numbers of the list's records that say one of these."""
    if not said:
        return {}
    asked = [
        Record.values[name.key].as_string().in_(sorted({str(each[place]) for each in said}))
        for place, name in enumerate(names)
    ]
    statement = select(Record.number, Record.values).where(
        Record.design_id == design_id, Record.department_id == department_id, Record.state.in_(IN_THE_LIST), *asked
    )
    return {tuple(values.get(name.key) for name in names): number for number, values in session.execute(statement)}


def _beside_one_another(definition: FormDefinition, files: Sequence[ReportFile]) -> list[ReportFile]:
    names = naming(definition)
    first: dict[Said, ReportFile] = {}
    found: list[ReportFile] = []
    for one in files:
        said = _said(names, one.values)
        earlier = first.setdefault(said, one) if said else one
        twin = _("「%(labels)s」が「%(name)s」と同じです。")
        found.append(one if earlier is one else _waiting(one, twin, labels=_labels(names), name=earlier.name))
    return found


def _beside_earlier_files(
    session: Session, design_id: int, department_id: int | None, files: Sequence[ReportFile]
) -> list[ReportFile]:
    statement = (
        select(RecordImport.sources)
        .where(
            RecordImport.design_id == design_id,
            RecordImport.department_id == department_id,
            RecordImport.state == ImportState.TAKEN,
        )
        .order_by(RecordImport.id.desc())
        .limit(_LATEST_IMPORTS)
    )
    known = {digest: name for sources in session.scalars(statement) for name, digest in sources}
    again = _("同じ内容のファイルを「%(name)s」として受け取っています。")
    return [_waiting(one, again, name=known[one.sha256]) if one.sha256 in known else one for one in files]


def _labels(names: Sequence[FormField]) -> str:
    return "・".join(name.label for name in names)


def _said(names: Sequence[FormField], values: Mapping[str, Value]) -> Said | None:
    said = tuple(values.get(name.key) for name in names)
    return said if names and all(value is not None for value in said) else None


def _waiting(file: ReportFile, message: str, **params: object) -> ReportFile:
    return replace(file, findings=[*file.findings, ("", *_in_both(message, **params))])


def _in_both(message: str, **params: object) -> tuple[str, str]:
    """A finding is kept: who reads it may speak another language than whoever brought the file."""
    said = []
    for language in LANGUAGES:
        with speaking(language):
            said.append(translate(message, **params))
    ja, en = said
    return ja, en
