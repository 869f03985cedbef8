"""What stands in the decision table of a drawing, as it was written? Read and put back, whether it is right or not."""

from dataclasses import dataclass, replace
from itertools import count

from workflows.routes.parts import Problem
from workflows.routes.reading import parts_of
from workflows.routes.rewriting import write_tree
from workflows.routes.settings import read_table
from workflows.routes.vocabulary import BPMN, GIJO
from workflows.routes.xml_tree import Node, read_tree
from workflows.tables import DecisionTable


@dataclass(frozen=True)
class WrittenInput:
    label: str = ""
    expression: str = ""
    type: str = "number"
    values: str = ""


@dataclass(frozen=True)
class WrittenOutput:
    name: str = ""
    label: str = ""
    type: str = "text"


@dataclass(frozen=True)
class WrittenRow:
    """`id` tells the row from others when versions are compared; a new one is given when the table is put back."""

    when: tuple[str, ...]
    then: tuple[str, ...]
    id: str = ""


@dataclass(frozen=True)
class WrittenTable:
    """A table as text. Rows have as many cells as there are columns once it has come through a form."""

    hit: str
    inputs: tuple[WrittenInput, ...]
    outputs: tuple[WrittenOutput, ...]
    rows: tuple[WrittenRow, ...]


EMPTY_TABLE = WrittenTable("unique", (WrittenInput(),), (WrittenOutput("result"),), (WrittenRow(("",), ("",)),))
"""What a rule task begins with: one question, one answer, one row."""


def written_table(xml: bytes, element_id: str) -> WrittenTable | None:
    """Give the table of a business rule task; an empty one where it has none yet, None where there is no such task."""
    task = _task(read_tree(xml), element_id)
    if task is None:
        return None
    extensions = task.first(BPMN, "extensionElements")
    table = None if extensions is None else extensions.first(GIJO, "table")
    return EMPTY_TABLE if table is None else _from_node(table)


def with_table(xml: bytes, element_id: str, table: WrittenTable) -> bytes:
    """Put a table into the drawing in the place of the one that stands there. Raises LookupError for no such task."""
    definitions = read_tree(xml)
    task = _task(definitions, element_id)
    if task is None:
        raise LookupError(element_id)
    extensions = task.first(BPMN, "extensionElements")
    if extensions is None:
        extensions = Node(BPMN, "extensionElements", {})
        # Before the arrows, behind the documentation: the order that BPMN's own schema asks for.
        task.children.insert(len(task.all(BPMN, "documentation")), extensions)
    others = [child for child in extensions.children if (child.space, child.tag) != (GIJO, "table")]
    extensions.children = [*others, _to_node(_with_row_ids(table, element_id))]
    return write_tree(definitions)


def look_at_table(table: WrittenTable) -> tuple[DecisionTable | None, str]:
    """Read a written table; where it cannot be read, say why (row and column are in the sentence)."""
    extensions = Node(BPMN, "extensionElements", {}, [_to_node(table)])
    problems: list[Problem] = []
    found = read_table(Node(BPMN, "businessRuleTask", {"id": "table"}, [extensions]), problems)
    return found, "".join(str(problem.params["reason"]) for problem in problems)


def _task(definitions: Node, element_id: str) -> Node | None:
    _, parts = parts_of(definitions)
    return next((part for part in parts if part.tag == "businessRuleTask" and part.get("id") == element_id), None)


def _from_node(table: Node) -> WrittenTable:
    return WrittenTable(
        table.get("hit", "unique") or "unique",
        tuple(
            WrittenInput(each.get("label"), each.get("expression"), each.get("type"), each.get("values"))
            for each in table.all(GIJO, "input")
        ),
        tuple(
            WrittenOutput(each.get("name"), each.get("label"), each.get("type")) for each in table.all(GIJO, "output")
        ),
        tuple(
            WrittenRow(
                tuple(cell.text.strip() for cell in row.all(GIJO, "when")),
                tuple(cell.text.strip() for cell in row.all(GIJO, "then")),
                row.get("id"),
            )
            for row in table.all(GIJO, "rule")
        ),
    )


def _to_node(table: WrittenTable) -> Node:
    heads = [
        *(Node(GIJO, "input", _said(vars(column))) for column in table.inputs),
        *(Node(GIJO, "output", _said(vars(column))) for column in table.outputs),
    ]
    return Node(GIJO, "table", {"hit": table.hit}, [*heads, *map(_row, table.rows)])


def _row(row: WrittenRow) -> Node:
    cells = [(tag, text) for tag, texts in (("when", row.when), ("then", row.then)) for text in texts]
    return Node(GIJO, "rule", _said({"id": row.id}), [Node(GIJO, tag, {}, text=text) for tag, text in cells])


def _with_row_ids(table: WrittenTable, element_id: str) -> WrittenTable:
    taken = {row.id for row in table.rows}
    free = (f"{element_id}_{number}" for number in count(1))
    fresh = (each for each in free if each not in taken)
    return replace(table, rows=tuple(row if row.id else replace(row, id=next(fresh)) for row in table.rows))


def _said(settings: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in settings.items() if text}
