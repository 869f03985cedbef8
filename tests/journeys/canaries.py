"""Does a secret stand anywhere in an office's folder, or a person in one of its pictures?"""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import tesserocr
from PIL import Image
from sqlalchemy import select

from backoffice.automation.models import Evidence
from backoffice.identity import Actor, Origin
from backoffice.vault import StoredFile
from backoffice.work import Office
from ocr.tesseract import language_data

HOUSE = Actor.house(Origin.DEMONSTRATION)
SHORTEST = 3
"""Letters: a shorter word is read into many a picture."""


def files_with(secret: str, folder: Path) -> list[str]:
    """Name the files of a folder that hold a secret, however it is written: logs, databases, their WAL."""
    written = [form.encode() if isinstance(form, str) else form for form in _forms(secret)]
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [str(path.relative_to(folder)) for path in files if any(form in path.read_bytes() for form in written)]


def _forms(secret: str) -> Iterable[str | bytes]:
    raw = secret.encode()
    yield from (secret, quote(secret), raw.hex(), secret.encode("utf-16-le"), secret.encode("utf-16-be"))
    yield json.dumps(secret)[1:-1]  # every letter beyond ASCII escaped, as databases keep JSON
    # Behind one or two other bytes the same letters look otherwise in Base64; the ends depend on what follows.
    yield from (base64.b64encode(b"x" * before + raw)[4:-4] for before in range(3))


def pictures_of(office: Office) -> list[bytes]:
    """Open every picture that nights have left in the vault."""
    with office.look(HOUSE) as work:
        files = work.session.scalars(select(StoredFile).join(Evidence, Evidence.file_id == StoredFile.id)).all()
        return [office.files.read(file) for file in files]


def read_in(pictures: Iterable[bytes], words: Iterable[str]) -> set[str]:
    """Give those of the words that can be read in a picture."""
    wanted = {word: _bare(word) for word in words if len(_bare(word)) >= SHORTEST}
    found = set()
    with tesserocr.PyTessBaseAPI(path=str(language_data(None)), lang="jpn", psm=tesserocr.PSM.SPARSE_TEXT) as reader:
        for png in pictures:
            picture = Image.open(io.BytesIO(png)).convert("L")
            reader.SetImage(picture.resize((picture.width * 2, picture.height * 2)))
            text = _bare(reader.GetUTF8Text())
            found |= {word for word, bare in wanted.items() if bare in text}
    return found


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)
