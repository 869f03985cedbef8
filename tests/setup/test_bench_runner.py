"""Whether the benchmark runner tells every figure, and refuses when one does not hold or does not come."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.__main__ import main


def figures(*, holds: bool) -> str:
    return json.dumps(
        {
            "name": "keying",
            "what": "items",
            "figure": 31.5,
            "unit": "/min",
            "against": "bare",
            "ratio": 0.93,
            "goal": 0.9,
        }
        | {"holds": holds, "growth": []}
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bench"
    folder.mkdir()
    (folder / "__main__.py").write_text("raise SystemExit('the runner must not run itself')")
    return folder


def test_figures_are_drawn_as_a_table(folder: Path, capsys):
    (folder / "keying.py").write_text(f"print('''{figures(holds=True)}''')")

    code = main([], folder)

    heading, row = capsys.readouterr().out.splitlines()
    assert code == 0
    assert heading.split() == ["name", "figure", "unit", "against", "ratio", "goal", "holds"]
    assert row.split() == ["keying", "31.50", "/min", "bare", "0.93", "0.90", "○"]


def test_for_machines_there_is_one_object_a_line(folder: Path, capsys):
    (folder / "keying.py").write_text(f"print('''{figures(holds=True)}''')")

    main(["--json"], folder)

    assert json.loads(capsys.readouterr().out) == json.loads(figures(holds=True))


def test_a_speed_that_no_longer_holds_ends_with_an_error(folder: Path, capsys):
    (folder / "keying.py").write_text(f"print('''{figures(holds=False)}''')")

    code = main([], folder)

    assert code == 1
    assert "✕" in capsys.readouterr().out


@pytest.mark.parametrize(
    "program", ["raise SystemExit('Chromium がありません')", "print('no figures: Chromium がありません')"]
)
def test_a_benchmark_without_figures_is_told_and_the_others_still_run(folder: Path, capsys, program: str):
    (folder / "broken.py").write_text(program)
    (folder / "keying.py").write_text(f"print('''{figures(holds=True)}''')")

    code = main([], folder)

    told = capsys.readouterr()
    assert code == 1
    assert "✕ broken" in told.err
    assert "Chromium がありません" in told.err
    assert "keying" in told.out
