"""Whether the repository holds only what may be made public, pinned as the city's rules ask."""

from __future__ import annotations

import json
import os
import re
import subprocess

from backoffice.setup.third_party import DOCUMENT, locked_parts
from tests.architecture.sources import ROOT, files_of_the_project, named, texts

# Written in pieces, so that this file may be searched too.
# A path begins there: `backoffice/wor…/` and addresses of pages are not meant.
PLACES_OF_ONE_MACHINE = re.compile(r"(?<![\w.}])/(wor" + "k|tm" + "p|roo" + "t|hom" + r"e/[a-z]\w*)/")
ADDRESSES_OF_REGISTRIES = re.compile(
    "|".join(
        [
            "index" + "-url",
            '"resol' + 'ved":',
            r"pypi\.or" + "g/simple",
            r"files\.python" + "hosted",
            r"registry\.npm" + "js",
        ]
    )
)
TWELVE_DIGITS = re.compile(r"(?<![\w.-])\d{12}(?![\w-])")
PYTHON_LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-node.txt")
BINDING_LICENCES = re.compile(r"AGPL|(?<!L)GPL|SSPL|BUSL|不明", re.IGNORECASE)

TAKEN_UNDER_ANOTHER = {"pyphen"}
"""Offered under several licences at once, to choose from: used under the MPL, which binds only its own files."""


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{named(file)}: {line.strip()[:100]}"
        for file, text in texts().items()
        if pattern.search(text)
        for line in text.splitlines()
        if pattern.search(line)
    ]


def test_no_file_names_a_place_on_somebodys_machine():
    assert lines_with(PLACES_OF_ONE_MACHINE) == []


def test_no_file_names_a_package_registry():
    assert lines_with(ADDRESSES_OF_REGISTRIES) == []


def test_no_file_holds_anything_that_could_be_somebodys_individual_number():
    found = [
        f"{named(file)}: a number whose check digit fits"
        for file, text in texts().items()
        if file.name not in (*PYTHON_LOCKS, "package-lock.json")
        for number in TWELVE_DIGITS.findall(text)
        if has_valid_check_digit(number)
    ]

    assert found == []


def has_valid_check_digit(number: str) -> bool:
    """平成26年総務省令第85号第5条: eleven digits weighted from the right, the twelfth follows from their sum."""
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    remainder = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % 11
    return int(number[-1]) == (0 if remainder <= 1 else 11 - remainder)


def test_every_python_package_is_pinned_with_its_hashes():
    for lock in PYTHON_LOCKS:
        text = (ROOT / lock).read_text(encoding="utf-8")
        blocks = [block for block in re.split(r"\n(?=[A-Za-z0-9])", text) if not block.startswith("#")]

        loose = [block.split()[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block]

        assert blocks, lock
        assert loose == [], lock


def test_every_front_end_package_is_pinned_with_its_hash_and_no_address():
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    outside = {name: package for name, package in packages.items() if name}

    loose = [name for name, package in outside.items() if not package.get("integrity") or "resolved" in package]

    assert outside
    assert loose == []


def test_the_list_of_third_party_licences_follows_the_lock_files():
    assert [(part.name, part.version) for part in locked_parts(ROOT)] == [(row[0], row[1]) for row in licence_rows()]


def test_nothing_in_the_product_carries_a_licence_that_would_bind_the_citys_own_work():
    binding = [
        row
        for row in licence_rows()
        if "テスト" not in row[3] and row[0] not in TAKEN_UNDER_ANOTHER and BINDING_LICENCES.search(row[2])
    ]

    assert binding == []


def licence_rows() -> list[list[str]]:
    lines = (ROOT / DOCUMENT).read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [row for row in rows if len(row) == 4 and row[0] != "name"]


def test_the_licence_of_the_project_lies_at_its_root():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert "Apache License" in text
    assert "The Gijo authors" in text


def test_make_alone_lists_every_target_and_does_nothing():
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607 - make from the path

    assert phony is not None
    assert re.findall(r"^  make (\w+)", shown, re.MULTILINE) == phony.group(1).split()


def test_continuous_integration_runs_what_a_developer_runs():
    script = ROOT / ".ci" / "run"

    assert os.access(script, os.X_OK)
    assert "make test" in script.read_text(encoding="utf-8")


def test_nothing_that_the_set_up_makes_is_committed():
    made = (".venv/", "node_modules/", "backoffice/static/vendor/", ".setup/", "data/")

    assert [named(file) for file in files_of_the_project() if named(file).startswith(made)] == []
