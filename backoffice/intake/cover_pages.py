"""What do the pages of covers show, and what does a batch's page say of the covers that lay in it?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backoffice.intake.cover_models import CoverSheet, FoundCover
from backoffice.intake.cover_rules import CoverEnd, CoverVerdict, ends_of
from backoffice.intake.models import PaperBatch
from backoffice.web import Page
from backoffice.web.lists import Paging
from backoffice.web.translations import _

MIXED = _("混在(1枚ずつ見分けます)")
WHY_EMPTY = {True: _("読取待ち"), False: _("表紙ごとの束に分けました")}
"""Of a batch without sheets, by whether it waits to be read."""
_SAID = {
    CoverEnd.BEGAN: _("ここから %(batch)s です。"),
    CoverEnd.WENT_ON: _("同じ表紙なので、続きも %(batch)s に入れました。"),
    CoverEnd.TWICE: _("同じ表紙が続いているため、1枚として扱いました。"),
    CoverEnd.BARE: _("後ろに用紙がないため、束は作りませんでした。表紙は、同じファイルの中で効きます。"),
    CoverEnd.READING: _("後ろの用紙を読み取っています。"),
}
_REFUSED = {
    CoverVerdict.UNKNOWN: _("この番号の表紙は登録されていません。次の表紙までの用紙は、読まずにこの束に残しました。"),
    CoverVerdict.OF_OTHERS: _("%(department)sの表紙です。次の表紙までの用紙は、読まずにこの束に残しました。"),
    CoverVerdict.FORM_GONE: _(
        "表紙の様式が今は使われていません。次の表紙までの用紙は、読まずにこの束に残しました。新しい表紙を作ってください。"
    ),
}


@dataclass(frozen=True)
class FoundRow:
    """A cover that lay in a file, and what became of it: a msgid and what to fill in."""

    found: FoundCover
    said: str
    params: Mapping[str, str]
    holds: bool

    @property
    def title(self) -> str:
        """Give its title, where it is this department's own."""
        return self.found.cover.title if self.found.cover and self.found.verdict != CoverVerdict.OF_OTHERS else ""


@dataclass(frozen=True)
class CoverRow:
    cover: CoverSheet
    form: str


@dataclass(frozen=True, kw_only=True)
class CoversPage(Page):
    rows: Sequence[CoverRow]
    paging: Paging
    may_make: bool


@dataclass(frozen=True, kw_only=True)
class NewCoverPage(Page):
    forms: Sequence[tuple[str, str]]
    typed: Mapping[str, str]
    title_limit: int
    most_copies: int
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CoverPage(Page):
    title_text: str
    cover: CoverSheet
    form: str
    copies: int
    most_copies: int
    batches: Sequence[PaperBatch]


def found_rows(covers: Sequence[FoundCover], *, read: bool) -> list[FoundRow]:
    """Say of each cover of one file what became of it; `read` says whether all of the file was read."""
    return [_row(found, end) for found, end in zip(covers, ends_of(covers, read=read), strict=True)]


def _row(found: FoundCover, end: CoverEnd) -> FoundRow:
    params = {
        "batch": found.batch.number if found.batch else "",
        "department": found.cover.department.name if found.cover else "",
    }
    said = _REFUSED[CoverVerdict(found.verdict)] if end == CoverEnd.REFUSED else _SAID[end]
    return FoundRow(found, said, params, holds=end != CoverEnd.REFUSED)
