"""What does the reader know of a form before a sheet of it comes? Prepared when first needed, and kept."""

from functools import cached_property, lru_cache

from forms.definition import FormDefinition
from forms.layout import Blanks, PaperField, PaperLayout
from ocr.blanks import BlankPage, blank_page
from ocr.cleaning import printed_in
from ocr.decode import Grey
from ocr.features import FormPrint
from ocr.geometry import BoxPx, box_px
from ocr.thumbnail import Thumbnail

_BLANKS_KEPT = 16  # ten megabytes each

Form = tuple[PaperLayout, Blanks, FormDefinition | None]
"""One page of a form: where its fields stand, its empty page, and what it asks, where that is known."""


class KnownForm:
    """One page of a form. Its features are small and stay; its pictures are large, and a few forms' are kept."""

    def __init__(self, layout: PaperLayout, blanks: Blanks, definition: FormDefinition | None = None) -> None:
        self.layout = layout
        self.blanks = blanks
        self.definition = definition

    @property
    def blank(self) -> BlankPage:
        return _blank_of(self)

    @cached_property
    def print(self) -> FormPrint:
        return FormPrint(self.blank.half)

    @cached_property
    def thumbnail(self) -> Thumbnail:
        return Thumbnail(self.blank.half)

    @cached_property
    def printed(self) -> dict[str, tuple[Grey, ...]]:
        """Return what is printed in each field's rooms: in its slots, or else in its box."""
        return {
            field.key: tuple(printed_in(self.blank.common, room) for room in rooms_px(field))
            for field in self.layout.fields
        }


def rooms_px(field: PaperField) -> tuple[BoxPx, ...]:
    """Return the boxes that a field is written in, in pixels of the registered page."""
    return tuple(box_px(slot.box_mm) for slot in field.slots) or (box_px(field.box_mm),)


@lru_cache(maxsize=_BLANKS_KEPT)
def _blank_of(form: KnownForm) -> BlankPage:
    return blank_page(form.layout, form.blanks)
