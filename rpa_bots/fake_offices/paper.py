"""How does an old system print a notice? One sheet of A4 as a PDF."""

from html import escape

from weasyprint import HTML

from rpa_bots.fake_base.boxes import shown
from rpa_bots.fake_base.ledger import Registration
from rpa_bots.fake_offices.office import OldOffice


def printed(office: OldOffice, row: Registration) -> bytes:
    lines = "".join(
        f"<tr><th>{each.label}</th><td>{escape(shown(each, row.values.get(each.key)))}</td></tr>"
        for each in office.fields
    )
    sheet = HTML(
        string=f"""<html lang="ja"><style>@page {{ size: A4; margin: 25mm }} body {{ font: 11pt 'Noto Sans CJK JP' }}
th {{ text-align: left; padding-right: 2em }}</style><h1>{office.notice}</h1>
<p>{office.wording.number} {row.number}</p><table>{lines}</table><p>福岡市(演習用)</p></html>"""
    )
    made: bytes = sheet.write_pdf()
    return made
