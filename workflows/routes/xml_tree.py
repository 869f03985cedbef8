"""What stands in a BPMN file? Its elements, read so that a hostile file costs nothing.

Refused before anything is built: more than a megabyte, a DOCTYPE (so no entities, no external files), too many
elements, too deep nesting. The file is fed in pieces, so reading ends at the first of these.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from workflows.routes import messages
from workflows.routes.parts import RouteRefused

MAX_BYTES = 1_000_000
MAX_ELEMENTS = 10_000
MAX_DEPTH = 30
MAX_TEXT = 10_000
_PIECE = 65_536


@dataclass
class Node:
    """One XML element: `space` and `tag` are its namespace and name; attributes of other namespaces keep theirs."""

    space: str
    tag: str
    attributes: dict[str, str]
    children: list["Node"] = field(default_factory=list)
    text: str = ""

    def get(self, name: str, default: str = "") -> str:
        """Give an attribute without surrounding blanks."""
        return self.attributes.get(name, default).strip()

    def all(self, space: str, tag: str) -> list["Node"]:
        """Give the children of this name."""
        return [child for child in self.children if (child.space, child.tag) == (space, tag)]

    def first(self, space: str, tag: str) -> "Node | None":
        """Give the first child of this name."""
        return next(iter(self.all(space, tag)), None)

    def walk(self) -> Iterator["Node"]:
        """Give this element and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


class _TooLargeError(Exception):
    pass


class _Builder:
    """What the parser reports to; it stops the parser at the first limit that is passed."""

    def __init__(self) -> None:
        self._open: list[Node] = []
        self._count = 0
        self.root: Node | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MAX_ELEMENTS or len(self._open) >= MAX_DEPTH:
            raise _TooLargeError
        space, _, name = tag.rpartition("}")
        node = Node(space.removeprefix("{"), name, dict(attributes))
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def end(self, _tag: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        node = self._open[-1]
        if len(node.text) + len(text) > MAX_TEXT:
            raise _TooLargeError
        node.text += text

    def close(self) -> Node | None:
        return self.root


def read_tree(xml: bytes) -> Node:
    """Read the elements of a file. Raises RouteRefused for what is malformed, hostile or too large."""
    if len(xml) > MAX_BYTES:
        raise RouteRefused([messages.problem(messages.TOO_LARGE, megabytes=MAX_BYTES // 1_000_000)])
    builder = _Builder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        for start in range(0, len(xml), _PIECE):
            parser.feed(xml[start : start + _PIECE])
        parser.close()
    except DefusedXmlException as reason:
        raise RouteRefused([messages.problem(messages.DOCTYPE)]) from reason
    except _TooLargeError as reason:
        raise RouteRefused([messages.problem(messages.TOO_MANY_ELEMENTS, limit=MAX_ELEMENTS)]) from reason
    except (ParseError, ValueError, LookupError) as reason:
        raise RouteRefused([messages.problem(messages.NOT_XML, place=str(reason))]) from reason
    if builder.root is None:
        raise RouteRefused([messages.problem(messages.NOT_XML, place="")])
    return builder.root
