"""Routes drawn by tests: a few words an element, written as BPMN the way a drawing tool would."""

from __future__ import annotations

from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:gijo="http://gijo.example/route/1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
)


class Drawing:
    """Collects elements; `xml` writes the file."""

    def __init__(self) -> None:
        self.elements: dict[str, str] = {}
        self.arrows: dict[str, tuple[str, str, str | None]] = {}
        self.defaults: dict[str, str] = {}
        self.places: dict[str, tuple[int, int]] = {}

    def start(self, name="begin"):
        self.elements[name] = f'<bpmn:startEvent id="{name}" name="起案" />'
        return self

    def end(self, name="over", outcome="approved", *, terminates=False):
        inside = f'<bpmn:extensionElements><gijo:end outcome="{outcome}" /></bpmn:extensionElements>'
        inside += "<bpmn:terminateEventDefinition />" if terminates else ""
        self.elements[name] = f'<bpmn:endEvent id="{name}" name="{name}の終わり">{inside}</bpmn:endEvent>'
        return self

    def step(self, name, decisions="approve send_back", *, tag="userTask", label=None, **settings):
        asked = {"role": "head", "place": "owner"} if "person" not in settings else {}
        written = {**asked, **settings, "decisions": decisions}
        attributes = " ".join(f"{key}={quoteattr(str(value))}" for key, value in written.items())
        self.elements[name] = (
            f'<bpmn:{tag} id="{name}" name="{label or name}"><bpmn:extensionElements><gijo:step {attributes} />'
            f"</bpmn:extensionElements></bpmn:{tag}>"
        )
        return self

    def choice(self, name, label=None):
        self.elements[name] = f'<bpmn:exclusiveGateway id="{name}" name="{label or name}"{{default}} />'
        return self

    def both(self, name):
        self.elements[name] = f'<bpmn:parallelGateway id="{name}" name="{name}" />'
        return self

    def clock(self, name, on, days=5, *, interrupting=True):
        self.elements[name] = (
            f'<bpmn:boundaryEvent id="{name}" name="{days}日経過" attachedToRef="{on}" '
            f'cancelActivity="{str(interrupting).lower()}"><bpmn:extensionElements><gijo:timer businessDays="{days}" />'
            "</bpmn:extensionElements><bpmn:timerEventDefinition /></bpmn:boundaryEvent>"
        )
        return self

    def table(self, name, inputs, outputs, rules, hit="unique"):
        asked = "".join(
            f'<gijo:input label="{label}" expression={quoteattr(expression)} type="{kind}" />'
            for label, expression, kind in inputs
        )
        answers = "".join(f'<gijo:output name="{key}" label="{key}" type="{kind}" />' for key, kind in outputs)
        rows = "".join(
            "<gijo:rule>"
            + "".join(f"<gijo:when>{escape(cell)}</gijo:when>" for cell in when)
            + "".join(f"<gijo:then>{escape(cell)}</gijo:then>" for cell in then)
            + "</gijo:rule>"
            for when, then in rules
        )
        self.elements[name] = (
            f'<bpmn:businessRuleTask id="{name}" name="{name}"><bpmn:extensionElements><gijo:table hit="{hit}">'
            f"{asked}{answers}{rows}</gijo:table></bpmn:extensionElements></bpmn:businessRuleTask>"
        )
        return self

    def raw(self, name, xml):
        self.elements[name] = xml
        return self

    def arrow(self, source, target, condition=None, *, default=False):
        name = f"{source}_{target}"
        self.arrows[name] = (source, target, condition)
        if default:
            self.defaults[source] = name
        return self

    def line(self, *nodes):
        for source, target in pairwise(nodes):
            self.arrow(source, target)
        return self

    def at(self, name, x, y):
        self.places[name] = (x, y)
        return self

    def xml(self) -> bytes:
        elements = "".join(
            xml.replace("{default}", f' default="{self.defaults[name]}"' if name in self.defaults else "")
            for name, xml in self.elements.items()
        )
        arrows = "".join(_arrow(name, *arrow) for name, arrow in self.arrows.items())
        shapes = "".join(
            f'<bpmndi:BPMNShape id="{name}_shape" bpmnElement="{name}">'
            f'<dc:Bounds x="{x}" y="{y}" width="100" height="80" /></bpmndi:BPMNShape>'
            for name, (x, y) in self.places.items()
        )
        plane = f'<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="p">{shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
        return definitions(
            f'<bpmn:process id="drawn" name="試しの経路" isExecutable="true">{elements}{arrows}</bpmn:process>{plane}'
        )


def definitions(inside: str) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions {NAMESPACES} id="file">'
    return f"{head}{inside}</bpmn:definitions>".encode()


def _arrow(name: str, source: str, target: str, condition: str | None) -> str:
    written = "" if condition is None else f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>"
    return f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{written}</bpmn:sequenceFlow>'


def short_route() -> Drawing:
    """起案 → head (approve, send back, reject) → over / mending / refused."""
    return (
        Drawing()
        .start()
        .step("head", "approve send_back reject", notDrafter="true")
        .choice("said", "所属長の決定")
        .step("mend", "done withdraw", person="drafter")
        .choice("mended")
        .end("over")
        .end("refused", "rejected")
        .end("taken_back", "withdrawn")
        .line("begin", "head", "said")
        .arrow("said", "over", "head.decision == 'approve'")
        .arrow("said", "mend", "head.decision == 'send_back'")
        .arrow("said", "refused", "head.decision == 'reject'")
        .line("mend", "mended")
        .arrow("mended", "head", "mend.decision == 'done'")
        .arrow("mended", "taken_back", "mend.decision == 'withdraw'")
    )


def parallel_route() -> Drawing:
    """起案 → [left ∥ right] → checked → over / back to mend."""
    return (
        Drawing()
        .start()
        .choice("again")
        .both("fork")
        .step("left", notDrafter="true")
        .step("right", notDrafter="true")
        .both("join")
        .choice("checked")
        .step("mend", "done", person="drafter")
        .end()
        .line("begin", "again", "fork", "left", "join")
        .line("fork", "right", "join", "checked")
        .arrow("checked", "mend", "left.decision == 'send_back' or right.decision == 'send_back'")
        .arrow("checked", "over", default=True)
        .line("mend", "again")
    )
