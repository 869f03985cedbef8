"""Which of the machine's own programs are missing, and whether we may install them.

Nothing is installed that is there already, from wherever it came; nothing is tried where we may not.
"""

from __future__ import annotations

import ctypes
import importlib.util
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from backoffice.setup.commands import Commands
from backoffice.setup.troubles import SetupTrouble

POSTGRESQL_FOLDERS = Path("/usr/lib/postgresql")
TESSDATA_FOLDERS = Path("/usr/share/tesseract-ocr")


@dataclass(frozen=True)
class Need:
    """Something the machine must have: what for, Debian's packages for it, and how to see that it is there."""

    what: str
    packages: tuple[str, ...]
    is_met: Callable[[], bool]


def has_venv() -> bool:
    return importlib.util.find_spec("ensurepip") is not None


def has_japanese_tesseract() -> bool:
    """Debian keeps the languages below a folder for the version; elsewhere Tesseract itself is asked."""
    if shutil.which("tesseract") is None:
        return False
    return any(TESSDATA_FOLDERS.glob("*/tessdata/jpn.traineddata")) or "jpn" in _said_by("tesseract", "--list-langs")


def has_chromium() -> bool:
    return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))


def has_libatomic() -> bool:
    """The program that Playwright brings to drive the browser is linked against it; a bare Debian does not have it."""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def has_pango() -> bool:
    """WeasyPrint lays text out with it; Chromium brings the first of the two."""
    try:
        ctypes.CDLL("libpango-1.0.so.0")
        ctypes.CDLL("libpangoft2-1.0.so.0")
    except OSError:
        return False
    return True


def has_japanese_font() -> bool:
    return shutil.which("fc-list") is not None and _said_by("fc-list", ":lang=ja", "family").strip() != ""


def has_print_fonts() -> bool:
    """The sheets that the reading is examined on are printed in fonts that no reader of ours was shown."""
    kept = Path("/usr/share/fonts")
    return (kept / "opentype/ipafont-mincho/ipam.ttf").exists() and any(kept.glob("opentype/noto/NotoSansCJK-*.ttc"))


def has_postgresql() -> bool:
    return shutil.which("initdb") is not None or any(POSTGRESQL_FOLDERS.glob("*/bin/initdb"))


FOR_THE_PRODUCT = (
    Need("Python の仮想環境 / virtual environments", ("python3-venv",), has_venv),
    Need("日本語 OCR / Tesseract with Japanese", ("tesseract-ocr", "tesseract-ocr-jpn"), has_japanese_tesseract),
    Need("ブラウザ / Chromium", ("chromium",), has_chromium),
    Need("ブラウザの操作 / what Playwright's driver is linked against", ("libatomic1",), has_libatomic),
    Need("PDF の文字組み / text in PDF files", ("libpango-1.0-0", "libpangoft2-1.0-0"), has_pango),
    Need("日本語フォント / a Japanese font", ("fontconfig", "fonts-ipaexfont-gothic"), has_japanese_font),
)
FOR_THE_TESTS = (
    Need("PostgreSQL(テスト用) / PostgreSQL, for tests", ("postgresql",), has_postgresql),
    Need(
        "書体(読取の精度の確かめ) / fonts to examine the reading with",
        ("fonts-ipafont", "fonts-noto-cjk"),
        has_print_fonts,
    ),
)


def missing(needs: Iterable[Need]) -> list[Need]:
    return [need for need in needs if not need.is_met()]


def permission_to_install(*, user_id: int, apt_is_here: bool, can_sudo: Callable[[], bool]) -> tuple[str, ...] | None:
    """Say what to write before apt-get: nothing for root, sudo where it works.

    This function will answer None where neither is possible.
    """
    if not apt_is_here:
        return None
    if user_id == 0:
        return ()
    return ("sudo",) if can_sudo() else None


def install(needs: list[Need], before: tuple[str, ...] | None, commands: Commands) -> None:
    """Install the packages of all needs in one go.

    Where `before` is None this function will raise SetupTrouble, having done nothing.
    """
    packages = [package for need in needs for package in need.packages]
    if before is None:
        raise SetupTrouble(_list_of(needs), _request_to_administrator(packages))
    apt_get = (*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q")
    commands.run(*apt_get, "update")
    commands.run(*apt_get, "install", "-y", "--no-install-recommends", *packages)


def _list_of(needs: list[Need]) -> str:
    return "\n".join(["足りないもの / missing:", *(f"  - {need.what}" for need in needs)])


def _request_to_administrator(packages: list[str]) -> str:
    return (
        "ここでは何も変えていません。管理者に次のコマンドを頼んでください。\n"
        "Nothing was changed. Ask an administrator to run:\n\n"
        f"    apt-get update && apt-get install -y --no-install-recommends {' '.join(packages)}\n"
    )


def _said_by(*argv: str) -> str:
    return subprocess.run(argv, capture_output=True, text=True, check=False).stdout  # noqa: S603 - the words are this module's own
