"""How drawings are kept: what is unfinished is taken, what is hostile is not; a table is put back in its place."""

from dataclasses import replace

import pytest

from tests.workflows.test_hostile_files import lol
from workflows.catalogue import every_route, find
from workflows.routes import (
    EMPTY_TABLE,
    RouteKind,
    RouteRefused,
    accept_drawing,
    differences,
    look_at_table,
    read_route,
    with_table,
    written_table,
)

SHIPPED = every_route()
WITH_A_TABLE = find(RouteKind.AUDIENCE_RELEASE).route
TABLE = next(iter(WITH_A_TABLE.tables))


@pytest.mark.parametrize("shipped", SHIPPED, ids=[each.kind.value for each in SHIPPED])
def test_a_route_that_is_kept_is_the_route_that_was_drawn(shipped):
    kept = read_route(accept_drawing(shipped.route.xml))

    assert differences(shipped.route, kept) == ()
    assert kept.shapes == shipped.route.shapes
    assert accept_drawing(kept.xml) == kept.xml


def test_other_prefixes_and_encodings_become_the_ones_everybody_knows():
    foreign = WITH_A_TABLE.xml.decode().replace("bpmn:", "b:").replace("xmlns:bpmn=", "xmlns:b=")
    in_utf16 = foreign.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")

    kept = accept_drawing(in_utf16)

    assert differences(WITH_A_TABLE, read_route(kept)) == ()
    assert b"bpmn:tFormalExpression" in kept


def test_line_breaks_and_signs_in_names_stay():
    named = WITH_A_TABLE.xml.decode().replace(
        'name="所属長承認"', 'name="所属長&#10;&lt;承認&gt; &amp; &quot;印&quot;"'
    )

    kept = read_route(accept_drawing(named.encode()))

    assert any(step.name == '所属長\n<承認> & "印"' for step in kept.steps.values())


def test_a_drawing_that_is_only_unfinished_is_kept():
    unfinished = WITH_A_TABLE.xml.decode().replace('decisions="approve send_back reject"', "")

    kept = accept_drawing(unfinished.encode())

    with pytest.raises(RouteRefused):
        read_route(kept)


@pytest.mark.parametrize(
    "hostile",
    [
        lol(),
        b"PK\x03\x04",
        b"<html/>",
        WITH_A_TABLE.xml.replace(b"bpmn:userTask", b"bpmn:scriptTask"),
        b" " * 1_000_001,
    ],
)
def test_what_is_hostile_or_no_route_is_never_kept(hostile):
    with pytest.raises(RouteRefused):
        accept_drawing(hostile)


def test_a_table_is_put_back_as_it_was_written():
    written = written_table(WITH_A_TABLE.xml, TABLE)

    kept = read_route(with_table(WITH_A_TABLE.xml, TABLE, written))

    assert differences(WITH_A_TABLE, kept) == ()


def test_a_table_that_is_wrong_is_kept_and_says_what_is_wrong_with_it():
    written = written_table(WITH_A_TABLE.xml, TABLE)
    row = replace(written.rows[0], when=("たくさん", *written.rows[0].when[1:]))
    wrong = replace(written, rows=(row, *written.rows[1:]))

    kept = with_table(WITH_A_TABLE.xml, TABLE, wrong)

    assert written_table(kept, TABLE) == wrong
    assert look_at_table(written)[1] == ""
    assert "1行目" in look_at_table(wrong)[1]


def test_a_task_without_a_table_begins_with_an_empty_one():
    xml = WITH_A_TABLE.xml.decode()
    start, end = xml.index("<gijo:table"), xml.index("</gijo:table>") + len("</gijo:table>")

    assert written_table((xml[:start] + xml[end:]).encode(), TABLE) == EMPTY_TABLE
    assert written_table(WITH_A_TABLE.xml, "head_review") is None
    with pytest.raises(LookupError):
        with_table(WITH_A_TABLE.xml, "head_review", EMPTY_TABLE)
