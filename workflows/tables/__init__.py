"""Which line of a decision table applies, and does the table answer every case exactly once?"""

from workflows.tables.cells import CellError, CellType, CellValue
from workflows.tables.coverage import TableProblem, table_problems
from workflows.tables.table import (
    DecisionTable,
    Hit,
    TableError,
    TableInput,
    TableOutput,
    TableResult,
    TableRule,
    evaluate,
)

__all__ = [
    "CellError",
    "CellType",
    "CellValue",
    "DecisionTable",
    "Hit",
    "TableError",
    "TableInput",
    "TableOutput",
    "TableProblem",
    "TableResult",
    "TableRule",
    "evaluate",
    "table_problems",
]
