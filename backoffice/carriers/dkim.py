"""How does a mail show that it comes from the city? Its head and body are signed (RFC 6376; Ed25519: RFC 8463)."""

import base64
import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from backoffice.errors import Unavailable
from backoffice.settings import Settings

SIGNED = (
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "mime-version",
    "content-type",
    "content-language",
    "auto-submitted",
)
ONCE_MORE = ("from", "to", "subject", "date", "content-type", "list-unsubscribe", "list-unsubscribe-post")
"""Named once more than they stand there: one that is added on the way breaks the signature."""
SHORTEST_RSA = 2048
BLANKS = re.compile(rb"[ \t]+")
BLANKS_AT_ENDS = re.compile(rb" +\r\n")
TO_BE_RELAXED = (b"  ", b"\t", b" \r\n")
"""Looked for first: bodies of base64 have none of them, and need no rewriting."""
FOLDS = re.compile(rb"\r\n(?=[ \t])")
LINE = 72


class Signer:
    """One domain's key. `signed` gives the message with its signature before it."""

    def __init__(self, domain: str, selector: str, key: RSAPrivateKey | Ed25519PrivateKey) -> None:
        self._how, self._sign = _way(key)
        self._begins = f"v=1; a={self._how}; c=relaxed/relaxed; d={domain}; s={selector};"

    def signed(self, content: bytes, at: datetime) -> bytes:
        """Sign a message whose lines end with CRLF: the signature comes before it, and nothing else changes."""
        head, body = content.split(b"\r\n\r\n", 1)
        canonical = _canonical_headers(head)
        names = [name for name in SIGNED if name in canonical]
        lines = b"".join(canonical[name] for name in names)
        body_hash = base64.b64encode(hashlib.sha256(canonical_body(body)).digest()).decode("ascii")
        names += [name for name in ONCE_MORE if name in canonical]
        fields = [self._begins, f"t={int(at.timestamp())};", *_listed(names), f"bh={body_hash};", "b="]
        mark = base64.b64encode(self._sign(lines + f"dkim-signature:{' '.join(fields)}".encode("ascii")))
        own = "DKIM-Signature: " + "\r\n\t".join(fields)
        mark_lines = [mark[begin : begin + LINE] for begin in range(0, len(mark), LINE)]
        return b"".join((own.encode("ascii"), b"\r\n\t ".join(mark_lines), b"\r\n", content))


def signer_of(settings: Settings) -> Signer | None:
    """Give the signer that the settings name; None: mails are not signed here. Raises Unavailable."""
    if settings.dkim_key_file is None:
        return None
    return Signer(settings.dkim_domain, settings.dkim_selector, key_in(settings.dkim_key_file))


def key_in(file: Path) -> RSAPrivateKey | Ed25519PrivateKey:
    """Read a signing key. Raises Unavailable for one that receivers would not believe."""
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as trouble:
        raise Unavailable("メールに署名する鍵を読めません(%(trouble)s)。", trouble=type(trouble).__name__) from trouble
    if isinstance(key, Ed25519PrivateKey) or (isinstance(key, RSAPrivateKey) and key.key_size >= SHORTEST_RSA):
        return key
    raise Unavailable("メールに署名する鍵は、RSA(2048ビット以上)か Ed25519 にしてください。")


def canonical_body(body: bytes) -> bytes:
    """Write a body as both sides hash it (RFC 6376, 3.4.4)."""
    if any(blanks in body for blanks in TO_BE_RELAXED) or body.endswith(b" "):
        body = BLANKS_AT_ENDS.sub(b"\r\n", BLANKS.sub(b" ", body + b"\r\n"))
    kept = body.rstrip(b"\r\n")
    return kept + b"\r\n" if kept else b""


def _canonical_headers(head: bytes) -> dict[str, bytes]:
    """Write each header as both sides hash it (RFC 6376, 3.4.2): one line, ending with CRLF."""
    canonical: dict[str, bytes] = {}
    for line in FOLDS.sub(b"", head).split(b"\r\n"):
        name, value = line.split(b":", 1)
        known = name.strip().lower()
        canonical[known.decode("ascii")] = known + b":" + BLANKS.sub(b" ", value).strip(b" ") + b"\r\n"
    return canonical


def _listed(names: list[str]) -> list[str]:
    """Write h=, folded between names: what is folded reads as one blank, on the line as in what is hashed."""
    lines, line = [], "h="
    for name in names:
        if len(line) + len(name) >= LINE:
            lines.append(line)
            line = ""
        line += f"{name}:"
    return [*lines, line.removesuffix(":") + ";"]


def _way(key: RSAPrivateKey | Ed25519PrivateKey) -> tuple[str, Callable[[bytes], bytes]]:
    if isinstance(key, Ed25519PrivateKey):
        return "ed25519-sha256", lambda data: key.sign(hashlib.sha256(data).digest())
    padding, digest = PKCS1v15(), SHA256()
    return "rsa-sha256", lambda data: key.sign(data, padding, digest)
