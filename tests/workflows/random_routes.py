"""Routes of every shape the allowed parts can make: steps one after another, side by side, by choice, round again."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import strategies as st

from tests.workflows.drawings import Drawing
from workflows.routes import Route, read_route

DEPTH = 3


@dataclass
class Grower:
    """Draws blocks; each has one way in and one way out."""

    draw: st.DrawFn
    drawing: Drawing = field(default_factory=Drawing)
    count: int = 0

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def block(self, depth: int) -> tuple[str, str]:
        kinds = ["step", "step", "manual"]
        if depth:
            kinds += ["sequence", "parallel", "by_decision", "by_fact", "round", "table", "clock", "side_clock"]
        return getattr(self, f"_{self.draw(st.sampled_from(kinds))}")(depth - 1)

    def _step(self, _depth: int) -> tuple[str, str]:
        name = self.name("step")
        decisions = self.draw(st.sampled_from(["approve", "done", "approve send_back reject"]))
        settings = {"notDrafter": "true"} if self.draw(st.booleans()) else {}
        self.drawing.step(name, decisions, **settings)
        return name, name

    def _manual(self, _depth: int) -> tuple[str, str]:
        name = self.name("manual")
        self.drawing.step(name, "done", tag="manualTask", person="drafter")
        return name, name

    def _sequence(self, depth: int) -> tuple[str, str]:
        blocks = [self.block(depth) for _ in range(self.draw(st.integers(2, 3)))]
        for (_, out), (into, _) in pairwise(blocks):
            self.drawing.arrow(out, into)
        return blocks[0][0], blocks[-1][1]

    def _parallel(self, depth: int) -> tuple[str, str]:
        fork, join = self.name("fork"), self.name("join")
        self.drawing.both(fork).both(join)
        for _ in range(self.draw(st.integers(2, 3))):
            into, out = self.block(depth)
            self.drawing.arrow(fork, into).arrow(out, join)
        return fork, join

    def _by_decision(self, depth: int) -> tuple[str, str]:
        asked, said, merged = self.name("asked"), self.name("said"), self.name("merged")
        self.drawing.step(asked, "approve reject", notDrafter="true").choice(said).choice(merged).arrow(asked, said)
        for decision in ("approve", "reject"):
            into, out = self.block(depth)
            self.drawing.arrow(said, into, f"{asked}.decision == '{decision}'").arrow(out, merged)
        return asked, merged

    def _by_fact(self, depth: int) -> tuple[str, str]:
        split, merged = self.name("split"), self.name("merged")
        self.drawing.choice(split).choice(merged)
        into, out = self.block(depth)
        self.drawing.arrow(split, into, "case.amount >= 1000").arrow(out, merged)
        self.drawing.arrow(split, merged, default=True)
        return split, merged

    def _round(self, depth: int) -> tuple[str, str]:
        again, asked, said, on = self.name("again"), self.name("asked"), self.name("said"), self.name("on")
        into, out = self.block(depth)
        self.drawing.choice(again).step(asked, "approve send_back", notDrafter="true").choice(said).choice(on)
        self.drawing.line(again, into).line(out, asked, said)
        self.drawing.arrow(said, again, f"{asked}.decision == 'send_back'").arrow(said, on, default=True)
        return again, on

    def _table(self, depth: int) -> tuple[str, str]:
        asked, table, split, merged = self.name("asked"), self.name("table"), self.name("split"), self.name("merged")
        rules = [(("< 10",), ("小",)), (("[10..99]",), ("中",)), (("> 99",), ("大",))]
        self.drawing.step(asked, "done")
        self.drawing.table(table, [("額", f"{asked}.amount", "number")], [("size", "text")], rules)
        self.drawing.choice(split).choice(merged).line(asked, table, split)
        for size in ("小", "中"):
            into, out = self.block(depth)
            self.drawing.arrow(split, into, f"{table}.size == '{size}'").arrow(out, merged)
        self.drawing.arrow(split, merged, default=True)
        return asked, merged

    def _clock(self, depth: int) -> tuple[str, str]:
        """A clock that takes the step away and goes on another way."""
        asked, clock, merged = self.name("asked"), self.name("clock"), self.name("merged")
        into, out = self.block(depth)
        self.drawing.step(asked, "approve", notDrafter="true").clock(clock, asked).choice(merged)
        self.drawing.line(asked, merged).line(clock, into).line(out, merged)
        return asked, merged

    def _side_clock(self, _depth: int) -> tuple[str, str]:
        """A clock that only notes something at the side: nothing that could come round twice is asked there."""
        asked, clock, noted = self.name("asked"), self.name("clock"), self.name("noted")
        self.drawing.step(asked, "done").clock(clock, asked, interrupting=False).end(noted, "done")
        self.drawing.line(clock, noted)
        return asked, asked


@st.composite
def sound_routes(draw: st.DrawFn) -> Route:
    """A route that is well formed by the way it was put together."""
    return read_route(_grown(draw).xml())


@st.composite
def any_drawings(draw: st.DrawFn) -> bytes:
    """A sound route in which some arrows have changed their targets: often nonsense, now and then sound again."""
    drawing = _grown(draw)
    arrows = st.sampled_from(sorted(drawing.arrows))
    for one, other in draw(st.lists(st.tuples(arrows, arrows), max_size=2)):
        (a, to_b, when), (c, to_d, then) = drawing.arrows[one], drawing.arrows[other]
        drawing.arrows[one], drawing.arrows[other] = (a, to_d, when), (c, to_b, then)
    return drawing.xml()


def _grown(draw: st.DrawFn) -> Drawing:
    grower = Grower(draw)
    into, out = grower.block(DEPTH)
    grower.drawing.start().end().line("begin", into).line(out, "over")
    return grower.drawing
