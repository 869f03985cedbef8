"""What does a page show of what a bot took home for an item?"""

from collections.abc import Sequence
from dataclasses import dataclass

from backoffice.automation.models import WorkItem
from backoffice.automation.taken.models import ItemFile, ItemReading
from backoffice.records.models import Record
from backoffice.web import Page


@dataclass(frozen=True)
class TakenTable:
    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class TakenHome:
    """`records`: into which rows of the tables went; `waiting`: how many rows wait in quarantine."""

    texts: Sequence[tuple[str, str]]
    tables: Sequence[TakenTable]
    records: Sequence[Record]
    waiting: int
    files: Sequence[ItemFile]

    @classmethod
    def of(
        cls, readings: Sequence[ItemReading], files: Sequence[ItemFile], records: Sequence[Record], waiting: int
    ) -> "TakenHome | None":
        """Give what there is to show, None where nothing was taken home."""
        if not readings and not files and not records and not waiting:
            return None
        texts = [(each.name, each.taken) for each in readings if isinstance(each.taken, str)]
        tables = [_table(each) for each in readings if not isinstance(each.taken, str)]
        return cls(texts, tables, records, waiting, files)


@dataclass(frozen=True, kw_only=True)
class TakenPage(Page):
    item: WorkItem
    taken: TakenHome | None


def _table(reading: ItemReading) -> TakenTable:
    headings = list(dict.fromkeys(heading for row in reading.taken for heading in row))
    return TakenTable(reading.name, headings, [[row.get(each, "") for each in headings] for row in reading.taken])
