"""Whether the set-up installs what is missing, only that, and only where it may."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from backoffice.setup.commands import Commands
from backoffice.setup.system_packages import (
    FOR_THE_PRODUCT,
    FOR_THE_TESTS,
    Need,
    install,
    missing,
    permission_to_install,
)
from backoffice.setup.troubles import SetupTrouble

OCR = Need("日本語 OCR", ("tesseract-ocr", "tesseract-ocr-jpn"), lambda: False)
BROWSER = Need("ブラウザ", ("chromium",), lambda: True)


@dataclass(frozen=True)
class WrittenDown(Commands):
    """Writes down what would be run."""

    asked: list[str] = field(default_factory=list)

    def run(self, *argv: str | Path) -> None:
        self.asked.append(" ".join(map(str, argv)))


@pytest.fixture
def commands(tmp_path: Path) -> WrittenDown:
    return WrittenDown(root=tmp_path, log=tmp_path / "log")


def test_what_the_machine_has_already_is_not_asked_for():
    assert missing([OCR, BROWSER]) == [OCR]


def test_root_installs_by_itself():
    assert permission_to_install(user_id=0, apt_is_here=True, can_sudo=lambda: False) == ()


def test_others_install_with_sudo_where_it_works():
    assert permission_to_install(user_id=1000, apt_is_here=True, can_sudo=lambda: True) == ("sudo",)


@pytest.mark.parametrize(("user_id", "apt_is_here"), [(1000, True), (0, False), (1000, False)])
def test_without_rights_or_without_apt_nobody_installs(user_id: int, apt_is_here: bool):
    assert permission_to_install(user_id=user_id, apt_is_here=apt_is_here, can_sudo=lambda: False) is None


def test_all_missing_packages_are_installed_in_one_go_without_recommended_ones(commands: WrittenDown):
    install([OCR, BROWSER], ("sudo",), commands)

    update, installation = commands.asked
    assert update == "sudo env DEBIAN_FRONTEND=noninteractive apt-get -q update"
    assert installation.startswith(
        "sudo env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends"
    )
    assert installation.endswith(" tesseract-ocr tesseract-ocr-jpn chromium")


def test_where_nobody_may_install_the_administrator_gets_a_list_and_nothing_is_touched(commands: WrittenDown):
    with pytest.raises(SetupTrouble) as told:
        install([OCR], None, commands)

    assert commands.asked == []
    assert "日本語 OCR" in told.value.what
    assert "apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-jpn\n" in told.value.remedy


def test_a_machine_that_runs_these_tests_has_all_that_gijo_needs():
    assert missing([*FOR_THE_PRODUCT, *FOR_THE_TESTS]) == []
