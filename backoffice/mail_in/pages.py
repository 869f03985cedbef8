"""What do the pages of mail that came show?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from backoffice.identity import Department
from backoffice.mail_in.enclosures import KIND_NAMES, EnclosureKind
from backoffice.mail_in.models import MailAct, MailAddress, MailEnclosure, MailLetter, MailRule
from backoffice.mail_in.rules import Act
from backoffice.mail_in.service import Choices
from backoffice.mail_in.workflow import ACT_CHIPS, ACT_NAMES, CHIPS, ActKind, ActState, LetterState
from backoffice.web import Page
from backoffice.web.chips import Chip
from backoffice.web.lists import Paging, Tab
from backoffice.web.translations import _, translate


@dataclass(frozen=True)
class LetterRow:
    letter: MailLetter
    chip: Chip
    files: int
    refused: int

    @classmethod
    def of(cls, letter: MailLetter) -> "LetterRow":
        refused = sum(bool(file.refusal) for file in letter.files)
        return cls(letter, CHIPS[LetterState(letter.state)], len(letter.files), refused)


@dataclass(frozen=True, kw_only=True)
class LettersPage(Page):
    rows: Sequence[LetterRow]
    tabs: Sequence[Tab]
    paging: Paging
    may_sort: bool


@dataclass(frozen=True)
class FileRow:
    file: MailEnclosure
    kind: str
    refusal: str
    erased: bool

    @classmethod
    def of(cls, file: MailEnclosure) -> "FileRow":
        erased = file.file is not None and file.file.erased_at is not None
        refusal = translate(file.refusal, **file.params) if file.refusal else ""
        return cls(file, KIND_NAMES[EnclosureKind(file.kind)], refusal, erased)


@dataclass(frozen=True)
class ActRow:
    act: MailAct
    name: str
    chip: Chip
    said: str
    target: str

    @classmethod
    def of(cls, act: MailAct, titles: Mapping[tuple[str, str], str]) -> "ActRow":
        said = translate(act.said, **act.params) if act.said else ""
        target = titles.get((act.kind, act.target), act.target if act.kind == ActKind.FORWARD else "")
        return cls(act, ACT_NAMES[ActKind(act.kind)], ACT_CHIPS[ActState(act.state)], said, target)


@dataclass(frozen=True)
class ActsTyped:
    """The part of a form that says what is to be done."""

    choices: Choices
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class LetterPage(Page):
    title_text: str
    letter: MailLetter
    chip: Chip
    files: Sequence[FileRow]
    acts: Sequence[ActRow]
    may_sort: bool
    may_be_sorted: bool
    may_hand_over: bool
    departments: Sequence[tuple[str, str]]
    asked: ActsTyped
    refusal: str = ""


@dataclass(frozen=True)
class RuleRow:
    rule: MailRule
    conditions: Sequence[str]
    acts: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class RulesPage(Page):
    rows: Sequence[RuleRow]
    may_write: bool


@dataclass(frozen=True)
class Tried:
    """A letter that came, whether the rule would be the first that it meets, and which other comes before."""

    letter: MailLetter
    meets: bool
    before: str


@dataclass(frozen=True, kw_only=True)
class RulePage(Page):
    rule: MailRule | None
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
    asked: ActsTyped
    kinds: Sequence[tuple[str, str]]
    tried: Sequence[Tried] | None = None
    refusal: str = ""


@dataclass(frozen=True)
class PrintRow:
    act: MailAct
    can_be_drawn: bool


@dataclass(frozen=True, kw_only=True)
class PrintingPage(Page):
    rows: Sequence[PrintRow]
    may_sort: bool
    refusal: str = ""


@dataclass(frozen=True, kw_only=True)
class AddressesPage(Page):
    rows: Sequence[MailAddress]
    departments: Sequence[tuple[str, str]]
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


def acts_typed(acts: Iterable[Act]) -> dict[str, str]:
    """Give acts as the form's fields hold them."""
    fields = {ActKind.PAPER: "paper_form", ActKind.LIST: "list_design", ActKind.FORWARD: "forward_to"}
    given = list(acts)
    ticked = {f"act_{act.kind}": "on" for act in given}
    return ticked | {fields[act.kind]: act.target for act in given if act.kind in fields}


def department_choices(departments: Sequence[Department]) -> list[tuple[str, str]]:
    return [("", translate(_("(選んでください)"))), *((str(one.id), one.name) for one in departments)]


def kind_choices() -> list[tuple[str, str]]:
    kinds = (EnclosureKind.PAPER, EnclosureKind.SHEET, EnclosureKind.DOCUMENT)
    return [("", translate(_("すべての種類"))), *((str(kind), translate(KIND_NAMES[kind])) for kind in kinds)]


def titles_of(choices: Choices) -> dict[tuple[str, str], str]:
    """Give what the targets of acts are called."""
    forms = {(str(ActKind.PAPER), code): title for code, title in choices.forms}
    return forms | {(str(ActKind.LIST), number): title for number, title in choices.lists}


def rule_row(rule: MailRule, titles: Mapping[tuple[str, str], str]) -> RuleRow:
    """Say a rule in words."""
    said = (
        (_("差出人が %(words)s"), rule.sender),
        (_("件名に「%(words)s」"), rule.subject),
        (_("添付の名前が「%(words)s」"), rule.file_name),
        (_("添付が %(words)s"), translate(KIND_NAMES[EnclosureKind(rule.file_kind)]) if rule.file_kind else ""),
    )
    acts = [
        f"{translate(ACT_NAMES[act.kind])} {titles.get((act.kind, act.target), act.target)}".strip()
        for act in rule.wanted
    ]
    return RuleRow(rule, [translate(sentence, words=words) for sentence, words in said if words], acts)
