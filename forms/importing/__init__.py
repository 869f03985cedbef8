"""How does a list of fields, the head of a table or a JSON Schema become a draft? What was not understood is told."""

from forms.importing.field_lists import draft_of_list, is_list
from forms.importing.headings import bare
from forms.importing.json_forms import draft_of_json
from forms.importing.reports import Grid, Report, read_report
from forms.importing.tables import draft_of_table
from forms.importing.told import Imported, Note, NotImportedError

__all__ = [
    "Grid",
    "Imported",
    "NotImportedError",
    "Note",
    "Report",
    "bare",
    "draft_of_json",
    "draft_of_list",
    "draft_of_table",
    "is_list",
    "read_report",
]
