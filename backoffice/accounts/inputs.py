"""What do people type on the pages of accounts, and when is it refused?"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Form
from pydantic import BaseModel

from backoffice.errors import Invalid
from backoffice.identity import Role
from backoffice.web.translations import _
from forms.problems import NotNormalError
from forms.wareki import parse_date

TEXT_SIZES = {"standard": _("標準"), "large": _("大"), "largest": _("特大")}
ACCOUNT_SHAPE = re.compile(r"[A-Za-z0-9._-]{1,64}")
BAD_ACCOUNT = _("職員IDは英数字と「.」「_」「-」で64文字までです。")
MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
"""As browsers check it (HTML, "valid e-mail address"), with a dot in the domain."""
MAIL_LIMIT = 254
BAD_MAIL = _("メールアドレスの形ではありません(例 tanaka@city.example.jp)。")


class SignInForm(BaseModel):
    account: str = ""
    password: str = ""
    next: str = "/"


class PasswordForm(BaseModel):
    current: str = ""
    new: str = ""


class FirstPasswordForm(BaseModel):
    new: str = ""
    next: str = "/"


class ProofForm(BaseModel):
    password: str = ""
    next: str = "/me"


class LanguageForm(BaseModel):
    language: str = ""


class TextSizeForm(BaseModel):
    size: str = ""


class MailForm(BaseModel):
    mail: str = ""


class MorningMailForm(BaseModel):
    wanted: str = ""


class NewPasswordForm(BaseModel):
    password: str = ""


class StaffForm(BaseModel):
    account: str = ""
    name: str = ""
    department: int = 0
    password: str = ""


class GrantForm(BaseModel):
    role: str = ""
    department: int = 0
    starts: str = ""
    ends: str = ""


SignInInput = Annotated[SignInForm, Form()]
PasswordInput = Annotated[PasswordForm, Form()]
FirstPasswordInput = Annotated[FirstPasswordForm, Form()]
ProofInput = Annotated[ProofForm, Form()]
LanguageInput = Annotated[LanguageForm, Form()]
TextSizeInput = Annotated[TextSizeForm, Form()]
MorningMailInput = Annotated[MorningMailForm, Form()]
MailInput = Annotated[MailForm, Form()]
NewPasswordInput = Annotated[NewPasswordForm, Form()]
StaffInput = Annotated[StaffForm, Form()]
GrantInput = Annotated[GrantForm, Form()]


@dataclass(frozen=True)
class NewGrant:
    role: Role
    department_id: int
    starts: date
    ends: date | None


def read_grant(form: GrantForm, today: date) -> NewGrant:
    """Read the form; an empty start is today. Raises Invalid with a message a field."""
    wrong: dict[str, str] = {}
    if form.role not in set(Role):
        wrong["role"] = _("役割を選んでください。")
    days: dict[str, date | None] = {}
    for name, typed in (("starts", form.starts), ("ends", form.ends)):
        try:
            days[name] = parse_date(typed) if typed.strip() else None
        except NotNormalError:
            wrong[name] = _("日付を「令和8年4月1日」や「2026/4/1」の形で入れてください。")
    if wrong:
        raise Invalid(_("入力を確認してください"), wrong)
    return NewGrant(Role(form.role), form.department, days["starts"] or today, days["ends"])


def read_mail(typed: str) -> str | None:
    """Give the address, or None for nothing. Raises Invalid for what is no address."""
    mail = typed.strip()
    if mail and (len(mail) > MAIL_LIMIT or not MAIL.fullmatch(mail)):
        raise Invalid(_("入力を確認してください"), {"mail": BAD_MAIL})
    return mail or None


def safe_next(address: str) -> str:
    """Give a local address to go on to; one that leads out of the house becomes the start page."""
    local = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if local and not any(ord(character) < ord(" ") for character in address) else "/"
