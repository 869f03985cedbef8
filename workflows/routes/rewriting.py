"""How is a drawing kept, finished or not? As its own elements only, in UTF-8, under the prefixes that everybody knows.

What another tool left beside them (comments, instructions, an encoding of its own) is gone once a file was taken.
"""

from collections.abc import Iterator
from html import escape

from workflows.routes import messages
from workflows.routes.parts import RouteRefused
from workflows.routes.reading import parts_of
from workflows.routes.vocabulary import BPMN, BPMNDI, DC, GIJO, XSI_TYPE
from workflows.routes.xml_tree import Node, read_tree

_PREFIXES = {
    BPMN: "bpmn",
    BPMNDI: "bpmndi",
    DC: "dc",
    "http://www.omg.org/spec/DD/20100524/DI": "di",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi",
    GIJO: "gijo",
}
_OF_XML = "http://www.w3.org/XML/1998/namespace"
_KEPT_IN_ATTRIBUTES = str.maketrans({"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def accept_drawing(xml: bytes) -> bytes:
    """Give a file as it is kept. Raises RouteRefused for one that is hostile or holds what no route may.

    A drawing that is only unfinished is taken: `read_route` and `check_route` say what it still lacks.
    """
    definitions = read_tree(xml)
    parts_of(definitions)
    if not definitions.all(BPMNDI, "BPMNDiagram"):
        raise RouteRefused([messages.problem(messages.NO_DIAGRAM)])
    return write_tree(definitions)


def write_tree(definitions: Node) -> bytes:
    """Write the elements of a file."""
    prefixes = {_OF_XML: "xml", **_PREFIXES}
    for space in _spaces(definitions):
        prefixes.setdefault(space, f"ns{len(prefixes)}")
    declared = {f"xmlns:{prefix}": space for space, prefix in prefixes.items() if space != _OF_XML}
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', *_written(definitions, prefixes, "", declared)]
    return ("\n".join(lines) + "\n").encode()


def _spaces(definitions: Node) -> Iterator[str]:
    for node in definitions.walk():
        yield from (space for space in (node.space, *map(_space_of, node.attributes)) if space)


def _space_of(attribute: str) -> str:
    return attribute.rpartition("}")[0].removeprefix("{")


def _written(node: Node, prefixes: dict[str, str], indent: str, declared: dict[str, str]) -> Iterator[str]:
    tag = _name(node.space, node.tag, prefixes)
    said = "".join(
        f' {name}="{_in_attribute(value)}"' for name, value in (declared | _attributes(node, prefixes)).items()
    )
    text = node.text if not node.children else node.text.strip()
    inside = escape(text, quote=False).replace("\r", "&#13;")
    if not node.children:
        yield f"{indent}<{tag}{said}>{inside}</{tag}>" if inside.strip() else f"{indent}<{tag}{said} />"
        return
    yield f"{indent}<{tag}{said}>{inside}"
    for child in node.children:
        yield from _written(child, prefixes, f"{indent}  ", {})
    yield f"{indent}</{tag}>"


def _attributes(node: Node, prefixes: dict[str, str]) -> dict[str, str]:
    found = {}
    for attribute, value in node.attributes.items():
        if attribute == XSI_TYPE:
            # Its value is a name with a prefix of the file that was read; a route has this one only.
            if node.tag == "conditionExpression":
                found["xsi:type"] = "bpmn:tFormalExpression"
            continue
        space, _, name = attribute.rpartition("}")
        found[_name(space.removeprefix("{"), name, prefixes)] = value
    return found


def _name(space: str, name: str, prefixes: dict[str, str]) -> str:
    return f"{prefixes[space]}:{name}" if space else name


def _in_attribute(value: str) -> str:
    return escape(value).translate(_KEPT_IN_ATTRIBUTES)
