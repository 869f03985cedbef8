"""What has come by mail in the demonstration? Three letters, through a real mailbox, and the rules that sort them."""

import imaplib
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from backoffice.demo.city import actor_of
from backoffice.demo.edge import imap_server
from backoffice.demo.papers import SCANS
from backoffice.mail_in import acting, fetching, service
from backoffice.mail_in.enclosures import EnclosureKind
from backoffice.mail_in.rules import Act, Conditions
from backoffice.mail_in.workflow import ActKind
from backoffice.work import Office

OFFICE = "学事課"
RULES = (
    service.RuleWritten(
        "学校からの申請書",
        Conditions(sender="school.example.jp", file_kind=EnclosureKind.PAPER),
        (Act(ActKind.PRINT),),
    ),
    service.RuleWritten("会議の資料", Conditions(subject="会議"), (Act(ActKind.SAVE),)),
)
SCAN = SCANS / "marked_003.jpg"


def bring(office: Office) -> None:
    """Let a clerk write two rules, and three letters come: one to be printed, one kept, one that nobody expected."""
    clerk = actor_of(office, "tanaka")
    with office.unit(clerk) as work:
        for rule in RULES:
            service.write_rule(work, rule)
    with TemporaryDirectory() as folder, imap_server.play() as server:
        password = Path(folder) / "password"
        password.write_text(imap_server.PASSWORD, "utf-8")
        _post(server.port, office.services.now())
        settings = office.settings.model_copy(
            update={
                "imap_host": imap_server.HOST,
                "imap_port": server.port,
                "imap_security": "none",
                "imap_user": imap_server.USER,
                "imap_password_file": password,
                "mail_in_department": OFFICE,
            }
        )
        looking = replace(office, settings=settings)
        fetching.tick(looking)
        acting.tick(looking)


def _post(port: int, now: datetime) -> None:
    """Put the letters into the mailbox as the city's mail server does."""
    with imaplib.IMAP4(imap_server.HOST, port) as client:
        client.login(imap_server.USER, imap_server.PASSWORD)
        for number, (sender, subject, text, files) in enumerate(LETTERS, 1):
            message = EmailMessage(policy=SMTP)
            message["From"], message["To"] = sender, "gakuji@city.example.jp"
            message["Subject"], message["Message-ID"] = subject, f"<{number}@demo.example.jp>"
            message["Date"] = format_datetime(now)
            message.set_content(text)
            for name, content in files:
                message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
            client.append("INBOX", "", imaplib.Time2Internaldate(now), message.as_bytes())


LETTERS: tuple[tuple[str, str, str, tuple[tuple[str, bytes], ...]], ...] = (
    (
        "jimu@school.example.jp",
        "就学援助申請書の送付",
        "お世話になっております。見本小学校です。\n申請書を1枚、画像でお送りします。\n",
        (("申請書_見本小学校.jpg", SCAN.read_bytes()),),
    ),
    (
        "kyoiku@example.jp",
        "次回の会議について",
        "次回の会議は12月10日(木)14時からです。資料をお送りします。\n",
        (("次第.txt", "次第\n1 開会\n2 議題\n3 閉会\n".encode()),),
    ),
    (
        "hogosha@example.com",
        "書類を送ります",
        "担当の方へ。写真を送りました。受け取れたか教えてください。\n",
        (("書類.jpg", SCAN.read_bytes() + b"\n"), ("viewer.exe", b"MZ")),
    ),
)
