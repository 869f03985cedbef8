"""What do the pages of notices show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backoffice.notices.models import NoticeVersion
from backoffice.notices.samples import Sample
from backoffice.notices.workflow import STANDING_CHIPS, NoticeStanding
from backoffice.programs.models import Program
from backoffice.web import Page
from backoffice.web.chips import Chip
from backoffice.web.lists import Paging, Tab
from backoffice.web.translations import _, language_now
from workflows.notices.blocks import Inline, Line, Slot
from workflows.notices.findings import WordingFinding
from workflows.notices.languages import NoticeLanguage
from workflows.notices.placeholders import BY_NAME, Placeholder
from workflows.rules.findings import Severity

LANGUAGE_NAMES: Mapping[NoticeLanguage, str] = {
    NoticeLanguage.JA: _("日本語"),
    NoticeLanguage.EASY: _("やさしい日本語"),
    NoticeLanguage.EN: _("英語"),
}
FIELD_NAMES: Mapping[str, str] = {
    "subject": _("メールの件名"),
    "body": _("メールの本文"),
    "text": _("LINEの本文"),
    "title": _("LINEのカードの見出し"),
    "button": _("LINEのボタンの文字"),
}
SEVERITY_CHIPS = {
    Severity.ERROR: Chip("bad", "✕", _("要修正")),
    Severity.WARNING: Chip("doubt", "▲", _("注意")),
}


@dataclass(frozen=True)
class NoticeRow:
    version: NoticeVersion
    chip: Chip

    @classmethod
    def of(cls, version: NoticeVersion, standing: NoticeStanding) -> "NoticeRow":
        return cls(version, STANDING_CHIPS[standing])


@dataclass(frozen=True)
class FindingRow:
    """One thing to look at, with the field that it is about."""

    chip: Chip
    message: str
    params: Mapping[str, object]
    language: str
    field: str
    anchor: str

    @classmethod
    def of(cls, finding: WordingFinding) -> "FindingRow":
        place = finding.place
        names = LANGUAGE_NAMES[place.language], FIELD_NAMES[place.field]
        params = {key: _in_language(value) for key, value in finding.params.items()}
        return cls(SEVERITY_CHIPS[finding.severity], finding.message, params, *names, place.name)


def placeholder_name(placeholder: Placeholder) -> str:
    """Give the name of a placeholder as whoever reads the page types it."""
    return placeholder.code if language_now() == "en" else placeholder.ja


def _in_language(value: object) -> object:
    placeholder = BY_NAME.get(value) if isinstance(value, str) else None
    return value if placeholder is None else placeholder_name(placeholder)


@dataclass(frozen=True)
class FieldRow:
    """One text to be written."""

    name: str
    label: str
    text: str
    is_long: bool
    findings: Sequence[FindingRow]
    wrong: str


@dataclass(frozen=True)
class LanguagePart:
    """All texts of one language, and how they read."""

    language: NoticeLanguage
    name: str
    fields: Sequence[FieldRow]
    errors: int


@dataclass(frozen=True)
class Piece:
    """A stretch of a line as the preview draws it: words, or what a reader can press."""

    text: str
    is_link: bool = False

    @classmethod
    def of(cls, inline: Inline) -> "Piece":
        if isinstance(inline, Slot):
            return cls("", is_link=False)
        return cls(inline) if isinstance(inline, str) else cls(inline.label, is_link=True)


@dataclass(frozen=True)
class Drawn:
    """A block of a mail as the preview draws it."""

    kind: str
    lines: Sequence[Sequence[Piece]]


@dataclass(frozen=True)
class Preview:
    """How a notice reads on a telephone: the mail, and the two bubbles of LINE."""

    name: str
    tag: str
    subject: str
    blocks: Sequence[Drawn]
    line_text: str
    card_title: str
    card_lines: Sequence[str]
    card_button: str

    @classmethod
    def of(cls, sample: Sample, reference: str) -> "Preview":
        text, card = sample.line
        bubble = card["contents"]
        title, *more = (part["text"] for part in bubble["body"]["contents"])
        return cls(
            name=LANGUAGE_NAMES[sample.language],
            tag=sample.language.tag,
            subject=sample.subject,
            blocks=[Drawn(block.kind, [_pieces(line, reference) for line in block.lines]) for block in sample.document],
            line_text=text["text"],
            card_title=title,
            card_lines=more,
            card_button=bubble["footer"]["contents"][0]["action"]["label"],
        )


def _pieces(line: Line, reference: str) -> Sequence[Piece]:
    return [Piece(reference) if each is Slot.REFERENCE else Piece.of(each) for each in line]


@dataclass(frozen=True)
class ListedNotice:
    version: NoticeVersion
    name: str
    """Of its program."""
    awaits_me: bool


@dataclass(frozen=True, kw_only=True)
class AllNoticesPage(Page):
    """The wordings of all programs, by what is to be done with them."""

    rows: Sequence[ListedNotice]
    tabs: Sequence[Tab]
    paging: Paging


@dataclass(frozen=True, kw_only=True)
class NoticesPage(Page):
    """All wordings of a program's notice."""

    title_text: str
    program: Program
    rows: Sequence[NoticeRow]
    may_begin: bool
    may_copy: bool


@dataclass(frozen=True, kw_only=True)
class NoticePage(Page):
    title_text: str
    row: NoticeRow
    findings: Sequence[FindingRow]
    is_whole: bool
    previews: Sequence[Preview]
    current_id: int | None
    """The wording that is sent, to compare with."""
    may_write: bool
    may_take_back: bool
    may_decide: bool
    wrote_it: bool
    """The person could decide, had they not written on it."""
    may_copy: bool
    reason: str
    wrong: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class EditPage(Page):
    title_text: str
    version: NoticeVersion
    parts: Sequence[LanguagePart]
    placeholders: Sequence[tuple[str, str]]
    """Each name with the value that it stands for now; empty where the sheet gives none."""
    previews: Sequence[Preview]
    errors: int
    wrong: Mapping[str, str]


@dataclass(frozen=True)
class ComparedText:
    language: str
    tag: str
    field: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, kw_only=True)
class ComparePage(Page):
    title_text: str
    before: NoticeRow
    after: NoticeRow
    rows: Sequence[ComparedText]
