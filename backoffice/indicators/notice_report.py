"""How is the month of notices handed on? As CSV for reckoning, as PDF/A for keeping; both say the same."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from backoffice.indicators.notice_figures import SERVICE_TARGETS, MonthFigures
from backoffice.web.csv_out import csv_text
from backoffice.web.pdf import pdf_of
from backoffice.web.rendering import make_environment
from backoffice.web.translations import _, language_now, translate

STYLE = Path(__file__).parent / "report.css"
HEADINGS = (
    _("制度番号"),
    _("制度"),
    _("所管"),
    _("送った通数"),
    _("知らせた人"),
    _("利用した人"),
    _("利用1件の費用(円)"),
)


def csv_rows(figures: MonthFigures) -> Iterable[Sequence[object]]:
    for each in figures.programs:
        yield (
            each.number,
            each.name,
            each.department,
            each.sent,
            each.told,
            each.took_up,
            each.yen_per_take_up,
        )


def csv_of(figures: MonthFigures) -> bytes:
    return csv_text([translate(each) for each in HEADINGS], csv_rows(figures))


def report_of(figures: MonthFigures) -> bytes:
    """Give the report as PDF/A, the CSV riding along. It takes a second: call it outside any unit."""
    template = make_environment("indicators").get_template("indicators/report.html")
    html = template.render(figures=figures, targets=SERVICE_TARGETS, headings=HEADINGS, language=language_now())
    return pdf_of(html, STYLE, {"notices.csv": csv_of(figures)})


def name_of(figures: MonthFigures, ending: str) -> str:
    return f"お知らせの実績-{figures.month:%Y-%m}.{ending}"
