"""What does the head of a table that an office keeps already say, with some of its rows?"""

from collections.abc import Sequence

from forms.building.kinds import Sketch
from forms.importing.field_lists import Row
from forms.importing.guessing import type_of_values
from forms.importing.told import Imported, Note, drafted
from forms.widths import plain

SAMPLES = 200


def draft_of_table(title: str, rows: Sequence[Row]) -> Imported:
    """Return a draft with a question for each column, of the type that its values have. Raises NotImportedError."""
    heads = rows[0][1] if rows else ()
    notes: list[Note] = []
    sketches: list[Sketch] = []
    for place, head in enumerate(heads):
        label = plain(head)
        if not label:
            notes.append(
                Note(0, f"{place + 1}列目は見出しがないため、飛ばしました。", f"Column {place + 1} has no head.")
            )
            continue
        values = [cells[place] for _number, cells in rows[1 : SAMPLES + 1] if place < len(cells)]
        kind, options = type_of_values(label, values)
        sketches.append(Sketch(label[:100], kind, options=options))
    notes.append(
        Note(
            0,
            f"種類は、見出しと{min(len(rows) - 1, SAMPLES)}行の値から決めました。確かめてください。",
            "The types were guessed from the heads and values: please check them.",
        )
    )
    return Imported(drafted(title, sketches), tuple(notes))
