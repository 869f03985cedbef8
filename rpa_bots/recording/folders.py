"""Where do files lie that the command puts in, and where are those it receives? In two folders, and no others."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path
from typing import Final

from rpa_bots.file_kinds import Fallen
from rpa_bots.recording.page.uploading import BYTES_AT_MOST, NotToBeUploadedError, Upload, Uploads

UNNAMED: Final = "file"
LETTERS_AT_MOST: Final = 40


@dataclass(frozen=True)
class Kept:
    """A received file as it is told. `name`: what the recording calls it; `file`: its name in the folder."""

    name: str
    kind: str
    size: int
    sha256: str
    file: str


def keep(folder: Path, number: int, fallen: Sequence[Fallen]) -> list[Kept]:
    """Keep the files of a row, whole or not at all; a name tells row, recording's name and content. Raises OSError."""
    return [_kept(folder, number, each) for each in fallen]


def files_under(folder: Path) -> Uploads:
    """Give what opens the files that a row's column names, a line each: under the folder, never outside it."""
    root = folder.resolve()

    def opened(named: str) -> Sequence[Upload]:
        return [_opened(root, line.strip()) for line in named.splitlines() if line.strip()]

    return opened


def _kept(folder: Path, number: int, fallen: Fallen) -> Kept:
    plain = re.sub(r"[^\w-]", "_", fallen.name)[:LETTERS_AT_MOST] or UNNAMED
    name = f"{number:06d}-{plain}-{fallen.sha256[:12]}.{fallen.kind}"
    unfinished = folder / f".{name}.part"
    unfinished.write_bytes(fallen.content)
    unfinished.replace(folder / name)
    return Kept(fallen.name, fallen.kind, len(fallen.content), fallen.sha256, name)


def _opened(root: Path, named: str) -> Upload:
    try:
        path = (root / named).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            raise NotToBeUploadedError("入れるファイルが、--files の場所にありません")
        if path.stat().st_size > BYTES_AT_MOST:
            raise NotToBeUploadedError(f"入れるファイルが大きすぎます({BYTES_AT_MOST // 1_000_000}MBまで)")
        return Upload(path.name, guess_type(path.name)[0] or "application/octet-stream", path.read_bytes())
    except OSError:
        raise NotToBeUploadedError("入れるファイルを、--files の場所から読めません") from None
