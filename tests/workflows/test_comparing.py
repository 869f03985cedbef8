"""What changed between two versions, element by element."""

from tests.workflows.drawings import Drawing, short_route
from workflows.routes import differences, read_route


def changes(old: Drawing, new: Drawing) -> dict[str, tuple[str, tuple[tuple[str, str, str], ...]]]:
    found = differences(read_route(old.xml()), read_route(new.xml()))
    return {each.element_id: (each.change.value, each.fields) for each in found}


def test_two_equal_versions_have_no_differences():
    assert changes(short_route(), short_route()) == {}


def test_what_a_step_asks_is_compared_field_by_field():
    new = short_route().step("head", "approve send_back reject", label="所属長", place="coordinating", dueDays="5")

    assert changes(short_route(), new) == {
        "head": (
            "changed",
            (
                ("name", "head", "所属長"),
                ("assignment.place", "owner", "coordinating"),
                ("assignment.not_drafter", "true", "false"),
                ("due_days", "", "5"),
            ),
        )
    }


def test_parts_that_came_and_went_are_named():
    new = short_route().step("chief", "approve", notDrafter="true")
    new.arrows["said_over"] = ("said", "chief", "head.decision == 'approve'")
    new.arrow("chief", "over")

    found = changes(short_route(), new)

    assert {element: change for element, (change, _) in found.items()} == {
        "chief": "added",
        "chief_over": "added",
        "said_over": "changed",
    }
    assert {element for element, (change, _) in changes(new, short_route()).items() if change == "removed"} == {
        "chief",
        "chief_over",
    }


def test_an_arrow_with_another_condition_and_another_default_is_changed():
    new = short_route()
    new.arrows["said_refused"] = ("said", "refused", None)
    new.defaults["said"] = "said_refused"

    assert changes(short_route(), new)["said_refused"] == (
        "changed",
        (("condition", "head.decision == 'reject'", ""), ("default", "false", "true")),
    )


def test_an_element_that_only_stands_elsewhere_is_moved():
    assert changes(short_route().at("head", 0, 0), short_route().at("head", 10, 0)) == {"head": ("moved", ())}


def test_a_clock_an_end_and_a_table_are_compared_too():
    def drawn(days: int, outcome: str, limit: int) -> Drawing:
        drawing = Drawing().start().step("head", "approve", notDrafter="true").end("over", outcome)
        rules = [((f"< {limit}",), ("甲",)), ((f">= {limit}",), ("乙",))]
        drawing.table("t", [("額", "case.amount", "number")], [("who", "text")], rules)
        return drawing.clock("late", "head", days).line("begin", "head", "t", "over").line("late", "t")

    found = changes(drawn(5, "approved", 10), drawn(6, "done", 20))

    assert found["late"][1] == (("name", "5日経過", "6日経過"), ("business_days", "5", "6"))
    assert found["over"][1] == (("outcome", "approved", "done"),)
    rows = (("row t_1", "< 10 | → | 甲", "< 20 | → | 甲"), ("row t_2", ">= 10 | → | 乙", ">= 20 | → | 乙"))
    assert found["t"][1] == rows
