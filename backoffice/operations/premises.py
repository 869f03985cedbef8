"""What of this office is in order: its database, its keys, its folders, its trail?"""

import os
import stat
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import OperationalError

from backoffice.audit import AuditEvent
from backoffice.db import reading
from backoffice.db.migrate import newest, revision_of
from backoffice.errors import Unavailable
from backoffice.inbox.models import StuckMatter
from backoffice.jobs.probe import has_tables
from backoffice.mail import server_of
from backoffice.mail_in.mailbox import mailbox_of
from backoffice.operations.checkup import Probe, Row, unwell, well
from backoffice.operations.events import DayKept, UpkeepFailed
from backoffice.settings import Settings, is_origin
from backoffice.vault import Cipher, MasterKeyMissingError, StoredFile, former_keys_path

CLOCK_MAY_DIFFER = timedelta(minutes=5)
OTHERS = stat.S_IRWXG | stat.S_IRWXO
MIGRATE = "gijo migrate を実行してください / run gijo migrate"
START = "データベースを起動し、GIJO_DATABASE_URL を確かめてください / start the database, check GIJO_DATABASE_URL"
SQLITE_SYNCHRONOUS_FULL = 2


def probes(settings: Settings, engine: Engine, now: datetime) -> Sequence[tuple[str, Probe]]:
    """Give the questions about the office; those to the database only where it answers."""
    apart: list[tuple[str, Probe]] = [
        ("database", lambda: database(settings, engine)),
        ("master_key", lambda: master_key(settings.master_key_path)),
        ("blobs", lambda: writable("blobs", settings.blobs_path)),
        ("audit_heads", lambda: writable("audit_heads", settings.audit_heads_path)),
        ("pause", lambda: pause(settings.pause_path)),
        ("address", lambda: public_address(settings)),
        ("sign_in", lambda: identity_provider(settings)),
        ("mail", lambda: mail(settings)),
        ("mailbox", lambda: mailbox(settings)),
    ]
    if not database(settings, engine).ok:
        return apart
    asked: dict[str, Callable[[Connection], Row]] = {
        "revision": revision,
        "durability": durability,
        "jobs": lambda connection: jobs(connection.engine),
        "last_event": lambda connection: last_event(connection, now),
        "key_fits": lambda connection: key_fits(connection, settings.master_key_path),
        "upkeep": upkeep,
        "matters": matters,
    }
    return [*apart, *((name, partial(_in_a_look, engine, question)) for name, question in asked.items())]


def _in_a_look(engine: Engine, question: Callable[[Connection], Row]) -> Row:
    with reading(engine).connect() as connection:
        return question(connection)


def database(settings: Settings, engine: Engine) -> Row:
    """Say whether the database answers. SQLite is not asked where there is no file: asking would make one."""
    file = settings.database.removeprefix("sqlite:///")
    if engine.dialect.name == "sqlite" and not Path(file).exists():
        return unwell("database", f"{file}: ありません / not there", MIGRATE)
    try:
        with reading(engine).connect() as connection:
            connection.execute(text("SELECT 1"))
    except OperationalError as trouble:
        return unwell("database", f"{engine.dialect.name}: {type(trouble.orig).__name__}", START)
    return well("database", engine.url.render_as_string(hide_password=True))


def revision(connection: Connection) -> Row:
    there, expected = revision_of(connection), newest()
    if there == expected:
        return well("revision", there)
    return unwell("revision", f"{there or '—'}(期待 / expected {expected})", MIGRATE)


def durability(connection: Connection) -> Row:
    """Say whether what was committed survives a power cut."""
    if connection.dialect.name == "sqlite":
        mode = connection.scalar(text("PRAGMA journal_mode"))
        full = connection.scalar(text("PRAGMA synchronous")) == SQLITE_SYNCHRONOUS_FULL
        said, kept = f"journal_mode={mode}, synchronous={'FULL' if full else 'less'}", full and mode == "wal"
    else:
        wanted = {name: connection.scalar(text(f"SHOW {name}")) for name in ("fsync", "synchronous_commit")}
        said, kept = str(wanted), all(value == "on" for value in wanted.values())
    if kept:
        return well("durability", said)
    return unwell("durability", said, "fsync と synchronous_commit を on に / WAL, FULL, fsync must be on")


def jobs(engine: Engine) -> Row:
    if has_tables(engine):
        return well("jobs", "DBOS")
    return unwell("jobs", "DBOS の表がありません / its tables are missing", MIGRATE)


def last_event(connection: Connection, now: datetime) -> Row:
    """Compare the clock with the trail: a machine whose clock ran back would write the past."""
    last = connection.scalar(select(func.max(AuditEvent.at)))
    if last is None or last <= now + CLOCK_MAY_DIFFER:
        return well("last_event", f"{last:%Y-%m-%d %H:%M:%S %z}" if last else "—")
    return unwell(
        "last_event",
        f"監査記録の末尾 {last:%Y-%m-%d %H:%M:%S %z} が今より後です / the trail's end lies in the future",
        "時計を合わせてください(timedatectl) / set the clock (timedatectl)",
    )


def master_key(path: Path) -> Row:
    try:
        Cipher.from_file(path, os.urandom)
    except MasterKeyMissingError as missing:
        return unwell("master_key", str(missing), "gijo keys make、または控えを戻す / or put its copy back")
    for kept in (path, former_keys_path(path)):
        if kept.exists() and kept.stat().st_mode & OTHERS:
            return unwell("master_key", f"{kept}: ほかの利用者も読めます / others may read it", f"chmod 600 {kept}")
    return well("master_key", str(path))


