"""Files that mean harm are refused with a sentence, quickly and in little memory."""

import json
import subprocess
import sys
import textwrap
import time
import tracemalloc

import pytest

from tests.workflows.drawings import NAMESPACES, Drawing, definitions, short_route
from workflows.routes import ProblemSeverity, RouteRefused, explore, read_route

SECONDS = 5.0
BYTES = 60_000_000


def lol() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{entities}]><x>&l29;</x>'.encode()


def outside(what: str) -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{what}">]><x>&e;</x>'.encode()


def deep() -> bytes:
    return definitions("<bpmn:documentation>" * 40_000 + "</bpmn:documentation>" * 40_000)


def many_elements() -> bytes:
    return definitions("<bpmn:a/>" * 100_000)


def many_attributes() -> bytes:
    return definitions("<bpmn:process " + " ".join(f'a{n}="1"' for n in range(60_000)) + "/>")


def long_text() -> bytes:
    return definitions(f"<bpmn:documentation>{'あ' * 300_000}</bpmn:documentation>")


def ten_megabytes_of_loops() -> bytes:
    loops = "".join(
        f'<bpmn:sequenceFlow id="f{n}" sourceRef="g{n}" targetRef="g{n + 1}" /><bpmn:exclusiveGateway id="g{n}" />'
        for n in range(90_000)
    )
    return definitions(f'<bpmn:process id="p">{loops}</bpmn:process>')


def many_parts() -> bytes:
    parts = "".join(f'<bpmn:exclusiveGateway id="g{n}" />' for n in range(600))
    return definitions(f'<bpmn:process id="p">{parts}</bpmn:process>')


def gateways_in_a_ring() -> bytes:
    drawing = Drawing().start().step("head", "approve").choice("one").choice("two").choice("three").end()
    drawing.line("begin", "head", "one", "two", "three")
    drawing.arrow("three", "one", "head.decision == 'reject'").arrow("three", "over", default=True)
    return drawing.xml()


