"""How does a list of fields, the head of a table or a JSON Schema become a draft? What was not understood is told."""

from forms.importing.field_lists import draft_of_list, is_list
from forms.importing.json_forms import draft_of_json
from forms.importing.tables import draft_of_table
from forms.importing.told import Imported, Note, NotImportedError

__all__ = ["Imported", "NotImportedError", "Note", "draft_of_json", "draft_of_list", "draft_of_table", "is_list"]
