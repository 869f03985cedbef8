"""Whether the set-up does each thing once, does it again when its reasons change, and says how long it took."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.setup.steps import TITLE_COLUMNS, Run, Step, key_of, padded
from backoffice.setup.troubles import SetupTrouble


@dataclass
class Bench:
    """A set-up of one step whose work is to leave one file."""

    folder: Path
    times_done: int = 0
    out: io.StringIO = field(default_factory=io.StringIO)

    @property
    def left(self) -> Path:
        return self.folder / "left"

    def settle(self, key: str = "today") -> None:
        ticking = iter([100.0, 112.34])
        step = Step(self.folder / "step.stamp", "仮想環境", key, (self.left,), self._work)
        Run(clock=lambda: next(ticking), out=self.out).settle([step])

    def _work(self) -> None:
        self.times_done += 1
        self.left.touch()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_step_is_told_with_the_seconds_it_took(bench: Bench):
    bench.settle()

    assert bench.out.getvalue().rstrip().endswith("… 12.3 s")


def test_a_step_that_was_done_is_not_done_again(bench: Bench):
    bench.settle()

    bench.settle()

    assert bench.times_done == 1
    assert bench.out.getvalue().rstrip().endswith("済 / done")


def test_a_step_is_done_again_when_what_it_depends_on_has_changed(bench: Bench):
    bench.settle(key="yesterday")

    bench.settle(key="today")

    assert bench.times_done == 2


def test_a_step_is_done_again_when_what_it_left_is_gone(bench: Bench):
    bench.settle()
    bench.left.unlink()

    bench.settle()

    assert bench.times_done == 2


def test_a_step_that_failed_counts_as_not_done_and_stops_those_after_it(tmp_path: Path):
    def fail() -> None:
        raise SetupTrouble("disk full", "free some space")

    out = io.StringIO()
    after = Step(tmp_path / "after.stamp", "after", "", (), (tmp_path / "after").touch)
    failing = Step(tmp_path / "failing.stamp", "failing", "", (), fail)

    with pytest.raises(SetupTrouble):
        Run(clock=lambda: 0.0, out=out).settle([failing, after])

    assert "失敗" in out.getvalue()
    assert list(tmp_path.iterdir()) == []


@given(st.lists(st.text()), st.lists(st.text()))
def test_two_different_sets_of_inputs_never_pass_for_each_other(one: list[str], other: list[str]):
    same = key_of(*one) == key_of(*other)

    assert same == (one == other)


def test_the_content_of_a_file_counts_not_its_name(tmp_path: Path):
    (tmp_path / "a").write_text("x")
    (tmp_path / "b").write_text("x")

    assert key_of(tmp_path / "a") == key_of(tmp_path / "b") == key_of("x")


@given(st.text(alphabet="仮想環境 abc/ア", max_size=TITLE_COLUMNS // 2))
def test_lines_of_japanese_and_english_end_in_the_same_column(title: str):
    columns = sum(2 if unicodedata.east_asian_width(letter) == "W" else 1 for letter in padded(title))

    assert columns == TITLE_COLUMNS
