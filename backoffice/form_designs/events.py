"""What happens to forms of departments, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class FormBegun(Event):
    kind: ClassVar[str] = "form_begun"
    sentence: ClassVar[str] = _("様式 %(design_id)s を作り始めました。")
    design_id: int


@dataclass(frozen=True)
class FormCopied(Event):
    kind: ClassVar[str] = "form_copied"
    sentence: ClassVar[str] = _("様式 %(from_id)s を写して、様式 %(design_id)s を作り始めました。")
    design_id: int
    from_id: int


@dataclass(frozen=True)
class FormImported(Event):
    kind: ClassVar[str] = "form_imported"
    sentence: ClassVar[str] = _("ファイルから様式 %(design_id)s を作り始めました(%(fields)s欄)。")
    design_id: int
    fields: int


@dataclass(frozen=True)
class FormEdited(Event):
    """Once a person and draft: each small change is kept as a step of the draft."""

    kind: ClassVar[str] = "form_edited"
    sentence: ClassVar[str] = _("様式 %(design_id)s の下書きを直し始めました。")
    design_id: int


@dataclass(frozen=True)
class FormTriedOnSheets(Event):
    """Filled-in sheets were read to try zones; neither they nor what they say was kept."""

    kind: ClassVar[str] = "form_tried_on_sheets"
    sentence: ClassVar[str] = _("様式 %(design_id)s の試し読みで、記入済みの用紙%(sheets)s枚を見ました。")
    design_id: int
    sheets: int


@dataclass(frozen=True)
class FormPublished(Event):
    kind: ClassVar[str] = "form_published"
    sentence: ClassVar[str] = _("様式 %(design_id)s の第%(number)s版を使い始めました。")
    design_id: int
    number: int


@dataclass(frozen=True)
class FormDraftDiscarded(Event):
    kind: ClassVar[str] = "form_draft_discarded"
    sentence: ClassVar[str] = _("様式 %(design_id)s の下書きを破棄しました。")
    design_id: int


@dataclass(frozen=True)
class FormDiscarded(Event):
    kind: ClassVar[str] = "form_discarded"
    sentence: ClassVar[str] = _("まだ使っていない様式 %(design_id)s を破棄しました。")
    design_id: int


@dataclass(frozen=True)
class FormShared(Event):
    kind: ClassVar[str] = "form_shared"
    sentence: ClassVar[str] = _("様式 %(design_id)s を全庁で共有しました。")
    design_id: int


@dataclass(frozen=True)
class FormByHand(Event):
    kind: ClassVar[str] = "form_by_hand"
    sentence: ClassVar[str] = _("様式 %(design_id)s を手書きの用紙として扱うことにしました。")
    design_id: int


@dataclass(frozen=True)
class FormInPrint(Event):
    kind: ClassVar[str] = "form_in_print"
    sentence: ClassVar[str] = _("様式 %(design_id)s を活字の用紙として扱うことにしました。")
    design_id: int


@dataclass(frozen=True)
class FormUnshared(Event):
    kind: ClassVar[str] = "form_unshared"
    sentence: ClassVar[str] = _("様式 %(design_id)s の共有をやめました。")
    design_id: int


@dataclass(frozen=True)
class FormClosed(Event):
    kind: ClassVar[str] = "form_closed"
    sentence: ClassVar[str] = _("様式 %(design_id)s の受付を終えました。")
    design_id: int


@dataclass(frozen=True)
class FormReopened(Event):
    kind: ClassVar[str] = "form_reopened"
    sentence: ClassVar[str] = _("様式 %(design_id)s の受付を再び始めました。")
    design_id: int
