"""What comes of an import: a draft, and a note for everything that was guessed or left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Sketch

MOST_FIELDS = 300


class NotImportedError(ValueError):
    """Nothing can be made of the file; the sentences say why."""

    def __init__(self, message_ja: str, message_en: str) -> None:
        super().__init__(message_ja)
        self.message_ja = message_ja
        self.message_en = message_en


@dataclass(frozen=True)
class Note:
    """One thing that a person should look at; `row` counts as a spreadsheet does, 0 for the whole."""

    row: int
    message_ja: str
    message_en: str


@dataclass(frozen=True)
class Imported:
    draft: FormDraft
    notes: tuple[Note, ...]


def drafted(title: str, sketches: Sequence[Sketch]) -> FormDraft:
    """Return a draft with these questions. Raises NotImportedError for none, or for more than a form may have."""
    if not sketches:
        raise NotImportedError("項目が1つも見つかりません。", "No field was found.")
    if len(sketches) > MOST_FIELDS:
        raise NotImportedError(f"項目が{MOST_FIELDS}を超えています。", f"There are more than {MOST_FIELDS} fields.")
    try:
        return acts.add(FormDraft(title=title), sketches)[0]
    except ValidationError as reason:
        raise NotImportedError("項目を読み取れません。", str(reason.errors()[0]["msg"])) from reason
