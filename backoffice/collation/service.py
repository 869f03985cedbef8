"""What is done with papers beside records: how they are read is set, they are handed in, differences are decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backoffice.collation import queries
from backoffice.collation.comparing import READABLE, Pair
from backoffice.collation.events import DifferenceDecided, PaperRuleSet, PapersHandedIn
from backoffice.collation.models import AttachedPaper, CollationRuling, PaperRule
from backoffice.collation.workflow import Ruling, rulings_for
from backoffice.errors import Invalid
from backoffice.form_designs.models import FormDesign
from backoffice.intake.queries import wait_for_others
from backoffice.intake.receiving import Arrived, receive
from backoffice.intake.workflow import BatchSource
from backoffice.records import service as records
from backoffice.records.models import Record, RecordFile
from backoffice.vault import StoredFile
from backoffice.web.answers_in import sentence
from backoffice.web.free_text import note_given, reason_given
from backoffice.web.translations import _
from backoffice.work import Office, Work
from forms.asking import settle
from forms.collating import as_answer
from forms.definition import FormDefinition
from forms.problems import Severity
from forms.validation import validate


@dataclass(frozen=True)
class Copied:
    """A file of a record, sealed once more: what is found on a paper may erase it there, never at the record."""

    record_file_id: int
    name: str
    paper_code: str
    file: StoredFile = field(repr=False)


def set_rule(work: Work, design: FormDesign, key: str, paper_code: str, pairs: Sequence[tuple[str, str]]) -> None:
    """Say which paper answers a question for a file, "" for none; the last word counts, also for papers read before.

    Raises Invalid for a paper of which nothing is compared.
    """
    rule = next((each for each in queries.rules_of(work.session, design.id) if each.key == key), None)
    if not paper_code:
        if rule is not None:
            work.session.delete(rule)
            work.record(PaperRuleSet(design.id, key))
        return
    if not pairs:
        said = _("突き合わせる欄を、1つ以上選んでください。")
        raise Invalid(said, {key: said})
    rule = rule or PaperRule(design_id=design.id, key=key)
    rule.paper_code, rule.pairs = paper_code, [list(pair) for pair in pairs]
    rule.set_by_id, rule.set_at = work.actor.staff_id, work.now
    work.session.add(rule)
    work.record(PaperRuleSet(design.id, key))


def copies(office: Office, files: Mapping[str, RecordFile], rules: Sequence[PaperRule]) -> list[Copied]:
    """Seal the papers of a record for their reading; no unit may be open."""
    wanted = ((rule, files[rule.key]) for rule in rules if rule.key in files)
    return [
        Copied(
            row.id,
            row.name,
            rule.paper_code,
            office.files.put(office.files.read(row.file), row.file.media_type, office.services.now()),
        )
        for rule, row in wanted
        if row.file.media_type in READABLE
    ]


def hand_in(work: Work, record: Record, copied: Sequence[Copied]) -> int:
    """Lay a record's papers among those of its department, each once, and give how many are new.

    Of two presses at once the second finds what the first laid there.
    """
    wait_for_others(work.session, record.department_id)
    known = queries.readings_of(work.session, [each.record_file_id for each in copied])
    new = [each for each in copied if each.record_file_id not in known]
    for each in new:
        there = queries.already_read(work.session, record.department_id, [each.file.sha256])
        paper_file_id = there.get(each.file.sha256)
        if paper_file_id is None:
            arrived = [Arrived(each.name, each.file)]
            batch, _refused = receive(work, arrived, each.paper_code, record.department_id, BatchSource.RECORD)
            if batch is None:
                raise Invalid(_("添付書類を読取に回せませんでした。"))
            paper_file_id = batch.files[0].id
        work.session.add(AttachedPaper(record_file_id=each.record_file_id, paper_file_id=paper_file_id))
    if new:
        work.record(PapersHandedIn(record.id, len(new)))
    return len(new)


def decide(work: Work, record: Record, definition: FormDefinition, pair: Pair, ruling: str, note: str) -> None:
    """Keep what a person decided of one difference; as the paper says, the record is changed.

    Raises Invalid for what cannot be decided here, a missing reason, or an answer that the form refuses.
    """
    if ruling not in rulings_for(pair.finding):
        said = _("どうするかを選んでください。")
        raise Invalid(said, {"ruling": said})
    reason = (reason_given if ruling == Ruling.AS_APPLIED else note_given)(note, "note")
    if ruling == Ruling.AS_PAPER:
        _mend(work, record, definition, pair)
    kept = CollationRuling(
        record_id=record.id,
        file_key=pair.file_key,
        key=pair.question.key,
        said=pair.said,
        read=pair.read,
        finding=pair.finding,
        ruling=ruling,
        note=reason,
        decided_by_id=work.actor.staff_id,
        decided_at=work.now,
    )
    work.session.add(kept)
    work.record(DifferenceDecided(record.id, pair.question.key, ruling))


def _mend(work: Work, record: Record, definition: FormDefinition, pair: Pair) -> None:
    values = {**record.values, pair.question.key: as_answer(pair.question, pair.read)}
    problems = validate(definition, settle(definition, values).values)
    wrong = next((each for each in problems if (each.key, each.severity) == (pair.question.key, Severity.REFUSE)), None)
    if wrong is not None:
        raise Invalid(sentence(wrong), {"ruling": sentence(wrong)})
    records.change(work, record, record.version, definition, values)
