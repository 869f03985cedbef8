"""Whether a newcomer can still read every file: small functions, one story a file, speaking names."""

from __future__ import annotations

import ast
import re
import sys

from tests.architecture.sources import comments, files_of_the_project, modules, named, texts

LONGEST_FUNCTION = 55
LONGEST_FILE = 450
NAMES_THAT_SAY_NOTHING = re.compile(r"(^|_)(utils?|helpers?|managers?)($|_)|(Utils?|Helper|Manager)$")
SILENCED = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:\s*no cover)\b")
SILENCED_WITH_CODE_AND_REASON = re.compile(
    r"#\s*(noqa:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|type:\s*ignore\[[\w, -]+\]|pragma:\s*no cover)\W+\w+(\W+\w+)+"
)


def test_every_module_opens_with_what_it_answers():
    silent = [name for name, tree in modules(rooms_only=True) if tree.body and not ast.get_docstring(tree)]

    assert silent == []


def test_no_function_is_too_long_to_be_seen_at_once():
    """But for migrations: Alembic writes one function a version, and nobody edits it afterwards."""
    long = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in modules()
        if not name.startswith("migrations/")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > LONGEST_FUNCTION
    ]

    assert long == []


def test_no_file_tells_more_than_one_story():
    long = [named(file) for file, text in texts().items() if file.suffix == ".py" and text.count("\n") > LONGEST_FILE]

    assert long == []


def test_no_file_folder_or_class_has_a_name_that_says_nothing():
    places = [named(file) for file in files_of_the_project()]
    files = [place for place in places if any(says_nothing(part.split(".")[0]) for part in place.split("/"))]
    classes = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and says_nothing(node.name)
    ]

    assert files + classes == []


def says_nothing(name: str) -> bool:
    return NAMES_THAT_SAY_NOTHING.search(name) is not None


def test_every_silenced_check_names_its_code_and_its_reason():
    bare = [
        f"{place} {text}"
        for place, text in comments()
        if SILENCED.search(text) and not SILENCED_WITH_CODE_AND_REASON.search(text)
    ]

    assert bare == []


def test_the_set_up_needs_nothing_that_a_bare_machine_does_not_have():
    foreign = [
        f"{name}: {imported}"
        for name, tree in modules()
        if name.startswith("backoffice/setup/")
        for imported in imports_of(tree)
        if imported.split(".")[0] not in sys.stdlib_module_names and not imported.startswith("backoffice.setup")
    ]

    assert foreign == []


def imports_of(tree: ast.Module) -> set[str]:
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return imported | {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