def key_fits(connection: Connection, path: Path) -> Row:
    """Try the master key on a file of this database."""
    kept = select(StoredFile.name, StoredFile.wrapped_key).where(StoredFile.wrapped_key.is_not(None))
    canary = connection.execute(kept.order_by(StoredFile.id.desc()).limit(1)).first()
    if canary is None:
        return well("key_fits", "—")
    try:
        Cipher.from_file(path, os.urandom).open(canary.wrapped_key, f"file:{canary.name}")
    except (InvalidTag, MasterKeyMissingError):
        return unwell(
            "key_fits",
            "主鍵がこのデータベースのものではありません / the master key is not this database's",
            f"このデータベースの主鍵の控えを {path} へ / put this database's own key there",
        )
    return well("key_fits", "主鍵で開けます / opens with the master key")


def upkeep(connection: Connection) -> Row:
    """Say whether the newest try at a day's upkeep failed in part."""
    kinds = (DayKept.kind, UpkeepFailed.kind)
    last = connection.execute(
        select(AuditEvent.kind, AuditEvent.at, AuditEvent.data)
        .where(AuditEvent.kind.in_(kinds))
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).first()
    if last is None or last.kind == DayKept.kind:
        return well("upkeep", f"{last.at:%Y-%m-%d %H:%M:%S %z}" if last else "—")
    return unwell(
        "upkeep",
        f"{last.at:%Y-%m-%d %H:%M:%S %z} 手入れの一部に失敗 / a part failed: {last.data['code']}",
        "担当機の記録で原因を直してください。1時間ごとに試します / see the worker's log; it is tried again every hour",
    )


def matters(connection: Connection) -> Row:
    """Say how many matters do not come to what is due by itself."""
    count = connection.scalar(select(func.count()).select_from(StuckMatter).where(StuckMatter.shown)) or 0
    if not count:
        return well("matters", "0")
    return unwell(
        "matters",
        f"{count}件が自動で進められません / {count} matters cannot move on",
        "「処理の状況」の画面で案件を確かめてください / see the page /jobs for which",
    )


def writable(name: str, folder: Path) -> Row:
    """Say whether files can be written there; a folder that is not there yet is made by the first file."""
    existing = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return well(name, str(folder))
    return unwell(name, f"{folder}: 書き込めません / not writable", f"chown, chmod u+rwx {existing}")


def public_address(settings: Settings) -> Row:
    """Say whether the address under which browsers reach the office can be one."""
    address = settings.public_address
    if not address:
        return well("address", "GIJO_PUBLIC_ADDRESS が空: セキュリティキーは使えません / empty: no security keys")
    if is_origin(address):
        return well("address", address)
    mend = "GIJO_PUBLIC_ADDRESS を https://gijo.city.example の形にしてください / scheme and host, nothing more"
    return unwell("address", address, mend)


def identity_provider(settings: Settings) -> Row:
    """Say whether the settings of the city's own sign-in can be right; it is not asked, it may be down for a moment."""
    issuer = settings.oidc_issuer
    if not issuer:
        return well("sign_in", "職員ID とパスワード / passwords kept here")
    parts = urlsplit(issuer)
    if not parts.hostname or parts.query or parts.fragment:
        return unwell("sign_in", issuer, "GIJO_OIDC_ISSUER を確かめてください / check GIJO_OIDC_ISSUER")
    secret = settings.oidc_client_secret_file
    if secret is not None and not secret.read_text("utf-8").strip():
        return unwell("sign_in", f"{secret}: 空です / empty", "client の秘密を書いてください / write the secret")
    return well("sign_in", f"{issuer} ({settings.oidc_client_id})")


def mail(settings: Settings) -> Row:
    """Greet the mail server as the worker will. That none is named is no finding: a city may do without."""
    server = server_of(settings)
    if server is None:
        return well("mail", "GIJO_SMTP_HOST が空なので、メールは送りません / no mail is sent")
    try:
        offers = server.probe()
    except Unavailable as trouble:
        said = f"{settings.smtp_host}:{settings.smtp_port_or_usual} {type(trouble.__cause__).__name__}"
        return unwell("mail", said, "GIJO_SMTP_… を確かめてください / check GIJO_SMTP_…")
    return well("mail", f"{settings.smtp_host}:{settings.smtp_port_or_usual} {offers}")


def mailbox(settings: Settings) -> Row:
    """Sign in to the mailbox as the worker will. That none is named is no finding: a city may do without."""
    box = mailbox_of(settings)
    if box is None:
        return well("mailbox", "GIJO_IMAP_HOST が空なので、メールは受け取りません / no mail is taken in")
    try:
        waiting = box.probe()
    except Unavailable as trouble:
        said = f"{settings.imap_host}:{settings.imap_port_or_usual} {type(trouble.__cause__).__name__}"
        return unwell("mailbox", said, "GIJO_IMAP_… を確かめてください / check GIJO_IMAP_…")
    return well("mailbox", f"{settings.imap_host}:{settings.imap_port_or_usual} {waiting}")


def pause(path: Path) -> Row:
    if not path.exists():
        return well("pause", "夜間の入力は開いています / night runs are open")
    return unwell(
        "pause",
        "復元のあと休止中です / paused since a restore",
        "確かめたうえで「夜間の入力」の画面で再開してください / check, then reopen on the page of night runs",
    )
