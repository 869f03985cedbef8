"""What the project's own files are, as the architecture tests read them."""

from __future__ import annotations

import ast
import io
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("backoffice", "workflows", "forms", "ocr", "rpa_bots", "migrations", "bench")


@cache
def files_of_the_project() -> tuple[Path, ...]:
    """Everything git knows or would add: what a clone brings, without what the set-up makes."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git from the path
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(ROOT / name for name in sorted(listed.stdout.split("\0")) if name and (ROOT / name).is_file())


@cache
def texts() -> dict[Path, str]:
    """The text files among them, read once."""
    found = {}
    for file in files_of_the_project():
        content = file.read_bytes()
        if b"\0" not in content[:8000]:
            found[file] = content.decode("utf-8", errors="replace")
    return found


def modules(*, rooms_only: bool = False) -> Iterator[tuple[str, ast.Module]]:
    """Each Python file's name below the root, and its tree."""
    for file, text in texts().items():
        name = named(file)
        if file.suffix == ".py" and (not rooms_only or name.split("/")[0] in ROOMS):
            yield name, ast.parse(text, name)


def comments() -> Iterator[tuple[str, str]]:
    """Each comment in a Python file, with its place."""
    for file, text in texts().items():
        if file.suffix == ".py":
            for token in tokenize.generate_tokens(io.StringIO(text).readline):
                if token.type == tokenize.COMMENT:
                    yield f"{named(file)}:{token.start[0]}", token.string


def named(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()
