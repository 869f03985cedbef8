"""What does the reader know of a form before a sheet of it comes? Prepared when first needed, and kept."""

from functools import cached_property, lru_cache

from forms.definition import FormDefinition
from forms.layout import Blanks, PaperLayout
from ocr.blanks import BlankPage, blank_page
from ocr.cleaning import printed_in
from ocr.decode import Grey
from ocr.features import FormPrint
from ocr.geometry import box_px
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
    def printed(self) -> dict[str, Grey]:
        """Return what is printed in each field's box."""
        return {field.key: printed_in(self.blank.common, box_px(field.box_mm)) for field in self.layout.fields}


@lru_cache(maxsize=_BLANKS_KEPT)
def _blank_of(form: KnownForm) -> BlankPage:
    return blank_page(form.layout, form.blanks)
