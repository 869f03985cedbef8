"""Does the file hold anything a route has not? Scripts, services, messages, loops, other tools' settings: all named."""

from collections.abc import Iterator

from workflows.routes import messages
from workflows.routes.parts import Problem
from workflows.routes.vocabulary import (
    ATTRIBUTES,
    BPMN,
    BPMNDI,
    ELEMENT_NAMES,
    GIJO,
    IN_COLLABORATION,
    IN_DEFINITIONS,
    IN_ELEMENT,
    IN_PROCESS,
    OF_GIJO,
    XSI_TYPE,
)
from workflows.routes.xml_tree import Node


def foreign_parts(definitions: Node) -> Iterator[Problem]:
    """Name every element and attribute of the file that a route may not use."""
    for child in definitions.children:
        if child.space == BPMNDI:
            continue
        if child.space != BPMN or child.tag not in IN_DEFINITIONS:
            yield _refused(child, child)
        elif child.tag == "process":
            yield from _of_process(child)
        elif child.tag == "collaboration":
            yield from _other_children(child, IN_COLLABORATION)


def _of_process(process: Node) -> Iterator[Problem]:
    yield from _other_children(process, IN_PROCESS)
    yield from _other_attributes(process)
    yield from _extensions(process)
    for part in process.children:
        if part.space == BPMN and part.tag in IN_ELEMENT:
            yield from _other_children(part, IN_ELEMENT[part.tag])
            yield from _other_attributes(part)
            yield from _extensions(part)
            yield from _definition_of_event(part)
        elif part.space == BPMN and part.tag == "laneSet":
            yield from _lanes(part)


def _other_children(parent: Node, allowed: frozenset[str]) -> Iterator[Problem]:
    for child in parent.children:
        if child.space != BPMN or child.tag not in allowed:
            yield _refused(child, child if child.get("id") and parent.tag == "process" else parent)


def _other_attributes(part: Node) -> Iterator[Problem]:
    for attribute in part.attributes:
        if attribute not in ATTRIBUTES[part.tag]:
            name = part.get("name") or part.get("id")
            spelt = attribute.rpartition("}")[2]
            yield messages.problem(messages.ATTRIBUTE_REFUSED, part.get("id") or None, name=name, attribute=spelt)


def _extensions(part: Node) -> Iterator[Problem]:
    allowed = OF_GIJO.get(part.tag, frozenset())
    for extensions in part.all(BPMN, "extensionElements"):
        for child in extensions.children:
            if child.space != GIJO or child.tag not in allowed:
                yield _refused(child, part)


def _definition_of_event(part: Node) -> Iterator[Problem]:
    """A clock's days are ours to set; whatever BPMN would compute (a date, a cycle, an expression) is not read."""
    for definition in part.children:
        if definition.tag in ("timerEventDefinition", "terminateEventDefinition"):
            for child in definition.children:
                yield _refused(child, part)
        if definition.tag == "conditionExpression":
            for attribute in definition.attributes:
                if attribute not in (XSI_TYPE, "id"):
                    spelt = attribute.rpartition("}")[2]
                    yield messages.problem(
                        messages.ATTRIBUTE_REFUSED,
                        part.get("id"),
                        name=part.get("name") or part.get("id"),
                        attribute=spelt,
                    )
            for child in definition.children:
                yield _refused(child, part)


def _lanes(lanes: Node) -> Iterator[Problem]:
    """Lanes are for the eye: nested as one likes, holding names of elements only."""
    for node in lanes.walk():
        if node.space != BPMN or node.tag not in ("laneSet", "lane", "flowNodeRef", "childLaneSet", "documentation"):
            yield _refused(node, lanes)


def _refused(part: Node, at: Node) -> Problem:
    element = ELEMENT_NAMES.get(part.tag, part.tag)
    name = at.get("name") or at.get("id") or element
    return messages.problem(messages.ELEMENT_REFUSED, at.get("id") or None, name=name, element=element)
