"""Which papers go to whom? Chosen by rule from a record's answers; what the rule cannot tell, a person must."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backoffice.enclosures.models import EnclosureRule
from backoffice.records.models import Record
from backoffice.records.packets import AddressKeys, addressee
from backoffice.web.translations import _
from forms.asking import holds, settle
from forms.collating import put_to
from forms.definition import FormDefinition
from forms.field_types import Value
from forms.paper.drawn import PaperPage
from forms.widths import plain

NOT_KNOWN = _("答えのない欄があり、送るかどうか決められない資料があります。")
NOTHING = _("当てはまる資料がありません。")
NO_ADDRESS = _("住所か宛名がありません。")


@dataclass(frozen=True)
class Paper:
    """A form of the house, as it is printed."""

    code: str
    title: str
    definition: FormDefinition
    pages: Sequence[PaperPage]


@dataclass(frozen=True)
class Choice:
    """What goes to one record. `why_not`: why nothing does, "" where something does."""

    record: Record
    papers: Sequence[Paper]
    why_not: str = ""


def choose(
    record: Record,
    own: FormDefinition,
    rules: Sequence[EnclosureRule],
    papers: Mapping[str, Paper],
    keys: AddressKeys,
) -> Choice:
    """Choose the papers of a record in the order of the rules.

    Where a condition looks at a question without an answer nothing is sent: half a packet is worse than none.
    """
    told = [(rule, not rule.condition or holds(own, rule.condition, record.values)) for rule in rules]
    wanted = [papers[rule.paper_code] for rule, held in told if held and rule.paper_code in papers]
    if any(held is None for _rule, held in told):
        return Choice(record, (), NOT_KNOWN)
    if addressee(keys, record.values) is None:
        return Choice(record, (), NO_ADDRESS)
    return Choice(record, wanted, "" if wanted else NOTHING)


def answers_for(paper: FormDefinition, own: FormDefinition, values: Mapping[str, Value]) -> dict[str, Value]:
    """Give what a record knows of the questions of a paper: those of the same label and type are the same question."""
    known = {(plain(one.label), one.type): one for one in own.questions}
    same = ((one, known.get((plain(one.label), one.type))) for one in paper.questions)
    told = {one.key: put_to(one, asked, values.get(asked.key)) for one, asked in same if asked is not None}
    return dict(settle(paper, {key: value for key, value in told.items() if value is not None}).values)
