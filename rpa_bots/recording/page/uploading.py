"""How is a file put into an old page, and what does a form with files send? Its body, built as the browser builds it.

Playwright does not tell the body of a form that holds files, and the browser's own POST may go twice
(`rpa_bots.submitting`). So the page remembers what its form was about to send, and our own client carries that.
Source: the HTML standard, "multipart form data".
"""

import base64
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import BrowserContext, ElementHandle, Error, FilePayload, Frame
from pydantic import BaseModel

BYTES_AT_MOST: Final = 20_000_000
OF_PAGES: Final = {"shift_jis": "cp932", "windows-31j": "cp932", "euc-jp": "euc_jp"}
REMEMBER: Final = """addEventListener("formdata", (told) => {
  window[Symbol.for("gijo.sent")] = { at: performance.timeOrigin + performance.now(),
    charset: document.characterSet, entries: [...told.formData.entries()] };
})"""
WHEN: Final = """() => window[Symbol.for("gijo.sent")]?.at ?? 0"""
SENT: Final = """async () => {
  const { charset, entries } = window[Symbol.for("gijo.sent")];
  const inBase64 = (file) => new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(",")[1] ?? "");
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
  delete window[Symbol.for("gijo.sent")];
  return { charset, parts: await Promise.all(entries.map(async ([name, value]) => typeof value === "string"
    ? { name, text: value }
    : { name, file: value.name, type: value.type, content: await inBase64(value) })) };
}"""


@dataclass(frozen=True)
class Upload:
    """A file that goes into a page. `name` is what the other system is told."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


class NotToBeUploadedError(ValueError):
    """The sentence is in the office's words and names no file."""


Uploads = Callable[[str], Sequence[Upload]]
"""Gives the files that a row's column names. Raises NotToBeUploadedError."""


def no_uploads(_named: str) -> Sequence[Upload]:
    """Where nobody has said whence files come, none are taken."""
    raise NotToBeUploadedError("入れるファイルの置き場所が決まっていません")


class _Part(BaseModel):
    name: str
    text: str | None = None
    file: str = ""
    type: str = ""
    content: str = ""


class _Sent(BaseModel):
    charset: str
    parts: list[_Part]


@dataclass(frozen=True)
class Body:
    content: bytes = field(repr=False)
    content_type: str


def put_files(element: ElementHandle, uploads: Sequence[Upload], timeout_ms: float) -> str:
    """Put files into a file box; this function will give what must stand there. Raises Playwright's Error."""
    payloads: list[FilePayload] = [
        {"name": each.name, "mimeType": each.media_type, "buffer": each.content} for each in uploads
    ]
    element.set_input_files(payloads, timeout=timeout_ms)
    return str(element.evaluate("element => element.value"))


def body_sent(context: BrowserContext) -> Body | None:
    """Give the body of the form that was sent last on any page, None where no page remembers one."""
    frames = [frame for page in context.pages for frame in page.frames]
    moments = [(_when(frame), place) for place, frame in enumerate(frames)]
    latest, place = max(moments, default=(0.0, 0))
    if not latest:
        return None
    return _body(_Sent.model_validate(frames[place].evaluate(SENT)))


def _when(frame: Frame) -> float:
    try:
        return float(frame.evaluate(WHEN))
    except Error:
        return 0.0  # a page that is just going away


def _body(sent: _Sent) -> Body:
    boundary = f"----gijo{secrets.token_hex(16)}"
    encoding = OF_PAGES.get(sent.charset.lower(), "utf-8")
    parts = b"".join(f"--{boundary}\r\n".encode() + _part(each, encoding) for each in sent.parts)
    return Body(parts + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}")


def _part(part: _Part, encoding: str) -> bytes:
    head = f'Content-Disposition: form-data; name="{_quoted(part.name)}"'
    if part.text is not None:
        text = "\r\n".join(part.text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
        return _encoded(f"{head}\r\n\r\n{text}\r\n", encoding)
    kind = part.type or "application/octet-stream"
    described = _encoded(f'{head}; filename="{_quoted(part.file)}"\r\nContent-Type: {kind}\r\n\r\n', encoding)
    return described + base64.b64decode(part.content) + b"\r\n"


def _quoted(name: str) -> str:
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


def _encoded(text: str, encoding: str) -> bytes:
    return text.encode(encoding, errors="xmlcharrefreplace")
