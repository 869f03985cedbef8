"""What of the machine does Gijo stand on: Python, readers, browser, fonts, disk, clock?"""

import shutil
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from backoffice.operations.checkup import Probe, Row, unwell, well
from backoffice.services import TOKYO
from backoffice.settings import MEBIBYTE, Settings
from backoffice.setup.system_packages import has_japanese_font
from ocr import paddle, tesseract
from rpa_bots import browser

PYTHON = (3, 11)
FREE_MEBIBYTES = 2048
"""A day's scans, their pages and a backup beside them."""
FIRST_YEAR = 2026
FROM_THE_NPM = ("htmx.min.js", "tokens.css")
SET_UP = "make setup を実行してください / run make setup"


def probes(settings: Settings, now: datetime) -> Sequence[tuple[str, Probe]]:
    """Give the questions about the machine, in the order in which they are mended."""
    return (
        ("python", python),
        ("tesseract", read_with_tesseract),
        ("ocr_models", read_with_models),
        ("chromium", lambda: chromium(settings.chromium)),
        ("font", font),
        ("front_end", lambda: front_end(Path(__file__).resolve().parents[1] / "static" / "vendor")),
        ("disk", lambda: disk(settings.data_dir)),
        ("clock", lambda: clock(now)),
    )


def python() -> Row:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] == PYTHON:
        return well("python", version)
    return unwell("python", version, "Python 3.11 で make setup をやり直してください / set up again with Python 3.11")


def read_with_tesseract() -> Row:
    found = tesseract.probe()
    if found.ok:
        return well("tesseract", found.detail)
    return unwell("tesseract", found.detail, "apt-get install tesseract-ocr tesseract-ocr-jpn")


def read_with_models() -> Row:
    found = paddle.probe()
    return well("ocr_models", found.detail) if found.ok else unwell("ocr_models", found.detail, SET_UP)


def chromium(configured: Path | None) -> Row:
    try:
        return well("chromium", browser.probe(configured or browser.find_chromium()))
    except browser.BrowserMissingError as missing:
        return unwell("chromium", str(missing), "apt-get install chromium (GIJO_CHROMIUM: 別の場所 / another place)")


def font() -> Row:
    if has_japanese_font():
        return well("font", "日本語 / Japanese")
    return unwell("font", "日本語の書体がありません / no Japanese font", "apt-get install fonts-noto-cjk")


def front_end(folder: Path) -> Row:
    missing = [name for name in FROM_THE_NPM if not (folder / name).is_file()]
    if missing:
        return unwell("front_end", f"ありません / missing: {', '.join(missing)}", SET_UP)
    return well("front_end", ", ".join(FROM_THE_NPM))


def disk(folder: Path) -> Row:
    existing = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    free = shutil.disk_usage(existing).free // MEBIBYTE
    said = f"{folder}: 空き {free:,} MB"
    if free >= FREE_MEBIBYTES:
        return well("disk", said)
    return unwell(
        "disk", said, f"{FREE_MEBIBYTES:,} MB 以上空けてください / free at least {FREE_MEBIBYTES:,} MB on this disk"
    )


def clock(now: datetime) -> Row:
    """Days, deadlines and windows are Tokyo's, whatever zone the machine is set to; but the moment must be right."""
    said = f"{now.astimezone(TOKYO):%Y-%m-%d %H:%M:%S %z} (Asia/Tokyo)"
    if now.year >= FIRST_YEAR:
        return well("clock", said)
    return unwell("clock", said, "時計を合わせてください(timedatectl) / set the clock (timedatectl)")
