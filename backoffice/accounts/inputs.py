"""What do people type on the pages of accounts, and when is it refused?"""

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


class SignInForm(BaseModel):
    account: str = ""
    password: str = ""
    next: str = "/"


class PasswordForm(BaseModel):
    current: str = ""
    new: str = ""


class LanguageForm(BaseModel):
    language: str = ""


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
LanguageInput = Annotated[LanguageForm, Form()]
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


def safe_next(address: str) -> str:
    """Give a local address to go on to; one that leads out of the house becomes the start page."""
    local = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if local and not any(ord(character) < ord(" ") for character in address) else "/"