@pytest.mark.parametrize(
    ("name", "xml", "code"),
    [
        ("billion laughs", lol(), "doctype"),
        ("a file of the machine", outside("file:///etc/passwd"), "doctype"),
        ("an address", outside("http://192.0.2.1/x.dtd"), "doctype"),
        ("a bare DOCTYPE", b'<!DOCTYPE x SYSTEM "x.dtd"><x/>', "doctype"),
        ("deep nesting", deep(), "too_large"),
        ("deep nesting in a megabyte", definitions("<bpmn:a>" * 50_000), "too_many_elements"),
        ("many elements", many_elements(), "too_many_elements"),
        ("many attributes", many_attributes(), "attribute_refused"),
        ("long text", long_text(), "too_many_elements"),
        ("10 MB of loops", ten_megabytes_of_loops(), "too_large"),
        ("600 parts", many_parts(), "too_many_parts"),
        ("a ring without people", gateways_in_a_ring(), "cycle_without_step"),
        ("no XML", b"\xff\xfe\x00hello", "not_xml"),
        ("cut off", short_route().xml()[:-30], "not_xml"),
        ("nothing", b"", "not_xml"),
        ("an unknown encoding", b'<?xml version="1.0" encoding="x-none"?><x/>', "not_xml"),
        ("another language", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_bpmn"),
        ("two processes", definitions('<bpmn:process id="a"/><bpmn:process id="b"/>'), "one_process"),
        ("no process", definitions(""), "one_process"),
    ],
)
def test_it_is_refused_with_a_sentence_in_little_time_and_memory(name, xml, code):
    tracemalloc.start()
    began = time.process_time()

    with pytest.raises(RouteRefused) as refused:
        read_route(xml)

    taken, (_, most) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert {problem.code for problem in refused.value.problems} == {code}
    assert all(str(problem) for problem in refused.value.problems)
    assert (taken < SECONDS, most < BYTES) == (True, True), f"{name}: {taken:.2f} s, {most:,} bytes"


PYTHON = [
    "__import__('os').system('true')",
    "(lambda: 1)()",
    "head.decision.__class__.__mro__",
    "[x for x in (1,)]",
    "open('x').read()",
    "head.decision.format(1)",
    "exec('1')",
    "9 ** 9 ** 9",
    "'a' * 1000000000",
    "head.decision == 'approve' if True else 1",
    "(" * 300 + "1" + ")" * 300,
    "not " * 300 + "head.decision",
    "True or (x := 1)",
    "f'{head}'",
    "import os",
    "x" * 2000,
]


@pytest.mark.parametrize("condition", PYTHON)
def test_python_in_a_condition_is_refused_or_never_true(condition):
    drawing = short_route()
    drawing.arrows["said_over"] = ("said", "over", condition)
    if condition.startswith("'a' *"):
        # It parses (a product of two values); what it would count is no number, and no answer makes it one.
        assert any(each.severity is ProblemSeverity.ERROR for each in explore(read_route(drawing.xml())))
        return

    with pytest.raises(RouteRefused) as refused:
        read_route(drawing.xml())

    assert [problem.code for problem in refused.value.problems] == ["condition_wrong"]
    assert refused.value.problems[0].element_id == "said_over"


def test_a_huge_space_of_ways_is_given_up_within_its_limit():
    drawing = Drawing().start().both("fork").both("join").end().line("begin", "fork").line("join", "over")
    for branch in range(20):
        drawing.step(f"s{branch}", "done").line("fork", f"s{branch}", "join")
    route = read_route(drawing.xml())
    began = time.process_time()

    problems = explore(route, limit=5_000)

    assert [problem.code for problem in problems] == ["too_many_ways"]
    assert time.process_time() - began < 3 * SECONDS


def test_a_gateway_that_reads_many_answers_is_given_up_too():
    drawing = (
        Drawing()
        .start()
        .step("review", "done")
        .choice("said")
        .end()
        .end("other", "done")
        .line("begin", "review", "said")
    )
    names = " and ".join(f"review.f{n} == {n}" for n in range(20))
    drawing.arrow("said", "over", names).arrow("said", "other", default=True)

    problems = explore(read_route(drawing.xml()))

    assert [problem.code for problem in problems] == ["too_many_ways"]


def test_a_route_that_runs_executes_no_text():
    """Python tells an auditor of every `exec`, `compile` and command; while cases run there must be none."""
    watched = textwrap.dedent("""
        import json, sys
        from workflows.catalogue import every_route
        from workflows.routes import complete, start
        from workflows.routes.engine import specification
        for each in every_route():
            specification(each.route)
        heard = []
        sys.addaudithook(lambda event, _: heard.append(event) if event in WATCHED else None)
        WATCHED = {"exec", "compile", "os.system", "subprocess.Popen", "open", "socket.connect", "import"}
        steps = 0
        for each in every_route():
            progress = start(each.route, {"widening": True, "recipients": 5, "sensitive": True, "amount": 1})
            for _ in range(12):
                if progress.end is None:
                    token = progress.open[0]
                    decision = each.route.steps[token.step_id].decisions[0]
                    progress = complete(each.route, progress.state, token.token, decision, {})
                    steps += 1
        print(json.dumps([steps, sorted(set(heard))]))
    """)

    ran = subprocess.run(  # noqa: S603 - the lines above
        [sys.executable, "-c", watched], capture_output=True, text=True, check=True
    )

    steps, heard = json.loads(ran.stdout)
    assert steps > 20
    assert heard == []


def test_the_namespaces_of_the_file_may_have_any_prefix():
    renamed = short_route().xml().decode().replace("bpmn:", "").replace("xmlns:bpmn=", "xmlns=")
    renamed = renamed.replace(NAMESPACES.split()[0], 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"')

    assert set(read_route(renamed.encode()).steps) == {"head", "mend"}
