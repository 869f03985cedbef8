"""Commands on staff: the first administrator, before anyone can sign in to a page; and signing in to a command."""

import os
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.accounts import passwords
from backoffice.accounts import service as accounts
from backoffice.cli.answers import Exit, Json, answer, stop
from backoffice.composition import open_office
from backoffice.errors import SignInNeeded
from backoffice.identity import Actor, Department, Origin, Role, Staff
from backoffice.identity.sessions import actor_for, end_session
from backoffice.settings import Settings
from backoffice.work import Office, Work

PASSWORD_VARIABLE = "GIJO_PASSWORD"  # noqa: S105 -- the name of a variable, not a password

Account = Annotated[
    str, typer.Option("--as", metavar="ACCOUNT", help="サインインする職員ID / the member of staff who asks")
]

staff = typer.Typer(help="職員 / staff", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    program.add_typer(staff, name="staff", rich_help_panel="保守 / upkeep")


@staff.command("add")
def add(
    account: Annotated[str, typer.Argument(help="職員ID")],
    *,
    name: Annotated[str, typer.Option(help="氏名")],
    role: Annotated[Role, typer.Option(help="役割")] = Role.ADMINISTRATOR,
    department: Annotated[str, typer.Option(help="部署の名前。なければ最上位に作ります")] = "市",
    json: Json = False,
) -> None:
    """職員を加える(最初のシステム管理者など)。パスワードは GIJO_PASSWORD か入力から / add a member of staff."""
    password = _new_password()
    if trouble := passwords.trouble_with(password, account):
        raise stop(Exit.REFUSED, f"✕ {trouble}")
    password_hash = passwords.hash_password(password)
    with open_office(Settings()) as office, office.unit(Actor.house(Origin.COMMAND_LINE)) as work:
        where = _department(work, department)
        person = accounts.add_staff(work, account, name, where, password_hash)
        accounts.grant_role(work, person.id, role, where.id, office.services.today(), None)
    answer({"staff_id": person.id}, as_json=json, say=lambda: f"{name}({account})を加えました。")


def sign_in(office: Office, account: str) -> Actor:
    """Give the member of staff behind `account`, checked like on the sign-in page. Raises SignInNeeded.

    Commands that show residents' data ask for this; what they show is on the trail like a page.
    """
    password = os.environ.get(PASSWORD_VARIABLE) or typer.prompt("パスワード", hide_input=True, err=True)
    signed = accounts.sign_in(office, account, password, "", Origin.COMMAND_LINE)
    if signed is None:
        raise SignInNeeded(accounts.REFUSED)
    house = Actor.house(Origin.COMMAND_LINE)
    with office.unit(house) as work:
        # A command acts once: its session ends where it began.
        end_session(work.session, signed.token)
        person = work.session.scalars(
            select(Staff).where(Staff.id == signed.staff_id).options(joinedload(Staff.department))
        ).one()
        return actor_for(work.session, person, work.now, "", Origin.COMMAND_LINE)


def _new_password() -> str:
    given = os.environ.get(PASSWORD_VARIABLE)
    return given or typer.prompt("新しいパスワード(8文字以上)", hide_input=True, confirmation_prompt=True, err=True)


def _department(work: Work, name: str) -> Department:
    found = work.session.scalars(select(Department).where(Department.name == name).limit(1)).first()
    return found or accounts.add_department(work, name, name)
