"""Whether lint tells everything at once, and each licence is read from where its package wrote it."""

from __future__ import annotations

import io
from email.message import Message
from pathlib import Path

import pytest

from backoffice.setup.lint import CHECKS, Check, lint
from backoffice.setup.project import Project
from backoffice.setup.steps import Run
from backoffice.setup.third_party import Part, document, licence_in, locked_parts

REFUSING = Check("refusing", ("-c", "import sys; print('行が長すぎます'); sys.exit(1)"), "*.py")
PASSING = Check("passing", ("-c", ""), "*.py")
ABOUT_NOTHING_HERE = Check("templates", ("-c", "import sys; sys.exit(1)"), "**/*.html")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.state.mkdir()
    (tmp_path / "office.py").touch()
    project.python.parent.mkdir(parents=True)
    project.python.write_text('#!/bin/sh\nexec python3 "$@"\n')
    project.python.chmod(0o755)
    return project


def test_every_refusal_is_told_not_only_the_first(project: Project):
    refusals = lint(project, Run(clock=lambda: 0.0, out=io.StringIO()), [REFUSING, PASSING, REFUSING])

    assert [refusal.title for refusal in refusals] == ["refusing", "refusing"]
    assert all("行が長すぎます" in refusal.said for refusal in refusals)


def test_a_check_of_files_that_do_not_exist_is_left_out(project: Project):
    out = io.StringIO()

    refusals = lint(project, Run(clock=lambda: 0.0, out=out), [ABOUT_NOTHING_HERE])

    assert (refusals, out.getvalue()) == ([], "")


def test_style_types_contracts_templates_and_translations_are_all_checked():
    words = " ".join(word for check in CHECKS for word in check.words)

    tools = ("ruff check", "ruff format", "mypy", "importlinter", "djlint", "translation_check")
    assert [tool for tool in tools if tool not in words] == []


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ({"License-Expression": "MIT", "License": "other"}, "MIT"),
        ({"License": "BSD-3-Clause", "Classifier": "License :: OSI Approved :: BSD License"}, "BSD-3-Clause"),
        (
            {"License": "Copyright\nall of the text", "Classifier": "License :: OSI Approved :: MIT License"},
            "MIT License",
        ),
        ({"Classifier": "Topic :: Office/Business"}, "不明 / unknown"),
    ],
)
def test_a_licence_is_read_from_the_most_exact_place_that_names_it(fields: dict[str, str], licence: str):
    metadata = Message()
    for name, value in fields.items():
        metadata[name] = value

    assert licence_in(metadata) == licence


def test_a_package_that_product_and_tests_share_is_listed_once_for_the_product(tmp_path: Path):
    (tmp_path / "requirements.txt").write_text("click==8.5.1 \\\n    --hash=sha256:00\n")
    (tmp_path / "requirements-node.txt").write_text("")
    (tmp_path / "requirements-dev.txt").write_text("click==8.5.1 \\\n    --hash=sha256:00\npytest==9.2.0 \\\n")
    (tmp_path / "package-lock.json").write_text(
        '{"packages": {"": {}, "node_modules/axe-core": {"version": "4.1", "dev": true}}}'
    )

    parts = locked_parts(tmp_path)

    assert parts == [
        Part("click", "8.5.1", "製品 / product"),
        Part("pytest", "9.2.0", "テスト / tests"),
        Part("axe-core", "4.1", "テスト / tests"),
    ]


def test_the_document_has_one_row_a_package():
    page = document([Part("click", "8.5.1", "製品 / product")], licence_of=lambda part: f"licence of {part.name}")

    assert "| click | 8.5.1 | licence of click | 製品 / product |" in page.splitlines()
