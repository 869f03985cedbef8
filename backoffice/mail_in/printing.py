"""How do attachments come onto paper? All that wait as one PDF, drawn anew: nothing that acts in them comes along."""

from collections.abc import Sequence

from backoffice.errors import Invalid
from backoffice.form_designs.foreign_paper import reading_process
from backoffice.mail_in.enclosures import EnclosureKind
from backoffice.mail_in.models import MailAct, MailEnclosure
from backoffice.web.translations import _
from backoffice.work import Office
from ocr.encode import pdf_to_print
from ocr.refusal import PageRefusedError

MOST_PAGES = 200
"""Of one PDF: more is printed in two."""


def one_pdf(office: Office, files: Sequence[MailEnclosure]) -> bytes:
    """Draw files as one PDF, outside every transaction. Raises Invalid naming the first that cannot be drawn."""
    pictures: list[bytes] = []
    with reading_process() as pool:
        for file in files:
            if file.file is None:
                continue
            name = file.name
            try:
                pictures += pool.drawn_pages(office.files.read(file.file), name, MOST_PAGES - len(pictures))
            except PageRefusedError as refusal:
                if refusal.code == "too_many_pages":
                    said = _("%(name)s までで%(most)sページを超えます。いくつかに分けて開いてください。")
                    raise Invalid(said, name=name, most=MOST_PAGES) from refusal
                said = _("%(name)s は印刷用にまとめられません。外して開き直し、ダウンロードして印刷してください。")
                raise Invalid(said, name=name) from refusal
    if not pictures:
        raise Invalid(_("印刷するページがありません。"))
    return pdf_to_print(pictures)


def drawable(acts: Sequence[MailAct]) -> list[MailEnclosure]:
    """Give those that can be drawn: PDF and pictures that have not been erased."""
    files = [act.enclosure for act in acts if act.enclosure is not None]
    return [file for file in files if file.kind == EnclosureKind.PAPER and file.file and not file.file.erased_at]
